"""The library page: listing sources, removing them, verifying, and what was uploaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qa import CitewellError
from ui.additions import Additions
from ui.corrections import correction_calls
from ui.desk import Call, Desk

_MOST_PROBLEMS = 50


def library_calls(desk: Desk) -> dict[str, Call]:
    """Return what the page's scripts call, by name."""
    return {
        "library_list": lambda data, person: _list(desk),
        "library_remove": lambda data, person: _remove(data, desk),
        "library_verify": lambda data, person: _verify(desk),
        "upload_status": lambda data, person: {
            "jobs": _additions(desk).status(person, [str(id) for id in data["ids"]][:200])
        },
        "upload_cancel": lambda data, person: _cancel(data, person, desk),
        **correction_calls(desk),
    }


def _additions(desk: Desk) -> Additions:
    if desk.additions is None:
        raise CitewellError("this library is served for reading only")
    return desk.additions


def _cancel(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    _additions(desk).cancel(person, str(data["id"]))
    return {}


def _list(desk: Desk) -> dict[str, Any]:
    contents = desk.catalogue.contents(fresh=True)
    additions = desk.additions
    return {
        "can_change": desk.additions is not None,
        "documents": contents.documents,
        "passages": contents.passages,
        "size": desk.library.size(),
        "sources": [
            {
                "name": contents.names[source.path],
                "upload": Path(source.path).name
                if additions is not None and additions.uploaded(Path(source.path))
                else None,
                "title": source.title,
                "format": source.format,
                "size": source.size,
                "added_at": source.added_at,
                "characters": source.characters,
                "documents": source.documents,
                "turns": source.turns,
                "passages": source.passages,
            }
            for source in contents.sources
        ],
    }


def _remove(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    additions = _additions(desk)
    path = desk.library.remove(desk.catalogue.path(data["source"]))
    # Only what was uploaded here is deleted from the disk; people's own files are theirs. An
    # archive goes with the last source that is in it.
    for file in (Path(path), *Path(path).parents):
        if additions.uploaded(file) and not desk.library.paths_in(file.as_posix()):
            file.unlink(missing_ok=True)
    desk.catalogue.contents(fresh=True)
    return {}


def _verify(desk: Desk) -> dict[str, Any]:
    report = desk.library.verify()
    return {
        "ok": report.ok,
        "rows": sum(count.rows for count in report.rows),
        "problems": [
            f"{problem.table} {problem.row or ''}: {problem.what}"
            for problem in report.problems[:_MOST_PROBLEMS]
        ],
    }
