"""Calibration: the fit against an independent optimiser, the file, the precedence, the command."""

from __future__ import annotations

import argparse
import json
import math
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import qa
from qa.answer.calibration_file import (
    CALIBRATION_FILE,
    Calibration,
    evidence_settings,
    read_calibration,
    remove_calibration,
    write_calibration,
)
from qa.answer.verdict import Evidence
from qa.cli.calibration import run_calibrate
from qa.cli.evaluation import run_eval
from qa.cli.main import build_parser, main
from qa.errors import CitewellError, LibraryDamaged, LibraryError, LibraryMismatch, LibraryMissing
from qa.evaluate.calibration import (
    FEWEST,
    FOLDS,
    Sample,
    fit,
    fit_evidence,
    fit_logistic,
    measure,
    probabilities,
)
from qa.evaluate.collections import load_collection
from qa.evaluate.collections.collection import hidden_halves
from qa.evaluate.run import groups
from qa.records import Verdict
from qa.settings import EvidenceSettings, Settings
from tests.evaluate.test_collections import MEETING, lines, write
from tests.support.hashing_encoder import HashingEncoder

ENCODER = HashingEncoder()
CALIBRATION = Calibration(
    EvidenceSettings(1.5, -2.0, 3.25, -4.0, answered=0.75, weak=0.25), "made.json", 30, 40, "1"
)


# ---- the fit ---------------------------------------------------------------------------------


def reference(features: Any, positive: Any, ridge: float) -> Any:
    """The same loss minimised by SciPy, from the definition and without its derivatives' form."""
    optimize = pytest.importorskip("scipy.optimize")
    mean, scale = features.mean(axis=0), features.std(axis=0)
    columns = (features - mean) / scale
    share = {True: positive.mean(), False: 1 - positive.mean()}
    sizes = np.array([0.5 / share[bool(label)] for label in positive])

    def loss(at: Any) -> float:
        logits = columns @ at[:-1] + at[-1]
        losses = np.where(positive, np.logaddexp(0, -logits), np.logaddexp(0, logits))
        return float((sizes * losses).sum() + ridge / 2 * (at[:-1] ** 2).sum())

    found = optimize.minimize(loss, np.zeros(features.shape[1] + 1), method="BFGS", tol=1e-10)
    weights = found.x[:-1] / scale
    return np.append(weights, found.x[-1] - weights @ mean)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("apart", [0.0, 1.0, 30.0])
def test_fit_is_the_minimum_that_another_optimiser_finds(seed: int, apart: float) -> None:
    """Classes that overlap, that mix, and that are far apart; one far rarer than the other."""
    generator = np.random.default_rng(seed)
    positive = generator.random(150) < 0.2
    features = generator.normal(size=(150, 3)) * [0.1, 1, 10] + [0.5, 0, -3]
    features += apart * positive[:, None] * [0.1, 0.3, 0]
    fitted = fit_logistic(features, positive, ridge=0.7)
    expected = reference(features, positive, ridge=0.7)
    assert fitted == pytest.approx(expected, rel=2e-3, abs=2e-3)


def test_fit_agrees_with_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    generator = np.random.default_rng(5)
    features = generator.normal(size=(80, 2))
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    positive = features[:, 0] + generator.normal(size=80) > 0.4
    other = linear_model.LogisticRegression(C=1.0, class_weight="balanced", tol=1e-10)
    other.fit(features, positive)
    expected = [*other.coef_[0], other.intercept_[0]]
    assert fit_logistic(features, positive, ridge=1.0) == pytest.approx(expected, abs=1e-5)


def test_fit_gets_back_the_constants_that_data_was_drawn_from() -> None:
    generator = np.random.default_rng(0)
    features = generator.normal(size=(60_000, 2))
    logits = 2 * features[:, 0] - 1 * features[:, 1]
    positive = generator.random(60_000) < 1 / (1 + np.exp(-logits))
    assert fit_logistic(features, positive) == pytest.approx([2, -1, 0], abs=0.05)


