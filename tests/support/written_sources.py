"""Sources whose documents, turns and speakers are given rather than found, for exact tests of
what is done with them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from qa.index.indexing import ContextualPassage, index_passage
from qa.records import Boundary, Document, SourceText, Turn, TurnKind
from qa.store.records import NewSource
from qa.structure.passages import cut_passages
from tests.support.hashing_encoder import HashingEncoder

Said = tuple[str | None, str]
Written = tuple[str | None, str | None, Sequence[Said]]


def written_source(path: str, documents: Sequence[Written], encoder: HashingEncoder) -> NewSource:
    """A source of documents, each a title, a date and what was said: (speaker, words), nobody's
    words being narration. Titles and speakers' labels stand in the text as turns of their own.
    """
    text = ""
    found: list[Document] = []
    turns: list[Turn] = []
    for number, (title, date, said) in enumerate(documents):
        begin = len(text) if number else 0
        parts: list[tuple[TurnKind, str | None, str]] = []
        if title is not None:
            parts.append((TurnKind.HEADING, None, title))
        for speaker, words in said:
            if speaker is not None:
                parts.append((TurnKind.LABEL, None, f"{speaker}:"))
            parts.append((TurnKind.SPEECH if speaker else TurnKind.NARRATION, speaker, words))
        for ordinal, (kind, speaker, words) in enumerate(parts):
            turns.append(Turn(number, ordinal, kind, len(text), len(text) + len(words), speaker))
            text += words + ("\n" if kind is TurnKind.LABEL else "\n\n")
        found.append(
            Document(number, begin, len(text), title, date, None, None, Boundary.STRONG, "given")
        )
    source = SourceText(text, "txt", "plain/1")
    passages = [
        passage
        for document in found
        for passage in cut_passages(source, document, turns, encoder.count_tokens)
    ]
    mean = np.zeros(encoder.identity.dimension, np.float32)
    indexed = [
        index_passage(encoder.question(one), ContextualPassage(one, passage.context), mean)
        for passage in passages
        for one in [text[passage.start : passage.end]]
    ]
    return NewSource(
        path=path,
        file_sha256=hashlib.sha256(text.encode()).hexdigest(),
        size=len(text.encode()),
        mtime_ns=1,
        source_text=source,
        documents=tuple(found),
        turns=tuple(turns),
        passages=tuple(passages),
        encoded=[item.encoded for item in indexed],
        tokens=[item.tokens for item in indexed],
    )
