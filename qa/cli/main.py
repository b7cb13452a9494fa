"""The command line: arguments → the facade → printed words. `qa --help` lists the commands.

Exit status: 0 done and found; 1 done, but nothing was found, some file could not be read or
something is damaged; 2 an error, told in one line on standard error.
"""

from __future__ import annotations

import argparse
import codecs
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import qa


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    _plain_output()
    words = list(sys.argv[1:] if arguments is None else arguments)
    # Imported only now: `qa --help` must not wait for what the commands need.
    from embeddings.errors import EmbeddingError
    from qa.errors import CitewellError

    try:
        try:
            given = build_parser(words).parse_args(words)
            return _command(given.command)(given)
        finally:
            # A reader that has gone shows here, not when the interpreter ends.
            sys.stdout.flush()
    except (CitewellError, EmbeddingError) as error:
        return _fail(str(error))
    except BrokenPipeError:
        # Whoever read our output has gone (`qa ask … | head -1`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        kept = "; what was added so far is kept" if words[:1] == ["add"] else ""
        return _fail(f"interrupted{kept}", 130)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}")
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        # Python's own status for a crash is 1, which here would say that nothing was found.
        return _fail(
            f"unexpected {type(error).__name__}: {error} (a fault of Citewell's own: please "
            "report it with what `python -X dev -m qa …` prints)"
        )


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    if name in FEATURES:
        feature = FEATURES[name]
        run: Callable[[argparse.Namespace], int]
        run = getattr(importlib.import_module(feature.module), feature.run)
        return run
    from qa.cli.commands import COMMANDS

    return COMMANDS[name]


def _fail(message: str, status: int = 2) -> int:
    from qa.safe_text import one_line

    print(f"qa: {one_line(message)}", file=sys.stderr)
    return status


def _plain_output() -> None:
    """A character that the terminal's encoding lacks is escaped, never a crash."""
    codecs.register_error("citewell-escape", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="citewell-escape")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """UTF-16 units as \\uXXXX, so that JSON stays JSON in any encoding."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)), error.end


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as every other error is said."""

    def error(self, message: str) -> NoReturn:
        self.exit(_fail(f"{message} (`{self.prog} --help` tells more)"))


@dataclass(frozen=True, slots=True)
class Feature:
    """A command that a package of its own offers: `module` has `add_parser`, `run` it."""

    module: str
    add_parser: str
    run: str
    help: str


FEATURES = {
    "find": Feature("qa.cli.find", "add_find_parser", "run_find", "list every occurrence of words"),
    "check": Feature(
        "qa.cli.check",
        "add_check_parser",
        "run_check",
        "check a draft's quotations against the sources",
    ),
    "cite": Feature("qa.cli.cite", "add_cite_parser", "run_cite", "keep a citation, as a token"),
    "drift": Feature(
        "qa.cli.cite",
        "add_drift_parser",
        "run_drift",
        "list kept citations whose source has changed",
    ),
    "pack": Feature(
        "qa.cli.cite",
        "add_pack_parser",
        "run_pack",
        "write quotes with their evidence, to be checked by anybody",
    ),
    "eval": Feature(
        "qa.cli.evaluate",
        "add_eval_parser",
        "run_eval",
        "measure the answers on a collection of questions",
    ),
    "calibrate": Feature(
        "qa.cli.calibrate",
        "add_calibrate_parser",
        "run_calibrate",
        "fit what counts as an answer to a collection of questions",
    ),
    "correct": Feature(
        "qa.cli.correct",
        "add_correct_parser",
        "run_correct",
        "correct a wrong title, date or speaker by hand",
    ),
    "feedback": Feature(
        "qa.cli.feedback",
        "add_feedback_parser",
        "run_feedback",
        "list what readers said of quotes",
    ),
    "mcp": Feature(
        "qa.cli.mcp",
        "add_mcp_parser",
        "run_mcp",
        "serve the library to programs over MCP (stdio)",
    ),
    "serve": Feature("ui.command", "add_serve_parser", "run_serve", "open the web chat"),
}


