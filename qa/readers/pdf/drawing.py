"""A page's drawing instructions, followed as far as text depends on them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from qa.readers.pdf.fonts import PdfFont, read_font
from qa.readers.pdf.pen import LONGEST_STRING, UNIT, Matrix, Pen, Run, State, times

# Forms painted inside forms, and forms painted on one page.
_DEEPEST = 12
_MOST_FORMS = 2000
_MOST_STATES = 512


class Fonts:
    """The fonts of a file, each read once."""

    def __init__(self) -> None:
        self._known: dict[Any, PdfFont] = {}

    def of(self, resources: Any, name: Any) -> PdfFont | None:
        fonts = _entry(resources, "/Font")
        raw = fonts.raw_get(name) if fonts is not None and name in fonts else None
        if raw is None:
            return None
        key = (raw.idnum, raw.generation) if hasattr(raw, "idnum") else id(raw)
        font = self._known.get(key)
        if font is None:
            font = self._known[key] = read_font(raw.get_object())
        return font


class Drawing:
    """Follows the instructions of one page and of the forms that it paints.

    It collects the `runs` in the order they are drawn, and notes whether a picture is.
    """

    def __init__(self, fonts: Fonts, pdf: Any) -> None:
        self.runs: list[Run] = []
        self.pictures = False
        self.fonts = fonts
        self._pdf = pdf
        self._forms = 0
        self._open: set[int] = set()
        # Marked content: the words it stands for (None: its own), or furniture of the page.
        self._marks: list[tuple[str | None, bool]] = []
        self._spoken = False

    def draw(self, stream: Any, resources: Any, state: State, depth: int) -> None:
        from pypdf.generic import ContentStream

        resources = resources.get_object() if resources is not None else {}
        stream = stream.get_object()
        content = stream if isinstance(stream, ContentStream) else None
        content = content or ContentStream(stream, self._pdf, "bytes")
        _Page(self, resources, state, depth).follow(content.operations)
        _forget(stream)

    def paint(self, name: Any, resources: Any, state: State, depth: int) -> None:
        forms = _entry(resources, "/XObject")
        form = forms.get(name) if forms is not None else None
        form = form.get_object() if form is not None else None
        if form is None:
            return
        if form.get("/Subtype") == "/Image":
            self.pictures = True
            return
        if id(form) in self._open or depth >= _DEEPEST or self._forms >= _MOST_FORMS:
            return
        self._forms += 1
        self._open.add(id(form))
        inner = state.copy()
        inner.matrix = times(_matrix(form.get("/Matrix", ())) or UNIT, state.matrix)
        self.draw(form, form.get("/Resources", resources), inner, depth + 1)
        self._open.discard(id(form))

    def picture(self) -> None:
        self.pictures = True

    def begin_mark(self, properties: Any) -> None:
        words, furniture = None, False
        if isinstance(properties, dict):
            actual = properties.get("/ActualText")
            words = _words(actual) if actual is not None else None
            furniture = properties.get("/Type") == "/Pagination"
        if words is not None:
            self._spoken = False
        self._marks.append((words, furniture))

    def end_mark(self) -> None:
        if self._marks:
            self._marks.pop()

    def emit(self, run: Run) -> None:
        words = next((words for words, _ in self._marks if words is not None), None)
        if any(furniture for _, furniture in self._marks):
            return
        if words is not None:
            if self._spoken:
                return
            self._spoken = True
            run.text = words.strip()
        if run.text:
            self.runs.append(run)


class _Page:
    """Follows one stream's operators."""

    def __init__(self, drawing: Drawing, resources: Any, state: State, depth: int) -> None:
        self._drawing = drawing
        self._resources = resources
        self._state = state
        self._depth = depth
        self._stack: list[State] = []
        self._line: Matrix = UNIT
        self._at: Matrix = UNIT

    def follow(self, operations: Iterable[tuple[Any, bytes]]) -> None:
        for operands, operator in operations:
            handler = _HANDLERS.get(operator)
            if handler is None:
                continue
            try:
                handler(self, operands)
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                # One operator with wrong operands is skipped, as viewers do.
                logging.getLogger(__name__).debug("skipped %r", operator)

    def save(self, _: Any) -> None:
        if len(self._stack) < _MOST_STATES:
            self._stack.append(self._state.copy())

    def restore(self, _: Any) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def transform(self, operands: Any) -> None:
        matrix = _matrix(operands)
        if matrix:
            self._state.matrix = times(matrix, self._state.matrix)

    def begin_text(self, _: Any) -> None:
        self._line = self._at = UNIT

    def set_font(self, operands: Any) -> None:
        self._state.font = self._drawing.fonts.of(self._resources, operands[0])
        self._state.size = float(operands[1])

    def set_spacing(self, operands: Any) -> None:
        self._state.spacing = float(operands[0])

    def set_word_spacing(self, operands: Any) -> None:
        self._state.word_spacing = float(operands[0])

    def set_stretch(self, operands: Any) -> None:
        self._state.stretch = float(operands[0]) / 100

    def set_leading(self, operands: Any) -> None:
        self._state.leading = float(operands[0])

    def set_rise(self, operands: Any) -> None:
        self._state.rise = float(operands[0])

    def set_matrix(self, operands: Any) -> None:
        self._line = self._at = _matrix(operands) or UNIT

    def move(self, operands: Any) -> None:
        a, b, c, d, e, f = self._line
        x, y = float(operands[0]), float(operands[1])
        self._line = self._at = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)

    def move_and_lead(self, operands: Any) -> None:
        self._state.leading = -float(operands[1])
        self.move(operands)

    def next_line(self, _: Any = None) -> None:
        self.move((0.0, -self._state.leading))

    def show(self, operands: Any) -> None:
        self._show([operands[0]])

    def show_array(self, operands: Any) -> None:
        self._show(operands[0])

    def show_next(self, operands: Any) -> None:
        self.next_line()
        self._show([operands[0]])

    def show_spaced(self, operands: Any) -> None:
        self._state.word_spacing = float(operands[0])
        self._state.spacing = float(operands[1])
        self.next_line()
        self._show([operands[2]])

    def paint(self, operands: Any) -> None:
        self._drawing.paint(operands[0], self._resources, self._state, self._depth)

    def picture(self, _: Any) -> None:
        self._drawing.picture()

    def mark(self, _: Any) -> None:
        self._drawing.begin_mark(None)

    def mark_with(self, operands: Any) -> None:
        properties = operands[1]
        if not isinstance(properties, dict):
            named = _entry(self._resources, "/Properties")
            properties = named.get(properties) if named is not None else None
            properties = properties.get_object() if properties is not None else None
        self._drawing.begin_mark(properties)

    def unmark(self, _: Any) -> None:
        self._drawing.end_mark()

    def _show(self, items: Any) -> None:
        """Strings and the steps between them, in thousandths of the type's size."""
        state = self._state
        if state.font is None:
            return
        pen = Pen(state, self._at)
        for item in items:
            if isinstance(item, (int, float)):
                pen.step(-float(item) / 1000 * state.size * state.stretch)
            elif isinstance(item, (bytes, str)):
                data = item if isinstance(item, bytes) else item.encode("latin-1", "replace")
                for first in range(0, len(data), LONGEST_STRING):
                    pen.write(state.font.glyphs(data[first : first + LONGEST_STRING]))
        pen.finish()
        a, b, c, d, e, f = self._at
        self._at = (a, b, c, d, pen.x * a + e, pen.x * b + f)
        for run in pen.runs:
            self._drawing.emit(run)


