"""A page's drawing instructions → the runs of characters on it, with their places."""

from __future__ import annotations

import inspect
import logging
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import (
    PDFPageInterpreter,
    PDFStackT,
    PDFTextState,
)
from pdfminer.pdftypes import PDFStream, dict_value, int_value, list_value, resolve1, stream_value
from pdfminer.psparser import PSKeyword, PSLiteral, literal_name
from pdfminer.utils import Matrix, translate_matrix

from qa.readers.pdf.fonts import Fonts
from qa.readers.pdf.runs import LONGEST_STRING, Pen, Run
from qa.readers.pdf.syntax import Damaged, Tokens, text_string

_USUAL_PAGE = (0.0, 0.0, 612.0, 792.0)
# Forms painted inside forms, and forms painted on one page.
_DEEPEST = 12
_MOST_FORMS = 2000
_MOST_STATES = 512
_MOST_OPERATORS = 800_000
_DEEPEST_OPERAND = 200
# What a damaged operand or font makes of an operator, which is then skipped, as viewers do.
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class PageRuns:
    """What stands on a page: `runs` in the order they are drawn; whether any picture is."""

    width: float
    height: float
    runs: list[Run]
    pictures: bool


def read_runs(page: dict[str, Any], fonts: Fonts) -> PageRuns:
    """Return the runs of a page, given by its dictionary.

    Raises Damaged, or what pdfminer raises, where its instructions can't be followed.
    """
    width, height, base = _frame(page)
    device = TextDevice(fonts)
    if "Contents" in page:
        contents = resolve1(page["Contents"])
        interpreter = Interpreter(fonts, device)
        streams = contents if isinstance(contents, list) else [contents]
        interpreter.render_contents(dict_value(page.get("Resources")), streams, ctm=base)
    runs = [run for run in device.runs if _bring_upright(run, width, height)]
    return PageRuns(width, height, runs, device.pictures)


def _frame(page: dict[str, Any]) -> tuple[float, float, Matrix]:
    """The visible page's width and height, and the matrix that turns it upright."""
    boxes = (_box(page.get(key)) for key in ("CropBox", "MediaBox"))
    left, bottom, right, top = next(filter(None, boxes), _USUAL_PAGE)
    width, height = right - left, top - bottom
    turns = int_value(page.get("Rotate", 0)) // 90 % 4
    if turns == 1:
        return height, width, (0.0, -1.0, 1.0, 0.0, -bottom, right)
    if turns == 2:
        return width, height, (-1.0, 0.0, 0.0, -1.0, right, top)
    if turns == 3:
        return height, width, (0.0, 1.0, -1.0, 0.0, top, -left)
    return width, height, (1.0, 0.0, 0.0, 1.0, -left, -bottom)


def _box(entry: object) -> tuple[float, float, float, float] | None:
    """A rectangle's sides: left, bottom, right, top; None for one that holds nothing."""
    sides = [resolve1(side) for side in list_value(entry)]
    if len(sides) != 4 or not all(isinstance(side, (int, float)) for side in sides):
        return None
    (left, right), (bottom, top) = sorted(map(float, sides[::2])), sorted(map(float, sides[1::2]))
    return (left, bottom, right, top) if left < right and bottom < top else None


def _bring_upright(run: Run, width: float, height: float) -> bool:
    """Gives a turned run the coordinates of the page so turned that it is upright, and says
    whether any of it is on the page: what a viewer doesn't show is a printer's or hidden."""
    if run.turned % 2:
        width, height = height, width
    if run.turned in (2, 3):
        run.x0, run.x1 = run.x0 + width, run.x1 + width
        run.edges = array("f", [edge + width for edge in run.edges])
    if run.turned in (1, 2):
        run.y += height
    return run.x1 > 0 and run.x0 < width and run.y + run.size > 0 and run.y < height


# ---- instructions ------------------------------------------------------------------------


