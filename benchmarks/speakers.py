"""Prints how well speakers, dates, titles and documents are found in texts whose truth is known.

    python benchmarks/speakers.py FOLDER [--leave-one-out] [--show N]

The folder holds `files/` and `gold.jsonl`, a line a file: {"file", "kind", "documents": [[title,
date], …], "paragraphs": [[first words, speaker, document], …]}. A speaker is null where the words
are nobody's (a heading, applause), "A|B" where either name is right, "?Label" where somebody
unnamed speaks, and "?" where nothing is scored. A paragraph with a named speaker comes out right,
absent (no speaker) or wrong. No model is needed.

`--leave-one-out` chooses the thresholds of label induction anew for each kind, on all the other
kinds, and scores the kind that was left out.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring import header, machine, row, tell

from qa.language.names import fold_name
from qa.readers.files import read_bytes
from qa.records import Document, SourceText, Turn
from qa.structure import induction
from qa.structure.documents import find_documents
from qa.structure.turns import find_turns

# What the thresholds of induction may be, by their names there; the first of each is in use.
_GRID = {
    "SPOKEN_PART": (3, 2, 4),
    "LEAST_TENTHS_A_HEAD": (23, 18, 30),
    "LEAST_IF_WEAK": (3, 2, 4),
}
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS_WORDS = frozenset(
    "mr mrs ms miss dr prof sir lady lord hon honourable honorable the right rt m mme of".split()
)


@dataclass(slots=True)
class Score:
    """What became of the paragraphs and documents of some files."""

    files: int = 0
    named: Counter[str] = field(default_factory=Counter)
    unnamed: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    whole: int = 0

    def add(self, other: Score) -> None:
        """Add the counts of other files."""
        self.files += other.files
        self.whole += other.whole
        for name in ("named", "unnamed", "dates", "titles"):
            getattr(self, name).update(getattr(other, name))

    def merit(self) -> float:
        """One figure to choose thresholds by: a wrong speaker weighs as much as ten absent ones."""
        return self.named["right"] - 10 * (self.named["wrong"] + self.unnamed["wrong"])


def words_of(name: str) -> list[str]:
    """The words of a name, folded, without forms of address unless there are no others."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("ё", "е")
    every = _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return [word for word in every if word not in _ADDRESS_WORDS] or every


def is_same(gold: str, speaker: str, role: str | None) -> bool:
    """Whether the speaker found may be one of those the gold allows.

    All words of the gold may stand in the name and the role, or all words of the name in the gold;
    else the surnames must agree and, where both have them, a first name or its initial.
    """
    found, around = words_of(speaker), set(words_of(speaker)) | set(words_of(role or ""))
    for wanted in map(words_of, gold.split("|")):
        if set(wanted) <= around or set(found) <= set(wanted):
            return True
        firsts = found[:-1], wanted[:-1]
        agree = any(a[:1] == b[:1] and 1 in (len(a), len(b)) for a in firsts[0] for b in firsts[1])
        if found[-1:] == wanted[-1:] and (agree or not all(firsts)):
            return True
    return False


def verdict(gold: str | None, turn: Turn | None) -> tuple[str, str] | None:
    """The tally and the verdict of one paragraph, None where nothing is scored."""
    if gold == "?":
        return None
    speaker = turn.speaker if turn is not None and turn.kind.quotable else None
    if gold is None:
        return "unnamed", "right" if speaker is None else "wrong"
    if gold.startswith("?"):
        printed = set(words_of(gold))
        own = speaker is None or bool(printed & set(words_of(speaker)))
        return "unnamed", "right" if own or not fold_name(speaker or "")[1:] else "wrong"
    if speaker is None:
        return "named", "absent"
    assert turn is not None
    return "named", "right" if is_same(gold, speaker, turn.role) else "wrong"


def flattened(text: str) -> tuple[str, list[int]]:
    """A text with each run of white space as one space, and where each character was."""
    kept, places = [], []
    for place, character in enumerate(text):
        if character.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
                places.append(place)
        elif unicodedata.category(character) != "Cf":
            kept.append(character)
            places.append(place)
    return "".join(kept), places


