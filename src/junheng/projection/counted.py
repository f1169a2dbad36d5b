"""What the county's tables count: births by zone and calendar year, and persons by zone, single age and sex on 1 September."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model import County
from junheng.projection.ages import TOP, single_ages
from junheng.projection.assumptions import Assumptions
from junheng.projection.births import Births
from junheng.projection.forecast import Floats
from junheng.projection.population import SEXES, Population
from junheng.projection.villages import Villages

_YEAR = 12
_OPEN_FROM = 80  # a table of single ages that goes this far holds everybody older in its last age


def counted_births(counties: Sequence[County], places: Villages, until: int | None = None) -> tuple[Births | None, tuple[Finding, ...]]:
    """Return births by zone and calendar year, None when no table has any; until: the last calendar year to be used.

    Each calendar year comes from the newest school year that holds it. The rows of a calendar year are pieces of one window, as
    long as the longest of them: a village of fewer months was recoded within it, its other piece stands under another code. A
    window of less than a year is stretched to a whole one, of which only its months count as known; that is told, as are villages
    whose births are not known: their zone is then not known for that year.
    """
    findings: list[Finding] = []
    rows = _birth_rows(counties, findings)
    if until is not None:
        rows = rows.filter(pl.col("calendar_year") <= until)
    placed = rows.join(places.links, on=["year", "village"], how="left")
    findings += _homeless(placed)
    inside = placed.filter(pl.col("zone").is_not_null())
    if not inside.height:
        return None, tuple(findings)
    calendar_years = sorted(inside["calendar_year"].unique())
    first, last = calendar_years[0], calendar_years[-1]
    whole = np.full((last - first + 1, len(places.zones)), np.nan)
    shared = (pl.col("births") * pl.col("share")).sum()
    sums = inside.group_by("calendar_year", "zone").agg(shared, pl.col("births").null_count().alias("gaps"))
    for year, zone, births, gaps in sums.iter_rows():
        whole[year - first, zone] = np.nan if gaps else births
    findings += _gaps(inside)
    counted = [_YEAR] * len(whole)
    for year, months in inside.group_by("calendar_year").agg(pl.col("months").max()).sort("calendar_year").iter_rows():
        if months < _YEAR:
            whole[year - first] *= _YEAR / months
            counted[year - first] = months
            place = Place(table="births", column="months", key=(str(year),))
            findings.append(finding("projection.births_of_part_of_a_year", place, Text(f"{months}个月", f"{months} months"), year=year))
    return Births(years=tuple(range(first, last + 1)), zones=places.zones, births=whole, months=tuple(counted)), tuple(findings)


def _birth_rows(counties: Sequence[County], findings: list[Finding]) -> pl.DataFrame:
    """Return year, village, calendar_year, births, months: each calendar year of the newest county that has it, each village once."""
    every = [
        county.tables["births"].select(
            pl.lit(county.year, pl.Int64).alias("year"), "village", "calendar_year", "births", pl.col("months").fill_null(_YEAR)
        )
        for county in counties
    ]
    rows = pl.concat(every).filter(pl.col("year") == pl.col("year").max().over("calendar_year"))
    key = ["year", "village", "calendar_year"]
    merged = rows.group_by(key, maintain_order=True).agg(
        pl.col("births").sum().alias("sum"),
        pl.col("births").null_count().alias("gaps"),
        pl.col("births").first(),
        pl.col("months").sum().alias("sum_months"),
        pl.col("months").first(),
        pl.len().alias("rows"),
    )
    twice = merged.filter((pl.col("rows") > 1) & (pl.col("sum_months") > _YEAR))
    for village, year in twice.select("village", "calendar_year").sort("calendar_year", "village").head(1).iter_rows():
        place = Place(table="births", column="births", key=(village, str(year)))
        found = Text(f"{twice.height}处同村同年重复", f"{twice.height} village(s) and year(s) more than once")
        findings.append(finding("projection.births_counted_twice", place, found, count=twice.height))
    parts = (pl.col("rows") > 1) & (pl.col("sum_months") <= _YEAR)
    return merged.select(
        *key,
        pl.when(parts & (pl.col("gaps") == 0)).then("sum").when(~parts).then("births").alias("births"),
        pl.when(parts).then("sum_months").otherwise("months").alias("months"),
    )


def _homeless(placed: pl.DataFrame) -> list[Finding]:
    lost = placed.filter(pl.col("zone").is_null()).select("village").unique().sort("village")
    if not lost.height:
        return []
    place = Place(table="births", column="village", key=(lost.item(0, 0),))
    found = Text(f"{lost.height}个村居不在村居表的任何区域内", f"{lost.height} village(s) in no zone")
    return [finding("projection.village_without_zone", place, found, count=lost.height)]


def _gaps(inside: pl.DataFrame) -> list[Finding]:
    bad = inside.filter(pl.col("births").is_null()).sort("calendar_year", "village")
    if not bad.height:
        return []
    place = Place(table="births", column="births", key=(bad["village"][0], str(bad["calendar_year"][0])))
    return [finding("projection.births_missing", place, Text("空", "nothing"), count=bad.height)]


def counted_population(
    counties: Sequence[County], places: Villages, assumptions: Assumptions, births: Births | None = None
) -> tuple[Population | None, tuple[Finding, ...]]:
    """Return the newest population by zone, single age and sex as of 1 September, None when no table holds any.

    From village_population, else from population, else from age_groups, which are split to single ages. Where persons are known
    for the county only, its ages are shared among the zones by births of the years in which they were born; without births, they
    are not known by zone. The day of the count is the scenario's population_months.
    """
    for county in sorted(counties, key=lambda one: -one.year):
        for read in (_of_villages, _of_county, _of_groups):
            made, findings = read(county, places, assumptions, births)
            if made is not None:
                months = assumptions.number("population_months") if assumptions.has("population_months") else 0.0
                persons, open_ended = made
                moved = on_first_of_september(persons, months)
                return Population(year=county.year, zones=places.zones, persons=moved, open_ended=open_ended), tuple(findings)
    return None, (finding("projection.nobody_counted", Place(table="population"), Text("没有分年龄人口", "no persons by age")),)


_Made = tuple[tuple[Floats, bool] | None, list[Finding]]


def on_first_of_september(persons: Floats, months: float) -> Floats:
    """Return persons (..., A, 2) counted `months` after 1 September as of that day; before it when negative.

    Of those aged a on the day of the count, months ÷ 12 had not yet had that birthday on 1 September: birthdays are spread evenly.
    The last age stays as it is.
    """
    share = abs(months) / 12.0
    if not share:
        return persons
    out = persons.copy()
    if months > 0:
        out[..., :-2, :] = (1.0 - share) * persons[..., :-2, :] + share * persons[..., 1:-1, :]
    else:
        out[..., 1:-1, :] = (1.0 - share) * persons[..., 1:-1, :] + share * persons[..., :-2, :]
    return out


def _of_villages(county: County, places: Villages, assumptions: Assumptions, _births: Births | None) -> _Made:
    links = places.links.filter(pl.col("year") == county.year)
    rows = county.tables["village_population"].join(links, on="village")
    if not rows.height:
        return None, []
    persons = _array(rows.with_columns(pl.col("persons") * pl.col("share")), len(places.zones), assumptions)
    return (persons, persons.shape[1] > _OPEN_FROM), []


def _array(rows: pl.DataFrame, zones: int, assumptions: Assumptions) -> Floats:
    """Return persons (Z, A, 2) of rows zone, age, sex, persons; one missing row makes its zone and age unknown, not smaller."""
    boys = assumptions.number("boys_at_birth") if assumptions.has("boys_at_birth") else 0.5
    sums = rows.group_by("zone", "age", "sex").agg(pl.col("persons").sum(), pl.col("persons").null_count().alias("gaps"))
    out = np.full((zones, int(sums["age"].max()) + 1, 2), np.nan)  # type: ignore[arg-type]  # there are rows
    shares = {"male": (1.0, 0.0), "female": (0.0, 1.0), "all": (boys, 1.0 - boys)}
    for zone, age, sex, number, gaps in sums.iter_rows():
        part = np.array(shares[sex]) * (np.nan if gaps else number)
        known = np.array(shares[sex]) > 0
        out[zone, age, known] = np.where(np.isnan(out[zone, age, known]), 0.0, out[zone, age, known]) + part[known]
    return out


def _one_basis(rows: pl.DataFrame, table: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the rows of residents, or of the registered where residents were not counted; two bases are told."""
    bases = rows["basis"].unique().sort().to_list()
    if len(bases) < 2:
        return rows, []
    found = Text("常住与户籍两种口径", "residents and registered persons")
    return rows.filter(pl.col("basis") == "resident"), [finding("projection.two_bases", Place(table=table, column="basis"), found)]


