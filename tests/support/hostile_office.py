"""DOCX, ODT and EPUB files that attack their reader: entities, bombs, counts, references."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.written_formats import (
    Written,
    docx_members,
    epub_members,
    odt_members,
    packed,
)
from tests.support.hostile_archives import Entry, archive, squeezed, stored

PAPER = Written("The Quay", "2024-03-04", ["The quay has seven cranes.", "Rain fell in March."])
Members = Mapping[str, bytes | str]
_DOCUMENT, _CONTENT, _CHAPTER = "word/document.xml", "content.xml", "OEBPS/chapter1.xhtml"

LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "lol"}">' for at in range(10))
SWOLLEN = f'<!ENTITY a "{"a" * 100_000}">'
EXTERNAL_FILE = '<!ENTITY x SYSTEM "file:///etc/passwd">'
EXTERNAL_WEB = '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'
PARAMETER = '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;'


def _with(members: Members, **changed: bytes | str) -> bytes:
    return packed({**members, **changed})


def _changed(members: Members, part: str, old: str, new: str) -> bytes:
    text = members[part]
    assert isinstance(text, str)
    assert old in text
    return packed({**members, part: text.replace(old, new, 1)})


def _declared(members: Members, part: str, root: str, declarations: str, used: str) -> bytes:
    """The part with a DTD of these declarations, and `used` as its first words."""
    text = members[part]
    assert isinstance(text, str)
    head, _, rest = text.partition("?>\n")
    body = rest.replace("The quay", f"{used} The quay", 1)
    return packed({**members, part: f"{head}?>\n<!DOCTYPE {root} [{declarations}]>\n{body}"})


def docx_entities(declarations: str, used: str = "") -> bytes:
    return _declared(docx_members(PAPER), _DOCUMENT, "w:document", declarations, used)


def odt_entities(declarations: str, used: str = "") -> bytes:
    return _declared(odt_members(PAPER), _CONTENT, "office:document-content", declarations, used)


def epub_entities(declarations: str, used: str = "") -> bytes:
    return _declared(epub_members(PAPER), "OEBPS/content.opf", "package", declarations, used)


def epub_chapter_entities(declarations: str, used: str = "") -> bytes:
    return _declared(epub_members(PAPER), _CHAPTER, "html", declarations, used)


def _bomb(members: Members, part: str, mark: str, unit: bytes, mebibytes: int) -> bytes:
    """The part with that many MiB of `unit` where `mark` stands, the others as they are."""
    text = members[part]
    assert isinstance(text, str)
    head, found, tail = text.partition(mark)
    assert found
    entries: list[Entry] = []
    for name, content in members.items():
        raw = content.encode() if isinstance(content, str) else content
        if name == part:
            entry = squeezed(name, head.encode(), unit, mebibytes, (found + tail).encode())
            entries.append(entry)
        else:
            entries.append(stored(name, raw))
    return archive(entries)


def docx_bomb(mebibytes: int = 1024) -> bytes:
    return _bomb(docx_members(PAPER), _DOCUMENT, "<w:sectPr/>", b"   \n", mebibytes)


def docx_paragraph_bomb(mebibytes: int = 60) -> bytes:
    """Within what a part may hold, of the elements that cost most to keep."""
    return _bomb(docx_members(PAPER), _DOCUMENT, "<w:sectPr/>", b"<w:p/>", mebibytes)


def docx_other_part_bomb() -> bytes:
    """The bomb is a part that is of no interest."""
    members = {**docx_members(PAPER), "word/media/image1.xml": "<x> </x>"}
    return _bomb(members, "word/media/image1.xml", " </x>", b" ", 1024)


def odt_bomb(mebibytes: int = 1024) -> bytes:
    return _bomb(odt_members(PAPER), _CONTENT, "</office:text>", b"  \n ", mebibytes)


def epub_bomb(mebibytes: int = 1024) -> bytes:
    return _bomb(epub_members(PAPER), _CHAPTER, "</body>", b"<p> </p>", mebibytes)


def docx_deep(depth: int = 100_000) -> bytes:
    table = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
    return _changed(docx_members(PAPER), _DOCUMENT, "<w:sectPr/>", table)


def odt_deep(depth: int = 100_000) -> bytes:
    spans = "<text:span>" * depth + "deep" + "</text:span>" * depth
    return _changed(odt_members(PAPER), _CONTENT, "The quay", f"{spans} The quay")


def docx_attributes(count: int = 100_000) -> bytes:
    many = " ".join(f'a{at}="1"' for at in range(count))
    return _changed(docx_members(PAPER), _DOCUMENT, "<w:sectPr/>", f"<w:sectPr {many}/>")


def docx_one_run(mebibytes: int = 20) -> bytes:
    return _bomb(docx_members(PAPER), _DOCUMENT, "The quay", b"word ", mebibytes)


def docx_without_document() -> bytes:
    return packed({k: v for k, v in docx_members(PAPER).items() if k != _DOCUMENT})


def docx_malformed() -> bytes:
    return _changed(docx_members(PAPER), _DOCUMENT, "</w:body>", "</w:wrong>")


def docx_bad_characters() -> bytes:
    return _changed(docx_members(PAPER), _DOCUMENT, "The quay", "&#0;&#xD800; The quay")


def docx_outside_target() -> bytes:
    """The main part is said to be a file of the machine."""
    members = docx_members(PAPER)
    return _changed(members, "_rels/.rels", "word/document.xml", "../../../../etc/passwd")


def docx_remote_target() -> bytes:
    members = docx_members(PAPER)
    old = 'Target="word/document.xml"'
    return _changed(
        members, "_rels/.rels", old, 'Target="http://127.0.0.1:9/x" TargetMode="External"'
    )


def docx_nameless_member() -> bytes:
    members = {name: str(content).encode() for name, content in docx_members(PAPER).items()}
    return archive([stored("", b""), *(stored(*item) for item in members.items())])


def docx_utf16() -> bytes:
    members = docx_members(PAPER)
    text = str(members[_DOCUMENT]).replace("UTF-8", "UTF-16", 1)
    return _with(members, **{_DOCUMENT: text.encode("utf-16")})


def docx_utf7() -> bytes:
    members = docx_members(PAPER)
    return _with(members, **{_DOCUMENT: str(members[_DOCUMENT]).replace("UTF-8", "UTF-7", 1)})


def docx_protected() -> bytes:
    """How Office saves a document with a password: no ZIP but a compound file."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000) + "EncryptedPackage".encode("utf-16-le")
    )


