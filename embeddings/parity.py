"""Whether a compiled model gives the vectors of its reference: probe texts and their cosines.

The probes are sentences of everyday prose in several scripts, short and long, alone and in
padded batches, empty and longer than any model reads.
"""

from __future__ import annotations

import numpy as np

from embeddings.compiled_form import Parity
from embeddings.encoder import EncodedText, Encoder
from embeddings.errors import NotCompilable

_SENTENCES = (
    "The committee met on Tuesday to discuss next year's budget.",
    "Who asked for the report to be published before the summer?",
    "No.",
    "Prices rose by 3.7 % in the second quarter, to €1,204.50 a tonne.",
    "She said: “We were told in March; nobody answered our letters until late in May.”",
    "Der Ausschuss hat die Sitzung wegen des Sturms auf Donnerstag verschoben.",
    "Le rapport indique que les travaux n'ont pas commencé avant l'hiver.",
    "El puente quedó cerrado durante tres semanas por las lluvias.",
    "Комиссия отложила решение до следующего заседания в октябре.",
    "Η γέφυρα έκλεισε για τρεις εβδομάδες λόγω της βροχής.",
    "اللجنة أجلت القرار إلى الجلسة المقبلة.",
    "הוועדה דחתה את ההחלטה לישיבה הבאה.",
    "समिति ने निर्णय अगली बैठक तक टाल दिया।",
    "委员会把决定推迟到下次会议。",
    "委員会は決定を次の会議まで延期した。",
    "위원회는 결정을 다음 회의로 미루었다.",
    "Եկեղեցին կառուցվել է տասներորդ դարում։",
    "def total(rows): return sum(row.amount for row in rows)  # in cents",
    "🚲 12 km, 40 min ☔️",
)
PROBES = (
    *_SENTENCES,
    "",
    " ".join(_SENTENCES[:6]),
    " ".join(_SENTENCES),
    # Longer than the length at which any encoder cuts a text off.
    " ".join(_SENTENCES[:5]) * 120,
)

# The same for float32, which only rounds in another order, and for bfloat16, whose products keep
# 8 bits: a six-layer model measured 0.9999 for both kinds of vector. Deeper ones that drift
# further are computed in float32 instead.
FLOOR = 0.999


def measure_parity(compiled: Encoder, reference: Encoder) -> Parity:
    """The lowest cosines over all probes, as passages in batches and as questions alone.

    Raises NotCompilable if the two cut a probe into different word pieces.
    """
    passages = [dict(encoder.passages(PROBES)) for encoder in (compiled, reference)]
    pairs = [(passages[0][i], passages[1][i]) for i in range(len(PROBES))]
    pairs += [(compiled.question(probe), reference.question(probe)) for probe in PROBES]
    for ours, theirs in pairs:
        if not (
            np.array_equal(ours.token_ids, theirs.token_ids)
            and np.array_equal(ours.offsets, theirs.offsets)
        ):
            raise NotCompilable("its tokenizer cuts texts into other word pieces than in torch")
    cosines = [_cosines(ours, theirs) for ours, theirs in pairs]
    return Parity(*(float(lowest) for lowest in np.min(cosines, axis=0)))


def hold_to_floor(parity: Parity, precision: str) -> None:
    """Raises NotCompilable with the figure that fell short."""
    found_by_kind = {"sentence vectors": parity.sentences, "token vectors": parity.tokens}
    for kind, found in found_by_kind.items():
        # Written so that it also catches what is not a number.
        if not found >= FLOOR:
            raise NotCompilable(
                f"compiled in {precision}, its {kind} reach a cosine of only {found:.4f} "
                f"to the float32 reference, expected {FLOOR} or more"
            )


def _cosines(ours: EncodedText, theirs: EncodedText) -> tuple[float, float]:
    sentence = float(ours.vector @ theirs.vector)
    tokens = np.sum(ours.token_vectors * theirs.token_vectors, axis=1)
    return sentence, float(tokens.mean()) if len(tokens) else 1.0
