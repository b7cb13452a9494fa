"""What an evaluation collection is, whatever file format it came in, and how one is loaded.

    shelf       documents that go into one library, with the questions asked of it
    document    a text with its title and, where the collection gives them, its speakers' turns
    question    with what is right: relevant documents, and stretches or words of an answer

Positions are code-point offsets into `CollectionDocument.text`, which is stored as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from qa.errors import ReadError


class CollectionFormat(StrEnum):
    """The file formats that are understood; AUTO looks at the path and the file's beginning."""

    AUTO = "auto"
    BEIR = "beir"
    SQUAD = "squad"
    QMSUM = "qmsum"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class GivenTurn:
    """One speaker's contribution: their words, and the label before it as the collection has it.

    `id` names it among the things that are ranked and judged. `label_start` to `label_end` is
    the label with what follows it up to the words.
    """

    id: str
    start: int
    end: int
    label: str
    label_start: int
    label_end: int


@dataclass(frozen=True, slots=True)
class CollectionDocument:
    """One document. `body` is where the text proper begins, after the title if that is part of
    the text; `group` is what is hidden as a whole (an article, a meeting)."""

    id: str
    title: str | None
    text: str
    group: str
    body: int = 0
    turns: tuple[GivenTurn, ...] = ()


class Rule(StrEnum):
    """When a quote is right by a gold span: it holds all of the span, or it stands within it."""

    HOLDS = "holds"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A stretch of a document that answers."""

    document: str
    start: int
    end: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class GoldText:
    """Words that answer, wherever they stand; in one document if that is named."""

    text: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """One question. `relevant` has the grade of each relevant document, or of each relevant
    turn where documents have turns (none: not judged); `gold` are alternatives; an unanswerable
    question has neither."""

    id: str
    text: str
    answerable: bool
    relevant: Mapping[str, int]
    gold: tuple[GoldSpan | GoldText, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of one library and the questions that are asked of it."""

    name: str
    documents: tuple[CollectionDocument, ...]
    questions: tuple[CollectionQuestion, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as loaded. `remarks` say, in words, what of it could not be used.

    `given_documents` is false for a file of questions alone, which are asked of a library that
    the person has.
    """

    name: str
    format: CollectionFormat
    shelves: tuple[Shelf, ...]
    remarks: tuple[str, ...] = ()
    given_documents: bool = True

    @property
    def questions(self) -> tuple[CollectionQuestion, ...]:
        """All questions, shelf by shelf."""
        return tuple(question for shelf in self.shelves for question in shelf.questions)


def load_collection(
    path: Path, format: CollectionFormat = CollectionFormat.AUTO, *, split: str | None = None
) -> Collection:
    """Read a collection. `split` names the judgements of a BEIR folder (`qrels/SPLIT.tsv`).

    Raises ReadError, saying what was expected and where, for what is not a collection.
    """
    # The formats import this module's records.
    from qa.evaluate.collections.beir import load_beir
    from qa.evaluate.collections.qmsum import load_qmsum
    from qa.evaluate.collections.questions import load_questions
    from qa.evaluate.collections.squad import load_squad

    found = detect_format(path) if format is CollectionFormat.AUTO else format
    if split is not None and found is not CollectionFormat.BEIR:
        raise ReadError(path, f"a split is for BEIR folders; this is taken for {found.value}")
    match found:
        case CollectionFormat.BEIR:
            return load_beir(path, split)
        case CollectionFormat.SQUAD:
            return load_squad(path)
        case CollectionFormat.QMSUM:
            return load_qmsum(path)
        case _:
            return load_questions(path)


def detect_format(path: Path) -> CollectionFormat:
    """A folder is BEIR's; a file is told by its ending and what its JSON begins with.

    Raises ReadError if it is neither there nor of any known form.
    """
    from qa.evaluate.collections.json_files import read_json, read_json_lines

    if path.is_dir():
        return CollectionFormat.BEIR
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return CollectionFormat.QUESTIONS
    if suffix in (".jsonl", ".ndjson"):
        first = next(iter(read_json_lines(path)), None)
        meeting = first is not None and "meeting_transcripts" in first[1]
        return CollectionFormat.QMSUM if meeting else CollectionFormat.QUESTIONS
    content = read_json(path)
    if isinstance(content, dict) and "data" in content:
        return CollectionFormat.SQUAD
    if isinstance(content, dict) and "meeting_transcripts" in content:
        return CollectionFormat.QMSUM
    return CollectionFormat.QUESTIONS
