"""What the lexical index reads of passages once their document or speaker has another name."""

from __future__ import annotations

from collections.abc import Sequence

from qa.language.tokens import lexical_tokens
from qa.records import Document, Passage, SourceText, Turn
from qa.structure.passages import Contexts


def name_passages(
    source: SourceText, document: Document, turns: Sequence[Turn], passages: Sequence[Passage]
) -> list[tuple[str, str]]:
    """Return the context of each passage of a document, and its lexical tokens, as an `add` makes
    them."""
    contexts = Contexts(source, document, turns)
    by_ordinal = {turn.ordinal: turn for turn in turns}
    named = []
    for passage in passages:
        context = contexts.of(by_ordinal[passage.turn], passage.start)
        words = source.text[passage.start : passage.end]
        named.append((context, lexical_tokens(context, words)))
    return named
