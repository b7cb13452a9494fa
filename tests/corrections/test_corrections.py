"""Corrections by hand: found again after the source was edited, or nowhere; never elsewhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa
from qa.cli.main import main
from qa.corrections.applying import (
    UNSET,
    Correctable,
    Correction,
    CorrectionKind,
    StructureSelector,
    corrected,
    document_anchor,
    turn_anchor,
)
from qa.corrections.making import correct_document, correct_name, correct_turn
from qa.errors import InvalidQuery, LibraryMismatch, UnknownSource
from qa.records import Boundary, Document, Filters, Turn, TurnKind
from qa.store.opening import create_library, open_library
from qa.store.protocol import LibraryStore
from qa.store.records import FileFacts
from qa.store.source_names import source_at
from qa.store.sqlite.names import ON_DISK
from tests.support.hashing_encoder import HashingEncoder
from tests.support.library_samples import (
    IDENTITY,
    VERSIONS,
    correct,
    correct_something,
    generation_of,
    open_new,
    rebuild_of,
    reopen,
    sample,
    uncorrect,
)

TITLE, DATE, SPEAKER, TURN = CorrectionKind


def made(text: str) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
    """Documents begin at lines with `#`; each other line is a turn, `Name: words` a speaker's."""
    documents: list[Document] = []
    turns: list[Turn] = []
    at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line.rstrip("\n"))
        if line.startswith("#"):
            title = line.strip("# \n") or None
            facts = (at, len(text), title, None, None, None, Boundary.STRONG, "#")
            documents.append(Document(len(documents), *facts))
        elif line.strip():
            name, colon, words = line.rstrip("\n").partition(": ")
            start = end - len(words) if colon else at
            kind = TurnKind.SPEECH if colon else TurnKind.NARRATION
            speaker = name if colon else None
            turns.append(Turn(len(documents) - 1, len(turns), kind, start, end, speaker))
        at += len(line)
    ends = [document.start for document in documents[1:]] + [len(text)]
    return (
        tuple(replace(one, end=end) for one, end in zip(documents, ends, strict=True)),
        tuple(turns),
    )


def about_turn(text: str, number: int, speaker: str | None) -> Correction:
    turns = made(text)[1]
    anchor = turn_anchor(turns[number], turns, text)
    return Correction(1, "/x", TURN, speaker, None, anchor, turns[number].speaker)


def about_title(text: str, number: int, title: str) -> Correction:
    documents = made(text)[0]
    anchor = document_anchor(documents[number], documents, text)
    return Correction(1, "/x", TITLE, title, None, anchor, documents[number].title)


def speakers(text: str, *corrections: Correction) -> list[str | None]:
    return [turn.speaker for turn in corrected(*made(text), text, corrections).turns]


def titles(text: str, *corrections: Correction) -> list[str | None]:
    return [one.title for one in corrected(*made(text), text, corrections).documents]


TEXT = """# First meeting
Speaker A: We opened the harbour in spring and nobody has thanked us for it.
Speaker B: Yes.
Speaker A: The dredging went on through the summer.
# Second meeting
Speaker B: Yes.
A voice asked who should pay for the pilot boats this year.
Speaker A: Nobody.
"""


# ---- what a correction applies to --------------------------------------------------------


def test_all_turns_of_a_found_name() -> None:
    alice = Correction(1, "/x", SPEAKER, "Alice Munro", None, StructureSelector(), "Speaker A")
    found = speakers(TEXT, alice)
    assert found == [
        *("Alice Munro", "Speaker B", "Alice Munro"),
        *("Speaker B", None, "Alice Munro"),
    ]
    assert corrected(*made(TEXT), TEXT, [alice]).effects[1].turns == ((0, 0), (0, 2), (1, 5))


def test_one_turn_outweighs_its_found_name() -> None:
    alice = Correction(2, "/x", SPEAKER, "Alice Munro", None, StructureSelector(), "Speaker A")
    bob = about_turn(TEXT, 2, "Bob")
    for order in ((alice, bob), (bob, alice)):
        assert speakers(TEXT, *order)[:3] == ["Alice Munro", "Speaker B", "Bob"]


def test_a_turn_nobody_was_found_to_speak() -> None:
    correction = about_turn(TEXT, 4, "Ines Kolar")
    assert speakers(TEXT, correction)[4] == "Ines Kolar"
    assert speakers(TEXT, correction).count("Ines Kolar") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("First meeting", "The first meeting of the year"),  # elsewhere
        ("Speaker B: Yes.\nSpeaker A: The", "Speaker B: Yes.\nSpeaker B: And no.\nSpeaker A: The"),
        ("who should pay", "who ought to pay"),  # within it
        ("A voice asked", "A voice in the gallery asked"),  # where it begins
        ("this year.", "next year, and the year after."),  # where it ends
        ("A voice asked who", "A  voice\tasked who"),  # its white space
    ],
)
def test_a_turn_is_found_again_after_an_edit(old: str, new: str) -> None:
    correction = about_turn(TEXT, 4, "Ines Kolar")
    edited = TEXT.replace(old, new)
    assert edited != TEXT
    changed = [
        turn
        for turn in corrected(*made(edited), edited, [correction]).turns
        if turn.speaker == "Ines Kolar"
    ]
    assert len(changed) == 1
    assert "pay for the pilot boats" in edited[changed[0].start : changed[0].end]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Its words are gone, altogether changed, or run on in what was another's turn.
        ("A voice asked who should pay for the pilot boats this year.\n", ""),
        ("A voice asked who should pay for the pilot boats this year.", "Rain fell."),
        ("this year.\nSpeaker A: Nobody.", "this year. Nobody."),
    ],
)
def test_a_turn_that_is_gone_is_not_looked_for_elsewhere(old: str, new: str) -> None:
    correction = about_turn(TEXT, 4, "Ines Kolar")
    edited = TEXT.replace(old, new)
    assert edited != TEXT
    result = corrected(*made(edited), edited, [correction])
    assert "Ines Kolar" not in [turn.speaker for turn in result.turns]
    assert not result.effects[1].applies