def _of_county(county: County, places: Villages, assumptions: Assumptions, births: Births | None) -> _Made:
    rows, findings = _one_basis(county.tables["population"], "population")
    if not rows.height:
        return None, []
    several = rows.with_columns(pl.col("county").replace_strict({z: n for n, z in enumerate(places.zones)}, default=None).alias("zone"))
    if several["zone"].null_count() == 0:
        persons = _array(several, len(places.zones), assumptions)
        return (persons, persons.shape[1] > _OPEN_FROM), findings
    whole = _array(rows.filter(pl.col("county") == county.code).with_columns(pl.lit(0).alias("zone")), 1, assumptions)[0]
    persons, told = _shared(whole, county.year, places, births)
    return (persons, persons.shape[1] > _OPEN_FROM), [*findings, *told]


def _shared(whole: Floats, year: int, places: Villages, births: Births | None) -> tuple[Floats, list[Finding]]:
    """Return the county's persons (A, 2) by zone: each age by the births of its cohort, older ones by the oldest cohort known."""
    zones = len(places.zones)
    if zones == 1:
        return whole[None], []
    cohorts = np.full((len(whole), zones), np.nan)
    for age in range(len(whole)):
        cohorts[age] = births.cohort(year - 1 - age) if births is not None else np.nan
    known = np.isfinite(cohorts).all(axis=1) & (np.nan_to_num(cohorts).sum(axis=1) > 0)
    found = Text("只有全县人口", "persons of the county only")
    place = Place(table="population", column="persons")
    if not known.any():
        return np.full((zones, *whole.shape), np.nan), [finding("projection.zones_not_known", place, found)]
    nearest = [int(np.flatnonzero(known)[np.abs(np.flatnonzero(known) - age).argmin()]) for age in range(len(whole))]
    share = cohorts[nearest] / cohorts[nearest].sum(axis=1, keepdims=True)
    return share.T[:, :, None] * whole[None], [finding("projection.shared_by_births", place, found)]


