from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReadError
from qa.readers.rtf.reader import read_rtf
from qa.records import SourceText
from tests.support.office_samples import RTF_HEAD, assert_in_order, blocks, rtf, rtf_text
from tests.support.reading import reason_of

PATH = Path("minutes.rtf")


def read(body: str, head: str = RTF_HEAD) -> SourceText:
    return read_rtf(rtf(body, head=head), PATH)


def text(body: str) -> str:
    return read(body).text


def refused(data: bytes) -> str:
    return reason_of(read_rtf, data, PATH)


def test_paragraphs_headings_and_lists() -> None:
    source = read(
        r"{\info{\title ignored}{\author Nobody}}{\header page 1\par}"
        r"\pard\s3 The Harbour Wall\par\pard\s1 Item 1\par\pard\s2 Under it\par"
        r"\pard\outlinelevel0 By itself\par\pard\s4 Item 1\tab 7\par"
        r"\pard\ls1{\listtext\f2\'b7\tab}one\par{\listtext\f2\'b7\tab}two\par"
        r"\pard plain\par"
    )
    assert (source.format, source.reader, source.title, source.date) == (
        "rtf",
        "rtf/1",
        "The Harbour Wall",
        None,
    )
    assert blocks(source) == [
        ("heading 1", "The Harbour Wall"),
        ("heading 2", "Item 1"),
        ("heading 3", "Under it"),
        ("heading 2", "By itself"),
        ("navigation", "Item 1\t7"),
        ("list_item", "one"),
        ("list_item", "two"),
        ("paragraph", "plain"),
    ]
    assert read(r"{\info{\title Report}}a").title == "Report"


def test_characters_in_every_writing() -> None:
    assert text(r"caf\'e9 \f1\'cf\'f0\'e8\'e2\'e5\'f2\f0  \'e9") == "café Привет é\n"
    assert text(r"\f3 \'93\'fa\'96\'7b \'83A") == "日本 ア\n"
    assert text(r"\f2 a\'b7\f0 a\u-3999?") == "α•a\ufffd\n"
    assert text(r"\u8211- \u1055\'cf\uc0\u1088\uc2\u1080ab.") == "– При.\n"
    assert text(r"\u-10179?\u-8704?! \u-10179? x") == "😀! \ufffd x\n"
    assert text(r"a\emdash b\~c\_d\-e\{f\}\\\lquote g\rquote\line h\tab i") == (
        "a—b\u00a0c\u2011de{f}\\‘g’\nh\ti\n"
    )
    assert text("one\r\ntwo \\\nthree") == "onetwo\n\nthree\n"


def test_the_documents_own_encoding() -> None:
    assert read_rtf(b"{\\rtf1\\ansi\\ansicpg1251 \\'cf\xf0\\'e8}", PATH).text == "При\n"
    assert read_rtf(b"{\\rtf1\\mac \\'8e}", PATH).text == "é\n"
    assert read_rtf(b"{\\rtf1\\ansi\\ansicpg99999 \\'e9}", PATH).text == "é\n"
    assert read_rtf(b"{\\rtf1\\ansi\\ansicpg65001 \xd0\xbf}", PATH).text == "п\n"


def test_what_is_not_printed_is_left_out() -> None:
    assert text(r"shown {\v hidden}{\deleted struck}\v off\v0  on\plain .") == "shown  on.\n"
    assert text(r"{\field{\*\fldinst HYPERLINK secret}{\fldrslt the page}}{\*\unknown x} end") == (
        "the page end\n"
    )
    assert (
        text(r"{\*\annotation really?}{\pict\bin4 {}}\}a{\object{\*\objdata 00}{\result b}}")
        == "ab\n"
    )
    assert text(r"{\upr{ansi}{\*\ud unicode}}{\*\shppict{\pict 00ff}}{\nonshppict{\pict 00}}") == (
        "unicode\n"
    )


def test_notes_and_boxes_follow_their_paragraph() -> None:
    source = read(
        r"One sentence{\super\chftn{\footnote\pard\plain{\super\chftn} As \b shown\b0 .}} goes on"
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt\pard In the box\par}}} to here.\par Next.\par"
    )
    assert blocks(source) == [
        ("paragraph", "One sentence goes on to here."),
        ("note", "As shown."),
        ("paragraph", "In the box"),
        ("paragraph", "Next."),
    ]


def test_tables_are_lines_of_cells() -> None:
    source = read(
        r"Before\par\trowd\cellx1\cellx2\pard\intbl Year\cell Cost\cell\row"
        r"\trowd\pard\intbl\cell two\par parts\cell\row\pard After\par"
        r"\trowd\pard A frame\cell\row\pard"
        r"\trowd\pard\intbl left\par\itap2 x\nestcell y\nestcell{\*\nesttableprops\trowd\nestrow}"
        r"\pard\intbl\itap1 below\cell right\cell\row\pard End\par"
    )
    assert blocks(source) == [
        ("paragraph", "Before"),
        ("table", "Year\tCost\n\ttwo parts"),
        ("paragraph", "After"),
        ("paragraph", "A frame"),
        ("paragraph", "left"),
        ("table", "x\ty"),
        ("paragraph", "below"),
        ("paragraph", "right"),
        ("paragraph", "End"),
    ]


def test_what_comes_after_the_last_group_is_no_text() -> None:
    assert read_rtf(rtf("a") + b" trailing {junk}", PATH).text == "a\n"


def test_a_file_that_is_cut_short_is_read_with_a_note() -> None:
    source = read_rtf(rtf(r"one\par {\b two}")[:-3], PATH)
    assert source.text == "one\n\ntw\n"
    assert source.notes == ("the file ends inside a group, so its end may be missing",)
    assert read("one").notes == ()


def test_refusals_have_their_reasons() -> None:
    assert "does not begin as one" in refused(b"Dear all,")
    assert "deeper than 4,096" in refused(rtf("{" * 100_000 + "}" * 100_000))


@pytest.mark.parametrize(
    "piece",
    [
        r"{\b x}",
        r"\u8364?",
        r"\'e9",
        "{{}}",
        r"\par ",
        r"{\footnote x}",
        r"\cell\row ",
        "\\bin1 x",
        "\\",
    ],
)
def test_hostile_repetition_takes_time_in_proportion(piece: str) -> None:
    started = time.perf_counter()
    read(piece * (200_000 // len(piece)) + " ")
    assert time.perf_counter() - started < 5


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_comes_back_as_it_was(words: str) -> None:
    stored = "".join(c for c in words if c.isprintable() and not 0xE000 <= ord(c) <= 0xF8FF)
    assert text("x" + rtf_text(stored) + "x") == f"x{stored}x\n"


WORDS = ["par", "cell", "row", "intbl", "itap2", "itap9", "nestcell", "nestrow", "pard", "footnote"]
WORDS += [
    "fonttbl",
    "f1",
    "stylesheet",
    "s1",
    "ud",
    "upr",
    "shptxt",
    "v",
    "bin3",
    "u-1",
    "uc9",
    "*",
]
NOISE = st.lists(
    st.sampled_from([*(rf"\{word} " for word in WORDS), "{", "}", "x;", r"\'e9", "\\"])
)


@settings(max_examples=200, deadline=None)
@given(NOISE)
def test_any_control_words_give_blocks_in_order(pieces: list[str]) -> None:
    try:
        source = read("".join(pieces))
    except ReadError:
        return
    assert_in_order(source)