def test_classes_wholly_apart_and_features_that_never_vary() -> None:
    features = np.array([[0.1, 0.3]] * 5 + [[0.9, 0.3]] * 5)
    weight, constant, intercept = fit_logistic(features, np.array([False] * 5 + [True] * 5))
    assert constant == 0.0
    assert 0 < weight < 100
    assert weight * 0.5 + intercept == pytest.approx(0, abs=1e-9)


def test_one_kind_repeated_changes_nothing() -> None:
    """Half of all questions count as answerable, however many there are."""
    features = np.array([[0.0], [1.0], [2.0], [0.5], [1.5], [3.0]])
    positive = np.array([False, False, False, True, True, True])
    # The same mean and deviation: twice as many of each value, though of one class more.
    repeated = np.concatenate([features, features])
    labels = np.concatenate([positive, positive])
    once = fit_logistic(features, positive, ridge=1.0)
    assert fit_logistic(repeated, labels, ridge=2.0) == pytest.approx(once, abs=1e-9)
    balanced = fit_logistic(np.array([[0.0]] * 9 + [[1.0]]), np.array([False] * 9 + [True]), 1e-9)
    assert balanced[0] / 2 + balanced[1] == pytest.approx(0, abs=1e-3)


def test_what_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="of one kind"):
        fit_logistic(np.zeros((3, 1)), np.array([True, True, True]))
    with pytest.raises(ValueError, match="not finite"):
        fit_logistic(np.array([[math.nan], [1.0]]), np.array([False, True]))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(-1e-6, 1), st.booleans()), min_size=2, max_size=30
    )
)
@example([(0.0, 0.0, True), (0.0, 1e-200, False)])  # its square is 0
def test_fit_is_always_finite(rows: list[tuple[float, float, bool]]) -> None:
    positive = np.array([row[2] for row in rows])
    if positive.any() and not positive.all():
        features = np.array([row[:2] for row in rows])
        assert np.isfinite(fit_logistic(features, positive)).all()


def drawn(count: int, seed: int = 3, articles: int = 12) -> list[Sample]:
    """Samples whose evidence is better where there is an answer."""
    generator = np.random.default_rng(seed)
    found = []
    for at in range(count):
        answerable = bool(generator.random() < 0.5)
        values = generator.normal([0.6, 0.7, 0.5] if answerable else [0.4, 0.5, 0.3], 0.12)
        evidence = Evidence(*(float(value) for value in values))
        found.append(Sample(f"article {at % articles}", answerable, answerable, evidence))
    return found


def test_out_of_sample_probabilities_come_from_the_other_parts() -> None:
    """By a slow way round: leave out the articles of each fold in turn."""
    samples = drawn(200)
    got = fit(samples, EvidenceSettings())
    assert (got.by_group, got.folds) == (True, FOLDS)
    assert got.evidence == fit_evidence(samples, EvidenceSettings())
    # An article's questions never have a say in their own probabilities.
    spoilt = [
        replace(sample, answerable=not sample.answerable) if sample.group == "article 4" else sample
        for sample in samples
    ]
    assert fit(spoilt, EvidenceSettings()).performance.auroc < got.performance.auroc
    assert 0.9 < got.performance.auroc < 1
    both = got.performance.verdicts, got.performance.verdicts_unanswerable
    assert [sum(counts.values()) for counts in both] == [
        sum(sample.answerable for sample in samples),
        sum(not sample.answerable for sample in samples),
    ]


def test_noise_is_not_learnt_out_of_sample() -> None:
    """Evidence that says nothing: in the sample it fits a little, out of it not at all."""
    generator = np.random.default_rng(1)
    samples = [
        Sample(f"a{at}", at % 2 == 0, True, Evidence(*map(float, generator.normal(size=3))))
        for at in range(60)
    ]
    model = fit_evidence(samples, EvidenceSettings())
    inside = measure(samples, probabilities(samples, model), model).auroc
    assert inside > 0.55
    assert fit(samples, EvidenceSettings()).performance.auroc < inside


