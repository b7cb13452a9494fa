"""Cases for the check of quotations, made from stored texts by a seed: honest variants, which
must be accepted, and wrong ones, which must be detected.

Each case is made from a sentence of a turn, by one named operation. A wrong case whose words
happen to stand in the sources all the same is left out, by an oracle that shares nothing with
the checker: bare letters and digits in lower case, searched as a substring.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

WORD = re.compile(r"[^\W\d_]+")
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
_LOOK = dict(zip("aeopcxy", "аеорсху", strict=True)) | dict(zip("аеорсху", "aeopcxy", strict=True))
_SYNONYMS = dict(
    pair.split("/")
    for pair in """
    big/large large/big small/little help/assist begin/start start/begin important/significant
    significant/important problem/issue issue/problem country/state state/country people/persons
    money/funds work/labour quickly/rapidly show/demonstrate need/require make/produce get/obtain
    say/state think/believe good/decent new/recent great/major many/numerous water/liquid
    river/stream town/city road/street house/home year/season day/date time/moment first/initial
    last/final part/portion right/correct agree/concur decision/ruling meeting/session
    cooperation/collaboration development/growth security/safety support/backing today/now
    question/matter region/area relations/ties give/grant take/seize keep/retain use/employ
    want/wish long/lengthy old/aged cost/price pay/spend
    большой/крупный работа/труд вопрос/проблема решение/постановление сегодня/нынче
    деньги/средства начать/приступить говорить/молвить ворота/створки шлюз/затвор канал/протока
    мост/переправа судно/корабль неделя/декада раз/случай день/сутки человек/житель
    прошлый/минувший новый/свежий спасибо/благодарю прошу/требую район/округ
    """.split()
)
_HEDGES = re.compile(
    r"\b(?:perhaps|probably|possibly|maybe|almost|nearly|about|may|might|could|I think|I believe|"
    r"in my view|apparently|around|roughly|likely|около|почти|возможно|наверное|вероятно|может)\b"
    r"[ ,]*",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|cannot|no|не|нет|ни)\b ?", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|has|have|had|do|does|did|must|may)\b "
)
_NEGATED = re.compile(r"\b(?:not|never|cannot|no|nobody|without|не|нет|ни|нельзя)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a source: `text[start:end]` of `source`, in a turn of `speaker`."""

    source: str
    start: int
    end: int
    text: str
    speaker: str | None
    date: str | None
    turn: int


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation, what is claimed of it, and what the check must say.

    `want`: "verified", "not verified", "warned" or an attribution.
    """

    kind: str
    honest: bool
    quote: str
    want: str
    sentence: Sentence
    claim: tuple[tuple[str, str], ...] = ()


Maker = Callable[[Sentence, random.Random], str | None]


def bare(text: str) -> str:
    """Letters and digits alone, in lower case: the oracle's form of a text."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())


@dataclass(slots=True)
class Corpus:
    """What cases are made from."""

    sentences: Sequence[Sentence]
    texts: Sequence[str]
    speakers: Sequence[str] = ()
    dates: Sequence[str] = ()
    sources: Sequence[str] = ()
    _bare: str = field(default="", init=False)

    def has(self, text: str) -> bool:
        """Whether the letters of a text stand anywhere in a row."""
        if not self._bare:
            self._bare = "\n".join(bare(one) for one in self.texts)
        return bare(text) in self._bare


# ---- honest variants -----------------------------------------------------------------


def _same(sentence: Sentence, _: random.Random) -> str:
    return sentence.text


def _fragment(sentence: Sentence, chance: random.Random) -> str | None:
    """A run of whole words from inside the sentence."""
    words = [match.span() for match in re.finditer(r"\S+", sentence.text)]
    if len(words) < 8:
        return None
    first = chance.randrange(0, len(words) - 5)
    last = chance.randrange(first + 4, len(words))
    cut = sentence.text[words[first][0] : words[last][1]]
    return cut.strip(' ,;:—–-("“”‘’«»')


def _quote_marks(sentence: Sentence, chance: random.Random) -> str | None:
    swaps = str.maketrans({"’": "'", "“": '"', "”": '"', "«": "“", "»": "”", "'": "’"})
    changed = sentence.text.translate(swaps)
    return changed if changed != sentence.text else None


def _dashes(sentence: Sentence, chance: random.Random) -> str | None:
    changed = re.sub(r"\s*[–—]\s*|\s-\s", chance.choice((" – ", "—", " - ", " -- ")), sentence.text)
    return changed if changed != sentence.text else None


