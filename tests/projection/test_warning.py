"""Need against seats by hand: East has 540 seats, West 270 (both in town), Hill 180 (in the vale)."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.documents import PackageFile
from junheng.model import County
from junheng.projection.forecast import Forecast
from junheng.projection.programme import programme
from junheng.projection.seats import seats
from junheng.projection.warning import LEVEL_WORDS, Need, horizons, need_against_seats
from junheng.standards import Rulebook, read_library, shipped
from tests.model.made import CODE
from tests.projection.forecasts import constant, drawn
from tests.projection.programmes import AS_OF, EAST, HILL, TOWN, VALE, WEST, Row, nation, opens, places, project, school, small


def need(forecast: Forecast, county: County | None = None) -> Need:
    county = county or small()
    counted = seats(county, nation(), programme(county, nation(), AS_OF), forecast.years)
    return need_against_seats(forecast, counted, county, nation())


def row(found: Need, area: str, year: int = 2026, stage: str = "primary") -> dict[str, Any]:
    (one,) = found.rows.filter(pl.col("area") == area, pl.col("year") == year, pl.col("stage") == stage).to_dicts()
    return one


def with_east(*pupils: float) -> Forecast:
    """Return as many draws as numbers: East's pupils vary, West has 200 and Hill 100."""
    return drawn(np.array([[[[number], [200], [100]]] for number in pupils]))


def test_probability_and_mean_of_a_shortage_are_counted_over_the_draws() -> None:
    # East 540 seats: draws 500, 540, 550, 560 -> above in 2 of 4; shortages 0, 0, 10, 20 -> mean 7.5; empty 40, 0, 0, 0 -> 10.
    east = row(need(with_east(500, 540, 550, 560)), EAST)
    assert (east["seats"], east["shortage_probability"], east["mean_shortage"], east["mean_surplus"]) == (540, 0.5, 7.5, 10.0)
    assert (east["middle"], east["balance"]) == (537.5, 2.5)
    assert (east["level"], east["rule"]) == ("warning", "assumed.seats.shortage_probability.from")
    assert east["reason_zh"] == "缺口概率50%，达到“预警”的50%"


def test_a_zone_shares_its_seats_and_so_does_the_county() -> None:
    # Town: 810 seats, needs 700, 740, 750, 760. County: 990 seats.
    found = need(with_east(500, 540, 550, 560))
    town, county = row(found, TOWN), row(found, CODE)
    assert (town["area_kind"], town["seats"], town["shortage_probability"], town["q50"]) == ("district", 810, 0.0, 745.0)
    assert (county["area_kind"], county["seats"], county["middle"]) == ("county", 990, 837.5)


@pytest.mark.parametrize(
    ("above", "level"), [(0, "none"), (1, "none"), (2, "watch"), (4, "watch"), (5, "warning"), (7, "warning"), (8, "alarm"), (10, "alarm")]
)
def test_levels_are_reached_and_not_passed(above: int, level: str) -> None:
    # `above` of ten draws exceed the 540 seats; the rest fill them: 20 %, 50 % and 80 % are reached exactly.
    assert row(need(with_east(*[560] * above, *[540] * (10 - above))), EAST)["level"] == level


OWN = """
title: {zh: 学位预警等级的缺口概率, en: Probability of a shortage}
jurisdiction: cn-620725
unit: "%"
by: level
holds_when: value >= limit
reviewed: null
labels: {alarm: {zh: 告急, en: alarm}}
values:
  alarm:
    2025-01-01: {value: 40, source: county-warning#2, confidence: L}
"""
PAPER = """
county-warning:
  title: {zh: 学位预警办法, en: Warning of shortages}
  number: null
  issuer: {zh: 县教育局, en: Bureau}
  issued: null
  in_force: null
  seen: {zh: 原件, en: original}
"""


def test_a_county_sets_its_own_thresholds_on_its_shelf() -> None:
    files = [PackageFile("assumed/seats/shortage_probability/from.yaml", OWN), PackageFile("sources.yaml", PAPER)]
    rules = Rulebook((shipped("cn"), read_library(files, "cn-620725", (shipped("cn"),))), nation().day)
    county, forecast = small(), with_east(560, 560, 540, 540)
    counted = seats(county, rules, programme(county, rules, AS_OF), forecast.years)
    own = row(need_against_seats(forecast, counted, county, rules), EAST)
    assert (row(need(forecast), EAST)["level"], own["level"], own["source"]) == ("warning", "alarm", "county-warning#2")


def test_what_may_happen_is_not_said_to_be_impossible_or_certain() -> None:
    rare, nearly = (row(need(with_east(*[560] * above, *[540] * (300 - above))), EAST) for above in (1, 299))
    assert rare["reason_zh"] == "缺口概率<1%，低于“关注”的20%"
    assert nearly["reason_en"] == "probability of a shortage >99 %, which reaches the 80 % of 'alarm'"


