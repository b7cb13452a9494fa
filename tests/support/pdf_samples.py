"""Writes small PDFs by hand, object by object, so that tests know every place on a page."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842
REGULAR, BOLD, FIXED = "F1", "F2", "F3"
_FONTS = {REGULAR: "Helvetica", BOLD: "Helvetica-Bold", FIXED: "Courier"}


@dataclass(frozen=True)
class Show:
    """A string drawn at a place, in points from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 10
    font: str = REGULAR


def column(
    lines: Sequence[str], x: float = 72, top: float = 740, *, leading: float = 12, size: float = 10
) -> list[Show]:
    """Lines under each other, a blank one leaving room."""
    return [
        Show(x, top - leading * at, line, size) for at, line in enumerate(lines) if line.strip()
    ]


def drawn(shows: Sequence[Show]) -> bytes:
    """The drawing instructions of a page."""
    return b"\n".join(
        b"BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET"
        % (show.font.encode(), show.size, show.x, show.y, _escaped(show.text))
        for show in shows
    )


def _escaped(text: str) -> bytes:
    data = text.encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def pdf(
    pages: Sequence[Sequence[Show] | bytes],
    *,
    labels: str = "",
    info: Mapping[str, str] | None = None,
    page_entries: str = "",
    packed: bool = False,
    font: str = "",
    more: Sequence[bytes] = (),
) -> bytes:
    """A PDF of pages given as strings or as drawing instructions.

    `labels` is the content of /Nums of the page labels; `info` the document information;
    `page_entries` are further entries of every page. `font` is the dictionary of the regular
    font, if another than Helvetica; `more` are further objects, of a file of one page from 7 on.
    """
    core = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    faces = {name: core.format(base) for name, base in _FONTS.items()}
    faces |= {REGULAR: font} if font else {}
    fonts = "".join(f"/{name} {face} " for name, face in faces.items())
    image = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
        "/BitsPerComponent 8 /Length 1 >> stream\n0\nendstream"
    )
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(pages)))
    objects: list[bytes] = [
        (
            "<< /Type /Catalog /Pages 2 0 R "
            + (f"/PageLabels << /Nums [{labels}] >> " if labels else "")
            + ">>"
        ).encode(),
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        f"<< /Font << {fonts}>> /XObject << /Im 4 0 R >> >>".encode(),
        image.encode(),
    ]
    for at, page in enumerate(pages):
        data = page if isinstance(page, bytes) else drawn(page)
        body = zlib.compress(data) if packed else data
        packing = " /Filter /FlateDecode" if packed else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources 3 0 R "
            f"/Contents {6 + 2 * at} 0 R {page_entries}>>".encode()
        )
        objects.append(
            f"<< /Length {len(body)}{packing} >> stream\n".encode() + body + b"\nendstream"
        )
    objects.extend(more)
    extra = ""
    if info is not None:
        entries = " ".join(f"/{key} {_text_string(value)}" for key, value in info.items())
        objects.append(f"<< {entries} >>".encode())
        extra = f"/Info {len(objects)} 0 R "
    return assemble(objects, extra)


def _text_string(value: str) -> str:
    return "<" + ("\ufeff" + value).encode("utf-16-be").hex() + ">"


def assemble(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """A file of the objects, numbered from 1, of which the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def encrypted(data: bytes, password: str, algorithm: str = "RC4-128") -> bytes:
    """The same PDF under a user's password; "" opens for anybody."""
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
