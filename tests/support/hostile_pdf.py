"""PDF files that attack their reader: nesting, loops, counts, bombs, encryption."""

from __future__ import annotations

import hashlib
import zlib

from benchmarks.written_formats import (
    PDF_FONT,
    pdf_file,
    pdf_objects,
    pdf_page_text,
    pdf_stream,
)

SENTENCES = ["The quay has seven cranes.", "Rain fell in March."]
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R "
    b"/Resources << /Font << /F1 3 0 R >> >> %s >>"
)


def _objects() -> dict[int, bytes]:
    return pdf_objects([SENTENCES])


def plain() -> bytes:
    return pdf_file(_objects())


def _with(**changed: bytes) -> bytes:
    """The plain file with some of its objects (`o1`, `o2`, ...) replaced or added."""
    objects = _objects() | {int(name[1:]): body for name, body in changed.items()}
    return pdf_file(objects)


def deep_arrays(depth: int = 200_000) -> bytes:
    return _with(o1=b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * depth + b"]" * depth + b" >>")


def deep_dictionaries(depth: int = 100_000) -> bytes:
    return _with(o7=b"<< /A " * depth + b"1" + b" >>" * depth, o5=_PAGE % b"/X 7 0 R")


def deep_arrays_in_content(depth: int = 200_000) -> bytes:
    return _with(o6=pdf_stream(b"BT /F1 11 Tf " + b"[" * depth + pdf_page_text(SENTENCES)))


def huge_count() -> bytes:
    return _with(o2=b"<< /Type /Pages /Kids [5 0 R] /Count 2000000000 >>")


def negative_count() -> bytes:
    return _with(o2=b"<< /Type /Pages /Kids [5 0 R] /Count -7 >>")


def many_times_the_same_page(times: int = 200_000) -> bytes:
    kids = b"5 0 R " * times
    return _with(o2=b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % times)


def tree_of_itself() -> bytes:
    return _with(o2=b"<< /Type /Pages /Kids [2 0 R 5 0 R] /Count 2 >>")


def tree_in_a_circle() -> bytes:
    return _with(
        o2=b"<< /Type /Pages /Kids [7 0 R] /Count 1 >>",
        o7=b"<< /Type /Pages /Parent 2 0 R /Kids [8 0 R] /Count 1 >>",
        o8=b"<< /Type /Pages /Parent 7 0 R /Kids [7 0 R] /Count 1 >>",
    )


def doubling_tree(levels: int = 40) -> bytes:
    """Each node lists the next one twice: 2 to the 40th pages in a few kilobytes."""
    objects = _objects()
    objects[2] = b"<< /Type /Pages /Kids [10 0 R 10 0 R] /Count 2 >>"
    for at in range(levels):
        child = 11 + at if at < levels - 1 else 5
        objects[10 + at] = b"<< /Type /Pages /Parent 2 0 R /Kids [%d 0 R %d 0 R] /Count 2 >>" % (
            child,
            child,
        )
    return pdf_file(objects)


def parent_loop() -> bytes:
    return _with(o2=b"<< /Type /Pages /Parent 2 0 R /Kids [5 0 R] /Count 1 >>")


def reference_to_itself() -> bytes:
    return _with(o6=b"6 0 R")


def references_in_a_circle() -> bytes:
    return _with(o6=b"7 0 R", o7=b"8 0 R", o8=b"7 0 R")


def length_of_itself() -> bytes:
    content = pdf_page_text(SENTENCES)
    return _with(o6=b"<< /Length 6 0 R >>\nstream\n" + content + b"\nendstream")


def length_lie() -> bytes:
    content = pdf_page_text(SENTENCES)
    return _with(o6=b"<< /Length 2000000000 >>\nstream\n" + content + b"\nendstream")


