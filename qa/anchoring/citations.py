"""Saved citations: how to find the words again when the source has changed, and whose they are.

A token is short enough for a draft, and the same for the same words at the same place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import unquote

from qa.anchoring.selectors import SOURCE_URN, Selector, read_selectors, select, target_data
from qa.records import Citation, Quote

NORMALISER = "citewell-letters/1"
TOKEN = re.compile(r"(?<![\w:])cw:[0-9a-hjkmnp-tv-z]{10}(?![\w])")
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class SavedCitation(Selector):
    """A selector, and what the source said about its words when they were cited. `token` is "" for
    a citation saved without one."""

    token: str = ""
    speaker: str | None = None
    date: str | None = None
    document: str | None = None
    normaliser: str = NORMALISER


def saved(
    selector: Selector,
    token: str = "",
    speaker: str | None = None,
    date: str | None = None,
    document: str | None = None,
) -> SavedCitation:
    """Return a citation of the selected words."""
    own = {field.name: getattr(selector, field.name) for field in fields(Selector)}
    return SavedCitation(**own, token=token, speaker=speaker, date=date, document=document)


def citation_in_text(
    text: str,
    source: str,
    start: int,
    end: int,
    *,
    speaker: str | None = None,
    date: str | None = None,
    document: str | None = None,
) -> SavedCitation:
    """Return a citation of characters start … end of a source's text, with its token."""
    selector = select(text, source, start, end)
    assert selector.source_hash is not None  # the text is known
    token = token_of(selector.source_hash, start, end)
    return saved(selector, token, speaker, date, document)


def citation_of_answer(citation: Citation, exact: str) -> SavedCitation:
    """Return an answer's citation as conversations and notebooks keep it, to be checked for drift.
    It has no token."""
    context = citation.prefix, citation.suffix
    selector = Selector(
        citation.source, None, citation.start, citation.end, exact, *context, context
    )
    return saved(selector, "", citation.speaker, citation.date, citation.document)


def citations_of_quote(quote: Quote) -> Iterator[SavedCitation]:
    """Yield all citations of a quote, each with the words as its own place has them."""
    yield citation_of_answer(quote.citation, quote.text)
    for place in quote.places:
        start, end = place.start - place.passage_start, place.end - place.passage_start
        if 0 <= start < end <= len(place.passage):
            yield citation_of_answer(place, place.passage[start:end])


def token_of(source_hash: str, start: int, end: int) -> str:
    """Return `cw:` and 50 bits of the place's hash, in Crockford's base 32."""
    digest = hashlib.sha256(f"{source_hash}:{start}:{end}".encode()).digest()
    number = int.from_bytes(digest[:8], "big") >> 14
    letters = [_ALPHABET[(number >> (5 * place)) & 31] for place in range(9, -1, -1)]
    return "cw:" + "".join(letters)


def tokens_in(draft: str) -> Iterator[re.Match[str]]:
    """Yield the citation tokens that a draft holds."""
    yield from TOKEN.finditer(draft)


# ---- as the W3C writes them, and as one line ------------------------------------------------


def as_annotation(citation: SavedCitation) -> dict[str, Any]:
    """Return the citation as a W3C Web Annotation (2017), with Citewell's own terms where it has
    none."""
    digest = citation.source_hash
    return {
        "@context": [
            "http://www.w3.org/ns/anno.jsonld",
            {"citewell": "urn:citewell:terms:"},
        ],
        **({"id": f"urn:citewell:{citation.token}"} if citation.token else {}),
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {
            "type": "SpecificResource",
            **target_data(citation, citation.source),
        },
        "citewell:sourceHash": f"sha256:{digest}" if digest else None,
        "citewell:normaliser": citation.normaliser,
        "citewell:speaker": citation.speaker,
        "citewell:date": citation.date,
        "citewell:document": citation.document,
    }


def read_annotation(data: dict[str, Any]) -> Iterator[SavedCitation]:
    """Yield the citations of a W3C annotation, one a target. Raises KeyError, TypeError,
    ValueError for anything else."""
    targets = data["target"]
    digest = data.get("citewell:sourceHash")
    source_hash = str(digest).removeprefix("sha256:") if digest else None
    name = str(data.get("id", ""))
    for target in targets if isinstance(targets, list) else [targets]:
        source = unquote(str(target["source"]).removeprefix(SOURCE_URN))
        yield saved(
            read_selectors(target["selector"], source, source_hash),
            name.removeprefix("urn:citewell:") if "cw:" in name else "",
            data.get("citewell:speaker"),
            data.get("citewell:date"),
            data.get("citewell:document"),
        )
