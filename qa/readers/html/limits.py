"""Keeps markup within what a browser would take, since parsing time is quadratic beyond it."""

from __future__ import annotations

import re

# Browsers stop nesting elements at this depth too.
MOST_DEPTH = 512
_MOST_ATTRIBUTES = 500

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])[^<>]*>")
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)([^<>]{4000,})>")
# Elements whose end tag may be left out would seem to nest ever deeper; void ones have none.
_NAMES = """
    p li dt dd tr td th tbody thead tfoot option optgroup html head body colgroup rp rt rb rtc
    area base br col embed hr img input link meta param source track wbr
"""
_NOT_COUNTED = frozenset(_NAMES.split())


def tamed(markup: str) -> str:
    """The markup without the tags that nest deeper than `MOST_DEPTH`, or hold more attributes
    than any page has; what text stands between them stays. Ordinary markup comes back as it is.
    """
    markup = _LONG_TAG.sub(_without_attributes, markup)
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() not in _NOT_COUNTED:
            depth = max(0, depth - 1) if match[1] else depth + 1
            deepest = max(deepest, depth)
    return _flattened(markup) if deepest > MOST_DEPTH else markup


def _without_attributes(match: re.Match[str]) -> str:
    many = match[2].count(" ") + match[2].count("\n") > _MOST_ATTRIBUTES
    # A data: address is long without being many attributes.
    return f"<{match[1]}>" if many and match[2].count("=") > _MOST_ATTRIBUTES else match[0]


def _flattened(markup: str) -> str:
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _NOT_COUNTED:
            return match[0]
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < MOST_DEPTH else "<br>"
        depth += 1
        return match[0] if depth <= MOST_DEPTH else "<br>"

    return _TAG.sub(kept, markup)
