"""Which sources the library has, and their stored texts: excerpts, places, structure."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import Any

from qa.errors import LibraryDamaged
from qa.records import Document, LocatorMark, SourceText, Turn
from qa.store.chunks import line_of
from qa.store.records import Excerpt, StoredSource
from qa.store.sqlite.names import CHUNKS, DOCUMENTS, MARKUP, SOURCES, TEXTS, TURNS
from qa.store.sqlite.rows import (
    blocks_to_json,
    canonical,
    checked,
    json_to_blocks,
    json_to_locators,
    locators_to_json,
    path_to_value,
    row_to_document,
    row_to_turn,
    value_to_path,
)


def read_sources(
    connection: sqlite3.Connection, paths: Collection[str] | None = None
) -> list[StoredSource]:
    """Return all sources, or those under some paths, sorted by path."""
    wanted: list[str | bytes | None] = [None] if paths is None else [_value(p) for p in paths]
    where = "" if paths is None else " WHERE sources.path = ?"
    select = (
        f"SELECT {SOURCES.fields()}, texts.format, texts.reader, texts.title, texts.length, "
        "(SELECT count(*) FROM documents AS d WHERE d.text_id = sources.text_id), "
        "(SELECT count(*) FROM turns AS t WHERE t.text_id = sources.text_id), "
        "(SELECT count(*) FROM passages AS p WHERE p.text_id = sources.text_id) "
        f"FROM sources JOIN texts ON texts.id = sources.text_id{where}"
    )
    width = len(SOURCES.columns)
    found = []
    for path in dict.fromkeys(wanted):
        for row in connection.execute(select, () if paths is None else (path,)).fetchall():
            value, *file = checked(SOURCES, row[: width + 1])[:width]
            found.append(StoredSource(value_to_path(value), *file, *row[width + 1 :]))
    return sorted(found, key=lambda source: source.path)


def read_text_id(connection: sqlite3.Connection, path: str) -> int | None:
    """Return the id of the text under exactly this path."""
    row = connection.execute(
        f"SELECT {SOURCES.fields()} FROM sources WHERE path = ?", (_value(path),)
    ).fetchone()
    return None if row is None else int(checked(SOURCES, row)[5])


def read_paths(connection: sqlite3.Connection) -> list[str]:
    """Return all paths, sorted."""
    rows = connection.execute("SELECT path FROM sources").fetchall()
    return sorted(value_to_path(row[0]) for row in rows)


def _value(path: str) -> str | bytes | None:
    """Return a path to look up; one that can't be stored equals none that is."""
    try:
        return path_to_value(path)
    except UnicodeEncodeError:
        return None


def key_of(source: SourceText, structure_version: int) -> str:
    """Return what two files share that are stored, structured and encoded once: 64 hex digits."""
    fields = (
        *(structure_version, source.text, source.format, source.reader),
        *(
            blocks_to_json(source.blocks),
            source.title,
            source.date,
            locators_to_json(source.locators),
        ),
    )
    return blake2b(canonical(fields), digest_size=32, person=b"text key").hexdigest()


def text_id_of_key(connection: sqlite3.Connection, key: str) -> int | None:
    row = connection.execute("SELECT id FROM texts WHERE key = ?", (key,)).fetchone()
    return None if row is None else int(row[0])


def read_excerpt(connection: sqlite3.Connection, text_id: int, start: int, end: int) -> Excerpt:
    """Return characters start … end of a text, fewer where it ends before.

    Raises ValueError for a text that there is not, for a span with start > end, and for an empty
    one outside the text.
    """
    if not 0 <= start <= end:
        raise ValueError(f"span {start}-{end}: expected 0 ≤ start ≤ end")
    rows = connection.execute(
        f"SELECT {CHUNKS.fields()} FROM chunks WHERE text_id = ?1 AND start < ?3 AND start >= "
        "(SELECT max(start) FROM chunks WHERE text_id = ?1 AND start <= ?2) ORDER BY start",
        (text_id, start, max(end, start + 1)),
    ).fetchall()
    cut, line = "", 1
    if rows:
        chunks = [_chunk(checked(CHUNKS, row)) for row in rows]
        first, line = chunks[0].start, line_of(chunks[0], start)
        cut = "".join([chunk.text for chunk in chunks])[start - first : end - first]
        inside = start <= first + len(chunks[0].text)
        if inside and len(cut) == end - start:
            return Excerpt(cut, start, line)
    length = read_length(connection, text_id)
    if start == end and start > length:
        raise ValueError(f"offset {start}: text {text_id} has {length} characters")
    if len(cut) == max(0, min(end, length) - start):
        return Excerpt(cut, start, line)
    raise LibraryDamaged(f"Part of text {text_id} is missing at {start}-{end}. Run `qa verify`.")


def _chunk(row: Sequence[Any]) -> Excerpt:
    start, line, text = row[1:4]
    return Excerpt(text, start, line)


def read_length(connection: sqlite3.Connection, text_id: int) -> int:
    """Return how many characters a text has. Raises ValueError for an id that no text has."""
    row = connection.execute(
        f"SELECT {TEXTS.fields()} FROM texts WHERE id = ?", (text_id,)
    ).fetchone()
    if row is None:
        raise ValueError(f"no text has the id {text_id}")
    return int(checked(TEXTS, row)[6])


def read_marks(connection: sqlite3.Connection, text_id: int) -> tuple[LocatorMark, ...]:
    """Return where in a text each page, time or chapter begins. Raises ValueError."""
    row = connection.execute(
        f"SELECT {MARKUP.fields()} FROM markup WHERE text_id = ?", (text_id,)
    ).fetchone()
    if row is None:
        raise ValueError(f"no text has the id {text_id}")
    return json_to_locators(checked(MARKUP, row)[2])


def read_source_text(connection: sqlite3.Connection, text_id: int) -> SourceText:
    """Return all that the reader took from the file."""
    length = read_length(connection, text_id)
    text = connection.execute(
        f"SELECT {TEXTS.fields()} FROM texts WHERE id = ?", (text_id,)
    ).fetchone()
    markup = connection.execute(
        f"SELECT {MARKUP.fields()} FROM markup WHERE text_id = ?", (text_id,)
    ).fetchone()
    if markup is None:
        raise LibraryDamaged(f"The markup of text {text_id} is missing. Run `qa verify`.")
    _, _, form, reader, title, date, _, _ = checked(TEXTS, text)
    _, blocks, locators, _ = checked(MARKUP, markup)
    return SourceText(
        text=read_excerpt(connection, text_id, 0, length).text,
        format=form,
        reader=reader,
        blocks=json_to_blocks(blocks),
        title=title,
        date=date,
        locators=json_to_locators(locators),
    )


def read_structure(
    connection: sqlite3.Connection, text_id: int
) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
    """Return a text's documents and turns, in text order."""
    documents = connection.execute(
        f"SELECT {DOCUMENTS.fields()} FROM documents WHERE text_id = ? ORDER BY ordinal",
        (text_id,),
    )
    turns = connection.execute(
        f"SELECT {TURNS.fields()} FROM turns WHERE text_id = ? ORDER BY document, ordinal",
        (text_id,),
    )
    return (
        tuple(row_to_document(checked(DOCUMENTS, row)) for row in documents),
        tuple(row_to_turn(checked(TURNS, row)) for row in turns),
    )
