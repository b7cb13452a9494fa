"""Prints how well Citewell answers on the evaluation collections, as Markdown tables.

    python benchmarks/quality.py ../shared/eval

The folder holds `xquad/xquad.en.json`, `qmsum/committee_dev.jsonl` and `vaswani/`. Libraries are
built on the first run, some minutes, and kept with `--cache`. Each figure can be had alone by
`qa eval`; the command stands beside it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.loading import load_encoder
from qa.cli.evaluation import opener
from qa.cli.evaluation_report import milliseconds
from qa.cli.output import AddProgress, CountProgress, notify
from qa.evaluate.building import BuiltSubset, build_libraries
from qa.evaluate.collections import load_collection
from qa.evaluate.collections.collection import Collection, hide_half, sample_questions
from qa.evaluate.outcomes import Summary, summarise
from qa.evaluate.overrides import Choice, override
from qa.evaluate.run import evaluate_collection
from qa.ingest import VERSIONS
from qa.settings import Settings
from qa.store.opening import open_library

XQUAD = "xquad/xquad.en.json"
QMSUM = "qmsum/committee_dev.jsonl"
VASWANI = "vaswani"

# A dense score weighs 1: with so much beside it, BM25 decides alone.
_DENSE = "lexical_weight=0,interaction_weight=0"
_LEXICAL = "lexical_weight=1000000,interaction_weight=0"
_ABLATIONS = (
    ("all signals", ""),
    ("without late interaction", "interaction_weight=0"),
    ("without BM25", "lexical_weight=0"),
    ("without reading speakers and dates", "understand=false"),
    ("dense alone", _DENSE),
    ("BM25 alone", _LEXICAL),
)


@dataclass(slots=True)
class Bench:
    """The collections with their libraries, each loaded and built once."""

    folder: Path
    cache: Path
    encoder: Encoder
    limit: int | None
    _built: dict[str, tuple[Collection, tuple[BuiltSubset, ...]]] = field(default_factory=dict)
    _summaries: dict[tuple[str, str], Summary] = field(default_factory=dict)

    def summary(self, name: str, changes: str = "") -> Summary:
        """The figures of a collection (`name` with "/half" behind it: half of it hidden)."""
        if (name, changes) not in self._summaries:
            collection, built = self.built(name)
            choice = override(Choice(Settings()), [changes])
            with CountProgress(f"{name} {changes}") as asked:
                run = evaluate_collection(collection, built, choice, opener(self.encoder), asked)
            self._summaries[name, changes] = summarise(run)
        return self._summaries[name, changes]

    def built(self, name: str) -> tuple[Collection, tuple[BuiltSubset, ...]]:
        if name not in self._built:
            collection = load_collection(self.folder / name.removesuffix("/half"))
            if name.endswith("/half"):
                collection = hide_half(collection)
            if self.limit is not None:
                collection = sample_questions(collection, self.limit)
            with AddProgress() as progress:
                subsets = build_libraries(collection, self.encoder, self.cache, progress)
            self._built[name] = collection, subsets
        return self._built[name]

    def code_bytes(self, name: str) -> float:
        """Mean bytes of token codes a passage."""
        total = count = 0
        for item in self.built(name)[1]:
            with open_library(
                item.folder, identity=None, versions=VERSIONS, read_only=True
            ) as store:
                for codes in store.codes(store.passage_ids()).values():
                    total += len(codes.to_bytes())
                    count += 1
        return total / count

    def passages(self, name: str) -> int:
        return sum(len(item.ranked) for item in self.built(name)[1])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder of the evaluation collections")
    parser.add_argument("--cache", type=Path, help="keep the libraries that are built")
    parser.add_argument("--limit-questions", type=int, metavar="N", help="N of each collection")
    given = parser.parse_args(arguments)
    encoder = load_encoder(notify=notify)
    with tempfile.TemporaryDirectory(prefix="citewell-quality-") as scratch:
        cache = given.cache or Path(scratch)
        bench = Bench(given.folder, cache, encoder, given.limit_questions)
        for line in report(bench):
            print(line, flush=True)
    return 0


def report(bench: Bench) -> Iterator[str]:
    """The table of targets, then the ablations."""
    yield f"Model {bench.encoder.identity.name}, {bench.encoder.runs_on}."
    yield ""
    yield "| on | dense alone | BM25 alone | Citewell | to reach | command |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield from _quality_rows(bench)
    yield from _cost_rows(bench)
    yield ""
    yield "Each signal off in turn:"
    yield ""
    yield "| setting | XQuAD-en R@1 | XQuAD-en first quote | QMSum first quote | Vaswani nDCG@10 |"
    yield "| --- | --- | --- | --- | --- |"
    for words, changes in _ABLATIONS:
        xquad, qmsum = bench.summary(XQUAD, changes), bench.summary(QMSUM, changes)
        ranking = bench.summary(VASWANI, changes).retrieval
        cells = (
            xquad.retrieval["Recall@1"],
            xquad.first_found,
            qmsum.first_found,
            ranking["nDCG@10"],
        )
        yield _row(f"{words} (`--set {changes}`)" if changes else words, *map(_figure, cells))


def _quality_rows(bench: Bench) -> Iterator[str]:
    dense, lexical, ours = (bench.summary(XQUAD, c) for c in (_DENSE, _LEXICAL, ""))
    command = "`qa eval ../shared/eval/{}`"
    recalls = (run.retrieval["Recall@1"] for run in (dense, lexical, ours))
    yield _row("XQuAD-en passages, R@1", *map(_figure, recalls), ".970", command.format(XQUAD))
    quotes = (run.first_quote for run in (dense, lexical, ours))
    words = "XQuAD-en, first quote holds the answer"
    yield _row(words, *map(_figure, quotes), ".900", command.format(XQUAD))
    turns = (bench.summary(QMSUM, c).first_quote for c in (_DENSE, _LEXICAL, ""))
    words = "QMSum committee dev, first quote from a right turn"
    yield _row(words, *map(_figure, turns), ".700", command.format(QMSUM))
    gains = [bench.summary(VASWANI, c).retrieval["nDCG@10"] for c in (_DENSE, _LEXICAL, "")]
    target = f"above {_figure(max(gains[:2]))}"
    yield _row("Vaswani nDCG@10", *map(_figure, gains), target, command.format(VASWANI))
    hidden = bench.summary(f"{XQUAD}/half")
    words = "off-corpus told from covered (half of XQuAD-en's articles hidden), AUROC"
    command = f"`qa eval ../shared/eval/{XQUAD} --hide-half`"
    yield _row(words, "–", "–", _figure(hidden.auroc), ".995", command)


def _cost_rows(bench: Bench) -> Iterator[str]:
    ours, few = bench.summary(VASWANI), bench.summary(VASWANI, "reranked=5")
    command = f"qa eval ../shared/eval/{VASWANI}"
    words = f"question to answer at {bench.passages(VASWANI):,} passages, p50 (p95)"
    times = f"{milliseconds(ours.p50_ms)} ({milliseconds(ours.p95_ms)})"
    yield _row(words, "–", "–", times, "15 ms", f"`{command}`")
    if ours.p50_ms is not None and few.p50_ms is not None:
        more = milliseconds(ours.p50_ms - few.p50_ms)
        words = "of it for re-ranking all candidates instead of 5"
        yield _row(words, "–", "–", more, "3 ms", f"`{command} --compare reranked=5`")
    size = f"{bench.code_bytes(XQUAD):,.0f}"
    yield _row("bytes of token codes a passage, XQuAD-en", "–", "–", size, "5,000", "this script")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    sys.exit(main())
