"""Prints whether the same questions find the same quotes in the same documents in eight formats.

    python benchmarks/formats.py [--corpus FOLDER] [--questions N] [--details]

The sample documents are written in each format by `format_corpus.py` (or taken from FOLDER, where
it wrote them before), and each format gets a library of its own. Asked are N questions of the
sample: those first whose first quote in the plain texts holds the sentence that is known to
answer, then the others in their order. The quote that counts is the one that comes first in the
plain texts (or is named as nearest, where they hold no answer); another format's is the same if it
is so word for word, but for a sentence before or after that is quoted with it or not. White space,
line ends, hyphens at line ends, list marks and Markdown's marks are folded. Its speaker and date
must be those that the sample gives for the known sentence, if the quote holds it, and otherwise
those of the plain text. A PDF's right page is the one on which poppler's `pdftotext` (or else
pypdf) has the quote's beginning.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from format_corpus import FORMATS, write_corpus
from measuring import header, machine, row, tell

import qa
from qa import sample
from qa.library import Library
from qa.records import Quote

_SHOWN = 3
_BEGINNING = 40
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u00ad]\s*\n\s*(?=\w)")
_SPACE = re.compile(r"\s+")
_LIST_MARK = re.compile(r"(?m)^\s*(?:\d{1,3}\\?[.)]|[•·–-])\s+")
_MARKS = re.compile(r"\*\*?|\\(?=\W)|(?m:^> ?)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the sample and what it is answered with; `source` is a file's stem."""

    question: str
    source: str
    sentence: str
    speaker: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question with the quote that plain text gives; `known`: it holds the known sentence."""

    question: Question
    words: str
    source: str
    speaker: str | None
    date: str | None
    known: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a question. `place` counts from 1; None: not among the quotes shown.
    `page` is whether it was right, None where there is none to be right."""

    place: int | None
    speaker: str | None = None
    date: str | None = None
    page: bool | None = None


def folded(text: str) -> str:
    """Words alone, as they would stand on one line."""
    joined = _LIST_MARK.sub("", _HYPHEN.sub("", text)).replace("\u00ad", "")
    return _SPACE.sub(" ", joined).strip()


def read_questions() -> list[Question]:
    data = json.loads(sample.questions().read_text(encoding="utf-8"))["answerable"]
    return [
        Question(
            item["question"],
            Path(item["source"]).stem,
            item["expected"],
            item.get("speaker"),
            item.get("date"),
        )
        for item in data
    ]


def plain(quote: Quote) -> str:
    """A quote's words without what a format adds to them."""
    words = _MARKS.sub("", quote.text) if quote.citation.source.endswith(".md") else quote.text
    return folded(words)


def shown(library: Library, question: Question) -> Sequence[Quote]:
    """The quotes of the answer, or the nearest passages where it says that there is none."""
    answer = library.ask(question.question, limit=_SHOWN)
    return (answer.quotes or answer.misses)[:_SHOWN]


def choose(questions: Sequence[Question], library: Library, most: int) -> list[Wanted]:
    """What each format is to find, as the library of plain texts has it."""
    wanted = []
    for question in questions:
        quotes = shown(library, question)
        citation, words = quotes[0].citation, plain(quotes[0])
        source = Path(citation.source).stem
        known = source == question.source and folded(question.sentence) in words
        wanted.append(
            Wanted(
                *(question, words, source),
                question.speaker if known else citation.speaker,
                question.date if known else citation.date,
                known,
            )
        )
    return sorted(wanted, key=lambda want: not want.known)[:most]


def find(library: Library, wanted: Wanted, folder: Path) -> Found:
    """Ask, and look for the quote among those shown."""
    quotes = shown(library, wanted.question)
    for place, quote in enumerate(quotes, 1):
        citation = quote.citation
        words = plain(quote)
        same = words in wanted.words or wanted.words in words
        if Path(citation.source).stem != wanted.source or not same:
            continue
        page = None
        if citation.source.endswith(".pdf"):
            right = _page_of(folder / f"{wanted.source}.pdf", quote.text)
            page = right is not None and citation.page == str(right)
        return Found(place, citation.speaker, citation.date, page)
    return Found(None)


def _page_of(path: Path, words: str) -> int | None:
    """The page on which the words begin, by a reader that is not ours."""
    beginning = folded(words)[:_BEGINNING]
    for number, text in enumerate(_pages(path), 1):
        if beginning in folded(text):
            return number
    return None


def _pages(path: Path) -> list[str]:
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
        )
        return told.stdout.decode("utf-8").split("\f")
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(path).pages]


@contextmanager
def opened(folder: Path, scratch: Path) -> Iterator[Library]:
    """One format's library."""
    tell(f"{folder.name}: reading and asking")
    with qa.open(scratch / f"library-{folder.name}", notify=tell) as library:
        for error in library.add(folder).failed:
            tell(f"  {error}")
        yield library


def _row(name: str, wanted: Sequence[Wanted], found: Sequence[Found]) -> None:
    pairs = [(want, one) for want, one in zip(wanted, found, strict=True) if one.place]
    pages = [one.page for _, one in pairs if one.page is not None]
    row(
        name,
        str(sum(one.place == 1 for _, one in pairs)),
        str(len(pairs)),
        _right([(want.speaker, one.speaker) for want, one in pairs]),
        _right([(want.date, one.date) for want, one in pairs]),
        f"{sum(pages)} of {len(pages)}" if pages else "–",
    )


def _right(pairs: Sequence[tuple[str | None, str | None]]) -> str:
    """How many are right; what is known and not said is absent, all else wrong."""
    absent = sum(got is None and want is not None for want, got in pairs)
    wrong = sum(got is not None and want != got for want, got in pairs)
    told = f"{len(pairs) - absent - wrong} of {len(pairs)}"
    return told + (f", {absent} absent" if absent else "") + (f", {wrong} wrong" if wrong else "")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="as format_corpus.py wrote it")
    parser.add_argument("--questions", type=int, default=30, metavar="N", help="(30)")
    parser.add_argument("--details", action="store_true", help="tell what each format misses")
    given = parser.parse_args(arguments)
    questions = read_questions()
    found: dict[str, list[Found]] = {}
    with tempfile.TemporaryDirectory(prefix="citewell-formats-") as place:
        scratch = Path(place)
        if given.corpus is None:
            folders = write_corpus(scratch / "corpus")
        else:
            folders = {name: given.corpus / name for name in FORMATS}
        with opened(folders[FORMATS[0]], scratch) as library:
            wanted = choose(questions, library, given.questions)
            found[FORMATS[0]] = [find(library, want, folders[FORMATS[0]]) for want in wanted]
        for name in FORMATS[1:]:
            with opened(folders[name], scratch) as library:
                found[name] = [find(library, want, folders[name]) for want in wanted]
    print(f"\n{machine()}.")
    known = sum(want.known for want in wanted)
    print(f"{len(wanted)} questions; the quote holds the known sentence for {known}.\n")
    header("format", "found first", f"among {_SHOWN}", "speaker right", "date right", "page right")
    for name, outcomes in found.items():
        _row(name, wanted, outcomes)
    if given.details:
        for name, outcomes in found.items():
            _tell_details(name, wanted, outcomes)
    return 0


def _tell_details(name: str, wanted: Sequence[Wanted], found: Sequence[Found]) -> None:
    for want, one in zip(wanted, found, strict=True):
        if (one.place, one.speaker, one.date) != (1, want.speaker, want.date) or one.page is False:
            tell(f"{name}: {one}, wanted {want.speaker} {want.date} {want.words[:80]!r}")


if __name__ == "__main__":
    sys.exit(main())