def odt_spaces() -> bytes:
    counted = '<text:s text:c="2000000000"/>'
    return _changed(odt_members(PAPER), _CONTENT, "The quay", f"{counted} The quay")


def odt_many_spaces() -> bytes:
    counted = '<text:s text:c="60000"/>' * 60_000
    return _changed(odt_members(PAPER), _CONTENT, "The quay", f"{counted} The quay")


def odt_cells() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="1000000"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    table = f"<table:table>{row}</table:table></office:text>"
    return _changed(odt_members(PAPER), _CONTENT, "</office:text>", table)


def odt_encrypted() -> bytes:
    members = odt_members(PAPER)
    key = (
        'manifest:media-type="text/xml"><manifest:encryption-data>'
        '<manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>'
        "</manifest:encryption-data></manifest:file-entry></manifest:manifest>"
    )
    text = str(members["META-INF/manifest.xml"])
    text = text.replace('manifest:media-type="text/xml"/></manifest:manifest>', key)
    return packed({**members, "META-INF/manifest.xml": text, _CONTENT: bytes(range(256)) * 8})


def _package(old: str, new: str) -> bytes:
    return _changed(epub_members(PAPER), "OEBPS/content.opf", old, new)


def epub_href(href: str) -> bytes:
    """The first chapter's place is somewhere else."""
    return _package('href="chapter1.xhtml"', f'href="{href}"')


def epub_one_chapter_often(times: int = 100_000) -> bytes:
    """A long chapter that the spine lists over and over."""
    members = epub_members(PAPER)
    chapter = str(members[_CHAPTER]).replace("<p>", f"<p>{'word ' * 2000}", 1)
    package = str(members["OEBPS/content.opf"])
    package = package.replace('<itemref idref="c0"/>', '<itemref idref="c0"/>' * times)
    return packed({**members, _CHAPTER: chapter, "OEBPS/content.opf": package})


def epub_circular_contents() -> bytes:
    members = epub_members(PAPER)
    nav = str(members["OEBPS/nav.xhtml"]).replace("chapter1.xhtml", "nav.xhtml#toc")
    package = str(members["OEBPS/content.opf"])
    package = package.replace("<spine>", '<spine toc="nav"><itemref idref="nav"/>')
    return packed({**members, "OEBPS/nav.xhtml": nav, "OEBPS/content.opf": package})


def epub_deep_contents(depth: int = 50_000) -> bytes:
    deep = "<ol><li><a href='chapter1.xhtml'>x</a>" * depth + "</li></ol>" * depth
    return _changed(epub_members(PAPER), "OEBPS/nav.xhtml", "</nav>", f"{deep}</nav>")


def epub_packages_itself() -> bytes:
    return _changed(
        epub_members(PAPER), "META-INF/container.xml", "OEBPS/content.opf", "META-INF/container.xml"
    )


def epub_locked() -> bytes:
    """With the rights management that shops put on."""
    lock = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        '<e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
        '<e:CipherData><e:CipherReference URI="OEBPS/chapter1.xhtml"/></e:CipherData>'
        "</e:EncryptedData><e:EncryptedData>"
        '<e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
        '<e:CipherData><e:CipherReference URI="OEBPS/chapter2.xhtml"/></e:CipherData>'
        "</e:EncryptedData></encryption>"
    )
    noise = bytes((at * 37 + at // 256 * 11) % 256 for at in range(4000))
    members = {**epub_members(PAPER), "META-INF/encryption.xml": lock}
    return packed({**members, _CHAPTER: noise, "OEBPS/chapter2.xhtml": noise[::-1]})
