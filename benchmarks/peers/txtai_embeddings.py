"""txtai's embeddings database, dense or (option "hybrid") dense with BM25."""

from __future__ import annotations

from collections.abc import Callable

from txtai import Embeddings

_FOUND = 5


def load(model: str, option: str) -> Embeddings:
    embeddings = Embeddings(path=model, content=True, hybrid=option == "hybrid", gpu=False)
    embeddings.batchtransform(["loads the model"])
    return embeddings


def index(loaded: Embeddings, passages: list[str], place: str) -> None:
    loaded.index(enumerate(passages))
    loaded.save(place)


def opened(model: str, option: str, place: str) -> Callable[[str], list[int]]:
    embeddings = Embeddings()
    embeddings.load(place)
    return lambda question: [int(found["id"]) for found in embeddings.search(question, _FOUND)]
