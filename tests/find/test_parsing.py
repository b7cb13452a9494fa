"""The query language of exact search: what each form means, and what is refused with what hint."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import InvalidQuery
from qa.find.parsing import parse_find
from qa.find.records import FindQuery, Near, Phrase, Term
from qa.find.words import fold_word, words_in
from qa.language.tokens import tokens_with_spans


def shape(query: FindQuery) -> list[object]:
    """The clauses as nested plain values."""
    return [
        ("not" if clause.excluded else "any", *[_term(term) for term in clause.terms])
        for clause in query.clauses
    ]


def _term(term: Term) -> object:
    if isinstance(term, Near):
        return (term.distance, *[_term(phrase) for phrase in term.phrases])
    assert isinstance(term, Phrase)
    return " ".join(word.key + "*" * word.prefix for word in term.words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wheat", [("any", "wheat")]),
        ("Wheat  GRAIN", [("any", "wheat"), ("any", "grain")]),
        ("wheat AND grain", [("any", "wheat"), ("any", "grain")]),
        ('"food security" wheat', [("any", "food security"), ("any", "wheat")]),
        ("“food security”", [("any", "food security")]),
        ("«продовольственная безопасность»", [("any", "продовольственная безопасность")]),
        ("wheat -grain", [("any", "wheat"), ("not", "grain")]),
        ("wheat NOT grain", [("any", "wheat"), ("not", "grain")]),
        ('wheat -"food security"', [("any", "wheat"), ("not", "food security")]),
        ("a OR b OR c d", [("any", "a", "b", "c"), ("any", "d")]),
        ("d a OR b", [("any", "d"), ("any", "a", "b")]),
        ("a -b c OR d", [("any", "a"), ("not", "b"), ("any", "c", "d")]),
        ("NEAR(a b)", [("any", (10, "a", "b"))]),
        ('NEAR("a b", c, 5) -NEAR(d e, 2)', [("any", (5, "a b", "c")), ("not", (2, "d", "e"))]),
        ("secur* -2022*", [("any", "secur*"), ("not", "2022*")]),
        ('"food secur*"', [("any", "food secur*")]),
        ('"5 * 3"', [("any", "5 3")]),
        ("well-known", [("any", "well known")]),
        ("wheat - grain & “!” "[:15], [("any", "wheat"), ("any", "grain")]),
        ("a a A", [("any", "a")]),
        (
            "café Ёлка Straße ﬁsh",
            [("any", "cafe"), ("any", "елка"), ("any", "strasse"), ("any", "fish")],
        ),
        ("15,000", [("any", "15000")]),
        ("東京", [("any", "東 京")]),
        ("near and or not", [("any", "near"), ("any", "and"), ("any", "or"), ("any", "not")]),
        ("speaker:Smith AND", [("any", "speaker smith")]),
    ],
)
def test_the_forms(text: str, expected: list[object]) -> None:
    assert shape(parse_find(text)) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "no word in it"),
        ("  … — !", "no word in it"),
        ('"!!"', "no word between"),
        ('""', "no word between"),
        ("-wheat", "what to leave out"),
        ('wheat "grain', "character 7 is not closed"),
        ('wheat"', "character 6 is not closed"),
        ("OR wheat", "OR stands between"),
        ("wheat OR", "OR stands between"),
        ("wheat OR OR grain", "OR stands between"),
        ("wheat OR -grain", "write a OR b -c"),
        ("wheat -grain OR corn", "OR stands between"),
        ("wheat NOT", "NOT stands before"),
        ("wheat NOT OR grain", "OR stands between"),
        ("NEAR(a b", "not closed"),
        ("NEAR(a (b), 3)", "holds brackets"),
        ("NEAR(a, 10)", "two different words"),
        ("NEAR(a A, 10)", "two different words"),
        ("NEAR(a -b, 10)", "words and phrases only"),
        ("NEAR(a OR b)", "words and phrases only"),
        ("NEAR(a b, 0)", "distance 0, expected 1 to 1000"),
        ("NEAR(a b, 1001)", "distance 1001"),
        ('NEAR("a b c" d, 1)', "expected 2 to 1000"),
        ("a NEAR b", "write NEAR(one two, 10)"),
        ("a NEAR/5 b", "write NEAR(one two, 10)"),
        ("(wheat grain) -corn", "brackets group nothing"),
        ("wheat -(grain corn)", "brackets group nothing"),
        ("*wheat", "a * may only end"),
        ("wh*at", "a * may only end"),
        ("wheat *", "a * may only end"),
        ('"food wh*at"', "a * may only end"),
        ("x" * 4001, "4,001 characters, expected at most 4,000"),
    ],
)
def test_what_means_nothing_is_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        parse_find(text)
    assert hint in str(refused.value)


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("\"“”'’()*-+^:{}[],.\\/%_~|&<>=;\x00\n\t abANDORTE1東é\u00ad")),
        st.characters(),
    ),
    max_size=80,
)


@settings(max_examples=400, deadline=None)
@given(HOSTILE, st.booleans())
def test_no_query_crashes(text: str, stem: bool) -> None:
    try:
        query = parse_find(text, stem=stem)
    except InvalidQuery:
        return
    assert query.wanted
    assert all(phrase_words(term) for clause in query.clauses for term in clause.terms)


def phrase_words(term: Term) -> bool:
    return all(phrase.words for phrase in (term.phrases if isinstance(term, Near) else (term,)))


@pytest.mark.parametrize("text", ['NEAR("' * 600, "NEAR(" + '"a" ' * 900, '"a' * 1901, "-" * 4000])
def test_refusal_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(InvalidQuery):
        parse_find(text[:4000])
    assert time.perf_counter() - started < 1.0


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_words_are_those_of_the_index_run_by_run(text: str) -> None:
    # What the matcher remembers of a run of characters must not depend on where it stands.
    whole = [(word.key, word.token) for word in words_in(text)]
    apart = [(word.key, word.token) for run in text.split() for word in words_in(run)]
    assert whole == apart
    spaced = [word.token for word in words_in(text) if not word.unspaced]
    unspaced = {word.token for word in words_in(text) if word.unspaced}
    indexed = [token.text for token in tokens_with_spans(text)]
    assert [token for token in indexed if token in spaced] == spaced
    assert all(any(char in token for token in indexed) or char not in text for char in unspaced)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Café", "CAFE", True),
        ("cafe\u0301", "café", True),
        ("soft\u00adhyphen", "softhyphen", True),
        ("Ёлка", "елка", True),
        ("край", "краи", False),
        ("grain", "grains", False),
        ("ＡＢ", "ab", True),
        ("15,000", "15000", True),
        ("1.5", "15", False),
        ("1.5", "1,5", False),
    ],
)
def test_what_is_one_word(one: str, other: str, same: bool) -> None:
    assert (fold_word(one) == fold_word(other)) is same
