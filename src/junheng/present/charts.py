"""Charts as SVG text: the map, the schools behind a coefficient of variation, bars, a row of counts.

Used by the page and by the documents. Besides wording.py the only presenter module that calculates, and only where a mark is drawn: every
number that is printed comes ready from the views. Lengths are in pixels. Each colour stands with a shape, a sign or a place, and the
palette is told apart by colour-blind readers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from junheng.present.svg import plain, size, text
from junheng.present.wording import SIGNS, VERDICTS, said
from junheng.workflow import Text
from junheng.workflow.views import Area, Map, Spread, SpreadPoint, Unit, Verdict

COLOURS: Mapping[str, str] = {
    "met": "#0b6e99",
    "met_by_concession": "#56a9d3",
    "near": "#e69f00",
    "partly": "#b59a2b",
    "missed": "#bf3b0b",
    "no_data": "#8b919a",
    "needs_evidence": "#7a5195",
    "not_decided": "#8b919a",
    "not_applicable": "#b3b8bf",
}
SHADES = ("#f6f1e6", "#ebe1cb", "#ddcfae", "#ccb98d", "#b7a06d")  # areas, few to many: away from the hues of the verdicts
EMPTY_AREA, BORDER, INK, QUIET = "#ececec", "#a39d90", "#1d2733", "#5b6673"
MARKS: Mapping[str, str] = {  # outlines about (0, 0), some 12 pixels wide
    "met": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0Z",
    "met_by_concession": "M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0ZM-2.8 0a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0Z",
    "near": "M0-7.5L7 5H-7Z",
    "partly": "M0-7.5L7.5 0L0 7.5L-7.5 0Z",
    "missed": "M-7-4L-4-7L0-3L4-7L7-4L3 0L7 4L4 7L0 3L-4 7L-7 4L-3 0Z",
    "no_data": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0ZM-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0Z",
    "needs_evidence": "M-5.5-5.5H5.5V5.5H-5.5Z",
    "not_decided": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0ZM-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0Z",
    "not_applicable": "M-5.5-1.2H5.5V1.2H-5.5Z",
    "not_judged": "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z",
}
_KM_A_DEGREE = 111.32
_FINE = 3  # map units in a pixel: whole numbers keep the paths short, and neighbours share their corners


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its label, its length, what is printed beside it, and its limit as a stroke across. None: no data."""

    label: Text
    value: float | None
    shown: Text
    limit: float | None = None
    verdict: str = "met"


class Shade(NamedTuple):
    """One class of area colours, from `least` to `most` as they are printed."""

    colour: str
    least: str
    most: str


