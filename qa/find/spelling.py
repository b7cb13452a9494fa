"""For a word that occurs nowhere: the nearest spelling that does."""

from __future__ import annotations

import difflib

from qa.find.records import QueryWord
from qa.find.words import TextWord, words_in
from qa.store.protocol import LibraryReader

# How alike two spellings must be to be offered for each other (difflib's ratio, 0 to 1).
_NEAR = 0.75
_PASSAGES_READ = 50


def nearest_spelling(store: LibraryReader, word: QueryWord) -> str | None:
    """Another form of the word, or else the word most like it, as a text of the library spells
    it."""
    if word.unspaced:
        return None
    known = store.term_counts([word.token])[word.token] > 0
    token = word.token if known else _nearest_token(store, word.token)
    if token is None:
        return None
    forms = _spellings(store, token)
    best = difflib.get_close_matches(word.key, forms, n=1, cutoff=0.0)
    return forms[best[0]] if best else None


def _nearest_token(store: LibraryReader, token: str) -> str | None:
    # Whatever is near enough is off by little in length; difflib then decides.
    near = [
        known
        for known in store.term_counts()
        if abs(len(known) - len(token)) <= 2 and not known[:1].isdigit()
    ]
    found = difflib.get_close_matches(token, near, n=1, cutoff=_NEAR)
    return found[0] if found else None


def _spellings(store: LibraryReader, token: str) -> dict[str, str]:
    """The words of the first passages that have this token: folded → as it is spelt there."""
    ids, _ = store.lexical_scores([token])
    forms: dict[str, str] = {}
    for passage in store.passages(ids[:_PASSAGES_READ].tolist()).values():
        text = store.excerpt(passage.text_id, passage.start, passage.end).text
        for source in (text, passage.context):
            for word in words_in(source):
                if word.token == token:
                    forms.setdefault(word.key, _spelt(source, word))
    return forms


def _spelt(text: str, word: TextWord) -> str:
    return text[word.start : word.end]