def places_of(gold: dict[str, Any], text: str) -> Iterator[tuple[str | None, int, int, str]]:
    """Speaker, document and place of each paragraph of the gold that is found in the text."""
    flat, places = flattened(text)
    at = 0
    for paragraph in gold["paragraphs"]:
        snippet = " ".join(paragraph[0].split())
        found = next(
            (f for cut in (snippet, snippet[:28]) if (f := flat.find(cut, at)) >= 0),
            flat.find(snippet),
        )
        if found >= 0:
            at = found + 1
            middle = places[min(found + min(len(snippet) // 2, 20), len(places) - 1)]
            yield paragraph[1], paragraph[2] if len(paragraph) > 2 else 0, middle, snippet


def score(gold: dict[str, Any], source: SourceText, show: int) -> Score:
    """Score one file."""
    documents = find_documents(source)
    turns = [turn for document in documents for turn in find_turns(source, document)]
    result = Score(files=1)
    owners: dict[int, Counter[int]] = defaultdict(Counter)
    for who, number, place, snippet in places_of(gold, source.text):
        turn = next((turn for turn in turns if turn.start <= place < turn.end), None)
        ordinals = (d.ordinal for d in documents if d.start <= place < d.end)
        owners[number][next(ordinals, documents[-1].ordinal)] += 1
        judged = verdict(who, turn)
        if judged is None:
            continue
        getattr(result, judged[0])[judged[1]] += 1
        if judged[1] == "wrong" and show:
            tell(f"{gold['file']}: {snippet[:60]!r} is {who}'s, given to {turn and turn.speaker}")
    judge_documents(gold, documents, owners, result)
    return result


def judge_documents(
    gold: dict[str, Any],
    documents: tuple[Document, ...],
    owners: dict[int, Counter[int]],
    result: Score,
) -> None:
    """Score titles and dates, and whether the documents are those of the gold."""
    result.whole = len(documents) == len(gold["documents"])
    for number, (title, date) in enumerate(gold["documents"]):
        ordinal = (
            owners[number].most_common(1)[0][0]
            if owners[number]
            else min(number, len(documents) - 1)
        )
        found = documents[ordinal]
        result.dates["right" if found.date == date else "wrong" if found.date else "absent"] += 1
        if title is not None:
            wanted, got = " ".join(words_of(title)), " ".join(words_of(found.title or ""))
            agree = wanted in got or (got and got in wanted and 2 * len(got) >= len(wanted))
            result.titles["right" if agree else "wrong" if got else "absent"] += 1


def by_kind(files: list[tuple[dict[str, Any], SourceText]], show: int = 0) -> dict[str, Score]:
    """The score of each kind of file."""
    scores: dict[str, Score] = defaultdict(Score)
    for gold, source in files:
        scores[gold["kind"]].add(score(gold, source, show))
    return dict(scores)


def total(scores: dict[str, Score]) -> Score:
    """All kinds together."""
    result = Score()
    for one in scores.values():
        result.add(one)
    return result


def left_out(files: list[tuple[dict[str, Any], SourceText]]) -> dict[str, Score]:
    """The score of each kind under the thresholds that all other kinds together would choose."""
    every: list[dict[str, Score]] = []
    before = {name: getattr(induction, name) for name in _GRID}
    for values in itertools.product(*_GRID.values()):
        tell("thresholds " + ", ".join(f"{n} {v}" for n, v in zip(_GRID, values, strict=True)))
        for name, value in zip(_GRID, values, strict=True):
            setattr(induction, name, value)
        every.append(by_kind(files))
    for name, value in before.items():
        setattr(induction, name, value)
    chosen = {}
    for kind in every[0]:
        others = [
            total({other: one for other, one in scores.items() if other != kind}).merit()
            for scores in every
        ]
        chosen[kind] = every[others.index(max(others))][kind]
    return chosen


def print_table(scores: dict[str, Score]) -> None:
    """Print one row a kind, and all together."""
    header(
        "kind", "files", "named", "right %", "absent %", "wrong %",
        "unnamed given a speaker", "dates r/a/w", "titles r/a/w", "documents as they are",
    )  # fmt: skip
    for kind, one in [*sorted(scores.items()), ("**all**", total(scores))]:
        named = sum(one.named.values())
        shares = [100 * one.named[name] / (named or 1) for name in ("right", "absent", "wrong")]
        row(
            kind, str(one.files), str(named), *(f"{share:.1f}" for share in shares),
            f"{one.unnamed['wrong']} of {sum(one.unnamed.values())}",
            "/".join(str(one.dates[name]) for name in ("right", "absent", "wrong")),
            "/".join(str(one.titles[name]) for name in ("right", "absent", "wrong")),
            f"{one.whole} of {one.files}",
        )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="with files/ and gold.jsonl")
    parser.add_argument("--leave-one-out", action="store_true", help="choose thresholds elsewhere")
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="tell what comes out wrong"
    )
    given = parser.parse_args()
    lines = (given.folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    golds = [json.loads(line) for line in lines if line.strip()]
    files = []
    for gold in golds:
        path = given.folder / "files" / gold["file"]
        files.append((gold, read_bytes(path.read_bytes(), path)))
    began = time.process_time()
    scores = by_kind(files, given.show)
    seconds = time.process_time() - began
    megabytes = sum(len(source.text.encode()) for _, source in files) / 1e6
    if given.leave_one_out:
        scores = left_out(files)
    print_table(scores)
    print(f"\n{seconds / megabytes:.2f} s of processor time a MB. {machine()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
