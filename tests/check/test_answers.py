"""Context warnings on the quotes of answers, and that they are kept and shown."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from qa.as_data import answer_data
from qa.check.checker import Checker
from qa.check.sentence_context import warnings_around, with_warnings
from qa.cli.answers import answer_lines
from qa.export import export_notebook
from qa.notebook.records import Pin, decode_quote, encode_quote
from qa.records import (
    NO_FILTERS,
    NOTHING_UNDERSTOOD,
    Answer,
    Citation,
    Query,
    Quote,
    Span,
    Verdict,
)
from qa.store.protocol import LibraryStore
from qa.store.records import StoredPassage
from tests.support.checking_samples import SAMPLE, folder_of

TALK = """Talk on the bridge
4 March 2024

Mayor Ada Brandt: The old bridge is safe. This is not what the engineers say. Suppose that the
river rises. We shall close it in an hour. The mayor of Lidmar told me this: The pier has failed.
Nobody believed him.
"""
FILES = {**folder_of(SAMPLE), "talk.txt": TALK}


def test_what_stands_around_a_span_is_told_with_the_words_that_show_it() -> None:
    text = "If it rains, we shall close the bridge unless the wind drops. But nobody will pay."
    start = text.index("we shall")
    found = list(warnings_around(text, 0, Span(start, text.index(" unless"))))
    assert [warning.kind for warning in found] == [
        *("begins_mid_sentence", "turned_before", "sentence_goes_on", "turned_after"),
        "turned_next",
    ]
    fuller = "If it rains, we shall close the bridge unless the wind drops."
    assert [warning.text for warning in found] == [fuller] * 4 + ["But nobody will pay."]
    assert all(text[w.start : w.end] == w.text for w in found)
    assert not list(warnings_around("1. We stay.", 0, Span(3, 11)))
    assert next(w.start for w in warnings_around(text, 50, Span(start + 50, start + 60))) == 50


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("It rained.", "It stopped.", []),
        ("It rained.", "But it stopped.", ["turned_next"]),
        ("It rained.", "This is not true.", ["turned_next"]),
        ("It rained.", "That was a lie.", ["turned_next"]),
        ("It rained.", "No, it did not.", ["turned_next"]),
        ("It rained.", "No vessel may enter.", []),
        ("It rained.", "On the other hand, it is cheap.", ["turned_next"]),
        ("It rained.", "Unless the gate is shut.", ["turned_next"]),
        ("Suppose it rains.", "It stopped.", ["supposed_before"]),
        ("Critics say otherwise.", "It stopped.", ["supposed_before"]),
        ("A farmer told me this:\n", "It stopped.", ["reported_before"]),
        ("Шёл дождь.", "Однако мост закрыт.", ["turned_next"]),
        ("Шёл дождь.", "Это не так.", ["turned_next"]),
        ("Говорят разное.", "Мост стоит.", ["supposed_before"]),
    ],
)
def test_the_sentences_on_either_side_may_turn_it_round(
    before: str, after: str, kinds: list[str]
) -> None:
    text = f"{before} The bridge is safe. {after}"
    start = len(before) + 1
    found = warnings_around(text, 0, Span(start, start + len("The bridge is safe.")))
    assert [warning.kind for warning in found] == kinds


def test_words_in_the_sources_own_quotation_marks_may_be_somebody_elses() -> None:
    text = "A farmer told me: “It rained. The wall fell. Nobody came.” I believed him."
    start = text.index("The wall")
    found = list(warnings_around(text, 0, Span(start, start + len("The wall fell."))))
    assert [warning.kind for warning in found] == ["within_quotation"]
    assert found[0].text == "“It rained. The wall fell. Nobody came.”"
    whole = "“It rained. The wall fell.”"
    assert not list(warnings_around(whole, 0, Span(1, 11)))
    assert not list(warnings_around(text, 0, Span(text.index("I b"), len(text))))


# ---- on answers ----------------------------------------------------------------------


def quote_of(store: LibraryStore, passage: StoredPassage, span: Span) -> Quote:
    text = store.excerpt(passage.text_id, span.start, span.end).text
    place = Citation(
        *(passage.paths[0], None, None, None, None, passage.turn.kind, span.start, span.end),
        *((1, 1), None, "", "", text, span.start),
    )
    return Quote(text, span.start, span.end, place, 1.0, ())


def answer_of(*quotes: Quote) -> Answer:
    query = Query("?", "?", (), (), NO_FILTERS, NOTHING_UNDERSTOOD)
    return Answer("?", Verdict.ANSWERED, query, quotes)


def test_the_quick_look_misses_nothing_that_the_full_one_finds(store: LibraryStore) -> None:
    checker = Checker(store)
    warned = 0
    for passage in store.passages(store.passage_ids().tolist()).values():
        quotes = [quote_of(store, passage, span) for span in passage.sentences]
        for quote in with_warnings(store, answer_of(*quotes), [passage]).quotes:
            path, end = quote.citation.source, quote.end
            assert quote.warnings == checker.warnings(path, quote.start, end), quote.text
            warned += bool(quote.warnings)
    assert warned > 5


def talk_quote(store: LibraryStore, words: str) -> Quote:
    passages = store.passages(store.passage_ids().tolist()).values()
    start = TALK.index(words)
    within = [p for p in passages if "talk.txt" in p.paths[0] and p.start <= start < p.end]
    quote = quote_of(store, within[0], Span(start, start + len(words)))
    return with_warnings(store, answer_of(quote), within).quotes[0]


def test_they_are_shown_as_data_and_in_the_terminal(store: LibraryStore) -> None:
    quote = talk_quote(store, "The old bridge is safe.")
    said = "This is not what the engineers say."
    assert [(w.kind, w.text) for w in quote.warnings] == [("turned_next", said)]
    data = answer_data(answer_of(quote))["quotes"][0]["warnings"]
    assert data == [asdict(quote.warnings[0])]
    lines = list(answer_lines(answer_of(quote), lambda path: path))
    assert lines[-1] == f"    note: the next sentence begins with “This is not”: “{said}”"
    assert [w.kind for w in talk_quote(store, "The pier has failed.").warnings] == [
        *("begins_mid_sentence", "turned_before")
    ]
    assert [w.kind for w in talk_quote(store, "We shall close it in an hour.").warnings] == [
        "supposed_before"
    ]


def test_they_are_kept_and_what_was_kept_without_them_is_read(
    store: LibraryStore, tmp_path: Path
) -> None:
    quote = talk_quote(store, "The old bridge is safe.")
    assert decode_quote(encode_quote(quote)) == quote
    old = json.loads(encode_quote(quote))
    del old["warnings"]
    assert decode_quote(json.dumps(old)) == replace(quote, warnings=())


@pytest.mark.parametrize(
    ("quote", "kinds"),
    [
        ("nineteen stations are [in]sufficient", {"inserted_negation"}),
        ("[a]t twenty past four in the morning", set()),
        ("In my view [twenty] stations are sufficient", {"inserted_number"}),
        ("Ninety minutes leaves [the town] with rather less", {"replaced_name"}),
        ("The mayor tells me [that] it can be done", set()),
        ("We [do not] support a time limit", {"inserted_negation"}),
        ("thirty minutes is … a standard", {"omitted_negation"}),
    ],
)
def test_what_brackets_put_in_is_warned_of(
    store: LibraryStore, quote: str, kinds: set[str]
) -> None:
    found = Checker(store).quote(quote)
    assert found.verdict.value in ("shortened", "encoded")
    told = {warned.kind for warned in found.warnings}
    assert {kind for kind in told if kind.startswith(("inserted", "replaced", "omitted"))} == kinds


def test_exports_say_them_too(store: LibraryStore) -> None:
    pin = Pin("1", "", "Is it safe?", talk_quote(store, "The old bridge is safe."))
    for form in ("markdown", "html"):
        text = export_notebook([pin], form, lambda path: "talk.txt").text
        assert "Note: the next sentence begins with “This is not”" in text.replace("\\", "")
