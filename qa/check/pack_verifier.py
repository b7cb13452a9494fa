"""Re-check an evidence pack: `python verify.py [PACK.zip | PACK.html | FOLDER] [--seal SEAL]`.

Needs only Python's standard library. Every file must be in the manifest with its SHA-256, the
manifest must bear the seal, and every quote must stand in its slice at the place it names. Of a
pack in one HTML page every byte outside its files must be that of the page that was packed.
Exit status 0: everything agrees; 1: something does not, told line by line.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

PAGE_OPENS = b'<script type="application/json" id="citewell-pack">'
PAGE_CLOSES = b"</script>"
_OUTSIDE = ("manifest.json", "seal.txt")
_MOST_BYTES = 512 * 1024 * 1024


def read_pack(place: Path) -> dict[str, bytes]:
    """Read a pack's files by name from a zip, a page or a folder. Raises ValueError, OSError."""
    if place.is_dir():
        return {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in sorted(place.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
    data = place.read_bytes()
    if is_page(data):
        return files_of_page(data)
    try:
        return _files_of_zip(place)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"it is no zip, or a damaged one ({error})") from error


def _files_of_zip(place: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(place) as archive:
        names = archive.namelist()
        if len(names) != len(set(names)):
            raise ValueError("two files of the pack have one name")
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
            raise ValueError(f"it holds more than {_MOST_BYTES:,} bytes")
        return {name: archive.read(name) for name in names}


def is_page(data: bytes) -> bool:
    """Return whether bytes are a pack as one HTML page."""
    return PAGE_OPENS in data


def page_of(contents: dict[str, bytes]) -> bytes:
    """Return a pack as one page: its index.html, with all its files in the place for them."""
    files = {name: base64.b64encode(data).decode() for name, data in contents.items()}
    written = json.dumps(files, sort_keys=True, separators=(",", ":")).encode("ascii")
    empty = PAGE_OPENS + PAGE_CLOSES
    return contents["index.html"].replace(empty, PAGE_OPENS + written + PAGE_CLOSES)


def files_of_page(data: bytes) -> dict[str, bytes]:
    """Return the files in a page, if the page is what these files make, byte for byte."""
    written = data.split(PAGE_OPENS, 1)[1].split(PAGE_CLOSES, 1)[0]
    contents = {
        str(name): base64.b64decode(held, validate=True)
        for name, held in json.loads(written).items()
    }
    if "index.html" not in contents or page_of(contents) != data:
        raise ValueError("the page does not show what was packed")
    return contents


def problems_of(contents: dict[str, bytes], seal: str | None = None) -> list[str]:
    """Return everything that is wrong with a pack; empty if it is as it was made."""
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
    except (OSError, ValueError, AttributeError, TypeError) as error:
        found = [f"the pack can't be opened: {error}"]
    for problem in found:
        print(problem)
    if not found:
        print("everything agrees")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
