"""Messages: whose words are whose, by whom and when, and what is left out."""

from __future__ import annotations

import base64
import contextlib
import quopri
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ReadError
from qa.readers.mail.reader import read_eml
from qa.readers.mail.replies import Origin, is_quoted, origins
from qa.records import BlockKind, SourceText, TurnKind
from qa.structure.documents import find_documents
from qa.structure.passages import cut_passages
from qa.structure.turns import find_turns

PATH = Path("a.eml")
HEAD = b"From: Ann Lee <ann@example.org>\nDate: Tue, 4 Jun 2024 23:50:00 -0800\nSubject: The wall\n"

REPLY = """From: =?utf-8?B?0JDQvdC90LAg0JvQuA==?= <anna@example.org>\r
To: "Doe, Jane" <jane@example.org>, bob@example.org\r
Subject: =?utf-8?Q?The_wall_=E2=80=93?=\r
 =?utf-8?Q?_again?=\r
Date: Tue, 4 Jun 2024 23:50:00 -0800\r
Content-Type: text/plain; charset=utf-8; format=flowed\r
\r
Hello Bob,\r
\r
I think that the wall needs the Parish \r
Council's help. We repaired it in March.\r
\r
On Mon, Jun 3, 2024 at 10:00 AM Bob Ray\r
<bob@example.org> wrote:\r
\r
> Who pays?\r
>\r
> > I asked.\r
\r
The council pays.\r
\r
-- \r
Anna\r
Harbour office\r
"""


def read(text: str) -> SourceText:
    return read_eml(text.encode(), PATH)


def blocks(source: SourceText) -> list[tuple[BlockKind, str | None, str]]:
    return [(b.kind, b.speaker, source.text[b.start : b.end]) for b in source.blocks]


def turns(source: SourceText) -> list[tuple[TurnKind, str | None, str]]:
    (document,) = find_documents(source)
    assert (document.title, document.date) == (source.title, source.date)
    return [
        (turn.kind, turn.speaker, source.text[turn.start : turn.end])
        for turn in find_turns(source, document)
    ]


def test_the_sender_speaks_and_the_quoted_do_not() -> None:
    source = read(REPLY)
    assert (source.format, source.reader, source.notes) == ("eml", "eml/1", ())
    assert source.title == "The wall – again"
    assert source.date == "2024-06-04"
    head = (
        'From: Анна Ли <anna@example.org>\nTo: "Doe, Jane" <jane@example.org>, bob@example.org\n'
        "Date: Tue, 4 Jun 2024 23:50:00 -0800\nSubject: The wall – again"
    )
    assert source.text == head + "\n" + REPLY.replace("\r\n", "\n").partition("flowed\n")[2]
    anna = "Анна Ли"
    assert blocks(source) == [
        (BlockKind.METADATA, None, head),
        (BlockKind.PARAGRAPH, anna, "Hello Bob,"),
        (
            BlockKind.PARAGRAPH,
            anna,
            "I think that the wall needs the Parish \nCouncil's help. We repaired it in March.",
        ),
        (
            BlockKind.METADATA,
            None,
            "On Mon, Jun 3, 2024 at 10:00 AM Bob Ray\n<bob@example.org> wrote:",
        ),
        (BlockKind.QUOTE, None, "> Who pays?"),
        (BlockKind.QUOTE, None, "> > I asked."),
        (BlockKind.PARAGRAPH, anna, "The council pays."),
        (BlockKind.METADATA, None, "-- \nAnna\nHarbour office"),
    ]
    assert [(kind, who) for kind, who, _ in turns(source)] == [
        (TurnKind.BOILERPLATE, None),
        (TurnKind.SPEECH, anna),
        (TurnKind.BOILERPLATE, None),
        (TurnKind.NARRATION, None),
        (TurnKind.SPEECH, anna),
        (TurnKind.BOILERPLATE, None),
    ]


