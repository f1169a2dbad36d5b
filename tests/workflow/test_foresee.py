"""What foresee answers: numbers that add up, bands in order, levels that follow the numbers, and words that say no more than these."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from junheng.workflow.foresee import foresee
from junheng.workflow.views.foresight import Band, Foresight, Series
from tests.workflow.foreseen import CODE, EAST, JUNIOR, LAST, WEST, Tables, folder, tables

DAY = date(2025, 12, 31)


def with_people(year: int, made: Tables) -> None:
    """Let the county hold people by age, teachers, and a school that is built."""
    ages = [
        {"county": CODE, "basis": "resident", "age": age, "sex": sex, "persons": 90 - age // 2}
        for age in range(90)
        for sex in ("male", "female")
    ]
    made["population"] = ages
    made["staff"] = [
        {"school": school, "stage": stage, "staff": 44, "teachers": 40}
        for school, stage in ((EAST, "primary"), (WEST, "primary"), (JUNIOR, "junior"))
    ]
    groups = dict.fromkeys(("age_to_24", "age_25_29", "age_30_34", "age_35_39", "age_40_44", "age_45_49", "age_50_54", "age_from_60"), 4)
    made["staff_ages"] = [{"school": row["school"], "stage": row["stage"], **groups, "age_55_59": 8} for row in made["staff"]]
    if year == LAST:
        made["projects"] = [
            {
                "project": "P1",
                "name": "东镇第二初级中学",
                "kind": "build",
                "stage": "junior",
                "places": 300,
                "district": "629921001",
                "promise": "Q",
            }
        ]
        made["project_steps"] = [{"project": "P1", "step": "in_use", "planned": date(2027, 8, 20)}]
        made["promises"] = [{"promise": "Q", "title": "新增学位", "document": "县政发1号", "places": 400, "due": date(2028, 9, 1)}]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("county"), with_people)


@pytest.fixture(scope="module")
def found(at: Path) -> Foresight:
    return foresee(at, draws=300, judge=2028, as_of=DAY)


def series(found: Foresight, key: str) -> Series:
    return next(one for one in found.scenarios[0].series if one.id == f"middle/{key}")


def middles(found: Foresight, area: str, stage: str) -> list[float]:
    return [point.band.middle for point in series(found, f"pupils/{area}/{stage}/").points if point.band]


def bands(found: Foresight) -> list[Band]:
    return [point.band for scenario in found.scenarios for one in scenario.series for point in one.points if point.band]


def test_parts_add_up_to_the_county_at_every_horizon(found: Foresight) -> None:
    county, east, west = (middles(found, area, "primary") for area in (CODE, EAST, WEST))
    assert len(county) == 15
    assert county == pytest.approx([a + b for a, b in zip(east, west, strict=True)], rel=1e-4)
    assert middles(found, "629921001", "primary") == pytest.approx(east, rel=1e-4)


def test_what_was_counted_is_shown_as_it_was_counted(found: Foresight) -> None:
    known = {point.year: point.known for point in series(found, f"pupils/{WEST}/primary/").points if point.band is None}
    rows = [row["pupils"] for row in tables(2019)["enrolment"] if row["school"] == WEST]
    assert known[2019] == sum(rows)
    assert min(known) == 2014


def test_bands_are_in_order_and_grow_with_the_years(found: Foresight) -> None:
    assert all(0 <= one.low80 <= one.low50 <= one.middle <= one.high50 <= one.high80 for one in bands(found))
    its = [point.band for point in series(found, f"pupils/{CODE}/primary/").points if point.band]
    assert its[0].high80 - its[0].low80 < its[7].high80 - its[7].low80 < its[14].high80 - its[14].low80


def test_the_same_seed_gives_the_same_answer(at: Path, found: Foresight) -> None:
    again = foresee(at, draws=300, judge=2028, as_of=DAY)
    assert again == found
    other = foresee(at, draws=300, seed=7, backtest=False, as_of=DAY)
    assert middles(other, CODE, "primary")[:3] == pytest.approx(middles(found, CODE, "primary")[:3], rel=1e-5)
    assert bands(other) != bands(found)


def test_scenarios_differ_once_the_unborn_enter(found: Foresight) -> None:
    ends = {
        one.id: [series.points[-1].band for series in one.series if series.id == f"{one.id}/pupils/{CODE}/primary/"]
        for one in found.scenarios
    }
    assert next(iter(ends)) == "middle"
    soon = [
        next(point.band for point in series.points if point.year == 2027)
        for one in found.scenarios
        for series in one.series
        if series.id == f"{one.id}/pupils/{CODE}/primary/"
    ]
    assert len({one.shown for one in soon if one}) == 1  # whoever enters by then is born and counted
    values = {key: band[0].middle for key, band in ends.items() if band[0]}
    assert values["low"] < values["middle"] < values["high"]


def test_seats_count_a_project_from_the_first_september_that_finds_it_in_use(found: Foresight) -> None:
    seats = {one.year: one.seats for one in found.scenarios[0].seats if (one.area, one.stage) == (CODE, "junior")}
    assert (seats[2026], seats[2027], seats[2028]) == (450, 750, 750)
    assert found.projects[0].counted_from == 2027
    assert (found.promises[0].promised, found.promises[0].under_way, found.promises[0].unnamed) == (400, 300, 100)


def test_a_level_follows_from_its_probability(found: Foresight) -> None:
    for line in found.scenarios[0].seats:
        assert line.need is not None
        if line.shortage_probability is not None and line.shortage_probability >= 0.8:
            assert line.level == "alarm"
        if line.balance is not None and line.balance > 4 * (line.need.high80 - line.need.low80):
            assert line.level in {"none", "surplus"}
    first = next(one for one in found.scenarios[0].seats if (one.area, one.stage, one.year) == (CODE, "junior", 2026))
    assert (first.level, first.shortage_probability_shown) == ("alarm", "100%")  # 518 pupils now, 450 places


def test_a_school_that_is_built_draws_its_pupils_from_the_township(found: Foresight) -> None:
    new = middles(found, "P1", "junior")
    assert new[0] == 0
    assert 0 < new[1] < new[2]
    assert series(found, "pupils/P1/junior/").title.zh.startswith("东镇第二初级中学")


def test_the_notice_says_what_the_lines_say_and_nothing_when_nobody_is_short(found: Foresight, tmp_path: Path) -> None:
    lines = found.notice.zh.splitlines()
    assert lines[0] == "关于小县2026年秋季学期学位预警的公告"
    (line,) = [one for one in lines if one.startswith("东镇：")]
    seat = next(one for one in found.scenarios[0].seats if (one.area, one.stage, one.year) == ("629921001", "junior", 2026))
    assert seat.need is not None
    assert all(part in line for part in ("告急", seat.need.shown, seat.need.shown80, "450个", seat.shortage_shown, "100%"))
    assert "西乡" not in found.notice.zh

    def roomy(_year: int, made: Tables) -> None:
        for row in made["places"]:
            row["places"] = 2000

    calm = foresee(folder(tmp_path / "c", roomy, years=(2023, 2024, 2025)), horizon=3, draws=100, as_of=DAY)
    assert calm.notice.zh == calm.notice.en == ""


def test_headlines_take_their_numbers_from_the_first_scenario(found: Foresight) -> None:
    point = next(one for one in series(found, f"pupils/{CODE}/primary/").points if one.year == 2028)
    assert point.band is not None
    assert f"2028年{point.band.shown}人（{point.band.shown80}）" in found.headlines[0].zh
    assert any("初中学位可能不足" in line.zh and "东镇" in line.zh for line in found.headlines)
    assert any("100" in line.zh and "无" not in line.zh for line in found.headlines)


def test_teachers_are_those_who_stay_and_those_to_hire(found: Foresight) -> None:
    line = next(one for one in found.scenarios[0].teachers if (one.stage, one.subject, one.year) == ("junior", "", 2028))
    assert line.staying is not None
    assert line.staying < 40
    assert line.to_hire == pytest.approx(max(0.0, (line.need or 0) - line.staying))


def test_the_record_stands_beside_the_forecast(at: Path, found: Foresight) -> None:
    record = found.backtest
    assert {row.level for row in record.rows} == {"county", "district", "school"}
    one = next(row for row in record.rows if (row.level, row.stage, row.grade, row.horizon) == ("county", "primary", "", 1))
    assert one.forecasts >= 5
    assert one.mape is not None
    assert all((one.mape_shown, one.cover80_shown, one.wis_shown, one.three_year_mape_shown, one.last_value_wis_shown))
    towns = {(row.area_name, row.stage) for row in record.rows if row.area}
    assert towns == {("东镇", "primary"), ("西乡", "primary"), ("东镇", "junior")}
    sheet = next(one for one in found.sheets if one.id == "foresight-record")
    assert {"东镇", "西乡"} <= {cell.value for row in sheet.rows for cell in row}
    assert {row.horizon for row in record.rows if row.grade == "1"} == {row.horizon for row in record.rows if row.level == "county"}
    bare = foresee(at, draws=100, horizon=3, backtest=False, as_of=DAY).backtest
    assert "没有回测" in bare.sentence.zh
    assert all(row.forecasts == 0 for row in bare.rows)


def test_a_projected_year_is_judged_by_the_frameworks(found: Foresight) -> None:
    (outturn,) = found.outturns
    assert (outturn.framework, outturn.year, outturn.projected_year) == ("quality-balance-2017", 2025, 2028)
    assert sum(before for _, before, _ in outturn.counts) > 0


def test_every_sheet_has_as_many_columns_as_headings(found: Foresight) -> None:
    assert {one.id for one in found.sheets} >= {
        "foresight-rolls", "foresight-forecast", "foresight-seats", "foresight-need", "foresight-projects", "foresight-promises",
        "foresight-teachers", "foresight-record", "foresight-assumptions",
    }  # fmt: skip
    for sheet in found.sheets:
        assert len(sheet.headings[0]) == len(sheet.widths)
        assert {len(row) for row in sheet.rows} == {len(sheet.widths)}


def test_the_workbook_can_be_added_up(found: Foresight) -> None:
    """No cell holds a number as text, but for codes; each equals what the pages print; two decimals of pupils are enough."""
    sheets = {one.id.removeprefix("foresight-"): one for one in found.sheets}
    for key, sheet in sheets.items():
        for row in sheet.rows:
            assert not [
                cell.value for cell in row if isinstance(cell.value, str) and not cell.text and re.fullmatch(r"[+−-]?[\d,.]+%?", cell.value)
            ], key
            assert key == "assumptions" or all(round(cell.value, 2) == cell.value for cell in row if isinstance(cell.value, float)), key
    heads = [heading.text.zh for heading in sheets["record"].headings[0]]
    first, row = sheets["record"].rows[0], found.backtest.rows[0]
    assert f"{first[heads.index('平均误差（%）')].value}%" == row.mape_shown
    need = [heading.text.zh for heading in sheets["need"].headings[0]].index("平均缺口")
    lines = [line for line in found.scenarios[0].seats if line.area_kind == "county"]
    assert [row[need].value for row in sheets["need"].rows[: len(lines)]] == [
        int(line.shortage_shown.replace(",", "")) if line.shortage_shown else None for line in lines
    ]
    teachers = [heading.text.zh for heading in sheets["teachers"].headings[0]]
    assert {"10%", "90%", "当年退休"} <= set(teachers)


def test_the_workbook_gives_the_parts_of_the_seats(found: Foresight) -> None:
    sheet = next(one for one in found.sheets if one.id == "foresight-seats")
    rows = pl.DataFrame([[cell.value for cell in row][:8] for row in sheet.rows], schema=list("abcdefgh"), orient="row")
    east = rows.filter((pl.col("a") == EAST) & (pl.col("d") == 2026)).row(0)
    assert east[4:] == (16, 45, 0, 720)  # rooms x class limit


def test_progress_never_goes_back(at: Path) -> None:
    done: list[int] = []
    foresee(at, horizon=3, draws=100, as_of=DAY, progress=lambda _text, now, _all: done.append(now))
    assert done == sorted(done)
    assert done[-1] == 100


def test_sources_and_limits_say_what_is_only_assumed(found: Foresight) -> None:
    assert any("示意值" in one.zh for one in found.limits)
    assert {one.key for one in found.sources} == {
        item.source.key for scenario in found.scenarios for item in scenario.assumptions if item.source
    }
    assert len(found.digests.county) == len(found.digests.standards) == 64
