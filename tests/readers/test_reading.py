from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReadError
from qa.locating import line_starts
from qa.readers.declared import declared_date
from qa.readers.encodings import decode
from qa.readers.files import load, read_bytes
from qa.records import BlockKind, SourceText
from tests.support.reading import reason_of

TEXT = Path("notes.txt")
RUSSIAN = "Президент выступил на встрече с коллегами. Он сказал, что работа идёт по плану.\n"


def blocks(source: SourceText) -> list[tuple[str, str]]:
    return [(block.kind.value, source.text[block.start : block.end]) for block in source.blocks]


def of_kind(source: SourceText, kind: BlockKind) -> list[str]:
    return [source.text[b.start : b.end] for b in source.blocks if b.kind is kind]


def html(markup: str) -> SourceText:
    return read_bytes(markup.encode(), Path("page.html"))


def markdown(text: str) -> SourceText:
    return read_bytes(text.encode(), Path("page.md"))


def failure(data: bytes, path: Path = TEXT) -> str:
    return reason_of(read_bytes, data, path)


def test_a_pages_links_are_those_of_its_words() -> None:
    source = html(
        "<p>See <a href=' a.txt '> the <b>file</b> </a>, <a href='#n'>1</a>, <a href=''>2</a>"
        "<a href='b'> </a><a>3</a></p><table><tr><td>x</td><td><a href='c?d&amp;e'>cell</a></td>"
        "<tr><td>y<td>z</table><script><a href=no>no</a></script><p hidden><a href=no>no</a>"
    )
    words = [(source.text[link.start : link.end], link.target) for link in source.links]
    assert words == [("the file", "a.txt"), ("cell", "c?d&e")]


# ---- lines and encodings -------------------------------------------------------------------


def test_lines_begin_after_each_kind_of_line_end() -> None:
    assert line_starts("") == [0]
    assert line_starts("a\r\nb\rc\nd") == [0, 3, 5, 7]
    assert line_starts("\n\r\n") == [0, 1, 3]
    assert line_starts("a\u2028b\x0cc") == [0]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1251", "koi8-r", "iso8859-5"],
)
def test_russian_is_read_in_every_encoding_it_comes_in(encoding: str) -> None:
    assert decode(RUSSIAN.encode(encoding), TEXT) == RUSSIAN


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "He said “café” – naïve – and paid £5 to Müller’s. "),
        ("cp1250", "Dziękuję bardzo, że państwo przyszli. Święto państwowe łączy ludzi. "),
        ("shift_jis", "日本語のテキストです。これは二番目の文です。"),
        ("gb18030", "中文文本。这是第二句话。委员会今天通过了决议。"),
        ("iso8859-7", "Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα. "),
    ],
)
def test_other_encodings(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), TEXT) == text


def test_unmarked_utf16_is_known_by_its_zero_bytes() -> None:
    assert decode("Plain words.\n".encode("utf-16-le"), TEXT) == "Plain words.\n"
    assert decode("Plain words.\n".encode("utf-16-be"), TEXT) == "Plain words.\n"


def test_what_neither_utf8_nor_sqlite_can_hold_is_replaced() -> None:
    utf16 = b"\xff\xfe" + "a\x00b\ud800c".encode("utf-16-le", "surrogatepass")
    assert decode(utf16, TEXT) == "a\ufffdb\ufffdc"
    assert decode("a\udc80b".encode("utf-8", "surrogatepass"), TEXT) == "a\ufffdb"


def test_line_ends_are_kept() -> None:
    assert read_bytes(b"a\r\nb\rc\n", TEXT).text == "a\r\nb\rc\n"


def test_a_declared_encoding_is_believed_after_utf8() -> None:
    page = '<meta charset="windows-1251"><p>Да</p>'
    assert read_bytes(page.encode("cp1251"), Path("a.html")).text == "Да\n"
    assert read_bytes(page.encode("utf-8"), Path("a.html")).text == "Да\n"


@pytest.mark.parametrize("label", ["utf-7", "unicode_escape", "zip", "nonsense", "punycode"])
def test_a_declared_encoding_that_is_none_of_the_webs_is_not(label: str) -> None:
    page = f'<meta charset="{label}"><p>caf\xe9 \\u0041 +AEE-</p>'
    assert "café \\u0041 +AEE-" in read_bytes(page.encode("cp1252"), Path("a.html")).text


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    controls = sum((ord(c) < 32 and c not in "\t\n\v\f\r\x1b") or c == "\x7f" for c in text)
    data = text.encode()
    if controls * 10 <= len(data) and re.match(r"\ufeff|%PDF-|\{\\rtf|PK\x03|GIF8", text) is None:
        assert decode(data, TEXT) == text


