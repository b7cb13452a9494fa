"""How many word pieces texts have, told word by word where a tokenizer allows it.

BERT's way of cutting text never looks past a space, so that a text has as many pieces as its words
have together; and nearly all of a text's words have been met before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MOST_WORDS = 1 << 16
# A longer one is no word, and there may be many of them.
_LONGEST_WORD = 64


def never_looks_past_a_space(tokenizer: Tokenizer) -> bool:
    """Whether the pieces of a text are those of its words, by how the tokenizer is made."""
    parts = (tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.model)
    names = tuple(type(part).__name__ for part in parts)
    added = tokenizer.get_added_tokens_decoder().values()
    return names == ("BertNormalizer", "BertPreTokenizer", "WordPiece") and not any(
        " " in token.content for token in added
    )


class WordCounts:
    """Counts by a tokenizer without truncation. Threads may share it."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._by_word = never_looks_past_a_space(tokenizer)
        self._known: dict[str, int] = {}

    def of(self, texts: Sequence[str]) -> list[int]:
        """How many pieces each text has, without special tokens."""
        if not self._by_word:
            return self._counted(texts)
        # Another thread may begin a new one meanwhile; from this one nothing is ever taken.
        known = self._known
        if len(known) > _MOST_WORDS:
            known = self._known = {}
        words = [text.split(" ") for text in texts]
        new = {word for each in words for word in each if word not in known}
        short = [word for word in new if len(word) <= _LONGEST_WORD]
        known.update(zip(short, self._counted(short), strict=True))
        if len(short) == len(new):
            return [sum(map(known.__getitem__, each)) for each in words]
        return [
            sum(map(known.__getitem__, each))
            if known.keys() >= set(each)
            else self._counted([text])[0]
            for text, each in zip(texts, words, strict=True)
        ]

    def _counted(self, texts: Sequence[str]) -> list[int]:
        # The fast kind leaves the offsets out.
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]
