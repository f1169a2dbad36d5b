"""What the page and the papers choose to show of a forecast; all of it is in the workbook and in the JSON file."""

from __future__ import annotations

from collections.abc import Iterable

from junheng.present.wording_foresight import SERIES_KINDS, kind_of_series, years_ahead
from junheng.workflow import Text
from junheng.workflow.views.foresight import Assumption, ErrorRow, Foresight, Scenario, SeatLine, Series, TeacherLine

_ERRORS_AT = (1, 3, 5, 10)  # years ahead at which others publish their errors too
SHORTENED = Text("其余各年、各年级和学校见工作簿", "other years, grades and schools are in the workbook")


def county_series(scenario: Scenario) -> list[Series]:
    """Return the county's series of whole stages: pupils first, then entrants, then children."""
    found = [one for one in scenario.series if one.area_kind == "county" and not one.grade and one.points]
    kinds = list(SERIES_KINDS)
    return sorted(found, key=lambda one: kinds.index(kind) if (kind := kind_of_series(one.id)) in kinds else len(kinds))


def places_of(lines: Iterable[SeatLine], series: Series) -> dict[int, int | None]:
    """Return the places by year to draw beside a series: only beside the pupils of a whole stage."""
    if kind_of_series(series.id) != "pupils" or series.grade:
        return {}
    return {line.year: line.seats for line in lines if (line.area, line.stage) == (series.area, series.stage)}


def stages_of(lines: Iterable[SeatLine]) -> dict[str, Text]:
    """Return the stages of lines with their labels, in order of first use."""
    return {line.stage: line.stage_label for line in lines}


def levels_in(lines: Iterable[SeatLine], stage: str, year: int) -> dict[str, str]:
    """Return the level of each zone in one year."""
    return {line.area: line.level for line in lines if line.area_kind == "district" and (line.stage, line.year) == (stage, year)}


def lines_at_horizons(foresight: Foresight, lines: Iterable[SeatLine]) -> list[SeatLine]:
    """Return the county's and the zones' lines of the horizon years; without horizons, of every year."""
    years = {year for _, year in years_ahead(foresight)}
    return [line for line in lines if line.area_kind != "school" and (line.year in years or not years)]


def main_errors(foresight: Foresight) -> list[ErrorRow]:
    """Return the errors of whole stages of county and zones, at a few years ahead."""
    return [row for row in foresight.backtest.rows if not row.grade and row.level != "school" and row.horizon in _ERRORS_AT]


def assumptions_shown(foresight: Foresight) -> list[tuple[Scenario, Assumption]]:
    """Return every assumption of the first scenario, and of the others those that differ from it."""
    first, *others = foresight.scenarios
    found = [(first, one) for one in first.assumptions]
    same = {(one.id, one.shown, one.note) for one in first.assumptions}
    return found + [(scenario, one) for scenario in others for one in scenario.assumptions if (one.id, one.shown, one.note) not in same]


def teachers_at_horizons(foresight: Foresight, scenario: Scenario, *, subjects: bool) -> list[TeacherLine]:
    """Return teachers of whole stages, or by subject, in the horizon years; in every year where no horizon is reached."""
    years = {year for _, year in years_ahead(foresight)}
    return [one for one in scenario.teachers if bool(one.subject) is subjects and (one.year in years or not years)]
