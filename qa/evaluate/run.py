"""Ask every question of its library and judge the answers: outcomes, samples for calibration."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from embeddings.encoder import Encoder
from qa.answer.verdict import Evidence
from qa.errors import CitewellError, InvalidQuery
from qa.evaluate.building import BuiltSubset, stored_passages
from qa.evaluate.calibration import Sample
from qa.evaluate.collections.collection import Collection, CollectionQuestion, GoldText, Subset
from qa.evaluate.measures import retrieval_scores
from qa.evaluate.outcomes import Evaluation, Judge, Outcome
from qa.evaluate.overrides import AskOptions, Choice
from qa.records import Answer, RankedPassage, Verdict
from qa.settings import Settings

# Is told how many questions are done, and of how many.
Watcher = Callable[[int, int], None]


class AskedLibrary(Protocol):
    """What an evaluation needs of a library; `qa.Library` is one."""

    folder: Path

    @property
    def encoder(self) -> Encoder: ...

    def ask(self, question: str, *, limit: int = ..., understand: bool = ...) -> Answer: ...

    def rank(self, question: str, *, understand: bool = ...) -> tuple[RankedPassage, ...]: ...

    def evidence(self, question: str) -> Evidence | None: ...

    def path(self, source: str) -> str: ...

    def sources(self) -> Sequence[object]: ...


# Opens the library in a folder to be asked with these settings.
Opener = Callable[[Path, Settings], AbstractContextManager[AskedLibrary]]


def evaluate_collection(
    collection: Collection,
    built: Sequence[BuiltSubset],
    choice: Choice,
    opened: Opener,
    asked: Watcher | None = None,
) -> Evaluation:
    """Ask a collection's questions of libraries made from its documents."""
    outcomes: list[Outcome] = []
    model = ""
    total = sum(len(item.subset.questions) for item in built)
    for item in built:
        with opened(item.folder, choice.settings) as library:
            model = library.encoder.identity.name
            told = _counting_from(asked, len(outcomes), total)
            places = Places(item.ranked, item.names.__getitem__)
            outcomes.extend(ask_subset(library, item.subset, choice.options, places, told))
    return Evaluation(
        collection=collection.name,
        format=collection.format,
        setting=choice.name,
        model=model,
        documents=sum(len(item.subset.documents) for item in built),
        passages=sum(len(item.ranked) for item in built),
        outcomes=tuple(outcomes),
    )


def evaluate_library(
    collection: Collection, choice: Choice, library: AskedLibrary, asked: Watcher | None = None
) -> Evaluation:
    """Ask a person's own library a file of questions. Raises UnknownSource for a source that
    the library does not have."""
    sources = {id_: item.paths for id_, item in stored_passages(library.folder).items()}
    outcomes: list[Outcome] = []
    total = len(collection.questions)
    for subset in collection.subsets:
        questions = tuple(with_paths(question, library) for question in subset.questions)
        named = replace(subset, questions=questions)
        told = _counting_from(asked, len(outcomes), total)
        # Here the collection's name of a document is the source's path itself.
        outcomes.extend(ask_subset(library, named, choice.options, Places(sources, str), told))
    return Evaluation(
        collection=collection.name,
        format=collection.format,
        setting=choice.name,
        model=library.encoder.identity.name,
        documents=len(library.sources()),
        passages=len(sources),
        outcomes=tuple(outcomes),
    )


def _counting_from(asked: Watcher | None, before: int, total: int) -> Callable[[int], None]:
    """Return a callback that tells the watcher how many are done, `before` included."""
    return lambda done: asked(before + done, total) if asked is not None else None


def with_paths(question: CollectionQuestion, library: AskedLibrary) -> CollectionQuestion:
    """Return the question with its sources as the library names them. Raises UnknownSource."""
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


def ask_subset(
    library: AskedLibrary,
    subset: Subset,
    options: AskOptions,
    places: Places,
    asked: Callable[[int], None],
) -> tuple[Outcome, ...]:
    """Ask one library a subset's questions. `asked` is called with the number done."""
    if subset.questions:
        # The first question of a library pays for loading its index.
        _answer(library, subset.questions[0], options)
    outcomes = []
    for number, question in enumerate(subset.questions, 1):
        outcomes.append(_ask(library, subset.name, question, options, places))
        asked(number)
    return _with_retrieval(outcomes)


def _ask(
    library: AskedLibrary,
    subset: str,
    question: CollectionQuestion,
    options: AskOptions,
    places: Places,
) -> Outcome:
    started = time.perf_counter()
    answer = _answer(library, question, options)
    milliseconds = (time.perf_counter() - started) * 1000
    ranked = _rank(library, question, options)
    judge = Judge(question, places.name_of)
    return Outcome(
        id=question.id,
        subset=subset,
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


def _answer(
    library: AskedLibrary, question: CollectionQuestion, options: AskOptions
) -> Answer | None:
    try:
        return library.ask(question.text, limit=options.limit, understand=options.understand)
    except InvalidQuery:
        # Some collections have questions without a word; nothing can be found for them.
        return None


def _rank(
    library: AskedLibrary, question: CollectionQuestion, options: AskOptions
) -> tuple[RankedPassage, ...]:
    try:
        return library.rank(question.text, understand=options.understand)
    except InvalidQuery:
        return ()


def rank_documents(
    ranked: Iterable[RankedPassage], documents: Mapping[int, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return documents in the order of each one's best passage; a text under several names counts
    as each of them."""
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


# ---- samples for calibration: asked where their answer is there, and where it is hidden ---

# A question and its text: what names it in a collection and in the same with articles hidden.
_Key = tuple[str, str]


def groups(collection: Collection) -> dict[_Key, str]:
    """Return the article (meeting, source) of each question: that of its first relevant document. A
    question without any is a group by itself."""
    of_name = {
        name: document.group
        for subset in collection.subsets
        for document in subset.documents
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
    built: tuple[BuiltSubset, ...],
    group: Mapping[_Key, str],
    opened: Opener,
    asked: Watcher,
) -> list[Sample]:
    """Ask the questions of the libraries built for them."""
    samples: list[Sample] = []
    total = sum(len(item.subset.questions) for item in built)
    for item in built:
        with opened(item.folder, Settings()) as library:
            for question in item.subset.questions:
                samples.append(_sample(library, question, group, item.names.__getitem__))
                asked(len(samples), total)
    return samples


def ask_library(library: AskedLibrary, collection: Collection, asked: Watcher) -> list[Sample]:
    """Ask a person's own library their questions. Raises UnknownSource for a source that the
    library does not have."""
    questions = [with_paths(question, library) for question in collection.questions]
    group = groups(collection)
    samples = []
    for question in questions:
        # Here the collection's name of a document is the source's path itself.
        samples.append(_sample(library, question, group, str))
        asked(len(samples), len(questions))
    return samples


def _sample(
    library: AskedLibrary,
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
