"""Small office documents and books, built by hand from their parts."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

from hypothesis import strategies as st

from qa.records import BlockKind, SourceText

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMESPACES = (
    f'xmlns:w="{W}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("manifest", "manifest"),
    )
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def blocks(source: SourceText) -> list[tuple[str, str]]:
    """Each block's kind, with a heading's rank, and its text."""
    return [
        (
            f"{block.kind.value} {block.level}"
            if block.kind is BlockKind.HEADING
            else block.kind.value,
            source.text[block.start : block.end],
        )
        for block in source.blocks
    ]


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# ---- Word ----------------------------------------------------------------------------------


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph; plain strings in `content` become runs, markup stays."""
    runs = "".join(part if part.startswith("<") else run(part) for part in content)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of cells that hold markup or, as plain strings, one paragraph."""
    cells = [
        "".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in row)
        for row in rows
    ]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>'
    f'<w:basedOn w:val="{based}"/><w:pPr>{properties}</w:pPr></w:style>'
    for identity, name, based, properties in (
        ("Standard", "Normal", "", ""),
        ("Titel", "Title", "Standard", ""),
        ("berschrift1", "heading 1", "Standard", '<w:outlineLvl w:val="0"/>'),
        ("berschrift2", "heading 2", "berschrift1", '<w:outlineLvl w:val="1"/>'),
        ("Amtlich", "Amtlich", "berschrift2", ""),
        ("Verzeichnis1", "toc 1", "Standard", ""),
        ("Aufzhlung", "List Bullet", "Standard", '<w:numPr><w:numId w:val="3"/></w:numPr>'),
        ("Zitat", "Quote", "Standard", ""),
    )
)


def notes(kind: str, *texts: str) -> str:
    """The part of footnotes or endnotes, with the line that separates them from the text."""
    separator = (
        f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:t>___</w:t></w:r></w:p></w:{kind}>'
    )
    each = "".join(
        f'<w:{kind} w:id="{number}">{paragraph(text)}</w:{kind}>'
        for number, text in enumerate(texts, 1)
    )
    return f"<w:{kind}s {_NAMESPACES}>{separator}{each}</w:{kind}s>"


def refer(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def docx_members(
    body: str,
    *,
    styles: str = STYLES,
    title: str | None = None,
    parts: Mapping[str, str] | None = None,
) -> dict[str, str | bytes]:
    """The members of a DOCX file; `parts` maps "footnotes" and the like to their XML."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_NAMESPACES}>{styles}</w:styles>",
    }
    names = {"styles": "styles.xml", **{kind: f"{kind}.xml" for kind in parts or {}}}
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for kind, target in names.items()
    )
    members["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
    )
    for kind, content in (parts or {}).items():
        members[f"word/{kind}.xml"] = content
    if title is not None:
        members["docProps/core.xml"] = (
            f'<c:coreProperties xmlns:c="{_PACKAGE}/metadata/core-properties" {_DC}>'
            f"<dc:title>{escape(title)}</dc:title></c:coreProperties>"
        )
    return members


def docx(body: str, *, title: str | None = None, parts: Mapping[str, str] | None = None) -> bytes:
    return zipped(docx_members(body, title=title, parts=parts))


def docx_of_lines(lines: Sequence[str]) -> bytes:
    """Each line a paragraph of its own, an empty one an empty paragraph: as texts are pasted."""
    return docx("".join(paragraph(run(line)) if line else "<w:p/>" for line in lines))


# ---- OpenDocument --------------------------------------------------------------------------


def odt_members(
    body: str, *, styles: str = "", automatic: str = "", title: str | None = None
) -> dict[str, str | bytes]:
    members: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": f"<manifest:manifest {_ODF}/>",
        "styles.xml": f"<office:document-styles {_ODF}><office:styles>{styles}</office:styles>"
        "</office:document-styles>",
        "content.xml": f"<office:document-content {_ODF}>"
        f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
    }
    if title is not None:
        members["meta.xml"] = (
            f"<office:document-meta {_ODF} {_DC}><office:meta><dc:title>{escape(title)}</dc:title>"
            "</office:meta></office:document-meta>"
        )
    return members


def odt(body: str, *, styles: str = "", automatic: str = "", title: str | None = None) -> bytes:
    return zipped(odt_members(body, styles=styles, automatic=automatic, title=title))


def odt_of_lines(lines: Sequence[str]) -> bytes:
    return odt("".join(f"<text:p>{escape(line)}</text:p>" for line in lines))


# ---- RTF -----------------------------------------------------------------------------------

