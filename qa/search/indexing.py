"""Passages → what the indexes hold of them: a vector, token codes, lexical tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, Encoder
from embeddings.token_codes import PassageCodes, pack_signs
from embeddings.token_mean import token_mean
from qa.library.entries import EncodedPassage
from qa.library.store import Store
from qa.search.lexical import tokens, tokens_with_spans
from qa.search.stopwords import SILENT_TOKENS


def encode_passages(
    encoder: Encoder,
    mean: NDArray[np.float32],
    texts: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> list[EncodedPassage]:
    """Vectors and codes of passages' texts, in their order.

    `mean` (d,) is what token vectors are centred on. Codes are made as the vectors come, so
    that no more than a batch of token vectors is ever held. The context is not encoded
    (measured: it neither helps nor hurts the vectors); it helps the lexical index.
    """
    encoded: list[EncodedPassage | None] = [None] * len(texts)
    for position, item in encoder.passages(texts, progress):
        codes = passage_codes(item, texts[position], mean)
        encoded[position] = EncodedPassage(item.vector, codes)
    return [item for item in encoded if item is not None]


def library_mean(store: Store, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """What a library's token codes are centred on (d,); estimated on `texts`, and kept, if they
    are the first passages that it gets."""
    known = store.token_mean()
    return store.keep_token_mean(token_mean(encoder, texts)) if known is None else known


def lexical_tokens(context: str, text: str) -> str:
    """What the lexical index reads of a passage, joined by spaces: who speaks under which
    heading, then the words."""
    return " ".join(tokens(f"{context}\n{text}"))


def passage_codes(encoded: EncodedText, text: str, mean: NDArray[np.float32]) -> PassageCodes:
    """The codes of a passage's telling tokens."""
    keep = telling_tokens(text, encoded.offsets)
    return PassageCodes(
        encoded.token_ids[keep],
        encoded.offsets[keep, 0],
        pack_signs(encoded.token_vectors[keep], mean),
    )


def telling_tokens(text: str, offsets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which word pieces, given by the (t, 2) characters of the text they cover, belong to a
    word that is not silent. Special tokens (which cover nothing) and punctuation do not."""
    telling = np.zeros(len(text) + 1, np.bool_)
    for token in tokens_with_spans(text):
        if token.text not in SILENT_TOKENS:
            telling[token.start : token.end] = True
    starts, ends = offsets[:, 0], offsets[:, 1]
    # A piece counts by its first letter: SentencePiece pieces may begin at the space before.
    first = np.minimum(starts, len(text))
    last = np.clip(ends - 1, 0, len(text))
    return (ends > starts) & (telling[first] | telling[last])
