from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from qa.errors import ReadError
from qa.readers.epub.reader import read_epub
from qa.records import LocatorKind, SourceText
from tests.support.office_samples import (
    assert_in_order,
    blocks,
    epub_members,
    nav_point,
    trees,
    xhtml,
    zipped,
)
from tests.support.reading import reason_of

PATH = Path("book.epub")
SEA = xhtml("<h1>II. The Sea</h1><p>It rose.</p><h2 id='b'>Later</h2><p>It fell.</p>")
LAND = xhtml("<p>The land was flat.</p>")


def read(members: dict[str, str | bytes]) -> SourceText:
    return read_epub(zipped(members), PATH)


def refused(members: dict[str, str | bytes]) -> str:
    return reason_of(read_epub, zipped(members), PATH)


def chapters(source: SourceText) -> list[tuple[str, str]]:
    """Each chapter's label and the first words of it."""
    assert all(mark.locator.kind is LocatorKind.CHAPTER for mark in source.locators)
    return [
        (mark.locator.label, source.text[mark.start :].split("\n", 1)[0])
        for mark in source.locators
    ]


def test_pages_come_in_reading_order_with_the_tables_chapters() -> None:
    nav = (
        '<ol><li><a href="land.xhtml">I. The Land</a></li>'
        '<li><a href="sea%20side.xhtml">II. <b>The</b> Sea</a>'
        '<ol><li><a href="sea%20side.xhtml#b">Later</a></li></ol></li></ol>'
    )
    source = read(
        epub_members(
            {
                "cover.xhtml": xhtml("<img src='c.png'/>"),
                "land.xhtml": LAND,
                "sea%20side.xhtml": SEA,
            },
            nav=nav,
            metadata="<dc:title>The  Book</dc:title><dc:creator>A. Writer</dc:creator>"
            "<dc:date>2019-05-02</dc:date>",
        )
    )
    assert (source.format, source.reader, source.title, source.date) == (
        "epub",
        "epub/1",
        "The Book",
        "2019-05-02",
    )
    assert source.text == "The land was flat.\n\nII. The Sea\n\nIt rose.\n\nLater\n\nIt fell.\n"
    assert chapters(source) == [
        ("I. The Land", "The land was flat."),
        ("II. The Sea", "II. The Sea"),
        ("II. The Sea › Later", "Later"),
    ]
    assert blocks(source) == [
        ("paragraph", "The land was flat."),
        ("heading 1", "II. The Sea"),
        ("paragraph", "It rose."),
        ("heading 2", "Later"),
        ("paragraph", "It fell."),
    ]
    assert all(block.speaker is None for block in source.blocks)


def test_the_table_of_contents_of_epub_2() -> None:
    ncx = nav_point("The Book", "land.xhtml", nav_point("The Sea", "sea.xhtml"))
    source = read(epub_members({"land.xhtml": LAND, "sea.xhtml": SEA}, ncx=ncx))
    assert chapters(source) == [("The Book", "The land was flat."), ("The Sea", "II. The Sea")]


def test_without_a_table_headings_name_the_chapters() -> None:
    source = read(epub_members({"sea.xhtml": SEA, "land.xhtml": LAND}))
    assert chapters(source) == [("II. The Sea", "II. The Sea")]


def test_a_damaged_table_is_as_none() -> None:
    source = read(epub_members({"sea.xhtml": SEA}, ncx="<navPoint>"))
    assert chapters(source) == [("II. The Sea", "II. The Sea")]


def test_pages_outside_the_reading_order_come_last_and_under_their_own_name() -> None:
    nav = '<ol><li><a href="land.xhtml">I</a></li></ol>'
    members = epub_members(
        {"notes.xhtml": xhtml("<p>A note.</p>"), "land.xhtml": LAND},
        nav=nav,
        outside=["notes.xhtml"],
    )
    assert chapters(read(members)) == [("I", "The land was flat."), ("notes.xhtml", "A note.")]


def test_a_page_is_read_as_xhtml() -> None:
    page = xhtml(
        "<p><a id='x'/>One <b/>two &lt; three<br/>four</p><p><![CDATA[a < b & c]]></p><div/>"
        "<p>He <i>spoke</i><a epub:type='noteref' href='#n'>1</a><span epub:type='pagebreak'>12</span>.</p>"
        "<header><p>Kept</p></header><aside class='menu'>Beside</aside>"
        "<aside id='n' epub:type='footnote'><p>The note.</p></aside>",
        head="<title/><script src='x.js'/>",
    )
    assert blocks(read(epub_members({"a.xhtml": page}))) == [
        ("paragraph", "One two < three\nfour"),
        ("paragraph", "a < b & c"),
        ("paragraph", "He spoke."),
        ("paragraph", "Kept"),
        ("paragraph", "Beside"),
        ("note", "The note."),
    ]


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ("<dc:date>2019</dc:date>", "2019"),
        ('<dc:date opf:event="modification">2019-01-01</dc:date>', None),
        (
            '<dc:date opf:event="conversion">2019-01-01</dc:date>'
            '<dc:date opf:event="publication">1999-03</dc:date>',
            "1999-03",
        ),
        ("<dc:date>2019-01-01</dc:date><dc:date>2020-01-01</dc:date>", None),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None),
        ("", None),
    ],
)
def test_the_date_is_that_of_publication(dates: str, day: str | None) -> None:
    assert read(epub_members({"a.xhtml": LAND}, metadata=dates)).date == day


