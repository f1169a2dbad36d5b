"""A projected year is a County: the forecast's pupils, each once, in today's classes; every indicator can be asked of it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.indicators import evaluate, shipped_catalogue
from junheng.model import County, check, county, digest
from junheng.model.period import statistics_day
from junheng.projection.classes import spread
from junheng.projection.forecast import Forecast
from junheng.projection.project import project, whole_pupils
from junheng.standards import Rulebook, shipped
from junheng.store import read_county
from tests.qinghe import CODE, QINGHE

GRADES = (("primary", "1"), ("primary", "2"))


def forecast(middle: np.ndarray, schools: tuple[str, ...], grades: tuple[tuple[str, str], ...] = GRADES, origin: int = 2025) -> Forecast:
    none = np.zeros(0, dtype=np.float32)
    years = tuple(range(origin + 1, origin + 1 + len(middle)))
    return Forecast(
        origin=origin, years=years, schools=schools, grades=grades, stages=("primary",), zones=("a",),
        zone=np.zeros(len(schools), dtype=np.intp), middle=middle.astype(np.float32), bands=none, zone_bands=none, county_bands=none,
        draws=none, basis="own", seed=1,
    )  # fmt: skip


def small(**columns: object) -> County:
    """Two schools of two grades: East 60 and 40 (24 boys), West 30 and 20, in classes of their own."""
    rows = [("E", "1", 36, 24), ("E", "2", 24, 16), ("W", "1", 15, 15), ("W", "2", 10, 10)]
    enrolment = [
        {"school": school, "stage": "primary", "grade": grade, "sex": sex, "pupils": number, "boarders": number // 2}
        for school, grade, girls, boys in rows
        for sex, number in (("female", girls), ("male", boys))
    ]
    classes = [
        {"school": school, "stage": "primary", "class": name, "grade": grade, "pupils": number}
        for school, name, grade, number in (
            ("E", "1a", "1", 30),
            ("E", "1b", "1", 30),
            ("E", "2a", "2", 40),
            ("W", "1", "1", 30),
            ("W", "2", "2", 20),
        )
    ]
    tables = {
        "schools": pl.DataFrame([{"school": school, "name": school, "kind": "primary"} for school in "EW"]),
        "enrolment": pl.DataFrame(enrolment),
        "classes": pl.DataFrame(classes),
        "county_facts": pl.DataFrame([{"county": "629921", "children_3_5": 50, "migrant_children": 5}]),
        "stage_facts": pl.DataFrame([{"county": "629921", "stage": "primary", "school_age": 160}]),
    }
    return county("629921", 2025, tables)


def pupils(of: County) -> dict[tuple[str, str], int]:
    frame = of.tables["enrolment"].group_by("school", "grade").agg(pl.col("pupils").sum())
    return {(school, grade): number for school, grade, number in frame.iter_rows()}


def test_the_pupils_are_the_forecasts_and_the_year_is_the_year() -> None:
    before = small()
    after = project(before, forecast(np.array([[[70.0, 58.0], [20.0, 31.0]]]), ("E", "W")), 2026)
    assert (after.year, before.year) == (2026, 2025)
    assert pupils(after) == {("E", "1"): 70, ("E", "2"): 58, ("W", "1"): 20, ("W", "2"): 31}
    # 40 % of East's pupils are boys today: 28 of 70
    east = after.tables["enrolment"].filter((pl.col("school") == "E") & (pl.col("grade") == "1"))
    assert dict(east.select("sex", "pupils").iter_rows()) == {"female": 42, "male": 28}
    assert dict(east.select("sex", "boarders").iter_rows()) == {"female": 21, "male": 14}
    assert pupils(before) == {("E", "1"): 60, ("E", "2"): 40, ("W", "1"): 30, ("W", "2"): 20}


def test_parts_of_pupils_are_shared_out_so_that_each_grade_keeps_its_total() -> None:
    # 10.4 + 20.4 + 30.4 = 61.2: 61 whole pupils, the one that is left over goes to the largest remainder, the first of equals
    middle = np.array([[[10.4, 1.0], [20.4, 1.0], [30.4, 1.0]]])
    whole = whole_pupils(forecast(middle, ("E", "M", "W")), 2026)
    first = whole.filter(pl.col("grade") == "1").sort("school")["pupils"].to_list()
    assert sum(first) == 61
    assert sorted(first) == [10, 20, 31] or sorted(first) == [11, 20, 30] or sorted(first) == [10, 21, 30]


@given(st.lists(st.floats(0, 500), min_size=1, max_size=12))
def test_no_pupil_is_made_or_lost_by_rounding(parts: list[float]) -> None:
    middle = np.array([[[part, 0.0] for part in parts]])
    schools = tuple(f"S{number}" for number in range(len(parts)))
    whole = whole_pupils(forecast(middle, schools), 2026)
    total = middle.astype(np.float32).astype(float)[0, :, 0].sum()
    assert abs(int(whole["pupils"].sum()) - total) <= 0.51
    assert int(whole["pupils"].min()) >= 0


def test_a_school_that_is_not_known_ahead_has_pupils_that_are_not_known() -> None:
    after = project(small(), forecast(np.array([[[70.0, 58.0], [np.nan, 31.0]]]), ("E", "W")), 2026)
    west = after.tables["enrolment"].filter((pl.col("school") == "W") & (pl.col("grade") == "1"))
    assert west["pupils"].to_list() == [None, None]


def test_as_many_classes_as_today_seat_the_pupils_of_the_year() -> None:
    # East has three classes: 30 and 90 pupils sit best in one of 30 and two of 45; no largest class could be smaller
    after = project(small(), forecast(np.array([[[30.0, 90.0], [30.0, 20.0]]]), ("E", "W")), 2026)
    sizes = after.tables["classes"].filter(pl.col("school") == "E").sort("grade", "pupils")
    assert list(sizes.select("grade", "pupils").iter_rows()) == [("1", 30), ("2", 45), ("2", 45)]
    assert [one.rule for one in check(after) if "differ" in one.rule] == []


def test_with_fewer_classes_than_grades_the_classes_are_mixed() -> None:
    assert spread({"1": 5, "2": 4, "3": 0}, 1) == {"": [9]}
    assert spread({"1": 0}, 2) == {}


def test_a_mixed_kindergarten_class_stays_mixed() -> None:
    # 8 children in one mixed class: the forecast's 3 + 2 + 4 of single grades sit there together
    tables = {
        "schools": pl.DataFrame([{"school": "K", "name": "K", "kind": "kindergarten"}]),
        "enrolment": pl.DataFrame([{"school": "K", "stage": "preschool", "grade": "k0", "sex": "all", "pupils": 8}]),
        "classes": pl.DataFrame([{"school": "K", "stage": "preschool", "class": "mixed", "grade": "k0", "pupils": 8}]),
    }
    grades = (("preschool", "k1"), ("preschool", "k2"), ("preschool", "k3"))
    after = project(county("629921", 2025, tables), forecast(np.array([[[3.0, 2.0, 4.0]]]), ("K",), grades), 2026)
    assert after.tables["enrolment"].select("grade", "sex", "pupils").rows() == [("k0", "all", 9)]
    assert after.tables["classes"].select("grade", "pupils").rows() == [("k0", 9)]


def test_what_speaks_of_another_years_children_is_unknown_unless_it_is_projected() -> None:
    ahead = forecast(np.array([[[70.0, 58.0], [20.0, 31.0]]]), ("E", "W"))
    bare = project(small(), ahead, 2026)
    assert bare.tables["stage_facts"]["school_age"].to_list() == [None]
    assert bare.tables["county_facts"].select("children_3_5", "migrant_children").row(0) == (None, 5)
    told = project(small(), ahead, 2026, children={"primary": 190, "preschool": 41})
    assert told.tables["stage_facts"]["school_age"].to_list() == [190]
    assert told.tables["county_facts"]["children_3_5"].to_list() == [41]


def test_a_school_that_closes_is_gone_and_one_that_opens_is_there() -> None:
    ahead = forecast(np.array([[[90.0, 78.0], [0.0, 0.0], [12.0, 0.0]]]), ("E", "W", "N"))
    after = project(small(), ahead, 2026, closed=("W",), opened={"N": {"name": "New", "kind": "primary"}})
    assert set(after.tables["schools"]["school"]) == {"E", "N"}
    assert set(after.tables["enrolment"]["school"]) == {"E", "N"}
    assert "W" not in set(after.tables["classes"]["school"])
    new = after.tables["enrolment"].filter(pl.col("school") == "N")
    assert int(new["pupils"].sum()) == 12
    assert set(new["sex"]) == {"female", "male"}  # by the split of the stage


def test_every_changed_cell_says_that_a_forecast_made_it() -> None:
    after = project(small(), forecast(np.array([[[70.0, 58.0], [20.0, 31.0]]]), ("E", "W")), 2026)
    assert set(after.origins["enrolment"]["file"]) == {"forecast 2025 → 2026"}


def test_a_year_beyond_the_forecast_is_refused() -> None:
    with pytest.raises(ValueError, match="from 2026 to 2026, not 2030"):
        project(small(), forecast(np.ones((1, 2, 2)), ("E", "W")), 2030)


def test_the_framework_judges_a_projected_year_of_the_example() -> None:
    today = read_county(QINGHE, CODE, 2025)
    single = today.tables["enrolment"].filter(pl.col("stage").is_in(["primary", "junior"]))
    sums = single.group_by("school", "stage", "grade").agg(pl.col("pupils").sum())
    schools = tuple(sorted(set(sums["school"])))
    grades = tuple(sorted(set(sums.select("stage", "grade").iter_rows())))
    middle = np.zeros((1, len(schools), len(grades)))
    for school, stage, grade, number in sums.iter_rows():
        middle[0, schools.index(school), grades.index((stage, grade))] = number * 1.2
    after = project(today, forecast(middle, schools, grades), 2026)
    rules = Rulebook((shipped(),), statistics_day(2026))
    framework = rules.framework("quality-balance-2017")
    card = evaluate(after, framework, rules, catalogue=shipped_catalogue())
    before = evaluate(today, framework, Rulebook((shipped(),), statistics_day(2025)), catalogue=shipped_catalogue())

    def missed(card: pl.DataFrame) -> int:
        return card.filter(pl.col("verdict").cast(pl.String) == "missed").height

    assert missed(card.items) > missed(before.items)  # a fifth more pupils in the same rooms
    assert [one.rule for one in check(after) if one.severity == "error"] == []
    assert digest(after) != digest(today)
