"""ZIP archives: which members are documents, and their bytes; nothing is ever written out.

Runs in the reading process. The format knows two encodings of names (APPNOTE 6.3.9, D): UTF-8
where a flag says so, else code page 437. What programs write without the flag is the code page
of the machine they run on.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ReadError
from qa.readers.excludes import is_passed_over
from qa.readers.formats import ARCHIVE, BY_SUFFIX

_ENCRYPTED = 1
_PART = 1024 * 1024
_LONGEST_NAME = 1000
# What damage may make zipfile and its decompressors raise.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, OverflowError),
)
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A member that looks like a document."""

    position: int
    name: str


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A member that is not read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in an archive. `skipped` are files of kinds that are no documents."""

    members: tuple[Member, ...]
    refused: tuple[RefusedMember, ...]
    skipped: int


class Archive:
    """One archive, held in memory. Raises ReadError if it can't be one, or has too many members.

    `inflated` counts the bytes of the member that was inflated last, as far as it went.
    """

    def __init__(self, data: bytes, path: Path, most_members: int) -> None:
        self.inflated = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._infos = self._zip.infolist()
        except (*_DAMAGED, NotImplementedError) as error:
            raise ReadError(path, f"is a damaged archive ({error})") from error
        if len(self._infos) > most_members:
            raise ReadError(
                path,
                f"has {len(self._infos):,} members, at most {most_members:,} are read; "
                "unpack it and add the folder",
            )

    def listing(self) -> Listing:
        """Return its members in their order. The later of two members of one name is refused."""
        members: list[Member] = []
        refused: list[RefusedMember] = []
        skipped = 0
        seen: set[str] = set()
        for position, name in enumerate(member_names(self._infos)):
            info = self._infos[position]
            name = name.replace("\\", "/")
            if name.endswith("/"):
                continue
            if reason := _refusal(info, name, seen):
                refused.append(RefusedMember(name[:_LONGEST_NAME], reason))
                continue
            name = _without_dots(name)
            seen.add(name)
            if any(is_passed_over(part) for part in name.split("/")):
                continue
            suffix = Path(name).suffix.lower()
            if suffix in ARCHIVE.suffixes:
                refused.append(RefusedMember(name, "is an archive in an archive; unpack it first"))
            elif suffix in BY_SUFFIX:
                members.append(Member(position, name))
            else:
                skipped += 1
        return Listing(tuple(members), tuple(refused), skipped)

    def inflate(self, position: int, path: Path, most_bytes: int) -> bytes:
        """Return a member's bytes; never more than a part beyond the limit is held. Raises
        ReadError."""
        info = self._infos[position]
        parts = []
        self.inflated = 0
        try:
            with self._zip.open(info) as member:
                while part := member.read(_PART):
                    self.inflated += len(part)
                    if self.inflated > most_bytes:
                        raise ReadError(path, f"inflates to more than {most_bytes:,} bytes")
                    parts.append(part)
        except _DAMAGED as error:
            raise ReadError(path, f"is damaged in the archive ({error})") from error
        except (NotImplementedError, RuntimeError) as error:
            raise ReadError(path, f"can't be unpacked ({error})") from error
        return b"".join(parts)


def _refusal(info: zipfile.ZipInfo, name: str, seen: set[str]) -> str | None:
    """Return why a member is not to be read, whatever is in it."""
    if not all(character.isprintable() for character in name):
        return "has control characters in its name"
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        return "has a name that leads out of the archive"
    if len(name) > _LONGEST_NAME:
        return "has a name that is too long"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link, which is not followed"
    if _without_dots(name) in seen:
        return "has the name of an earlier member"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted; unpack the archive first"
    return None


def _without_dots(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in ("", "."))


_UTF8 = 0x800
# Russian Windows: what its Explorer and older packers write, and what others on it do.
_CYRILLIC_PAGES = ("cp866", "cp1251")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_MOST_MIXED = 0.25


def member_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names in their order, as they were most probably meant.

    One encoding is taken for all names without the flag: UTF-8 if they are all valid in it;
    a Russian one if it makes whole words of them, nearly none half Latin, half Cyrillic (as
    the same bytes of a German or French name would be); else the format's own.
    """
    names = [info.filename for info in infos]
    unsure = {
        at: name
        for at, (info, name) in enumerate(zip(infos, names, strict=True))
        if not info.flag_bits & _UTF8 and not name.isascii()
    }
    if unsure:
        raw = {at: name.encode("cp437", "replace") for at, name in unsure.items()}
        encoding = _encoding(list(raw.values()))
        for at, data in raw.items():
            names[at] = data.decode(encoding)
    return names


def _encoding(names: Sequence[bytes]) -> str:
    for encoding in ("utf-8", *_CYRILLIC_PAGES):
        try:
            words = _WORD.findall("\n".join(name.decode(encoding) for name in names))
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or (_is_russian(words) and _all_letters(names, encoding)):
            return encoding
    return "cp437"


def _is_russian(words: Sequence[str]) -> bool:
    cyrillic = [word for word in words if _CYRILLIC.search(word)]
    mixed = sum(_LATIN.search(word) is not None for word in cyrillic)
    return any(len(word) > 1 for word in cyrillic) and mixed <= _MOST_MIXED * len(cyrillic)


def _all_letters(names: Sequence[bytes], encoding: str) -> bool:
    """Return whether all that isn't ASCII is Cyrillic letters, or marks that Russian names hold."""
    beyond = {c for name in names for c in name.decode(encoding) if not c.isascii()}
    return all(_CYRILLIC.match(c) or c in "№«»–—" for c in beyond)