def test_articles_are_split_where_too_few_would_leave_one_kind() -> None:
    one_article = drawn(100, articles=1)
    assert fit(one_article, EvidenceSettings()).by_group is False
    by_kind = [replace(s, group=f"of kind {s.answerable}") for s in drawn(100)]
    assert fit(by_kind, EvidenceSettings()).by_group is False


def test_too_few_questions_of_a_kind() -> None:
    samples = [s for s in drawn(200) if s.answerable][: FEWEST - 1]
    samples += [s for s in drawn(200) if not s.answerable]
    with pytest.raises(CitewellError, match=f"{FEWEST - 1} questions with an answer and"):
        fit(samples, EvidenceSettings())


def test_nothing_found_is_no_answer() -> None:
    samples = [*drawn(100), Sample("none", False, False, None)]
    got = fit(samples, EvidenceSettings())
    assert got.evidence == fit_evidence(samples[:-1], EvidenceSettings())
    assert probabilities(samples, got.evidence)[-1] == 0.0
    assert got.performance.verdicts_unanswerable[Verdict.NOT_FOUND] >= 1


# ---- the file --------------------------------------------------------------------------------


def test_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) is None
    assert write_calibration(tmp_path, CALIBRATION) == tmp_path / CALIBRATION_FILE
    assert read_calibration(tmp_path) == CALIBRATION
    assert [path.name for path in tmp_path.iterdir()] == [CALIBRATION_FILE]
    assert evidence_settings(tmp_path, "1") == CALIBRATION.evidence
    assert (remove_calibration(tmp_path), remove_calibration(tmp_path)) == (True, False)
    assert evidence_settings(tmp_path, "1") == EvidenceSettings()


def changed(part: str | None, name: str, value: Any) -> str:
    data = {
        "version": 1,
        "model": {"interaction": 1, "coverage": 2, "dense": 3, "intercept": -4.5},
        "verdicts": {"answered": 0.5, "weak": 0.1},
        "fitted": {"collection": "c", "answerable": 1, "unanswerable": 2, "encoder": "1"},
    }
    (data if part is None else data[part])[name] = value  # type: ignore[index]
    return json.dumps(data)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 50_000, "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "version None, expected 1"),
        (" " * 70_000, "more than 65,536 bytes"),
        (changed(None, "version", 2), "version 2, expected 1"),
        (changed(None, "model", 7), "'model' should have exactly interaction, coverage"),
        (changed("model", "margin", 1.0), "'model' should have exactly interaction, coverage"),
        (changed("model", "dense", math.nan), "dense is nan, expected a finite number"),
        (changed("model", "dense", math.inf), "dense is inf, expected a finite number"),
        (changed("model", "dense", 10**400), "expected a finite number"),
        (changed("model", "dense", True), "dense is True, expected a finite number"),
        (changed("model", "dense", "3"), "dense is '3', expected a finite number"),
        (changed("verdicts", "weak", 0.6), "weak is 0.6 and answered 0.5, expected 0 ≤ weak"),
        (changed("verdicts", "answered", 1.5), "expected 0 ≤ weak ≤ answered ≤ 1"),
        (changed(None, "fitted", None), "'fitted' should have exactly collection"),
        (changed("fitted", "answerable", "many"), "answerable is 'many', expected a number"),
    ],
)
def test_damaged_file(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(LibraryDamaged) as error:
        read_calibration(tmp_path)
    assert told in str(error.value)
    assert CALIBRATION_FILE in str(error.value)
    assert "qa calibrate --reset" in str(error.value)
    assert len(str(error.value)) < 1000


def test_file_of_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / CALIBRATION_FILE).write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(LibraryDamaged, match="not JSON"):
        read_calibration(tmp_path)


def test_what_would_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    wrong = replace(CALIBRATION, evidence=EvidenceSettings(interaction=math.nan))
    with pytest.raises(ValueError, match="interaction is nan"):
        write_calibration(tmp_path, wrong)
    with pytest.raises(LibraryError, match="can't be written"):
        write_calibration(tmp_path / "nowhere", CALIBRATION)
    assert list(tmp_path.iterdir()) == []


