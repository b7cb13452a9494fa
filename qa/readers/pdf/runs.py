"""A page of a PDF → the runs of characters on it, with their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa.readers.pdf.drawing import Drawing, Fonts
from qa.readers.pdf.pen import Matrix, Run, State

_USUAL_PAGE = (612.0, 792.0)


@dataclass(frozen=True, slots=True)
class PageRuns:
    """What stands on a page: `runs` in the order they are drawn; whether any picture is."""

    width: float
    height: float
    runs: list[Run]
    pictures: bool


def read_runs(page: Any, fonts: Fonts) -> PageRuns:
    """The runs of one page (a pypdf PageObject); raises what pypdf raises."""
    width, height, base = _frame(page)
    drawing = Drawing(fonts, page.pdf)
    contents = page.get("/Contents")
    if contents is not None:
        drawing.draw(contents, page.get("/Resources"), State(base), 0)
    runs = [run for run in drawing.runs if _bring_upright(run, width, height)]
    return PageRuns(width, height, runs, drawing.pictures)


def _frame(page: Any) -> tuple[float, float, Matrix]:
    """The visible page's width and height, and the matrix that turns it upright."""
    box = page.cropbox
    left, bottom = float(box.left), float(box.bottom)
    width, height = float(box.width), float(box.height)
    if width <= 0 or height <= 0:
        left, bottom, width, height = 0.0, 0.0, *_USUAL_PAGE
    turns = (page.rotation // 90) % 4
    if turns == 1:
        return height, width, (0.0, -1.0, 1.0, 0.0, -bottom, left + width)
    if turns == 2:
        return width, height, (-1.0, 0.0, 0.0, -1.0, left + width, bottom + height)
    if turns == 3:
        return height, width, (0.0, 1.0, -1.0, 0.0, bottom + height, -left)
    return width, height, (1.0, 0.0, 0.0, 1.0, -left, -bottom)


def _bring_upright(run: Run, width: float, height: float) -> bool:
    """Gives a turned run the coordinates of the page so turned that it is upright, and says
    whether any of it is on the page: what a viewer doesn't show is a printer's or hidden."""
    if run.turned % 2:
        width, height = height, width
    if run.turned in (2, 3):
        run.x0, run.x1 = run.x0 + width, run.x1 + width
    if run.turned in (1, 2):
        run.y += height
    inside = run.x1 > 0 and run.x0 < width and run.y + run.size > 0 and run.y < height
    return inside
