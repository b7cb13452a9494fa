"""`qa feedback`: what readers said of quotes in the web chat."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.notebook.records import Feedback

_WORDS = {"right": "right", "wrong_source": "wrong source", "wrong_speaker": "wrong speaker"}


def add_feedback_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `feedback` to the commands; `common` has --library and --json."""
    commands.add_parser(
        "feedback",
        parents=[common],
        help="list what readers said of quotes",
        description=(
            "Lists what readers said of quotes in the web chat, oldest first. Exit status 1: "
            "nobody has said anything yet."
        ),
    )


def run_feedback(given: argparse.Namespace) -> int:
    """Print everybody's feedback; 0 if there is any, else 1. Raises LibraryMissing."""
    from qa.errors import LibraryMissing
    from qa.settings import library_folder
    from qa.store.sqlite.notebook import FILE_NAME, Keeping
    from qa.store.sqlite.store import Store

    folder = library_folder(given.library)
    if not Store.exists(folder):
        raise LibraryMissing(
            f"there is no library in {folder}: add files with `qa add`, "
            "or name another folder with --library"
        )
    # To look leaves no file behind.
    found = Keeping(folder, read_only=True).feedback() if (folder / FILE_NAME).exists() else ()
    if given.json:
        print(json.dumps({"feedback": [_data(one) for one in found]}, ensure_ascii=False, indent=2))
    elif not found:
        print("nobody has said anything of a quote yet")
    else:
        for line in feedback_lines(found):
            print(line)
    return 0 if found else 1


def feedback_lines(found: tuple[Feedback, ...]) -> list[str]:
    """For the terminal: what was said, of which quote, where it stands."""
    from qa.in_words import line_words
    from qa.safe_text import one_line

    lines = []
    for one in found:
        place = one.quote.citation
        said = ", ".join((place.speaker or "unattributed", place.date or "undated"))
        lines += [
            f"{one.given_at}  {_WORDS[one.kind.value]}  ({one_line(one.person)})",
            f"  asked: {one_line(one.question)}",
            f"  “{one_line(one.quote.text)}”",
            f"  {one_line(said)} · {one_line(place.source)}, {line_words(place.lines)}",
        ]
    return lines


def _data(one: Feedback) -> dict[str, Any]:
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
