"""`qa check`: every quotation of a draft against the sources."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.command import Command, open_store
from qa.errors import CitewellError, ReadError
from qa.safe_text import one_line, safe

if TYPE_CHECKING:
    from qa.check.drafts import DraftText
    from qa.check.records import CheckReport

_MOST_UNCLOSED = 5
_STANDARD_INPUT = "-"
_FORMATS = ("text", "json", "html", "markdown", "sarif", "junit")


def _options(parser: argparse.ArgumentParser) -> None:
    from qa.check.records import MOST_QUOTATIONS

    parser.add_argument(
        "draft",
        metavar="FILE",
        help="text, Markdown, HTML, Word, OpenDocument, RTF or PDF; - for text from stdin",
    )
    parser.add_argument("--format", choices=_FORMATS, help="form of the report (text)")
    parser.add_argument(
        "--most",
        type=int,
        default=MOST_QUOTATIONS,
        metavar="N",
        help=f"check the first N quotations and say how many were not ({MOST_QUOTATIONS:,})",
    )
    parser.add_argument(
        "--output", metavar="OUT", help="write the report (or the fixed copy) there"
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="show a diff with the real wording of altered quotations, and write a fixed copy",
    )


def _check(given: argparse.Namespace) -> int:
    from qa.check.checker import Checker
    from qa.check.reports.wording import with_names
    from qa.settings import library_folder
    from qa.store.opening import open_citations
    from qa.store.source_names import short_name_of

    if given.json and given.format not in (None, "json"):
        raise CitewellError(
            f"--json and --format {given.format} are two forms of the report: give one of them"
        )
    if given.most < 1:
        raise CitewellError(f"--most is {given.most}, expected at least 1")
    draft = _read(given.draft)
    if (
        given.output
        and given.draft != _STANDARD_INPUT
        and Path(given.output).resolve() == (Path(given.draft).resolve())
    ):
        raise CitewellError(f"{given.output} is the draft itself: name another file with --output")
    folder = library_folder(given.library)
    with open_store(folder) as store:
        checker = Checker(store, open_citations(folder))
        report = checker.draft(draft.text, blocks=draft.blocks, most=given.most)
        chosen = given.format or ("json" if given.json else "text")
        if chosen != "json":  # for programs a source is its path
            report = with_names(report, lambda path: short_name_of(path, store.paths()))
    written = _rendered(report, draft.name, chosen)
    if given.output and not given.fix:
        Path(given.output).write_text(written, encoding="utf-8")
    else:
        sys.stdout.write(written)
    _tell_unclosed(draft.text, draft.name)
    if given.fix:
        _fix(given, report, draft.name, draft.fixable)
    return 0 if report.ok else 1


def _read(path: str) -> DraftText:
    """Read a draft from a file, or from standard input as text."""
    from qa.check.drafts import MAX_BYTES, DraftText, read_draft
    from qa.readers.encodings import decode

    file = Path(path)
    if path != _STANDARD_INPUT:
        return read_draft(file)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadError(file, f"is too large, at most {MAX_BYTES:,} bytes")
    return DraftText(decode(data, file) if data else "", "standard input")


def _tell_unclosed(text: str, name: str) -> None:
    """Say on the standard error where a quotation opens that nothing closes."""
    from qa.check.quotations import unclosed

    places = unclosed(text)
    for at in places[:_MOST_UNCLOSED]:
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        print(
            f"qa: {one_line(name)}:{line}:{column}: nothing closes the quotation that "
            f"opens with “{one_line(text[at : at + 30])}”; it was not checked",
            file=sys.stderr,
        )
    if len(places) > _MOST_UNCLOSED:
        more = len(places) - _MOST_UNCLOSED
        print(f"qa: and {more:,} more that nothing closes", file=sys.stderr)


def _rendered(report: CheckReport, name: str, form: str) -> str:
    """Return the report in one of the forms, as a file ends: with a line end."""
    from qa.check.reports.data import report_json, report_junit, report_sarif
    from qa.check.reports.html import report_html
    from qa.check.reports.text import report_lines, report_markdown

    if form == "json":
        return report_json(report) + "\n"
    if form == "sarif":
        return report_sarif(report, name) + "\n"
    if form == "text":
        return "".join(f"{line}\n" for line in report_lines(report, name))
    makers = {"html": report_html, "markdown": report_markdown, "junit": report_junit}
    return makers[form](report, name)


def _fix(given: argparse.Namespace, report: CheckReport, name: str, fixable: bool) -> None:
    """Show the diff, then write the copy; the draft itself stays as it is."""
    from qa.check.fixing import diff_lines, fixed, replacements

    if not fixable:
        raise CitewellError(
            f"{name}: only text and Markdown drafts can be fixed; save it as one of them first"
        )
    if not replacements(report):
        print("qa: nothing to fix: no quotation is altered", file=sys.stderr)
        return
    for line in diff_lines(report, name):
        print(safe(line), file=sys.stderr)
    if given.output is None and given.draft == _STANDARD_INPUT:
        raise CitewellError("the fixed copy of standard input needs a place: give --output FILE")
    path = Path(given.output) if given.output else _copy_beside(Path(given.draft))
    if not given.output and path.exists():
        raise CitewellError(f"{path} exists: name another file with --output")
    path.write_text(fixed(report), encoding="utf-8", newline="")
    print(f"qa: wrote {path}", file=sys.stderr)


def _copy_beside(draft: Path) -> Path:
    return draft.with_name(f"{draft.stem}.fixed{draft.suffix}")


COMMANDS = (
    Command(
        "check",
        "check a draft's quotations against the sources",
        _check,
        _options,
        "Checks every quotation of a draft: are these words in the sources, who says them, "
        "when, and what was changed. Exit status 1 when something is wrong.",
    ),
)
