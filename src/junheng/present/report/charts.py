"""Where one school stands among the others, as a small strip beside its figure. Calculates only where a mark is drawn.

The other schools are anonymous ticks: distance to the standard and to the county's mean is shown, never a rank.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from junheng.present.charts import COLOURS, INK, MARKS, QUIET, point_verdict
from junheng.workflow.views import Spread, SpreadPoint

WIDTH, HEIGHT = 200, 26
FLOOR = "#8a5a00"
_MIDDLE = HEIGHT / 2


def position_svg(spread: Spread, school: str) -> str:
    """Return the strip of one indicator and stage with `school` marked; empty when the school has no value in it."""
    mine = [point for point in spread.points if point.school == school]
    if not mine:
        return ""
    bounds = [value for value in (spread.mean.value, spread.school_limit, spread.school_floor) if value is not None]
    place = _Scale([point.value for point in spread.points], bounds)
    body = [f'<path d="M4 {_MIDDLE}H{WIDTH - 4}" stroke="{QUIET}" stroke-width="0.6"/>']
    others = dict.fromkeys(f"M{place(point.value):.1f} {_MIDDLE - 4}v8" for point in spread.points)
    body.append(f'<path d="{"".join(others)}" stroke="{QUIET}" stroke-width="0.7" stroke-opacity="0.6"/>')
    body += [_stroke(place(value), colour, dashes) for value, colour, dashes in _strokes(spread) if value is not None]
    body.append(_mark(mine[0], spread, place(mine[0].value)))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(body)}</svg>'


class _Scale:
    """Values to pixels: linear, or by the square root where a few schools lie far beyond the rest."""

    def __init__(self, values: Sequence[float], bounds: Sequence[float]) -> None:
        ordered = sorted([*values, *bounds])
        self._least, most = ordered[0], ordered[-1]
        self._range = (most - self._least) or 1.0
        self._bent = most > 4 * ordered[len(ordered) // 2] > 0

    def __call__(self, value: float) -> float:
        part = (value - self._least) / self._range
        return 10 + (WIDTH - 20) * (math.sqrt(part) if self._bent else part)


def _strokes(spread: Spread) -> tuple[tuple[float | None, str, str], ...]:
    """Return the lines of the strip: county mean dotted, floor dashed, standard whole."""
    return ((spread.mean.value, INK, "1.5 2"), (spread.school_floor, FLOOR, "4 2"), (spread.school_limit, COLOURS["missed"], ""))


def _stroke(x: float, colour: str, dashes: str) -> str:
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{x:.1f} 2V{HEIGHT - 2}" stroke="{colour}" stroke-width="1.3"{dash}/>'


def _mark(point: SpreadPoint, spread: Spread, x: float) -> str:
    verdict = point_verdict(point, spread)
    look = f'fill="{COLOURS[verdict]}" fill-rule="evenodd" stroke="#fff" stroke-width="1"'
    return f'<path d="{MARKS[verdict]}" transform="translate({x:.1f} {_MIDDLE})" {look}/>'


def mark_svg(kind: str) -> str:
    """Return the mark by which a map shows a school of this verdict, for its legend."""
    path = f'<path d="{MARKS[kind]}" fill="{COLOURS.get(kind, QUIET)}" fill-rule="evenodd"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-7 -7 14 14" width="14" height="14">{path}</svg>'
