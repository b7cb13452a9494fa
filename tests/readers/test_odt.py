from __future__ import annotations

import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from qa.readers.odt import read_odt
from qa.records import SourceText
from tests.support.office_samples import assert_in_order, blocks, odt, odt_members, trees, zipped
from tests.support.reading import reason_of

PATH = Path("minutes.odt")
STYLES = (
    '<style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="Rank2" style:default-outline-level="2"/>'
    '<style:style style:name="Quotations"/>'
)
AUTOMATIC = (
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
    '<style:style style:name="P2" style:parent-style-name="Rank2"/>'
    '<style:style style:name="P3" style:parent-style-name="Quotations"/>'
    '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="P4" style:parent-style-name="P5"/>'
    '<style:style style:name="P5" style:parent-style-name="P4"/>'
)


def read(body: str) -> SourceText:
    return read_odt(odt(body, styles=STYLES, automatic=AUTOMATIC), PATH)


def refused(data: bytes) -> str:
    return reason_of(read_odt, data, PATH)


def test_paragraphs_headings_and_lists() -> None:
    source = read(
        '<text:p text:style-name="P1">The Harbour Wall</text:p>'
        '<text:h text:outline-level="1">Item 1</text:h>'
        '<text:h text:outline-level="99999999999999999999">Deep</text:h>'
        '<text:p text:style-name="P2">By style</text:p>'
        '<text:p text:style-name="P4">Circular style</text:p>'
        "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item>"
        "<text:p>inner</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>two</text:p></text:list-item></text:list>"
        '<text:p text:style-name="P3">Said elsewhere</text:p>'
    )
    assert (source.format, source.reader, source.title, source.date) == (
        "odt",
        "odt/1",
        "The Harbour Wall",
        None,
    )
    assert blocks(source) == [
        ("heading 1", "The Harbour Wall"),
        ("heading 2", "Item 1"),
        ("heading 11", "Deep"),
        ("heading 3", "By style"),
        ("paragraph", "Circular style"),
        ("list_item", "one"),
        ("list_item", "inner"),
        ("list_item", "two"),
        ("quote", "Said elsewhere"),
    ]


def test_white_space_is_that_of_the_format() -> None:
    source = read(
        "<text:p>  two\n words <text:span> here</text:span><text:s text:c='3'/>far"
        "<text:tab/>tab<text:line-break/>line<text:s text:c='1000000000'/>.</text:p>"
    )
    assert source.text == "two words here   far\ttab\nline" + " " * 100 + ".\n"


def test_a_line_of_millions_of_spaces_takes_time_in_proportion() -> None:
    started = time.perf_counter()
    assert read("<text:p>a" + '<text:s text:c="100"/>' * 20_000 + "b</text:p>").text[-2:] == "b\n"
    assert time.perf_counter() - started < 5


def test_what_is_not_printed_is_left_out() -> None:
    source = read(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>struck out</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>We <text:change text:change-id="c"/>shall<text:span text:style-name="T1"> not'
        "</text:span> build.<office:annotation><text:p>Really?</text:p></office:annotation></text:p>"
        '<text:section text:display="none"><text:p>secret</text:p></text:section>'
        "<text:table-of-content><text:index-body><text:p>Item 1</text:p></text:index-body>"
        "</text:table-of-content>"
    )
    assert blocks(source) == [("paragraph", "We shall build."), ("navigation", "Item 1")]


def test_notes_and_boxes_follow_their_paragraph() -> None:
    source = read(
        "<text:p>One sentence<text:note><text:note-citation>1</text:note-citation>\n<text:note-body>"
        "\n <text:p>As shown.</text:p>\n</text:note-body></text:note> goes on<draw:frame>"
        "<draw:text-box><text:p>In the box</text:p></draw:text-box></draw:frame> to here"
        "<draw:custom-shape><text:p>In a shape</text:p></draw:custom-shape>.</text:p>"
    )
    assert blocks(source) == [
        ("paragraph", "One sentence goes on to here."),
        ("note", "As shown."),
        ("paragraph", "In the box"),
        ("paragraph", "In a shape"),
    ]


def test_tables_are_lines_of_cells() -> None:
    def row(*cells: str) -> str:
        inner = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
        return f"<table:table-row>{inner}</table:table-row>"

    source = read(
        "<table:table>"
        + row("<text:p>Year</text:p>", "<text:p>Cost</text:p>")
        + row("", "<text:p>8.7</text:p>")
        + "</table:table><table:table>"
        + row("<text:p>A frame</text:p>")
        + "</table:table>"
    )
    assert blocks(source) == [("table", "Year\tCost\n\t8.7"), ("paragraph", "A frame")]


def test_the_files_own_title() -> None:
    assert read_odt(odt("<text:p>a</text:p>", title="Report"), PATH).title == "Report"
    assert read_odt(odt("<text:p>a</text:p>", title="Untitled 2"), PATH).title is None


def test_refusals_have_their_reasons() -> None:
    members = odt_members("<text:p>a</text:p>")
    locked = str(members["META-INF/manifest.xml"]).replace(
        "/>",
        "><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
    )
    assert refused(zipped({**members, "META-INF/manifest.xml": locked})).startswith("is encrypted")
    sheet = str(members["content.xml"]).replace("office:text", "office:spreadsheet")
    assert "no text (a spreadsheet" in refused(zipped({**members, "content.xml": sheet}))
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'
    assert "(DTD)" in refused(zipped({**members, "content.xml": bomb}))
    whole = zipped(members)
    assert "cut short" in refused(whole[: len(whole) // 2])
    assert "Word document" in refused(zipped({"word/document.xml": "<d/>"}))


NAMES = (
    "text:p text:p text:p text:h text:span text:s text:tab text:line-break text:list text:list-item "
    "text:note text:note-body draw:text-box draw:custom-shape table:table table:table-row "
    "table:table-cell table:table-cell text:table-of-content text:section office:annotation"
).split()
ATTRIBUTES = [
    "",
    'text:style-name="P1"',
    'text:style-name="T1"',
    'text:c="3"',
    'text:outline-level="2"',
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees(NAMES, ATTRIBUTES))
def test_any_markup_gives_blocks_in_order(body: str) -> None:
    assert_in_order(read(body))
