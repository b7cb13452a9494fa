"""A store made of plain texts: no model, real structure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from embeddings.encoder import EncoderIdentity
from embeddings.token_codes import PassageCodes, pack_signs
from qa.ingest import VERSIONS
from qa.ingest.prepare import structure
from qa.language.tokens import lexical_tokens
from qa.readers.files import read_bytes
from qa.store.opening import create_library
from qa.store.protocol import LibraryStore
from qa.store.records import EncodedPassage, NewSource

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "qa" / "sample" / "documents"
CORPUS = ROOT.parent / "shared" / "corpus"
_DIMENSION = 8
_NO_CODES = PassageCodes(
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    pack_signs(np.empty((0, _DIMENSION), np.float32), np.zeros(_DIMENSION, np.float32)),
)
_ENCODED = EncodedPassage(np.eye(1, _DIMENSION, dtype=np.float32)[0], _NO_CODES)


def store_of(folder: Path, files: Mapping[str, str | bytes]) -> LibraryStore:
    """Return a store of files by their names, each given by its text."""
    store = create_library(folder, EncoderIdentity("none", "1", _DIMENSION), VERSIONS)
    for name, content in files.items():
        put(store, name, content)
    return store


def put(store: LibraryStore, name: str, content: str | bytes) -> None:
    """Add a file, or replace it."""
    data = content if isinstance(content, bytes) else content.encode()
    path = Path("/sources") / name
    source = read_bytes(data, path)
    documents, turns, passages = structure(source, _count)
    store.put(
        [
            NewSource(
                path=path.as_posix(),
                file_sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                mtime_ns=1,
                source_text=source,
                documents=documents,
                turns=turns,
                passages=passages,
                encoded=[_ENCODED] * len(passages),
                tokens=[lexical_tokens(p.context, source.text[p.start : p.end]) for p in passages],
            )
        ]
    )


def _count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def folder_of(*folders: Path) -> dict[str, bytes]:
    """All files of folders, by name."""
    return {
        path.name: path.read_bytes()
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.is_file()
    }
