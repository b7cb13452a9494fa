"""The ranking of the sample's questions, number by number, as it was when it was written down.

`sample_rankings.json` holds of each question the best passages with all their signals. Only a
change that is meant to rank otherwise may write it anew:

    python -m tests.search.test_pinned_ranking
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa
import qa.sample
from tests.support.hashing_encoder import HashingEncoder

PINNED = Path(__file__).with_name("sample_rankings.json")
_BEST = 8


def ask_everything(folder: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """Each of the sample's questions with its best passages: id, then the signals."""
    asked = json.loads(qa.sample.questions().read_text("utf-8"))
    with qa.open(folder, encoder=HashingEncoder()) as library:
        library.add(qa.sample.documents())
        for item in (*asked["answerable"], *asked["unanswerable"]):
            question = item if isinstance(item, str) else item["question"]
            for understand in (True, False):
                ranked = library.rank(question, understand=understand)[:_BEST]
                rows = [
                    [r.passage, r.score, r.dense, r.lexical, r.fused, r.interaction] for r in ranked
                ]
                yield f"{question} [{'understood' if understand else 'plain'}]", rows


@pytest.fixture(scope="module")
def rankings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Any]]]:
    return dict(ask_everything(tmp_path_factory.mktemp("pinned") / "library"))


def test_every_question_ranks_as_it_did(rankings: dict[str, list[list[Any]]]) -> None:
    pinned = json.loads(PINNED.read_text("utf-8"))
    assert list(rankings) == list(pinned)
    for question, expected in pinned.items():
        got = rankings[question]
        assert [row[0] for row in got] == [row[0] for row in expected], question
        signals = np.array([row[1:] for row in got])
        np.testing.assert_allclose(
            signals, [row[1:] for row in expected], rtol=1e-6, atol=2e-6, err_msg=question
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        found = {
            question: [[row[0], *(round(value, 6) for value in row[1:])] for row in rows]
            for question, rows in ask_everything(Path(folder) / "library")
        }
    lines = (f"{json.dumps(q, ensure_ascii=False)}: {json.dumps(r)}" for q, r in found.items())
    PINNED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
