"""A citation that is kept: what it takes to find its words again when the source has changed.

Its token is short enough for a draft, and the same for the same words at the same place.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import quote as percent_encoded

from qa.errors import CitewellError
from qa.records import Citation, Quote
from qa.store.sqlite.reader import LibraryReader

NORMALISER = "citewell-letters/1"
TOKEN = re.compile(r"(?<![\w:])cw:[0-9a-hjkmnp-tv-z]{10}(?![\w])")
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CONTEXT = 64
_LONGEST_CONTEXT = 1_024
WIDE = 400


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """`token` is "" for a citation that was not kept by one.

    `exact` stood at [start:end) of the source's stored text when it was kept.

    `source_hash` is that text's SHA-256 (UTF-8), None where it is not known. `prefix` and
    `suffix` are the characters around, long enough to tell the place from others like it;
    `unique` says that the words, `unique_prefix` and `unique_suffix` that the words with the
    prefix or the suffix, stood there only once. `surroundings` are more of the characters
    before and after, which show whether a place is the old one or a copy of it.
    """

    token: str
    source: str
    source_hash: str | None
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    speaker: str | None = None
    date: str | None = None
    document: str | None = None
    unique: bool = False
    unique_prefix: bool = False
    unique_suffix: bool = False
    surroundings: tuple[str, str] = ("", "")
    normaliser: str = NORMALISER


def hash_of(text: str) -> str:
    """The SHA-256 of a stored text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def token_of(source_hash: str, start: int, end: int) -> str:
    """`cw:` and 50 bits of the place's hash, in Crockford's base 32."""
    digest = hashlib.sha256(f"{source_hash}:{start}:{end}".encode()).digest()
    number = int.from_bytes(digest[:8], "big") >> 14
    letters = [_ALPHABET[(number >> (5 * place)) & 31] for place in range(9, -1, -1)]
    return "cw:" + "".join(letters)


def keep(store: LibraryReader, source: str, start: int, end: int) -> SavedCitation:
    """A citation of characters start … end of a source, ready to be kept.

    Raises UnknownSource, and CitewellError for a span that the text does not have.
    """
    with store.snapshot():
        path = store.resolve(source)
        text = store.text(path)
        if not 0 <= start < end <= len(text):
            raise CitewellError(
                f"span {start}-{end}: {path} has {len(text)} characters; "
                "expected 0 ≤ start < end ≤ that"
            )
        documents, turns = store.structure(path)
    turn = next((t for t in turns if t.start <= start and end <= t.end), None)
    document = next((d for d in documents if d.start <= start < d.end), None)
    return replace(
        keep_in(text, path, start, end),
        speaker=turn.speaker if turn else None,
        date=document.date if document else None,
        document=document.title if document else None,
    )


def keep_in(text: str, source: str, start: int, end: int) -> SavedCitation:
    """A citation of characters start … end of a text, without who says it and when."""
    source_hash = hash_of(text)
    prefix, suffix = _contexts(text, start, end)
    exact = text[start:end]
    return SavedCitation(
        token=token_of(source_hash, start, end),
        source=source,
        source_hash=source_hash,
        start=start,
        end=end,
        exact=exact,
        prefix=prefix,
        suffix=suffix,
        unique=is_unique(text, exact),
        unique_prefix=is_unique(text, prefix + exact),
        unique_suffix=is_unique(text, exact + suffix),
        surroundings=(text[max(0, start - WIDE) : start], text[end : end + WIDE]),
    )


def kept_of(citation: Citation, exact: str) -> SavedCitation:
    """A citation of an answer, as conversations and notebooks keep it, so that it can drift. It
    has no token."""
    return SavedCitation(
        token="",
        source=citation.source,
        source_hash=None,
        start=citation.start,
        end=citation.end,
        exact=exact,
        prefix=citation.prefix,
        suffix=citation.suffix,
        speaker=citation.speaker,
        date=citation.date,
        document=citation.document,
        surroundings=(citation.prefix, citation.suffix),
    )


def kept_of_quote(quote: Quote) -> Iterator[SavedCitation]:
    """All citations of a quote. Where its other places have the words a little differently,
    those are what is kept of them."""
    yield kept_of(quote.citation, quote.text)
    for place in quote.places:
        start, end = place.start - place.passage_start, place.end - place.passage_start
        if 0 <= start < end <= len(place.passage):
            yield kept_of(place, place.passage[start:end])


def is_unique(text: str, words: str) -> bool:
    first = text.find(words)
    return first >= 0 and text.find(words, first + 1) < 0


def _contexts(text: str, start: int, end: int) -> tuple[str, str]:
    """Prefix and suffix, lengthened until each tells the place from all others."""
    size = _CONTEXT
    while size < _LONGEST_CONTEXT and not (
        is_unique(text, text[max(0, start - size) : end])
        and is_unique(text, text[start : end + size])
    ):
        size *= 2
    return text[max(0, start - size) : start], text[end : end + size]


def as_annotation(kept: SavedCitation) -> dict[str, Any]:
    """The citation as a W3C Web Annotation (2017); what it has no term for is Citewell's own."""
    return {
        "@context": [
            "http://www.w3.org/ns/anno.jsonld",
            {"citewell": "urn:citewell:terms:"},
        ],
        **({"id": f"urn:citewell:{kept.token}"} if kept.token else {}),
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {
            "type": "SpecificResource",
            "source": f"urn:citewell:source:{percent_encoded(kept.source, safe='')}",
            "selector": [
                {"type": "TextPositionSelector", "start": kept.start, "end": kept.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": kept.exact,
                    "prefix": kept.prefix,
                    "suffix": kept.suffix,
                },
            ],
        },
        "citewell:sourceHash": f"sha256:{kept.source_hash}" if kept.source_hash else None,
        "citewell:normaliser": kept.normaliser,
        "citewell:speaker": kept.speaker,
        "citewell:date": kept.date,
        "citewell:document": kept.document,
    }


def encode(kept: SavedCitation) -> str:
    """One line of JSON, which `decode` reads."""
    return json.dumps(asdict(kept), ensure_ascii=True, sort_keys=True)


def decode(line: str) -> SavedCitation:
    """Raises ValueError for a line that `encode` did not write."""
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("expected one JSON object a line")
    known = {name: data[name] for name in SavedCitation.__dataclass_fields__ if name in data}
    try:
        known["surroundings"] = tuple(known.get("surroundings", ("", "")))
        return SavedCitation(**known)
    except TypeError as error:
        raise ValueError(str(error)) from None


def tokens_in(draft: str) -> Iterator[re.Match[str]]:
    """The citation tokens that a draft holds."""
    yield from TOKEN.finditer(draft)
