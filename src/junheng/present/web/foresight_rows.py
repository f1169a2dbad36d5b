"""What the page of a forecast lays out of one scenario: fans with their tables, maps by year, lines of the table, pyramids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from junheng.present import charts_levels as levels
from junheng.present.charts_axis import Drawing
from junheng.present.charts_fan import fan
from junheng.present.charts_pyramid import largest, pyramid
from junheng.present.foresight_selection import county_series, levels_in, lines_at_horizons, own_title, stages_of, teachers_at_horizons
from junheng.present.web.template import Ready, ready
from junheng.present.wording import school_year
from junheng.present.wording_foresight import LEVELS, years_ahead
from junheng.workflow import Text
from junheng.workflow.views.foresight import Foresight, Notable, Scenario, SeatLine, Series, TeacherLine

Seats = Mapping[tuple[str, str], Mapping[int, SeatLine]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FanRow:
    """One school year beside a fan: what was counted, the middle, the bands, and the places."""

    year: int
    known: str
    middle: str
    half: str
    most: str  # 80 %
    seats: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """A series drawn, with the same numbers as rows."""

    series: Series
    title: Text  # of a county's chart without the county's name
    drawing: Drawing
    rows: tuple[FanRow, ...]

    def picture(self, lang: str) -> Ready:
        """Return the drawing as SVG in `lang`."""
        return ready(self.drawing.svg(lang))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many zones stand at each level in one year, by stage."""

    year: int
    horizon: int
    stage: Text
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One scenario as the template shows it."""

    number: int
    of: Scenario
    fans: tuple[Fan, ...]  # of the county, whole stages
    others: tuple[Fan, ...]  # of districts and schools
    multiples: tuple[tuple[Text, tuple[tuple[Text, Ready], ...]], ...]  # by stage: year and its map
    tallies: tuple[Tally, ...]
    lines: tuple[SeatLine, ...]  # the county's and the districts' at the horizons
    teachers: tuple[TeacherLine, ...]  # of whole stages, at the horizons
    subjects: tuple[TeacherLine, ...]
    pyramids: tuple[Ready, ...]
    notable: tuple[tuple[str, tuple[Notable, ...]], ...]  # by kind


def part_of(number: int, foresight: Foresight, zones: Sequence[levels.Zone], lang: str) -> Part:
    """Return what the template shows of a scenario."""
    scenario = foresight.scenarios[number]
    seats = seats_of(scenario.seats)
    fans = [fan_of(series, seats) for series in scenario.series if series.area_kind != "county" and not series.grade]
    kinds = dict.fromkeys(one.kind for one in scenario.notable)
    return Part(
        number=number,
        of=scenario,
        fans=tuple(fan_of(series, seats, own_title(foresight, series)) for series in county_series(scenario)),
        others=tuple(one for one in fans if one.drawing.marks),
        multiples=multiples(foresight, scenario, zones, lang),
        tallies=tuple(_tallies(foresight, scenario)),
        lines=tuple(lines_at_horizons(foresight, scenario.seats)),
        teachers=tuple(teachers_at_horizons(foresight, scenario, subjects=False)),
        subjects=tuple(teachers_at_horizons(foresight, scenario, subjects=True)),
        pyramids=tuple(ready(drawing.svg(lang)) for drawing in pyramids_of(scenario)),
        notable=tuple((kind, tuple(one for one in scenario.notable if one.kind == kind)) for kind in kinds),
    )


def seats_of(lines: Iterable[SeatLine]) -> Seats:
    """Return the lines by area and stage, and there by year."""
    found: dict[tuple[str, str], dict[int, SeatLine]] = {}
    for line in lines:
        found.setdefault((line.area, line.stage), {})[line.year] = line
    return found


def fan_of(series: Series, seats: Seats, title: Text | None = None) -> Fan:
    """Return a series with its drawing, under its own title or a shorter one; places are drawn only against the pupils of a whole stage."""
    held = seats.get((series.area, series.stage), {}) if "/pupils/" in series.id and not series.grade else {}
    rows = tuple(
        FanRow(
            year=point.year,
            known=point.known_shown,
            middle=point.band.shown if point.band else "",
            half=point.band.shown50 if point.band else "",
            most=point.band.shown80 if point.band else "",
            seats=held[point.year].seats_shown if point.year in held else "",
        )
        for point in series.points
    )
    return Fan(
        series=series, title=title or series.title, drawing=fan(series, {year: line.seats for year, line in held.items()}), rows=rows
    )


def multiples(
    foresight: Foresight, scenario: Scenario, zones: Sequence[levels.Zone], lang: str, *, shared: bool = True
) -> tuple[tuple[Text, tuple[tuple[Text, Ready], ...]], ...]:
    """Return small maps side by side: for each stage one of each horizon."""
    found = []
    for stage, label in stages_of(scenario.seats).items():
        maps = []
        for _, year in years_ahead(foresight):
            title = levels.level_title(label, school_year(year))
            drawing = levels.levels_svg(
                zones, levels_in(scenario.seats, stage, year), title, lang, names=False, shared=shared, width=levels.SMALL
            )
            maps.append((school_year(year), ready(drawing)))
        if zones and maps:
            found.append((label, tuple(maps)))
    return tuple(found)


def pyramids_of(scenario: Scenario) -> tuple[Drawing, ...]:
    """Return the pyramids, all to one scale, each with the first year as its outline."""
    most = largest(scenario.pyramids)
    return tuple(pyramid(one, scenario.pyramids[0], most) for one in scenario.pyramids if one.bars)


def _tallies(foresight: Foresight, scenario: Scenario) -> Iterable[Tally]:
    for stage, label in stages_of(scenario.seats).items():
        for horizon, year in years_ahead(foresight):
            found = list(levels_in(scenario.seats, stage, year).values())
            if found:
                counts = {level: found.count(level) for level in LEVELS}
                yield Tally(year=year, horizon=horizon, stage=label, counts=counts)
