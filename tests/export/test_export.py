"""Exports: each form read back by an independent reader where there is one, hostile text inert."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest
from markdown_it import MarkdownIt

from qa.export import FORMATS, export_conversation, export_notebook
from qa.notebook.records import Exchange, Pin
from qa.records import Filters, Quote, Understood, Verdict
from tests.browser.hostile_payloads import PAYLOADS
from tests.support.quotes import make_quote


def short(path: str) -> str:
    return PurePosixPath(path).name


def conversation(*quotes: Quote, question: str = "What of the pier?") -> tuple[Exchange, ...]:
    answered = Exchange(
        id="a",
        asked_at="2024-05-01T10:00:00+00:00",
        question=question,
        verdict=Verdict.ANSWERED,
        filters=Filters(sources=("/srv/papers/minutes.txt",), since="2024-01-01"),
        understood=Understood(),
        quotes=quotes,
    )
    missing = Exchange(
        id="b",
        asked_at="2024-05-01T10:01:00+00:00",
        question="And the lighthouse?",
        verdict=Verdict.NOT_FOUND,
        filters=Filters(),
        understood=Understood(),
        quotes=(),
    )
    return answered, missing


class Texts(HTMLParser):
    """The texts of marked stretches, and every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.marks: list[str] = []
        self._marking = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))
        if tag == "mark":
            self._marking = True
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._marking = False

    def handle_data(self, data: str) -> None:
        if self._marking:
            self.marks[-1] += data


def test_markdown_says_who_when_and_where() -> None:
    made = export_conversation("The pier", conversation(make_quote("It holds.")), "markdown", short)
    assert made.name == "the-pier.md"
    assert made.text == (
        "# The pier\n\n"
        "## What of the pier?\n\n"
        "Searched only: dated from 2024\\-01\\-01; source minutes\\.txt.\n\n"
        "> It holds\\.\n>\n> — Olav Brandt, Chairman, 2024\\-05\\-01\n"
        "> (Minutes · minutes\\.txt, lines 7–8)\n\n"
        "## And the lighthouse?\n\n"
        "Not found: no passage of the sources answers this.\n"
    )


def test_markdown_of_hostile_text_renders_as_that_text() -> None:
    render = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    for payload in PAYLOADS:
        quote = make_quote(payload, speaker=payload, role=None, document=payload)
        text = export_conversation(
            payload, conversation(quote, question=payload), "markdown", short
        ).text
        kinds = {
            inner.type for token in render.parse(text) for inner in (token, *(token.children or ()))
        }
        assert not kinds & {
            "html_block",
            "html_inline",
            "image",
            "link_open",
            "fence",
            "code_block",
            "code_inline",
            "em_open",
            "strong_open",
            "table_open",
            "hr",
            "bullet_list_open",
            "ordered_list_open",
        }, payload
        assert [token.tag for token in render.parse(text) if token.type == "heading_open"] == [
            "h1",
            "h2",
            "h2",
        ], payload


def test_the_web_page_marks_exactly_the_quotes_and_holds_no_foreign_markup() -> None:
    quotes = tuple(make_quote(payload, speaker=payload, document=payload) for payload in PAYLOADS)
    page = Texts()
    made = export_conversation(PAYLOADS[0], conversation(*quotes), "html", short)
    page.feed(made.text)
    unified = [quote.text.replace("\r\n", "\n") for quote in quotes]
    assert page.marks == unified
    assert {tag for tag, _ in page.tags} == {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "p",
        "blockquote",
        "mark",
        "span",
        "cite",
        "br",
    }
    assert {name for _, attributes in page.tags for name, _ in attributes} == {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "dir",
        "class",
    }


def test_csl_groups_quotes_by_document_and_speaker() -> None:
    quotes = (
        make_quote("One."),
        make_quote("Two.", start=300),
        make_quote("Three.", speaker=None, role=None, date="2023-07", page="iv"),
    )
    items = json.loads(export_conversation("x", conversation(*quotes), "csl", short).text)
    assert [item["type"] for item in items] == ["speech", "document"]
    assert items[0]["author"] == [{"literal": "Olav Brandt"}]
    assert items[0]["issued"] == {"date-parts": [[2024, 5, 1]]}
    assert items[0]["note"] == "“One.” (characters 100–104)\n“Two.” (characters 300–304)"
    assert items[1]["issued"] == {"date-parts": [[2023, 7]]}
    assert items[1]["page"] == "iv"
    assert "author" not in items[1]


def test_bibtex_is_balanced_and_escaped() -> None:
    quote = make_quote("50 % of {it} cost $5 & more_or #less ~ ^ \\end", document="A_B")
    text = export_notebook((Pin("p", "2024", "q", quote),), "bibtex", short).text
    assert "title = {{A\\_B}}" in text
    assert "month = may" in text
    assert "author = {{Olav Brandt}}" in text
    assert (
        "50 \\% of \\{it\\} cost \\$5 \\& more\\_or \\#less \\textasciitilde{} "
        "\\textasciicircum{} \\textbackslash{}end" in text
    )
    for payload in PAYLOADS:
        made = export_notebook(
            (Pin("p", "2024", "q", make_quote(payload, speaker=payload)),), "bibtex", short
        )
        unescaped = re.sub(r"\\[{}]", "", made.text)
        assert unescaped.count("{") == unescaped.count("}"), payload
        assert made.text.count("@misc{") - payload.count("@misc{") == 1


def test_annotations_select_exactly_the_quote() -> None:
    quote = make_quote("It 😀 holds.")
    page = json.loads(export_conversation("x", conversation(quote), "annotations", short).text)
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    (item,) = page["items"]
    position, words = item["target"]["selector"]
    assert position == {"type": "TextPositionSelector", "start": 100, "end": 100 + len(quote.text)}
    assert (words["exact"], words["prefix"], words["suffix"]) == (quote.text, "Before. ", " After.")
    assert item["target"]["source"] == "urn:citewell:source:minutes.txt"


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_tells_where_the_library_lies(form: str) -> None:
    quote = make_quote("It holds.")
    assert "/srv/" not in export_conversation("x", conversation(quote), form, short).text
    assert "/srv/" not in export_notebook((Pin("p", "2024", "q", quote),), form, short).text


@pytest.mark.parametrize(
    "title", ["", "...", "../../etc/passwd", "a/b\\c:d", "Пирс 2024", "x" * 300]
)
def test_names_are_safe_file_names(title: str) -> None:
    name = export_conversation(title, (), "markdown", short).name
    assert re.fullmatch(r"[\w-]{1,60}\.md", name)


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(ValueError, match="expected one of markdown, html, csl"):
        export_notebook((), "docx", short)
