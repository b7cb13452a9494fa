"""A PDF's objects and pages, read by pdfminer.six under bounds that hold for hostile files.

pdfminer trusts a file: it inflates without an end, follows references in circles, reads a token
in time that grows with its square, and asks the stream's own dictionary how long it is. What
stands here keeps its objects and its rules, and takes over where a file could lie: tokens, the
ends of streams, filters, references, and the tree of pages.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFNoValidXRef
from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, int_value, list_value, resolve1
from pdfminer.psexceptions import PSEOF, PSException
from pdfminer.psparser import PSKeyword

from qa.readers.pdf.syntax import Damaged, Token, Tokens, unpack

_DEEPEST = 200
_INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
_END_OF_STREAM = re.compile(rb"[\0\t\n\f\r ]{0,8}endstream")
_END_OF_LINE = re.compile(rb"\r\n?|\n")
# Where a table of references can't be followed, the file is searched for what it led to.
_TABLE_WORD = re.compile(rb"\b(?:trailer|startxref)\b")
_TABLE_ENTRY = re.compile(
    rb"/(Root|Info|Encrypt|ID)\b[\0\t\n\f\r ]{0,8}(?:\d+ +\d+ +R|\[[^\]]{0,200}+\])"
)


class FileParser(PDFParser):
    """pdfminer's parser over our tokens, whose streams end where they end."""

    def __init__(self, data: bytes) -> None:
        self._tokens_of_file = Tokens(data)
        super().__init__(BytesIO(data))

    def seek(self, pos: int) -> None:
        if pos < 0:
            raise PSEOF("negative offset")
        super().seek(pos)
        self._tokens_of_file.at = pos

    def nexttoken(self) -> Token:
        token = self._tokens_of_file.next()
        if token is None:
            raise PSEOF("Unexpected EOF")
        return token

    def nextline(self) -> tuple[int, bytes]:
        data, start = self._tokens_of_file.data, self._tokens_of_file.at
        if start >= len(data):
            raise PSEOF("Unexpected EOF")
        match = _END_OF_LINE.search(data, start)
        self._tokens_of_file.at = match.end() if match else len(data)
        return start, data[start : self._tokens_of_file.at]

    def revreadlines(self) -> Iterator[bytes]:
        """The lines from the last to the first; what stands before the last MB is not asked for."""
        yield from reversed(self._tokens_of_file.data[-1_000_000:].splitlines())

    def start_type(self, pos: int, type: str) -> None:
        if len(self.context) >= _DEEPEST:
            raise Damaged("nested too deeply")
        super().start_type(pos, type)

    def nextobject(self) -> Any:
        try:
            return super().nextobject()
        except PSEOF:
            raise
        except (PSException, AssertionError, TypeError, ValueError):
            if self.fallback:  # in a file that is searched, what can't be read is nothing
                return self._tokens_of_file.at, None
            raise

    def do_keyword(self, pos: int, token: PSKeyword) -> None:
        if token is self.KEYWORD_STREAM:
            self._read_stream(pos)
        else:
            super().do_keyword(pos, token)

    def _read_stream(self, pos: int) -> None:
        found = self.pop(1)
        entries = found[0][1] if found else None
        if not isinstance(entries, dict):
            raise Damaged("a stream has no dictionary")
        data = self._tokens_of_file.data
        # Looking up the length moves this parser.
        length = int_value(entries.get("Length"))
        line = _END_OF_LINE.match(data, pos + len(b"stream"))
        start = line.end() if line else pos + len(b"stream")
        end = start + max(0, length)
        if not length or not _END_OF_STREAM.match(data, end):
            found_at = data.find(b"endstream", start)
            end = found_at if found_at >= 0 else len(data)
        self.seek(end)
        decipher = self.doc.decipher if self.doc is not None else None
        self.push((pos, Stream(entries, data[start:end], decipher)))


class Stream(PDFStream):
    """A stream that is unpacked within bounds, anew each time that it is asked for."""

    def get_data(self) -> bytes:
        """Return the unpacked bytes; raise Damaged where they are too many or no such code."""
        data = self.rawdata or b""
        if self.decipher is not None and self.objid is not None and self.genno is not None:
            data = self.decipher(self.objid, self.genno, data, self.attrs)
        return unpack(data, self.get_filters())


