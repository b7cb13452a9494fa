"""Keeping corrections, and applying them to a stored text, within the caller's transaction.

The rows that are searched hold the corrected names; what was found stands beside them. A text
that corrections apply to belongs to one path alone, since other files with the same words are
not corrected with it: its key ends with that path's mark.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, replace
from hashlib import blake2b
from typing import Any

from qa.corrections.applying import (
    Correctable,
    Corrected,
    Correction,
    CorrectionKind,
    StructureSelector,
    corrected,
)
from qa.records import Document, SourceText, Turn
from qa.store.sqlite.names import (
    CHUNKS,
    CORRECTIONS,
    DOCUMENTS,
    FOUND_DOCUMENTS,
    FOUND_TURNS,
    LEXICAL,
    MARKUP,
    PASSAGES,
    SOURCES,
    TEXTS,
    TURNS,
)
from qa.store.sqlite.rows import (
    Row,
    Value,
    checked,
    copy_numbers,
    document_to_row,
    insert_rows,
    passage_to_row,
    path_to_value,
    row_to_passage,
    rows_where,
    turn_to_row,
    update_rows,
    value_to_path,
)
from qa.store.sqlite.texts import (
    read_excerpt,
    read_length,
    read_source_text,
    read_structure,
    text_id_of_key,
)
from qa.store.sqlite.writing import add_to_token_counts, drop_unused_text, next_id

Structure = tuple[tuple[Document, ...], tuple[Turn, ...]]
_OWN = "/"


def own_key(key: str, path: str) -> str:
    """Return the key of a text that belongs to one path alone."""
    return f"{shared_key(key)}{_OWN}{blake2b(_bytes(path), digest_size=8).hexdigest()}"


def shared_key(key: str) -> str:
    """Return the key of the same text where no correction applies to it."""
    return key.partition(_OWN)[0]


def _bytes(path: str) -> bytes:
    value = path_to_value(path)
    return value if isinstance(value, bytes) else value.encode()


# ---- the corrections' own rows ----------------------------------------------------------


def read_corrections(
    connection: sqlite3.Connection, path: str | None = None
) -> tuple[Correction, ...]:
    """Return all corrections, or those of one path, in the order in which they were made."""
    where, values = ("", ()) if path is None else (" WHERE path = ?", (path_to_value(path),))
    rows = connection.execute(
        f"SELECT {CORRECTIONS.fields()} FROM corrections{where} ORDER BY id", values
    )
    return tuple(_to_correction(checked(CORRECTIONS, row)) for row in rows)


def _to_correction(row: Sequence[Any]) -> Correction:
    id, path, kind, value, role, anchor, found, corrected_at, person, _ = row
    about = StructureSelector(*json.loads(anchor))
    return Correction(
        *(id, value_to_path(path), CorrectionKind(kind), value, role),
        *(about, found, corrected_at, person),
    )


def insert_correction(connection: sqlite3.Connection, correction: Correction) -> int:
    """Keep a correction under a new id, which no other had before it; the id."""
    kept = replace(correction, id=next_id(connection, CORRECTIONS))
    insert_rows(connection, CORRECTIONS, [_to_row(kept)])
    return kept.id


def _to_row(correction: Correction) -> tuple[Value, ...]:
    anchor = json.dumps(astuple(correction.anchor), ensure_ascii=False, separators=(",", ":"))
    return (
        *(correction.id, path_to_value(correction.path), correction.kind.value),
        *(correction.value, correction.role, anchor),
        *(correction.found, correction.corrected_at, correction.person),
    )


def delete_corrections(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    connection.executemany("DELETE FROM corrections WHERE id = ?", [(id,) for id in ids])


# ---- what was found ---------------------------------------------------------------------


def read_found(connection: sqlite3.Connection, text_id: int) -> Structure:
    """Return a text's documents and turns as they were found in it."""
    documents, turns = read_structure(connection, text_id)
    names = {
        row[1]: row[2:4]
        for row in rows_where(connection, FOUND_DOCUMENTS, "text_id = ?", (text_id,))
    }
    speakers = {
        row[1:3]: row[3:5] for row in rows_where(connection, FOUND_TURNS, "text_id = ?", (text_id,))
    }
    return (
        tuple(
            replace(one, title=names[one.ordinal][0], date=names[one.ordinal][1])
            if one.ordinal in names
            else one
            for one in documents
        ),
        tuple(_as_found(turn, speakers.get((turn.document, turn.ordinal))) for turn in turns),
    )


def _as_found(turn: Turn, names: Sequence[str | None] | None) -> Turn:
    return turn if names is None else replace(turn, speaker=names[0], role=names[1])


def read_corrected(
    connection: sqlite3.Connection, text_id: int, document: Document, turn: Turn
) -> tuple[str, ...]:
    """Return which of "document" (its title), "date" and "speaker" are not as they were found."""
    of_turn = (text_id, turn.document, turn.ordinal)
    where = "text_id = ? AND document = ? AND ordinal = ?"
    spoken = rows_where(connection, FOUND_TURNS, where, of_turn)
    of_document = (text_id, document.ordinal)
    where = "text_id = ? AND ordinal = ?"
    named = rows_where(connection, FOUND_DOCUMENTS, where, of_document)
    changed = [
        *(("document", row[2] != document.title) for row in named),
        *(("date", row[3] != document.date) for row in named),
        *(("speaker", row[3:5] != (turn.speaker, turn.role)) for row in spoken),
    ]
    return tuple(name for name, differs in changed if differs)


def read_correctable(
    connection: sqlite3.Connection, path: str, text_id: int, kept: Sequence[Correction]
) -> Correctable:
    """Return a source as its corrections are made on it."""
    found = read_found(connection, text_id)
    text = read_excerpt(connection, text_id, 0, read_length(connection, text_id)).text
    return Correctable(path, text, *found, corrected(*found, text, kept), tuple(kept))


