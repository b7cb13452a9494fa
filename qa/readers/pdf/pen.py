"""The pen that sets a PDF's strings on the page: glyphs → runs of characters."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qa.readers.pdf.fonts import Glyph, PdfFont

Matrix = tuple[float, float, float, float, float, float]

UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# A gap between two words, in ems. Kerning moves less, the narrowest justified space more.
WORD_GAP = 0.12
_BACK_STEP = 0.4
# Longer strings are set in parts, to hold few of their characters' places at a time.
LONGEST_STRING = 4096
# Text at an angle that is no multiple of a right one is a watermark.
_SLANT = 0.2


@dataclass(slots=True)
class Run:
    """Characters drawn in one go, white space around them off, in points from the page's lower
    left corner: from `x0` to `x1` on the base line `y`, in a type of `size`.

    `before`, `after`: white space was drawn there. `turned`: quarter turns against the page;
    the coordinates are those of the page so turned that the run is upright.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    fixed: bool
    before: bool
    after: bool
    turned: int = 0


@dataclass(slots=True)
class State:
    """The graphics state, as far as text depends on it (ISO 32000-2, 9.3)."""

    matrix: Matrix
    font: PdfFont | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0

    def copy(self) -> State:
        return State(
            self.matrix,
            self.font,
            self.size,
            self.spacing,
            self.word_spacing,
            self.stretch,
            self.leading,
            self.rise,
        )


class Pen:
    """Writes the glyphs of one showing operator, cut into runs where a gap parts words."""

    def __init__(self, state: State, at: Matrix) -> None:
        self._state = state
        self._font: PdfFont = state.font  # type: ignore[assignment]
        self._place = times(at, state.matrix)
        self._gap = WORD_GAP * abs(state.size * state.stretch) * self._font.em
        self.x = 0.0
        self.runs: list[Run] = []
        self._glyphs: list[tuple[str, float, float]] = []

    def step(self, by: float) -> None:
        if by > self._gap or by < -_BACK_STEP / WORD_GAP * self._gap:
            self._end()
        self.x += by

    def write(self, glyphs: list[Glyph]) -> None:
        state, font = self._state, self._font
        size, stretch, spacing = state.size, state.stretch, state.spacing
        word_spacing = state.word_spacing if font.one_byte else 0.0
        # A program that packs text tightly may part two words by spacing out their letters.
        parting = spacing * stretch > (1.25 if len(glyphs) <= 3 else 2) * self._gap
        for text, width in glyphs:
            end = self.x + width * size * stretch
            if text.isspace():
                step = spacing + (word_spacing if text == " " else 0.0)
                if end + step * stretch - self.x > 0.4 * self._gap:
                    self._space(text, end)
                self.x = end + step * stretch
            else:
                self._glyphs.append((text, self.x, end))
                self.x = end + spacing * stretch
                if parting or len(self._glyphs) >= LONGEST_STRING:
                    self._end()

    def _space(self, text: str, end: float) -> None:
        if len(self._glyphs) > 1 and self._glyphs[-1][0] == self._glyphs[-2][0] == " ":
            self._end()
        self._glyphs.append((" " if text in "\t\r\n" else text, self.x, end))

    def finish(self) -> None:
        self._end()

    def _end(self) -> None:
        glyphs, self._glyphs = self._glyphs, []
        first, last = 0, len(glyphs)
        while first < last and not glyphs[first][0].strip():
            first += 1
        while last > first and not glyphs[last - 1][0].strip():
            last -= 1
        if first == last:
            if glyphs and self.runs:
                self.runs[-1].after = True
            return
        text = "".join(glyph for glyph, _, _ in glyphs[first:last])
        run = self._placed(text, glyphs[first][1], glyphs[last - 1][2])
        if run is not None:
            run.before, run.after = first > 0, last < len(glyphs)
            self.runs.append(run)

    def _placed(self, text: str, start: float, end: float) -> Run | None:
        a, b, c, d, e, f = self._place
        rise = self._state.rise
        along = math.hypot(a, b)
        size = abs(self._state.size) * math.hypot(c, d) * self._font.em
        if not along or not size or not math.isfinite(along * size * end):
            return None
        cos, sin = a / along, b / along
        if abs(cos) > _SLANT and abs(sin) > _SLANT:
            return None
        x0, y0 = start * a + rise * c + e, start * b + rise * d + f
        length = (end - start) * along
        turned = 0 if cos > 0.5 else 2 if cos < -0.5 else 1 if sin > 0 else 3
        if turned == 1:
            x0, y0 = y0, -x0
        elif turned == 2:
            x0, y0 = -x0, -y0
        elif turned == 3:
            x0, y0 = -y0, x0
        left, right = min(x0, x0 + length), max(x0, x0 + length)
        font = self._font
        return Run(text, left, right, y0, size, font.bold, font.fixed, False, False, turned)


def times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