def _object_stream(extends: bytes) -> bytes:
    """An object stream whose objects are said to stand in another, and a stream for references."""
    out = bytearray(b"%PDF-1.7\n")
    places = [0] * 7
    for number, body in _objects().items():
        if number in (1, 2):
            continue
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    inside = b"1 0 2 30 << /Type /Catalog /Pages 2 0 R >> << /Type /Pages /Kids [5 0 R] /Count 1 >>"
    first = inside.index(b"<<")
    inside = b"1 0 2 %d " % (inside.index(b"<<", first + 2) - first) + inside[first:]
    first = inside.index(b"<<")
    at_stream = len(out)
    entries = b"/Type /ObjStm /N 2 /First %d %s" % (first, extends)
    out += b"7 0 obj\n" + pdf_stream(inside, entries) + b"\nendobj\n"
    start = len(out)
    rows = [(0, 0, 65535), (2, 7, 0), (2, 7, 1)]
    rows += [(1, places[number], 0) for number in range(3, 7)]
    rows += [(1, at_stream, 0), (1, start, 0)]
    table = b"".join(
        bytes([kind]) + where.to_bytes(4, "big") + extra.to_bytes(2, "big")
        for kind, where, extra in rows
    )
    entries = b"/Type /XRef /Size 9 /W [1 4 2] /Root 1 0 R"
    out += b"8 0 obj\n" + pdf_stream(table, entries) + b"\nendobj\n"
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def object_stream() -> bytes:
    """Right, so that the next one is known to be wrong for its loop alone."""
    return _object_stream(b"")


def object_stream_of_itself() -> bytes:
    return _object_stream(b"/Extends 7 0 R").replace(
        b"/Type /ObjStm", b"/Type /ObjStm /Length 1 0 R"
    )


def references_before_themselves() -> bytes:
    """The table of references names itself as the one before it."""
    data = plain()
    start = data.rindex(b"startxref")
    at = int(data[start + 9 :].split()[0])
    return data.replace(b"/Root 1 0 R", b"/Prev %d /Root 1 0 R" % at)


def _filtered(content: bytes, filters: bytes, more: bytes = b"") -> bytes:
    return _with(o6=pdf_stream(content, b"/Filter " + filters + b" " + more))


def _flate(unit: bytes, mebibytes: int) -> bytes:
    """A zlib stream of that many MiB of `unit`: one MiB compressed to a block, repeated."""
    block = unit * ((1 << 20) // len(unit))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packer.compress(b"")
    repeated = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(mebibytes):
        check = zlib.adler32(block, check)
    return b"\x78\xda" + repeated * mebibytes + packer.flush() + check.to_bytes(4, "big")


def flate_bomb(mebibytes: int = 1024) -> bytes:
    return _filtered(_flate(b" ", mebibytes), b"/FlateDecode")


def flate_text_bomb(mebibytes: int = 60) -> bytes:
    """Unpacks to operators that each put a letter on the page."""
    return _filtered(_flate(b"(a) Tj ", mebibytes), b"/FlateDecode")


def flate_of_flate() -> bytes:
    inner = _flate(b" ", 1024)
    return _filtered(zlib.compress(inner, 9), b"[/FlateDecode /FlateDecode]")


def many_filters(count: int = 5000) -> bytes:
    return _filtered(b"00>", b"[" + b"/ASCIIHexDecode " * count + b"]")


def run_length_bomb() -> bytes:
    return _filtered(b"\x81 " * 4_000_000 + b"\x80", b"/RunLengthDecode")


def predictor_bomb() -> bytes:
    packed = zlib.compress(pdf_page_text(SENTENCES))
    return _filtered(
        packed, b"/FlateDecode", b"/DecodeParms << /Predictor 12 /Columns 2147483647 >>"
    )


def unicode_map_bomb() -> bytes:
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        b"1 begincodespacerange <0000> <ffff> endcodespacerange "
        + b"1 beginbfrange <00000000> <ffffffff> <0000> endbfrange " * 50
        + b"endcmap end end"
    )
    font = PDF_FONT.replace(b" >>", b" /ToUnicode 7 0 R >>")
    return _with(o3=font, o7=pdf_stream(table))


def form_in_itself() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 7 0 R >> >>"
    page = _PAGE.replace(b"/Font", b"/XObject << /X 7 0 R >> /Font") % b""
    content = pdf_page_text(SENTENCES) + b"\n/X Do"
    return _with(o5=page, o6=pdf_stream(content), o7=pdf_stream(b"/X Do /X Do", form))


def forms_doubling(levels: int = 40) -> bytes:
    """Each form is drawn twice by the one before it."""
    objects = _objects()
    page = _PAGE.replace(b"/Font", b"/XObject << /X 10 0 R >> /Font") % b""
    objects[5] = page
    objects[6] = pdf_stream(pdf_page_text(SENTENCES) + b"\n/X Do")
    for at in range(levels):
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
        objects[10 + at] = pdf_stream(b"/X Do /X Do", form % (11 + at))
    objects[10 + levels] = pdf_stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return pdf_file(objects)


def labels_in_a_circle() -> bytes:
    return _with(
        o1=b"<< /Type /Catalog /Pages 2 0 R /PageLabels 7 0 R >>",
        o7=b"<< /Kids [7 0 R 7 0 R] >>",
    )