def test_a_sentence_over_two_wrapped_lines_is_one() -> None:
    source = read(REPLY)
    (document,) = find_documents(source)
    found = find_turns(source, document)
    cut = cut_passages(source, document, found, lambda texts: [len(text) // 4 for text in texts])
    assert [source.text[s.start : s.end] for passage in cut for s in passage.sentences] == [
        "Hello Bob,",
        "I think that the wall needs the Parish \nCouncil's help.",
        "We repaired it in March.",
        "> Who pays?",
        "> > I asked.",
        "The council pays.",
    ]


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("Tue, 4 Jun 2024 23:50:00 -0800", "2024-06-04"),
        ("5 Jun 2024 00:10 +1200", "2024-06-05"),
        ("Wed, 31 Feb 2024 00:10:00 +0000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_day_is_that_of_the_senders_zone(field: str, day: str | None) -> None:
    assert read(f"From: a@b.c\nDate: {field}\n\nHello.").date == day


@pytest.mark.parametrize(
    ("field", "speaker"),
    [
        ("Ann Lee <ann@example.org>", "Ann Lee"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann"),
        ("ann@example.org", "ann@example.org"),
        ("ann@example.org (Ann Lee)", "ann@example.org"),
        ("Ann <ann@example.org>, Bob <bob@example.org>", None),
        ("", None),
        ("=?x-none?Q?Ann?= <ann@example.org>", None),
    ],
)
def test_who_the_sender_is(field: str, speaker: str | None) -> None:
    source = read(f"From: {field}\nSubject: x\n\nHello there.\n")
    said = source.blocks[-1]
    assert source.text[said.start : said.end] == "Hello there."
    if speaker is None and "=?" in field:
        assert said.speaker != "ann@example.org"
    else:
        assert said.speaker == speaker


# ---- replies and forwarded messages ----------------------------------------------------


def whose(text: str) -> str:
    """One letter a line: s(ender), o(ther), f(rame)."""
    lines = text.split("\n")
    return "".join(
        origin.value[0] for origin in origins(lines, [is_quoted(line) for line in lines])
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mine.\n> Yours.\nMine.", "sos"),
        ("Mine.\n\nAm 3. Juni 2024 um 10:00 schrieb Bob Ray <b@x.de>:\n> Nein.", "ssfo"),
        ("Le 3 juin 2024 à 10:00, Bob Ray a écrit :\n\n> Non.", "ffo"),
        ("пн, 3 июн. 2024 г. в 10:00, Боб <bob@x.ru>:\n> Нет.", "fo"),
        ("See what he says:\n> No.", "so"),
        ("On Mon, 3 Jun 2024 at 10:00, Bob Ray wrote:\n\nNot marked.\nAt all.", "fooo"),
        ("In 2019 the council wrote:\n\nWe shall pay.", "sss"),
        ("Mine.\n\n-----Original Message-----\nFrom: Bob\nSent: Monday\n\nHis.", "ssfffoo"),
        ("---------- Forwarded message ---------\nFrom: Bob <b@x.y>\nDate: x\nTo: y\n\nHis.", "ffffoo"),
        ("Mine.\n________________________________\nFrom: Bob\nSent: x\nTo: y\nSubject: z\n\nHis.", "sfffffoo"),
        ("Mine.\n\n*От:* Боб\n*Дата:* вчера\n*Кому:* мне\n\nЕго.", "ssfffoo"),
        ("From: my heart\nI say this.", "ss"),
        ("Mine.\n-- \nAnn\n\nOffice", "sffff"),
        ("Mine.\n--\nAnn", "sff"),
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: X\n\nMine.\n-----BEGIN PGP SIGNATURE-----\n\niQ", "ffssfff"),
        ("Mine.\n-- \nAnn\n> His.\nMine.", "sffos"),
    ],
)  # fmt: skip
def test_whose_a_line_is(text: str, expected: str) -> None:
    assert whose(text) == expected
    assert {origin.value[0] for origin in Origin} == set("sof")


def test_a_pasted_conversation_is_not_the_senders() -> None:
    source = read(
        "From: Ann Lee <a@b.c>\nSubject: Minutes\n\nHere is the record.\n\n"
        "MR. BROWN: Do you agree with me?\n\nMS. GREEN: I do.\n"
    )
    assert turns(source)[1:] == [
        (TurnKind.SPEECH, "Ann Lee", "Here is the record."),
        (TurnKind.NARRATION, None, "MR. BROWN: Do you agree with me?\n\nMS. GREEN: I do."),
    ]


def test_dates_and_headings_in_the_text_change_nothing() -> None:
    source = read(
        "From: Ann Lee <a@b.c>\nDate: Tue, 4 Jun 2024 23:50:00 -0800\n\nThe plan\n16 May 2022\n\n"
        "We begin.\n\nThe other plan\n17 May 2022\n\nWe go on.\n"
    )
    assert [(kind, who) for kind, who, _ in turns(source)] == [
        (TurnKind.BOILERPLATE, None),
        (TurnKind.SPEECH, "Ann Lee"),
    ]


# ---- parts ----------------------------------------------------------------------------


def built(**fields: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Bob Ray <bob@example.org>"
    for name, value in fields.items():
        message[name] = value
    return message


def test_plain_text_is_preferred_and_attachments_are_named() -> None:
    message = built(Subject="x")
    message.set_content("Plain — text.\n")
    message.add_alternative("<p>Marked up.</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="naïve.pdf")
    message.add_attachment("other words", filename="b.txt")
    source = read_eml(message.as_bytes(), PATH)
    assert source.text == "From: Bob Ray <bob@example.org>\nSubject: x\n\nPlain — text.\n"
    assert source.notes == ("2 attachments were not read: naïve.pdf, b.txt",)


def test_html_alone_is_read_with_its_blocks() -> None:
    message = built()
    message.set_content(
        "<html><head><style>p {}</style></head><body><h1>News</h1><p>Own words<br>here.</p>"
        "<div><div>On Mon, Jun 3, 2024 at 10:00 AM Ann &lt;a@b.c&gt; wrote:<br></div>"
        "<blockquote>Quoted <p>words.</p></blockquote></div><p>Own again.</p>"
        "<div>-- <br>Bob</div></body></html>",
        subtype="html",
    )
    source = read_eml(message.as_bytes(), PATH)
    bob = "Bob Ray"
    assert blocks(source)[1:] == [
        (BlockKind.HEADING, None, "News"),
        (BlockKind.PARAGRAPH, bob, "Own words"),
        (BlockKind.PARAGRAPH, bob, "here."),
        (BlockKind.METADATA, None, "On Mon, Jun 3, 2024 at 10:00 AM Ann <a@b.c> wrote:"),
        (BlockKind.QUOTE, None, "Quoted"),
        (BlockKind.QUOTE, None, "words."),
        (BlockKind.PARAGRAPH, bob, "Own again."),
        (BlockKind.METADATA, None, "--\nBob"),
    ]


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("koi8-r", "Стена стоит."),
        ("windows-1251", "Стена стоит."),
        ("iso-8859-1", "Müller geht."),
        ("iso-2022-jp", "海が高い。"),
        ("shift_jis", "海が高い。"),
        ("utf-16", "Müller geht."),
        ("x-unknown", "Plain words."),
    ],
)
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_charsets_and_transfer_encodings(charset: str, text: str, encoding: str) -> None:
    data = text.encode("ascii" if charset.startswith("x-") else charset)
    sent = base64.encodebytes(data) if encoding == "base64" else quopri.encodestring(data)
    fields = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n"
    source = read_eml(HEAD + fields.encode() + b"\n" + sent, PATH)
    assert source.text.endswith(f"Subject: The wall\n\n{text}\n")


def test_nested_parts_and_a_message_that_breaks_off() -> None:
    source = read(
        'From: a@b.c\nContent-Type: multipart/mixed; boundary="o"\n\nPreamble.\n--o\n'
        'Content-Type: multipart/alternative; boundary="i"\n\n--i\nContent-Type: text/html\n\n'
        "<p>Marked.</p>\n--i\n\nPlain.\n--i--\n\n--o\nContent-Type: text/plain\n\nA footer.\n"
        "--o\nContent-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\niVBO"
    )
    assert source.text == "From: a@b.c\n\nPlain.\n\nA footer.\n"
    assert source.notes == ("1 attachment was not read: x.png",)


def test_an_image_in_the_text_is_no_attachment() -> None:
    message = built()
    message.set_content("<p>Words <img src='cid:a'></p>", subtype="html")
    message.add_related(b"x", "image", "png", cid="<a>")
    source = read_eml(message.as_bytes(), PATH)
    assert (source.text, source.notes) == ("From: Bob Ray <bob@example.org>\n\nWords\n", ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Hello.\nNo message.", "is no e-mail message: expected fields such as From:"),
        (b"From a@b\nSubject: x\n\nA.\n\nFrom c@d\nSubject: y\n\nB.\n", "holds several messages"),
        (HEAD + b"\n \n", "is a message without text"),
        (
            HEAD + b"Content-Type: application/pdf; name=a.pdf\n\nx",
            "is a message without text; 1 attachment was not read: a.pdf",
        ),
        (HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\n\0\1\0\1\n--x--", "binary"),
    ],
)
def test_what_is_refused_and_why(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_eml(data, PATH)


def test_one_message_of_a_mailbox() -> None:
    assert read("From a@b Mon Jun 3\nFrom: a@b.c\n\nHello.\n").text == "From: a@b.c\n\nHello.\n"


# ---- any input ------------------------------------------------------------------------


PIECES = st.sampled_from(
    [
        *("From: Ann <a@b>\n", "Subject: x\n", "Content-Type: text/html\n", "Content-Type: ", "\n"),
        *("\n\n", 'Content-Type: multipart/mixed; boundary="b"\n', "--b\n", "--b--\n", "> said\n"),
        *("-- \n", "\r", "On 3 May 2024 at 10:00 Bob wrote:\n", "Hello ", "<p>", "<blockquote>"),
        *("\ud800", "=?utf-8?Q?=00?=", "Content-Transfer-Encoding: base64\n", "aGVsbG8=", "\x00"),
        *("Date: 1\n", "-----Original Message-----\n"),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_message_gives_sound_records_or_a_reason(text: str) -> None:
    try:
        source = read_eml(("From: Ann <a@b>\n" + text).encode("utf-8", "surrogatepass"), PATH)
    except ReadError:
        return
    at = 0
    for block in source.blocks:
        assert at <= block.start < block.end <= len(source.text)
        assert source.text[block.start : block.end].strip()
        at = block.end
    assert not {"\x00", "\ud800"} & set(source.text)
    for document in find_documents(source):
        find_turns(source, document)


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (at, at) for at in range(5_000)
)


@pytest.mark.parametrize(
    "data",
    [
        HEAD + NESTED,
        HEAD + b'Content-Type: multipart/mixed; boundary="q"\n\n' + b"--q\n\nhello\n" * 50_000,
        HEAD + b"\n" + b"a1 x wrote:\n" * 50_000,
        HEAD + b"\n" + b"From: x\n" * 50_000,
        HEAD + b"\n" + b"> On 3 Jun 10:00 wrote:\nOn 3 a wrote:\n" * 20_000,
        HEAD + b"\n" + b"1" * 1_000_000 + b":\n",
        b'From: "' + b'"' * 8_000 + b"\nSubject: " + b"(" * 8_000 + b"\nTo: " + b"=?a?q?" * 5_000 + b"\n\nx",
    ],
    ids=["nested", "siblings", "introductions", "heads", "quoted", "line", "fields"],
)  # fmt: skip
def test_hostile_messages_take_bounded_time(data: bytes) -> None:
    begun = time.process_time()
    with contextlib.suppress(ReadError):
        read_eml(data, PATH)
    assert time.process_time() - begun < 5
