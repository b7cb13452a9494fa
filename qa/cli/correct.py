"""`qa correct`: correct a title, a date or a speaker by hand, list what was corrected, undo it."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qa.cli.command import Command, open_library, positive
from qa.cli.output import print_json
from qa.errors import InvalidQuery
from qa.safe_text import one_line

if TYPE_CHECKING:
    from qa.corrections.applying import Correction, ListedCorrection
    from qa.library import Library


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="the source to correct")
    parser.add_argument(
        "--document", type=positive, metavar="N", help="which of its documents, from 1"
    )
    parser.add_argument("--title", metavar="WORDS", help="the document's title")
    parser.add_argument("--date", metavar="DATE", help="its date: YYYY-MM-DD, YYYY-MM or YYYY")
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--found", metavar="NAME", help="all turns of the source in which this name was found"
    )
    place.add_argument(
        "--line", type=positive, metavar="N", help="the one turn that stands on this line"
    )
    parser.add_argument("--speaker", metavar="NAME", help="who speaks there")
    parser.add_argument(
        "--role", metavar="WORDS", help="in which office (with --found: as found, unless given)"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="list what was corrected")
    instead.add_argument("--undo", type=positive, metavar="ID", help="take a correction back")


def _run(given: argparse.Namespace) -> int:
    with open_library(given) as library:
        if given.list:
            return _list(library, given)
        if given.undo is not None:
            gone = library.uncorrect(given.undo)
            _told([gone], given, "taken back")
            return 0
        made = _correct(library, given)
        _told(made, given, "corrected", _alike(library, made, given))
        return 0


def _correct(library: Library, given: argparse.Namespace) -> list[Correction]:
    from qa.corrections.applying import UNSET

    if given.source is None:
        raise InvalidQuery("expected a source to correct, or --list, or --undo ID")
    names_speaker = given.speaker is not None
    if names_speaker != (given.found is not None or given.line is not None):
        raise InvalidQuery("--speaker goes with --found NAME or --line N, and they with it")
    if given.role is not None and not names_speaker:
        raise InvalidQuery("--role goes with --speaker")
    made: list[Correction] = []
    if given.title is not None or given.date is not None or not names_speaker:
        made += library.correct(
            given.source,
            document=None if given.document is None else given.document - 1,
            title=UNSET if given.title is None else given.title,
            date=UNSET if given.date is None else given.date,
        )
    if names_speaker:
        at = None if given.line is None else _offset(library, given.source, given.line)
        made.append(
            library.correct_speaker(
                given.source, found=given.found, at=at, speaker=given.speaker, role=given.role
            )
        )
    return made


def _offset(library: Library, source: str, line: int) -> int:
    """Return a character of the line's first turn that somebody says."""
    from qa.locating import line_starts

    text = library.text(source)
    starts = line_starts(text)
    if line > len(starts):
        raise InvalidQuery(f"the source has {len(starts)} lines, got line {line}")
    start = starts[line - 1]
    end = starts[line] if line < len(starts) else len(text)
    _, turns = library.structure(source, as_found=True)
    for turn in sorted(turns, key=lambda one: one.start):
        if turn.kind.quotable and turn.start < end and turn.end > start:
            return max(start, turn.start)
    raise InvalidQuery(
        f"nobody's words stand on line {line}; `qa sources --structure {source}` shows the turns"
    )


def _alike(
    library: Library, made: Sequence[Correction], given: argparse.Namespace
) -> tuple[int, str] | None:
    """Return how many turns still have the name that was found in the one turn just corrected,
    and the command that corrects them all; None if there are none."""
    from qa.corrections.applying import CorrectionKind

    one = next((one for one in made if one.kind is CorrectionKind.TURN), None)
    if one is None or one.found is None:
        return None
    _, found = library.structure(one.path, as_found=True)
    _, now = library.structure(one.path)
    count = sum(
        was.kind.quotable and was.speaker == one.found == turn.speaker != one.value
        for was, turn in zip(found, now, strict=True)
    )
    options = {"found": one.found, "speaker": one.value or ""}
    options |= {name: getattr(given, name) for name in ("role", "library", "model")}
    words = ["qa", "correct", given.source]
    for name, value in options.items():
        if value is not None:
            dashed = value.startswith("-")
            words += [f"--{name}={value}"] if dashed else [f"--{name}", value]
    return (count, shlex.join(words)) if count else None


