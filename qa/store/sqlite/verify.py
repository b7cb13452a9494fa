"""Check a whole library: SQLite's own checks, every row's checksum, and the relations between rows
that foreign keys do not cover."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from embeddings.token_codes import PassageCodes
from qa.errors import CitewellError, LibraryBusy
from qa.store.chunks import line_ends
from qa.store.records import Problem, RowCount, VerifyReport
from qa.store.sqlite.connections import Access, library_error, transaction
from qa.store.sqlite.correcting import shared_key
from qa.store.sqlite.names import LEXICAL, ON_DISK, Table
from qa.store.sqlite.rows import bytes_to_spans, matches
from qa.store.sqlite.schema import read_meta, read_provenance, token_mean_in
from qa.store.sqlite.texts import key_of, read_source_text
from qa.store.sqlite.writing import count_tokens

# Table, what is wrong, and the keys of the rows for which it is.
_FAULTY_ROWS = (
    (
        *("documents", "does not lie in its text"),
        """SELECT d.text_id || ', ' || d.ordinal FROM documents AS d
           JOIN texts AS x ON x.id = d.text_id
           WHERE NOT (0 <= d.start AND d.start <= d.stop AND d.stop <= x.length)""",
    ),
    (
        *("turns", "does not lie in its document"),
        """SELECT t.text_id || ', ' || t.document || ', ' || t.ordinal FROM turns AS t
           JOIN documents AS d ON d.text_id = t.text_id AND d.ordinal = t.document
           WHERE NOT (d.start <= t.start AND t.start <= t.stop AND t.stop <= d.stop)""",
    ),
    (
        *("passages", "does not lie in its turn"),
        """SELECT p.id FROM passages AS p JOIN turns AS t
           ON t.text_id = p.text_id AND t.document = p.document AND t.ordinal = p.turn
           WHERE NOT (t.start <= p.start AND p.start <= p.stop AND p.stop <= t.stop)""",
    ),
    (
        *("passages", "has no vector"),
        "SELECT id FROM passages WHERE id NOT IN (SELECT passage_id FROM vectors)",
    ),
    (
        *("passages", "has no token codes"),
        "SELECT id FROM passages WHERE id NOT IN (SELECT passage_id FROM codes)",
    ),
    (
        *("passages", "has no row in the full-text index"),
        "SELECT id FROM passages WHERE id NOT IN (SELECT rowid FROM lexical)",
    ),
    (
        *("lexical", "belongs to no passage"),
        "SELECT rowid FROM lexical WHERE rowid NOT IN (SELECT id FROM passages)",
    ),
    (
        *("texts", "belongs to no source"),
        "SELECT id FROM texts WHERE id NOT IN (SELECT text_id FROM sources)",
    ),
    (
        *("corrections", "belongs to no source"),
        "SELECT id FROM corrections WHERE path NOT IN (SELECT path FROM sources)",
    ),
    (
        *("texts", "is kept for one source's corrections, but shared or not corrected"),
        """SELECT id FROM texts WHERE instr(key, '/') AND 1 <> (SELECT count(*) FROM sources
           WHERE text_id = texts.id) OR instr(key, '/') AND NOT EXISTS (SELECT 1 FROM sources
           JOIN corrections ON corrections.path = sources.path WHERE text_id = texts.id)""",
    ),
    (
        *("found_turns", "belongs to a text that no correction applies to"),
        """SELECT text_id FROM found_turns UNION SELECT text_id FROM found_documents
           EXCEPT SELECT id FROM texts WHERE instr(key, '/')""",
    ),
    (
        *("texts", "has no markup"),
        "SELECT id FROM texts WHERE id NOT IN (SELECT text_id FROM markup)",
    ),
)


def _faulty_rows(connection: sqlite3.Connection) -> Iterator[Problem]:
    for table, what, query in _FAULTY_ROWS:
        for (key,) in connection.execute(query):
            yield Problem(table, str(key), what)


def _chunks(connection: sqlite3.Connection) -> Iterator[Problem]:
    """The pieces of each text follow each other and add up to it."""
    for text_id, length in connection.execute("SELECT id, length FROM texts").fetchall():
        start, line, last = 0, 1, ""
        for found, first_line, text in connection.execute(
            "SELECT start, first_line, text FROM chunks WHERE text_id = ? ORDER BY start",
            (text_id,),
        ):
            if (found, first_line) != (start, line) or (last == "\r" and text[:1] == "\n"):
                key = f"{text_id}, {found}"
                yield Problem("chunks", key, f"expected at {start}, line {line}")
            start, line, last = found + len(text), first_line + line_ends(text), text[-1:]
        if start != length:
            yield Problem("texts", str(text_id), f"{start} of its {length} characters are there")


def _text_keys(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Each text, put together again, has the key it is found by."""
    structure = read_provenance(connection).versions.structure
    for text_id, key in connection.execute("SELECT id, key FROM texts").fetchall():
        if key_of(read_source_text(connection, text_id), structure) != shared_key(key):
            yield Problem("texts", str(text_id), "is not the text that its key was made of")


