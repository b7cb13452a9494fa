"""A whole evaluation: collections become libraries, questions are asked, figures come out."""

from __future__ import annotations

import argparse
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qa
from qa.cli.evaluation import opener, run_eval
from qa.cli.evaluation_report import is_miss, miss_lines, report_lines
from qa.cli.main import build_parser
from qa.errors import CitewellError, UnknownSource
from qa.evaluate.building import build_libraries, stored_passages, subset_library
from qa.evaluate.collections import load_collection
from qa.evaluate.collections.collection import Collection, hide_half
from qa.evaluate.measures import RiskPoint
from qa.evaluate.outcomes import Evaluation, compare, summarise
from qa.evaluate.overrides import AskOptions, Choice, names, override
from qa.evaluate.picture import Curve, risk_coverage_svg
from qa.evaluate.run import evaluate_collection, rank_documents
from qa.ingest import VERSIONS
from qa.records import RankedPassage
from qa.settings import Settings
from qa.store.opening import open_library
from tests.evaluate.test_collections import MEETING, beir, lines, write
from tests.support.hashing_encoder import HashingEncoder

# Wide enough that words which are not the same hardly look alike.
ENCODER = HashingEncoder(dimension=256)
FACTS = {
    "Bridges": "The Orlith bridge is 412 metres long. It was opened in 1931 by the mayor.",
    "Bakers": "A baker's guild was founded in Halse. Its members baked rye bread at night.",
    "Trams": "The blue tram stops at Rope Lane. Tickets cost two crowns on weekdays.",
    "Otters": "Otters returned to the canal. Wardens counted nineteen of them last spring.",
}
ASKED = {
    "Bridges": ("How many metres long is the Orlith bridge?", "412 metres"),
    "Bakers": ("Where was the guild of bakers founded?", "Halse"),
    "Trams": ("What do tickets of the blue tram cost on weekdays?", "two crowns"),
    "Otters": ("How many otters did the wardens count in the canal?", "nineteen"),
}


@pytest.fixture
def squad(tmp_path: Path) -> Collection:
    return load_collection(write_squad(tmp_path / "facts.json"))


def write_squad(path: Path) -> Path:
    data = []
    for title, context in FACTS.items():
        question, words = ASKED[title]
        found = {"text": words, "answer_start": context.index(words)}
        qas = [{"id": title, "question": question, "answers": [found]}]
        data.append({"title": title, "paragraphs": [{"context": context, "qas": qas}]})
    return write(path, {"data": data})


def evaluate(collection: Collection, cache: Path, choice: Choice | None = None) -> Evaluation:
    built = build_libraries(collection, ENCODER, cache)
    return evaluate_collection(collection, built, choice or Choice(Settings()), opener(ENCODER))


# ---- collections become libraries --------------------------------------------------------


def test_passages_are_those_of_an_added_file(squad: Collection, tmp_path: Path) -> None:
    """The same words, vectors, codes and lexical tokens as when a person adds the text."""
    (subset,) = squad.subsets
    given = subset_library(subset, ENCODER, tmp_path / "cache")
    files = tmp_path / "files"
    files.mkdir()
    for document in subset.documents:
        (files / f"{document.id}.txt").write_text(document.text, encoding="utf-8")
    with qa.open(tmp_path / "library", encoder=ENCODER) as library:
        library.add(files)
    assert everything(given) == everything(tmp_path / "library")


def everything(folder: Path) -> list[tuple[Any, ...]]:
    """All that a search looks at, by what it is of and not by id."""
    with open_library(folder, identity=None, versions=VERSIONS, read_only=True) as store:
        ids = store.passage_ids()
        vectors = dict(
            zip(store.passage_ids().tolist(), store.vectors(store.passage_ids()), strict=True)
        )
        codes = store.codes(ids)
        return sorted(
            (
                store.excerpt(passage.text_id, passage.start, passage.end).text,
                [(span.start, span.end) for span in passage.sentences],
                vectors[number].tolist(),
                codes[number].to_bytes(),
            )
            for number, passage in store.passages(ids).items()
        )


