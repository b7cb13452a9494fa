"""SavedCitation citations: tokens, the W3C form, what becomes of them when sources change, packs."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from qa.anchoring.citations import (
    TOKEN,
    SavedCitation,
    as_annotation,
    citation_in_text,
    citation_of_answer,
)
from qa.anchoring.resolving import Standing, resolve_in
from qa.check.checker import Checker
from qa.check.drift import citation_of, drift_data, find_drift, resolve
from qa.check.pack import make_pack
from qa.check.pack_verifier import problems_of, read_pack
from qa.cli.cite import drift_lines
from qa.cli.main import run
from qa.errors import CitewellError
from qa.records import Citation, TurnKind
from qa.store.citation_file import FILE_NAME, decode, encode
from qa.store.opening import open_citations
from qa.store.protocol import LibraryStore
from qa.store.source_names import text_of
from tests.support.checking_samples import ROOT, SAMPLE, put

SPEECH = (SAMPLE / "speech-map-room.txt").read_text(encoding="utf-8")
WORDS = "no collection of this library will ever again be kept below ground"
FILES = {"speech.txt": SPEECH, "other.txt": "Another text about nothing in particular."}


@pytest.fixture
def kept(own_store: LibraryStore) -> SavedCitation:
    start = SPEECH.index(WORDS)
    return citation_of(own_store, "speech.txt", start, start + len(WORDS))


def test_a_token_is_short_and_the_same_for_the_same_place(
    own_store: LibraryStore, kept: SavedCitation
) -> None:
    assert TOKEN.fullmatch(kept.token)
    assert citation_of(own_store, "/sources/speech.txt", kept.start, kept.end) == kept
    assert citation_of(own_store, "speech.txt", kept.start, kept.end - 1).token != kept.token
    assert kept.exact == WORDS
    assert SPEECH[: kept.start].endswith(kept.prefix)
    assert SPEECH[kept.end :].startswith(kept.suffix)
    assert decode(encode(kept)) == kept
    with pytest.raises(CitewellError, match="characters"):
        citation_of(own_store, "speech.txt", 5, 10**9)


def test_the_annotation_is_w3cs(kept: SavedCitation) -> None:
    annotation = json.loads(json.dumps(as_annotation(kept)))
    position, quote = annotation["target"]["selector"]
    assert annotation["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert SPEECH[position["start"] : position["end"]] == quote["exact"] == WORDS
    assert annotation["citewell:sourceHash"] == f"sha256:{kept.source_hash}"


def test_a_citation_of_an_answer_can_drift_too(kept: SavedCitation) -> None:
    citation = Citation(
        *(kept.source, None, None, None, None, TurnKind.SPEECH, kept.start, kept.end, (1, 1)),
        *(None, kept.prefix, kept.suffix, "", 0),
    )
    own = citation_of_answer(citation, WORDS)
    assert resolve_in(SPEECH, own).standing is Standing.INTACT
    assert resolve_in("New line.\n" + SPEECH, own).standing is Standing.MOVED
    assert resolve_in("Nothing of it.", own).standing is Standing.GONE


@pytest.mark.parametrize(
    ("old", "new", "standing"),
    [
        ("", "", Standing.INTACT),
        (SPEECH[:20], "A new beginning.\n" + SPEECH[:20], Standing.MOVED),
        ("ever again be kept", "again be kept", Standing.CHANGED),
        ("library will ever", "museum may never", Standing.CHANGED),
        (WORDS, "", Standing.GONE),
    ],
)
def test_what_becomes_of_a_citation(
    own_store: LibraryStore, kept: SavedCitation, old: str, new: str, standing: Standing
) -> None:
    if old:
        put(own_store, "speech.txt", SPEECH.replace(old, new, 1))
    now = resolve(own_store, kept)
    assert now.standing is standing
    if now.start is not None and now.end is not None:
        assert text_of(own_store, "/sources/speech.txt")[now.start : now.end] == now.text
    assert (now.text == WORDS) is (standing in (Standing.INTACT, Standing.MOVED))
    assert bool(now.changes) is (standing is Standing.CHANGED)


def test_a_source_that_left_or_went_elsewhere(own_store: LibraryStore, kept: SavedCitation) -> None:
    own_store.remove(["/sources/speech.txt"])
    assert resolve(own_store, kept).standing is Standing.GONE
    put(own_store, "renamed.txt", SPEECH)
    now = resolve(own_store, kept)
    assert (now.standing, now.source) == (Standing.MOVED, "/sources/renamed.txt")


def test_a_copy_is_never_taken_for_the_place(own_store: LibraryStore, kept: SavedCitation) -> None:
    start = max(0, kept.start - 300)
    copied = SPEECH[start : kept.end + 300]
    put(own_store, "speech.txt", SPEECH + "\n" + copied)
    assert resolve(own_store, kept).standing is Standing.GONE
    assert "not surely" in resolve(own_store, kept).message


def test_random_edits_leave_no_silent_wrong_anchor() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from checking_edits import came_from, edit, is_indistinguishable, true_place

    chance = random.Random(11)
    held = 0
    for _ in range(250):
        start = chance.randrange(len(SPEECH) - 300)
        end = start + chance.choice((8, 40, 150))
        edited = edit(SPEECH, (start, end), chance.choice((1, 2)), chance)
        now = resolve_in(edited.text, citation_in_text(SPEECH, "speech", start, end))
        if now.start is None or now.end is None:
            continue
        assert edited.text[now.start : now.end] == now.text
        places = (start, end, now.start, now.end)
        true = true_place(edited, start, end)
        same = now.start == true or is_indistinguishable(SPEECH, edited, *places)
        if now.standing is Standing.CHANGED or true is None:
            same = same or came_from(edited, *places)
        assert same
        held += 1
    assert held > 150


def test_the_registry_keeps_each_once_and_survives_a_torn_write(
    own_store: LibraryStore, kept: SavedCitation
) -> None:
    registry = open_citations(own_store.index_folder)
    assert registry.add(kept) == registry.add(kept)
    file = own_store.index_folder / FILE_NAME
    with file.open("ab") as lines:
        lines.write(encode(kept).encode()[:50])
    other = citation_of(own_store, "speech.txt", kept.start, kept.end - 7)
    registry.add(other)
    assert [one.token for one in open_citations(own_store.index_folder)] == [
        kept.token,
        other.token,
    ]
    with pytest.raises(CitewellError, match="another place"):
        registry.add(replace(kept, start=kept.start + 1))


def test_tokens_in_a_draft_are_checked(own_store: LibraryStore, kept: SavedCitation) -> None:
    registry = open_citations(own_store.index_folder)
    registry.add(kept)
    draft = f"“{WORDS}” [{kept.token}]. And cw:0000000000."
    report = Checker(own_store, registry).draft(draft)
    assert [(c.token, c.standing) for c in report.citations] == [
        (kept.token, Standing.INTACT),
        ("cw:0000000000", Standing.GONE),
    ]
    assert report.quotations[0].claimed.source == "/sources/speech.txt"
    assert report.quotations[0].attribution.value == "right"
    assert not report.ok


def test_drift_lists_what_no_longer_stands(own_store: LibraryStore, kept: SavedCitation) -> None:
    put(own_store, "speech.txt", SPEECH.replace("ever again be kept", "again be kept"))
    drifts = find_drift(own_store, [kept])
    assert drift_data(drifts[0])["standing"] == "changed"
    lines = list(drift_lines(drifts))
    assert lines[0].startswith("changed")
    assert lines[-1] == "0 intact, 0 moved, 1 changed, 0 gone"


# ---- packs ---------------------------------------------------------------------------


def test_a_pack_proves_itself_with_the_standard_library_alone(
    own_store: LibraryStore, kept: SavedCitation, tmp_path: Path
) -> None:
    pack = make_pack(own_store, [kept, citation_of(own_store, "other.txt", 0, 12)])
    assert make_pack(own_store, [kept, citation_of(own_store, "other.txt", 0, 12)]) == pack
    place = tmp_path / "pack"
    with zipfile.ZipFile(io.BytesIO(pack.data)) as archive:
        archive.extractall(place)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(place / "verify.py"), "--seal", pack.seal],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "everything agrees\n")
    quotes = json.loads((place / "quotes.json").read_bytes())["quotes"]
    assert quotes[0]["exact"] == WORDS


def test_tampering_with_any_file_is_detected(
    own_store: LibraryStore, kept: SavedCitation, tmp_path: Path
) -> None:
    pack = make_pack(own_store, [kept])
    file = tmp_path / "pack.zip"
    file.write_bytes(pack.data)
    contents = read_pack(file)
    assert problems_of(contents, pack.seal) == []
    assert set(contents) == {
        *("index.html", "manifest.json", "quotes.json", "seal.txt", "slices/001.txt", "verify.py")
    }
    chance = random.Random(5)
    for name, data in contents.items():
        at = chance.randrange(len(data))
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert problems_of({**contents, name: changed}), name
        assert problems_of({**contents, name: data + b" "}), name
        assert problems_of({other: contents[other] for other in contents if other != name}), name
    assert problems_of({**contents, "extra.txt": b""})
    assert problems_of(contents, "0" * 64)


def test_only_what_stands_is_packed(own_store: LibraryStore, kept: SavedCitation) -> None:
    own_store.remove(["/sources/speech.txt"])
    with pytest.raises(CitewellError, match="holds only what stands"):
        make_pack(own_store, [kept])


def test_the_commands(
    own_store: LibraryStore, kept: SavedCitation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--library", str(own_store.index_folder)]
    place = f"speech.txt:{kept.start}-{kept.end}"
    assert run(["cite", *at, place]) == 0
    token = capsys.readouterr().out.strip()
    assert token == kept.token
    assert run(["drift", *at, "--all"]) == 0
    assert token in capsys.readouterr().out
    out = str(tmp_path / "out.zip")
    assert run(["pack", *at, token, place, "--output", out]) == 0
    seal = capsys.readouterr().out.split()[0]
    assert problems_of(read_pack(Path(out)), seal) == []
    with pytest.raises(CitewellError, match="expected SOURCE:START-END"):
        run(["cite", *at, "speech.txt"])
