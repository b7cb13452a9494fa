"""Reading in a process of its own: the same texts, within limits, and nothing believed."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReadError
from qa.readers.files import load, read_bytes
from qa.readers.formats import (
    ARCHIVE,
    BY_SUFFIX,
    DOCX,
    EPUB,
    FORMATS,
    HTML,
    MARKDOWN,
    ODT,
    PDF,
    RTF,
    TEXT,
    format_of,
    is_current,
)
from qa.readers.sandbox.isolation import IsolatedReader, read_isolated
from qa.readers.sandbox.process import Stopped
from qa.readers.sandbox.wire import (
    BrokenFrame,
    Header,
    read_frame,
    source_from_data,
    source_to_data,
    write_frame,
)
from qa.records import Block, BlockKind, Link, Locator, LocatorKind, LocatorMark, SourceText, Span
from qa.settings import ReadingSettings

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024
posix = pytest.mark.skipif(os.name == "nt", reason="looks at POSIX processes")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's processes")


def archive_of(*members: tuple[str, str]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return place.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
WORDS = "The ferry left the harbour at nine."


def pdf() -> bytes:
    """A page with one line, by the letter of the specification."""
    stream = f"BT /F1 12 Tf 72 720 Td ({WORDS}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 6\n0000000000 65535 f \n{table}".encode() + trailer.encode()


def docx() -> bytes:
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:body></w:document>'
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return archive_of(
        ("[Content_Types].xml", types), ("_rels/.rels", relations), ("word/document.xml", body)
    )


def odt() -> bytes:
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = (
        f'<o:document-content xmlns:o="{OFFICE}" xmlns:t="{text}"><o:body><o:text>'
        f"<t:p>{WORDS}</t:p></o:text></o:body></o:document-content>"
    )
    return archive_stored(
        ("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", body)
    )


def archive_stored(*members: tuple[str, str]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return place.getvalue()


def epub() -> bytes:
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest><item id="c" '
        'href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/>'
        "</spine></package>"
    )
    page = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>One</h1><p>{WORDS}</p></body></html>'
    )
    return archive_stored(
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("b.opf", package),
        ("c.xhtml", page),
    )


SAMPLES = {
    "text": WORDS.encode(),
    "markdown": f"# Harbour\n\n{WORDS}\n".encode(),
    "html": f"<title>Harbour</title><h1>One</h1><p>{WORDS}</p>".encode(),
    "pdf": pdf(),
    "docx": docx(),
    "odt": odt(),
    "rtf": f"{{\\rtf1\\ansi {WORDS}\\par}}".encode(),
    "epub": epub(),
    "eml": f"From: A <a@b.c>\r\nSubject: Ferry\r\n\r\n{WORDS}\r\n".encode(),
    "srt": f"1\n00:00:01,000 --> 00:00:04,000\n{WORDS}\n".encode(),
    "vtt": f"WEBVTT\n\n00:01.000 --> 00:04.000\n{WORDS}\n".encode(),
}


# ---- the table of formats ------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_each_reader_says_what_the_table_says(format):
    path = Path("harbour" + format.suffixes[0])
    assert format_of(SAMPLES[format.name], path) == format
    here = read_bytes(SAMPLES[format.name], path)
    assert (here.format, here.reader) == (format.name, format.reader)
    assert WORDS in here.text
    assert read_isolated(SAMPLES[format.name], path) == here
    assert is_current(format.reader)
    assert not is_current(f"{format.name}/0")


def test_suffixes_are_lower_case_and_belong_to_one_format():
    every = [suffix for format in (*FORMATS, ARCHIVE) for suffix in format.suffixes]
    assert len(every) == len(set(every)) == len(BY_SUFFIX)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in every)


@pytest.mark.parametrize(
    ("name", "suffix", "format"),
    [
        ("pdf", ".txt", PDF),
        ("pdf", ".docx", PDF),
        ("rtf", ".doc", RTF),
        ("docx", ".zip", DOCX),
        ("docx", ".odt", DOCX),
        ("odt", ".docx", ODT),
        ("epub", ".zip", EPUB),
        ("text", ".unknown", TEXT),
        ("html", ".HTM", HTML),
        ("text", ".md", MARKDOWN),
    ],
)
def test_bytes_are_believed_rather_than_names(name, suffix, format):
    assert format_of(SAMPLES[name], Path("x" + suffix)) is format


def test_what_a_name_promises_in_vain_is_said():
    def reason(data: bytes, name: str) -> str:
        with pytest.raises(ReadError) as caught:
            format_of(data, Path(name))
        return caught.value.reason

    assert reason(b"plain words", "x.pdf").startswith("is named .pdf but is something else")
    assert "is an HTML page" in reason(b"\n<!DOCTYPE html><p>404", "x.pdf")
    assert "not a Word document" in reason(b"plain words", "x.docx")
    assert "old kind" in reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "x.doc")
    sheet = archive_of(("[Content_Types].xml", ""), ("xl/workbook.xml", ""))
    assert "spreadsheet" in reason(sheet, "x.xlsx")
    sheet = archive_stored(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"))
    assert "no text" in reason(sheet, "x.ods")


def test_zip_files_are_told_apart_by_their_directory():
    plain = archive_of(("a.txt", "x"), ("b/c.md", "y"))
    assert format_of(plain, Path("x.zip")) is ARCHIVE
    assert format_of(b"#!/bin/sh\n" + plain, Path("x.sh")) is TEXT
    # A Word document inside, not compressed, doesn't make the archive one.
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("letter.docx", docx())
    assert format_of(place.getvalue(), Path("x.zip")) is ARCHIVE
    # Truncated: its reader says what is wrong.
    assert format_of(docx()[:200], Path("x.docx")) is DOCX


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([".zip", ".pdf", ".txt", ".docx", ""]))
def test_sniffing_never_fails_but_with_a_reason(data, suffix):
    for mark in (b"", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"PK\x05\x06" + bytes(18) + data):
        try:
            format_of(mark + data, Path("x" + suffix))
        except ReadError as error:
            assert error.reason  # noqa: PT017


# ---- plain data ----------------------------------------------------------------------------

SOURCE = SourceText(
    text="One\n\ntwo 😀 three\n\nfour\n",
    format="epub",
    reader="epub/1",
    blocks=(
        Block(BlockKind.HEADING, 0, 3, 1),
        Block(BlockKind.PARAGRAPH, 5, 16, speaker="Ann"),
        Block(BlockKind.LIST_ITEM, 18, 22),
    ),
    title="Title",
    date="2022-05",
    locators=(
        LocatorMark(0, Locator(LocatorKind.CHAPTER, "I. One")),
        LocatorMark(18, Locator(LocatorKind.CHAPTER, "II")),
    ),
    links=(Link(5, 8, "a.txt"), Link(8, 8, Span(18, 22)), Link(11, 16, "ж")),
)


def test_a_text_comes_back_as_it_was_sent():
    header, body = source_to_data(SOURCE)
    pipe = io.BytesIO()
    write_frame(pipe, header, body)
    pipe.seek(0)
    assert source_from_data(*read_frame(pipe, 1000)) == SOURCE


@settings(deadline=None)
@given(st.data())
def test_any_text_and_blocks_come_back(data):
    text = data.draw(st.text(min_size=1).filter(lambda text: not text.isspace()))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    blocks = tuple(Block(BlockKind.PARAGRAPH, start, end) for start, end in pairs)
    text = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    source = SourceText(text, "text", "text/1", blocks)
    assert source_from_data(*source_to_data(source)) == source


@pytest.mark.parametrize(
    "change",
    [
        {"format": "exe"},
        {"reader": "epub/2"},
        {"characters": 3},
        {"characters": True},
        {"gaps": [0, 2, -1]},
        {"gaps": [0, 2, 1e3]},
        {"gaps": [0, 2, 900]},
        {"gaps": [0, 2]},
        {"gaps": {}},
        {"lengths": [3, 11, True]},
        {"kinds": "aaz"},
        {"kinds": ["a", "a", "a"]},
        {"levels": [["0", 1]]},
        {"levels": [[0]]},
        {"speakers": [[0, 7]]},
        {"speakers": [[0, "x" * 1000]]},
        {"title": "x" * 100_000},
        {"title": 5},
        {"date": "yesterday"},
        {"date": 2022},
        {"places": "planet"},
        {"steps": [0, 10_000]},
        {"labels": ["a"]},
        {"labels": ["a", None]},
        {"links": {}},
        {"links": [[5, 3]]},
        {"links": [[-1, 3, "a"]]},
        {"links": [[True, 3, "a"]]},
        {"links": [[5, 30, "a"]]},
        {"links": [[5, 3, ""]]},
        {"links": [[5, 0, "a"]]},
        {"links": [[5, 3, "x" * 5_000]]},
        {"links": [[5, 3, 7]]},
        {"links": [[5, 3, [18, 22]]]},
        {"links": [[5, 0, [18]]]},
        {"links": [[5, 0, [22, 18]]]},
        {"links": [[5, 0, [18, 99]]]},
        {"links": [[5, 0, [18, 22.0]]]},
        {"links": [[0, 0, [18, 22]]] * 30_000},
    ],
    ids=str,
)
def test_what_no_reader_gives_is_refused(change: Header):
    header, body = source_to_data(SOURCE)
    with pytest.raises(BrokenFrame):
        source_from_data({**header, **change}, body)


def test_other_lies_are_refused_too():
    header, body = source_to_data(SOURCE)
    for text in (b"", b" " * 10, b"\xff" + body, body.replace(b"t", b"\0")):
        with pytest.raises(BrokenFrame):
            source_from_data(header, text)
    with pytest.raises(BrokenFrame):
        source_from_data({}, body)
    for frame in (b"", b"\0" * 11, b"\xff" * 12, b"\0\0\0\2\0\0\0\0\0\0\0\0[]", b"\0\0\0\2" * 3):
        with pytest.raises(BrokenFrame):
            read_frame(io.BytesIO(frame), 100)
    nested = b"[" * 200_000
    with pytest.raises(BrokenFrame):
        read_frame(io.BytesIO(len(nested).to_bytes(4, "big") + bytes(8) + nested), 100)
    surrogate = {**header, "title": "a\ud800b\0"}
    assert source_from_data(surrogate, body).title == "a\ufffdb\ufffd"


# ---- limits --------------------------------------------------------------------------------


def failure(data: bytes, name: str, **given: float) -> str:
    with pytest.raises(ReadError) as caught:
        read_isolated(data, Path(name), ReadingSettings(**given))  # type: ignore[arg-type]
    assert caught.value.path == Path(name)
    return caught.value.reason


@linux
def test_memory_is_limited():
    large = b"word " * (8 * MIB)
    reason = failure(large, "x.txt", memory_bytes=100 * MIB)
    assert reason == "needs more than 100 MiB of memory to read"
    reason = failure(b"<b>x</b>" * 1_000_000, "x.html", memory_bytes=120 * MIB)
    assert reason == "needs more than 120 MiB of memory to read"
    # Not even the bytes fit.
    reason = failure(b"word " * (12 * MIB), "x.txt", memory_bytes=60 * MIB)
    assert reason == "needs more than 60 MiB of memory to read"
    small = ReadingSettings(memory_bytes=100 * MIB)
    assert read_isolated(b"Small.", Path("x.txt"), small).text == "Small."


SLOW = b"<b>x</b>" * 300_000


def test_time_is_limited():
    reason = failure(SLOW, "x.html", seconds=0.1, seconds_per_mib=0)
    assert reason == "takes longer than 0.1 s to read"
    quick = ReadingSettings(seconds=0.1, seconds_per_mib=0)
    assert read_isolated(b"Small.", Path("x.txt"), quick).text == "Small."


@linux
def test_processor_time_is_limited_by_the_system():
    code = (
        "import sys; from qa.readers.sandbox.confinement import limit_processor_seconds; "
        "limit_processor_seconds(1)\nwhile True: pass"
    )
    assert ran(code).returncode == -signal.SIGXCPU


def test_the_length_of_a_text_is_limited():
    reason = failure(b"words " * 100, "x.txt", max_characters=500)
    assert reason == "holds more than 500 characters; split it into parts"


def children() -> set[int]:
    """The processes that this one has started."""
    told = subprocess.run(
        ["ps", "-o", "pid=,comm=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    return {int(line.split()[0]) for line in told.stdout.splitlines() if not line.endswith("ps")}


@linux
def test_a_crash_is_a_reason_and_the_next_file_is_read():
    own = ReadingSettings(memory_bytes=500 * MIB)  # of its own kind: no idle process has it
    before = children()
    reader = IsolatedReader(own)
    with reader:
        assert reader.read(b"First.", Path("a.txt")).text == "First."
        (pid,) = children() - before
        killer = threading.Timer(0.3, os.kill, (pid, signal.SIGSEGV))
        killer.start()
        with pytest.raises(ReadError) as caught:
            reader.read(SLOW * 4, Path("slow.html"))
        assert caught.value.reason == f"made the reader crash (signal {int(signal.SIGSEGV)})"
        assert reader.read(b"Second.", Path("b.txt")).text == "Second."
        (fresh,) = children() - before
        assert fresh != pid


@linux
def test_a_process_that_ended_while_idle_harms_no_file():
    own = ReadingSettings(memory_bytes=501 * MIB)
    before = children()
    assert read_isolated(b"First.", Path("a.txt"), own).text == "First."
    (pid,) = children() - before
    os.kill(pid, signal.SIGKILL)
    while ") Z " not in Path(f"/proc/{pid}/stat").read_text():
        time.sleep(0.01)
    assert read_isolated(b"Second.", Path("b.txt"), own).text == "Second."


@linux
def test_a_process_is_used_again_and_two_readers_have_two():
    own = ReadingSettings(memory_bytes=502 * MIB)
    before = children()
    for number in range(5):
        assert read_isolated(b"Text %d." % number, Path("a.txt"), own).text == f"Text {number}."
    assert len(children() - before) == 1
    with IsolatedReader(own) as one, IsolatedReader(own) as two:
        one.read(b"One.", Path("a.txt"))
        two.read(b"Two.", Path("a.txt"))
        assert len(children() - before) == 2


def test_threads_read_at_once():
    found: dict[int, str] = {}

    def work(number: int) -> None:
        for round in range(10):
            text = f"Thread {number}, text {round}."
            found[10 * number + round] = read_isolated(text.encode(), Path("a.txt")).text

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {10 * n + r: f"Thread {n}, text {r}." for n in range(4) for r in range(10)}


def test_reading_can_be_stopped_from_another_thread():
    with IsolatedReader(ReadingSettings()) as reader:
        threading.Timer(0.3, reader.stop).start()
        started = time.monotonic()
        with pytest.raises(Stopped):
            reader.read(SLOW * 20, Path("slow.html"))
        assert time.monotonic() - started < 10
        with pytest.raises(Stopped):
            reader.read(b"words", Path("a.txt"))


@linux
def test_a_fork_leaves_the_processes_to_the_parent():
    own = ReadingSettings(memory_bytes=503 * MIB)
    read_isolated(b"First.", Path("a.txt"), own)
    before = children()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = int(read_isolated(b"Forked.", Path("a.txt"), own).text != "Forked.")
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert read_isolated(b"Second.", Path("b.txt"), own).text == "Second."
    assert before == children()


# ---- what the process may not do -----------------------------------------------------------

PARENT = """
import sys, time, pathlib
from qa.readers.sandbox.isolation import IsolatedReader
from qa.settings import ReadingSettings
reader = IsolatedReader(ReadingSettings())
reader.read(b"First.", pathlib.Path("a.txt"))
print(reader._process._process.pid, flush=True)
data = b"<b>x</b>" * 4_000_000 if sys.argv[1] == "busy" else b"Words."
reader.read(data, pathlib.Path("slow.html"))
time.sleep(60)
"""


@linux
@pytest.mark.parametrize("doing", ["busy", "idle"])
def test_a_killed_parent_leaves_no_orphan(doing):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, doing], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()


@linux
def test_the_process_has_a_session_and_an_environment_of_its_own():
    own = ReadingSettings(memory_bytes=504 * MIB)
    before = children()
    os.environ["CITEWELL_SECRET"] = "secret"
    try:
        read_isolated(b"First.", Path("a.txt"), own)
        (pid,) = children() - before
    finally:
        del os.environ["CITEWELL_SECRET"]
    assert os.getsid(pid) == pid
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"secret" not in environment
    assert b"HOME=" not in environment


def attempts() -> Iterator[tuple[str, str]]:
    yield "write", "open(sys.argv[1] + '/new', 'w')"
    yield "write by number", "os.open(sys.argv[1] + '/new', os.O_CREAT | os.O_WRONLY)"
    yield "append", "open(sys.argv[1] + '/there', 'ab')"
    yield "truncate", "os.truncate(sys.argv[1] + '/there', 0)"
    yield "delete", "os.remove(sys.argv[1] + '/there')"
    yield "rename", "os.rename(sys.argv[1] + '/there', sys.argv[1] + '/else')"
    yield "make a directory", "os.mkdir(sys.argv[1] + '/folder')"
    yield "link", "os.symlink('/etc', sys.argv[1] + '/link')"
    yield "open a file that is no module", "open('/etc/passwd')"
    yield "connect", "socket.create_connection(('127.0.0.1', int(sys.argv[2])), 2)"
    yield "resolve", "socket.getaddrinfo('localhost', 80)"
    yield "start a program", "subprocess.run(['true'])"
    yield "shell", "os.system('true')"
    yield "fork", "os.fork()"


@pytest.fixture
def listening() -> Iterator[int]:
    """A port of this machine that takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def ran(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@posix
def test_a_confined_process_can_do_no_harm(tmp_path, listening):
    (tmp_path / "there").write_text("kept")
    names = [what for what, _ in attempts()]
    tries = "\n".join(
        f"try:\n    {code}\n    print({what!r})\nexcept OSError:\n    pass"
        for what, code in attempts()
    )
    code = (
        "import os, socket, subprocess, sys\n"
        "from qa.readers.sandbox.confinement import confine\n"
        f"confine(512 * 1024 * 1024)\n{tries}\n"
        "import json.tool\n"  # a module can still be imported
        "print('done')\n"
    )
    told = ran(code, str(tmp_path), str(listening))
    assert (told.stdout.splitlines(), told.stderr) == (["done"], ""), names
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_text() == "kept"


@linux
def test_the_system_itself_refuses_to_write_and_to_connect(tmp_path, listening):
    """Without the hook, which code in C never meets."""
    code = (
        "import os, socket, sys\n"
        "from qa.readers.sandbox import confinement\n"
        "confinement._limit_resources(512 * 1024 * 1024)\n"
        "confinement._without_network_or_writing()\n"
        "try:\n    socket.create_connection(('127.0.0.1', int(sys.argv[2])), 2)\n"
        "    print('connected', flush=True)\nexcept OSError:\n    print('cut off', flush=True)\n"
        "try:\n    file = os.open(sys.argv[1] + '/new', os.O_CREAT | os.O_WRONLY)\n"
        "    os.write(file, b'x')\n    print('wrote')\nexcept OSError:\n    pass\n"
    )
    told = ran(code, str(tmp_path), str(listening)).stdout
    # Without Landlock the limit of a file's size (0) stops it, with a signal.
    assert "wrote" not in told
    assert all(path.stat().st_size == 0 for path in tmp_path.iterdir())
    if "connected" in told:
        pytest.skip("this system gives neither network namespaces nor Landlock's rules for sockets")
    assert "cut off" in told


def test_a_process_runs_from_any_directory(tmp_path, monkeypatch):
    """Nothing is imported from where one happens to be."""
    (tmp_path / "json.py").write_text("raise SystemExit('imported from here')")
    monkeypatch.chdir(tmp_path)
    own = ReadingSettings(memory_bytes=505 * MIB)
    assert read_isolated(b"Words.", Path("a.txt"), own).text == "Words."


# ---- files ---------------------------------------------------------------------------------


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "log.txt"
    path.write_text("one\n")
    real = os.fstat
    calls = iter(range(100))

    def fstat(number: int) -> os.stat_result:
        if next(calls) == 1:
            with path.open("a") as file:
                file.write("two\n")
        return real(number)

    monkeypatch.setattr("qa.readers.files.os.fstat", fstat)
    with pytest.raises(ReadError, match="changed while it was read"):
        load(path)
