"""Adds PostgreSQL's manual as HTML and asks it twenty questions whose page is known.

    python benchmarks/manual_pages.py [FOLDER] [--limit N] [--library FOLDER] [--details]

FOLDER is where Debian's `postgresql-doc-15` has its pages (the default), about 1,170 of them. Told
are the time, files a second, passages and errors of the `add`, and the share of questions whose
first quote, and one of whose first three, stands on the right page. With --limit some N pages are
added, the right ones among them; with --library the library is kept there, and used as it is the
next time. The questions were written from the manual before anything was
asked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from measuring import header, machine, peak_memory_mib, row, tell

import qa
from qa.cli.output import AddProgress
from qa.library import Library

_FOLDER = Path("/usr/share/doc/postgresql-doc-15/html")
_SHOWN = 3
# Question, and the page that answers it.
QUESTIONS = (
    ("Which professor led the project that PostgreSQL descends from?", "history.html"),
    ("What is the largest size that a table can have?", "limits.html"),
    ("Which permissions must the password file have on Unix?", "libpq-pgpass.html"),
    ("How long must a row be before its values are moved out of line?", "storage-toast.html"),
    ("In which order do rows come if no sorting is asked for?", "queries-order.html"),
    ("How can I check that an ISBN or ISSN is valid?", "isn.html"),
    ("How do I compute the great circle distance between two cities?", "earthdistance.html"),
    ("Does a Julian day begin at noon or at midnight?", "datetime-julian-dates.html"),
    (
        "Which signal makes the server shut down fast, aborting transactions?",
        "server-shutdown.html",
    ),
    ("How can I find names that sound alike?", "fuzzystrmatch.html"),
    ("How large is a segment file of the write-ahead log?", "wal-internals.html"),
    ("Which two bits are kept for each heap page?", "storage-vm.html"),
    ("How do I reach the server through an encrypted SSH tunnel?", "ssh-tunnels.html"),
    ("How do I keep Linux from overcommitting memory?", "kernel-resources.html"),
    ("Which problem is join ordering treated as by the genetic optimizer?", "geqo-pg-intro.html"),
    ("Which setting fixes the number of decimals of a money column?", "datatype-money.html"),
    ("Which version of GNU make is needed to build?", "install-requirements.html"),
    ("How many bits long is a UUID?", "datatype-uuid.html"),
    ("How are diacritics removed from lexemes?", "unaccent.html"),
    ("How many spaces are put before a word to take its trigrams?", "pgtrgm.html"),
)


def pages(folder: Path, limit: int | None) -> list[Path]:
    """The pages to add: all, or some of them with those that answer."""
    found = sorted(folder.glob("*.html"))
    if limit is None or limit >= len(found):
        return found
    right = {page for _, page in QUESTIONS}
    others = [path for path in found if path.name not in right]
    step = max(1, len(others) // max(1, limit - len(right)))
    return sorted([folder / page for page in right] + others[::step][: limit - len(right)])


def add(library: Library, paths: Sequence[Path]) -> None:
    """Add the pages, and tell what that took."""
    start = time.perf_counter()
    with AddProgress() as progress:
        report = library.add(*paths, progress=progress)
    spent = time.perf_counter() - start
    for error in report.failed:
        tell(f"not added: {error}")
    size = sum(path.stat().st_size for path in paths) / 1e6
    header("pages", "MB", "seconds", "pages/s", "passages", "passages/s", "errors", "peak, MiB")
    row(
        *(f"{len(report.added):,}", f"{size:.1f}", f"{spent:.0f}"),
        *(f"{len(report.added) / spent:.1f}", f"{report.passages:,}"),
        *(f"{report.passages / spent:.0f}", str(len(report.failed))),
        f"{peak_memory_mib():.0f}",
    )
    print()


def ask(library: Library, details: bool) -> None:
    """Ask the questions, and tell how many are answered from the right page."""
    first = among = 0
    for question, page in QUESTIONS:
        answer = library.ask(question, limit=_SHOWN)
        given = [Path(quote.citation.source).name for quote in answer.quotes]
        first += given[:1] == [page]
        among += page in given
        if details and given[:1] != [page]:
            tell(f"{question} {page}: {answer.verdict}, {', '.join(given) or 'nothing'}")
    header("questions", "R@1", f"R@{_SHOWN}")
    count = len(QUESTIONS)
    row(str(count), f"{first / count:.2f} ({first})", f"{among / count:.2f} ({among})")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=_FOLDER)
    parser.add_argument("--limit", type=int, metavar="N", help="add only some N pages")
    parser.add_argument("--library", type=Path, help="keep the library there")
    parser.add_argument("--details", action="store_true", help="tell what is answered elsewhere")
    given = parser.parse_args(arguments)
    if not given.folder.is_dir():
        raise SystemExit(f"{given.folder} is not there: apt-get install postgresql-doc-15")
    print(f"{machine()}.\n")
    with (
        tempfile.TemporaryDirectory(prefix="citewell-manual-") as place,
        qa.open(given.library or Path(place) / "library", notify=tell) as library,
    ):
        if not library.sources():
            add(library, pages(given.folder, given.limit))
        ask(library, given.details)
    return 0


if __name__ == "__main__":
    sys.exit(main())
