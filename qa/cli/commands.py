"""What each command of the command line does: call the facade, print, give the exit status."""

from __future__ import annotations

import argparse
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qa
from qa.as_data import answer_data, locator_data
from qa.cli.terminal.answers import answer_lines
from qa.cli.terminal.data import print_json
from qa.cli.terminal.listings import (
    add_lines,
    source_lines,
    structure_lines,
    verify_lines,
)
from qa.cli.terminal.parts import part_of
from qa.cli.terminal.progress import AddProgress, notify
from qa.cli.terminal.wrapping import wraps_in
from qa.in_words import locator_words
from qa.lines import line_starts
from qa.locating import locate
from qa.records import Answer, Verdict
from qa.safe_text import one_line, safe
from qa.settings import Settings, library_folder, model_setting

if TYPE_CHECKING:
    from qa.library import Library


def _open(given: argparse.Namespace, *, create: bool = False) -> Library:
    settings = Settings(model=model_setting(given.model))
    return qa.open(given.library, settings=settings, create=create, notify=notify)


def _add(given: argparse.Namespace) -> int:
    with _open(given, create=True) as library:
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


def _ask(given: argparse.Namespace) -> int:
    with _open(given) as library:
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
        _print_answer(answer, library, as_json=given.json)
    return 1 if answer.verdict is Verdict.NOT_FOUND else 0


def _print_answer(answer: Answer, library: Library, *, as_json: bool) -> None:
    if as_json:
        print_json(answer_data(answer))
        return
    for line in answer_lines(answer, library.short_name, wraps_in(library)):
        print(line)


def _sources(given: argparse.Namespace) -> int:
    with _open(given) as library:
        if given.structure is not None:
            documents, turns = library.structure(given.structure)
            text = library.text(given.structure)
            if given.json:
                print_json(
                    {
                        "source": library.path(given.structure),
                        "documents": [_as_dict(document) for document in documents],
                        "turns": [_as_dict(turn) for turn in turns],
                    }
                )
            else:
                for line in structure_lines(text, documents, turns):
                    print(line)
            return 0
        sources = library.sources()
        if given.json:
            print_json({"sources": [_as_dict(source) for source in sources]})
        else:
            for line in source_lines(sources, str(library.folder)):
                print(line)
    return 0


def _as_dict(record: Any) -> dict[str, Any]:
    """A frozen record's fields; enums are strings already."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _show(given: argparse.Namespace) -> int:
    if given.source.startswith("cw:"):
        from qa.cli.show_citation import run_show_token

        for option in ("page", "time", "chapter"):
            if getattr(given, option) is not None:
                raise qa.CitewellError(
                    f"{given.source} stands for certain words: --{option} is of sources"
                )
        return run_show_token(given)
    with _open(given) as library:
        path = library.path(given.source)
        text, marks = library.text(path), library.locators(path)
    starts = line_starts(text)
    start, end = part_of(text, starts, marks, given)
    place = locate(marks, start, end)
    if given.json:
        print_json(
            {
                "source": path,
                "start": start,
                "end": end,
                "line_start": bisect_right(starts, start),
                "line_end": bisect_right(starts, max(start, end - 1)),
                "locator": locator_data(place),
                "text": text[start:end],
            }
        )
        return 0
    if place is not None and (start, end) != (0, len(text)):
        print(f"[{one_line(locator_words(place))}]")
    print(safe(text[start:end]))
    return 0


def _remove(given: argparse.Namespace) -> int:
    with _open(given) as library:
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
    """A source, or all sources in a folder or archive."""
    try:
        return (library.path(name),)
    except qa.CitewellError:
        # As it stands here, or by the end of its path.
        inside = library.paths_in(Path(name).absolute().as_posix()) or library.paths_in(name)
        if not inside:
            raise
        return inside


def _verify(given: argparse.Namespace) -> int:
    with _open(given) as library:
        report = library.verify()
        encoder, index = _encoder_words(library), _index_words(library)
    if given.json:
        print_json(
            {
                "ok": report.ok,
                "encoder": encoder,
                "index": index,
                "rows": sum(count.rows for count in report.rows),
                "tables": {count.table: count.rows for count in report.rows},
                "problems": [_as_dict(problem) for problem in report.problems],
            }
        )
    else:
        for line in verify_lines(report):
            print(line)
        print(f"questions are encoded by {one_line(encoder)}")
        print(f"vectors are searched by: {one_line(index)}")
    return 0 if report.ok else 1


def _encoder_words(library: Library) -> str:
    """What runs the model, at which precision and, unless it is the compiled form, why."""
    from embeddings.errors import EmbeddingError

    try:
        return library.encoder.runs_on
    except EmbeddingError as error:
        # The library may be whole although its model is not on this machine.
        return f"nothing: {error}"


def _index_words(library: Library) -> str:
    """What the vectors are searched by, which their number decides."""
    from embeddings.errors import EmbeddingError

    try:
        return library.index_kind
    except (qa.CitewellError, EmbeddingError) as error:
        return f"nothing: {error}"


def _rebuild(given: argparse.Namespace) -> int:
    settings = Settings(model=model_setting(given.model))
    with AddProgress() as progress:
        report = qa.rebuild(given.library, settings=settings, progress=progress, notify=notify)
    if given.json:
        print_json({"sources": list(report.added), "passages": report.passages})
    else:
        print(f"rebuilt {len(report.added)} sources, {report.passages:,} passages")
    return 0


DEMO_QUESTIONS = (
    "How high did the river rise at Halse?",
    "What did the Secretary General say about the damage?",
    "Who should pay into the common reserve?",
)


def _demo(given: argparse.Namespace) -> int:
    from qa.sample import documents

    folder = given.library or str(library_folder().parent / "demo")
    given.library = folder
    with _open(given, create=True) as library:
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
                _print_answer(answer, library, as_json=False)
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


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": _add,
    "ask": _ask,
    "demo": _demo,
    "rebuild": _rebuild,
    "remove": _remove,
    "show": _show,
    "sources": _sources,
    "verify": _verify,
}
