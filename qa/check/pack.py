"""Make an evidence pack: quotes with their surroundings, as a zip or one HTML page, that proves its
own integrity.

    quotes.json       what is quoted, whose, where, with hashes (W3C annotations)
    slices/001.txt    the source around each quote, byte for byte (UTF-8)
    index.html        the same to be read by people
    verify.py         re-checks every byte with nothing but Python's standard library
    manifest.json     the SHA-256 of each of these files
    seal.txt          the SHA-256 of the manifest

The page is index.html with all of these files inside it, and verify.py to be saved from it.
Whoever changes a byte breaks the seal. Whoever makes a new seal has another one: note the
seal that `qa pack` prints, and give it to `verify.py --seal`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

from qa.anchoring.citations import SavedCitation, as_annotation
from qa.anchoring.selectors import hash_of
from qa.check.drift import resolve
from qa.check.pack_verifier import PAGE_CLOSES, PAGE_OPENS, page_of
from qa.errors import CitewellError
from qa.store.protocol import LibraryReader
from qa.store.source_names import text_of

AROUND = 1_000
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's bytes, and the seal to note separately."""

    data: bytes
    seal: str


def make_pack(
    store: LibraryReader, citations: Sequence[SavedCitation], *, as_page: bool = False
) -> Pack:
    """Pack citations that still hold into a zip, or into one self-contained page. The same
    citations of the same library give the same bytes.

    Raises CitewellError for a citation whose words no longer stand in the library, or none.
    """
    if not citations:
        raise CitewellError("nothing to pack: name at least one citation")
    contents: dict[str, bytes] = {}
    quotes: list[dict[str, Any]] = []
    with store.snapshot():
        for number, kept in enumerate(citations, 1):
            name = f"slices/{number:03}.txt"
            quote, around = _quote(store, kept, name)
            quotes.append(quote)
            contents[name] = around
    contents["quotes.json"] = _json({"format": "citewell-pack/1", "quotes": quotes})
    verifier = files(__package__ or "qa.check").joinpath("pack_verifier.py").read_bytes()
    contents["verify.py"] = verifier
    ending = _page_ending(verifier) if as_page else ""
    contents["index.html"] = _page(quotes, contents, ending).encode()
    manifest = _json(
        {name: hashlib.sha256(data).hexdigest() for name, data in sorted(contents.items())}
    )
    seal = hashlib.sha256(manifest).hexdigest()
    contents["manifest.json"] = manifest
    contents["seal.txt"] = f"{seal}\n".encode()
    return Pack(page_of(contents) if as_page else _zip(contents), seal)


def _quote(store: LibraryReader, kept: SavedCitation, name: str) -> tuple[dict[str, Any], bytes]:
    now = resolve(store, kept)
    if not now.standing.stands:
        raise CitewellError(f"{kept.token}: {now.message}; a pack holds only what stands")
    assert now.source is not None  # what stands, stands somewhere
    assert now.start is not None
    assert now.end is not None
    text = text_of(store, now.source)
    first, last = max(0, now.start - AROUND), min(len(text), now.end + AROUND)
    around = text[first:last].encode("utf-8", "surrogatepass")
    quote = {
        "token": kept.token,
        "exact": kept.exact,
        "exact_sha256": hash_of(kept.exact),
        "speaker": kept.speaker,
        "date": kept.date,
        "document": kept.document,
        "source": now.source,
        "source_sha256": hash_of(text),
        "start": now.start,
        "end": now.end,
        "slice": name,
        "slice_start": first,
        "slice_sha256": hashlib.sha256(around).hexdigest(),
        "annotation": as_annotation(kept),
    }
    return quote, around


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=True, indent=2, sort_keys=True) + "\n").encode("ascii")


def _zip(contents: dict[str, bytes]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            # A fixed date, so that the same quotes make the same bytes.
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[name])
    return place.getvalue()


def _page_ending(verifier: bytes) -> str:
    """Return the end of a self-contained page: the place for its files, and how to check it."""
    link = "data:text/x-python;base64," + base64.b64encode(verifier).decode()
    return (
        "<h2>Checking this page</h2><p>Every byte of this file can be checked again: save "
        f'<a download="verify.py" href="{link}">verify.py</a> beside it and run '
        "<code>python verify.py THIS-FILE.html --seal SEAL</code> with the seal that was noted "
        "when it was made. It needs Python alone.</p>" + (PAGE_OPENS + PAGE_CLOSES).decode()
    )


def _page(quotes: Sequence[dict[str, Any]], contents: dict[str, bytes], ending: str) -> str:
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Evidence pack</title>',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ',
        "style-src 'unsafe-inline'\"><style>body{font:16px/1.5 system-ui;max-width:50rem;",
        "margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;",
        "border-left:3px solid #888;padding-left:1rem}mark{background:#fd6}</style></head><body>",
        "<h1>Evidence pack</h1>",
    ]
    for number, quote in enumerate(quotes, 1):
        around = contents[quote["slice"]].decode("utf-8", "replace")
        start, end = quote["start"] - quote["slice_start"], quote["end"] - quote["slice_start"]
        who = quote["speaker"] or "unattributed"
        parts.append(
            f"<h2>{number}. {escape(who)}, {escape(quote['date'] or 'undated')}</h2>"
            f"<p>{escape(quote['document'] or '')} · {escape(quote['source'])}, characters "
            f"{quote['start']}–{quote['end']} · <code>{escape(quote['token'])}</code></p>"
            f"<pre>{escape(around[:start])}<mark>{escape(around[start:end])}</mark>"
            f"{escape(around[end:])}</pre><p>Source SHA-256 "
            f"<code>{quote['source_sha256']}</code></p>"
        )
    parts.append(f"{ending}</body></html>\n")
    return "".join(parts)
