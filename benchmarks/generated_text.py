"""Makes documents like those that people collect, with questions whose answers are known.

    python benchmarks/generated_text.py FOLDER --passages 10000 --questions questions.json

What it is: minutes, speeches and reports in English, each of a title, a date, turns of named
speakers and paragraphs of grammatical sentences. Sentences are put together from patterns and
from some 350 common words, drawn by Zipf's law (the n-th of a kind with weight 1/(n + 2)); 4,000
names of people and places are invented, and figures are everywhere. Passages of it have 116 word
pieces on average, within the 60 to 180 that passages of real transcripts have, so that reading,
structuring, tokenising and encoding cost about what they cost there.

What it is not: text with a meaning. Sentences do not follow from one another and topics do not
last, so it says nothing about the quality of answers. The planted questions (each asks for
one fact, which stands in one sentence of one document) only show that searching took place.

Everything follows from the seed. Nothing but the standard library is imported.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

# Measured on these documents: how many sentences fill a passage, on average.
SENTENCES_A_PASSAGE = 6.2

_WORDS = {
    "noun": """government report people country year committee budget law plan water school
    decision work region agreement question company market road project city minister election
    price hospital system policy security river port bridge railway power station farm forest fund
    tax union programme service law court report harvest winter summer village district council
    service contract border trade bank loan debt wage pension teacher doctor nurse engineer worker
    fisherman farmer driver student child family citizen voter judge lawyer officer army defence
    treaty sanction refugee aid food wheat grain flour bread milk meat fish timber coal gas oil
    pipeline grid turbine dam reservoir canal lock quay harbour ferry ship truck tram bus station
    platform tunnel viaduct embankment flood drought fire storm snow ice rain heat climate soil
    species bird salmon wolf hive archive museum library theatre church monument map letter record
    survey census statistic sample laboratory vaccine medicine clinic disease patient ward
    ambulance rescue police prison trial verdict appeal statute clause amendment motion vote
    majority opposition coalition mandate deadline delay cost estimate revenue subsidy tariff
    invoice audit inspection licence permit standard certificate warning notice leaflet newspaper
    broadcast network cable satellite software database password camera drone radar sensor
    battery engine boiler pump valve gauge meter lamp roof wall fence gate yard garden meadow""",
    "verb": """approved reported described supported rejected opened closed built repaired
    promised announced discussed changed increased reduced financed delayed finished inspected
    measured replaced questioned defended criticised welcomed postponed signed published drafted
    examined ordered bought sold leased restored protected abandoned extended suspended adopted
    reviewed explained confirmed denied corrected recommended requested received recorded counted
    """,
    "base": """approve report describe support reject open close build repair change increase
    reduce finance delay finish inspect measure replace defend publish examine order buy sell
    lease restore protect abandon extend suspend adopt review explain confirm correct recommend
    """,
    "adjective": """new national local public large small first last long early important old
    common next regional economic serious annual joint independent temporary permanent northern
    southern eastern western rural urban legal medical technical financial military civil
    environmental historic empty full heavy light narrow broad cheap expensive reliable safe
    dangerous urgent modest remarkable unexpected difficult simple separate final preliminary""",
    "unit": """crowns tonnes households kilometres hectares litres pages jobs seats beds metres
    megawatts passengers vehicles signatures letters complaints samples volumes shares""",
    "adverb": """again already finally quickly slowly carefully openly quietly twice seldom often
    together alone officially reluctantly gradually immediately recently""",
    "office": """Minister of Transport|Minister of Agriculture|President of the Assembly|Mayor|
    Chair of the Finance Committee|Director of the Port Authority|Chief Engineer|Ombudsman|
    Secretary of the Trade Union|Head of the Statistical Office|Rector of the University""",
    "given": """Anna Maria Olav Elena Tomas Karin Jonas Ruth Pavel Nadia Erik Clara Hugo Irina
    Simon Vera Leon Marta David Ingrid Felix Rosa Stefan Helen Oskar Julia Anton Edith Victor Alma
    """,
    "body": """council|committee|ministry|court|commission|company|union|board|university|
    authority|association|assembly|agency|foundation|parliament|delegation""",
}
_SYLLABLES = """bar bel bor cal car dal den dor el er fal gar gil hal hart hel ber is kel kor lan
lind lor mar mel mor nar nes nor ost pel pol ran ros sal sel sol tal tan tor ul van vel ver wen wil
zan""".split()
_ENDINGS = {"person": "sen man ov ner ini berg ska well ard".split()}
_ENDINGS["place"] = "burg ford ia stad wick mere haven dale port minster".split()

# Each {kind} is drawn; so are {number}, {year}, {month}, {person}, {place}.
_PATTERNS = """The {body} of {place} {verb} the {adjective} {noun} in {month} {year}.
In {year} the {noun} cost {number} million {unit}, which is {percent} per cent more than the {noun} of {place}.
We {verb} the {noun} and the {noun} {adverb}, because the {adjective} {body} had {verb} neither the {noun} nor the {noun} before {month}.
{person} {verb} that the {noun} of {place} would {base} the {adjective} {noun} by {year}.
There were {number} {unit} in {place}, and only {percent} per cent of them had no {adjective} {noun}.
I do not believe that any {adjective} {noun} can {base} the {noun} without the {body}.
According to {person}, the {noun} should be {adverb} {verb}, although nobody in {place} has {verb} the {noun}.
When the {body} {verb} the {noun}, the {adjective} {noun} of {place} was {adverb} {verb}, and {number} {unit} were lost.
Why has the {adjective} {noun} not been {verb} since {month} {year}?
It was {person} who {verb} the {noun}; the {body} {verb} it {adverb} in {year}.
If the {noun} is not {verb} by {month}, the {body} will {base} the {noun}, the {noun} and the {adjective} {noun} of {place}.
Our {noun} is {adjective}, and our {noun} has been {adverb} {verb}.
Between {year} and {year} the {unit} of {place} fell from {number} to {number}, while the {noun} {adverb} {verb} the {adjective} {noun}.
Thank you for the {adjective} {noun}.
The {noun} remains {adjective}.
""".splitlines()  # noqa: E501

# A fact that stands once, and the question for it; {where} and {who} occur nowhere else.
_FACTS = (
    (
        "The {adjective} {noun} at {where} was designed by {who} in {year}.",
        "Who designed the {noun} at {where}?",
    ),
    (
        "Repairing the {noun} of {where} cost {number} crowns and took {percent} weeks.",
        "What did repairing the {noun} of {where} cost?",
    ),
    (
        "{who} was elected to the {body} of {where} with {number} votes.",
        "How many votes did {who} get in {where}?",
    ),
    (
        "The {noun} in {where} was closed in {month} {year} because the {noun2} had failed.",
        "Why was the {noun} in {where} closed?",
    ),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A question, the sentence that answers it, and the name of the file that holds it."""

    question: str
    answer: str
    source: str