def test_a_library_is_built_once(squad: Collection, tmp_path: Path) -> None:
    told: list[int] = []
    (built,) = build_libraries(squad, ENCODER, tmp_path, lambda p: told.append(p.files_done))
    assert told[-1] == 4
    (again,) = build_libraries(squad, ENCODER, tmp_path, lambda p: told.append(-1))
    assert (again.folder, -1 in told) == (built.folder, False)
    (other,) = build_libraries(squad, HashingEncoder(dimension=256, revision="2"), tmp_path)
    (half,) = build_libraries(hide_half(squad), ENCODER, tmp_path)
    assert len({built.folder, other.folder, half.folder}) == 3
    assert not list(tmp_path.glob(".making-*"))


def test_a_build_that_fails_leaves_nothing(squad: Collection, tmp_path: Path) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_libraries(squad, ENCODER, tmp_path / "cache", stop)
    assert list((tmp_path / "cache").iterdir()) == []


def test_passages_count_as_documents_and_turns(tmp_path: Path) -> None:
    collection = load_collection(beir(tmp_path / "wet"))
    (built,) = build_libraries(collection, ENCODER, tmp_path / "cache")
    # "On rain" is a heading, and the third document is empty: two passages.
    assert sorted(built.ranked.values()) == [("a",), ("b",)]
    titles = {
        passage.document.title: passage.context
        for passage in stored_passages(built.folder).values()
    }
    assert titles == {"On rain": "On rain.", None: ""}
    meeting = load_collection(write(tmp_path / "m.jsonl", lines(MEETING)))
    (built,) = build_libraries(meeting, ENCODER, tmp_path / "cache")
    assert sorted(set(built.ranked.values())) == [
        (f"meeting-1/turn-{number}",) for number in (0, 1, 3, 4)
    ]


def test_documents_are_ranked_by_their_best_passage() -> None:
    ranked = [RankedPassage(id_, 0, 0, 0, 0, 0) for id_ in (3, 1, 2, 9)]
    documents = {1: ("b",), 2: ("a",), 3: ("a", "c")}
    assert rank_documents(ranked, documents) == ("a", "c", "b")


# ---- questions are asked -----------------------------------------------------------------


def test_squad_figures(squad: Collection, tmp_path: Path) -> None:
    run = evaluate(squad, tmp_path / "cache")
    assert (run.documents, run.passages, len(run.outcomes)) == (4, 4, 4)
    for outcome in run.outcomes:
        assert outcome.documents[0] == next(iter(outcome.relevant))
        question, words = ASKED[outcome.id]
        assert outcome.question == question
        for quote in (*outcome.quotes, *outcome.misses):
            text = FACTS[outcome.id]
            own = quote.document in outcome.relevant
            assert quote.right is (own and words in text[quote.start : quote.end])
    summary = summarise(run)
    assert summary.retrieval["Recall@1"] == summary.retrieval["nDCG@10"] == 1.0
    assert (summary.questions, summary.answerable, summary.unanswerable) == (4, 4, 0)
    shown = [quote.right for outcome in run.outcomes for quote in outcome.quotes]
    assert summary.quote_precision == (sum(shown) / len(shown) if shown else None)
    assert summary.auroc is None
    assert sum(summary.verdicts.values()) == 4


def test_hidden_half_is_told_from_what_is_there(squad: Collection, tmp_path: Path) -> None:
    run = evaluate(hide_half(squad), tmp_path / "cache")
    summary = summarise(run)
    assert (summary.answerable, summary.unanswerable) == (2, 2)
    assert summary.auroc == 1.0
    assert all(not outcome.retrieval for outcome in run.outcomes if not outcome.answerable)
    # Two right answers first, then two that can only be wrong.
    assert [point.coverage for point in summary.curve][-1] == 1.0
    assert summary.curve[-1].risk >= 0.5


def test_a_quote_from_a_right_turn(tmp_path: Path) -> None:
    collection = load_collection(write(tmp_path / "m.jsonl", lines(MEETING)))
    run = evaluate(collection, tmp_path / "cache")
    (outcome,) = run.outcomes
    document = collection.subsets[0].documents[0]
    for quote in (*outcome.quotes, *outcome.misses):
        turn = next(t for t in document.turns if t.start <= quote.start and quote.end <= t.end)
        assert quote.right is (turn.id in outcome.relevant)
        assert quote.text == document.text[quote.start : quote.end]
    assert outcome.documents[0] == "meeting-1/turn-1"


def test_beir_quotes_are_judged_by_document(tmp_path: Path) -> None:
    collection = load_collection(beir(tmp_path / "wet", qrels="q1\ta\t1\n"))
    run = evaluate(collection, tmp_path / "cache")
    for quote in (*run.outcomes[0].quotes, *run.outcomes[0].misses):
        assert quote.right is (quote.document == "a")


