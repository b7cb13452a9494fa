"""Read saved citations: from the library's records, drafts, annotations and packs."""

from __future__ import annotations

import json
import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.anchoring.citations import (
    SavedCitation,
    citations_of_quote,
    read_annotation,
    saved,
    tokens_in,
)
from qa.anchoring.selectors import Selector, surroundings_in
from qa.check.drafts import read_draft
from qa.check.drift import Drift, FoundCitation, find_drift_of
from qa.check.pack_verifier import is_page, read_pack
from qa.errors import CitewellError, ReadError
from qa.locating import line_starts
from qa.readers.files import load
from qa.store.opening import notebook_exists, open_citations, open_notebook
from qa.store.protocol import LibraryReader

_MAX_BYTES = 64 * 1024 * 1024
_JSON = (".json", ".jsonld")


def find_library_drift(
    store: LibraryReader, folder: Path, files: Sequence[str | os.PathLike[str]] = ()
) -> tuple[Drift, ...]:
    """Return the drift of the citations in files, or without files of all that the library keeps:
    citations saved under a token, and the quotes in conversations, notebooks and feedback.

    Raises ReadError for a file that can't be read.
    """
    registry = open_citations(folder)
    if files:
        tokens = {kept.token: kept for kept in registry}
        found = [one for file in files for one in citations_in(Path(file), tokens)]
        return find_drift_of(store, found)
    found = [FoundCitation(kept, "citations") for kept in registry]
    if notebook_exists(folder):  # to look leaves no file behind
        for where, quote in open_notebook(folder, read_only=True).quotes():
            found.extend(FoundCitation(kept, where) for kept in citations_of_quote(quote))
    return find_drift_of(store, found)


def citations_in(path: Path, kept: Mapping[str, SavedCitation]) -> tuple[FoundCitation, ...]:
    """Return the citations in a file; `kept` are those that tokens may refer to. An unknown token
    becomes a citation without a source.

    Raises ReadError for a file that can't be read, CitewellError for one that holds something
    else than its ending says.
    """
    ending = path.suffix.lower()
    if ending == ".zip" or (ending in (".html", ".htm") and is_page(load(path, _MAX_BYTES))):
        return tuple(_in_pack(path))
    if ending in _JSON:
        return tuple(_in_json(path))
    return tuple(_in_draft(path, kept))


def _in_draft(path: Path, kept: Mapping[str, SavedCitation]) -> Iterator[FoundCitation]:
    text = read_draft(path).text
    starts = line_starts(text)
    for match in tokens_in(text):
        where = f"{path.name}, line {bisect_right(starts, match.start())}"
        yield FoundCitation(kept.get(match.group()) or _unknown(match.group()), where)


def _unknown(token: str) -> SavedCitation:
    return saved(Selector("", None, 0, 0, "", "", ""), token)


# ---- annotations ---------------------------------------------------------------------


def _in_json(path: Path) -> Iterator[FoundCitation]:
    try:
        data = json.loads(load(path, _MAX_BYTES))
        found = [kept for one in _annotations(data) for kept in read_annotation(one)]
    except RecursionError:
        raise ReadError(path, "is nested too deeply") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(path, f"holds no annotations that can be read ({error!r})") from None
    if not found:
        raise CitewellError(
            f"{path} holds no W3C annotation of a quote, expected an export or `qa cite --json`"
        )
    for kept in found:
        yield FoundCitation(kept, path.name)


def _annotations(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every annotation in a JSON value, at any depth."""
    if isinstance(data, dict):
        if data.get("type") == "Annotation":
            yield data
            return
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from _annotations(item)


# ---- packs ---------------------------------------------------------------------------


def _in_pack(path: Path) -> Iterator[FoundCitation]:
    try:
        contents = read_pack(path)
        quotes = json.loads(contents["quotes.json"])["quotes"]
        found = [_of_pack(quote, contents) for quote in quotes]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(path, f"is no evidence pack, or a damaged one ({error!r})") from None
    for kept in found:
        yield FoundCitation(kept, path.name)


def _of_pack(quote: dict[str, Any], contents: Mapping[str, bytes]) -> SavedCitation:
    text = contents[quote["slice"]].decode("utf-8", "surrogatepass")
    start, end = quote["start"] - quote["slice_start"], quote["end"] - quote["slice_start"]
    around = surroundings_in(text, start, end)
    selector = Selector(
        str(quote["source"]),
        str(quote["source_sha256"]),
        int(quote["start"]),
        int(quote["end"]),
        str(quote["exact"]),
        around[0][-64:],
        around[1][:64],
        around,
    )
    facts = quote["speaker"], quote["date"], quote["document"]
    return saved(selector, str(quote["token"] or ""), *facts)
