"""Dates as people write them, and those that must not be guessed."""

from __future__ import annotations

import pytest

from qa.language.datelines import (
    DatedTitle,
    Dateline,
    looks_like_place,
    read_dated_title,
    read_dateline,
    read_time,
)
from qa.language.dates import dates_in, parse_date
from qa.readers.declared import declared_date
from qa.search.query.dates import find_period


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("May 16, 2022", "2022-05-16"),
        ("10 February 2025", "2025-02-10"),
        ("24.04.2024", "2024-04-24"),
        ("19.12.2023", "2023-12-19"),
        ("2022-05-16", "2022-05-16"),
        ("2022-05-16T21:20:00Z", "2022-05-16"),
        ("Monday, 16 May 2022", "2022-05-16"),
        ("Mon, May 16th, 2022", "2022-05-16"),
        ("16th of May 2022", "2022-05-16"),
        ("16 мая 2022 года", "2022-05-16"),
        ("16 мая 2022 г.", "2022-05-16"),
        ("3. März 2021", "2021-03-03"),
        ("le 14 juillet 1989", "1989-07-14"),
        ("1er août 1999", "1999-08-01"),
        ("3 de marzo de 2021", "2021-03-03"),
        ("2022年5月16日", "2022-05-16"),
        ("16/05/2022", "2022-05-16"),
        ("05/16/2022", "2022-05-16"),
        ("5/5/2022", "2022-05-05"),
        ("2022/05/16", "2022-05-16"),
        ("29 February 2024", "2024-02-29"),
        ("2022-05", "2022-05"),
        ("1999", "1999"),
    ],
)
def test_parse_date(text: str, iso: str) -> None:
    assert parse_date(text) == iso


WRITTEN = [
    ("16 May 2022", "2022-05-16"),
    ("May 16, 2022", "2022-05-16"),
    ("Monday, 16 May 2022", "2022-05-16"),
    ("2022-05-16", "2022-05-16"),
    ("16.05.2022", "2022-05-16"),
    ("16/05/2022", "2022-05-16"),
    ("16 мая 2022 года", "2022-05-16"),
    ("16. Mai 2022", "2022-05-16"),
    ("16 mai 2022", "2022-05-16"),
    ("16 de mayo de 2022", "2022-05-16"),
    ("2022年5月16日", "2022-05-16"),
]


@pytest.mark.parametrize(("written", "iso"), WRITTEN)
def test_a_date_is_read_alike_wherever_it_is_written(written: str, iso: str) -> None:
    """In a source's dateline, a draft's sentence, a question and a file's metadata."""
    assert read_dateline(written) == Dateline(iso)
    assert [date.date for date in dates_in(f"Ada Brandt said ({written}).")] == [iso]
    asked = find_period(f"What was said on {written}?")
    assert asked is not None
    assert (asked.since, asked.until) == (iso, iso)
    assert declared_date(written) == iso


@pytest.mark.parametrize("written", ["3/4/2022", "3-4-2022", "31 June 2022", "31.06.2022"])
def test_an_unclear_date_is_read_nowhere(written: str) -> None:
    assert parse_date(written) is None
    assert not [date for date in dates_in(f"Ada Brandt said ({written}).") if not date.year_only]
    assert declared_date(written) is None


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("in May 2022 and in 2021", ["2022-05", "2021"]),
        ("on 16 May, в мае 2022 года", ["--05-16", "2022-05"]),
        ("on Mars 2020, with 3 mars, room 5. May I?", ["2020"]),
    ],
)
def test_part_of_a_date_in_running_text(text: str, dates: list[str]) -> None:
    assert [date.date for date in dates_in(text)] == dates


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2021",  # March or April
        "3-4-2021",
        "12.19.2023",  # there is no nineteenth month
        "29 February 2023",
        "31.04.2024",
        "May 9",
        "16.05.22",
        "On May 9, 2025",
        "10 Bananas 2025",
        "0000-01-01",
        "",
        "May 16, 2022 " * 20,
    ],
)
def test_no_date_is_guessed(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("21:20", "21:20"),
        ("9:05", "09:05"),
        ("9.05 a.m.", "09:05"),
        ("12:30 am", "00:30"),
        ("7 pm", "19:00"),
        ("18:00 GMT", "18:00"),
        ("at 18:00", "18:00"),
        ("24:10", None),
        ("12:75", None),
        ("13:00 pm", None),
        ("1 of 2", None),
        ("at last", None),
    ],
)
def test_read_time(text: str, time: str | None) -> None:
    assert read_time(text) == time


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("May 16, 2022", Dateline("2022-05-16")),
        ("December 19, 2023, Moscow", Dateline("2023-12-19", None, "Moscow")),
        ("Geneva, 3 March 2021", Dateline("2021-03-03", None, "Geneva")),
        ("May 16, 2022, 21:20", Dateline("2022-05-16", "21:20")),
        ("May 16, 2022 21:20", Dateline("2022-05-16", "21:20")),
        ("21:20, 16 May 2022", Dateline("2022-05-16", "21:20")),
        ("16 May 2022 | 21:20 | Vienna", None),
        ("4 June 2020, 09:30, Saint-Malo", Dateline("2020-06-04", "09:30", "Saint-Malo")),
        ("16 мая 2022 года, Москва, Кремль", Dateline("2022-05-16", None, "Москва, Кремль")),
        (
            "Publication date: May 16, 2022, 21:20",
            Dateline("2022-05-16", "21:20", declared=True),
        ),
        ("Published on 3 May 2020", Dateline("2020-05-03", declared=True)),
        ("Date: 12 May 2020", Dateline("2020-05-12")),
        ("03/04/2021", Dateline(None)),
    ],
)
def test_read_dateline(text: str, dateline: Dateline | None) -> None:
    assert read_dateline(text) == dateline


@pytest.mark.parametrize(
    "text",
    [
        "On May 9, 2025 we invite you",
        "May 9, 2025 is a holiday",
        "February 10 is Diplomatic Worker's Day in Russia.",
        "May 9, 2025, when we marched together",
        "12 May 2020, Annual Report",
        "the accord of 10 December 2010",
        "10 December 2010.",
        "December 2010 and May 2011",
        "Room 2021",
    ],
)
def test_running_text_is_no_dateline(text: str) -> None:
    assert read_dateline(text) is None


@pytest.mark.parametrize(
    ("text", "titled"),
    [
        ("Ports agree on tolls 19.12.2023", DatedTitle("Ports agree on tolls", "2023-12-19")),
        ("Statement on ports, 12 May 2020", DatedTitle("Statement on ports", "2020-05-12")),
        ("Ports agree (3 March 2021)", DatedTitle("Ports agree", "2021-03-03")),
        ("Statement on the storm of 24 February 2022", None),
        ("Ports since 12.05.2020", None),
        ("12 May 2020", None),
        ("Ports agree", None),
    ],
)
def test_read_dated_title(text: str, titled: DatedTitle | None) -> None:
    assert read_dated_title(text) == titled


def test_looks_like_place() -> None:
    assert looks_like_place("The Kremlin, Moscow")
    assert looks_like_place("Stratford upon Avon")
    assert not looks_like_place("Annual Report")
    assert not looks_like_place("as we agreed")
    assert not looks_like_place("Moscow.")
