"""What an OpenDocument file's styles say: which make headings, which hide what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.readers.xml_events import Attributes, Handlers, Start, read_xml
from qa.readers.zipped import Archive

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES: Mapping[str, str] = {
    **{f"{_OASIS}{name}:1.0": name for name in ("office", "text", "table", "style", "manifest")},
    f"{_OASIS}drawing:1.0": "draw",
    f"{_OASIS}svg-compatible:1.0": "svg",
}
_DEEPEST_HEADING = 10


@dataclass(slots=True)
class _Style:
    parent: str = ""
    level: int | None = None
    hidden: bool = False


@dataclass(slots=True)
class Styles:
    """What of the styles matters here: which make headings, which hide what they are for."""

    _entries: dict[str, _Style] = field(default_factory=dict)
    _now: _Style = field(default_factory=_Style)

    def read(self, archive: Archive, path: Path, part: str) -> None:
        start: dict[str, Start] = {
            "style:style": self._style,
            "style:text-properties": self._properties,
            "style:section-properties": self._properties,
        }
        skipped = frozenset({"office:body", "office:master-styles"})
        read_xml(archive.pieces(part), Handlers(PREFIXES, start, skipped=skipped), path, part)

    def _style(self, attributes: Attributes) -> None:
        level = attributes.get("style:default-outline-level", "")
        self._now = _Style(
            attributes.get("style:parent-style-name", ""),
            rank(level) if level else None,
        )
        self._entries[attributes.get("style:name", "")] = self._now

    def _properties(self, attributes: Attributes) -> None:
        if attributes.get("text:display") == "none":
            self._now.hidden = True

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        while name and name not in chain and len(chain) < 50:
            chain.append(name)
            name = self._entries[name].parent if name in self._entries else ""
        return chain

    def level(self, name: str) -> int | None:
        """The rank of headings of that style, 0 for the title's; None if it is for text."""
        for one in self._chain(name):
            if one == "Title":
                return 0
            if one in self._entries and (level := self._entries[one].level) is not None:
                return level
        return None

    def is_quote(self, name: str) -> bool:
        return "Quotations" in self._chain(name)

    def hides(self, name: str) -> bool:
        return any(one in self._entries and self._entries[one].hidden for one in self._chain(name))


def rank(level: str) -> int:
    return min(int(level), _DEEPEST_HEADING) if level.isdecimal() and level[:3] != "0" else 1