# ---- whose constants a library uses ------------------------------------------------------------

# Probabilities that no evidence changes, to see at once which constants were used.
SURE = EvidenceSettings(0, 0, 0, 100.0)
UNSURE = EvidenceSettings(0, 0, 0, -100.0)


@pytest.fixture
def library_with_a_bridge(tmp_path: Path) -> Path:
    (tmp_path / "orlith.txt").write_text("The Orlith bridge was opened in 1931.", encoding="utf-8")
    with qa.open(tmp_path / "library", encoder=ENCODER) as library:
        library.add(tmp_path / "orlith.txt")
    return tmp_path / "library"


def verdict(folder: Path, evidence: EvidenceSettings | None = None) -> Verdict:
    with qa.open(folder, settings=Settings(evidence=evidence), encoder=ENCODER) as library:
        return library.ask("When was the Orlith bridge opened?").verdict


def test_given_constants_then_the_librarys_own_then_the_default(
    library_with_a_bridge: Path,
) -> None:
    folder = library_with_a_bridge
    default = verdict(folder, EvidenceSettings())
    assert verdict(folder) is default
    write_calibration(folder, replace(CALIBRATION, evidence=UNSURE))
    assert verdict(folder) is Verdict.NOT_FOUND
    assert verdict(folder, SURE) is Verdict.ANSWERED
    # The default, when it is asked for, is a choice like any other.
    assert verdict(folder, EvidenceSettings()) is default
    write_calibration(folder, replace(CALIBRATION, evidence=SURE))
    assert verdict(folder) is Verdict.ANSWERED


def test_saved_constants_hold_from_the_next_question_on(library_with_a_bridge: Path) -> None:
    with qa.open(library_with_a_bridge, encoder=ENCODER) as library:
        write_calibration(library_with_a_bridge, replace(CALIBRATION, evidence=UNSURE))
        assert library.ask("Orlith bridge").verdict is Verdict.NOT_FOUND
        write_calibration(library_with_a_bridge, replace(CALIBRATION, evidence=SURE))
        assert library.ask("Orlith bridge").verdict is Verdict.ANSWERED


def test_constants_of_another_model_are_refused(library_with_a_bridge: Path) -> None:
    write_calibration(library_with_a_bridge, replace(CALIBRATION, encoder="2"))
    with pytest.raises(LibraryMismatch, match="fitted with another model"):
        verdict(library_with_a_bridge)


def test_damaged_constants_stop_answers_and_nothing_else(library_with_a_bridge: Path) -> None:
    (library_with_a_bridge / CALIBRATION_FILE).write_text("{}", encoding="utf-8")
    with qa.open(library_with_a_bridge, encoder=ENCODER) as library:
        with pytest.raises(LibraryDamaged, match="qa calibrate --reset"):
            library.ask("Orlith bridge")
        assert library.find("Orlith").count == 1
        assert library.rank("Orlith bridge")


def test_evidence_is_what_the_answer_was_judged_by(library_with_a_bridge: Path) -> None:
    with qa.open(library_with_a_bridge, encoder=ENCODER) as library:
        found = library.evidence("When was the Orlith bridge opened?")
        assert found is not None
        answer = library.ask("When was the Orlith bridge opened?")
        assert found.probability(EvidenceSettings()) == answer.evidence
        assert found.coverage == 1.0


# ---- collections -------------------------------------------------------------------------------

TOPICS = "bridge bakery tram otter canal lantern orchard ferry mill school".split()
NAMES = "Orlith Halse Brenna Corvik Dunmar Elsin Farrow Gantel".split()


def write_topics(path: Path, *, impossible: bool = False) -> Path:
    """Ten articles of eight paragraphs, with a question to each."""
    data = []
    for topic in TOPICS:
        paragraphs = []
        for number, name in enumerate(NAMES):
            context = f"The {topic} of {name} was opened in {1900 + number}. It cost {name} much."
            qas: dict[str, Any] = {
                "id": f"{topic} {name}",
                "question": f"When was the {topic} of {name} opened?",
                "answers": [{"text": str(1900 + number), "answer_start": context.index("19")}],
            }
            if impossible and number % 2:
                qas |= {
                    "question": f"Why do penguins of {number} dislike jazz?",
                    "is_impossible": True,
                    "answers": [],
                }
            paragraphs.append({"context": context, "qas": [qas]})
        data.append({"title": topic, "paragraphs": paragraphs})
    return write(path, {"data": data})


