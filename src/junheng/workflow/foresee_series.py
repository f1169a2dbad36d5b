"""A forecast as series: counted and foreseen pupils of the county, its townships and its schools, each point with its bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from junheng.errors import Text
from junheng.model import allowed
from junheng.projection.forecast import LEVELS, Floats, Floats32, Forecast, Rolls
from junheng.projection.population import FEMALE, MALE, PopulationPath
from junheng.workflow.judged import stage_label
from junheng.workflow.views.foresight import AreaKind, Band, Pyramid, PyramidBar, Series, SeriesPoint

PERSONS = Text("人", "pupils")
_CHILDREN = Text("人", "children")
_NOTHING = Text("", "")
_OLDEST = 90  # of the pyramid: the last bar holds everybody of that age and older


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What areas are called: the county, its townships, its schools."""

    county: str
    county_name: str
    areas: Mapping[str, str]

    def of(self, area: str) -> str:
        """Return an area's name, or its code where it has none."""
        return self.county_name if area == self.county else self.areas.get(area) or area


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sums:
    """Pupils of areas and stages: counted (T, N, S), the middle path (H, N, S) and its bands (5, H, N, S)."""

    kind: AreaKind
    areas: tuple[str, ...]  # (N,)
    counted: Floats
    middle: Floats
    bands: Floats


def whole(value: float) -> str:
    """Return a number of persons as it is printed: whole, with separators between thousands."""
    return f"{round(value):,}".replace("-", "−")


def band(quantiles: Sequence[float] | Floats) -> Band:
    """Return a band from its five quantiles, in the order of LEVELS; the middle is never outside its own band."""
    low80, low50, middle, high50, high80 = (float(value) for value in quantiles)
    low50, high50 = min(low50, middle), max(high50, middle)
    low80, high80 = max(0.0, min(low80, low50)), max(high80, high50)
    return Band(
        low80=low80,
        low50=max(0.0, low50),
        middle=middle,
        high50=high50,
        high80=high80,
        shown=whole(middle),
        shown80=f"{whole(low80)}–{whole(high80)}",
        shown50=f"{whole(max(0.0, low50))}–{whole(high50)}",
    )


def sums(rolls: Rolls, forecast: Forecast) -> tuple[Sums, Sums, Sums]:
    """Return pupils by stage of the county, of its townships and of its schools. Bands are of the joint draws, never sums of bands."""
    stages = forecast.stages
    place = np.array([stages.index(stage) for stage, _ in forecast.grades], dtype=np.intp)
    counted = _by_stage(_in_order(rolls, forecast), place, len(stages))  # (T, U, S)
    middle = _by_stage(np.asarray(forecast.middle, dtype=np.float64), place, len(stages))  # (H, U, S)
    zones = _members(forecast)
    whole_county = np.ones((1, len(forecast.schools)))
    own = Sums(kind="school", areas=forecast.schools, counted=counted, middle=middle, bands=_quantiles(forecast.draws, middle))
    made = [_added("county", ("",), whole_county, own, forecast), _added("district", forecast.zones, zones, own, forecast), own]
    return made[0], made[1], made[2]


def _added(kind: AreaKind, areas: tuple[str, ...], members: Floats, own: Sums, forecast: Forecast) -> Sums:
    """Return the sums of the schools over areas; members: (N, U) 1 where a school lies in an area."""
    counted, middle = (np.einsum("zu,tus->tzs", members, values) for values in (own.counted, own.middle))
    drawn = np.einsum("zu,dhus->dhzs", members.astype(np.float32), forecast.draws, optimize=True)
    return Sums(kind=kind, areas=areas, counted=counted, middle=middle, bands=_quantiles(drawn, middle))


def _members(forecast: Forecast) -> Floats:
    members = np.zeros((len(forecast.zones), len(forecast.schools)))
    members[forecast.zone, np.arange(len(forecast.schools))] = 1.0
    return members


