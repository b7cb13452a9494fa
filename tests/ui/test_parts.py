"""The page's parts that need neither a browser nor a server."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.check.records import Note, NoteKind
from qa.errors import CitewellError
from qa.records import Boundary, Document, Turn, TurnKind
from ui.passwords import Accounts, hash_password, set_password
from ui.resources import all_words, language_of
from ui.security import is_loopback
from ui.sessions import COOKIE, LIFETIME_SECONDS, LOCAL_PERSON, Attempts, Sessions
from ui.source_view import OpenSource, line_starts, rows
from ui.uploads import Upload, in_place, receive, safe_name


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# ---- rows of a source --------------------------------------------------------------------


@given(st.text(alphabet="ab\n\r\u2028😀", max_size=60), st.data())
def test_rows_in_order_are_the_text_and_marked_pieces_the_span(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    document = Document(0, 0, len(text), None, None, None, None, Boundary.FILE, "")
    source = OpenSource("/x", 0, text, line_starts(text), (document,), ())
    made = rows(source, 0, len(text), (start, end))
    pieces = [piece for row in made for piece in row["pieces"]]
    assert "".join(words for words, _ in pieces) == text
    assert "".join(words for words, marked in pieces if marked) == text[start:end]
    numbers = [row["line"] for row in made if row["line"] is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    ends = text.count("\n") - (text.endswith("\n") and len(text) > 0)
    assert len(numbers) == (0 if not text else ends + 1)


def test_a_line_of_a_million_characters_is_cut_into_rows() -> None:
    text = "x" * 1_000_000
    source = OpenSource("/x", 0, text, line_starts(text), (), ())
    made = rows(source, 300_000, 309_000, (300_100, 300_110))
    assert max(row["end"] - row["start"] for row in made) <= 1_500
    assert [row["line"] for row in made] == [None] * len(made)


def test_speakers_and_documents_stand_at_their_row() -> None:
    text = "Title\nA: one\nB: two\n"
    turns = (
        Turn(0, 0, TurnKind.SPEECH, 9, 12, "A", "Chair"),
        Turn(0, 1, TurnKind.SPEECH, 16, 19, "B"),
    )
    document = Document(0, 0, len(text), "Title", "2024", None, "Here", Boundary.STRONG, "")
    source = OpenSource(
        *("/x", 0, text, line_starts(text), (document,), turns),
        corrected_turns=frozenset({16}),
    )
    made = rows(source, 0, len(text), (0, 0))
    assert [row["speakers"] for row in made] == [
        *([], [["A", "Chair", False]], [["B", None, True]]),
    ]
    assert [row["documents"] for row in made] == [
        *([["Title", "2024", "Here", False]], [], []),
    ]


# ---- uploads -----------------------------------------------------------------------------


@given(st.text(max_size=400))
def test_any_name_becomes_one_harmless_component(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe.encode("utf-8", "surrogatepass")) <= 200
    assert not set(safe) & set('/\\<>:"|?*\0')
    assert not safe.startswith(".")
    assert all(unicodedata.category(char)[0] not in "C" for char in safe)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("minutes 2024.txt", "minutes 2024.txt"),
        ("C:\\papers\\minutes.txt", "minutes.txt"),
        ("../../etc/passwd", "passwd"),
        ("протокол.md", "протокол.md"),
        ("議事録.html", "議事録.html"),
        ("a\u202egpj.txt", "a gpj.txt"),
        ("..", "document.txt"),
    ],
)
def test_readable_names_stay_readable(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_the_same_name_never_overwrites(tmp_path: Path) -> None:
    async def body(data: bytes) -> AsyncIterator[bytes]:
        yield data

    async def receive_it(data: bytes) -> Path:
        return (await receive(body(data), "a.txt", tmp_path)).path

    def upload(data: bytes) -> Path:
        # In a thread of its own: the browser tests keep an event loop running in this one.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(receive_it(data))).result()

    first, second = upload(b"one"), upload(b"two")
    assert (first.name, second.name) == ("a.txt", "a (2).txt")
    assert upload(b"two") == second
    assert first.read_bytes() == b"one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a (2).txt", "a.txt"]


# ---- people ------------------------------------------------------------------------------


def test_passwords_are_kept_hashed_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "people.txt"
    set_password(file, "anna", "correct horse battery")
    set_password(file, "Борис", "another long password")
    set_password(file, "anna", "a changed password")
    people = Accounts(file)
    assert people.check("anna", "a changed password")
    assert people.check("Борис", "another long password")
    assert not people.check("anna", "correct horse battery")
    assert not people.check("nobody", "a changed password")
    assert not people.check("anna", "x" * 5000)
    assert "password" not in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0
    assert hash_password("the same words") != hash_password("the same words")


@pytest.mark.parametrize(
    "line",
    ["anna", "anna:plain", "anna:scrypt$1$2$3$x", "anna:scrypt$999999999$8$1$AAAA$AAAA", ":x"],
)
def test_a_malformed_people_file_is_refused_by_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "people.txt"
    file.write_text(f"# people\n{line}\n", encoding="utf-8")
    with pytest.raises(CitewellError, match="line 2: expected"):
        Accounts(file)


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), ("a:b", "long enough"), ("anna", "short")]
)
def test_bad_names_and_short_passwords_are_refused(
    tmp_path: Path, name: str, password: str
) -> None:
    with pytest.raises(CitewellError, match="expected"):
        set_password(tmp_path / "people.txt", name, password)


def test_sessions_end_by_themselves() -> None:
    clock = Clock()
    sessions = Sessions(login=True, clock=clock)
    token = sessions.begin("anna")
    assert sessions.person({COOKIE: token}) == "anna"
    assert sessions.person({COOKIE: token + "x"}) is None
    assert sessions.person({}) is None
    clock.now += LIFETIME_SECONDS + 1
    assert sessions.person({COOKIE: token}) is None
    assert Sessions(login=False).person({}) == LOCAL_PERSON


def test_tries_are_counted_for_each_key_and_come_back_with_time() -> None:
    clock = Clock()
    attempts = Attempts(burst=2, seconds=10, clock=clock)
    assert [attempts.wait("a") for _ in range(3)] == [0, 0, 10]
    assert attempts.wait("b") == 0
    assert attempts.wait("a", "b") == 10
    clock.now += 10
    assert attempts.wait("a") == 0


# ---- words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("ru", "ru"), ("de-DE,ru;q=0.8,en;q=0.5", "ru"), ("fr", "en"), ("en-GB", "en")],
)
def test_the_language_is_the_first_known(header: str, language: str) -> None:
    assert language_of(header) == language


def test_both_languages_have_the_same_words_and_fields() -> None:
    words = all_words()
    assert set(words["en"]) == {key for key in words["ru"] if not key.endswith(".few")}
    for key, text in words["en"].items():
        wanted = {part.split("}")[0] for part in text.split("{")[1:]}
        got = {part.split("}")[0] for part in words["ru"][key].split("{")[1:]}
        assert got - {"count"} == wanted - {"count"}, key


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("example.org", False),
    ],
)
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize("kind", NoteKind)
def test_every_note_of_a_check_has_words_in_both_languages(kind: NoteKind) -> None:
    """Words that name what the note itself names, and nothing that it doesn't hold."""
    message = Note(kind, "CLAIMED", "FOUND").message
    for words in all_words().values():
        named = set(re.findall(r"\{(\w+)\}", words[f"note.{kind}"]))
        assert named <= {"claimed", "found"}
        assert all(name.upper() in message for name in named)


def test_an_upload_that_fails_leaves_the_earlier_version(tmp_path: Path) -> None:
    path, newer = tmp_path / "a.txt", tmp_path / ".x.newer"
    for kept, expected in ((False, "old"), (True, "new")):
        path.write_text("old")
        newer.write_text("new")
        with in_place(Upload(path, fresh=False, newer=newer)) as keep:
            assert path.read_text() == "new"
            if kept:
                keep()
        assert path.read_text() == expected
        assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt"]