def _spaces(sentence: Sentence, chance: random.Random) -> str:
    return sentence.text.replace(" ", chance.choice(("\u00a0", "  ", "\u2009", " \u200b")))


def _line_breaks(sentence: Sentence, chance: random.Random) -> str:
    words = sentence.text.split(" ")
    at = chance.randrange(1, len(words))
    return " ".join(words[:at]) + chance.choice(("\n", "\r\n", " \n  ")) + " ".join(words[at:])


def _inside(sentence: Sentence, chance: random.Random, insert: str) -> str | None:
    """A character inside one of the longer words."""
    words = [m for m in WORD.finditer(sentence.text) if len(m.group()) > 5]
    if not words:
        return None
    at = chance.choice(words).start() + 3
    return sentence.text[:at] + insert + sentence.text[at:]


def _soft_hyphens(sentence: Sentence, chance: random.Random) -> str | None:
    return _inside(sentence, chance, "\u00ad")


def _zero_width(sentence: Sentence, chance: random.Random) -> str | None:
    return _inside(sentence, chance, chance.choice(("\u200b", "\u2060", "\ufeff")))


def _hyphenated(sentence: Sentence, chance: random.Random) -> str | None:
    return _inside(sentence, chance, chance.choice(("-\n", "‐\n", "\u00ad\n", "-\r\n")))


def _ligatures(sentence: Sentence, _: random.Random) -> str | None:
    changed = sentence.text
    for letters, ligature in _LIGATURES.items():
        changed = changed.replace(letters, ligature)
    return changed if changed != sentence.text else None


def _full_width(sentence: Sentence, _: random.Random) -> str | None:
    changed = "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and char.isalnum() else char
        for char in sentence.text
    )
    return changed if changed != sentence.text else None


def _homoglyph(sentence: Sentence, chance: random.Random) -> str | None:
    spots = [
        match.start() + index
        for match in WORD.finditer(sentence.text)
        if len(match.group()) > 3
        for index, char in enumerate(match.group())
        if char in _LOOK
    ]
    if not spots:
        return None
    at = chance.choice(spots)
    return sentence.text[:at] + _LOOK[sentence.text[at]] + sentence.text[at + 1 :]


def _first_case(sentence: Sentence, _: random.Random) -> str | None:
    return sentence.text[0].swapcase() + sentence.text[1:] if sentence.text[0].isalpha() else None


def _all_case(sentence: Sentence, chance: random.Random) -> str:
    return chance.choice((sentence.text.upper(), sentence.text.lower()))


def _final_mark(sentence: Sentence, chance: random.Random) -> str | None:
    if sentence.text[-1] not in ".,;:":
        return None
    return sentence.text[:-1] + chance.choice(("", ",", ";"))


def _decomposed(sentence: Sentence, _: random.Random) -> str | None:
    changed = unicodedata.normalize("NFD", sentence.text)
    return changed if changed != sentence.text else None


def _ellipsis(sentence: Sentence, chance: random.Random) -> str | None:
    return _shortened(
        sentence, chance, ("…", "...", "[…]", "[...]", "<…>", "<...>", ". . .", "(…)")
    )


def _shortened(sentence: Sentence, chance: random.Random, marks: Sequence[str]) -> str | None:
    words = list(re.finditer(r"\S+", sentence.text))
    if len(words) < 9:
        return None
    first = chance.randrange(2, len(words) - 5)
    last = chance.randrange(first + 1, len(words) - 2)
    head = sentence.text[: words[first].start()].rstrip(" ,;:—–-")
    tail = sentence.text[words[last].start() :]
    if not WORD.search(head) or not WORD.search(tail):
        return None
    return f"{head} {chance.choice(marks)} {tail}"


def _two_ellipses(sentence: Sentence, chance: random.Random) -> str | None:
    words = sentence.text.split()
    if len(words) < 14:
        return None
    third = len(words) // 3
    return (
        f"{' '.join(words[: third - 1]).rstrip(',;:—–-')} … "
        f"{' '.join(words[third : 2 * third - 1]).rstrip(',;:—–-')} [...] "
        f"{' '.join(words[2 * third :])}"
    )


def _bracket_letter(sentence: Sentence, _: random.Random) -> str | None:
    text = sentence.text
    return f"[{text[0].swapcase()}]{text[1:]}" if text[:2].isalpha() else None


def _bracket_insert(sentence: Sentence, chance: random.Random) -> str | None:
    words = sentence.text.split(" ")
    if len(words) < 8:
        return None
    at = chance.randrange(3, len(words) - 3)
    return " ".join((*words[:at], "[the council]", *words[at:]))