def test_a_question_without_words_is_not_found(tmp_path: Path) -> None:
    paragraph = {
        "context": "The bridge is long.",
        "qas": [
            {"id": "1", "question": "?!", "answers": [{"text": "bridge", "answer_start": 4}]},
            {"id": "2", "question": "Bridge?", "answers": [{"text": "bridge", "answer_start": 4}]},
        ],
    }
    path = write(tmp_path / "s.json", {"data": [{"paragraphs": [paragraph]}]})
    first, second = evaluate(load_collection(path), tmp_path / "cache").outcomes
    assert (first.verdict, first.confidence, first.documents) == (qa.Verdict.NOT_FOUND, 0.0, ())
    assert first.retrieval["Recall@1"] == 0.0
    assert second.retrieval["Recall@1"] == 1.0


# ---- two settings ------------------------------------------------------------------------


def test_override_finds_names_and_types() -> None:
    base = Choice(Settings())
    changed = override(base, ["reranked=7, lexical_weight=2", "understand=FALSE"])
    assert changed.settings.search.reranked == 7
    assert changed.settings.search.lexical_weight == 2.0
    assert changed.options == AskOptions(understand=False)
    assert changed.name == "reranked=7, lexical_weight=2, understand=FALSE"
    assert override(base, ["search.depth=9"]).settings.search.depth == 9
    assert override(base, []) == base
    assert "ask.limit=5" in names(Settings())
    assert not [name for name in names(Settings()) if name.startswith(("reading", "ingest"))]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("reranked", "got 'reranked', expected name=value"),
        ("reranked=", "expected name=value"),
        ("reranked=2.5", "reranked is '2.5', expected a whole number"),
        ("lexical_weight=much", "lexical_weight is 'much', expected a number"),
        ("understand=perhaps", "expected true or false"),
        ("rerank=3", "no setting is called 'rerank' .*reranked"),
        ("max_bytes=3", "no setting is called 'max_bytes'"),
    ],
)
def test_overrides_that_are_none(given: str, message: str) -> None:
    with pytest.raises(CitewellError, match=message):
        override(Choice(Settings()), [given])


def test_comparison_with_itself_finds_nothing(squad: Collection, tmp_path: Path) -> None:
    run = evaluate(squad, tmp_path / "cache")
    differences = compare(run, run)
    assert {item.measure for item in differences} > {"Recall@1", "first quote", "any quote"}
    for item in differences:
        assert item.first == item.second
        assert item.paired is None or (item.paired.difference, item.paired.p) == (0.0, 1.0)


def test_comparison_needs_the_same_questions(squad: Collection, tmp_path: Path) -> None:
    run = evaluate(squad, tmp_path / "cache")
    other = replace(run, outcomes=run.outcomes[::-1])
    with pytest.raises(ValueError, match="the two runs asked other questions"):
        compare(run, other)


# ---- the report --------------------------------------------------------------------------


def test_misses_name_what_was_shown(squad: Collection, tmp_path: Path) -> None:
    run = evaluate(hide_half(squad), tmp_path / "cache")
    missed = [outcome for outcome in run.outcomes if is_miss(outcome)]
    told = list(miss_lines(run.outcomes))
    assert told[0] == f"{len(missed)} of 4 questions went wrong"
    for outcome in missed:
        assert any(outcome.question in line for line in told)


def test_text_report(squad: Collection, tmp_path: Path) -> None:
    run = evaluate(squad, tmp_path / "cache")
    told = list(report_lines(run, summarise(run)))
    assert told[0] == "facts.json (squad): 4 documents, 4 passages, 4 questions"
    assert any(line.split()[:1] == ["Recall@1"] and line.endswith("1.000") for line in told)
    assert not any("AUROC" in line for line in told)


def test_picture_is_svg_with_each_point_in_its_place() -> None:
    points = (RiskPoint(0.9, 0.5, 0.0), RiskPoint(0.1, 1.0, 0.25))
    picture = risk_coverage_svg([Curve("A & <b>", points), Curve("B", points[:1])], "x < y")
    root = ElementTree.fromstring(picture)
    space = {"svg": "http://www.w3.org/2000/svg"}
    (line,) = root.findall("svg:polyline", space)
    # 64 … 616 across, 364 (risk 0) … 44 (the axis' end, .25) upwards.
    assert line.get("points") == "340.0,364.0 616.0,44.0"
    (dot,) = root.findall("svg:circle", space)
    assert (dot.get("cx"), dot.get("cy")) == ("340.0", "364.0")
    words = [text.text for text in root.findall("svg:text", space)]
    assert {"A & <b>", "B", "x < y", "0.25", "100%"} <= set(words)


