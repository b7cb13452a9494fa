"""ZIP archives: members are sources of their own, and nothing in an archive does any harm."""

from __future__ import annotations

import hashlib
import io
import struct
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

import qa
from qa.cli.main import main
from qa.errors import ReadError, UnknownSource
from qa.readers.sandbox.isolation import ArchiveListing, IsolatedReader, KnownFile
from qa.settings import ReadingSettings, Settings
from qa.store.source_names import sources_in
from tests.support.hashing_encoder import HashingEncoder

MIB = 1024 * 1024
CRANES = "The quay has four cranes."
SHIPS = "Two ships came in before the tide turned."


def zipped(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two members of one name
        for name, content in members:
            archive.writestr(name, content)
    return place.getvalue()


def listed(data: bytes, **given: int) -> ArchiveListing:
    with IsolatedReader(ReadingSettings(**given)) as reader:
        return reader.open_archive(data, Path("/in/a.zip"))


def reasons(listing: ArchiveListing) -> dict[str, str]:
    return {problem.path.as_posix(): problem.reason for problem in listing.problems}


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def encrypted(data: bytes) -> bytes:
    """The same archive with every member marked as encrypted."""
    out = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)


@pytest.fixture
def open_library(tmp_path):
    def opened(**given: int) -> qa.Library:
        settings = Settings(reading=ReadingSettings(**given))
        return qa.open(tmp_path / "library", encoder=HashingEncoder(), settings=settings)

    return opened


# ---- listing -------------------------------------------------------------------------------


def test_documents_are_listed_and_other_kinds_counted():
    data = zipped(
        ("b/", ""),
        ("b/two.MD", "x"),
        ("./one.txt", "x"),
        ("win\\three.html", "x"),
        ("picture.png", "x"),
        ("no-suffix", "x"),
        (".hidden.txt", "x"),
        ("__MACOSX/._one.txt", "x"),
        ("a/node_modules/x.txt", "x"),
    )
    found = listed(data)
    assert [member.name for member in found.members] == ["b/two.MD", "one.txt", "win/three.html"]
    assert found.members[0].path == Path("/in/a.zip/b/two.MD")
    assert (found.problems, found.skipped) == ((), 2)


def test_names_that_would_do_harm_are_refused_one_by_one():
    data = zipped(
        ("../up.txt", "x"),
        ("a/../../up.txt", "x"),
        ("..\\up.txt", "x"),
        ("/etc/abs.txt", "x"),
        ("C:\\drive.txt", "x"),
        ("bell\x07.txt", "x"),
        ("esc\x1b[31m.txt", "x"),
        ("line\nend.txt", "x"),
        ("rtl\u202etxt.exe.txt", "x"),
        ("n" * 2000 + ".txt", "x"),
        (link("link.txt"), "/etc/passwd"),
        ("twice.txt", "first"),
        ("./twice.txt", "second"),
        ("inner.zip", zipped(("x.txt", "x"))),
        ("naïve 文.txt", "x"),
    )
    found = listed(data)
    assert [member.name for member in found.members] == ["twice.txt", "naïve 文.txt"]
    told = [problem.reason for problem in found.problems]
    out, control = "has a name that leads out of the archive", "has control characters in its name"
    assert told == [out] * 5 + [control] * 4 + [
        "has a name that is too long",
        "is a link, which is not followed",
        "has the name of an earlier member",
        "is an archive in an archive; unpack it first",
    ]
    assert all(str(problem).isprintable() for problem in found.problems)


class _Unflagged(zipfile.ZipInfo):
    """Writes its name in an encoding that the archive doesn't tell."""

    encoding = ""

    def _encodeFilenameFlags(self):
        return self.filename.encode(self.encoding), self.flag_bits


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ["Übung.txt", "Документы/Протокол №2.txt"]),
        ("cp866", ["Документы/Протокол.txt", "Документы/Отчёт 2024.txt", "plan.txt"]),
        ("cp866", ["ЩИТ.txt"]),
        ("cp1251", ["Документы/Протокол №2.txt", "Приказ.txt"]),
        ("cp437", ["Übung.txt", "Müller/Größe.txt", "café.txt"]),
    ],
)
def test_names_without_an_encoding_are_read_as_they_were_meant(encoding, names):
    infos = []
    for name in names:
        info = _Unflagged(name)
        info.encoding = encoding
        infos.append((info, f"Text of {name}."))
    assert [member.name for member in listed(zipped(*infos)).members] == names


