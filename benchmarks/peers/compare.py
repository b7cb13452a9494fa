"""Prints Citewell beside LlamaIndex, LangChain, Chroma and txtai, on the same passages and model.

    python benchmarks/peers/compare.py ../shared/eval [--envs FOLDER] [--only NAME ...]

The passages are XQuAD's English paragraphs and QMSum's transcripts cut at 140 words, the questions
XQuAD's; the model is all-MiniLM-L6-v2 for all, from the same files. Each system runs in an
environment of its own, made from its requirements file on the first run and kept in `--envs`, and
in processes of its own: one indexes and stores, a fresh one opens what was stored and asks every
question. The others run at their own defaults, which is float32 and a dense look-up alone (txtai
also as its hybrid); Citewell with everything that `ask` does, at float32 and, where the processor
computes in it, bfloat16. Loading the model counts for nobody's indexing; everybody takes turns, so
that a machine's changing moods meet all alike.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parent))
sys.path.insert(0, str(_HERE.parents[1]))

from measuring import header, machine, row, tell  # noqa: E402

from embeddings.compiled_form import multiplies_bfloat16, processor_flags  # noqa: E402
from embeddings.model_files import default_model_path  # noqa: E402

_WINDOW = 140
_SHORTEST = 40


@dataclass(frozen=True, slots=True)
class Contestant:
    """`module` in this folder runs in the environment of `requirements` (None: this one)."""

    name: str
    module: str
    requirements: str | None
    option: str = ""


def contestants() -> list[Contestant]:
    others = [
        Contestant("LlamaIndex + FAISS", "llamaindex", "llamaindex"),
        Contestant("LangChain + FAISS", "langchain_faiss", "langchain"),
        Contestant("Chroma", "chroma", "chroma"),
        Contestant("txtai", "txtai_embeddings", "txtai"),
        Contestant("txtai, hybrid", "txtai_embeddings", "txtai", "hybrid"),
    ]
    precisions = ["float32"]
    if multiplies_bfloat16(processor_flags()):
        precisions.append("bfloat16")
    ours = [Contestant(f"Citewell, {name}", "citewell", None, name) for name in precisions]
    return [*others, *ours]


def collection(folder: Path) -> dict[str, Any]:
    """Passages, and questions each with the number of the passage that answers it."""
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    squad = json.loads((folder / "xquad" / "xquad.en.json").read_text(encoding="utf-8"))
    for article in squad["data"]:
        for paragraph in article["paragraphs"]:
            asked = (qa["question"] for qa in paragraph["qas"])
            questions.extend((question, len(passages)) for question in asked)
            passages.append(paragraph["context"])
    lines = (folder / "qmsum" / "committee_dev.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        for turn in json.loads(line)["meeting_transcripts"]:
            words = turn["content"].split()
            windows = (words[at : at + _WINDOW] for at in range(0, len(words), _WINDOW))
            passages.extend(" ".join(part) for part in windows if len(part) >= _SHORTEST)
    return {"passages": passages, "questions": questions}


def python_of(contestant: Contestant, envs: Path) -> Path:
    """The contestant's interpreter; its environment is made when it is missing."""
    if contestant.requirements is None:
        return Path(sys.executable)
    place = envs / contestant.requirements
    folder = "Scripts" if sys.platform == "win32" else "bin"
    python = place / folder / "python"
    if not (place / "complete").exists():
        tell(f"making the environment of {contestant.requirements}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        wanted = _HERE / f"requirements-{contestant.requirements}.txt"
        command = [str(python), "-m", "pip", "install", "--quiet", "-r", str(wanted)]
        subprocess.run(command, check=True)
        (place / "complete").touch()
    return python


def run(contestant: Contestant, python: Path, task: str, given: Path, place: Path) -> Any:
    """One process; what it measured."""
    words = [contestant.module, task, str(given), str(default_model_path()), str(place)]
    command = [str(python), str(_HERE / "measure.py"), *words, contestant.option]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{contestant.name}, {task}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="the evaluation collections")
    parser.add_argument("--envs", type=Path, default=Path.home() / ".cache" / "citewell-peers")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="(3)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="modules to run")
    given = parser.parse_args(arguments)
    chosen = [c for c in contestants() if not given.only or c.module in given.only]
    data = collection(given.folder)
    indexed: dict[str, list[float]] = {c.name: [] for c in chosen}
    asked: dict[str, list[dict[str, float]]] = {c.name: [] for c in chosen}
    with tempfile.TemporaryDirectory(prefix="citewell-peers-") as scratch:
        file = Path(scratch) / "collection.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        pythons = {c.name: python_of(c, given.envs) for c in chosen}
        for number in range(given.rounds):
            for contestant in chosen:
                tell(f"round {number + 1} of {given.rounds}: {contestant.name}")
                place = Path(scratch) / f"{contestant.module}{contestant.option}{number}"
                python = pythons[contestant.name]
                indexed[contestant.name].append(run(contestant, python, "index", file, place))
                asked[contestant.name].append(run(contestant, python, "ask", file, place))
    print(f"\n{machine()}.")
    passages, questions = len(data["passages"]), len(data["questions"])
    print(f"{passages:,} passages, {questions:,} questions; medians of {given.rounds}.\n")
    header("system", "passages/s", "question p50, ms", "p95, ms", "R@1", "peak memory asking, MiB")
    for name in indexed:
        middle = {key: statistics.median(r[key] for r in asked[name]) for key in asked[name][0]}
        row(
            name,
            f"{passages / statistics.median(indexed[name]):.0f}",
            f"{middle['p50_ms']:.1f}",
            f"{middle['p95_ms']:.1f}",
            f"{middle['recall_at_1']:.3f}",
            f"{middle['peak_mib']:,.0f}",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