def _bracket_replace(sentence: Sentence, chance: random.Random) -> str | None:
    words = sentence.text.split(" ")
    if len(words) < 8:
        return None
    at = chance.randrange(3, len(words) - 3)
    if not WORD.fullmatch(words[at]):
        return None
    return " ".join((*words[:at], "[the model]", *words[at + 1 :]))


def _capital_then_ellipsis(sentence: Sentence, chance: random.Random) -> str | None:
    short = _shortened(sentence, chance, ("…", "[...]"))
    return f"[{short[0].swapcase()}]{short[1:]}" if short and short[:2].isalpha() else None


def _several(sentence: Sentence, chance: random.Random) -> str | None:
    """Three encodings at once."""
    changed = sentence.text.translate(str.maketrans({"’": "'", "“": '"', "”": '"'}))
    changed = changed.replace(" ", "\u00a0", 2)
    return changed[0].swapcase() + changed[1:].rstrip(".") + ","


HONEST: dict[str, Maker] = {
    "exact": _same,
    "fragment": _fragment,
    "quotation marks": _quote_marks,
    "dashes": _dashes,
    "spaces": _spaces,
    "line breaks": _line_breaks,
    "soft hyphens": _soft_hyphens,
    "zero width": _zero_width,
    "hyphenation": _hyphenated,
    "ligatures": _ligatures,
    "full width": _full_width,
    "homoglyph": _homoglyph,
    "first letter": _first_case,
    "case": _all_case,
    "final mark": _final_mark,
    "decomposed": _decomposed,
    "ellipsis": _ellipsis,
    "two ellipses": _two_ellipses,
    "bracketed letter": _bracket_letter,
    "bracketed insertion": _bracket_insert,
    "bracketed replacement": _bracket_replace,
    "bracket and ellipsis": _capital_then_ellipsis,
    "several at once": _several,
}


# ---- wrong ones ----------------------------------------------------------------------


def _digit(sentence: Sentence, chance: random.Random) -> str | None:
    spots = [index for index, char in enumerate(sentence.text) if "0" <= char <= "9"]
    if not spots:
        return None
    at = chance.choice(spots)
    other = chance.choice([digit for digit in "0123456789" if digit != sentence.text[at]])
    return sentence.text[:at] + other + sentence.text[at + 1 :]


def _inserted_not(sentence: Sentence, chance: random.Random) -> str | None:
    if re.search("[а-я]", sentence.text):
        words = list(
            re.finditer(r"(?<= )[а-яё]+(?:ет|ут|ют|ли|л|ла|ит|ат|ят|ем|им)\b", sentence.text)
        )
        insert = "не "
    else:
        words = list(_AUXILIARY.finditer(sentence.text))
        if not words:
            return None
        at = chance.choice(words).end()
        return sentence.text[:at] + "not " + sentence.text[at:]
    if not words:
        return None
    at = chance.choice(words).start()
    return sentence.text[:at] + insert + sentence.text[at:]


def _dropped_not(sentence: Sentence, chance: random.Random) -> str | None:
    found = list(_NOT.finditer(sentence.text))
    if not found:
        return None
    match = chance.choice(found)
    return sentence.text[: match.start()] + sentence.text[match.end() :]


def _dropped_hedge(sentence: Sentence, chance: random.Random) -> str | None:
    found = list(_HEDGES.finditer(sentence.text))
    if not found:
        return None
    match = chance.choice(found)
    return sentence.text[: match.start()] + sentence.text[match.end() :]


def _synonym(sentence: Sentence, chance: random.Random) -> str | None:
    found = [m for m in WORD.finditer(sentence.text) if m.group().lower() in _SYNONYMS]
    if not found:
        return None
    match = chance.choice(found)
    other = _SYNONYMS[match.group().lower()]
    other = other.capitalize() if match.group()[0].isupper() else other
    return sentence.text[: match.start()] + other + sentence.text[match.end() :]


def _swapped_names(sentence: Sentence, chance: random.Random) -> str | None:
    names = list(re.finditer(r"(?<=[a-zа-яё,] )[A-ZА-ЯЁ][a-zа-яё]{2,}", sentence.text))
    pairs = [(a, b) for a, b in pairwise(names) if a.group() != b.group()]
    if not pairs:
        return None
    one, two = chance.choice(pairs)
    text = sentence.text
    between = text[one.end() : two.start()]
    return text[: one.start()] + two.group() + between + one.group() + text[two.end() :]


