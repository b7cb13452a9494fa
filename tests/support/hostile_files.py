"""Hostile files: what each is called, what makes it, and exactly what an `add` must say of it.

`QUICK` are read in seconds altogether; `SLOW` cost a reading process its whole allowance of time or
memory or are large, and are run by `python benchmarks/hostile.py`. Every file is made by Python when it is
needed; none is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from benchmarks.written_formats import WRITERS, Written
from tests.support import hostile_archives as zips
from tests.support import hostile_office as office
from tests.support import hostile_pdf as pdfs
from tests.support import hostile_texts as texts

# Added: the text is in the library. Anything else is the whole reason, "*" being any words.
ADDED = "added"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file. `expected`: what is reported under which path; "" is the file's own path, another
    is that of an archive's member below it. Nothing else may be reported."""

    name: str
    make: Callable[[], bytes]
    expected: Mapping[str, tuple[str, ...]]


def _file(name: str, make: Callable[[], bytes], outcome: str) -> Hostile:
    return _zip(name, make, {"": outcome})


def _zip(
    name: str, make: Callable[[], bytes], expected: Mapping[str, str | tuple[str, ...]]
) -> Hostile:
    whole = {path: (told,) if isinstance(told, str) else told for path, told in expected.items()}
    return Hostile(name, make, MappingProxyType(whole))


_BLANK = "holds no text, only white space or markup"
_NO_CUES = "has no subtitles: expected lines such as *"
_NO_MAIL = "is no e-mail message: expected fields such as From:, Date: and Subject: first"
_MEMORY = "needs more than 512 MiB of memory to read"
_BAD_PDF = "is damaged, cut off or no PDF (*)"
_BAD_PAGES = "is damaged: none of its pages can be read (*)"
_SCANNED = "has no text: its only page is blank or drawn without letters"
_LOCKED = "is encrypted with a password; save a copy without a password"
_LONG_TEXT = "holds more than 33,554,432 characters; split it into parts"
_LINES = "has * lines, at most 1,000,000; split it into parts"
_INFLATES = "inflates to more than * bytes"
_BEYOND = "is beyond the * bytes that an archive's members may inflate to; *"
_NESTED = "is an archive in an archive; unpack it first"
_DAMAGED = "is damaged in the archive (*)"
_LEADS_OUT = "has a name that leads out of the archive"
_CONTROLS = "has control characters in its name"


def _misnamed(suffix: str, what: str) -> str:
    return f"is named .{suffix} but is something else, not {what}; *"


# Entities' declarations that any XML may hold, each with words that use them.
_ANYWHERE = {
    "laughs": (office.LAUGHS, "&l9;"),
    "file-entity": (office.EXTERNAL_FILE, "&x;"),
}


def _declaring(
    suffix: str,
    part: str,
    write: Callable[[str, str], bytes],
    declared: Mapping[str, tuple[str, str]],
) -> tuple[Hostile, ...]:
    """Files of which `part` declares entities and uses them, named after what it declares."""
    told = f"declares entities or a document type (DTD) in {part}, which is not read for safety"
    return tuple(
        _file(f"{name}.{suffix}", partial(write, *words), told) for name, words in declared.items()
    )


def _deep(part: str) -> str:
    return f"nests elements deeper than 256 in {part}; not read"


PAPER = Written("The Quay", "2024-03-04", ["The quay has seven cranes.", "Rain fell in March."] * 5)


def _whole(suffix: str) -> bytes:
    return WRITERS[suffix](PAPER)


