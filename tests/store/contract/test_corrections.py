"""Corrections by hand, kept with the sources and applied to what is searched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import qa
from qa.cli.main import main
from qa.corrections.applying import (
    UNSET,
    Correctable,
    Correction,
)
from qa.corrections.making import correct_document, correct_name, correct_turn
from qa.errors import InvalidQuery, UnknownSource
from qa.records import Filters
from qa.store.protocol import LibraryStore
from qa.store.records import FileFacts
from qa.store.source_names import source_at
from qa.store.sqlite.names import ON_DISK
from tests.support.hashing_encoder import HashingEncoder
from tests.support.library_homes import Home, rebuild_at
from tests.support.library_samples import (
    IDENTITY,
    VERSIONS,
    correct,
    correct_something,
    generation_of,
    sample,
    uncorrect,
)

# ---- in the library ------------------------------------------------------------------------


@pytest.fixture
def store(home: Home) -> LibraryStore:
    opened = home.create()
    for name in ("a", "b"):  # the same text under two paths, and another
        opened.put([sample(f"/{name}.txt", 1)])
    opened.put([sample("/c.txt", 2)])
    return opened


def rows(store: LibraryStore, path: str) -> tuple[list[str | None], list[str | None]]:
    documents, turns = store.structure(path)
    return [one.title for one in documents], [turn.speaker for turn in turns]


def test_a_shared_text_is_corrected_for_one_path_alone(store: LibraryStore) -> None:
    before = rows(store, "/b.txt")
    ids = set(store.passage_ids().tolist())
    vectors = store.vectors(store.passage_ids())
    correct_something(store, "/a.txt")
    assert rows(store, "/b.txt") == before
    assert rows(store, "/a.txt")[0][0] == "Corrected"
    assert rows(store, "/a.txt")[1][0] == "Corrected Speaker"
    assert store.structure("/a.txt", as_found=True) == store.structure("/b.txt")
    assert source_at(store, "/a.txt").text_id != source_at(store, "/b.txt").text_id
    assert store.verify().problems == ()
    own = set(store.passage_ids(Filters(sources=("/a.txt",))).tolist())
    assert own.isdisjoint(ids)
    # The copy's numbers are those of the text it was copied from, not encoded again.
    kept = store.vectors(store.passage_ids())
    assert {row.tobytes() for row in kept} == {row.tobytes() for row in vectors}
    uncorrect(store, 1)
    uncorrect(store, 2)
    assert rows(store, "/a.txt") == before
    assert source_at(store, "/a.txt").text_id == source_at(store, "/b.txt").text_id
    assert set(store.passage_ids().tolist()) == ids
    assert store.verify().problems == ()


def test_filters_speakers_titles_and_words_follow_the_correction(store: LibraryStore) -> None:
    of_text = source_at(store, "/c.txt").text_id
    ids = set(store.passage_ids().tolist())
    correct_something(store, "/c.txt")
    # Nobody shares it: corrected where it is, and its passages keep their ids.
    assert source_at(store, "/c.txt").text_id == of_text
    assert set(store.passage_ids().tolist()) == ids
    first = store.structure("/c.txt")[1][0]
    found = store.passages(store.passage_ids(Filters(speakers=("Corrected Speaker",))))
    assert [(p.turn, p.document.title) for p in found.values()] == [(first, "Corrected")]
    assert next(iter(found.values())).context == "Corrected. Source. Corrected Speaker."
    assert store.lexical_scores(["speaker"])[0].tolist() == list(found)
    assert "Corrected Speaker" in [one.name for one in store.names().speakers]
    assert "Corrected" in store.names().titles
    uncorrect(store, 2)
    assert store.passage_ids(Filters(speakers=("Corrected Speaker",))).tolist() == []
    assert store.lexical_scores(["speaker"])[0].tolist() == []
    assert store.verify().problems == ()


def test_it_is_kept_when_the_source_is_put_again(store: LibraryStore) -> None:
    correct_something(store, "/a.txt")
    entry = sample("/a.txt", 1)
    result = store.put([entry])[0]
    assert result.reused
    assert rows(store, "/a.txt")[0][0] == "Corrected"
    assert store.attach(FileFacts("/a.txt", "f" * 64, 1, 2), entry.source_text) is not None
    assert rows(store, "/a.txt")[0][0] == "Corrected"
    # Another path that comes to have that text is not corrected.
    assert store.attach(FileFacts("/d.txt", "f" * 64, 1, 2), entry.source_text) is not None
    assert rows(store, "/d.txt") == rows(store, "/b.txt")
    # Other words: the corrections stay, and apply to nothing.
    store.put([sample("/a.txt", 9)])
    assert "Corrected" not in rows(store, "/a.txt")[0]
    assert [one.value for one in store.corrections("/a.txt")] == ["Corrected", "Corrected Speaker"]
    assert store.attach(FileFacts("/a.txt", "f" * 64, 1, 2), entry.source_text) is None
    store.put([entry])
    assert rows(store, "/a.txt")[0][0] == "Corrected"
    assert store.verify().problems == ()
    store.remove(["/a.txt"])
    assert store.corrections() == ()
    store.put([entry])
    assert rows(store, "/a.txt") == rows(store, "/b.txt")
    assert store.verify().problems == ()


def test_a_correction_takes_the_place_of_the_earlier_one(store: LibraryStore) -> None:
    def title(words: str) -> None:
        correct(store, "/a.txt", lambda found: correct_document(found, 0, words, UNSET, "anna"))

    title("One")
    title("Two")
    (kept,) = store.corrections("/a.txt")
    assert (kept.id, kept.value, kept.found, kept.person) == (2, "Two", "Title 0", "anna")
    assert store.structure("/a.txt")[0][0].title == "Two"
    uncorrect(store, 2)
    title("Three")
    assert store.corrections()[0].id == 3  # no id is given twice


def test_what_cannot_be_corrected_says_why(store: LibraryStore) -> None:
    def refused(make: object, match: str) -> None:
        with pytest.raises(InvalidQuery, match=match):
            correct(store, "/a.txt", make)  # type: ignore[arg-type]

    speaker = store.structure("/c.txt")[1]
    assert speaker
    refused(lambda s: correct_document(s, 7, "T", UNSET, None), "2 documents.*got document 7")
    refused(lambda s: correct_document(s, None, "T", UNSET, None), "none was named")
    refused(lambda s: correct_document(s, 0, UNSET, UNSET, None), "nothing to correct")
    refused(lambda s: correct_document(s, 0, UNSET, "5 May", None), "expected YYYY")
    refused(lambda s: correct_document(s, 0, UNSET, "2024-02-31", None), "calendar")
    refused(lambda s: correct_document(s, 0, "Title 0", UNSET, None), "already")
    refused(lambda s: correct_document(s, 0, "x" * 301, UNSET, None), "301 characters")
    refused(lambda s: correct_document(s, 0, "a\x00b", UNSET, None), "no text")
    refused(lambda s: correct_document(s, 0, "T", UNSET, None, ("Old", UNSET)), "meanwhile")
    refused(lambda s: correct_name(s, "Nobody Here", "X", None, None), "found were: '")
    refused(lambda s: correct_turn(s, 0, "X", None, None), "expected one in somebody's words")
    with pytest.raises(UnknownSource):
        correct(store, "/nowhere", lambda s: [])
    with pytest.raises(InvalidQuery, match="no correction 4"):
        uncorrect(store, 4)
    assert generation_of(store) == 3
    assert store.verify().problems == ()


def test_a_rebuild_keeps_them(home: Home, store: LibraryStore) -> None:
    correct_something(store, "/a.txt")
    kept, before = store.corrections(), rows(store, "/a.txt")
    store.close()
    with rebuild_at(home, IDENTITY, VERSIONS) as work:
        for source in work.old.sources():
            seed = 2 if source.path == "/c.txt" else 1
            work.new.put([sample(source.path, seed)])
        work.finish()
    with home.open() as again:
        assert again.corrections() == kept
        assert rows(again, "/a.txt") == before
        assert again.verify().problems == ()
        correct_something(again, "/c.txt")
        assert again.corrections("/c.txt")[0].id == 3


def test_two_libraries_at_once_lose_no_correction(home: Home, store: LibraryStore) -> None:
    with home.open() as other:
        for number, library in enumerate((store, other, store, other)):
            correct(
                library,
                "/c.txt",
                lambda found, n=number: correct_turn(
                    found, found.turns[n].start, f"P{n}", None, None
                ),
            )
        assert rows(other, "/c.txt")[1][:4] == ["P0", "P1", "P2", "P3"]
        assert other.verify().problems == ()


def test_correctable_is_what_was_found(store: LibraryStore) -> None:
    correct_something(store, "/a.txt")
    seen: list[Correctable] = []

    def look(subject: Correctable) -> list[Correction]:
        seen.append(subject)
        return correct_document(subject, 1, "Other", UNSET, None)

    correct(store, "/a.txt", look)
    assert seen[0].documents == store.structure("/b.txt")[0]
    assert seen[0].now.documents[0].title == "Corrected"
    assert store.structure("/a.txt")[0][1].title == "Other"
    assert store.structure("/a.txt")[0][0].title == "Corrected"


# ---- through the facade -----------------------------------------------------------------------

TALK = """Talk on the harbour
4 March 2024

