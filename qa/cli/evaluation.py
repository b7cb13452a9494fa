"""What `qa eval` does with its options."""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import qa
from embeddings.encoder import Encoder
from embeddings.loading import load_encoder
from qa.answer.calibration_file import evidence_settings
from qa.cli.evaluation_report import (
    comparison_data,
    comparison_lines,
    miss_lines,
    report_data,
    report_lines,
)
from qa.cli.output import AddProgress, CountProgress, notify, print_json
from qa.evaluate.building import build_libraries
from qa.evaluate.collections import load_collection
from qa.evaluate.collections.collection import (
    Collection,
    CollectionFormat,
    hide_half,
    sample_questions,
)
from qa.evaluate.outcomes import Difference, Evaluation, compare, summarise
from qa.evaluate.overrides import Choice, override
from qa.evaluate.picture import Curve, risk_coverage_svg
from qa.evaluate.run import Opener, evaluate_collection, evaluate_library
from qa.safe_text import one_line
from qa.settings import EvidenceSettings, Settings, library_folder, model_setting
from qa.store.opening import library_exists, open_library


def run_eval(given: argparse.Namespace, encoder: Encoder | None = None) -> int:
    """Evaluate a collection as the parsed options say, and print the figures; the exit status.

    `encoder` replaces the model that the options name. Raises CitewellError for a collection, a
    setting or a library that can't be used.
    """
    collection = _collection(given)
    for remark in collection.remarks:
        notify(f"{collection.name}: {remark}")
    choices = _choices(given, collection)
    with cache_folder(given.cache) as cache:
        if collection.given_documents:
            used = encoder or load_encoder(model_setting(given.model), notify=notify)
            runs = _run_collection(collection, choices, used, cache)
        else:
            runs = _run_questions(collection, choices, given, cache, encoder)
    differences = compare(*runs) if len(runs) == 2 else None
    if given.picture is not None:
        _draw(runs, given.picture)
    if given.json:
        print_json(_data(runs, differences, given))
    else:
        for line in _lines(runs, differences, given):
            print(line)
    return 0


def _collection(given: argparse.Namespace) -> Collection:
    collection = load_collection(
        given.collection, CollectionFormat(given.format), split=given.split
    )
    if given.hide_half:
        collection = hide_half(collection)
    if given.limit_questions is not None:
        collection = sample_questions(collection, given.limit_questions)
    return collection


def _choices(given: argparse.Namespace, collection: Collection) -> tuple[Choice, ...]:
    settings = Settings(model=model_setting(given.model))
    if not (collection.given_documents or given.documents):
        # What is changed below is to change the library's own constants, not the default ones.
        settings = replace(settings, evidence=_own_evidence(library_folder(given.library)))
    base = override(Choice(settings), given.set)
    return (base, override(base, given.compare)) if given.compare else (base,)


def _own_evidence(folder: Path) -> EvidenceSettings | None:
    """Return the constants that the library in a folder uses; None if there is no library."""
    if not library_exists(folder):
        return None
    with open_library(folder) as store:
        return evidence_settings(folder, store.provenance.identity.revision)


@contextmanager
def cache_folder(given: Path | None) -> Iterator[Path]:
    """Yield where libraries are built: as given, else a folder that is removed at the end."""
    if given is not None:
        yield given.expanduser()
        return
    with tempfile.TemporaryDirectory(prefix="citewell-eval-") as folder:
        yield Path(folder)


def opener(encoder: Encoder) -> Opener:
    """Return what opens the libraries that were built with an encoder."""

    def opened(folder: Path, settings: Settings) -> qa.Library:
        return qa.open(folder, settings=settings, encoder=encoder, create=False, read_only=True)

    return opened


def _run_collection(
    collection: Collection, choices: Sequence[Choice], encoder: Encoder, cache: Path
) -> list[Evaluation]:
    with AddProgress() as progress:
        built = build_libraries(collection, encoder, cache, progress)
    runs = []
    for choice in choices:
        with CountProgress("questions") as asked:
            run = evaluate_collection(collection, built, choice, opener(encoder), asked)
            runs.append(run)
    return runs


def _run_questions(
    collection: Collection,
    choices: Sequence[Choice],
    given: argparse.Namespace,
    cache: Path,
    encoder: Encoder | None,
) -> list[Evaluation]:
    folder = given.library
    if given.documents:
        folder = _document_library(given.documents, choices[0].settings, cache, encoder)
    runs = []
    for choice in choices:
        with (
            qa.open(
                folder, settings=choice.settings, encoder=encoder, create=False, notify=notify
            ) as library,
            CountProgress("questions") as asked,
        ):
            runs.append(evaluate_library(collection, choice, library, asked))
    return runs


def _document_library(
    paths: Sequence[Path], settings: Settings, cache: Path, encoder: Encoder | None
) -> Path:
    """Return a library of a person's files, made as `qa add` does, or brought up to date in the
    cache."""
    named = "\n".join(sorted(str(path.absolute()) for path in paths))
    key = hashlib.sha256(f"{settings.model}\n{named}".encode("utf-8", "replace"))
    folder = cache / f"documents-{key.hexdigest()[:24]}"
    with qa.open(folder, settings=settings, encoder=encoder, notify=notify) as library:
        with AddProgress() as progress:
            report = library.add(*paths, progress=progress, sync=True)
        for error in report.failed:
            notify(f"not added: {error}")
    return folder


def _draw(runs: Sequence[Evaluation], path: Path) -> None:
    curves = [Curve(run.setting, summarise(run).curve) for run in runs]
    picture = risk_coverage_svg(curves, f"Risk against coverage: {runs[0].collection}")
    path.write_text(picture, encoding="utf-8")


def _lines(
    runs: Sequence[Evaluation],
    differences: Sequence[Difference] | None,
    given: argparse.Namespace,
) -> Iterator[str]:
    for number, run in enumerate(runs):
        if number:
            yield ""
        yield from report_lines(run, summarise(run))
        if given.misses:
            yield ""
            yield from miss_lines(run.outcomes)
    if differences is not None:
        yield ""
        yield from comparison_lines(runs[0], runs[1], differences)
    if given.picture is not None:
        yield ""
        yield f"drawn: {one_line(str(given.picture))}"


def _data(
    runs: Sequence[Evaluation],
    differences: Sequence[Difference] | None,
    given: argparse.Namespace,
) -> dict[str, Any]:
    reports = [report_data(run, summarise(run), misses=given.misses) for run in runs]
    return {
        "run": reports[0],
        "compared": reports[1] if len(reports) > 1 else None,
        "comparison": None if differences is None else comparison_data(differences),
    }
