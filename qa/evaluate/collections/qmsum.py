"""The QMSum line format (Zhong et al., NAACL 2021): one meeting per line, each its own library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from qa.errors import ReadError
from qa.evaluate.collections.collection import (
    Collection,
    CollectionDocument,
    CollectionFormat,
    CollectionQuestion,
    GivenTurn,
    GoldSpan,
    Rule,
    Subset,
)
from qa.evaluate.collections.json_files import Fields, read_json, read_json_lines

_AFTER_LABEL = ": "
_AFTER_TURN = "\n\n"


def load_qmsum(path: Path) -> Collection:
    """Return each meeting as a subset of one document; its specific queries are the questions.

    A query's `relevant_text_span` gives the turns that answer it, first and last, from 0. A
    query without a turn that exists is left out, and remarked on. Raises ReadError.
    """
    subsets, lost = [], 0
    for number, (where, value) in enumerate(_meetings(path), 1):
        meeting = Fields(value, path, where)
        name = f"meeting-{number}"
        document = _document(name, meeting)
        questions = []
        for position, query in enumerate(meeting.objects("specific_query_list"), 1):
            turns = tuple(_right_turns(document, query, path))
            if not turns:
                lost += 1
                continue
            relevant = {turn.id: 1 for turn in turns}
            gold = tuple(GoldSpan(name, turn.start, turn.end, Rule.WITHIN) for turn in turns)
            id_ = f"{name}/{position}"
            questions.append(CollectionQuestion(id_, query.text("query"), True, relevant, gold))
        subsets.append(Subset(name, (document,), tuple(questions)))
    if not any(subset.questions for subset in subsets):
        raise ReadError(path, "no query with turns that answer it: expected specific_query_list")
    remarks = (f"{lost} queries left out: they name no turn that there is",) if lost else ()
    return Collection(path.name, CollectionFormat.QMSUM, tuple(subsets), remarks)


def _meetings(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the meetings, one per line, or the file's only one."""
    if path.suffix.lower() == ".json":
        yield "", Fields(read_json(path), path, "").members
        return
    yield from read_json_lines(path)


def _document(name: str, meeting: Fields) -> CollectionDocument:
    """Return the meeting as a transcript that a person might paste: label, colon, words."""
    parts: list[str] = []
    turns: list[GivenTurn] = []
    at = 0
    for given in meeting.objects("meeting_transcripts"):
        label = given.text("speaker", "").strip()
        content = given.text("content", "").strip()
        head = f"{label}{_AFTER_LABEL}" if label else ""
        start = at + len(head)
        name_of_turn = f"{name}/turn-{len(turns)}"
        turns.append(GivenTurn(name_of_turn, start, start + len(content), label, at, start))
        parts.append(f"{head}{content}{_AFTER_TURN}")
        at += len(parts[-1])
    return CollectionDocument(name, None, "".join(parts), group=name, turns=tuple(turns))


def _right_turns(document: CollectionDocument, query: Fields, path: Path) -> Iterator[GivenTurn]:
    for pair in query.items("relevant_text_span"):
        try:
            first, last = (int(number) for number in pair)
        except (TypeError, ValueError) as error:
            raise ReadError(
                path,
                f"{query.where}: relevant_text_span has {json.dumps(pair)[:60]}, expected pairs "
                "of turn numbers",
            ) from error
        yield from document.turns[max(first, 0) : max(last + 1, 0)]
