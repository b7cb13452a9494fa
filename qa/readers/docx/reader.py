"""DOCX: the stored text is the document's running text as it would be accepted and printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.readers.containers import Attributes, End, Handlers, Start, open_container, read_xml
from qa.readers.declared import link_address
from qa.readers.docx.parts import (
    PREFIXES,
    DocxStyles,
    is_on,
    outline_level,
    part_names,
    relations_of,
)
from qa.readers.office.flow import NOTE, Flow, Item, Paragraph, title_of
from qa.readers.office.references import NoteKey
from qa.readers.office.styles import NO_STYLE, UNKNOWN, ParagraphStyle, property_title, shown
from qa.records import BlockKind, SourceText

# What was struck out, what only a program reads, what stands beside the text, and earlier
# states of properties. A fallback repeats what the choice before it holds.
_SKIPPED = frozenset(
    "w:moveFrom w:delText w:delInstrText w:pPrChange w:rPrChange w:tblPrChange "
    "w:trPrChange w:tcPrChange w:sectPrChange w:tblPrExChange w:tblGridChange w:numberingChange "
    "w:rt w:annotationRef mc:Fallback".split()
)
_CHARACTERS = {"w:tab": "\t", "w:ptab": "\t", "w:cr": "\n", "w:noBreakHyphen": "\u2011"}
# In these nothing is text: `<w:tab/>` there sets a tabulator.
_PROPERTIES = ("w:pPr", "w:rPr", "w:trPr", "w:sdtPr", "w:tabs")
_SPACE = re.compile(r"[\t\r\n]")
_PAGE_BREAKS = frozenset({"page", "column"})
_HYPERLINK = re.compile(r'\s{0,20}HYPERLINK\s{1,20}"([^"]{1,2000})"', re.IGNORECASE)
_LONGEST_CODE = 4_000


def read_docx(data: bytes, path: Path) -> SourceText:
    """Return the text of a Word document with its paragraphs, headings, lists and tables marked.

    Tracked deletions, hidden text, comments, headers, footers, field codes and the numbers
    that Word makes for lists and notes are left out; insertions, field results and text boxes
    are kept. Footnotes, endnotes and text boxes follow the paragraph or table that they stand
    in. A table of contents is NAVIGATION. The title is the only paragraph of the style Title,
    else that of the file's properties; their dates are the file's, not the document's, and
    pages exist only once printed, so neither is given.

    Raises ReadError for what is no DOCX file, is encrypted or damaged, or is not read for
    safety (document types, enormous parts).
    """
    container = open_container(data, path, "a DOCX file")
    names = part_names(container, path)
    container.require(names["document"], "a DOCX file")
    styles = DocxStyles()
    if names.get("styles", "") in container:
        styles.read(container, path, names["styles"])
    body = _Body(styles)
    for kind in ("footnotes", "endnotes"):
        if (part := names.get(kind, "")) in container:
            body.restart(relations_of(container, path, part).addresses)
            read_xml(container.pieces(part), body.handlers(), path, part)
    main = names["document"]
    body.restart(relations_of(container, path, main).addresses)
    read_xml(container.pieces(main), body.handlers(), path, main)
    items = body.flow.items()
    text, blocks, links = body.flow.finish()
    return SourceText(
        text=text,
        format="docx",
        reader="docx/1",
        blocks=blocks,
        title=title_of(items) or property_title(container, path, names["core"]),
        links=links,
    )


@dataclass(slots=True)
class _Field:
    """A field that is open: its code and, once its result is read, where in which paragraph that
    begins."""

    code: list[str] = field(default_factory=list)
    paragraph: Paragraph | None = None
    start: int = 0

    @property
    def address(self) -> str | None:
        """What it links to, if its code makes it a link."""
        match = _HYPERLINK.match("".join(self.code)[:_LONGEST_CODE])
        return link_address(match[1]) if match else None


@dataclass(slots=True)
class _Run:
    """What text is being read into: the state that a text box inside it interrupts."""

    style: ParagraphStyle = NO_STYLE
    listed: bool | None = None
    level: int | None = None
    hidden: bool = False
    mark_deleted: bool = False
    contents: bool = False
    fields: list[_Field] = field(default_factory=list)

    def in_code(self) -> int | None:
        """Return which of the open fields is the first whose code is being read."""
        if not self.fields:
            return None
        codes = (at for at, one in enumerate(self.fields) if one.paragraph is None)
        return next(codes, None)


@dataclass(slots=True)
class _Body:
    """Follows the elements of the document or of its notes, and tells the flow what comes."""

    styles: DocxStyles
    flow: Flow = field(default_factory=Flow)
    addresses: Mapping[str, str] = field(default_factory=dict)
    notes: dict[NoteKey, list[Item]] = field(default_factory=dict)
    run: _Run = field(default_factory=_Run)
    interrupted: list[_Run] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    text: list[str] | None = None
    preserved: bool = False
    # For each content control that is open: whether it holds a table of contents.
    controls: list[bool] = field(default_factory=list)
    prompt: bool = False
    note: NoteKey = ("", "")
    # Of each link that is open, in which paragraph and where it begins, and its address.
    links: list[tuple[Paragraph, int, str | None]] = field(default_factory=list)

    def restart(self, addresses: Mapping[str, str]) -> None:
        """Begin a part that links to those addresses, whatever the one before left open."""
        self.flow, self.run, self.addresses = Flow(), _Run(), addresses

    def handlers(self) -> Handlers:
        start: dict[str, Start] = {
            "w:p": self._paragraph,
            "w:pStyle": self._paragraph_style,
            "w:outlineLvl": self._outline,
            "w:numId": self._number,
            "w:r": self._begin_run,
            "w:rStyle": self._run_style,
            "w:vanish": self._vanish,
            "w:t": self._begin_text,
            "m:t": self._begin_text,
            "w:br": self._break,
            "w:sym": self._symbol,
            "w:fldChar": self._field,
            "w:instrText": self._begin_code,
            "w:hyperlink": self._begin_link,
            "w:fldSimple": self._begin_simple_field,
            "w:del": self._deleted,
            "w:footnoteReference": lambda attributes: self._refer("footnote", attributes),
            "w:endnoteReference": lambda attributes: self._refer("endnote", attributes),
            "w:footnote": lambda attributes: self._begin_note("footnote", attributes),
            "w:endnote": lambda attributes: self._begin_note("endnote", attributes),
            "w:sdt": lambda _: self.controls.append(False),
            "w:docPartGallery": self._gallery,
            "w:showingPlcHdr": self._prompt,
            "w:sdtContent": self._content,
            "w:txbxContent": self._begin_box,
            "w:tbl": lambda _: self.flow.begin_table(),
            "w:tr": lambda _: self.flow.begin_row(),
            "w:tc": lambda _: self.flow.begin_cell(),
        }
        start |= {name: self._writes(character) for name, character in _CHARACTERS.items()}
        start |= {name: self._enters(name) for name in _PROPERTIES}
        end: dict[str, End] = {
            "w:p": self._end_paragraph,
            "w:r": self._end_run,
            "w:t": self._end_text,
            "m:t": self._end_text,
            "w:instrText": self._end_code,
            "w:hyperlink": self._end_link,
            "w:fldSimple": self._end_link,
            "w:footnote": self._end_note,
            "w:endnote": self._end_note,
            "w:sdt": self._end_control,
            "w:txbxContent": self._end_box,
            "w:tbl": self.flow.end_table,
            "w:tc": self.flow.end_cell,
        }
        end |= dict.fromkeys(_PROPERTIES, self._leave)
        return Handlers(PREFIXES, start, end, _SKIPPED, self._characters)

    def _writes(self, character: str) -> Start:
        return lambda _: self._write(character)

    def _enters(self, properties: str) -> Start:
        return lambda _: self.within.append(properties)

    def _leave(self) -> None:
        self.within.pop()

    # ---- paragraphs and runs ---------------------------------------------------------

    def _paragraph(self, attributes: Attributes) -> None:
        # A paragraph whose mark was deleted runs on into this one, which gives the properties.
        self.run = _Run(fields=self.run.fields, contents=self._in_contents())

    def _paragraph_style(self, attributes: Attributes) -> None:
        self.run.style = self.styles.of(attributes.get("w:val", ""))

    def _outline(self, attributes: Attributes) -> None:
        level = outline_level(attributes)
        self.run.level = -1 if level is None else level

    def _number(self, attributes: Attributes) -> None:
        self.run.listed = attributes.get("w:val") != "0"

    def _end_paragraph(self) -> None:
        run = self.run
        # No field's code goes on after its paragraph; a broken one must not hide the rest.
        if (first := run.in_code()) is not None:
            del run.fields[first:]
        if run.mark_deleted:
            return
        paragraph = self.flow.paragraph
        level = run.style.level if run.level is None else run.level
        listed = run.style.listed if run.listed is None else run.listed
        if run.contents or self._in_contents():
            paragraph.kind = BlockKind.NAVIGATION
        elif level is not None and level >= 0:
            paragraph.kind, paragraph.level = BlockKind.HEADING, level
        elif listed:
            paragraph.kind = BlockKind.LIST_ITEM
        else:
            paragraph.kind = run.style.kind or BlockKind.PARAGRAPH
        self.flow.end_paragraph()

    def _begin_run(self, attributes: Attributes) -> None:
        self.run.hidden = self.run.style.hidden

    def _end_run(self) -> None:
        self.run.hidden = False

    def _run_style(self, attributes: Attributes) -> None:
        if self.within != ["w:pPr", "w:rPr"] and self.styles.of(attributes.get("w:val", "")).hidden:
            self.run.hidden = True

    def _vanish(self, attributes: Attributes) -> None:
        # In a paragraph's or content control's properties it is not the text that is meant.
        if self.within == ["w:rPr"]:
            self.run.hidden = is_on(attributes)

    def _deleted(self, attributes: Attributes) -> bool:
        if self.within[-2:] == ["w:pPr", "w:rPr"]:
            self.run.mark_deleted = True
        elif self.within[-1:] == ["w:trPr"]:
            self.flow.drop_row()
        return True

    # ---- characters ------------------------------------------------------------------

    def _write(self, text: str) -> None:
        if not (self.run.hidden or self.within or self.run.in_code() is not None):
            self.flow.write(text)

    def _begin_text(self, attributes: Attributes) -> None:
        self.text = []
        self.preserved = attributes.get("xml:space") == "preserve"

    def _characters(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_text(self) -> None:
        text = _SPACE.sub(" ", "".join(self.text or ()))
        self.text = None
        self._write(text if self.preserved else text.strip(" "))

    def _break(self, attributes: Attributes) -> None:
        self._write("\n\n" if attributes.get("w:type") in _PAGE_BREAKS else "\n")

    def _symbol(self, attributes: Attributes) -> None:
        try:
            position = int(attributes.get("w:char", ""), 16)
        except ValueError:
            self._write(UNKNOWN)
        else:
            self._write(shown(position, attributes.get("w:font", "")))

    # ---- fields and links ------------------------------------------------------------

    def _field(self, attributes: Attributes) -> None:
        kind = attributes.get("w:fldCharType")
        fields, paragraph = self.run.fields, self.flow.paragraph
        if kind == "begin":
            fields.append(_Field())
        elif kind == "separate" and fields:
            fields[-1].paragraph, fields[-1].start = paragraph, paragraph.visible()
        elif kind == "end" and fields:
            ended = fields.pop()
            if ended.paragraph is paragraph:
                paragraph.link(ended.start, ended.address)

    def _begin_code(self, attributes: Attributes) -> None:
        self.text = []
        self.within.append("w:instrText")  # whatever is in it is no text

    def _end_code(self) -> None:
        self._leave()
        if self.run.fields and self.run.fields[-1].paragraph is None:
            self.run.fields[-1].code += self.text or ()
        self.text = None

    def _begin_link(self, attributes: Attributes) -> None:
        self._open_link(self.addresses.get(attributes.get("r:id", "")))

    def _begin_simple_field(self, attributes: Attributes) -> None:
        self._open_link(_Field([attributes.get("w:instr", "")]).address)

    def _open_link(self, address: str | None) -> None:
        paragraph = self.flow.paragraph
        self.links.append((paragraph, paragraph.visible(), link_address(address)))

    def _end_link(self) -> None:
        paragraph, start, address = self.links.pop()
        if paragraph is self.flow.paragraph:
            paragraph.link(start, address)

    # ---- notes, boxes, content controls ----------------------------------------------

    def _refer(self, kind: str, attributes: Attributes) -> None:
        note = kind, attributes.get("w:id", "")
        if note in self.notes and not self.run.hidden:
            self.flow.paragraph.refer(note)
            # Taken out, so that a note referred to a million times is written once.
            self.flow.paragraph.after += self.notes[note]
            self.notes[note] = []

    def _begin_note(self, kind: str, attributes: Attributes) -> bool:
        self.note = (kind, attributes.get("w:id", ""))
        if attributes.get("w:type", "normal") != "normal":
            return True  # the line that separates notes from the text
        self.flow.begin_aside(NOTE, self.note)
        return False

    def _end_note(self) -> None:
        self.flow.end_aside()
        self.notes.setdefault(self.note, self.flow.paragraph.after)
        self.flow.paragraph.after = []

    def _begin_box(self, attributes: Attributes) -> None:
        self.interrupted.append(self.run)
        self.run = _Run()
        self.flow.begin_aside()

    def _end_box(self) -> None:
        self.flow.end_aside()
        self.run = self.interrupted.pop()

    def _in_contents(self) -> bool:
        return any(self.controls)

    def _gallery(self, attributes: Attributes) -> None:
        if self.controls and attributes.get("w:val") == "Table of Contents":
            self.controls[-1] = True

    def _prompt(self, attributes: Attributes) -> None:
        self.prompt = is_on(attributes)

    def _content(self, attributes: Attributes) -> bool:
        prompt, self.prompt = self.prompt, False
        return prompt  # "Click here to enter text" is no text of the document

    def _end_control(self) -> None:
        self.controls.pop()
