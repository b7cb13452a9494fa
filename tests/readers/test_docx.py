from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.readers import containers
from qa.readers.containers import MOST_INFLATED
from qa.readers.docx.reader import read_docx
from qa.readers.formats import PDF, format_of
from qa.records import SourceText
from tests.support.office_samples import (
    assert_in_order,
    blocks,
    docx,
    docx_members,
    notes,
    odt,
    paragraph,
    refer,
    run,
    table,
    trees,
    zipped,
)
from tests.support.reading import reason_of

PATH = Path("minutes.docx")


def read(body: str, **parts: str) -> SourceText:
    return read_docx(docx(body, parts=parts), PATH)


def refused(data: bytes) -> str:
    return reason_of(read_docx, data, PATH)


def test_paragraphs_headings_lists_and_quotes() -> None:
    source = read(
        paragraph("The Harbour Wall", style="Titel")
        + paragraph("Item 1", style="berschrift1")
        + paragraph("Under it", style="berschrift2")
        + paragraph("By inheritance", style="Amtlich")
        + paragraph("By itself", properties='<w:outlineLvl w:val="2"/>')
        + paragraph("No heading", style="berschrift1", properties='<w:outlineLvl w:val="9"/>')
        + paragraph("one", style="Aufzhlung")
        + paragraph("two", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>')
        + paragraph(
            "not listed", style="Aufzhlung", properties='<w:numPr><w:numId w:val="0"/></w:numPr>'
        )
        + paragraph("Said elsewhere", style="Zitat")
        + paragraph("Unknown style", style="Gibt es nicht")
    )
    assert (source.format, source.reader, source.title, source.date) == (
        "docx",
        "docx/1",
        "The Harbour Wall",
        None,
    )
    assert source.locators == ()
    assert blocks(source) == [
        ("heading 1", "The Harbour Wall"),
        ("heading 2", "Item 1"),
        ("heading 3", "Under it"),
        ("heading 3", "By inheritance"),
        ("heading 4", "By itself"),
        ("paragraph", "No heading"),
        ("list_item", "one"),
        ("list_item", "two"),
        ("paragraph", "not listed"),
        ("quote", "Said elsewhere"),
        ("paragraph", "Unknown style"),
    ]
    assert "No heading\n\none\ntwo\n\nnot listed\n\nSaid" in source.text


def test_empty_paragraphs_are_kept_as_the_author_uses_them() -> None:
    close = paragraph("A") + paragraph("B")
    assert read(close).text == "A\n\nB\n"
    assert read(close + "<w:p/>" + paragraph("C")).text == "A\nB\n\nC\n"
    assert read("<w:p/>" + close).text == "A\n\nB\n"


def test_characters_that_have_elements_of_their_own() -> None:
    source = read(
        paragraph(
            "a<b",
            "<w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t><w:cr/><w:t>return</w:t></w:r>",
            "<w:r><w:noBreakHyphen/><w:t>x</w:t><w:softHyphen/><w:t>y</w:t></w:r>",
            '<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0E0"/>'
            '<w:sym w:font="Nobody&apos;s" w:char="F061"/><w:sym w:font="Arial" w:char="00E9"/></w:r>',
        )
        + paragraph("before", '<w:r><w:br w:type="page"/></w:r>', "after")
    )
    assert blocks(source) == [
        ("paragraph", "a<b\ttab\nline\nreturn‑xyα→\ufffdé"),
        ("paragraph", "before"),
        ("paragraph", "after"),
    ]


def test_white_space_is_kept_only_where_it_is_declared() -> None:
    source = read(
        "<w:p><w:r><w:t> trimmed </w:t></w:r><w:r><w:t xml:space='preserve'>  kept\n on </w:t></w:r>"
        "<w:r><w:t>end</w:t></w:r></w:p>"
    )
    assert source.text == "trimmed  kept  on end\n"


def test_tracked_changes_are_read_as_accepted() -> None:
    source = read(
        paragraph(
            "We ",
            "<w:del><w:r><w:delText>shall not</w:delText></w:r></w:del>",
            f"<w:ins>{run('shall')}</w:ins>",
            " build",
            f"<w:moveFrom>{run(' here')}</w:moveFrom>",
            f"<w:moveTo>{run(' there')}</w:moveTo>",
        )
        + paragraph("joined ", properties="<w:rPr><w:del/></w:rPr>", style="berschrift1")
        + paragraph("to this")
        + f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('c')}</w:tc><w:tc>{paragraph('d')}</w:tc>"
        "</w:tr></w:tbl>"
    )
    assert blocks(source) == [
        ("paragraph", "We shall build there"),
        ("paragraph", "joined to this"),
        ("table", "a\tb"),
    ]