_HANDLERS = {
    b"q": _Page.save,
    b"Q": _Page.restore,
    b"cm": _Page.transform,
    b"BT": _Page.begin_text,
    b"Tf": _Page.set_font,
    b"Tc": _Page.set_spacing,
    b"Tw": _Page.set_word_spacing,
    b"Tz": _Page.set_stretch,
    b"TL": _Page.set_leading,
    b"Ts": _Page.set_rise,
    b"Tm": _Page.set_matrix,
    b"Td": _Page.move,
    b"TD": _Page.move_and_lead,
    b"T*": _Page.next_line,
    b"Tj": _Page.show,
    b"TJ": _Page.show_array,
    b"'": _Page.show_next,
    b'"': _Page.show_spaced,
    b"Do": _Page.paint,
    b"INLINE IMAGE": _Page.picture,
    b"BMC": _Page.mark,
    b"BDC": _Page.mark_with,
    b"EMC": _Page.unmark,
}


def _matrix(operands: Any) -> Matrix | None:
    numbers = [float(operand) for operand in operands]
    return (*numbers[:5], numbers[5]) if len(numbers) == 6 else None  # type: ignore[return-value]


def _entry(resources: Any, key: str) -> Any:
    entry = resources.get(key) if resources is not None else None
    entry = entry.get_object() if entry is not None else None
    return entry if isinstance(entry, dict) else None


def _words(actual: Any) -> str:
    """A text string of marked content; content streams give it as bytes (ISO 32000-2, 7.9.2)."""
    if isinstance(actual, str):
        return actual
    data = bytes(actual)
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    return data.decode("latin-1")


def _forget(stream: Any) -> None:
    """Drops the unpacked form of a page's streams, which pypdf would keep for all pages."""
    for part in stream if isinstance(stream, list) else [stream]:
        part = part.get_object()
        if hasattr(part, "decoded_self"):
            part.decoded_self = None
