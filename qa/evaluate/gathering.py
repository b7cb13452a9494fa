"""A collection → samples for calibration: its questions asked where their answer is there, and
where it is hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import qa
from embeddings.encoder import Encoder
from qa.errors import InvalidQuery
from qa.evaluate.calibration import Sample
from qa.evaluate.collections.collection import Collection, CollectionQuestion
from qa.evaluate.hiding import SEED, hide_half
from qa.evaluate.judging import Judge
from qa.evaluate.loading import BuiltShelf
from qa.evaluate.run import Watcher, with_paths

# A question and its text: what names it in a collection and in the same with articles hidden.
_Key = tuple[str, str]


def has_unanswerable(collection: Collection) -> bool:
    """Whether the collection itself has questions without an answer."""
    return any(not question.answerable for question in collection.questions)


def hidden_halves(collection: Collection, splits: int) -> tuple[Collection, ...]:
    """The collection with half of its articles hidden, `splits` times, by as many seeds.

    Raises ReadError where there is nothing to hide.
    """
    return tuple(hide_half(collection, seed) for seed in range(SEED, SEED + splits))


def groups(collection: Collection) -> dict[_Key, str]:
    """The article (meeting, source) that each question is about: that of its first relevant
    document. A question without any is a group of its own."""
    of_name = {
        name: document.group
        for shelf in collection.shelves
        for document in shelf.documents
        for name in (document.id, *(turn.id for turn in document.turns))
    }
    found = {}
    for question in collection.questions:
        first = next(iter(question.relevant), None)
        alone = f"question {question.id}: {question.text}"
        found[_key(question)] = alone if first is None else of_name.get(first, first)
    return found


def _key(question: CollectionQuestion) -> _Key:
    return question.id, question.text


def ask_built(
    built: tuple[BuiltShelf, ...],
    group: Mapping[_Key, str],
    encoder: Encoder,
    asked: Watcher,
) -> list[Sample]:
    """Ask the questions of libraries that were built for them."""
    samples: list[Sample] = []
    total = sum(len(item.shelf.questions) for item in built)
    for item in built:
        with qa.open(item.folder, encoder=encoder, create=False, read_only=True) as library:
            for question in item.shelf.questions:
                samples.append(_ask(library, question, group, item.names.__getitem__))
                asked(len(samples), total)
    return samples


def ask_library(library: qa.Library, collection: Collection, asked: Watcher) -> list[Sample]:
    """Ask a person's own library their questions. Raises UnknownSource for a source that the
    library does not have."""
    questions = [with_paths(question, library) for question in collection.questions]
    group = groups(collection)
    samples = []
    for question in questions:
        # Here the collection's name of a document is the source's path itself.
        samples.append(_ask(library, question, group, str))
        asked(len(samples), len(questions))
    return samples


def _ask(
    library: qa.Library,
    question: CollectionQuestion,
    group: Mapping[_Key, str],
    name_of: Callable[[str], str],
) -> Sample:
    about = group[_key(question)]
    try:
        evidence = library.evidence(question.text)
        answer = library.ask(question.text, limit=1)
    except InvalidQuery:
        # Some collections have questions without a word; nothing can be found for them.
        return Sample(about, question.answerable, False, None)
    best = Judge(question, name_of).judge(answer.quotes or answer.misses)
    right = question.answerable and bool(best) and best[0].right
    return Sample(about, question.answerable, right, evidence)
