"""The retirement reform by birth month, and who of a band of ages is left."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.projection.retirement import MEN, WOMEN, age_columns, ages_by_stage, band, schedules, staying
from tests.model.made import made
from tests.projection.programmes import EAST, WEST, nation

KNOWN = schedules(nation(date(2040, 9, 1)))
BEFORE_THE_REFORM = schedules(nation(date(2024, 9, 1)))


def leaves(group: str, year: int, month: int) -> tuple[int, int]:
    found = int(KNOWN[group].leaving(np.array([12 * year + month - 1]))[0])
    return found // 12, found % 12 + 1


@pytest.mark.parametrize(
    ("group", "born", "age"),
    [
        (MEN, (1964, 12), (60, 0)),  # reached 60 in December 2024, a month before the reform
        (MEN, (1965, 1), (60, 1)),
        (MEN, (1965, 4), (60, 1)),
        (MEN, (1965, 5), (60, 2)),
        (MEN, (1976, 8), (62, 11)),
        (MEN, (1976, 9), (63, 0)),
        (MEN, (1990, 1), (63, 0)),
        (WOMEN, (1969, 12), (55, 0)),
        (WOMEN, (1970, 1), (55, 1)),
        (WOMEN, (1981, 8), (57, 11)),
        (WOMEN, (1981, 9), (58, 0)),
    ],
)
def test_retirement_is_put_off_by_a_month_for_every_four(group: str, born: tuple[int, int], age: tuple[int, int]) -> None:
    year, month = leaves(group, *born)
    months = 12 * year + month - (12 * born[0] + born[1])
    assert divmod(months, 12) == age


def test_before_the_reform_was_known_nothing_is_put_off() -> None:
    assert int(BEFORE_THE_REFORM[MEN].leaving(np.array([12 * 1980]))[0]) == 12 * 2040


def test_men_of_55_to_59_leave_as_they_come_of_age() -> None:
    # 60 men, one of each month from 55y0m to 59y11m on 1 September 2025. Who turns 60 j months later leaves (8 + j) // 4 + 1 months
    # after that: j = 1..3 after 4, 5, 6 months; 4..7 after 8..11; j = 8 after 13. So seven have left by September 2026.
    found = staying({"age_55_59": 60.0}, 0.0, 2025, (2025, 2026, 2045), KNOWN)
    assert found.tolist() == pytest.approx([60, 53, 0])


def test_nobody_is_of_a_sex_that_would_have_retired() -> None:
    # On 1 September 2025 women of 55y3m and more have left: only three of the sixty months (55y0m, 1m, 2m) can hold any, and those
    # leave within the year: 3 x 0.9 fewer than if all were men.
    found = staying({"age_55_59": 60.0}, 0.9, 2025, (2025, 2026), KNOWN)
    assert found.tolist() == pytest.approx([60, 53 - 3 * 0.9])


def test_who_is_past_every_age_leaves_within_the_year() -> None:
    assert staying({"age_from_60": 36.0}, 0.0, 2024, (2024, 2025), BEFORE_THE_REFORM).tolist() == [36, 0]


def test_the_bands_of_the_return_follow_each_other() -> None:
    found = [band(column, 63 * 12) for column in age_columns()]
    assert found[0] == (22 * 12, 25 * 12)
    assert found[-1] == (60 * 12, 63 * 12)
    assert all(high == low for (_, high), (low, _) in pairwise(found))
    with pytest.raises(ValueError, match="age band"):
        band("teachers", 0)


def test_a_stage_with_a_silent_school_is_left_out() -> None:
    staff = [{"school": code, "stage": stage, "teachers": 9} for code in (EAST, WEST) for stage in ("primary", "junior")]
    told = [{"school": code, "stage": stage, "age_30_34": 9} for code, stage in ((EAST, "primary"), (WEST, "primary"), (EAST, "junior"))]
    ages, silent = ages_by_stage(made(staff=staff, staff_ages=told))
    assert list(ages) == ["primary"]
    assert ages["primary"]["age_30_34"] == 18
    assert silent.select("school", "stage").rows() == [(WEST, "junior")]


@given(st.dictionaries(st.sampled_from(age_columns()), st.integers(0, 500), min_size=1), st.floats(0, 1))
def test_teachers_only_ever_leave_and_all_are_there_at_first(ages: dict[str, int], women: float) -> None:
    years = tuple(range(2025, 2071))
    found = staying({name: float(number) for name, number in ages.items()}, women, 2025, years, KNOWN)
    assert found[0] == pytest.approx(sum(ages.values()))
    assert np.all(np.diff(found) <= 1e-9)
    assert found[-1] == pytest.approx(0, abs=1e-6)