# ---- what is refused -----------------------------------------------------------------------


def test_what_is_no_text_is_refused_with_its_reason() -> None:
    assert failure(b"") == "is empty"
    assert failure(b" \r\n\t ") == "holds no text, only white space or markup"
    assert failure(b"<script>x</script>", Path("a.html")).startswith("holds no text")
    assert failure(b"abc\x00def") == "is a binary file (a zero byte at 3), not text"
    assert "control characters" in failure(bytes(range(1, 30)) * 5)
    assert failure(b"GIF89a...") == "is a GIF image, not text; convert it to text first"
    assert "UTF-16" in failure(b"\xff\xfea")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def reason(path: Path, max_bytes: int = 100) -> str:
        with pytest.raises(ReadError) as caught:
            load(path, max_bytes)
        return caught.value.reason

    assert reason(tmp_path / "none.txt") == "does not exist"
    assert reason(tmp_path) == "is a directory, not a file"
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 101)
    assert reason(large) == "is too large (101 bytes, at most 100); split it into parts"
    assert load(large, 101) == b"x" * 101
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert reason(pipe) == "is not a regular file"
    assert "null" in reason(Path("a\x00b"))
    assert "too long" in reason(tmp_path / ("x" * 300)).lower()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(ReadError, match="permission denied"):
        load(path)


def test_unknown_suffixes_are_read_as_text() -> None:
    expected = SourceText(text="Words.", format="text", reader="text/1")
    assert read_bytes(b"Words.", Path("README")) == expected
    assert read_bytes(b"# Words", Path("A.MD")).format == "markdown"


# ---- Markdown ------------------------------------------------------------------------------

