"""Measures the check of quotations: a generated suite, and speed.

    python benchmarks/checking.py            the suite over the sample and ../shared/corpus
    python benchmarks/checking.py --speed    a 10,000-word draft against 100,000 passages
    python benchmarks/checking.py --edits    kept citations after 2,000 random edits

Everything follows from --seed. Exit status 1 when a figure misses its aim.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from checking_cases import Case, Corpus, Sentence, make_cases  # noqa: E402
from checking_edits import (  # noqa: E402
    Edited,
    came_from,
    edit,
    is_indistinguishable,
    true_place,
)
from checking_speed import make_draft, make_library  # noqa: E402

from qa.anchoring.citations import SavedCitation, citation_in_text  # noqa: E402
from qa.anchoring.resolving import Standing, resolve_in  # noqa: E402
from qa.check.checker import Checker  # noqa: E402
from qa.check.records import CheckedQuotation  # noqa: E402
from qa.language.sentences import split_sentences  # noqa: E402
from qa.records import TurnKind  # noqa: E402
from qa.store.protocol import LibraryStore  # noqa: E402
from qa.store.source_names import text_of  # noqa: E402
from tests.support.checking_samples import CORPUS, SAMPLE, folder_of, store_of  # noqa: E402

HONEST_AIM = 0.995
SPEED_AIM = 5.0
HOSTILE_AIM = 30.0
_KINDS = (TurnKind.SPEECH, TurnKind.QUOTATION, TurnKind.NARRATION)


def corpus_of(store: LibraryStore) -> Corpus:
    """All sentences of at least six words, with what the sources say of them."""
    sentences: list[Sentence] = []
    texts, speakers, dates, sources = [], set(), set(), []
    for source in store.sources():
        text = text_of(store, source.path)
        documents, turns = store.structure(source.path)
        texts.append(text)
        sources.append(source.path)
        dates.update(d.date for d in documents if d.date)
        for number, turn in enumerate(turns):
            if turn.kind not in _KINDS:
                continue
            if turn.speaker and not turn.speaker.startswith("The "):  # an office, not a name
                speakers.add(turn.speaker)
            date = documents[turn.document].date
            for span in split_sentences(text, turn.start, turn.end):
                words = text[span.start : span.end]
                if len(words.split()) >= 6 and "\n" not in words:
                    speaker = turn.speaker if turn.kind is not TurnKind.NARRATION else None
                    sentences.append(
                        Sentence(source.path, span.start, span.end, words, speaker, date, number)
                    )
    return Corpus(sentences, texts, sorted(speakers), sorted(dates), sources)


def passes(case: Case, found: CheckedQuotation) -> bool:
    """Whether the check says of a case what it must."""
    if case.want == "verified":
        return found.verdict.verified and any(
            match.source == case.sentence.source
            and match.start >= case.sentence.start - 1
            and match.end <= case.sentence.end + 1
            for match in found.matches
        )
    if case.want == "not verified":
        return not found.verdict.verified
    if case.want == "warned":
        kinds = {warned.kind for warned in found.warnings}
        return not found.verdict.verified or any(k.startswith("omitted_") for k in kinds)
    return found.attribution.value == case.want


def run_suite(count: int, seed: int, show: int) -> bool:
    """Run the suite and print a table; whether both aims are met."""
    folders = [folder for folder in (SAMPLE, CORPUS) if folder.is_dir()]
    with (
        tempfile.TemporaryDirectory() as place,
        store_of(Path(place), folder_of(*folders)) as store,
    ):
        corpus = corpus_of(store)
        checker = Checker(store)
        right: Counter[tuple[bool, str]] = Counter()
        total: Counter[tuple[bool, str]] = Counter()
        began = time.perf_counter()
        for case in make_cases(corpus, count, seed):
            found = checker.quote(case.quote, **dict(case.claim))
            key = (case.honest, case.kind)
            total[key] += 1
            good = passes(case, found)
            right[key] += good
            if not good and show > 0:
                show -= 1
                print(f"MISSED {case.kind}: {case.quote!r}\n   of {case.sentence.text!r}")
                print(f"   said {found.verdict.value}, {found.attribution.value}, {found.changes}")
        took = time.perf_counter() - began
    return _print_table(right, total, took)


def _print_table(
    right: Counter[tuple[bool, str]], total: Counter[tuple[bool, str]], took: float
) -> bool:
    rates = {}
    for honest in (True, False):
        print("honest variants accepted" if honest else "wrong ones detected")
        for key in sorted(key for key in total if key[0] is honest):
            print(f"  {key[1]:24} {right[key]:5} of {total[key]:5}")
        have = sum(count for key, count in right.items() if key[0] is honest)
        all_of = sum(count for key, count in total.items() if key[0] is honest)
        rates[honest] = have / max(1, all_of)
        print(f"  {'all':24} {have:5} of {all_of:5}  {100 * rates[honest]:.2f} %")
    cases = sum(total.values())
    print(f"{cases} cases in {took:.1f} s, {1000 * took / max(1, cases):.1f} ms each")
    return rates[True] >= HONEST_AIM and rates[False] == 1.0


def run_edits(count: int, seed: int) -> bool:
    """Keep a citation, edit its source, find it again, `count` times; whether none was wrong.

    A place is right if it is the old one followed through the edits, or can't be told from it:
    the same words with the same 60 characters on either side.
    """
    chance = random.Random(seed)
    folders = [folder for folder in (SAMPLE, CORPUS) if folder.is_dir()]
    texts = [data.decode() for data in folder_of(*folders).values()]
    told: Counter[str] = Counter()
    for _ in range(count):
        text = chance.choice(texts)
        start = chance.randrange(len(text) - 400)
        end = start + chance.choice((3, 8, 20, 60, 150, 300))
        kept = citation_in_text(text, "text", start, end)
        edited = edit(text, (start, end), chance.choice((1, 1, 2, 3)), chance)
        told[_told(text, kept, edited)] += 1
    for name, number in sorted(told.items()):
        print(f"  {name:40} {number:5}")
    wrong = sum(number for name, number in told.items() if name.startswith("WRONG"))
    print(f"{count} edits of sources, {wrong} silent wrong anchors")
    return wrong == 0


def _told(text: str, kept: SavedCitation, edited: Edited) -> str:
    """What the library says of a citation after edits, and whether that is so."""
    now = resolve_in(edited.text, kept)
    true = true_place(edited, kept.start, kept.end)
    if now.start is None or now.end is None:
        return f"{now.standing.value}, the words {'stand' if true is not None else 'are broken'}"
    if edited.text[now.start : now.end] != now.text:
        return "WRONG: another text than at the place"
    places = (kept.start, kept.end, now.start, now.end)
    right = now.start == true or is_indistinguishable(text, edited, *places)
    if now.standing is Standing.CHANGED or true is None:
        right = right or came_from(edited, *places)
    return f"{now.standing.value}, right" if right else f"WRONG: {now.standing.value}"


def run_speed(passages: int, words: int, quotations: int, seed: int) -> bool:
    """Time a draft against a large library, and inputs made to be slow."""
    with tempfile.TemporaryDirectory() as place:
        store, sentences = make_library(Path(place), passages, seed)
        with store:
            draft = make_draft(sentences, words, quotations, seed)
            began = time.perf_counter()
            report = Checker(store).draft(draft)
            took = time.perf_counter() - began
            verdicts = Counter(quotation.verdict.value for quotation in report.quotations)
            print(
                f"{len(draft.split())} words, {len(report.quotations)} quotations, "
                f"{store.size().passages} passages: {took:.2f} s ({dict(verdicts)})"
            )
            slowest = _time_hostile(store, sentences)
    return took <= SPEED_AIM and slowest <= HOSTILE_AIM


def _time_hostile(store: LibraryStore, sentences: list[str]) -> float:
    hostile = {
        "a million characters": "“" + " ".join(sentences * 40)[:1_000_000] + "”",
        "a a a …": "“" + "a " * 500_000 + "”",
        "the the …": "“" + "the " * 250_000 + "”",
        "10,000 quotation marks": "“" * 5_000 + "x" + "”" * 5_000 + '"' * 10_000,
        "10,000 short quotations": "“of the” " * 10_000,
        "10,000 apostrophes": "'a " * 10_000,
        "ellipses": "“" + "the … " * 20_000 + "”",
        "brackets": "“" + "[a] the " * 20_000 + "[" * 100_000 + "”",
    }
    slowest = 0.0
    checker = Checker(store)
    for name, draft in hostile.items():
        began = time.perf_counter()
        checker.draft(draft)
        took = time.perf_counter() - began
        slowest = max(slowest, took)
        print(f"  {name:24} {took:.2f} s")
    return slowest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10, help="missed cases to print")
    parser.add_argument("--edits", action="store_true", help="only the edits of sources")
    parser.add_argument("--speed", action="store_true", help="only the speed")
    parser.add_argument("--passages", type=int, default=100_000, help="of the library for --speed")
    given = parser.parse_args()
    if given.edits:
        return 0 if run_edits(2_000, given.seed) else 1
    if given.speed:
        return 0 if run_speed(given.passages, 10_000, 100, given.seed) else 1
    return 0 if run_suite(given.cases, given.seed, given.show) else 1


if __name__ == "__main__":
    sys.exit(main())
