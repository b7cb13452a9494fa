"""Evaluation documents → a library, taken in as an `add` takes files in, without any file.

What a document's structure is, the collection gives; all the rest is done to it that is done to a
person's own files.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import Encoder
from qa.evaluate.collections.collection import Collection, CollectionDocument, Shelf
from qa.evaluate.given_structure import give_structure
from qa.ingest.prepare import Prepared
from qa.ingest.write import Ingest, Progress
from qa.settings import IngestSettings, Settings
from qa.store.records import FileFacts, StoredPassage
from qa.store.sqlite.store import Store
from qa.structure.passages import TokenCounter, cut_passages
from qa.versions import VERSIONS

Watcher = Callable[[Progress], None]


def source_path(document_id: str) -> str:
    """The path under which a collection's document stands in its library."""
    return f"/collection/{document_id}"


@dataclass(frozen=True, slots=True)
class BuiltShelf:
    """A shelf's library. `ranked`: passage id → the documents, or the turns of one, that it
    counts as when it is ranked; `names`: source path → document. Both as the collection
    names them."""

    shelf: Shelf
    folder: Path
    ranked: Mapping[int, tuple[str, ...]]
    names: Mapping[str, str]


def build_shelves(
    collection: Collection, encoder: Encoder, cache: Path, progress: Watcher | None = None
) -> tuple[BuiltShelf, ...]:
    """A library for each shelf that has questions, built unless the cache has it."""
    built = []
    for shelf in collection.shelves:
        if not shelf.questions:
            continue
        folder = shelf_library(shelf, encoder, cache, progress)
        by_path = {source_path(document.id): document for document in shelf.documents}
        ranked = {
            number: tuple(_counts_as(by_path[path], passage.start) for path in passage.paths)
            for number, passage in stored_passages(folder).items()
        }
        names = {path: document.id for path, document in by_path.items()}
        built.append(BuiltShelf(shelf, folder, ranked, names))
    return tuple(built)


def _counts_as(document: CollectionDocument, start: int) -> str:
    """The document, or its turn that begins last before `start`."""
    if not document.turns:
        return document.id
    at = bisect_right(document.turns, start, key=lambda turn: turn.label_start)
    return document.turns[at - 1].id


def shelf_library(
    shelf: Shelf, encoder: Encoder, cache: Path, progress: Watcher | None = None
) -> Path:
    """The folder of a library that holds a shelf's documents, built unless the cache has it.

    It is found again by what it is made of: the documents, the model's weights, the rules'
    versions. A build that is cut short leaves nothing behind that counts.
    """
    folder = cache / f"{_safe(shelf.name)}-{_key(shelf.documents, encoder)}"
    if Store.exists(folder):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=cache))
    try:
        with Store.create(made, encoder.identity, VERSIONS) as store:
            add_texts(store, encoder, shelf.documents, progress)
        if not Store.exists(folder):
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def add_texts(
    store: Store,
    encoder: Encoder,
    documents: Iterable[CollectionDocument],
    progress: Watcher | None = None,
    batch: int = IngestSettings().batch_passages,
) -> None:
    """Put collection documents into a library, about `batch` passages encoded at once."""
    given = tuple(documents)
    settings = Settings(ingest=IngestSettings(batch_passages=batch))
    prepared = (_prepared(document, encoder.count_tokens) for document in given)
    Ingest(store, encoder, settings, progress).add_prepared(prepared, len(given))


def _prepared(given: CollectionDocument, count_tokens: TokenCounter) -> Prepared:
    """A document as it would come from a file; its bytes are those of its text."""
    structure = give_structure(given)
    data = structure.text.text.encode("utf-8")
    file = FileFacts(source_path(given.id), hashlib.sha256(data).hexdigest(), len(data), 0)
    passages = cut_passages(structure.text, structure.document, structure.turns, count_tokens)
    return Prepared(file, structure.text, (structure.document,), structure.turns, passages)


def stored_passages(folder: Path) -> dict[int, StoredPassage]:
    """Passage id → passage, for a whole library."""
    with Store.open(folder, identity=None, versions=VERSIONS, read_only=True) as store:
        return store.passages(store.passage_ids())


def _key(documents: Sequence[CollectionDocument], encoder: Encoder) -> str:
    digest = hashlib.sha256(f"{encoder.identity.revision} {VERSIONS}".encode())
    for document in documents:
        # repr() tells apart what joined strings would not.
        digest.update(repr(document).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:24]


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)[:40] or "shelf"
