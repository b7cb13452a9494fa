"""Random edits to texts whose every character is followed, to test kept citations against."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after edits. `origins[i]` is where character i stood before, −1 for a new one or
    for one of a copy."""

    text: str
    origins: list[int]
    edits: tuple[str, ...]


def edit(text: str, span: tuple[int, int], count: int, chance: random.Random) -> Edited:
    """`count` edits of a text, half of them near a span."""
    chars, origins = list(text), list(range(len(text)))
    done = []
    for _ in range(count):
        near = chance.random() < 0.6
        centre = chance.randrange(max(1, span[0] - 80), span[1] + 80) if near else None
        done.append(_one(chars, origins, centre, chance))
    return Edited("".join(chars), origins, tuple(done))


def _one(chars: list[str], origins: list[int], centre: int | None, chance: random.Random) -> str:
    size = len(chars)
    at = min(size - 1, centre if centre is not None else chance.randrange(size))
    length = chance.choice((1, 1, 2, 8, 30, 120, 600))
    end = min(size, at + length)
    kind = chance.choice(("insert", "delete", "replace", "copy", "move", "case", "word", "respace"))
    if kind == "insert":
        new = _words(chars, length, chance)
        chars[at:at] = new
        origins[at:at] = [-1] * len(new)
    elif kind == "delete":
        del chars[at:end], origins[at:end]
    elif kind == "replace":
        new = _words(chars, end - at, chance)
        own = [
            origin if old == char else -1
            for old, char, origin in zip(chars[at:end], new, origins[at:end], strict=True)
        ]
        chars[at:end], origins[at:end] = new, own
    elif kind == "copy":
        to = chance.randrange(size)
        block = chars[at:end]
        chars[to:to] = block
        origins[to:to] = [-1] * len(block)
    elif kind == "move":
        block, own = chars[at:end], origins[at:end]
        del chars[at:end], origins[at:end]
        to = chance.randrange(len(chars) + 1)
        chars[to:to] = block
        origins[to:to] = own
    elif kind == "case":
        _change(chars, origins, at, end, lambda char: char.swapcase())
    elif kind == "respace":
        _change(chars, origins, at, end, lambda char: "\u00a0" if char == " " else char)
    else:
        new = list(chance.choice((" not", " never", " 17", " perhaps", " не")))
        chars[at:at] = new
        origins[at:at] = [-1] * len(new)
    return kind


def _change(chars: list[str], origins: list[int], at: int, end: int, how: object) -> None:
    assert callable(how)
    for index in range(at, end):
        new = str(how(chars[index]))
        if new != chars[index] and len(new) == 1:
            chars[index], origins[index] = new, -1


def _words(chars: Sequence[str], length: int, chance: random.Random) -> list[str]:
    """Characters from elsewhere in the text, so that what is new looks like what is old."""
    at = chance.randrange(max(1, len(chars) - length))
    return list(chars[at : at + length])


def true_place(edited: Edited, start: int, end: int) -> int | None:
    """Where characters start … end stand together now; None if they no longer do."""
    try:
        at = edited.origins.index(start)
    except ValueError:
        return None
    whole = edited.origins[at : at + end - start] == list(range(start, end))
    return at if whole else None


def came_from(edited: Edited, start: int, end: int, at: int, to: int) -> bool:
    """Whether what stands in and around [at:to) of the edited text came from around [start:end)
    of the old one. (New characters can be the same as the old ones they stand for.)"""
    window = range(max(0, at - 60), min(len(edited.origins), to + 60))
    low, high = start - 200, end + 200
    from_there = sum(low <= edited.origins[index] < high for index in window)
    return 4 * from_there >= len(window)


def is_indistinguishable(old: str, edited: Edited, start: int, end: int, at: int, to: int) -> bool:
    """Whether words stand in the edited text with the same 60 characters around them: on both
    sides, or on one where the words are as long themselves."""
    before = old[max(0, start - 60) : start] == edited.text[max(0, at - 60) : at]
    after = old[end : end + 60] == edited.text[to : to + 60]
    return (before and after) or (end - start >= 60 and (before or after))
