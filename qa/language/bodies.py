"""Names that a verb of saying may follow although no person bears them: "Moscow said", "Reuters
reported". Which person speaks then is not said, so that it is no claim about one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from qa.check.person_names import same_person
from qa.language.places import place_length
from qa.language.tokens import stem

# Agencies and media that write and are cited under one name of their own.
_MEDIA = """
reuters|bloomberg|xinhua|interfax|ukrinform|belta|tass|ria|afp|upi|dpa|ansa|efe|kyodo|yonhap|bbc|
cnn|nbc|cbs|abc|npr|pbs|politico|axios|al jazeera|deutsche welle|euronews|meduza|novaya gazeta|
der spiegel|le monde|le figaro|el país|el pais|izvestia|kommersant|vedomosti|pravda|sputnik|
newsweek|forbes|wikipedia|twitter|facebook|telegram|
рейтер|рейтерс|блумберг|интерфакс|тасс|риа|синьхуа|белта|укринформ|евроньюс|медуза|коммерсант|
коммерсантъ|известия|ведомости|правда|спутник|форбс|википедия|телеграм|лента|газета
"""
# Seats of power that stand for those who sit there, and bodies of one name.
_SEATS = """
moscow|washington|beijing|kyiv|kiev|london|paris|berlin|brussels|tokyo|ankara|tehran|jerusalem|
delhi|new delhi|warsaw|rome|madrid|minsk|geneva|vienna|prague|budapest|helsinki|stockholm|oslo|
copenhagen|riga|vilnius|tallinn|tbilisi|yerevan|baku|astana|tashkent|seoul|pyongyang|taipei|hanoi|
canberra|ottawa|cairo|riyadh|doha|damascus|baghdad|kabul|islamabad|havana|caracas|pretoria|hague|
the hague|strasbourg|luxembourg|dublin|lisbon|athens|belgrade|zagreb|sofia|bucharest|chisinau|
kremlin|pentagon|westminster|whitehall|downing street|white house|capitol hill|quai d'orsay|
state duma|nato|unesco|unicef|opec|greenpeace|google|microsoft|gazprom|hamas|hezbollah|taliban|
москва|вашингтон|пекин|киев|лондон|париж|берлин|брюссель|токио|анкара|тегеран|иерусалим|варшава|
рим|мадрид|минск|женева|вена|прага|будапешт|хельсинки|стокгольм|осло|копенгаген|рига|вильнюс|
таллин|тбилиси|ереван|баку|астана|ташкент|сеул|пхеньян|тайбэй|ханой|каир|дамаск|багдад|кабул|
кремль|пентагон|белый дом|госдума|госдеп|минобороны|минфин|мид|мвд|фсб|сбу|нато|юнеско|оон|гугл|
газпром|хамас|хезболла|талибан|россия|украина|белоруссия|германия|франция|италия|испания|турция|
китай|япония|британия|великобритания|европа|америка|грузия|литва|латвия|эстония|израиль|иран
"""
_NAMES = frozenset(" ".join(name.split()) for name in (_MEDIA + "|" + _SEATS).split("|"))
# Verbs by which a newspaper is cited rather than somebody who speaks.
_REPORTING = frozenset("reported reports сообщает сообщают пишет".split())
_LONGEST_ACRONYM = 6
_LEAST_INFLECTED = 5


def is_no_person(name: str, verb: str, speakers: Iterable[str], roles: Iterable[str]) -> bool:
    """Whether a name is no person's, or may well be none's: a place, a body, a newspaper.

    `verb` is that of saying beside it, "" for none. The name of one in `speakers` is a person's.
    `roles` are the offices in the library: the country in "Minister of Water of Ardova" is no
    minister.
    """
    words = name.split()
    plain = " ".join(words).casefold().replace("’", "'").removesuffix("'s")
    if plain in _NAMES or place_length(words) == len(words) or stem(plain) in _inflected():
        return not any(plain in speaker.casefold().split() for speaker in speakers)
    if len(words) > 1 or any(same_person(name, speaker) for speaker in speakers):
        return False
    acronym = name.isupper() and 1 < len(name) <= _LONGEST_ACRONYM and "." not in name
    return acronym or verb.casefold() in _REPORTING or _stands_in(name, roles)


@cache
def _inflected() -> frozenset[str]:
    """The stems of Russian names that are long enough to be told by them ("Москвы")."""
    return frozenset(
        stem(name)
        for name in _NAMES
        if "\u0400" <= name[0] <= "\u04ff" and len(name) >= _LEAST_INFLECTED and " " not in name
    )


def _stands_in(name: str, roles: Iterable[str]) -> bool:
    """Whether a word is one of an office's, in any of its cases."""
    wanted = stem(name)
    return any(
        stem(word.strip(",.;()")) == wanted
        for role in roles
        if name[:2] in role
        for word in role.split()
        if word[:1].isupper()
    )
