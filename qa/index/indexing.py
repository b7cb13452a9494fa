"""Compute what the indexes store about passages: vectors, token codes, lexical tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, Encoder
from embeddings.token_codes import CALIBRATION_TEXTS, PassageCodes, pack_signs, sample, token_mean
from qa.language.tokens import SILENT_TOKENS, Words, with_context, words
from qa.store.protocol import LibraryStore
from qa.store.records import EncodedPassage

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ContextualPassage:
    """A passage's own words, and its context (see `qa.structure.passages`), which is not
    encoded (measured: it neither helps nor hurts the vectors); it helps the lexical index."""

    text: str
    context: str


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What the indexes hold of a passage; `tokens` are joined by spaces."""

    encoded: EncodedPassage
    tokens: str


class PassageIndexer:
    """Makes what one library's indexes hold of passages."""

    def __init__(self, store: LibraryStore, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._calibration: list[EncodedText] = []

    def begin(self) -> bool:
        """Return whether the library has no passages yet. What can be encoded for it before its
        first passages are read, is; so the encoder is loaded meanwhile, too."""
        new = self._store.provenance.token_mean is None
        if new and not self._calibration:
            self._calibration = [item for _, item in self._encoder.passages(CALIBRATION_TEXTS)]
        return new

    def index(
        self, passages: Sequence[ContextualPassage], progress: Progress | None = None
    ) -> list[IndexedPassage]:
        """Return what the indexes will hold of passages, in their order. If they are the first
        that the library gets, what its token codes are centred on is estimated on them, and kept.

        Codes are made as the vectors come, so that no more than a batch of token vectors is held,
        but for the sample of a library's first passages, some 60 MB, which is not encoded twice.
        """
        if not passages:
            return []
        found: dict[int, IndexedPassage] = {}
        mean = self._store.provenance.token_mean
        if mean is None:
            drawn = sample([passage.text for passage in passages])
            texts = [passages[i].text for i in drawn]
            held = list(self._encoder.passages(texts, progress))
            mean = self._kept_mean([item for _, item in held])
            for position, item in held:
                found[drawn[position]] = index_passage(item, passages[drawn[position]], mean)
        left = [i for i in range(len(passages)) if i not in found]
        texts = [passages[i].text for i in left]
        for position, item in self._encoder.passages(texts, progress):
            found[left[position]] = index_passage(item, passages[left[position]], mean)
        return [found[i] for i in range(len(passages))]

    def _kept_mean(self, encoded: Sequence[EncodedText]) -> NDArray[np.float32]:
        """Return the mean (d,) that the library has from now on because of these passages."""
        self.begin()
        mean = token_mean([*self._calibration, *encoded], self._encoder.identity.dimension)
        self._calibration.clear()
        return self._store.keep_token_mean(mean)


def index_passage(
    encoded: EncodedText, passage: ContextualPassage, mean: NDArray[np.float32]
) -> IndexedPassage:
    """Return what the indexes hold of an encoded passage; `mean` (d,) is what token vectors are
    centred on."""
    found = words(passage.text)
    keep = _telling(found, len(passage.text), encoded.offsets)
    codes = PassageCodes(
        encoded.token_ids[keep],
        encoded.offsets[keep, 0],
        pack_signs(encoded.token_vectors[keep], mean),
    )
    return IndexedPassage(
        EncodedPassage(encoded.vector, codes), with_context(passage.context, found.texts)
    )


def telling_tokens(text: str, offsets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which word pieces, given by the (t, 2) characters of the text they cover, belong to a
    word that is not silent. Special tokens (which cover nothing) and punctuation do not."""
    return _telling(words(text), len(text), offsets)


def _telling(found: Words, length: int, offsets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return the same of the words of a text of that many characters."""
    spans = [
        span
        for span, token in zip(found.spans, found.texts, strict=True)
        if token not in SILENT_TOKENS
    ]
    telling = np.zeros(length + 1, np.bool_)
    for start, end in spans:
        telling[start:end] = True
    starts, ends = offsets[:, 0], offsets[:, 1]
    # A piece counts by its first letter: SentencePiece pieces may begin at the space before.
    first = np.minimum(starts, length)
    last = np.clip(ends - 1, 0, length)
    return (ends > starts) & (telling[first] | telling[last])
