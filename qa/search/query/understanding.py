"""What a question itself says of who and when, by rules that can be read and switched off."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from qa.language import WORDS
from qa.language.lexicon import Words, alternatives
from qa.language.names import is_person_name
from qa.language.offices import is_honorific
from qa.language.tokens import stem
from qa.records import Span, Understood
from qa.search.query.dates import find_period
from qa.search.query.speakers import Mention, SpeakerDirectory, Word, find_mentions, question_words


def _stems(known: Words) -> frozenset[str]:
    return frozenset(stem(word) for word in known if " " not in word)


# Verbs of saying and thinking, by their tokens.
SAYING_TOKENS = _stems(
    WORDS.speech_verbs | WORDS.writing_verbs | WORDS.speech_infinitives | WORDS.stance_verbs
)
_STANCE = _stems(WORDS.stance_nouns)
# "The criticism of Smith" is no words of Smith's, "Smith's criticism" is.
_TAKES_OBJECT = _stems(WORDS.object_nouns)
_WHO = re.compile(r"^\W*(?:who|whose|which (?:speaker|minister|member)|кто|чь[ейя]+)\b", re.I)
_ACCORDING = re.compile(rf"\b(?:{alternatives(WORDS.according | WORDS.in_words_of)})$", re.I)
# How many words after a name its verb may stand.
_REACH = 6


def understand(
    question: str,
    roster: SpeakerDirectory,
    occurs: Callable[[str], bool],
    today: dt.date | None = None,
) -> Understood:
    """Return what the question says of speakers and dates, where `roster` are those who speak.
    `occurs` tells whether a lexical token is in the library; `today` gives "last year" a
    meaning."""
    words = question_words(question)
    written_small = not any(word.capital for word in words[1:])
    mentions = find_mentions(words, roster, occurs, any_case=written_small)
    speaking = [m for m in mentions if _speaks(question, words, m)]
    if written_small:
        # Without capitals "may" is Ms May only where somebody must be meant.
        mentions = tuple(speaking)
    chosen = speaking or list(mentions)
    period = find_period(question, today)
    phrases = [question[words[m.start].start : words[m.end - 1].end] for m in chosen]

    def heard(word: str) -> bool:
        return word.casefold() in roster.parts or occurs(stem(word))

    if period is not None:
        phrases.append(period.phrase)
    return Understood(
        speakers=tuple(dict.fromkeys(name for m in chosen for name in m.speakers)),
        unknown_speaker=None if mentions else _unknown(question, words, heard),
        says=bool(speaking),
        asks_who=_asks_who(question, words),
        since=period.since if period else None,
        until=period.until if period else None,
        phrases=tuple(phrases),
        frame=_frame(words, speaking),
    )


def _frame(words: Sequence[Word], speaking: Sequence[Mention]) -> tuple[Span, ...]:
    """Return where the question names those who speak, and the verb or noun of their speaking."""
    spans = []
    for mention in speaking:
        spans.append(Span(words[mention.start].start, words[mention.end - 1].end))
        for word in words[mention.end : mention.end + _REACH]:
            if stem(word.text) in SAYING_TOKENS or stem(word.text) in _STANCE:
                spans.append(Span(word.start, word.end))
                break
    return tuple(spans)


def _speaks(question: str, words: Sequence[Word], mention: Mention) -> bool:
    """Return whether the question asks for words of the one mentioned, not for words about them."""
    before = question[: words[mention.start].start].rstrip()
    if _ACCORDING.search(re.sub(r"\s+the$", "", before)):
        return True
    previous = [word.text.lower() for word in words[max(0, mention.start - 3) : mention.start]]
    previous = [word for word in previous if word not in ("the", "mr", "mrs", "ms", "dr")]
    after = [stem(word.text) for word in words[mention.end : mention.end + _REACH]]
    last = previous[-1] if previous else ""
    if last == "by" and any(stem(word) in SAYING_TOKENS for word in previous):
        return True
    if last == "of" and any(stem(word) in _STANCE - _TAKES_OBJECT for word in previous):
        return True
    if last in WORDS.about:
        return False
    # "Lukashenko's view", "Lukashenko said", "did Lukashenko … say".
    if after[:1] and (after[0] in _STANCE or after[0] in SAYING_TOKENS):
        return True
    if last in WORDS.auxiliaries:
        return any(token in SAYING_TOKENS for token in after)
    # Russian puts the verb first: «Что сказал Токаев …».
    return stem(last) in SAYING_TOKENS and not last.isascii()


def _asks_who(question: str, words: Sequence[Word]) -> bool:
    return bool(_WHO.search(question)) and any(
        stem(word.text) in SAYING_TOKENS for word in words[:6]
    )


def _unknown(question: str, words: Sequence[Word], heard: Callable[[str], bool]) -> str | None:
    """Return a person whom the question names as a speaker, though the library knows none such.

    One capitalised word may be a country or a body, unless the library never `heard` of it.
    """
    for at, word in enumerate(words):
        if not word.capital or at == 0:
            continue
        end = at
        while end < len(words) and words[end].capital and end - at < 4:
            end += 1
        run = [w.text for w in words[at:end]]
        titled = is_honorific(run[0]) and len(run) > 1
        alone = len(run) == 1 and not run[0].isupper() and not heard(run[0])
        if not titled and not alone and not (len(run) > 1 and is_person_name(" ".join(run))):
            continue
        if _speaks(question, words, Mention(at, end, ())):
            return question[word.start : words[end - 1].end]
    return None
