"""What is coming where only two censuses are known: children of school age by stage, and the seats, classes and staff they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, StoreError, Text
from junheng.model import County, check, digest, schema
from junheng.model.period import statistics_day
from junheng.projection.assumptions import Assumption as Assumed
from junheng.projection.assumptions import Assumptions
from junheng.projection.class_limits import limit_standing
from junheng.projection.counted import counted_population
from junheng.projection.population import Population, project_population
from junheng.projection.school_age import SchoolAge, ages_drawn, school_age, staff_ratio, whole_units
from junheng.projection.two_counts import MEASURED, SHIPPED, Cohorts, compare_cohorts, grown_up_here, with_census, with_measured_migration
from junheng.projection.villages import villages
from junheng.standards import Rulebook, Standing, amount
from junheng.store import years as held_years
from junheng.workflow.assess import code_digest
from junheng.workflow.foresee_series import band, whole
from junheng.workflow.judged import stage_label
from junheng.workflow.limits import source_view, unit_label
from junheng.workflow.office import Office
from junheng.workflow.outlook_words import Read, headlines, limits, method
from junheng.workflow.reference_assumptions import values_text
from junheng.workflow.views import Digests, Source
from junheng.workflow.views.foresight import Assumption, Series, SeriesPoint
from junheng.workflow.views.outlook import CohortLine, Outlook, OutlookStage, OutlookYear, OutlookZone

Step = Callable[[Text, int, int], None]

DRAWS, SEED = 2000, 20201101
_SCENARIOS = ("middle", "low", "high")
_SHOWN_EVERY = 5
_ZONE_STAGES = (0, 1, 2)  # preschool, primary and junior are a county's own; senior schools take in children of others
_NAMED = ("births_counted", "births_ahead", "cohort_change_elsewhere", "entry_ratio", "births_spread", "migration_spread")
_BETTER = ("enrolment", "births", "population", "village_population")  # with any of these foresee knows more
_OWN = ("births_spread", "migration_spread")
_OLDEST = 18  # children below this age are what the whole paper is about
_CHILDREN = Text("人", "children")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Worked:
    """Numbers of all scenarios, before they are put into words."""

    counties: tuple[County, County]
    cohorts: Cohorts
    scenarios: Mapping[str, Assumptions]
    ages: Mapping[str, SchoolAge]
    findings: tuple[Finding, ...]


def outlook(folder: Path, *, until: int = 2035, draws: int = DRAWS, seed: int = SEED, progress: Step | None = None) -> Outlook:
    """Return the children of school age and the seats they need, from the folder's newest two counts of persons to `until`.

    The folder needs no school. Deterministic for a seed. Raises StoreError when it does not hold the two censuses that the scenario
    knows of the nation, or holds what foresee would use (pupils, births, single ages), DataError when children of some age are not
    known or `until` lies before the later count, StandardsError or DataError when files cannot be read.
    """
    office = Office(folder)
    counties = _two_counts(office)
    if until <= counties[1].year:
        raise DataError(finding("projection.until_is_past", Place(file=folder.as_posix()), str(until), year=counties[1].year))
    rules = office.rules(counties[1].year)
    worked = _worked(office, counties, until, draws, seed, progress)
    shown = _shown_years(worked.ages["middle"].years)
    stages = tuple(_stage(worked, rules, number, shown) for number in range(len(worked.ages["middle"].stages)))
    return Outlook(
        county=office.authority.code,
        county_name=office.name,
        year=counties[1].year,
        before=counties[0].year,
        until=until,
        day=statistics_day(counties[1].year),
        shown_years=shown,
        headlines=headlines(stages, worked.ages["middle"]),
        stages=stages,
        zone_stages=tuple(stage_label(worked.ages["middle"].stages[number]) for number in _ZONE_STAGES),
        zones=tuple(_zones(worked, shown)),
        cohorts=tuple(_cohort_lines(worked, office.authority.name)),
        scenarios=tuple((worked.scenarios[name].title, worked.scenarios[name].note) for name in _SCENARIOS),
        assumptions=tuple(_assumption(worked.scenarios["middle"].items[name]) for name in _NAMED if worked.scenarios["middle"].has(name)),
        standards=tuple(_standards(rules, worked.ages["middle"].stages)),
        limits=limits(_read(worked)),
        method=method(_read(worked), draws, seed),
        findings=worked.findings,
        digests=Digests(county=digest(counties[1]), standards=rules.digest, code=code_digest()),
    )


def _two_counts(office: Office) -> tuple[County, County]:
    """Return the two censuses that the scenario compares with the nation's, where the folder holds these and nothing better."""
    counties = [office.county(year) for year in held_years(office.folder)]
    _refuse_better(counties)
    counted = {county.year: county for county in counties if county.tables["age_groups"].height}
    at = Place(file=office.folder.as_posix())
    if len(counted) < 2:
        raise StoreError(finding("projection.two_counts_needed", at, Text(f"{len(counted)}个年份", f"{len(counted)} year(s)")))
    scenario = with_census(office.assumptions["middle"])
    first, last = (round(scenario.number(name)) for name in ("cohort_change_from", "cohort_change_to"))
    if first not in counted or last != max(counted):
        found = Text("、".join(f"{year}年" for year in counted), ", ".join(map(str, counted)))
        raise StoreError(finding("projection.not_those_censuses", at, found, first=first, last=last))
    return counted[first], counted[last]


