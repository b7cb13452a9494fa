"""The facade: what a person does with a library, with a complete encoder that needs no model."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qa
from qa.as_data import answer_data
from qa.errors import (
    InvalidQuery,
    LibraryError,
    LibraryMismatch,
    LibraryMissing,
    UnknownSource,
)
from qa.language.tokens import tokens
from qa.records import Filters, Verdict
from tests.support.hashing_encoder import HashingEncoder

MINUTES = """Meeting of the Harbour Board
May 3, 2021
Harbour House, Eskwater
Chairman of the Harbour Board Olav Brandt: Good morning. The dredging of the inner basin will cost 4 million crowns.
I do not believe that we can begin before the autumn.
Treasurer of the Harbour Board Mira Solano
: Thank you. The reserve holds 3 million crowns. We would have to borrow the rest.
Olav Brandt: Then we borrow. The herring fleet cannot wait another winter.
"""
LETTER = """Letter to the members
12.06.2022

The reserve of the harbour stood at 5 million crowns on the last day of March. Nothing was borrowed.
"""
FILES = {"minutes.txt": MINUTES, "letter.txt": LETTER}


def test_an_answer_is_quoted_and_cited(library, papers):
    answer = library.ask("What will the dredging of the inner basin cost?")
    quote = answer.quotes[0]
    assert quote.text == "The dredging of the inner basin will cost 4 million crowns."
    assert library.text("minutes.txt")[quote.start : quote.end] == quote.text
    citation = quote.citation
    assert citation.source == (papers / "minutes.txt").as_posix()
    assert citation.document == "Meeting of the Harbour Board"
    assert (citation.date, citation.speaker) == ("2021-05-03", "Olav Brandt")
    assert citation.role == "Chairman of the Harbour Board"
    assert citation.lines == (4, 4)
    assert citation.page is None
    assert citation.passage[quote.start - citation.passage_start :].startswith(quote.text)
    text = library.text("minutes.txt")
    assert text[: quote.start].endswith(citation.prefix)
    assert text[quote.end :].startswith(citation.suffix)
    assert {"dredging", "inner", "basin", "cost"} <= set(quote.matched)


def test_what_was_added_is_listed(library, papers):
    (letter, minutes) = library.sources()
    assert letter.path == (papers / "letter.txt").as_posix()
    assert (letter.documents, minutes.documents) == (1, 1)
    assert minutes.format == "text"
    documents, turns = library.structure("minutes.txt")
    assert documents[0].place == "Harbour House, Eskwater"
    speakers = [turn.speaker for turn in turns if turn.kind == "speech"]
    assert speakers == ["Olav Brandt", "Mira Solano", "Olav Brandt"]


def test_unchanged_files_are_skipped_changed_ones_replaced_missing_ones_removed(library, papers):
    assert len(library.add(papers).unchanged) == 2
    (papers / "letter.txt").write_text(LETTER.replace("5 million", "6 million"), encoding="utf-8")
    assert library.add(papers).replaced == ((papers / "letter.txt").as_posix(),)
    assert "6 million" in library.text("letter.txt")
    assert not library.ask("5 million crowns?").quotes[0].text.count("5 million")
    (papers / "letter.txt").unlink()
    assert library.add(papers).removed == ()
    assert library.add(papers, sync=True).removed == ((papers / "letter.txt").as_posix(),)
    assert [source.path for source in library.sources()] == [(papers / "minutes.txt").as_posix()]


def test_sync_leaves_alone_what_a_missing_folder_held(library, papers, tmp_path):
    papers.rename(tmp_path / "unmounted")
    report = library.add(papers, sync=True)
    assert [str(error.path) for error in report.failed] == [str(papers)]
    assert report.removed == ()
    assert len(library.sources()) == 2


def test_the_same_text_under_two_paths_is_citable_under_both(library, papers):
    (papers / "copy.txt").write_text(MINUTES, encoding="utf-8")
    report = library.add(papers)
    assert report.added == ((papers / "copy.txt").as_posix(),)
    assert report.passages == 0, "a text that is there already is not encoded again"
    quote = library.ask("What will the dredging cost?").quotes[0]
    found = [Path(c.source).name for c in (quote.citation, *quote.places)]
    assert found == ["copy.txt", "minutes.txt"]
    library.remove("copy.txt")
    quote = library.ask("What will the dredging cost?").quotes[0]
    assert Path(quote.citation.source).name == "minutes.txt"
    assert quote.places == ()


def test_filters_apply_before_ranking(library):
    def sources(**filters):
        answer = library.ask("million crowns reserve", **filters)
        return {Path(q.citation.source).name for q in answer.quotes}

    assert sources() == {"letter.txt", "minutes.txt"}
    assert sources(since="2022") == {"letter.txt"}
    assert sources(until=dt.date(2021, 12, 31)) == {"minutes.txt"}
    assert sources(sources="letter.txt") == {"letter.txt"}
    assert sources(documents="Harbour Board") == {"minutes.txt"}
    answer = library.ask("million crowns", speaker="Solano")
    assert {q.citation.speaker for q in answer.quotes} == {"Mira Solano"}
    nothing = library.ask("million crowns", since="2030-01-01")
    assert nothing.verdict is Verdict.NOT_FOUND
    assert nothing.quotes == ()
    assert nothing.absence is not None
    assert nothing.absence.passages == 0
    assert nothing.absence.filters == Filters(since="2030-01-01")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"question": "  …?!"}, "no word"),
        ({"question": "x" * 5000}, "5,000 characters"),
        ({"question": "crowns", "since": "3 May"}, "YYYY-MM-DD"),
        ({"question": "crowns", "until": "2021-02-30"}, "2021-02-30"),
        ({"question": "crowns", "speaker": "Brand"}, "Olav Brandt"),
        ({"question": "crowns", "documents": "Lighthouse"}, "no document goes by 'Lighthouse'"),
    ],
)
def test_wrong_questions_are_explained(library, arguments, message):
    with pytest.raises(InvalidQuery, match=message):
        library.ask(**arguments)


def test_an_unknown_source_is_named_with_its_like(library):
    with pytest.raises(UnknownSource, match=r"minutes\.txt"):
        library.text("minute.txt")


def test_limits(library):
    assert len(library.ask("million crowns reserve", limit=1).quotes) == 1
    with pytest.raises(ValueError, match="at least 1"):
        library.ask("crowns", limit=0)


def test_unknown_words_are_reported_with_their_nearest_spelling(library):
    answer = library.ask("zeppelins submarine dredgings", since="2030")
    assert answer.absence is not None
    assert dict(answer.absence.unknown_words) == {"zeppelins": None, "submarine": None}
    answer = library.ask("tresurer", since="2030")
    assert answer.absence is not None
    assert answer.absence.unknown_words == (("tresurer", "Treasurer"),)


def test_bad_files_are_reported_and_the_others_added(tmp_path, papers):
    (papers / "empty.txt").write_bytes(b"")
    (papers / "program.txt").write_bytes(b"\x7fELF\0\0\0\0\0\1\2\3")
    with qa.open(tmp_path / "other", encoder=HashingEncoder()) as library:
        report = library.add(papers, papers / "absent.txt")
        assert len(report.added) == 2
        reasons = {error.path.name: error.reason for error in report.failed}
        assert set(reasons) == {"empty.txt", "program.txt", "absent.txt"}
        assert all(reasons.values())


def test_progress_is_told_and_adds_up(tmp_path, papers):
    seen: list[qa.Progress] = []
    with qa.open(tmp_path / "other", encoder=HashingEncoder()) as library:
        report = library.add(papers, progress=seen.append)
    assert (seen[-1].files_done, seen[-1].files_total) == (2, 2)
    assert seen[-1].passages_done == seen[-1].passages_total == report.passages
    assert [p.passages_done for p in seen] == sorted(p.passages_done for p in seen)
    assert all(p.passages_done <= p.passages_total for p in seen)


def test_a_new_library_is_empty_and_says_so(tmp_path):
    with qa.open(tmp_path / "new", encoder=HashingEncoder()) as library:
        assert library.sources() == ()
        answer = library.ask("Anything?")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.absence is not None
    assert answer.absence.passages == 0
    with pytest.raises(LibraryMissing, match="qa add"):
        qa.open(tmp_path / "none", create=False)


def test_another_model_is_refused_until_the_library_is_rebuilt(tmp_path, papers):
    place = tmp_path / "library"
    with qa.open(place, encoder=HashingEncoder(revision="1")) as library:
        library.add(papers)
    with pytest.raises(LibraryMismatch, match="qa rebuild"):
        qa.open(place, encoder=HashingEncoder(revision="2"))
    for path in papers.iterdir():
        path.unlink()
    report = qa.rebuild(place, encoder=HashingEncoder(revision="2"))
    assert len(report.added) == 2
    with qa.open(place, encoder=HashingEncoder(revision="2")) as library:
        assert library.ask("What will the dredging cost?").quotes[0].citation.date == "2021-05-03"
        assert library.verify().ok


def test_a_closed_library_says_so(tmp_path, papers):
    library = qa.open(tmp_path / "library", encoder=HashingEncoder())
    library.add(papers)
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.ask("crowns")


def test_every_key_is_there_and_null_where_unknown(library, papers):
    data = json.loads(json.dumps(answer_data(library.ask("What was borrowed?"))))
    assert {"question", "verdict", "query", "quotes"} <= set(data)
    keys = (
        "text source document date speaker role start end line_start line_end page score"
    ).split()
    for quote in data["quotes"]:
        assert set(keys) <= set(quote)
    letter = next(q for q in data["quotes"] if q["source"].endswith("letter.txt"))
    assert letter["speaker"] is None
    assert letter["role"] is None
    assert letter["page"] is None
    assert letter["date"] == "2022-06-12"


def test_many_threads_may_ask_and_add_at_once(library, papers):
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                if number == 0:
                    path = papers / f"more{turn}.txt"
                    path.write_text(f"Note {turn}. The quay has {turn} cranes.", encoding="utf-8")
                    library.add(path)
                answer = library.ask("What will the dredging of the inner basin cost?")
                text = library.text(answer.quotes[0].citation.source)
                quote = answer.quotes[0]
                assert text[quote.start : quote.end] == quote.text
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(library.sources()) == 7


@pytest.mark.parametrize("reopen", [False, True])
def test_scores_are_those_of_independent_oracles(tmp_path, reopen):
    """BM25 by bm25s and cosines by NumPy, over the same passages."""
    from qa.sample import documents

    encoder = HashingEncoder()
    place = tmp_path / "library"
    library = qa.open(place, encoder=encoder)
    library.add(documents())
    if reopen:
        library.close()
        library = qa.open(place, encoder=encoder)
    with library:
        store = library._session.readable()
        ids = store.passage_ids().tolist()
        stored = store.passages(ids)
        texts = [store.excerpt(p.text_id, p.start, p.end).text for p in stored.values()]
        made = [
            tokens(f"{p.context}\n{text}") for p, text in zip(stored.values(), texts, strict=True)
        ]
        oracle = bm25s.BM25(method="robertson", k1=1.2, b=0.75)
        oracle.index(made, show_progress=False)
        for question in ("gauge levels of the river", "viaduct pier", "harbour wall crowns"):
            terms = tuple(dict.fromkeys(tokens(question)))
            counts = store.term_counts(terms)
            # FTS5 floors an IDF at 1e-6 where more than half of the passages have the term.
            terms = tuple(t for t in terms if 0 < counts[t] < len(ids) / 2)
            found, scores = store.lexical_scores(terms)
            # bm25s leaves out the constant factor k1 + 1, which changes no order.
            expected = oracle.get_scores(list(terms)) * 2.2
            by_id = dict(zip(ids, expected.tolist(), strict=True))
            assert sorted(found.tolist()) == [i for i in ids if by_id[i] > 0]
            np.testing.assert_allclose(scores, [by_id[i] for i in found.tolist()], rtol=1e-5)

            vector = encoder.question(question).vector
            matrix = np.stack([encoder.question(text).vector for text in texts])
            cosines = dict(zip(ids, (matrix @ vector).tolist(), strict=True))
            for ranked in library.rank(question):
                assert ranked.dense == pytest.approx(cosines[ranked.passage], abs=1e-5)
            with library._session.vectors().matches(store, vector) as matches:
                near = matches.best(10)
            by_numpy = sorted(cosines, key=lambda i: -cosines[i])[:10]
            assert [cosines[i] for i in near.tolist()] == pytest.approx(
                [cosines[i] for i in by_numpy], abs=1e-6
            )


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(
            [
                "The Chair: Order, order.\n",
                "“We shall see,” said Ana Lim, Minister.\n",
                "— Why? — Because.\r\n",
                "👩‍👩‍👧 family. 🏳️‍🌈 flag!\n",
                "שלום עולם. זה משפט.\n",
                "東京都は首都です。人口は多い。\n",
                "e\u0301te\u0301. A b c.\n",
                "May 3, 2021\n",
            ]
        ),
    ),
    min_size=1,
    max_size=12,
).map("".join)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=TEXTS, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_every_quote_and_passage_is_a_slice_of_the_stored_text(tmp_path, text, encoding):
    """Invariant 1, over random texts and encodings, emoji, right-to-left and CJK."""
    number = sum(1 for _ in tmp_path.iterdir())
    path = tmp_path / f"{number}.txt"
    path.write_bytes(text.encode(encoding, "surrogatepass"))
    with qa.open(tmp_path / f"{number}-library", encoder=HashingEncoder()) as library:
        if library.add(path).failed:
            return
        stored = library.text(path.name)
        store = library._session.readable()
        for passage in store.passages(store.passage_ids().tolist()).values():
            words = store.excerpt(passage.text_id, passage.start, passage.end).text
            assert words == stored[passage.start : passage.end]
            for sentence in passage.sentences:
                assert passage.start <= sentence.start < sentence.end <= passage.end
        made = tokens(stored)
        if not made:
            return
        answer = library.ask(" ".join(made[:6]))
        for quote in (*answer.quotes, *answer.misses):
            assert stored[quote.start : quote.end] == quote.text
            first, last = quote.citation.lines
            before = stored[: quote.start].replace("\r\n", "\n").replace("\r", "\n")
            assert first == before.count("\n") + 1
            assert last >= first