MARKDOWN = """\
---
title: "A Report: Part One"
date: 2022-05-16
tags: [a, b]
---
# Findings *so far* #

A paragraph that
is wrapped.

> quoted
> words

- an item
  goes on
1. another

Second heading
---

~~~py
code

  x
~~~

    indented

| a | b |
|---|---|
| 1 | 2 |

<div>
raw
</div>

<!-- a note -->

[link]: http://example.org "t"
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_markdown_blocks(line_end: str) -> None:
    source = markdown(MARKDOWN.replace("\n", line_end))
    assert source.text == MARKDOWN.replace("\n", line_end)
    assert (source.title, source.date) == ("A Report: Part One", "2022-05-16")
    found = [(kind, text.replace(line_end, "\n")) for kind, text in blocks(source)]
    assert found == [
        ("metadata", MARKDOWN[: MARKDOWN.index("\n# ")]),
        ("heading", "Findings *so far*"),
        ("paragraph", "A paragraph that\nis wrapped."),
        ("quote", "quoted\n> words"),
        ("list_item", "an item\n  goes on"),
        ("list_item", "another"),
        ("heading", "Second heading"),
        ("code", "code\n\n  x"),
        ("code", "    indented"),
        ("table", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("metadata", "<div>\nraw\n</div>"),
        ("metadata", "<!-- a note -->"),
        ("metadata", '[link]: http://example.org "t"'),
    ]
    assert [b.level for b in source.blocks if b.kind is BlockKind.HEADING] == [1, 2]


def test_markdown_titles() -> None:
    assert markdown("# The **only** [one](http://x)\n\nText.\n\n## Sub").title == "The only one"
    assert markdown("Text.\n\n# Later").title is None
    assert markdown("# One\n\n# Two").title is None
    assert markdown("---\ntitle: >\n  folded\n---\n\nText.").title is None


def test_front_matter_in_toml() -> None:
    head = "+++\ntitle = 'Harbour notes'\ndate = 2022-05-04T10:00:00Z\n[menu]\ntitle = 'M'\n+++\n"
    source = markdown(f"{head}\nThe harbour silts up.\n")
    assert (source.title, source.date) == ("Harbour notes", "2022-05-04")
    assert [(block.kind, block.start) for block in source.blocks] == [
        (BlockKind.METADATA, 0),
        (BlockKind.PARAGRAPH, len(head) + 1),
    ]
    nested = markdown("+++\nx = 1\n[menu]\ntitle = 'M'\n+++\nWords.\n")
    assert (nested.title, nested.date) == (None, None)


def test_a_rule_is_no_front_matter() -> None:
    source = markdown("---\nJust words.\n---\n")
    assert not of_kind(source, BlockKind.METADATA)
    assert markdown("---\ntitle: x\n\nnever closed").title is None


@settings(deadline=None)
@given(st.text(alphabet="ab#>-*`|[]:<!\n\r\t 1.~=é😀", max_size=60))
def test_markdown_blocks_are_in_order_and_in_the_text(text: str) -> None:
    if text.strip():
        source = markdown(text)
        assert source.text == text
        at = 0
        for block in source.blocks:
            assert at <= block.start < block.end <= len(text)
            assert text[block.start : block.end].strip()
            at = block.end


# ---- HTML ----------------------------------------------------------------------------------


def test_html_is_rendered_to_text_with_blocks() -> None:
    source = html(
        """<!doctype html><html><head><title>My Page | Site</title><style>x{}</style></head><body>
        <header><h1>My Page</h1><ul><li><a>Home</a><li><a>News</a></ul></header><nav>menu</nav>
        <main><p>First <b>para</b>graph,\n  with &amp; and caf&eacute;.<br>Second  line
        <br><br>Third.
        <div>Loose <p>inner</p> tail</div>
        <ul><li>one<ul><li>sub</ul><li>two</ul>
        <blockquote><p>Quote me.</p><footer>— Someone</footer></blockquote>
        <table><tr><th>A<th>B<tr><td>1<td><p>2</p><p>3</p><tr><td><td>z</table>
        <pre>code  x\n   y</pre><p>He said <q>go</q>.<script>alert(1)</script><span hidden>no</span>
        <form><p>In a form.</p><input value=x><button>Go</button></form></main>
        <footer>Imprint</footer></body></html>"""
    )
    assert source.text == (
        "My Page\n\nHome\nNews\n\nmenu\n\nFirst paragraph, with & and café.\nSecond line\n\n"
        "Third.\n\nLoose\n\ninner\n\ntail\n\none\nsub\ntwo\n\nQuote me.\n\n— Someone\n\n"
        "A\tB\n1\t2 3\n\tz\n\ncode  x\n   y\n\nHe said “go”.\n\nIn a form.\n\nImprint\n"
    )
    assert source.title == "My Page"
    assert of_kind(source, BlockKind.NAVIGATION) == ["Home", "News", "menu", "Imprint"]
    assert of_kind(source, BlockKind.LIST_ITEM) == ["one", "sub", "two"]
    assert of_kind(source, BlockKind.QUOTE) == ["Quote me.", "— Someone"]
    assert of_kind(source, BlockKind.TABLE) == ["A\tB\n1\t2 3\n\tz"]
    assert of_kind(source, BlockKind.CODE) == ["code  x\n   y"]
    assert of_kind(source, BlockKind.HEADING) == ["My Page"]


def test_html_lists_of_links_and_named_menus_are_navigation() -> None:
    source = html(
        "<ul><li><a>a</a><li><a>b</a><li><a>c</a></ul><ul><li><a>d</a> is more<li>e<li>f</ul>"
        "<div class='x sidebar'><p>g</p></div><p>h</p><div role=navigation>i</div>"
        "<div id=cookie-banner role=dialog><p>j</p></div>"
    )
    assert of_kind(source, BlockKind.NAVIGATION) == ["a", "b", "c", "g", "i", "j"]


def test_html_layout_tables_are_no_tables() -> None:
    source = html("<table><tr><td><p>one</p></td></tr><tr><td><p>two</p></td></tr></table>")
    assert blocks(source) == [("paragraph", "one"), ("paragraph", "two")]
    nested = html("<table><tr><td><table><tr><td>1<td>2</table><td>x</table>")
    assert of_kind(nested, BlockKind.TABLE) == ["1\t2"]


def test_a_page_that_is_all_preformatted_is_prose() -> None:
    assert blocks(html("<pre>A speech.\n\nIts end.</pre>")) == [
        ("paragraph", "A speech.\n\nIts end.")
    ]


def test_no_break_spaces_stay() -> None:
    assert html("<p>a&nbsp;&nbsp;b \t c</p>").text == "a\u00a0\u00a0b c\n"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>A | Site</title>", "A | Site"),
        ("<title>A | Site</title><meta property=og:title content=B>", "B"),
        ("<meta property=og:title content=B>", "B"),
        ("", "Heading"),
    ],
)
def test_html_titles(head: str, title: str) -> None:
    assert html(f"<head>{head}</head><body><h1>Heading</h1><p>x").title == title


@pytest.mark.parametrize(
    ("markup", "date"),
    [
        ("<meta property=article:published_time content=2022-05-16T21:20:00+03:00>", "2022-05-16"),
        ("<meta name=DC.Date content='16 May 2022'>", "2022-05-16"),
        ("<meta name=date content='03/04/2022'>", None),
        ("<time datetime=2022-05-16>yesterday</time>", "2022-05-16"),
        ("<time datetime=2022-05-16>a</time><time datetime=2021-01-01>b</time>", None),
        ("<meta name=modified content=2022-05-16>", None),
    ],
)
def test_html_dates(markup: str, date: str | None) -> None:
    assert html(f"<body>{markup}<p>x").date == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2022-05-16", "2022-05-16"),
        ("2022/5/6 10:00", "2022-05-06"),
        ("20220516", "2022-05-16"),
        ("May 16th, 2022", "2022-05-16"),
        ("Mon, 16 May 2022 10:00:00 GMT", "2022-05-16"),
        ("2022-05", "2022-05"),
        ("2022", "2022"),
        ("2022-13-01", None),
        ("30 Feb 2022", None),
        ("5/6/2022", None),
        ("soon", None),
        ("", None),
        ("9" * 10_000, None),
    ],
)
def test_declared_dates(value: str, date: str | None) -> None:
    assert declared_date(value) == date


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "deep",
        "<b>" * 20_000 + "deep",
        "<table><tr><td>" * 20_000 + "deep",
        "<ul><li>" * 30_000 + "deep",
        "<blockquote>q" * 20_000 + "deep",
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">deep",
        "<div " * 100_000 + ">deep",
        "<" * 300_000 + " deep",
    ],
)
def test_hostile_markup_is_read(markup: str) -> None:
    assert html(markup).text.endswith("deep\n")


@settings(deadline=None)
@given(st.text(alphabet="ab <>/=\"'&;\n\té😀", max_size=80), st.integers(0, 2**32))
def test_any_markup_gives_blocks_in_order(noise: str, seed: int) -> None:
    tags = ["p", "div", "br", "li", "ul", "td", "tr", "table", "h2", "pre", "a", "nav", "q", "span"]
    words = noise.split(" ")
    markup = "x"
    for position, word in enumerate(words):
        tag = tags[(seed >> position % 30) % len(tags)]
        markup += f"<{'/' if (seed >> position) & 1 else ''}{tag}>{word}"
    source = html(markup)
    at = 0
    for block in source.blocks:
        assert at <= block.start < block.end <= len(source.text)
        content = source.text[block.start : block.end]
        assert content == content.rstrip()
        assert content.strip()
        at = block.end
    outside = list(source.text)
    for block in source.blocks:
        outside[block.start : block.end] = " " * (block.end - block.start)
    assert not "".join(outside).strip()


@pytest.mark.parametrize("encoding", ["cp1251", "mac_cyrillic"])
@pytest.mark.parametrize(
    "text",
    [
        "Рано утром мост закрыли.",
        "Анна Петрова: «Вода поднялась за ночь», — сказала она.",
        "Школа № 5 открыта. Юрий и Яна пришли в Дом культуры.",
    ],
)
def test_short_russian_texts_of_two_systems(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), Path("note.txt")) == text


def test_an_article_wins_over_a_frame_s_role_around_it() -> None:
    page = (
        b"<html><head><title>Direct Line - Tarn</title></head><body><div role='navigation'><a>"
        b"Events</a></div><div role='complementary'><article><h1>Direct Line with Ada Quillam</h1>"
        b"<p>Good afternoon, we are live from the quay of Tarn.</p></article></div></body></html>"
    )
    source = read_bytes(page, Path("page.html"))
    words = {source.text[b.start : b.end]: b.kind for b in source.blocks}
    assert words["Good afternoon, we are live from the quay of Tarn."] is BlockKind.PARAGRAPH
    assert words["Events"] is BlockKind.NAVIGATION
    assert source.title == "Direct Line with Ada Quillam"


def test_a_page_that_is_nearly_all_frame_is_read_whole_with_a_note() -> None:
    words = "The channel was last surveyed eleven years ago. " * 20
    page = f"<body><div class='sidebar'><p>{words}</p><p>{words}</p></div></body>".encode()
    source = read_bytes(page, Path("page.html"))
    assert {block.kind for block in source.blocks} == {BlockKind.PARAGRAPH}
    assert "read whole" in source.notes[0]
