"""Exact search in a library: complete counts against brute force, filters, order, citations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.cli.answers import find_lines
from qa.find.occurrences import find_occurrences
from qa.find.parsing import parse_find
from qa.find.records import FindReport, Order, Within
from qa.find.reporting import find_data
from qa.ingest import VERSIONS
from qa.records import Filters, TurnKind
from qa.store.opening import create_library
from qa.store.protocol import LibraryStore
from qa.store.records import StoredPassage
from qa.store.source_names import text_of
from tests.support.finding_oracle import Ask, as_query, count_all, plain_words
from tests.support.hashing_encoder import HashingEncoder
from tests.support.written_sources import Written, written_source

VOCABULARY = (
    *("wheat", "grain", "grains", "port", "ports", "Harbour", "HARBOUR", "security", "secure"),
    *("food", "Café", "cafe", "don’t", "don't", "well-known", "15,000", "2022", "soft\u00adly"),
    *("the", "the", "the", "of", "of", "treaty’s", "treaty", "river", "bridge", "vote", "budget"),
)
SEARCHED = ("wheat", "grain", "port", "gra*", "harbour", "securi*", "food", "cafe", "well", "the")
STOPS = (". ", ". ", "? ", ", ", "\n", ".\n\n", " — ", "; ")
NAMES = ("Ada Brandt", "Ines Kolar", "Tom Field")
NONE = Filters()


def speech(random_: random.Random, words: int) -> str:
    parts = []
    for _ in range(words):
        parts.append(random_.choice(VOCABULARY))
        parts.append(random_.choice(STOPS) if random_.random() < 0.15 else " ")
    return "".join(parts).strip() + "."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryStore]:
    """Twelve sources of turns of very different lengths, in passages that part many phrases."""
    random_ = random.Random(7)
    sources = {}
    for number in range(12):
        documents: list[Written] = []
        for part in range(random_.randint(1, 2)):
            turns = [
                (random_.choice(NAMES), speech(random_, random_.choice((3, 12, 60, 400))))
                for _ in range(random_.randint(2, 6))
            ]
            documents.append((f"Meeting {number} {part}", None, turns))
        sources[f"/{number:02}.txt"] = documents
    with library_of(tmp_path_factory.mktemp("finding"), sources) as opened:
        yield opened


def library_of(folder: Path, sources: dict[str, list[Written]]) -> LibraryStore:
    encoder = HashingEncoder()
    store = create_library(folder, encoder.identity, VERSIONS)
    for path, documents in sources.items():
        store.put([written_source(path, documents, encoder)])
    return store


def search(
    store: LibraryStore,
    text: str,
    filters: Filters = NONE,
    *,
    order: Order = Order.DATE,
    within: Within = Within.TURN,
    stem: bool = False,
    everywhere: bool = False,
    limit: int | None = None,
) -> FindReport:
    query = parse_find(text, stem=stem)
    return find_occurrences(
        *(store, query, filters),
        order=order,
        within=within,
        everywhere=everywhere,
        limit=limit,
    )


def passages_of(store: LibraryStore) -> list[StoredPassage]:
    found = store.passages(store.passage_ids().tolist()).values()
    return sorted(found, key=lambda p: (p.text_id, p.start))


def units_of(store: LibraryStore, within: Within) -> list[list[list[str]]]:
    """The library's units as lists of scopes of plain words, for the oracle."""
    passages = passages_of(store)
    if within is Within.SENTENCE:
        return [
            [plain_words(store.excerpt(p.text_id, span.start, span.end).text)]
            for p in passages
            for span in p.sentences
        ]
    turns = []
    for key, group in groupby(
        passages, key=lambda p: (p.text_id, p.document.ordinal, p.turn.ordinal)
    ):
        own = list(group)
        turns.append((key, plain_words(store.excerpt(key[0], own[0].start, own[-1].end).text)))
    if within is Within.TURN:
        return [[words] for _, words in turns]
    return [
        [words for _, words in group]
        for _, group in groupby(turns, key=lambda turn: (turn[0][0], turn[0][1]))
    ]


