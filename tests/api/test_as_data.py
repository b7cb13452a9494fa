"""The one shape of an answer as data: exact values, and what is kept of it read again."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from qa.as_data import answer_data, filters_data, filters_from, quote_data, quote_from
from qa.notebook.records import decode_exchange, encode_exchange, exchange_of
from qa.records import (
    Absence,
    Answer,
    Citation,
    ContextWarning,
    Filters,
    Locator,
    LocatorKind,
    Query,
    Quote,
    Span,
    TurnKind,
    Understood,
    Verdict,
)

CITATION = Citation(
    source="/srv/papers/minutes.txt",
    document="Minutes",
    date="2024-05-01",
    speaker="Olav Brandt",
    role="Chairman",
    kind=TurnKind.SPEECH,
    start=100,
    end=109,
    lines=(7, 8),
    locator=Locator(LocatorKind.PAGE, "xii"),
    prefix="Before. ",
    suffix=" After.",
    passage="Before. It holds. After.",
    passage_start=92,
    corrected=("date",),
)
QUOTE = Quote(
    text="It holds.",
    start=100,
    end=109,
    citation=CITATION,
    score=1.2346,
    matched=("holds",),
    places=(replace(CITATION, source="/srv/b.txt", locator=None, corrected=()),),
    warnings=(ContextWarning("turned_next", "the next sentence turns it", 110, 116, "After."),),
)
FILTERS = Filters(speakers=("Olav Brandt",), since="2024-01-01")
ANSWER = Answer(
    question="Did Olav say the pier holds?",
    verdict=Verdict.NOT_FOUND,
    query=Query(
        question="Did Olav say the pier holds?",
        text="the pier holds",
        terms=("pier", "hold"),
        words=("pier", "holds"),
        filters=FILTERS,
        understood=Understood(
            speakers=("Olav Brandt",), says=True, phrases=("Olav say",), frame=(Span(0, 12),)
        ),
    ),
    quotes=(),
    evidence=0.123449,
    misses=(QUOTE,),
    absence=Absence(12, 3, FILTERS, (("pier", "piers"), ("zebra", None))),
)
PLACE = (
    '"document": "Minutes", "date": "2024-05-01", "speaker": "Olav Brandt", "role": "Chairman", '
    '"kind": "speech", "start": 100, "end": 109, "line_start": 7, "line_end": 8, '
)
AROUND = (
    '"prefix": "Before. ", "suffix": " After.", "passage": "Before. It holds. After.", '
    '"passage_start": 92, '
)
NARROWED = (
    '{"speakers": ["Olav Brandt"], "since": "2024-01-01", "until": null, "sources": null, '
    '"documents": null}'
)
WRITTEN = (
    '{"question": "Did Olav say the pier holds?", "verdict": "not_found", "evidence": 0.1234, '
    '"query": {"text": "the pier holds", "terms": ["pier", "hold"], '
    f'"filters": {NARROWED}, '
    '"understood": {"speakers": ["Olav Brandt"], "unknown_speaker": null, "says": true, '
    '"asks_who": false, "since": null, "until": null, "phrases": ["Olav say"]}}, "quotes": [], '
    '"misses": [{"text": "It holds.", "source": "/srv/papers/minutes.txt", '
    f'{PLACE}"page": "xii", "locator": {{"kind": "page", "label": "xii"}}, {AROUND}'
    '"corrected": ["date"], "score": 1.2346, "matched": ["holds"], '
    f'"places": [{{"source": "/srv/b.txt", {PLACE}"page": null, "locator": null, {AROUND}'
    '"corrected": []}], "warnings": [{"kind": "turned_next", '
    '"message": "the next sentence turns it", "start": 110, "end": 116, "text": "After."}]}], '
    f'"absence": {{"passages": 12, "documents": 3, "filters": {NARROWED}, '
    '"unknown_words": [{"word": "pier", "nearest": "piers"}, '
    '{"word": "zebra", "nearest": null}]}}'
)


def test_an_answer_is_written_byte_for_byte_so() -> None:
    assert json.dumps(answer_data(ANSWER)) == WRITTEN


def test_what_is_written_is_read_again() -> None:
    assert quote_from(json.loads(json.dumps(quote_data(QUOTE)))) == QUOTE
    assert filters_from(filters_data(FILTERS)) == FILTERS
    kept = exchange_of(ANSWER, id="a", asked_at="2024-05-01T10:00:00+00:00")
    assert decode_exchange(kept.id, kept.asked_at, kept.question, encode_exchange(kept)) == kept


def test_rows_of_earlier_versions_are_read() -> None:
    """They were the records' own fields, the citation's under a name of their own."""
    kept = exchange_of(ANSWER, id="a", asked_at="2024-05-01T10:00:00+00:00")
    data = asdict(kept)
    for name in ("id", "asked_at", "question"):
        del data[name]
    data["a_field_that_went"] = 1
    del data["misses"][0]["warnings"], data["misses"][0]["citation"]["corrected"]
    again = decode_exchange(kept.id, kept.asked_at, kept.question, json.dumps(data))
    older = replace(QUOTE, warnings=(), citation=replace(CITATION, corrected=()))
    assert again.misses == (older,)
    assert (again.verdict, again.filters, again.searched) == (
        Verdict.NOT_FOUND,
        FILTERS,
        "the pier holds",
    )
