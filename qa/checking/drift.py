"""Which kept citations still stand: intact, moved, changed or gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qa.checking.anchors import Resolved, resolve
from qa.checking.kept import Kept, as_annotation
from qa.checking.records import Standing
from qa.library.reader import LibraryReader


@dataclass(frozen=True, slots=True)
class Drift:
    """A kept citation and what became of it."""

    kept: Kept
    now: Resolved

    @property
    def ok(self) -> bool:
        return self.now.standing in (Standing.INTACT, Standing.MOVED)


def find_drift(store: LibraryReader, citations: Iterable[Kept]) -> tuple[Drift, ...]:
    """Each citation with its standing, all against one state of the library."""
    with store.snapshot():
        return tuple(Drift(kept, resolve(store, kept)) for kept in citations)


def drift_data(drift: Drift) -> dict[str, Any]:
    """As plain data for JSON; all keys always there."""
    now = drift.now
    return {
        "token": drift.kept.token,
        "standing": now.standing.value,
        "message": now.message,
        "source": now.source,
        "start": now.start,
        "end": now.end,
        "text": now.text,
        "changes": [
            {"kind": change.kind, "kept": change.draft, "source": change.source}
            for change in now.changes
        ],
        "annotation": as_annotation(drift.kept),
    }


def drift_lines(drifts: Iterable[Drift], *, every: bool = False) -> Iterator[str]:
    """One paragraph for each citation that is not intact, or for each; then the sum."""
    from qa.terminal.safe_text import one_line

    counts = dict.fromkeys(Standing, 0)
    for drift in drifts:
        counts[drift.now.standing] += 1
        if drift.now.standing is Standing.INTACT and not every:
            continue
        where = f"{drift.kept.source} (characters {drift.kept.start}–{drift.kept.end})"
        yield f"{drift.now.standing.value:8} {drift.kept.token}  {one_line(where)}"
        yield f"    “{one_line(drift.kept.exact[:200])}”"
        yield f"    {one_line(drift.now.message)}"
        for change in drift.now.changes:
            yield (
                f"    {change.kind}: was “{one_line(change.draft[:200])}”, "
                f"is “{one_line(change.source[:200])}”"
            )
    yield ", ".join(f"{count} {standing.value}" for standing, count in counts.items())
