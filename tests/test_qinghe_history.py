"""The light years before 2024 of the fictitious county: the cohorts grow up, the schools that went are accounted for."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from junheng.model import check
from junheng.store.folder import read_county
from tests.qinghe import CODE, QINGHE, ROOT, rows, schools

PAST = tuple(range(2014, 2024))
TABLES = {"births", "campuses", "districts", "enrolment", "places", "population", "schools", "villages"}


def grades(year: int) -> Counter[str]:
    count: Counter[str] = Counter()
    for row in rows("enrolment", year):
        if row["stage"] != "special":
            count[row["grade"]] += int(row["pupils"])
    return count


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """What the script makes now."""
    folder = tmp_path_factory.mktemp("qinghe")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, str(QINGHE / "generate.py"), str(folder)], check=True, capture_output=True, env=environment)
    return folder


def test_the_committed_years_are_what_the_script_makes(made):
    for year in PAST:
        now = {path.name: path.read_bytes() for path in (made / str(year)).iterdir()}
        kept = {path.name: path.read_bytes() for path in (QINGHE / str(year)).iterdir()}
        assert now == kept, year


@pytest.mark.parametrize("year", PAST)
def test_a_past_year_is_light_and_without_mistakes(year):
    files = list((QINGHE / str(year)).glob("*.csv"))
    assert {path.stem for path in files} >= TABLES
    assert sum(path.stat().st_size for path in files) <= 150_000
    before = read_county(QINGHE, CODE, year - 1) if year - 1 in PAST else None
    assert [one for one in check(read_county(QINGHE, CODE, year), before) if one.severity == "error"] == []


@pytest.mark.parametrize("year", PAST)
def test_cohorts_grow_up(year):
    now, later = grades(year), grades(year + 1)
    for grade in (*range(1, 6), *range(7, 9)):
        assert 0.93 < later[str(grade + 1)] / now[str(grade)] < 1.06, grade
    assert 0.93 < later["7"] / now["6"] < 1.10


def test_births_fall_from_2017_to_2023():
    births: Counter[int] = Counter()
    for row in rows("births", 2025):
        births[int(row["calendar_year"])] += int(row["births"])
    assert [births[year] for year in range(2017, 2024)] == sorted((births[year] for year in range(2017, 2024)), reverse=True)
    assert births[2023] < 0.65 * births[2017]


def test_schools_that_went_leave_their_pupils_to_their_successors():
    def pupils(school: str, year: int) -> int:
        return sum(int(row["pupils"]) for row in rows("enrolment", year) if (row["school"], row["stage"]) == (school, "primary"))

    for gone, successor, last in (
        ("2162990135", "2162990114", 2020),
        ("2162990136", "2162990115", 2018),
        ("2162990137", "3162990355", 2017),
    ):
        assert gone in schools(last)
        assert gone not in schools(last + 1)
        before = pupils(gone, last) + pupils(successor, last)
        assert abs(pupils(successor, last + 1) - before) <= 0.08 * before


def test_schools_open_with_their_lowest_grades():
    first = {row["grade"] for row in rows("enrolment", 2016) if row["school"] == "3462990401" and int(row["pupils"])}
    assert first == {"1", "7", "10"}
    assert "3462990401" not in schools(2015)
