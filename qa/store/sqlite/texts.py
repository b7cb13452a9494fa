"""Reading stored texts: slices, lines, places, and all that a reader took from a file."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

from qa.errors import LibraryDamaged
from qa.locating import locate
from qa.records import Document, Locator, LocatorMark, SourceText, Turn
from qa.store.chunks import Chunk, line_of
from qa.store.sqlite.checksums import canonical, checked
from qa.store.sqlite.columns import (
    blocks_to_json,
    json_to_blocks,
    json_to_locators,
    locators_to_json,
    row_to_document,
    row_to_turn,
)
from qa.store.sqlite.names import CHUNKS, DOCUMENTS, MARKUP, TEXTS, TURNS


def key_of(source: SourceText, structure_version: int) -> str:
    """What two files share that are stored, structured and encoded once: 64 hex digits."""
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


def read_slice(connection: sqlite3.Connection, text_id: int, start: int, end: int) -> str:
    """Characters start … end of a text, fewer where it ends before. Raises ValueError for a
    text or a span that there is not."""
    return read_stretch(connection, text_id, start, end).text


def read_stretch(connection: sqlite3.Connection, text_id: int, start: int, end: int) -> Chunk:
    """Characters start … end of a text, fewer where it ends before, as a piece of their own.
    Raises ValueError for a text or a span that there is not."""
    if not 0 <= start <= end:
        raise ValueError(f"span {start}-{end}: expected 0 ≤ start ≤ end")
    cut, line = "", 1
    rows = connection.execute(
        f"SELECT {CHUNKS.fields()} FROM chunks WHERE text_id = ?1 AND start < ?3 AND start >= "
        "(SELECT max(start) FROM chunks WHERE text_id = ?1 AND start <= ?2) ORDER BY start",
        (text_id, start, end),
    ).fetchall()
    if rows:
        chunks = [Chunk(*checked(CHUNKS, row)[1:4]) for row in rows]
        first, line = chunks[0].start, line_of(chunks[0], start)
        cut = "".join([chunk.text for chunk in chunks])[start - first : end - first]
        if len(cut) == end - start:
            return Chunk(start, line, cut)
    length = read_length(connection, text_id)
    if len(cut) == max(0, min(end, length) - start):
        return Chunk(start, line, cut)
    raise LibraryDamaged(f"Part of text {text_id} is missing at {start}-{end}. Run `qa verify`.")


def read_length(connection: sqlite3.Connection, text_id: int) -> int:
    """How many characters a text has. Raises ValueError for an id that no text has."""
    row = connection.execute(
        f"SELECT {TEXTS.fields()} FROM texts WHERE id = ?", (text_id,)
    ).fetchone()
    if row is None:
        raise ValueError(f"no text has the id {text_id}")
    return int(checked(TEXTS, row)[6])


def read_line(connection: sqlite3.Connection, text_id: int, offset: int) -> int:
    """The line, from 1, that character `offset` stands on; the text's end counts as one."""
    row = connection.execute(
        f"SELECT {CHUNKS.fields()} FROM chunks WHERE text_id = ? AND start <= ? "
        "ORDER BY start DESC LIMIT 1",
        (text_id, offset),
    ).fetchone()
    if row is not None:
        chunk = Chunk(*checked(CHUNKS, row)[1:4])
        if offset <= chunk.start + len(chunk.text):
            return line_of(chunk, offset)
    length = read_length(connection, text_id)
    if not 0 <= offset <= length:
        raise ValueError(f"offset {offset}: text {text_id} has {length} characters")
    return 1


def read_locator(
    connection: sqlite3.Connection, text_id: int, start: int, end: int | None = None
) -> Locator | None:
    """The page, time or chapter of a span, or of the character at `start`, where the source has
    any; see `locate`."""
    return locate(read_marks(connection, text_id), start, end)


def read_marks(connection: sqlite3.Connection, text_id: int) -> tuple[LocatorMark, ...]:
    """Where in a text each page, time or chapter begins. Raises ValueError."""
    row = connection.execute(
        f"SELECT {MARKUP.fields()} FROM markup WHERE text_id = ?", (text_id,)
    ).fetchone()
    if row is None:
        raise ValueError(f"no text has the id {text_id}")
    return json_to_locators(checked(MARKUP, row)[2])


def read_source_text(connection: sqlite3.Connection, text_id: int) -> SourceText:
    """All that the reader took from the file."""
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
        text=read_slice(connection, text_id, 0, length),
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
    """A text's documents and turns, in text order."""
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
