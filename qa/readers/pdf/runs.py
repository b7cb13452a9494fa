"""Place a PDF's strings on the page: glyphs → runs of characters with their positions."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field

from pdfminer.pdfinterp import PDFTextState
from pdfminer.utils import MATRIX_IDENTITY, Matrix, mult_matrix

from qa.readers.pdf.fonts import Glyph, Typeface

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

    `edges` are where its characters begin, and where the last one ends. `before`, `after`: white
    space was drawn there. `turned`: quarter turns against the page; the coordinates are those of
    the page so turned that the run is upright.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    fixed: bool
    before: bool = False
    after: bool = False
    turned: int = 0
    edges: array[float] = field(default_factory=lambda: array("f"))


class Pen:
    """Writes the glyphs of one showing operator, cut into runs where a gap parts words.

    `x` is how far it came, in units of text space; downwards in vertical writing.
    """

    def __init__(self, state: PDFTextState, face: Typeface, at: Matrix, ctm: Matrix) -> None:
        self._face = face
        scale = 1.0 if face.vertical else state.scaling * 0.01
        # From top to bottom is from left to right on a page turned by a quarter.
        turn: Matrix = (0.0, -1.0, 1.0, 0.0, 0.0, 0.0) if face.vertical else MATRIX_IDENTITY
        self._place = mult_matrix(turn, mult_matrix(at, ctm))
        self._size = state.fontsize
        self._unit = state.fontsize * scale
        sign = -1 if face.vertical else 1
        self._spacing = sign * state.charspace * scale
        self._word_spacing = sign * state.wordspace * scale if face.one_byte else 0.0
        self._rise = state.rise
        self._gap = WORD_GAP * abs(self._unit) * face.em
        self.x = 0.0
        self.runs: list[Run] = []
        self._glyphs: list[tuple[str, float, float]] = []

    def step(self, by: float) -> None:
        """Move on by so many sizes of the type."""
        by *= -self._unit if self._face.vertical else self._unit
        if by > self._gap or by < -_BACK_STEP / WORD_GAP * self._gap:
            self._end()
        self.x += by

    def write(self, glyphs: list[Glyph]) -> None:
        unit, spacing = self._unit, self._spacing
        # A program that packs text tightly may part two words by spacing out their letters.
        parting = spacing > (1.25 if len(glyphs) <= 3 else 2) * self._gap
        for text, width in glyphs:
            end = self.x + width * unit
            if text.isspace():
                after = end + spacing + (self._word_spacing if text == " " else 0.0)
                if after - self.x > 0.4 * self._gap:
                    self._space(text, end)
                self.x = after
            else:
                self._glyphs.append((text, self.x, end))
                self.x = end + spacing
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
        run = self._placed(glyphs[first:last])
        if run is not None:
            run.before, run.after = first > 0, last < len(glyphs)
            self.runs.append(run)

    def _placed(self, glyphs: list[tuple[str, float, float]]) -> Run | None:
        a, b, c, d, e, f = self._place
        start, end = glyphs[0][1], glyphs[-1][2]
        along = math.hypot(a, b)
        size = abs(self._size) * math.hypot(c, d) * self._face.em
        if not along or not size or not math.isfinite(along * size * end):
            return None
        cos, sin = a / along, b / along
        if abs(cos) > _SLANT and abs(sin) > _SLANT:
            return None
        x, y = start * a + self._rise * c + e, start * b + self._rise * d + f
        turned = 0 if cos > 0.5 else 2 if cos < -0.5 else 1 if sin > 0 else 3
        if turned:
            x, y = ((y, -x), (-x, -y), (-y, x))[turned - 1]
        places = [x + (place - start) * along for place in (*(at for _, at, _ in glyphs), end)]
        left, right = min(places[0], places[-1]), max(places[0], places[-1])
        text = "".join(character for character, _, _ in glyphs)
        edges = _edges(glyphs, places)
        face = self._face
        return Run(text, left, right, y, size, face.bold, face.fixed, turned=turned, edges=edges)


def _edges(glyphs: list[tuple[str, float, float]], places: list[float]) -> array[float]:
    """Where each character begins, and where the last ends; one of a glyph that stands for
    several has its even share."""
    if all(len(text) == 1 for text, _, _ in glyphs):
        return array("f", places)
    edges = array("f")
    for (text, _, _), start, end in zip(glyphs, places, places[1:], strict=False):
        edges.extend(start + (end - start) * at / len(text) for at in range(len(text)))
    edges.append(places[-1])
    return edges
