"""Who speaks, found by name or office as by looking at every speaker."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.names import fold_name
from qa.language.offices import is_office_word
from qa.language.tokens import STOP_TOKENS, stem, tokens
from qa.search.query.speakers import SpeakerDirectory
from qa.store.records import SpeakerCount

ROLES = (
    "Minister of Water of the Republic of Ardova",
    "Deputy Minister of Water",
    "Prime Minister of Ardova",
    "Ardovan Ambassador",
    "Secretary General",
    "Vice President",
    "President of the Commission",
    "a friend of the house",
    None,
)
NAMES = ("Ann Pell", "Jorun Pell", "The Chair", "Deputy Speaker", "Глеб Тарханин", "Al Brand")
WORDS = ("minist", "water", "ardova", "ardovan", "presid", "deputi", "chair", "vice", "secretari")


def stands_for(wanted: str, word: str) -> bool:
    if wanted == word:
        return True
    shorter, longer = sorted((wanted, word), key=len)
    return len(shorter) >= 5 and longer.startswith(shorter)


def holds(speaker: SpeakerCount, wanted: list[str]) -> bool:
    lesser = {stem(word) for word in ("deputy", "vice", "assistant", "acting", "заместитель")}
    for text in (speaker.role, speaker.name):
        if text and any(is_office_word(word) for word in text.split()):
            office = [token for token in tokens(text) if token not in STOP_TOKENS]
            fits = all(any(stands_for(w, o) for o in office) for w in wanted)
            if wanted and fits and not (lesser & set(office)) - set(wanted):
                return True
    return False


speakers = st.lists(
    st.builds(SpeakerCount, st.sampled_from(NAMES), st.sampled_from(ROLES), st.just(1)), max_size=12
)
wanted = st.lists(st.sampled_from(WORDS) | st.text("ardovnmist", max_size=8), max_size=3)


@settings(deadline=None)
@given(speakers, wanted)
def test_holders_are_those_whose_office_has_all_words(people, words):
    expected = {speaker.name for speaker in people if holds(speaker, words)}
    assert SpeakerDirectory(people).holders(words) == expected


@settings(deadline=None)
@given(speakers, st.sampled_from(["pell", "chair", "ann", "тарханин", "nobody"]))
def test_named_are_those_with_the_word(people, word):
    roster = SpeakerDirectory(people)
    expected = {s.name for s in people if stem(word) in map(stem, fold_name(s.name))}
    assert {name.name for name in roster.named(stem(word))} == expected
    assert bool(roster) == bool(people)
    assert roster.parts == {part for s in people for part in fold_name(s.name)}