# The index can't look up a beginning: an OR with one must not trust the other side alone.
RARE, BEGINNING = (("wheat", "port"),), (("gra*",),)
PHRASE = st.lists(st.sampled_from(SEARCHED), min_size=1, max_size=2).map(tuple)
TERM = st.one_of(
    st.tuples(st.tuples(PHRASE), st.none()),
    st.tuples(st.lists(PHRASE, min_size=2, max_size=2, unique=True).map(tuple), st.integers(1, 12)),
)
ASK = st.builds(Ask, st.lists(TERM, min_size=1, max_size=2, unique=True).map(tuple), st.just(False))
NOT = st.builds(Ask, st.tuples(TERM), st.just(True))
ASKS = st.tuples(
    st.lists(ASK, min_size=1, max_size=2).map(tuple), st.lists(NOT, max_size=1).map(tuple)
).map(lambda both: both[0] + both[1])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asks=ASKS, within=st.sampled_from(Within))
@example(asks=(Ask(((RARE, None), (BEGINNING, None))),), within=Within.SENTENCE)
def test_counts_are_those_of_a_scan_of_everything(
    store: LibraryStore, asks: tuple[Ask, ...], within: Within
) -> None:
    report = search(store, as_query(asks), within=within, limit=1)
    assert report.count == count_all(units_of(store, within), asks)
    assert report.count == sum(one.occurrences for one in report.by_term)
    assert report.count == sum(one.occurrences for one in report.by_document)
    assert report.count == sum(one.occurrences for one in report.by_speaker)


def test_the_library_parts_phrases_between_passages(store: LibraryStore) -> None:
    """What makes the test above worth having: turns of several passages."""
    turns = [(p.text_id, p.turn.ordinal) for p in passages_of(store)]
    assert len(turns) > len(set(turns)) + 20


@pytest.mark.parametrize("text", ['"the the"', "wheat -food", "NEAR(port harbour, 4)", "secur*"])
def test_every_occurrence_is_verbatim_and_cited(store: LibraryStore, text: str) -> None:
    report = search(store, text)
    assert report.count == len(report.occurrences) > 0
    seen = set()
    for one in report.occurrences:
        whole = text_of(store, one.citation.source)
        assert whole[one.start : one.end] == one.text
        citation = one.citation
        assert whole[citation.start : citation.end] == one.sentence
        assert citation.start <= one.start < one.end <= citation.end
        assert one.start == one.spans[0].start
        assert citation.lines[0] == whole.count("\n", 0, citation.start) + 1
        seen.add((citation.source, one.term, one.start, one.end))
    assert len(seen) == report.count


def test_limit_cuts_the_list_and_nothing_else(store: LibraryStore) -> None:
    whole, cut = search(store, "the"), search(store, "the", limit=3)
    assert cut.occurrences == whole.occurrences[:3]
    assert (cut.count, cut.by_document, cut.by_speaker) == (
        *(whole.count, whole.by_document, whole.by_speaker),
    )
    assert list(find_lines(cut, str, marked=False))[-1] == (
        f"3 of {whole.count:,} occurrences listed (--limit)"
    )
    with pytest.raises(ValueError, match="limit is 0"):
        search(store, "the", limit=0)


def test_filters_by_speaker_and_source(store: LibraryStore) -> None:
    whole = search(store, "wheat")
    for one in whole.by_speaker:
        assert one.speaker is not None
        only = search(store, "wheat", Filters(speakers=(one.speaker,)))
        assert only.count == one.occurrences
        assert {found.citation.speaker for found in only.occurrences} == {one.speaker}
        assert only.passages < whole.passages
    path = whole.by_document[0].sources[0]
    only = search(store, "wheat", Filters(sources=(path,)))
    own = [one for one in whole.by_document if one.sources == (path,)]
    assert only.count == sum(one.occurrences for one in own)
    assert only.by_document == tuple(own)


def test_everywhere_finds_labels_and_headings_too(store: LibraryStore) -> None:
    assert search(store, "brandt").count == 0
    report = search(store, "brandt", everywhere=True)
    expected = sum(text_of(store, source.path).count("Brandt") for source in store.sources())
    assert report.count == expected > 0
    assert {one.citation.kind for one in report.occurrences} == {TurnKind.LABEL}
    assert {one.text for one in report.occurrences} == {"Brandt"}
    assert report.documents == store.size().documents
    for within in Within:
        found = search(store, "meeting", everywhere=True, within=within)
        assert found.count == store.size().documents
    spoken = search(store, "wheat", everywhere=True)
    assert spoken.count == search(store, "wheat").count


