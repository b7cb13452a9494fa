"""Text, markup, message and subtitle files that attack their reader."""

from __future__ import annotations

import base64

from benchmarks.written_formats import Written, eml, rtf, srt, vtt

GOOD = "The quay has seven cranes, and the eighth was sold in spring."
PAPER = Written("The Quay", "2024-03-04", [GOOD, "Rain fell in March."])
_HEAD = b"From: a@example.org\r\nSubject: The quay\r\nMIME-Version: 1.0\r\n"


def lone_surrogates_utf16() -> bytes:
    return b"\xff\xfe" + f"{GOOD} \ud800 and \udfff.".encode("utf-16-le", "surrogatepass")


def lone_surrogates_utf8() -> bytes:
    return f"{GOOD} \ud800 and \udfff.".encode("utf-8", "surrogatepass")


def surrogate_pairs_utf8() -> bytes:
    """CESU-8: each half of a pair encoded by itself."""
    return f"{GOOD} \ud83d\ude00".encode("utf-8", "surrogatepass")


def controls() -> bytes:
    return f"{GOOD} \x1b[2J\x1b]0;title\x07 \u202egnp.exe\u2066 \u200b\ufeff {GOOD}".encode()


def combining(count: int = 300_000) -> bytes:
    return (GOOD + " z" + "\u0301\u0300" * count + " end.").encode()


def unclosed_quotes(count: int = 200_000) -> bytes:
    return (GOOD + " " + "“a " * count).encode()


def labels(count: int = 100_000) -> bytes:
    return b"".join(b"Ada B%d: yes.\n" % at for at in range(count))


def dates(count: int = 100_000) -> bytes:
    return b"".join(b"%d May %d\n" % (at % 31 + 1, 1000 + at % 1000) for at in range(count))


def html_attributes(count: int = 100_000) -> bytes:
    return b"<p " + b" ".join(b"a%d=1" % at for at in range(count)) + b">" + GOOD.encode()


def html_deep(depth: int = 500_000) -> bytes:
    return b"<div>" * depth + GOOD.encode()


def html_formatting(depth: int = 50_000) -> bytes:
    """Formatting elements that each new paragraph opens again."""
    return b"<p>".join(b"<b id=%d>" % at for at in range(depth)) + GOOD.encode()


def html_tables(depth: int = 50_000) -> bytes:
    return b"<table><tr><td>" * depth + GOOD.encode()


def html_open_comment() -> bytes:
    return b"<p>" + GOOD.encode() + b"<!--" + b" a" * 5_000_000


def html_open_title() -> bytes:
    return b"<title>" + b"t" * 5_000_000


def html_angles(count: int = 5_000_000) -> bytes:
    return b"<" * count + b"p>" + GOOD.encode()


def html_entities(count: int = 2_000_000) -> bytes:
    return b"<p>" + GOOD.encode() + b"&#0;&#xD800;&#99999999;&nosuch;" + b"&amp" * count


def html_charset(label: bytes) -> bytes:
    return b"<meta charset=" + label + b"><p>" + GOOD.encode() + b" caf\xe9 +ADw-script+AD4-"


def html_scripts_alone() -> bytes:
    return b"<script>document.write('The quay')</script><style>p{}</style>"


def html_frames() -> bytes:
    return (
        b"<iframe src='file:///etc/passwd'></iframe><object data='file:///etc/passwd'></object>"
        b"<img src='http://127.0.0.1:9/x'><link rel=stylesheet href='http://127.0.0.1:9/y'>"
        b"<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/z'><base href='//x'><p>"
    ) + GOOD.encode()


def markdown_quotes(depth: int = 100_000) -> bytes:
    return b">" * depth + b" " + GOOD.encode()


def markdown_lists(depth: int = 2000) -> bytes:
    return b"\n".join(b"  " * at + b"- item" for at in range(depth)) + b"\n\n" + GOOD.encode()


def markdown_brackets(depth: int = 200_000) -> bytes:
    return b"[" * depth + GOOD.encode() + b"](" * depth


def markdown_marks(count: int = 200_000) -> bytes:
    return b"*_`~" * count + GOOD.encode()


def markdown_definitions(count: int = 50_000) -> bytes:
    links = b"".join(b"[a%d]: http://example.org/%d 'x'\n" % (at, at) for at in range(count))
    return links + b"\n" + GOOD.encode()


def markdown_table(columns: int = 2000, rows: int = 200) -> bytes:
    row = b"|a" * columns + b"|\n"
    return GOOD.encode() + b"\n\n" + row + b"|-" * columns + b"|\n" + row * rows


def front_matter_laughs() -> bytes:
    lines = ["a0: &a0 [lol]", *(f"a{at}: &a{at} [{f'*a{at - 1},' * 9}]" for at in range(1, 10))]
    body = "\n".join(lines)
    return f"---\ntitle: The Quay\n{body}\n---\n\n{GOOD}\n".encode()


def rtf_deep(depth: int = 1_000_000) -> bytes:
    return b"{\\rtf1 " + b"{" * depth + GOOD.encode() + b"}" * depth + b"}"


def rtf_binary_lie() -> bytes:
    return b"{\\rtf1 " + GOOD.encode() + b"\\par\\bin2000000000 xx\\par}"


def rtf_negative_binary() -> bytes:
    return b"{\\rtf1 " + GOOD.encode() + b"\\par\\bin-5 xx\\par}"


def rtf_long_number() -> bytes:
    return b"{\\rtf1 \\fs" + b"9" * 1_000_000 + b" " + GOOD.encode() + b"\\par}"


