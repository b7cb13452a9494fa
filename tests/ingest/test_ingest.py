"""The write path: what is read again, what is kept when it is interrupted, and in what order."""

from __future__ import annotations

import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

import qa
import qa.ingest.prepare
from qa.ingest import VERSIONS
from qa.ingest.conveyor import Conveyor
from qa.ingest.discover import find_files
from qa.ingest.write import Stage
from qa.settings import IngestSettings, ReadingSettings, Settings
from qa.store.opening import open_library
from tests.support.hashing_encoder import HashingEncoder
from tests.support.written_sources import written_source

SMALL = Settings(ingest=IngestSettings(batch_passages=8))


def write(folder: Path, count: int, sentences: int = 3) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        text = " ".join(
            f"Ship {number}-{i} brought {i + number} tonnes of grain to the eastern quay."
            for i in range(sentences)
        )
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


def opened(folder: Path, settings: Settings = SMALL) -> qa.Library:
    return qa.open(folder, encoder=HashingEncoder(), settings=settings)


def threads() -> set[str]:
    """Those of an `add`; other tests' servers have their own."""
    names = {thread.name for thread in threading.enumerate()}
    return names & {"citewell-preparing", "citewell-encoding", "citewell-reading"}


# ---- the conveyor --------------------------------------------------------------------------


def drained(conveyor: Conveyor[int]) -> list[int]:
    found = []
    while not conveyor.ended:
        if (item := conveyor.take(5)) is not None:
            found.append(item)
    return found


def test_items_come_in_order_and_end():
    with Conveyor(iter(range(1, 100)), lambda item: 1, 7, lambda: None) as conveyor:
        assert drained(conveyor) == list(range(1, 100))
        assert conveyor.take(0) is None
    with Conveyor(iter(()), lambda item: 1, 7, lambda: None) as conveyor:
        assert drained(conveyor) == []


def test_no_more_is_made_than_may_wait():
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1, 50):
            made.append(number)
            yield number

    with Conveyor(items(), lambda item: 10, 30, lambda: None) as conveyor:
        deadline = time.monotonic() + 5
        while len(made) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05)
        assert made == [1, 2, 3, 4]  # three wait, one more is held
        assert conveyor.take(5) == 1
    assert len(made) <= 5


def test_an_item_heavier_than_all_that_may_wait_passes():
    with Conveyor(iter([1, 2]), lambda item: 1000, 10, lambda: None) as conveyor:
        assert drained(conveyor) == [1, 2]


def test_an_error_comes_after_the_items_before_it():
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("broken")

    with Conveyor(items(), lambda item: 1, 10, lambda: None) as conveyor:
        assert [conveyor.take(5), conveyor.take(5)] == [1, 2]
        with pytest.raises(ValueError, match="broken"):
            drained(conveyor)


def test_leaving_stops_and_joins_the_thread():
    closed = threading.Event()
    stop = threading.Event()

    def items() -> Iterator[int]:
        try:
            yield 1
            assert stop.wait(20)
            raise RuntimeError("stopped")
        finally:
            closed.set()

    def interrupted() -> None:
        with Conveyor(items(), lambda _: 1, 10, stop.set) as conveyor:
            assert conveyor.take(5) == 1
            assert conveyor.take(0.01) is None
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert closed.is_set()
    assert not threads()


# ---- what is read again --------------------------------------------------------------------


