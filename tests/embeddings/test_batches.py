"""Word pieces to padded batches: which texts stand together, and how they are padded."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embeddings.batches import Padding, Tokens, batch_rows, batched, padded

PADDING = Padding(id=7, max_tokens=256)


def tokens(position: int, length: int) -> Tokens:
    ids = np.arange(1, length + 1, dtype=np.int32)
    return Tokens(position, ids, np.zeros((length, 2), dtype=np.int32))


def windows(lengths: list[int], size: int) -> list[list[Tokens]]:
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
