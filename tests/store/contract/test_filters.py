"""Filters against the same question asked of every passage in Python."""

from __future__ import annotations

import calendar
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import InvalidQuery
from qa.language.dates import Period, period
from qa.records import Filters
from qa.store.protocol import LibraryStore
from tests.support.library_homes import HOMES
from tests.support.library_samples import DATES, SPEAKERS, sample


@pytest.fixture(scope="module", params=HOMES)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LibraryStore]:
    with HOMES[request.param](tmp_path_factory.mktemp("filters")).create() as made:
        for seed in range(10):
            made.put([sample(f"/data/{seed}.txt", seed, documents=3)])
        made.put([sample("/copy/of 3.txt", 3, documents=3)])
        yield made


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...] | None]:
    return st.none() | st.lists(st.sampled_from(values), max_size=3).map(tuple)


DAYS = [date for date in DATES if date] + ["2022-05-10", "2022-05-31", "2023-02-01", "1999"]
NAMES = [name for name, _ in SPEAKERS if name] + ["ada brandt", "nobody", "' OR 1=1 --"]
PATHS = [f"/data/{n}.txt" for n in range(4)] + ["/copy/of 3.txt", "/nowhere", "\udcff"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some(NAMES),
    st.none() | st.sampled_from(DAYS),
    st.none() | st.sampled_from(DAYS),
    some(PATHS),
    some(["Title 0", "Title 2", "title 0"]),
)
def test_matching_ids_are_those_found_one_by_one(
    store: LibraryStore,
    speakers: tuple[str, ...] | None,
    since: str | None,
    until: str | None,
    sources: tuple[str, ...] | None,
    documents: tuple[str, ...] | None,
) -> None:
    filters = Filters(speakers, since, until, sources, documents)
    found = store.passage_ids(filters)
    expected = []
    for number, passage in store.passages(store.passage_ids()).items():
        date = passage.document.date
        first = date and date + "-01-01"[len(date) - 4 :]
        last = date and last_day(date)
        if (
            (speakers is None or passage.turn.speaker in speakers)
            and (since is None or (first and first >= since + "-01-01"[len(since) - 4 :]))
            and (until is None or (last and last <= last_day(until)))
            and (sources is None or set(sources) & set(passage.paths))
            and (documents is None or passage.document.title in documents)
        ):
            expected.append(number)
    assert found.tolist() == expected
    places = store.turn_places(expected).values()
    assert store.size(filters).passages == len(expected)
    if not filters.empty:
        assert store.size(filters).documents == len({(p.text_id, p.document) for p in places})


def last_day(date: str) -> str:
    if len(date) == 4:
        return date + "-12-31"
    if len(date) == 7:
        return f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:]))[1]}"
    return date


def test_what_is_not_known_to_lie_in_the_range_does_not(store: LibraryStore) -> None:
    may = period("2022-05")
    assert may == Period("2022-05-01", "2022-05-31")
    assert not may.within("2022-05-10", None)
    assert may.within("2022-05-01", "2022-05-31")
    assert period("2024-02").last == "2024-02-29"
    found = store.passage_ids(Filters(since="2022-05-10", until="2022-12-31"))
    assert found is not None
    dates = {passage.document.date for passage in store.passages(found).values()}
    assert dates == {"2022-05-16"}


@pytest.mark.parametrize("date", ["May", "2022-13", "2022-02-30", "2022-5", "٢٠٢٢", "2022-05-16\n"])
def test_a_filter_that_is_no_date_is_refused(store: LibraryStore, date: str) -> None:
    with pytest.raises(InvalidQuery, match="date"):
        store.passage_ids(Filters(since=date))
