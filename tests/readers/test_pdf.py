"""PDFs written by hand, so that what stands where is known: their text, blocks and pages."""

from __future__ import annotations

import base64
import random
import textwrap
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.lzw import lzwdecode
from pdfminer.psparser import LIT

from qa.errors import ReadError
from qa.readers.pdf.document import open_document
from qa.readers.pdf.drawing import read_runs
from qa.readers.pdf.fonts import Fonts
from qa.readers.pdf.lines import Piece, make_line
from qa.readers.pdf.reader import read_pdf
from qa.readers.pdf.syntax import unpack
from qa.readers.plain import read_plain
from qa.records import BlockKind, SourceText
from qa.structure.documents import find_documents
from qa.structure.lines import read_lines
from qa.structure.passages import cut_passages
from qa.structure.turns import find_turns
from tests.support.pdf_samples import (
    BOLD,
    FIXED,
    Show,
    assemble,
    column,
    drawn,
    encrypted,
    pdf,
)

PATH = Path("papers/report.pdf")

# Set in Helvetica 10, about 250 points wide.
RIVER = [
    "The river rose in the night of the seventh and",
    "stood at the sills of the lower town by four. No",
    "warning had come from the dam, for the line had",
    "been cut by the same storm an hour earlier, and",
    "nobody at the harbour thought of the old bells.",
    "It was the porter who rang them.",
]
WALL = [
    "A wall along the outer quay would have cost less",
    "than the mud that was carried out of the cellars",
    "in the spring. The council was told so twice and",
    "put the matter off twice, as councils will do in",
    "years that have no election in them. The mayor",
    "has asked for a third hearing.",
]


def read(*pages, **options) -> SourceText:
    return read_pdf(pdf(pages, **options), PATH)


def blocks(source: SourceText, kind: BlockKind | None = None) -> list[str]:
    return [source.text[b.start : b.end] for b in source.blocks if kind in (None, b.kind)]


def paragraph(lines) -> str:
    return "\n".join(lines)


# ---- lines and paragraphs ---------------------------------------------------------------


def test_a_page_is_its_lines_with_their_ends_and_paragraphs_are_blocks():
    source = read(column([*RIVER, "", *WALL]))
    assert source.text == f"{paragraph(RIVER)}\n\n{paragraph(WALL)}\n"
    assert blocks(source) == [paragraph(RIVER), paragraph(WALL)]
    assert {block.kind for block in source.blocks} == {BlockKind.PARAGRAPH}
    assert (source.format, source.reader, source.date, source.notes) == ("pdf", "pdf/2", None, ())


def test_a_short_last_line_ends_a_paragraph_without_any_space_below_it():
    source = read(column([*RIVER, *WALL]))
    assert blocks(source) == [paragraph(RIVER), paragraph(WALL)]
    assert source.text == f"{paragraph(RIVER)}\n{paragraph(WALL)}\n"


def test_an_indented_line_begins_a_paragraph_though_the_line_before_it_is_full():
    first = [*RIVER[:4], "and at the end of it nobody was quite so sure."]
    shows = [*column(first), Show(84, 680, WALL[0]), *column(WALL[1:], top=668)]
    assert blocks(read(shows)) == [paragraph(first), paragraph(WALL)]


def test_words_are_parted_by_gaps_and_not_by_kerning():
    instructions = (
        b"BT /F1 10 Tf 72 700 Td [(The)-250(W)80(all and)-280(the)] TJ ET "
        b"BT /F1 10 Tf 1 0 0 1 200 700 Tm (har) Tj (bour) Tj ET "
        b"BT /F1 10 Tf 3 Tw 72 680 Td (a wide line) Tj 0 Tw T* ET"
    )
    assert read(instructions).text == "The Wall and the harbour\n\na wide line\n"


def test_pieces_drawn_out_of_order_are_read_from_left_to_right():
    shows = [Show(140, 700, "second"), Show(72, 680, "below"), Show(105, 700, "first")]
    shows.append(Show(72, 700, "Quite"))
    assert read(shows).text.split() == ["Quite", "first", "second", "below"]


def test_a_hyphen_at_the_end_of_a_line_stays_and_the_paragraph_goes_on():
    lines = ["The commission was told of every single infor-", "mation that had reached the dam."]
    source = read(column([*RIVER, "", *lines]))
    assert blocks(source)[1] == paragraph(lines)


def test_ligatures_and_typographic_marks_stay_as_they_are():
    assert read([Show(72, 700, "“No – never’s the word…”")]).text == "“No – never’s the word…”\n"


