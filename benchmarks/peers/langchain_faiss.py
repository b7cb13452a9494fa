"""LangChain's FAISS store with its Hugging Face embeddings."""

from __future__ import annotations

from collections.abc import Callable

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings

_FOUND = 5


def load(model: str, option: str) -> HuggingFaceEmbeddings:
    return HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})


def index(loaded: HuggingFaceEmbeddings, passages: list[str], place: str) -> None:
    numbers = [{"number": number} for number in range(len(passages))]
    FAISS.from_texts(passages, loaded, metadatas=numbers).save_local(place)


def opened(model: str, option: str, place: str) -> Callable[[str], list[int]]:
    store = FAISS.load_local(place, load(model, option), allow_dangerous_deserialization=True)
    return lambda question: [
        found.metadata["number"] for found in store.similarity_search(question, k=_FOUND)
    ]