def test_articles_of_questions(tmp_path: Path) -> None:
    collection = load_collection(write_topics(tmp_path / "t.json"))
    found = groups(collection)
    assert found["tram Halse", "When was the tram of Halse opened?"] == "tram"
    halves = hidden_halves(collection, 3)
    assert not collection.has_unanswerable
    assert len({tuple(d.id for s in half.subsets for d in s.documents) for half in halves}) == 3
    for half in halves:
        # Hidden or not, a question is about the same article.
        assert groups(half).keys() == found.keys()
        assert sum(question.answerable for question in half.questions) == 40
    meeting = load_collection(write(tmp_path / "m.jsonl", lines(MEETING)))
    turn = next(q for q in meeting.questions if q.relevant)
    assert groups(meeting)[turn.id, turn.text] == meeting.subsets[0].documents[0].group


def test_questions_without_a_document_are_alone(tmp_path: Path) -> None:
    path = write_topics(tmp_path / "t.json", impossible=True)
    found = groups(load_collection(path))
    assert sum(name.startswith("question ") for name in found.values()) == 40


# ---- the command -------------------------------------------------------------------------------


def parse(*arguments: str) -> argparse.Namespace:
    return build_parser(arguments).parse_args(arguments)


def calibrate(*arguments: object) -> int:
    return run_calibrate(parse("calibrate", *map(str, arguments)), ENCODER)


@pytest.mark.parametrize("impossible", [False, True])
def test_command_fits_and_draws_and_saves_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    impossible: bool,
    library_with_a_bridge: Path,
) -> None:
    path = write_topics(tmp_path / "topics.json", impossible=impossible)
    where = ("--library", library_with_a_bridge, "--cache", tmp_path / "cache")
    picture = tmp_path / "curve.svg"
    assert calibrate(path, *where, "--json", "--splits", 2, "--picture", picture) == 0
    data = json.loads(capsys.readouterr().out)
    asked = (data["hidden_halves"], data["answerable"], data["unanswerable"])
    assert asked == ((0, 40, 40) if impossible else (2, 80, 80))
    fitted = data["fitted"]["out_of_sample"]
    assert data["in_use"]["own"] is False
    assert data["in_use"]["constants"]["interaction"] == EvidenceSettings().interaction
    assert fitted["articles_kept_whole"] is True
    assert fitted["auroc"] > 0.9
    for kind in ("answerable", "unanswerable"):
        assert sum(fitted["verdicts"][kind].values()) == pytest.approx(1)
    assert data["saved"] is None
    assert not (library_with_a_bridge / CALIBRATION_FILE).exists()
    space = {"svg": "http://www.w3.org/2000/svg"}
    words = {t.text for t in ElementTree.parse(picture).getroot().findall("svg:text", space)}
    assert {"in use", "fitted, out of sample"} <= words


def test_command_saves_and_resets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], library_with_a_bridge: Path
) -> None:
    path = write_topics(tmp_path / "topics.json", impossible=True)
    where = ("--library", library_with_a_bridge)
    assert calibrate(path, *where, "--save", "--answered", 0.6, "--weak", 0.3) == 0
    out = capsys.readouterr().out
    assert "AUROC, answerable told from unanswerable" in out
    assert f"saved: {library_with_a_bridge / CALIBRATION_FILE}" in out
    own = read_calibration(library_with_a_bridge)
    assert own is not None
    assert (own.collection, own.answerable, own.unanswerable) == ("topics.json", 40, 40)
    assert (own.encoder, own.evidence.answered, own.evidence.weak) == ("1", 0.6, 0.3)
    with qa.open(library_with_a_bridge, encoder=ENCODER) as library:
        found = library.evidence("Orlith bridge")
        assert found is not None
        assert library.ask("Orlith bridge").evidence == found.probability(own.evidence)
    # What is in use is now the library's own, and so are its thresholds.
    assert calibrate(path, *where, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["in_use"]["own"], data["in_use"]["constants"]["answered"]) == (True, 0.6)
    assert data["fitted"]["constants"]["answered"] == 0.6
    assert main(["calibrate", "--reset", "--library", str(library_with_a_bridge)]) == 0
    assert "uses the default constants again" in capsys.readouterr().out
    assert calibrate("--reset", *where, "--json") == 0
    assert json.loads(capsys.readouterr().out)["removed"] is False


