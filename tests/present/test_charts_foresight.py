"""Charts of a forecast: marks stand where the values put them, gaps stay gaps, and nothing is said by colour alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from junheng.errors import Text
from junheng.present import charts_levels as levels
from junheng.present.charts_axis import LOOKS, Axis, Drawing, Label, Stroke, axis_over, kept_apart
from junheng.present.charts_fan import fan
from junheng.present.charts_programme import programme
from junheng.present.charts_pyramid import largest, pyramid
from junheng.present.wording_foresight import LEVEL_SIGNS, LEVELS, STAND_SIGNS, STANDS, years_ahead
from junheng.workflow.views import foresight as views
from tests.present import invented_foresight as invented

WHOLE = invented.foresight()
FIRST = WHOLE.scenarios[0]
TOWN = next(one for one in FIRST.series if one.area == "500100" and one.stage == "primary")
SEATS = {line.year: line.seats for line in FIRST.seats if (line.area, line.stage) == ("500100", "primary")}
SVG = "{http://www.w3.org/2000/svg}"


def strokes(drawing: Drawing, look: str) -> list[str]:
    return [mark.path for mark in drawing.marks if isinstance(mark, Stroke) and mark.look == look]


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def words(drawing: Drawing) -> list[str]:
    return [mark.words if isinstance(mark.words, str) else mark.words.zh for mark in drawing.marks if isinstance(mark, Label)]


def value_at(drawing: Drawing, y: float) -> float:
    """Return the value at a height, read off the printed axis as a person would."""
    ticks = [mark for mark in drawing.marks if isinstance(mark, Label) and mark.anchor == "end" and isinstance(mark.words, str)]
    low, high = ticks[0], ticks[-1]
    least, most = (float(str(mark.words).replace(",", "")) for mark in (low, high))
    return least + (low.y - 4 - y) / (low.y - high.y) * (most - least)


def test_the_bands_stand_at_their_values() -> None:
    drawing = fan(TOWN, SEATS)
    last = TOWN.points[-1].band
    assert last
    for look, low, high in (("band80", last.low80, last.high80), ("band50", last.low50, last.high50)):
        outline = places(strokes(drawing, look)[0])
        right = max(x for x, _ in outline)
        ends = sorted(value_at(drawing, y) for x, y in outline if x == right)
        assert ends == pytest.approx([low, high], rel=0.002)
    *_, (_, y) = places(strokes(drawing, "middle")[0])
    assert value_at(drawing, y) == pytest.approx(last.middle, rel=0.002)


def test_a_year_that_was_not_returned_is_a_gap_and_not_zero() -> None:
    drawing = fan(TOWN, SEATS)
    known = strokes(drawing, "known")[0]
    assert known.count("M") == 2  # 2017–2019, and 2021–2025
    dots = strokes(drawing, "dots")[0]
    assert dots.count("M") == len([point for point in TOWN.points if point.known is not None])
    assert max(y for _, y in places(known)) < max(mark.y for mark in drawing.marks if isinstance(mark, Label)) - 30


def test_places_are_steps_and_stop_where_they_are_unknown() -> None:
    path = strokes(fan(TOWN, SEATS), "seats")[0]
    assert path.count("M") == 1
    assert path.count("V") == len(SEATS) - 1
    heights = [float(y) for y in re.findall(r"V([\d.]+)", path)]
    assert len(set(heights)) == 1  # one step, in 2027
    unknown = dict.fromkeys(SEATS) | {2026: 5200, 2030: 5200}
    assert strokes(fan(TOWN, unknown), "seats")[0].count("M") == 2
    assert strokes(fan(TOWN, dict.fromkeys(SEATS)), "seats") == []


def test_axes_bear_units_and_the_start_of_an_axis_that_is_not_zero() -> None:
    shown = words(fan(TOWN, SEATS))
    assert {"单位：人", "学年（秋季）", "预测→", "0"} <= set(shown)
    assert [one for one in shown if one.startswith("学位 ")] == ["学位 5,740"]
    assert [one for one in shown if one.startswith("中值 ")] == [f"中值 {TOWN.points[-1].band.shown}"]  # type: ignore[union-attr]
    assert not [one for one in shown if one.startswith("纵轴自")]
    high = replace(TOWN, points=tuple(replace(point, known=9000.0 + point.year - 2017) for point in TOWN.points if point.band is None))
    shown = words(fan(high))
    assert [one for one in shown if one.startswith("纵轴自")]
    assert "0" not in shown


def test_a_series_without_numbers_is_not_drawn() -> None:
    assert fan(replace(TOWN, points=())).marks == ()
    silent = tuple(replace(point, known=None, band=None) for point in TOWN.points)
    assert fan(replace(TOWN, points=silent)).marks == ()


def test_one_year_ahead_of_one_known_year_is_still_a_fan() -> None:
    two = tuple(point for point in TOWN.points if point.year in (2025, 2026))
    drawing = fan(replace(TOWN, points=two))
    assert strokes(drawing, "band80")
    lone = fan(replace(TOWN, points=two[1:]))
    assert len({x for x, _ in places(strokes(lone, "band80")[0])}) == 1  # a bar


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_touches_differs_in_black_and_white() -> None:
    shades = [lightness(LOOKS[look]["fill"]) for look in ("band80", "band50")] + [lightness(LOOKS["middle"]["stroke"])]
    assert shades == sorted(shades, reverse=True)
    assert min(a - b for a, b in pairwise(shades)) > 0.12
    assert lightness(LOOKS["female"]["fill"]) - lightness(LOOKS["male"]["fill"]) > 0.2
    assert "stroke-dasharray" in LOOKS["middle"]
    assert "stroke-dasharray" not in LOOKS["seats"]


@pytest.mark.parametrize("values", [[0.0], [0.0, 0.3], [86.0, 87.0], [1, 1_000_000], [7, 7]])
def test_an_axis_holds_its_values_and_its_ticks_are_even(values: list[float]) -> None:
    axis = axis_over(values, 100, 0)
    assert axis.least <= min(values)
    assert max(values) <= axis.most
    steps = {round(b - a, 9) for a, b in pairwise(axis.ticks)}
    assert len(steps) == 1
    assert len(axis.ticks) <= 8
    assert (axis.at(axis.least), axis.at(axis.most)) == (100, 0)
    assert Axis(0, 10, 0, 50, ()).at(5) == 25


def test_labels_keep_apart_and_inside() -> None:
    moved = kept_apart([50, 52, 51, 199], 12, 0, 200)
    ordered = sorted(moved)
    assert all(b - a >= 12 - 1e-9 for a, b in pairwise(ordered))
    assert ordered[-1] <= 200
    assert sorted(range(4), key=lambda n: moved[n]) == [0, 2, 1, 3]


def test_hostile_titles_stay_text_in_svg() -> None:
    hostile = replace(TOWN, title=Text(invented.HOSTILE, invented.HOSTILE), unit=Text('"<b>', "'<b>"))
    for lang in ("zh", "en"):
        tree = ET.fromstring(fan(hostile, SEATS).svg(lang))
        assert not [node.tag for node in tree.iter() if node.tag not in {f"{SVG}{name}" for name in ("svg", "g", "path", "text")}]
        assert tree.get("aria-label") == invented.HOSTILE


def test_a_pyramid_has_a_bar_for_each_age_to_one_scale() -> None:
    now, later = FIRST.pyramids[0], FIRST.pyramids[2]
    most = largest(FIRST.pyramids)
    drawing = pyramid(later, now, most)
    bars = re.findall(r"M([\d.]+) ([\d.]+)H([\d.]+)", strokes(drawing, "female")[0])
    assert len(bars) == len(later.bars)
    lengths = [float(end) - float(start) for start, _, end in bars]
    expected = [bar.female for bar in later.bars]
    scale = sum(lengths) / sum(expected)
    assert lengths == pytest.approx([value * scale for value in expected], abs=0.11)
    heights = [float(y) for _, y, _ in bars]
    assert heights == sorted(heights, reverse=True)  # the youngest stand below
    assert len(strokes(drawing, "before")) == 2
    assert strokes(pyramid(now, now), "before") == []
    assert "2031年人口年龄结构（预测），虚线：2025年" in words(drawing)
    assert pyramid(replace(now, bars=())).marks == ()


def test_an_overdue_project_reaches_to_the_day_and_says_by_how_much() -> None:
    drawing = programme(WHOLE.projects, WHOLE.as_of)
    day = re.match(r"M([\d.]+)", strokes(drawing, "today")[0])
    overdue = [path for path in strokes(drawing, "overdue") if not path.endswith("h14")]  # but for the sample in the legend
    assert len(overdue) == 1
    assert day
    assert overdue[0].endswith(f"H{day.group(1)}")
    shown = words(drawing)
    assert "× 逾期114天" in shown
    assert "学位数未报" in " ".join(shown)
    assert shown.count("不计入任何学年") == 1
    assert programme((), date(2025, 1, 1)).marks == ()


def test_the_map_shows_each_zone_in_pattern_and_sign_of_its_level() -> None:
    zones = levels.zones(WHOLE.map, FIRST.seats)
    assert [zone.name for zone in zones] == ["城关街道", "柳溪镇", "石桥镇", "白马乡"]
    shown = {line.area: line.level for line in FIRST.seats if (line.stage, line.year) == ("junior", 2028)}
    tree = ET.fromstring(levels.levels_svg(zones, shown, Text("图", "map")))
    fills = [node.get("fill") for node in tree.iter(f"{SVG}use")]
    assert fills == [f"url(#lv{levels.LARGE}-{shown[zone.key]})" for zone in zones]
    signs = [node.text for node in tree.iter(f"{SVG}text") if node.get("data-sign")]
    assert signs == [LEVEL_SIGNS[shown[zone.key]] for zone in zones]
    assert {node.get("id") for node in tree.iter(f"{SVG}pattern")} == {f"lv{levels.LARGE}-{level}" for level in LEVELS}


def test_villages_of_one_zone_are_one_and_ground_without_a_line_is_unknown() -> None:
    areas = tuple(replace(area, id=f"v{n}", district="城关街道" if n < 2 else "别处") for n, area in enumerate(WHOLE.map.areas))
    areas = tuple(replace(area, name=f"村{n}") for n, area in enumerate(areas))
    zones = levels.zones(replace(WHOLE.map, areas=areas), FIRST.seats)
    assert [zone.key for zone in zones] == ["500100", ""]
    tree = ET.fromstring(levels.levels_svg(zones, {"500100": "alarm"}, Text("图", "map"), shared=True))
    assert [node.get("fill", "").rpartition("-")[2] for node in tree.iter(f"{SVG}use")] == ["alarm)", levels.ABSENT]
    assert len([node for node in tree.iter(f"{SVG}text") if node.get("data-sign")]) == 1
    assert levels.zones(replace(WHOLE.map, areas=()), FIRST.seats) == ()
    assert levels.levels_svg((), {}, Text("图", "map")) == ""


def test_the_line_between_two_villages_of_a_zone_is_not_drawn() -> None:
    square = ((106.0, 30.0), (106.1, 30.0), (106.1, 30.1), (106.0, 30.1), (106.0, 30.0))
    beside = tuple((east + 0.1, north) for east, north in square)
    first = WHOLE.map.areas[0]
    areas = tuple(replace(first, id=key, district="城关街道", rings=(ring,)) for key, ring in (("a", square), ("b", beside)))
    (zone,) = levels.zones(replace(WHOLE.map, areas=areas), FIRST.seats)
    assert zone.outline.count("M") == 1
    steps = [tuple(map(int, step)) for step in re.findall(r"(-?\d+)[ ]?(-?\d+)", zone.outline.partition("l")[2])]
    assert len(steps) == 6  # the corners of both, without the side between them
    assert [sum(parts) for parts in zip(*steps, strict=True)] == [0, 0]
    wide = sum(abs(x) for x, _ in steps) / 2
    assert wide == pytest.approx(zone.across, abs=2)


def test_a_name_that_would_cover_another_is_left_to_the_table() -> None:
    zones = levels.zones(WHOLE.map, FIRST.seats)
    close = [replace(zone, x=300.0 + 10 * n, y=300.0, across=100.0 + n) for n, zone in enumerate(zones)]
    shown = {zone.key: "none" for zone in zones}
    names = {zone.name for zone in zones}

    def written(those: list[levels.Zone]) -> list[str | None]:
        return [node.text for node in ET.fromstring(levels.levels_svg(those, shown, Text("", ""))).iter(f"{SVG}text") if node.text in names]

    assert written(list(zones)) == [zone.name for zone in zones]
    assert written(close) == [zones[-1].name]  # the widest


def test_maps_side_by_side_are_one_drawing() -> None:
    zones = levels.zones(WHOLE.map, FIRST.seats)
    years = [(Text(f"{n}年", str(n)), {"500100": "alarm"}) for n in range(5)]
    tree = ET.fromstring(levels.multiples_svg(zones, years, Text("图", "maps")))
    inner = list(tree.findall(f"{SVG}svg"))
    assert [node.get("x") for node in inner] == ["0", "260", "520", "0", "260"]
    assert len({node.get("y") for node in inner}) == 2
    assert levels.multiples_svg(zones, [], Text("图", "maps")) == ""


def test_every_level_and_standing_has_word_sign_and_look_of_its_own() -> None:
    assert set(LEVELS) == set(LEVEL_SIGNS) == set(levels.FILLS) == set(views.Level.__args__)
    assert len(set(LEVEL_SIGNS.values())) == len(LEVELS)
    patterns = levels.patterns()
    assert len(set(re.findall(r"<pattern[^>]*>(.*?)</pattern>", patterns))) == len(LEVELS)
    scarcer = [lightness(levels.FILLS[level]) for level in ("alarm", "warning", "watch", "none")]
    assert scarcer == sorted(scarcer)
    assert set(STANDS) == set(STAND_SIGNS) == set(views.Lateness.__args__)


def test_the_horizons_are_those_that_the_data_reach() -> None:
    assert years_ahead(WHOLE) == ((3, 2028), (6, 2031), (9, 2034), (15, 2040))
    assert years_ahead(invented.bare()) == ((3, 2028),)
    few = replace(FIRST, series=(), seats=tuple(line for line in FIRST.seats if line.year in (2028, 2034)))
    assert years_ahead(replace(WHOLE, scenarios=(few,))) == ((3, 2028), (9, 2034))
