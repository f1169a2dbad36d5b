"""What the charts of a forecast share: axes with round steps, labels that keep apart, and drawings as marks with named looks.

A drawing is a list of paths and labels, each with the name of a look. It becomes SVG here; the page's script builds the same marks from
the same list, so that the geometry is worked out once. Lengths are in pixels; calculates only where a mark is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from junheng.present.svg import plain, size, text
from junheng.workflow import Text

# Every pair that may touch differs in lightness or in dashes too, so that a page printed in black and white says the same.
LOOKS: Mapping[str, Mapping[str, str]] = {
    "axis": {"stroke": "#5b6673", "stroke-width": "1", "fill": "none"},
    "grid": {"stroke": "#e3e0d8", "stroke-width": "1", "fill": "none"},
    "today": {"stroke": "#5b6673", "stroke-width": "1", "stroke-dasharray": "2 3", "fill": "none"},
    "band80": {"fill": "#d5e0ea", "stroke": "#9fb4c6", "stroke-width": "0.6"},
    "band50": {"fill": "#98b3c9", "stroke": "#6f92ae", "stroke-width": "0.6"},
    "middle": {"stroke": "#0d3b54", "stroke-width": "1.8", "stroke-dasharray": "5 3", "fill": "none"},
    "known": {"stroke": "#1d2733", "stroke-width": "2", "fill": "none", "stroke-linejoin": "round"},
    "dots": {"fill": "#1d2733"},
    "seats": {"stroke": "#a02f06", "stroke-width": "2.4", "fill": "none"},
    "male": {"fill": "#6f8ea6"},
    "female": {"fill": "#d3bc98"},
    "before": {"stroke": "#1d2733", "stroke-width": "1.1", "stroke-dasharray": "3 2", "fill": "none"},
    "planned": {"stroke": "#8b919a", "stroke-width": "2", "fill": "none", "stroke-dasharray": "2 2"},
    "hollow": {"stroke": "#5b6673", "stroke-width": "1.4", "fill": "#fff"},
    "actual": {"stroke": "#14506e", "stroke-width": "4", "fill": "none"},
    "solid": {"fill": "#14506e", "stroke": "#fff", "stroke-width": "0.8"},
    "overdue": {"stroke": "#a02f06", "stroke-width": "4", "fill": "none", "stroke-dasharray": "1.5 1.5"},
    "quiet": {"fill": "#5b6673"},
    "ink": {"fill": "#1d2733"},
    "strong": {"fill": "#0d3b54", "font-weight": "700"},
    "seat-words": {"fill": "#a02f06", "font-weight": "700"},
}


class Stroke(NamedTuple):
    """A path in the look of this name."""

    look: str
    path: str


class Label(NamedTuple):
    """A text at a place, anchored at start, middle or end."""

    look: str
    x: float
    y: float
    anchor: str
    words: Text | str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks in the order in which they are drawn, on a sheet of this size."""

    width: int
    height: int
    title: Text
    marks: tuple[Stroke | Label, ...]

    def svg(self, lang: str = "zh") -> str:
        """Return the drawing as SVG text in `lang`."""
        body = "".join(_stroke(mark) if isinstance(mark, Stroke) else _label(mark, lang) for mark in self.marks)
        return f'<svg {size(self.width, self.height)} role="img" aria-label="{plain(self.title.of(lang))}">{body}</svg>'


def _stroke(mark: Stroke) -> str:
    look = "".join(f' {name}="{value}"' for name, value in LOOKS[mark.look].items())
    return f'<path d="{mark.path}"{look}/>'


def _label(mark: Label, lang: str) -> str:
    look = LOOKS[mark.look]
    weight = f' font-weight="{look["font-weight"]}"' if "font-weight" in look else ""
    return f"<g{weight}>{text(mark.x, mark.y, mark.words, lang, mark.anchor, look['fill'])}</g>"


@dataclass(frozen=True, slots=True)
class Axis:
    """Values to pixels, linear, with the round values at which it is labelled."""

    least: float
    most: float
    start: float  # pixel of `least`
    end: float  # pixel of `most`
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.start + (value - self.least) / (self.most - self.least) * (self.end - self.start)


def axis_over(values: Sequence[float], start: float, end: float, steps: int = 5) -> Axis:
    """Return an axis over values (not negative): from zero, or from a round value below where all of them lie far above zero."""
    least, most = min(values), max(values)
    low = 0.0 if least < 0.6 * most or most <= 0 else max(least - 0.35 * (most - least), 0.0)
    step = round_above(max((most - low) / steps, 1e-9)) if most > low else 1.0
    first, last = math.floor(low / step + 1e-9), max(math.ceil(most / step - 1e-9), math.floor(low / step) + 1)
    ticks = tuple(float(f"{number * step:.12g}") for number in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], start, end, ticks)


def round_above(value: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below `value` (> 0)."""
    power = 10.0 ** math.floor(math.log10(value))
    return min(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))


def tick_words(value: float) -> str:
    """Return a tick as it is printed: 12,000."""
    return f"{value:,.0f}" if abs(value) >= 1 or value == 0 else f"{value:g}"


def kept_apart(places: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Return places moved as little as needed, in their order, so that neighbours stand `gap` apart between `least` and `most`."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = [0.0] * len(places)
    before = least - gap
    for n in order:
        moved[n] = before = max(places[n], before + gap)
    after = most + gap
    for n in reversed(order):
        moved[n] = after = min(moved[n], after - gap)
    return moved


def wide(words: str) -> float:
    """Return about how wide a text of 12 pixels is."""
    return sum(12.0 if letter > "\u2e80" else 6.8 for letter in words)


def broken(points: Sequence[tuple[float, float] | None]) -> str:
    """Return a line through points as path data; None leaves a gap, so that a missing year is not drawn over."""
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L"
    return "".join(path)


def dot(x: float, y: float, radius: float) -> str:
    """Return a circle as path data."""
    return f"M{x - radius:.1f} {y:.1f}a{radius:g} {radius:g} 0 1 0 {2 * radius:g} 0a{radius:g} {radius:g} 0 1 0 {-2 * radius:g} 0Z"
