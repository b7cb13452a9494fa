"""Read evaluation collections' JSON, with errors that say what was expected and where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.errors import ReadError
from qa.safe_text import storable


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text, without a byte order mark. Raises ReadError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReadError(path, error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise ReadError(
            path, f"not UTF-8 at byte {error.start}; evaluation collections are UTF-8"
        ) from error


def read_json(path: Path) -> Any:
    """Return a file's JSON value. Raises ReadError."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise ReadError(path, f"not JSON: {error.msg} at line {error.lineno}") from error
    except RecursionError as error:
        raise ReadError(path, "JSON nested too deeply for a collection") from error


def read_json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("line 3", object) for each line that is not blank. Raises ReadError."""
    # Not splitlines(): a JSON string may hold U+2028 and other line ends unescaped.
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise ReadError(path, f"{where}: not JSON: {error.msg}") from error
        except RecursionError as error:
            raise ReadError(path, f"{where}: JSON nested too deeply") from error
        if not isinstance(value, dict):
            raise ReadError(path, f"{where}: got {_kind(value)}, expected a JSON object")
        yield where, value


class Fields:
    """The members of one JSON object, read by type; `where` names the object in errors."""

    def __init__(self, value: Any, path: Path, where: str) -> None:
        if not isinstance(value, dict):
            raise ReadError(path, f"{where}: got {_kind(value)}, expected a JSON object")
        self.members: dict[str, Any] = value
        self._path = path
        self.where = where

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; a missing one or null is `default`, or an error where there is none."""
        value = self.members.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.wrong(key, "a string")
        # One for one, so that the collection's offsets stay right.
        return storable(value)

    def optional(self, key: str) -> str | None:
        """Return a string, or None where it is missing, null or blank."""
        return self.text(key, "").strip() or None

    def name(self, key: str, default: str | None = None) -> str:
        """Return an identifier: a string, or a number, as some BEIR files have."""
        value = self.members.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(key, default)

    def number(self, key: str) -> int:
        value = self.members.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, "a whole number")
        return value

    def flag(self, key: str) -> bool:
        """Return a truth value; false if it is missing."""
        value = self.members.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def items(self, key: str, *, required: bool = True) -> list[Any]:
        """Return a list; an empty one if it is missing and not required."""
        value = self.members.get(key)
        if value is None and not required:
            return []
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value

    def objects(self, key: str, *, required: bool = True) -> Iterator[Fields]:
        """Yield the objects of a list, each with its place ("data[3]")."""
        for position, value in enumerate(self.items(key, required=required)):
            yield Fields(value, self._path, f"{self.where}.{key}[{position}]".lstrip("."))

    def wrong(self, key: str, expected: str) -> ReadError:
        """Return an error about a member with an unexpected value."""
        got = _kind(self.members[key]) if key in self.members else "nothing"
        where = f"{self.where}: " if self.where else ""
        return ReadError(self._path, f"{where}{key!r} is {got}, expected {expected}")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    return f"{json.dumps(value, ensure_ascii=False)[:60]}"
