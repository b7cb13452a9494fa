"""Prints what a library costs as it grows to a million passages, and draws it.

    python benchmarks/scale.py [FOLDER ...] [--sizes N ...] [--encoder model|hashing]

Each library begins with generated documents (`generated_text`) and real ones (those in the
folders, else the sample documents) that went through `Library.add` like anybody's. Beyond these, up
to its size, it is filled with sources made of the same documents' sentences by `pooled_passages`,
which says what that is and is not; they are stored by `LibraryStore.put`, the encoder having seen
each sentence once.
With `--encoder hashing` no model is used at all: a word is a direction drawn by chance.

Asked are planted questions, each answered by one passage, and sentences of the documents
themselves, which many passages hold. Each library is asked by one process and then by another, with
the encoder loaded before the clock starts: for the first the operating system may have to fetch the
file from the disk, the second is what is drawn. Recall is of the index alone, against the exact
ten nearest.
With `--library` the libraries are kept there, and used as they are the next time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from generated_text import Planted, write_documents
from line_chart import Chart, Line, charts_svg
from measuring import (
    ROOT,
    apart,
    header,
    machine,
    memory_mib,
    peak_memory_mib,
    percentile,
    row,
    seconds,
    tell,
    versions,
)

_PICTURE = ROOT / "benchmarks" / "pictures" / "scale.svg"
_NOTES = "notes.json"
_PLANTED = 150
_SENTENCES = 50
_WARM_UP = 20
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Built:
    """How a library came about. `put_s` is storing alone, `indexes_s` making its indexes."""

    passages: int
    real: int
    real_s: float
    made_s: float
    put_s: float
    indexes_s: float
    build_mib: float
    disk_mib: float
    indexes_mib: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What one process that asks measured. Times of questions are in ms, of the rest in s."""

    passages: int
    kind: str
    times: list[float]
    found: int
    planted: int
    recall: float
    opening_s: float
    add_s: float
    after_add_ms: float
    memory_mib: float
    peak_mib: float


def load(name: str) -> Any:
    """The encoder."""
    if name == "model":
        from embeddings.loading import load_encoder

        return load_encoder(notify=tell)
    sys.path.insert(0, str(ROOT))
    from tests.support.hashing_encoder import HashingEncoder

    return HashingEncoder(384)


# ---- building ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Real:
    """A library of real documents, and what the rest of larger ones is made of."""

    folder: Path
    passages: int
    seconds: float
    pool: list[Any]
    facts: list[Any]
    asked: list[str]


