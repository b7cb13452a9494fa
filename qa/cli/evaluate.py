"""The options of `qa eval` and `qa calibrate`; what they do is in modules of their own."""

from __future__ import annotations

import argparse
from pathlib import Path

from qa.cli.command import Command, collection_options, positive, probability

_SPLITS = 3


def _eval_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("collection", type=Path, metavar="COLLECTION")
    collection_options(parser)
    parser.add_argument(
        "--documents",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="ask your own questions of these files instead of a library",
    )
    parser.add_argument("--misses", action="store_true", help="list the questions that go wrong")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a setting (repeatable; a wrong name lists them)",
    )
    parser.add_argument(
        "--compare",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="ask again with this changed too, and compare by a paired test (repeatable)",
    )


def _eval(given: argparse.Namespace) -> int:
    from qa.cli.evaluation import run_eval

    return run_eval(given)


def _calibrate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("collection", type=Path, nargs="?", metavar="COLLECTION")
    collection_options(parser)
    parser.add_argument(
        "--splits",
        type=positive,
        default=_SPLITS,
        metavar="N",
        help=f"how many halves are hidden, one after the other ({_SPLITS})",
    )
    for name, verdict in (("answered", "answered"), ("weak", "weakly answered")):
        parser.add_argument(
            f"--{name}",
            type=probability,
            metavar="P",
            help=f"the probability from which on a question is {verdict} (as in use)",
        )
    parser.add_argument(
        "--save", action="store_true", help="let the library use the fitted constants"
    )
    parser.add_argument(
        "--reset", action="store_true", help="let the library use the default constants again"
    )


def _calibrate(given: argparse.Namespace) -> int:
    from qa.cli.calibration import run_calibrate

    return run_calibrate(given)


COMMANDS = (
    Command(
        "eval",
        "measure the answers on a collection of questions",
        _eval,
        _eval_options,
        "Measures Citewell on a BEIR folder, SQuAD JSON, QMSum lines, or on your own "
        "questions (JSON or CSV with question, expected, source) to your library.",
    ),
    Command(
        "calibrate",
        "fit what counts as an answer to a collection of questions",
        _calibrate,
        _calibrate_options,
        "Fits the constants that tell a question that the documents answer from one that they "
        "don't. Takes what `qa eval` takes; where a collection has no questions without an "
        "answer (or with --hide-half), half of its articles are hidden.",
    ),
)
