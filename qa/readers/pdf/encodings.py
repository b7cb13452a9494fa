"""What the codes of a PDF's fonts of single bytes stand for, by the names of their glyphs."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import pairwise
from typing import Any

from pdfminer.encodingdb import EncodingDB, name2unicode
from pdfminer.pdffont import CFFFont, getdict
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name

from qa.readers.office.styles import shown

UNKNOWN = "\ufffd"
# The ligatures of TeX's text fonts stand where other encodings have control characters.
_LIGATURES = {"\x0b": "ﬀ", "\x0c": "ﬁ", "\x0d": "ﬂ", "\x0e": "ﬃ", "\x0f": "ﬄ"}
_CODE_PAGES = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac_roman"}
# What a font's program says of its own encoding, before the part that is encrypted.
_BUILT_IN = re.compile(rb"\bdup\s+(\d{1,3})\s*/([^\s()<>\[\]{}/%]+)\s+put\b")
# Bitmaps of TeX's fonts are named after their codes.
_CODE_NAME = re.compile(r"a(\d{1,3})")
_SIZE = re.compile(r"(?:big|Big|bigg|Bigg)$")
# What a damaged program in the Compact Font Format leads to.
_DAMAGE = (ArithmeticError, AssertionError, IndexError, TypeError, ValueError, struct.error)
_STANDARD_NAMES = CFFFont.STANDARD_STRINGS
_FORM = re.compile(r"(\w+)\.(?:isol|init|medi|fina)")
_LATIN = re.compile("[A-Za-z]")
# The names of Computer Modern's and the American Mathematical Society's glyphs that Adobe's list
# does not know.
_TEX_NAMES = """
    angbracketleft ⟨  angbracketright ⟩  floorleft ⌊  floorright ⌋  ceilingleft ⌈  ceilingright ⌉
    radicalbt √  vextendsingle ⏐  vextenddouble ‖  arrowtp ↑  arrowbt ↓  arrowdbltp ⇑
    arrowdblbt ⇓  summationtext ∑  summationdisplay ∑  producttext ∏  productdisplay ∏
    integraltext ∫  integraldisplay ∫  uniontext ⋃  uniondisplay ⋃  intersectiontext ⋂
    intersectiondisplay ⋂  unionmultitext ⨄  unionmultidisplay ⨄  unionsqtext ⨆  unionsqdisplay ⨆
    logicalandtext ⋀  logicalanddisplay ⋀  logicalortext ⋁  logicalordisplay ⋁  coproduct ∐
    coproducttext ∐  coproductdisplay ∐  contintegraltext ∮  contintegraldisplay ∮
    circledottext ⨀  circledotdisplay ⨀  circleplustext ⨁  circleplusdisplay ⨁
    circlemultiplytext ⨂  circlemultiplydisplay ⨂  hatwide ˆ  hatwider ˆ  hatwidest ˆ  tildewide ~
    tildewider ~  tildewidest ~  diamondmath ⋄  circleminus ⊖  circledivide ⊘  circledot ⊙
    circlecopyrt ©  circleR Ⓡ  circleS Ⓢ  equivasymptotic ≍  precedesequal ≼  followsequal ≽
    lessmuch ≪  greatermuch ≫  follows ≻  similarequal ≃  arrownortheast ↗  arrowsoutheast ↘
    arrownorthwest ↖  arrowsouthwest ↙  arrowbothv ↕  arrowdblbothv ⇕  arrowhookleft ↪
    arrowhookright ↩  arrowlefttophalf ↼  arrowleftbothalf ↽  arrowrighttophalf ⇀
    arrowrightbothalf ⇁  arrowtailleft ↢  arrowtailright ↣  prime ′  owner ∋  triangle ∆
    triangleinv ▽  triangleleft ◁  triangleright ⊿  negationslash ⁄  mapsto ↦  Rfractur ℜ
    Ifractur ℑ  latticetop ⊤  unionmulti ⨄  unionsq ⊔  intersectionsq ⊓  subsetsqequal ⊑
    supersetsqequal ⊒  turnstileleft ⊣  turnstileright ⊢  bardbl ‖  star ⋆  flat ♭  natural ♮
    sharp ♯  slurbelow ⌣  slurabove ⌢  vector ⃗  tie ⁀  epsilon1 ϵ  pi1 ϖ  rho1 ϱ  ell ℓ
    visiblespace ␣  cwm \u200b  square □  squaresolid ■  squaredot ⊡  squareminus ⊟  squareplus ⊞
    squaremultiply ⊠  diamondsolid ◆  trianglesolid ▲  triangledownsld ▼  triangleleftsld ◀
    trianglerightsld ▶  triangleleftequal ⊴  trianglerightequal ⊵  planckover2pi ℏ
    planckover2pi1 ℏ  beth ℶ  daleth ℸ  Yen ¥  Dbar Đ  dbar đ  SS ẞ  hyphenchar -  rangedash –
    punctdash —  dblbracketleft ⟦  dblbracketright ⟧  lessorequalslant ⩽  satisfies ⊨  forces ⊩
    notlessequal ≰  notgreaterequal ≱  notarrowright ↛  notarrowleft ↚  notbar ∤  notsubseteql ⊈
    subsetnoteql ⊊  supersetnoteql ⊋  squiggleright ↝  arrowparrleftright ⇆  arrowparrrightleft ⇄
    dblarrowheadright ↠  dblarrowheadleft ↞  harpoonleftright ⇋  harpoonrightleft ⇌
    lessorsimilar ≲  defines ≜  multiopenleft ⋋  multicloseright ⋊  asteriskcentered ∗
    primereverse ‵  diameter ⌀  anglearc ⊾  guillemetleft «  guillemetright »
    greaterorequalslant ⩾  greaterorsimilar ≳
