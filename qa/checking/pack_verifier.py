"""Re-checks an evidence pack: `python verify.py [PACK.zip | FOLDER] [--seal SEAL]`.

Needs only Python's standard library. Every file must be in the manifest with its SHA-256, the
manifest must bear the seal, and every quote must stand in its slice at the place it names.
Exit status 0: everything agrees; 1: something does not, told line by line.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path

_OUTSIDE = ("manifest.json", "seal.txt")


def read_pack(place: Path) -> dict[str, bytes]:
    """All files of a pack by name, from a zip or a folder."""
    if place.is_dir():
        return {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in sorted(place.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
    with zipfile.ZipFile(place) as archive:
        names = archive.namelist()
        if len(names) != len(set(names)):
            raise ValueError("two files of the pack have one name")
        return {name: archive.read(name) for name in names}


def problems_of(contents: dict[str, bytes], seal: str | None = None) -> list[str]:
    """Everything that is wrong with a pack; nothing: it is as it was made."""
    missing = [name for name in (*_OUTSIDE, "quotes.json") if name not in contents]
    if missing:
        return [f"{name} is missing" for name in missing]
    found = []
    actual = hashlib.sha256(contents["manifest.json"]).hexdigest()
    if contents["seal.txt"] != f"{actual}\n".encode():
        found.append("the manifest does not bear the seal in seal.txt")
    if seal is not None and seal.strip().lower() != actual:
        found.append("the pack does not bear the seal that was given")
    try:
        manifest = json.loads(contents["manifest.json"])
        for name in sorted(set(manifest) | set(contents) - set(_OUTSIDE)):
            if name not in contents:
                found.append(f"{name} is missing")
            elif hashlib.sha256(contents[name]).hexdigest() != manifest.get(name):
                found.append(f"{name} is not what was packed")
        for quote in json.loads(contents["quotes.json"])["quotes"]:
            found.extend(_problems_of_quote(quote, contents))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found.append(f"the pack can't be read: {error!r}")
    return found


def _problems_of_quote(quote: dict[str, object], contents: dict[str, bytes]) -> list[str]:
    name, exact = str(quote["slice"]), str(quote["exact"])
    if name not in contents:
        return [f"{quote['token']}: {name} is missing"]
    text = contents[name].decode("utf-8", "surrogatepass")
    start = int(str(quote["start"])) - int(str(quote["slice_start"]))
    end = int(str(quote["end"])) - int(str(quote["slice_start"]))
    found = []
    if start < 0 or text[start:end] != exact:
        found.append(f"{quote['token']}: the words do not stand in {name}")
    digest = hashlib.sha256(exact.encode("utf-8", "surrogatepass")).hexdigest()
    if digest != quote["exact_sha256"]:
        found.append(f"{quote['token']}: the words are not those that were packed")
    if hashlib.sha256(contents[name]).hexdigest() != quote["slice_sha256"]:
        found.append(f"{quote['token']}: {name} is not the slice that was packed")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Re-checks an evidence pack.")
    parser.add_argument("pack", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--seal", help="the seal that was noted when the pack was made")
    given = parser.parse_args()
    try:
        found = problems_of(read_pack(Path(given.pack)), given.seal)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        found = [f"the pack can't be opened: {error}"]
    for problem in found:
        print(problem)
    if not found:
        print("everything agrees")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
