"""Decide which entries of folders to skip: hidden ones, tools' own, and `.gitignore` patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

IGNORE_FILE = ".citewellignore"
MOST_IGNORE_BYTES = 1024 * 1024
# Directories that hold tools' own files; those with a leading dot are skipped anyhow.
_TOOL_DIRECTORIES = frozenset({"CVS", "__MACOSX", "__pycache__", "node_modules"})
_CLASS = re.compile(r"\[:(\w+):\]")
# A slash is a slash, escaped or not; the backslash before it is not if another escapes it.
_ESCAPED_SLASH = re.compile(r"(?<!\\)((?:\\\\)*)\\/")
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
    "punct": r"!-/:-@\[-`{-~",
}


def is_passed_over(name: str) -> bool:
    """Return whether an entry of that name is never looked for in folders and archives."""
    return name.startswith(".") or name in _TOOL_DIRECTORIES


@dataclass(frozen=True, slots=True)
class ExcludeRule:
    """One pattern. It is matched against a path relative to the directory it was given for."""

    expression: re.Pattern[str]
    negated: bool
    directories_only: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules given for one directory; `base` is that directory's path from the root, "" or
    ending in "/"."""

    base: str
    rules: tuple[ExcludeRule, ...]


def is_excluded(path: str, is_directory: bool, layers: Sequence[Rules]) -> bool:
    """Return whether the last rule that matches a path excludes it; `layers` are weakest first.

    As in git, what lies in an excluded directory can't be included again: the directory is not
    entered, so nothing in it is asked about.
    """
    for layer in reversed(layers):
        if not path.startswith(layer.base):
            continue
        relative = path[len(layer.base) :]
        for rule in reversed(layer.rules):
            if (is_directory or not rule.directories_only) and rule.expression.fullmatch(relative):
                return not rule.negated
    return False


def parse_rules(lines: Iterable[str], base: str = "") -> Rules:
    """Return the rules of an ignore file's lines, by git's syntax (`man gitignore`): `#` comments,
    `!` includes again, a `/` before the end anchors, one at the end means directories only, `*`,
    `?` and `[a-z]` match within a name, `**` across names."""
    rules = (_rule(line.rstrip("\r\n")) for line in lines)
    return Rules(base, tuple(rule for rule in rules if rule is not None))


@lru_cache(maxsize=4096)
def _rule(line: str) -> ExcludeRule | None:
    pattern = _without_trailing_spaces(line)
    if not pattern or pattern.startswith("#"):
        return None
    negated = pattern.startswith("!")
    pattern = pattern[1:] if negated else pattern
    directories_only = pattern.endswith("/")
    pattern = pattern[:-1] if directories_only else pattern
    if not pattern:
        return None
    anchored = "/" in pattern
    pattern = pattern.removeprefix("/")
    try:
        expression = re.compile(_expression(pattern, anchored), re.DOTALL)
    except (ValueError, re.error):
        return None  # git too lets a broken pattern match nothing
    return ExcludeRule(expression, negated, directories_only)


def _without_trailing_spaces(line: str) -> str:
    while line.endswith(" ") and not line.endswith("\\ "):
        line = line[:-1]
    return line


def _expression(pattern: str, anchored: bool) -> str:
    r"""Return a glob as a regular expression, in which no star is tried twice from one place.

    What follows a star is met where it first occurs, as it can be met nowhere better; so all
    stars but the last are atomic, and time is bounded by the product of the lengths.

    >>> _expression("a/**/b*.txt", True)
    'a/(?:[^/]+/)*b[^/]*\\.txt'
    """
    groups: list[list[str]] = [[]] if anchored else [[], []]
    for part in _ESCAPED_SLASH.sub(r"\1/", pattern).split("/"):
        if part == "**":
            groups.append([])
        else:
            groups[-1].append(_name_expression(part))
    first, *others = groups
    found = ["/".join(first)] if not others else [name + "/" for name in first]
    for group in others[:-1]:
        if group:
            found.append(f"(?>(?:[^/]+/)*?{'/'.join(group)}/)")
    if others:
        # In the end a `**` means all that is inside.
        found.append("(?:[^/]+/)*" + "/".join(others[-1]) if others[-1] else ".+")
    return "".join(found)


def _name_expression(part: str) -> str:
    """Translate one name of a path: what stands between two slashes."""
    runs = [""]
    at = 0
    while at < len(part):
        character = part[at]
        at += 1
        if character == "*":
            runs.append("")
        elif character == "?":
            runs[-1] += "[^/]"
        elif character == "\\":
            if at == len(part):
                raise ValueError("an escape of nothing")
            runs[-1] += re.escape(part[at])
            at += 1
        elif character == "[":
            if not (end := _class_end(part, at)):
                raise ValueError("a class without an end")
            runs[-1] += _class(part[at:end])
            at = end + 1
        else:
            runs[-1] += re.escape(character)
    first, *others = runs
    middle = "".join(f"(?>[^/]*?{run})" for run in others[:-1] if run)
    return first + middle + (f"[^/]*{others[-1]}" if others else "")


def _class_end(part: str, at: int) -> int:
    """Return where the `]` of a class stands that begins at `at`; 0: nowhere."""
    start = at + 1 if part[at : at + 1] in ("!", "^") else at
    start = start + 1 if part[start : start + 1] == "]" else start
    while start < len(part) and part[start] != "]":
        if named := _CLASS.match(part, start):
            start = named.end()
        else:
            start += 2 if part[start] == "\\" else 1
    return start if start < len(part) else 0


def _class(inner: str) -> str:
    negated = inner[:1] in ("!", "^")
    body = inner[1:] if negated else inner
    body = _CLASS.sub(lambda named: _CLASSES.get(named[1], ""), body.replace("[", "[", 1))
    body = re.sub(r"([\[&~|])", r"\\\1", body) if "\\" not in body else body
    body = "\\" + body if body.startswith(("]", "^")) else body
    return f"(?!/)[{'^' if negated else ''}{body}]"
