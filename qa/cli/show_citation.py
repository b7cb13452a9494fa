"""`qa show TOKEN`: one kept citation as it stands now, with who says its words, when and where."""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from qa.anchoring.citations import TOKEN
from qa.check.drift import Drift, drift_data, find_drift
from qa.errors import CitewellError
from qa.lines import line_starts
from qa.safe_text import one_line, safe, safe_json
from qa.store.sqlite.reader import LibraryReader


def run_show_token(given: argparse.Namespace) -> int:
    """Print what the token in `given.source` stands for; 1 when it has changed or is gone.

    Raises CitewellError for a token under which nothing is kept, or that is none.
    """
    from qa.anchoring.registry import Registry
    from qa.settings import library_folder
    from qa.store.sqlite.store import Store

    token = given.source
    if given.lines is not None or given.chars is not None:
        raise CitewellError(f"{token} stands for certain words: --lines and --chars are of sources")
    if TOKEN.fullmatch(token) is None:
        raise CitewellError(
            f"{token!r} is no token: expected cw: and ten letters or digits, as `qa cite` prints"
        )
    folder = library_folder(given.library)
    with Store.open(folder, identity=None, versions=None, read_only=True) as store:
        kept = Registry(folder).find(token)
        if kept is None:
            raise CitewellError(
                f"no citation is kept under {token} in {folder}; `qa drift --all` lists them"
            )
        with store.snapshot():
            (drift,) = find_drift(store, [kept])
            lines = _lines(store, drift)
    if given.json:
        print(safe_json(json.dumps(citation_data(drift, lines), ensure_ascii=False, indent=2)))
    else:
        for line in citation_lines(drift, lines):
            print(line)
    return 0 if drift.ok else 1


def citation_data(drift: Drift, lines: tuple[int, int] | None) -> dict[str, Any]:
    """As plain data for JSON; all keys always there. `lines` are those of the words now."""
    kept = drift.kept
    return {
        "kept": kept.exact,
        "speaker": kept.speaker,
        "date": kept.date,
        "document": kept.document,
        "line_start": lines[0] if lines else None,
        "line_end": lines[1] if lines else None,
        **drift_data(drift),
    }


def citation_lines(drift: Drift, lines: tuple[int, int] | None) -> Iterator[str]:
    """The standing, the words as they are or were, and whose they are."""
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


def _lines(store: LibraryReader, drift: Drift) -> tuple[int, int] | None:
    """The lines of the source as it is now that hold the words, 1-based, both inclusive."""
    now = drift.now
    if now.source is None or now.start is None or now.end is None:
        return None
    starts = line_starts(store.text(now.source))
    return bisect_right(starts, now.start), bisect_right(starts, max(now.start, now.end - 1))