def build_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of all commands. Of FEATURES only the one that the `words` of a command line
    begin with is imported and knows its options."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--library",
        metavar="FOLDER",
        help="the library's folder (else CITEWELL_LIBRARY, else the platform's data folder)",
    )
    common.add_argument(
        "--model",
        metavar="MODEL",
        help="a sentence-transformers model, by folder or name (default: the library's own)",
    )
    common.add_argument("--json", action="store_true", help="print one JSON object")
    parser: argparse.ArgumentParser = _Parser(
        prog="qa",
        description="Answers questions from your own documents with verbatim, cited quotes.",
        epilog='Start with `qa demo`, or with `qa add FOLDER` and `qa ask "a question"`.',
    )
    parser.add_argument("--version", action="version", version=f"citewell {qa.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _reading_commands(commands, common)
    _writing_commands(commands, common)
    for name, feature in FEATURES.items():
        if name in words[:1]:
            module = importlib.import_module(feature.module)
            getattr(module, feature.add_parser)(commands, common)
        else:
            commands.add_parser(name, help=feature.help)
    return parser


def _reading_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    ask = commands.add_parser("ask", parents=[common], help="answer a question with cited quotes")
    ask.add_argument("question", type=_words)
    _filter_options(ask)
    ask.add_argument("--limit", type=_positive, default=5, metavar="N", help="quotes at most (5)")
    ask.add_argument(
        "--plain",
        action="store_true",
        help="search for the words alone: read no speaker or date out of the question",
    )
    sources = commands.add_parser("sources", parents=[common], help="list what the library holds")
    sources.add_argument(
        "--structure",
        metavar="SOURCE",
        help="print what was found in one source: documents, dates, turns, weak boundaries",
    )
    show = commands.add_parser(
        "show", parents=[common], help="print a source, a part of it, or a kept citation"
    )
    show.add_argument(
        "source",
        metavar="SOURCE|TOKEN",
        help="a path, or as much of the end of it as is unambiguous; or a token of `qa cite`",
    )
    part = show.add_mutually_exclusive_group()
    part.add_argument("--lines", type=_line_range, metavar="FIRST[-LAST]", help="only those lines")
    part.add_argument("--chars", type=_char_range, metavar="START-END", help="only that span")
    part.add_argument("--page", metavar="LABEL[-LABEL]", help="only that page, by its label")
    part.add_argument("--time", metavar="HH:MM:SS[-HH:MM:SS]", help="only what is heard then")
    part.add_argument("--chapter", metavar="LABEL", help="only that chapter")
    commands.add_parser("verify", parents=[common], help="check every stored row and file")


def _writing_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    add = commands.add_parser("add", parents=[common], help="add files and folders, or update them")
    add.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a file, a folder, or a ZIP archive (each of its members is a source of its own)",
    )
    add.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="leave out what matches, in folders and archives, as a line of .gitignore would "
        "(repeatable); a file .citewellignore in a folder does the same, .gitignore itself nothing",
    )
    add.add_argument(
        "--sync", action="store_true", help="remove sources whose file under PATH is gone"
    )
    remove = commands.add_parser("remove", parents=[common], help="remove sources from the library")
    remove.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a source, or a folder or ZIP archive: then all sources in it",
    )
    commands.add_parser(
        "rebuild", parents=[common], help="make the library anew from its stored texts"
    )
    commands.add_parser(
        "demo", parents=[common], help="build a library of the sample documents and ask it"
    )


def _filter_options(parser: argparse.ArgumentParser) -> None:
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


def _words(text: str) -> str:
    """Bytes that are no text in the terminal's encoding can't be searched for."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _positive(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r}, expected a whole number of at least 1")
    return value


def _line_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    low, high = _positive(first), _positive(last or first)
    if low > high:
        raise argparse.ArgumentTypeError(f"{text!r}, expected the first line before the last")
    return low, high


def _char_range(text: str) -> tuple[int, int]:
    start, dash, end = text.partition("-")
    if not (dash and start.isdigit() and end.isdigit() and int(start) < int(end)):
        raise argparse.ArgumentTypeError(f"{text!r}, expected START-END such as 120-180")
    return int(start), int(end)


if __name__ == "__main__":
    sys.exit(main())
