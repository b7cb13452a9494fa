"""The names of an archive's members where the archive doesn't say how they are encoded.

The format knows two encodings (APPNOTE 6.3.9, D): UTF-8 where a flag says so, else code page
437. What programs write without the flag is the code page of the machine they run on.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence

_UTF8 = 0x800
# Russian Windows: what its Explorer and older packers write, and what others on it do.
_CYRILLIC_PAGES = ("cp866", "cp1251")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_MOST_MIXED = 0.25


def member_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The members' names in their order, as they were most probably meant.

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
    """Whether all that isn't ASCII is Cyrillic letters, or marks that Russian names hold."""
    beyond = {c for name in names for c in name.decode(encoding) if not c.isascii()}
    return all(_CYRILLIC.match(c) or c in "№«»–—" for c in beyond)
