"""The map of warning levels: each zone in the colour, pattern and sign of its level, large for one year or small for several.

The outlines are written once and used by every map of the page. Lengths are in pixels; calculates only where a mark is drawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from junheng.present.charts import BORDER, INK, Projection, projection
from junheng.present.svg import plain, size, text
from junheng.present.wording_foresight import LEVEL_SIGNS, LEVELS
from junheng.workflow import Text
from junheng.workflow.views import Area, Map
from junheng.workflow.views.foresight import SeatLine

WIDTH, HEIGHT = 1120, 860  # whole numbers are fine enough on this sheet; it is shown at half that size or smaller
LARGE, SMALL = 700, 250  # pixels across at which a map is shown alone, and beside others
IN_ROW, _CAPTION = 3, 14  # maps side by side on paper, and the size of their captions: 8 pt across the type area
FILLS: Mapping[str, str] = {  # darker is scarcer, so that a black-and-white print keeps the order; surplus has lines of its own
    "alarm": "#c2410c",
    "warning": "#f0a35e",
    "watch": "#fbe3bd",
    "none": "#f4f6f2",
    "surplus": "#d3e4f0",
    "unknown": "#ffffff",
}
ABSENT = "#fdfdfc"  # a zone of which there is no line in this stage: nothing to warn of, and no sign
_PATTERNS: Mapping[str, str] = {  # on a tile of 9 by 9
    "alarm": '<path d="M0 9L9 0M-1 1L1-1M8 10L10 8M0 0L9 9M-1 8L1 10M8-1L10 1" stroke="#7c2504" stroke-width="1.1"/>',
    "warning": '<path d="M0 9L9 0M-1 1L1-1M8 10L10 8" stroke="#a75a12" stroke-width="1.2"/>',
    "watch": '<circle cx="4.5" cy="4.5" r="1.1" fill="#a77b2c"/>',
    "none": "",
    "surplus": '<path d="M0 4.5H9" stroke="#5f8fb0" stroke-width="1"/>',
    "unknown": '<path d="M4.5 0V9" stroke="#c3c7cc" stroke-width="0.8"/>',
}


_Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zone:
    """What is coloured as one: an area of the seat lines with its outline and where its sign stands."""

    key: str  # SeatLine.area; "" for ground of which no line speaks
    name: str
    outline: str  # path data in pixels of the map
    x: float
    y: float
    across: float  # pixels from side to side


def zones(shape: Map, lines: Iterable[SeatLine]) -> tuple[Zone, ...]:
    """Return the zones of the map; villages of one zone are one zone. Ground without a line comes last, as one zone without a key."""
    fit = projection(shape, (), WIDTH, HEIGHT)
    if fit is None:
        return ()
    names = {line.area: line.area_name for line in lines if line.area_kind == "district"}
    by_name = {name: code for code, name in names.items()}
    groups: dict[str, list[Area]] = {}
    for area in shape.areas:
        candidates = (area.id, area.district, area.name, by_name.get(area.district), by_name.get(area.name))
        groups.setdefault(next((key for key in candidates if key in names), None) or "", []).append(area)
    return tuple(_zone(key, names.get(key, ""), groups[key], fit) for key in sorted(groups, key=lambda key: (not key, key)))


def _zone(key: str, name: str, areas: Sequence[Area], fit: Projection) -> Zone:
    corners = [fit.at(*point) for area in areas for ring in area.rings for point in ring]
    xs, ys = zip(*corners, strict=True)
    return Zone(key, name, _outline(areas, fit), (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, max(xs) - min(xs))


def _outline(areas: Sequence[Area], fit: Projection) -> str:
    """Return the border of areas together: a line between two of them is in both of their rings and falls out."""
    sides: dict[tuple[_Corner, _Corner], int] = {}
    for ring in (ring for area in areas for ring in area.rings):
        corners = [(round(x), round(y)) for x, y in (fit.at(*point) for point in ring)]
        for a, b in pairwise([*corners, corners[0]]):
            if a != b:
                sides[min(a, b), max(a, b)] = sides.get((min(a, b), max(a, b)), 0) + 1
    beside: dict[_Corner, list[_Corner]] = {}
    for (a, b), count in sides.items():
        if count % 2:
            beside.setdefault(a, []).append(b)
            beside.setdefault(b, []).append(a)
    return "".join(_loop(start, beside) for start in list(beside))


def _loop(start: _Corner, beside: dict[_Corner, list[_Corner]]) -> str:
    """Walk along sides not walked yet and back to the start: every corner has an even number of them. A sliver is left out."""
    walked = [start]
    while beside[walked[-1]]:
        at, following = walked[-1], beside[walked[-1]].pop()
        beside[following].remove(at)
        walked.append(following)
    sides = list(pairwise(walked))
    twice = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in sides))
    if twice <= sum(math.dist(a, b) for a, b in sides):  # thinner than a unit: where the borders of neighbours do not quite meet
        return ""
    steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in sides)
    return f"M{start[0]} {start[1]}l{steps.replace(' -', '-')}z"


def patterns(width: int = LARGE) -> str:
    """Return the patterns of all levels for a map shown at this width, to stand in the definitions of a drawing."""
    larger = f' patternTransform="scale({WIDTH / width:.2f})"'
    tiles = (
        f'<pattern id="lv{width}-{level}" width="9" height="9" patternUnits="userSpaceOnUse"{larger}>'
        f'<rect width="9" height="9" fill="{FILLS[level]}"/>'
        f"{_PATTERNS[level]}</pattern>"
        for level in FILLS
    )
    return "".join(tiles)


def outlines(shown: Sequence[Zone], prefix: str = "zone") -> str:
    """Return the outlines of zones, to stand in the definitions of a drawing."""
    return "".join(f'<path id="{prefix}{number}" d="{zone.outline}" fill-rule="evenodd"/>' for number, zone in enumerate(shown))


def legend_svg(level: str, *, shared: bool = False) -> str:
    """Return a sample of a level for a legend; `shared`: the patterns of a sample (width WIDTH) stand elsewhere in the page."""
    own = "" if shared else f"<defs>{patterns(WIDTH)}</defs>"
    fill = f'<rect x="0.5" y="0.5" width="27" height="15" fill="url(#lv{WIDTH}-{level})" stroke="{BORDER}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 16" width="28" height="16">{own}{fill}</svg>'


def levels_svg(
    shown: Sequence[Zone],
    levels: Mapping[str, str],
    title: Text,
    lang: str = "zh",
    *,
    names: bool = True,
    shared: bool = False,
    width: int = LARGE,
) -> str:
    """Return the map of one year: `levels` by zone key. `shared`: patterns and outlines stand elsewhere in the same page.

    Each zone bears data-zone, each sign data-sign with its place in `shown`, so that a script can change the year. `width` is the width
    at which the map is shown: a small one gets larger signs and no names.
    """
    if not shown:
        return ""
    defs = "" if shared else f"<defs>{patterns(width)}{outlines(shown)}</defs>"
    larger = WIDTH / width
    body = "".join(_fill(number, zone, levels.get(zone.key, ""), width) for number, zone in enumerate(shown))
    named = _named(shown, larger) if names else frozenset()
    for number, zone in enumerate(shown):
        body += _sign(number, zone, levels.get(zone.key, ""), larger, len(shown), number in named) if zone.key else ""
    label = f'role="img" aria-label="{plain(title.of(lang))}"'
    head = size(WIDTH, HEIGHT).replace(f'width="{WIDTH}" height="{HEIGHT}"', f'width="{width}" height="{HEIGHT * width / WIDTH:.0f}"')
    return f'<svg class="levels" {head} {label}>{defs}<g stroke="{BORDER}" stroke-width="{0.7 * larger:.2f}">{body}</g></svg>'


def multiples_svg(shown: Sequence[Zone], maps: Sequence[tuple[Text, Mapping[str, str]]], title: Text, lang: str = "zh") -> str:
    """Return maps side by side in one drawing, three in a row: (caption, levels by zone key) of each; empty without zones or maps."""
    if not shown or not maps:
        return ""
    high = HEIGHT * SMALL / WIDTH
    rows = math.ceil(len(maps) / IN_ROW)
    body = []
    for number, (caption, levels) in enumerate(maps):
        x, y = number % IN_ROW * (SMALL + 10), number // IN_ROW * (high + 38)
        frame = f'<rect x="{x + 0.5}" y="{y + 0.5:.1f}" width="{SMALL - 1}" height="{high + 28:.1f}" fill="none" stroke="{BORDER}"/>'
        one = levels_svg(shown, levels, title, lang, names=False, shared=True, width=SMALL)
        inner = re.sub(r"^<svg[^>]*>", f'<svg x="{x}" y="{y:.1f}" width="{SMALL}" height="{high:.1f}" viewBox="0 0 {WIDTH} {HEIGHT}">', one)
        words = text(x + SMALL / 2, y + high + 18, caption, lang, "middle", INK)
        body.append(f'{frame}{inner}<g font-size="{_CAPTION}">{words}</g>')
    across = IN_ROW * (SMALL + 10) - 10
    return f"<svg {size(across, round(rows * (high + 38)))}><defs>{patterns(SMALL)}{outlines(shown)}</defs>{''.join(body)}</svg>"


def _fill(number: int, zone: Zone, level: str, width: int) -> str:
    name = f' data-zone="{number}"' if zone.key else ""
    return f'<use href="#zone{number}"{name} fill="{f"url(#lv{width}-{level})" if level else ABSENT}"/>'


def _named(shown: Sequence[Zone], larger: float) -> frozenset[int]:
    """Return the zones whose names find a place: the wider zone first, none over another's sign or name."""
    boxes: dict[int, tuple[float, float, float]] = {}
    for number in sorted((n for n, zone in enumerate(shown) if zone.key), key=lambda n: -shown[n].across):
        zone, half = shown[number], 6 * larger * max(len(shown[number].name), 1)
        apart = (abs(zone.x - x) >= half + other or abs(zone.y - y) >= 34 * larger for x, y, other in boxes.values())
        if all(apart):
            boxes[number] = (zone.x, zone.y, half)
    return frozenset(boxes)


