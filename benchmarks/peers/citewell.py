"""Citewell, with everything that `ask` does: hybrid search, late interaction, quoting, citing.

The passages go in as documents of their own by the path that evaluation collections take, which is
that of `add` from a text's documents and turns on: passages are cut, encoded, indexed and committed
in the same threads by the same code; the option is the precision.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import qa
from embeddings.encoder import Encoder
from embeddings.loading import load_encoder
from qa.evaluate.building import add_texts, source_path
from qa.evaluate.collections.collection import CollectionDocument
from qa.ingest import VERSIONS
from qa.store.opening import create_library


def load(model: str, option: str) -> Encoder:
    encoder = load_encoder(precision=option)
    encoder.question("loads the model")
    return encoder


def index(loaded: Encoder, passages: list[str], place: str) -> None:
    documents = [
        CollectionDocument(id=str(number), title=None, text=text, group=str(number))
        for number, text in enumerate(passages)
    ]
    with create_library(Path(place), loaded.identity, VERSIONS) as store:
        add_texts(store, loaded, documents)


def opened(model: str, option: str, place: str) -> Callable[[str], list[int]]:
    library = qa.open(place, encoder=load(model, option), create=False)

    def ask(question: str) -> list[int]:
        answer = library.ask(question)
        return [number_of(quote.citation.source) for quote in (*answer.quotes, *answer.misses)]

    return ask


def number_of(path: str) -> int:
    return int(path.removeprefix(source_path("")))
