"""`qa find`: its options, and what it does with them."""

from __future__ import annotations

import argparse
import json
import os
import sys

import qa
from qa.cli.terminal.findings import find_lines
from qa.cli.terminal.progress import notify
from qa.cli.terminal.wrapping import wraps_in
from qa.find.as_data import find_data
from qa.find.records import Order, Within
from qa.settings import Settings, model_setting

_DESCRIPTION = """\
Finds every place where words stand, and counts them all: by document and by speaker.
"""
_LANGUAGE = """\
the query (quote it for the shell, as in qa find '"food security" -wheat'):
  wheat grain          both words, in the same turn (see --within)
  "food security"      these words, one after the other
  -wheat  -"a phrase"  not in a turn that holds this (NOT wheat does the same)
  wheat OR grain       either of them; OR binds more closely than standing side by side
  NEAR(wheat port, 5)  within 5 words of each other, in any order (10 if no number is given)
  secur*               words that begin so

A word is found as it is typed; capitals, accents, and the shapes of quotation marks and dashes
don't matter. Phrases and NEAR never reach from one turn into the next. A text that was added
under several paths is counted once. Exit status 1: nothing was found.
"""


def add_find_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `find` to the command line's commands; `common` has --library, --model and --json."""
    parser = commands.add_parser(
        "find",
        parents=[common],
        help="find every occurrence of words and phrases",
        description=_DESCRIPTION,
        epilog=_LANGUAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("query")
    _filter_options(parser)
    parser.add_argument(
        "--within",
        choices=[within.value for within in Within],
        default=Within.TURN.value,
        help="where all the words must stand together (turn: one speaker's uninterrupted words)",
    )
    parser.add_argument("--stem", action="store_true", help="find inflected forms too")
    parser.add_argument(
        "--everywhere",
        action="store_true",
        help="search headings, labels, captions and menus as well as what can be quoted",
    )
    parser.add_argument(
        "--order",
        choices=[order.value for order in Order],
        default=Order.DATE.value,
        help="list by date, or the densest first (default: date)",
    )
    parser.add_argument(
        "--limit", type=_positive, metavar="N", help="list the first N only; all are counted"
    )


def _filter_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speaker", action="append", metavar="NAME", help="only this speaker's words"
    )
    parser.add_argument("--since", metavar="DATE", help="only documents of this date or later")
    parser.add_argument("--until", metavar="DATE", help="only documents of this date or earlier")
    parser.add_argument("--source", action="append", metavar="SOURCE", help="only this source")
    parser.add_argument("--document", action="append", metavar="TITLE", help="only such documents")


def _positive(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r}, expected a whole number of at least 1")
    return value


def run_find(given: argparse.Namespace) -> int:
    """Search as the parsed options say, and print the report; the exit status.

    Raises CitewellError for a query or a filter that can't be understood.
    """
    settings = Settings(model=model_setting(given.model))
    with qa.open(given.library, settings=settings, create=False, notify=notify) as library:
        report = library.find(
            given.query,
            speaker=given.speaker,
            since=given.since,
            until=given.until,
            sources=given.source,
            documents=given.document,
            order=Order(given.order),
            within=Within(given.within),
            stem=given.stem,
            everywhere=given.everywhere,
            limit=given.limit,
        )
        if given.json:
            print(json.dumps(find_data(report), ensure_ascii=False, indent=2))
        else:
            marked = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            named, wraps = library.short_name, wraps_in(library)
            for line in find_lines(report, named, marked=marked, wraps=wraps):
                print(line)
    return 0 if report.count else 1
