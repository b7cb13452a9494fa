"""What is read out of a question: who, and when; and what must not be."""

from __future__ import annotations

import datetime as dt

import pytest

from qa.search.query import make_query
from qa.search.query.dates import find_period
from qa.search.query.speakers import SpeakerDirectory, one_letter_off
from qa.search.query.understanding import understand
from qa.store.records import SpeakerCount

SPEAKERS = (
    SpeakerCount("Marta Helvane", "President of the Orlith Commission", 9),
    SpeakerCount("Jorun Pell", "Minister of Water of the Republic of Ardova", 5),
    SpeakerCount("Tomas Pell", "Chief Engineer of the Ardovan Railway Authority", 5),
    SpeakerCount("Osric Tallander", "Secretary General of the Commission", 4),
    SpeakerCount("Livia Strand", "Deputy Minister of Finance of Tessany", 3),
    SpeakerCount("Anna May", None, 3),
    SpeakerCount("The Chair", None, 8),
    SpeakerCount("Глеб Тарханин", "начальник порта", 2),
    SpeakerCount("John Brand", "Governor of the Eastern Province", 1),
    SpeakerCount("John Steiner", "Governor of the Western Province", 1),
)
KNOWN_WORDS = {"ardova", "commiss", "tessani", "river", "flood"}


def read(question, today=None):
    return understand(question, SpeakerDirectory(SPEAKERS), KNOWN_WORDS.__contains__, today)


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did Marta Helvane say about the gates?", ("Marta Helvane",)),
        ("What did Helvane say about the gates?", ("Marta Helvane",)),
        ("What did Ms Helvane's answer leave out?", ("Marta Helvane",)),
        ("what did helvane say about the gates?", ("Marta Helvane",)),
        ("What did Helvan say about the gates?", ("Marta Helvane",)),
        ("What did Pell propose?", ("Jorun Pell", "Tomas Pell")),
        ("What did Jorun Pell propose?", ("Jorun Pell",)),
        ("What did the Secretary General announce?", ("Osric Tallander",)),
        ("How did the Minister of Water respond to it?", ("Jorun Pell",)),
        ("What is the Ardovan water minister's opinion?", ("Jorun Pell",)),
        ("According to Tallander, how many stations failed?", ("Osric Tallander",)),
        ("What did the Chair rule?", ()),
        ("What did the Chair say on the motion?", ("The Chair",)),
        ("Что сказал Тарханин о шлюзе?", ("Глеб Тарханин",)),
        ("What was proposed by Tallander?", ("Osric Tallander",)),
        ("What did the Governor of the Western Province call for?", ("John Steiner",)),
    ],
)
def test_those_who_are_asked_about_speak(question, speakers):
    understood = read(question)
    if speakers:
        assert (understood.speakers, understood.says) == (speakers, True)
    else:
        assert not understood.says


@pytest.mark.parametrize(
    "question",
    [
        "What was said about Helvane?",
        "Who wrote to Marta Helvane?",
        "What was the criticism of Tallander?",
        "When was Jorun Pell born?",
    ],
)
def test_those_who_are_merely_mentioned_do_not(question):
    understood = read(question)
    assert understood.speakers
    assert not understood.says
    assert understood.frame == ()


@pytest.mark.parametrize(
    "question",
    [
        "What may the tenant do in May?",
        "what may be said about the flood?",
        "How many stations failed in the night?",
        "What did Ardova say about the reserve?",
        "What did John say?",
        "Why did the river rise?",
        "What is the price of bread?",
    ],
)
def test_nobody_is_found_where_nobody_is_named(question):
    understood = read(question)
    assert understood.speakers == ()
    assert understood.unknown_speaker is None


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did Mr. Okonkwo say about the flood?", "Mr. Okonkwo"),
        ("What did Edda Vostrikova propose?", "Edda Vostrikova"),
        ("What did Zebrowski say about the reserve?", "Zebrowski"),
    ],
)
def test_a_speaker_of_whom_the_library_never_heard_is_said_so(question, name):
    understood = read(question)
    assert understood.unknown_speaker == name
    assert understood.speakers == ()


def test_who_said_asks_for_a_speaker():
    assert read("Who said that the gates were jammed?").asks_who
    assert not read("Who opened the gates?").asks_who


def test_the_frame_is_not_searched_for():
    question = "What did Helvane say about the gauges?"
    query = make_query(question, understood=read(question))
    assert query.terms == ("gaug",)
    assert [question[s.start : s.end] for s in query.understood.frame] == ["Helvane", "say"]
    assert query.question == question


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What was decided in May 2022?", "2022-05-01", "2022-05-31"),
        ("What has changed since 2023?", "2023-01-01", None),
        ("What did he say on 19 December 2023?", "2023-12-19", "2023-12-19"),
        ("What did he say on December 19, 2023 and why?", "2023-12-19", "2023-12-19"),
        ("What held before March 2024?", None, "2024-02-29"),
        ("What held after 2021?", "2022-01-01", None),
        ("What was done between 2021 and March 2022?", "2021-01-01", "2022-03-31"),
        ("from 2 May 2021 to 4 June 2021", "2021-05-02", "2021-06-04"),
        ("Что решили в мае 2022 года?", "2022-05-01", "2022-05-31"),
        ("Что сказано 12 апреля 2024 года?", "2024-04-12", "2024-04-12"),
        ("by 2024-03", None, "2024-03-31"),
    ],
)
def test_periods(question, since, until):
    period = find_period(question)
    assert period is not None
    assert (period.since, period.until) == (since, until)
    assert period.phrase in question


@pytest.mark.parametrize(
    "question",
    [
        "What happened last year?",
        "How many of the 2022 troops were there?",
        "What was the war of 2020?",
        "on 31 February 2022",
        "in Foo 2022",
        "What happened in 1066?",
    ],
)
def test_no_period_is_guessed(question):
    assert find_period(question) is None


def test_last_year_means_something_once_today_is_given():
    period = find_period("What happened last year?", dt.date(2024, 2, 3))
    assert period is not None
    assert (period.since, period.until) == ("2023-01-01", "2023-12-31")
    period = find_period("What was said last month?", dt.date(2024, 1, 31))
    assert period is not None
    assert (period.since, period.until) == ("2023-12-01", "2023-12-31")


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("tokaev", "tokayev", True),
        ("tokayevv", "tokayev", True),
        ("tokajev", "tokayev", True),
        ("toakyev", "tokayev", True),
        ("tokayev", "tokayev", False),
        ("tokae", "tokayev", False),
        ("oktaeyv", "tokayev", False),
        ("a", "", True),
    ],
)
def test_one_letter_off(word, other, expected):
    assert one_letter_off(word, other) is expected
    assert one_letter_off(other, word) is expected