def _refuse_better(counties: Sequence[County]) -> None:
    """Refuse a folder of which foresee makes more: what it holds would go unused and the limits of this paper would not be true."""
    findings = []
    for name in _BETTER:
        held = [county.year for county in counties if county.tables[name].height]
        if held:
            title = schema().tables[name].title
            years = (f"{held[0]}–{held[-1]}" if len(held) > 1 else str(held[0]), f"{held[0]}-{held[-1]}" if len(held) > 1 else str(held[0]))
            found = Text(f"有{years[0]}年的{title.zh}", f"{title.en} of {years[1]}")
            findings.append(finding("projection.known_more_than_censuses", Place(table=name, title=title), found))
    if findings:
        raise StoreError(findings)


def _read(worked: _Worked) -> Read:
    """Return what the paper rests on, for the words that say what it cannot tell."""
    before, after = worked.counties
    scenario = worked.scenarios["middle"]
    groups = after.tables["age_groups"]
    return Read(
        before=before.year,
        year=after.year,
        groups=tuple(groups.select("age_first", "age_last").unique().sort("age_first").iter_rows())[:3],
        registered="resident" not in set(groups["basis"]),
        months=scenario.number("population_months") if scenario.has("population_months") else 0.0,
        measured=scenario.items["migration"].source == MEASURED,
        spreads=not any(scenario.has(name) and not scenario.items[name].file.startswith(SHIPPED) for name in _OWN),
        schools=any(county.tables["schools"].height for county in worked.counties),
        several=len(worked.cohorts.zones) > 1,
    )


def _worked(office: Office, counties: tuple[County, County], until: int, draws: int, seed: int, progress: Step | None) -> _Worked:
    given = office.assumptions
    base = with_census(given["middle"])
    places = villages(counties)
    before, first = counted_population(counties[:1], places, base)
    after, second = counted_population(counties[1:], places, base)
    if before is None or after is None:  # _two_counts has seen rows in both
        raise StoreError(finding("projection.two_counts_needed", Place(file=office.folder.as_posix()), _NOTHING))
    _refuse_gaps(before, after)
    cohorts = compare_cohorts(before, after, base)
    start = grown_up_here(before, after, cohorts)
    findings = [*check(counties[1]), *places.findings, *first, *second]
    ages, scenarios = {}, {}
    for number, name in enumerate(_SCENARIOS):
        if progress:
            progress(Text("推算学龄人口", "Projecting children"), number, len(_SCENARIOS))
        scenarios[name] = with_measured_migration(with_census(given[name]), cohorts)
        many = draws if name == "middle" else 1  # only the middle scenario has a band
        ages[name], told = _projected(start, scenarios[name], until, many, seed)
        findings += told
    return _Worked(counties=counties, cohorts=cohorts, scenarios=scenarios, ages=ages, findings=tuple(dict.fromkeys(findings)))


