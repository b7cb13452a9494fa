"""Draw risk–coverage curves as SVG, without any library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qa.evaluate.measures import RiskPoint

_WIDTH, _HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 44, 56
# Two colours that differ in lightness too, so that they differ in grey and for the colour-blind.
_COLOURS = ("#1b4f8f", "#d9822b", "#4d8f5b", "#8f3b76")
_DASHES = ("none", "7 4", "2 3", "10 3 2 3")
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve and its label in the legend."""

    name: str
    points: tuple[RiskPoint, ...]


def risk_coverage_svg(curves: Sequence[Curve], title: str) -> str:
    """Return an SVG document: coverage to the right, risk upwards, a line for each curve.

    Raises ValueError without any point to draw.
    """
    points = [point for curve in curves for point in curve.points]
    if not points:
        raise ValueError("no curve has a point, expected at least one question")
    step = _step(max(point.risk for point in points))
    # The axis ends at a tick above the highest risk.
    ticks = max(1, math.ceil(max(point.risk for point in points) / step - 1e-9))
    top = ticks * step
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 26, title, size=15, weight="600"),
    ]
    parts.extend(_grid(top, ticks, step))
    for number, curve in enumerate(curves):
        parts.append(_line(curve, number, top))
        parts.extend(_legend(curve.name, number))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _step(highest: float) -> float:
    """Return the finest step that cuts the axis into at most five."""
    return next((step for step in _STEPS if highest <= 5 * step), _STEPS[-1])


def _x(coverage: float) -> float:
    return _LEFT + coverage * (_WIDTH - _LEFT - _RIGHT)


def _y(risk: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - risk / top * (_HEIGHT - _TOP - _BOTTOM)


def _grid(top: float, ticks: int, step: float) -> list[str]:
    parts = []
    for tick in range(ticks + 1):
        y = _y(tick * step, top)
        parts.append(_rule(_LEFT, y, _WIDTH - _RIGHT, y))
        parts.append(_text(_LEFT - 8, y + 4, f"{tick * step:.2f}", anchor="end"))
    for tick in range(6):
        x = _x(tick / 5)
        parts.append(_rule(x, _TOP, x, _HEIGHT - _BOTTOM))
        parts.append(_text(x, _HEIGHT - _BOTTOM + 18, f"{tick * 20}%", anchor="middle"))
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(_text(middle, _HEIGHT - 14, "coverage: questions answered", anchor="middle"))
    parts.append(
        f'<text transform="translate(16 {(_TOP + _HEIGHT - _BOTTOM) / 2:.1f}) rotate(-90)" '
        'fill="#333333" text-anchor="middle">risk: answers that are wrong</text>'
    )
    return parts


def _line(curve: Curve, number: int, top: float) -> str:
    places = [f"{_x(point.coverage):.1f},{_y(point.risk, top):.1f}" for point in curve.points]
    if len(places) == 1:
        # A line of one point would not be seen.
        x, y = places[0].split(",")
        return f'<circle cx="{x}" cy="{y}" r="4" fill="{_COLOURS[number % len(_COLOURS)]}"/>'
    return (
        f'<polyline points="{" ".join(places)}" fill="none" stroke-width="2" '
        f'stroke="{_COLOURS[number % len(_COLOURS)]}" '
        f'stroke-dasharray="{_DASHES[number % len(_DASHES)]}"/>'
    )


def _legend(name: str, number: int) -> list[str]:
    y = _TOP + 16 + 20 * number
    colour = _COLOURS[number % len(_COLOURS)]
    dash = _DASHES[number % len(_DASHES)]
    return [
        f'<line x1="{_LEFT + 14}" y1="{y}" x2="{_LEFT + 44}" y2="{y}" stroke="{colour}" '
        f'stroke-width="2" stroke-dasharray="{dash}"/>',
        _text(_LEFT + 52, y + 4, name),
    ]


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = 13, weight: str = "400"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'font-weight="{weight}" fill="#333333">{escape(words)}</text>'
    )