"""
_NAMES = dict(zip(_TEX_NAMES.split()[::2], _TEX_NAMES.split()[1::2], strict=True))
# ZapfDingbats stands in Unicode in its own order, but for what other fonts had before it.
_DINGBATS = {
    **{code: chr(0x26E0 + code) for code in range(0x21, 0x7F)},
    **{code: chr(0x26C0 + code) for code in range(0xA1, 0xFF)},
    **{0x20: " ", 0x25: "☎", 0x2A: "☛", 0x2B: "☞", 0x48: "★", 0x6C: "●", 0x6E: "■", 0x73: "▲"},
    **{0x74: "▼", 0x75: "◆", 0x77: "◗", 0xA8: "♣", 0xA9: "♦", 0xAA: "♥", 0xAB: "♠"},
    **{code: chr(0x23B4 + code) for code in range(0xAC, 0xB6)},
    **{0xD5: "→", 0xD6: "↔", 0xD7: "↕"},
}


def simple_encoding(entries: Mapping[str, Any]) -> dict[int, str]:
    """Return what the codes of a font stand for by its dictionary; U+FFFD where a glyph's name
    tells nothing."""
    given = resolve1(entries.get("Encoding"))
    entry = given if isinstance(given, dict) else {"BaseEncoding": given}
    drawn = literal_name(entries.get("Subtype")) == "Type3"
    differences = dict(_differences(entry.get("Differences")))
    table = _base(entries, resolve1(entry.get("BaseEncoding")))
    told = {code: _by_code(name) if drawn else None for code, name in differences.items()}
    # Where most are no Latin letters, the others aren't those of Western Europe.
    known = "".join(filter(None, told.values()))
    foreign = sum(character > "\xa0" for character in known) > len(_LATIN.findall(known))
    for code, name in differences.items():
        character = told[code] or _named(name)
        table[code] = UNKNOWN if foreign and told[code] and character > "\x7f" else character
    return {code: _LIGATURES.get(text, text) for code, text in table.items()}


def _differences(entry: object) -> Iterator[tuple[int, str]]:
    code = 0
    for item in map(resolve1, list_value(entry)):
        if isinstance(item, int):
            code = item
        elif isinstance(item, PSLiteral):
            yield code, literal_name(item)
            code += 1


def _base(entries: Mapping[str, Any], named: object) -> dict[int, str]:
    """The encoding that the differences are from."""
    if isinstance(named, PSLiteral):
        name = literal_name(named)
        table = dict(EncodingDB.get_encoding(name))
        if name in _CODE_PAGES:
            for code in range(0x20, 0x100):
                table.setdefault(code, bytes([code]).decode(_CODE_PAGES[name], "replace"))
        return table
    family = literal_name(entries.get("BaseFont")).rpartition("+")[2].partition("-")[0]
    if family == "ZapfDingbats":
        return dict(_DINGBATS)
    if family == "Symbol":
        return {code: shown(code, family) for code in range(0x20, 0xFF)}
    if "Encoding" not in entries and (own := _built_in(entries)):
        return own
    plain = "WinAnsi" if literal_name(entries.get("Subtype")) == "TrueType" else "Standard"
    return dict(EncodingDB.get_encoding(f"{plain}Encoding"))


def _built_in(entries: Mapping[str, Any]) -> dict[int, str]:
    """The encoding that a font's program brings; empty where it tells none."""
    descriptor = dict_value(entries.get("FontDescriptor"))
    program, compact = (resolve1(descriptor.get(f"FontFile{kind}")) for kind in ("", "3"))
    if isinstance(program, PDFStream):
        header = program.get_data().partition(b"eexec")[0][:100_000]
        found = ((int(m[1]), m[2].decode("latin-1")) for m in _BUILT_IN.finditer(header))
        return {code: _named(name) for code, name in found}
    if isinstance(compact, PDFStream):
        with suppress(
            ArithmeticError, AssertionError, IndexError, TypeError, ValueError, struct.error
        ):
            return {code: _named(name) for code, name in _compact_built_in(compact.get_data())}
    return {}


