"""`qa sources`, `qa verify` and `qa feedback`: what the library holds, whether it is whole, and
what readers said of its answers."""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qa.cli.command import Command, open_library
from qa.cli.output import print_json
from qa.errors import CitewellError, LibraryMissing
from qa.safe_text import one_line

if TYPE_CHECKING:
    from qa.library import Library
    from qa.notebook.records import Feedback
    from qa.records import Document, Turn
    from qa.store.records import StoredSource, VerifyReport
    from qa.structure.evidence import SpeakerEvidence

_EXCERPT = 60
_SAID = {"right": "right", "wrong_source": "wrong source", "wrong_speaker": "wrong speaker"}


def _sources_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--structure",
        metavar="SOURCE",
        help="print what was found in one source: documents, dates, weak boundaries, turns and, "
        "in brackets, why each has its speaker",
    )


def _sources(given: argparse.Namespace) -> int:
    with open_library(given) as library:
        if given.structure is not None:
            return _structure(given, library)
        sources = library.sources()
        if given.json:
            print_json({"sources": [_fields(source) for source in sources]})
        else:
            for line in source_lines(sources, str(library.folder)):
                print(line)
    return 0


def _structure(given: argparse.Namespace, library: Library) -> int:
    documents, turns = library.structure(given.structure)
    why = {(one.document, one.turn): one for one in library.speaker_evidence(given.structure)}
    if given.json:
        print_json(
            {
                "source": library.path(given.structure),
                "documents": [_fields(document) for document in documents],
                "turns": [
                    {**_fields(turn), "why": _why_data(why.get((turn.document, turn.ordinal)))}
                    for turn in turns
                ],
            }
        )
    else:
        for line in structure_lines(library.text(given.structure), documents, turns, why):
            print(line)
    return 0


def _why_data(why: SpeakerEvidence | None) -> dict[str, Any] | None:
    if why is None:
        return None
    label = None if why.label is None else _fields(why.label)
    return {"reason": why.reason.value, "label": label, "found": why.found}


