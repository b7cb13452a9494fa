"""Questions and their libraries → outcomes: ask every question, judge what came back."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import qa
from embeddings.encoder import Encoder
from qa.errors import CitewellError, InvalidQuery
from qa.evaluate.collections.collection import Collection, CollectionQuestion, GoldText, Shelf
from qa.evaluate.judging import Judge
from qa.evaluate.loading import BuiltShelf, stored_passages
from qa.evaluate.outcomes import Evaluation, Outcome
from qa.evaluate.overrides import AskOptions, Choice
from qa.evaluate.retrieval import retrieval_scores
from qa.records import Answer, RankedPassage, Verdict

SEED = 11


# Is told how many questions are done, and of how many.
Watcher = Callable[[int, int], None]


class Asked(Protocol):
    """What an evaluation needs of a library; `qa.Library` is one."""

    def ask(self, question: str, *, limit: int, understand: bool) -> Answer: ...

    def rank(self, question: str, *, understand: bool) -> tuple[RankedPassage, ...]: ...


def sample_questions(collection: Collection, count: int, seed: int = SEED) -> Collection:
    """The collection with `count` of its questions, drawn by the seed, in their order."""
    total = len(collection.questions)
    chosen = set(random.Random(seed).sample(range(total), min(count, total)))
    shelves, at = [], 0
    for shelf in collection.shelves:
        kept = tuple(q for number, q in enumerate(shelf.questions, at) if number in chosen)
        at += len(shelf.questions)
        shelves.append(replace(shelf, questions=kept))
    return replace(collection, shelves=tuple(shelves))


def evaluate_collection(
    collection: Collection,
    built: Sequence[BuiltShelf],
    choice: Choice,
    encoder: Encoder,
    asked: Watcher | None = None,
) -> Evaluation:
    """Ask the questions of a collection that brings its documents, library by library."""
    outcomes: list[Outcome] = []
    total = sum(len(item.shelf.questions) for item in built)
    for item in built:
        with qa.open(
            item.folder, settings=choice.settings, encoder=encoder, create=False, read_only=True
        ) as library:
            told = _from(asked, len(outcomes), total)
            places = Places(item.ranked, item.names.__getitem__)
            outcomes.extend(ask_shelf(library, item.shelf, choice.options, places, told))
    return Evaluation(
        collection=collection.name,
        format=collection.format,
        setting=choice.name,
        model=encoder.identity.name,
        documents=sum(len(item.shelf.documents) for item in built),
        passages=sum(len(item.ranked) for item in built),
        outcomes=tuple(outcomes),
    )


def evaluate_library(
    collection: Collection, choice: Choice, library: qa.Library, asked: Watcher | None = None
) -> Evaluation:
    """Ask a person's own library a file of questions. Raises UnknownSource for a source that
    the library does not have."""
    sources = {id_: item.paths for id_, item in stored_passages(library.folder).items()}
    outcomes: list[Outcome] = []
    total = len(collection.questions)
    for shelf in collection.shelves:
        questions = tuple(with_paths(question, library) for question in shelf.questions)
        named = replace(shelf, questions=questions)
        told = _from(asked, len(outcomes), total)
        # Here the collection's name of a document is the source's path itself.
        outcomes.extend(ask_shelf(library, named, choice.options, Places(sources, str), told))
    return Evaluation(
        collection=collection.name,
        format=collection.format,
        setting=choice.name,
        model=library.encoder.identity.name,
        documents=len(library.sources()),
        passages=len(sources),
        outcomes=tuple(outcomes),
    )


def _from(asked: Watcher | None, before: int, total: int) -> Callable[[int], None]:
    """Tells the watcher of `done` more than `before`."""
    return lambda done: asked(before + done, total) if asked is not None else None


def with_paths(question: CollectionQuestion, library: qa.Library) -> CollectionQuestion:
    """The question with its sources as the library names them. Raises UnknownSource."""
    try:
        relevant = {library.path(name): grade for name, grade in question.relevant.items()}
        gold = tuple(
            replace(gold, document=library.path(gold.document))
            if isinstance(gold, GoldText) and gold.document is not None
            else gold
            for gold in question.gold
        )
    except CitewellError as error:
        raise type(error)(f"question {question.id}: {error}") from error
    return replace(question, relevant=relevant, gold=gold)


@dataclass(frozen=True, slots=True)
class Places:
    """What a library's passages and sources are in the collection: passage id → what it counts
    as when ranked, source path → document."""

    ranked: Mapping[int, tuple[str, ...]]
    name_of: Callable[[str], str]


def ask_shelf(
    library: Asked,
    shelf: Shelf,
    options: AskOptions,
    places: Places,
    asked: Callable[[int], None],
) -> tuple[Outcome, ...]:
    """Ask one library a shelf's questions. `asked` is told how many of them are done."""
    if shelf.questions:
        # The first question of a library pays for loading its index.
        _answer(library, shelf.questions[0], options)
    outcomes = []
    for number, question in enumerate(shelf.questions, 1):
        outcomes.append(_ask(library, shelf.name, question, options, places))
        asked(number)
    return _with_retrieval(outcomes)


def _ask(
    library: Asked, shelf: str, question: CollectionQuestion, options: AskOptions, places: Places
) -> Outcome:
    started = time.perf_counter()
    answer = _answer(library, question, options)
    milliseconds = (time.perf_counter() - started) * 1000
    ranked = _rank(library, question, options)
    judge = Judge(question, places.name_of)
    return Outcome(
        id=question.id,
        shelf=shelf,
        question=question.text,
        answerable=question.answerable,
        relevant=question.relevant,
        verdict=Verdict.NOT_FOUND if answer is None else answer.verdict,
        confidence=0.0 if answer is None else answer.evidence,
        quotes=() if answer is None else judge.judge(answer.quotes),
        misses=() if answer is None else judge.judge(answer.misses),
        documents=rank_documents(ranked, places.ranked),
        retrieval={},
        milliseconds=milliseconds,
    )


def _answer(library: Asked, question: CollectionQuestion, options: AskOptions) -> Answer | None:
    try:
        return library.ask(question.text, limit=options.limit, understand=options.understand)
    except InvalidQuery:
        # Some collections have questions without a word; nothing can be found for them.
        return None


def _rank(
    library: Asked, question: CollectionQuestion, options: AskOptions
) -> tuple[RankedPassage, ...]:
    try:
        return library.rank(question.text, understand=options.understand)
    except InvalidQuery:
        return ()


def rank_documents(
    ranked: Iterable[RankedPassage], documents: Mapping[int, tuple[str, ...]]
) -> tuple[str, ...]:
    """Documents in the order of each one's best passage; a text under several names counts as
    each of them."""
    names = (name for passage in ranked for name in documents.get(passage.passage, ()))
    return tuple(dict.fromkeys(names))


def _with_retrieval(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    # Keyed by position: a person's own question ids need not differ.
    judged = {str(at): outcome for at, outcome in enumerate(outcomes) if outcome.relevant}
    scores = retrieval_scores(
        {key: outcome.relevant for key, outcome in judged.items()},
        {key: outcome.documents for key, outcome in judged.items()},
    )
    return tuple(
        replace(outcome, retrieval=scores.get(str(at), {})) for at, outcome in enumerate(outcomes)
    )
