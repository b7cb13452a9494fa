"""W3C Web Annotation (2017) as JSON-LD: a quote is the target, its attribution the body."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from qa.anchoring.citations import citation_of_answer
from qa.anchoring.selectors import target_data
from qa.in_words import ShortName, attribution, locator_words
from qa.records import Citation, Quote
from qa.safe_text import one_line

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def web_annotations(quotes: Sequence[Quote], short_name: ShortName) -> str:
    """Return an AnnotationPage of one highlighting annotation a quote."""
    page = {
        "@context": _CONTEXT,
        "id": "urn:citewell:page",
        "type": "AnnotationPage",
        "items": [_annotation(number, quote, short_name) for number, quote in enumerate(quotes, 1)],
    }
    return json.dumps(page, ensure_ascii=False, indent=2) + "\n"


def _annotation(number: int, quote: Quote, short_name: ShortName) -> dict[str, Any]:
    targets = [
        target_data(citation_of_answer(place, quote.text), short_name(place.source))
        for place in (quote.citation, *quote.places)
    ]
    return {
        "id": f"urn:citewell:quote:{number}",
        "type": "Annotation",
        "motivation": "highlighting",
        "body": {
            "type": "TextualBody",
            "value": _said(quote.citation),
            "format": "text/plain",
            "purpose": "describing",
        },
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _said(citation: Citation) -> str:
    """Return who, when, and the page, time or chapter: no selector counts in these labels."""
    said = attribution(citation)
    if citation.locator:
        said = f"{said}, {one_line(locator_words(citation.locator))}"
    return said
