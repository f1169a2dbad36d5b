from __future__ import annotations

from datetime import date

from junheng.model import period


def test_a_school_year_starts_on_the_statistics_day() -> None:
    assert period.statistics_day(2025) == date(2025, 9, 1)
    assert period.school_year(2025) == (date(2025, 9, 1), date(2026, 8, 31))
    assert period.school_year_of(date(2025, 8, 31)) == 2024
    assert period.school_year_of(date(2025, 9, 1)) == 2025


def test_flows_are_counted_over_the_year_that_has_ended() -> None:
    assert period.flow_period(2025) == (date(2024, 9, 1), date(2025, 8, 31))


def test_the_budget_year_is_another_calendar() -> None:
    assert period.budget_year(2025) == (date(2025, 1, 1), date(2025, 12, 31))
    assert period.budget_year_reported(2025) == 2024


def test_the_entry_cutoff_is_the_day_before_the_school_year() -> None:
    # six whole years old on 31 August 2025: born 1 September 2018 to 31 August 2019
    assert period.cutoff_birth_range(2025, 6) == (date(2018, 9, 1), date(2019, 8, 31))