def test_equal_words_are_told_by_what_stands_around_them() -> None:
    second = about_turn(TEXT, 3, "Carol")  # the second "Yes."
    assert speakers(TEXT, second)[1:4] == ["Speaker B", "Speaker A", "Carol"]
    more = TEXT.replace("# First meeting\n", "# First meeting\nSpeaker C: Yes.\n")
    assert speakers(more, second).index("Carol") == 4
    only_first = TEXT.replace("# Second meeting\nSpeaker B: Yes.\n", "# Second meeting\n")
    assert "Carol" not in speakers(only_first, second)


def test_equal_words_in_equal_surroundings_only_by_their_number() -> None:
    text = "# One\n" + "A: Yes.\n" * 9
    third = about_turn(text, 4, "Carol")
    assert speakers(text, third).index("Carol") == 4
    assert "Carol" not in speakers("# One\n" + "A: Yes.\n" * 10, third)
    assert "Carol" not in speakers("# One\nA: Yes.\n", third)


def test_a_document_is_found_again_by_its_first_line_or_the_words_after_it() -> None:
    correction = about_title(TEXT, 1, "Meeting of May")
    assert titles(TEXT, correction) == ["First meeting", "Meeting of May"]
    for old, new in (
        ("# First meeting\n", "# Preface\nSpeaker C: Welcome.\n# First meeting\n"),
        ("Speaker A: Nobody.", "Speaker A: Everybody."),
        ("Second meeting", "Second meeting, held in May"),
    ):
        edited = TEXT.replace(old, new)
        assert edited != TEXT
        assert titles(edited, correction)[-1] == "Meeting of May"
        assert titles(edited, correction).count("Meeting of May") == 1
    gone = TEXT[: TEXT.index("# Second meeting")]
    assert titles(gone, correction) == ["First meeting"]
    other = gone + "# Another thing\nSpeaker B: No.\n"
    assert titles(other, correction) == ["First meeting", "Another thing"]


def test_documents_that_begin_alike_are_told_apart_or_left() -> None:
    text = "# Minutes\nA: Yes.\n# Minutes\nA: No.\n# Minutes\nA: No.\n"
    second = about_title(text, 1, "Minutes of May")
    assert titles(text, second) == ["Minutes", "Minutes of May", "Minutes"]
    assert titles("# Minutes\nB: Ah.\n" + text, second) == ["Minutes"] * 4
    first = about_title(text, 0, "Minutes of April")
    assert titles("# Minutes\nB: Ah.\n" + text, first)[1] == "Minutes of April"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["A: Yes.", "B: No.", "Rain.", "#", "# T"]), max_size=12), st.data()
)
def test_a_correction_applies_where_it_was_made(lines: list[str], data: st.DataObject) -> None:
    """Whatever repeats itself: on the same text it applies to its own turn and to no other."""
    text = "\n".join(["# Top", *lines, "end."]) + "\n"
    documents, turns = made(text)
    number = data.draw(st.integers(0, len(turns) - 1))
    expected = [turn.speaker for turn in turns]
    expected[number] = "Corrected"
    assert speakers(text, about_turn(text, number, "Corrected")) == expected
    number = data.draw(st.integers(0, len(documents) - 1))
    names = [one.title for one in documents]
    names[number] = "Corrected"
    assert titles(text, about_title(text, number, "Corrected")) == names


# ---- in the library ------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> LibraryStore:
    opened = open_new(tmp_path / "lib")
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


def test_a_rebuild_keeps_them(store: LibraryStore) -> None:
    correct_something(store, "/a.txt")
    kept, before = store.corrections(), rows(store, "/a.txt")
    store.close()
    with rebuild_of(store.index_folder, IDENTITY, VERSIONS) as work:
        for source in work.old.sources():
            seed = 2 if source.path == "/c.txt" else 1
            work.new.put([sample(source.path, seed)])
        work.finish()
    with reopen(store.index_folder) as again:
        assert again.corrections() == kept
        assert rows(again, "/a.txt") == before
        assert again.verify().problems == ()
        correct_something(again, "/c.txt")
        assert again.corrections("/c.txt")[0].id == 3


def test_two_libraries_at_once_lose_no_correction(store: LibraryStore) -> None:
    with reopen(store.index_folder) as other:
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


def test_an_earlier_schema_is_named_whoever_opens_it(store: LibraryStore) -> None:
    store.close()
    with closing(sqlite3.connect(store.index_folder / ON_DISK.database)) as connection:
        connection.execute("PRAGMA user_version = 1")
        connection.execute("DROP TABLE corrections")
        connection.commit()
    for opened in (
        lambda: open_library(store.index_folder),
        lambda: reopen(store.index_folder),
        lambda: create_library(store.index_folder, IDENTITY, VERSIONS),
    ):
        with pytest.raises(LibraryMismatch, match=r"earlier version.*schema version 1.*new folder"):
            opened()


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