# ---- a small library whose every answer is plain ----------------------------------------

RELEASE: list[Written] = [
    (
        "Statement on grain",
        "2022-05-03",
        [
            (
                "Ada Brandt",
                "The wheat leaves the harbour. Wheat is food, and food is security!",
            ),
            ("Ines Kolar", "Nobody speaks of wheat here. The harbours are closed."),
        ],
    )
]
INTERVIEW: list[Written] = [
    (
        "Interview on water",
        "2021-02-01",
        [("Ada Brandt", "Water is not wheat. 東京の港は閉まっている。")],
    )
]
NOTES: list[Written] = [
    (None, None, [(None, "Some notes about a harbour and about wheat wheat wheat.")])
]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[LibraryStore]:
    sources = {
        "/interview.txt": INTERVIEW,
        "/notes.txt": NOTES,
        "/release.txt": RELEASE,
        "/release-copy.txt": RELEASE,
    }
    with library_of(tmp_path, sources) as opened:
        yield opened


def test_date_order_counts_and_copies(small: LibraryStore) -> None:
    report = search(small, "wheat")
    assert [one.citation.date for one in report.occurrences] == [
        *("2021-02-01", "2022-05-03", "2022-05-03", "2022-05-03", None, None, None),
    ]
    assert [(one.date, one.occurrences) for one in report.by_document] == [
        *(("2021-02-01", 1), ("2022-05-03", 3), (None, 3)),
    ]
    assert [Path(path).name for path in report.by_document[1].sources] == [
        *("release-copy.txt", "release.txt"),
    ]
    assert [Path(place.source).name for place in report.occurrences[1].places] == ["release.txt"]
    assert {(one.speaker, one.occurrences) for one in report.by_speaker} == {
        *(("Ada Brandt", 3), (None, 3), ("Ines Kolar", 1)),
    }


def test_a_source_filter_cites_that_source_alone(small: LibraryStore) -> None:
    path = "/release.txt"
    report = search(small, "wheat", Filters(sources=(path,)))
    assert report.count == 3
    assert {one.citation.source for one in report.occurrences} == {path}
    assert not any(one.places for one in report.occurrences)
    assert all(one.sources == (path,) for one in report.by_document)


def test_relevance_puts_the_densest_first(small: LibraryStore) -> None:
    report = search(small, "wheat", order=Order.RELEVANCE)
    assert report.occurrences[0].citation.date is None
    assert report.count == 7


def test_dates(small: LibraryStore) -> None:
    since = search(small, "wheat", Filters(since="2022-01-01"))
    assert [one.date for one in since.by_document] == ["2022-05-03"]
    until = search(small, "wheat", Filters(until="2021-12-31"), everywhere=True)
    assert [one.date for one in until.by_document] == ["2021-02-01"]


@pytest.mark.parametrize(
    ("text", "within", "count"),
    [
        ("wheat harbour", Within.TURN, 3 + 4),
        ("wheat harbour", Within.SENTENCE, 2 + 4),
        ("wheat harbour", Within.DOCUMENT, 4 + 4),
        ("wheat -harbour", Within.TURN, 2),
        ("wheat -harbour", Within.DOCUMENT, 1),
        ("wheat -harbour", Within.SENTENCE, 3),
        ('"harbour wheat"', Within.TURN, 1),
        ('"harbour wheat"', Within.SENTENCE, 0),
        ('"security nobody"', Within.DOCUMENT, 0),
    ],
)
def test_where_words_must_stand_together(
    small: LibraryStore, text: str, within: Within, count: int
) -> None:
    assert search(small, text, within=within).count == count


def test_a_phrase_over_two_sentences_is_shown_with_both(small: LibraryStore) -> None:
    (one,) = search(small, '"harbour wheat"').occurrences
    assert one.text == "harbour. Wheat"
    assert one.sentence == "The wheat leaves the harbour. Wheat is food, and food is security!"