def test_a_file_is_read_again_when_its_reader_is_another(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("# Report\n\nThe quay has four cranes.\n")
    place = tmp_path / "library"
    with opened(place) as library:
        assert library.add(path).added == (path.as_posix(),)
        (now,) = library.sources()
    store = open_library(place, identity=HashingEncoder().identity, versions=VERSIONS)
    with store:
        older = written_source(
            path.as_posix(), [("Report", None, [("Ann", "The quay has cranes.")])], HashingEncoder()
        )
        text = replace(older.source_text, format="markdown", reader="markdown/0", blocks=())
        store.put([replace(older, source_text=text, file_sha256=now.file_sha256)])
    with opened(place) as library:
        assert library.sources()[0].reader == "markdown/0"
        report = library.add(path)
        assert (report.replaced, report.unchanged) == ((path.as_posix(),), ())
        assert library.sources()[0].reader == now.reader
        assert library.text("report.md") == path.read_text()
        assert library.add(path).unchanged == (path.as_posix(),)


def test_what_fails_to_be_read_again_stays_as_it_was(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("The quay has four cranes.")
    with opened(tmp_path / "library") as library:
        library.add(path)
        path.write_bytes(b"\0\1\2")
        report = library.add(path)
        assert [error.reason[:16] for error in report.failed] == ["is a binary file"]
        assert library.text("a.txt") == "The quay has four cranes."


def test_the_format_goes_by_the_bytes(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_bytes(rb"{\rtf1\ansi The quay has four cranes.\par}")
    with opened(tmp_path / "library") as library:
        library.add(path)
        assert (library.sources()[0].format, library.sources()[0].reader[:4]) == ("rtf", "rtf/")
        assert "\\rtf1" not in library.text("letter.txt")


# ---- bad files -----------------------------------------------------------------------------


def test_files_that_are_gone_when_their_turn_comes_are_reported(tmp_path, monkeypatch):
    folder = write(tmp_path / "files", 3)

    def found_and_lost(*given, **named):
        found = find_files(*given, **named)
        (folder / "001.txt").unlink()
        return found

    monkeypatch.setattr("qa.ingest.write.find_files", found_and_lost)
    with opened(tmp_path / "library") as library:
        report = library.add(folder, folder / "999.txt")
    assert len(report.added) == 2
    assert {error.path.name: error.reason for error in report.failed} == {
        "999.txt": "does not exist",
        "001.txt": "does not exist",
    }


def test_a_fault_of_our_own_in_one_file_is_its_reason(tmp_path, monkeypatch):
    folder = write(tmp_path / "files", 3)
    whole = qa.ingest.prepare.find_documents

    def find_documents(text):
        if "Ship 1-0" in text.text:
            raise IndexError("no such line")
        return whole(text)

    monkeypatch.setattr("qa.ingest.prepare.find_documents", find_documents)
    with opened(tmp_path / "library") as library:
        report = library.add(folder)
    assert len(report.added) == 2
    (error,) = report.failed
    assert error.reason == "could not be divided into passages (IndexError: no such line)"


def test_limits_of_reading_are_settings(tmp_path):
    folder = write(tmp_path / "files", 2)
    (folder / "large.txt").write_text("word " * 1000)
    (folder / "slow.html").write_bytes(b"<b>x</b>" * 300_000)
    reading = ReadingSettings(
        max_bytes=4_000_000, max_characters=4000, seconds=0.1, seconds_per_mib=0
    )
    with opened(tmp_path / "library", Settings(reading=reading)) as library:
        report = library.add(folder)
    assert len(report.added) == 2
    assert {error.path.name: error.reason for error in report.failed} == {
        "large.txt": "holds more than 4,000 characters; split it into parts",
        "slow.html": "takes longer than 0.1 s to read",
    }


# ---- interruptions -------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_an_interruption_keeps_whole_sources_and_the_next_add_goes_on(tmp_path, stage):
    folder = write(tmp_path / "files", 30)
    place = tmp_path / "library"

    def interrupting(step: qa.Progress) -> None:
        if step.stage is stage and step.files_done >= 9:
            raise KeyboardInterrupt

    with opened(place) as library:
        with pytest.raises(KeyboardInterrupt):
            library.add(folder, progress=interrupting)
        assert not threads()
        kept = library.sources()
        assert 9 <= len(kept) < 30
        assert library.verify().ok
        report = library.add(folder)
        assert set(report.unchanged) == {source.path for source in kept}
        assert len(report.added) == 30 - len(kept)
        assert library.verify().ok


def test_an_interruption_is_heard_while_a_file_is_read(tmp_path):
    slow = tmp_path / "slow.html"
    slow.write_bytes(b"<b>x</b>" * 5_000_000)
    began = time.monotonic()

    def interrupting(step: qa.Progress) -> None:
        if time.monotonic() - began > 0.6:
            raise KeyboardInterrupt

    with opened(tmp_path / "library") as library:
        with pytest.raises(KeyboardInterrupt):
            library.add(slow, progress=interrupting)
        assert time.monotonic() - began < 4
        assert not threads()


def test_an_encoder_that_fails_ends_the_add_with_its_error(tmp_path):
    class Failing(HashingEncoder):
        calls = 0

        def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None):
            self.calls += 1
            if self.calls > 4:
                raise RuntimeError("the processor melted")
            yield from super().passages(texts, progress)

    folder = write(tmp_path / "files", 60)
    with qa.open(tmp_path / "library", encoder=Failing(), settings=SMALL) as library:
        with pytest.raises(RuntimeError, match="melted"):
            library.add(folder)
        assert not threads()
        assert 0 < len(library.sources()) < 60


# ---- together ------------------------------------------------------------------------------


def test_two_adds_at_once_into_one_library(tmp_path):
    folders = [write(tmp_path / name, 20, 2 + at) for at, name in enumerate(("one", "two"))]
    reports: dict[Path, qa.AddReport] = {}
    with opened(tmp_path / "library") as library:
        running = [
            threading.Thread(target=lambda f=folder: reports.update({f: library.add(f)}))
            for folder in folders
        ]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        assert [len(reports[folder].added) for folder in folders] == [20, 20]
        assert len(library.sources()) == 40
        assert library.verify().ok


def test_the_same_text_in_many_files_is_structured_and_stored_once(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text("The quay has four cranes.")
    with opened(tmp_path / "library") as library:
        assert len(library.add(folder).added) == 5
        assert len({source.text_id for source in library.sources()}) == 1
        (folder / "late.txt").write_text("The quay has four cranes.")
        report = library.add(folder)
        assert (report.added, report.passages) == ((f"{folder.as_posix()}/late.txt",), 0)


def test_results_do_not_hang_on_how_much_is_encoded_at_once(tmp_path):
    folder = write(tmp_path / "files", 25, 12)
    found = []
    for batch in (1, 7, 512):
        settings = Settings(ingest=IngestSettings(batch_passages=batch))
        with opened(tmp_path / f"library-{batch}", settings) as library:
            report = library.add(folder)
            found.append((report, [library.structure(s.path) for s in library.sources()]))
    assert found[0] == found[1] == found[2]


def test_progress_is_told_from_the_calling_thread_and_adds_up_with_archives(tmp_path):
    folder = write(tmp_path / "files", 3)
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("one.txt", "The quay has four cranes.")
        archive.writestr("two.txt", "Two ships came in.")
        archive.writestr("../bad.txt", "x")
    told: list[tuple[int, qa.Progress]] = []
    with opened(tmp_path / "library") as library:
        report = library.add(
            folder, progress=lambda step: told.append((threading.get_ident(), step))
        )
    assert {thread for thread, _ in told} == {threading.get_ident()}
    last = told[-1][1]
    assert (last.files_done, last.files_total) == (6, 6)
    assert (len(report.added), len(report.failed)) == (5, 1)
    assert last.passages_done == last.passages_total == report.passages
    assert {step.stage for _, step in told} == set(Stage)


def test_a_rebuild_goes_the_same_way(tmp_path):
    folder = write(tmp_path / "files", 10)
    with opened(tmp_path / "library") as library:
        before = library.add(folder)
    report = qa.rebuild(tmp_path / "library", encoder=HashingEncoder(), settings=SMALL)
    assert (report.added, report.passages) == (before.added, before.passages)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_piles_up(tmp_path):
    folder = write(tmp_path / "files", 4)

    def children() -> int:
        return len(
            Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
        )

    with opened(tmp_path / "library") as library:
        library.add(folder)
        first = children()
        for number in range(5):
            (folder / "000.txt").write_text(f"Version {number}.")
            library.add(folder)
        assert children() <= max(first, 2)


def test_what_was_not_read_of_a_file_is_told_also_from_an_archive(tmp_path):
    def letter(words: str) -> bytes:
        message = EmailMessage()
        message["From"] = "Ann Lee <ann@example.org>"
        message.set_content(words)
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
        return message.as_bytes()

    (tmp_path / "one.eml").write_bytes(letter("The quay was closed in June."))
    (tmp_path / "same.eml").write_bytes(letter("The quay was closed in June."))
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("two.eml", letter("The quay is open again."))
    with opened(tmp_path / "library") as library:
        report = library.add(tmp_path)
    note = "1 attachment was not read: plan.pdf"
    names = ("more.zip/two.eml", "one.eml", "same.eml")
    told = sorted((found.source, found.words) for found in report.notes)
    assert told == [((tmp_path / name).as_posix(), note) for name in names]


def test_a_text_of_too_many_lines_is_refused_blank_ones_not_counted(tmp_path):
    (tmp_path / "few.txt").write_text("\n" * 50 + "a\n" * 10, encoding="utf-8")
    (tmp_path / "many.txt").write_text("\n" * 50 + "a\n" * 11, encoding="utf-8")
    settings = replace(SMALL, reading=ReadingSettings(max_lines=10))
    with opened(tmp_path / "library", settings) as library:
        report = library.add(tmp_path)
    assert report.added == ((tmp_path / "few.txt").as_posix(),)
    assert [(error.path.name, error.reason) for error in report.failed] == [
        ("many.txt", "has 11 lines, at most 10; split it into parts")
    ]