@dataclass(frozen=True, slots=True)
class Projection:
    """Plate carrée, true to scale at the middle latitude: fit for one county. Maps (lon, lat) in degrees to pixels."""

    west: float
    north: float
    across: float  # pixels a degree of longitude
    up: float  # pixels a degree of latitude
    left: float
    top: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the place of a point in pixels, y downwards."""
        return self.left + (lon - self.west) * self.across, self.top + (self.north - lat) * self.up

    @property
    def pixels_a_km(self) -> float:
        """Return the scale of the drawing."""
        return self.up / _KM_A_DEGREE


def projection(shape: Map, units: Iterable[Unit], width: float, height: float) -> Projection | None:
    """Return the projection that fits areas and schools into a drawing with a margin; None when nothing has a place."""
    points = [*_corners(shape.areas), *(_place(unit) for unit in on_map(shape, units).values())]
    if not points:
        return None
    west, south, east, north = _extent(points)
    narrow = math.cos(math.radians((south + north) / 2))
    least = 0.01  # a single point is drawn as if it were about a kilometre wide
    wide, high = max((east - west) * narrow, least), max(north - south, least)
    up = min((width - 40) / wide, (height - 40) / high)
    return Projection(west, north, up * narrow, up, (width - (east - west) * narrow * up) / 2, (height - (north - south) * up) / 2)


def on_map(shape: Map, units: Iterable[Unit]) -> dict[int, Unit]:
    """Return the units that are drawn, by their place in `units`: not those without coordinates, nor far outside the areas."""
    west, south, east, north = _extent(_corners(shape.areas)) if shape.areas else (-180, -90, 180, 90)
    wide, high = (east - west) / 4, (north - south) / 4

    def near(lon: float | None, lat: float | None) -> bool:
        return lon is not None and lat is not None and west - wide <= lon <= east + wide and south - high <= lat <= north + high

    return {number: unit for number, unit in enumerate(units) if near(unit.lon, unit.lat)}


def _place(unit: Unit) -> tuple[float, float]:
    return unit.lon or 0.0, unit.lat or 0.0


def _corners(areas: Iterable[Area]) -> list[tuple[float, float]]:
    return [point for area in areas for ring in area.rings for point in ring]


def _extent(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    east_west, south_north = zip(*points, strict=True)
    return min(east_west), min(south_north), max(east_west), max(south_north)


def map_svg(shape: Map, units: Sequence[Unit], lang: str = "zh", width: int = 960, height: int = 640, areas: bool = True) -> str:
    """Return the map: areas shaded by their value, a mark for each school's stage by its verdict, scale and north.

    Marks hold the unit's place in `units` as data-unit. `areas=False` leaves the areas out, for a page that shows the same ones twice.
    """
    fit = projection(shape, units, width, height)
    if fit is None:
        return ""
    arrow = f'<path d="M0-16L6 4L0 0L-6 4Z" fill="{INK}"/><text y="18" text-anchor="middle" fill="{INK}">N</text>'
    north = f'<g class="north" transform="translate({width - 22} 26)">{arrow}</g>'
    body = [
        f'<g class="areas" stroke="{BORDER}" stroke-width="0.6" fill-rule="evenodd">{areas_svg(shape, fit) if areas else ""}</g>',
        f'<g class="names" font-size="12" fill="{QUIET}" text-anchor="middle">{_area_names(shape.areas, fit)}</g>',
        f'<g class="schools">{_schools(on_map(shape, units), fit)}</g>',
        f'<g class="furniture">{_scale_bar(fit, height)}{north}</g>',
    ]
    label = f'aria-label="{said("学校分布图", "Map of schools").of(lang)}" data-km="{fit.pixels_a_km:.5f}"'
    return f'<svg class="map" {size(width, height)} role="img" {label}>{"".join(body)}</svg>'


def areas_svg(shape: Map, fit: Projection) -> str:
    """Return the areas as paths in fractions of a pixel; data-area is the place in `shape.areas`."""
    shades = {area.id: shade.colour for shade, members in _classes(shape.areas) for area in members}
    unknown = EMPTY_AREA if shades else SHADES[0]  # where no area has a value there is nothing to miss
    start = f'transform="scale({1 / _FINE:.5f})"'
    outlines = ("".join(_ring(ring, fit) for ring in area.rings) for area in shape.areas)
    fills = (shades.get(area.id, unknown) for area in shape.areas)
    paths = enumerate(zip(fills, outlines, strict=True))
    return "".join(f'<path data-area="{number}" fill="{fill}" {start} d="{outline}"/>' for number, (fill, outline) in paths)


def _ring(ring: Sequence[tuple[float, float]], fit: Projection) -> str:
    corners: list[tuple[int, int]] = []
    for lon, lat in ring:
        x, y = fit.at(lon, lat)
        corner = (round(x * _FINE), round(y * _FINE))
        if not corners or corner != corners[-1]:
            corners.append(corner)
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(corners) < 3:
        return ""
    steps = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(corners)]
    return f"M{corners[0][0]} {corners[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def shades(areas: Sequence[Area]) -> tuple[Shade, ...]:
    """Return the classes by which areas are coloured: as many areas in each, equal values in one class."""
    return tuple(shade for shade, _ in _classes(areas))


def _classes(areas: Sequence[Area]) -> list[tuple[Shade, list[Area]]]:
    known = sorted((area for area in areas if area.value is not None), key=lambda area: area.value or 0)
    groups: dict[int, list[Area]] = {}
    first_of: dict[float, int] = {}
    for rank, area in enumerate(known):
        number = first_of.setdefault(area.value or 0, rank * len(SHADES) // len(known))
        groups.setdefault(number, []).append(area)
    return [(Shade(colour=SHADES[n], least=group[0].shown, most=group[-1].shown), group) for n, group in sorted(groups.items())]


def _area_names(areas: Sequence[Area], fit: Projection) -> str:
    """Name the areas, or where they are many the districts that they make up, at the middle of their extent."""
    extent: dict[str, list[tuple[float, float]]] = {}
    for area in areas:
        extent.setdefault(area.name if len(areas) <= 40 else area.district, []).extend(p for ring in area.rings for p in ring)
    texts = []
    for name, points in extent.items():
        if name and points:
            west, south, east, north = _extent(points)
            x, y = fit.at((west + east) / 2, (south + north) / 2)
            texts.append(f'<g transform="translate({x:.1f} {y:.1f})"><text class="still">{plain(name)}</text></g>')
    return "".join(texts)


def _schools(units: Mapping[int, Unit], fit: Projection) -> str:
    """Draw a mark for each unit; units at one place stand in a ring about it."""
    at: dict[tuple[float, float], list[tuple[int, Unit]]] = {}
    for number, unit in units.items():
        at.setdefault(_place(unit), []).append((number, unit))
    marks = []
    for place, group in at.items():
        x, y = fit.at(*place)
        for turn, (number, unit) in enumerate(group):
            radius = 0.0 if len(group) == 1 else max(7.5, len(group) * 2.4)
            angle = 2 * math.pi * turn / len(group) + math.pi
            aside = f"{radius * math.cos(angle):.1f} {radius * math.sin(angle):.1f}"
            kind = unit.verdict if unit.judged else "not_judged"
            marks.append(
                f'<g transform="translate({x:.1f} {y:.1f})"><path class="mark still" data-unit="{number}" data-v="{kind}" '
                f'transform="translate({aside})" d="{MARKS[kind]}" fill="{COLOURS.get(kind, QUIET)}" fill-rule="evenodd" '
                f'stroke="#fff" stroke-width="1" paint-order="stroke"/></g>'
            )
    return "".join(marks)


def _scale_bar(fit: Projection, height: float) -> str:
    km = _round_below(140 / fit.pixels_a_km)
    length, y = km * fit.pixels_a_km, height - 14
    bar = f'<path d="M14 {y - 5}v5h{length:.1f}v-5" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    shown = f"{km:g} km" if km >= 1 else f"{km * 1000:g} m"
    return f'<g class="scale">{bar}<text x="{20 + length:.1f}" y="{y}" fill="{INK}">{shown}</text></g>'


def _round_below(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above `value` (> 0)."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))


def point_verdict(point: SpreadPoint, spread: Spread) -> Verdict:
    """Return where a school stands to the limit of its own requirement; met where there is no such limit."""
    if spread.school_limit is None or point.short is None or not (point.short.to_limit or point.short.to_floor):
        return "met"
    return "missed" if point.short.to_floor or spread.school_floor is None else "near"


def strip_svg(spread: Spread, lang: str = "zh", width: int = 720, height: int = 220) -> str:
    """Return the schools of a spread as circles along the indicator's axis, their area as their pupils.

    Lines stand for the county mean, the limit and the floor of the school's own requirement. data-point is the place in `points`;
    the five schools with the largest share of the spread bear that number. Empty when no school has a value.
    """
    if not spread.points:
        return ""
    lines = _lines(spread)
    axis = _Axis.over([*(point.value for point in spread.points), *(value for value, *_ in lines)], 16, width - 16)
    base, middle = height - 34, (height + 4) / 2
    body = [f'<path d="M10 {base}H{width - 10}" stroke="{QUIET}"/>']
    for tick in axis.ticks():
        x = axis.at(tick)
        body.append(f'<path d="M{x:.1f} {base}v4" stroke="{QUIET}"/>{text(x, base + 17, f"{tick:g}", lang, "middle", QUIET)}')
    bent = said("{unit}（平方根刻度）", "{unit} (square-root scale)", unit=spread.unit)
    body.append(text(width - 10, height - 3, bent if axis.bent else spread.unit, lang, "end", QUIET))
    body += _drawn_lines(lines, axis, base, lang)
    body += _circles(spread, axis, middle, base)
    label = plain(said("{title}（{stage}）各校分布", "{title} ({stage}): schools", title=spread.title, stage=spread.stage_label).of(lang))
    return f'<svg class="strip" {size(width, height)} role="img" aria-label="{label}">{"".join(body)}</svg>'


def _lines(spread: Spread) -> list[tuple[float, Text, str, str]]:
    """Return place, label, colour and dashes of each line, from left to right."""
    found = []
    if spread.mean.value is not None:
        found.append((spread.mean.value, said("平均 {v}", "mean {v}", v=spread.mean.shown), INK, "2 3"))
    if spread.school_floor is not None:
        found.append((spread.school_floor, said("底线 {v}", "floor {v}", v=f"{spread.school_floor:g}"), "#8a5a00", "7 4"))
    if spread.school_limit is not None:
        found.append((spread.school_limit, said("标准 {v}", "standard {v}", v=f"{spread.school_limit:g}"), COLOURS["missed"], ""))
    return sorted(found, key=lambda line: line[0])


def _drawn_lines(lines: Iterable[tuple[float, Text, str, str]], axis: _Axis, base: float, lang: str) -> list[str]:
    """Draw the lines with their labels above, each in the first row that is free there."""
    body, ends = [], [-math.inf] * 3
    for value, label, colour, dashes in lines:
        x, wide = axis.at(value), 8 + max(_wide(label.zh), _wide(label.en))
        start = min(max(x - wide / 2, 2), axis.right + 14 - wide)
        row = next((n for n, end in enumerate(ends) if start > end), 2)
        ends[row] = start + wide
        y = 11 + 13 * row
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        body.append(f'<path d="M{x:.1f} {y + 4}V{base}" stroke="{colour}" stroke-width="1.4"{dash}/>')
        body.append(text(start + wide / 2, y, label, lang, "middle", colour))
    return body


def _wide(words: str) -> float:
    return sum(12.0 if letter > "\u2e80" else 6.8 for letter in words)


@dataclass(frozen=True, slots=True)
class _Axis:
    """Values to pixels: linear, or by the square root where a few schools lie far beyond the rest (`bent`)."""

    least: float
    most: float
    left: float
    right: float
    bent: bool

    @classmethod
    def over(cls, values: Sequence[float], left: float, right: float) -> _Axis:
        ordered = sorted(values)
        least, most = ordered[0], ordered[-1]
        bent = least >= 0 and most > 6 * ordered[len(ordered) // 2] > 0
        room = (most - least) * 0.03 or abs(most) * 0.1 or 1.0
        return cls(0.0 if bent else max(least - room, 0.0) if least >= 0 else least - room, most + room, left, right, bent)

    def at(self, value: float) -> float:
        part = (value - self.least) / (self.most - self.least)
        return self.left + (self.right - self.left) * (math.sqrt(max(part, 0.0)) if self.bent else part)

    def ticks(self) -> list[float]:
        step = _round_below((self.most - self.least) / (5 if not self.bent else 10))
        numbers = range(math.ceil(self.least / step - 1e-9), math.floor(self.most / step + 1e-9) + 1)
        found: list[float] = []
        for number in numbers:
            tick = float(f"{number * step:.12g}")
            if not found or self.at(tick) - self.at(found[-1]) > 46:
                found.append(tick)
        return found


def _circles(spread: Spread, axis: _Axis, middle: float, base: float) -> list[str]:
    most = max(point.pupils for point in spread.points) or 1.0
    room = min(middle - 38, base - middle - 2)
    for large in (15.0, 12.5, 10.0, 8.0, 6.0):  # the largest circles that find a place
        sized = [(axis.at(point.value), max(large * math.sqrt(max(point.pupils, 0.0) / most), 1.8)) for point in spread.points]
        heights = _swarm(sized)
        if all(abs(height) + r <= room for height, (_, r) in zip(heights, sized, strict=True)):
            break
    heights = [min(max(height, r - room), room - r) for height, (_, r) in zip(heights, sized, strict=True)]
    body = ['<g fill-opacity="0.75" stroke="#fff" stroke-width="0.8">']  # the look of a thousand circles, said once
    for number in sorted(range(len(sized)), key=lambda n: -sized[n][1]):
        (x, r), y = sized[number], middle + heights[number]
        colour = COLOURS[point_verdict(spread.points[number], spread)]
        body.append(f'<circle data-point="{number}" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{colour}"/>')
    body.append("</g>")
    for number in range(min(5, len(sized))):
        (x, r), y = sized[number], middle + heights[number]
        inside = r >= 6.5
        at = y + 3.6 if inside else y - r - 2
        look = f'text-anchor="middle" font-size="10" font-weight="700" pointer-events="none" fill="{"#fff" if inside else INK}"'
        body.append(f'<text class="rank" x="{x:.1f}" y="{at:.1f}" {look}>{number + 1}</text>')
    return body


def _swarm(sized: Sequence[tuple[float, float]]) -> list[float]:
    """Return an offset up or down for each circle (x, radius), so that circles do not cover each other."""
    heights = [0.0] * len(sized)
    order = sorted(range(len(sized)), key=lambda n: -sized[n][1])
    for rank, number in enumerate(order):
        x, r = sized[number]
        touching = ((sized[p][0] - x, heights[p], sized[p][1] + r + 0.6) for p in order[:rank])
        near = [(dx, h, gap) for dx, h, gap in touching if abs(dx) < gap]
        tries = [0.0, *(h + side * math.sqrt(gap * gap - dx * dx) for dx, h, gap in near for side in (1, -1))]
        free = (t for t in sorted(tries, key=abs) if all(dx * dx + (t - h) ** 2 >= gap * gap - 1e-6 for dx, h, gap in near))
        heights[number] = next(free, 0.0)
    return heights


def bars_svg(bars: Sequence[Bar], lang: str = "zh", width: int = 720, label_width: int = 300) -> str:
    """Return horizontal bars on one scale from zero, each with its limit as a stroke; a bar without data says so."""
    most = max([*(bar.value or 0.0 for bar in bars), *(bar.limit or 0.0 for bar in bars)], default=0.0) or 1.0
    room = width - label_width - 100
    body = []
    for row, bar in enumerate(bars):
        y = 4 + 24 * row
        body.append(text(label_width - 8, y + 13, bar.label, lang, "end", INK))
        length, limit = max(bar.value or 0.0, 0.0) / most * room, (bar.limit or 0.0) / most * room
        if bar.value is not None:
            body.append(f'<rect x="{label_width}" y="{y + 2}" width="{length:.1f}" height="14" fill="{COLOURS[bar.verdict]}"/>')
        if bar.limit is not None:
            body.append(f'<path d="M{label_width + limit:.1f} {y - 1}v20" stroke="{INK}" stroke-width="1.6"/>')
        shown = said("{sign} {shown}", "{sign} {shown}", sign=SIGNS[bar.verdict], shown=bar.shown)
        body.append(text(label_width + max(length, limit) + 6, y + 13, shown, lang, "start", INK))
    return f'<svg class="bars" {size(width, 8 + 24 * len(bars))} role="img">{"".join(body)}</svg>'


def counts_svg(counts: Mapping[Verdict, int], lang: str = "zh", width: int = 360, names: Mapping[str, Text] = VERDICTS) -> str:
    """Return one bar divided by verdicts, with sign and number in each field; empty when there is nothing to count."""
    if not (total := sum(counts.values())):
        return ""
    x, body = 0.0, []
    for verdict in sorted((name for name in counts if counts[name]), key=list(COLOURS).index):
        wide = counts[verdict] / total * width
        body.append(f'<rect x="{x:.1f}" width="{max(wide - 1, 0.5):.1f}" height="20" fill="{COLOURS[verdict]}"/>')
        if wide > 30:
            fill = INK if verdict in ("near", "met_by_concession", "not_applicable") else "#fff"
            body.append(text(x + wide / 2, 14.5, f"{SIGNS[verdict]} {counts[verdict]}", lang, "middle", fill))
        x += wide
    label = plain("，".join(f"{names[verdict].of(lang)} {count}" for verdict, count in counts.items() if count))
    return f'<svg class="counts" {size(width, 20)} role="img" aria-label="{label}">{"".join(body)}</svg>'
