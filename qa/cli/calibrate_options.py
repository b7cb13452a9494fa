"""The options of `qa calibrate`."""

from __future__ import annotations

import argparse
from pathlib import Path

from qa.cli.evaluate import cache_option, form_options, positive

_SPLITS = 3


def add_calibrate_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `calibrate` to the command line's commands; `common` has --library, --model, --json."""
    parser = commands.add_parser(
        "calibrate",
        parents=[common],
        help="fit what counts as an answer to a collection of questions",
        description="Fits the constants that tell a question that the documents answer from one "
        "that they don't. Takes what `qa eval` takes; where a collection has no questions "
        "without an answer, half of its articles are hidden.",
    )
    parser.add_argument("collection", type=Path, nargs="?", metavar="COLLECTION")
    form_options(parser)
    _fitting_options(parser)
    parser.add_argument(
        "--picture", type=Path, metavar="FILE.svg", help="draw the risk–coverage curves"
    )
    cache_option(parser)
    parser.add_argument(
        "--save", action="store_true", help="let the library use the fitted constants"
    )
    parser.add_argument(
        "--reset", action="store_true", help="let the library use the default constants again"
    )


def _fitting_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--hide-half",
        action="store_true",
        help="hide half of the articles, also where there are questions without an answer",
    )
    parser.add_argument(
        "--splits",
        type=positive,
        default=_SPLITS,
        metavar="N",
        help=f"how many halves are hidden, one after the other ({_SPLITS})",
    )
    parser.add_argument(
        "--limit-questions",
        type=positive,
        metavar="N",
        help="only N questions, drawn by lot (of each half that is hidden)",
    )
    for name, verdict in (("answered", "answered"), ("weak", "weakly answered")):
        parser.add_argument(
            f"--{name}",
            type=_probability,
            metavar="P",
            help=f"the probability from which on a question is {verdict} (as in use)",
        )


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r}, expected a number from 0 to 1")
    return value
