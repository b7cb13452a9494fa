"""Conversations, notebook and feedback: kept whole, each person's own, safe to write at once."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import LibraryError
from qa.notebook.records import Exchange, FeedbackKind
from qa.records import Filters, Span, Understood, Verdict
from qa.store.opening import open_notebook
from qa.store.sqlite.names import ON_DISK
from qa.store.sqlite.notebook import LONGEST_TITLE
from tests.support.quotes import make_quote


def exchange(id: str, question: str = "What was said of the pier?") -> Exchange:
    return Exchange(
        id=id,
        asked_at="2024-05-01T10:00:00+00:00",
        question=question,
        verdict=Verdict.ANSWERED,
        filters=Filters(speakers=("A", "B"), until="2024-01-31"),
        understood=Understood(
            speakers=("A",), says=True, since="2024", phrases=("in 2024",), frame=(Span(1, 4),)
        ),
        quotes=(
            make_quote(
                "The pier \ud83d\ude00 holds. ${1+1}".encode("utf-16", "surrogatepass").decode(
                    "utf-16"
                )
            ),
            replace(make_quote("Twice."), places=(make_quote("Twice.").citation,)),
        ),
        misses=(make_quote("A miss."),),
        unknown_words=(("zzyzx", None), ("peer", "pier")),
        passages=12,
        documents=3,
        searched="What was said of the pier in 2024?",
    )


def test_an_exchange_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = exchange("one")
    keeping = open_notebook(tmp_path)
    conversation = keeping.keep_exchange("anna", None, kept)
    assert keeping.keep_exchange("anna", conversation, exchange("two")) == conversation
    again = open_notebook(tmp_path)
    assert again.exchanges("anna", conversation) == (kept, exchange("two"))
    assert again.exchange("anna", "one") == kept
    assert again.last_exchange("anna", conversation) == exchange("two")
    (listed,) = again.conversations("anna")
    assert (listed.title, listed.exchanges) == (kept.question, 2)


def test_nobody_reaches_the_rows_of_another(tmp_path: Path) -> None:
    keeping = open_notebook(tmp_path)
    conversation = keeping.keep_exchange("anna", None, exchange("one"))
    pin = keeping.pin("anna", "q", make_quote("Words."))
    assert keeping.conversations("boris") == ()
    assert keeping.pins("boris") == ()
    for call in (
        lambda: keeping.exchanges("boris", conversation),
        lambda: keeping.exchange("boris", "one"),
        lambda: keeping.title("boris", conversation),
        lambda: keeping.rename("boris", conversation, "mine"),
        lambda: keeping.delete("boris", conversation),
        lambda: keeping.keep_exchange("boris", conversation, exchange("two")),
    ):
        with pytest.raises(KeyError):
            call()
    keeping.unpin("boris", pin.id)
    assert keeping.pins("anna") == (pin,)
    assert len(keeping.exchanges("anna", conversation)) == 1


def test_rename_and_delete(tmp_path: Path) -> None:
    keeping = open_notebook(tmp_path)
    conversation = keeping.keep_exchange("anna", None, exchange("one"))
    assert keeping.rename("anna", conversation, "  The\n pier ") == "The pier"
    assert keeping.rename("anna", conversation, " ") == "The pier"
    assert len(keeping.rename("anna", conversation, "x" * 500)) == LONGEST_TITLE
    keeping.delete("anna", conversation)
    assert keeping.conversations("anna") == ()
    with pytest.raises(KeyError):
        keeping.exchange("anna", "one")


def test_a_place_is_pinned_once_and_feedback_is_listed(tmp_path: Path) -> None:
    keeping = open_notebook(tmp_path)
    first = keeping.pin("anna", "q1", make_quote("Words."))
    assert keeping.pin("anna", "q2", make_quote("Words.")) == first
    assert keeping.pins("anna") == (first,)
    keeping.unpin("anna", first.id)
    assert keeping.pins("anna") == ()
    keeping.give_feedback("anna", FeedbackKind.WRONG_SPEAKER, "q", make_quote("Words."))
    (given,) = keeping.feedback()
    assert (given.person, given.kind) == ("anna", FeedbackKind.WRONG_SPEAKER)
    assert given.quote == make_quote("Words.")


def test_many_people_write_at_once(tmp_path: Path) -> None:
    keeping, other = open_notebook(tmp_path), open_notebook(tmp_path)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            target = keeping if number % 2 else other
            conversation = target.keep_exchange(f"person {number}", None, exchange(f"{number}-0"))
            for turn in range(1, 8):
                target.keep_exchange(f"person {number}", conversation, exchange(f"{number}-{turn}"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for number in range(8):
        (conversation,) = keeping.conversations(f"person {number}")
        ids = [kept.id for kept in keeping.exchanges(f"person {number}", conversation.id)]
        assert ids == [f"{number}-{turn}" for turn in range(8)]


def test_a_newer_or_damaged_file_is_refused_in_words(tmp_path: Path) -> None:
    open_notebook(tmp_path)
    connection = sqlite3.connect(tmp_path / ON_DISK.notebook)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryError, match="newer Citewell"):
        open_notebook(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ON_DISK.notebook).write_bytes(b"no database" * 1000)
    with pytest.raises(LibraryError, match="can't be kept"):
        open_notebook(tmp_path / "other")


def test_what_is_kept_is_read_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = open_notebook(tmp_path).pin("anna", "q", make_quote("Words."))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    # A read-only medium, as far as a test may be run by somebody who can write everywhere.
    monkeypatch.setattr("os.access", lambda path, mode: False)
    keeping = open_notebook(tmp_path, read_only=True)
    assert keeping.pins("anna") == (pinned,)
    assert [where for where, _ in keeping.quotes()] == ["notebook"]
    with pytest.raises(LibraryError, match="readonly"):
        keeping.pin("anna", "q", make_quote("Others."))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    with pytest.raises(LibraryError, match="can't be read"):
        open_notebook(tmp_path / "missing", read_only=True)