def test_a_mark_of_a_note_is_raised_but_stays_in_its_line():
    shows = [Show(72, 700, "as the mayor said"), Show(152.5, 704, "3", 6)]
    shows.append(Show(160, 700, "in her first year"))
    assert "\n" not in read(shows).text.strip()
    assert "mayor said3 in her" in read(shows).text.replace("said 3", "said3")


def test_bold_drawn_twice_is_read_once():
    assert read([Show(72, 700, "Twice"), Show(72.3, 700, "Twice")]).text == "Twice\n"


def test_words_at_a_slant_or_off_the_page_are_left_out():
    watermark = b"BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 300 Tm (DRAFT) Tj ET\n"
    outside = drawn([Show(72, 900, "printer's mark")])
    assert read(watermark + outside + drawn(column(RIVER))).text == paragraph(RIVER) + "\n"


def test_a_page_turned_upright_by_its_rotation_reads_as_one():
    instructions = b"BT /F1 10 Tf 0 1 -1 0 300 100 Tm (Landscape) Tj 0 -14 Td (tables) Tj ET"
    assert read(instructions, page_entries="/Rotate 90 ").text.split() == ["Landscape", "tables"]
    assert read(instructions).text.split() == ["Landscape", "tables"]


def test_words_for_the_eyes_are_replaced_by_those_that_the_file_says_they_stand_for():
    instructions = (
        b"BT /F1 10 Tf 72 700 Td (a ) Tj /Span << /ActualText <FEFF006600660069> >> BDC "
        b"(x) Tj (y) Tj EMC ET"
    )
    assert read(instructions).text == "a ffi\n"


def test_what_a_tagged_file_marks_as_pagination_is_left_out():
    foot = b"/Artifact << /Type /Pagination >> BDC " + drawn([Show(72, 30, "page 1")]) + b" EMC\n"
    assert read(foot + drawn(column(RIVER))).text == paragraph(RIVER) + "\n"


# ---- columns ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_two_columns_are_read_one_after_the_other_in_whatever_order_they_are_drawn(seed):
    shows = [
        Show(72, 780, "What the River Left Behind in the Lower Town of Halse", 16, BOLD),
        *column(RIVER, 60, 740),
        *column(WALL, 310, 740),
        Show(
            60, 640, "A line over the full width of the page stands between the columns and those "
        ),
        *column(WALL, 60, 610),
        *column(RIVER, 310, 610),
    ]
    random.Random(seed).shuffle(shows)
    source = read(shows)
    assert blocks(source) == [
        "What the River Left Behind in the Lower Town of Halse",
        paragraph(RIVER),
        paragraph(WALL),
        "A line over the full width of the page stands between the columns and those",
        paragraph(WALL),
        paragraph(RIVER),
    ]
    assert blocks(source, BlockKind.HEADING) == blocks(source)[:1]


def test_a_paragraph_over_the_end_of_a_column_is_one_block():
    shows = [*column(RIVER[:4], 60, 740), *column([*RIVER[4:], "", *WALL[:3]], 310, 740)]
    assert blocks(read(shows))[0] == paragraph(RIVER)


def test_a_table_is_read_by_rows():
    rows = [("Town", "People", "Houses"), ("Halse", "812", "205"), ("Ostrel", "1,930", "611")]
    shows = [
        Show(72 + 120 * place, 700 - 14 * at, cell)
        for at, row in enumerate(rows)
        for place, cell in enumerate(row)
    ]
    source = read(shows)
    assert blocks(source, BlockKind.TABLE) == ["\n".join("\t".join(row) for row in rows)]


def test_labels_beside_their_text_are_no_column():
    shows = [
        *column(["VOSS:", "", "HOLLIS:"], 60, 700),
        *column(["Order.", "", "Thank you."], 130, 700),
    ]
    assert read(shows).text.split() == ["VOSS:", "Order.", "HOLLIS:", "Thank", "you."]


def test_a_gutter_known_from_pages_before_serves_a_page_with_few_lines():
    full = [*column(RIVER, 60, 740), *column(WALL, 310, 740)]
    last = [*column(WALL[:2], 60, 740), Show(310, 740, "and nothing more was heard of it.")]
    source = read(full, last)
    assert pages_of(source)["2"].split("\n")[:3] == [*WALL[:2], "and nothing more was heard of it."]


def test_lines_from_right_to_left_are_read_so():
    words = [Piece("12 \u05dd\u05d5\u05dc\u05e9", 100, 150, 700, 10, 0, 0, False, False)]
    words.append(Piece("(\u05d1\u05d0)", 153, 170, 700, 10, 0, 0, False, False))
    assert make_line(words).text == "(\u05d0\u05d1) \u05e9\u05dc\u05d5\u05dd 12"