def _half(suffix: str) -> Callable[[], bytes]:
    return lambda: _whole(suffix)[: len(_whole(suffix)) // 2]


def _as(suffix: str) -> Callable[[], bytes]:
    return lambda: _whole(suffix)


def _always(content: bytes) -> Callable[[], bytes]:
    return lambda: content


_TRUNCATED = (
    _file("half.txt", _half("txt"), ADDED),
    _file("half.md", _half("md"), ADDED),
    _file("half.html", _half("html"), ADDED),
    _file("half.eml", _half("eml"), ADDED),
    _file("half.srt", _half("srt"), ADDED),
    _file("half.vtt", _half("vtt"), ADDED),
    _file("half.rtf", _half("rtf"), ADDED),
    _file("half.pdf", _half("pdf"), _BAD_PDF),
    _file("half.docx", _half("docx"), "is damaged or cut short; it should be a DOCX file"),
    _file("half.odt", _half("odt"), "is damaged or cut short; it should be an ODT file"),
    _file("half.epub", _half("epub"), "is damaged or cut short; it should be an EPUB book"),
    _file("half.zip", lambda: zips.named("a.txt", "b.txt")[:-40], "is a damaged archive (*)"),
    _file(
        "half-utf16.txt",
        lambda: PAPER.title.encode("utf-16")[:-1],
        "begins with the mark of UTF-16-LE but is not valid UTF-16-LE (*); save it again as UTF-8",
    ),
)

_MISNAMED = (
    _file("pdf.txt", _as("pdf"), ADDED),
    _file("text.pdf", _as("txt"), _misnamed("pdf", "a PDF file")),
    _file("docx.pdf", _as("docx"), ADDED),
    _file("html.txt", _as("html"), ADDED),
    _file("html.docx", _as("html"), "is named .docx but is an HTML page, not a Word document; *"),
    _file("epub.docx", _as("epub"), ADDED),
    _file("docx.odt", _as("docx"), ADDED),
    _file("odt.epub", _as("odt"), ADDED),
    _file("rtf.html", _as("rtf"), ADDED),
    _file("docx.md", _as("docx"), ADDED),
    _file("eml.srt", _as("eml"), _NO_CUES),
    _file("srt.vtt", _as("srt"), ADDED),
    _file("vtt.srt", _as("vtt"), ADDED),
    _file("text.eml", _as("txt"), _NO_MAIL),
    _file("text.rtf", _as("txt"), _misnamed("rtf", "an RTF document")),
    _file("docx.zip", _as("docx"), ADDED),
    _file(
        "png.docx", _always(b"\x89PNG\r\n\x1a\n" + bytes(200)), _misnamed("docx", "a Word document")
    ),
    _file("gzip.zip", _always(b"\x1f\x8b\x08\x00" + bytes(200)), _misnamed("zip", "a ZIP archive")),
    _file(
        "elf.txt",
        _always(b"\x7fELF\x02\x01\x01" + bytes(200)),
        "is a binary file (a zero byte at 7), not text",
    ),
)

_EMPTY = (
    *(_file(f"empty.{suffix}", _always(b""), "is empty") for suffix in (*WRITERS, "zip")),
    _file("blank.txt", _always(b" \r\n\t\n" * 1000), _BLANK),
    _file("blank.md", _always(b"\n\n  \n"), _BLANK),
    _file("blank.html", _always(b"<html><body> &nbsp; <p></p></body></html>"), _BLANK),
    _file("blank.docx", lambda: WRITERS["docx"](Written("", None, ["  "])), _BLANK),
    _file("mark-alone.txt", _always(b"\xef\xbb\xbf"), _BLANK),
    _file("mark-alone-utf16.txt", _always(b"\xff\xfe"), _BLANK),
    _file("zeros.txt", _always(bytes(100_000)), "is a binary file (a zero byte at 0), not text"),
    _file("zeros.pdf", _always(bytes(100_000)), _misnamed("pdf", "a PDF file")),
    _file("zeros.docx", _always(bytes(100_000)), _misnamed("docx", "a Word document")),
)

_TEXTS = (
    _file("lone-surrogates-utf16.txt", texts.lone_surrogates_utf16, ADDED),
    _file("lone-surrogates-utf8.txt", texts.lone_surrogates_utf8, ADDED),
    _file("surrogate-pairs-utf8.txt", texts.surrogate_pairs_utf8, ADDED),
    _file(
        "nuls.txt",
        _always(b"The quay\x00 has seven cranes."),
        "is a binary file (a zero byte at 8), not text",
    ),
    _file("controls.txt", texts.controls, ADDED),
    _file("combining.txt", lambda: texts.combining(20_000), ADDED),
    _file("unclosed-quotes.txt", lambda: texts.unclosed_quotes(5_000), ADDED),
    _file("labels.txt", lambda: texts.labels(2_000), ADDED),
    _file("dates.txt", lambda: texts.dates(2_000), ADDED),
    _file("long-line.txt", _always(b"word " * 100_000), ADDED),
    _file("long-word.txt", _always(b"w" * 200_000), ADDED),
    _file("too-many-lines.txt", _always(b"x\n" * 2_100_000), _LINES),
    _file("many-lines.txt", _always(b"\n" * 500_000 + b"The quay has seven cranes.\n"), ADDED),
)

_MARKUP = (
    _file("attributes.html", texts.html_attributes, ADDED),
    _file("deep.html", lambda: texts.html_deep(100_000), ADDED),
    _file("formatting.html", texts.html_formatting, _MEMORY),
    _file("tables.html", texts.html_tables, ADDED),
    _file("open-comment.html", texts.html_open_comment, ADDED),
    _file("open-title.html", texts.html_open_title, _BLANK),
    _file("angles.html", lambda: texts.html_angles(500_000), ADDED),
    _file("entities.html", lambda: texts.html_entities(100_000), ADDED),
    _file("charset-lie.html", lambda: texts.html_charset(b"utf-16"), ADDED),
    _file("charset-seven.html", lambda: texts.html_charset(b"utf-7"), ADDED),
    _file("scripts-alone.html", texts.html_scripts_alone, _BLANK),
    _file("frames.html", texts.html_frames, ADDED),
    _file("quotes.md", texts.markdown_quotes, ADDED),
    _file("lists.md", lambda: texts.markdown_lists(800), ADDED),
    _file("brackets.md", lambda: texts.markdown_brackets(50_000), ADDED),
    _file("marks.md", lambda: texts.markdown_marks(50_000), ADDED),
    _file("definitions.md", lambda: texts.markdown_definitions(2_000), ADDED),
    _file("table.md", lambda: texts.markdown_table(200, 30), ADDED),
    _file("front-matter-laughs.md", texts.front_matter_laughs, ADDED),
    _file("deep.rtf", texts.rtf_deep, "nests groups deeper than 4,096; not read"),
    _file("binary-lie.rtf", texts.rtf_binary_lie, ADDED),
    _file("negative-binary.rtf", texts.rtf_negative_binary, ADDED),
    _file("long-number.rtf", texts.rtf_long_number, ADDED),
    _file("characters.rtf", texts.rtf_characters, ADDED),
    _file("picture.rtf", texts.rtf_picture, ADDED),
    _file("object.rtf", texts.rtf_object, ADDED),
    _file("unclosed.rtf", texts.rtf_unclosed, ADDED),
    _file("words.rtf", lambda: texts.rtf_words(100_000), ADDED),
)

_MESSAGES = (
    _file("many-parts.eml", texts.mail_many_parts, ADDED),
    _file(
        "nested-parts.eml",
        texts.mail_nested_parts,
        "is a message without text; 1 attachment was not read: parts nested too deep or too many",
    ),
    _file(
        "nested-messages.eml",
        texts.mail_nested_messages,
        "is a message without text; 1 attachment was not read: The quay",
    ),
    _file(
        "same-boundary.eml",
        texts.mail_same_boundary,
        "is a message without text; 1000 attachments were not read: multipart/mixed*",
    ),
    _file("long-header.eml", texts.mail_long_header, _NO_MAIL),
    _file("many-headers.eml", lambda: texts.mail_many_headers(20_000), ADDED),
    _file("folded-subject.eml", texts.mail_folded_subject, ADDED),
    _file("addresses.eml", texts.mail_addresses, ADDED),
    _file("charset-none.eml", lambda: texts.mail_charset(b"nonsense"), ADDED),
    _file("charset-codec.eml", lambda: texts.mail_charset(b"zip"), ADDED),
    _file("charset-long.eml", lambda: texts.mail_charset(b"x" * 100_000), ADDED),
    _file("bad-base64.eml", texts.mail_bad_base64, ADDED),
    _file("attachment-name.eml", texts.mail_attachment_name, ADDED),
    _file(
        "external-body.eml",
        texts.mail_external_body,
        "is a message without text; 1 attachment was not read: The quay",
    ),
    _file("without-body.eml", texts.mail_without_body, "is a message without text"),
    _file("absurd-date.eml", texts.mail_absurd_date, ADDED),
    _file("absurd.srt", texts.cues_absurd, ADDED),
    _file("backwards.srt", texts.cues_backwards, ADDED),
    _file("many.srt", lambda: texts.cues_many(3_000), ADDED),
    _file("long-cue.srt", lambda: texts.cue_long()[:500_000], ADDED),
    _file("tags.vtt", texts.cue_tags, ADDED),
    _file("header-alone.vtt", texts.cues_header_alone, _NO_CUES),
    _file("arrows.vtt", texts.arrows, ADDED),
)

_PDFS = (
    _file("deep-arrays.pdf", pdfs.deep_arrays, _BAD_PDF),
    _file("deep-dictionaries.pdf", pdfs.deep_dictionaries, ADDED),
    _file("deep-content.pdf", pdfs.deep_arrays_in_content, _BAD_PAGES),
    _file("huge-count.pdf", pdfs.huge_count, ADDED),
    _file("negative-count.pdf", pdfs.negative_count, ADDED),
    _file("same-page.pdf", pdfs.many_times_the_same_page, _BAD_PDF),
    _file("tree-of-itself.pdf", pdfs.tree_of_itself, _BAD_PDF),
    _file("tree-in-a-circle.pdf", pdfs.tree_in_a_circle, _BAD_PDF),
    _file("doubling-tree.pdf", pdfs.doubling_tree, _BAD_PDF),
    _file("parent-loop.pdf", pdfs.parent_loop, ADDED),
    _file("itself.pdf", pdfs.reference_to_itself, _BAD_PAGES),
    _file("circle.pdf", pdfs.references_in_a_circle, _BAD_PAGES),
    _file("length-of-itself.pdf", pdfs.length_of_itself, ADDED),
    _file("length-lie.pdf", pdfs.length_lie, ADDED),
    _file("object-stream.pdf", pdfs.object_stream, ADDED),
    _file("object-stream-of-itself.pdf", pdfs.object_stream_of_itself, ADDED),
    _file("references-of-themselves.pdf", pdfs.references_before_themselves, ADDED),
    _file("flate-bomb.pdf", pdfs.flate_bomb, _BAD_PAGES),
    _file("flate-text-bomb.pdf", pdfs.flate_text_bomb, _BAD_PAGES),
    _file("flate-of-flate.pdf", pdfs.flate_of_flate, _BAD_PAGES),
    _file("many-filters.pdf", pdfs.many_filters, _BAD_PAGES),
    _file("run-length.pdf", pdfs.run_length_bomb, _BAD_PAGES),
    _file("predictor.pdf", pdfs.predictor_bomb, _BAD_PAGES),
    _file(
        "unicode-map.pdf",
        pdfs.unicode_map_bomb,
        "has no readable text: its fonts don't say which letters they draw; run OCR first",
    ),
    _file("form-in-itself.pdf", pdfs.form_in_itself, ADDED),
    _file("forms-doubling.pdf", pdfs.forms_doubling, ADDED),
    _file("labels-circle.pdf", pdfs.labels_in_a_circle, ADDED),
    _file("label-roman.pdf", pdfs.label_of_a_thousand_million, ADDED),
    _file("label-prefix.pdf", pdfs.label_prefix_of_lines, ADDED),
    _file("outline-circle.pdf", pdfs.outline_in_a_circle, ADDED),
    _file("launches.pdf", pdfs.launches, ADDED),
    _file("without-text.pdf", pdfs.without_text, _SCANNED),
    _file("without-pages.pdf", pdfs.without_pages, _BAD_PDF),
    _file("without-references.pdf", pdfs.without_references, ADDED),
    _file("object-numbers.pdf", pdfs.hostile_object_numbers, ADDED),
    _file("negative-offsets.pdf", pdfs.negative_offsets, ADDED),
    _file("huge-integer.pdf", pdfs.huge_integer, ADDED),
    _file("parentheses.pdf", pdfs.nested_parentheses, ADDED),
    _file("far-away.pdf", pdfs.huge_font_matrix, _SCANNED),
    _file("encrypted-rc4.pdf", lambda: pdfs.rc4(b"secret"), _LOCKED),
    _file("encrypted-rc4-open.pdf", lambda: pdfs.rc4(b""), ADDED),
    _file("encrypted-aes.pdf", pdfs.aes, _LOCKED),
)

_OFFICE = (
    _file(
        "bomb.docx", office.docx_bomb, "is too large: word/document.xml inflates to over * bytes"
    ),
    _file("paragraphs.docx", lambda: office.docx_paragraph_bomb(2), ADDED),
    _file("picture-bomb.docx", office.docx_other_part_bomb, ADDED),
    *_declaring(
        "docx",
        "word/document.xml",
        office.docx_entities,
        {
            **_ANYWHERE,
            "quadratic": (office.SWOLLEN, "&a;" * 10_000),
            "web-entity": (office.EXTERNAL_WEB, "&x;"),
            "parameter": (office.PARAMETER, ""),
        },
    ),
    _file("deep.docx", office.docx_deep, _deep("word/document.xml")),
    _file("attributes.docx", office.docx_attributes, ADDED),
    _file("one-run.docx", lambda: office.docx_one_run(1), ADDED),
    _file(
        "without-document.docx",
        office.docx_without_document,
        "is not a DOCX file, which has a part word/document.xml, but a ZIP archive without that",
    ),
    _file(
        "malformed.docx",
        office.docx_malformed,
        "is damaged: word/document.xml is no proper XML (mismatched tag, line 2)",
    ),
    _file(
        "bad-characters.docx",
        office.docx_bad_characters,
        "is damaged: word/document.xml is no proper XML (reference to invalid character number, line 2)",
    ),
    _file("outside.docx", office.docx_outside_target, "is damaged: it lacks its part etc/passwd"),
    _file("remote.docx", office.docx_remote_target, ADDED),
    _file("nameless-member.docx", office.docx_nameless_member, ADDED),
    _file("utf16.docx", office.docx_utf16, ADDED),
    _file("utf7.docx", office.docx_utf7, "is damaged: word/document.xml is in an unknown encoding"),
    _file(
        "protected.docx",
        office.docx_protected,
        "is an office document of the old kind (.doc) or one with a password; save it as .docx without a password",
    ),
    _file("bomb.odt", office.odt_bomb, "is too large: content.xml inflates to over * bytes"),
    *_declaring("odt", "content.xml", office.odt_entities, _ANYWHERE),
    _file("deep.odt", office.odt_deep, _deep("content.xml")),
    _file("spaces.odt", office.odt_spaces, ADDED),
    _file("many-spaces.odt", office.odt_many_spaces, ADDED),
    _file("cells.odt", office.odt_cells, ADDED),
    _file("encrypted.odt", office.odt_encrypted, "is encrypted; save it without a password"),
    _file(
        "bomb.epub",
        office.epub_bomb,
        "holds a page that can't be read, OEBPS/chapter1.xhtml: * inflates to over * bytes",
    ),
    *_declaring("epub", "OEBPS/content.opf", office.epub_entities, _ANYWHERE),
    _file(
        "chapter-laughs.epub", lambda: office.epub_chapter_entities(office.LAUGHS, "&l9;"), ADDED
    ),
    _file("climbing.epub", lambda: office.epub_href("../../../../etc/passwd"), ADDED),
    _file("absolute.epub", lambda: office.epub_href("/etc/passwd"), ADDED),
    _file("web.epub", lambda: office.epub_href("http://127.0.0.1:9/x"), ADDED),
    _file("file.epub", lambda: office.epub_href("file:///etc/passwd"), ADDED),
    _file("one-chapter-often.epub", office.epub_one_chapter_often, ADDED),
    _file("circular.epub", office.epub_circular_contents, ADDED),
    _file("deep-contents.epub", office.epub_deep_contents, ADDED),
    _file(
        "itself.epub",
        office.epub_packages_itself,
        "holds no page with text (pictures only, or its pages are missing)",
    ),
    _file(
        "locked.epub",
        office.epub_locked,
        "is encrypted (copy protection, DRM), so its text can't be read",
    ),
)

_ZIPS = (
    _zip("ratio.zip", zips.ratio_bomb, {"report.txt": _INFLATES}),
    _zip(
        "many-bombs.zip",
        lambda: zips.many_bombs(20),
        {"0.txt": _BLANK, "1.txt": _BLANK, "2.txt": _INFLATES}
        | {f"{at}.txt": _BEYOND for at in range(3, 20)},
    ),
    _zip("nested.zip", zips.nested_bomb, {f"5-{at}.zip": _NESTED for at in range(10)}),
    _zip("nested-deep.zip", zips.nested_deep, {"inner.zip": _NESTED}),
    _zip(
        "overlapping.zip",
        lambda: zips.overlapping_bomb(200),
        {"0.txt": _BLANK} | {f"{at}.txt": _DAMAGED for at in range(1, 200)},
    ),
    _zip(
        "many-members.zip",
        zips.many_members,
        {"": "has 60,000 members, at most 10,000 are read; unpack it and add the folder"},
    ),
    _zip("count-lie.zip", zips.count_lie, {"good.txt": ADDED}),
    _zip("size-lie.zip", zips.size_lie, {"small.txt": _DAMAGED}),
    _zip("crc-lie.zip", zips.crc_lie, {"good.txt": _DAMAGED}),
    _zip("encrypted.zip", zips.encrypted, {"secret.txt": "is encrypted; unpack the archive first"}),
    _zip("unknown-method.zip", zips.unknown_method, {"odd.txt": "can't be unpacked (*)"}),
    _zip("bzip2.zip", zips.bzip2_bomb, {"report.txt": _INFLATES}),
    _zip("lzma.zip", zips.lzma_member, {"a.txt": _MEMORY}),
    _zip(
        "climbing.zip",
        zips.climbing,
        {
            "../escaped.txt": _LEADS_OUT,
            "../../../../tmp/escaped.txt": _LEADS_OUT,
            "inner/../../escaped.txt": _LEADS_OUT,
        },
    ),
    _zip(
        "absolute.zip",
        zips.absolute,
        {"tmp/escaped.txt": _LEADS_OUT, "etc/escaped.txt": _LEADS_OUT},
    ),
    _zip(
        "drive-letters.zip",
        zips.drive_letters,
        {"C:/escaped.txt": _LEADS_OUT, "host/share/escaped.txt": _LEADS_OUT},
    ),
    _zip(
        "backslashes.zip",
        zips.backslashes,
        {"folder/note.txt": ADDED, "../../escaped.txt": _LEADS_OUT},
    ),
    _zip(
        "link.zip",
        zips.link_member,
        {"good.txt": ADDED, "passwd.txt": "is a link, which is not followed"},
    ),
    _zip("device.zip", zips.device_member, {"good.txt": ADDED, "zero.txt": "is empty"}),
    _zip(
        "twice.zip",
        zips.twice_the_same_name,
        {"note.txt": (ADDED, "has the name of an earlier member")},
    ),
    _zip("nul-name.zip", zips.nul_in_name, {"good.txt": ADDED}),
    _zip("long-name.zip", zips.long_name, {"x" * 300: "has a name that is too long"}),
    _zip("undecodable-name.zip", zips.undecodable_name, {"": "is a damaged archive (*)"}),
    _zip(
        "newline-name.zip",
        zips.newline_name,
        {"one two .txt": _CONTROLS, "txt.exe.txt": _CONTROLS, "[31mred.txt": _CONTROLS},
    ),
    _zip("offset-beyond.zip", zips.offset_beyond, {"good.txt": ADDED, "far.txt": _DAMAGED}),
    _zip("prefixed.zip", zips.prefixed, {"": _misnamed("zip", "a ZIP archive")}),
    _zip("comment.zip", zips.comment_of_archives, {"inner.txt": ADDED}),
    _zip("empty-archive.zip", zips.empty_archive, {"": "holds no document*"}),
)

QUICK = (
    *_TRUNCATED,
    *_MISNAMED,
    *_EMPTY,
    *_TEXTS,
    *_MARKUP,
    *_MESSAGES,
    *_PDFS,
    *_OFFICE,
    *_ZIPS,
)

_LONG = 60 * 1024 * 1024

SLOW = (
    _file("long-line-60mb.txt", lambda: b"word " * (_LONG // 5), _LONG_TEXT),
    _file("long-word-60mb.txt", lambda: b"w" * _LONG, _LONG_TEXT),
    _file("ten-million-lines.txt", lambda: b"x\n" * 10_000_000, _LINES),
    _file("ten-million-empty-lines.txt", lambda: b"\n" * 10_000_000 + b"The end.\n", ADDED),
    _file("labels-long.txt", lambda: texts.labels(300_000), ADDED),
    _file("combining-long.txt", lambda: texts.combining(3_000_000), ADDED),
    _file("quotes-long.txt", lambda: texts.unclosed_quotes(1_000_000), ADDED),
    _file(
        "paragraphs-long.docx",
        lambda: office.docx_paragraph_bomb(60),
        "is too large: over 3,000,000 elements in word/document.xml",
    ),
    _file("words-long.docx", lambda: office.docx_one_run(30), ADDED),
    _file("arrows-long.vtt", lambda: texts.arrows(2_000_000), ADDED),
    _file("cues-long.srt", lambda: texts.cues_many(400_000), ADDED),
    _file("angles-long.html", lambda: texts.html_angles(30_000_000), _MEMORY),
    _file("deep-long.html", lambda: texts.html_deep(5_000_000), _MEMORY),
    _file("lists-long.md", lambda: texts.markdown_lists(5_000), ADDED),
    _file("words-long.rtf", lambda: texts.rtf_words(5_000_000), ADDED),
    _file("parts-long.eml", lambda: texts.mail_many_parts(200_000), ADDED),
    _zip("many-bombs-whole.zip", lambda: zips.many_bombs(200), {"": (_BLANK, _INFLATES, _BEYOND)}),
)
