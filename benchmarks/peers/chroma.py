"""Chroma, embedded and persistent, with its sentence-transformers embedding function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import chromadb
from chromadb.config import Settings
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

_FOUND = 5
_AT_ONCE = 5000


def load(model: str, option: str) -> Any:
    return SentenceTransformerEmbeddingFunction(model_name=model, device="cpu")


def _client(place: str) -> Any:
    return chromadb.PersistentClient(path=place, settings=Settings(anonymized_telemetry=False))


def index(loaded: Any, passages: list[str], place: str) -> None:
    collection = _client(place).create_collection("passages", embedding_function=loaded)
    for at in range(0, len(passages), _AT_ONCE):
        part = passages[at : at + _AT_ONCE]
        collection.add(ids=[str(at + n) for n in range(len(part))], documents=part)


def opened(model: str, option: str, place: str) -> Callable[[str], list[int]]:
    embed = load(model, option)
    collection = _client(place).get_collection("passages", embedding_function=embed)

    def ask(question: str) -> list[int]:
        found = collection.query(query_texts=[question], n_results=_FOUND)
        return [int(number) for number in found["ids"][0]]

    return ask
