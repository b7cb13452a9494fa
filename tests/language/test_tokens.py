"""The tokeniser that indexing, questions and checking share."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.tokens import tokens, tokens_with_spans
from qa.store.sqlite.indexed import any_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Invaded, invading INVADES", ["invad", "invad", "invad"]),
        ("the CSTO’s response", ["the", "csto", "respons"]),
        ("Côte d’Ivoire", ["cote", "d", "ivoir"]),
        ("15,000 men; 1.5 per cent; 3,14", ["15000", "men", "1·5", "per", "cent", "3·14"]),
        ("книгами и ёлки", ["книг", "и", "елк"]),
        ("東京都", ["東京", "京都"]),
        ("水", ["水"]),
        ("Straße STRASSE", ["strass", "strass"]),
        ("ﬁnance finance", ["financ", "financ"]),
        ("co\u00adoperate", ["cooper"]),
        ("cafe\u0301 café", ["cafe", "cafe"]),
        ("… — ! “”", []),
        ("COVID-19", ["covid", "19"]),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


@given(st.text())
def test_spans_lie_in_the_text_and_in_order(text):
    found = tokens_with_spans(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    starts = [token.start for token in found]
    assert starts == sorted(starts)


@given(st.text(st.sampled_from("aBЖё0٣.,-’'sé½ﬁǆ _\n\t°“"), max_size=60))
def test_a_text_of_plain_characters_is_read_as_it_is_beside_others(text):
    # A mark that belongs to no word makes the text one that needs the rules of all scripts.
    beside = tokens_with_spans(f"{text} \u0301")
    assert tokens_with_spans(text) == beside


@given(st.text(min_size=1))
def test_sqlite_sees_exactly_these_tokens(text):
    """FTS5's own tokenizer must neither split nor drop what ours made."""
    made = tokens(text)
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize = 'ascii')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        connection.execute("INSERT INTO t VALUES (?)", (" ".join(made),))
        rows = connection.execute("SELECT term FROM v ORDER BY offset").fetchall()
        assert [term for (term,) in rows] == made
    finally:
        connection.close()


@given(st.text(min_size=1))
def test_no_text_becomes_query_syntax(text):
    made = tuple(tokens(text))
    if not made:
        return
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize = 'ascii')")
        connection.execute("INSERT INTO t VALUES (?)", (" ".join(made),))
        found = connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (any_of(made),))
        assert found.fetchone() == (1,)
    finally:
        connection.close()


def test_a_word_broken_at_a_line_s_end_is_its_parts_and_the_whole():
    found = [(t.text, t.start, t.end) for t in tokens_with_spans("the infor-\n  mation act")]
    assert found == [
        ("the", 0, 3),
        ("infor", 4, 9),
        ("inform", 4, 19),
        ("mation", 13, 19),
        ("act", 20, 23),
    ]
    assert tokens("well-\nknown") == ["well", "wellknown", "known"]
    assert tokens("infor\u00ad\r\nmation") == ["infor", "inform", "mation"]


@pytest.mark.parametrize(
    "text", ["well-known", "2021-\n2025", "Lidmar-\nHalse", "one -\ntwo", "one-\n\ntwo", "so –\nno"]
)
def test_other_hyphens_and_line_ends_join_nothing(text):
    assert tokens(text) == tokens(text.replace("-", " ").replace("–", " "))
