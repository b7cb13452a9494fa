"""`qa add`, `qa remove`, `qa rebuild` and `qa demo`: what changes what the library holds."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.command import Command, open_library
from qa.cli.output import AddProgress, notify, print_json
from qa.errors import CitewellError
from qa.safe_text import one_line

if TYPE_CHECKING:
    from qa.ingest.write import AddReport
    from qa.library import Library

DEMO_QUESTIONS = (
    "How high did the river rise at Halse?",
    "What did the Secretary General say about the damage?",
    "Who should pay into the common reserve?",
)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a file, a folder, or a ZIP archive (each of its members is a source of its own)",
    )
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="leave out what matches, in folders and archives, as a line of .gitignore would "
        "(repeatable); a file .citewellignore in a folder does the same, .gitignore itself nothing",
    )
    parser.add_argument(
        "--sync", action="store_true", help="remove sources whose file under PATH is gone"
    )


def _add(given: argparse.Namespace) -> int:
    with open_library(given, create=True) as library:
        with AddProgress() as progress:
            report = library.add(
                *given.paths, progress=progress, sync=given.sync, exclude=given.exclude
            )
        if given.json:
            print_json(
                {
                    "added": list(report.added),
                    "replaced": list(report.replaced),
                    "unchanged": list(report.unchanged),
                    "removed": list(report.removed),
                    "failed": [
                        {"source": str(error.path), "reason": error.reason}
                        for error in report.failed
                    ],
                    "notes": [{"source": note.source, "note": note.words} for note in report.notes],
                    "documents": report.documents,
                    "passages": report.passages,
                    "skipped": report.skipped,
                }
            )
        else:
            for line in add_lines(report, str(library.folder)):
                print(line)
    for note in report.notes:
        print(f"qa: note: {one_line(f'{note.source}: {note.words}')}", file=sys.stderr)
    for error in report.failed:
        print(f"qa: not added: {one_line(str(error))}", file=sys.stderr)
    return 1 if report.failed else 0


def add_lines(report: AddReport, folder: str) -> Iterator[str]:
    """Yield what an `add` did; files that failed are told apart, on standard error."""

    counts = [
        (len(report.added), "added"),
        (len(report.replaced), "replaced"),
        (len(report.unchanged), "unchanged"),
        (len(report.removed), "removed"),
        (len(report.failed), "not added"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to add"
    yield f"{said}: {report.passages:,} new passages of {report.documents:,} documents"
    if report.skipped:
        yield f"passed over: {report.skipped:,} files of kinds that are not read"
    yield f"library: {one_line(folder)}"


def _remove_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a source, or a folder or ZIP archive: then all sources in it",
    )


def _remove(given: argparse.Namespace) -> int:
    with open_library(given) as library:
        # All names are looked up first, so that a wrong one removes nothing.
        paths = [path for name in given.sources for path in _meant(name, library)]
        corrections = Counter(one.correction.path for one in library.corrections())
        removed = [library.remove(path) for path in dict.fromkeys(paths)]
    if given.json:
        print_json({"removed": removed})
    else:
        for path in removed:
            made = corrections[path]
            also = f", with what was corrected in it by hand ({made})" if made else ""
            print(f"removed {one_line(path)}{also}")
    return 0


def _meant(name: str, library: Library) -> tuple[str, ...]:
    """Return a source, or all sources in a folder or archive."""

    try:
        return (library.path(name),)
    except CitewellError:
        # As it stands here, or by the end of its path.
        inside = library.paths_in(Path(name).absolute().as_posix()) or library.paths_in(name)
        if not inside:
            raise
        return inside


def _rebuild(given: argparse.Namespace) -> int:
    import qa
    from qa.settings import Settings, model_setting

    settings = Settings(model=model_setting(given.model))
    with AddProgress() as progress:
        report = qa.rebuild(given.library, settings=settings, progress=progress, notify=notify)
    if given.json:
        print_json({"sources": list(report.added), "passages": report.passages})
    else:
        print(f"rebuilt {len(report.added)} sources, {report.passages:,} passages")
    return 0


def _demo(given: argparse.Namespace) -> int:
    from qa.as_data import answer_data
    from qa.cli.answers import answer_lines, wraps_in
    from qa.sample import documents
    from qa.settings import library_folder

    folder = given.library or str(library_folder().parent / "demo")
    given.library = folder
    with open_library(given, create=True) as library:
        with AddProgress() as progress:
            report = library.add(documents(), progress=progress)
        answers = [library.ask(question, limit=1) for question in DEMO_QUESTIONS]
        if given.json:
            print_json({"library": folder, "answers": [answer_data(a) for a in answers]})
        else:
            for line in add_lines(report, folder):
                print(line)
            for answer in answers:
                print(f"\n▸ {answer.question}")
                for line in answer_lines(answer, library.short_name, wraps_in(library)):
                    print(line)
            print(_next_steps(folder))
    return 0 if all(answer.quotes for answer in answers) else 1


def _next_steps(folder: str) -> str:
    place = one_line(folder)
    return (
        "\nNext:\n"
        f'  qa serve --library "{place}"\n      opens the web chat over the sample documents\n'
        f'  qa ask --library "{place}" "your question"\n      asks them more\n'
        '  qa add FOLDER && qa ask "your question"\n      asks your own documents'
    )


COMMANDS = (
    Command("add", "add files and folders, or update them", _add, _add_options),
    Command("remove", "remove sources from the library", _remove, _remove_options),
    Command("rebuild", "make the library anew from its stored texts", _rebuild),
    Command("demo", "build a library of the sample documents and ask it", _demo),
)
