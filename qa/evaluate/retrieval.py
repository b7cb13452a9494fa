"""Measures of ranked documents, by ir-measures, whose only importer this is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.errors import CitewellError

MEASURES = ("Recall@1", "Recall@5", "Recall@10", "MRR@10", "nDCG@10")
# ir-measures' own names of them, in the same order.
_NAMES = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10")


def retrieval_scores(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Question → measure → value, for every question of `qrels` (question → document → grade).

    `run` has each question's documents, best first; a question without any scores 0.
    Raises CitewellError if ir-measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise CitewellError(
            "ir-measures is not installed, which `qa eval` measures with: "
            "pip install 'citewell[eval]'"
        ) from error
    # Ranks instead of scores: equal scores would be put in an order of ir-measures' own.
    scored = {
        question: {document: float(-rank) for rank, document in enumerate(documents)}
        for question, documents in run.items()
        if documents
    }
    measures = {
        ir_measures.parse_measure(name): said for name, said in zip(_NAMES, MEASURES, strict=True)
    }
    judged = {question: dict(grades) for question, grades in qrels.items()}
    found: dict[str, dict[str, float]] = {
        question: dict.fromkeys(MEASURES, 0.0) for question in qrels
    }
    if judged and scored:
        for metric in ir_measures.iter_calc(list(measures), judged, scored):
            found[metric.query_id][measures[metric.measure]] = float(metric.value)
    return found
