"""Check a draft or a single quotation against the sources."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from qa.anchoring.citations import SavedCitation, tokens_in
from qa.anchoring.resolving import Standing
from qa.check.attribution import ClaimResult, verify_claim
from qa.check.attribution_context import AttributionContext, DraftContexts
from qa.check.claimed_speakers import KnownNames
from qa.check.claims import find_claim
from qa.check.corpus_view import CorpusView, Place, WordingResult, matches_at
from qa.check.drift import resolve
from qa.check.quotation_warnings import context_warnings, crosses, warnings_of
from qa.check.quotations import find_quotations, spoken
from qa.check.records import (
    MOST_QUOTATIONS,
    Attribution,
    CheckedQuotation,
    CheckReport,
    CitedToken,
    Claim,
    Mark,
    Match,
    Note,
    NoteKind,
    Quotation,
    Warned,
    Wording,
)
from qa.check.shortened import interruptions_in
from qa.check.wording import find_words
from qa.errors import InvalidQuery
from qa.records import ContextWarning, Span
from qa.store.protocol import LibraryReader
from qa.store.source_names import resolve_source

_LETTER = re.compile(r"[^\W_]")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class Checker:
    """Checks against one library. What it reads is cached until the library changes. Threads may
    share it; they wait for each other."""

    def __init__(self, store: LibraryReader, citations: Iterable[SavedCitation] = ()) -> None:
        """`citations` are those that tokens in drafts may stand for (`SavedCitations`, for one);
        they are read anew for each draft that holds a token."""
        self._store = store
        self._citations = citations
        self._lock = threading.Lock()
        self._corpus: CorpusView | None = None
        self._generation = -1

    def draft(
        self, text: str, *, blocks: tuple[Span, ...] = (), most: int = MOST_QUOTATIONS
    ) -> CheckReport:
        """Check every quotation of a draft, all against one state of the library.

        `blocks` are the stretches that the draft's format marks as block quotes. Of more than
        `most` quotations the first are checked; the report has the others as `unchecked`.
        """
        if most < 1:
            raise InvalidQuery(f"most is {most}, expected at least 1 quotation")
        every = find_quotations(text, blocks)
        contexts = DraftContexts(text, every)
        quotations, left = every[:most], every[most:]
        checked = []
        done: dict[str, _CheckedWords] = {}
        tokens = list(tokens_in(text))
        kept = {one.token: one for one in self._citations} if tokens else {}
        with self._opened() as corpus:
            known = _known(corpus)
            for quotation in quotations:
                words = spoken(quotation)
                if words not in done:
                    done[words] = _check_words(corpus, words)
                # What stands inside another quotation is that one's claim.
                inside = quotation.depth > 0
                claim = Claim() if inside else _claim(contexts, quotation, known, kept)
                checked.append(_checked(corpus, quotation, done[words], claim))
            cited = tuple(_cited(corpus.store, match, kept) for match in tokens)
        unchecked = tuple(Span(quotation.start, quotation.end) for quotation in left)
        return CheckReport(text, tuple(checked), cited, unchecked)

    def quote(
        self,
        quote: str,
        *,
        source: str | None = None,
        speaker: str | None = None,
        date: str | dt.date | None = None,
    ) -> CheckedQuotation:
        """Check one quotation, and what is claimed of it.

        Quotation marks around the whole are no part of it. `source` is a source's path or the
        end of it, `date` YYYY-MM-DD, YYYY-MM or YYYY. Raises InvalidQuery for a quotation
        without words or a date of another form, UnknownSource for a source there is not.
        """
        text = _bare(quote)
        if not _LETTER.search(text):
            raise InvalidQuery(f"the quotation {quote[:40]!r} has no word in it: give its words")
        claimed = _claimed_date(date)
        start = quote.find(text)
        outer = Span(0, len(quote))
        quotation = Quotation(text, start, start + len(text), outer, Mark.GIVEN)
        with self._opened() as corpus:
            path = resolve_source(corpus.store, source) if source is not None else None
            claim = Claim((speaker or "").strip() or None, claimed, path)
            return _checked(corpus, quotation, _check_words(corpus, text), claim)

    def warnings(self, source: str, start: int, end: int) -> tuple[ContextWarning, ...]:
        """Return how the words around a span of a source affect its meaning, for quotes that an
        answer shows. Raises UnknownSource."""
        with self._opened() as corpus:
            path = resolve_source(corpus.store, source)
            text_id = next(one.text_id for one in corpus.sources if one.path == path)
            return tuple(context_warnings(corpus, text_id, Span(start, end)))

    @contextmanager
    def _opened(self) -> Iterator[CorpusView]:
        with self._lock, self._store.snapshot() as generation:
            if self._corpus is None or self._generation != generation:
                self._corpus, self._generation = CorpusView(self._store), generation
            yield self._corpus


def _claim(
    contexts: DraftContexts,
    quotation: Quotation,
    known: KnownNames,
    kept: Mapping[str, SavedCitation],
) -> Claim:
    """Return what a draft claims about a quotation, by a citation token beside it too."""
    around = contexts.of(quotation)
    claim = _with_interruptions(quotation, find_claim(around, known), known)
    if claim.source is None:
        for near in (f"{around.before} {around.after} {around.note}", around.sentence):
            sources = {kept[m.group()].source for m in tokens_in(near) if m.group() in kept}
            if sources:
                one = next(iter(sources)) if len(sources) == 1 else None
                return replace(claim, source=one)
    return claim


def _with_interruptions(quotation: Quotation, claim: Claim, known: KnownNames) -> Claim:
    """Return the claim with the speaker named inside the quotation («…, — сказал X, — …»)."""
    for words in interruptions_in(quotation.text):
        own = find_claim(AttributionContext("", f", — {words}."), known)
        if own.speaker is not None:
            return replace(claim, speaker=own.speaker, date=own.date or claim.date)
    return claim


def _cited(
    store: LibraryReader, match: re.Match[str], kept: Mapping[str, SavedCitation]
) -> CitedToken:
    """Return what a token in a draft refers to now."""
    token, (start, end) = match.group(), match.span()
    if token not in kept:
        message = "no citation is kept under this token"
        return CitedToken(token, start, end, Standing.GONE, message)
    now = resolve(store, kept[token])
    return CitedToken(token, start, end, now.standing, now.message)


def _bare(quote: str) -> str:
    """Return a quotation without marks around the whole of it."""
    text = quote.strip()
    found = find_quotations(text)
    whole = [q for q in found if q.outer.start == 0 and q.outer.end == len(text)]
    return whole[0].text if whole and whole[0].mark is Mark.QUOTES else text


def _claimed_date(date: str | dt.date | None) -> str | None:
    if date is None:
        return None
    if isinstance(date, dt.date):
        return date.isoformat()[:10]
    if _DATE.fullmatch(date.strip()) is None:
        raise InvalidQuery(
            f"date is {date!r}, expected YYYY-MM-DD, YYYY-MM or YYYY, such as 2022-05-16"
        )
    return date.strip()


def _known(corpus: CorpusView) -> KnownNames:
    return KnownNames.of(
        (source.path for source in corpus.sources),
        corpus.store.names().titles,
        (speaker.name for speaker in corpus.speakers),
        (speaker.role for speaker in corpus.speakers if speaker.role),
    )


@dataclass(frozen=True, slots=True)
class _CheckedWords:
    """What was found of some words, with everything that no claim changes.

    `matches` are those of `pairs`: a draft may quote one common word thousands of times, and
    all these quotations then share one list of places.
    """

    words: WordingResult
    pairs: tuple[tuple[Place, Match], ...]
    matches: tuple[Match, ...]
    warnings: tuple[Warned, ...]


def _check_words(corpus: CorpusView, text: str) -> _CheckedWords:
    words = find_words(corpus, text)
    places = _least_crossing(corpus, words.places)
    pairs = tuple((place, match) for place in places for match in matches_at(corpus, place))
    matches = tuple(match for _, match in pairs)
    return _CheckedWords(words, pairs, matches, _warnings(corpus, words, pairs[:1]))


def _warnings(
    corpus: CorpusView, words: WordingResult, pairs: Sequence[tuple[Place, Match]]
) -> tuple[Warned, ...]:
    """Return the warnings on the place that is shown first."""
    if not words.wording.verified or not pairs:
        return ()
    return warnings_of(corpus, *pairs[0], words.fragments)


def _checked(
    corpus: CorpusView, quotation: Quotation, looked: _CheckedWords, claim: Claim
) -> CheckedQuotation:
    words, pairs, warnings = looked.words, looked.pairs, looked.warnings
    matches = looked.matches
    judged = ClaimResult(Attribution.NO_CLAIM)
    if words.wording is not Wording.ABSENT:
        judged = verify_claim(corpus, claim, pairs)
    if judged.best:
        # The place that the draft means leads, so that what is shown of it is of that one.
        best = judged.best
        matches = (matches[best], *matches[:best], *matches[best + 1 :])
        warnings = _warnings(corpus, words, (pairs[best],))
    notes = judged.notes
    if words.capped:
        notes = (*notes, Note(NoteKind.PLACES))
    return CheckedQuotation(
        text=quotation.text,
        start=quotation.start,
        end=quotation.end,
        verdict=words.wording,
        matches=matches,
        attribution=judged.attribution,
        warnings=warnings,
        changes=words.changes,
        claimed=claim,
        notes=notes,
        depth=quotation.depth,
        mark=quotation.mark,
    )


def _least_crossing(corpus: CorpusView, places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the completions of a shortened quotation that stay within one turn, if any do."""
    if not places or places[0].wording is not Wording.SHORTENED:
        return places
    within = tuple(place for place in places if not crosses(corpus, place))
    return within or places
