"""Drawings stand where the data put them, in well-formed SVG, and say without colour what they say with it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import pytest

from junheng.errors import Text
from junheng.present import charts, wording
from junheng.workflow import views
from tests.present import invented
from tests.present.web import grown

COUNTY = invented.county()
SPREAD = COUNTY.spreads[4]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> ET.Element:
    return ET.fromstring(text)


def circles(spread: views.Spread, **size: int) -> list[tuple[int, float, float, float]]:
    found = drawn(charts.strip_svg(spread, **size)).iter(f"{SVG}circle")
    return [(int(c.get("data-point", "")), *(float(c.get(name, "")) for name in ("cx", "cy", "r"))) for c in found]  # type: ignore[misc]


def test_every_verdict_has_a_colour_and_a_mark_of_its_own() -> None:
    for verdict in (*wording.VERDICTS, *wording.WHOLES):
        assert charts.COLOURS[verdict]
        assert charts.MARKS[verdict]
    marks = [charts.MARKS[verdict] for verdict in wording.VERDICTS]
    assert len(set(marks)) == len(marks)


def test_the_map_is_true_to_scale_and_north_is_up() -> None:
    fit = charts.projection(COUNTY.map, COUNTY.units, 960, 640)
    assert fit is not None
    (x0, y0), (x1, y1) = fit.at(106.0, 30.0), fit.at(106.1, 30.1)
    assert x1 > x0
    assert y1 < y0
    # at 30° north a tenth of a degree is 9.64 km wide and 11.13 km high
    assert (x1 - x0) / (y0 - y1) == pytest.approx(0.866, abs=0.002)
    assert (y0 - y1) / fit.pixels_a_km == pytest.approx(11.13, abs=0.01)


def test_the_map_holds_every_area_and_every_school_that_has_a_place() -> None:
    units = (replace(COUNTY.units[0], lon=None, lat=None), *COUNTY.units[1:])
    tree = drawn(charts.map_svg(COUNTY.map, units))
    assert len([p for p in tree.iter(f"{SVG}path") if p.get("data-area")]) == len(COUNTY.map.areas)
    numbers = [int(p.get("data-unit", "")) for p in tree.iter(f"{SVG}path") if p.get("data-unit")]
    assert sorted(numbers) == list(range(1, len(units)))
    without = drawn(charts.map_svg(COUNTY.map, units, areas=False))
    assert not [p for p in without.iter(f"{SVG}path") if p.get("data-area")]
    assert re.search(r"\d+ k?m", "".join(tree.itertext()))


def test_a_school_with_a_wrong_place_far_away_does_not_shrink_the_map() -> None:
    astray = (replace(COUNTY.units[0], lon=0.0, lat=0.0), *COUNTY.units[1:])
    assert set(charts.on_map(COUNTY.map, astray)) == set(range(1, len(astray)))
    assert charts.projection(COUNTY.map, astray, 960, 640) == charts.projection(COUNTY.map, COUNTY.units[1:], 960, 640)
    assert set(charts.on_map(replace(COUNTY.map, areas=()), astray)) == set(range(len(astray)))


def test_schools_at_one_place_stand_aside_of_each_other() -> None:
    together = tuple(replace(unit, lon=106.3, lat=30.0) for unit in COUNTY.units[:3])
    tree = drawn(charts.map_svg(COUNTY.map, together))
    places = [p.get("transform") for p in tree.iter(f"{SVG}path") if p.get("data-unit")]
    assert len(set(places)) == 3


def test_nothing_to_draw_gives_no_drawing() -> None:
    assert charts.map_svg(replace(COUNTY.map, areas=()), ()) == ""
    assert charts.strip_svg(replace(SPREAD, points=())) == ""
    assert charts.counts_svg({}) == ""
    assert charts.counts_svg({"met": 0}) == ""


def test_shades_divide_the_areas_evenly_and_keep_equal_values_together() -> None:
    area = COUNTY.map.areas[0]
    areas = [replace(area, id=str(n), value=float(n), shown=str(n)) for n in range(10)]
    assert [(s.least, s.most) for s in charts.shades(areas)] == [("0", "1"), ("2", "3"), ("4", "5"), ("6", "7"), ("8", "9")]
    assert len(charts.shades([replace(area, id=str(n), value=3.0, shown="3") for n in range(10)])) == 1
    assert charts.shades([replace(area, value=None, shown="")]) == ()


def test_an_area_without_a_value_is_not_shaded_as_if_it_had_none_living_there() -> None:
    tree = drawn(charts.map_svg(COUNTY.map, ()))
    fills = {p.get("data-area"): p.get("fill") for p in tree.iter(f"{SVG}path") if p.get("data-area")}
    empty = next(str(n) for n, area in enumerate(COUNTY.map.areas) if area.value is None)
    assert fills.pop(empty) == charts.EMPTY_AREA
    assert charts.EMPTY_AREA not in fills.values()


def test_a_strip_shows_every_school_in_the_order_of_its_value() -> None:
    placed = {number: x for number, x, _, _ in circles(SPREAD)}
    assert set(placed) == set(range(len(SPREAD.points)))
    by_value = sorted(placed, key=lambda n: SPREAD.points[n].value)
    assert [placed[n] for n in by_value] == sorted(placed.values())


def test_a_circles_area_is_its_pupils() -> None:
    sizes = {number: r for number, _, _, r in circles(SPREAD)}
    large = max(sizes, key=lambda n: sizes[n])
    assert SPREAD.points[large].pupils == max(point.pupils for point in SPREAD.points)
    other = next(n for n in sizes if n != large and sizes[n] > 4)
    ratio = SPREAD.points[large].pupils / SPREAD.points[other].pupils
    assert (sizes[large] / sizes[other]) ** 2 == pytest.approx(ratio, rel=0.05)


def test_circles_do_not_cover_each_other_while_there_is_room() -> None:
    placed = circles(grown.grown(2).spreads[0], height=400)
    for (_, ax, ay, ar), (_, bx, by, br) in combinations(placed, 2):
        assert (ax - bx) ** 2 + (ay - by) ** 2 >= (ar + br - 0.3) ** 2


def test_circles_stay_inside_the_drawing_when_there_is_no_room() -> None:
    crowd = replace(SPREAD, points=tuple(replace(SPREAD.points[0], value=5.0) for _ in range(120)))
    assert all(y - r > 20 and y + r < 220 for _, _, y, r in circles(crowd))


def test_a_strip_with_far_outliers_bends_its_axis_and_says_so() -> None:
    far = replace(SPREAD.points[0], value=max(point.value for point in SPREAD.points) * 40)
    bent = charts.strip_svg(replace(SPREAD, points=(*SPREAD.points, far)))
    assert "平方根刻度" in bent
    assert "平方根刻度" not in charts.strip_svg(COUNTY.spreads[0])


def test_lines_stand_for_mean_standard_and_floor() -> None:
    words = " ".join(drawn(charts.strip_svg(SPREAD)).itertext())
    assert f"平均 {SPREAD.mean.shown}" in words
    assert "标准 7.5" in words
    assert "底线 6.375" in words
    assert "mean" in " ".join(drawn(charts.strip_svg(SPREAD, "en")).itertext())


def test_a_point_is_judged_by_the_requirement_of_schools_not_by_the_mean() -> None:
    point = SPREAD.points[0]
    short = views.Shortfall(to_limit="2", to_floor="", unit=Text("㎡", "m²"))
    assert charts.point_verdict(replace(point, short=None), SPREAD) == "met"
    assert charts.point_verdict(replace(point, short=short), SPREAD) == "near"
    assert charts.point_verdict(replace(point, short=replace(short, to_floor="1")), SPREAD) == "missed"
    assert charts.point_verdict(replace(point, short=short), replace(SPREAD, school_limit=None)) == "met"


def test_bars_show_what_is_known_and_say_what_is_not() -> None:
    known = charts.Bar(label=Text("甲", "A"), value=0.3, shown=Text("0.300", "0.300"), limit=0.5)
    unknown = charts.Bar(label=Text("乙", "B"), value=None, shown=wording.NO_DATA, limit=0.5, verdict="no_data")
    tree = drawn(charts.bars_svg([known, unknown]))
    assert len(list(tree.iter(f"{SVG}rect"))) == 1
    assert "— 无数据" in "".join(tree.itertext())
    assert "✓ 0.300" in "".join(tree.itertext())


def test_counts_fill_the_bar_in_proportion() -> None:
    tree = drawn(charts.counts_svg({"missed": 1, "met": 3}, width=400))
    widths = [float(rect.get("width", "")) for rect in tree.iter(f"{SVG}rect")]
    assert widths == [299.0, 99.0]
    assert tree.get("aria-label") == "未达标 1，达标 3"


def test_hostile_names_stay_text() -> None:
    area = replace(COUNTY.map.areas[0], name=grown.HOSTILE + "\x00\x08", district=grown.HOSTILE)
    tree = drawn(charts.map_svg(replace(COUNTY.map, areas=(area,)), COUNTY.units))
    assert grown.HOSTILE in "".join(tree.itertext())
    strip = replace(SPREAD, title=Text(grown.HOSTILE, grown.HOSTILE), unit=Text(grown.HOSTILE, grown.HOSTILE))
    assert not list(drawn(charts.strip_svg(strip)).iter(f"{SVG}script"))