def test_digits_among_arabic_letters_are_read_from_left_to_right():
    drawn_from_the_left = "\u0662\u0660\u0660\u0666 \u0646\u0648\u0646\u0627\u0643 \u0661\u0666"
    line = make_line([Piece(drawn_from_the_left, 100, 200, 700, 10, 0, 0, False, False)])
    assert line.text == "\u0661\u0666 \u0643\u0627\u0646\u0648\u0646 \u0662\u0660\u0660\u0666"


# ---- kinds ------------------------------------------------------------------------------


def test_headings_are_ranked_by_their_type():
    shows = [
        Show(72, 780, "The Flood", 18, BOLD),
        Show(72, 750, "What happened", 13, BOLD),
        *column(RIVER, top=730),
        Show(72, 640, "What it cost", 13, BOLD),
        *column(WALL, top=620),
        Show(72, 530, "In crowns", 10, BOLD),
        *column(RIVER, top=515),
    ]
    source = read(shows)
    found = [(source.text[b.start : b.end], b.level) for b in source.blocks if b.level]
    assert found == [("The Flood", 1), ("What happened", 2), ("What it cost", 2), ("In crowns", 3)]


def test_a_heading_over_two_lines_is_one():
    lines = [
        Show(72, 780, "What the River Left Behind", 18, BOLD),
        Show(72, 759, "in Halse", 18, BOLD),
    ]
    assert blocks(read([*lines, *column(RIVER)]), BlockKind.HEADING) == [
        "What the River Left Behind\nin Halse"
    ]


def test_bullet_points_and_code():
    shows = [
        *column([*RIVER, "• the bells", "• the porter"]),
        Show(72, 600, "def ring():", font=FIXED),
        Show(96, 588, "return bells", font=FIXED),
    ]
    source = read(shows)
    assert blocks(source, BlockKind.LIST_ITEM) == ["• the bells", "• the porter"]
    assert blocks(source, BlockKind.CODE) == ["def ring():\n    return bells"]


# ---- pages ------------------------------------------------------------------------------


def pages_of(source: SourceText) -> dict[str, str]:
    ends = [mark.start for mark in source.locators[1:]] + [len(source.text)]
    return {
        mark.locator.label: source.text[mark.start : end]
        for mark, end in zip(source.locators, ends, strict=True)
    }


def test_pages_go_by_the_labels_that_a_viewer_shows():
    labels = "0 << /S /r >> 2 << /S /D >> 3 << /S /D /P (A-) /St 7 >>"
    source = read(*[[Show(72, 700, f"Text of sheet {n}.")] for n in range(1, 5)], labels=labels)
    assert [mark.locator.label for mark in source.locators] == ["i", "ii", "1", "A-7"]
    assert [words.strip() for words in pages_of(source).values()] == [
        f"Text of sheet {n}." for n in range(1, 5)
    ]


def test_letters_of_labels_are_doubled_after_z():
    labels = "0 << /S /a /St 26 >> 2 << /S /R /St 9 >> 3 << /S /A /St 0 >>"
    source = read(*[[Show(72, 700, f"Text of sheet {n}.")] for n in range(1, 5)], labels=labels)
    assert [mark.locator.label for mark in source.locators] == ["z", "aa", "IX", "4"]


def test_damaged_labels_give_numbers():
    source = read([Show(72, 700, "One.")], [Show(72, 700, "Two.")], labels="/x (y) [ 1 2 ] null")
    assert [mark.locator.label for mark in source.locators] == ["1", "2"]


def test_a_paragraph_over_the_end_of_a_page_is_one_block_with_the_mark_inside():
    source = read(column(RIVER[:4]), column([*RIVER[4:], "", *WALL]))
    assert blocks(source) == [paragraph(RIVER), paragraph(WALL)]
    assert pages_of(source)["2"].startswith(RIVER[4])


def test_a_paragraph_that_ends_with_its_page_is_not_joined_to_the_next():
    assert blocks(read(column(RIVER), column(WALL))) == [paragraph(RIVER), paragraph(WALL)]


def test_footnotes_follow_the_paragraph_that_goes_on_and_keep_their_page():
    note = Show(72, 90, "1 See the log of the dam.", 7)
    source = read([*column(RIVER[:4]), note], column([*RIVER[4:], "", *WALL]))
    assert blocks(source) == [paragraph(RIVER), "1 See the log of the dam.", paragraph(WALL)]
    assert [mark.locator.label for mark in source.locators] == ["1", "2", "1", "2"]


