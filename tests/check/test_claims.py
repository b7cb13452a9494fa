"""Whom a draft says that each of several neighbouring quotations is of, and of what day."""

from __future__ import annotations

import pytest

from qa.check.attribution_context import DraftContexts
from qa.check.claimed_speakers import KnownNames
from qa.check.claims import find_claim
from qa.check.quotations import find_quotations

KNOWN = KnownNames.of(
    ["/papers/pell.txt", "/papers/meeting.txt"],
    ["The meeting of the bridge council"],
    ["Ada Brandt", "Ben Kolar", "Глеб Тарханин", "Аглая Северцева"],
    ["Chief Engineer of the Railway", "Mayor of Lidmar", "Председатель комиссии"],
)
ADA, BEN = "Ada Brandt", "Ben Kolar"


def claims(draft: str) -> list[tuple[str | None, str | None]]:
    """Speaker and date of each outermost quotation."""
    found = find_quotations(draft)
    contexts = DraftContexts(draft, found)
    claimed = [find_claim(contexts.of(q), KNOWN) for q in found if q.depth == 0]
    return [(claim.speaker, claim.date) for claim in claimed]


def speakers(draft: str) -> list[str | None]:
    return [speaker for speaker, _ in claims(draft)]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        # What leads directly to the next quotation is the next one's.
        (
            "At the Council, Marta Helvane said that “At twenty past four in the morning the "
            "gauge stood at 7.84 metres.”\nOsric Tallander said: “The three governments agree.”",
            ["Marta Helvane", "Osric Tallander"],
        ),
        ("“The bridge stays.” Ben Kolar said: “It goes.”", [None, BEN]),
        ("“The bridge stays.”\nBen Kolar said: “It goes.”", [None, BEN]),
        ("“The bridge stays.” Ben Kolar replied, “It goes.”", [None, BEN]),
        ("“The bridge stays” Ben Kolar: “It goes.”", [None, BEN]),
        ("“The bridge stays.” According to Ben Kolar, “it goes”.", [None, BEN]),
        ("Ada Brandt said: “It stays.” Ben Kolar replied: “It goes.”", [ADA, BEN]),
        ("Ada Brandt said, “It stays.” Ben Kolar replied, “It goes.”", [ADA, BEN]),
        ("Ada Brandt said: “It stays”, Ben Kolar said: “It goes”.", [ADA, BEN]),
        ("Ada Brandt said that “it stays” and Ben Kolar said that “it goes”.", [ADA, BEN]),
        ("Ada Brandt: “It stays.”\nBen Kolar: “It goes.”\nAda Brandt: “No.”", [ADA, BEN, ADA]),
        ("Ada Brandt said\n“It stays”\nBen Kolar said\n“It goes”", [ADA, BEN]),
        # One clause each, in one sentence.
        ("“It stays,” said Ada Brandt, and Ben Kolar replied: “It goes.”", [ADA, BEN]),
        ("“It stays,” Ada Brandt said, while Ben Kolar said that “it goes”.", [ADA, BEN]),
        ("“It stays,” said Ada Brandt. Ben Kolar replied: “It goes.”", [ADA, BEN]),
        ("“It stays,” said Ada Brandt. “It goes,” said Ben Kolar.", [ADA, BEN]),
        ("“It stays” (Brandt, 2024), Ben Kolar said: “It goes.”", ["Brandt", BEN]),
        # An utterance that its attribution splits is of one speaker.
        ("“It stays,” said Ada Brandt, “for now.”", [ADA, ADA]),
        ("“It stays,” Ada Brandt said, “for now.”", [ADA, ADA]),
        ("“Does it?” asked Ada Brandt, “or not?”", [ADA, ADA]),
        ("“It stays,” said Ada Brandt, adding: “For now.”", [ADA, ADA]),
        ("“It stays,” she said, “for now.”", [None, None]),
        ("“It stays,” she said. Ben Kolar replied: “It goes.”", [None, BEN]),
        # A verb left out, or a name with no verb, is no claim.
        ("Ada Brandt said “it stays” and Ben Kolar “it goes”.", [ADA, None]),
        ("Ada Brandt said the “toll” is “another matter”.", [ADA, ADA]),
        ("Ada Brandt said: “It stays”, “it stands” and “it holds”.", [ADA, ADA, ADA]),
        # Before and after disagree.
        ("Ada Brandt said: “It stays,” Ben Kolar recalled.", [ADA]),
        ("When Ada Brandt asked, “It stays,” said Ben Kolar.", [None]),
        ("Ada Brandt said: “It stays” (Ben Kolar, 4 March 2024).", [None]),
        ("Ada Brandt said: “It stays” (Brandt, 4 March 2024).", [ADA]),
        ("She said: “It stays.” Ben Kolar replied.", [None]),
        ("“It stays.” Ben Kolar said the pier had failed.", [None]),
        ("“Does it stay?” Ben Kolar asked.", [BEN]),
        # Lists, one quotation a line.
        ("- “It stays” — Ada Brandt\n- “It goes” — Ben Kolar\n", [ADA, BEN]),
        ("1. “It stays” (Ada Brandt)\n2. “It goes” (Ben Kolar)\n", [ADA, BEN]),
        ("“It stays,” said Ada Brandt\n“It goes,” said Ben Kolar\n", [ADA, BEN]),
        ("* “It stays”\n* “It goes” — Ben Kolar\n", [None, BEN]),
        # Footnotes.
        (
            "“It stays”[^1] and “it goes”.[^2]\n\n[^1]: Ada Brandt, 2024\n[^2]: Ben Kolar, 2024\n",
            [ADA, BEN],
        ),
        ("“It stays”[^1] Ben Kolar said: “It goes.”\n\n[^1]: Ada Brandt, 2024\n", [ADA, BEN]),
        ("“It stays,” said Ada Brandt.[^1]\n\n[^1]: pell.txt\n", [ADA]),
        ("“It stays.”¹ “It goes.”¹⁰\n\n¹ Ada Brandt, 2024\n¹⁰Ben Kolar, 2024\n", [ADA, BEN]),
        ("“It stays,” said A. Brandt[^1].\n\n[^1]: pell.txt\n", ["A. Brandt"]),
        # When it was said stands between the name and the verb.
        ("Ada Brandt on Monday said “it stays”.", [ADA]),
        ("“It stays,” Ada Brandt later that week said.", [ADA]),
        ("Ada Brandt in May 2022 said “it stays”.", [ADA]),
        # An office that somebody in the library holds; one word alone may be anybody.
        ("“It stays,” the mayor of Lidmar said.", ["mayor of Lidmar"]),
        ("The Chief Engineer said: “It stays.”", ["Chief Engineer"]),
        ("“It stays,” said the chief engineer of the railway.", ["chief engineer of the railway"]),
        ("The mayor said: “It stays.”", [None]),
        ("The chief cook said: “It stays.”", [None]),
        ("Как отметила председатель комиссии, «мост стоит».", ["председатель комиссии"]),
        # A place or a paper is no speaker, nor is it its head's name.
        ("“It stays,” the President of Norway said.", [None]),
        ("According to the president of Norway, “it stays”.", [None]),
        ("“It stays,” the Herald said.", [None]),
        ("“It stays,” said the prime minister of Sweden, Ulf Brandt.", ["Ulf Brandt"]),
        ("«Мост стоит», — сказал президент России.", [None]),
        ("Мэр Саратова заявил: «Мост стоит».", [None]),
        ("Президент Иванов заявил: «Мост стоит».", ["Иванов"]),
        # Nor is an agency, a seat of power, an acronym, or a place in somebody's office.
        ("“It stays,” Reuters reported.", [None]),
        ("Moscow said: “It stays.”", [None]),
        ("“It stays,” said Washington.", [None]),
        ("According to Bloomberg, “it stays”.", [None]),
        ("“It stays” (Reuters, 4 March 2024).", [None]),
        ("“It stays,” NATO said.", [None]),
        ("“It stays,” Lidmar said.", [None]),
        ("“It stays,” the White House said.", [None]),
        ("“It stays,” North Korea said.", [None]),
        ("“It stays,” the Examiner reported. “It goes,” Gazetteer reports.", [None, None]),
        ("«Мост стоит», — заявила Москва.", [None]),
        ("По словам Кремля, «мост стоит».", [None]),
        ("«Мост стоит», — сообщает Интерфакс.", [None]),
        ("«Мост стоит», — пишет Курьер.", [None]),
        ("“It stays,” Brandt reported.", ["Brandt"]),
        ("«Мост стоит», — сообщает Северцева.", ["Северцева"]),
        ("“It stays,” Smith said.", ["Smith"]),
        ("Smith said: “It stays.”", ["Smith"]),
        ("“It goes,” said Jack London.", ["Jack London"]),
        ("«Мост стоит», — сказал Петров.", ["Петров"]),
        # What stands beside a name is no part of it.
        ("Britain's Johnson said: “It stays.”", ["Johnson"]),
        ("“It stays,” Berlin-based Brandt said.", ["Brandt"]),
        ("Глава МИД Лавров сказал: «Мост стоит».", ["Лавров"]),
        ("«Мост стоит», — цитирует Тарханина РИА Новости.", ["Тарханина"]),
        ("Пресс-служба Кремля сообщила: «Мост стоит».", [None]),
        ("ГЛЕБ ТАРХАНИН: «Мост стоит».", ["ГЛЕБ ТАРХАНИН"]),
        # Either, or both.
        ("Ada Brandt and Ben Kolar said: “It stays.”", [None]),
        ("“It stays,” said Ada Brandt and Ben Kolar.", [None]),
        ("«Мост стоит», — заявили Северцева и Тарханин.", [None]),
        # The words of a link.
        ("[Ada Brandt](https://example.org/ada): “It stays.”", [ADA]),
        ("“It stays,” [said Ada Brandt](https://example.org/ada).", [ADA]),
        ("[“It stays”](pell.txt), said Ada Brandt.", [ADA]),
        ("“It stays”[1](https://example.org/ada), said Ada Brandt.", [ADA]),
        # A credit line inside a block quote.
        ("> It stays\n> as it is.\n>\n> — Ada Brandt, Mayor\n", [ADA]),
        # Russian.
        ("«Мост стоит». Глеб Тарханин ответил: «Нет».", [None, "Глеб Тарханин"]),
        (
            "Аглая Северцева сказала: «Мост стоит».\nГлеб Тарханин ответил: «Нет».",
            ["Аглая Северцева", "Глеб Тарханин"],
        ),
        (
            "«Мост стоит», — сказала Аглая Северцева, — «пока».",
            ["Аглая Северцева", "Аглая Северцева"],
        ),
        (
            "«Мост стоит», — сказала Аглая Северцева, а Глеб Тарханин ответил: «Нет».",
            ["Аглая Северцева", "Глеб Тарханин"],
        ),
        (
            "«Мост стоит», — сказала Аглая Северцева. «Нет», — ответил Глеб Тарханин.",
            ["Аглая Северцева", "Глеб Тарханин"],
        ),
        (
            "«Мост стоит», — сказала она. По словам Глеба Тарханина, «нет».",
            [None, "Глеба Тарханина"],
        ),
        ("Глеб Тарханин заявил, что «мост стоит», и добавил: «Пока».", ["Глеб Тарханин", None]),
        ("«Мост стоит» (Северцева, 2024), «нет» (Тарханин, 2023).", ["Северцева", "Тарханин"]),
    ],
)
def test_each_quotation_has_its_own_speaker(draft: str, expected: list[str | None]) -> None:
    assert speakers(draft) == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (
            "“It stays” (Brandt, 4 March 2024), Kolar said: “It goes.”",
            [("Brandt", "2024-03-04"), ("Kolar", None)],
        ),
        (
            "“It stays,” Ada Brandt said, and Ben Kolar replied on 5 March 2024: “It goes.”",
            [(ADA, None), (BEN, "2024-03-05")],
        ),
        (
            "“It stays,” Ada Brandt said on 4 March 2024, and Ben Kolar replied: “It goes.”",
            [(ADA, "2024-03-04"), (BEN, None)],
        ),
        (
            "“It stays” — Ada Brandt, 4 March 2024\n“It goes” — Ben Kolar, 5 March 2024",
            [(ADA, "2024-03-04"), (BEN, "2024-03-05")],
        ),
        (
            "Ada Brandt said: “It stays,” as Ben Kolar reported on 5 March 2024.",
            [(ADA, None)],
        ),
        (
            "Глеб Тарханин 13 апреля 2024 года сказал: «Мост стоит».",
            [("Глеб Тарханин", "2024-04-13")],
        ),
        ("Ada Brandt in May 2022 said “it stays”.", [(ADA, "2022-05")]),
        (
            "“It stays,” Ada Brandt said on 4 March 2024, “for now.”",
            [(ADA, "2024-03-04"), (ADA, "2024-03-04")],
        ),
    ],
)
def test_each_quotation_has_its_own_date(
    draft: str, expected: list[tuple[str | None, str | None]]
) -> None:
    assert claims(draft) == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("“It stays” (pell.txt) and “it goes” (meeting.txt).", ["pell", "meeting"]),
        ("“It stays” (pell.txt) and “it goes”, said Ben Kolar.", ["pell", None]),
        ("- “It stays” — pell.txt\n- “It goes” — meeting.txt", ["pell", "meeting"]),
        ("“It stays” and “it goes” (pell.txt).", ["pell", "pell"]),
    ],
)
def test_each_quotation_has_its_own_document(draft: str, expected: list[str | None]) -> None:
    found = find_quotations(draft)
    contexts = DraftContexts(draft, found)
    sources = [find_claim(contexts.of(q), KNOWN).source for q in found]
    assert sources == [name and f"/papers/{name}.txt" for name in expected]
