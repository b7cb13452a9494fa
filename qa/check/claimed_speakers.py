"""Find the speaker that a draft names for a quotation, by forms that tie a name to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qa.check.attribution_context import AttributionContext
from qa.check.person_names import (
    as_name,
    name_at_end,
    name_at_start,
    office_at_end,
    office_at_start,
)
from qa.language import WORDS
from qa.language.dates import dates_in, without_dates, without_time_at_end
from qa.language.lexicon import alternatives
from qa.language.offices import is_office_word
from qa.language.people import is_no_person, same_person
from qa.language.speech import (
    ACCORDING,
    CREDIT,
    PARENTHESIS,
    VERB,
    introduction,
    is_naming,
    verbs_in,
)

_COLON = re.compile(r"(?P<who>[^\n:;.!?()\[\]]{2,120}):\s*[*_]*\s*$")
_AFTER = re.compile(r"^[\s,.;:!?—–-]*")
_POSSESSIVE = re.compile(
    r"(?P<who>(?:[A-ZА-ЯЁ][\w’'.-]*\s+){0,3}[A-ZА-ЯЁ][\w.-]*)['’]s?\s+(?:words?|phrase|verdict|answer|reply|remark|comment|claim|statement)\b[^.!?]{0,60}$"
)
_APPOSITION = re.compile(r",(?P<inside>[^,]{1,120}),\s*$")
_ENDS_PARENTHESIS = re.compile(r"\s*\([^()]{1,80}\)\s*$")
_PASSIVE = re.compile(rf"\b(?:{alternatives(WORDS.passives)})\s+$", re.IGNORECASE)
_BY = re.compile(r"\s+by\s+(?P<who>[^,:;()\n]{2,90})")
_FOOTNOTE = re.compile(r"\[\^?\w{1,12}\]|[¹²³⁴-⁹⁰]+")
_JOINING = frozenset("and or & и или".split())
_BESIDE_VERBS = WORDS.auxiliaries | WORDS.adverbs_of_saying | {"never"}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names that the library knows: sources by path, speakers and their roles, and documents, each
    by its title in lower case."""

    sources: tuple[str, ...]
    titles: Mapping[str, str]
    speakers: tuple[str, ...]
    roles: tuple[str, ...] = ()

    @staticmethod
    def of(
        sources: Iterable[str],
        titles: Iterable[str],
        speakers: Iterable[str],
        roles: Iterable[str] = (),
    ) -> KnownNames:
        """Return a library's names, without titles of one or two words, which occur by chance."""
        plain = {plain_title(title): title for title in titles if len(title.split()) > 2}
        known = (tuple(dict.fromkeys(speakers)), tuple(dict.fromkeys(roles)))
        return KnownNames(tuple(sources), plain, *known)

    def as_nobody(self, name: str, verb: str = "") -> bool:
        """Return whether a name beside a verb of saying is of a place, a body or a newspaper."""
        return is_no_person(name, verb, self.speakers, self.roles)


class NamedSide(StrEnum):
    """On which side of a quotation its speaker is named. EITHER: on both, or only in a parenthesis
    or a note."""

    BEFORE = "before"
    AFTER = "after"
    EITHER = "either"
    NONE = "none"


def claimed_speaker(around: AttributionContext, known: KnownNames) -> tuple[str | None, NamedSide]:
    """Return the speaker whom the words around a quotation name, and on which side.

    What leads directly to the quotation beats what follows it, which beats what stands farther
    before it. Two speakers with the same right to it: none.
    """
    cited = _one(_in_parenthesis(around.after, known)) or _one(
        _in_parenthesis(f"({around.note})" if around.note else "", known)
    )
    how = introduction(around.before)
    before = _one(_before_verb(around.before, known)) or _one(_by_phrase(around.before, known))
    after = (
        _one(_after_verb(around.after, known))
        or _one(_by_credit(around.after, known))
        or _one(_by_phrase(around.after[:160], known))
    )
    direct = how in ("colon", "verb")
    if cited is not None:
        if direct and before is not None and not _same(cited, before):
            return None, NamedSide.NONE
        return _fuller(cited, before), NamedSide.EITHER
    if before is not None and after is not None:
        if _same(before, after):
            return _fuller(after, before), NamedSide.EITHER
        if direct:
            return before, NamedSide.BEFORE
        return (None, NamedSide.NONE) if how else (after, NamedSide.AFTER)
    if before is not None:
        return before, NamedSide.BEFORE if _names_somebody(around.after) else NamedSide.EITHER
    # "She said: …" is hers, whoever speaks next.
    if after is None or (direct and VERB.search(around.before) and not CREDIT.match(around.after)):
        return None, NamedSide.NONE
    return after, NamedSide.AFTER if _names_somebody(around.before) else NamedSide.EITHER


