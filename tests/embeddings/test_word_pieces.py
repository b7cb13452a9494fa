"""Word pieces: which texts stand together in a batch, how they are padded, and how many there are,
counted word by word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

from embeddings import word_pieces
from embeddings.word_pieces import (
    Padding,
    TextPieces,
    WordCounts,
    batch_rows,
    batched,
    never_looks_past_a_space,
    padded,
)

PADDING = Padding(id=7, max_tokens=256)


def tokens(position: int, length: int) -> TextPieces:
    ids = np.arange(1, length + 1, dtype=np.int32)
    return TextPieces(position, ids, np.zeros((length, 2), dtype=np.int32))


def windows(lengths: list[int], size: int) -> list[list[TextPieces]]:
    texts = [tokens(i, length) for i, length in enumerate(lengths)]
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def test_texts_are_padded_on_the_right_to_a_multiple_of_sixteen() -> None:
    batch = padded([tokens(0, 9), tokens(1, 3)], PADDING)
    assert batch.ids.tolist() == [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, *[7] * 7],
        [1, 2, 3, *[7] * 13],
    ]
    assert batch.mask.tolist() == [[1] * 9 + [0] * 7, [1] * 3 + [0] * 13]
    assert (batch.ids.dtype, batch.mask.dtype) == (np.int64, np.int64)


def test_padding_never_goes_past_the_model() -> None:
    widths = {n: padded([tokens(0, n)], PADDING).ids.shape for n in (0, 1, 16, 17, 256)}
    assert widths == {0: (1, 16), 1: (1, 16), 16: (1, 16), 17: (1, 32), 256: (1, 256)}
    assert padded([tokens(0, 9)], Padding(0, 12)).ids.shape == (1, 12)


def test_a_batch_has_at_most_2560_word_pieces_of_texts_of_like_length() -> None:
    assert batch_rows([160] * 100, most=100) == 16
    assert batch_rows([256] * 100, most=100) == 8
    assert batch_rows([20] * 100, most=100) == 96
    # Few texts are spread over several batches; those of a very long model go by eight all the same.
    assert batch_rows([20] * 100, most=25) == 24
    assert batch_rows([8192] * 100, most=100) == 8
    # 160 to 140 is an eighth, and 24 texts are no shorter; what is left over makes the last one.
    assert batch_rows([160] * 20 + [140] * 6 + [139] * 90, most=16) == 16
    assert batch_rows([80] * 20 + [70] * 6 + [69] * 90, most=100) == 24
    assert batch_rows([80, 10, 10], most=8) == 8
    assert batch_rows([0, 0], most=8) == 8


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 256), max_size=120),
    st.integers(1, 50),
)
def test_every_text_is_in_one_batch(lengths: list[int], size: int) -> None:
    batches = list(batched(iter(windows(lengths, size)), len(lengths), PADDING))
    positions = [text.position for batch in batches for text in batch.texts]
    assert sorted(positions) == list(range(len(lengths)))
    for batch in batches:
        assert batch.ids.shape[1] <= 256
        assert batch.ids.shape == batch.mask.shape
        assert batch.mask.sum(axis=1).tolist() == [len(text.ids) for text in batch.texts]
        assert (batch.ids[batch.mask == 0] == PADDING.id).all()


def test_what_is_left_of_a_window_waits_for_the_next() -> None:
    lengths = [100] * 20 + [99] * 20
    shapes = [b.ids.shape for b in batched(iter(windows(lengths, 20)), 40, PADDING)]
    assert shapes == [(8, 112)] * 5


# ---- counting -----------------------------------------------------------------------------------

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


@settings(deadline=None)
@given(st.lists(st.lists(LETTERS, max_size=90).map("".join), max_size=4))
def test_counts_are_those_of_the_whole_texts(texts: list[str]) -> None:
    assert SHARED.of(texts) == directly(ONE, texts)


def test_overlong_words_are_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = WordCounts(ONE)
    texts = ["cab " + "bad." * 50 + " bed", "cab bed", ""]
    assert counts.of(texts) == directly(ONE, texts)
    assert counts.of(texts[:1]) == directly(ONE, texts[:1])
    assert max(map(len, counts._known)) <= 64
    monkeypatch.setattr(word_pieces, "_MOST_WORDS", 3)
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