def read_operators(data: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """The operators of a content stream, each with its operands; a picture in it is `BI`."""
    tokens = Tokens(data)
    operands: list[Any] = []
    above: list[list[Any]] = []
    while (found := tokens.next()) is not None:
        token = found[1]
        if not isinstance(token, PSKeyword):
            operands.append(token)
            continue
        mark = token.name
        if mark in (b"[", b"<<", b"{"):
            if len(above) >= _DEEPEST_OPERAND:
                raise Damaged("nested too deeply")
            above.append(operands)
            operands = []
        elif mark in (b"]", b">>", b"}"):
            if above:
                inner, operands = operands, above.pop()
                operands.append(_dictionary(inner) if mark == b">>" else inner)
        elif mark == b"null":
            operands.append(None)
        elif mark not in (b")", b">"):
            # An operator inside an array ends it.
            while above:
                operands, inner = above.pop(), operands
                operands.append(inner)
            if mark == b"ID":
                tokens.skip_picture()
                mark = b"BI"
            yield mark, operands
            operands = []


def _dictionary(items: list[Any]) -> dict[str, Any]:
    return {literal_name(k): v for k, v in zip(items[::2], items[1::2], strict=False)}


class Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter, kept to what text depends on, and within bounds."""

    device: TextDevice

    def __init__(self, rsrcmgr: Fonts, device: TextDevice) -> None:
        super().__init__(rsrcmgr, device)
        self._depth = 0
        self._outer: PDFTextState | None = None
        self._handlers = {
            operator: (getattr(self, name), count) for operator, (name, count) in _HANDLERS.items()
        }

    def subinterp(self) -> Interpreter:
        inner = super().subinterp()
        assert isinstance(inner, Interpreter)
        inner._depth = self._depth + 1
        inner._outer = self.textstate.copy()
        return inner

    def init_resources(self, resources: dict[object, object]) -> None:
        super().init_resources({k: v for k, v in resources.items() if k in ("Font", "XObject")})
        self.resources = resources

    def init_state(self, ctm: Matrix) -> None:
        super().init_state(ctm)
        if self._outer is not None:
            self.textstate = self._outer

    def execute(self, streams: Sequence[object]) -> None:
        parts = [stream for stream in map(resolve1, streams) if isinstance(stream, PDFStream)]
        if streams and not parts:
            raise Damaged("its instructions are missing")
        parts = [stream for stream in parts if stream.objid not in self.parent_stream_ids]
        self.stream_ids.update(stream.objid for stream in parts if stream.objid is not None)
        for operator, operands in read_operators(b"\n".join(part.get_data() for part in parts)):
            handler, count = self._handlers.get(operator, (None, 0))
            if handler is None or len(operands) < count:
                continue
            self.device.count_operator()
            try:
                handler(*operands[len(operands) - count :])
            except _FAULTS:
                logging.getLogger(__name__).debug("skipped %r", operator)

    def do_q(self) -> None:
        if len(self.gstack) < _MOST_STATES:
            self.gstack.append((self.ctm, self.textstate.copy(), self.graphicstate))

    def do_Tf(self, fontid: PDFStackT, fontsize: PDFStackT) -> None:
        self.textstate.font = self.fontmap.get(literal_name(fontid))
        self.textstate.fontsize = float(fontsize)  # type: ignore[arg-type]

    def do_TJ(self, seq: PDFStackT) -> None:
        if self.textstate.font is not None and isinstance(seq, list):
            self.device.show(self.textstate, seq)

    def do__w(self, aw: PDFStackT, ac: PDFStackT, s: PDFStackT) -> None:
        self.do_Tw(aw)
        self.do_Tc(ac)
        self.do__q(s)

    def do_BDC(self, tag: PDFStackT, props: PDFStackT) -> None:
        named = isinstance(props, PSLiteral)
        entry = dict_value(self.resources.get("Properties")).get(literal_name(props))
        self.device.begin_tag(tag, resolve1(entry) if named else props)  # type: ignore[arg-type]

    def do_BI(self) -> None:
        self.device.pictures = True

    def do_Do(self, xobjid_arg: PDFStackT) -> None:
        painted = stream_value(self.xobjmap.get(literal_name(xobjid_arg)))
        if literal_name(resolve1(painted.get("Subtype"))) == "Image":
            self.device.pictures = True
        elif self._depth < _DEEPEST and self.device.may_paint():
            painted.attrs.setdefault("BBox", [])
            try:
                super().do_Do(xobjid_arg)
            finally:
                self.device.set_ctm(self.ctm)


def _with_counts(names: dict[str, str]) -> dict[bytes, tuple[str, int]]:
    """pdfminer's methods for the operators, each with the number of its operands."""
    return {
        operator.encode(): (name, len(inspect.signature(getattr(Interpreter, name)).parameters) - 1)
        for operator, name in names.items()
    }


_HANDLERS = _with_counts(
    {op: f"do_{op}" for op in "q Q cm BT Tf Tc Tw Tz TL Ts Tm Td TD Tj TJ Do".split()}
    | {op: f"do_{op}" for op in "BI BMC BDC EMC".split()}
    | {"T*": "do_T_a", "'": "do__q", '"': "do__w"}
)


# ---- what is shown -------------------------------------------------------------------------


class TextDevice(PDFDevice):
    """Collects the runs of a page in the order they are drawn, and whether a picture is."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(fonts)
        self.runs: list[Run] = []
        self.pictures = False
        self._fonts = fonts
        self._operators = self._forms = 0
        # Marked content: the words it stands for (None: its own), or furniture of the page.
        self._marks: list[tuple[str | None, bool]] = []
        self._spoken = False

    def count_operator(self) -> None:
        self._operators += 1
        if self._operators > _MOST_OPERATORS:
            raise Damaged(f"a page has more than {_MOST_OPERATORS:,} instructions")

    def may_paint(self) -> bool:
        """Whether another form may be painted on the page."""
        self._forms += 1
        return self._forms <= _MOST_FORMS

    def begin_tag(self, tag: PSLiteral, props: PDFStackT | None = None) -> None:
        words, furniture = None, False
        if isinstance(props, dict):
            words = text_string(props["ActualText"]) if "ActualText" in props else None
            furniture = literal_name(resolve1(props.get("Type"))) == "Pagination"
        if words is not None:
            self._spoken = False
        self._marks.append((words, furniture))

    def end_tag(self) -> None:
        if self._marks:
            self._marks.pop()

    def show(self, state: PDFTextState, items: Iterable[Any]) -> None:
        """Show strings, and between them steps in thousandths of the type's size."""
        assert state.font is not None
        assert self.ctm is not None
        typeface = self._fonts.typeface(state.font)
        pen = Pen(state, typeface, translate_matrix(state.matrix, state.linematrix), self.ctm)
        for item in items:
            if isinstance(item, (int, float)):
                pen.step(-item / 1000)
            elif isinstance(item, bytes):
                for first in range(0, len(item), LONGEST_STRING):
                    pen.write(typeface.glyphs(item[first : first + LONGEST_STRING]))
        pen.finish()
        x, y = state.linematrix
        state.linematrix = (x, y - pen.x) if typeface.vertical else (x + pen.x, y)
        for run in pen.runs:
            self._emit(run)

    def _emit(self, run: Run) -> None:
        words = next((words for words, _ in self._marks if words is not None), None)
        if any(furniture for _, furniture in self._marks):
            return
        if words is not None:
            if self._spoken:
                return
            self._spoken = True
            run.text = words.strip()
            run.edges = array("f", [run.x0, run.x1])
        if run.text:
            self.runs.append(run)
