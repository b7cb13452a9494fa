"""The same text, pasted into a word processor's file, has the same documents and turns."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qa.readers.docx.reader import read_docx
from qa.readers.odt import read_odt
from qa.readers.plain import read_plain
from qa.readers.rtf.reader import read_rtf
from qa.records import SourceText
from qa.structure.documents import find_documents
from qa.structure.turns import find_turns
from tests.support.office_samples import docx_of_lines, odt_of_lines, rtf_of_lines

Reader = Callable[[bytes, Path], SourceText]

SAMPLE = Path(__file__).resolve().parents[2] / "qa" / "sample" / "documents"
CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
TEXTS = [*sorted(SAMPLE.glob("*.txt")), *sorted(CORPUS.glob("*.txt"))]
WRITTEN: dict[str, tuple[Callable[[Sequence[str]], bytes], Reader]] = {
    "docx": (docx_of_lines, read_docx),
    "odt": (odt_of_lines, read_odt),
    "rtf": (rtf_of_lines, read_rtf),
}


def structure(source: SourceText) -> list[tuple[object, ...]]:
    """Documents with what dates and places them, and each one's turns with all their words."""
    found: list[tuple[object, ...]] = []
    for document in find_documents(source):
        found.append(
            (document.title, document.date, document.time, document.place, document.boundary)
        )
        found.extend(
            (turn.kind, turn.speaker, turn.role, source.text[turn.start : turn.end].split())
            for turn in find_turns(source, document)
        )
    return found


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem[:24])
def test_a_pasted_text_keeps_its_documents_and_speakers(path: Path, form: str) -> None:
    write, read = WRITTEN[form]
    plain = read_plain(path.read_bytes(), path)
    source = read(write(plain.text.splitlines()), path.with_suffix(f".{form}"))
    assert source.text.split() == plain.text.split()
    assert structure(source) == structure(plain)


TALK = [
    "Talks with the Mayor of Port Sallow",
    "May 16, 2022 21:20",
    "The Town Hall, Port Sallow",
    "President of Veskia Edda Lorsen: I am glad to see you.",
    "How is the harbour?",
    "Mayor of Port Sallow Ruth Amory: It is dry, madam President.",
]


@pytest.mark.parametrize("form", WRITTEN)
def test_spacing_by_style_says_as_little_as_none(form: str) -> None:
    write, read = WRITTEN[form]
    source = read(write(TALK), Path(f"talk.{form}"))
    assert source.text == "\n\n".join(TALK) + "\n"
    assert structure(source) == structure(SourceText("\n".join(TALK) + "\n", "text", "text/1"))
    (document,) = find_documents(source)
    assert (document.date, document.place) == ("2022-05-16", "The Town Hall, Port Sallow")


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)
def test_what_libreoffice_writes_is_read_alike(tmp_path: Path) -> None:
    names = ["council-minutes-2024-06-25.txt", "salea-canal-ru.txt", "events-transcripts.txt"]
    paths = [SAMPLE / name for name in names]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for form, (_, read) in WRITTEN.items():
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", form, "--outdir", tmp_path, *paths],
            check=True,
            capture_output=True,
            timeout=120,
        )
        for path in paths:
            written = tmp_path / f"{path.stem}.{form}"
            source = read(written.read_bytes(), written)
            plain = read_plain(path.read_bytes(), path)
            assert source.text.split() == plain.text.split()
            assert structure(source) == structure(plain)
