from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.readers.files import read_bytes
from qa.records import Boundary, Document, Passage, SourceText, Turn, TurnKind
from qa.structure.packing import LONGEST_WORD, PassageLimits, pack
from qa.structure.passages import cut_passages

SMALL = PassageLimits(low=8, high=20, least=3)


def count_words(texts: Sequence[str]) -> list[int]:
    """A tokenizer of words; a Chinese character counts as one, as in word pieces."""
    return [
        sum(max(1, sum("\u3040" <= c <= "\u9fff" for c in word)) for word in text.split())
        for text in texts
    ]


def whole(source: SourceText, *turns: Turn) -> tuple[Document, Sequence[Turn]]:
    end = len(source.text)
    document = Document(0, 0, end, source.title, None, None, None, Boundary.FILE, "")
    return document, turns or [Turn(0, 0, TurnKind.SPEECH, 0, end, "Ann Lee", "Minister of Trade")]


def cut(source: SourceText, *turns: Turn, limits: PassageLimits = SMALL) -> tuple[Passage, ...]:
    document, own = whole(source, *turns)
    return cut_passages(source, document, own, count_words, limits)


def plain(text: str) -> SourceText:
    return SourceText(text=text, format="text", reader="text/1")


def texts(source: SourceText, passages: Sequence[Passage]) -> list[list[str]]:
    return [[source.text[s.start : s.end] for s in passage.sentences] for passage in passages]


# ---- packing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "ends", "cuts"),
    [
        ([], "", []),
        ([5], "1", [1]),
        ([50, 50, 50, 50], "0101", [2, 4]),
        ([100, 100, 10], "111", [1, 3]),  # the rest is joined, not left over
        ([170, 15], "11", [1, 2]),  # but not beyond the limit
        ([400, 15], "11", [1, 2]),
        ([90, 90, 40], "011", [1, 3]),
        ([70, 50, 60, 50], "1001", [1, 4]),
    ],
)
def test_packing(sizes: list[int], ends: str, cuts: list[int]) -> None:
    found = pack(sizes, [end == "1" for end in ends], PassageLimits())
    assert found == cuts


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=9))
def test_packing_is_the_best_of_all_ways(items: list[tuple[int, bool]]) -> None:
    """Against every way to cut, priced by the rules as the docstring puts them."""
    sizes, ends = [size for size, _ in items], [end for _, end in items]
    limits = PassageLimits(low=30, high=50, least=10)
    count = len(sizes)
    found = pack(sizes, ends, limits)
    assert (found[-1] if found else 0) == count
    groups = [sizes[a:b] for a, b in pairwise([0, *found])]
    assert all(sum(group) <= limits.high or len(group) == 1 for group in groups)
    tiny = sum(sum(group) < limits.least for group in groups)
    fewest = count
    for mask in range(1 << max(0, count - 1)):
        cuts = [0, *(n + 1 for n in range(count - 1) if mask >> n & 1), count]
        ways = [sizes[a:b] for a, b in pairwise(cuts)]
        if all(sum(group) <= limits.high or len(group) == 1 for group in ways):
            fewest = min(fewest, sum(sum(group) < limits.least for group in ways))
    assert tiny == fewest


@pytest.mark.parametrize("limits", [(0, 5, 1), (5, 4, 1), (5, 9, 6)])
def test_limits_that_make_no_sense_are_refused(limits: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="0 < least <= low <= high"):
        PassageLimits(low=limits[0], high=limits[1], least=limits[2])


# ---- passages ------------------------------------------------------------------------------


def test_short_neighbours_are_joined_within_a_turn_only() -> None:
    source = plain("Thank you. Go on.\nYes. No. Why?")
    turns = [
        Turn(0, 0, TurnKind.SPEECH, 0, 17, "Ann Lee"),
        Turn(0, 1, TurnKind.SPEECH, 18, 31, "Bo Ray"),
    ]
    passages = cut(source, *turns)
    assert texts(source, passages) == [["Thank you.", "Go on."], ["Yes.", "No.", "Why?"]]
    assert [(p.document, p.turn, p.context) for p in passages] == [
        (0, 0, "Ann Lee."),
        (0, 1, "Bo Ray."),
    ]


def test_only_quotable_turns_of_the_document_are_cut() -> None:
    source = plain("Title\nAnn Lee:\nWords here.\nShare this")
    kinds = [TurnKind.HEADING, TurnKind.LABEL, TurnKind.SPEECH, TurnKind.BOILERPLATE]
    starts = [0, 6, 15, 27, 38]
    turns = [Turn(0, n, kind, starts[n], starts[n + 1] - (n < 3)) for n, kind in enumerate(kinds)]
    passages = cut(source, *turns, Turn(1, 4, TurnKind.SPEECH, 15, 26))
    assert texts(source, passages) == [["Words here."]]
    assert passages[0].context == "Title."


def test_passages_prefer_to_end_with_a_paragraph() -> None:
    paragraph = "Five words are in here. Five more are in here.\n"
    source = plain(paragraph * 3)
    assert texts(source, cut(source)) == [["Five words are in here.", "Five more are in here."]] * 3


def test_a_long_sentence_is_divided_at_its_clauses() -> None:
    clause = "one two three four five six seven eight nine ten eleven,"
    source = plain(" ".join([clause] * 4))
    passages = cut(source)
    assert texts(source, passages) == [[clause]] * 4
    words = plain("word " * 50)
    assert [count_words(t) for t in texts(words, cut(words))] == [[17], [16], [17]]