def _compact_built_in(data: bytes) -> Iterator[tuple[int, str]]:
    """The codes and names of a program in the Compact Font Format (Adobe's Note 5176)."""
    _, at = _index(data, data[2])
    tops, at = _index(data, at)
    strings, _ = _index(data, at)
    top = getdict(tops[0])
    charset, encoding, glyphs = (int(top.get(key, [0])[0]) for key in (15, 16, 17))
    if encoding <= 1 or charset in (1, 2):
        return  # one of those that every reader has
    numbers = _charset(data, charset, len(_index(data, glyphs)[0]))
    for glyph, code in _codes(data, encoding):
        number = numbers[glyph]
        if number < len(_STANDARD_NAMES):
            yield code, _STANDARD_NAMES[number]
        else:
            yield code, strings[number - len(_STANDARD_NAMES)].decode("latin-1")


def _index(data: bytes, at: int) -> tuple[list[bytes], int]:
    """The items of a table of things of different sizes, and where it ends."""
    (count,) = struct.unpack_from(">H", data, at)
    if not count:
        return [], at + 2
    size = data[at + 2]
    first = at + 3
    ends = [
        int.from_bytes(data[first + size * one : first + size * (one + 1)], "big")
        for one in range(count + 1)
    ]
    base = first + size * (count + 1) - 1
    items = [data[base + start : base + end] for start, end in pairwise(ends)]
    return items, base + ends[-1]


def _charset(data: bytes, at: int, count: int) -> list[int]:
    """The numbers of the glyphs' names."""
    if at == 0:
        return list(range(count))
    numbers = [0]
    kind, at = data[at], at + 1
    while len(numbers) < count:
        (first,) = struct.unpack_from(">H", data, at)
        more = 0 if kind == 0 else int.from_bytes(data[at + 2 : at + 2 + kind], "big")
        numbers.extend(range(first, first + more + 1))
        at += 2 + kind
    return numbers


def _codes(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Glyphs by their places, with their codes; the first one, which is blank, has none."""
    ranged, count = data[at] & 0x7F, data[at + 1]
    glyph, at = 1, at + 2
    for one in range(count):
        first, more = (
            (data[at + 2 * one], data[at + 2 * one + 1]) if ranged else (data[at + one], 0)
        )
        for code in range(first, first + more + 1):
            yield glyph, code
            glyph += 1


def _by_code(name: str) -> str | None:
    match = _CODE_NAME.fullmatch(name)
    return chr(int(match[1])) if match and int(match[1]) < 0x100 else None


def _named(name: str) -> str:
    """The character of a glyph's name; a name of one character names that."""
    name = _SIZE.sub("", name)
    if name in _NAMES:
        return _NAMES[name]
    if match := _FORM.fullmatch(name):
        name = f"{match[1]}arabic"
    elif name.startswith("f_") or "." in name:  # f_f_i, two.superior
        whole = _adobe(name.replace("_", "").replace(".", ""))
        if whole is not None:
            return whole
    character = _adobe(name)
    return character if character is not None else name if len(name) == 1 else UNKNOWN


def _adobe(name: str) -> str | None:
    try:
        return name2unicode(name)
    except (KeyError, ValueError, OverflowError):
        return None
