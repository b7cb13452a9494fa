"""The command line from end to end, with the real model."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import qa
import qa.cli.add
from qa.cli.main import main
from qa.cli.output import AddProgress
from qa.ingest.encode import Encoding
from qa.ingest.write import Progress, Stage
from qa.sample import documents
from qa.store.opening import library_exists

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Why was the viaduct closed to heavy trains?"
INTERVIEW = "interview-halse-viaduct.txt"
# What a terminal would obey, and what would reorder a line.
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
QUOTE_KEYS = set(
    "text source document date speaker role start end line_start line_end page score".split()
)
model = pytest.mark.model


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON object on standard output."""
        assert self.out, self.err
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


class Command:
    """Runs `qa` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> Ran:
        self._capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return Ran(status, out, err)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the person's own: neither their library nor their model."""
    for name in ("CITEWELL_LIBRARY", "CITEWELL_MODEL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def shared(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two sample documents, for tests that only read it."""
    folder = tmp_path_factory.mktemp("cli") / "library"
    chosen = [documents() / INTERVIEW, documents() / "news-2024.txt"]
    assert main(["add", "--library", str(folder), *map(str, chosen)]) == 0
    return folder


@pytest.fixture
def own(shared: Path, tmp_path: Path) -> Path:
    """A copy of it, for tests that change it."""
    return Path(shutil.copytree(shared, tmp_path / "library"))


def started(*words: str | Path, **named: Any) -> subprocess.Popen[str]:
    """`qa` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "qa", *map(str, words)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **named,
    )


def one_error_line(ran: Ran) -> str:
    """The message of a command that failed as it should."""
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("qa: ")
    assert ran.err.count("\n") == 1
    assert ran.err.endswith("\n")
    return ran.err


# ---- every command, for people and as JSON ---------------------------------------------


@model
def test_ask_prints_the_quote_first_and_nothing_else_on_standard_output(run, shared):
    ran = run("ask", "--library", shared, QUESTION)
    lines = ran.out.splitlines()
    assert ran.status == 0
    assert ran.err == ""
    assert re.fullmatch("“.+”", lines[0])
    assert re.match(r"  — Tomas Pell, Chief Engineer .*, 2024-04-18$", lines[1])
    assert re.search(rf"{INTERVIEW}, lines? \d+(–\d+)? \(characters \d+–\d+\)$", lines[2])


@model
def test_ask_json_has_every_key_and_quotes_verbatim(run, shared):
    ran = run("ask", "--library", shared, "--json", "--limit", "3", QUESTION)
    assert ran.status == 0
    assert {"question", "verdict", "query", "quotes"} <= set(ran.data)
    assert ran.data["question"] == QUESTION
    assert ran.data["verdict"] == "answered"
    assert 1 <= len(ran.data["quotes"]) <= 3
    with qa.open(shared, create=False) as library:
        for quote in ran.data["quotes"]:
            assert set(quote) >= QUOTE_KEYS
            text = library.text(quote["source"])
            assert text[quote["start"] : quote["end"]] == quote["text"]
            assert text.count("\n", 0, quote["start"]) + 1 == quote["line_start"]


@model
def test_ask_without_an_answer_is_status_1_and_says_what_was_searched(run, shared):
    nothing = run("ask", "--library", shared, "--since", "2100", QUESTION)
    assert nothing.status == 1
    assert nothing.err == ""
    assert nothing.out.startswith("Not found")
    assert "from 2100-01-01" in nothing.out
    ran = run("ask", "--library", shared, "--since", "2100", "--json", QUESTION)
    assert ran.status == 1
    assert (ran.data["verdict"], ran.data["quotes"]) == ("not_found", [])


@model
def test_ask_filters(run, shared):
    def quotes(*options: str) -> list[dict[str, Any]]:
        ran = run("ask", "--library", shared, "--json", *options, "viaduct track trains")
        return list(ran.data["quotes"]) + list(ran.data["misses"])

    assert {q["speaker"] for q in quotes("--speaker", "Pell")} == {"Tomas Pell"}
    sources = {Path(q["source"]).name for q in quotes("--source", "news-2024.txt")}
    assert sources == {"news-2024.txt"}
    assert {q["date"] for q in quotes("--since", "2024-04-18", "--until", "2024-04-18")} == {
        "2024-04-18"
    }
    assert len(quotes("--limit", "1")) == 1
    titles = {q["document"] for q in quotes("--document", "Tomas Pell")}
    assert len(titles) == 1
    assert "Tomas Pell" in titles.pop()


@model
def test_sources_and_their_structure(run, shared):
    ran = run("sources", "--library", shared)
    first, second = ran.out.splitlines()
    assert first.startswith((documents() / INTERVIEW).as_posix())
    assert "1 document, " in first
    assert "3 documents, " in second
    listed = run("sources", "--library", shared, "--json").data["sources"]
    assert [Path(source["path"]).name for source in listed] == [INTERVIEW, "news-2024.txt"]
    assert [source["documents"] for source in listed] == [1, 3]

    ran = run("sources", "--library", shared, "--structure", INTERVIEW)
    assert ran.out.startswith("document 1, line 1")
    assert "  date: 2024-04-18" in ran.out
    assert re.search(r"^  line +\d+  speech  Tomas Pell", ran.out, re.MULTILINE)
    data = run("sources", "--library", shared, "--structure", INTERVIEW, "--json").data
    assert set(data) == {"source", "documents", "turns"}
    assert data["documents"][0]["date"] == "2024-04-18"
    assert {"kind", "start", "end", "speaker", "role"} <= set(data["turns"][0])


@model
def test_show_all_lines_and_characters(run, shared):
    text = (documents() / INTERVIEW).read_text(encoding="utf-8")
    lines = text.split("\n")
    assert run("show", "--library", shared, INTERVIEW).out == text + "\n"
    two = run("show", "--library", shared, INTERVIEW, "--lines", "1-3")
    assert two.out == "\n".join(lines[:3]) + "\n"
    assert run("show", "--library", shared, INTERVIEW, "--lines", "1").out == lines[0] + "\n"
    part = run("show", "--library", shared, INTERVIEW, "--chars", "10-25")
    assert part.out == text[10:25] + "\n"
    data = run("show", "--library", shared, INTERVIEW, "--lines", "6", "--json").data
    assert set(data) == {"source", "start", "end", "line_start", "line_end", "locator", "text"}
    assert data["text"] == lines[5] == text[data["start"] : data["end"]]
    assert (data["line_start"], data["line_end"]) == (6, 6)


@model
def test_shown_lines_are_those_that_citations_count(run, own, tmp_path):
    """Whatever ends a line, and with the empty lines that were asked for."""
    path = tmp_path / "ends.txt"
    path.write_bytes(b"First line.\rSecond line.\r\n\r\nFourth line.\n")
    assert run("add", "--library", own, path).status == 0

    def shown(lines: str) -> tuple[str, int, int]:
        data = run("show", "--library", own, "ends.txt", "--lines", lines, "--json").data
        return data["text"], data["line_start"], data["line_end"]

    assert shown("2") == ("Second line.", 2, 2)
    assert shown("2-3") == ("Second line.\r\n", 2, 2)
    assert shown("3-4") == ("\r\nFourth line.", 3, 4)
    assert shown("5") == ("", 5, 5)
    too_far = run("show", "--library", own, "ends.txt", "--lines", "6")
    assert "5 lines" in one_error_line(too_far)


@model
def test_add_remove_verify(run, own, tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("The lighthouse keeper was paid nine crowns.", encoding="utf-8")
    data = run("add", "--library", own, "--json", path).data
    assert data["added"] == [path.as_posix()]
    assert (data["documents"], data["passages"]) == (1, 1)
    assert [data[name] for name in ("replaced", "unchanged", "removed", "failed")] == [[]] * 4
    again = run("add", "--library", own, path)
    assert again.status == 0
    assert again.out.startswith("1 unchanged")
    assert "nine crowns" in run("ask", "--library", own, "What was the keeper paid?").out

    path.unlink()
    gone = run("add", "--library", own, "--sync", "--json", tmp_path)
    assert gone.data["removed"] == [path.as_posix()]
    removed = run("remove", "--library", own, "--json", "news-2024.txt")
    assert removed.data == {"removed": [(documents() / "news-2024.txt").as_posix()]}
    assert run("remove", "--library", own, INTERVIEW).out.startswith("removed /")
    assert run("sources", "--library", own, "--json").data == {"sources": []}
    assert run("sources", "--library", own).out.startswith("no sources in ")

    data = run("verify", "--library", own, "--json").data
    assert set(data) == {"ok", "encoder", "index", "rows", "tables", "problems"}
    assert (data["ok"], data["problems"]) == (True, [])
    assert data["rows"] == sum(data["tables"].values())
    summary, encoder, index = run("verify", "--library", own).out.splitlines()
    assert summary.endswith("everything agrees")
    runtime = r"(OpenVINO|torch) \d[\w.+]*, (bfloat16|float32)( \(.+\))?"
    assert re.fullmatch(f"questions are encoded by {runtime}", encoder)
    assert index == "vectors are searched by: exact, float32"


@model
def test_a_damaged_library_is_status_1_of_verify(run, own):
    database = next(path for path in own.iterdir() if path.suffix in (".db", ".sqlite", ".sqlite3"))
    data = bytearray(database.read_bytes())
    place = data.find(b"Tomas Pell")
    assert place > 0
    data[place] ^= 1
    database.write_bytes(bytes(data))
    ran = run("verify", "--library", own)
    assert ran.status == 1
    assert ran.out.startswith("damaged: ")
    ran = run("verify", "--library", own, "--json")
    assert ran.status == 1
    assert ran.data["ok"] is False
    assert ran.data["problems"]


@model
def test_a_wrong_name_among_several_removes_nothing(run, own):
    ran = run("remove", "--library", own, INTERVIEW, "absent.txt")
    assert "absent.txt" in one_error_line(ran)
    assert len(run("sources", "--library", own, "--json").data["sources"]) == 2


@model
def test_rebuild(run, own):
    ran = run("rebuild", "--library", own, "--json")
    assert ran.status == 0
    assert set(ran.data) == {"sources", "passages"}
    assert [Path(path).name for path in ran.data["sources"]] == [INTERVIEW, "news-2024.txt"]
    assert run("rebuild", "--library", own).out.startswith("rebuilt 2 sources, ")
    assert run("ask", "--library", own, QUESTION).status == 0


@model
def test_the_demo_answers_all_its_questions(run, tmp_path):
    place = tmp_path / "demo"
    ran = run("demo", "--library", place)
    assert ran.status == 0
    for question in qa.cli.add.DEMO_QUESTIONS:
        assert f"▸ {question}" in ran.out
    assert ran.out.count("“") >= 3
    assert f'qa ask --library "{place}"' in ran.out
    data = run("demo", "--library", place, "--json").data
    assert set(data) == {"library", "answers"}
    assert [answer["verdict"] for answer in data["answers"]] == ["answered"] * 3


@model
def test_the_library_is_named_by_option_else_by_environment_else_by_platform(
    run, shared, tmp_path, monkeypatch
):
    assert str(tmp_path / "data") in one_error_line(run("sources"))
    monkeypatch.setenv("CITEWELL_LIBRARY", str(shared))
    assert len(run("sources", "--json").data["sources"]) == 2
    elsewhere = run("sources", "--library", tmp_path / "none")
    assert str(tmp_path / "none") in one_error_line(elsewhere)


# ---- what goes wrong ---------------------------------------------------------------------


@model
def test_files_that_fail_are_told_apart_and_make_status_1(run, own, tmp_path):
    good, bad = tmp_path / "good.txt", tmp_path / "program.txt"
    good.write_text("The quay has four cranes.", encoding="utf-8")
    bad.write_bytes(b"\x7fELF\0\0\0\0\1\2\3")
    ran = run("add", "--library", own, "--json", good, bad, tmp_path / "absent.txt")
    assert ran.status == 1
    assert ran.data["added"] == [good.as_posix()]
    assert [Path(item["source"]).name for item in ran.data["failed"]] == [
        "absent.txt",
        "program.txt",
    ]
    assert all(item["reason"] for item in ran.data["failed"])
    assert len(ran.err.splitlines()) == 2
    assert all(line.startswith("qa: not added: ") for line in ran.err.splitlines())


@model
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ask", "…?!"], "no word"),
        (["ask", "--since", "yesterday", "viaduct"], "YYYY-MM-DD"),
        (["ask", "--speaker", "Nobody", "viaduct"], "Nobody"),
        (["ask", "--source", "absent.txt", "viaduct"], "absent.txt"),
        (["show", "absent.txt"], "absent.txt"),
        (["show", INTERVIEW, "--lines", "99999"], "lines"),
        (["show", INTERVIEW, "--chars", "0-99999999"], "characters"),
        (["sources", "--structure", "absent.txt"], "absent.txt"),
        (["remove", "absent.txt"], "absent.txt"),
    ],
)
def test_an_error_is_one_line_and_status_2(run, shared, words: Sequence[str], message: str):
    ran = run(words[0], "--library", shared, *words[1:])
    assert message in one_error_line(ran)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "COMMAND"),
        (["fetch"], "fetch"),
        (["ask"], "question"),
        (["ask", "--limit", "0", "x"], "at least 1"),
        (["ask", "--limit", "²", "x"], "at least 1"),
        (["show", "x", "--lines", "9-3"], "first line before the last"),
        (["show", "x", "--chars", "5"], "START-END"),
        (["show", "x", "--chars", "²-³"], "²-³"),
        (["show", "x", "--lines", "1", "--chars", "1-2"], "not allowed with"),
        (["add"], "PATH"),
        (["ask", "--colour\x1b[31m", "x"], "--colour‹U+001B›[31m"),
    ],
)
def test_wrong_arguments_are_one_line_too(run, words: Sequence[str], message: str):
    assert message in one_error_line(run(*words))


def test_commands_that_read_need_a_library(run, tmp_path):
    for words in (["ask", "x"], ["sources"], ["show", "x"], ["remove", "x"], ["verify"]):
        assert "qa add" in one_error_line(run(words[0], "--library", tmp_path / "no", *words[1:]))
    assert "no library" in one_error_line(run("rebuild", "--library", tmp_path / "no"))
    assert not (tmp_path / "no").exists()


def test_a_file_is_no_library(run, tmp_path):
    path = tmp_path / "file"
    path.write_text("x", encoding="utf-8")
    one_error_line(run("sources", "--library", path))


def test_a_fault_of_our_own_is_no_status_1(run, tmp_path, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(qa, "open", broken, raising=False)
    assert "unexpected RuntimeError: two lines" in one_error_line(run("sources"))


# ---- hostile text ------------------------------------------------------------------------

HOSTILE = (
    "Minutes \u202eof the\x9b31m Board\nMay 3, 2021\n\n"
    "Chairman of the Board Ann \u2066Lim: The \x1b[31mlighthouse\x1b]0;owned\x07 keeper \u202e"
    "was paid nine crowns.\nIt was \u200fenough.\n"
)


@model
def test_hostile_text_is_shown_harmless(run, own, tmp_path):
    path = tmp_path / "hostile.txt"
    path.write_text(HOSTILE, encoding="utf-8")
    assert run("add", "--library", own, path).status == 0
    question = "What was the lighthouse keeper paid?"
    for words in (
        ["ask", question],
        ["ask", "--json", question],
        ["sources", "--structure", "hostile.txt"],
        ["sources", "--structure", "hostile.txt", "--json"],
        ["show", "hostile.txt"],
        ["show", "hostile.txt", "--json"],
    ):
        ran = run(words[0], "--library", own, *words[1:])
        assert ran.status == 0
        assert HARMFUL.search(ran.out.replace("\n", "")) is None, words
    assert "‹U+001B›[31mlighthouse‹U+001B›" in run("ask", "--library", own, question).out
    data = run("show", "--library", own, "hostile.txt", "--json").data
    assert data["text"] == HOSTILE, "whoever parses it gets the exact text"


@model
@pytest.mark.skipif(os.name == "nt", reason="such a file name can't be there")
def test_a_file_name_with_odd_characters(run, own, tmp_path):
    name = "a b $(c) 'd\" [red] été\n\x1b[31m\u202e中.txt"
    path = tmp_path / name
    path.write_text("The lighthouse keeper was paid nine crowns.", encoding="utf-8")
    ran = run("add", "--library", own, path)
    assert ran.status == 0
    ran = run("ask", "--library", own, "--source", name, "What was the keeper paid?")
    assert "nine crowns" in ran.out
    assert "[red] été ‹U+001B›[31m‹U+202E›中.txt, line 1" in ran.out
    assert HARMFUL.search(run("sources", "--library", own).out.replace("\n", "")) is None
    assert run("show", "--library", own, name).out.startswith("The lighthouse")
    assert run("remove", "--library", own, "--json", name).data["removed"] == [path.as_posix()]


@model
def test_a_question_of_broken_bytes_is_a_question(run, shared):
    # Python hands bytes that are no UTF-8 on as lone surrogates.
    ran = run("ask", "--library", shared, "--json", "viaduct \udcff closed")
    assert ran.status in (0, 1)
    assert ran.data["question"] == "viaduct \ufffd closed"


# ---- processes ---------------------------------------------------------------------------


@model
def test_a_terminal_of_another_encoding_gets_escapes_and_json_stays_json(shared):
    words = ("ask", "--library", shared, "--limit", "1", QUESTION)
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    for more in ([], ["--json"]):
        process = started(*words, *more, stdout=subprocess.PIPE, env=environment)
        out, err = process.communicate()
        assert (process.returncode, err) == (0, "")
        assert out.isascii()
    assert json.loads(out)["verdict"] == "answered"


@model
def test_asking_needs_neither_torch_nor_transformers(shared):
    code = (
        "import sys; from qa.cli.main import main; main(sys.argv[1:]); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'gradio', 'rich', 'qa.ingest.write') "
        "if m in sys.modules], file=sys.stderr)"
    )
    words = ["ask", "--library", str(shared), QUESTION]
    ran = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert ran.stderr == "[]\n"
    assert ran.stdout.startswith("“")


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom qa.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = 'numpy sqlite3 torch faiss gradio openvino tokenizers rich platformdirs qa.records'.split()\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert ran.stderr == "[]\n"
    assert ran.stdout.startswith("usage: qa")


@model
@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
@pytest.mark.parametrize("words", [["--help"], ["show", INTERVIEW], ["ask", QUESTION]])
def test_a_reader_that_has_gone_is_no_error(shared, words):
    reading, writing = os.pipe()
    process = started(*words[:1], *_library(words, shared), *words[1:], stdout=writing)
    os.close(writing)
    os.close(reading)
    assert process.stderr is not None
    with process.stderr:
        err = process.stderr.read()
    assert (process.wait(), err) == (0, "")


def _library(words: Sequence[str], folder: Path) -> Iterator[str]:
    if not words[0].startswith("-"):
        yield from ("--library", str(folder))


@model
@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_is_shown_to_a_terminal_on_standard_error_alone(own, tmp_path):
    import pty

    path = tmp_path / "[red]note.txt"
    path.write_text("The quay has four cranes.", encoding="utf-8")
    watching, terminal = pty.openpty()
    shown: list[bytes] = []
    # A terminal that nobody reads would fill up and stop the process.
    reader = threading.Thread(target=_drain, args=(watching, shown))
    reader.start()
    ran = subprocess.run(
        [sys.executable, "-m", "qa", "add", "--library", str(own), str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=terminal,
        encoding="utf-8",
        env=os.environ | {"TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(terminal)
    reader.join()
    os.close(watching)
    assert ran.stdout.splitlines()[0] == "1 added: 1 new passages of 1 documents"
    assert len(ran.stdout.splitlines()) == 2
    seen = b"".join(shown).decode()
    assert "[red]note.txt" in seen
    assert "1/1" in seen


def _drain(descriptor: int, into: list[bytes]) -> None:
    try:
        while data := os.read(descriptor, 65_536):
            into.append(data)
    except OSError:
        # So a pseudo-terminal says that its other side was closed.
        return


# ---- interruptions -----------------------------------------------------------------------


def notes(folder: Path, count: int, sentences: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = " ".join(
            f"Ship {number}-{i} brought {i + number} tonnes of grain to the eastern quay of the "
            "harbour, and left again before the evening tide."
            for i in range(sentences)
        )
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Whatever starts the tests in the background has them, and all they start, ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@model
@pytest.mark.usefixtures("interruptible")
def test_what_was_added_before_an_interruption_is_kept(run, own, tmp_path, monkeypatch):
    folder = notes(tmp_path / "notes", 5, 1)
    told = AddProgress.__call__

    def interrupting(self: AddProgress, progress: Progress) -> None:
        told(self, progress)
        if progress.stage is Stage.WRITING and progress.files_done == 2:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(AddProgress, "__call__", interrupting)
        # So that each is encoded, and written, by itself.
        patched.setattr(
            "qa.ingest.write.Encoding", lambda store, encoder, _: Encoding(store, encoder, 1)
        )
        ran = run("add", "--library", own, folder)
    assert (ran.status, ran.out) == (130, "")
    assert ran.err == "qa: interrupted; what was added so far is kept\n"
    assert run("verify", "--library", own).status == 0
    data = run("add", "--library", own, "--json", folder).data
    assert (len(data["unchanged"]), len(data["added"])) == (2, 3)


@model
@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
@pytest.mark.usefixtures("interruptible")
def test_a_process_is_interrupted_in_one_line(run, model_cache, tmp_path):
    folder = notes(tmp_path / "notes", 40, 150)
    place = tmp_path / "library"
    process = started("add", "--library", place, folder, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not library_exists(place) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "qa: interrupted; what was added so far is kept\n"
    assert run("verify", "--library", place).status == 0
    (tmp_path / "one.txt").write_text("The tide table was wrong.", encoding="utf-8")
    assert run("add", "--library", place, tmp_path / "one.txt").status == 0
    assert run("ask", "--library", place, "What was wrong?").status == 0
