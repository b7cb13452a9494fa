"""LlamaIndex over a flat FAISS index, stored and opened as its documentation shows."""

from __future__ import annotations

from collections.abc import Callable

import faiss
from llama_index.core import Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

_FOUND = 5


def load(model: str, option: str) -> HuggingFaceEmbedding:
    Settings.llm = None
    Settings.embed_model = HuggingFaceEmbedding(model_name=model, device="cpu")
    return Settings.embed_model


def index(loaded: HuggingFaceEmbedding, passages: list[str], place: str) -> None:
    dimension = len(loaded.get_text_embedding("dimension"))
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(dimension))
    nodes = [TextNode(text=text, id_=str(number)) for number, text in enumerate(passages)]
    context = StorageContext.from_defaults(vector_store=store)
    VectorStoreIndex(nodes, storage_context=context).storage_context.persist(persist_dir=place)


def opened(model: str, option: str, place: str) -> Callable[[str], list[int]]:
    load(model, option)
    context = StorageContext.from_defaults(
        vector_store=FaissVectorStore.from_persist_dir(place), persist_dir=place
    )
    retriever = load_index_from_storage(context).as_retriever(similarity_top_k=_FOUND)
    return lambda question: [int(found.node.node_id) for found in retriever.retrieve(question)]