def _one(names: Iterator[str]) -> str | None:
    found = list(dict.fromkeys(names))
    return found[0] if len(found) == 1 else None


def _same(one: str, other: str) -> bool:
    return same_person(one, other) or same_person(other, one)


def _fuller(name: str, other: str | None) -> str:
    """Return the longer of two names if they are of one person, else the first."""
    same = other is not None and _same(name, other) and len(other.split()) > len(name.split())
    return other if same and other is not None else name


def _names_somebody(text: str) -> bool:
    """Return whether a verb of saying has another subject."""
    verb = VERB.search(text)
    return verb is not None and name_at_end(_name_words(text[: verb.start()])) is not None


def _in_parenthesis(after: str, known: KnownNames) -> Iterator[str]:
    """Read `(Putin, 9 December 2024)`."""
    match = PARENTHESIS.match(after)
    if match is None:
        return
    for part in re.split(r"[,;]| [—–-] ", match["inside"]):
        rest = without_dates(part).strip(" .")
        name = as_name(rest.split()) if rest else None
        if name is None or known.as_nobody(name):
            continue
        if len(rest.split()) > 1 or _is_known(name, known):
            yield name
            return
        if list(dates_in(match["inside"])):
            yield name
            return


def _after_verb(after: str, known: KnownNames) -> Iterator[str]:
    """Read `, said X`, `, X said`, `, — сказал X`, `, as X put it`."""
    start = _AFTER.match(after)
    text = _FOOTNOTE.sub("", after[start.end() if start else 0 :][:200])
    if text[:3].lower() == "as " or text[:4].lower() == "как ":
        text = text.split(None, 1)[1] if len(text.split(None, 1)) > 1 else ""
    verb = next(verbs_in(text[:120]), None)
    if verb is None or _crosses(text[: verb.start()]):
        return
    before = _name_words(text[: verb.start()])
    if before:
        name = _subject(before, known)
        if name is None:
            name = office_at_end(before, known.roles)
        elif known.as_nobody(name, verb.group()):
            return
        if name is not None:
            yield name
        return
    if text[: verb.start()].strip() or is_naming(verb.group()):
        return
    follows = re.split(
        r"[,;:()\n]|\b(?:on|in|at|to|during|after|that|who|when|while)\b", text[verb.end() :]
    )
    words = follows[0].split()
    name = _named_at_start(words, known) or _known_in(follows[0], known)
    if name is not None and _names_another(follows[0], name):
        return
    if name is not None and known.as_nobody(name, verb.group()):
        return
    if name is None and len(follows) > 1:
        # "said the prime minister of Sweden, Ulf Brandt": the whole of what stands apart.
        apart = as_name(follows[1].split())
        name = apart if apart is not None and len(apart.split()) > 1 else None
    name = name or office_at_start(words, known.roles)
    if name is not None:
        yield name


def _by_credit(after: str, known: KnownNames) -> Iterator[str]:
    """Read `— X, Office` after a quotation, or `,” X, Office.` as press releases have it."""
    match = CREDIT.match(after)
    plain = re.match(r"^[\s]*(?P<who>[A-ZА-ЯЁ][^\n;()]{3,160})", after)
    for found in (match, plain):
        if found is None:
            continue
        who = found["who"].split(",")[0].strip(" .")
        name = as_name(who.split()) or (
            _named_at_start(who.split(), known) if found is match else None
        )
        office = "," in found["who"] or found is match
        if name is not None and known.as_nobody(name):
            continue
        if name is not None and office and (len(name.split()) > 1 or _is_known(name, known)):
            yield name
            return