WRONG: dict[str, Maker] = {
    "digit": _digit,
    "inserted not": _inserted_not,
    "dropped not": _dropped_not,
    "dropped hedge": _dropped_hedge,
    "synonym": _synonym,
    "swapped names": _swapped_names,
}


def _stitched(corpus: Corpus, chance: random.Random) -> Case | None:
    one, two = chance.sample(list(corpus.sentences), 2)
    head, tail = one.text.split(), two.text.split()
    if len(head) < 8 or len(tail) < 8 or (one.source, one.turn) == (two.source, two.turn):
        return None
    joined = " ".join(head[: len(head) // 2]) + " " + " ".join(tail[len(tail) // 2 :])
    return Case("stitched", False, joined, "not verified", one)


def _inverting_ellipsis(corpus: Corpus, chance: random.Random) -> Case | None:
    """Leaves out a stretch that holds a negation, so that the rest says the opposite."""
    sentence = chance.choice(corpus.sentences)
    found = _NEGATED.search(sentence.text, 12)
    if found is None or found.end() > len(sentence.text) - 16:
        return None
    head = sentence.text[: found.start()].rstrip(' ,;:—–-"“”«»')
    tail = sentence.text[found.end() :].lstrip(" ,")
    if len(head.split()) < 3 or len(tail.split()) < 3 or not tail[0].isalnum():
        return None
    return Case("inverting ellipsis", False, f"{head} … {tail}", "warned", sentence)


def _misattributed(corpus: Corpus, chance: random.Random, what: str) -> Case | None:
    sentence = chance.choice(corpus.sentences)
    if sentence.speaker is None:
        return None
    right = {"speaker": sentence.speaker, "date": sentence.date, "source": sentence.source}
    others = {"speaker": corpus.speakers, "date": corpus.dates, "source": corpus.sources}[what]
    if right[what] is None:
        return None
    twins = [s for s in corpus.sentences if bare(sentence.text) in bare(s.text)]
    taken = {getattr(twin, what) for twin in twins}
    wrong = [other for other in others if other not in taken and not _alike(other, right[what])]
    if not wrong:
        return None
    claim = {key: value for key, value in right.items() if value is not None}
    claim[what] = chance.choice(wrong)
    want = {"speaker": "wrong_speaker", "date": "wrong_date", "source": "wrong_document"}[what]
    return Case(f"wrong {what}", False, sentence.text, want, sentence, tuple(claim.items()))


def _alike(one: str, other: str | None) -> bool:
    """Whether two names share a word, so that one might stand for the other."""
    return bool(set(one.casefold().split()) & set((other or "").casefold().split()))


def make_cases(corpus: Corpus, count: int, seed: int) -> Iterator[Case]:
    """About `count` cases, half of them honest, the kinds in turn. The same for the same seed."""
    chance = random.Random(seed)
    made: set[tuple[str, str, tuple[tuple[str, str], ...]]] = set()
    for case in _endless(corpus, chance):
        key = (case.kind, case.quote, case.claim)
        if key in made:
            continue
        made.add(key)
        yield case
        if len(made) >= count:
            return


def _endless(corpus: Corpus, chance: random.Random) -> Iterator[Case]:
    for _ in range(100_000):
        for kind, maker in HONEST.items():
            case = _made(corpus, chance, kind, maker, honest=True)
            if case is not None:
                yield case
        for kind, maker in WRONG.items():
            case = _made(corpus, chance, kind, maker, honest=False)
            if case is not None and not corpus.has(case.quote):
                yield case
        stitched = _stitched(corpus, chance)
        if stitched is not None and not corpus.has(stitched.quote):
            yield stitched
        for _ in range(4):
            inverted = _inverting_ellipsis(corpus, chance)
            if inverted is not None and not corpus.has(inverted.quote):
                yield inverted
        for what in ("speaker", "date", "source"):
            wrong = _misattributed(corpus, chance, what)
            if wrong is not None:
                yield wrong


def _made(
    corpus: Corpus, chance: random.Random, kind: str, maker: Maker, *, honest: bool
) -> Case | None:
    """One case of a kind, from one of a few sentences that allow it."""
    for _ in range(12):
        sentence = chance.choice(corpus.sentences)
        quote = maker(sentence, chance)
        if quote is not None and WORD.search(quote):
            want = "verified" if honest else "not verified"
            claim: tuple[tuple[str, str], ...] = ()
            return Case(kind, honest, quote, want, sentence, claim)
    return None
