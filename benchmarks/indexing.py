"""Prints how fast documents are indexed, beside the encoder alone on the same passages.

    python benchmarks/indexing.py [FOLDER] [--passages N] [--rounds N]

Without a folder, documents are generated. Each round encodes exactly the passages that `add` cuts
from them in turn by `SentenceTransformer.encode` (its own defaults), by Citewell's encoder alone,
and by `Library.add` into a fresh library, which reads, structures, encodes, packs token codes and
commits as well. All run in this one process, at float32, and at bfloat16 where the processor
computes in it. Rates are medians over rounds, ratios medians of each round's ratios. What a new
library costs once (its file, the mean that token codes are centred on) is told apart.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generated_text import write_documents
from measuring import (
    alternately,
    header,
    machine,
    median_ratio,
    row,
    seconds,
    tell,
    usable_cores,
    versions,
)

import qa
from embeddings.compiled_form import multiplies_bfloat16, processor_flags
from embeddings.encoder import Encoder
from embeddings.loading import load_encoder
from embeddings.sentence_encoder import SentenceEncoder
from qa.ingest import VERSIONS
from qa.store.opening import open_library

_ADD = "`Library.add`"
_BARE = "Citewell's encoder alone"
_FLOOR = "`SentenceTransformer.encode` alone"
_WARM_UP = 32


@dataclass(slots=True)
class Work:
    """The documents, the passages that they are cut into, and how long new libraries took."""

    folder: Path
    scratch: Path
    texts: list[str]
    libraries: int = 0

    def rate(self, spent: float) -> float:
        return len(self.texts) / spent


def passage_texts(folder: Path, scratch: Path, encoder: Encoder) -> list[str]:
    """The passages' texts, as `add` hands them to its encoder."""
    place = scratch / "passages"
    with qa.open(place, encoder=encoder) as library:
        for error in library.add(folder).failed:
            tell(f"left out: {error}")
    with open_library(place, identity=None, versions=VERSIONS, read_only=True) as store:
        stored = store.passages(store.passage_ids().tolist())
        return [store.excerpt(p.text_id, p.start, p.end).text for p in stored.values()]


def contestants(work: Work, precision: str) -> dict[str, Callable[[], float]]:
    """For each way of encoding, what runs it once and gives passages a second."""
    tell(f"loading both encoders at {precision}")
    ours = load_encoder(precision=precision, notify=tell)
    theirs = SentenceEncoder(precision=precision).sentence_transformer
    tell(f"  {ours.runs_on}")

    def floor() -> float:
        return work.rate(seconds(lambda: theirs.encode(work.texts, show_progress_bar=False)))

    def bare() -> float:
        return work.rate(seconds(lambda: sum(1 for _ in ours.passages(work.texts))))

    def add() -> float:
        with _new_library(work, ours) as library:
            return work.rate(seconds(lambda: library.add(work.folder)))

    theirs.encode(work.texts[:_WARM_UP], show_progress_bar=False)
    sum(1 for _ in ours.passages(work.texts[:_WARM_UP]))
    return {
        f"{_FLOOR}, {precision}": floor,
        f"{_BARE}, {precision}": bare,
        f"{_ADD}, {precision}": add,
    }


def _new_library(work: Work, encoder: Encoder) -> qa.Library:
    """A library that holds one sentence: what is done once a library has been done."""
    work.libraries += 1
    first = work.scratch / "first.txt"
    first.write_text("The first sentence of a new library.", encoding="utf-8")
    library = qa.open(work.scratch / f"library-{work.libraries}", encoder=encoder)
    library.add(first)
    return library


def report(work: Work, precisions: Sequence[str], rounds: int) -> None:
    """Measure, and print the tables."""
    runs: dict[str, Callable[[], float]] = {}
    for precision in precisions:
        runs |= contestants(work, precision)
    encoder = load_encoder(precision=precisions[-1])
    once = statistics.median(
        seconds(lambda: _new_library(work, encoder).close()) for _ in range(rounds)
    )
    rates = alternately(runs, rounds, tell)
    print(f"\n{machine()}.")
    print(f"{versions('openvino', 'torch', 'sentence-transformers')}; all-MiniLM-L6-v2.")
    length = sum(map(len, work.texts)) / len(work.texts)
    print(
        f"{len(work.texts):,} passages, {length:.0f} characters on average; {rounds} rounds. "
        f"A new library costs {once * 1000:.0f} ms once.\n"
    )
    header("encoding", "precision", "passages/s (median)", "lowest to highest")
    for name, values in rates.items():
        what, _, precision = name.rpartition(", ")
        spread = f"{min(values):.0f} to {max(values):.0f}"
        row(what, precision, f"{statistics.median(values):.0f}", spread)
    print()
    header("ratio", "median over rounds", "aim")
    for what, ratio, aim in _ratios(rates, precisions):
        row(what, f"{ratio:.2f}", aim)


def _ratios(
    rates: Mapping[str, Sequence[float]], precisions: Sequence[str]
) -> list[tuple[str, float, str]]:
    found = []
    for precision in precisions:
        add = rates[f"{_ADD}, {precision}"]
        for other, aim in ((_BARE, "≥ .90"), (_FLOOR, "≥ .90")):
            ratio = median_ratio(add, rates[f"{other}, {precision}"])
            found.append((f"{_ADD} ÷ {other}, both {precision}", ratio, aim))
    if len(precisions) == 2:
        low, high = precisions
        fast = rates[f"{_ADD}, {high}"]
        for other in (_FLOOR, _ADD):
            ratio = median_ratio(fast, rates[f"{other}, {low}"])
            found.append((f"{_ADD}, {high} ÷ {other}, {low}", ratio, "≥ 2.5"))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="documents (default: generated)")
    parser.add_argument("--passages", type=int, default=600, metavar="N", help="generated (600)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="(3)")
    given = parser.parse_args(arguments)
    precisions = ["float32"]
    if multiplies_bfloat16(processor_flags()):
        precisions.append("bfloat16")
    else:
        tell("this processor does not compute in bfloat16: float32 only")
    tell(f"on {usable_cores()} cores")
    with tempfile.TemporaryDirectory(prefix="citewell-indexing-") as place:
        scratch = Path(place)
        folder = given.folder or scratch / "documents"
        if given.folder is None:
            write_documents(folder, given.passages)
        encoder = load_encoder(precision=precisions[-1], notify=tell)
        work = Work(folder, scratch, passage_texts(folder, scratch, encoder))
        if not work.texts:
            tell(f"no passages in {folder}")
            return 2
        report(work, precisions, given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
