"""The command line: arguments → the facade → printed words. `qa --help` lists the commands.

Exit status: 0 done and found; 1 done, but nothing was found, some file could not be read or
something is damaged; 2 an error, told in one line on standard error.
"""

from __future__ import annotations

import argparse
import codecs
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import qa
from embeddings.errors import EmbeddingError
from qa.cli import add, ask, check, cite, correct, evaluate, serve, show, sources
from qa.cli.command import Command, library_options
from qa.errors import CitewellError
from qa.safe_text import one_line

COMMANDS: tuple[Command, ...] = (
    *ask.COMMANDS,
    *sources.COMMANDS,
    *show.COMMANDS,
    *add.COMMANDS,
    *check.COMMANDS,
    *cite.COMMANDS,
    *evaluate.COMMANDS,
    *correct.COMMANDS,
    *serve.COMMANDS,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and say what went wrong in one line; return the exit status."""
    _plain_output()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            return run(words)
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


def run(words: Sequence[str]) -> int:
    """Run the command that the words name, and return its exit status. Raises what it raises."""
    given = build_parser(words).parse_args(words)
    status: int = given.run(given)
    return status


def _fail(message: str, status: int = 2) -> int:
    print(f"qa: {one_line(message)}", file=sys.stderr)
    return status


def _plain_output() -> None:
    """Have a character that the terminal's encoding lacks escaped, never a crash."""
    codecs.register_error("citewell-escape", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="citewell-escape")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Return UTF-16 units as \\uXXXX, so that JSON stays JSON in any encoding."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)), error.end


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as every other error is said."""

    def error(self, message: str) -> NoReturn:
        self.exit(_fail(f"{message} (`{self.prog} --help` tells more)"))


def build_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of all commands; only the one that the words of a command line begin
    with knows its options."""
    common = argparse.ArgumentParser(add_help=False)
    library_options(common)
    parser: argparse.ArgumentParser = _Parser(
        prog="qa",
        description="Answers questions from your own documents with verbatim, cited quotes.",
        epilog='Start with `qa demo`, or with `qa add FOLDER` and `qa ask "a question"`.',
    )
    parser.add_argument("--version", action="version", version=f"citewell {qa.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        named = command.name in words[:1]
        own = commands.add_parser(
            command.name,
            parents=[common],
            help=command.help,
            description=command.description,
            epilog=command.epilog,
            formatter_class=(
                argparse.RawDescriptionHelpFormatter
                if "\n" in (command.epilog or "")
                else argparse.HelpFormatter
            ),
        )
        own.set_defaults(run=command.run)
        if named:
            command.options(own)
    return parser


if __name__ == "__main__":
    sys.exit(main())