def test_footnotes_are_nobody_s_words_and_small_print_is_no_footnote():
    said = [
        "Ruth Amory: Where were you in that night?",
        "",
        f"Marta Helvane: {RIVER[0]}",
        *RIVER[1:4],
    ]
    rest = [*RIVER[4:], "", "Ruth Amory: Thank you."]
    notes = [Show(72, 90, "1 See the log of the dam,", 7), Show(72, 82, "page 4.", 7)]
    source = read([*column(said), *notes], column(rest))
    assert blocks(source, BlockKind.NOTE) == ["1 See the log of the dam,", "page 4."]
    assert {speaker for speaker, words in turns_of(source) if "log" in words} == set()
    assert turns_of(source)[-1] == ("Ruth Amory", "Thank you.")
    small = read([*column(said), Show(72, 90, "The bells are old.", 7)], column(rest))
    assert blocks(small, BlockKind.NOTE) == []


def with_edges(number: int, count: int, *, head: str, foot: str) -> list[list[Show]]:
    return [
        [
            Show(72, 810, head.format(page)),
            *column([f"Sheet {page} of the log. {RIVER[0]}", *RIVER[1:]]),
            Show(290, 30, foot.format(page)),
        ]
        for page in range(number, number + count)
    ]


def test_running_heads_and_page_numbers_are_no_part_of_the_text():
    source = read(*with_edges(11, 4, head="Orlith Review, volume 12", foot="- {} -"))
    assert "Orlith" not in source.text
    assert "- 12 -" not in source.text
    assert source.text.count("It was the porter who rang them.") == 4


def test_heads_of_left_and_right_pages_and_changing_ones_with_the_page_s_number():
    pages = with_edges(1, 6, head="", foot="")
    for at, page in enumerate(pages, 1):
        page[0] = Show(72, 810, f"{at} Chapter {'one two three'.split()[at // 3]}" if at % 2 == 0
                       else f"The Flood of the Orlith {at}")  # fmt: skip
        page.pop()
    text = read(*pages).text
    assert "Chapter" not in text
    assert "The Flood" not in text


def test_two_pages_are_too_few_to_tell_a_running_head():
    source = read(*with_edges(1, 2, head="Orlith Review", foot="{}"))
    assert source.text.count("Orlith Review") == 2


def test_what_is_repeated_within_the_pages_stays():
    source = read(*[[*column(RIVER, top=500)] for _ in range(4)])
    assert source.text.count(RIVER[0]) == 4


# ---- what a file says of itself ------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("After Halse:  Flood\nReport", "After Halse: Flood Report"),
        ("Microsoft Word - report_final2.doc", None),
        ("report_final2.docx", None),
        ("report", None),
        ("Untitled-3", None),
        ("Untitled", None),
        ("C:\\Users\\wick\\flood", None),
        ("12 34", None),
        ("", None),
    ],
)
def test_a_title_is_taken_unless_it_is_a_file_s_name_or_a_filler(title, expected):
    info = {"Title": title, "CreationDate": "D:20240501120000Z"}
    source = read(column(RIVER), info=info)
    assert source.title == expected
    assert source.date is None


# ---- what can't be read --------------------------------------------------------------------

PICTURE = b"q 500 0 0 700 40 40 cm /Im Do Q"


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_pdf(data, PATH)
    assert caught.value.path == PATH
    assert "\n" not in caught.value.reason
    return caught.value.reason


def test_a_scan_without_text_is_refused_with_the_number_of_its_pages():
    assert refused(pdf([PICTURE] * 3)) == (
        "has no text: its 3 pages are images (scanned); run OCR first"
    )
    assert "blank" in refused(pdf([b"", b""]))


def test_scanned_pages_among_others_are_told_by_their_labels():
    text = [Show(72, 700, "Typed.")]
    source = read(text, PICTURE, text, PICTURE, PICTURE, PICTURE, b"", labels="0 << /S /D /St 5 >>")
    assert source.notes == (
        "pages 6, 8-10 (of 7 pages) have no text, only pictures; if scanned, run OCR to read them",
    )
    assert read(text, PICTURE).notes == (
        "page 2 (of 2 pages) has no text, only pictures; if scanned, run OCR to read it",
    )


def test_the_hidden_text_of_a_scan_that_went_through_ocr_is_read():
    assert read(PICTURE + b" BT 3 Tr /F1 10 Tf 72 700 Td (Hidden) Tj ET").text == "Hidden\n"


