"""Define what a command is, and the options and values that several commands take.

Nothing heavy is imported here, nor at the head of the modules that hold the commands: `qa --help`
must not wait for what the commands need.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.library import Library
    from qa.store.protocol import LibraryStore


def _no_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing to the options that all commands have."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `run` does it and returns the exit status, `options` adds its own options.

    `description` stands above the options in its help (else nothing does), `epilog` below them,
    with its line ends as they are where it has any.
    """

    name: str
    help: str
    run: Callable[[argparse.Namespace], int]
    options: Callable[[argparse.ArgumentParser], None] = _no_options
    description: str | None = None
    epilog: str | None = None


def library_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of all commands."""
    parser.add_argument(
        "--library",
        metavar="FOLDER",
        help="the library's folder (else CITEWELL_LIBRARY, else the platform's data folder)",
    )
    parser.add_argument(
        "--model",
        metavar="MODEL",
        help="a sentence-transformers model, by folder or name (default: the library's own)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def filter_options(parser: argparse.ArgumentParser) -> None:
    """Add the conditions that narrow a question or a search."""
    parser.add_argument(
        "--speaker", action="append", metavar="NAME", help="only words of this speaker (repeatable)"
    )
    parser.add_argument("--since", metavar="DATE", help="only documents of this date or later")
    parser.add_argument("--until", metavar="DATE", help="only documents of this date or earlier")
    parser.add_argument(
        "--source", action="append", metavar="SOURCE", help="only this source (repeatable)"
    )
    parser.add_argument(
        "--document", action="append", metavar="TITLE", help="only documents so titled (repeatable)"
    )


def collection_options(parser: argparse.ArgumentParser) -> None:
    """Add what a collection of questions is, how much of it is asked, and what is drawn and kept
    of it."""
    from qa.evaluate.collections.collection import CollectionFormat

    parser.add_argument(
        "--format",
        choices=[format.value for format in CollectionFormat],
        default=CollectionFormat.AUTO.value,
        help="what the collection is (default: told by its form)",
    )
    parser.add_argument("--split", metavar="NAME", help="judgements of a BEIR folder (test)")
    parser.add_argument(
        "--hide-half",
        action="store_true",
        help="leave half of the articles out, so that questions about them have no answer",
    )
    parser.add_argument(
        "--limit-questions", type=positive, metavar="N", help="only N questions, drawn by lot"
    )
    parser.add_argument(
        "--picture", type=Path, metavar="FILE.svg", help="draw the risk–coverage curve"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="FOLDER",
        help="keep the libraries that are built, for the next time",
    )


def positive(text: str) -> int:
    """Return an option's whole number of at least 1."""
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r}, expected a whole number of at least 1")
    return value


def probability(text: str) -> float:
    """Return an option's number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r}, expected a number from 0 to 1")
    return value


def open_library(
    given: argparse.Namespace, *, create: bool = False, read_only: bool = False
) -> Library:
    """Open the library that the options name."""
    import qa
    from qa.cli.output import notify
    from qa.settings import Settings, model_setting

    settings = Settings(model=model_setting(given.model))
    return qa.open(
        given.library, settings=settings, create=create, read_only=read_only, notify=notify
    )


def open_store(folder: Path) -> LibraryStore:
    """Open a library's stored texts alone, whatever it was made with, to read them."""
    from qa.store import opening

    return opening.open_library(folder, read_only=True)
