"""ZIP files that no archiver writes: bombs, lies about sizes and counts, names that lead away."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

_BLOCK = 1 << 20
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as it is to stand in the archive; what is said of it need not be true.

    `at`: where the directory says that the member begins, else where it does. `unix`: its mode.
    """

    name: bytes
    data: bytes
    crc: int
    size: int
    method: int = _STORED
    flags: int = 0x800
    unix: int = 0o100644
    at: int | None = None


def stored(name: str | bytes, content: bytes) -> Entry:
    raw = name if isinstance(name, bytes) else name.encode()
    return Entry(raw, content, zlib.crc32(content), len(content))


def squeezed(name: str, head: bytes, unit: bytes, mebibytes: int, tail: bytes = b"") -> Entry:
    """A member of that many MiB of `unit` between head and tail, made without holding them.

    One MiB is compressed to a block that stands by itself, and repeated.
    """
    block = (unit * (_BLOCK // len(unit) + 1))[: _BLOCK // len(unit) * len(unit)]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    pieces = [packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)]
    repeated = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    pieces += [repeated] * mebibytes
    pieces.append(packer.compress(tail) + packer.flush())
    crc = zlib.crc32(head)
    for _ in range(mebibytes):
        crc = zlib.crc32(block, crc)
    size = len(head) + mebibytes * len(block) + len(tail)
    return Entry(name.encode(), b"".join(pieces), zlib.crc32(tail, crc), size, _DEFLATED)


def archive(entries: Sequence[Entry], count: int | None = None) -> bytes:
    """The archive of these entries; `count`: how many it says it has."""
    out = bytearray()
    directory = bytearray()
    for entry in entries:
        at = len(out) if entry.at is None else entry.at
        facts = struct.pack(
            "<HHHHHIII",
            *(20, entry.flags, entry.method, 0, 0x5821),
            *(entry.crc, len(entry.data), entry.size),
        )
        if entry.at is None:
            out += b"PK\x03\x04" + facts + struct.pack("<HH", len(entry.name), 0)
            out += entry.name + entry.data
        directory += b"PK\x01\x02" + struct.pack("<H", 0x0314) + facts
        directory += struct.pack("<HHHHHII", len(entry.name), 0, 0, 0, 0, entry.unix << 16, at)
        directory += entry.name
    said = len(entries) if count is None else count
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, said, said, len(directory), len(out), 0)
    return bytes(out + directory + end)


# A sentence that is to be found where a file is read after all.
GOOD = b"The quay has seven cranes, and the eighth was sold in spring.\n"


def ratio_bomb() -> bytes:
    return archive([squeezed("report.txt", b"", b" ", 1024)])


def many_bombs(count: int = 200) -> bytes:
    """Each member is within what one file may hold; all together are not."""
    member = squeezed("0.txt", b"", b" \n", 60)
    return archive([replace(member, name=b"%d.txt" % at) for at in range(count)])


def nested_bomb(depth: int = 6, width: int = 10) -> bytes:
    inner = archive([squeezed("bomb.txt", b"", b"0 ", 16)])
    for level in range(depth):
        members = {f"{level}-{at}.zip": inner for at in range(width)}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members.items():
                packed.writestr(name, content)
        inner = out.getvalue()
    return inner


def nested_deep(depth: int = 100) -> bytes:
    inner = archive([stored("good.txt", GOOD)])
    for _ in range(depth):
        inner = archive([stored("inner.zip", inner)])
    return inner


def overlapping_bomb(count: int = 2000) -> bytes:
    """Every entry of the directory is the same stretch of the file."""
    kernel = squeezed("0.txt", b"", b" \n", 60)
    others = [replace(kernel, name=b"%d.txt" % at, at=0) for at in range(1, count)]
    return archive([kernel, *others])


def many_members(count: int = 60_000) -> bytes:
    empty = Entry(b"", b"", 0, 0)
    return archive([replace(empty, name=b"%05d.txt" % at) for at in range(count)])


def count_lie() -> bytes:
    return archive([stored("good.txt", GOOD)], count=65_535)


def size_lie() -> bytes:
    """Says that it unpacks to ten bytes."""
    return archive([replace(squeezed("small.txt", b"", b" ", 512), size=10)])


def crc_lie() -> bytes:
    return archive([replace(stored("good.txt", GOOD), crc=1)])


def encrypted() -> bytes:
    return archive([replace(stored("secret.txt", GOOD), flags=0x801)])


def unknown_method() -> bytes:
    return archive([replace(stored("odd.txt", GOOD), method=99)])


def bzip2_bomb(mebibytes: int = 200) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2, compresslevel=1) as packed,
        packed.open("report.txt", "w", force_zip64=False) as member,
    ):
        for _ in range(mebibytes):
            member.write(b" " * _BLOCK)
    return out.getvalue()


def lzma_member() -> bytes:
    """Asks for a dictionary of 4 GiB to unpack a few bytes."""
    properties = b"\x5d" + struct.pack("<I", 0xFFFF_FFFF)
    data = b"\x09\x14\x05\x00" + properties + bytes(64)
    return archive([Entry(b"a.txt", data, 0, 1 << 30, 14)])


def named(*names: str | bytes) -> bytes:
    return archive([stored(name, GOOD + b"%d\n" % at) for at, name in enumerate(names)])


def climbing() -> bytes:
    return named("../escaped.txt", "../../../../tmp/escaped.txt", "inner/../../escaped.txt")


def absolute() -> bytes:
    return named("/tmp/escaped.txt", "/etc/escaped.txt")


def drive_letters() -> bytes:
    return named("C:\\escaped.txt", "C:/escaped.txt", "\\\\host\\share\\escaped.txt")


def backslashes() -> bytes:
    return named("..\\..\\escaped.txt", "folder\\note.txt")


def link_member() -> bytes:
    link = replace(stored("passwd.txt", b"/etc/passwd"), unix=0o120777)
    return archive([link, stored("good.txt", GOOD)])


def device_member() -> bytes:
    device = replace(stored("zero.txt", b""), unix=0o020666)
    return archive([device, stored("good.txt", GOOD)])


def twice_the_same_name() -> bytes:
    return archive([stored("note.txt", GOOD), stored("note.txt", b"Another text.\n")])


def nul_in_name() -> bytes:
    return named(b"good.txt\x00.exe")


def long_name() -> bytes:
    return named("x" * 60_000 + ".txt")


def undecodable_name() -> bytes:
    entry = replace(stored(b"caf\xe9\xff.txt", GOOD), flags=0)
    return archive([replace(entry, flags=0x800), stored("good.txt", GOOD)])


def newline_name() -> bytes:
    return named("one\ntwo\r.txt", "\u202etxt.exe.txt", "\x1b[31mred.txt")


def offset_beyond() -> bytes:
    return archive([stored("good.txt", GOOD), replace(stored("far.txt", GOOD), at=1 << 31)])


def prefixed() -> bytes:
    """A program before the archive, as in self-extracting ones."""
    return b"MZ" + bytes(2000) + archive([stored("good.txt", GOOD)])


def comment_of_archives() -> bytes:
    """An archive whose comment is another: readers disagree about which one it is."""
    inner = archive([stored("inner.txt", b"The inner words.\n")])
    outer = bytearray(archive([stored("outer.txt", GOOD)]))
    outer[-2:] = struct.pack("<H", len(inner))
    return bytes(outer) + inner


def empty_archive() -> bytes:
    return archive([])
