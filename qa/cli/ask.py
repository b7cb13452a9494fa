"""`qa ask` and `qa find`: the answers of the library, and every occurrence of words in it."""

from __future__ import annotations

import argparse
import os
import sys

from qa.cli.command import Command, filter_options, open_library, positive
from qa.cli.output import print_json

_QUERIES = """\
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


def _ask_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", type=_words)
    filter_options(parser)
    parser.add_argument("--limit", type=positive, default=5, metavar="N", help="quotes at most (5)")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="search for the words alone: read no speaker or date out of the question",
    )


def _words(text: str) -> str:
    """Return an argument without bytes that are no text in the terminal's encoding."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _ask(given: argparse.Namespace) -> int:
    from qa.as_data import answer_data
    from qa.cli.answers import answer_lines, wraps_in
    from qa.records import Verdict

    with open_library(given) as library:
        answer = library.ask(
            given.question,
            speaker=given.speaker,
            since=given.since,
            until=given.until,
            sources=given.source,
            documents=given.document,
            limit=given.limit,
            understand=not given.plain,
        )
        if given.json:
            print_json(answer_data(answer))
        else:
            for line in answer_lines(answer, library.short_name, wraps_in(library)):
                print(line)
    return 1 if answer.verdict is Verdict.NOT_FOUND else 0


def _find_options(parser: argparse.ArgumentParser) -> None:
    from qa.find.records import Order, Within

    parser.add_argument("query")
    filter_options(parser)
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
        "--limit", type=positive, metavar="N", help="list the first N only; all are counted"
    )


def _find(given: argparse.Namespace) -> int:
    from qa.cli.answers import find_lines, wraps_in
    from qa.find.records import Order, Within
    from qa.find.reporting import find_data

    with open_library(given) as library:
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
            print_json(find_data(report))
        else:
            marked = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            named, wraps = library.short_name, wraps_in(library)
            for line in find_lines(report, named, marked=marked, wraps=wraps):
                print(line)
    return 0 if report.count else 1


COMMANDS = (
    Command("ask", "answer a question with cited quotes", _ask, _ask_options),
    Command(
        "find",
        "list every occurrence of words",
        _find,
        _find_options,
        "Finds every place where words stand, and counts them all: by document and by speaker.",
        _QUERIES,
    ),
)
