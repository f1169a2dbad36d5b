from __future__ import annotations

import polars as pl
import pytest

from junheng.errors import DataError
from junheng.planning.demand import Demand, pupils_by_village
from tests.model.made import Row, made

VILLAGES = [{"village": code, "name": code} for code in ("V1", "V2", "V3")]


def residents(*rows: tuple[str, int, int | None]) -> list[Row]:
    return [{"village": village, "age": age, "sex": "male", "persons": persons} for village, age, persons in rows]


def told(demand: Demand) -> set[str]:
    return {one.rule.removeprefix("planning.") for one in demand.findings}


JUNIOR = residents(*((village, age, many) for village, many in (("V1", 10), ("V2", 20), ("V3", 3)) for age in (11, 12, 13, 14)))


def test_what_was_returned_is_taken_as_it_is_and_silence_is_not_zero() -> None:
    rows = [{"village": "V1", "stage": "junior", "grade": "7", "year": 2025, "pupils": 5}]
    rows += [{"village": "V2", "stage": "junior", "grade": "7", "year": 2025, "pupils": 0}]
    demand = pupils_by_village(made(villages=VILLAGES, village_population=JUNIOR, village_pupils=rows), "junior")
    assert demand.source == "returned"
    assert demand.frame.rows() == [("V1", "7", 5), ("V2", "7", 0), ("V3", "7", None)]
    assert told(demand) == {"village_without_pupils_known"}


def test_residents_are_scaled_to_those_enrolled_and_the_total_is_kept() -> None:
    # 99 children of 12 to 14, 80 enrolled: of two rows by sex and one of all, all counts
    enrolled = [{"school": "S", "stage": "junior", "grade": grade, "sex": "all", "pupils": many} for grade, many in (("7", 30), ("8", 50))]
    enrolled += [{"school": "S", "stage": "junior", "grade": "7", "sex": "male", "pupils": 11}]
    demand = pupils_by_village(made(villages=VILLAGES, village_population=JUNIOR, enrolment=enrolled), "junior")
    assert demand.source == "derived"
    assert demand.frame["pupils"].sum() == 80
    by_village = dict(demand.frame.group_by("village").agg(pl.col("pupils").sum()).rows())
    assert by_village == {"V1": pytest.approx(80 * 30 / 99, abs=1), "V2": pytest.approx(80 * 60 / 99, abs=1), "V3": pytest.approx(7, abs=1)}
    assert demand.frame["grade"].unique().sort().to_list() == ["7", "8", "9"]
    assert told(demand) == {"pupils_scaled"}


def test_without_enrolment_residents_stay_what_they_are() -> None:
    demand = pupils_by_village(made(villages=VILLAGES, village_population=JUNIOR), "junior")
    assert demand.frame["pupils"].sum() == 99
    assert told(demand) == {"pupils_not_scaled"}


def test_an_unknown_number_of_residents_stays_unknown() -> None:
    rows = residents(("V1", 12, None), ("V1", 13, 2), ("V1", 14, 2), ("V2", 12, 4), ("V2", 13, 4), ("V2", 14, 4))
    demand = pupils_by_village(made(villages=VILLAGES[:2], village_population=rows), "junior")
    assert demand.frame.rows()[:3] == [("V1", "7", None), ("V1", "8", 2), ("V1", "9", 2)]
    assert told(demand) == {"village_without_pupils_known", "pupils_not_scaled"}


def test_pupils_of_a_later_year_are_younger_today() -> None:
    rows = residents(("V1", 11, 7), ("V1", 12, 1), ("V1", 13, 2), ("V1", 14, 3))
    demand = pupils_by_village(made(villages=VILLAGES[:1], village_population=rows), "junior", 2026)
    assert demand.frame["pupils"].to_list() == [7, 1, 2]


def test_children_not_yet_born_and_stages_without_ages_are_refused() -> None:
    county = made(villages=VILLAGES, village_population=JUNIOR)
    for stage, year in (("junior", 2040), ("special", 2025)):
        with pytest.raises(DataError):
            pupils_by_village(county, stage, year)
    with pytest.raises(DataError):
        pupils_by_village(made(villages=VILLAGES), "junior")