def _before_verb(before: str, known: KnownNames) -> Iterator[str]:
    """Read `X said …: “`, `As X wrote in May, “`, `X: “`."""
    verbs = list(verbs_in(before))
    for verb in reversed(verbs):
        lead = _ENDS_PARENTHESIS.sub("", before[: verb.start()])
        if _PASSIVE.search(lead):
            by = _BY.match(before, verb.end())
            agent = _named_at_start(by["who"].split(), known) if by else None
            if agent is not None and not known.as_nobody(agent):
                yield agent
            return
        apposition = _APPOSITION.search(lead)
        if apposition is not None:
            # "The mayor, Ada Brandt, said" or "Ada Brandt, the mayor, said".
            name = as_name(apposition["inside"].split())
            if name is not None and len(name.split()) > 1:
                yield name
                return
            lead = lead[: apposition.start()]
        words = _name_words(lead)
        name = _subject(words, known) if words else None
        if name is not None and known.as_nobody(name, verb.group()):
            return
        name = name or (office_at_end(words, known.roles) if words else None)
        if name is not None:
            yield name
            return
        follows = before[verb.end() :].strip(" :,—–-")
        inverted = _named_at_start(follows.split(), known) if follows else None
        if inverted and known.as_nobody(inverted, verb.group()):
            return
        inverted = inverted or office_at_start(follows.split(), known.roles)
        if inverted is not None and not lead.strip(' ,—–-«»“”"').endswith(("he", "she", "he has")):
            yield inverted
        return
    colon = _COLON.search(before)
    if colon is not None:
        who = re.sub(r"\([^()]*\)", "", colon["who"]).strip(" *_–—-")
        parts = who.split(",")
        name = _named_at_start(parts[0].split(), known) if len(parts[0].split()) <= 12 else None
        if name is not None and (len(name.split()) > 1 or _is_known(name, known)):
            yield name


def _by_phrase(text: str, known: KnownNames) -> Iterator[str]:
    """Read `according to X`, `по словам X`, `in X's words`."""
    match = ACCORDING.search(text)
    if match is not None:
        name = _named_at_start(match["who"].split(), known) or _known_in(match["who"], known)
        if name is not None and not known.as_nobody(name):
            yield name
            return
    possessive = _POSSESSIVE.search(text)
    if possessive is not None:
        name = name_at_end(possessive["who"].split())
        if name is not None:
            yield name


def _name_words(lead: str) -> list[str]:
    """Return the words before a verb that may be its subject, without any date."""
    piece = re.split(r"[;:()\n“”«»\"]|[—–]", lead)[-1].rstrip(", ")
    piece = without_time_at_end(piece).rstrip(", ")
    words = piece.replace(",", " , ").split()
    while words and words[-1].casefold() in _BESIDE_VERBS:
        words.pop()
    return words[-12:]


def _subject(words: list[str], known: KnownNames) -> str | None:
    """Return the name right before a verb."""
    if not words or not words[-1][:1].isupper():
        return None
    name = name_at_end(words)
    if name is None:
        return None
    index = len(words) - len(name.split()) - 1
    if index > 0 and words[index].casefold() in _JOINING and name_at_end(words[:index]):
        return None  # "Ada Brandt and Ben Kolar said": one of them, or both
    return name if index < 0 or _is_person(name, words[index], known) else None


def _named_at_start(words: list[str], known: KnownNames) -> str | None:
    """Return the name with which words begin, possibly after an office."""
    name = name_at_start(words)
    if name is None:
        return None
    first = name.split()[0]
    index = next((at for at, word in enumerate(words) if word.startswith(first)), 0)
    return name if index == 0 or _is_person(name, words[index - 1], known) else None


def _is_person(name: str, before: str, known: KnownNames) -> bool:
    """Return whether a name can be a person's after this word: no place with a head ("president of
    Norway", "мэр Саратова"), and no newspaper ("the Herald")."""
    plain = before.casefold().strip(",;:()")
    if plain in ("of", "in", "for", "at", "from"):
        return False
    if len(name.split()) > 1:
        return True
    genitive = "\u0400" <= name[-1] <= "\u04ff" and name[-1] in "аяиыуюе"
    return plain != "the" and not (
        genitive and is_office_word(plain) and not _is_known(name, known)
    )


def _names_another(text: str, name: str) -> bool:
    """Return whether a second name is joined to the one with which a text begins."""
    rest = text.partition(name.split()[-1])[2].split()
    if len(rest) < 2 or rest[0].casefold() not in _JOINING or VERB.search(text):
        return False
    return name_at_start(rest[1:]) is not None


def _crosses(text: str) -> bool:
    return any(mark in text for mark in '.!?;\n“«"')


def _is_known(name: str, known: KnownNames) -> bool:
    return any(same_person(name, speaker) for speaker in known.speakers)


def _known_in(text: str, known: KnownNames) -> str | None:
    """Return the only known speaker whose full name a text contains."""
    fits = [speaker for speaker in known.speakers if speaker in text]
    return fits[0] if len(fits) == 1 else None


def plain_title(text: str) -> str:
    """Return a title in lower case with single spaces, as titles are compared."""
    return " ".join(text.casefold().split())
