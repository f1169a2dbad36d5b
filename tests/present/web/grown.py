"""The invented county grown to a real one's size: more schools, villages with shores, long trails, an expired concession, hostile texts."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date

from junheng.errors import Finding, Place, Text
from junheng.workflow import views
from tests.present import invented

HOSTILE = """<img src=x onerror="alert('1')">&小学</script><script>alert(2)</script>"""
CELLS = 12  # source cells in a trail


def grown(copies: int = 4, villages: int = 48, corners: int = 30) -> views.Assessment:
    """Return the invented county with every school `copies` times and that many villages of that many corners."""
    county = invented.county()
    draw = random.Random(7)
    units = [_copy(unit, number, draw) for number in range(copies) for unit in county.units]
    units[1] = replace(units[1], name=HOSTILE)
    explanations = {}
    for number in range(copies):
        explanations |= {f"{key}{_tail(number)}": _trail(trail, number) for key, trail in county.explanations.items()}
    some = next(iter(county.explanations.values()))
    county_figures = [item.figure for part in county.parts for item in part.items if item.figure]
    for figure in [*county_figures, *(spread.cv for spread in county.spreads), *(spread.mean for spread in county.spreads)]:
        whole = replace(some, figure=figure, place=county.name)
        explanations[figure.id] = replace(whole, cells=(replace(some.cells[0], file="", sheet="", cell=""),), verdict=None)
    return replace(
        county,
        units=tuple(units),
        spreads=tuple(_spread(spread, copies, draw) for spread in county.spreads),
        concessions=(*county.concessions, (units[0].school, units[0].items[0].requirement, expired())),
        explanations=explanations,
        findings=(*county.findings, *(_finding(number) for number in range(copies * 30))),
        map=replace(county.map, areas=tuple(_village(number, villages, corners, draw) for number in range(villages))),
    )


def expired() -> views.Concession:
    return replace(invented.concession(), until=date(2024, 8, 31), in_force=False)


def elsewhere() -> views.Assessment:
    """A place where the standard is not in force, with no schools' values at all."""
    bare = invented.bare()
    unit = replace(
        invented.county().units[0], items=(), met=0, near=0, missed=0, no_data=7, of=7, verdict="not_decided", lon=None, lat=None
    )
    note = Text("该地另有法规；此处只演示算法。", "Other law applies there; only the arithmetic is shown.")
    return replace(bare, applies=False, note=note, units=(unit,))


def county_level() -> views.Assessment:
    """A framework that judges no school, as that for preschools."""
    return replace(grown(), units=(), spreads=(), explanations={}, concessions=())


def _tail(number: int) -> str:
    return f"~{number}" if number else ""


def _copy(unit: views.Unit, number: int, draw: random.Random) -> views.Unit:
    items = tuple(
        replace(item, figure=replace(item.figure, id=f"{item.figure.id}{_tail(number)}")) if item.figure else item for item in unit.items
    )
    name = f"{unit.name}{number + 1}分校" if number else unit.name
    place = {"lon": draw.uniform(106.02, 106.58), "lat": draw.uniform(29.82, 30.18)} if number else {}
    return replace(unit, school=f"{unit.school}{_tail(number)}", name=name, items=items, **place)


def _trail(trail: views.Explanation, number: int) -> views.Explanation:
    first = trail.cells[0]
    cells = tuple(
        replace(first, key=f"{first.key}|{n}", shown=str(n * 7), cell=f"I{n + 6}", file=f"returns/2025/{number}-教基3112.xlsx")
        for n in range(CELLS)
    )
    steps = (Text("不计校数校区并入本校", "The campus was merged into its school"),)
    return replace(trail, figure=replace(trail.figure, id=f"{trail.figure.id}{_tail(number)}"), cells=cells, steps=steps, cells_left_out=3)


def _spread(spread: views.Spread, copies: int, draw: random.Random) -> views.Spread:
    points = tuple(
        replace(point, school=f"{point.school}{_tail(n)}", name=f"{point.name}{n or ''}", value=point.value * draw.uniform(0.8, 1.3))
        for n in range(copies)
        for point in spread.points
    )
    return replace(spread, points=points)


def _finding(number: int) -> Finding:
    return Finding(
        rule="model.total_differs",
        severity="warning",
        place=Place(file="returns/2025/教基3112.xlsx", sheet="教基3112", cell=f"D{number}"),
        found=Text(f"合计{number + 100}", f"a total of {number + 100}"),
        expected=Text(f"各年级之和{number + 98}", f"the sum of the grades, {number + 98}"),
        remedy=Text("请核对后更正。", "Correct one of them."),
    )


def _village(number: int, villages: int, corners: int, draw: random.Random) -> views.Area:
    wide = math.ceil(math.sqrt(villages))
    east, north = 106.0 + 0.6 * (number % wide) / wide, 29.8 + 0.4 * (number // wide) / wide
    ring = []
    for corner in range(corners + 1):
        angle = 2 * math.pi * (corner % corners) / corners
        reach = 0.5 * (1 + 0.15 * math.sin(5 * angle + number))
        ring.append((east + 0.6 / wide * reach * math.cos(angle), north + 0.4 / wide * reach * math.sin(angle)))
    children = None if number % 17 == 5 else draw.randrange(4, 400)
    return views.Area(
        id=f"v{number}",
        name=f"第{number}村",
        district=("城关街道", "柳溪镇", "石桥镇", "白马乡")[number * 4 // villages],
        rings=(tuple(ring),),
        value=children,
        shown="" if children is None else str(children),
    )
