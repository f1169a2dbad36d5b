"""Sites that merge are counted once, where they stand: before the merger at the site, from then on at the school."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.model import County
from junheng.projection.project import project
from tests.projection.forecasts import constant, drawn
from tests.projection.programmes import EAST, HILL, TOWN, WEST, Row, small


def merging(year: int, today: tuple[int, int] = (90, 30), **more: object) -> County:
    """Hill, with the second number of pupils, merges into East, with the first, in `year`."""
    enrolled = [
        {"school": code, "stage": "primary", "grade": "1", "sex": "all", "pupils": n} for code, n in zip((EAST, HILL), today, strict=True)
    ]
    changes: list[Row] = [{"school": HILL, "kind": "merge", "year": year, "successor": EAST, "rooms_kept": 0}]
    return small(enrolment=enrolled, school_changes=changes, **more)  # type: ignore[arg-type]


def ahead(county: County, pupils: float, year: int) -> dict[str, int]:
    forecast = drawn(constant(pupils, 0, years=3), schools=(EAST, WEST), zone=(0, 0), zones=(TOWN,))
    table = project(county, forecast, year).tables["enrolment"].filter(pl.col("pupils") > 0)
    return dict(table.group_by("school").agg(pl.col("pupils").sum()).sort("school").iter_rows())


def test_a_school_that_merges_later_keeps_its_share_until_then() -> None:
    # 120 today, a quarter of them at Hill: of 101 ahead 25 (25.25), and the other 76 at East.
    county = merging(2027)
    assert ahead(county, 101, 2026) == {EAST: 76, HILL: 25}
    assert ahead(county, 101, 2027) == {EAST: 101}


def test_its_rows_are_gone_with_it() -> None:
    forecast = drawn(constant(101, 0, years=3), schools=(EAST, WEST), zone=(0, 0), zones=(TOWN,))
    later = project(merging(2027), forecast, 2027)
    assert HILL not in later.tables["schools"]["school"]
    assert HILL not in later.tables["places"]["school"]


def test_a_site_that_stays_as_a_campus_keeps_its_pupils() -> None:
    campus = [{"campus": HILL, "school": EAST, "name": "山上校区"}]
    county = merging(2025, campuses=campus)
    assert ahead(county, 101, 2028) == {EAST: 76, HILL: 25}


@pytest.mark.parametrize("today", [(0, 0), (90, 0)])
def test_a_grade_that_a_site_does_not_have_stays_with_the_school(today: tuple[int, int]) -> None:
    assert ahead(merging(2028, today), 50, 2026) == {EAST: 50}


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 1000))
def test_every_pupil_is_counted_once(here: int, there: int, pupils: int) -> None:
    for year in (2026, 2028):
        assert sum(ahead(merging(2027, (here, there)), pupils, year).values()) == pupils