def write_documents(
    folder: Path, passages: int, *, questions: int = 300, seed: int = 2024
) -> tuple[Planted, ...]:
    """Write text files that make about `passages` passages; the questions planted in them."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(random.Random(seed))
    left = round(passages * SENTENCES_A_PASSAGE)
    every = max(1, left // max(1, questions))
    planted: list[Planted] = []
    number = 0
    while left > 0:
        size = min(left, writer.chance.randint(60, 600))
        name = f"{number // 100:03}/{number:05}.txt"
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        text, facts = writer.document(size, every)
        path.write_text(text, encoding="utf-8")
        planted.extend(Planted(question, answer, name) for question, answer in facts)
        left -= size
        number += 1
    return tuple(planted[:questions])


class _Writer:
    """Draws words, sentences and documents, one after the other, from one stream of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._since_fact = 0
        self._people = [self._invented("person") for _ in range(2_000)]
        self._places = [self._invented("place") for _ in range(2_000)]

    def document(self, sentences: int, every: int) -> tuple[str, list[tuple[str, str]]]:
        """A text of that many sentences, every so many of them a fact; the facts' questions."""
        facts: list[tuple[str, str]] = []
        lines = [self._fill("{Body} of {place}: the {adjective} {noun} and the {noun}")]
        lines += [self._fill("{month} {day}, {year}"), ""]
        speakers = [f"{self._word('office')} {self._full_name()}" for _ in range(3)]
        while sentences > 0:
            size = min(sentences, self.chance.randint(2, 9))
            sentences -= size
            words = " ".join(self._sentence(every, facts) for _ in range(size))
            # Half of what people collect is spoken, half is written.
            spoken = self.chance.random() < 0.5
            lines += [f"{self.chance.choice(speakers)}: {words}" if spoken else words, ""]
        return "\n".join(lines), facts

    def _sentence(self, every: int, facts: list[tuple[str, str]]) -> str:
        self._since_fact += 1
        if self._since_fact < every:
            text = self._fill(self.chance.choice(_PATTERNS))
            return text[0].upper() + text[1:]
        self._since_fact = 0
        answer, question = self.chance.choice(_FACTS)
        # A place and a person of its own: nothing else in the folder is about them.
        surname = self._invented("person") + self._invented("person").lower()
        own = {
            "where": self._invented("place") + self._invented("place").lower(),
            "who": f"{self._word('given')} {surname}",
            "noun": self._word("noun"),
        }
        facts.append((self._fill(question, own), self._fill(answer, own)))
        return facts[-1][1]

    def _fill(self, pattern: str, own: dict[str, str] | None = None) -> str:
        parts = pattern.replace("}", "{").split("{")
        for i in range(1, len(parts), 2):
            parts[i] = (own or {}).get(parts[i]) or self._drawn(parts[i])
        return "".join(parts)

    def _drawn(self, kind: str) -> str:
        chance = self.chance
        match kind:
            case "person":
                return self._full_name()
            case "place":
                return self._zipf(self._places)
            case "number":
                return f"{round(10 ** chance.uniform(1, 5.5)):,}"
            case "percent":
                return f"{chance.randint(2, 97)}"
            case "year":
                return str(chance.randint(1961, 2024))
            case "month":
                return chance.choice(_MONTHS)
            case "day":
                return str(chance.randint(1, 28))
            case "Body":
                return self._word("body").capitalize()
            case "noun2":
                return self._word("noun")
            case _:
                return self._word(kind)

    def _full_name(self) -> str:
        return f"{self._word('given')} {self._zipf(self._people)}"

    def _word(self, kind: str) -> str:
        return self._zipf(_words(kind))

    def _zipf(self, words: Sequence[str]) -> str:
        return self.chance.choices(words, cum_weights=_weights(len(words)))[0]

    def _invented(self, kind: str) -> str:
        stem = "".join(self.chance.choices(_SYLLABLES, k=self.chance.choice((1, 1, 2))))
        return (stem + self.chance.choice(_ENDINGS[kind])).capitalize()


_MONTHS = """January February March April May June July August September October November
December""".split()


@cache
def _words(kind: str) -> tuple[str, ...]:
    text = _WORDS[kind]
    words = [word.strip() for word in text.split("|")] if "|" in text else text.split()
    return tuple(dict.fromkeys(words))


@cache
def _weights(count: int) -> tuple[float, ...]:
    """Zipf's law, added up."""
    return tuple(accumulate(1 / (rank + 2) for rank in range(1, count + 1)))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=10_000, metavar="N")
    parser.add_argument("--questions", type=Path, metavar="FILE.json", help="write them there")
    parser.add_argument("--seed", type=int, default=2024)
    given = parser.parse_args(arguments)
    planted = write_documents(given.folder, given.passages, seed=given.seed)
    if given.questions is not None:
        given.questions.write_text(json.dumps([asdict(item) for item in planted], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
