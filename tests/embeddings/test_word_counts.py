"""Word pieces counted word by word are those of the whole text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

from embeddings import word_counts
from embeddings.word_counts import WordCounts, never_looks_past_a_space

PIECES = ["[UNK]", *"abcdeтё東0.,-'", *(f"##{c}" for c in "abcdeт0"), "cab", "##bed", "bad"]


def bert() -> Tokenizer:
    pieces = {piece: number for number, piece in enumerate(PIECES)}
    tokenizer = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]", max_input_chars_per_word=8))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[SEP]", AddedToken("[MASK]", lstrip=True)])
    return tokenizer


ONE = bert()
SHARED = WordCounts(ONE)


def directly(tokenizer: Tokenizer, texts: list[str]) -> list[int]:
    return [len(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts]


LETTERS = st.sampled_from(
    [*"abcBEтЁ東0.,-' \t\n\r\x00\x1c\x85\xa0\u0301\u200b\u2028é", "[SEP]", "[MASK]"]
)


@given(st.lists(st.lists(LETTERS, max_size=90).map("".join), max_size=4))
def test_counts_are_those_of_the_whole_texts(texts: list[str]) -> None:
    assert SHARED.of(texts) == directly(ONE, texts)


def test_overlong_words_are_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = WordCounts(ONE)
    texts = ["cab " + "bad." * 50 + " bed", "cab bed", ""]
    assert counts.of(texts) == directly(ONE, texts)
    assert counts.of(texts[:1]) == directly(ONE, texts[:1])
    assert max(map(len, counts._known)) <= 64
    monkeypatch.setattr(word_counts, "_MOST_WORDS", 3)
    assert counts.of(["a b c d e"]) == counts.of(["a b c d e"]) == [5]
    assert counts.of(["cab"]) == [1]
    assert len(counts._known) == 1


@pytest.mark.parametrize("change", ["pre_tokenizer", "normalizer", "added"])
def test_a_tokenizer_that_may_look_past_spaces_is_asked_for_whole_texts(change: str) -> None:
    tokenizer = bert()
    if change == "pre_tokenizer":
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    elif change == "normalizer":
        tokenizer.normalizer = normalizers.Replace("a b", "ab")
    else:
        tokenizer.add_tokens(["bad cab"])
    assert never_looks_past_a_space(ONE)
    assert not never_looks_past_a_space(tokenizer)
    texts = ["bad cab", "a b"]
    assert WordCounts(tokenizer).of(texts) == directly(tokenizer, texts)