def test_command_on_own_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], library_with_a_bridge: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    entries: list[dict[str, str | None]] = []
    for topic in TOPICS:
        said = [f"The {topic} of {name} was opened by {name} the {topic}er." for name in NAMES[:3]]
        (texts / f"{topic}.txt").write_text("\n\n".join(said), encoding="utf-8")
        for text, name in zip(said, NAMES, strict=False):
            question = f"Who opened the {topic} of {name}?"
            entries.append({"question": question, "expected": text, "source": f"{topic}.txt"})
        for month in ("May", "June", "July"):
            question = f"Why do penguins dislike jazz in {month} {topic.upper()}?"
            entries.append({"question": question, "expected": None})
    questions = write(tmp_path / "q.json", entries)
    with qa.open(library_with_a_bridge, encoder=ENCODER) as library:
        library.add(texts)
    where = ("--library", library_with_a_bridge, "--json")
    assert calibrate(questions, *where, "--save") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["answerable"], data["unanswerable"]) == (30, 30)
    assert data["fitted"]["out_of_sample"]["auroc"] > 0.9
    # An evaluation of the library uses them; settings that are changed change these.
    own = read_calibration(library_with_a_bridge)
    assert own is not None
    write_calibration(library_with_a_bridge, replace(own, evidence=SURE))
    compared = ("--compare", "evidence.interaction=0.5")
    assert run_eval(parse("eval", str(questions), *map(str, where), *compared), ENCODER) == 0
    data = json.loads(capsys.readouterr().out)
    for run in (data["run"], data["compared"]):
        assert run["verdicts"]["answered"] == 30


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no collection is given"),
        (("--reset", "x.json"), "give it no collection"),
        (("{topics}", "--limit-questions", "10", "--library", "{empty}"), "takes at least 20"),
        (("{topics}", "--answered", "0.2", "--weak", "0.5"), "expected weak not to be above"),
        (("{own}", "--library", "{bridge}"), "no question without an answer"),
        (("{own}", "--hide-half", "--library", "{bridge}"), "no question without an answer"),
    ],
)
def test_what_cannot_be_calibrated(
    tmp_path: Path, library_with_a_bridge: Path, arguments: tuple[str, ...], told: str
) -> None:
    own = [{"question": "When was it opened?", "expected": "opened in 1931"}]
    places = {
        "topics": write_topics(tmp_path / "topics.json"),
        "own": write(tmp_path / "own.json", own),
        "empty": tmp_path / "empty",
        "bridge": library_with_a_bridge,
    }
    with pytest.raises(CitewellError, match=told):
        calibrate(*(argument.format(**places) for argument in arguments))


def test_saving_needs_a_library_of_the_same_model(
    tmp_path: Path, library_with_a_bridge: Path
) -> None:
    path = write_topics(tmp_path / "topics.json")
    with pytest.raises(LibraryMissing, match="no library in"):
        calibrate(path, "--save", "--library", tmp_path / "empty")
    given = parse("calibrate", str(path), "--save", "--library", str(library_with_a_bridge))
    with pytest.raises(LibraryMismatch):
        run_calibrate(given, HashingEncoder(revision="2"))


@pytest.mark.parametrize("value", ["2", "-0.1", "nan", "half"])
def test_a_probability_that_is_none(value: str) -> None:
    with pytest.raises(SystemExit):
        parse("calibrate", "x", f"--answered={value}")