Speaker A: The pilot boats cost nine million crowns a year, and the council has paid for them.

Speaker B: Who will pay for the dredging of the northern channel next spring?

Speaker A: The dredging is paid for by the shipping companies themselves.
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    file = tmp_path / "talk.txt"
    file.write_text(TALK, "utf-8")
    return file


@pytest.fixture
def library(tmp_path: Path, talk: Path) -> Iterator[qa.Library]:
    with qa.open(tmp_path / "kept", encoder=HashingEncoder()) as opened:
        opened.add(talk)
        yield opened


def test_a_corrected_speaker_answers_filters_and_stays(library: qa.Library, talk: Path) -> None:
    kept = library.correct_speaker("talk.txt", found="Speaker A", speaker="Alice Munro")
    assert (kept.found, kept.value) == ("Speaker A", "Alice Munro")
    assert [one.name for one in library.speakers()] == ["Alice Munro", "B"]
    answer = library.ask("Who pays for the dredging?", speaker="Munro")
    assert {quote.citation.speaker for quote in answer.quotes} == {"Alice Munro"}
    asked = library.ask("What did Alice Munro say about the dredging?")
    assert asked.query.understood.speakers == ("Alice Munro",)
    with pytest.raises(InvalidQuery):
        library.ask("the dredging", speaker="Speaker A")
    assert library.find("dredging", speaker="Munro").count == 1
    talk.write_text(TALK.replace("nine million", "ten million"), "utf-8")
    assert library.add(talk).replaced == (talk.as_posix(),)
    assert [one.name for one in library.speakers()] == ["Alice Munro", "B"]
    assert library.add(talk, sync=True).unchanged == (talk.as_posix(),)
    (listed,) = library.corrections("talk.txt")
    assert (listed.applies, listed.found, len(listed.effect.turns)) == (True, "Speaker A", 4)
    talk.write_text(TALK.replace("Speaker A", "Speaker C"), "utf-8")
    library.add(talk)
    assert not library.corrections()[0].applies
    assert "Alice Munro" not in [one.name for one in library.speakers()]
    assert library.verify().ok
    library.uncorrect(kept.id)
    assert library.corrections() == ()


