"""Subtitle files: the cues' words, their times and voices, and what broken files become."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadError
from qa.readers.subtitles import clock, read_srt, read_vtt
from qa.records import BlockKind, LocatorKind, SourceText, Turn, TurnKind
from qa.structure.documents import find_documents
from qa.structure.passages import cut_passages
from qa.structure.turns import find_turns

PATH = Path("talk.srt")


def srt(text: str) -> SourceText:
    return read_srt(text.encode(), PATH)


def vtt(text: str) -> SourceText:
    return read_vtt(text.encode(), Path("talk.vtt"))


def blocks(source: SourceText) -> list[tuple[str | None, str]]:
    return [(b.speaker, source.text[b.start : b.end]) for b in source.blocks]


def times(source: SourceText) -> list[tuple[str, str]]:
    """Each time, with the words up to the next line's end."""
    assert all(mark.locator.kind is LocatorKind.TIME for mark in source.locators)
    return [
        (mark.locator.label, source.text[mark.start :].split("\n", 1)[0])
        for mark in source.locators
    ]


def turns(source: SourceText) -> list[tuple[TurnKind, str | None, str]]:
    (document,) = find_documents(source)
    assert (document.title, document.date) == (None, None)
    found: tuple[Turn, ...] = find_turns(source, document)
    return [(turn.kind, turn.speaker, source.text[turn.start : turn.end]) for turn in found]