def test_a_surplus_must_hold_at_the_upper_end_of_the_band() -> None:
    # A quarter of 540 seats is 135: 405 pupils at the 90 % quantile are the most that leave it empty.
    assert row(need(with_east(405)), EAST)["level"] == "surplus"
    assert row(need(with_east(406)), EAST)["level"] == "none"
    assert row(need(with_east(200, 540)), EAST)["level"] == "none"


def test_unknown_seats_make_their_zone_and_the_county_unknown_and_no_other() -> None:
    found = need(with_east(500), small(places=[places(EAST, None), places(WEST, 6), places(HILL, 4)]))
    assert [row(found, area)["level"] for area in (EAST, TOWN, CODE)] == ["unknown"] * 3
    assert [row(found, area)["seats"] for area in (WEST, HILL, VALE)] == [270, 180, 180]
    assert row(found, TOWN)["reason_zh"] == "有1所学校学位数未知"
    assert row(found, TOWN)["shortage_probability"] is None


def test_a_school_with_pupils_and_without_a_row_of_seats_is_unknown() -> None:
    found = need(with_east(500), small(places=[places(EAST, 12), places(HILL, 4)]))
    assert [row(found, area)["level"] for area in (WEST, TOWN, CODE)] == ["unknown"] * 3
    assert row(found, VALE)["seats"] == 180


def test_pupils_that_are_not_known_cannot_be_judged() -> None:
    east = row(need(with_east(np.nan)), EAST)
    assert (east["level"], east["reason_zh"], east["q50"]) == ("unknown", "学生数未知", None)


def test_a_projects_seats_end_a_shortage_in_the_year_they_count() -> None:
    county = small(projects=[project(seats=90)], project_steps=[opens_in_2027()])
    found = need(drawn(constant(600, 200, 100, years=3)), county)
    assert [row(found, EAST, year)["level"] for year in (2026, 2027, 2028)] == ["alarm", "none", "none"]


def opens_in_2027() -> Row:
    return opens(date(2027, 8, 20))


def test_seats_of_a_new_school_without_a_code_are_its_townships() -> None:
    new = project(seats=450, kind="build", school=None, district=VALE)
    found = need(drawn(constant(500, 200, 100)), small(projects=[new], project_steps=[opens(date(2026, 8, 1))]))
    assert (row(found, VALE)["seats"], row(found, HILL)["seats"], row(found, CODE)["seats"]) == (630, 180, 1440)


def test_seats_of_a_merging_school_stand_where_the_forecast_has_its_pupils() -> None:
    merger = {"school": HILL, "kind": "merge", "year": 2027, "successor": EAST, "rooms_kept": 0}
    forecast = drawn(constant(640, 200, years=2), schools=(EAST, WEST), zone=(0, 0), zones=(TOWN,))
    found = need(forecast, small(school_changes=[merger]))
    assert [row(found, EAST, year)["seats"] for year in (2026, 2027)] == [720, 540]
    assert row(found, TOWN, 2027)["seats"] == 810


def test_a_campus_counts_for_its_school() -> None:
    campus = {"campus": f"{EAST}B", "school": EAST, "name": "东校区"}
    county = small(campuses=[campus], places=[places(EAST, 12), places(f"{EAST}B", 2), places(WEST, 6), places(HILL, 4)])
    assert row(need(with_east(500), county), EAST)["seats"] == 630


def test_seats_without_a_township_count_for_the_county_only_and_are_found() -> None:
    nowhere = project(seats=450, kind="build", school=None)
    found = need(drawn(constant(500, 200, 100)), small(projects=[nowhere], project_steps=[opens(date(2026, 8, 1))]))
    assert row(found, CODE)["seats"] == 1440
    assert [one.rule for one in found.findings] == ["projection.seats_outside_the_zones"]


def test_a_county_that_is_its_own_zone_stands_once() -> None:
    found = need(drawn(constant(500, 200, 100), zones=(CODE,), zone=(0, 0, 0)))
    assert found.rows.filter(pl.col("area") == CODE).height == 1
    assert row(found, CODE)["seats"] == 990


def test_the_usual_horizons_are_those_that_the_forecast_reaches() -> None:
    assert horizons(drawn(constant(1, 1, 1, years=7))) == (3, 6)
    assert horizons(drawn(constant(1, 1, 1, years=15))) == (3, 6, 9, 15)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 900), min_size=1, max_size=12), st.none() | st.integers(0, 20))
def test_probability_shortage_and_level_agree(pupils: list[int], rooms: int | None) -> None:
    county = small(schools=[school(EAST), school(WEST), school(HILL, VALE)], places=[places(EAST, rooms), places(WEST, 6), places(HILL, 4)])
    east = row(need(with_east(*pupils), county), EAST)
    assert east["level"] in LEVEL_WORDS
    if rooms is None:
        assert east["level"] == "unknown"
        return
    assert 0 <= east["shortage_probability"] <= 1
    assert (east["shortage_probability"] > 0) == (east["mean_shortage"] > 0) == (max(pupils) > rooms * 45)
    assert east["mean_surplus"] - east["mean_shortage"] == pytest.approx(rooms * 45 - np.mean(pupils), abs=0.01)
    assert east["q10"] <= east["q25"] <= east["q50"] <= east["q75"] <= east["q90"]
