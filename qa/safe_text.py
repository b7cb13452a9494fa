"""Make documents' text safe to store, and to print: it can't move the cursor, colour or reorder a
line."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and line feed, and the bidirectional overrides and isolates that
# can make a line read as other words than it holds.
UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)
# What neither SQLite nor UTF-8 can hold.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text with NULs and lone surrogates as U+FFFD; as long as before."""
    return _UNSTORABLE.sub("\ufffd", text)


def safe(text: str) -> str:
    """Return the text with control characters shown as what they are (‹U+001B›).

    >>> safe("a\\x1b[31mb")
    'a‹U+001B›[31mb'
    """
    # A carriage return before a line feed is a line end like any other.
    return UNSAFE.sub(lambda m: f"‹U+{ord(m.group()):04X}›", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return the same on one line, for names and titles."""
    return " ".join(safe(text).split())


def safe_json(text: str) -> str:
    """Return JSON with the same characters escaped: whoever parses it gets the exact text, whoever
    looks at it is not fooled."""
    # Line ends between JSON's own tokens stay.
    return UNSAFE.sub(lambda m: f"\\u{ord(m.group()):04x}", text)
