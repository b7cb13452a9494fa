"""Evaluation documents → a library, made by the same stages as an `add`, without any file.

What a document's structure is, the collection gives; passages, vectors, token codes and lexical
tokens come from the very functions that a person's own files go through.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import Encoder
from qa.evaluation.collections import Collection, CollectionDocument, Shelf
from qa.evaluation.given_structure import GivenStructure, give_structure
from qa.ingest import Progress, Stage
from qa.library.entries import NewSource
from qa.library.rows import StoredPassage
from qa.library.store import Store
from qa.records import Passage
from qa.search.indexing import encode_passages, lexical_tokens, library_mean
from qa.settings import IngestSettings
from qa.structure.passages import cut_passages
from qa.versions import VERSIONS

Watcher = Callable[[Progress], None]


def source_path(document_id: str) -> str:
    """The path under which a collection's document stands in its library."""
    return f"/collection/{document_id}"


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document whose passages are cut and wait to be encoded."""

    id: str
    structure: GivenStructure
    passages: tuple[Passage, ...]

    def words(self, passage: Passage) -> str:
        return self.structure.text.text[passage.start : passage.end]


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
    tally = _Tally(len(given), progress)
    for cuts in _batches(given, encoder, batch):
        _write(store, encoder, cuts, tally)


def _batches(
    documents: Sequence[CollectionDocument], encoder: Encoder, batch: int
) -> Iterator[list[_Cut]]:
    waiting: list[_Cut] = []
    passages = 0
    for document in documents:
        given = give_structure(document)
        cut = cut_passages(given.text, given.document, given.turns, encoder.count_tokens)
        waiting.append(_Cut(document.id, given, cut))
        passages += len(cut)
        if passages >= batch:
            yield waiting
            waiting, passages = [], 0
    if waiting:
        yield waiting


class _Tally:
    """How far a library is, for whoever watches."""

    def __init__(self, documents: int, progress: Watcher | None) -> None:
        self._documents = documents
        self._progress = progress
        self._done = 0
        self._encoded = 0

    def encoded(self, count: int) -> None:
        self._encoded += count
        self._tell(Stage.EMBEDDING, "")

    def written(self, name: str) -> None:
        self._done += 1
        self._tell(Stage.WRITING, name)

    def _tell(self, stage: Stage, name: str) -> None:
        if self._progress is not None:
            counts = (self._done, self._documents, self._encoded, self._encoded)
            self._progress(Progress(stage, name, *counts))


def _write(store: Store, encoder: Encoder, cuts: Sequence[_Cut], tally: _Tally) -> None:
    texts = [cut.words(passage) for cut in cuts for passage in cut.passages]
    mean = library_mean(store, encoder, texts)
    encoded = encode_passages(encoder, mean, texts, tally.encoded)
    start = 0
    for cut in cuts:
        end = start + len(cut.passages)
        data = cut.structure.text.text.encode("utf-8")
        store.put(
            NewSource(
                path=source_path(cut.id),
                file_sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                mtime_ns=0,
                source_text=cut.structure.text,
                documents=(cut.structure.document,),
                turns=cut.structure.turns,
                passages=cut.passages,
                encoded=encoded[start:end],
                tokens=[lexical_tokens(p.context, cut.words(p)) for p in cut.passages],
            )
        )
        start = end
        tally.written(cut.id)


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