def _in_order(rolls: Rolls, forecast: Forecast) -> Floats:
    """Return the counted pupils (T, U, G) in the forecast's order of schools and grades; a school not in the rolls was not counted."""
    found = np.zeros((len(rolls.years), len(forecast.schools), len(forecast.grades)))
    rows = {school: row for row, school in enumerate(rolls.schools)}
    columns = {grade: column for column, grade in enumerate(rolls.grades)}
    for new, school in enumerate(forecast.schools):
        for column, grade in enumerate(forecast.grades):
            if school in rows and grade in columns:
                found[:, new, column] = rolls.pupils[:, rows[school], columns[grade]]
    return found


def _by_stage(values: Floats, place: np.ndarray, stages: int) -> Floats:
    """Return (…, U, S) from (…, U, G): a stage with a grade that is not known is not known."""
    return np.stack([values[..., place == stage].sum(axis=-1) for stage in range(stages)], axis=-1)


def _quantiles(drawn: Floats | Floats32, middle: Floats) -> Floats:
    """Return (5, …) from draws (D, …): sorted once along the draws; the middle is the path that adds up, not the median."""
    ordered = np.sort(drawn, axis=0)
    last = len(ordered) - 1
    rows = [ordered[round(level * last)] for level in LEVELS]
    rows[2] = middle
    return np.stack(rows).astype(np.float64)


def pupil_series(scenario: str, rolls: Rolls, forecast: Forecast, parts: Sequence[Sums], names: Names, note: Text) -> Iterator[Series]:
    """Yield pupils by stage of every area, then of the county by grade."""
    for part in parts:
        for number, code in enumerate(part.areas):
            if part.kind == "district" and code == names.county:  # schools whose township is not known
                continue
            area = code or names.county
            for column, stage in enumerate(forecast.stages):
                counted, path = part.counted[:, number, column], part.bands[:, :, number, column]
                if np.nansum(counted) or path[2].sum():
                    yield _series(
                        f"{scenario}/pupils/{area}/{stage}/",
                        Text(f"{names.of(area)}{stage_label(stage).zh}在校生", f"{names.of(area)}: {stage_label(stage).en} pupils"),
                        (area, part.kind, stage, ""),
                        points(rolls.years, counted, forecast.years, path),
                        note,
                    )
    yield from _grades(scenario, rolls, forecast, names, note)


def _grades(scenario: str, rolls: Rolls, forecast: Forecast, names: Names, note: Text) -> Iterator[Series]:
    """Yield the county by grade, and under `entrants` the first grade of each stage of the county and its townships."""
    counted = _in_order(rolls, forecast)
    middle = np.asarray(forecast.middle, dtype=np.float64)  # (H, U, G): what adds up to the stage, not the median of the draws
    labels = allowed("grade")
    members = _members(forecast)
    first = {stage: next(g for g, (its, _) in enumerate(forecast.grades) if its == stage) for stage in forecast.stages}
    for g, (stage, grade) in enumerate(forecast.grades):
        title = Text(f"{names.county_name}{labels[grade].zh}在校生", f"{names.county_name}: {labels[grade].en} pupils")
        path = _with_middle(forecast.county_bands[:, :, g], middle[:, :, g].sum(axis=1))
        its = points(rolls.years, counted[:, :, g].sum(axis=1), forecast.years, path)
        yield _series(f"{scenario}/pupils/{names.county}/{stage}/{grade}", title, (names.county, "county", stage, grade), its, note)
        if first[stage] != g:
            continue
        entering = Text(f"{names.county_name}{labels[grade].zh}新生", f"{names.county_name}: entrants to {labels[grade].en}")
        yield _series(f"{scenario}/entrants/{names.county}/{stage}/", entering, (names.county, "county", stage, ""), its, note)
        for z, zone in enumerate(forecast.zones):
            if zone == names.county:
                continue
            by_zone = (counted[:, :, g] * members[z]).sum(axis=1)
            path = _with_middle(forecast.zone_bands[:, :, z, g], middle[:, :, g] @ members[z])
            if np.nansum(by_zone) or path[2].sum():
                title = Text(f"{names.of(zone)}{labels[grade].zh}新生", f"{names.of(zone)}: entrants to {labels[grade].en}")
                its = points(rolls.years, by_zone, forecast.years, path)
                yield _series(f"{scenario}/entrants/{zone}/{stage}/", title, (zone, "district", stage, ""), its, note)