def rtf_characters() -> bytes:
    """Code points that are none, halves of pairs, and a skip count beyond the file."""
    odd = b"\\u99999999?\\u-10179?\\u-32768?\\u0?\\'zz\\'4"
    return b"{\\rtf1\\ansi " + GOOD.encode() + b" " + odd + b"\\par\\uc2000000000 end\\par}"


def rtf_picture() -> bytes:
    return b"{\\rtf1 " + GOOD.encode() + b"{\\pict " + b"0f" * 5_000_000 + b"}\\par}"


def rtf_object() -> bytes:
    """An embedded program, and a template to be fetched."""
    embedded = b"{\\object\\objdata 4d5a9000}{\\*\\template http://127.0.0.1:9/x}"
    field = b'{\\field{\\*\\fldinst INCLUDETEXT "file:///etc/passwd"}{\\fldrslt seen}}'
    return b"{\\rtf1 " + GOOD.encode() + embedded + field + b"\\par}"


def rtf_unclosed() -> bytes:
    return rtf(PAPER).rstrip(b"}\n")


def rtf_words(count: int = 500_000) -> bytes:
    return b"{\\rtf1 " + b"\\b\\i0" * count + b" " + GOOD.encode() + b"\\par}"


def mail_many_parts(count: int = 10_000) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nPart %d says that the quay has cranes.\r\n"
    parts = b"".join(part % at for at in range(count))
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n"


def mail_nested_parts(depth: int = 5000) -> bytes:
    out = [_HEAD, b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"]
    for at in range(1, depth):
        out.append(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (at - 1, at))
    return b"".join([*out, b"--b%d\r\n\r\n" % (depth - 1), GOOD.encode(), b"\r\n"])


def mail_nested_messages(depth: int = 2000) -> bytes:
    return _HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\n" + GOOD.encode()


def mail_same_boundary(depth: int = 3000) -> bytes:
    part = b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    head = _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + part * depth + b"--b\r\n\r\n" + GOOD.encode() + b"\r\n--b--\r\n"


def mail_long_header() -> bytes:
    return b"X-Long: " + b"a" * 10_000_000 + b"\r\n" + _HEAD + b"\r\n" + GOOD.encode()


def mail_many_headers(count: int = 100_000) -> bytes:
    return _HEAD + b"".join(b"X-%d: y\r\n" % at for at in range(count)) + b"\r\n" + GOOD.encode()


def mail_folded_subject(count: int = 20_000) -> bytes:
    words = b"\r\n ".join([b"=?utf-8?Q?a=CC=81?="] * count)
    return b"From: a@example.org\r\nSubject: " + words + b"\r\n\r\n" + GOOD.encode()


def mail_addresses(count: int = 100_000) -> bytes:
    people = b"(" * count + b'"' + b", ".join(b"a%d@b" % at for at in range(1000))
    return b"From: " + people + b"\r\nSubject: x\r\n\r\n" + GOOD.encode()


def mail_charset(label: bytes) -> bytes:
    return _HEAD + b"Content-Type: text/plain; charset=" + label + b"\r\n\r\n" + GOOD.encode()


def mail_bad_base64() -> bytes:
    kind = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return _HEAD + kind + base64.b64encode(GOOD.encode())[:-3] + b"*!\r\n"


def mail_attachment_name() -> bytes:
    attached = (
        b"--b\r\nContent-Type: text/plain; name=../../escaped.txt\r\n"
        b"Content-Disposition: attachment; filename=/tmp/escaped.txt\r\n\r\nEscaped.\r\n--b--\r\n"
    )
    body = b"--b\r\nContent-Type: text/plain\r\n\r\n" + GOOD.encode() + b"\r\n"
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + attached


def mail_external_body() -> bytes:
    kind = b"Content-Type: message/external-body; access-type=local-file; name=/etc/passwd\r\n\r\n"
    return _HEAD + kind + b"Content-Type: text/plain\r\n\r\n"


def mail_without_body() -> bytes:
    return _HEAD + b"\r\n"


def mail_absurd_date() -> bytes:
    return b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n" + eml(PAPER).replace(b"Date:", b"X-Date:")


def cues_absurd() -> bytes:
    cues = [
        "1\n99999999999999999999:99:99,999 --> 00:00:00,000\nThe quay has seven cranes.\n",
        "2\n00:00:05,000 --> 00:00:01,000\nIt ends before it begins.\n",
        "-3\n-00:00:05,000 --> 00:00:99,000\nIt begins before the film.\n",
        "4\n00:00:07,000 --> 00:00:09,000\nThe eighth was sold in spring.\n",
    ]
    return "\n".join(cues).encode()


def cues_backwards() -> bytes:
    pieces = srt(Written("x", None, [f"Sentence {at} of the film." for at in range(50)]))
    return b"\n\n".join(reversed(pieces.strip().split(b"\n\n"))) + b"\n"


def cues_many(count: int = 60_000) -> bytes:
    return srt(Written("x", None, [f"Word {at}." for at in range(count)]))


def cue_long() -> bytes:
    return srt(Written("x", None, ["word " * 400_000]))


def cue_tags(depth: int = 100_000) -> bytes:
    return b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<c.x><v " * depth + GOOD.encode()


def cues_header_alone() -> bytes:
    return b"WEBVTT\n\nNOTE nothing follows\n"


def arrows(count: int = 200_000) -> bytes:
    return b"WEBVTT\n\n" + b"--> " * count + b"\n\n" + vtt(PAPER)[8:]
