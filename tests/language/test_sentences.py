from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.scripts import extends
from qa.language.sentences import split_sentences
from qa.records import Span

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"


def split(text: str, *, soft: bool = False) -> list[str]:
    spans = split_sentences(text, 0, len(text), soft=soft)
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Smith met Dr. Jones.", "U.S. policy changed, e.g. in No. 5 of the list."],
        ["See Fig. 3 and Art. 5, pp. 5-6.", "Lt. Col. Wu et al. said so to St. Petersburg."],
        ["“Why?” he asked.", "She left.", "(He did too.)", '"Go!" he said.', "Then?!", "Yes…"],
        ["He called it “good.”", "Then (as usual.)", "The end."],
        [
            "It failed.[1]",
            "Next came more.[2][3]",
            "And so on.[citation needed]",
            "Yes.:21–3",
            "End.",
        ],
        ["J. K. Rowling met V. V. Petrov.", "At 5 p.m. Monday they left."],
        ["First, agreed.", "<...> is missing here.", "The rest stands."],
        ["Он жил на ул. им. Ленина в г. Омске.", "А. С. Пушкин тоже.", "Да?", "Нет!"],
        ["Это 5 тыс. руб. и т. д.", "Потом см. рис. 5.", "Проф. Иванов ушёл."],
        ["«Да!» — сказал он.", "«Нет».", "Она ушла."],
        ["Er kam am 5. Mai 2022.", "Dr. Müller blieb."],
        ["¿Qué pasa?", "¡Nada!", "El Sr. López calla."],
        ["1. First item is here.", "2. Second one."],
    ],
)
def test_sentences_of_one_paragraph(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["日本語です。", "次の文です！", "「はい。」と言った。", "終わり"],
        ["委员会通过了决议。", "会议结束了吗？", "没有"],
    ],
)
def test_sentences_without_spaces(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


def test_other_full_stops() -> None:
    assert split("هل هذا صحيح؟ نعم هو كذلك.") == ["هل هذا صحيح؟", "نعم هو كذلك."]
    assert split("यह वाक्य है। यह दूसरा है।") == ["यह वाक्य है।", "यह दूसरा है।"]


def test_a_lost_space_after_a_full_stop() -> None:
    assert split("He works for the organisation.For us it is “good.”The end.") == [
        "He works for the organisation.",
        "For us it is “good.”",
        "The end.",
    ]
    for address in ["www.site.Com now", "a System.Text.Json file", "http://x.org/ab.Cd ok"]:
        assert split(f"See {address}.") == [f"See {address}."]


def test_line_ends_inside_running_text() -> None:
    assert split("The CSTO’s\nmilitary capacity is big. Now\r\nit grew.") == [
        "The CSTO’s\nmilitary capacity is big.",
        "Now\r\nit grew.",
    ]


def test_lines_are_paragraphs_where_they_are_not_wrapped() -> None:
    long = "This line holds a whole paragraph of a pasted speech, as browsers copy it, " * 3
    text = f"Friends, colleagues,\nI am glad to see you.\n{long}\nPhoto: Agency\nNext one"
    assert split(text) == [
        "Friends, colleagues,",
        "I am glad to see you.",
        long.strip(),
        "Photo: Agency",
        "Next one",
    ]


WRAPPED = """\
The committee met in the presence of the President of the Republic of
Armenia and of many others whose names were not written down by anybody who
was there. It was then decided by the members that they would meet again in
Geneva
Another paragraph begins here and is wrapped to the same width by the mail
Program that sent it.
"""


def test_wrapped_lines_are_joined_by_their_form() -> None:
    assert [sentence.replace("\n", " ") for sentence in split(WRAPPED)] == [
        "The committee met in the presence of the President of the Republic of Armenia and of "
        "many others whose names were not written down by anybody who was there.",
        "It was then decided by the members that they would meet again in Geneva",
        "Another paragraph begins here and is wrapped to the same width by the mail Program that "
        "sent it.",
    ]


def test_list_items_and_blank_lines_end_sentences() -> None:
    text = "We need:\n- one thing\n- another\n\n– A question?\n1) first\n2) second\n\u00a0\nend"
    assert split(text) == [
        "We need:",
        "- one thing",
        "- another",
        "– A question?",
        "1) first",
        "2) second",
        "end",
    ]


def test_soft_line_ends() -> None:
    assert split("We met\nPresident Lee\nin May.\n\nEnd", soft=True) == [
        "We met\nPresident Lee\nin May.",
        "End",
    ]


def test_only_the_stretch_asked_for() -> None:
    text = "One here. Two here. Three here."
    assert split_sentences(text, 10, 19) == (Span(10, 19),)
    assert split_sentences(text, 9, 10) == ()
    assert split_sentences(text, 5, 5) == ()


def test_long_paragraphs_are_seen_through_windows() -> None:
    sentences = [
        f"Sentence number {n} was said by Mr. Lee in the U.S. chamber." for n in range(500)
    ]
    assert split(" ".join(sentences)) == sentences


WRITTEN = (
    "Mr. |word |End. |Why? |。|「|」|\n|\r\n|\r|\n\n| |\u00a0|- |1. |”|“|e\u0301|🇦🇲|❤\ufe0f|"
    "👩\u200d👩\u200d👧|שלום. |مرحبا؟ |文字|ab.Cd |им. |…|\u200d|\u0301|.|[1]|A.|\u2028|\x0c"
)
PIECES = st.sampled_from(WRITTEN.split("|"))


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_sentences_cover_the_text_and_are_trimmed(text: str) -> None:
    spans = split_sentences(text, 0, len(text))
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        assert text[span.start - 1 : span.start].isspace() or not extends(text, span.start)
        at = span.end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "text",
    [
        "a " * 500_000,
        "x" * 1_000_000,
        "." * 100_000,
        "\n" * 100_000,
        "Abc\n" * 30_000,
        "?" * 50_000,
        ".”" * 30_000,
        "a. " * 100_000,
        "ab.Cd" * 100_000,
        "。\u200d" * 100_000,
        "a\u0301" * 200_000,
        " " * 1_000_000 + "x",
        "- " * 100_000,
        ".[1]" * 30_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_text_is_split_in_bounded_time(text: str) -> None:
    spans = split_sentences(text, 0, len(text))
    kept = "".join(text[span.start : span.end] for span in spans)
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the acceptance corpus lies beside the project")
def test_no_sentence_of_the_corpus_spans_two_lines() -> None:
    for path in sorted(CORPUS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for sentence in split(text):
            for line in sentence.split("\n")[1:]:
                assert line.lstrip()[:1].islower(), sentence
