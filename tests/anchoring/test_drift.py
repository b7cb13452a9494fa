"""What becomes of all that is kept: by token, in conversations and notebooks, in files."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import qa
from qa.anchoring.citations import SavedCitation, as_annotation, citations_of_quote
from qa.check.citation_files import citations_in
from qa.check.drift import Drift, citation_of, drift_data
from qa.check.pack import make_pack
from qa.check.pack_verifier import files_of_page, problems_of, read_pack
from qa.cli.main import main
from qa.errors import CitewellError, ReadError
from qa.export import export_notebook
from qa.notebook.records import Exchange, FeedbackKind, Pin
from qa.records import NO_FILTERS, NOTHING_UNDERSTOOD, Citation, Quote, TurnKind, Verdict
from qa.store.opening import open_citations, open_notebook
from qa.store.protocol import LibraryStore
from qa.store.source_names import text_of
from tests.support.checking_samples import put

MEETING = """Meeting of the bridge council
March 4, 2024
Town Hall, Lidmar
Mayor of Lidmar Ada Brandt: Colleagues, good afternoon.
We support a time limit, and we can live with ninety minutes. But the toll is another matter.
Engineer of Lidmar Ben Kolar: Thank you. If the money comes, we shall begin in May.
The divers worked on nineteen days, and the pier is sound.
"""
FIRST = "we can live with ninety minutes"
SECOND = "The divers worked on nineteen days, and the pier is sound."
PATH = "/sources/meeting.txt"
FILES = {"meeting.txt": MEETING}


def quote(words: str) -> Quote:
    start = MEETING.index(words)
    end = start + len(words)
    place = Citation(
        *(PATH, None, "2024-03-04", None, None, TurnKind.SPEECH, start, end, (5, 5), None),
        *(MEETING[max(0, start - 64) : start], MEETING[end : end + 64], MEETING, 0),
    )
    return Quote(words, start, end, place, 1.0, ())


def kept(store: LibraryStore, words: str) -> SavedCitation:
    start = MEETING.index(words)
    return citation_of(store, "meeting.txt", start, start + len(words))


def keep_everywhere(store: LibraryStore) -> SavedCitation:
    """A citation by token, and the same quotes in a conversation, a notebook and feedback."""
    keeping = open_notebook(store.index_folder)
    exchange = Exchange(
        *("one", "2024-05-01T10:00:00+00:00", "How long?", Verdict.ANSWERED),
        *(NO_FILTERS, NOTHING_UNDERSTOOD, (quote(FIRST),), (quote(SECOND),)),
    )
    keeping.keep_exchange("anna", None, exchange)
    keeping.pin("boris", "And the pier?", quote(SECOND))
    keeping.give_feedback("anna", FeedbackKind.RIGHT, "How long?", quote(FIRST))
    return open_citations(store.index_folder).add(kept(store, FIRST))


def drifts_of(store: LibraryStore, *files: Path) -> tuple[Drift, ...]:
    with qa.open(store.index_folder, create=False, read_only=True) as library:
        return library.drift(*files)


def test_everything_that_the_library_keeps_is_looked_at(own_store: LibraryStore) -> None:
    token = keep_everywhere(own_store).token
    drifts = drifts_of(own_store)
    assert [(drift.kept.token, drift.kept_in) for drift in drifts] == [
        (token, ("citations",)),
        ("", ("conversation “How long?”", "feedback")),
        ("", ("conversation “How long?”", "notebook")),
    ]
    assert {drift.now.standing.value for drift in drifts} == {"intact"}
    put(own_store, "meeting.txt", "A new line.\n" + MEETING.replace("nineteen days", "ninety days"))
    first, again, second = drifts_of(own_store)
    assert [first.now.standing.value, again.now.standing.value] == ["moved", "moved"]
    assert second.now.standing.value == "changed"
    assert [(c.kind, c.draft, c.source) for c in second.now.changes] == [
        ("number", "nineteen", "ninety")
    ]
    text = text_of(own_store, PATH)
    for drift in (first, again, second):
        assert drift.now.start is not None
        assert text[drift.now.start : drift.now.end] == drift.now.text
        line = text.count("\n", 0, drift.now.start) + 1
        assert drift.lines == (line, line)
    own_store.remove([PATH])
    assert {drift.now.standing.value for drift in drifts_of(own_store)} == {"gone"}


def test_to_look_leaves_no_file_behind(own_store: LibraryStore) -> None:
    before = sorted(path.name for path in own_store.index_folder.iterdir())
    assert drifts_of(own_store) == ()
    assert "conversations.sqlite" not in before
    assert not (own_store.index_folder / "conversations.sqlite").exists()


def test_a_source_under_another_path_is_found_by_its_hash(own_store: LibraryStore) -> None:
    open_citations(own_store.index_folder).add(kept(own_store, FIRST))
    open_citations(own_store.index_folder).add(kept(own_store, SECOND))
    own_store.remove([PATH])
    put(own_store, "renamed.txt", MEETING)
    drifts = drifts_of(own_store)
    assert [(d.now.standing.value, d.now.source) for d in drifts] == [
        ("moved", "/sources/renamed.txt")
    ] * 2


def test_the_quotes_of_an_answer_are_told_one_by_one(own_store: LibraryStore) -> None:
    with qa.open(own_store.index_folder, create=False, read_only=True) as library:
        assert [d.now.standing.value for d in library.standing([quote(FIRST), quote(SECOND)])] == [
            *("intact", "intact")
        ]
        put(
            own_store, "meeting.txt", MEETING.replace(FIRST, "we accept whatever the house decides")
        )
        standings = [d.now.standing.value for d in library.standing([quote(FIRST), quote(SECOND)])]
        assert standings[1] in ("intact", "moved")
        assert standings[0] in ("changed", "gone")


def test_another_place_of_a_quote_keeps_its_own_words() -> None:
    one = quote(FIRST)
    other = replace(one.citation, passage=MEETING.replace("ninety", "eighty"))
    assert [found.exact for found in citations_of_quote(replace(one, places=(other,)))] == [
        FIRST,
        FIRST.replace("ninety", "eighty"),
    ]


# ---- files ---------------------------------------------------------------------------


def test_tokens_in_drafts(own_store: LibraryStore, tmp_path: Path) -> None:
    own = open_citations(own_store.index_folder).add(kept(own_store, FIRST))
    draft = tmp_path / "draft.md"
    draft.write_text(f"One [{own.token}].\n\nAgain {own.token}, cw:0000000000.", encoding="utf-8")
    known, unknown = drifts_of(own_store, draft)
    assert known.kept_in == ("draft.md, line 1", "draft.md, line 3")
    assert known.now.standing.value == "intact"
    assert (unknown.kept.token, unknown.now.standing.value) == ("cw:0000000000", "gone")
    assert drift_data(unknown)["source"] is None


def test_exported_annotations(own_store: LibraryStore, tmp_path: Path) -> None:
    pins = [Pin(str(n), "", "?", quote(words)) for n, words in enumerate((FIRST, SECOND))]
    export = export_notebook(pins, "annotations", lambda path: Path(path).name)
    file = tmp_path / export.name
    file.write_text(export.text, encoding="utf-8")
    own = kept(own_store, FIRST)
    single = tmp_path / "one.json"
    single.write_text(json.dumps({"annotation": as_annotation(own)}), encoding="utf-8")
    drifts = drifts_of(own_store, file, single)
    assert [d.now.standing.value for d in drifts] == ["intact"] * 3
    assert {d.now.source for d in drifts} == {PATH}
    assert drifts[2].kept.source_hash == own.source_hash
    put(own_store, "meeting.txt", MEETING.replace("ninety minutes", "eighty minutes"))
    standings = [d.now.standing.value for d in drifts_of(own_store, file, single)]
    assert standings[0] == standings[2] != "intact"
    assert standings[1] in ("intact", "moved")


def test_evidence_packs(own_store: LibraryStore, tmp_path: Path) -> None:
    own = kept(own_store, FIRST)
    for name, as_page in (("pack.zip", False), ("pack.html", True)):
        file = tmp_path / name
        file.write_bytes(make_pack(own_store, [own], as_page=as_page).data)
        (drift,) = drifts_of(own_store, file)
        assert (drift.kept.exact, drift.now.standing.value) == (FIRST, "intact")
    put(own_store, "meeting.txt", "New.\n" + MEETING)
    assert drifts_of(own_store, tmp_path / "pack.zip")[0].now.standing.value == "moved"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.json", "{", ReadError),
        ("a.json", "[" * 100_000, ReadError),
        ("a.json", '{"type": "Annotation"}', ReadError),
        ("a.jsonld", "[]", CitewellError),
        ("a.zip", "no zip", ReadError),
        ("a.html", '<script type="application/json" id="citewell-pack">{}</script>', ReadError),
    ],
)
def test_what_holds_no_citations_is_said(
    tmp_path: Path, name: str, content: str, error: type[Exception]
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(error, match=name.replace(".", r"\.")):
        citations_in(file, {})


def test_the_command(
    own_store: LibraryStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--library", str(own_store.index_folder)]
    assert main(["drift", *at]) == 0
    assert "nothing is kept" in capsys.readouterr().out
    token = keep_everywhere(own_store).token
    assert main(["drift", *at, "--all"]) == 0
    told = capsys.readouterr().out
    assert f"intact    {token}  {PATH}" in told
    assert "kept in conversation “How long?”; notebook" in told
    put(own_store, "meeting.txt", MEETING.replace("ninety minutes", "eighty minutes"))
    assert main(["drift", *at, "--json"]) == 1
    data = json.loads(capsys.readouterr().out)["citations"]
    assert [one["token"] for one in data] == [token, None, None]
    assert data[0]["kept_in"] == ["citations"]
    draft = tmp_path / "draft.md"
    draft.write_text("Nothing in it.", encoding="utf-8")
    assert main(["drift", *at, str(draft)]) == 0


# ---- a pack in one page --------------------------------------------------------------


def test_a_page_proves_itself_with_the_verifier_saved_from_it(
    own_store: LibraryStore, tmp_path: Path
) -> None:
    pack = make_pack(own_store, [kept(own_store, FIRST), kept(own_store, SECOND)], as_page=True)
    assert (
        make_pack(own_store, [kept(own_store, FIRST), kept(own_store, SECOND)], as_page=True)
        == pack
    )
    page = tmp_path / "pack.html"
    page.write_bytes(pack.data)
    link = re.search(rb'download="verify.py" href="data:text/x-python;base64,([^"]+)"', pack.data)
    assert link is not None
    verifier = tmp_path / "saved" / "verify.py"
    verifier.parent.mkdir()
    verifier.write_bytes(base64.b64decode(link[1]))
    command = [sys.executable, "-I", "-S", str(verifier), str(page), "--seal"]
    done = subprocess.run([*command, pack.seal], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "everything agrees\n")
    done = subprocess.run([*command, "0" * 64], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"<mark>{FIRST}</mark>".encode() in pack.data


def test_no_byte_of_a_page_can_be_changed(own_store: LibraryStore, tmp_path: Path) -> None:
    pack = make_pack(own_store, [kept(own_store, FIRST)], as_page=True)
    page = tmp_path / "pack.html"

    def agrees(data: bytes) -> bool:
        page.write_bytes(data)
        try:
            return not problems_of(read_pack(page), pack.seal)
        except ValueError:
            return False

    assert agrees(pack.data)
    for at in range(0, len(pack.data), 97):
        changed = pack.data[:at] + bytes([pack.data[at] ^ 1]) + pack.data[at + 1 :]
        assert not agrees(changed), at
        assert not agrees(pack.data[:at] + pack.data[at + 1 :]), at
    assert not agrees(pack.data + b"\n")
    assert not agrees(b" " + pack.data)
    files = files_of_page(pack.data)
    assert set(files) >= {"index.html", "verify.py", "quotes.json", "manifest.json", "seal.txt"}