class PdfDocument(PDFDocument):
    """pdfminer's document, in which what refers to itself is nothing."""

    def __init__(self, data: bytes, *, mended: bool = False) -> None:
        self._being_read: set[int] = set()
        self._tables: set[int] = set()
        self._table_is_damaged = False
        super().__init__(FileParser(data), fallback=mended)

    def getobj(self, objid: int) -> object:
        """Return the object, never a reference; raise PDFObjectNotFound where none can be read."""
        if objid in self._being_read:
            raise PDFObjectNotFound(objid)
        self._being_read.add(objid)
        try:
            found = super().getobj(objid)
            return resolve1(found) if isinstance(found, PDFObjRef) else found
        except (MemoryError, PDFObjectNotFound):
            raise
        except Damaged:
            raise
        except Exception as error:
            # pdfminer raises nearly anything for a damaged object, which is null to the others.
            raise PDFObjectNotFound(objid) from error
        finally:
            self._being_read.discard(objid)

    def read_xref_from(self, parser: PDFParser, start: int, xrefs: list[Any]) -> None:
        if start in self._tables:
            return
        self._tables.add(start)
        try:
            super().read_xref_from(parser, start, xrefs)
        except MemoryError:
            raise
        except Exception as error:
            self._table_is_damaged = True
            raise PDFNoValidXRef("damaged table of references") from error

    def is_doubtful(self) -> bool:
        """Whether its table of references is damaged, or leads to no pages."""
        return self._table_is_damaged or not dict_value(self.catalog.get("Pages"))

    def pages(self, most: int) -> list[dict[str, Any]]:
        """Return the pages' dictionaries in order, with what they inherit.

        Raises Damaged for a tree that grows out of itself, or has twice as many nodes as `most`.
        """
        found: list[dict[str, Any]] = []
        if not dict_value(self.catalog.get("Pages")):
            return found
        waiting: list[tuple[Any, dict[str, Any], tuple[object, ...]]] = [
            (self.catalog.get("Pages"), {}, ())
        ]
        seen = 0
        while waiting:
            node, inherited, above = waiting.pop()
            entries = dict_value(node)
            name = node.objid if isinstance(node, PDFObjRef) else id(node)
            seen += 1
            if name in above or seen > 2 * most:
                raise Damaged("its tree of pages grows out of itself")
            merged = inherited | {key: entries[key] for key in _INHERITED if key in entries}
            if "Kids" in entries:
                kids = list_value(entries["Kids"])
                if len(above) >= _DEEPEST or len(kids) > 2 * most:
                    raise Damaged("its tree of pages is too deep or too wide")
                waiting.extend((kid, merged, (*above, name)) for kid in reversed(kids))
            else:
                # A page that is not there is told like one whose instructions are not.
                found.append({**entries, **merged} if entries else {"Contents": None})
        return found


def open_document(data: bytes) -> PdfDocument:
    """Open a file, if need be by what can be found in it without its table of references.

    Raises what pdfminer raises: PDFPasswordIncorrect, PDFEncryptionError, or anything else for
    a file that is damaged beyond that.
    """
    try:
        document = PdfDocument(data)
        if not document.is_doubtful():
            return document
    except (MemoryError, PDFEncryptionError):
        raise
    except Exception:
        logging.getLogger(__name__).debug("searching a damaged file", exc_info=True)
    entries = {match[1]: match[0] for match in _TABLE_ENTRY.finditer(data)}
    without = _TABLE_WORD.sub(lambda match: b" " * len(match[0]), data)
    trailer = b"\nendobj\ntrailer\n<< %s >>\n" % b" ".join(entries.values())
    return PdfDocument(without + trailer, mended=True)


def numbers(tree: object) -> dict[int, Any]:
    """The entries of a number tree, of a bounded number."""
    found: dict[int, Any] = {}
    waiting = [tree]
    for _ in range(10_000):
        if not waiting:
            break
        node = dict_value(waiting.pop())
        listed = list_value(node.get("Nums"))
        found.update(
            (resolve1(key), value)
            for key, value in zip(listed[::2], listed[1::2], strict=False)
            if isinstance(resolve1(key), int)
        )
        waiting.extend(list_value(node.get("Kids"))[:1000])
    return found