def test_missing_pages_are_told() -> None:
    members = epub_members({"a.xhtml": LAND, "b.xhtml": LAND})
    del members["OEBPS/b.xhtml"]
    source = read(members)
    assert source.text == "The land was flat.\n"
    assert source.notes == ("the book lists a page that it does not hold: OEBPS/b.xhtml",)
    del members["OEBPS/a.xhtml"]
    assert "no page with text" in refused(members)


@pytest.mark.parametrize(
    "target",
    ["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "//host/a", "%2e%2e/x", "", "#"],
)
def test_references_lead_nowhere_outside_of_the_book(target: str) -> None:
    nav = f'<ol><li><a href="{target}">Out</a></li><li><a href="a.xhtml#none">In</a></li></ol>'
    members = epub_members({"a.xhtml": LAND}, nav=nav)
    package = str(members["OEBPS/book.opf"]).replace(
        "<manifest>", f'<manifest><item id="z" href="{target}" media-type="application/xhtml+xml"/>'
    )
    source = read({**members, "OEBPS/book.opf": package.replace("<spine", "<!-- --><spine")})
    assert source.text == "The land was flat.\n"
    assert source.locators == ()


def test_entities_are_refused_or_stay_as_they_are() -> None:
    members = epub_members(
        {"a.xhtml": "<!DOCTYPE html [<!ENTITY x 'boom'>]>" + xhtml("<p>a&x;b</p>")}
    )
    assert read(members).text == "a&x;b\n"
    bomb = '<!DOCTYPE package [<!ENTITY x "aaaa">]><package>&x;</package>'
    assert "(DTD)" in refused({**members, "OEBPS/book.opf": bomb})


def test_copy_protection_is_told_from_scrambled_fonts() -> None:
    members = epub_members({"a.xhtml": LAND})

    def locked(algorithm: str, uri: str) -> dict[str, str | bytes]:
        xml = (
            '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
            'xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
            f'<enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData>'
            f'<enc:CipherReference URI="{uri}"/></enc:CipherData></enc:EncryptedData></encryption>'
        )
        return {**members, "META-INF/encryption.xml": xml}

    cipher = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    assert "copy protection" in refused(locked(cipher, "OEBPS/a.xhtml"))
    assert read(locked("http://www.idpf.org/2008/embedding", "OEBPS/font.otf")).text
    assert read(locked(cipher, "OEBPS/picture.png")).text


def test_refusals_have_their_reasons() -> None:
    members = epub_members({"a.xhtml": LAND})
    whole = zipped(members)
    with pytest.raises(ReadError, match="cut short"):
        read_epub(whole[: len(whole) // 2], PATH)
    assert "a ZIP archive" in refused({"a.xhtml": LAND})
    assert "lacks its part OEBPS/book.opf" in refused(
        {name: content for name, content in members.items() if name != "OEBPS/book.opf"}
    )
    assert "a.xhtml: is a binary file" in refused({**members, "OEBPS/a.xhtml": b"\0\1\2" * 99})


def test_many_names_and_pages_take_time_in_proportion() -> None:
    pages = {f"{number}.xhtml": LAND for number in range(1500)}
    nav = "".join(f'<li><a href="1.xhtml#i{number}">x</a></li>' for number in range(15_000))
    source = read(
        epub_members({**pages, "1.xhtml": xhtml("<p id='i7'>a</p>" * 3000)}, nav=f"<ol>{nav}</ol>")
    )
    assert len(source.blocks) == 1499 + 3000


NAMES = (
    "p p div h1 h2 ul li table tr td aside nav section a br pre blockquote title script svg".split()
)
ATTRIBUTES = ["", "id='b'", "epub:type='footnote'", "epub:type='noteref'", "hidden=''", "href='#b'"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees(NAMES, ATTRIBUTES), trees(NAMES, ATTRIBUTES))
def test_any_pages_give_blocks_and_chapters_in_order(first: str, second: str) -> None:
    nav = '<ol><li><a href="a.xhtml#b">A</a></li><li><a href="b.xhtml">B</a></li></ol>'
    members = epub_members(
        {"a.xhtml": xhtml(first), "b.xhtml": xhtml(second + "<p>end</p>")}, nav=nav
    )
    source = read(members)
    assert_in_order(source)
    starts = [mark.start for mark in source.locators]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(source.text) for start in starts)
