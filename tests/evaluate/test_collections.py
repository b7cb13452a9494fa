"""Reading evaluation collections: exact records from small files, and clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import ReadError
from qa.evaluate.building import give_structure
from qa.evaluate.collections import detect_format, load_collection
from qa.evaluate.collections.collection import (
    CollectionFormat,
    GoldSpan,
    GoldText,
    Rule,
    hide_half,
    sample_questions,
)
from qa.records import TurnKind
from qa.sample import questions as sample_questions_file
from tests.support.corpora import SHARED


def write(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def lines(*values: object) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


# ---- BEIR --------------------------------------------------------------------------------


def beir(folder: Path, *, qrels: str = "query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\tb\t0\n") -> Path:
    write(
        folder / "corpus.jsonl",
        lines(
            {"_id": "a", "title": "On rain", "text": "It rains. It pours."},
            {"_id": "b", "text": "Sun."},
            {"_id": 3, "title": "", "text": ""},
        ),
    )
    write(
        folder / "queries.jsonl", lines({"_id": "q1", "text": "Wet?"}, {"_id": "q2", "text": "No"})
    )
    write(folder / "qrels" / "test.tsv", qrels)
    return folder


def test_beir(tmp_path: Path) -> None:
    collection = load_collection(beir(tmp_path / "wet"))
    assert (collection.name, collection.format) == ("wet", CollectionFormat.BEIR)
    (subset,) = collection.subsets
    first = subset.documents[0]
    assert [document.id for document in subset.documents] == ["a", "b", "3"]
    assert (first.title, first.text) == ("On rain", "On rain\n\nIt rains. It pours.")
    assert first.text[first.body :] == "It rains. It pours."
    (question,) = subset.questions
    assert (question.id, question.text, dict(question.relevant)) == ("q1", "Wet?", {"a": 2})


def test_beir_splits(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    write(folder / "qrels" / "dev.tsv", "q2\tb\t1\n")
    assert load_collection(folder).questions[0].id == "q1"
    assert load_collection(folder, split="dev").questions[0].id == "q2"
    with pytest.raises(ReadError, match=r"no qrels/train\.tsv; there is: dev, test"):
        load_collection(folder, split="train")
    (folder / "qrels" / "test.tsv").rename(folder / "qrels" / "train.tsv")
    with pytest.raises(ReadError, match="several sets of judgements"):
        load_collection(folder)


def test_beir_says_what_it_could_not_use(tmp_path: Path) -> None:
    collection = load_collection(beir(tmp_path, qrels="q1\ta\t1\nq1\tgone\t1\nq9\ta\t1\n"))
    assert collection.remarks == (
        "1 judgements name documents that the corpus does not have",
        "1 judged queries are not among the queries",
    )


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("q1 a 1\n", "line 1: got 'q1 a 1', expected query, document and a whole number"),
        ("q1\ta\thigh\n", "line 1"),
        ("q9\ta\t1\n", "no query has a relevant document"),
    ],
)
def test_beir_judgements_that_are_none(tmp_path: Path, qrels: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        load_collection(beir(tmp_path, qrels=qrels))


@pytest.mark.parametrize(
    ("corpus", "message"),
    [
        ("", "the corpus is empty"),
        ('{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}\n', "line 2: the document 'a' is"),
        ('{"_id": "a"}\n', "line 1: 'text' is nothing, expected a string"),
        ('{"_id": "a", "text": ["x"]}\n', "line 1: 'text' is a list, expected a string"),
        ("[1]\n", "line 1: got a list, expected a JSON object"),
        ('{"_id": "a", "text"\n', "line 1: not JSON"),
        ("[" * 100_000, "line 1: (not JSON|JSON nested too deeply)"),
    ],
)
def test_beir_corpus_that_is_none(tmp_path: Path, corpus: str, message: str) -> None:
    folder = beir(tmp_path)
    write(folder / "corpus.jsonl", corpus)
    with pytest.raises(ReadError, match=message):
        load_collection(folder)


def test_a_folder_that_is_no_collection(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="expected a BEIR folder"):
        load_collection(tmp_path)
    with pytest.raises(ReadError, match="No such file"):
        load_collection(tmp_path / "nothing.json")


# ---- SQuAD -------------------------------------------------------------------------------

CONTEXT = "The 😀 ferry holds 40 cars. A second ferry holds 60 cars."


def answer(text: str, start: int) -> dict[str, object]:
    return {"text": text, "answer_start": start}


def squad(path: Path, *questions: dict[str, object]) -> Path:
    paragraph = {"context": CONTEXT, "qas": list(questions)}
    return write(path, {"version": "2.0", "data": [{"title": "A_b", "paragraphs": [paragraph]}]})


def test_squad(tmp_path: Path) -> None:
    path = squad(
        tmp_path / "s.json",
        {
            "id": "1",
            "question": "How many?",
            "answers": [answer("40 cars", 18), answer("40 cars", 18), answer("40", 18)],
        },
        {"id": "2", "question": "How fast?", "answers": [], "is_impossible": True},
        # The offset is wrong; the second "cars" is the nearer.
        {"id": "3", "question": "What?", "answers": [answer("cars", 49)]},
        {"id": "4", "question": "Who?", "answers": [answer("nobody", 0)]},
    )
    collection = load_collection(path)
    (subset,) = collection.subsets
    (document,) = subset.documents
    assert (document.id, document.title, document.text) == ("paragraph-1", "A b", CONTEXT)
    one, two, three = subset.questions
    assert one.gold == (
        GoldSpan("paragraph-1", 18, 25, Rule.HOLDS),
        GoldSpan("paragraph-1", 18, 20, Rule.HOLDS),
    )
    assert CONTEXT[18:25] == "40 cars"
    assert (two.answerable, dict(two.relevant), two.gold) == (False, {}, ())
    (gold,) = three.gold
    assert isinstance(gold, GoldSpan)
    assert (gold.start, gold.end) == (51, 55)
    assert collection.remarks == (
        "1 answers stand elsewhere than their answer_start says",
        "1 questions left out: no answer occurs in its paragraph",
    )


def test_squad_paragraph_twice_is_one_document(tmp_path: Path) -> None:
    def paragraph(id_: str) -> dict[str, object]:
        return {
            "context": CONTEXT,
            "qas": [{"id": id_, "question": "?", "answers": [answer("40", 18)]}],
        }

    articles = [{"paragraphs": [paragraph("1")]}, {"paragraphs": [paragraph("2")]}]
    (subset,) = load_collection(write(tmp_path / "s.json", {"data": articles})).subsets
    assert len(subset.documents) == 1
    assert [dict(question.relevant) for question in subset.questions] == [{"paragraph-1": 1}] * 2


def test_squad_keeps_offsets_where_it_replaces(tmp_path: Path) -> None:
    paragraph = {
        "context": "a\u0000\ud800b forty",
        "qas": [{"id": "1", "question": "?", "answers": [answer("forty", 5)]}],
    }
    path = write(tmp_path / "s.json", {"data": [{"title": "t", "paragraphs": [paragraph]}]})
    (subset,) = load_collection(path).subsets
    assert subset.documents[0].text == "a\ufffd\ufffdb forty"
    assert subset.questions[0].gold == (GoldSpan("paragraph-1", 5, 10, Rule.HOLDS),)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"data": 3}, "'data' is 3, expected a list"),
        ({"data": []}, "no questions in it"),
        ({"data": [{"paragraphs": [{}]}]}, r"data\[0\]\.paragraphs\[0\]: 'context' is nothing"),
        (
            {"data": [{"paragraphs": [{"context": "x", "qas": ["?"]}]}]},
            r'qas\[0\]: got "\?", expected a JSON object',
        ),
    ],
)
def test_squad_that_is_none(tmp_path: Path, value: object, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        load_collection(write(tmp_path / "s.json", value))


def test_squad_answer_without_a_place(tmp_path: Path) -> None:
    path = squad(tmp_path / "s.json", {"id": "1", "question": "?", "answers": [{"text": "40"}]})
    with pytest.raises(ReadError, match=r"answers\[0\]: 'answer_start' is nothing, expected a wh"):
        load_collection(path)


def test_squad_question_twice(tmp_path: Path) -> None:
    question: dict[str, object] = {"id": "1", "question": "?", "answers": [answer("40", 18)]}
    with pytest.raises(ReadError, match="the question '1' is there twice"):
        load_collection(squad(tmp_path / "s.json", question, question))


# ---- QMSum -------------------------------------------------------------------------------

MEETING = {
    "meeting_transcripts": [
        {"speaker": "The Chair (Hon. Mara Voss (Northbank, Ind.))", "content": "I open it."},
        {"speaker": "Hon. Ilya Brandt (Minister of Ports)", "content": " The dock is closed. "},
        {"speaker": "The Chair", "content": ""},
        {"speaker": "Mr. Brandt", "content": "It reopens in May."},
        {"speaker": "PhD F", "content": "Good."},
    ],
    "specific_query_list": [
        {"query": "What of the dock?", "relevant_text_span": [["1", "1"], ["3", "99999999999"]]},
        {"query": "Nothing?", "relevant_text_span": [["77", "78"]]},
    ],
}


def test_qmsum(tmp_path: Path) -> None:
    collection = load_collection(write(tmp_path / "m.jsonl", lines(MEETING, MEETING)))
    assert collection.format is CollectionFormat.QMSUM
    assert [subset.name for subset in collection.subsets] == ["meeting-1", "meeting-2"]
    assert collection.remarks == ("2 queries left out: they name no turn that there is",)
    (document,) = collection.subsets[1].documents
    (question,) = collection.subsets[1].questions
    words = [document.text[turn.start : turn.end] for turn in document.turns]
    assert words == ["I open it.", "The dock is closed.", "", "It reopens in May.", "Good."]
    assert list(question.relevant) == [f"meeting-2/turn-{number}" for number in (1, 3, 4)]
    spans = [gold for gold in question.gold if isinstance(gold, GoldSpan)]
    assert [document.text[gold.start : gold.end] for gold in spans] == [words[1], *words[3:]]
    assert {gold.rule for gold in spans} == {Rule.WITHIN}


def test_qmsum_speakers_are_read_as_from_a_transcript(tmp_path: Path) -> None:
    collection = load_collection(write(tmp_path / "m.jsonl", lines(MEETING)))
    given = give_structure(collection.subsets[0].documents[0])
    speech = [turn for turn in given.turns if turn.kind is TurnKind.SPEECH]
    assert [(turn.speaker, turn.role) for turn in speech] == [
        ("Mara Voss", "Chair"),
        ("Ilya Brandt", "Minister of Ports"),
        ("Ilya Brandt", "Minister of Ports"),
        ("PhD F", None),
    ]
    text = given.text.text
    labels = [text[t.start : t.end] for t in given.turns if t.kind is TurnKind.LABEL]
    assert labels[1] == "Hon. Ilya Brandt (Minister of Ports):"
    assert len(labels) == 5


def test_one_meeting_as_json(tmp_path: Path) -> None:
    collection = load_collection(write(tmp_path / "meeting.json", MEETING))
    assert collection.format is CollectionFormat.QMSUM
    assert len(collection.questions) == 1


@pytest.mark.parametrize("span", [["1"], "12", [["1", "x"]], [[1, 2, 3]], [None]])
def test_qmsum_spans_that_are_none(tmp_path: Path, span: object) -> None:
    meeting = {**MEETING, "specific_query_list": [{"query": "?", "relevant_text_span": span}]}
    with pytest.raises(ReadError, match="relevant_text_span"):
        load_collection(write(tmp_path / "m.jsonl", lines(meeting)))


# ---- own questions -----------------------------------------------------------------------


def test_own_questions_as_json(tmp_path: Path) -> None:
    path = write(
        tmp_path / "q.json",
        [
            {"question": "Who?", "expected": "The county paid.", "source": "a.txt"},
            {"question": "What?", "expected": ["One.", "Two."], "id": "w"},
            {"question": "Where?", "expected": None},
            {"question": "Which file?", "source": "b.txt"},
        ],
    )
    collection = load_collection(path)
    assert not collection.given_documents
    who, what, where, which = collection.questions
    assert who.gold == (GoldText("The county paid.", "a.txt"),)
    assert dict(who.relevant) == {"a.txt": 1}
    assert (what.id, what.gold) == ("w", (GoldText("One."), GoldText("Two.")))
    assert (where.answerable, where.gold) == (False, ())
    assert (which.answerable, which.gold, dict(which.relevant)) == (True, (), {"b.txt": 1})


@pytest.mark.parametrize("comma", [",", ";"])
def test_own_questions_as_csv(tmp_path: Path, comma: str) -> None:
    rows = (
        ("Question", "expected", "source"),
        ("Who?", '"He said ""no"", twice."', "a.txt"),
        ("What?", "", ""),
    )
    text = "\ufeff" + "".join(comma.join(row) + "\r\n" for row in rows)
    who, what = load_collection(write(tmp_path / "q.csv", text)).questions
    assert who.gold == (GoldText('He said "no", twice.', "a.txt"),)
    assert not what.answerable


def test_own_questions_as_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", lines({"question": "Who?", "expected": "He."}))
    assert load_collection(path).questions[0].gold == (GoldText("He."),)


def test_the_sample_questions() -> None:
    collection = load_collection(sample_questions_file())
    kinds = [question.answerable for question in collection.questions]
    assert (kinds.count(True), kinds.count(False)) == (44, 16)
    assert all(question.gold for question in collection.questions if question.answerable)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("q.json", [], "no questions in it"),
        ("q.json", {"questions": []}, "not a file of questions"),
        ("q.json", "3", "not a file of questions"),
        ("q.json", [{"question": "Who?"}], "'expected' is nothing, expected the words that answer"),
        ("q.json", [{"question": " ", "expected": "x"}], "expected words"),
        ("q.json", [{"question": "?", "expected": ["a", 3]}], "a list of alternative words"),
        ("q.json", [7], r"questions\[0\]: got 7"),
        ("q.json", "{nonsense", "not JSON: .* at line 1"),
        ("q.csv", "a,b\n1,2\n", "expected columns question, expected, source"),
        ("q.csv", "", "expected columns question, expected, source"),
        ("q.csv", 'question,expected\n"open,\n', "row"),
    ],
)
def test_own_questions_that_are_none(
    tmp_path: Path, name: str, value: object, message: str
) -> None:
    with pytest.raises(ReadError, match=message):
        load_collection(write(tmp_path / name, value))


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "q.json"
    path.write_bytes(b'[{"question": "\xff"}]')
    with pytest.raises(ReadError, match="not UTF-8 at byte 15"):
        load_collection(path)


def test_a_split_is_for_beir_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "q.json", [{"question": "?", "expected": "x"}])
    with pytest.raises(ReadError, match="a split is for BEIR folders; this is taken for questions"):
        load_collection(path, split="test")


def test_formats_are_told_apart(tmp_path: Path) -> None:
    assert detect_format(beir(tmp_path / "b")) is CollectionFormat.BEIR
    assert detect_format(squad(tmp_path / "s.json")) is CollectionFormat.SQUAD
    assert detect_format(write(tmp_path / "m.jsonl", lines(MEETING))) is CollectionFormat.QMSUM
    assert detect_format(sample_questions_file()) is CollectionFormat.QUESTIONS


# ---- hiding and sampling -----------------------------------------------------------------


def articles(path: Path, count: int) -> Path:
    data = []
    for number in range(count):
        context = f"Article {number} says {number * 7} things."
        start = context.index(f"{number * 7} things")
        question = {
            "id": str(number),
            "question": f"What says {number}?",
            "answers": [answer(f"{number * 7} things", start)],
        }
        data.append(
            {"title": f"A{number}", "paragraphs": [{"context": context, "qas": [question]}]}
        )
    return write(path, {"data": data})


def test_hiding_half_makes_half_unanswerable(tmp_path: Path) -> None:
    whole = load_collection(articles(tmp_path / "s.json", 10))
    half = hide_half(whole)
    (subset,) = half.subsets
    kept = {document.id for document in subset.documents}
    assert len(kept) == 5
    for before, after in zip(whole.questions, subset.questions, strict=True):
        assert before.text == after.text
        assert after.answerable is (set(before.relevant) <= kept)
        assert bool(after.gold) is after.answerable
    assert half == hide_half(whole)
    assert half != hide_half(whole, seed=8)


def test_hiding_half_of_the_meetings_asks_the_others(tmp_path: Path) -> None:
    whole = load_collection(write(tmp_path / "m.jsonl", lines(*[MEETING] * 4)))
    half = hide_half(whole)
    assert len(half.subsets) == 2
    assert len(half.questions) == 4
    for subset in half.subsets:
        (document,) = subset.documents
        for question in subset.questions:
            assert question.answerable is question.id.startswith(f"{document.id}/")


def test_nothing_to_hide(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="at least 2"):
        hide_half(load_collection(articles(tmp_path / "s.json", 1)))
    with pytest.raises(ReadError, match="brings its documents"):
        hide_half(load_collection(sample_questions_file()))


def test_sampling(tmp_path: Path) -> None:
    whole = load_collection(articles(tmp_path / "s.json", 20))
    some = sample_questions(whole, 5)
    assert len(some.questions) == 5
    assert some == sample_questions(whole, 5)
    order = [question.id for question in whole.questions]
    assert [q.id for q in some.questions] == sorted((q.id for q in some.questions), key=order.index)
    assert sample_questions(whole, 100) == whole
    assert some.subsets[0].documents == whole.subsets[0].documents


# ---- the collections beside the project --------------------------------------------------


def shared(name: str) -> Path:
    path = SHARED / "eval" / name
    if not path.exists():
        pytest.skip(
            f"the evaluation collections are not beside the project (../shared/eval/{name})"
        )
    return path


def test_shared_squad() -> None:
    collection = load_collection(shared("xquad/xquad.en.json"))
    (subset,) = collection.subsets
    assert (len(subset.documents), len(subset.questions), collection.remarks) == (240, 1190, ())


def test_shared_meetings() -> None:
    collection = load_collection(shared("qmsum/committee_dev.jsonl"))
    turns = sum(len(subset.documents[0].turns) for subset in collection.subsets)
    assert (len(collection.subsets), turns, len(collection.questions)) == (6, 1376, 67)
    assert collection.remarks == ()


def test_shared_beir() -> None:
    collection = load_collection(shared("vaswani"))
    (subset,) = collection.subsets
    assert (len(subset.documents), len(subset.questions)) == (11429, 93)