def test_what_is_not_printed_is_left_out() -> None:
    field = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    code = "<w:r><w:instrText> HYPERLINK secret </w:instrText></w:r>"
    source = read(
        paragraph(
            "See ", field("begin"), code, "code", field("separate"), "the page", field("end"), "."
        )
        + paragraph(run("hidden", "<w:vanish/>"), run("shown", '<w:vanish w:val="0"/>'))
        + paragraph("broken ", field("begin"), "swallowed")
        + paragraph("the rest")
        + paragraph("Chapter 1 7", style="Verzeichnis1")
        + "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
        f"</w:sdtPr><w:sdtContent>{paragraph('Chapter 2')}</w:sdtContent></w:sdt>"
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{paragraph('Click here')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtContent>{paragraph('Filled in')}</w:sdtContent></w:sdt>"
    )
    assert blocks(source) == [
        ("paragraph", "See the page."),
        ("paragraph", "shown"),
        ("paragraph", "broken"),
        ("paragraph", "the rest"),
        ("navigation", "Chapter 1 7"),
        ("navigation", "Chapter 2"),
        ("paragraph", "Filled in"),
    ]


def test_notes_follow_their_paragraph_and_break_no_sentence() -> None:
    source = read(
        paragraph(
            "One sentence", refer("footnote", 1), " goes on", refer("endnote", 1), " to here."
        )
        + paragraph("Next.", refer("footnote", 1), refer("footnote", 99)),
        footnotes=notes("footnote", "As shown in June."),
        endnotes=notes("endnote", "Minutes, p. 4."),
    )
    assert blocks(source) == [
        ("paragraph", "One sentence goes on to here."),
        ("note", "As shown in June."),
        ("note", "Minutes, p. 4."),
        ("paragraph", "Next."),
    ]


def linked(source: SourceText) -> list[tuple[str, object]]:
    """Each link's words with its address, or with the words of the note it is the mark of."""
    text = source.text
    return [
        (text[link.start : link.end], link.target)
        if isinstance(link.target, str)
        else (text[: link.start][-5:], text[link.target.start : link.target.end])
        for link in source.links
    ]


def field(code: str, words: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    coded = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return mark("begin") + coded + mark("separate") + run(words) + mark("end")


def test_links_and_the_places_of_notes() -> None:
    simple = f"<w:fldSimple w:instr='HYPERLINK \"b.txt\"'>{run(' b ')}</w:fldSimple>"
    source = read(
        paragraph("  See ", field('HYPERLINK "a.txt"', "the  file"), refer("footnote", 2), " now")
        + table(["Year", f"<w:p>{simple}</w:p>"], ["", paragraph("noted", refer("footnote", 1))])
        + paragraph("again", refer("footnote", 2), field("PAGE", "7")),
        footnotes=notes("footnote", "In crowns.", "First."),
    )
    assert source.text == (
        "See the  file now\n\nFirst.\n\nYear\tb\n\tnoted\n\nIn crowns.\n\nagain7\n"
    )
    assert linked(source) == [
        ("the  file", "a.txt"),
        (" file", "First."),
        ("b", "b.txt"),
        ("noted", "In crowns."),
        ("again", "First."),
    ]


def test_a_link_ends_with_its_paragraph_and_is_no_text() -> None:
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    code = '<w:r><w:instrText>HYPERLINK "a<w:t>lost</w:t>"</w:instrText></w:r>'
    source = read(paragraph(begin, code, separate, "one") + paragraph("two", end, " three"))
    assert (source.text, source.links) == ("one\n\ntwo three\n", ())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["a", " b ", "c\n\n", "  ", "é d"]), st.booleans())),
        max_size=4,
    )
)
def test_a_links_words_are_what_it_was_set_around(paragraphs: list[list[tuple[str, bool]]]) -> None:
    """The oracle: the characters that are no white space, which nothing changes."""

    def written(words: str) -> str:
        return run(words).replace("\n\n", '</w:t><w:br w:type="page"/><w:t>')

    body = "".join(
        paragraph(
            *(
                f"<w:fldSimple w:instr='HYPERLINK \"{n}\"'>{written(words)}</w:fldSimple>"
                if is_link
                else written(words)
                for n, (words, is_link) in enumerate(parts)
            )
        )
        for parts in paragraphs
    )
    source = read(paragraph("x") + body)
    expected = [
        "".join(words.split())
        for parts in paragraphs
        for words, is_link in parts
        if is_link and words.strip()
    ]
    assert ["".join(words.split()) for words, _ in linked(source)] == expected
    assert_in_order(source)


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('In the box')}</w:txbxContent>"
    source = read(
        paragraph(
            "Around ",
            f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>",
            "the box.",
        )
    )
    assert blocks(source) == [("paragraph", "Around the box."), ("paragraph", "In the box")]


def test_tables_are_lines_of_cells() -> None:
    two = f"<w:p/>{paragraph('two')}{paragraph('parts')}"
    source = read(
        paragraph("Before")
        + table(["Year", "Cost"], ["", "8.7"], [two, paragraph("noted", refer("footnote", 1))])
        + table(["A frame around text"], [paragraph("and more")])
        + table([paragraph("Head", style="berschrift1"), "left"], [table(["x", "y"]), "right"]),
        footnotes=notes("footnote", "In crowns."),
    )
    assert blocks(source) == [
        ("paragraph", "Before"),
        ("table", "Year\tCost\n\t8.7\ntwo parts\tnoted"),
        ("note", "In crowns."),
        ("paragraph", "A frame around text"),
        ("paragraph", "and more"),
        ("heading 1", "Head"),
        ("paragraph", "left"),
        ("table", "x\ty"),
        ("paragraph", "right"),
    ]


