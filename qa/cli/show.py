"""`qa show`: a source, a part of it, or a kept citation as it stands now."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qa.cli.command import Command, open_library, open_store, positive
from qa.cli.output import print_json
from qa.errors import CitewellError
from qa.safe_text import one_line, safe

if TYPE_CHECKING:
    from qa.check.drift import Drift
    from qa.records import LocatorKind, LocatorMark
    from qa.store.protocol import LibraryReader

_MOST_NAMED = 12


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE|TOKEN",
        help="a path, or as much of the end of it as is unambiguous; or a token of `qa cite`",
    )
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--lines", type=_line_range, metavar="FIRST[-LAST]", help="only those lines")
    part.add_argument("--chars", type=_char_range, metavar="START-END", help="only that span")
    part.add_argument("--page", metavar="LABEL[-LABEL]", help="only that page, by its label")
    part.add_argument("--time", metavar="HH:MM:SS[-HH:MM:SS]", help="only what is heard then")
    part.add_argument("--chapter", metavar="LABEL", help="only that chapter")


def _line_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    low, high = positive(first), positive(last or first)
    if low > high:
        raise argparse.ArgumentTypeError(f"{text!r}, expected the first line before the last")
    return low, high


def _char_range(text: str) -> tuple[int, int]:
    start, dash, end = text.partition("-")
    if not (dash and start.isdigit() and end.isdigit() and int(start) < int(end)):
        raise argparse.ArgumentTypeError(f"{text!r}, expected START-END such as 120-180")
    return int(start), int(end)


def _show(given: argparse.Namespace) -> int:
    from qa.as_data import lines_data, locator_data
    from qa.in_words import locator_words
    from qa.locating import line_starts, lines_of, locate

    if given.source.startswith("cw:"):
        return _show_token(given)
    with open_library(given) as library:
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
                **lines_data(lines_of(starts, start, end)),
                "locator": locator_data(place),
                "text": text[start:end],
            }
        )
        return 0
    if place is not None and (start, end) != (0, len(text)):
        print(f"[{one_line(locator_words(place))}]")
    print(safe(text[start:end]))
    return 0


# ---- a part of a source -----------------------------------------------------------------


def part_of(
    text: str, starts: Sequence[int], marks: Sequence[LocatorMark], given: argparse.Namespace
) -> tuple[int, int]:
    """Return the span to show; all of the text if no option asks for a part of it.

    `starts` are the offsets of the lines, `marks` the source's pages, times or chapters. Raises
    CitewellError for what the source hasn't got.
    """
    from qa.records import LocatorKind

    if given.chars is not None:
        return _characters(text, given.chars)
    if given.lines is not None:
        return _line_span(text, starts, given.lines)
    by_place: dict[LocatorKind, Callable[[Sequence[LocatorMark], str], tuple[int, int]]] = {
        LocatorKind.PAGE: _pages,
        LocatorKind.TIME: _times,
        LocatorKind.CHAPTER: _chapter,
    }
    for kind, find in by_place.items():
        asked = getattr(given, kind.value)
        if asked is not None:
            first, after = find(_of_kind(marks, kind), asked)
            end = marks[after].start if after < len(marks) else len(text)
            start = marks[first].start
            return start, start + len(text[start:end].rstrip())
    return 0, len(text)


def _characters(text: str, span: tuple[int, int]) -> tuple[int, int]:
    if span[1] > len(text):
        raise CitewellError(
            f"the source has {len(text)} characters, got the span {span[0]}-{span[1]}"
        )
    return span


def _line_span(text: str, starts: Sequence[int], lines: tuple[int, int]) -> tuple[int, int]:
    """Return the lines' span without the last line's end."""
    first, last = lines
    if last > len(starts):
        raise CitewellError(f"the source has {len(starts)} lines, got lines {first}-{last}")
    start = starts[first - 1]
    if last == len(starts):
        return start, len(text)
    end = starts[last]
    return start, end - (2 if text.startswith("\r\n", end - 2) else 1)


def _of_kind(marks: Sequence[LocatorMark], kind: LocatorKind) -> Sequence[LocatorMark]:
    if not marks:
        raise CitewellError(f"the source has no {kind.value}s; ask for --lines or --chars")
    if marks[0].locator.kind is not kind:
        own = marks[0].locator.kind.value
        raise CitewellError(f"the source has {own}s and no {kind.value}s; ask for --{own}")
    return marks


def _pages(marks: Sequence[LocatorMark], asked: str) -> tuple[int, int]:
    """Return one page by its label, or from the first to the second of "12-14"."""
    labels = [mark.locator.label for mark in marks]
    if asked in labels:
        return _run(labels, asked)
    for dash in ("-", "–"):
        first, _, last = asked.partition(dash)
        if first.strip() in labels and last.strip() in labels:
            start, end = _run(labels, first.strip())[0], _run(labels, last.strip())[1]
            if start < end:
                return start, end
    raise CitewellError(f"the source has no page {asked!r}; its pages are {_listed(labels)}")


def _chapter(marks: Sequence[LocatorMark], asked: str) -> tuple[int, int]:
    """Return a chapter by its label, or by any part of it that no other has."""
    labels = [mark.locator.label for mark in marks]
    found = list(dict.fromkeys(label for label in labels if asked.casefold() in label.casefold()))
    if asked in found or len(found) == 1:
        return _run(labels, asked if asked in found else found[0])
    many = f"{len(found)} chapters" if found else "no chapter"
    raise CitewellError(
        f"{many} of the source called {asked!r}, expected one: {_listed(found or labels)}"
    )


def _run(labels: Sequence[str], label: str) -> tuple[int, int]:
    """Return the first run of marks with that label."""
    first = labels.index(label)
    after = first + 1
    while after < len(labels) and labels[after] == label:
        after += 1
    return first, after


def _times(marks: Sequence[LocatorMark], asked: str) -> tuple[int, int]:
    """Return what is heard at a time, or between the two of "00:12:04-00:13:00"."""
    begin, dash, end = asked.partition("-")
    since = seconds(begin)
    until = seconds(end) if dash else since
    times = [seconds(mark.locator.label) for mark in marks]
    before = [time for time in times if time <= since]
    if not before or until < since:
        raise CitewellError(
            f"nothing is heard at {asked}; the source begins at {marks[0].locator.label}"
        )
    first = times.index(max(before))
    after = first + 1
    while after < len(times) and since <= times[after] <= until:
        after += 1
    return first, after


def seconds(time: str) -> int:
    """Return "1:02:03", "02:03" or "00:02:03.500" in whole seconds. Raises CitewellError."""
    parts = time.strip().replace(",", ".").split(".")[0].split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 9 for part in parts):
        raise CitewellError(f"{time!r} is no time, expected one such as 00:12:04")
    whole = 0
    for part in parts:
        whole = whole * 60 + int(part)
    return whole


def _listed(labels: Sequence[str]) -> str:
    several = list(dict.fromkeys(labels))
    if len(several) <= _MOST_NAMED:
        return ", ".join(several)
    return f"{', '.join(several[: _MOST_NAMED - 1])}, … {several[-1]}"


# ---- a kept citation --------------------------------------------------------------------


def _show_token(given: argparse.Namespace) -> int:
    """Print what the token in `given.source` stands for; 1 when it has changed or is gone.

    Raises CitewellError for a token under which nothing is kept, or that is none.
    """
    from qa.anchoring.citations import TOKEN
    from qa.check.drift import find_drift
    from qa.settings import library_folder
    from qa.store.opening import open_citations

    token = given.source
    for option in ("page", "time", "chapter"):
        if getattr(given, option) is not None:
            raise CitewellError(f"{token} stands for certain words: --{option} is of sources")
    if given.lines is not None or given.chars is not None:
        raise CitewellError(f"{token} stands for certain words: --lines and --chars are of sources")
    if TOKEN.fullmatch(token) is None:
        raise CitewellError(
            f"{token!r} is no token: expected cw: and ten letters or digits, as `qa cite` prints"
        )
    folder = library_folder(given.library)
    with open_store(folder) as store:
        kept = open_citations(folder).find(token)
        if kept is None:
            raise CitewellError(
                f"no citation is kept under {token} in {folder}; `qa drift --all` lists them"
            )
        with store.snapshot():
            (drift,) = find_drift(store, [kept])
            lines = _lines_now(store, drift)
    if given.json:
        print_json(citation_data(drift, lines))
    else:
        for line in citation_lines(drift, lines):
            print(line)
    return 0 if drift.ok else 1


def citation_data(drift: Drift, lines: tuple[int, int] | None) -> dict[str, Any]:
    """Return plain data; all keys always there. `lines` are those of the words now."""
    from qa.as_data import lines_data
    from qa.check.drift import drift_data

    kept = drift.kept
    return {
        "kept": kept.exact,
        "speaker": kept.speaker,
        "date": kept.date,
        "document": kept.document,
        **lines_data(lines),
        **drift_data(drift),
    }


def citation_lines(drift: Drift, lines: tuple[int, int] | None) -> Iterator[str]:
    """Yield the standing, the words as they are or were, and whose they are."""

    kept, now = drift.kept, drift.now
    yield f"{kept.token} {now.standing.value}: {one_line(now.message)}"
    if not now.changes:
        yield f"\n“{safe(kept.exact)}”"
    else:
        yield f"\nwas “{safe(kept.exact)}”"
        yield f"is  “{safe(now.text or '')}”"
        for change in now.changes:
            yield f"    {change.kind}: “{one_line(change.draft)}” → “{one_line(change.source)}”"
    said = [part for part in (kept.speaker, kept.document, kept.date) if part]
    if said:
        yield f"— {one_line(', '.join(said))}"
    if lines is None:
        yield f"was in {one_line(kept.source)}, characters {kept.start}-{kept.end}"
        return
    place = f"lines {lines[0]}-{lines[1]}" if lines[0] != lines[1] else f"line {lines[0]}"
    yield f"{one_line(now.source or '')}, {place}, characters {now.start}-{now.end}"


def _lines_now(store: LibraryReader, drift: Drift) -> tuple[int, int] | None:
    """Return the lines of the source as it is now that hold the words."""
    from qa.locating import line_starts, lines_of
    from qa.store.source_names import text_of

    now = drift.now
    if now.source is None or now.start is None or now.end is None:
        return None
    return lines_of(line_starts(text_of(store, now.source)), now.start, now.end)


COMMANDS = (Command("show", "print a source, a part of it, or a kept citation", _show, _options),)
