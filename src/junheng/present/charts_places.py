"""Maps of a proposal: each place in the colour of where it belongs, today beside what is proposed.

Villages are filled; schools are points joined to the middle of their group. A colour is never alone: groups bear their name, and what
changes has an outline. Lengths are in pixels; calculates only where a mark is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from junheng.present.charts import BORDER, INK, QUIET, Projection, projection
from junheng.present.svg import plain, size, text
from junheng.workflow import Text
from junheng.workflow.views import Area, Map
from junheng.workflow.views.proposals import Place, PlaceMap

Side = Literal["before", "after"]
Point = tuple[float, float]

WIDTH, HEIGHT = 640, 520
BEFORE, AFTER = Text("现在", "Today"), Text("方案", "Proposed")
CHANGED = Text("有变化", "changes")
NONE = Text("没有归属", "belongs to none")
_PALETTE = (
    "#4e79a7",
    "#f28e2b",
    "#59a14f",
    "#b07aa1",
    "#edc948",
    "#76b7b2",
    "#e15759",
    "#9c755f",
    "#d37295",
    "#8cd17d",
    "#499894",
    "#a0a7c8",
)
_SHADES = ("#eef3f7", "#c6d9e8", "#8fb8d6", "#4a8fc0", "#0f5e95")
_INK_EDGE = "#8b919a"
_EMPTY, _GROUND, _CHANGE = "#ffffff", "#f6f4ee", "#8c1d04"
_POINT = 5.0
_LINES = {"river": ("#5b9bd5", 5, ""), "railway": ("#555555", 2.5, "9 4"), "trunk_road": ("#c9a24a", 3, "")}  # colour, width, dashes
_MOST_NAMES = 60
_MOST_LEGEND = 40


class Key(NamedTuple):
    """One line of a legend."""

    colour: str
    label: Text


class Drawn(NamedTuple):
    """What both sides of a map share: where things stand, and the colour of each group."""

    fit: Projection
    colours: Mapping[str, str]
    middles: Mapping[str, Point]  # of each place
    limits: tuple[float, ...]  # between the shades of amounts


def drawn(shown: PlaceMap) -> Drawn | None:
    """Return what both sides share; None when nothing has a place."""
    corners = tuple((mark.lon, mark.lat) for mark in shown.marks if mark.lon is not None and mark.lat is not None)
    points = Area(id="", name="", district="", rings=(corners,) if shown.places == "schools" else (), value=None, shown="")
    fit = projection(Map(areas=(*shown.areas, points), value_label=Text("", ""), note=Text("", "")), (), WIDTH, HEIGHT)
    if fit is None:
        return None
    middles = _middles(shown, fit)
    return Drawn(fit, _colours(shown, middles), middles, _limits(shown))


def _middles(shown: PlaceMap, fit: Projection) -> dict[str, Point]:
    if shown.places == "schools":
        return {mark.code: fit.at(mark.lon, mark.lat) for mark in shown.marks if mark.lon is not None and mark.lat is not None}
    found = {}
    for area in shown.areas:
        corners = [fit.at(*point) for ring in area.rings for point in ring]
        if corners:
            xs, ys = zip(*corners, strict=True)
            found[area.id] = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    return found


def _colours(shown: PlaceMap, middles: Mapping[str, Point]) -> dict[str, str]:
    """Return a colour for each group: of the few there are, the one whose nearest other group in it is farthest."""
    centres = {**_centres(shown.marks, middles, "before"), **_centres(shown.marks, middles, "after")}
    given: dict[str, str] = {}
    for code, _ in shown.names:
        here = centres.get(code, (0.0, 0.0))
        apart = {
            colour: min(
                (math.dist(here, centres.get(other, (0.0, 0.0))) for other, its in given.items() if its == colour), default=math.inf
            )
            for colour in _PALETTE
        }
        given[code] = max(_PALETTE, key=lambda colour: apart[colour])
    return given


def _centres(marks: Iterable[Place], middles: Mapping[str, Point], side: Side) -> dict[str, Point]:
    groups: dict[str, list[Point]] = {}
    for mark in marks:
        group = getattr(mark, side)
        if group and mark.code in middles:
            groups.setdefault(group, []).append(middles[mark.code])
    return {code: (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)) for code, points in groups.items()}


def _limits(shown: PlaceMap) -> tuple[float, ...]:
    values = sorted(value for mark in shown.marks for value in (mark.before_value, mark.after_value) if value is not None)
    if not values:
        return ()
    return tuple(values[len(values) * part // len(_SHADES)] for part in range(1, len(_SHADES)))


def legend(shown: PlaceMap, both: Drawn) -> tuple[Key, ...]:
    """Return the legend: groups by name, or the bounds of each shade; at most forty lines."""
    if shown.kind == "amount":
        bounds = ("", *(f"{value:,.10g}" for value in both.limits), "")
        return tuple(Key(colour, Text(*[f"{bounds[n]}–{bounds[n + 1]}"] * 2)) for n, colour in enumerate(_SHADES[: len(bounds) - 1]))
    return tuple(Key(both.colours[code], name) for code, name in shown.names[:_MOST_LEGEND])


def place_map_svg(shown: PlaceMap, side: Side, both: Drawn, lang: str = "zh") -> str:
    """Return one side of a map."""
    title = BEFORE if side == "before" else AFTER
    label = f'role="img" aria-label="{plain(f"{shown.title.of(lang)} {title.of(lang)}")}"'
    return f'<svg class="places" {size(WIDTH, HEIGHT)} {label}>{_body(shown, side, both, lang)}</svg>'


def pair_svg(shown: PlaceMap, both: Drawn, lang: str = "zh") -> str:
    """Return both sides in one drawing, for paper."""
    sides: tuple[tuple[int, Side, Text], ...] = ((0, "before", BEFORE), (1, "after", AFTER))
    body = []
    for number, side, title in sides:
        x = number * (WIDTH + 16)
        frame = f'<rect x="{x + 0.5}" y="0.5" width="{WIDTH - 1}" height="{HEIGHT + 36}" fill="none" stroke="{BORDER}"/>'
        words = f'<g font-size="22">{text(x + WIDTH / 2, HEIGHT + 26, title, lang, "middle", INK)}</g>'
        body.append(f'{frame}<g transform="translate({x} 0)">{_body(shown, side, both, lang)}</g>{words}')
    below = _legend_below(shown, both, lang) if shown.kind == "amount" or not shown.is_grouped else ""
    return f"<svg {size(2 * WIDTH + 16, HEIGHT + (74 if below else 38))}>{''.join(body)}{below}</svg>"


def _legend_below(shown: PlaceMap, both: Drawn, lang: str) -> str:
    """Return the legend in one line, for paper: groups of schools bear their names on the map, shades and verdicts do not."""
    x, y = 8.0, HEIGHT + 50.0
    found = []
    keys = [*((key.colour, _INK_EDGE, key.label.of(lang)) for key in legend(shown, both)), (_EMPTY, _CHANGE, CHANGED.of(lang))]
    for colour, edge, label in keys:
        found.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="20" height="16" fill="{colour}" stroke="{edge}"/>')
        found.append(text(x + 26, y + 15, label, lang, "start", INK))
        x += 48 + 18 * sum(1.0 if letter > "\u2e80" else 0.58 for letter in label)
    return f'<g font-size="18">{"".join(found)}</g>'


def _body(shown: PlaceMap, side: Side, both: Drawn, lang: str) -> str:
    marks = {mark.code: mark for mark in shown.marks}
    filled = shown.places == "villages"
    areas = "".join(_area(area, marks.get(area.id) if filled else None, side, both, filled=filled) for area in shown.areas)
    points = "" if filled else _points(shown, side, both)
    lines = _lines(shown, both, lang)
    return f'<g stroke="{BORDER}" stroke-width="0.6" fill-rule="evenodd">{areas}</g>{lines}{points}{_names(shown, side, both, lang)}'


def _lines(shown: PlaceMap, both: Drawn, lang: str) -> str:
    """Draw rivers, railways and trunk roads under the points, cut to the drawing, and a white spot where they can be crossed."""
    drawn_lines = []
    for line in shown.lines:
        colour, width, dashes = _LINES.get(line.kind, _LINES["trunk_road"])
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (both.fit.at(*point) for point in line.points))
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        drawn_lines.append(
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}>'
            f"<title>{plain(line.name.of(lang))}</title></path>"
        )
    bars = []
    for x, y in (both.fit.at(*point) for point in shown.crossings):
        bars.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#ffffff" stroke="{INK}" stroke-width="1.5"/>')
    return f"<svg {size(WIDTH, HEIGHT)}>{''.join(drawn_lines)}{''.join(bars)}</svg>" if drawn_lines else ""


def _area(area: Area, mark: Place | None, side: Side, both: Drawn, *, filled: bool) -> str:
    path = "".join(_ring(ring, both.fit) for ring in area.rings)
    fill = _fill(mark, side, both) if mark else (_EMPTY if filled else _GROUND)
    edge = f' stroke="{_CHANGE}" stroke-width="1.6"' if mark and mark.before and mark.before != mark.after and side == "after" else ""
    name = f"<title>{plain(mark.name)}</title>" if mark else ""
    return f'<path d="{path}" fill="{fill}"{edge}>{name}</path>'


def _ring(ring: Sequence[Point], fit: Projection) -> str:
    corners = dict.fromkeys((round(x, 1), round(y, 1)) for x, y in (fit.at(*point) for point in ring))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"


def _fill(mark: Place, side: Side, both: Drawn) -> str:
    value = mark.before_value if side == "before" else mark.after_value
    if value is not None:
        return _SHADES[sum(value >= limit for limit in both.limits)]
    return both.colours.get(getattr(mark, side), _EMPTY)


def _points(shown: PlaceMap, side: Side, both: Drawn) -> str:
    centres = _centres(shown.marks, both.middles, side)
    lines, dots = [], []
    for mark in shown.marks:
        if mark.code not in both.middles:
            continue
        (x, y), group, colour = both.middles[mark.code], getattr(mark, side), _fill(mark, side, both)
        if shown.is_grouped and group in centres:
            to = centres[group]
            lines.append(f'<path d="M{x:.1f} {y:.1f}L{to[0]:.1f} {to[1]:.1f}" stroke="{colour}"/>')
        moved = mark.before != mark.after and side == "after" and bool(mark.before)
        edge = f'stroke="{_CHANGE}" stroke-width="2"' if moved else 'stroke="#ffffff" stroke-width="1"'
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_POINT}" fill="{colour}" {edge}><title>{plain(mark.name)}</title></circle>')
    grey = "".join(dots).replace(f'fill="{_EMPTY}"', f'fill="{QUIET}"')
    return f'<g stroke-width="2" opacity="0.75">{"".join(lines)}</g>{grey}'


def _names(shown: PlaceMap, side: Side, both: Drawn, lang: str) -> str:
    """Write the name of each group in its middle, where there are not too many, none over another."""
    if shown.kind == "amount" or not shown.is_grouped or len(shown.names) > _MOST_NAMES:
        return ""
    names = dict(shown.names)
    kept: list[tuple[float, float, float, str]] = []
    for code, (x, y) in sorted(_centres(shown.marks, both.middles, side).items()):
        half = 8.0 * len(names[code].of(lang))
        if all(abs(x - at) >= half + other or abs(y - up) >= 18 for at, up, other in ((a, b, c) for a, b, c, _ in kept)):
            kept.append((x, y, half, text(x, y + 5, names[code], lang, "middle", INK)))
    halo = 'font-size="16" font-weight="bold" stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    return f'<g {halo} pointer-events="none">{"".join(words for *_, words in kept)}</g>'
