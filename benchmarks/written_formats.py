"""Writes a small valid file of each format that is read, in memory, by the standard library alone.

What hostile files are bent from, what fuzzing mutates, and what a mixed folder is filled with. The
packages (docx, odt, epub) hold only the parts that a reader must look at.
"""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LINES_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class Written:
    """What a file is to say. `date` is ISO, or None; `paragraphs` are plain text."""

    title: str
    date: str | None
    paragraphs: Sequence[str]


def txt(written: Written) -> bytes:
    head = [written.title, *([written.date] if written.date else [])]
    return ("\n\n".join([*head, *written.paragraphs]) + "\n").encode()


def markdown(written: Written) -> bytes:
    date = f"date: {written.date}\n" if written.date else ""
    body = "\n\n".join(written.paragraphs)
    return f'---\ntitle: "{written.title}"\n{date}---\n\n# {written.title}\n\n{body}\n'.encode()


def html(written: Written) -> bytes:
    date = f'<meta name="date" content="{written.date}">' if written.date else ""
    body = "".join(f"<p>{escape(text)}</p>\n" for text in written.paragraphs)
    title = escape(written.title)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>{date}</head>'
        f"<body><nav><a href='/'>Home</a></nav><main><h1>{title}</h1>\n{body}</main></body></html>"
    ).encode()


def packed(members: Mapping[str, bytes | str], *, stored: Sequence[str] = ()) -> bytes:
    """A ZIP archive with these members, in this order; those in `stored` are not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # A date of its own would make the bytes another time other bytes.
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()


def docx_members(written: Written) -> dict[str, bytes | str]:
    """A DOCX's parts by name, to be packed as they are or bent first."""
    body = "".join(
        f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in written.paragraphs
    )
    heading = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
        f"<w:r><w:t>{escape(written.title)}</w:t></w:r></w:p>"
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{package}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f"{_XML}<cp:coreProperties "
        f'xmlns:cp="{package}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(written.title)}</dc:title></cp:coreProperties>",
        "word/styles.xml": f'{_XML}<w:styles xmlns:w="{W}">'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>',
        "word/document.xml": f'{_XML}<w:document xmlns:w="{W}"><w:body>{heading}{body}'
        "<w:sectPr/></w:body></w:document>",
    }


def docx(written: Written) -> bytes:
    return packed(docx_members(written))


def odt_members(written: Written) -> dict[str, bytes | str]:
    """An ODT's parts by name."""
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in written.paragraphs)
    title = escape(written.title)
    meta = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return {
        "mimetype": ODT_TYPE,
        "content.xml": f'{_XML}<office:document-content xmlns:office="{OFFICE}" '
        f'xmlns:text="{TEXT}" xmlns:table="{TABLE}" office:version="1.3"><office:body><office:text>'
        f'<text:h text:outline-level="1">{title}</text:h>{body}'
        "</office:text></office:body></office:document-content>",
        "meta.xml": f'{_XML}<office:document-meta xmlns:office="{OFFICE}" xmlns:meta="{meta}" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
        f"<office:meta><dc:title>{title}</dc:title></office:meta></office:document-meta>",
        "META-INF/manifest.xml": f'{_XML}<manifest:manifest xmlns:manifest="{manifest}" '
        'manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>",
    }


def odt(written: Written) -> bytes:
    return packed(odt_members(written), stored=["mimetype"])


def epub_members(written: Written, chapters: int = 2) -> dict[str, bytes | str]:
    """An EPUB's parts by name; the paragraphs are dealt out to the chapters in order."""
    share = -(-len(written.paragraphs) // chapters)
    parts = [written.paragraphs[at * share : (at + 1) * share] for at in range(chapters)]
    names = [f"chapter{number}.xhtml" for number in range(1, chapters + 1)]
    date = f"<dc:date>{written.date}</dc:date>" if written.date else ""
    items = "".join(
        f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{at}"/>' for at in range(chapters))
    links = "".join(
        f'<li><a href="{name}">Chapter {at}</a></li>' for at, name in enumerate(names, 1)
    )
    xhtml = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
    pages = {
        f"OEBPS/{name}": f"{_XML}<html {xhtml}><head><title>{escape(written.title)}</title></head>"
        f"<body><h1>Chapter {at}</h1>"
        + "".join(f"<p>{escape(text)}</p>" for text in part)
        + "</body></html>"
        for at, (name, part) in enumerate(zip(names, parts, strict=True), 1)
    }
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'{_XML}<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>",
        "OEBPS/content.opf": f'{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:x</dc:identifier><dc:title>{escape(written.title)}</dc:title>'
        f"<dc:language>en</dc:language>{date}</metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f"</manifest><spine>{spine}</spine></package>",
        "OEBPS/nav.xhtml": f"{_XML}<html {xhtml}><head><title>Contents</title></head><body>"
        f'<nav epub:type="toc"><ol>{links}</ol></nav></body></html>',
        **pages,
    }


def epub(written: Written) -> bytes:
    return packed(epub_members(written), stored=["mimetype"])


def rtf(written: Written) -> bytes:
    body = "\\par\n".join(_rtf_text(text) for text in (written.title, *written.paragraphs))
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Times;}}"
        f"{{\\info{{\\title {_rtf_text(written.title)}}}}}\n{body}\\par\n}}"
    ).encode("ascii")


