"""Late interaction against a slow float version that is written from the formula alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.encoder import EncodedText, unit_rows
from embeddings.token_codes import PassageCodes, code_similarities, pack_signs
from qa.index.indexing import ContextualPassage, index_passage, telling_tokens
from qa.search.query import make_query
from qa.search.ranking import standardise, weighted_sum
from qa.search.reranking import (
    best_sentences,
    idf,
    interact,
    question_tokens,
    sentence_maxima,
)
from tests.support.hashing_encoder import HashingEncoder

ENCODER = HashingEncoder(dimension=64)


def codes_of(text):
    passage = ContextualPassage(text, "")
    return index_passage(ENCODER.question(text), passage, np.zeros(64, np.float32)).encoded.codes


def slow_maxsim(question, passage, weights):
    """Σᵢ wᵢ maxⱼ qᵢ·pⱼ / Σᵢ wᵢ with loops and Python floats."""
    total = 0.0
    for row, weight in zip(question, weights, strict=True):
        total += weight * max(
            sum(float(a) * float(b) for a, b in zip(row, other, strict=True)) for other in passage
        )
    return total / sum(weights)


def test_without_tokens_the_score_is_zero():
    assert best_sentences([np.empty((0, 3), np.float32)], np.empty(0, np.float32)).tolist() == [0]
    assert best_sentences([], np.ones(2, np.float32)).tolist() == []


def test_idf_is_the_formula():
    got = idf(1000, np.array([0, 1, 10, 1000]))
    want = [math.log(1 + 1000 / (0.5 + df)) for df in (0, 1, 10, 1000)]
    assert got == pytest.approx(want, rel=1e-6)


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_codes_give_the_float_score_of_their_signs(questions, tokens, seed):
    generator = np.random.default_rng(seed)
    d = 64
    question = unit_rows(generator.standard_normal((questions, d)).astype(np.float32))
    passage = generator.standard_normal((tokens, d)).astype(np.float32)
    mean = generator.standard_normal(d).astype(np.float32) * 0.1
    weights = generator.uniform(0.5, 5, questions).astype(np.float32)
    signs = np.where(passage - mean > 0, 1.0, -1.0) / math.sqrt(d)
    similarities = code_similarities(question, pack_signs(passage, mean))
    one_sentence = sentence_maxima(similarities, np.zeros(tokens, np.intp), 1)
    (got,) = best_sentences([one_sentence], weights)
    assert got == pytest.approx(slow_maxsim(question, signs, weights.tolist()), abs=1e-4)


def test_sentences_of_several_passages_are_each_met_alone():
    mean = np.zeros(64, np.float32)
    texts = ["The river rose. It fell by noon.", "Grain prices fell.", "A bridge over the river."]
    codes = [codes_of(text) for text in texts]
    encoded = ENCODER.question("Which river rose?")
    query = make_query("Which river rose?")
    tokens = question_tokens(encoded, query, mean, 3, np.zeros(6, np.int64))
    ends = [[15, 32], [18], [24]]
    together = interact(tokens, list(zip(codes, ends, strict=True)))
    assert [one.shape[1] for one in together] == [2, 1, 1]
    for met, passage, stops in zip(together, codes, ends, strict=True):
        for sentence, stop in enumerate(stops):
            begin = stops[sentence - 1] if sentence else 0
            inside = (passage.starts >= begin) & (passage.starts < stop)
            alone = code_similarities(tokens.vectors, passage.bits[inside]).max(axis=1)
            np.testing.assert_allclose(met[:, sentence], alone, atol=1e-6)
    best = best_sentences(together, tokens.weights)
    assert int(np.argmax(best)) == 0


def test_a_passage_without_telling_tokens_scores_lowest():
    mean = np.zeros(64, np.float32)
    codes = codes_of("... of the and")
    assert len(codes.bits) == 0
    encoded = ENCODER.question("river")
    tokens = question_tokens(encoded, make_query("river"), mean, 1, np.zeros(3, np.int64))
    (empty,) = interact(tokens, [(codes, [10])])
    assert best_sentences([empty], tokens.weights).tolist() == [-1]


def test_a_word_in_several_pieces_weighs_as_one_of_root_n():
    text = "ab cd"
    encoded = ENCODER.question(text)
    pieces = EncodedText(
        encoded.vector,
        np.array([1, 5, 6, 7, 2], np.int32),
        np.array([(0, 0), (0, 1), (1, 2), (3, 5), (0, 0)], np.int32),
        np.ones((5, 64), np.float32),
    )
    got = question_tokens(pieces, make_query(text), np.zeros(64, np.float32), 10, np.zeros(5, int))
    weight = math.log1p(10 / 0.5)
    assert got.weights == pytest.approx([weight / 2**0.5, weight / 2**0.5, weight])


def test_telling_tokens_are_words_but_for_silent_ones():
    text = "The river, he said, rose above the 7.5-metre mark."
    encoded = ENCODER.question(text)
    keep = telling_tokens(text, encoded.offsets)
    kept = [text[a:b] for (a, b), k in zip(encoded.offsets.tolist(), keep, strict=True) if k]
    assert kept == "river he said rose above 7 . 5 metre mark".split()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 70_000)), max_size=8))
def test_codes_survive_the_way_to_bytes_and_back(pairs):
    ids = np.array([a for a, _ in pairs], np.int32)
    starts = np.array([b for _, b in pairs], np.int32)
    bits = np.arange(len(pairs) * 6, dtype=np.uint8).reshape(len(pairs), 6)
    back = PassageCodes.from_bytes(PassageCodes(ids, starts, bits).to_bytes())
    np.testing.assert_array_equal(back.token_ids, ids)
    np.testing.assert_array_equal(back.starts, starts)
    np.testing.assert_array_equal(back.bits, bits)


@pytest.mark.parametrize("cut", [0, 3, 8, 12])
def test_cut_off_codes_are_refused(cut):
    data = PassageCodes(
        np.array([1], np.int32), np.array([0], np.int32), np.ones((1, 6), np.uint8)
    ).to_bytes()
    with pytest.raises(ValueError, match="token codes"):
        PassageCodes.from_bytes(data[:cut])


def test_a_token_of_384_dimensions_takes_52_bytes():
    one = PassageCodes(np.array([9]), np.array([0]), np.ones((1, 48), np.uint8)).to_bytes()
    two = PassageCodes(np.array([9, 9]), np.array([0, 4]), np.ones((2, 48), np.uint8)).to_bytes()
    assert len(two) - len(one) == 52


def test_standardised_sum_is_scale_free():
    a = np.array([1, 2, 4], np.float32)
    b = np.array([3, 1, 2], np.float32)
    np.testing.assert_allclose(
        weighted_sum([(1.0, a), (0.5, b)]), weighted_sum([(1.0, a * 9 + 4), (0.5, b)]), atol=1e-5
    )
    assert standardise(np.array([7, 7], np.float32)).tolist() == [0, 0]