def test_picture_without_risk_and_without_points() -> None:
    ElementTree.fromstring(risk_coverage_svg([Curve("A", (RiskPoint(1, 1.0, 0.0),))], "t"))
    ElementTree.fromstring(risk_coverage_svg([Curve("A", (RiskPoint(1, 1.0, 1.0),))], "t"))
    with pytest.raises(ValueError, match="no curve has a point"):
        risk_coverage_svg([Curve("A", ())], "t")


# ---- the command -------------------------------------------------------------------------


def parse(*arguments: str) -> argparse.Namespace:
    words = ["eval", *arguments]
    return build_parser(words).parse_args(words)


def test_command_on_a_collection(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, picture = write_squad(tmp_path / "facts.json"), tmp_path / "curve.svg"
    options = ("--hide-half", "--misses", "--compare", "lexical_weight=0", "--picture")
    given = parse(str(path), *options, str(picture), "--cache", str(tmp_path / "cache"), "--json")
    assert run_eval(given, ENCODER) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"run", "compared", "comparison"}
    assert data["run"]["questions"] == data["compared"]["questions"] == 4
    assert (data["run"]["setting"], data["compared"]["setting"]) == ("as set", "lexical_weight=0")
    assert data["run"]["auroc"] == 1.0
    assert isinstance(data["run"]["misses"], list)
    assert {row["measure"] for row in data["comparison"]} >= {"nDCG@10", "AUROC"}
    ElementTree.parse(picture)


def test_command_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_squad(tmp_path / "facts.json")
    assert run_eval(parse(str(path), "--limit-questions", "2", "--misses"), ENCODER) == 0
    out = capsys.readouterr().out
    assert out.startswith("facts.json (squad): 4 documents, 4 passages, 2 questions\n")
    assert "questions went wrong" in out


def own_questions(tmp_path: Path) -> tuple[Path, Path]:
    files = tmp_path / "papers"
    files.mkdir()
    for title, text in FACTS.items():
        (files / f"{title.lower()}.txt").write_text(text, encoding="utf-8")
    entries = [
        {"question": ASKED["Trams"][0], "expected": "two crowns", "source": "trams.txt"},
        {
            "question": ASKED["Otters"][0],
            "expected": "Wardens counted nineteen of them last spring",
        },
        {"question": "Who invented the helicopter?", "expected": None},
    ]
    return write(tmp_path / "q.json", entries), files


def test_command_on_own_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions, files = own_questions(tmp_path)
    with qa.open(tmp_path / "library", encoder=ENCODER) as library:
        library.add(files)
    given = parse(str(questions), "--library", str(tmp_path / "library"), "--json", "--misses")
    assert run_eval(given, ENCODER) == 0
    data = json.loads(capsys.readouterr().out)["run"]
    assert (data["documents"], data["questions"], data["unanswerable"]) == (4, 3, 1)
    assert data["retrieval"]["Recall@1"] == 1.0
    given = parse(str(questions), "--documents", str(files), "--json", "--misses")
    assert run_eval(given, ENCODER) == 0
    again = json.loads(capsys.readouterr().out)["run"]
    for run in (data, again):
        del run["p50_ms"], run["p95_ms"]
    assert again == data


def test_own_question_about_a_source_that_is_not_there(tmp_path: Path) -> None:
    questions, files = own_questions(tmp_path)
    (files / "trams.txt").unlink()
    given = parse(str(questions), "--documents", str(files))
    with pytest.raises(UnknownSource, match=r"question 1: .*trams\.txt"):
        run_eval(given, ENCODER)


def test_remarks_go_to_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = beir(tmp_path / "wet", qrels="q1\ta\t1\nq1\tgone\t1\n")
    assert run_eval(parse(str(folder)), ENCODER) == 0
    told = capsys.readouterr()
    assert told.err == "qa: wet: 1 judgements name documents that the corpus does not have\n"


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_number_of_questions_that_is_none(number: str) -> None:
    with pytest.raises(SystemExit):
        parse("x", "--limit-questions", number)
