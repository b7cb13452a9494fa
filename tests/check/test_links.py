"""Drafts in HTML and DOCX: the links beside quotations, and the block quotes that styles mark."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.check.attribution_context import DraftContexts
from qa.check.claimed_speakers import KnownNames
from qa.check.claims import cites, find_claim
from qa.check.drafts import LONGEST_TARGET, draft_of, linked, target_of
from qa.check.quotations import find_quotations, spoken
from qa.check.records import Claim
from qa.readers.declared import link_address, links_in_order
from qa.readers.html.reader import read_html
from qa.records import Link, Span
from tests.support.office_samples import (
    docx_members,
    notes,
    odt,
    paragraph,
    refer,
    rtf,
    run,
    zipped,
)

KNOWN = KnownNames.of(["/papers/pell.txt", "/papers/meeting.txt"], [], ["Ada Brandt", "Ben Kolar"])
PELL, MEETING = "/papers/pell.txt", "/papers/meeting.txt"
ADA = "Ada Brandt"
DOCUMENT = "word/_rels/document.xml.rels"
FOOTNOTES = "word/_rels/footnotes.xml.rels"
_RELATED = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def claims(data: bytes, name: str) -> list[tuple[str, Claim]]:
    """The words of each outermost quotation of a draft, and what is claimed of it."""
    draft = draft_of(data, Path(name))
    found = find_quotations(draft.text, draft.blocks)
    contexts = DraftContexts(draft.text, found)
    return [(spoken(q), find_claim(contexts.of(q), KNOWN)) for q in found if q.depth == 0]


def sources(page: str) -> list[tuple[str, str | None]]:
    return [(words, claim.source) for words, claim in claims(page.encode(), "draft.html")]


def a(target: str, words: str) -> str:
    return f'<a href="{escape(target)}">{words}</a>'


# ---- HTML ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"<p>“It stays” ({a('pell.txt', 'source')}).", [("It stays", PELL)]),
        (f"<p>In {a('pell.txt', 'the paper')} he said “It stays”.", [("It stays", PELL)]),
        (f"<p>{a('pell.txt', '“It stays”')}, he said.", [("It stays", PELL)]),
        (f"<p>“{a('pell.txt', 'It stays')}”, he said.", [("It stays", PELL)]),
        (f"<p>“{a('pell.txt', 'It stays')}.” The end.", [("It stays.", PELL)]),
        (f"<p>He said: {a('pell.txt', '“It stays” and left')}.", [("It stays", PELL)]),
        (f"<p>“It stays”<sup>{a('pell.txt', '[1]')}</sup>.", [("It stays", PELL)]),
        (
            f"<p>“It stays”{a('https://example.org/papers/pell.txt?x=1#p3', '*')}",
            [("It stays", PELL)],
        ),
        (f"<p>“It stays” ({a('pell.txt', 'one<br>two')}).", [("It stays", PELL)]),
        (
            f"<p>“It stays” ({a('pell.txt', 'a')}).<p>“It goes” ({a('meeting.txt', 'b')}).",
            [("It stays", PELL), ("It goes", MEETING)],
        ),
        # A link in the middle of quoted words is about these, and they stay as they are.
        (f"<p>“It {a('pell.txt', 'stays')} now”.", [("It stays now", None)]),
        (f"<p>{a('pell.txt', 'He said: “It')} stays”.", [("It stays", None)]),
        (f"<p>“It stays” ({a('#note', 'pell')}).", [("It stays", None)]),
        ("<p>“It stays” (<a>pell</a><a href='pell.txt'> </a>).", [("It stays", None)]),
        (
            f"<p>In {a('pell.txt', 'the paper')}:<blockquote>It stays</blockquote>",
            [("It stays", PELL)],
        ),
        (
            f"<blockquote><p>It stays</p><p>— Ada Brandt, {a('pell.txt', 'here')}</p></blockquote>",
            [("It stays", PELL)],
        ),
    ],
)
def test_a_link_in_a_page_is_a_claim(page: str, expected: list[tuple[str, str | None]]) -> None:
    assert sources(page) == expected


@pytest.mark.parametrize(
    "words",
    [
        "“It stays” ({}), said Ada Brandt.",
        "As Ada Brandt said in {}, “It stays”.",
        "Ada Brandt said on 4 March 2024 ({}): “It stays.”",
        "“It stays.” {} Ben Kolar said: “It goes.”",
        "“It stays” — Ada Brandt, {}\n\n“It goes” — Ben Kolar",
        "“It stays,” {} said Ada Brandt, “for now.”",
    ],
)
def test_a_page_claims_what_the_same_draft_in_markdown_does(words: str) -> None:
    marked = words.format("[the minutes](meeting.txt)")
    page = "".join(
        f"<p>{p}</p>" for p in words.format(a("meeting.txt", "the minutes")).split("\n\n")
    )
    assert claims(page.encode(), "d.html") == claims(marked.encode(), "d.md")
    body = "".join(_linked_paragraph(part) for part in words.split("\n\n"))
    assert claims(word(body), "d.docx") == claims(marked.encode(), "d.md")


def test_a_page_without_citing_links_is_read_as_ever() -> None:
    page = (
        f"<h1>A</h1><p>“It {a('https://example.org/', 'stays')}” {a('mailto:x@y.z', 'B')}".encode()
    )
    draft = draft_of(page, Path("d.html"))
    assert draft.text == read_html(page, Path("d.html")).text == "A\n\n“It stays” B\n"
    assert not draft.fixable


def test_blocks_move_with_the_text() -> None:
    page = (
        f"<p>{a('pell.txt', 'One')}</p><blockquote>It {a('pell.txt', 'stays')}</blockquote>"
        f"<p>“No” {a('meeting.txt', 'Two')}</p><blockquote>It goes</blockquote>"
    )
    draft = draft_of(page.encode(), Path("d.html"))
    assert [draft.text[b.start : b.end] for b in draft.blocks] == ["It stays", "It goes"]
    assert "[One](pell.txt)" in draft.text
    assert "“No” [Two](meeting.txt)" in draft.text


def test_a_block_of_one_quotation_in_marks_stays_that_with_a_link_in_it() -> None:
    words = "It stays where it is, and nobody will move it before May"
    page = f"<blockquote>“{words}” {a('pell.txt', 'here')}</blockquote>"
    assert sources(page) == [(words, PELL)]


def test_a_credit_in_a_block_quote_says_whose_it_is() -> None:
    page = "<blockquote><p>It stays.</p><p>— Ada Brandt, Mayor</p></blockquote><p>End.</p>"
    assert [(words, claim.speaker) for words, claim in claims(page.encode(), "d.html")] == [
        ("It stays.", ADA)
    ]
    talk = "<blockquote><p>It stays.</p><p>— Yes, certainly.</p></blockquote>"
    assert [words for words, _ in sources(talk)] == ["It stays.", "— Yes, certainly."]


# ---- DOCX ----------------------------------------------------------------------------


def word(body: str, *, styles: str | None = None, note: str = "") -> bytes:
    """A Word document whose relations `meeting` and `pell` are links to these files."""
    parts = {"footnotes": notes("footnote", "x").replace(run("x"), note)} if note else {}
    members = docx_members(body, parts=parts, **({} if styles is None else {"styles": styles}))
    links = "".join(
        f'<Relationship Id="{name}" Type="{_TYPE}/hyperlink" Target="{name}.txt" '
        'TargetMode="External"/>'
        for name in ("meeting", "pell")
    )
    relations = str(members[DOCUMENT])
    members[DOCUMENT] = relations.replace("</Relationships>", f"{links}</Relationships>")
    members[FOOTNOTES] = relations.partition("<Relationship ")[0] + f"{links}</Relationships>"
    return zipped(members)


def _link(name: str, words: str) -> str:
    return f'<w:hyperlink {_RELATED} r:id="{name}">{run(words)}</w:hyperlink>'


def _linked_paragraph(words: str) -> str:
    before, _, after = words.partition("{}")
    linked_words = _link("meeting", "the minutes") if "{}" in words else ""
    return paragraph(run(before) + linked_words + run(after))


def field(code: str, words: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    coded = f"<w:r><w:instrText>{escape(code)}</w:instrText></w:r>"
    return mark("begin") + coded + mark("separate") + run(words) + mark("end")


@pytest.mark.parametrize(
    "link",
    [
        _link("pell", "source"),
        field(' HYPERLINK "pell.txt" ', "source"),
        f"<w:fldSimple w:instr='HYPERLINK \"pell.txt\"'>{run('source')}</w:fldSimple>",
    ],
)
def test_a_link_in_a_word_document_is_a_claim(link: str) -> None:
    data = word(paragraph("One.") + paragraph(run("“It stays” (") + link + run(").")))
    assert draft_of(data, Path("d.docx")).text == "One.\n\n“It stays” ([source](pell.txt)).\n"
    assert [claim.source for _, claim in claims(data, "d.docx")] == [PELL]


def test_links_to_bookmarks_and_unknown_relations_are_none() -> None:
    body = run("“It stays” ") + _link("absent", "a") + field(' HYPERLINK \\l "pell.txt" ', "b")
    data = word(paragraph(body))
    assert draft_of(data, Path("d.docx")).text == "“It stays” ab\n"


def test_a_link_in_a_footnote_is_a_claim_of_its_quotation() -> None:
    data = word(
        paragraph(run("“It stays”") + refer("footnote", 1) + run(".")),
        note=run("See ") + _link("meeting", "here"),
    )
    assert draft_of(data, Path("d.docx")).text.endswith("[^1]: See [here](meeting.txt)")
    assert [claim.source for _, claim in claims(data, "d.docx")] == [MEETING]


def _style(identity: str, name: str, based: str = "Standard") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/></w:style>'
    )


@pytest.mark.parametrize(
    ("style", "described"),
    [
        ("Quote", _style("Quote", "Quote")),
        ("Zitat", _style("Zitat", "Quote")),
        ("IntenseQuote", _style("IntenseQuote", "Intense Quote")),
        ("Quotations", _style("Quotations", "Quotations")),
        ("BlockText", _style("BlockText", "Block Text")),
        ("a7", _style("a7", "Own") + _style("Standard", "Quote", "")),
        ("Mine", _style("Mine", "My quotes", "Quotations") + _style("Quotations", "Quotations")),
        # No style of the file's: what its id says.
        ("Quote", ""),
        ("IntenseQuote", ""),
        ("Quotations", ""),
        ("BlockText", ""),
    ],
)
def test_block_quotes_by_style_in_a_word_document(style: str, described: str) -> None:
    body = paragraph("Ada Brandt said:") + paragraph("It stays.", style=style) + paragraph("End.")
    data = word(body, styles=described)
    draft = draft_of(data, Path("d.docx"))
    assert [draft.text[b.start : b.end] for b in draft.blocks] == ["It stays."]
    ((words, claim),) = claims(data, "d.docx")
    assert (words, claim.speaker) == ("It stays.", ADA)


def test_other_styles_are_no_block_quotes() -> None:
    styles = _style("Quote", "Normal") + _style("Body", "Body Text")
    body = paragraph("One", style="Quote") + paragraph("Two", style="Body")
    body += paragraph("Three", style="Absent") + paragraph("Four")
    assert draft_of(word(body, styles=styles), Path("d.docx")).blocks == ()


def test_block_quotes_in_other_office_drafts() -> None:
    head = r"{\stylesheet{\s0 Normal;}{\s1 Quotations;}}"
    quotes = rtf(r"\pard One\par\pard\s1 It stays.\par", head=head)
    styled = '<text:p text:style-name="Quotations">It stays.</text:p>'
    for data, name in (
        (odt(f"<text:p>One</text:p>{styled}"), "d.odt"),
        (quotes, "d.rtf"),
    ):
        draft = draft_of(data, Path(name))
        assert [draft.text[b.start : b.end].strip() for b in draft.blocks] == ["It stays."]


_ODT_NOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
    "<text:note-body><text:p>Ada Brandt,</text:p><text:p>4 March 2024</text:p></text:note-body></text:note>"
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (odt(f"<text:p>“It stays”{_ODT_NOTE}.</text:p><text:p>End.</text:p>"), "d.odt"),
        (
            rtf(
                r"\ldblquote It stays\rdblquote{\footnote Ada Brandt,\par 4 March 2024}.\par End.\par"
            ),
            "d.rtf",
        ),
        (
            word(
                paragraph(run("“It stays”") + refer("footnote", 1) + run(".")) + paragraph("End."),
                note=f"{run('Ada Brandt,')}</w:p>{paragraph('4 March 2024')}<w:p>",
            ),
            "d.docx",
        ),
    ],
)
def test_notes_of_office_drafts_are_as_those_of_plain_text(data: bytes, name: str) -> None:
    assert (
        draft_of(data, Path(name)).text
        == "“It stays”[^1].\n\nEnd.\n\n[^1]: Ada Brandt, 4 March 2024"
    )
    assert [claim.speaker for _, claim in claims(data, name)] == [ADA]


def test_notes_links_and_block_quotes_keep_their_places() -> None:
    body = (
        paragraph(run("Ada Brandt said:") + refer("footnote", 1))
        + paragraph(run("It stays.") + refer("footnote", 1), style="Quote")
        + paragraph(run("“No” (") + _link("pell", "there") + run(")."))
    )
    draft = draft_of(word(body, note=run("See ") + _link("meeting", "here")), Path("d.docx"))
    assert draft.text == (
        "Ada Brandt said:[^1]\n\nIt stays.[^1]\n\n“No” ([there](pell.txt)).\n\n"
        "[^1]: See [here](meeting.txt)"
    )
    assert [draft.text[b.start : b.end] for b in draft.blocks] == ["It stays."]


def test_paragraphs_are_apart_where_empty_ones_set_groups_of_them_apart() -> None:
    body = paragraph("Ada Brandt spoke.") + paragraph("“It stays”.") + "<w:p/>" + paragraph("End.")
    assert draft_of(word(body), Path("d.docx")).text == (
        "Ada Brandt spoke.\n\n“It stays”.\n\nEnd.\n"
    )


# ---- the links themselves ------------------------------------------------------------


def test_targets_as_markdown_can_hold_them() -> None:
    assert target_of(" a b(1).txt ") == "a%20b%281%29.txt"
    assert target_of("%D0%BC.txt?a=%22") == "м.txt?a=%22"
    assert target_of("x" * (LONGEST_TARGET + 1)) is None
    assert link_address(" #here") is link_address("  ") is link_address(None) is None
    assert cites("a/b.PDF#page=2")
    assert not cites("https://example.org/page")


def test_links_are_in_order_and_do_not_overlap() -> None:
    note = Span(8, 9)
    found = [
        Link(4, 8, "b"),
        Link(0, 4, "a"),
        Link(5, 6, "within"),
        Link(5, 5, note),
        Link(3, 4, "blank"),
        Link(0, 0, note),
    ]
    assert links_in_order("one two  n", found) == (
        Link(0, 0, note),
        Link(0, 3, "a"),
        Link(4, 7, "b"),
        Link(7, 7, note),
    )
    assert (
        len(links_in_order("a " * 30_000, [Link(2 * n, 2 * n + 1, "t") for n in range(30_000)]))
        == 20_000
    )


@settings(deadline=None, max_examples=300)
@given(st.text("“”\"«»‘’' \nabC.", max_size=40), st.lists(st.integers(0, 40), max_size=8))
def test_links_change_no_word_and_no_quotation(text: str, places: list[int]) -> None:
    cut = sorted({place for place in places if place <= len(text)})
    pairs = zip(cut[::2], cut[1::2], strict=False)
    new, _ = linked(text, (), [Link(start, end, "p.txt") for start, end in pairs])
    assert re.sub(r"\[([^\]*]+)\]\(p.txt\)", r"\1", new.replace("[*](p.txt)", "")) == text
    assert [q.text for q in find_quotations(new)] == [q.text for q in find_quotations(text)]


def test_twenty_thousand_links() -> None:
    text = "“a” b " * 20_000
    links = [Link(at + 4, at + 5, "p.txt") for at in range(0, len(text), 6)]
    new, blocks = linked(text, (Span(0, 3),), links)
    assert len(new) == len(text) + 20_000 * len("[](p.txt)")
    assert blocks == (Span(0, 3),)