def test_a_long_heading_is_text_set_as_one_by_mistake() -> None:
    assert blocks(read(paragraph("word " * 120, style="berschrift1")))[0][0] == "paragraph"


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("Harbour  report", "Harbour report"),
        ("Microsoft Word - draft7.doc", None),
        ("Untitled 1", None),
        ("minutes_final.docx", None),
        (" ", None),
    ],
)
def test_the_files_own_title_counts_where_a_person_wrote_it(title: str, taken: str | None) -> None:
    assert read_docx(docx(paragraph("text"), title=title), PATH).title == taken


def test_strict_files_are_read_alike() -> None:
    members = docx_members(paragraph("Heading", style="berschrift1") + paragraph("Text"))
    strict = {
        name: str(content).replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        for name, content in members.items()
    }
    assert blocks(read_docx(zipped(strict), PATH)) == [
        ("heading 1", "Heading"),
        ("paragraph", "Text"),
    ]


# ---- what is refused -----------------------------------------------------------------------


def with_document(document: str | bytes) -> bytes:
    return zipped({**docx_members(""), "word/document.xml": document})


def test_other_files_are_refused_by_what_they_are() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    for kind in ("WordDocument", "EncryptedPackage"):
        assert reason_of(format_of, ole + kind.encode("utf-16-le"), PATH) == (
            "is an office document of the old kind (.doc) or one with a password; "
            "save it as .docx without a password"
        )
    assert format_of(b"%PDF-1.7 ...", PATH) is PDF
    page = reason_of(format_of, b"\xef\xbb\xbf<html></html>", PATH)
    assert page.startswith("is named .docx but is an HTML page, not a Word document")
    assert "does not begin as one" in refused(b"Dear all,")
    assert "OpenDocument" in refused(odt("<text:p>a</text:p>"))
    assert "Excel" in refused(
        zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})
    )
    assert refused(zipped({"notes.txt": "a"})).endswith("but a ZIP archive without that")


def test_damaged_files_are_named() -> None:
    whole = docx(paragraph("text " * 500))
    assert refused(whole[: len(whole) // 2]).startswith("is damaged or cut short")
    assert "no proper XML" in refused(with_document("<w:document"))
    flipped = bytearray(whole)
    at = whole.find(b"word/document.xml") + 40
    flipped[at : at + 8] = b"\0" * 8
    assert refused(bytes(flipped)).startswith("is damaged")


def test_entities_and_document_types_are_refused() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'
    outside = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>'
    for document in (bomb, outside, '<!DOCTYPE d SYSTEM "http://localhost/d.dtd"><d/>'):
        assert "(DTD)" in refused(with_document(document))


def test_deep_nesting_is_refused() -> None:
    deep = "<w:p>" * 100_000
    assert "deeper than 256" in refused(docx(deep + "</w:p>" * 100_000))


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    text = b"<d>" + b" " * (MOST_INFLATED + 10) + b"</d>"
    data = with_document(text)
    assert len(data) < 500_000
    assert "inflates to over" in refused(data)


def test_an_endless_tag_is_refused() -> None:
    assert "tag of more than" in refused(with_document(b'<d a="' + b"x" * 20_000_000 + b'"/>'))


def test_encrypted_members_and_strange_packings_are_refused() -> None:
    locked = bytearray(docx(paragraph("text")))
    at = -1
    while (at := locked.find(b"PK\x01\x02", at + 1)) >= 0:
        locked[at + 8] |= 1
    assert refused(bytes(locked)).startswith("is encrypted")
    members = docx_members(paragraph("text"))
    from io import BytesIO

    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert "packs" in refused(buffer.getvalue())


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MOST_ELEMENTS", 1000)
    assert "over 1,000 elements in word/document.xml" in refused(docx("<w:p/>" * 1001))


def test_a_million_entries_are_refused() -> None:
    assert "entries" in refused(b"PK\x03\x04" + b"PK\x01\x02" * 30_000)


# ---- any markup at all ---------------------------------------------------------------------

NAMES = (
    "w:p w:p w:r w:r w:t w:t w:t w:pPr w:rPr w:tbl w:tr w:tc w:tc w:del w:ins w:sdt w:sdtContent "
    "w:txbxContent w:fldChar w:footnoteReference w:br w:tab w:vanish w:numId w:pStyle w:sym "
    "w:hyperlink w:fldSimple w:instrText w:trPr w:outlineLvl mc:AlternateContent mc:Choice mc:Fallback w:moveFrom w:endnote"
).split()
ATTRIBUTES = [
    "",
    'w:val="berschrift1"',
    'w:val="1"',
    'w:id="1"',
    'w:fldCharType="begin"',
    'w:fldCharType="end"',
    'w:type="page"',
    "w:instr='HYPERLINK \"a\"'",
    'w:char="F061" w:font="Symbol"',
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees(NAMES, ATTRIBUTES))
def test_any_markup_gives_blocks_in_order(body: str) -> None:
    assert_in_order(read(body, footnotes=notes("footnote", "A note.")))