def sentences(source: SourceText) -> list[str]:
    (document,) = find_documents(source)
    cut = cut_passages(
        source, document, find_turns(source, document), lambda texts: [len(t) // 4 for t in texts]
    )
    return [source.text[s.start : s.end] for passage in cut for s in passage.sentences]


PLAIN = """1
00:00:01,000 --> 00:00:03,000
<i>We went to the harbour</i>
on Monday

2
00:00:03,000 --> 00:00:05,000 X1:10 X2:20
{\\an8}Early and saw the <font color="#ff0000">wall</font>.

3
00:00:06,000 --> 00:00:08,000
ANN LEE: Was it broken?

4
00:00:09,500 --> 00:00:10,000
- Yes.
- No, a < b &amp; c.

5
123:00:09,000 --> 123:00:19,000
[applause]

6
123:00:30,000 --> 123:00:39,000
Later.
"""
PLAIN_TEXT = (
    "We went to the harbour\non Monday\nEarly and saw the wall.\n\nANN LEE: Was it broken?\n\n"
    "- Yes.\n\n- No, a < b & c.\n\n[applause]\n\nLater.\n"
)


def test_words_times_and_paragraphs_of_a_subrip_file() -> None:
    source = srt(PLAIN)
    assert (source.format, source.reader) == ("srt", "srt/1")
    assert source.text == PLAIN_TEXT
    assert times(source) == [
        ("00:00:01", "We went to the harbour"),
        ("00:00:03", "Early and saw the wall."),
        ("00:00:06", "ANN LEE: Was it broken?"),
        ("00:00:09", "- Yes."),
        ("123:00:09", "[applause]"),
        ("123:00:30", "Later."),
    ]
    assert blocks(source) == [(None, part) for part in PLAIN_TEXT.rstrip("\n").split("\n\n")]
    assert [block.kind for block in source.blocks if block.kind is not BlockKind.PARAGRAPH] == [
        BlockKind.METADATA
    ]


@pytest.mark.parametrize(
    "changed",
    [
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace(" --> ", "-->").replace(",", "."),
        "\n\n" + PLAIN.replace("\n\n", "\n\n\n\n"),
        PLAIN.replace("\n\n", "\n"),
        PLAIN.replace("00:00:01,000", "0:00:1"),
        "".join(line for line in PLAIN.splitlines(keepends=True) if not line.strip().isdigit()),
    ],
    ids=["crlf", "bom", "dots", "blank lines", "no blank lines", "short times", "no numbers"],
)
def test_files_as_other_programs_write_and_break_them(changed: str) -> None:
    broken = srt(changed)
    if "Yes.\n- No, a < b & c." not in broken.text:  # SubRip's comma is in the words too
        assert broken.text.replace(". a < b", ", a < b") == PLAIN_TEXT
    assert len(broken.locators) == 6


def test_a_legacy_encoding() -> None:
    text = "1\n00:00:01,000 --> 00:00:03,000\nмы пришли в гавань рано утром и увидели, что стена стоит там же.\n"
    assert read_srt(text.encode("cp1251"), PATH).text == text.split("\n")[2] + "\n"


def test_times_out_of_order_stay_in_the_order_of_the_file() -> None:
    source = srt(
        "9\n00:00:09,000 --> 00:00:10,000\nLast.\n\n1\n00:00:01,000 --> 00:00:02,000\nFirst.\n"
    )
    assert times(source) == [("00:00:09", "Last."), ("00:00:01", "First.")]


def test_a_number_is_spoken_unless_it_counts_the_cues() -> None:
    source = srt(
        "7\n00:00:01,000 --> 00:00:02,000\nIt was in\n1984\n8\n00:00:02,000 --> 00:00:03,000\n9\n"
        "9\n00:00:03,000 --> 00:00:04,000\nNine.\n"
    )
    assert source.text == "It was in\n1984\n9\nNine.\n"


def test_a_cue_whose_time_is_damaged_keeps_its_words() -> None:
    source = srt(
        "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:::00 --> \nTwo.\n\n"
        "3\n00:00:03,000 -->\nThree.\n"
    )
    assert source.text == "One.\nTwo.\nThree.\n"
    assert times(source) == [("00:00:01", "One."), ("00:00:03", "Three.")]


@pytest.mark.parametrize(
    "text", ["Only words.\n", "WEBVTT\n\nNOTE nothing\n", "a --> b\n", "-->\nx"]
)
def test_files_without_cues_are_refused(text: str) -> None:
    with pytest.raises(ReadError, match="has no subtitles: expected lines such as 00:01:02,500"):
        srt(text)


def test_a_long_silence_ends_a_paragraph() -> None:
    source = srt(
        "1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:06,900 --> 00:00:08,000\ntwo\n\n"
        "3\n00:00:13,000 --> 00:00:14,000\nthree\n"
    )
    assert source.text == "One\ntwo\n\nthree\n"


# ---- WebVTT ---------------------------------------------------------------------------


VOICES = """WEBVTT - A talk
Kind: captions

STYLE
::cue { color: red }

REGION
id:fred

NOTE a --> comment
and more of it

opening
00:01.000 --> 00:03.000 align:start position:0%
<v.loud Ann  Lee>I said that

00:03.000 --> 00:05.000
<v Ann Lee>the <c.yellow>wall</c> &lt;stands&gt;&nbsp;still.
<v Bob &amp; Co>Oh no.</v> Really

NOTE
00:00 is no time

00:06.000 --> 00:07.000
<v Ann Lee>[laughs]

00:07.000 --> 00:08.000
<v Ann Lee>Yes.
"""


def test_voices_are_the_declared_speakers() -> None:
    source = vtt(VOICES)
    assert (source.format, source.reader) == ("vtt", "vtt/1")
    assert blocks(source) == [
        ("Ann Lee", "I said that\nthe wall <stands>\u00a0still."),
        ("Bob & Co", "Oh no."),
        (None, "Really"),
        (None, "[laughs]"),
        ("Ann Lee", "Yes."),
    ]
    assert times(source)[:2] == [
        ("00:00:01", "I said that"),
        ("00:00:03", "the wall <stands>\u00a0still."),
    ]
    assert turns(source) == [
        (TurnKind.SPEECH, "Ann Lee", "I said that\nthe wall <stands>\u00a0still."),
        (TurnKind.SPEECH, "Bob & Co", "Oh no."),
        (TurnKind.NARRATION, None, "Really"),
        (TurnKind.BOILERPLATE, None, "[laughs]"),
        (TurnKind.SPEECH, "Ann Lee", "Yes."),
    ]
    assert sentences(source)[0] == "I said that\nthe wall <stands>\u00a0still."


ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
_
hello<00:00:00.500><c> world</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
hello world
_

00:00:02.010 --> 00:00:04.000 align:start position:0%
hello world
this<00:00:03.000><c> is</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
this is
_

00:00:04.010 --> 00:00:06.000 align:start position:0%
this is
the end
""".replace("_", " ")


def test_rolling_captions_are_kept_once() -> None:
    source = vtt(ROLLING)
    assert source.text == "hello world\nthis is\nthe end\n"
    assert times(source) == [
        ("00:00:00", "hello world"),
        ("00:00:02", "this is"),
        ("00:00:04", "the end"),
    ]


def test_what_is_said_twice_is_kept_twice() -> None:
    source = srt("1\n00:00:01,000 --> 00:00:02,000\nNo!\n\n2\n00:00:02,000 --> 00:00:03,000\nNo!\n")
    assert source.text == "No!\nNo!\n"


# ---- who speaks -----------------------------------------------------------------------


def test_labels_hold_until_somebody_else_may_speak() -> None:
    source = srt(
        """1
00:00:01,000 --> 00:00:03,000
ANN LEE: I think we

2
00:00:03,000 --> 00:00:05,000
London people are right.

3
00:00:05,000 --> 00:00:06,000
[coughs]

4
00:00:06,000 --> 00:00:07,000
News
Share

5
00:00:09,000 --> 00:00:10,000
BOB RAY: Are you sure of it?

6
00:00:10,000 --> 00:00:12,000
- I am.

7
00:00:12,000 --> 00:00:14,000
ANN LEE: We are.

8
00:00:34,000 --> 00:00:44,000
Much later.
"""
    )
    assert turns(source) == [
        (TurnKind.LABEL, "ANN LEE", "ANN LEE:"),
        (TurnKind.SPEECH, "ANN LEE", "I think we\nLondon people are right."),
        (TurnKind.BOILERPLATE, None, "[coughs]"),
        (TurnKind.SPEECH, "ANN LEE", "News\nShare"),
        (TurnKind.LABEL, "BOB RAY", "BOB RAY:"),
        (TurnKind.SPEECH, "BOB RAY", "Are you sure of it?"),
        (TurnKind.NARRATION, None, "- I am."),
        (TurnKind.LABEL, "ANN LEE", "ANN LEE:"),
        (TurnKind.SPEECH, "ANN LEE", "We are."),
        (TurnKind.NARRATION, None, "Much later."),
    ]
    assert sentences(source)[0] == "I think we\nLondon people are right."


def test_a_minister_in_capitals_ends_the_turn_of_the_one_who_asked() -> None:
    source = srt(
        """1
00:00:01,000 --> 00:00:03,000
MR TENNANT (Eastmarsh): Will we see
the ferry sail again?

2
00:00:03,000 --> 00:00:05,000
THE MINISTER OF TRANSPORT (MS BOND):
We shall, on 3 May.

3
00:00:05,000 --> 00:00:07,000
THE LADY OF THE HARBOUR, ITS LIGHTS AND
THE BEACONS OF MERE (MS ANN LEE): I doubt it.
"""
    )
    speech = [turn for turn in turns(source) if turn[0] is not TurnKind.LABEL]
    assert speech == [
        (TurnKind.SPEECH, "MR TENNANT", "Will we see\nthe ferry sail again?"),
        (TurnKind.SPEECH, "MS BOND", "We shall, on 3 May."),
        (
            TurnKind.NARRATION,
            None,
            "THE LADY OF THE HARBOUR, ITS LIGHTS AND\n\n"
            "THE BEACONS OF MERE (MS ANN LEE): I doubt it.",
        ),
    ]


def test_whatever_name_a_meeting_program_writes_ends_the_turn_before() -> None:
    said = (
        "Ann Lee: Good morning, shall we begin?",
        "Bob Ray: I have a note: it failed.",
        "iPhone (2): Can you hear me?",
        "Ann Lee: Yes, we can.",
        "dave's tablet: Me too?",
    )
    source = vtt(
        "WEBVTT\n\n"
        + "\n\n".join(
            f"{at}\n00:00:0{at}.000 --> 00:00:0{at + 1}.000\n{words}"
            for at, words in enumerate(said, 1)
        )
    )
    speech = [turn for turn in turns(source) if turn[0] is not TurnKind.LABEL]
    assert speech == [
        (TurnKind.SPEECH, "Ann Lee", "Good morning, shall we begin?"),
        (TurnKind.SPEECH, "Bob Ray", "I have a note: it failed."),
        (TurnKind.NARRATION, None, "iPhone (2): Can you hear me?"),
        (TurnKind.SPEECH, "Ann Lee", "Yes, we can."),
        (TurnKind.NARRATION, None, "dave's tablet: Me too?"),
    ]


def test_a_spoken_date_or_title_is_neither() -> None:
    source = srt(
        "1\n00:00:01,000 --> 00:00:02,000\nSpeech by President Ann Lee\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\n16 May 2022\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nDear friends, I am glad that we meet.\n"
    )
    assert [(kind, who) for kind, who, _ in turns(source)] == [(TurnKind.NARRATION, None)]


# ---- any input ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ms", "shown"), [(0, "00:00:00"), (724_999, "00:12:04"), (445_509_000, "123:45:09")]
)
def test_clock(ms: int, shown: str) -> None:
    assert clock(ms) == shown


PIECES = st.sampled_from(
    [
        *(
            "WEBVTT",
            "\n",
            "\n\n",
            "1\n",
            "-->",
            "<v Ann>",
            "</v>",
            "<i>",
            "<",
            ">",
            "&amp;",
            "&#10;",
        ),
        *("&#0;", "{\\an8}", "ANN:", "- ", "[x]", "Hello ", "world.", "\r", "\u00a0", "\ud800"),
        *("NOTE ", "\x00", "STYLE\n", "é", "我", "00:00:01,000 --> 00:00:02,500\n"),
        "00:00:02.500 --> 00:00:02.501\n",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.booleans())
def test_any_file_gives_sound_records_or_a_reason(text: str, as_vtt: bool) -> None:
    data = ("1\n00:00:00,000 --> 00:00:01,000\n" + text).encode("utf-8", "surrogatepass")
    try:
        source = (read_vtt if as_vtt else read_srt)(data, PATH)
    except ReadError:
        return
    at = 0
    for block in source.blocks:
        assert at <= block.start < block.end <= len(source.text)
        assert source.text[block.start : block.end].strip()
        at = block.end
    starts = [mark.start for mark in source.locators]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(source.text) for start in starts)
    assert not {"\x00", "\ud800", "\r"} & set(source.text)
    inside = " ".join(source.text[b.start : b.end] for b in source.blocks)
    assert inside.split() == source.text.split()
    for document in find_documents(source):
        find_turns(source, document)


@pytest.mark.parametrize(
    "data",
    [
        b"-->\n" * 100_000 + b"00:00:01,000 --> 00:00:02,000\nx",
        b"00:00:01,000 --> 00:00:02,000\n" + b"<" * 500_000 + b"<v a>" * 50_000,
        b"00:00:01,000 --> 00:00:02,000\n" + b"<v " * 150_000 + b"&a{\\" * 100_000,
        b"00:00:01,000 --> 00:00:02,000\n" + b"A " * 500_000 + b" " * 500_000 + b"-->",
        b"00:00:01,000 --> 00:00:02,000\n" + b"a\n" * 100_000 + b"00:00:02,000 --> 00:00:02,000\n" + b"a\n" * 100_000,
    ],
    ids=["arrows", "angles", "voices", "spaces", "repeated"],
)  # fmt: skip
def test_hostile_files_take_linear_time(data: bytes) -> None:
    begun = time.process_time()
    read_srt(data, PATH)
    assert time.process_time() - begun < 5
