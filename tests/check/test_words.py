"""The ladder of wording: exact, encoded, shortened, altered, absent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.check.checker import Checker
from qa.check.corpus_view import CorpusView, WordingResult
from qa.check.records import Wording
from qa.check.wording import find_words
from qa.errors import InvalidQuery, UnknownSource
from qa.language.folding import fold
from qa.language.punctuation import same_gap
from qa.store.protocol import LibraryStore
from tests.support.checking_samples import CORPUS, ROOT, SAMPLE, folder_of, store_of

TALK = """Talk on the bridge
4 March 2024

Mayor Ada Brandt: We support a time limit, and we can live with ninety minutes. I would not sign
today. The “old” bridge — all 1,889 tonnes of it — is safe, I think. It costs 5.50 crowns, or −3
percent. The efficient office is non-violent. We can't wait.

Engineer Ben Kolar: Ninety minutes is too long. The demo-
cracy of water is fine. Schluß, Café.
"""
FILES = {"talk.txt": TALK}


@pytest.fixture(scope="module")
def checker(store: LibraryStore) -> Checker:
    return Checker(store)


@pytest.fixture(scope="module")
def views(store: LibraryStore) -> tuple[CorpusView, CorpusView]:
    """The library looked through whole, and by its index alone."""
    return CorpusView(store), CorpusView(store, small=0, exhaustive=0)


def look(views: tuple[CorpusView, CorpusView], quote: str) -> WordingResult:
    """What is found, the same both ways."""
    whole, indexed = (find_words(corpus, quote) for corpus in views)
    assert whole.wording == indexed.wording
    assert whole.places == indexed.places
    return whole


def test_exact_words_give_the_span_with_their_marks(views: tuple[CorpusView, CorpusView]) -> None:
    found = look(views, "We support a time limit, and we can live with ninety minutes.")
    assert found.wording.value == "exact"
    place = found.places[0]
    assert TALK[place.start : place.end] == (
        "We support a time limit, and we can live with ninety minutes."
    )


@pytest.mark.parametrize(
    ("quote", "difference"),
    [
        ('The "old" bridge', "quotation marks"),
        ("The “old” bridge - all 1,889 tonnes of it - is safe", "dashes"),
        ("We support\u00a0a  time limit", "spaces"),
        ("I would not sign today", "line breaks"),
        ("We sup\u00adport a time limit", "invisible characters"),
        ("The eﬃcient oﬃce", "ligatures"),
        ("The democracy of water", "hyphenation"),
        ("We support a ti-\nme limit", "hyphenation"),
        ("Ｗｅ ｓｕｐｐｏｒｔ", "width"),
        ("We suppоrt a time limit", "homoglyphs"),
        ("we support a time limit", "first letter"),
        ("WE SUPPORT A TIME LIMIT", "case"),
        ("we can live with ninety minutes,", "final punctuation"),
        ("Cafe\u0301", "composition"),
        ("Schluss", "case"),
    ],
)
def test_the_same_characters_encoded_differently(
    views: tuple[CorpusView, CorpusView], quote: str, difference: str
) -> None:
    found = look(views, quote)
    assert found.wording.value == "encoded"
    assert difference in found.places[0].differences


@pytest.mark.parametrize(
    "quote",
    [
        "We support a time limit and we can live",  # a comma less
        "We support a time limit; and we can live",
        "889 tonnes",  # part of a number
        "It costs 5 crowns",
        "50 crowns",
        "It costs 5,50 crowns",
        "violent",  # part of a compound
        "We can",  # of "can't", and nowhere else with this word order
        "port a time",  # begins inside a word
        "We supp",
        "Cafe",
        "or $−3",
        "$5.50 crowns",
        "−ninety minutes",
        "Ninety minutes% is",
    ],
)
def test_what_reads_differently_is_never_verified(
    views: tuple[CorpusView, CorpusView], quote: str
) -> None:
    if quote == "We can":
        quote = "We can wait"
    assert not look(views, quote).wording.verified


@pytest.mark.parametrize(
    ("quote", "omitted"),
    [
        ("We support … ninety minutes.", [" a time limit, and we can live with "]),
        ("We support ... ninety minutes", [" a time limit, and we can live with "]),
        ("We support [...] we can [. . .] minutes", [" a time limit, and ", " live with ninety "]),
        ("We support <…> ninety minutes", [" a time limit, and we can live with "]),
        ("We support a [strict] time limit", [" "]),
        ("[the town] can live with ninety minutes", [""]),
        ("We support [the rule], and we can live", [" a time limit"]),
    ],
)
def test_open_shortening_shows_what_is_left_out(
    views: tuple[CorpusView, CorpusView], quote: str, omitted: list[str]
) -> None:
    found = look(views, quote)
    assert found.wording.value == "shortened"
    assert [omission.text for omission in found.places[0].omissions] == omitted


def test_brackets_of_the_source_are_words(tmp_path: Path) -> None:
    with store_of(
        tmp_path, {"a.txt": "The Charter [article 7] says that the gate is shut."}
    ) as made:
        assert Checker(made).quote("The Charter [article 7] says").verdict.value == "exact"
        assert not Checker(made).quote("The Charter [article 8] says").verdict.verified


def test_dots_at_the_edges_are_shortening(views: tuple[CorpusView, CorpusView]) -> None:
    found = look(views, "… we can live with ninety minutes …")
    assert found.wording.value == "shortened"
    assert found.places[0].omissions == ()


def test_a_bracketed_letter_is_no_omission(views: tuple[CorpusView, CorpusView]) -> None:
    found = look(views, "[w]e support a time limit")
    assert found.wording.value == "shortened"
    assert found.places[0].omissions == ()


def test_segments_in_another_order_are_not_verified(views: tuple[CorpusView, CorpusView]) -> None:
    assert not look(views, "ninety minutes … We support a time limit").wording.verified


@pytest.mark.parametrize(
    ("quote", "kind", "draft", "source"),
    [
        ("we can live with eighty minutes", "number", "eighty", "ninety"),
        ("all 1,888 tonnes of it is safe, I think", "number", "1,888", "1,889"),
        ("I would sign today. The old bridge", "negation", "", "not"),
        ("We support a time limit, and we can not live with", "negation", "not", ""),
        ("We support a rule, and we can live with ninety", "word", "rule", "time limit"),
        ("We support a time limit and we can", "punctuation", "limit and", "limit, and"),
    ],
)
def test_an_altered_quotation_names_the_change(
    views: tuple[CorpusView, CorpusView], quote: str, kind: str, draft: str, source: str
) -> None:
    found = look(views, quote)
    assert found.wording.value == "altered"
    assert (kind, draft, source) in [(c.kind, c.draft, c.source) for c in found.changes]


def test_a_dropped_hedge_and_a_stitched_quotation_are_named(store: LibraryStore) -> None:
    hedge = Checker(store).quote(
        "It could perhaps be that We support a time limit, and we can live"
    )
    assert "hedge" in [change.kind for change in hedge.changes]
    stitched = Checker(store).quote("We support a time limit, and we Ninety minutes is too long.")
    assert [change.kind for change in stitched.changes] == ["stitched"]
    assert not stitched.verdict.verified


def test_words_that_are_nowhere_are_absent_with_the_nearest_passages(store: LibraryStore) -> None:
    found = Checker(store).quote("Utter nonsense about bananas and bridge tolls on the moon")
    assert found.verdict.value == "absent"
    assert not found.ok
    assert found.matches


def test_a_letter_written_otherwise_is_a_change_of_spelling(tmp_path: Path) -> None:
    with store_of(tmp_path / "library", {"a.txt": "Мы ещё в январе объявили, café."}) as store:
        for quote, change in (
            ("Мы еще в январе объявили", ("spelling", "еще", "ещё")),
            ("в январе объявили, cafe", ("spelling", "cafe", "café")),
        ):
            checked = Checker(store).quote(quote)
            assert checked.verdict.value == "altered"
            assert [(c.kind, c.draft, c.source) for c in checked.changes] == [change]


def test_marks_at_the_ends_with_invisible_characters_are_the_same(tmp_path: Path) -> None:
    row = "| The Ostrel embankment | 3.6 | August 2024 |"
    with store_of(tmp_path / "library", {"a.md": f"Levels of the river.\n\n{row}\n"}) as store:
        checked = Checker(store).quote(row.replace(" ", " \u200b"))
        assert checked.verdict.value == "encoded"
        assert checked.matches[0].text == row


def test_a_blank_speaker_is_no_claim(store: LibraryStore) -> None:
    assert Checker(store).quote("We can't wait.", speaker=" ").attribution.value == "no_claim"


def test_after_the_letters_are_read_other_texts_are_passed_over(tmp_path: Path) -> None:
    files = {
        f"{n}.txt": f"Ada Brandt: The pier number {n} stands in the river.\n" for n in range(4)
    }
    with store_of(tmp_path / "library", files) as store:
        corpus = CorpusView(store, small=0)
        assert find_words(corpus, "the pier number nine sinks").wording is not Wording.EXACT
        looked: list[int] = []
        region = corpus.region
        corpus.region = lambda text_id, *span: (  # type: ignore[method-assign]
            looked.append(text_id) or region(text_id, *span)  # type: ignore[func-returns-value]
        )
        found = find_words(corpus, "The pier number 3 stands in the river.")
        assert found.wording is Wording.EXACT
        assert set(looked) == {place.text_id for place in found.places}


def test_all_places_are_listed(tmp_path: Path) -> None:
    files = {f"{n}.txt": f"Report {n}\n\nThe gate was shut at ten. Number {n}." for n in range(5)}
    with store_of(tmp_path, files) as made:
        found = Checker(made).quote("The gate was shut at ten.")
        assert [m.source for m in found.matches] == [f"/sources/{n}.txt" for n in range(5)]


def test_headings_are_found_although_they_are_not_indexed(store: LibraryStore) -> None:
    found = Checker(store).quote("Talk on the bridge")
    assert found.verdict.value == "exact"


def test_bad_input_gets_a_clear_error(store: LibraryStore) -> None:
    with pytest.raises(InvalidQuery, match="no word in it"):
        Checker(store).quote(" “…” ")
    with pytest.raises(InvalidQuery, match="YYYY-MM-DD"):
        Checker(store).quote("We support", date="May 2022")
    with pytest.raises(UnknownSource):
        Checker(store).quote("We support", source="other.txt")


def test_marks_around_the_whole_are_no_part_of_a_quotation(store: LibraryStore) -> None:
    quote = "  “We support a time limit”"
    found = Checker(store).quote(quote)
    assert found.verdict.value == "exact"
    assert quote[found.start : found.end] == found.text == "We support a time limit"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_every_letter_knows_where_it_comes_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.letters) == len(folded.starts) == len(folded.ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)
    # A letter folds alike wherever it stands alone.
    assert fold(text).letters == folded.letters


def test_gaps_that_read_differently_differ() -> None:
    assert same_gap(", ", " ") is None
    assert same_gap("", " ") is None
    assert same_gap("-", " ") is None
    assert same_gap(",", ", ", between_digits=True) is None
    assert same_gap(" – ", "—") == "dashes"
    assert same_gap(" ", "\n") == "line breaks"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_run_of_words_is_exact_and_any_changed_letter_is_not(
    data: st.DataObject, views: tuple[CorpusView, CorpusView]
) -> None:
    words = TALK.split(" ")
    first = data.draw(st.integers(0, len(words) - 4))
    last = data.draw(st.integers(first + 3, min(first + 12, len(words))))
    quote = " ".join(words[first:last]).strip()
    found = find_words(views[0], quote)
    assert found.wording.value == "exact"
    assert any(TALK[p.start : p.end] == quote for p in found.places)
    at = data.draw(st.sampled_from([i for i, c in enumerate(quote) if c.isalnum()]))
    altered = quote[:at] + ("q" if quote[at] not in "qQ" else "z") + quote[at + 1 :]
    assert not find_words(views[0], altered).wording.verified


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from("aтW  .,…[]()“”«»\"'’>\n-—1é\u00ad\ud800🌊"), max_size=60)
)
def test_any_draft_is_checked(checker: Checker, text: str) -> None:
    for quotation in checker.draft(text).quotations:
        assert text[quotation.start : quotation.end] == quotation.text
        for match in quotation.matches:
            assert TALK[match.start : match.end] == match.text


def test_hostile_input_takes_bounded_time(checker: Checker) -> None:
    for draft in (
        "“" + "a " * 100_000 + "”",
        "“" + "the … " * 300 + "”",
        "“" * 5_000 + "”" * 5_000,
        "“[" + "[a] " * 5_000 + "”",
        "“minutes” " * 300,
    ):
        checker.draft(draft)


def test_the_generated_suite_in_small(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from checking import corpus_of, passes
    from checking_cases import make_cases

    folders = [folder for folder in (SAMPLE, CORPUS) if folder.is_dir()]
    with store_of(tmp_path, folder_of(*folders)) as made:
        checker = Checker(made)
        missed = [
            (case.kind, case.quote)
            for case in make_cases(corpus_of(made), 350, seed=7)
            if not passes(case, checker.quote(case.quote, **dict(case.claim)))
        ]
    assert missed == []
