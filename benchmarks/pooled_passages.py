"""Makes sources of many passages fast, out of a pool of sentences that are encoded once.

What it is: every sentence of a pool (real text where there is some) is encoded and tokenised
once. A source has a title, turns of named speakers and of nobody, and passages of four to eight
sentences, most of them from the same few stretches of the pool, so that a source has a subject.
A passage's token codes and lexical tokens are those of its sentences; its vector is the sum of
theirs, scaled to length 1. So the library has the words, the frequencies and about the vectors
of real text, at a small part of the cost.

What it is not: a million different sentences. Each stands in many passages, which is harder on
an index than real text is: a question meets many passages about as well. Each planted sentence
stands in exactly one passage, and the question for it is answered by that sentence alone.

Everything follows from the seed.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from generated_text import Planted
from numpy.typing import NDArray

from embeddings.encoder import Encoder, unit_rows
from embeddings.token_codes import PassageCodes
from qa.index.indexing import ContextualPassage, index_passage
from qa.language.tokens import lexical_tokens
from qa.records import Boundary, Document, Passage, SourceText, Span, Turn, TurnKind
from qa.store.records import EncodedPassage, NewSource

_STRETCH = 150  # sentences of the pool that are about one thing, as far as their order tells
_SPEAKERS = 400
_DATES = tuple(
    f"{year}-{month:02}-{day:02}"
    for year in range(1990, 2025)
    for month in (1, 6, 11)
    for day in (3, 17)
)


@dataclass(frozen=True, slots=True)
class PooledSentence:
    """A sentence with all that a passage takes of it."""

    text: str
    tokens: str
    encoded: EncodedPassage


def encode_pool(
    encoder: Encoder, mean: NDArray[np.float32], sentences: Sequence[str]
) -> list[PooledSentence]:
    """The sentences, encoded and tokenised."""
    indexed = {
        position: index_passage(item, ContextualPassage(sentences[position], ""), mean)
        for position, item in encoder.passages(sentences)
    }
    return [
        PooledSentence(text, indexed[position].tokens, indexed[position].encoded)
        for position, text in enumerate(sentences)
    ]


class PassageMaker:
    """Makes sources, one after the other, from one stream of chance."""

    def __init__(self, pool: Sequence[PooledSentence], seed: int = 2024) -> None:
        self._pool = pool
        self._chance = random.Random(seed)
        words = [word for item in pool[::7] for word in item.text.split() if word.isalpha()]
        # Speakers' names are made of the pool's own rarer words.
        names = list(dict.fromkeys(word.capitalize() for word in words if len(word) > 6))
        self._names = [
            f"{self._chance.choice(names)} {self._chance.choice(names)}" for _ in range(_SPEAKERS)
        ]

    def sources(
        self, passages: int, planted: Sequence[tuple[Planted, PooledSentence]]
    ) -> Iterator[NewSource]:
        """Sources of that many passages in all; the planted sentences are spread evenly."""
        every = max(1, passages // max(1, len(planted)))
        made = number = 0
        waiting = list(reversed(planted))
        while made < passages:
            count = min(passages - made, self._chance.randint(20, 400))
            groups = [self._sentences() for _ in range(count)]
            for place in range(count):
                if waiting and (made + place) % every == every // 2:
                    groups[place].insert(self._chance.randint(0, 3), waiting.pop()[1])
            yield self._source(f"/made/{number // 100:04}/{number:06}.txt", groups)
            made += count
            number += 1

    def _sentences(self) -> list[PooledSentence]:
        """One passage's sentences; `_subject` was drawn for the source."""
        chance, pool = self._chance, self._pool
        if chance.random() < 1 / 80 or not hasattr(self, "_subjects"):
            self._subjects = [chance.randrange(len(pool)) for _ in range(3)]
        found = []
        for _ in range(chance.randint(4, 8)):
            if chance.random() < 0.7:
                at = (chance.choice(self._subjects) + chance.randrange(_STRETCH)) % len(pool)
            else:
                at = chance.randrange(len(pool))
            found.append(pool[at])
        return found

    def _source(self, path: str, groups: Sequence[Sequence[PooledSentence]]) -> NewSource:
        chance = self._chance
        title = " ".join(groups[0][0].text.split()[:6])
        parts, at = [title, "\n\n"], len(title) + 2
        turns = [Turn(0, 0, TurnKind.HEADING, 0, len(title))]
        passages, encoded, tokens = [], [], []
        for group in groups:
            speaker = chance.choice(self._names) if chance.random() < 0.5 else None
            kind = TurnKind.SPEECH if speaker else TurnKind.NARRATION
            if speaker:
                parts.append(f"{speaker}: ")
                turns.append(Turn(0, len(turns), TurnKind.LABEL, at, at + len(speaker) + 1))
                at += len(speaker) + 2
            spans = []
            begin = at
            for item in group:
                spans.append(Span(at, at + len(item.text)))
                at += len(item.text) + 1
            parts.append(" ".join(item.text for item in group) + "\n\n")
            end, at = at - 1, at + 1
            ordinal = len(turns)
            turns.append(Turn(0, ordinal, kind, begin, end, speaker))
            context = f"{title}\n{speaker}" if speaker else title
            passages.append(Passage(0, ordinal, begin, end, tuple(spans), context))
            encoded.append(_encoded(group, [span.start - begin for span in spans]))
            head = lexical_tokens("", context)
            tokens.append(" ".join([head, *(item.tokens for item in group)]))
        text = "".join(parts)
        date = chance.choice(_DATES)
        document = Document(0, 0, len(text), title, date, None, None, Boundary.FILE, "the file")
        data = text.encode()
        return NewSource(
            path,
            hashlib.sha256(data).hexdigest(),
            len(data),
            1,
            SourceText(text, "txt", "made/1"),
            (document,),
            tuple(turns),
            tuple(passages),
            encoded,
            tokens,
        )


def _encoded(group: Sequence[PooledSentence], starts: Sequence[int]) -> EncodedPassage:
    vector = np.sum([item.encoded.vector for item in group], axis=0, keepdims=True)
    codes = [item.encoded.codes for item in group]
    return EncodedPassage(
        unit_rows(vector)[0],
        PassageCodes(
            np.concatenate([code.token_ids for code in codes]),
            np.concatenate([c.starts + s for c, s in zip(codes, starts, strict=True)]).astype(
                np.int32
            ),
            np.concatenate([code.bits for code in codes]),
        ),
    )