# ---- applying -----------------------------------------------------------------------------


def apply_to_text(
    connection: sqlite3.Connection,
    text_id: int,
    corrections: Sequence[Correction],
) -> Corrected:
    """Let a text's rows say what was found with the corrections on top, and no other ones; the
    structure and where each correction applies."""
    stored = read_structure(connection, text_id)
    found = read_found(connection, text_id)
    source = read_source_text(connection, text_id)
    new = corrected(*found, source.text, corrections)
    for name in (FOUND_TURNS.name, FOUND_DOCUMENTS.name):
        connection.execute(f"DELETE FROM {name} WHERE text_id = ?", (text_id,))
    changed = [
        (text_id, one.ordinal, one.title, one.date)
        for one, now in zip(found[0], new.documents, strict=True)
        if one != now
    ]
    insert_rows(connection, FOUND_DOCUMENTS, changed)
    spoken = [
        (text_id, one.document, one.ordinal, one.speaker, one.role)
        for one, now in zip(found[1], new.turns, strict=True)
        if one != now
    ]
    insert_rows(connection, FOUND_TURNS, spoken)
    _rewrite(connection, text_id, stored, new)
    _rename_passages(connection, text_id, source, stored, new)
    return new


def _rewrite(
    connection: sqlite3.Connection, text_id: int, stored: Structure, new: Corrected
) -> None:
    documents = [
        document_to_row(text_id, now)
        for was, now in zip(stored[0], new.documents, strict=True)
        if was != now
    ]
    turns = [
        turn_to_row(text_id, now)
        for was, now in zip(stored[1], new.turns, strict=True)
        if was != now
    ]
    update_rows(connection, DOCUMENTS, documents)
    update_rows(connection, TURNS, turns)


def _rename_passages(
    connection: sqlite3.Connection,
    text_id: int,
    source: SourceText,
    stored: Structure,
    new: Corrected,
) -> None:
    """The context of passages in documents that changed, and the tokens it gives them. They keep
    their ids, of which a text's follow each other; vectors and codes hold nothing of it."""
    from qa.structure.passages import name_passages  # which reading needs not load

    renamed = {now.ordinal for was, now in zip(stored[0], new.documents, strict=True) if was != now}
    renamed |= {now.document for was, now in zip(stored[1], new.turns, strict=True) if was != now}
    rows = rows_where(connection, PASSAGES, "text_id = ?", (text_id,))
    for document in (one for one in new.documents if one.ordinal in renamed):
        own = [(row[0], row_to_passage(row)) for row in rows if row[2] == document.ordinal]
        turns = [turn for turn in new.turns if turn.document == document.ordinal]
        named = name_passages(source, document, turns, [passage for _, passage in own])
        passages: list[Row] = []
        lexical: list[Row] = []
        for (number, passage), (context, tokens) in zip(own, named, strict=True):
            if context != passage.context:
                now = replace(passage, context=context)
                passages.append(passage_to_row(number, text_id, now))
                lexical.append((number, tokens))
        update_rows(connection, PASSAGES, passages)
        update_rows(connection, LEXICAL, lexical)


_KEY = 1  # the column of `texts`


def own_text(connection: sqlite3.Connection, path: str, text_id: int) -> int:
    """Return a text with the same content that is this path's alone: the same one, or a copy of
    it."""
    row = list(rows_where(connection, TEXTS, "id = ?", (text_id,))[0])
    key = own_key(str(row[_KEY]), path)
    if row[_KEY] == key:
        return text_id
    (users,) = connection.execute(
        "SELECT count(*) FROM sources WHERE text_id = ?", (text_id,)
    ).fetchone()
    if users == 1:
        _set_key(connection, row, key)
        return text_id
    copy = _copy(connection, row, key)
    _point(connection, path, copy)
    return copy


def release_text(connection: sqlite3.Connection, path: str, text_id: int) -> int:
    """Let a path that has no corrections any more share its text again; the text it has then."""
    row = list(rows_where(connection, TEXTS, "id = ?", (text_id,))[0])
    key = shared_key(str(row[_KEY]))
    other = text_id_of_key(connection, key)
    if other is None or other == text_id:
        _set_key(connection, row, key)
        return text_id
    _point(connection, path, other)
    drop_unused_text(connection, text_id)
    return other


def _set_key(connection: sqlite3.Connection, row: list[Value], key: str) -> None:
    row[_KEY] = key
    update_rows(connection, TEXTS, [tuple(row)])


def _point(connection: sqlite3.Connection, path: str, text_id: int) -> None:
    (row,) = rows_where(connection, SOURCES, "path = ?", (path_to_value(path),))
    update_rows(connection, SOURCES, [(*row[:-1], text_id)])


def _copy(connection: sqlite3.Connection, row: Sequence[Value], key: str) -> int:
    """Copy a text and all that was made of it, numbers included, under new ids."""
    old, new = row[0], next_id(connection, TEXTS)
    insert_rows(connection, TEXTS, [(new, key, *row[2:])])
    for table in (MARKUP, CHUNKS, DOCUMENTS, TURNS):
        found = rows_where(connection, table, "text_id = ?", (old,))
        insert_rows(connection, table, [(new, *values[1:]) for values in found])
    passages = rows_where(connection, PASSAGES, "text_id = ?", (old,))
    first = next_id(connection, PASSAGES)
    ids = {values[0]: number for number, values in enumerate(passages, first)}
    insert_rows(connection, PASSAGES, [(ids[v[0]], new, *v[2:]) for v in passages])
    copy_numbers(connection, ids)
    add_to_token_counts(connection, ids.values())
    return new