def _refuse_gaps(before: Population, after: Population) -> None:
    """Refuse counts in which children of some age are not known: what is missing is not nobody."""
    findings = []
    for counted in (before, after):
        unknown = np.isnan(counted.persons[:, :_OLDEST]).any(axis=(0, 2))
        if unknown.any() or counted.persons.shape[1] < _OLDEST:
            ages = [str(age) for age in np.flatnonzero(unknown)] or [f"{counted.persons.shape[1]}–{_OLDEST - 1}"]
            zh, en = "、".join(ages), ", ".join(ages)
            found = Text(f"没有{counted.year}年{zh}岁人口", f"no persons aged {en} in {counted.year}")
            findings.append(finding("projection.children_not_counted", Place(table="age_groups", column="persons"), found))
    if findings:
        raise DataError(findings)


def _projected(start: Population, scenario: Assumptions, until: int, draws: int, seed: int) -> tuple[SchoolAge, tuple[Finding, ...]]:
    path = project_population(start, scenario, years=until - start.year, draws=draws, seed=seed, ages=ages_drawn(scenario))
    return school_age(path, scenario), path.findings


def _shown_years(years: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({*years[::_SHOWN_EVERY], years[-1]}))


# -- stages -----------------------------------------------------------------------------------------------------------


def _stage(worked: _Worked, rules: Rulebook, number: int, shown: Sequence[int]) -> OutlookStage:
    ages = worked.ages["middle"]
    stage, (first, last) = ages.stages[number], ages.ages[number]
    limit, ratio = limit_standing(rules, stage), staff_ratio(rules, stage)
    ends = [round(float(ages.ratio[number, place]), 3) * 100 for place in (0, -1)]
    return OutlookStage(
        stage=stage,
        stage_label=stage_label(stage),
        ages=f"{first}–{last}",
        ratio_shown=" → ".join(dict.fromkeys(f"{end:.3g}%" for end in ends)),
        class_limit_shown=amount(limit.value, limit.unit).zh if limit else "",
        staff_ratio_shown=amount(ratio.value, ratio.unit).zh if ratio else "",
        series=_series(ages, number),
        years=tuple(_year(worked, number, year, limit, ratio) for year in shown),
    )


def _series(ages: SchoolAge, number: int) -> Series:
    stage, (first, last) = ages.stages[number], ages.ages[number]
    points = []
    for place, year in enumerate(ages.years):
        known = float(ages.middle[number, 0].sum()) if place == 0 else None
        quantiles = _around(ages.bands[:, number, place], float(ages.middle[number, place].sum()))
        points.append(
            SeriesPoint(
                year=year,
                known=known,
                known_shown=whole(known) if known is not None else "",
                band=band(quantiles) if place else None,
            )
        )
    label = stage_label(stage)
    return Series(
        id=f"middle/children//{stage}/",
        title=Text(f"{label.zh}学龄人口（{first}–{last}岁）", f"Children aged {first}-{last} ({label.en.lower()})"),
        area="",
        area_kind="county",
        stage=stage,
        stage_label=label,
        grade="",
        unit=_CHILDREN,
        points=tuple(points),
        note=_NOTHING,
    )