def test_chinese_is_divided_at_its_commas_and_then_anywhere() -> None:
    source = plain("这是一个很长的句子没有空格，" * 3 + "结束。")
    pieces = [piece for passage in texts(source, cut(source)) for piece in passage]
    assert pieces[:2] == ["这是一个很长的句子没有空格，"] * 2
    run = plain("字" * 100)
    assert {len(t[0]) for t in texts(run, cut(run))} == {20}


def test_markup_keeps_headings_code_and_tables_apart() -> None:
    source = read_bytes(
        b"# Title\n\nFirst words.\nSoft end.\n\n## Part\n\n- item one\n- item two\n\n```\nx = 1\n\n"
        b"y = 2\n```\n\n<!-- no -->\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        Path("a.md"),
    )
    passages = cut(source)
    assert texts(source, passages) == [
        ["First words.", "Soft end."],
        ["item one", "item two"],
        ["x = 1", "y = 2"],
        ["| a | b |", "| 1 | 2 |"],
    ]
    assert [passage.context for passage in passages] == [
        "Title. Ann Lee, Minister of Trade.",
        *["Title. Part. Ann Lee, Minister of Trade."] * 3,
    ]


def test_context_is_bounded_and_plain() -> None:
    source = plain("Words.")
    document = Document(0, 0, 6, "A long title " * 50, None, None, None, Boundary.FILE, "")
    turn = Turn(0, 0, TurnKind.SPEECH, 0, 6, "N" * 300, "Office " * 50)
    (passage,) = cut_passages(source, document, [turn], count_words)
    assert len(passage.context) <= 200
    assert passage.context.startswith("A long title A long title")
    assert "… NNN" in passage.context
    bare = Turn(0, 0, TurnKind.NARRATION, 0, 6)
    assert cut(source, bare)[0].context == ""


def test_tokens_are_counted_in_few_batches() -> None:
    calls: list[int] = []

    def counting(batch: Sequence[str]) -> list[int]:
        calls.append(len(batch))
        return count_words(batch)

    source = plain("A sentence is here. " * 5000 + "word " * 5000)
    document, turns = whole(source)
    assert cut_passages(source, document, turns, counting)
    assert len(calls) <= 3


def test_a_tokenizer_that_knows_no_word_makes_no_endless_passage() -> None:
    source = plain("x" * 50_000)
    document, turns = whole(source)
    passages = cut_passages(source, document, turns, lambda batch: [1] * len(batch))
    assert max(passage.end - passage.start for passage in passages) <= 180 * 12


WRITTEN = (
    "word |End. |Why? |clause, |。|文字|、|\n|\r\n|\r|\n\n|  |e\u0301e\u0301 |🇦🇲🇬🇪|❤\ufe0f|"
    "👩\u200d👩\u200d👧 |שלום. |- |”|ไทย|\u0301"
)
PIECES = st.sampled_from(WRITTEN.split("|"))


@settings(deadline=None)
@given(st.lists(PIECES, max_size=80).map("".join) | st.text(max_size=200), st.data())
def test_every_character_is_in_exactly_one_passage(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)) | {0, len(text)})
    kinds = st.sampled_from([TurnKind.SPEECH, TurnKind.NARRATION, TurnKind.HEADING])
    turns = [Turn(0, n, data.draw(kinds), a, b) for n, (a, b) in enumerate(pairwise(cuts))]
    passages = cut(plain(text), *turns) if turns else ()
    at = 0
    seen = [0] * len(text)
    for passage in passages:
        turn = turns[passage.turn]
        assert turn.start <= passage.start < passage.end <= turn.end
        assert at <= passage.start
        at = passage.end
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        for n in range(passage.start, passage.end):
            seen[n] += 1
        inside = passage.start
        for sentence in passage.sentences:
            assert inside <= sentence.start < sentence.end <= passage.end
            assert not text[inside : sentence.start].strip()
            words = text[sentence.start : sentence.end]
            assert words == words.strip()
            inside = sentence.end
    for turn in turns:
        for n in range(turn.start, turn.end):
            if not text[n].isspace():
                assert seen[n] == (1 if turn.kind.quotable else 0)


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abcdefg", min_size=1, max_size=40), min_size=1, max_size=120))
def test_no_word_is_cut(words: list[str]) -> None:
    text = " ".join(words)
    found = [piece for passage in texts(plain(text), cut(plain(text))) for piece in passage]
    assert " ".join(found).split() == words


def test_words_are_cut_only_beyond_the_longest() -> None:
    text = "x" * LONGEST_WORD
    assert texts(plain(text), cut(plain(text))) == [[text]]
    assert len(cut(plain(text + "x"))) > 1


@pytest.mark.parametrize(
    "text",
    ["a " * 100_000, "x" * 1_000_000, "." * 100_000, "\n" * 100_000, "a。" * 20_000, "字" * 50_000],
    ids=lambda text: repr(text[:4]),
)
def test_hostile_text_is_cut_in_bounded_time(text: str) -> None:
    source = plain(text)
    passages = cut(source, limits=PassageLimits())
    kept = "".join(text[p.start : p.end] for p in passages)
    assert "".join(kept.split()) == "".join(text.split())