def test_a_title_and_a_date_are_kept_and_searched(library: qa.Library, talk: Path) -> None:
    before, _ = library.structure("talk.txt")
    library.correct("talk.txt", title="  On the\nharbour ", date="2021-03", person="anna")
    (document,), _ = library.structure("talk.txt")
    assert (document.title, document.date) == ("On the harbour", "2021-03")
    assert library.structure("talk.txt", as_found=True)[0] == before
    assert library.titles() == ("On the harbour",)
    assert library.dates() == ("2021-03",)
    citation = library.ask("dredging", until="2021", documents="harbour").quotes[0].citation
    assert (citation.document, citation.date) == ("On the harbour", "2021-03")
    with pytest.raises(InvalidQuery):
        library.ask("dredging", documents="Talk")
    talk.write_text("\ufeff" + TALK, "utf-8")  # other bytes, the same text
    assert library.add(talk).added or library.structure("talk.txt")[0][0].title
    assert library.titles() == ("On the harbour",)
    assert {one.correction.person for one in library.corrections()} == {"anna"}
    library.remove("talk.txt")
    assert library.corrections() == ()
    talk.write_text(TALK, "utf-8")
    library.add(talk)
    assert library.structure("talk.txt")[0] == before


def test_one_turn_by_a_place_in_the_text(library: qa.Library, talk: Path) -> None:
    at = TALK.index("Who will pay")
    library.correct_speaker("talk.txt", at=at, speaker="Ines Kolar", role="Councillor")
    turns = {turn.start: turn for turn in library.structure("talk.txt")[1]}
    assert (turns[at].speaker, turns[at].role) == ("Ines Kolar", "Councillor")
    library.correct_speaker("talk.txt", at=at + 5, speaker=None)
    turns = {turn.start: turn for turn in library.structure("talk.txt")[1]}
    assert (turns[at].speaker, turns[at].role) == (None, None)
    assert len(library.corrections()) == 1
    with pytest.raises(InvalidQuery, match="either the name"):
        library.correct_speaker("talk.txt", speaker="X")


