"""Writes documents in every format: txt, md, html and epub by itself, the others by LibreOffice.

    python benchmarks/format_corpus.py FOLDER [--documents FOLDER]

FOLDER gets a folder a format (`txt`, `md`, `html`, `epub`, `docx`, `odt`, `rtf`, `pdf`) with all
documents in it; without --documents they are those of the sample corpus. A document is taken to
its blocks (a line of a plain text is a paragraph; Markdown and HTML by their markup) and written
from these; a file that is in a format already is copied. DOCX, ODT, RTF and PDF are converted from
the HTML by LibreOffice (`apt-get install libreoffice-writer`).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from measuring import tell
from written_formats import packed

from qa import sample
from qa.readers.files import load, read_bytes
from qa.readers.sandbox.isolation import read_isolated
from qa.records import BlockKind, SourceText

FORMATS = ("txt", "md", "html", "docx", "odt", "rtf", "epub", "pdf")
_OFFICE = {"docx": "docx", "odt": "odt", "rtf": "rtf", "pdf": "pdf:writer_pdf_Export"}
# What the three markups below would read as theirs at the beginning of a line, or inside it.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#])")
_LINE_MARK = re.compile(r"^([-+=~]|\d+(?=[.)]))", re.MULTILINE)
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_CONVERSION_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Part:
    """One block as every format can hold it; `text` is plain."""

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A document between two formats."""

    name: str
    title: str
    date: str | None
    language: str
    parts: tuple[Part, ...]


def read_paper(path: Path) -> Paper:
    """A document's blocks, without the menus of a saved page."""
    source = read_isolated(load(path), path)
    date = source.date
    if path.suffix == ".txt":
        lines = [line.strip() for line in source.text.splitlines() if line.strip()]
        # No line is a heading: which ones are titles is for whoever reads it to find out.
        parts = [Part(BlockKind.PARAGRAPH, line) for line in lines]
    else:
        page = source if path.suffix == ".html" else _rendered(source, path)
        parts = [
            Part(block.kind, page.text[block.start : block.end], block.level)
            for block in page.blocks
            if block.kind not in (BlockKind.NAVIGATION, BlockKind.METADATA)
        ]
        if date and path.suffix == ".md":
            # Front matter's date is lost in most formats: there it stands under the title.
            year, month, day = date.split("-")
            words = f"{int(day)} {_MONTHS[int(month) - 1]} {year}"
            parts.insert(1, Part(BlockKind.PARAGRAPH, words))
    cyrillic = len(re.findall("[а-яА-Я]", source.text)) > len(source.text) / 4
    title = source.title or parts[0].text
    return Paper(path.stem, title, date, "ru" if cyrillic else "en", tuple(parts))


def _rendered(source: SourceText, path: Path) -> SourceText:
    """Markdown as the HTML that its own parser renders it to."""
    from markdown_it import MarkdownIt

    front = next((b.end for b in source.blocks if b.kind is BlockKind.METADATA), 0)
    markup = MarkdownIt("commonmark").enable("table").render(source.text[front:])
    page = f'<meta charset="utf-8"><body><main>{markup}</main>'
    return read_bytes(page.encode(), path.with_suffix(".html"))


def as_text(paper: Paper) -> str:
    return "\n\n".join(part.text for part in paper.parts) + "\n"


def as_markdown(paper: Paper) -> str:
    date = f"date: {paper.date}\n" if paper.date else ""
    title = paper.title.replace('"', "'")
    return f'---\ntitle: "{title}"\n{date}---\n\n' + "\n\n".join(map(_marked, paper.parts)) + "\n"


def _marked(part: Part) -> str:
    if part.kind is BlockKind.TABLE:
        rows = [line.split("\t") for line in part.text.split("\n")]
        width = max(map(len, rows))
        lines = [
            "| " + " | ".join(_MARKDOWN.sub(r"\\\1", cell) for cell in row) + " |"
            for row in (row + [""] * (width - len(row)) for row in rows)
        ]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
    text = _LINE_MARK.sub(_escaped_mark, _MARKDOWN.sub(r"\\\1", part.text))
    if part.kind is BlockKind.HEADING:
        return f"{'#' * max(1, part.level)} {text}"
    if part.kind is BlockKind.LIST_ITEM:
        return f"- {text}"
    if part.kind is BlockKind.QUOTE:
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return text.replace("\n", "  \n")


def _escaped_mark(match: re.Match[str]) -> str:
    mark = match[1]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def body_markup(parts: Sequence[Part]) -> str:
    """Blocks as XHTML elements, one a line."""
    out: list[str] = []
    listed = False
    for part in parts:
        item = part.kind is BlockKind.LIST_ITEM
        if item != listed:
            out.append("<ul>" if item else "</ul>")
            listed = item
        out.append(_element(part))
    return "\n".join([*out, *(["</ul>"] if listed else [])])


