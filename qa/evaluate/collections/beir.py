"""BEIR folders (Thakur et al., NeurIPS 2021): corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv."""

from __future__ import annotations

from pathlib import Path

from qa.errors import ReadError
from qa.evaluate.collections.collection import (
    Collection,
    CollectionDocument,
    CollectionFormat,
    CollectionQuestion,
    Subset,
)
from qa.evaluate.collections.json_files import Fields, read_json_lines, read_text

_TITLE_END = "\n\n"
_HEADER_SCORE = "score"


def load_beir(folder: Path, split: str | None = None) -> Collection:
    """Return a BEIR folder as one subset. Only queries with a relevant document are asked.

    The judgements are `qrels/SPLIT.tsv`: as named, else `test`, else the only ones there are.
    A score of 0 or less means judged and not relevant. Raises ReadError.
    """
    judged = _read_qrels(_qrels_file(folder, split))
    documents = tuple(_documents(folder / "corpus.jsonl"))
    known = {document.id for document in documents}
    questions, used, lost = [], set(), 0
    for where, value in read_json_lines(folder / "queries.jsonl"):
        fields = Fields(value, folder / "queries.jsonl", where)
        name = fields.name("_id")
        grades = {id_: grade for id_, grade in judged.get(name, {}).items() if grade > 0}
        relevant = {id_: grade for id_, grade in grades.items() if id_ in known}
        lost += len(grades) - len(relevant)
        used.add(name)
        if relevant:
            questions.append(CollectionQuestion(name, fields.text("text"), True, relevant))
    if not questions:
        raise ReadError(folder, "no query has a relevant document: do the qrels belong to it?")
    remarks = []
    if lost:
        remarks.append(f"{lost} judgements name documents that the corpus does not have")
    if unknown := len(judged.keys() - used):
        remarks.append(f"{unknown} judged queries are not among the queries")
    subset = Subset(folder.name, documents, tuple(questions))
    return Collection(folder.name, CollectionFormat.BEIR, (subset,), tuple(remarks))


def _documents(path: Path) -> list[CollectionDocument]:
    found: dict[str, CollectionDocument] = {}
    for where, value in read_json_lines(path):
        fields = Fields(value, path, where)
        name = fields.name("_id")
        if name in found:
            raise ReadError(path, f"{where}: the document {name!r} is there twice")
        title = fields.optional("title")
        head = f"{title}{_TITLE_END}" if title else ""
        text = f"{head}{fields.text('text')}"
        found[name] = CollectionDocument(name, title, text, group=name, body=len(head))
    if not found:
        raise ReadError(path, "the corpus is empty")
    return list(found.values())


def _qrels_file(folder: Path, split: str | None) -> Path:
    there = sorted((folder / "qrels").glob("*.tsv"))
    names = ", ".join(path.stem for path in there)
    if split is not None:
        chosen = folder / "qrels" / f"{split}.tsv"
        if chosen not in there:
            raise ReadError(folder, f"no qrels/{split}.tsv; there is: {names or 'none'}")
        return chosen
    for path in there:
        if path.stem == "test" or len(there) == 1:
            return path
    if there:
        raise ReadError(folder, f"several sets of judgements ({names}): choose one with --split")
    raise ReadError(
        folder,
        "no qrels/*.tsv in it, expected a BEIR folder: corpus.jsonl, queries.jsonl, qrels/test.tsv",
    )


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_text(path).split("\n"), 1):
        cells = line.rstrip("\r").split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip() == _HEADER_SCORE):
            continue
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdecimal():
            raise ReadError(
                path,
                f"line {number}: got {line[:60]!r}, expected query, document and a whole "
                "number between tabs",
            )
        judged.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return judged