def test_scripts_without_spaces(small: LibraryStore) -> None:
    assert search(small, "港は").count == 1
    assert search(small, "東京").occurrences[0].text == "東京"
    assert search(small, "京東").count == 0


def test_a_run_without_spaces_is_found_across_passages(tmp_path: Path) -> None:
    run = "".join(chr(0x4E00 + number) for number in range(3000))
    with library_of(tmp_path, {"/run.txt": [(None, None, [(None, run)])]}) as store:
        edges = [passage.start for passage in passages_of(store)[1:]]
        assert edges
        for edge in edges:
            pair = run[edge - 1 : edge + 1]
            assert [one.start for one in search(store, pair).occurrences] == [edge - 1]


def test_words_that_occur_nowhere(small: LibraryStore) -> None:
    report = search(small, "wheet OR harbour OR closing -food")
    assert report.unknown_words == (("wheet", "wheat"), ("closing", "closed"))
    report = search(small, "wheat kitchen", Filters(until="2021-12-31"))
    assert report.unknown_words == (("kitchen", None),)
    # It occurs, only not in what was searched.
    assert search(small, "harbours", Filters(until="2021-12-31")).unknown_words == ()
    assert search(small, "closing", stem=True).unknown_words == ()


def test_lines(small: LibraryStore) -> None:
    report = search(small, "wheat food", limit=4)
    lines = list(find_lines(report, lambda path: Path(path).name, marked=True))
    passages = small.size().passages
    assert lines[0] == (
        f"4 occurrences in 1 document; all {passages} passages of 3 documents searched"
    )
    assert lines[1:9] == [
        "terms:",
        "       2  wheat",
        "       2  food",
        "documents:",
        "       4  2022-05-03 Statement on grain · release-copy.txt, release.txt",
        "speakers:",
        "       4  Ada Brandt",
        "",
    ]
    assert lines[9] == "“The \x1b[1;4mwheat\x1b[0m leaves the harbour.”"
    assert lines[10] == "  — Ada Brandt, 2022-05-03"
    assert lines[14] == (
        "“\x1b[1;4mWheat\x1b[0m is \x1b[1;4mfood\x1b[0m, and \x1b[1;4mfood\x1b[0m is security!”"
    )
    assert lines[15] == "  — Ada Brandt, 2022-05-03 (3 occurrences)"


def test_lines_when_nothing_is_found(small: LibraryStore) -> None:
    report = search(small, "wheet harbour", Filters(speakers=("Ada Brandt",), since="2022-01-01"))
    assert list(find_lines(report, str, marked=False)) == [
        "nothing found together in one turn; 1 passage of 1 document searched "
        "(speaker Ada Brandt; dated from 2022-01-01)",
        "“wheet” occurs nowhere in the library; the sources have “wheat”",
    ]


def test_text_from_documents_cannot_move_the_cursor(tmp_path: Path) -> None:
    hostile: list[Written] = [
        ("Ti\x1b[2Jtle", None, [("Ada\x1b[2J", "Some \x1b[31mwheat\x1b[2J grows here.")])
    ]
    with library_of(tmp_path, {"/a\x1b.txt": hostile}) as store:
        lines = list(find_lines(search(store, "grows"), str, marked=False))
    assert not any("\x1b" in line for line in lines)


def test_json(small: LibraryStore) -> None:
    data = find_data(search(small, "NEAR(wheat harbour, 3)", limit=1))
    assert data["count"] == 2
    assert data["searched"]["documents"] == 3
    assert data["by_term"] == [{"term": "NEAR(wheat harbour, 3)", "occurrences": 2, "documents": 2}]
    (one,) = data["occurrences"]
    text = text_of(small, one["citation"]["source"])
    assert [text[start:end] for start, end in one["spans"]] == ["wheat", "harbour"]
    assert [place["source"] for place in one["places"]] == ["/release.txt"]
    assert data["unknown_words"] == []


def test_an_empty_library(tmp_path: Path) -> None:
    with create_library(tmp_path, HashingEncoder().identity, VERSIONS) as store:
        for everywhere in (False, True):
            report = search(store, "wheat -food port*", everywhere=everywhere)
            assert (report.count, report.passages, report.documents) == (0, 0, 0)
            assert report.unknown_words == (("wheat", None), ("port", None))
