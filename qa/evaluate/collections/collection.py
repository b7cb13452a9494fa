"""The records of an evaluation collection, whatever its file format, and random parts of one.

    subset       documents that go into one library, with the questions asked of it
    document    a text with its title and, where the collection gives them, its speakers' turns
    question    with what is right: relevant documents, and stretches or words of an answer

Positions are code-point offsets into `CollectionDocument.text`, which is stored as it is.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from qa.errors import ReadError

HIDING_SEED = 7
SAMPLING_SEED = 11


class CollectionFormat(StrEnum):
    """The supported file formats; AUTO decides by the path and the beginning of the file."""

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
    """When a quote is right by a gold span: if it contains the span, or lies within it."""

    HOLDS = "holds"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Part of a document that answers."""

    document: str
    start: int
    end: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class GoldText:
    """Words that answer wherever they occur, or only in a document if one is named."""

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
class Subset:
    """The documents of one library, and the questions to ask it."""

    name: str
    documents: tuple[CollectionDocument, ...]
    questions: tuple[CollectionQuestion, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as loaded. `remarks` say which parts could not be used and why.

    `given_documents` is false for a file of questions alone, which are asked of a library that
    the person has.
    """

    name: str
    format: CollectionFormat
    subsets: tuple[Subset, ...]
    remarks: tuple[str, ...] = ()
    given_documents: bool = True

    @property
    def has_unanswerable(self) -> bool:
        """Whether the collection itself has questions without an answer."""
        return any(not question.answerable for question in self.questions)

    @property
    def questions(self) -> tuple[CollectionQuestion, ...]:
        """All questions, subset by subset."""
        return tuple(question for subset in self.subsets for question in subset.questions)


def sample_questions(collection: Collection, count: int, seed: int = SAMPLING_SEED) -> Collection:
    """Return the collection with `count` of its questions, drawn by the seed, in original order."""
    total = len(collection.questions)
    chosen = set(random.Random(seed).sample(range(total), min(count, total)))
    subsets, at = [], 0
    for subset in collection.subsets:
        kept = tuple(q for number, q in enumerate(subset.questions, at) if number in chosen)
        at += len(subset.questions)
        subsets.append(replace(subset, questions=kept))
    return replace(collection, subsets=tuple(subsets))


def hide_half(collection: Collection, seed: int = HIDING_SEED) -> Collection:
    """Return the collection without half of its document groups (articles, meetings), chosen by the
    seed; questions whose relevant documents are all hidden become unanswerable.

    Where each group is a library of its own, the questions about the hidden ones are asked of
    the others in turn. Raises ReadError where there is nothing to hide.
    """
    groups = list(dict.fromkeys(d.group for s in collection.subsets for d in s.documents))
    if len(groups) < 2:
        raise ReadError(
            Path(collection.name),
            f"{len(groups)} articles or meetings in it; to hide half takes at least 2 (and a "
            "collection that brings its documents)",
        )
    hidden = frozenset(random.Random(seed).sample(sorted(groups), len(groups) // 2))
    subsets = [_without(subset, hidden) for subset in collection.subsets]
    kept = [subset for subset in subsets if subset.documents]
    orphans = [q for subset in subsets if not subset.documents for q in subset.questions]
    shared = [
        replace(subset, questions=(*subset.questions, *orphans[position :: len(kept)]))
        for position, subset in enumerate(kept)
    ]
    return replace(collection, subsets=tuple(shared))


def _without(subset: Subset, hidden: frozenset[str]) -> Subset:
    kept = tuple(document for document in subset.documents if document.group not in hidden)
    names = {document.id for document in kept}
    names |= {turn.id for document in kept for turn in document.turns}
    questions = tuple(_without_hidden(question, names) for question in subset.questions)
    return Subset(subset.name, kept, questions)


def _without_hidden(question: CollectionQuestion, names: set[str]) -> CollectionQuestion:
    """Return the question with the answers that are left."""
    if not question.answerable:
        return question
    relevant = {name: grade for name, grade in question.relevant.items() if name in names}
    gold = tuple(g for g in question.gold if g.document is None or g.document in names)
    return replace(question, relevant=relevant, gold=gold, answerable=bool(relevant))


def hidden_halves(collection: Collection, splits: int) -> tuple[Collection, ...]:
    """Return the collection `splits` times, each with half of its articles hidden by another seed.

    Raises ReadError where there is nothing to hide.
    """
    seeds = range(HIDING_SEED, HIDING_SEED + splits)
    return tuple(hide_half(collection, seed) for seed in seeds)
