"""Where documents begin, and what their heads say of them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.records import Block, BlockKind, Boundary, Document, SourceText
from qa.structure.documents import find_documents

BODY = "The delegates met again and agreed on the text of the accord, which is published below."


def documents(text: str, **given: object) -> tuple[Document, ...]:
    return find_documents(SourceText(text, "txt", "txt/1", **given))  # type: ignore[arg-type]


def heads(text: str) -> list[tuple[str | None, str | None]]:
    return [(document.title, document.date) for document in documents(text)]


def test_a_plain_file_is_one_document() -> None:
    (only,) = documents(f"{BODY}\n\n{BODY}")
    assert (only.title, only.date, only.boundary) == (None, None, Boundary.FILE)


def test_a_first_line_like_a_title_is_the_title() -> None:
    assert heads(f"Ports agree on tolls\n\n{BODY}") == [("Ports agree on tolls", None)]
    assert heads(f"Title: Ports agree\n\n{BODY}") == [("Ports agree", None)]


def test_what_is_no_title() -> None:
    for first in ("It was late.", "Jane Doe: Hello.\nJohn Roe: Hi.", "Q: Who?\nA: I.", "Note: x"):
        assert heads(f"{first}\n\n{BODY}")[0][0] is None


def test_empty_text_is_one_empty_document() -> None:
    assert [(d.start, d.end) for d in documents("")] == [(0, 0)]
    assert [(d.start, d.end) for d in documents(" \n\n ")] == [(0, 4)]


def test_title_date_time_and_place() -> None:
    (only,) = documents(f"Talks on tolls\n4 June 2020\n09:30\nHarbour House, Oslo\n{BODY}")
    assert (only.title, only.date, only.time, only.place) == (
        "Talks on tolls",
        "2020-06-04",
        "09:30",
        "Harbour House, Oslo",
    )


def test_a_place_without_a_comma_must_be_spoken_of() -> None:
    (named,) = documents("Talks\n4 June 2020\n09:30\nSochi\nThe talks in Sochi went on all day.")
    (unsure,) = documents(f"Talks\n4 June 2020\n09:30\nTranscript\n{BODY}")
    assert (named.place, unsure.place) == ("Sochi", None)


def test_a_new_title_and_dateline_begin_a_document() -> None:
    text = f"Ports agree\n4 June 2020\n\n{BODY}\n\nPorts disagree\n5 June 2020\n\n{BODY}\n"
    first, second = documents(text)
    assert (first.title, first.date) == ("Ports agree", "2020-06-04")
    assert (second.title, second.date) == ("Ports disagree", "2020-06-05")
    assert second.boundary is Boundary.STRONG
    assert second.start == text.index("Ports disagree")


def test_a_bare_date_line_begins_a_document_weakly() -> None:
    text = f"{BODY}\n{BODY}\n{BODY}\n{BODY}\n5 June 2020\n{BODY}"
    _, second = documents(text)
    assert (second.date, second.boundary) == ("2020-06-05", Boundary.WEAK)
    assert "only a date" in second.evidence


def test_a_list_of_dated_titles() -> None:
    text = "\n\n".join(
        f"Statement number {word}, {day} May 2020\n\n{BODY}"
        for day, word in enumerate(("one", "two", "three"), start=4)
    )
    assert heads(text) == [
        ("Statement number one", "2020-05-04"),
        ("Statement number two", "2020-05-05"),
        ("Statement number three", "2020-05-06"),
    ]


def test_pages_glued_without_a_line_break() -> None:
    page = f"News\nPorts agree\n4 June 2020\n\n{BODY}\nPrint version"
    first, second = documents(page + page)
    assert second.start == len(page)
    assert (second.title, second.date, second.boundary) == (
        "Ports agree",
        "2020-06-04",
        Boundary.STRONG,
    )
    assert first.end == second.start


def test_a_glued_sentence_is_no_boundary() -> None:
    text = f"News\nPorts agree\n{BODY} It was East.For our part we go on.\nMcDonald came."
    assert len(documents(text)) == 1


def test_a_date_in_running_text_dates_nothing() -> None:
    for text in (
        f"On May 9, 2025 we invite you.\n{BODY}",
        f"{BODY}\nIt was signed on\n10 February 2025\nby all.",
        "The accord of 10 December 2010 stands.",
        "May 9, 2025 is a holiday, as everybody knows.",
    ):
        assert [document.date for document in documents(text)] == [None]


def test_a_date_in_a_link_list_dates_nothing() -> None:
    text = f"Ports agree\n{BODY}\nSee also\nPorts disagree\nMay 1, 2020\nTopics\nPorts"
    assert heads(text) == [("Ports agree", None)]


def test_contradicting_datelines_give_no_date() -> None:
    assert heads(f"Ports agree\n4 June 2020\n5 June 2020\n\n{BODY}") == [("Ports agree", None)]


def test_date_of_publication() -> None:
    line = "Publication date: June 6, 2020, 10:00"
    assert heads(f"Ports agree\n{BODY}\n{line}") == [("Ports agree", "2020-06-06")]
    later = f"Ports agree\n4 June 2020\n{BODY}\n{line}"
    assert heads(later) == [("Ports agree", "2020-06-04")]
    earlier = f"Ports agree\n8 June 2020\n{BODY}\n{line}"
    assert heads(earlier) == [("Ports agree", None)]


def test_an_ambiguous_dateline_gives_no_date() -> None:
    assert heads(f"Ports agree\n03/04/2021\n\n{BODY}") == [("Ports agree", None)]


def test_a_date_under_a_signature_dates_a_letter() -> None:
    text = f"Dear Sir,\n{BODY}\n{BODY}\n{BODY}\nYours,\nJane Doe\n4 June 2020"
    assert [document.date for document in documents(text)] == ["2020-06-04"]


def test_what_the_format_declares() -> None:
    (only,) = documents(BODY, title="Ports agree", date="2020-06-04")
    assert (only.title, only.date) == ("Ports agree", "2020-06-04")


def headed(parts: list[tuple[str, int]]) -> SourceText:
    """A marked-up text of (line, heading level or 0), with its blocks."""
    text, blocks = "", []
    for line, level in parts:
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        blocks.append(Block(kind, len(text), len(text) + len(line), level))
        text += line + "\n\n"
    return SourceText(text, "md", "md/1", tuple(blocks))


def test_headings_do_not_begin_documents() -> None:
    source = headed([("# Report", 1), (BODY, 0), ("## Findings", 2), (BODY, 0), ("# Annex", 1)])
    (only,) = find_documents(source)
    assert only.title == "Report"


def test_headings_with_datelines_do() -> None:
    source = headed(
        [
            ("# First", 1),
            ("4 June 2020", 0),
            (BODY, 0),
            ("# Second", 1),
            ("5 June 2020", 0),
            (BODY, 0),
        ]
    )
    assert [(d.title, d.date) for d in find_documents(source)] == [
        ("First", "2020-06-04"),
        ("Second", "2020-06-05"),
    ]


PIECES = st.sampled_from(
    [
        "May 16, 2022",
        "24.04.2024",
        "Ports agree on tolls",
        "Text versionNews",
        "News",
        "See also",
        "21:20",
        "The Kremlin, Moscow",
        "Publication date: May 16, 2022",
        BODY,
        "Jane Doe: Hello.",
        "* * *",
        "",
        "   ",
        "\u00a0",
        "😀 שלום 東京",
        "\u2028",
        "x" * 300,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from(["\n", "\r\n", "\n\n", ""]))
def test_documents_cover_any_text_in_order(pieces: list[str], separator: str) -> None:
    text = separator.join(pieces)
    found = documents(text)
    assert [document.ordinal for document in found] == list(range(len(found)))
    assert (found[0].start, found[-1].end) == (0, len(text))
    for before, after in pairwise(found):
        assert before.end == after.start
        assert before.start < before.end
    assert all(document.evidence for document in found)


def test_long_inputs_take_linear_time() -> None:
    for text in ("Ab Cd, " * 140_000, "May 16, 2022\n" * 5_000, "a\n" * 20_000, "1" * 1_000_000):
        assert documents(text)[-1].end == len(text)