def test_a_damaged_page_costs_that_page_only():
    deep = b"[" * 100_000
    source = read([Show(72, 700, "Sound.")], deep)
    assert source.text == "Sound.\n"
    assert source.notes == ("page 2 (of 2 pages) could not be read (nested too deeply)",)


def test_fonts_that_name_no_letters():
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X >>] >>"
    data = pdf([b"BT /F1 10 Tf 72 700 Td <00370049004b> Tj ET"]).replace(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", font
    )
    assert "fonts" in refused(data)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s>> stream\n%s\nendstream" % (len(content), entries, content)


def shown(codes: bytes, font: str, *more: bytes, size: int = 10, operators: bytes = b"") -> str:
    """What a page of a font's codes reads as."""
    drawn_codes = b"BT /F1 %d Tf 72 700 Td <%s> Tj ET" % (size, codes.hex().encode())
    return read(drawn_codes + operators, font=font, more=more).text.rstrip("\n")


COMPOSITE = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /{encoding} {entries} /DescendantFonts "
    "[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X {below} "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering ({collection}) /Supplement 0 >> >>] >>"
)


@pytest.mark.parametrize(
    ("encoding", "collection", "codec", "words"),
    [
        ("KSCms-UHC-H", "Korea1", "cp949", "시장은 다리가 안전하다고"),
        ("90ms-RKSJ-H", "Japan1", "cp932", "東京都の橋は安全です"),
        ("GBK-EUC-H", "GB1", "gbk", "市长说这座桥是安全的"),
        ("UniCNS-UTF16-H", "CNS1", "utf-16-be", "市長說這座橋是安全的"),
    ],
)
def test_the_registered_encodings_of_east_asia_are_known(encoding, collection, codec, words):
    font = COMPOSITE.format(encoding=encoding, collection=collection, entries="", below="")
    assert shown(words.encode(codec), font) == words


def test_codes_may_be_said_to_be_unicode_s_own():
    font = COMPOSITE.format(
        encoding="Identity-H", collection="Identity", entries="/ToUnicode /Identity-H", below=""
    )
    assert shown("The quay.".encode("utf-16-be"), font) == "The quay."


def test_a_map_that_is_no_map_of_unicode_s_numbers_leaves_letters_unknown():
    bomb = b"begincmap 1 beginbfrange <0000> <ffff> <0000> endbfrange " * 5 + b"endcmap"
    font = COMPOSITE.format(
        encoding="Identity-H", collection="Identity", entries="/ToUnicode 7 0 R", below=""
    )
    data = pdf([b"BT /F1 10 Tf 72 700 Td <00410042> Tj ET"], font=font, more=[stream(bomb)])
    assert "fonts" in refused(data)


def test_lines_from_top_to_bottom_are_read_from_right_to_left():
    font = COMPOSITE.format(encoding="90ms-RKSJ-V", collection="Japan1", entries="", below="")
    columns = [("東京都の橋は", 300), ("とても安全で", 286), ("よく歩かれる", 272)]
    content = b" ".join(
        b"BT /F1 10 Tf %d 700 Td <%s> Tj ET" % (x, words.encode("cp932").hex().encode())
        for words, x in reversed(columns)
    )
    assert read(content, font=font).text == "東京都の橋は\nとても安全で\nよく歩かれる\n"


TYPE1 = "<< /Type /Font /Subtype /Type1 /BaseFont /CSR10 /FontDescriptor 7 0 R >>"
DESCRIPTOR = b"<< /Type /FontDescriptor /FontName /CSR10 /Flags 4 /%s 8 0 R >>"


def test_a_font_s_program_tells_its_own_encoding():
    header = b"%!PS-AdobeFont-1.0: CSR10\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 5 /ccaron put\ndup 80 /summationdisplay put\ndup 12 /fi put\nreadonly def\ncurrentfile eexec \x01\x02"
    font = [DESCRIPTOR % b"FontFile", stream(header, b"/Length1 180 ")]
    assert shown(b"\x05P\x0cA", TYPE1, *font) == "č∑ﬁ\ufffd"


