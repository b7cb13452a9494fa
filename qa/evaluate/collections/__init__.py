"""Read collections of questions with known answers, in the formats that evaluations use."""

from __future__ import annotations

from pathlib import Path

from qa.errors import ReadError
from qa.evaluate.collections.beir import load_beir
from qa.evaluate.collections.collection import Collection, CollectionFormat
from qa.evaluate.collections.json_files import read_json, read_json_lines
from qa.evaluate.collections.qmsum import load_qmsum
from qa.evaluate.collections.questions import load_questions
from qa.evaluate.collections.squad import load_squad


def load_collection(
    path: Path, format: CollectionFormat = CollectionFormat.AUTO, *, split: str | None = None
) -> Collection:
    """Read a collection. `split` names the judgements of a BEIR folder (`qrels/SPLIT.tsv`).

    Raises ReadError, saying what was expected and where, for what is not a collection.
    """
    found = detect_format(path) if format is CollectionFormat.AUTO else format
    if split is not None and found is not CollectionFormat.BEIR:
        raise ReadError(path, f"a split is for BEIR folders; this is taken for {found.value}")
    match found:
        case CollectionFormat.BEIR:
            return load_beir(path, split)
        case CollectionFormat.SQUAD:
            return load_squad(path)
        case CollectionFormat.QMSUM:
            return load_qmsum(path)
        case _:
            return load_questions(path)


def detect_format(path: Path) -> CollectionFormat:
    """Return the format: BEIR for a folder; for a file, by its ending and the beginning of its
    JSON.

    Raises ReadError if it is neither there nor of any known form.
    """
    if path.is_dir():
        return CollectionFormat.BEIR
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return CollectionFormat.QUESTIONS
    if suffix in (".jsonl", ".ndjson"):
        first = next(iter(read_json_lines(path)), None)
        meeting = first is not None and "meeting_transcripts" in first[1]
        return CollectionFormat.QMSUM if meeting else CollectionFormat.QUESTIONS
    content = read_json(path)
    if isinstance(content, dict) and "data" in content:
        return CollectionFormat.SQUAD
    if isinstance(content, dict) and "meeting_transcripts" in content:
        return CollectionFormat.QMSUM
    return CollectionFormat.QUESTIONS