def test_all_of_a_name_can_be_corrected_after_one_of_its_turns(library: qa.Library) -> None:
    """What was seen is that of any turn of the name that was not corrected by itself."""
    one, all_of = TALK.index("The pilot"), {"found": "Speaker A", "speaker": "Alice Munro"}
    library.correct_speaker("talk.txt", at=one, speaker="Bo Day")
    with pytest.raises(InvalidQuery, match="meanwhile"):
        library.correct_speaker("talk.txt", **all_of, seen="Ines Kolar")
    library.correct_speaker("talk.txt", **all_of, seen="Speaker A")
    turns = {turn.start: turn.speaker for turn in library.structure("talk.txt")[1]}
    assert (turns[one], turns[TALK.index("The dredging")]) == ("Bo Day", "Alice Munro")
    why = library.speaker_evidence("talk.txt")
    assert [(w.reason.value, w.found) for w in why] == [
        ("corrected", "Speaker A"),
        ("label", None),
        ("corrected", "Speaker A"),
    ]


def test_a_rebuild_of_the_library_keeps_them(tmp_path: Path, talk: Path) -> None:
    encoder = HashingEncoder()
    with qa.open(tmp_path / "kept", encoder=encoder) as library:
        library.add(talk)
        library.correct_speaker("talk.txt", found="Speaker A", speaker="Alice Munro")
        expected = library.structure("talk.txt")
    talk.unlink()
    qa.rebuild(tmp_path / "kept", encoder=encoder)
    with qa.open(tmp_path / "kept", encoder=encoder) as library:
        assert library.structure("talk.txt") == expected
        assert library.corrections()[0].applies
        assert library.verify().ok


def test_the_same_names_as_an_add_would_give(tmp_path: Path) -> None:
    """An independent oracle: a library whose file says so itself has the same words indexed."""
    renamed = TALK.replace("Speaker A", "Alice Munro")
    found = []
    for name, text in (("one", TALK), ("two", renamed)):
        file = tmp_path / name / "talk.txt"
        file.parent.mkdir()
        file.write_text(text, "utf-8")
        with qa.open(tmp_path / name / "kept", encoder=HashingEncoder()) as library:
            library.add(file)
            if name == "one":
                library.correct_speaker("talk.txt", found="Speaker A", speaker="Alice Munro")
        with closing(sqlite3.connect(tmp_path / name / "kept" / ON_DISK.database)) as connection:
            rows = connection.execute(
                "SELECT p.context, l.tokens FROM passages AS p JOIN lexical AS l ON l.rowid = p.id "
                "ORDER BY p.start"
            )
            found.append(rows.fetchall())
    assert found[0] == found[1]
    assert "munro" in found[0][0][1]


# ---- the command --------------------------------------------------------------------------------


def test_the_command(library: qa.Library, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--library", str(library.folder)]

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["correct", *words, *place])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    assert run("--list")[:2] == (1, "nothing was corrected\n")
    status, out, _ = run("talk.txt", "--found", "Speaker A", "--speaker", "Alice Munro")
    assert status == 0
    assert "Alice Munro (found: Speaker A)" in out
    status, out, _ = run("talk.txt", "--title", "Harbour talk", "--date", "2024-03-05")
    assert (status, out.count("corrected:")) == (0, 2)
    line = TALK[: TALK.index("Who will pay")].count("\n") + 1
    assert run("talk.txt", "--line", str(line), "--speaker", "")[0] == 0
    status, out, _ = run("talk.txt", "--list")
    assert status == 0
    assert len(out.splitlines()) == 4
    assert "date of document 1: 2024-03-05 (found: 2024-03-04)" in out
    listed = json.loads(run("--list", "--json")[1])["corrections"]
    assert [one["kind"] for one in listed] == ["speaker", "title", "date", "turn"]
    assert all(one["applies"] for one in listed)
    assert "taken back" in run("--undo", "1")[1]
    for words, told in (
        (["talk.txt"], "nothing to correct"),
        ([], "expected a source"),
        (["talk.txt", "--speaker", "X"], "goes with"),
        (["talk.txt", "--line", "1", "--speaker", "X"], "nobody's words"),
        (["talk.txt", "--line", "999", "--speaker", "X"], "lines"),
        (["talk.txt", "--date", "tomorrow"], "expected YYYY"),
        (["other.txt", "--title", "X"], "No source goes by"),
        (["--undo", "77"], "no correction 77"),
    ):
        status, _, error = run(*words)
        assert status == 2
        assert told in error
