"""A person's own questions: JSON, JSON Lines or CSV with `question`, `expected` and `source`.

    [{"question": "Who paid for the bridge?", "expected": "The county paid.", "source": "a.txt"},
     {"question": "Who built it?", "expected": null}]

`expected` are words of the source that answer (or a list of alternatives); null or empty says
that the documents hold no answer. `source` is the file's name, as for `qa show`, and may be
left out. {"answerable": [...], "unanswerable": [...]} is understood too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.errors import ReadError
from qa.evaluate.collections.collection import (
    Collection,
    CollectionFormat,
    CollectionQuestion,
    GoldText,
    Subset,
)
from qa.evaluate.collections.json_files import Fields, read_json, read_json_lines, read_text

_FORM = "expected a list of questions with question, expected and, if known, source"


def load_questions(path: Path) -> Collection:
    """Return a file of questions as one subset without documents. Raises ReadError."""
    questions = tuple(
        _question(fields, number, answerable)
        for number, (fields, answerable) in enumerate(_entries(path), 1)
    )
    if not questions:
        raise ReadError(path, f"no questions in it, {_FORM}")
    subset = Subset(path.stem, (), questions)
    return Collection(path.name, CollectionFormat.QUESTIONS, (subset,), given_documents=False)


def _question(fields: Fields, number: int, answerable: bool) -> CollectionQuestion:
    name = fields.name("id", str(number))
    text = fields.text("question")
    if not text.strip():
        raise fields.wrong("question", "words")
    if not answerable:
        return CollectionQuestion(name, text, False, {})
    if "expected" not in fields.members and "source" not in fields.members:
        raise fields.wrong("expected", "the words that answer, or null if nothing does")
    source = fields.optional("source")
    expected = _expected(fields)
    if not expected and source is None:
        return CollectionQuestion(name, text, False, {})
    gold = tuple(GoldText(words, source) for words in expected)
    return CollectionQuestion(name, text, True, {source: 1} if source else {}, gold)


def _expected(fields: Fields) -> list[str]:
    given = fields.members.get("expected")
    if not isinstance(given, list):
        words = fields.optional("expected")
        return [words] if words else []
    if not all(isinstance(words, str) and words.strip() for words in given):
        raise fields.wrong("expected", "words, or a list of alternative words")
    return list(given)


def _entries(path: Path) -> Iterator[tuple[Fields, bool]]:
    """Yield each question's members, and whether it stands among the answerable ones."""
    suffix = path.suffix.lower()
    if suffix == ".csv":
        for where, row in _rows(path):
            yield Fields(row, path, where), True
        return
    if suffix in (".jsonl", ".ndjson"):
        for where, value in read_json_lines(path):
            yield Fields(value, path, where), True
        return
    content = read_json(path)
    if isinstance(content, list):
        for fields in Fields({"questions": content}, path, "").objects("questions"):
            yield fields, True
        return
    if not isinstance(content, dict) or not {"answerable", "unanswerable"} & content.keys():
        raise ReadError(path, f"not a file of questions, {_FORM}")
    whole = Fields(content, path, "")
    for key in ("answerable", "unanswerable"):
        for fields in whole.objects(key, required=False):
            yield fields, key == "answerable"


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("row 2", column → cell) of a CSV file with a header, between commas or semicolons."""
    text = read_text(path)
    header = text.split("\n", 1)[0]
    # Spreadsheets of many countries write semicolons.
    comma = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if "question" not in names:
        raise ReadError(
            path, f"its first row has {header[:60]!r}, expected columns question, expected, source"
        )
    reader.fieldnames = names
    try:
        for row in reader:
            yield f"row {reader.line_num}", {k: v for k, v in row.items() if k is not None}
    except csv.Error as error:
        raise ReadError(path, f"row {reader.line_num}: {error}") from error
