"""A large library and a long draft, made from a seed, to time the check of quotations."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import numpy as np

from embeddings.encoder import EncoderIdentity
from embeddings.token_codes import PassageCodes, pack_signs
from qa.ingest import VERSIONS
from qa.language.tokens import tokens
from qa.records import Boundary, Document, Passage, SourceText, Span, Turn, TurnKind
from qa.store.opening import create_library
from qa.store.protocol import LibraryStore
from qa.store.records import EncodedPassage, NewSource

_DIMENSION = 8
_PASSAGES_A_SOURCE = 500
_SENTENCES = 4
_WORDS = 18
_COMMON = (
    "the of and to in a that is was for it on with as be at by this had not are but from or have "
    "an they which one you were all her she there would their we him been has when who will no "
    "more if out so up said what its about than into them can only other time new some could these "
    "two may first then do any like my now over such our man me even most made after also did many"
).split()


def _vocabulary(chance: random.Random, size: int) -> list[str]:
    parts = (
        "ba be bo da de di fa go ha ka la le li lo ma me mi na ne no pa ra re ri ro sa se ta te to "
        "va"
    ).split()
    words = {"".join(chance.choices(parts, k=chance.randint(2, 5))) for _ in range(size)}
    return sorted(words)


def make_library(folder: Path, passages: int, seed: int) -> tuple[LibraryStore, list[str]]:
    """A library of that many passages of some 400 characters, and a few of its sentences."""
    chance = random.Random(seed)
    words = _COMMON + _vocabulary(chance, 40_000)
    # Zipf's law: the n-th word of a language occurs about 1/n as often as the first.
    weights = np.cumsum([1 / (rank + 3) for rank in range(len(words))]).tolist()
    store = create_library(folder, EncoderIdentity("none", "1", _DIMENSION), VERSIONS)
    kept: list[str] = []
    for number in range(-(-passages // _PASSAGES_A_SOURCE)):
        source, sentences = _source(chance, words, weights, number)
        store.put([source])
        kept.extend(chance.sample(sentences, 3))
    return store, kept


def _source(
    chance: random.Random, words: list[str], weights: list[float], number: int
) -> tuple[NewSource, list[str]]:
    pieces: list[str] = []
    spans: list[list[Span]] = []
    at = 0
    for _ in range(_PASSAGES_A_SOURCE):
        own: list[Span] = []
        for _ in range(_SENTENCES):
            sentence = " ".join(chance.choices(words, cum_weights=weights, k=_WORDS))
            sentence = sentence.capitalize() + ". "
            own.append(Span(at, at + len(sentence) - 1))
            pieces.append(sentence)
            at += len(sentence)
        spans.append(own)
    text = "".join(pieces)
    document = Document(
        0, 0, len(text), f"Record {number}", "2024-01-01", None, None, Boundary.FILE, ""
    )
    turn = Turn(0, 0, TurnKind.SPEECH, 0, len(text), f"Speaker {number % 40}")
    passages = tuple(Passage(0, 0, s[0].start, s[-1].end, tuple(s), "") for s in spans)
    codes = PassageCodes(
        np.empty(0, np.int32),
        np.empty(0, np.int32),
        pack_signs(np.empty((0, _DIMENSION), np.float32), np.zeros(_DIMENSION, np.float32)),
    )
    encoded = EncodedPassage(np.eye(1, _DIMENSION, dtype=np.float32)[0], codes)
    return (
        NewSource(
            f"/records/{number:04}.txt",
            hashlib.sha256(text.encode()).hexdigest(),
            len(text),
            1,
            SourceText(text, "text", "text/1"),
            (document,),
            (turn,),
            passages,
            [encoded] * len(passages),
            [" ".join(tokens(text[p.start : p.end])) for p in passages],
        ),
        [text[s.start : s.end] for own in spans for s in own],
    )


def make_draft(sentences: list[str], words: int, quotations: int, seed: int) -> str:
    """A draft of that many words with that many quotations: four in ten word for word, two with
    other spaces, two shortened, one altered, one invented."""
    chance = random.Random(seed)
    parts: list[str] = []
    for number in range(quotations):
        sentence = chance.choice(sentences)
        own = sentence.split()
        kind = number % 10
        if kind in (4, 5):
            sentence = sentence.replace(" ", "\u00a0")
        elif kind in (6, 7):
            sentence = " ".join(own[:6]) + " … " + " ".join(own[9:])
        elif kind == 8:
            sentence = " ".join([*own[:8], "changed", *own[9:]])
        elif kind == 9:
            sentence = " ".join(chance.choices(_COMMON, k=12)) + " quotidian zebras"
        filler = " ".join(chance.choices(_COMMON, k=max(0, words // quotations - len(own))))
        parts.append(f"{filler.capitalize()}, Speaker {number % 40} said: “{sentence}”")
    return "\n\n".join(parts)
