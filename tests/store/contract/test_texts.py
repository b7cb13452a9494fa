"""Slices, lines and pages of stored texts against Python's own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.locating import locate
from qa.records import Locator, LocatorKind
from qa.store.chunks import CHUNK_CHARACTERS, line_of, split_text
from qa.store.source_names import text_of
from tests.support.library_homes import HOMES, Home
from tests.support.library_samples import plain, sample

TEXTS = st.text(alphabet=st.sampled_from("a\r\n🙂é\u2028\x0b "), max_size=60)


def line_by_scanning(text: str, offset: int) -> int:
    ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
    return 1 + sum(end <= offset for end in ends)


@given(TEXTS, st.integers(2, 9))
def test_pieces_make_the_text_and_know_its_lines(text: str, size: int) -> None:
    chunks = list(split_text(text, size))
    assert "".join(chunk.text for chunk in chunks) == text
    for chunk in chunks:
        assert 0 < len(chunk.text) <= size
        assert text[: chunk.start + len(chunk.text)].endswith(chunk.text)
        assert chunk.line == line_by_scanning(text, chunk.start)
        before_pair = text[chunk.start - 1 : chunk.start + 1] if chunk.start else ""
        assert before_pair != "\r\n"
        for offset in range(chunk.start, chunk.start + len(chunk.text) + 1):
            if text[offset - 1 : offset + 1] != "\r\n" or offset > chunk.start:
                assert line_of(chunk, offset) == line_by_scanning(text, offset)


@pytest.mark.parametrize("kind", HOMES)
@settings(max_examples=12, deadline=None)
@given(
    st.lists(TEXTS, min_size=1, max_size=4).map("".join),
    st.integers(0, 3),
    st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 9_000)), max_size=8),
)
def test_slices_and_lines_of_long_texts(
    kind: str,
    tmp_path_factory: pytest.TempPathFactory,
    pattern: str,
    repeats: int,
    spans: list[tuple[int, int]],
) -> None:
    text = pattern * (1 + repeats * CHUNK_CHARACTERS // max(len(pattern), 1))
    with HOMES[kind](tmp_path_factory.mktemp("texts")).create() as store:
        text_id = store.put([plain("/a.txt", text)])[0].text_id
        assert text_of(store, "/a.txt") == text
        with store.snapshot():
            for start, length in [*spans, (len(text), 5), (max(len(text) - 3, 0), 9)]:
                if start > len(text) and not length:  # a place outside is refused, see below
                    continue
                assert (
                    store.excerpt(text_id, start, start + length).text
                    == text[start : start + length]
                )
                offset = min(start, len(text))
                assert store.excerpt(text_id, offset, offset).line == line_by_scanning(text, offset)


def test_spans_and_texts_that_are_not_there(home: Home) -> None:
    with home.create() as store:
        text_id = store.put([plain("/a.txt", "abc")])[0].text_id
        empty = store.put([plain("/empty.txt", "")])[0].text_id
        assert store.excerpt(empty, 0, 10).text == ""
        assert store.excerpt(empty, 0, 0).line == 1
        for start, end in ((-1, 2), (2, 1)):
            with pytest.raises(ValueError, match="expected 0"):
                store.excerpt(text_id, start, end)
        with pytest.raises(ValueError, match="has 3 characters"):
            store.excerpt(text_id, 4, 4)
        with pytest.raises(ValueError, match="expected 0"):
            store.excerpt(text_id, -1, -1)
        with pytest.raises(ValueError, match="no text has the id 99"):
            store.excerpt(99, 0, 0)
        with pytest.raises(ValueError, match="no text has the id 99"):
            store.locators(99)
        with pytest.raises(ValueError, match="no text has the id 99"):
            store.excerpt(99, 0, 1)


def test_locators(home: Home) -> None:
    with home.create() as store:
        text_id = store.put([sample("/a.txt", 1)])[0].text_id  # pages from 3 on and from 40 on
        first, second = (Locator(LocatorKind.PAGE, label) for label in ("i", "ii"))
        assert [locate(store.locators(text_id), offset) for offset in (0, 2, 3, 39, 40, 400)] == [
            *(None, None, first, first, second, second),
        ]
        plain_id = store.put([plain("/b.txt", "x")])[0].text_id
        assert store.locators(plain_id) == ()