def _told(
    corrections: list[Correction],
    given: argparse.Namespace,
    done: str,
    alike: tuple[int, str] | None = None,
) -> None:
    if given.json:
        data: dict[str, Any] = {"corrections": [correction_data(one) for one in corrections]}
        if alike is not None:
            data["alike"] = {"turns": alike[0], "command": alike[1]}
        print_json(data)
        return
    for one in corrections:
        print(f"{done}: {correction_line(one)}")
    if alike is not None:
        count, command = alike
        found = one_line(corrections[-1].found or "")
        others = "other turn has" if count == 1 else "other turns have"
        print(f"{count} {others} {found} as the speaker; this corrects all:")
        print(f"  {one_line(command)}")


def _list(library: Library, given: argparse.Namespace) -> int:
    found = library.corrections(given.source)
    if given.json:
        print_json({"corrections": [listed_data(one) for one in found]})
    elif not found:
        print("nothing was corrected")
    else:
        for one in found:
            print(listed_line(one))
    return 0 if found else 1


def correction_line(one: Correction, document: int | None = None) -> str:
    """Return which correction of what it is, and what was found."""
    from qa.corrections.applying import CorrectionKind

    about = {
        CorrectionKind.TITLE: "title",
        CorrectionKind.DATE: "date",
        CorrectionKind.SPEAKER: "speaker",
        CorrectionKind.TURN: f"speaker of “{one.anchor.head[:40]}…”",
    }[one.kind]
    if document is not None:
        about += f" of document {document + 1}"
    role = f", {one.role}" if one.role else ""
    return one_line(
        f"{one.id}: {one.path}, {about}: {one.value or 'none'}{role} (found: {one.found or 'none'})"
    )


def listed_line(listed: ListedCorrection) -> str:
    """Return `correction_line` with where it applies."""
    if not listed.applies:
        return f"{correction_line(listed.correction)}  no longer applies: what it corrects is gone"
    if listed.effect.documents:
        return correction_line(listed.correction, listed.effect.documents[0])
    count = len(listed.effect.turns)
    return f"{correction_line(listed.correction)}  in {count} turn{'s' * (count != 1)}"


def correction_data(one: Correction) -> dict[str, Any]:
    """Return plain data for JSON."""
    return {
        "id": one.id,
        "source": one.path,
        "kind": one.kind.value,
        "value": one.value,
        "role": one.role,
        "found": one.found,
        "words": one.anchor.head,
        "corrected_at": one.corrected_at,
        "person": one.person,
    }


def listed_data(listed: ListedCorrection) -> dict[str, Any]:
    """Return it with where it applies: ordinals of documents, the number of turns."""
    return {
        **correction_data(listed.correction),
        "found": listed.found,
        "applies": listed.applies,
        "documents": list(listed.effect.documents),
        "turns": len(listed.effect.turns),
    }


COMMANDS = (
    Command(
        "correct",
        "correct a wrong title, date or speaker by hand",
        _run,
        _options,
        "Corrects what was found in a source. What was found is kept, and so is the correction "
        "when the file is added again; removing the source removes it. An empty name or date "
        '("") says that there is none.',
        "qa correct minutes.txt --document 2 --title 'Second meeting' --date 2024-03-04  |  "
        "qa correct talk.txt --found 'Speaker A' --speaker 'Alice Munro'  |  "
        "qa correct talk.txt --line 120 --speaker 'Alice Munro'",
    ),
)
