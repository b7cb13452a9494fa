"""The page's own files: style sheets, scripts and the log-in page, carried in the package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@cache
def asset_text(name: str) -> str:
    """The text of one file of ui/assets. Raises FileNotFoundError."""
    return files("ui").joinpath("assets", name).read_text(encoding="utf-8")


def media_type(name: str) -> str | None:
    """The media type of a file that browsers may fetch, by its ending; None for any other."""
    return _TYPES.get(name[name.rfind(".") :])