RTF_HEAD = (
    r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fswiss\fcharset204 Arial Cyr;}"
    r"{\f2\fnil\fcharset2 Symbol;}{\f3\fnil\fcharset128 Mincho;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2\outlinelevel1 heading 2;}"
    r"{\s3 Title;}{\s4 toc 1;}{\*\cs10 Default;}}"
)


def rtf(body: str, *, head: str = RTF_HEAD) -> bytes:
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{head}{body}}}".encode("latin-1")


def rtf_of_lines(lines: Sequence[str]) -> bytes:
    return rtf("".join(rf"\pard\plain {rtf_text(line)}\par" + "\n" for line in lines))


def rtf_text(text: str) -> str:
    units = (
        int.from_bytes(text.encode("utf-16-le")[at : at + 2], "little", signed=True)
        for at in range(0, len(text.encode("utf-16-le")), 2)
    )
    return "".join(
        chr(unit) if 32 <= unit < 127 and chr(unit) not in "\\{}" else rf"\u{unit}?"
        for unit in units
    )


# ---- EPUB ----------------------------------------------------------------------------------

_XHTML = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'


def xhtml(body: str, head: str = "<title/>") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><html {_XHTML}><head>{head}</head>'
        f"<body>{body}</body></html>"
    )


def epub_members(
    pages: Mapping[str, str],
    *,
    nav: str | None = None,
    ncx: str | None = None,
    metadata: str = "<dc:title>The Book</dc:title>",
    outside: Sequence[str] = (),
    folder: str = "OEBPS/",
) -> dict[str, str | bytes]:
    """The members of a book of `pages` (name as in the manifest, content) in reading order."""
    items = "".join(
        f'<item id="p{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(pages)
    )
    spine = "".join(
        f'<itemref idref="p{number}" linear="{"no" if name in outside else "yes"}"/>'
        for number, name in enumerate(pages)
    )
    if nav is not None:
        items += (
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        )
    if ncx is not None:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            f'<rootfile full-path="{folder}book.opf" media-type="application/oebps-package+xml"/>'
            "</rootfiles></container>"
        ),
        f"{folder}book.opf": (
            f'<package xmlns="http://www.idpf.org/2007/opf" {_DC} '
            'xmlns:opf="http://www.idpf.org/2007/opf">'
            f"<metadata>{metadata}</metadata><manifest>{items}</manifest>"
            f'<spine toc="ncx">{spine}</spine></package>'
        ),
    }
    if nav is not None:
        members[f"{folder}nav.xhtml"] = xhtml(f'<nav epub:type="toc"><h1>Contents</h1>{nav}</nav>')
    if ncx is not None:
        members[f"{folder}toc.ncx"] = (
            '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://localhost/ncx.dtd">'
            f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>'
        )
    for name, content in pages.items():
        members[folder + name.replace("%20", " ")] = content
    return members


def nav_point(label: str, target: str, inner: str = "") -> str:
    return f'<navPoint><navLabel><text>{label}</text></navLabel><content src="{target}"/>{inner}</navPoint>'


# ---- any markup ----------------------------------------------------------------------------


def trees(names: Sequence[str], attributes: Sequence[str]) -> st.SearchStrategy[str]:
    """Well-formed markup of those elements, nested in every way, with words between."""
    words = st.sampled_from(["", "word", " ", "two words"])

    def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        parts = st.tuples(st.sampled_from(names), st.sampled_from(attributes), st.lists(inside))
        return parts.map(lambda part: f"<{part[0]} {part[1]}>{''.join(part[2])}</{part[0]}>")

    return st.lists(st.recursive(words, element, max_leaves=40), max_size=5).map("".join)


def assert_in_order(source: SourceText) -> None:
    """Blocks are in the text, in order, apart, and none is blank or ends in white space."""
    at = 0
    for block in source.blocks:
        assert at <= block.start < block.end <= len(source.text)
        held = source.text[block.start : block.end]
        assert held.strip()
        assert held == held.rstrip().lstrip("\n")
        assert not source.text[at : block.start].strip()
        at = block.end
    assert not source.text[at:].strip()
    assert_links_in_order(source)


def assert_links_in_order(source: SourceText) -> None:
    """Links are in the text, in order, apart and about words; notes' marks point at notes."""
    at = 0
    notes = [block for block in source.blocks if block.kind is BlockKind.NOTE]
    for link in source.links:
        assert at <= link.start <= link.end <= len(source.text)
        at = link.end
        words = source.text[link.start : link.end]
        assert words == words.strip()
        if isinstance(link.target, str):
            assert words
            assert link.target.strip()
        else:
            assert not words
            assert link.target.start in {note.start for note in notes}
            assert link.target.end in {note.end for note in notes}
