"""The file of people who may log in: one line a person, `name:scrypt$n$r$p$salt$hash`.

    python -m ui.passwords people.txt anna

asks for a password and writes the line. Hashes are scrypt's (RFC 7914) with a salt each.
"""

from __future__ import annotations

import argparse
import base64
import getpass
import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from qa import CitewellError

LONGEST_NAME = 64
LONGEST_PASSWORD = 1024
SHORTEST_PASSWORD = 10
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1  # 16 MiB and about 50 ms a try
_LARGEST_COST = 2**18


class Accounts:
    """Names and password hashes as the file has them when it is read."""

    def __init__(self, path: Path) -> None:
        self._hashes = _read(path)
        # Checking an unknown name must take as long as checking a known one.
        self._decoy = hash_password(secrets.token_urlsafe())

    def check(self, name: str, password: str) -> bool:
        """Return whether that is the person's password."""
        if len(password) > LONGEST_PASSWORD:
            return False
        stored = self._hashes.get(name)
        right = _matches(password, stored or self._decoy)
        return right and stored is not None


def hash_password(password: str) -> str:
    """Return `scrypt$n$r$p$salt$hash`, salt and hash in URL-safe base64."""
    salt = secrets.token_bytes(16)
    digest = _digest(password, salt, _COST, _BLOCK, _PARALLEL)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${_encode(salt)}${_encode(digest)}"


def set_password(path: Path, name: str, password: str) -> None:
    """Add a person to the file, or change the password. Raises CitewellError."""
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or set(name) & set(":#"):
        raise CitewellError(
            f"the name {name!r}, expected 1 to {LONGEST_NAME} printable characters "
            "without ':' and '#'"
        )
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise CitewellError(
            f"a password of {len(password)} characters, expected {SHORTEST_PASSWORD} to "
            f"{LONGEST_PASSWORD}"
        )
    hashes = _read(path) if path.exists() else {}
    hashes[name] = hash_password(password)
    lines = "".join(f"{person}:{stored}\n" for person, stored in sorted(hashes.items()))
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(lines)
    fresh.replace(path)


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CitewellError(
            f"the password file {path} can't be read ({error}): make one with "
            "`python -m ui.passwords FILE NAME`"
        ) from error
    hashes = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.partition(":")
        if not name or _parts(stored) is None:
            raise CitewellError(
                f"{path}, line {number}: expected `name:scrypt$n$r$p$salt$hash`, as "
                "`python -m ui.passwords FILE NAME` writes it"
            )
        hashes[name] = stored
    return hashes


def _parts(stored: str) -> tuple[int, int, int, bytes, bytes] | None:
    fields = stored.strip().split("$")
    if len(fields) != 6 or fields[0] != "scrypt":
        return None
    try:
        cost, block, parallel = (int(field) for field in fields[1:4])
        salt, digest = (base64.urlsafe_b64decode(field) for field in fields[4:])
    except ValueError:
        return None
    sane = 2 <= cost <= _LARGEST_COST and 1 <= block <= 32 and 1 <= parallel <= 16
    return (cost, block, parallel, salt, digest) if sane and digest else None


def _matches(password: str, stored: str) -> bool:
    parts = _parts(stored)
    if parts is None:
        return False
    cost, block, parallel, salt, digest = parts
    return hmac.compare_digest(_digest(password, salt, cost, block, parallel), digest)


def _digest(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost,
        r=block,
        p=parallel,
        maxmem=256 * cost * block * parallel,
        dklen=32,
    )


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii")


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask for a password and write it to the file; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ui.passwords", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("name")
    given = parser.parse_args(arguments)
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Once more: "):
        print("the two passwords differ; nothing was changed", file=sys.stderr)
        return 2
    try:
        set_password(given.file, given.name, password)
    except CitewellError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
