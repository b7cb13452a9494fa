"""Inputs for fuzzing, from a source of chance: bent files of each format, and hostile text.

All chance comes from the `random.Random` that is given, so an input follows from its seed alone,
and a test may pass hypothesis's own and have its finds made smaller.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from types import MappingProxyType

from benchmarks.written_formats import (
    WRITERS,
    Written,
    packed,
    pdf_file,
    pdf_objects,
    pdf_page_text,
    pdf_stream,
)

_PAPERS = (
    Written(
        "The Quay and its Cranes",
        "2024-03-04",
        [
            "Ada Brandt: The quay has seven cranes, and the eighth was sold in spring.",
            "“We counted them twice,” said the clerk – in the rain.",
            "Ines Kolar: Who sold it?",
            "Набережная и краны. 波止場には七つのクレーンがある。",
            "The vote was 7 to 5 on 12 May 2023.",
        ],
    ),
    Written("Note", None, ["One sentence.", "Another 😀 one."]),
)
# What means something to the parsers of each format; put into files at random places.
_WORDS: Mapping[str, Sequence[bytes]] = MappingProxyType(
    {
        "txt": (b"\n\n", b"Q: ", b"* * *", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\r", b"12 May"),
        "md": (
            b"---\n",
            b"# ",
            b"> ",
            b"- ",
            b"```",
            b"|--|\n",
            b"[a]: b",
            b"<div>",
            b"\t",
            b"===\n",
        ),
        "html": (
            *(b"<p>", b"</p>", b"<!--", b"-->", b"<script>", b"<table><tr><td>", b"<svg>", b"&#0;"),
            *(
                b"<template>",
                b"</body>",
                b"<meta charset=utf-7>",
                b"<pre>",
                b"<ul><li>",
                b"<![CDATA[",
            ),
        ),
        "xml": (
            *(
                b"<!DOCTYPE x [",
                b"]>",
                b"<![CDATA[",
                b"]]>",
                b"&lt;",
                b"&#xD800;",
                b"<?xml?>",
                b"<!--",
            ),
            *(
                b"<w:tbl>",
                b"<w:tr>",
                b"<w:tc>",
                b"</w:p>",
                b"<w:footnoteReference w:id='1'/>",
                b"<w:br/>",
            ),
            *(b"<text:s text:c='999'/>", b"<text:p>", b"<text:note>", b"<table:table-cell "),
            *(b"<item href='../../x'/>", b"<itemref idref='c1'/>", b"<w:del>", b"<w:instrText>"),
        ),
        "rtf": (
            *(
                b"{",
                b"}",
                b"\\par ",
                b"\\u-1?",
                b"\\bin9 ",
                b"\\'e9",
                b"\\uc0 ",
                b"{\\*\\x",
                b"\\ansicpg932",
            ),
            *(
                b"\\row",
                b"\\cell",
                b"{\\footnote ",
                b"\\page ",
                b"{\\field",
                b"\\fs-99999999999",
                b"\\",
            ),
        ),
        "pdf": (
            *(
                b"<<",
                b">>",
                b"[",
                b"]",
                b"1 0 R",
                b"5 0 R",
                b"endobj",
                b"stream\n",
                b"/Filter /FlateDecode",
            ),
            *(
                b"/Length 99999",
                b"(",
                b")",
                b"<FEFF",
                b"BT",
                b"ET",
                b"Tj",
                b"/Kids",
                b"null",
                b"-1",
                b"1e99",
            ),
            *(
                b"/DecodeParms",
                b"/Encrypt",
                b"xref",
                b"trailer",
                b"9999999999",
                b"/F1 0 Tf",
                b"0 0 0 0 0 0 Tm",
            ),
        ),
        "eml": (
            *(
                b"Content-Type: multipart/mixed; boundary=b\r\n",
                b"--b\r\n",
                b"--b--",
                b"\r\n\r\n",
                b"\r\n ",
            ),
            *(
                b"Content-Transfer-Encoding: base64\r\n",
                b"=?utf-8?Q?=41?=",
                b"charset=utf-7",
                b"message/rfc822",
            ),
            *(
                b"> ",
                b"Date: ",
                b"From: ",
                b"<a@b>",
                b"On 1 May X wrote:\r\n",
                b"text/html",
                b"-- \r\n",
            ),
        ),
        "srt": (
            b"\n\n",
            b" --> ",
            b"00:00:01,000",
            b"-->",
            b"99:99:99,999",
            b"1\n",
            b"<i>",
            b"{\\an8}",
            b"ADA: ",
        ),
        "vtt": (
            *(
                b"WEBVTT\n\n",
                b"NOTE ",
                b"STYLE\n",
                b"REGION\n",
                b" --> ",
                b"00:01.000",
                b"<v Ada>",
                b"</v>",
            ),
            *(b"<00:00:01.000>", b"&amp;", b"<c.x>", b"\n\n", b"align:start", b"\x00"),
        ),
    }
)
# Elements and words that may stand between any two tags of such a document.
_ELEMENTS = (
    *(b"<w:p><w:r><w:t>Rain.</w:t></w:r></w:p>", b"<w:r><w:br/></w:r>", b"<w:tab/>", b"<w:cr/>"),
    *(
        b"<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        b"<w:r><w:t/></w:r>",
        b"<w:noBreakHyphen/>",
    ),
    *(b"<w:pPr><w:pStyle w:val='Heading1'/></w:pPr>", b"<w:footnoteReference w:id='1'/>"),
    *(b"<w:del><w:r><w:delText>x</w:delText></w:r></w:del>", b"<w:ins/>", b"<w:txbxContent/>"),
    *(b"<w:fldChar w:fldCharType='begin'/>", b"<w:instrText>X</w:instrText>", b"<w:p/>", b"<x/>"),
    *(b"<text:p>Rain.</text:p>", b"<text:s text:c='7'/>", b"<text:tab/>", b"<text:line-break/>"),
    *(b"<text:h text:outline-level='2'>H</text:h>", b"<text:list><text:list-item/></text:list>"),
    *(b"<table:table><table:table-row><table:table-cell/></table:table-row></table:table>",),
    *(b"<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note>", b"<text:p/>"),
    *(b"<itemref idref='c1'/>", b"<item id='q' href='../x.xhtml' media-type='text/html'/>"),
    *(b"<p>Rain.</p>", b"<br/>", b"<hr/>", b"<h2>H</h2>", b"<li>i</li>", b"<!-- c -->", b"<?p i?>"),
    *(
        b"&lt;b&gt;",
        b"&#8212;",
        b"\xe2\x80\x9cRain\xe2\x80\x9d",
        b"<![CDATA[<b>]]>",
        b" \n ",
        b"x" * 500,
    ),
)
_BETWEEN = re.compile(rb">(?=[^<>]*<)")
_ELEMENT = re.compile(rb"<([\w:]{1,40})(?: [^<>]{0,200})?>[^<>]{0,400}</\1>")
_ODD = (0, 1, 9, 10, 13, 27, 32, 34, 60, 127, 128, 160, 195, 237, 254, 255)
_MOST_CHANGES = 6
_LONGEST_REPEAT = 200


@cache
def seeds(suffix: str) -> tuple[bytes, ...]:
    """Valid files of a format."""
    if suffix == "zip":
        members = {f"folder/a.{name}": write(_PAPERS[1]) for name, write in WRITERS.items()}
        return (packed(members), packed({"a.txt": "One sentence."}, stored=["a.txt"]))
    written = [WRITERS[suffix](paper) for paper in _PAPERS]
    if suffix == "pdf":
        written.append(_compressed_pdf())
    if suffix == "eml":
        written.append(_mail_of_parts())
    return tuple(written)


def _compressed_pdf() -> bytes:
    """Two pages with labels, compressed contents and a table of letters."""
    objects = pdf_objects([["The quay has seven cranes,", "and rain."], ["Second page."]], "T")
    objects[1] = objects[1].replace(b" >>", b" /PageLabels << /Nums [0 << /S /r >>] >> >>")
    content = zlib.compress(pdf_page_text(["The quay has seven", "cra-", "nes."]))
    objects[6] = pdf_stream(content, b"/Filter /FlateDecode")
    table = (
        b"begincmap 1 beginbfrange <41> <5a> <0061> endbfrange 1 beginbfchar <61> <0041> endbfchar"
    )
    objects[3] = objects[3].replace(
        b" >>", b" /ToUnicode 20 0 R /FirstChar 32 /Widths [300 400] >>"
    )
    objects[20] = pdf_stream(table)
    return pdf_file(objects, b"/Root 1 0 R /Info 4 0 R")


def _mail_of_parts() -> bytes:
    html = WRITERS["html"](_PAPERS[1])
    return (
        b"From: =?utf-8?B?QWRh?= <a@b.org>\r\nSubject: Re: Quay\r\nDate: 4 Mar 2024 10:00 +0100\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nThe qu=E9 has=\r\n cranes.\r\n"
        b"> quoted words\r\n-- \r\nAda\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        + html
        + b"\r\n--b--\r\n"
    )


def bent(chance: Random, suffix: str) -> bytes:
    """A file of that format, changed in a few places."""
    data = chance.choice(seeds(suffix))
    if data.startswith(b"PK") and chance.randrange(4):
        return _bent_members(chance, data)
    return _changed(chance, data, _WORDS.get(suffix, _WORDS["xml"]), seeds(suffix))


def _bent_members(chance: Random, data: bytes) -> bytes:
    """The archive with its members changed inside, renamed or left out, and packed again."""
    members: dict[str, bytes | str] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            members[name] = archive.read(name)
    for _ in range(chance.randint(1, 2)):
        name = chance.choice(list(members))
        content = members.pop(name)
        assert isinstance(content, bytes)  # as they were read
        what = chance.randrange(10)
        if what == 0 and members:
            continue  # left out
        if what == 1:
            name = _bent_name(chance, name)
        elif what < 6 and b"<" in content:
            content = _regrown(chance, content)
        else:
            content = _changed(chance, content, _WORDS["xml"], [content])
        members[name] = content
    return packed(members, stored=["mimetype"])


def _regrown(chance: Random, content: bytes) -> bytes:
    """The document with whole elements, attributes and words put in: it stays well-formed."""
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        places = [match.end() for match in _BETWEEN.finditer(content)]
        if not places:
            break
        at = chance.choice(places)
        # Before an end tag or a start tag, elements and words may stand alike.
        piece = chance.choice(_ELEMENTS)
        if not chance.randrange(4) and (element := _ELEMENT.search(content, at)):
            piece = element.group() * chance.randint(1, 20)
        content = content[:at] + piece + content[at:]
    return content


def _bent_name(chance: Random, name: str) -> str:
    odd = ("../", "/", "C:\\", "\u202e", "é", "//", "x" * 300, "%2e%2e/", "\t")
    return chance.choice(odd) + name if chance.randrange(2) else name + chance.choice(odd)


def _changed(chance: Random, data: bytes, words: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        data = _change(chance, data, words, others)
    return data


def _change(chance: Random, data: bytes, words: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """One change at one place."""
    at = chance.randint(0, len(data))
    end = min(len(data), at + chance.randint(1, 40))
    what = chance.randrange(9)
    if what == 0 and at < len(data):
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if what == 1:
        return data[:at] + bytes([chance.choice(_ODD)]) + data[at + 1 :]
    if what == 2:
        return data[:at] + data[end:]
    if what == 3:
        return data[:at] + data[at:end] * chance.randint(2, _LONGEST_REPEAT) + data[end:]
    if what == 4:
        return data[:at]
    if what == 5:
        other = chance.choice(others)
        cut = chance.randint(0, len(other))
        return data[:at] + other[cut : cut + chance.randint(1, 400)] + data[end:]
    word = chance.choice(words)
    if what == 6:
        word *= chance.randint(1, _LONGEST_REPEAT)
    return data[:at] + word + data[end if what == 7 else at :]


# ---- text -----------------------------------------------------------------------------------

_PIECES = (
    *(
        "The quay has seven cranes.",
        "Ada Brandt:",
        "ADA BRANDT: ",
        "Mr. Kolar said",
        "* * *",
        "<…>",
    ),
    *(
        "12 May 2023",
        "May 12, 2023\n15:30\nLidmar",
        "2023-05-12",
        "1.2.3",
        "– Who?",
        "- item",
        "> ",
    ),
    *("“", "”", '"', "'", "«", "»", "„", "‘", "’", "「", "」", "(", ")", "[…]", "...", "…", "'s"),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "  ",
        "\u00a0",
        "\u2028",
        "\u0085",
        "\x0c",
        "\x1b[31m",
    ),
    *(
        "Президент: Да.",
        "波止場。七つ！",
        "العربية",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "é",
        "e\u0301",
    ),
    *(
        "\u0301" * 9,
        "😀",
        "👩‍👩‍👧",
        "ﬁ",
        "İ",
        "ß",
        "\U0010ffff",
        "\ufffd",
        "\x00",
        "\ud800",
        "\udfff",
    ),
    *(
        "and",
        "OR",
        "NOT",
        "-",
        "NEAR(",
        ", 10)",
        "*",
        '"a b"',
        "cw:",
        "cw:0123456789",
        "cw:zzzzzzzzzz",
    ),
    *(
        "12,345.67",
        "$5",
        "C++",
        "http://example.org/a?b#c",
        "a@b.org",
        "&amp;",
        "<b>",
        "\\",
        "`",
        "${x}",
    ),
    *("word " * 40, "x" * 300, "\n" * 50, "a.b." * 60, "“a " * 40, ":" * 60, "Q: A: " * 20),
)
_LONGEST_TEXT = 40


def hostile_text(chance: Random) -> str:
    """Pieces of what transcripts, queries and drafts are made of, in any order."""
    count = chance.randint(1, _LONGEST_TEXT)
    glue = chance.choice(("", " ", "\n"))
    return glue.join(chance.choice(_PIECES) for _ in range(count))
