"""A verb of saying attributes a quotation alike in a source and in a draft: to its speaker or to
nobody."""

from __future__ import annotations

import pytest

from qa.check.attribution_context import DraftContexts
from qa.check.claimed_speakers import KnownNames
from qa.check.claims import find_claim
from qa.check.quotations import find_quotations
from qa.language import LEXICONS
from qa.language.russian import RUSSIAN
from qa.records import SourceText, TurnKind
from qa.structure.documents import find_documents
from qa.structure.turns import find_turns

LATIN = (
    "“The river needs us,” {}.",
    "Jane Doe",
    "Jane Doe, Minister of Water",
    "Minister of Water",
)
CYRILLIC = ("«Река нуждается в нас», — {}.", "Анна Белова", "министр Анна Белова", "министр")
VERBS = [
    (verb, CYRILLIC if lexicon is RUSSIAN else LATIN, verb in lexicon.naming_verbs)
    for lexicon in LEXICONS
    for verb in sorted(lexicon.speech_verbs | lexicon.writing_verbs)
]
# Beside the lists themselves: verbs as reports are full of them.
EXPECTED = """
said says told added noted stressed explained stated warned argued claimed testified urged responded
replied answered asked wrote reported insisted promised suggested complained conceded objected
maintained proposed asserted commented acknowledged underlined underscored highlighted recalled
observed remarked concluded declared announced admitted continued
сказал сказала заявил заявила отметил подчеркнула ответил возразил пишет утверждает предупредила
sagte erklärte schrieb
""".split()


def in_source(text: str) -> tuple[str | None, str | None]:
    """Who is stored as the speaker of the only quotation, and in which role."""
    source = SourceText(text, "txt", "txt/1")
    turns = [turn for document in find_documents(source) for turn in find_turns(source, document)]
    quoted = [turn for turn in turns if turn.kind is TurnKind.QUOTATION]
    assert len(quoted) <= 1
    return (quoted[0].speaker, quoted[0].role) if quoted else (None, None)


def in_draft(text: str) -> str | None:
    """Whom a draft claims to be the speaker of its only quotation."""
    (quotation,) = find_quotations(text)
    around = DraftContexts(text, (quotation,)).of(quotation)
    return find_claim(around, KnownNames.of((), (), ())).speaker


def test_the_lists_have_the_verbs_of_reports():
    assert not set(EXPECTED) - {verb for verb, _, _ in VERBS}


@pytest.mark.parametrize(("verb", "words", "naming"), VERBS)
def test_a_name_after_the_verb_is_the_speaker_s(verb, words, naming):
    quotation, name, named, role = words
    text = quotation.format(f"{verb} {named}")
    assert in_source(text) == ((None, None) if naming else (name, role))
    assert in_draft(text) == (None if naming else name)


@pytest.mark.parametrize(("verb", "words", "naming"), VERBS)
def test_a_name_before_the_verb_is_the_speaker_s(verb, words, naming):
    quotation, name, _, _ = words
    text = quotation.format(f"{name} {verb}")
    cited = verb in ("reported", "reports", "сообщает", "сообщают", "пишет")
    assert in_source(text)[0] == (None if cited else name)
    assert in_draft(text) == name


@pytest.mark.parametrize(
    "after",
    [
        "Jane Doe, Minister of Water, was told",
        "Jane Doe, Minister of Water, is called by some",
        "Jane Doe has been asked",
        "Jane Doe, Minister of Water, was quoted by the Herald",
        "urged Jane Doe, Minister of Water, to go",
        "Jane Doe, Minister of Water, recalled John Roe saying",
        "Jane Doe never said",
        "the Lion, called Jane Doe",
        "reported Sky Business",
        "wrote Le Monde",
        "сообщает РИА Новости",
        "said El Salvador",
        "urged Jane Doe’s critics",
        "thanks to Jane Doe, it is said",
        "Jane Doe and John Roe said",
        "written by Jane Doe",
        "écrit par Jane Doe",
    ],
)
def test_what_is_nobody_s_speaking_is_attributed_to_nobody(after):
    assert in_source(f"“The river needs us,” {after}.") == (None, None)


@pytest.mark.parametrize("verb", ["urged", "told", "warned", "thanked"])
def test_words_in_marks_that_somebody_is_addressed_by_are_nobody_s(verb):
    assert in_source(f"“Rivers First” {verb} Jane Doe, Minister of Water.") == (None, None)


@pytest.mark.parametrize(
    ("after", "role"),
    [
        ("Jane Doe, Minister of Water, also claimed", "Minister of Water"),
        ("Jane Doe, head of public claims", "head of public claims"),
        ("Jane Doe, director of the newly announced fund", "director of the newly announced fund"),
        ("Jane Doe, Minister of Water, who was urged to go, responded", "Minister of Water"),
    ],
)
def test_a_verb_that_is_none_leaves_the_office_whole(after, role):
    assert in_source(f"“The river needs us,” {after}.") == ("Jane Doe", role)


def test_a_named_person_may_report():
    text = "Jane Doe, Minister of Water, came.\n“The river needs us,” Jane Doe reported."
    assert in_source(text) == ("Jane Doe", "Minister of Water")