def _rtf_text(text: str) -> str:
    out = []
    for character in text:
        if character in "\\{}":
            out.append("\\" + character)
        elif character.isascii():
            out.append(character)
        else:
            units = character.encode("utf-16-le")
            for at in range(0, len(units), 2):
                unit = int.from_bytes(units[at : at + 2], "little")
                out.append(f"\\u{unit - 65536 if unit > 32767 else unit}?")
    return "".join(out)


def pdf_file(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects by number, with a cross-reference table; object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        at = places.get(number)
        out += b"%010d 00000 n \n" % at if at is not None else b"0000000000 00001 f \n"
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def pdf_stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def pdf_page_text(lines: Sequence[str]) -> bytes:
    """A page's content: these lines from the top, in the page's font F1."""
    shown = []
    for line in lines:
        text = line.encode("cp1252", "replace")
        for mark in (b"\\", b"(", b")"):
            text = text.replace(mark, b"\\" + mark)
        shown.append(b"(" + text + b") Tj T*")
    return b"BT /F1 11 Tf 14 TL 72 760 Td\n" + b"\n".join(shown) + b"\nET"


PDF_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf_objects(pages: Sequence[Sequence[str]], title: str = "") -> dict[int, bytes]:
    """A document's objects: 1 catalogue, 2 page tree, 3 font, 4 information, then two a page."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * at) for at in range(len(pages)))
    # A PDF's text string is UTF-16 if it begins with the mark; hexadecimal needs no escapes.
    name = ("\ufeff" + title).encode("utf-16-be").hex().encode()
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        3: PDF_FONT,
        4: b"<< /Title <%s> >>" % name,
    }
    for at, lines in enumerate(pages):
        number = 5 + 2 * at
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        objects[number + 1] = pdf_stream(pdf_page_text(lines))
    return objects


def pdf(written: Written) -> bytes:
    lines = [written.title, ""]
    for text in written.paragraphs:
        lines += [*textwrap.wrap(text, 80), ""]
    pages = [lines[at : at + _LINES_A_PAGE] for at in range(0, len(lines), _LINES_A_PAGE)]
    return pdf_file(pdf_objects(pages, written.title), b"/Root 1 0 R /Info 4 0 R")


def eml(written: Written) -> bytes:
    day = written.date or "2024-01-01"
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    date = f"{int(day[8:10] or 1)} {months[int(day[5:7] or 1) - 1]} {day[:4]} 10:00:00 +0000"
    body = "\r\n\r\n".join(written.paragraphs)
    return (
        "From: Ada Brandt <ada@example.org>\r\nTo: clerk@example.org\r\n"
        f"Subject: {written.title}\r\nDate: {date}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        f"{body}\r\n"
    ).encode()


def _time(second: int, point: str) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{point}000"


def srt(written: Written) -> bytes:
    cues = [
        f"{at + 1}\n{_time(5 * at, ',')} --> {_time(5 * at + 4, ',')}\n{text}\n"
        for at, text in enumerate(written.paragraphs)
    ]
    return "\n".join(cues).encode()


def vtt(written: Written) -> bytes:
    cues = [
        f"{_time(5 * at, '.')} --> {_time(5 * at + 4, '.')}\n{escape(text)}\n"
        for at, text in enumerate(written.paragraphs)
    ]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


# Suffix to writer.
WRITERS: Mapping[str, Callable[[Written], bytes]] = MappingProxyType(
    {
        "txt": txt,
        "md": markdown,
        "html": html,
        "docx": docx,
        "odt": odt,
        "rtf": rtf,
        "epub": epub,
        "pdf": pdf,
        "eml": eml,
        "srt": srt,
        "vtt": vtt,
    }
)