@pytest.mark.parametrize("ranges", [False, True])
def test_a_font_in_the_compact_format_tells_its_own_encoding(ranges):
    name, strings = b"\0\1\1\1\6CSR10", b"\0\2\1\1\7\x0dccaronecaron"
    header, blank = b"\1\0\4\1", b"\0\0"
    if ranges:
        encoding, charset = b"\1\2\x41\0\x68\1", b"\1\0\x22\0\1\x87\1"
    else:
        encoding, charset = b"\0\3\x41\x68\x69", b"\0\0\x22\1\x87\1\x88"
    at = len(header + name + strings + blank) + 17
    places = {15: at, 16: at + len(charset), 17: at + len(charset + encoding)}
    top = b"".join(b"\x1c" + at.to_bytes(2, "big") + bytes([key]) for key, at in places.items())
    index = b"\0\1\1\1" + bytes([len(top) + 1]) + top
    assert len(index) == 17
    glyphs = b"\0\4\1\1\2\3\4\5" + b"\x0e" * 4
    program = header + name + index + strings + blank + charset + encoding + glyphs
    font = [DESCRIPTOR % b"FontFile3", stream(program, b"/Subtype /Type1C ")]
    assert shown(b"Ahi", TYPE1, *font) == "Ačě"


def drawn_font(*codes: int) -> str:
    """A font of bitmaps as TeX's programs write it, its glyphs named after their codes."""
    names = " ".join(f"{code} /a{code}" for code in codes)
    return (
        "<< /Type /Font /Subtype /Type3 /FontMatrix [.01 0 0 .01 0 0] /FontBBox [0 0 60 70] "
        f"/FirstChar 0 /LastChar 255 /Widths [{'50 ' * 256}] /CharProcs << >> "
        f"/Encoding << /Differences [{names}] >> >>"
    )


def test_bitmaps_named_after_their_codes_are_letters_unless_most_are_no_latin_ones():
    assert shown(b"Gl\xfcck", drawn_font(*b"Glueck\xfc")) == "Glück"
    russian = "Мост".encode("koi8-r")
    assert shown(b"bridge" + russian[:1], drawn_font(*b"bridge", *russian, *range(0xE0, 0xF0))) == (
        "bridge\ufffd"
    )


def test_every_character_has_its_place():
    spaced = b" BT /F1 10 Tf 1 Tc 72 660 Td (ll) Tj ET"
    data = pdf(
        [drawn([Show(72, 700, "Wall")]) + b" BT /F1 20 Tf 0 1 -1 0 500 100 Tm (ll) Tj ET" + spaced]
    )
    page = open_document(data).pages(1)[0]
    level, turned, apart = read_runs(page, Fonts()).runs
    # Helvetica's own widths: W 944, a 556, l 222.
    assert list(level.edges) == pytest.approx([72, 81.44, 87.0, 89.22, 91.44], abs=1e-4)
    assert (level.x0, level.x1, level.y) == pytest.approx((72, 91.44, 700))
    assert (turned.turned, list(turned.edges)) == (
        1,
        pytest.approx([100, 104.44, 108.88], abs=1e-4),
    )
    assert list(apart.edges) == pytest.approx([72, 75.22, 77.44], abs=1e-4)


def test_a_form_leaves_the_page_s_own_places_as_they_were():
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Matrix [1 0 0 1 300 0] "
    entries = "/Resources << /Font << /F1 7 0 R >> /XObject << /Fm 8 0 R >> >> "
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    more = [font, stream(b"BT 72 700 Td (in the form) Tj ET", form)]
    content = b'BT /F1 10 Tf ET /Fm Do BT 72 680 Td (below) Tj 14 TL 1 0 (and a line) " ET'
    data = pdf([content], more=more).replace(b"/Resources 3 0 R ", entries.encode())
    runs = read_runs(open_document(data).pages(1)[0], Fonts()).runs
    places = [("".join(run.text), round(run.x0), round(run.y)) for run in runs]
    assert places == [("in the form", 372, 700), ("below", 72, 680), ("and a line", 72, 666)]


PLAIN = b"A quay of seven cranes, a quay of seven cranes. " * 200


@pytest.mark.parametrize(
    ("name", "packed", "plain"),
    [
        # The example of ISO 32000-1, 7.4.4.2.
        ("LZWDecode", bytes.fromhex("800b6050220c0c8501"), b"-----A---B"),
        ("FlateDecode", zlib.compress(PLAIN), PLAIN),
        ("ASCII85Decode", base64.a85encode(PLAIN, wrapcol=60, adobe=True), PLAIN),
        ("ASCIIHexDecode", b" 41 4 2\n 7>41", b"ABp"),
        ("RunLengthDecode", b"\x02abc\xfed\x80e", b"abcddd"),
    ],
)
def test_filters_are_undone(name, packed, plain):
    assert unpack(packed, [(LIT(name), {})]) == plain


def test_what_comes_before_the_damage_of_a_stream_is_read():
    noise = random.Random(4).randbytes(9_000)
    packed = zlib.compress(noise, 0)
    assert unpack(packed[:5_000], [(LIT("Fl"), {})]) == noise[: 5_000 - 7]
    twice = zlib.compress(PLAIN) + b"more"
    assert unpack(twice, [(LIT("Fl"), {})]) == PLAIN


