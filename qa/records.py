"""The records that the stages hand on, one frozen type a stage.

Positions are offsets into the stored text of a source, counted in Python characters
(code points), start inclusive, end exclusive. Dates are ISO 8601 strings, of reduced
precision where the source gives no more ("2022-05-16", "2022-05", "2022"), or None.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a stored text."""

    start: int
    end: int


# ---- reading: file → SourceText ------------------------------------------------------


class BlockKind(StrEnum):
    """What a format's own markup says a stretch of text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    QUOTE = "quote"
    NOTE = "note"
    NAVIGATION = "navigation"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a marked-up source; `level` is a heading's rank (1 is the highest), else 0.

    `speaker` is who says these words where the format itself declares it (the voice of a
    subtitle's cue, the sender of a message), never a name found in the text.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    speaker: str | None = None


class LocatorKind(StrEnum):
    """What a source's places are counted in, besides lines."""

    PAGE = "page"
    TIME = "time"
    CHAPTER = "chapter"


@dataclass(frozen=True, slots=True)
class Locator:
    """A place as the source labels it: page "xii", time "00:12:04", chapter "II. The Sea"."""

    kind: LocatorKind
    label: str


@dataclass(frozen=True, slots=True)
class LocatorMark:
    """From `start` on, until the next mark, the text stands at that place."""

    start: int
    locator: Locator


@dataclass(frozen=True, slots=True)
class Link:
    """The words at [start:end) of a text refer to something.

    `target` is an address as the file has it, or, of a mark that refers to a note, where the note
    stands in the same text; such a mark is no part of the text, so that `start` is `end`.
    """

    start: int
    end: int
    target: str | Span


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader took from one file. `text` is stored as it is and never changed again.

    `blocks` are in text order and do not overlap; plain text has none. `title` and `date`
    are what the format itself declares (front matter, `<title>`, `<meta>`). `locators` are in
    text order and of one kind. `reader` names the reader and its version ("html/1"), so that
    a better one can later read again. `notes` are what a person should know about this reading
    (pages that hold no text), each a sentence without its full stop. `links` are in text order and
    do not overlap. Neither notes nor links are stored.
    """

    text: str
    format: str
    reader: str
    blocks: tuple[Block, ...] = ()
    title: str | None = None
    date: str | None = None
    locators: tuple[LocatorMark, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


# ---- structure: SourceText → Documents → Turns → Passages ----------------------------


class Boundary(StrEnum):
    """How sure it is that a document begins where it is said to."""

    FILE = "file"
    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a source. Documents of a source are in order and cover its whole text."""

    ordinal: int
    start: int
    end: int
    title: str | None
    date: str | None
    time: str | None
    place: str | None
    boundary: Boundary
    evidence: str


class TurnKind(StrEnum):
    """What a stretch of a document is, and so whether and as what it may be quoted."""

    SPEECH = "speech"
    QUESTION = "question"
    QUOTATION = "quotation"
    NARRATION = "narration"
    HEADING = "heading"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"
    LABEL = "label"

    @property
    def quotable(self) -> bool:
        """Whether passages are cut from such a turn."""
        return self in _QUOTABLE


