"""Questions that lean on earlier ones, made whole from the conversation without a language model.

A question leans if it opens like one ("And …", "What about …"), points back ("it", "that",
"he"), or is about nothing of its own ("When was that?"). What it lacks is taken over from the
question before: its topic if this one has none or points back at it, and its speaker or its
dates if this one names none and does not ask for them. A question that does not lean starts
anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.errors import InvalidQuery
from qa.language.tokens import STOP_TOKENS
from qa.records import Query, Understood
from qa.search.query import make_query
from qa.search.query.understanding import SAYING_TOKENS

_OPENINGS = re.compile(
    r"\W*(?:and|but|so|also|or|what about|how about|what else|who else|anyone else|anybody else|"
    r"anything else|why so|а|и|но|что насч[её]т|кто ещ[её]|что ещ[её])\b",
    re.IGNORECASE,
)
_THING = re.compile(
    r"\b(?:it|this|that|these|those|the same|so|это|этом|этого|этому|этим|об этом)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|they|him|them|он|она|они)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(?:his|her|their|its|его|её|ее|их)\b", re.IGNORECASE)
# Where such a word points at nothing earlier: "said that …", "is it true", "so many".
_EMPTY = re.compile(
    r"\b(?:said|says?|saying|claim(?:ed|s)?|think|believe|know|mean|true|agree|report(?:ed)?)"
    r"\s+that\b"
    r"|\bis it (?:true|possible|likely|right|important|necessary)(?:\s+that)?\b"
    r"|\bit (?:is|was) (?:true|said)\b"
    r"|\bso (?:many|much|long|far|that|often)\b|\bthat (?=is\b|are\b|was\b|were\b|has\b|have\b)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:when|what (?:date|day|year|month)|which (?:day|year|month)|когда)\b", re.IGNORECASE
)
# A question with so many words of its own that its pronouns may point at those.
_OWN_TOPIC = 2


@dataclass(frozen=True, slots=True)
class _Need:
    """What a question lacks."""

    topic: bool
    speaker: bool


def complete(question: str, understood: Understood, previous: Query) -> str:
    """Return the question with what it lacks from the previous query, or as it is if it stands
    alone.

    `understood` is what this question itself says. What is added stands in brackets behind it,
    in the previous question's own words; "he" and "she" become the name they stand for.
    """
    need = _need(question, understood)
    if need is None:
        return question
    before = previous.understood
    text, added = question.strip(), []
    if need.speaker and before.speakers:
        name = before.speakers[0] if len(before.speakers) == 1 else None
        person = _PERSON.search(text)
        if name and person:
            text = text[: person.start()] + name + text[person.end() :]
        elif before.says:
            added.append(f"{before.phrases[0]} said")
    if need.topic:
        added.append(" ".join(_topic_words(previous)))
    undated = not understood.since and not understood.until and not _WHEN.search(question)
    if undated and (before.since or before.until):
        added.append(before.phrases[-1])
    return f"{text} ({', '.join(added)})" if added else text


def _need(question: str, understood: Understood) -> _Need | None:
    """Return what the question takes from the one before; None if it stands alone."""
    own = _own_topic(question, understood)
    bare = _EMPTY.sub(" ", question)
    thing = bool(_THING.search(bare)) or (own < _OWN_TOPIC and bool(_POSSESSIVE.search(bare)))
    person = bool(_PERSON.search(bare))
    if not (thing or person or own == 0 or _OPENINGS.match(question)):
        return None
    named = bool(understood.speakers or understood.unknown_speaker or understood.asks_who)
    return _Need(topic=thing or own == 0, speaker=not named)


def _own_topic(question: str, understood: Understood) -> int:
    """Return how many words of its own the question is about."""
    try:
        query = make_query(question, understood=understood)
    except InvalidQuery:
        return 0
    return len(_topic_words(query))


def _topic_words(query: Query) -> list[str]:
    """Return the query's words but those that say who speaks and when, or that point back."""
    named = {word.casefold() for phrase in query.understood.phrases for word in phrase.split()}
    return [
        word
        for term, word in zip(query.terms, query.words, strict=True)
        if term not in SAYING_TOKENS
        and term not in STOP_TOKENS
        and word.casefold() not in named
        and not _OPENINGS.fullmatch(word)
        and not _THING.fullmatch(word)
    ]
