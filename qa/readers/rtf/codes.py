"""What RTF's control words mean, as far as a document's text depends on them.

After Microsoft's "Rich Text Format (RTF) Specification", version 1.9.1.
"""

from __future__ import annotations

import codecs

# Characters that have a control word or control symbol of their own.
CHARACTERS = {
    **{"tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "emdash": "—", "endash": "–"},
    **{"emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•"},
    **{"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"zwj": "\u200d", "zwnj": "\u200c", "page": "\n\n", "column": "\n\n"},
    **{"~": "\u00a0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\t": "\t"},
}

# Groups whose text is no part of the running text. What begins with `\*` and is not known is
# left out too, as the specification asks.
_NAMES = """
    annotation atnauthor atndate atnid atnparent atnref atntime atrfend atrfstart author
    background bkmkend bkmkstart buptim category colorschememapping colortbl comment company
    creatim datafield datastore defchp defpap doccomm docvar factoidname falt fchars
    ffdeftext ffentrymcr ffexitmcr ffformat ffhelptext ffl ffname ffstattext file filetbl fldinst
    fname fontemb fontfile footer footerf footerl footerr formfield ftncn ftnsep ftnsepc aftncn
    aftnsep aftnsepc g generator gridtbl header headerf headerl headerr hlinkbase hlloc hlsrc
    keycode keywords latentstyles lchars levelnumbers leveltext lfolevel linkval list listlevel
    listname listoverride listoverridetable listpicture liststylename listtable listtext
    lsdlockedexcept mailmerge manager mmathPict nextfile nonesttables nonshppict objalias objclass
    objdata objname objsect objtime oldcprops oldpprops oldsprops oldtprops oleclsid operator
    panose password passwordhash pgp pgptbl picprop pict pn pnseclvl pntext pntxta pntxtb printim
    private protend protstart protusertbl revtbl revtim rsidtbl rxe shprslt sn sp staticval subject
    sv svb tc template themedata txe upr userprops wgrffmtfilter windowcaption writereservation
    writereservhash xe xform xmlattrname xmlattrvalue xmlclose xmlname xmlnstbl xmlopen
"""
SKIPPED = frozenset(_NAMES.split())
# Groups that are read although they begin with `\*`, or stand in one that is left out.
ENTERED = frozenset("shpinst shptxt ud nesttableprops do dptxbxtext".split())

# \fcharset's numbers: the encoding of what is written with a font. 1 is the document's own.
_CHARSETS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk"},
    **{136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256"},
    **{186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"},
    **{78: "shift_jis", 83: "mac_greek", 84: "mac_cyrillic", 85: "gbk", 88: "cp874"},
    **{80: "euc_kr", 89: "mac_latin2", 79: "big5", 86: "mac_romanian"},
}
SYMBOL_CHARSET = 2
_PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8", 936: "gbk", 1361: "johab"}
_BY_WORD = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


def charset(number: int) -> str | None:
    """The encoding of a font of that character set; None for the document's own."""
    return _CHARSETS.get(number)


def code_page(number: int) -> str | None:
    """The encoding that Windows numbers so, if Python has it."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def document_encoding(word: str) -> str | None:
    """The encoding that `\\ansi`, `\\mac`, `\\pc` or `\\pca` names; None for other words."""
    return _BY_WORD.get(word)
