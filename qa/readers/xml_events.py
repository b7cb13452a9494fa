"""Reads XML from a stream, piece by piece, with everything refused that can grow or reach out.

Only expat of the standard library is used, and it is never asked for what a document type
declares: no entity but XML's own five is ever expanded, nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from qa.errors import ReadError

MOST_DEPTH = 256
# A book of a thousand pages has half a million.
MOST_ELEMENTS = 3_000_000
# Expat reads an unfinished tag from its beginning again at each piece: long ones cost squares.
_LONGEST_TAG = 4 * 1024 * 1024

Attributes = Mapping[str, str]
# Called with an element's attributes; True leaves the whole element out.
Start = Callable[[Attributes], bool | None]
End = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What to call for which element, by its name "prefix:local" with the prefixes below.

    `prefixes` gives each namespace its prefix, whatever the document itself calls it; an
    element or attribute without namespace has none. Elements named in `skipped` are left out
    with all that is in them. `text` gets the characters between tags.
    """

    prefixes: Mapping[str, str]
    start: Mapping[str, Start] = field(default_factory=dict)
    end: Mapping[str, End] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    text: Callable[[str], None] | None = None


def read_xml(
    pieces: Iterable[bytes], handlers: Handlers, path: Path, part: str, *, doctype: bool = False
) -> None:
    """Parse `pieces` of one document and call the handlers in document order.

    `part` names the document inside the file `path` for errors. A document type is refused,
    save one without declarations of its own where `doctype` allows it (it isn't fetched).
    Raises ReadError for that, for XML that is not well-formed, for what nests deeper than
    `MOST_DEPTH` elements and for more than `MOST_ELEMENTS`.
    """
    events = _Events(handlers, path, part, doctype)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = events.doctype_found
    parser.StartElementHandler = events.started
    parser.EndElementHandler = events.ended
    if handlers.text is not None:
        parser.CharacterDataHandler = events.characters
    try:
        read = 0
        for piece in pieces:
            parser.Parse(piece, False)
            read += len(piece)
            if read - parser.CurrentByteIndex > _LONGEST_TAG + len(piece):
                raise ReadError(path, f"holds a tag of more than {_LONGEST_TAG:,} bytes in {part}")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        line = error.lineno
        why = expat.ErrorString(error.code)
        raise ReadError(
            path, f"is damaged: {part} is no proper XML ({why}, line {line})"
        ) from error
    except (LookupError, ValueError) as error:  # an encoding that Python or expat lacks
        raise ReadError(path, f"is damaged: {part} is in an unknown encoding") from error


@dataclass(slots=True)
class _Events:
    """Between expat and the handlers: short names, depth, and elements left out."""

    handlers: Handlers
    path: Path
    part: str
    doctype: bool
    depth: int = 0
    elements: int = 0
    skipping: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def doctype_found(self, name: str, system: Any, public: Any, internal: int) -> None:
        if internal or not self.doctype:
            what = "declares entities or a document type (DTD)"
            raise ReadError(self.path, f"{what} in {self.part}, which is not read for safety")

    def started(self, raw: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise ReadError(
                self.path, f"is too large: over {MOST_ELEMENTS:,} elements in {self.part}"
            )
        if self.depth > MOST_DEPTH:
            raise ReadError(
                self.path, f"nests elements deeper than {MOST_DEPTH} in {self.part}; not read"
            )
        if self.skipping:
            self.skipping += 1
            return
        name = self.names.get(raw) or self._short(raw)
        if name in self.handlers.skipped:
            self.skipping = 1
            return
        handler = self.handlers.start.get(name)
        if handler is not None:
            named = {self.names.get(key) or self._short(key): attributes[key] for key in attributes}
            if handler(named):
                self.skipping = 1

    def ended(self, raw: str) -> None:
        self.depth -= 1
        if self.skipping:
            self.skipping -= 1
            return
        handler = self.handlers.end.get(self.names.get(raw) or self._short(raw))
        if handler is not None:
            handler()

    def characters(self, data: str) -> None:
        if not self.skipping and self.handlers.text is not None:
            self.handlers.text(data)

    def _short(self, raw: str) -> str:
        space, _, local = raw.rpartition(" ")
        name = f"{self.handlers.prefixes.get(space, '?')}:{local}" if space else local
        if len(self.names) < 10_000:  # a hostile file may never use a name twice
            self.names[raw] = name
        return name
