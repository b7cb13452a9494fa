"""Where the lines of a stored text begin."""

from __future__ import annotations

import re

LINE_END = re.compile(r"\r\n|\n|\r")


def line_starts(text: str) -> list[int]:
    r"""The offset of each line's first character, the first line's 0 included.

    `\r\n`, `\n` and a lone `\r` each end one line; nothing else does. So a text that ends
    in a line end has one more, empty, line: `line_starts("a\r\nb\n") == [0, 3, 5]`.
    """
    return [0, *(match.end() for match in LINE_END.finditer(text))]