def test_encrypted_members_are_refused():
    found = listed(encrypted(zipped(("secret.txt", "x"))))
    assert reasons(found) == {
        "/in/a.zip/secret.txt": "is encrypted; unpack the archive first",
    }


def test_an_archive_that_is_none_or_has_too_many_members_is_refused():
    with pytest.raises(ReadError, match="damaged archive"):
        listed(zipped(("a.txt", "x"))[:40])
    with pytest.raises(ReadError, match=r"has 30 members, at most 20 are read"):
        listed(zipped(*((f"{n}.txt", "x") for n in range(30))), archive_members=20)


# ---- members -------------------------------------------------------------------------------


def test_members_are_read_in_any_order_and_known_ones_are_not():
    data = zipped(("a.txt", CRANES), ("b.md", f"# {SHIPS}"))
    with IsolatedReader(ReadingSettings()) as reader:
        first, second = reader.open_archive(data, Path("/in/a.zip")).members
        read = reader.read_member(second)
        assert read.source is not None
        assert (read.source.text, read.source.reader) == (f"# {SHIPS}", "markdown/1")
        digest = hashlib.sha256(CRANES.encode()).hexdigest()
        assert reader.read_member(first).sha256 == digest
        known = reader.read_member(first, KnownFile(digest, "text/1"))
        assert (known.source, known.sha256, known.size) == (None, digest, len(CRANES))
        again = reader.read_member(first, KnownFile(digest, "text/0"))
        assert again.source is not None
        reader.close_archive()
        assert reader.read(b"Words.", Path("a.txt")).text == "Words."


def test_what_members_inflate_to_is_limited_each_and_in_all():
    data = zipped(
        ("bomb.txt", b"a " * 2_000_000),
        ("one.txt", CRANES),
        ("large.txt", b"b " * 400_000),
        ("more.txt", b"c " * 400_000),
        ("last.txt", SHIPS),
    )
    settings = ReadingSettings(max_bytes=1_000_000, archive_bytes=2_500_000)
    with IsolatedReader(settings) as reader:
        bomb, one, large, more, last = reader.open_archive(data, Path("/in/a.zip")).members
        with pytest.raises(ReadError, match="inflates to more than 1,000,000 bytes"):
            reader.read_member(bomb)
        for member in (one, large):
            assert reader.read_member(member).source is not None
        with pytest.raises(ReadError, match="inflates to more than"):
            reader.read_member(more)
        with pytest.raises(ReadError, match="is beyond the 2,500,000 bytes that an archive's"):
            reader.read_member(last)


def test_lies_about_sizes_and_damage_are_reasons():
    data = bytearray(zipped(("a.txt", CRANES * 50), ("b.txt", SHIPS)))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 7)  # says that it inflates to seven bytes
    with IsolatedReader(ReadingSettings()) as reader:
        first, second = reader.open_archive(bytes(data), Path("/in/a.zip")).members
        with pytest.raises(ReadError, match="damaged in the archive"):
            reader.read_member(first)
        assert reader.read_member(second).size == len(SHIPS)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by the system on Linux")
def test_after_a_member_that_ends_the_process_the_next_is_read():
    data = zipped(("deep.html", b"<b>x</b>" * 1_500_000), ("b.txt", SHIPS))
    settings = ReadingSettings(memory_bytes=120 * MIB)
    with IsolatedReader(settings) as reader:
        first, second = reader.open_archive(data, Path("/in/a.zip")).members
        with pytest.raises(ReadError, match="needs more than 120 MiB of memory"):
            reader.read_member(first)
        assert reader.read_member(second).size == len(SHIPS)


# ---- in a library --------------------------------------------------------------------------


