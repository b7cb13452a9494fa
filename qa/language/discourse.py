"""Words that can turn a sentence round, in English and Russian, and what else to ask of words.

Each list is of whole words in lower case; a few entries of several words are phrases. They
only ever raise a warning or name a change, so that a word too many does no harm.
"""

from __future__ import annotations

import re
from functools import cache

_NEGATIONS = """
not no never nor neither none nobody nothing nowhere cannot without n't ain't hardly barely scarcely
rarely seldom few little refuse refuses refused refusing refusal deny denies denied denying denial
fail fails failed failing failure lack lacks lacked lacking reject rejects rejected rejecting oppose
opposes opposed opposing against unable impossible false untrue wrong unlikely except excluding
doubt doubts doubted doubtful prevent prevents prevented avoid avoids avoided stop stops stopped
cease ceases ceased prohibit prohibits prohibited forbid forbids forbidden ban bans banned
disagree disagrees disagreed dispute disputes disputed hoax myth lie lies absurd nonsense
не ни нет нету никогда никто ничто ничего нигде никуда никак никакой никакая никакое никакие
никаких никакого никакому нельзя без невозможно отказ отказываюсь отказывается отказались отказался
отказалась отказываемся отказались отрицаю отрицает отрицали отверг отвергаем отвергаю против
вряд едва кроме неправда ложь запрещено запрещаем некому нечего незачем немногие мало отнюдь
"""
_HEDGES = """
may might maybe perhaps possibly probably likely apparently allegedly reportedly supposedly
seemingly presumably arguably could would should almost nearly roughly approximately about around
some somewhat partly partially mostly usually often sometimes generally preliminary provisional
provisionally estimated believe believes believed think thinks thought suppose suspect seem seems
seemed appear appears appeared suggest suggests suggested claim claims claimed alleged potential
potentially hopefully tentatively assume assumes assumed guess understand hope hopes expect
expects expected sure
возможно вероятно наверное наверно пожалуй кажется видимо якобы вроде примерно около приблизительно
почти отчасти частично обычно иногда часто предварительно предварительные предполагаю полагаю думаю
считаю думается надеюсь мог могла могли может могут бы мол дескать будто очевидно скорее похоже
"""
_CONDITIONS = """
if unless provided providing until till before assuming otherwise whether once only when whenever
conditional condition conditions subject depending depends should where insofar
если иначе пока лишь только условии условие условием когда прежде либо
"""
_CONTRASTS = """
but however although though yet nevertheless nonetheless whereas while despite instead rather
contrary still except
но однако хотя зато впрочем напротив тем наоборот вопреки несмотря
"""
_REPORTING = """
said says say saying told tells claimed claims claiming alleged alleges allegedly reported
reportedly reports rumour rumours rumor rumors according supposedly accused accuses pretend
pretends pretended
сказал сказала сказали говорит говорят говорил заявил заявила заявили утверждает утверждают
утверждал якобы сообщил сообщили сообщают словам мол дескать
"""
_NUMBER_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
hundreds
thousand thousands million millions billion billions trillion dozen dozens half third quarter first
second fourth fifth sixth seventh eighth ninth tenth twice once double triple both
ноль один одна одно два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать
тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать
тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста четыреста
пятьсот шестьсот семьсот восемьсот девятьсот тысяча тысячи тысяч миллион миллиона миллионов миллиард
миллиарда миллиардов половина треть четверть первый первая первое второй вторая третий третья дважды
пятого шестого седьмого восьмого девятого десятого двадцатого двадцатое пятое шестое восемнадцатого
"""
WORD = re.compile(r"[^\W_]+(?:[-‐‑'’ʼ][^\W_]+)*")
# "Far" alone is no negation: "so far", "far more".
_FAR_FROM = re.compile(r"\bfar\s+from\b", re.IGNORECASE)
_CONTRACTED = re.compile(r"n['’ʼ]?t$")


@cache
def _words(block: str) -> frozenset[str]:
    return frozenset(block.split())


def lower_words(text: str) -> list[str]:
    """The words of a text in lower case, apostrophes made straight."""
    return [plain_word(match.group()) for match in WORD.finditer(text)]


def plain_word(word: str) -> str:
    return word.casefold().replace("’", "'").replace("ʼ", "'")


def is_negation(word: str) -> bool:
    plain = plain_word(word)
    return plain in _words(_NEGATIONS) or bool(_CONTRACTED.search(plain) and "'" in plain)


def is_hedge(word: str) -> bool:
    return plain_word(word) in _words(_HEDGES)


def is_condition(word: str) -> bool:
    return plain_word(word) in _words(_CONDITIONS)


def is_contrast(word: str) -> bool:
    return plain_word(word) in _words(_CONTRASTS)


def is_reporting(word: str) -> bool:
    return plain_word(word) in _words(_REPORTING)


def is_number(word: str) -> bool:
    """Whether a word holds a digit or is a numeral."""
    plain = plain_word(word)
    parts = (plain, *plain.split("-"))
    return any(c.isdigit() for c in plain) or any(part in _words(_NUMBER_WORDS) for part in parts)


def first_of(text: str, kind: str) -> str | None:
    """The first word of a text that is of a kind: "negation" ("far from" among them), "hedge",
    "condition", "contrast" or "reporting"."""
    test = _TESTS[kind]
    word = next((m.group() for m in WORD.finditer(text) if test(m.group())), None)
    far = _FAR_FROM.search(text) if word is None and kind == "negation" else None
    return far.group() if far is not None else word


_TESTS = {
    "negation": is_negation,
    "hedge": is_hedge,
    "condition": is_condition,
    "contrast": is_contrast,
    "reporting": is_reporting,
}
