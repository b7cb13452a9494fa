"""SQuAD JSON, 1.1 and 2.0 (Rajpurkar et al., 2016 and 2018): each paragraph is a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import ReadError
from qa.evaluate.collections.collection import (
    Collection,
    CollectionDocument,
    CollectionFormat,
    CollectionQuestion,
    GoldSpan,
    Rule,
    Subset,
)
from qa.evaluate.collections.json_files import Fields, read_json


@dataclass(slots=True)
class _Reading:
    """What was read so far. A repeated paragraph is one document, as no search could prefer either
    copy."""

    path: Path
    documents: dict[str, CollectionDocument] = field(default_factory=dict)
    questions: dict[str, CollectionQuestion] = field(default_factory=dict)
    misplaced: int = 0
    lost: int = 0


def load_squad(path: Path) -> Collection:
    """Return a SQuAD file as one subset; an impossible question is an unanswerable one.

    An answer that does not stand where the file says is taken from its nearest occurrence; a
    question none of whose answers occurs in its paragraph is left out. Both are remarked on.
    Raises ReadError.
    """
    reading = _Reading(path)
    for number, article in enumerate(Fields(read_json(path), path, "").objects("data")):
        group = article.text("title", "").strip() or f"article {number + 1}"
        for paragraph in article.objects("paragraphs"):
            _read_paragraph(reading, group, paragraph)
    if not reading.questions:
        raise ReadError(path, "no questions in it, expected SQuAD JSON: data, paragraphs, qas")
    remarks = []
    if reading.misplaced:
        remarks.append(f"{reading.misplaced} answers stand elsewhere than their answer_start says")
    if reading.lost:
        remarks.append(f"{reading.lost} questions left out: no answer occurs in its paragraph")
    subset = Subset(path.stem, tuple(reading.documents.values()), tuple(reading.questions.values()))
    return Collection(path.name, CollectionFormat.SQUAD, (subset,), tuple(remarks))


def _read_paragraph(reading: _Reading, group: str, paragraph: Fields) -> None:
    context = paragraph.text("context")
    document = reading.documents.get(context)
    if document is None:
        name = f"paragraph-{len(reading.documents) + 1}"
        title = group.replace("_", " ")
        document = CollectionDocument(name, title, context, group)
        reading.documents[context] = document
    for given in paragraph.objects("qas"):
        question = _read_question(reading, document, given)
        if question is not None:
            if question.id in reading.questions:
                raise ReadError(
                    reading.path, f"{given.where}: the question {question.id!r} is there twice"
                )
            reading.questions[question.id] = question


def _read_question(
    reading: _Reading, document: CollectionDocument, given: Fields
) -> CollectionQuestion | None:
    name = given.name("id", f"question-{len(reading.questions) + 1}")
    text = given.text("question")
    if given.flag("is_impossible"):
        return CollectionQuestion(name, text, False, {})
    spans: dict[GoldSpan, None] = {}
    for answer in given.objects("answers"):
        words, start = answer.text("text"), answer.number("answer_start")
        place = _nearest(document.text, words, start)
        if place is None:
            continue
        reading.misplaced += place != start
        spans[GoldSpan(document.id, place, place + len(words), Rule.HOLDS)] = None
    if not spans:
        reading.lost += 1
        return None
    return CollectionQuestion(name, text, True, {document.id: 1}, tuple(spans))


def _nearest(context: str, words: str, start: int) -> int | None:
    """Return where the words occur in the context, as close to `start` as possible."""
    if not words:
        return None
    if context.startswith(words, start) and start >= 0:
        return start
    before = context.rfind(words, 0, max(start, 0) + len(words))
    after = context.find(words, max(start, 0))
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - start), default=None)
