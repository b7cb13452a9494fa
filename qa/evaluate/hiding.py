"""Hides half of a collection, so that the questions about it ask for what the library lacks."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from qa.errors import ReadError
from qa.evaluate.collections.collection import Collection, CollectionQuestion, Shelf

SEED = 7


def hide_half(collection: Collection, seed: int = SEED) -> Collection:
    """The collection without the documents of half of its groups (articles, meetings), chosen
    by the seed; questions whose relevant documents are all hidden become unanswerable.

    Where each group is a library of its own, the questions about the hidden ones are asked of
    the others in turn. Raises ReadError where there is nothing to hide.
    """
    groups = list(dict.fromkeys(d.group for s in collection.shelves for d in s.documents))
    if len(groups) < 2:
        raise ReadError(
            Path(collection.name),
            f"{len(groups)} articles or meetings in it; to hide half takes at least 2 (and a "
            "collection that brings its documents)",
        )
    hidden = frozenset(random.Random(seed).sample(sorted(groups), len(groups) // 2))
    shelves = [_without(shelf, hidden) for shelf in collection.shelves]
    kept = [shelf for shelf in shelves if shelf.documents]
    orphans = [q for shelf in shelves if not shelf.documents for q in shelf.questions]
    shared = [
        replace(shelf, questions=(*shelf.questions, *orphans[position :: len(kept)]))
        for position, shelf in enumerate(kept)
    ]
    return replace(collection, shelves=tuple(shared))


def _without(shelf: Shelf, hidden: frozenset[str]) -> Shelf:
    kept = tuple(document for document in shelf.documents if document.group not in hidden)
    names = {document.id for document in kept}
    names |= {turn.id for document in kept for turn in document.turns}
    questions = tuple(_still(question, names) for question in shelf.questions)
    return Shelf(shelf.name, kept, questions)


def _still(question: CollectionQuestion, names: set[str]) -> CollectionQuestion:
    """The question with what is still right."""
    if not question.answerable:
        return question
    relevant = {name: grade for name, grade in question.relevant.items() if name in names}
    gold = tuple(g for g in question.gold if g.document is None or g.document in names)
    return replace(question, relevant=relevant, gold=gold, answerable=bool(relevant))