def build(place: str, folders: Sequence[str], real: int, sizes: Sequence[int], name: str) -> None:
    """Make a library of each size, with what was measured beside it."""
    from pooled_passages import PassageMaker

    encoder, folder = load(name), Path(place)
    with tempfile.TemporaryDirectory() as scratch:
        planted = write_documents(Path(scratch), 2_000, questions=_PLANTED, seed=7)
    source: tuple[int, _Real] | None = None
    for size in sizes:
        most = min(real, size // 2)
        if source is None or source[0] != most:
            source = most, _real(folder, folders, most, encoder, planted)
        first = source[1]
        target = folder / str(size)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(first.folder, target)
        tell(f"making {size:,} passages")
        facts = list(zip(planted, first.facts, strict=True))
        made, put = _fill(target, encoder, PassageMaker(first.pool), size, facts)
        indexes = _make_indexes(target, encoder)
        kept = sum(path.stat().st_size for path in target.glob("*.index"))
        whole = sum(path.stat().st_size for path in target.iterdir())
        built = Built(
            *(size, first.passages, first.seconds, made, put, indexes, peak_memory_mib()),
            *(whole / _MIB, kept / _MIB),
        )
        notes = {
            "built": asdict(built),
            "planted": list(map(asdict, planted)),
            "asked": first.asked,
        }
        # Written last: where it stands, the library is whole.
        (target / _NOTES).write_text(json.dumps(notes), encoding="utf-8")


def _real(
    folder: Path, folders: Sequence[str], most: int, encoder: Any, planted: Sequence[Planted]
) -> _Real:
    from pooled_passages import encode_pool

    import qa

    first = folder / "real"
    tell(f"adding up to {most:,} passages of real documents")
    shutil.rmtree(first, ignore_errors=True)
    start = time.perf_counter()
    with qa.open(first, encoder=encoder) as library:
        count = _add_files(library, _files(folders, folder), most)
    spent = time.perf_counter() - start
    mean, sentences = _sentences(first)
    tell(f"{count:,} passages; encoding {len(sentences):,} sentences of theirs")
    pool = encode_pool(encoder, mean, sentences)
    facts = encode_pool(encoder, mean, [fact.answer for fact in planted])
    step = max(1, len(sentences) // _SENTENCES)
    asked = [text for text in sentences[::step] if len(text.split()) > 5][:_SENTENCES]
    return _Real(first, count, spent, pool, facts, asked)


def _files(folders: Sequence[str], place: Path) -> list[Path]:
    """The generated documents come first: what is planted later is of their kind, and a question
    is no fair one of a library that has nothing of its kind."""
    generated = place / "documents"
    write_documents(generated, 1_500)
    real = [p for name in folders for p in Path(name).rglob("*") if p.is_file()]
    real = real or list((ROOT / "qa" / "sample" / "documents").iterdir())
    return [*sorted(generated.rglob("*.txt")), *sorted(real)]


def _add_files(library: Any, files: Sequence[Path], most: int) -> int:
    """Add files, a few at a time, until so many passages are there; how many."""
    count = 0
    for start in range(0, len(files), 40):
        if count >= most:
            break
        count += library.add(*files[start : start + 40]).passages
    return count


def _sentences(folder: Path) -> tuple[Any, list[str]]:
    """What a library's codes are centred on, and its passages' sentences, each once."""
    from qa.ingest import VERSIONS
    from qa.store.opening import open_library

    with open_library(folder, identity=None, versions=VERSIONS, read_only=True) as store:
        found: dict[str, None] = {}
        for passage in store.passages(store.passage_ids().tolist()).values():
            for span in passage.sentences:
                text = " ".join(store.excerpt(passage.text_id, span.start, span.end).text.split())
                if 30 <= len(text) <= 300:
                    found[text] = None
        return store.provenance.token_mean, list(found)


def _fill(
    folder: Path, encoder: Any, maker: Any, size: int, facts: list[Any]
) -> tuple[float, float]:
    """Seconds in all, and in storing."""
    from qa.ingest import VERSIONS
    from qa.store.opening import open_library

    start, put = time.perf_counter(), 0.0
    with open_library(folder, identity=encoder.identity, versions=VERSIONS) as store:
        missing = size - store.size().passages
        done = 0
        for source in maker.sources(missing, facts):
            put += seconds(lambda source=source: store.put([source])[0])  # type: ignore[misc]
            if (done + len(source.passages)) // 100_000 > done // 100_000:
                tell(f"  {done + len(source.passages):,}, {put:.0f} s storing")
            done += len(source.passages)
    return time.perf_counter() - start, put


def _make_indexes(folder: Path, encoder: Any) -> float:
    """Make and keep the indexes, as an `add` ends; seconds."""
    from qa.index.vectors import LibraryVectors
    from qa.index.words import LibraryWords
    from qa.ingest import VERSIONS
    from qa.store.opening import open_library

    with open_library(folder, identity=encoder.identity, versions=VERSIONS) as store:
        start = time.perf_counter()
        LibraryVectors(encoder).save(store)
        LibraryWords().save(store)
        return time.perf_counter() - start


# ---- asking --------------------------------------------------------------------------------


def ask(place: str, name: str) -> Asked:
    """Open a library and ask it, then add a document to it and take it away again."""
    import qa

    folder = Path(place)
    notes = json.loads((folder / _NOTES).read_text(encoding="utf-8"))
    planted = [Planted(**item) for item in notes["planted"]]
    questions = [item.question for item in planted] + notes["asked"]
    encoder = load(name)
    encoder.question("What was decided?")
    start = time.perf_counter()
    library = qa.open(folder, encoder=encoder, create=False)
    library.ask(questions[0])
    opening = time.perf_counter() - start
    for question in questions[1 : 1 + _WARM_UP]:
        library.ask(question)
    times, found = [], 0
    for number, question in enumerate(questions):
        start = time.perf_counter()
        answer = library.ask(question)
        times.append((time.perf_counter() - start) * 1000)
        if number < len(planted) and answer.quotes:
            found += planted[number].answer in answer.quotes[0].text
    memory, peak = memory_mib(), peak_memory_mib()
    size = notes["built"]["passages"]
    adding, after = _add_one(library)
    library.close()
    kind, recall = _recall(folder, encoder, questions)
    return Asked(
        *(size, kind, times, found, len(planted), recall, opening),
        *(adding, after * 1000, memory, peak),
    )


def _add_one(library: Any) -> tuple[float, float]:
    """Seconds that an `add` of one document takes, and the question after it, which finds it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "added.txt"
        path.write_text(
            "Minutes of the Quellbruck Society\n\n"
            + "The Quellbruck Society bought nine xylophones for the winter fair. " * 3,
            encoding="utf-8",
        )
        adding = seconds(lambda: library.add(path))
        start = time.perf_counter()
        answer = library.ask("What did the Quellbruck Society buy?")
        after = time.perf_counter() - start
        assert "xylophones" in answer.quotes[0].text, "the document added last is not found"
        library.remove(str(path))
    return adding, after


def _recall(folder: Path, encoder: Any, questions: Sequence[str]) -> tuple[str, float]:
    """What the index is, and how much of the truly nearest ten it finds."""
    from qa.index.quantised import TrueNeighbours
    from qa.index.vectors import LibraryVectors
    from qa.ingest import VERSIONS
    from qa.store.opening import open_library

    vectors = np.stack([encoder.question(question).vector for question in questions])
    truth = TrueNeighbours(vectors)
    index = LibraryVectors(encoder)
    with (
        open_library(folder, identity=encoder.identity, versions=VERSIONS) as store,
        store.snapshot(),
    ):
        ids = store.passage_ids()
        for start in range(0, len(ids), 4096):
            block = ids[start : start + 4096]
            truth.look(block, store.vectors(block))
        hits = []
        for vector, true in zip(vectors, truth.nearest, strict=True):
            with index.matches(store, vector) as matches:
                near = matches.best(100)
                best = near[np.argsort(-matches.scores(near))[:10]]
            hits.append(np.isin(true, best).mean())
    return index.kind, float(np.mean(hits))


# ---- the report ----------------------------------------------------------------------------


def report(
    built: Sequence[Built], first: Sequence[Asked], asked: Sequence[Asked], name: str
) -> None:
    """Print the tables."""
    print(f"\n{machine()}.")
    print(f"{versions('faiss-cpu', 'numpy')}; encoder: {name}.")
    print(
        f"{len(asked[0].times)} questions to each after {_WARM_UP} to warm up, "
        f"{_PLANTED} of them planted.\n"
    )
    header("", *(f"{one.passages:,} passages" for one in built))
    for what, values in _rows(built, first, asked):
        row(what, *values)


def _rows(
    built: Sequence[Built], first: Sequence[Asked], asked: Sequence[Asked]
) -> list[tuple[str, list[str]]]:
    def p(one: Asked, share: float) -> str:
        return f"{percentile(one.times, share):.1f}"

    return [
        ("index of vectors", [one.kind for one in asked]),
        ("question p50, ms", [p(one, 0.5) for one in asked]),
        ("question p95, ms", [p(one, 0.95) for one in asked]),
        ("p50 and p95 of the first process", [f"{p(o, 0.5)}, {p(o, 0.95)}" for o in first]),
        ("planted facts in the first quote", [f"{one.found} of {one.planted}" for one in asked]),
        ("recall@10 of the index against exact", [f"{one.recall:.3f}" for one in asked]),
        ("opening and the first answer, s", [f"{one.opening_s:.2f}" for one in asked]),
        ("the same in the first process, s", [f"{one.opening_s:.2f}" for one in first]),
        ("adding one document, s", [f"{one.add_s:.2f}" for one in asked]),
        ("the question after it, ms", [f"{one.after_add_ms:.0f}" for one in asked]),
        ("memory while asking, MiB", [f"{one.memory_mib:,.0f}" for one in asked]),
        ("peak memory, opening included, MiB", [f"{one.peak_mib:,.0f}" for one in asked]),
        ("passages of real documents", [f"{one.real:,}" for one in built]),
        ("adding those, s", [f"{one.real_s:,.0f}" for one in built]),
        ("making and storing the rest, s", [f"{one.made_s:,.0f}" for one in built]),
        ("of it storing, passages/s", [_rate(one) for one in built]),
        ("making the indexes, s", [f"{one.indexes_s:,.1f}" for one in built]),
        ("disk a passage, kB", [f"{one.disk_mib * 1049 / one.passages:.1f}" for one in built]),
        ("of it indexes, kB", [f"{one.indexes_mib * 1049 / one.passages:.2f}" for one in built]),
    ]


def _rate(one: Built) -> str:
    return f"{(one.passages - one.real) / max(one.put_s, 1e-9):,.0f}"


def draw(asked: Sequence[Asked], path: Path) -> None:
    """Latency and memory against size."""
    sizes = [one.passages for one in asked]
    latency = Chart(
        "A question, from asking to the answer",
        "ms",
        [
            Line("95 of 100 are faster", [percentile(one.times, 0.95) for one in asked]),
            Line("half are faster", [percentile(one.times, 0.5) for one in asked]),
        ],
    )
    memory = Chart(
        "Memory of the process that asks", "MiB", [Line("resident", [o.memory_mib for o in asked])]
    )
    path.write_text(charts_svg(sizes, [latency, memory]), encoding="utf-8")
    tell(f"drawn: {path}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="real documents")
    sizes = (10_000, 100_000, 1_000_000)
    parser.add_argument("--sizes", nargs="+", type=int, default=sizes, metavar="N", help="passages")
    parser.add_argument(
        "--real", type=int, default=30_000, metavar="N", help="at most (30,000, and half of all)"
    )
    parser.add_argument("--encoder", choices=("model", "hashing"), default="model")
    parser.add_argument("--library", type=Path, metavar="FOLDER", help="keep them, or use them")
    parser.add_argument("--picture", type=Path, default=_PICTURE, metavar="FILE.svg")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="citewell-scale-") as scratch:
        place = given.library or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        missing = [size for size in given.sizes if not (place / str(size) / _NOTES).exists()]
        if missing:
            apart(build, str(place), given.folders, given.real, missing, given.encoder)
        built, first, asked = [], [], []
        for size in given.sizes:
            notes = json.loads((place / str(size) / _NOTES).read_text(encoding="utf-8"))
            built.append(Built(**notes["built"]))
            tell(f"asking {size:,} passages")
            first.append(apart(ask, str(place / str(size)), given.encoder))
            asked.append(apart(ask, str(place / str(size)), given.encoder))
        report(built, first, asked, given.encoder)
        draw(asked, given.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