def test_long_lzw_codes_agree_with_pdfminer_s():
    noise = random.Random(3).randbytes(9_000)
    assert unpack(noise_packed := lzw(noise), [(LIT("LZWDecode"), {})]) == noise
    assert lzwdecode(noise_packed) == noise


def lzw(data: bytes) -> bytes:
    """Packed with the code of a new table whenever 4,000 entries are full."""
    bits, table, width, before = format(256, "09b"), {}, 9, b""
    for byte in data:
        word = before + bytes([byte])
        if len(word) == 1 or word in table:
            before = word
            continue
        bits += format(table.get(before, before[0]), f"0{width}b")
        table[word] = 258 + len(table)
        before = bytes([byte])
        width = max(9, (258 + len(table)).bit_length())
        if len(table) == 3_700:
            bits += format(before[0], f"0{width}b") + format(256, f"0{width}b")
            table, width, before = {}, 9, b""
    bits += format(table.get(before, before[0]), f"0{width}b") if before else ""
    bits += format(257, f"0{width}b")
    return int(bits + "0" * (-len(bits) % 8), 2).to_bytes((len(bits) + 7) // 8, "big")


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_password_is_asked_for_and_an_empty_one_is_tried(algorithm):
    data = pdf([column(RIVER)])
    assert refused(encrypted(data, "secret", algorithm)) == (
        "is encrypted with a password; save a copy without a password"
    )
    assert read_pdf(encrypted(data, "", algorithm), PATH).text == paragraph(RIVER) + "\n"


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FORM = b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /A %d 0 R >> >> /Length 41 >> stream\n/A Do /A Do /A Do /A Do /A Do /A Do /A Do\nendstream"
HOSTILE = {
    "nothing": b"",
    "text": b"Dear reader, this is no PDF.",
    "noise": b"%PDF-1.7\n" + random.Random(1).randbytes(50_000),
    "cut off": pdf([column(RIVER)])[:700],
    "pages that hold themselves": assemble(
        [CATALOG, b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]
    ),
    "one page 50,000 times": assemble(
        [
            CATALOG,
            b"<< /Type /Pages /Count 50000 /Kids [" + b"3 0 R " * 50_000 + b"] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        ]
    ),
    "deep arrays": assemble(
        [CATALOG[:-2] + b"/X " + b"[" * 90_000 + b"]" * 90_000 + b" >>", b"<< /Kids [] >>"]
    ),
    "deep dictionaries": pdf([b"<<" * 50_000]),
    "an inflating stream": pdf([b" " * 60_000_000], packed=True),
    "forms that paint each other": assemble(
        [
            CATALOG,
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
            b"/Resources << /XObject << /A 5 0 R >> >> >>",
            b"<< /Length 5 >> stream\n/A Do\nendstream",
            *[FORM % (number + 1) for number in range(5, 30)],
            FORM % 5,
        ]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_bounded_time_with_a_reason(name):
    begun = time.perf_counter()
    assert refused(HOSTILE[name])
    assert time.perf_counter() - begun < 10


def test_a_count_of_pages_that_lies_does_no_harm():
    data = pdf([column(RIVER)]).replace(b"/Count 1 ", b"/Count 999999999 ")
    assert read_pdf(data, PATH).text == paragraph(RIVER) + "\n"


def test_thousands_of_pieces_on_one_line_take_bounded_time():
    places = random.Random(2)
    shows = [Show(places.uniform(0, 500), 400, "w", 5) for _ in range(3000)]
    begun = time.perf_counter()
    assert read(shows).text.count("w") > 1000
    assert time.perf_counter() - begun < 10


SOUND = pdf([column(RIVER), column(WALL)], labels="0 << /S /r >>", info={"Title": "A"})


@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=12), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_file_changed_anywhere_is_read_or_refused(at, patch, cut):
    data = SOUND[:at] + patch + (b"" if cut else SOUND[at + len(patch) :])
    try:
        source = read_pdf(data, PATH)
    except ReadError:
        return
    starts = [mark.start for mark in source.locators]
    assert starts == sorted(starts)
    assert all(0 <= start < len(source.text) for start in starts)
    ends = [0]
    for block in source.blocks:
        assert ends[-1] <= block.start < block.end <= len(source.text)
        assert source.text[block.start : block.end].strip()
        ends.append(block.end)
    assert not any(0xD800 <= ord(char) <= 0xDFFF or char == "\x00" for char in source.text)


# ---- what the structure makes of it -----------------------------------------------------------

MINUTES = [
    "Talks with the Mayor of Port Sallow Ruth Amory",
    "March 5, 2024",
    "11:00",
    "Town Hall, Port Sallow",
    "Mayor of Port Sallow Ruth Amory: The harbour has stood",
    "under water for two days and nobody has yet counted the",
    "boats.",
    "President of the Commission Marta Helvane: I have seen it",
    "from the bridge this morning. We shall not forget who",
    "opened the gates, and who did not.",
    "Ruth Amory: Thank you.",
]


def turns_of(source: SourceText) -> list[tuple[str | None, str]]:
    document = find_documents(source)[0]
    return [
        (turn.speaker, " ".join(source.text[turn.start : turn.end].split()))
        for turn in find_turns(source, document)
        if turn.kind.value == "speech"
    ]


def test_labels_and_datelines_are_found_over_wrapped_lines():
    source = read(column(MINUTES))
    document = find_documents(source)[0]
    assert (document.title, document.date, document.time, document.place) == (
        "Talks with the Mayor of Port Sallow Ruth Amory", "2024-03-05", "11:00", "Town Hall, Port Sallow",
    )  # fmt: skip
    assert turns_of(source) == [
        ("Ruth Amory", "The harbour has stood under water for two days and nobody has yet counted the boats."),
        ("Marta Helvane", "I have seen it from the bridge this morning. We shall not forget who opened the gates, and who did not."),
        ("Ruth Amory", "Thank you."),
    ]  # fmt: skip


def test_a_sentence_over_lines_and_pages_is_one():
    source = read(column(RIVER[:4]), column(RIVER[4:]))
    document = find_documents(source)[0]
    passages = cut_passages(
        source,
        document,
        find_turns(source, document),
        lambda texts: [len(t.split()) for t in texts],
    )
    sentences = [
        " ".join(source.text[s.start : s.end].split()) for p in passages for s in p.sentences
    ]
    assert sentences[1] == (
        "No warning had come from the dam, for the line had been cut by the same storm an hour "
        "earlier, and nobody at the harbour thought of the old bells."
    )


def test_the_lines_of_a_block_are_one_line_to_the_structure():
    source = read(column([*RIVER, "", *WALL]))
    lines = read_lines(source)
    assert [line.text for line in lines] == [" ".join(RIVER), " ".join(WALL)]
    assert [(line.start, line.end) for line in lines] == [(b.start, b.end) for b in source.blocks]
    assert all(line.gap for line in lines)


SAMPLE = Path(__file__).resolve().parents[2] / "qa" / "sample" / "documents"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"


def printed(text: str) -> bytes:
    """A text as a word processor prints it: wrapped, 60 lines a page, a space after each line
    that its paragraph goes on after."""
    lines: list[str] = []
    for paragraph_text in text.split("\n"):
        wrapped = textwrap.wrap(" ".join(paragraph_text.split()), 80, break_on_hyphens=False)
        lines.extend([f"{line} " for line in wrapped[:-1]] + (wrapped[-1:] or [""]))
    return pdf(
        [
            [Show(57, 780 - 12 * row, line, font=FIXED) for row, line in enumerate(page) if line]
            for page in (lines[at : at + 60] for at in range(0, len(lines), 60))
        ]
    )


def outline(source: SourceText) -> list[tuple[object, ...]]:
    """Documents and turns, white space aside."""
    found: list[tuple[object, ...]] = []
    for document in find_documents(source):
        found.append((document.title, document.date, document.time, document.place))
        for turn in find_turns(source, document):
            words = "".join(source.text[turn.start : turn.end].split())
            found.append((turn.kind, turn.speaker, turn.role, words))
    return found


def outlines(path: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    text = path.read_text("utf-8-sig").encode("cp1252", "replace").decode("cp1252")
    plain = read_plain(text.encode(), path)
    return outline(read_pdf(printed(text), path)), outline(plain)


@pytest.mark.parametrize("name", ["council-minutes-2024-06-25", "events-transcripts", "news-2024",
                                  "harbour-bylaw", "interview-halse-viaduct", "release-who-pays",
                                  "speech-map-room"])  # fmt: skip
def test_printing_the_sample_changes_no_document_turn_or_speaker(name):
    printed_outline, plain = outlines(SAMPLE / f"{name}.txt")
    assert printed_outline == plain


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not beside the project")
def test_printing_the_corpus_changes_no_document_turn_or_speaker():
    for path in sorted(SHARED.glob("*.txt")):
        printed_outline, plain = outlines(path)
        assert printed_outline == plain, path.name