def test_members_are_sources(open_library, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    data = zipped(("in/one.txt", CRANES), ("../bad.txt", "x"), ("two.md", SHIPS), ("p.png", "x"))
    (files / "a.zip").write_bytes(data)
    (files / "plain.txt").write_text("Plain words.")
    with open_library() as library:
        report = library.add(files)
        place = (files / "a.zip").as_posix()
        assert report.added == (f"{place}/in/one.txt", f"{place}/two.md", f"{files}/plain.txt")
        assert [str(error) for error in report.failed] == [
            f"{place}/../bad.txt: has a name that leads out of the archive"
        ]
        assert report.skipped == 1
        (source, *_) = library.sources()
        assert source.file_sha256 == hashlib.sha256(CRANES.encode()).hexdigest()
        assert library.short_name(source.path) == "one.txt"
        assert library.text("a.zip/in/one.txt") == CRANES
        quote = library.ask("How many cranes has the quay?").quotes[0]
        assert (quote.text, quote.citation.source) == (CRANES, f"{place}/in/one.txt")
        assert library.add(files).unchanged == report.added
        library.remove("two.md")
        assert library.add(files / "a.zip").added == (f"{place}/two.md",)
    assert sorted(
        path.name for path in tmp_path.rglob("*") if path.is_file() and path.parent == files
    ) == [
        "a.zip",
        "plain.txt",
    ]


def test_sync_follows_what_an_archive_holds(open_library, tmp_path):
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(("one.txt", CRANES), ("two.txt", SHIPS), ("three.txt", "Three.")))
    with open_library() as library:
        library.add(archive)
        archive.write_bytes(zipped(("two.txt", "New.")))
        report = library.add(archive, sync=True)
        assert report.replaced == (f"{archive}/two.txt",)
        assert report.removed == (f"{archive}/one.txt", f"{archive}/three.txt")
        # It can't be listed: what it holds is not known, so nothing is removed.
        archive.write_bytes(archive.read_bytes()[:60])
        report = library.add(archive, sync=True)
        assert (len(report.failed), report.removed) == (1, ())
        # A member that can't be read any more is there all the same.
        archive.write_bytes(encrypted(zipped(("two.txt", SHIPS))))
        report = library.add(archive, sync=True)
        assert (len(report.failed), report.removed) == (1, ())
        archive.unlink()
        assert library.add(tmp_path, sync=True).removed == (f"{archive}/two.txt",)


def test_exclude_reaches_into_archives(open_library, tmp_path):
    archive = tmp_path / "a.zip"
    archive.write_bytes(
        zipped(("one.txt", CRANES), ("drafts/two.txt", SHIPS), ("three.md", "Three."))
    )
    with open_library() as library:
        report = library.add(tmp_path, exclude=["drafts/", "*.md"])
        assert report.added == (f"{archive}/one.txt",)


def test_removing_an_archive_or_a_folder_removes_what_is_in_it(open_library, tmp_path, capsys):
    (tmp_path / "files/deep").mkdir(parents=True)
    (tmp_path / "files/a.zip").write_bytes(zipped(("one.txt", CRANES), ("two.txt", SHIPS)))
    (tmp_path / "files/deep/three.txt").write_text("Three.")
    with open_library() as library:
        library.add(tmp_path / "files")
    place = str(tmp_path / "library")
    assert main(["remove", "--library", place, "a.zip"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["remove", "--library", place, "nowhere"]) == 2
    assert main(["remove", "--library", place, str(tmp_path / "files")]) == 0
    with open_library() as library:
        assert library.sources() == ()


def test_folders_are_named_by_the_end_of_their_path():
    paths = ["/a/b/x.txt", "/a/b/c/y.txt", "/a/z.txt", "/d/b2/x.txt", "/e/c/w.txt"]
    assert sources_in("b", paths) == ("/a/b/x.txt", "/a/b/c/y.txt")
    assert sources_in("a/b/", paths) == ("/a/b/x.txt", "/a/b/c/y.txt")
    assert sources_in("/a/b/c", paths) == ("/a/b/c/y.txt",)
    assert sources_in("x.txt", paths) == ()
    assert sources_in("", paths) == ()
    with pytest.raises(UnknownSource, match=r"2 folders: '/a/b/c', '/e/c'"):
        sources_in("c", paths)