def _sign(number: int, zone: Zone, level: str, larger: float, count: int, named: bool) -> str:
    """Write the sign, and the name under it where there is room; a halo keeps both legible on a pattern."""
    if count > 60 and zone.across < 16 * larger:
        return ""
    high = min(19 * larger, max(zone.across * 0.5, 9 * larger)) if count > 12 else 19 * larger
    halo = f'stroke="#fff" stroke-width="{3.5 * larger:.1f}" stroke-linejoin="round" paint-order="stroke" pointer-events="none"'
    place = f'x="{zone.x:.1f}" y="{zone.y:.1f}" text-anchor="middle" font-size="{high:.0f}" fill="{INK}"'
    sign = f'<text data-sign="{number}" {place} {halo}>{LEVEL_SIGNS.get(level, "")}</text>'
    if not named:
        return sign
    return sign + f'<g font-size="{12 * larger:.0f}" {halo}>{text(zone.x, zone.y + 15 * larger, zone.name, "zh", "middle", INK)}</g>'


def level_title(stage: Text, year: Text) -> Text:
    """Return what a map of levels shows, for those who hear it: 小学学位预警，2028—2029学年."""
    return Text(f"{stage.zh}学位预警，{year.zh}", f"{stage.en}: warning levels of places, {year.en}")


def level_word(level: str) -> Text:
    """Return a level with its sign: ▲ 预警."""
    words = LEVELS[level]
    return Text(f"{LEVEL_SIGNS[level]} {words.zh}", f"{LEVEL_SIGNS[level]} {words.en}")
