"""What word processors' styles and properties say of a text, whatever the file's format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from qa.readers.declared import one_line
from qa.readers.xml_events import Attributes, Handlers, read_xml
from qa.readers.zipped import Archive
from qa.records import BlockKind

_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc (?:\d|heading)|index (?:\d|heading)|table of (?:figures|authorities)")
# Word's, LibreOffice's, and those of programs that make documents from Markdown.
_QUOTES = frozenset(
    {"quote", "intense quote", "quotations", "block text", "block quote", "block quotation"}
)
_NO_TITLE = re.compile(
    r"microsoft word - .*|.*\.(?:docx?|dotx?|odt|ott|rtf|txt|pdf|html?)"
    r"|(?:untitled|document|dokument|документ|без имени|documento|sans titre|unbenannt) ?\d*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph's or run's style says. `level` 0 is the title's; None: no heading."""

    level: int | None = None
    kind: BlockKind | None = None
    listed: bool = False
    hidden: bool = False


NO_STYLE = Style()


def by_name(name: str) -> tuple[int | None, BlockKind | None]:
    """What a built-in style is; their names in the file are English in every language."""
    if match := _HEADING.fullmatch(name):
        return int(match[1]), None
    if name == "title":
        return 0, None
    if _CONTENTS.fullmatch(name):
        return None, BlockKind.NAVIGATION
    return None, BlockKind.QUOTE if name in _QUOTES else None


def meaningful_title(value: str) -> str | None:
    """A title from a file's properties; None for those that programs fill in by themselves."""
    title = one_line(value)
    return None if title is None or _NO_TITLE.fullmatch(title) else title


def property_title(archive: Archive, path: Path, part: str) -> str | None:
    """The title among a file's properties (Dublin Core), if it is a meaningful one."""
    if part not in archive:
        return None
    pieces: list[str] = []
    inside: list[bool] = []

    def begin(attributes: Attributes) -> None:
        inside.append(True)

    handlers = Handlers(
        {"http://purl.org/dc/elements/1.1/": "dc"},
        start={"dc:title": begin},
        end={"dc:title": inside.clear},
        text=lambda data: pieces.append(data) if inside else None,
    )
    read_xml(archive.pieces(part), handlers, path, part)
    return meaningful_title("".join(pieces)[:1000])
