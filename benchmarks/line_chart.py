"""Line charts as SVG, over sizes that grow tenfold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 420, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 36, 40, 46
_COLOURS = ("#1f5fa8", "#c2571a", "#3a7d44")
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """What one line shows; `values` has one for each of the chart's sizes."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Chart:
    """`aim` is drawn as a dashed line, with its own name."""

    title: str
    unit: str
    lines: Sequence[Line]
    aim: Line | None = None


def charts_svg(sizes: Sequence[int], charts: Sequence[Chart]) -> str:
    """The charts beside each other, as one SVG document."""
    width = _WIDTH * len(charts)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" '
        f'viewBox="0 0 {width} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    for number, chart in enumerate(charts):
        parts.append(f'<g transform="translate({number * _WIDTH} 0)">')
        parts.extend(_chart(sizes, chart))
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _chart(sizes: Sequence[int], chart: Chart) -> list[str]:
    shown = [*chart.lines, *([chart.aim] if chart.aim else [])]
    top = _round_up(max(max(line.values) for line in shown))
    logs = [math.log10(size) for size in sizes]
    low, high = min(logs), max(max(logs), min(logs) + 1)

    def across(log: float) -> float:
        return _LEFT + (log - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def down(value: float) -> float:
        return _TOP + (1 - value / top) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [f'<text x="{_LEFT}" y="22" font-size="14">{escape(chart.title)}</text>']
    for step in range(_TICKS + 1):
        value, y = top * step / _TICKS, down(top * step / _TICKS)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#dddddd"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{value:g}", "end"))
    parts.append(_text(_LEFT - 6, _TOP - 10, chart.unit, "end"))
    for size, log in zip(sizes, logs, strict=True):
        parts.append(_text(across(log), _HEIGHT - _BOTTOM + 18, f"{size:,}", "middle"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, "passages", "middle"))
    for number, line in enumerate(shown):
        dashed = line is chart.aim
        colour = "#888888" if dashed else _COLOURS[number % len(_COLOURS)]
        points = [(across(x), down(y)) for x, y in zip(logs, line.values, strict=True)]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        style = ' stroke-dasharray="5 4"' if dashed else ' stroke-width="2"'
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}"{style}/>')
        if not dashed:
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points
            ]
        key = _TOP + 12 + 16 * number
        parts.append(f'<path d="M{_LEFT + 8} {key - 4}h18" stroke="{colour}"{style}/>')
        parts.append(_text(_LEFT + 32, key, line.name, "start"))
    return parts


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333333">{escape(text)}</text>'
    )


def _round_up(value: float) -> float:
    """The next number of one digit and zeros that ticks divide evenly.

    >>> [_round_up(value) for value in (0.7, 23, 61, 840)]
    [1, 50, 100, 1000]
    """
    unit = 10 ** math.floor(math.log10(max(value, 1e-9)))
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= value * 1.05)
