"""What the page and the papers choose to show of a forecast; all of it is in the workbook and in the JSON file."""

from __future__ import annotations

from collections.abc import Iterable

from junheng.present.wording_foresight import LEVELS, SERIES_KINDS, SHORT, kind_of_series, years_ahead
from junheng.workflow import Text
from junheng.workflow.views.foresight import Assumption, ErrorRow, Foresight, Scenario, SeatLine, Series, TeacherLine

_ERRORS_AT = (1, 3, 5, 10)  # years ahead at which others publish their errors too
_MOST_SHORT = 15  # zones with a warning that a paper lists in its text
SHORTENED = Text("其余各年、各年级和学校见工作簿", "other years, grades and schools are in the workbook")


def county_series(scenario: Scenario) -> list[Series]:
    """Return the county's series of whole stages: pupils first, then entrants, then children."""
    found = [one for one in scenario.series if one.area_kind == "county" and not one.grade and one.points]
    kinds = list(SERIES_KINDS)
    return sorted(found, key=lambda one: kinds.index(kind) if (kind := kind_of_series(one.id)) in kinds else len(kinds))


def own_title(foresight: Foresight, series: Series) -> Text:
    """Return the title of a series of the county without the county's name, which stands above all of its charts."""
    name = foresight.county_name
    return Text(
        series.title.zh.removeprefix(name.zh), series.title.en.removeprefix(name.zh).removeprefix(name.en).removeprefix(": ").capitalize()
    )


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


def county_lines(foresight: Foresight, lines: Iterable[SeatLine]) -> list[SeatLine]:
    """Return the county's own lines of the horizon years."""
    return [line for line in lines_at_horizons(foresight, lines) if line.area_kind == "county"]


def short_lines(foresight: Foresight, lines: Iterable[SeatLine]) -> list[SeatLine]:
    """Return the zones that may be short of places, the gravest first: in every year up to the first horizon, then at the horizons."""
    ahead = [year for _, year in years_ahead(foresight)]
    order = list(LEVELS)
    found = [
        line
        for line in lines
        if line.area_kind == "district" and line.level in SHORT and (not ahead or line.year <= ahead[0] or line.year in ahead)
    ]
    return sorted(found, key=lambda line: (order.index(line.level), line.year))


def listed_and_left(lines: list[SeatLine]) -> tuple[list[SeatLine], list[SeatLine]]:
    """Return the lines that a paper lists in its text, and those beyond."""
    return lines[:_MOST_SHORT], lines[_MOST_SHORT:]


def maps_to_print(foresight: Foresight, scenario: Scenario) -> list[tuple[Text, int]]:
    """Return (stage, year) of the maps that paper shows: the first horizon, and the year in which most zones may be short.

    A stage of which no zone can be judged has no map: it would be blank.
    """
    ahead = [year for _, year in years_ahead(foresight)][:1]
    found: list[tuple[Text, int]] = []
    for stage, label in stages_of(scenario.seats).items():
        years = sorted({line.year for line in scenario.seats if line.stage == stage and line.area_kind == "district"})
        levels = {year: list(levels_in(scenario.seats, stage, year).values()) for year in years}
        short = {year: len([level for level in its if level in SHORT]) for year, its in levels.items()}
        worst = [year for year in years if short[year] and short[year] == max(short.values())][:1]
        found += [(label, year) for year in sorted({*ahead, *worst}) if set(levels.get(year, ())).difference(("unknown",))]
    return found


def main_errors(foresight: Foresight) -> list[ErrorRow]:
    """Return the errors of whole stages of county and zones, at a few years ahead; of no single zone."""
    rows = [row for row in foresight.backtest.rows if not row.grade and not row.area]
    return [row for row in rows if row.level != "school" and row.horizon in _ERRORS_AT]


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