def _sentences(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Sentences lie in their passage, in order."""
    rows = connection.execute("SELECT id, start, stop, sentences FROM passages")
    for number, start, stop, data in rows:
        edges = [start]
        for span in bytes_to_spans(data, start) if len(data) % 8 == 0 else ():
            edges += (span.start, span.end)
        if len(data) % 8 or [*edges, stop] != sorted([*edges, stop]):
            yield Problem("passages", str(number), "its sentences do not lie in it, in order")


def _numbers(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Vectors, codes and the mean have the encoder's dimension."""
    dimension = read_provenance(connection).identity.dimension
    rows = connection.execute(
        "SELECT passage_id FROM vectors WHERE length(vector) <> ?", (4 * dimension,)
    )
    for (number,) in rows:
        yield Problem("vectors", str(number), f"does not have {dimension} numbers")
    mean = token_mean_in(read_meta(connection))
    if mean is not None and mean.shape != (dimension,):
        yield Problem("meta", "token_mean", f"does not have {dimension} numbers")


def _token_counts(connection: sqlite3.Connection) -> Iterator[Problem]:
    """The counts kept are those that a recount gives."""
    recount: Counter[int] = Counter()
    for number, data in connection.execute("SELECT passage_id, codes FROM codes"):
        try:
            recount.update(count_tokens(iter([PassageCodes.from_bytes(data)])))
        except ValueError as error:
            yield Problem("codes", str(number), str(error))
    kept = dict(connection.execute("SELECT token_id, passages FROM token_counts").fetchall())
    for token in sorted(kept.keys() | recount.keys()):
        if kept.get(token, 0) != recount.get(token, 0):
            what = f"counts {kept.get(token, 0)} passages, a recount {recount.get(token, 0)}"
            yield Problem("token_counts", str(token), what)


RELATIONS: tuple[Callable[[sqlite3.Connection], Iterator[Problem]], ...] = (
    *(_faulty_rows, _chunks, _text_keys, _sentences, _numbers, _token_counts),
)


_WHOLE_FILE = "(file)"
_CHECK_INDEX = "INSERT INTO lexical (lexical, rank) VALUES ('integrity-check', 1)"

Check = Callable[[sqlite3.Connection], Iterator[Problem]]


def verify_library(access: Access) -> VerifyReport:
    """Check all that can be checked. Damage that stops a check is a problem of its own.

    Raises LibraryBusy if another process writes for longer than the access waits.
    """
    problems: list[Problem] = []
    counts: list[RowCount] = []
    try:
        with closing(access.connect()) as connection:
            # A damaged text must be looked at, not refused.
            connection.text_factory = _lenient_text
            with transaction(connection):
                _collect(_integrity, connection, access.database, problems)
                _collect(_references, connection, access.database, problems)
                for table in ON_DISK.tables:
                    counts.append(_check_rows(connection, table, access.database, problems))
                for check in RELATIONS:
                    _collect(check, connection, access.database, problems)
            _collect(_full_text, connection, access.database, problems)
    except sqlite3.Error as error:
        problems.append(_stopped(error, _WHOLE_FILE, access.database))
    except LibraryBusy:
        raise
    except CitewellError as error:
        problems.append(Problem(_WHOLE_FILE, None, str(error)))
    return VerifyReport(tuple(dict.fromkeys(problems)), tuple(counts))


def _lenient_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _collect(
    check: Check, connection: sqlite3.Connection, database: Path, problems: list[Problem]
) -> None:
    try:
        problems.extend(check(connection))
    except sqlite3.Error as error:
        problems.append(_stopped(error, _WHOLE_FILE, database))
    except (CitewellError, ValueError, TypeError) as error:
        # A damaged row can be of any form; its checksum has reported it already.
        problems.append(Problem(_WHOLE_FILE, None, f"a check could not go on: {error}"))


def _stopped(error: sqlite3.Error, table: str, database: Path) -> Problem:
    """Return what kept a check from going on, as a problem; that another writes is none."""
    meaning = library_error(error, database)
    if isinstance(meaning, LibraryBusy):
        raise meaning from error
    return Problem(table, None, str(meaning))


def _integrity(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (line,) in connection.execute("PRAGMA integrity_check(100)"):
        if line != "ok":
            yield Problem(_WHOLE_FILE, None, f"SQLite's integrity check: {line}")


def _references(connection: sqlite3.Connection) -> Iterator[Problem]:
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        name = None if row is None else str(row)
        yield Problem(table, name, f"refers to a row of {parent} that is not there")


def _check_rows(
    connection: sqlite3.Connection, table: Table, database: Path, problems: list[Problem]
) -> RowCount:
    count = 0
    try:
        for row in connection.execute(f"SELECT {table.fields()} FROM {table.name}"):
            count += 1
            if not matches(table, row):
                key = ", ".join(str(value) for value in row[: table.key])
                problems.append(Problem(table.name, key, "does not match its checksum"))
    except sqlite3.Error as error:
        problems.append(_stopped(error, table.name, database))
    return RowCount(table.name, count)


def _full_text(connection: sqlite3.Connection) -> Iterator[Problem]:
    """FTS5's own check of its index against the tokens. It counts as a write, so that a library
    opened for reading only is copied for it."""
    (read_only,) = connection.execute("PRAGMA query_only").fetchone()
    try:
        if read_only:
            with (
                tempfile.TemporaryDirectory(prefix="citewell-verify-") as folder,
                closing(sqlite3.connect(Path(folder) / ON_DISK.database)) as copy,
            ):
                connection.backup(copy)
                copy.execute(_CHECK_INDEX)
                copy.rollback()
        else:
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.execute(_CHECK_INDEX)
            finally:
                connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if isinstance(library_error(error, Path()), LibraryBusy):
            raise
        yield Problem(LEXICAL.name, None, f"the full-text index is damaged: {error}")
