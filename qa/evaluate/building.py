"""Build libraries from evaluation documents as `add` does from files, but without files.

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
from qa.evaluate.collections.collection import Collection, CollectionDocument, GivenTurn, Subset
from qa.ingest import VERSIONS
from qa.ingest.prepare import Prepared
from qa.ingest.write import Ingest, Progress
from qa.language.names import Person, fold_name, read_person
from qa.records import Boundary, Document, SourceText, Turn, TurnKind
from qa.settings import IngestSettings, Settings
from qa.store.opening import create_library, library_exists, open_library
from qa.store.protocol import LibraryStore
from qa.store.records import FileFacts, StoredPassage
from qa.structure.passages import TokenCounter, cut_passages
from qa.structure.people import People

Watcher = Callable[[Progress], None]

_FORMAT = "text"
_READER = "collection/1"


def source_path(document_id: str) -> str:
    """Return the path under which a collection's document stands in its library."""
    return f"/collection/{document_id}"


@dataclass(frozen=True, slots=True)
class BuiltSubset:
    """A subset's library. `ranked`: passage id → the documents (or turns) for which it counts in
    rankings; `names`: source path → document. Both use the collection's names."""

    subset: Subset
    folder: Path
    ranked: Mapping[int, tuple[str, ...]]
    names: Mapping[str, str]


def build_libraries(
    collection: Collection, encoder: Encoder, cache: Path, progress: Watcher | None = None
) -> tuple[BuiltSubset, ...]:
    """Return a library for each subset with questions, built unless cached."""
    built = []
    for subset in collection.subsets:
        if not subset.questions:
            continue
        folder = subset_library(subset, encoder, cache, progress)
        by_path = {source_path(document.id): document for document in subset.documents}
        ranked = {
            number: tuple(_counts_as(by_path[path], passage.start) for path in passage.paths)
            for number, passage in stored_passages(folder).items()
        }
        names = {path: document.id for path, document in by_path.items()}
        built.append(BuiltSubset(subset, folder, ranked, names))
    return tuple(built)


def _counts_as(document: CollectionDocument, start: int) -> str:
    """Return the document, or its last turn that begins at or before `start`."""
    if not document.turns:
        return document.id
    at = bisect_right(document.turns, start, key=lambda turn: turn.label_start)
    return document.turns[at - 1].id


def subset_library(
    subset: Subset, encoder: Encoder, cache: Path, progress: Watcher | None = None
) -> Path:
    """Return the folder of a library that holds a subset's documents, built unless cached.

    It is found again by what it is made of: the documents, the model's weights, the rules'
    versions. A build that is cut short leaves nothing behind that counts.
    """
    folder = cache / f"{_safe(subset.name)}-{_key(subset.documents, encoder)}"
    if library_exists(folder):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=cache))
    try:
        with create_library(made, encoder.identity, VERSIONS) as store:
            add_texts(store, encoder, subset.documents, progress)
        if not library_exists(folder):
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def add_texts(
    store: LibraryStore,
    encoder: Encoder,
    documents: Iterable[CollectionDocument],
    progress: Watcher | None = None,
    batch: int = IngestSettings().batch_passages,
) -> None:
    """Add collection documents to a library, encoding about `batch` passages at once."""
    given = tuple(documents)
    settings = Settings(ingest=IngestSettings(batch_passages=batch))
    prepared = (_prepared(document, encoder.count_tokens) for document in given)
    Ingest(store, encoder, settings, progress).add_prepared(prepared, len(given))


def _prepared(given: CollectionDocument, count_tokens: TokenCounter) -> Prepared:
    """Return a document as if read from a file whose bytes are its text."""
    structure = give_structure(given)
    data = structure.text.text.encode("utf-8")
    file = FileFacts(source_path(given.id), hashlib.sha256(data).hexdigest(), len(data), 0)
    passages = cut_passages(structure.text, structure.document, structure.turns, count_tokens)
    return Prepared(file, structure.text, (structure.document,), structure.turns, passages)


def stored_passages(folder: Path) -> dict[int, StoredPassage]:
    """Return passage id → passage for a whole library."""
    with open_library(folder, identity=None, versions=VERSIONS, read_only=True) as store:
        return store.passages(store.passage_ids())


def _key(documents: Sequence[CollectionDocument], encoder: Encoder) -> str:
    digest = hashlib.sha256(f"{encoder.identity.revision} {VERSIONS}".encode())
    for document in documents:
        # repr() tells apart what joined strings would not.
        digest.update(repr(document).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:24]


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)[:40] or "subset"


# ---- the structure that a collection gives ----------------------------------------------


@dataclass(frozen=True, slots=True)
class GivenStructure:
    """One collection document in the records that passages are cut from."""

    text: SourceText
    document: Document
    turns: tuple[Turn, ...]


def give_structure(given: CollectionDocument) -> GivenStructure:
    """Return a structured document: one turn per contribution, or else its title as a heading and
    the rest as a single turn without a speaker."""
    document = Document(
        ordinal=0,
        start=0,
        end=len(given.text),
        title=given.title,
        date=None,
        time=None,
        place=None,
        boundary=Boundary.FILE,
        evidence="given by the collection",
    )
    turns = _speech(given) if given.turns else _plain(given)
    return GivenStructure(SourceText(given.text, _FORMAT, _READER), document, tuple(turns))


def _plain(given: CollectionDocument) -> list[Turn]:
    turns: list[Turn] = []
    parts = ((TurnKind.HEADING, 0, given.body), (TurnKind.NARRATION, given.body, len(given.text)))
    for kind, start, end in parts:
        _append(turns, given.text, kind, start, end)
    return turns


def _speech(given: CollectionDocument) -> list[Turn]:
    voices = Voices(tuple(turn.label for turn in given.turns))
    turns: list[Turn] = []
    for turn in given.turns:
        speaker, role = voices.of(turn)
        _append(turns, given.text, TurnKind.LABEL, turn.label_start, turn.label_end, speaker, role)
        _append(turns, given.text, TurnKind.SPEECH, turn.start, turn.end, speaker, role)
    return turns


def _append(
    turns: list[Turn],
    text: str,
    kind: TurnKind,
    start: int,
    end: int,
    speaker: str | None = None,
    role: str | None = None,
) -> None:
    """Append a trimmed turn, unless it is empty."""
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    right = left + len(words.strip())
    if left < right:
        turns.append(Turn(0, len(turns), kind, left, right, speaker, role))


class Voices:
    """The speakers for whom a transcript's labels stand: a later short form means the person whom
    an earlier label gave in full, and a label that names no person stands for itself."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._people = People()
        self._parts: dict[str, Person] = {}
        bare = [person for label in dict.fromkeys(labels) if (person := read_person(label))]
        self._known = frozenset(fold_name(person.name) for person in bare if person.role is None)

    def of(self, turn: GivenTurn) -> tuple[str | None, str | None]:
        """Return speaker and role of the next turn; both None without a label."""
        label = turn.label.strip().rstrip(":").strip()
        if not label:
            return None, None
        person = read_person(label, self._known)
        if person is None:
            known = self._parts.get(_part(label))
            return (known.name, known.role) if known else (label, None)
        merged = self._people.add(person)
        if person.role and "(" in label:
            # "The Chair (Jane Doe)": from now on "The Chair" is her.
            self._parts[_part(label.split("(")[0])] = merged
        return merged.name, person.role or merged.role


def _part(label: str) -> str:
    return label.casefold().removeprefix("the ").strip()