def _around(quantiles: np.ndarray, middle: float) -> list[float]:
    """Return the quantiles with the middle path in the place of the median: what the tables print is what the chart shows."""
    made = [float(value) for value in quantiles]
    made[len(made) // 2] = middle
    return made


def _year(worked: _Worked, number: int, year: int, limit: Standing | None, ratio: Standing | None) -> OutlookYear:
    ages = worked.ages["middle"]
    place = ages.years.index(year)
    children = band(_around(ages.bands[:, number, place], float(ages.middle[number, place].sum())))
    seats = float(ages.seats[number, place])
    needed = band(_around(ages.seat_bands[:, number, place], seats))
    others = [float(worked.ages[name].middle[number, place].sum()) for name in ("low", "high")]
    return OutlookYear(
        year=year,
        children_shown=children.shown,
        children80_shown=children.shown80 if place else "",
        low_shown=whole(others[0]),
        high_shown=whole(others[1]),
        seats=seats,
        seats_shown=whole(seats),
        seats80_shown=needed.shown80 if place else "",
        change_shown=_change(float(ages.seats[number, 0]), seats) if place else "",
        classes_shown=_units(seats, limit),
        staff_shown=_units(seats, ratio),
    )


def _units(seats: float, standing: Standing | None) -> str:
    return whole(float(whole_units([seats], float(standing.value))[0])) if standing else ""


def _change(before: float, after: float) -> str:
    share = round((after / before - 1.0) * 100) if before > 0 else 0
    return f"+{share}%" if share > 0 else f"{share}%".replace("-", "−")


# -- zones, cohorts, sources ------------------------------------------------------------------------------------------


def _zones(worked: _Worked, shown: Sequence[int]) -> Iterator[OutlookZone]:
    ages = worked.ages["middle"]
    if len(ages.zones) < 2:
        return
    names = _names(worked)
    places = [ages.years.index(year) for year in shown]
    for zone, code in enumerate(ages.zones):
        numbers = [[float(ages.middle[stage, place, zone]) for place in places] for stage in _ZONE_STAGES]
        yield OutlookZone(
            zone=code,
            name=names.get(code) or code,
            children=tuple(tuple(map(whole, row)) for row in numbers),
            change_shown=tuple(_change(row[0], row[-1]) for row in numbers),
        )


def _names(worked: _Worked) -> dict[str, str]:
    named = worked.counties[1].tables["age_groups"].select("county", "county_name").drop_nulls().unique()
    return dict(named.iter_rows())


def _cohort_lines(worked: _Worked, name: str) -> Iterator[CohortLine]:
    cohorts, names = worked.cohorts, _names(worked)
    before, after = (county.year for county in worked.counties)
    several = len(cohorts.zones) > 1
    for cohort, (first, last) in enumerate(((10, 14), (15, 19))):
        words = Text(
            f"{before}年{first - cohorts.between}–{last - cohorts.between}岁→{after}年{first}–{last}岁",
            f"aged {first - cohorts.between}-{last - cohorts.between} in {before}, {first}-{last} in {after}",
        )
        numbers = (cohorts.before[cohort], cohorts.after[cohort])
        yield _cohort_line(worked, name, words, cohort, float(numbers[0].sum()), float(numbers[1].sum()))
        for zone, code in enumerate(cohorts.zones if several and cohort == 0 else ()):
            yield _cohort_line(worked, names.get(code) or code, words, cohort, float(numbers[0][zone]), float(numbers[1][zone]))


def _cohort_line(worked: _Worked, name: str, words: Text, cohort: int, before: float, after: float) -> CohortLine:
    cohorts = worked.cohorts
    elsewhere = float(cohorts.elsewhere[cohort])
    yearly = ((after / before / elsewhere) ** (1.0 / cohorts.between) - 1.0) * 1000.0
    return CohortLine(
        name=name,
        cohort=words,
        before_shown=whole(before),
        after_shown=whole(after),
        ratio_shown=f"{after / before:.3f}",
        elsewhere_shown=f"{elsewhere:.3f}",
        yearly_shown=f"{yearly:+.1f}".replace("-", "−") if cohort == 0 else "",
    )


def _assumption(one: Assumed) -> Assumption:
    reviewed = one.reviewed
    return Assumption(
        id=one.id,
        title=one.title,
        shown=values_text(one),
        unit=unit_label(one.unit),
        source=source_view(one.document, one.source, since=None, confidence=one.confidence, reviewed=reviewed),
        note=one.note or _NOTHING,
    )


def _standards(rules: Rulebook, stages: Sequence[str]) -> Iterator[Source]:
    seen = set()
    for stage in stages:
        for standing in (limit_standing(rules, stage), staff_ratio(rules, stage)):
            if standing and standing.source not in seen:
                seen.add(standing.source)
                yield source_view(standing.document, standing.source, since=standing.since, confidence=standing.confidence)
