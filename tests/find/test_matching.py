"""Matching against a brute-force count: phrases, prefixes, NEAR, what stands between words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.find.matching import Hit, Matcher
from qa.find.parsing import parse_find
from qa.find.records import FindQuery
from qa.find.units import Scope
from qa.records import Boundary, Document, Span, Turn, TurnKind
from tests.support.finding_oracle import Ask, as_query, count_term, plain_words

DOCUMENT = Document(0, 0, 1, None, None, None, None, Boundary.FILE, "")
WORDS = ("a", "b", "A", "ab", "aß", "á", "abc", "’", "don’t", "15", "-", "“", ".\n\n", "it's")


def stretch_of(*pieces: tuple[int, int]) -> Scope:
    turn = Turn(0, 0, TurnKind.SPEECH, pieces[0][0], pieces[-1][1])
    return Scope(1, ("a.txt",), DOCUMENT, turn, tuple(Span(*piece) for piece in pieces))


def hits_in(query: FindQuery, text: str, *pieces: tuple[int, int]) -> list[Hit]:
    """The hits of a query's only term."""
    scope = stretch_of(*(pieces or [(0, len(text))]))
    found = Matcher(query).hits(scope, text[scope.start : scope.end])
    (hits,) = [found[term] for term in query.wanted]
    return hits


def found(query: str, text: str, *, stem: bool = False) -> list[str]:
    """The characters of each hit of a query's only term."""
    hits = hits_in(parse_find(query, stem=stem), text)
    return ["…".join(text[span.start : span.end] for span in hit.spans) for hit in hits]


PHRASE = st.lists(st.sampled_from(["a", "b", "ab", "a*", "abc", "15"]), min_size=1, max_size=3)
TERM = st.one_of(
    st.tuples(st.tuples(PHRASE.map(tuple)), st.none()),
    st.tuples(
        st.lists(PHRASE.map(tuple), min_size=2, max_size=3, unique=True).map(tuple),
        st.integers(2, 9),
    ),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=24), TERM)
def test_counts_are_those_of_brute_force(
    words: list[str], term: tuple[tuple[tuple[str, ...], ...], int | None]
) -> None:
    text = " ".join(words).replace("ß", "")
    query = parse_find(as_query((Ask((term,)),)))
    assert len(hits_in(query, text)) == count_term(plain_words(text), *term)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("wheat", "Wheat, wheat; buckwheat wheaten WHEAT’S", ["Wheat", "wheat", "WHEAT"]),
        ("wheat's", "wheat wheat’s Wheat's wheats", ["wheat’s", "Wheat's"]),
        ("wheat’s", "wheat´s", ["wheat´s"]),
        ("café", "cafe Cafe\u0301 CAFÉ cafés", ["cafe", "Cafe\u0301", "CAFÉ"]),
        ("harbour", "har\u00adbour", ["har\u00adbour"]),
        ("harbour", "the har-\nbour, the harbour", ["har-\nbour", "harbour"]),
        ('"the harbour wall"', "So the har-\nbour wall", ["the har-\nbour wall"]),
        ("harb*", "the har-\n bour", ["har-\n bour"]),
        ("known", "a well-\nknown man", ["known"]),
        ('"well-known man"', "a well-\nknown man", ["well-\nknown man"]),
        ("bour", "the har-\nbour", ["bour"]),
        (
            "well-known",
            "well–known well known wellknown well-\nknown",
            ["well–known", "well-\nknown"],
        ),
        ('"well known"', "well-known well known", ["well-known", "well known"]),
        ("don't", "don’t dont don t", ["don’t"]),
        ("COVID19", "covid19 covid-19 covid 19", ["covid19"]),
        ("U.S.", "U.S. us U. S. U-S", ["U.S", "U. S"]),
        (
            '"food security"',
            "food\n security, food; security food",
            ["food\n security", "food; security"],
        ),
        ('"no no"', "no no no no no", ["no no", "no no"]),
        ("C++", "C C++ C# c++", ["C++", "c++"]),
        ("$5", "$5 5 $55 €5", ["$5"]),
        ("5%", "5 5% 15%", ["5%"]),
        ("secur*", "security secure insecure sécurité", ["security", "secure", "sécurité"]),
        ("15,000", "15000 15,000 1,5000", ["15000", "15,000"]),
        ("東京", "東京都の東\n京 東。京", ["東京", "東\n京"]),
        ("東京2020", "東京2020年 東京 2020", ["東京2020"]),
        ("NEAR(a b, 2)", "a x b, a x x b b a", ["a…b", "b…a"]),
        ('NEAR("a b" c, 3)', "c a b x a b y c", ["c…a b", "a b…c"]),
        ("чёрный", "Черный чёрного ЧЁРНЫЙ", ["Черный", "ЧЁРНЫЙ"]),
    ],
)
def test_what_is_found(query: str, text: str, expected: list[str]) -> None:
    assert found(query, text) == expected


def test_stems_only_when_asked() -> None:
    text = "The port, ports and ported; portage"
    assert found("port", text) == ["port"]
    assert found("port", text, stem=True) == ["port", "ports", "ported"]


def test_words_between_pieces_part_a_phrase_and_count_as_distance() -> None:
    text = "food THE HEADING security food . security"
    parts = [(0, 4), (17, 25), (26, 30), (33, 41)]
    phrase = hits_in(parse_find('"food security"'), text, *parts)
    assert [(hit.start, hit.end) for hit in phrase] == [(26, 41)]
    near = hits_in(parse_find("NEAR(food security, 3)"), text, *parts)
    assert [(hit.first, hit.last) for hit in near] == [(0, 3), (4, 5)]
    assert not hits_in(parse_find("heading"), text, *parts)


def test_hundred_thousand_words_take_bounded_time() -> None:
    text = "a " * 100_000
    started = time.process_time()
    long_phrase = '"' + "a " * 1000 + 'b"'
    assert hits_in(parse_find(long_phrase), text) == []
    assert len(hits_in(parse_find("NEAR(a a*, 1000)"), text)) == 100_000
    assert len(hits_in(parse_find('"' + "a " * 1000 + '"'), text)) == 100
    assert time.process_time() - started < 6.0
