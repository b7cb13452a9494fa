"""The record of what is known about a language's words; each language fills one in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

Words = frozenset[str]
_NONE: Words = frozenset()


def words(block: str) -> Words:
    """Return the words of a text, parted by white space."""
    return frozenset(block.split())


def phrases(block: str) -> Words:
    """Return the words and phrases of a text, parted by "|", with single spaces in them."""
    return frozenset(" ".join(one.split()) for one in block.split("|") if one.strip())


def calendar(block: str) -> tuple[Words, ...]:
    """Return the names of each month, the months parted by "|"."""
    return tuple(words(month) for month in block.split("|"))


def alternatives(known: Words) -> str:
    """Return a pattern of any of the words and phrases, the longer ones first."""
    ordered = sorted(known, key=lambda one: (-len(one), one))
    return "|".join(r"\s+".join(map(re.escape, one.split())) for one in ordered)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Lexicon:
    """The words of one language that reading, checking and searching know.

    All are in lower case but where capitals are the point (`degrees`, `places`, post-nominals).
    A field is empty where nothing is known.
    """

    # ---- saying ----
    speech_verbs: Words = _NONE
    """Verbs that attribute words to a speaker, in the forms of a report: "said", "says"."""
    writing_verbs: Words = _NONE
    """Those of them by which mail programs introduce an answered message as well: "wrote"."""
    naming_verbs: Words = _NONE
    """Speech verbs whose object may follow, so that only a subject before them speaks: "called"."""
    addressing_verbs: Words = _NONE
    """Speech verbs whose object is who is spoken to: "urged Jane Doe to go"."""
    after_addressees: Words = _NONE
    """What follows such an object: "to", "that"."""
    speech_participles: Words = _NONE
    """Forms by which one speaker reports another: "recalled him saying"."""
    noun_like_verbs: Words = _NONE
    """Speech verbs that are nouns as well, after one of `before_nouns`: "her remarks"."""
    before_nouns: Words = _NONE
    speech_infinitives: Words = _NONE
    """The forms of speech verbs that questions use: "did X say"."""
    stance_verbs: Words = _NONE
    """Further verbs by which a question asks for somebody's words: "think", "criticise"."""
    stance_nouns: Words = _NONE
    """Nouns by which a question asks for them: "opinion"."""
    object_nouns: Words = _NONE
    """Those of them of which somebody may be the object: "the criticism of X"."""
    about: Words = _NONE
    """Prepositions after which a name is of what the words are about: "regarding"."""
    reading_verbs: Words = _NONE
    """What a text does with its words: "reads"."""
    according: Words = _NONE
    """What leads to a speaker's name, beside a quotation on either side: "according to"."""
    in_words_of: Words = _NONE
    """The like in a draft or a question alone: "in the words of"."""
    adverbs_of_saying: Words = _NONE
    """What stands between a speaker and the verb: "also", "later"."""
    auxiliaries: Words = _NONE
    passives: Words = _NONE
    """Verbs after which a form of saying is passive: "was told"."""
    reported_by: Words = _NONE
    """Verbs by which a newspaper is cited rather than somebody who speaks: "reported"."""
    media: Words = _NONE
    """Agencies and media that are cited under a name of their own."""
    seats_of_power: Words = _NONE
    """Places and bodies that stand for those who sit there: "Moscow said"."""

    # ---- what turns a sentence ----
    negations: Words = _NONE
    negative_prefixes: Words = _NONE
    hedges: Words = _NONE
    conditions: Words = _NONE
    condition_openings: Words = _NONE
    """Openings by which a sentence puts a condition on the one before it: "only if"."""
    contrasts: Words = _NONE
    """Words that limit or contradict what came before, within a sentence and at its beginning."""
    contrasts_within: Words = _NONE
    """Words that do so within a sentence alone: "whereas"."""
    contrast_openings: Words = _NONE
    """Words and phrases that do so at a sentence's beginning alone: "unfortunately"."""
    hearsay: Words = _NONE
    """Words that mark what others say: "allegedly"."""
    conjunctions: Words = _NONE
    """What joins two sentences that may be of two speakers."""
    number_words: Words = _NONE
    stop_words: Words = _NONE
    """Function words, which say nothing of what a question is about."""
    silent_words: Words = _NONE
    """Stop words that late interaction leaves out too."""

    # ---- speaking to each other ----
    own_voice: Words = _NONE
    """Words of the first person, by which somebody speaks for themselves: "I", "our"."""
    addressing: Words = _NONE
    """Words that turn to somebody: "you", "thanks", "yes"."""
    spoken_genres: Words = _NONE
    """What a text that somebody speaks is called at its head: "speech"."""
    written_genres: Words = _NONE
    """What other texts are called there: "press release"."""
    author_fields: Words = _NONE
    """Fields of a page's head that name who speaks or writes: "from", "delivered by"."""
    speech_date_fields: Words = _NONE
    """Fields that say on which day a speech was given: "delivered on"."""
    roster_fields: Words = _NONE
    """Fields that list who takes part: "present", "speakers"."""
    in_the_chair: Words = _NONE
    """What follows the name of whoever presides: "in the chair", "presiding"."""
    chaired_by: Words = _NONE
    """What stands before that name: "under the presidency of"."""
    publication_fields: Words = _NONE
    """Fields that say when the page was published: "published"."""

    # ---- dates ----
    months: tuple[Words, ...] = ()
    """The twelve months by their names and cases, and as they are shortened."""
    weekdays: Words = _NONE
    short_weekdays: Words = _NONE
    times: Words = _NONE
    """What says when without a date, after a preposition perhaps: "yesterday", "week"."""
    before_times: Words = _NONE
    """What stands before such a word: "last"."""
    date_prepositions: Words = _NONE
    """What stands before such a word or a date that says when something was said: "on"."""
    date_articles: Words = _NONE
    """What a date itself may begin with: "le 14 juillet"."""
    date_joiners: Words = _NONE
    """What may stand between a day, its month and the year: "16th of May"."""
    day_endings: Words = _NONE
    """What ordinal numbers end in: "16th"."""
    year_words: Words = _NONE
    """What may follow the year of a date."""
    before_dates: Words = _NONE
    """Words that need the date after them, so that it dates nothing else: "since"."""
    ordinal_stops: bool = False
    """Whether ordinal numbers end in a full stop: "am 5. Mai"."""

    # ---- names, offices, bodies ----
    offices: Words = _NONE
    """Words for a person who holds an office or does a job."""
    deputies: Words = _NONE
    """Words that make of an office that of somebody who stands in: "acting"."""
    office_endings: Words = _NONE
    office_stems: Words = _NONE
    """Beginnings of such words in a language that declines them; see `case_endings`."""
    institutions: Words = _NONE
    """Words that stand in the names of offices and bodies and in no person's name."""
    institution_stems: Words = _NONE
    case_endings: Words = _NONE
    noun_endings: Words = _NONE
    """Endings of nouns that stand in no person's name."""
    names_like_nouns: Words = _NONE
    """Names that have such an ending all the same."""
    honorifics: Words = _NONE
    """Forms of address that go before a name."""
    masculine_honorifics: Words = _NONE
    feminine_honorifics: Words = _NONE
    addressed_offices: Words = _NONE
    """Offices that follow a form of address: "Madam Chair"."""
    post_nominal_offices: Words = _NONE
    degrees: Words = _NONE
    """Letters of degrees and distinctions after a name."""
    conversation_roles: Words = _NONE
    """Officers and parts in a conversation that labels name without a person."""
    role_modifiers: Words = _NONE
    """What stands beside such a part: "acting"."""
    question_labels: Words = _NONE
    answer_labels: Words = _NONE
    heading_words: Words = _NONE
    """Words of headings, form fields and notes. A label that holds one is no person."""
    also_surnames: Words = _NONE
    """Ordinary words that are surnames as well: "King"."""
    also_given_names: Words = _NONE
    name_particles: Words = _NONE
    not_names: Words = _NONE
    """Capitalised at a sentence's beginning, and the beginning of no name: "However"."""
    articles: Words = _NONE
    office_prepositions: Words = _NONE
    """Prepositions within the names of offices."""
    joining_words: Words = _NONE
    """Words in lower case that go on with an office's name: "Minister of the Interior"."""
    title_particles: Words = _NONE
    """Words in lower case within an office that stands alone: "The Clerk of the House"."""
    label_particles: Words = _NONE
    """Words in lower case within a speaker's label."""
    sentence_openers: Words = _NONE
    """Words that begin a sentence rather than an office or a name."""
    clause_verbs: Words = _NONE
    """Verbs that show words to be a sentence's and no office's."""
    places: Words = _NONE
    """Names of countries and cities, as offices hold them."""
    place_openers: Words = _NONE
    """Words that usually need another to be a place: "New"."""
    place_particles: Words = _NONE
    """Words in lower case within a place's name."""

    # ---- writing ----
    abbreviations_before_names: Words = _NONE
    """Abbreviations that stand before a name or an office, so never at a sentence's end."""
    abbreviations_before_numbers: Words = _NONE
    divisions: Words = _NONE
    """Words for the parts of a book."""

    # ---- web pages ----
    site_sections: Words = _NONE
    """Heads of sections that open a page. Alone at its top they say nothing of the page itself."""
    link_list_heads: Words = _NONE
    """Heads of link lists and of notes about a page; short lines after them belong to them."""
    buttons: Words = _NONE
    """Buttons and leftovers that stand for themselves."""


def merged(lexicons: Iterable[Lexicon]) -> Lexicon:
    """Return what all the languages know together, since a text may mix them."""
    known = tuple(lexicons)
    joined: dict[str, Any] = {}
    for field in fields(Lexicon):
        values = [getattr(lexicon, field.name) for lexicon in known]
        if field.name == "months":
            joined["months"] = tuple(
                _NONE.union(*names) for names in zip(*filter(None, values), strict=True)
            )
        elif field.name == "ordinal_stops":
            joined["ordinal_stops"] = any(values)
        else:
            joined[field.name] = _NONE.union(*values)
    return Lexicon(**joined)