def _of_groups(county: County, places: Villages, assumptions: Assumptions, births: Births | None) -> _Made:
    rows, findings = _one_basis(county.tables["age_groups"].filter(_in_order()), "age_groups")
    if not rows.height:
        return None, []
    rows = _once(rows, findings)
    by_zone = set(places.zones) <= set(rows["county"])
    codes = places.zones if by_zone else (county.code,)
    singles = [_split(rows.filter(pl.col("county") == code), county.year, assumptions) for code in codes]
    findings.append(finding("projection.ages_split", Place(table="age_groups"), Text("年龄组", "age groups")))
    ages = max(len(one) for one in singles)
    persons = np.stack([np.pad(one, ((0, ages - len(one)), (0, 0)), constant_values=np.nan) for one in singles])
    open_ended = rows["age_last"].null_count() > 0
    if by_zone:
        return (persons, open_ended), findings
    shared, told = _shared(persons[0], county.year, places, births)
    return (shared, open_ended), [*findings, *told]


def _in_order() -> pl.Expr:
    return pl.col("age_last").is_null() | (pl.col("age_last") >= pl.col("age_first"))


def _once(rows: pl.DataFrame, findings: list[Finding]) -> pl.DataFrame:
    """Return groups that share no age: of two that do, the narrower one, which is told."""
    end = pl.col("age_last").fill_null(TOP)
    ordered = rows.with_columns(end.alias("end")).sort(end - pl.col("age_first"), "age_first", "county", "sex")
    kept: dict[tuple[str, str], list[tuple[int, int]]] = {}
    keep = []
    for county, sex, first, last in ordered.select("county", "sex", "age_first", "end").iter_rows():
        taken = kept.setdefault((county, sex), [])
        keep.append(all(last < start or first > stop for start, stop in taken))
        if keep[-1]:
            taken.append((first, last))
    dropped = len(keep) - sum(keep)
    if dropped:
        found = Text(f"{dropped}个重叠的年龄组", f"{dropped} group(s) that overlap others")
        findings.append(finding("projection.age_groups_overlap", Place(table="age_groups", column="age_first"), found, count=dropped))
    return ordered.filter(pl.Series(keep, dtype=pl.Boolean)).drop("end")


def _split(rows: pl.DataFrame, year: int, assumptions: Assumptions) -> Floats:
    """Return single ages (A, 2) of the age groups of one county, smooth beside the births of the larger area where those are known."""
    ages = TOP + 1 if rows["age_last"].null_count() else int(rows["age_last"].max() or 0) + 1  # type: ignore[arg-type]
    born = assumptions.births_path([year - age for age in range(ages)])
    path = np.where(np.isnan(born), born[np.isfinite(born)][-1] if np.isfinite(born).any() else 1.0, born)
    boys = assumptions.number("boys_at_birth") if assumptions.has("boys_at_birth") else 0.5
    made = []
    for sex, share in zip(SEXES, (boys, 1.0 - boys), strict=True):
        ordered = rows.filter(pl.col("sex") == sex).sort("age_first")
        whole = rows.filter(pl.col("sex") == "all").sort("age_first")
        counts = (ordered if ordered.height else whole).with_columns(pl.col("persons") * (1.0 if ordered.height else share))
        numbers = counts["persons"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        made.append(single_ages(numbers, counts["age_first"].to_list(), counts["age_last"].to_list(), shape=path[:ages]))
    return np.stack(made, axis=1)
