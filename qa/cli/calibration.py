"""What `qa calibrate` does with its options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import qa
from embeddings.encoder import Encoder
from embeddings.loading import load_encoder
from qa.answer.calibration_file import (
    Calibration,
    read_calibration,
    remove_calibration,
    write_calibration,
)
from qa.cli.calibration_report import Report, report_data, report_lines
from qa.cli.evaluation import cache_folder, opener
from qa.cli.output import AddProgress, CountProgress, notify, print_json
from qa.errors import CitewellError, LibraryMissing
from qa.evaluate.building import build_libraries
from qa.evaluate.calibration import Sample, fit, measure, probabilities
from qa.evaluate.collections import load_collection
from qa.evaluate.collections.collection import (
    Collection,
    CollectionFormat,
    hidden_halves,
    sample_questions,
)
from qa.evaluate.picture import Curve, risk_coverage_svg
from qa.evaluate.run import ask_built, ask_library, groups
from qa.ingest import VERSIONS
from qa.safe_text import one_line
from qa.settings import EvidenceSettings, Settings, library_folder, model_setting
from qa.store.opening import library_exists, open_library


def run_calibrate(given: argparse.Namespace, encoder: Encoder | None = None) -> int:
    """Fit the evidence model to a collection as the parsed options say, and print how it does;
    the exit status.

    `encoder` replaces the model that the options name. Raises CitewellError for a collection
    or a library that can't be used.
    """
    folder = library_folder(given.library)
    if given.reset:
        return _reset(given, folder)
    if given.collection is None:
        raise CitewellError("no collection is given, expected one to fit to (or --reset)")
    collection = load_collection(
        given.collection, CollectionFormat(given.format), split=given.split
    )
    for remark in collection.remarks:
        notify(f"{collection.name}: {remark}")
    used = encoder or load_encoder(_model(given, folder), notify=notify)
    if given.save:
        _require_library(folder, used)
    own = read_calibration(folder)
    if own is not None and own.encoder != used.identity.revision:
        notify("the library's own calibration is of another model: compared with the default")
        own = None
    report = _report(given, collection, used, own)
    if given.picture is not None:
        _draw(report, given.picture)
    saved = _save(report, used, folder) if given.save else None
    if given.json:
        print_json(report_data(report, saved))
        return 0
    for line in report_lines(report):
        print(line)
    if given.picture is not None:
        print(f"\ndrawn: {one_line(str(given.picture))}")
    print(f"\n{_what_became_of_it(saved)}")
    return 0


def _reset(given: argparse.Namespace, folder: Path) -> int:
    if given.collection is not None or given.save:
        raise CitewellError("--reset goes back to the default: give it no collection, no --save")
    removed = remove_calibration(folder)
    if given.json:
        print_json({"library": str(folder), "removed": removed})
    elif removed:
        print(f"the library in {one_line(str(folder))} uses the default constants again")
    else:
        print(f"the library in {one_line(str(folder))} had no constants of its own")
    return 0


def _model(given: argparse.Namespace, folder: Path) -> str | None:
    """Return the model as named, else the library's own, for which the constants are to hold."""
    named = model_setting(given.model)
    if named is not None or not library_exists(folder):
        return named
    with open_library(folder) as store:
        return store.provenance.identity.name


def _require_library(folder: Path, encoder: Encoder) -> None:
    """Raise before any long work if there is no library to save in, or one of another model."""
    if not library_exists(folder):
        raise LibraryMissing(
            f"there is no library in {folder} to save constants in: add files with `qa add`, or "
            "name another folder with --library"
        )
    identity = encoder.identity
    open_library(folder, identity=identity, versions=VERSIONS, read_only=True).close()


def _report(
    given: argparse.Namespace, collection: Collection, encoder: Encoder, own: Calibration | None
) -> Report:
    in_use = own.evidence if own else EvidenceSettings()
    thresholds = _thresholds(given, in_use)
    hiding = given.hide_half or not collection.has_unanswerable
    if hiding and not collection.given_documents:
        raise CitewellError(
            f"{collection.name} has no question without an answer (null for `expected`), and "
            "no documents of its own that could be hidden: add such questions to it"
        )
    if collection.given_documents:
        samples = _ask_documents(given, collection, encoder, hiding)
    else:
        samples = _ask_own(given, collection, encoder)
    fitted = fit(samples, thresholds)
    # The verdicts of both by the same thresholds, so that the constants alone are compared.
    before = measure(samples, probabilities(samples, in_use), thresholds)
    return Report(
        collection=collection.name,
        model=encoder.identity.name,
        splits=given.splits if hiding else 0,
        answerable=sum(sample.answerable for sample in samples),
        unanswerable=sum(not sample.answerable for sample in samples),
        in_use=in_use,
        own=own is not None,
        before=before,
        fit=fitted,
    )


def _thresholds(given: argparse.Namespace, in_use: EvidenceSettings) -> EvidenceSettings:
    answered = in_use.answered if given.answered is None else given.answered
    weak = in_use.weak if given.weak is None else given.weak
    if weak > answered:
        raise CitewellError(
            f"weak is {weak} and answered {answered}, expected weak not to be above answered"
        )
    return replace(in_use, answered=answered, weak=weak)


def _ask_documents(
    given: argparse.Namespace, collection: Collection, encoder: Encoder, hiding: bool
) -> list[Sample]:
    """Ask libraries that are built of the collection's documents, all or half of them."""
    group = groups(collection)
    samples: list[Sample] = []
    with cache_folder(given.cache) as cache:
        for part in hidden_halves(collection, given.splits) if hiding else (collection,):
            chosen = _limited(part, given.limit_questions)
            with AddProgress() as progress:
                built = build_libraries(chosen, encoder, cache, progress)
            with CountProgress("questions") as asked:
                samples += ask_built(built, group, opener(encoder), asked)
    return samples


def _ask_own(given: argparse.Namespace, collection: Collection, encoder: Encoder) -> list[Sample]:
    settings = Settings(model=model_setting(given.model))
    with (
        qa.open(
            given.library, settings=settings, encoder=encoder, create=False, notify=notify
        ) as library,
        CountProgress("questions") as asked,
    ):
        return ask_library(library, _limited(collection, given.limit_questions), asked)


def _limited(collection: Collection, count: int | None) -> Collection:
    return collection if count is None else sample_questions(collection, count)


def _draw(report: Report, path: Path) -> None:
    curves: Sequence[Curve] = (
        Curve("fitted, out of sample", report.fit.performance.curve),
        Curve("in use", report.before.curve),
    )
    picture = risk_coverage_svg(curves, f"Risk against coverage: {report.collection}")
    path.write_text(picture, encoding="utf-8")


def _save(report: Report, encoder: Encoder, folder: Path) -> Path:
    return write_calibration(
        folder,
        Calibration(
            evidence=report.fit.evidence,
            collection=report.collection,
            answerable=report.answerable,
            unanswerable=report.unanswerable,
            encoder=encoder.identity.revision,
        ),
    )


def _what_became_of_it(saved: Path | None) -> str:
    if saved is None:
        return "nothing was saved (--save lets the library use the fitted constants)"
    return f"saved: {one_line(str(saved))} (`qa calibrate --reset` goes back to the default)"