def label_of_a_thousand_million() -> bytes:
    """A page number that is long in Roman numerals: a million m."""
    labels = b"<< /Nums [0 << /S /r /St 2000000000 >>] >>"
    return _with(o1=b"<< /Type /Catalog /Pages 2 0 R /PageLabels " + labels + b" >>")


def label_prefix_of_lines() -> bytes:
    labels = b"<< /Nums [0 << /S /D /P (a\\nb\\033[31m" + b"x" * 100_000 + b") >>] >>"
    return _with(o1=b"<< /Type /Catalog /Pages 2 0 R /PageLabels " + labels + b" >>")


def outline_in_a_circle() -> bytes:
    return _with(
        o1=b"<< /Type /Catalog /Pages 2 0 R /Outlines 7 0 R >>",
        o7=b"<< /First 8 0 R /Last 8 0 R /Count 1 >>",
        o8=b"<< /Title (x) /Parent 7 0 R /Next 8 0 R /First 8 0 R >>",
    )


def launches() -> bytes:
    """Runs a program and a script when a viewer opens it; a reader does neither."""
    actions = b"/OpenAction << /S /Launch /F (/bin/sh) >> /AA << /O << /S /JavaScript /JS (x) >> >>"
    return _with(o1=b"<< /Type /Catalog /Pages 2 0 R " + actions + b" >>")


def without_text() -> bytes:
    return _with(o6=pdf_stream(b"0 0 100 100 re f"))


def without_pages() -> bytes:
    return _with(o2=b"<< /Type /Pages /Kids [] /Count 0 >>")


def without_references() -> bytes:
    data = plain()
    return data[: data.rindex(b"xref\n0")] + b"trailer\n<< /Root 1 0 R >>\n"


def hostile_object_numbers() -> bytes:
    return plain().replace(b"\nxref\n0 7\n", b"\nxref\n0 99999999\n")


def negative_offsets() -> bytes:
    return plain().replace(b"startxref\n", b"startxref\n-")


def huge_integer() -> bytes:
    return _with(o5=_PAGE % (b"/Rotate " + b"9" * 100_000))


def nested_parentheses(depth: int = 300_000) -> bytes:
    return _with(o4=b"<< /Title " + b"(" * depth + b")" * depth + b" >>")


def huge_font_matrix() -> bytes:
    """Text so far away and so large that a layout in characters would be immense."""
    content = (
        b"BT /F1 1e30 Tf 1e30 0 0 1e30 1e30 1e30 Tm (The quay has seven cranes.) Tj "
        b"-1e30 -1e30 Td (Rain fell in March.) Tj ET"
    )
    return _with(o6=pdf_stream(content))


_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def rc4(password: bytes) -> bytes:
    """Encrypted by the standard's first method (40 bits), ISO 32000-1, 7.6.3."""
    identity = b"0123456789abcdef"
    padded = (password + _PAD)[:32]
    owner = _rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], padded)
    permissions = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + permissions + identity).digest()[:5]
    user = _rc4(key, _PAD)
    content = pdf_page_text(SENTENCES)
    own = hashlib.md5(key + (6).to_bytes(3, "little") + b"\0\0").digest()[:10]
    objects = _objects() | {6: pdf_stream(_rc4(own, content))}
    del objects[4]
    objects[9] = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (
        owner.hex().encode(),
        user.hex().encode(),
    )
    name = identity.hex().encode()
    return pdf_file(objects, b"/Root 1 0 R /Encrypt 9 0 R /ID [<%s> <%s>]" % (name, name))


def aes() -> bytes:
    """Encrypted by the newest method (AES, 256 bits) with a password that nobody knows."""
    hidden = hashlib.sha256(b"nobody").digest()
    fields = b"/O <%s> /U <%s> /OE <%s> /UE <%s> /Perms <%s>" % (
        (hidden + hidden[:16]).hex().encode(),
        (hidden[::-1] + hidden[:16]).hex().encode(),
        hidden.hex().encode(),
        hidden.hex().encode(),
        hidden[:16].hex().encode(),
    )
    objects = _objects()
    objects[9] = (
        b"<< /Filter /Standard /V 5 /R 6 /Length 256 /P -4 " + fields + b" /StmF /StdCF "
        b"/StrF /StdCF /CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >> >>"
    )
    return pdf_file(objects, b"/Root 1 0 R /Encrypt 9 0 R /ID [<00> <00>]")