def _element(part: Part) -> str:
    if part.kind is BlockKind.TABLE:
        rows = (line.split("\t") for line in part.text.split("\n"))
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
    text = escape(part.text).replace("\n", "<br/>")
    if part.kind is BlockKind.HEADING:
        return f"<h{max(1, part.level)}>{text}</h{max(1, part.level)}>"
    if part.kind is BlockKind.LIST_ITEM:
        return f"<li>{text}</li>"
    if part.kind is BlockKind.QUOTE:
        return f"<blockquote><p>{text}</p></blockquote>"
    if part.kind is BlockKind.CODE:
        return f"<pre>{escape(part.text)}</pre>"
    return f"<p>{text}</p>"


def as_html(paper: Paper) -> str:
    date = f'<meta name="date" content="{paper.date}"/>' if paper.date else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{paper.language}"><head><meta charset="utf-8"/>'
        f"<title>{escape(paper.title)}</title>{date}</head>\n"
        f"<body>\n{body_markup(paper.parts)}\n</body></html>\n"
    )


def as_epub(paper: Paper) -> bytes:
    """A chapter for each heading of the second level; one alone where there is none."""
    chapters: list[list[Part]] = [[]]
    for part in paper.parts:
        if part.kind is BlockKind.HEADING and part.level == 2 and chapters[-1]:
            chapters.append([])
        chapters[-1].append(part)
    xhtml = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
    xml = '<?xml version="1.0" encoding="UTF-8"?>\n'
    members: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'{xml}<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="book/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
    }
    links, items, spine = [], [], []
    for number, chapter in enumerate(chapters):
        name, heading = f"part{number}.xhtml", escape(chapter[0].text)
        members[f"book/{name}"] = (
            f"{xml}<html {xhtml}><head><title>{heading}</title></head><body>\n"
            f"{body_markup(chapter)}\n</body></html>"
        )
        links.append(f'<li><a href="{name}">{heading}</a></li>')
        items.append(f'<item id="p{number}" href="{name}" media-type="application/xhtml+xml"/>')
        spine.append(f'<itemref idref="p{number}"/>')
    date = f"<dc:date>{paper.date}</dc:date>" if paper.date else ""
    members["book/nav.xhtml"] = (
        f"{xml}<html {xhtml}><head><title>Contents</title></head><body>"
        f'<nav epub:type="toc"><ol>{"".join(links)}</ol></nav></body></html>'
    )
    members["book/content.opf"] = (
        f'{xml}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:citewell:{paper.name}</dc:identifier>'
        f"<dc:title>{escape(paper.title)}</dc:title><dc:language>{paper.language}</dc:language>"
        f'{date}</metadata><manifest>{"".join(items)}<item id="nav" href="nav.xhtml" '
        'media-type="application/xhtml+xml" properties="nav"/></manifest>'
        f"<spine>{''.join(spine)}</spine></package>"
    )
    return packed(members, stored=["mimetype"])


def convert(pages: Sequence[Path], wanted: str, into: Path) -> None:
    """HTML files as LibreOffice saves them in another format."""
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("no soffice: apt-get install libreoffice-writer")
    with tempfile.TemporaryDirectory(prefix="citewell-office-") as profile:
        command = [office, f"-env:UserInstallation=file://{profile}", "--headless"]
        command += ["--infilter=HTML (StarWriter)", "--convert-to", _OFFICE[wanted]]
        command += ["--outdir", str(into), *map(str, pages)]
        subprocess.run(command, check=True, capture_output=True, timeout=_CONVERSION_LIMIT)
    missing = [page.stem for page in pages if not (into / f"{page.stem}.{wanted}").is_file()]
    if missing:
        raise SystemExit(f"LibreOffice wrote no {wanted} of {', '.join(missing)}")


def write_corpus(folder: Path, documents: Path | None = None) -> dict[str, Path]:
    """Write all documents in all formats; the folder of each format."""
    folders = {name: folder / name for name in FORMATS}
    for place in folders.values():
        place.mkdir(parents=True, exist_ok=True)
    pages: list[Path] = []
    for path in sorted((documents or sample.documents()).iterdir()):
        if path.suffix not in (".txt", ".md", ".html"):
            continue
        paper = read_paper(path)
        written = {
            "txt": as_text(paper).encode(),
            "md": as_markdown(paper).encode(),
            "html": as_html(paper).encode(),
            "epub": as_epub(paper),
        }
        # Office is given the plain page in any case: a site's styles and scripts are not its text.
        page = folder / "office" / f"{paper.name}.html"
        page.parent.mkdir(exist_ok=True)
        page.write_bytes(written["html"])
        pages.append(page)
        written[path.suffix[1:]] = path.read_bytes()
        for name, content in written.items():
            (folders[name] / f"{paper.name}.{name}").write_bytes(content)
    for wanted in _OFFICE:
        tell(f"LibreOffice writes {wanted}")
        convert(pages, wanted, folders[wanted])
    return folders


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=Path, help="txt, md and html files (the sample)")
    given = parser.parse_args(arguments)
    for name, place in write_corpus(given.folder, given.documents).items():
        files = sorted(place.iterdir())
        print(f"{name}: {len(files)} files, {sum(f.stat().st_size for f in files):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