def _with_middle(bands: Floats32, middle: Floats) -> Floats:
    made = np.asarray(bands, dtype=np.float64).copy()
    made[2] = middle
    return made


def _series(key: str, title: Text, of: tuple[str, AreaKind, str, str], its: tuple[SeriesPoint, ...], note: Text) -> Series:
    area, kind, stage, grade = of
    return Series(
        id=key,
        title=title,
        area=area,
        area_kind=kind,
        stage=stage,
        stage_label=stage_label(stage),
        grade=grade,
        unit=PERSONS,
        points=its,
        note=note,
    )


def points(years: Sequence[int], counted: Floats, ahead: Sequence[int], bands: Floats) -> tuple[SeriesPoint, ...]:
    """Return the points of a series: counted (T,), not known where nan; bands (5, H) ahead."""
    known = [
        SeriesPoint(
            year=year, known=None if np.isnan(value) else float(value), known_shown="" if np.isnan(value) else whole(value), band=None
        )
        for year, value in zip(years, counted.tolist(), strict=True)
    ]
    coming = [
        SeriesPoint(year=year, known=None, known_shown="", band=None if np.isnan(column).any() else band(column))
        for year, column in zip(ahead, bands.T, strict=True)
    ]
    return (*known, *coming)


def children_series(scenario: str, path: PopulationPath, known: Mapping[int, float], age: int, names: Names, stage: str) -> Series | None:
    """Return the county's children of one age (that of entering a stage): those counted by year, and those of the population path."""
    if age not in path.ages:
        return None
    middle = path.middle[:, :, age].sum(axis=(1, 2))
    if np.isnan(middle).any():
        return None
    drawn = path.drawn(age).sum(axis=2)
    bands = _quantiles(drawn, middle) if len(drawn) else np.repeat(middle[None], 5, axis=0)
    years = sorted(known)
    its = points(years, np.array([known[year] for year in years], dtype=np.float64), path.years, bands)
    title = Text(f"{names.county_name}{age}岁儿童", f"{names.county_name}: children aged {age}")
    one = _series(f"{scenario}/children/{names.county}/{stage}/", title, (names.county, "county", stage, ""), its, _NOTHING)
    return Series(**{**{name: getattr(one, name) for name in Series.__slots__}, "unit": _CHILDREN})


def pyramids(path: PopulationPath, years: Sequence[int], note: Text) -> tuple[Pyramid, ...]:
    """Return the pyramid of the start and of those of `years` that the path reaches; () where ages of any zone are not known."""
    start = path.start.persons.sum(axis=0)
    made = [_pyramid(path.start.year, start, known=True, note=note)] if not np.isnan(start).any() else []
    for year in years:
        if year in path.years and made:
            made.append(_pyramid(year, path.middle[path.years.index(year)].sum(axis=0), known=False, note=_NOTHING))
    return tuple(made)


def _pyramid(year: int, persons: Floats, *, known: bool, note: Text) -> Pyramid:
    """Return one pyramid from persons (A, 2); ages from the oldest bar on are added up."""
    top = min(_OLDEST, len(persons) - 1)
    bars = np.vstack([persons[:top], persons[top:].sum(axis=0, keepdims=True)])
    return Pyramid(
        year=year,
        known=known,
        bars=tuple(
            PyramidBar(
                age=age, male=float(row[MALE]), female=float(row[FEMALE]), shown_male=whole(row[MALE]), shown_female=whole(row[FEMALE])
            )
            for age, row in enumerate(bars)
        ),
        note=note,
    )
