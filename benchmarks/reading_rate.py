"""Prints how fast each format is read, beside the library that takes it apart.

    python benchmarks/reading_rate.py [--corpus FOLDER] [--mib N] [--rounds N]

The sample corpus in every format (`format_corpus.py` wrote it to FOLDER, else it is written now),
its files taken over and over until a format has N MiB. Three ways take turns: as an `add` reads a
file, in its own process, to text with blocks and places; the same in this process; and the bare
library asked for nothing but the text (pypdf, zipfile with expat, striprtf, selectolax,
markdown-it, email, a decoding). Rates are in MB of files a second, medians over rounds.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import io
import logging
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from xml.parsers import expat

from format_corpus import FORMATS, read_paper, write_corpus
from measuring import alternately, header, machine, row, seconds, tell, versions
from written_formats import WRITERS, Written

from qa import sample
from qa.readers.files import read_bytes
from qa.readers.sandbox.isolation import IsolatedReader
from qa.settings import ReadingSettings

_WAYS = ("own process", "this process", "bare library")
_MIB = 1024 * 1024


def _xml_text(data: bytes) -> str:
    pieces: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.CharacterDataHandler = pieces.append
    parser.Parse(data, True)
    return "".join(pieces)


def _packed(parts: Callable[[str], bool], data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(_xml_text(archive.read(n)) for n in archive.namelist() if parts(n))


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def _rtf(data: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(data.decode("cp1252"), errors="replace"))


def _html(data: bytes) -> str:
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(data).body
    return body.text(separator=" ") if body is not None else ""


def _markdown(data: bytes) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt().render(data.decode()))


def _mail(data: bytes) -> str:
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body()
    return str(body.get_content()) if body is not None else ""


BARE: dict[str, Callable[[bytes], str]] = {
    "txt": lambda data: data.decode(),
    "md": _markdown,
    "html": _html,
    "docx": partial(_packed, lambda name: name == "word/document.xml"),
    "odt": partial(_packed, lambda name: name == "content.xml"),
    "rtf": _rtf,
    "epub": partial(_packed, lambda name: name.endswith("xhtml")),
    "pdf": _pdf,
    "eml": _mail,
    "srt": lambda data: data.decode(),
    "vtt": lambda data: data.decode(),
}


def files(corpus: Path, name: str) -> list[tuple[Path, bytes]]:
    """The sample's files in a format; those that Office does not write are written here."""
    if name in FORMATS:
        return [(path, path.read_bytes()) for path in sorted((corpus / name).iterdir())]
    found = []
    for path in sorted(Path(sample.documents()).iterdir()):
        if path.suffix in (".txt", ".md", ".html"):
            paper = read_paper(path)
            written = Written(paper.title, paper.date, [part.text for part in paper.parts])
            found.append((Path(f"{path.stem}.{name}"), WRITERS[name](written)))
    return found


def rates(papers: Sequence[tuple[Path, bytes]], name: str, rounds: int) -> dict[str, list[float]]:
    """MB a second of each way in each round."""
    size = sum(len(data) for _, data in papers) / 1e6

    def own() -> float:
        with IsolatedReader(ReadingSettings()) as reader:
            return size / seconds(lambda: [reader.read(data, path) for path, data in papers])

    def here() -> float:
        return size / seconds(lambda: [read_bytes(data, path) for path, data in papers])

    def bare() -> float:
        return size / seconds(lambda: [BARE[name](data) for _, data in papers])

    for way in (own, here, bare):  # imports, and the process's start
        way()
    return alternately(
        dict(zip(_WAYS, (own, here, bare), strict=True)),
        rounds,
        lambda what: tell(f"{name}: {what}"),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="as format_corpus.py wrote it")
    parser.add_argument("--mib", type=float, default=2.0, metavar="N", help="of each format (2)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="(5)")
    parser.add_argument("--only", nargs="+", choices=list(BARE), default=list(BARE))
    given = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # what pypdf has to say of a file
    told: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory(prefix="citewell-rate-") as place:
        corpus = given.corpus or Path(place)
        if given.corpus is None:
            write_corpus(corpus)
        for name in given.only:
            papers = files(corpus, name)
            size = sum(len(data) for _, data in papers)
            papers *= max(1, round(given.mib * _MIB / size))
            found = rates(papers, name, given.rounds)
            own, here, bare = (statistics.median(found[way]) for way in _WAYS)
            average = sum(len(data) for _, data in papers) / len(papers) / 1e3
            told.append((name, f"{average:.0f}", f"{own:.2f}", f"{here:.2f}", f"{bare:.2f}"))
    print(f"\n{machine()}.")
    print(f"{versions('pypdf', 'selectolax', 'striprtf', 'markdown-it-py')}.\n")
    header("format", "kB a file", *(f"{way}, MB/s" for way in _WAYS))
    for line in told:
        row(*line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