_QUOTABLE = frozenset(
    {
        TurnKind.SPEECH,
        TurnKind.QUESTION,
        TurnKind.QUOTATION,
        TurnKind.NARRATION,
        TurnKind.CAPTION,
    }
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One contribution to a document, or a stretch of it that nobody speaks.

    Turns are in text order and do not overlap; what lies between them is white space.
    A speaker's label (`Name:`) is a turn of its own, of kind LABEL, so that a SPEECH turn
    holds the speaker's words alone. `continues` marks speech taken up again by the same
    speaker after an interruption that is not speech (a caption, a menu).
    """

    document: int
    ordinal: int
    kind: TurnKind
    start: int
    end: int
    speaker: str | None = None
    role: str | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one turn, the unit that is indexed.

    `document` and `turn` are ordinals within the source. `context` (heading, speaker) is
    given to the encoder and the lexical index before the passage's own words, and is no
    part of the quotable span.
    """

    document: int
    turn: int
    start: int
    end: int
    sentences: tuple[Span, ...]
    context: str


# ---- search: question → Query → Candidates → RankedPassages ---------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What a passage must satisfy to be searched at all. None: no such condition.

    `since` and `until` are inclusive ISO dates; a passage without a date satisfies neither.
    `speakers`, `sources` and `documents` (titles) are names as the library stores them.
    """

    speakers: tuple[str, ...] | None = None
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None

    @property
    def empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question itself says about who, and when.

    `speakers` are names as the library stores them that the question names; `unknown_speaker`
    is one it names whom the library does not know. `says` is true when the question asks what
    somebody said (their words should lead), false when it merely mentions them; `asks_who` when
    it asks who said something. `phrases` are the question's own words that were read so; `frame`
    where the question says who speaks and that they do ("did Smith say"), which is met by the
    choice of passages rather than searched for in them.
    """

    speakers: tuple[str, ...] = ()
    unknown_speaker: str | None = None
    says: bool = False
    asks_who: bool = False
    since: str | None = None
    until: str | None = None
    phrases: tuple[str, ...] = ()
    frame: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready to search with.

    `text` is what is searched for (the question, completed from the conversation if it leaned
    on one); `terms` its lexical tokens without stop words, each once, in order; `words` the
    question's own spelling of each term. `filters` are the person's; `understood` is what the
    question itself adds.
    """

    question: str
    text: str
    terms: tuple[str, ...]
    words: tuple[str, ...]
    filters: Filters
    understood: Understood


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with the score that ranks it and the evidence the score is made of.

    `fused` is the first stage's standardised sum; `interaction` the late-interaction score, at
    most 1.
    """

    passage: int
    score: float
    dense: float
    lexical: float
    fused: float
    interaction: float


NO_FILTERS = Filters()
NOTHING_UNDERSTOOD = Understood()


# ---- answering: RankedPassages → Quotes → Citations → Answer --------------------------


class Verdict(StrEnum):
    """Whether the sources answer, touch on the question, or say nothing of it."""

    ANSWERED = "answered"
    WEAK = "weak"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands and who is known to have said it, and when.

    `source` is the path under which the file was added; `lines` are 1-based, both inclusive,
    in the stored text; `locator` is the page, time or chapter of the source, where it has any;
    `passage` is the text of the passage around the quote; `prefix` and
    `suffix` are the up to 64 characters on either side (W3C TextQuoteSelector); `corrected` are
    those of "document", "date" and "speaker" that a person corrected by hand.
    """

    source: str
    document: str | None
    date: str | None
    speaker: str | None
    role: str | None
    kind: TurnKind
    start: int
    end: int
    lines: tuple[int, int]
    locator: Locator | None
    prefix: str
    suffix: str
    passage: str
    passage_start: int
    corrected: tuple[str, ...] = ()

    @property
    def page(self) -> str | None:
        """The label of the page, where the source has pages."""
        locator = self.locator
        return locator.label if locator and locator.kind is LocatorKind.PAGE else None


@dataclass(frozen=True, slots=True)
class ContextWarning:
    """Something around a quote that a reader should know before repeating it.

    `kind` is "begins_mid_sentence", "sentence_goes_on", "turned_before", "turned_after",
    "turned_next", "supposed_before", "reported_before" or "within_quotation". `text` is what
    shows it, the fuller sentence or its neighbour: characters `start` … `end` of the quote's
    source.
    """

    kind: str
    message: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of a source: `library.text(citation.source)[start:end] == text`.

    `places` are the other citations of the same words; `matched` the words of the question
    that the quote holds; `score` the ranking's, comparable within one answer only. `warnings`
    are of the first citation's place.
    """

    text: str
    start: int
    end: int
    citation: Citation
    score: float
    matched: tuple[str, ...]
    places: tuple[Citation, ...] = ()
    warnings: tuple[ContextWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """What was searched when nothing was found, and what of the question is nowhere in it.

    `unknown_words` are words of the question that occur nowhere in the library, each with the
    nearest spelling that does, or None.
    """

    passages: int
    documents: int
    filters: Filters
    unknown_words: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to a question, in its own words only.

    `quotes` are best first, and empty when the verdict is NOT_FOUND; then `misses` are the
    nearest passages, which do not answer, and `absence` says what was searched. `evidence`
    (0 to 1) is what the verdict was decided on: how likely the best passage answers.
    """

    question: str
    verdict: Verdict
    query: Query
    quotes: tuple[Quote, ...]
    evidence: float = 0.0
    misses: tuple[Quote, ...] = ()
    absence: Absence | None = None