def _fields(record: Any) -> dict[str, Any]:
    """Return a frozen record's fields; enums are strings already."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def source_lines(sources: Sequence[StoredSource], folder: str) -> Iterator[str]:
    """Yield one line a source."""

    if not sources:
        yield f"no sources in {one_line(folder)}"
    for source in sources:
        counts = (
            f"{source.documents} document{'s' * (source.documents != 1)}, "
            f"{source.turns} turns, {source.passages} passages"
        )
        yield f"{one_line(source.path)}  ({source.format}; {counts})"


def structure_lines(
    text: str,
    documents: Sequence[Document],
    turns: Sequence[Turn],
    why: Mapping[tuple[int, int], SpeakerEvidence],
) -> Iterator[str]:
    """Yield what was found in a source, with line numbers, so that a person can check it. `why`
    has the reasons for speakers by document and ordinal of the turn."""
    from qa.locating import line_starts
    from qa.records import Boundary

    starts = line_starts(text)
    for document in documents:
        line = bisect_right(starts, document.start)
        weak = "  [weak boundary]" if document.boundary is Boundary.WEAK else ""
        yield f"document {document.ordinal + 1}, line {line}{weak}: {one_line(document.evidence)}"
        yield f"  title: {one_line(document.title) if document.title else 'none'}"
        when = " ".join(part for part in (document.date, document.time) if part)
        place = f"; place: {one_line(document.place)}" if document.place else ""
        yield f"  date: {one_line(when) or 'none'}{place}"
        for turn in turns:
            if turn.document == document.ordinal:
                yield "  " + _turn_line(text, starts, turn, why.get((turn.document, turn.ordinal)))


def _turn_line(text: str, starts: Sequence[int], turn: Turn, why: SpeakerEvidence | None) -> str:
    line = bisect_right(starts, turn.start)
    who = one_line(turn.speaker) if turn.speaker else "–"
    if turn.role:
        who = f"{who} ({one_line(turn.role)})"
    if why is not None:
        who = f"{who} [{_why_words(why)}]"
    more = ", continues" if turn.continues else ""
    words = one_line(text[turn.start : min(turn.end, turn.start + _EXCERPT)])
    dots = "…" if turn.end - turn.start > _EXCERPT else ""
    return f"line {line:>5}  {turn.kind.value}{more}  {who}: {words}{dots}"


def _why_words(why: SpeakerEvidence) -> str:
    """Return the reason in a word or two, and what was found where it was corrected."""
    from qa.structure.evidence import SpeakerReason

    if why.reason is SpeakerReason.CORRECTED:
        return f"corrected, found: {one_line(why.found or '') or 'none'}"
    return why.reason.value.replace("_", " ")


def _verify(given: argparse.Namespace) -> int:
    with open_library(given) as library:
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
                "problems": [_fields(problem) for problem in report.problems],
            }
        )
    else:
        for line in verify_lines(report):
            print(line)
        print(f"questions are encoded by {one_line(encoder)}")
        print(f"vectors are searched by: {one_line(index)}")
    return 0 if report.ok else 1


def _encoder_words(library: Library) -> str:
    """Return what runs the model, at which precision and, unless it is the compiled form, why."""
    from embeddings.errors import EmbeddingError

    try:
        return library.encoder.runs_on
    except EmbeddingError as error:
        # The library may be whole although its model is not on this machine.
        return f"nothing: {error}"


def _index_words(library: Library) -> str:
    """Return what the vectors are searched by, which their number decides."""
    from embeddings.errors import EmbeddingError

    try:
        return library.index_kind
    except (CitewellError, EmbeddingError) as error:
        return f"nothing: {error}"


def verify_lines(report: VerifyReport) -> Iterator[str]:
    """Yield every problem, or that there is none."""

    for problem in report.problems:
        where = problem.table if problem.row is None else f"{problem.table} {problem.row}"
        yield one_line(f"damaged: {where}: {problem.what}")
    checked = f"{sum(count.rows for count in report.rows):,} rows checked"
    if report.ok:
        yield f"{checked}; everything agrees"
    else:
        problems = f"{len(report.problems)} problem{'s' * (len(report.problems) != 1)}"
        yield f"{checked}; {problems}: restore the library, or `qa rebuild` it"


def _feedback(given: argparse.Namespace) -> int:
    from qa.settings import library_folder
    from qa.store.opening import library_exists, notebook_exists, open_notebook

    folder = library_folder(given.library)
    if not library_exists(folder):
        raise LibraryMissing(
            f"there is no library in {folder}: add files with `qa add`, "
            "or name another folder with --library"
        )
    # To look leaves no file behind.
    found = open_notebook(folder, read_only=True).feedback() if notebook_exists(folder) else ()
    if given.json:
        print_json({"feedback": [_feedback_data(one) for one in found]})
    elif not found:
        print("nobody has said anything of a quote yet")
    else:
        for line in feedback_lines(found):
            print(line)
    return 0 if found else 1


def feedback_lines(found: tuple[Feedback, ...]) -> Iterator[str]:
    """Yield what was said, of which quote, and where it stands."""
    from qa.in_words import line_words

    for one in found:
        place = one.quote.citation
        said = ", ".join((place.speaker or "unattributed", place.date or "undated"))
        yield from (
            f"{one.given_at}  {_SAID[one.kind.value]}  ({one_line(one.person)})",
            f"  asked: {one_line(one.question)}",
            f"  “{one_line(one.quote.text)}”",
            f"  {one_line(said)} · {one_line(place.source)}, {line_words(place.lines)}",
        )


def _feedback_data(one: Feedback) -> dict[str, Any]:
    from qa.as_data import citation_data

    return {
        "id": one.id,
        "given_at": one.given_at,
        "person": one.person,
        "kind": one.kind.value,
        "question": one.question,
        "text": one.quote.text,
        "citation": citation_data(one.quote.citation),
    }


COMMANDS = (
    Command("sources", "list what the library holds", _sources, _sources_options),
    Command("verify", "check every stored row and file", _verify),
    Command(
        "feedback",
        "list what readers said of quotes",
        _feedback,
        description="Lists what readers said of quotes in the web chat, oldest first. Exit "
        "status 1: nobody has said anything yet.",
    ),
)
