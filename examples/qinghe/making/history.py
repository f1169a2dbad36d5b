"""The school years before 2024, worked backwards from it: light tables, as an office would still hold them.

Each grade of a year is next year's next grade before those who moved; the grade that leaves a stage follows the children of its age.
Schools that opened since are not there yet, and three that have gone since are.
"""

from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from making import people
from making.draw import between, draw, whole
from making.people import SEXES, Ages
from making.roster import AGE, GRADES, Row, Site, Unit

YEARS = tuple(range(2014, 2024))
FIRST_BIRTHS = 2006  # the first calendar year for which births by village are still held
BIRTHS_HELD = 9  # calendar years of births in each year's folder: those of the children who have not yet entered a school
_SHARE_AT_OPENING = (0.4, 0.7, 0.9)  # of its later size, in the first three years of a kindergarten
_COLUMNS = ("school", "stage", "grade", "sex", "pupils")


class Gone(NamedTuple):
    """A school that is no longer there: what became of it, and how many of the grades' pupils it held in its last year."""

    code: str
    name: str
    like: str  # the school of the roster whose kind, founder and township it shares
    successor: str
    last: int  # its last school year
    part: float  # of the successor's pupils a year later
    built: int
    change: str  # what happened, as the list of changes has it
    document: str


GONE = (
    Gone("2162990135", "双泉镇第二小学", "2162990114", "2162990114", 2020, 0.30, 1986, "merge", "清教发〔2021〕18号"),
    Gone("2162990136", "东坝镇沙枣小学", "2162990130", "2162990115", 2018, 0.11, 1979, "close", "清教发〔2019〕9号"),
    Gone("2162990137", "沙井镇金滩小学", "3162990355", "3162990355", 2017, 1.00, 1999, "recode", "清教发〔2018〕22号"),
)


def sites_of_old(sites: dict[str, Site]) -> dict[str, Site]:
    """Return the schools that have gone, as lines of the roster."""
    result = {}
    for gone in GONE:
        own = {"code": gone.code, "name": gone.name, "name_2024": "", "built_year": str(gone.built), "kind": "primary", "exact": "no"}
        place = sites[gone.like].place if gone.part == 1 else "outer"
        result[gone.code] = Site({**sites[gone.like].row, **own, "boarding": "no", "urban_rural": "220", "place": place, "junior": ""})
    return result


def ages_before(census: Ages, year: int) -> Ages:
    """Return persons by age and sex on 1 September of a year before the census.

    Children are the census's own, younger and some more of them (a few move away each year). Those who had grown up by the census
    had partly left: they count as many as the oldest who had not.
    """
    back = people.CENSUS_YEAR - year
    result = {}
    for sex in SEXES:
        line = census[sex]
        more = 1 + 0.002 * back
        children = [more * (line[age + back] if age + back <= 17 else line[17] * (1 + 0.01 * (age + back - 17))) for age in range(18)]
        others = [
            line[age] if age < 30 else 0.5 * (line[age] + line[min(age + back, people.OLDEST - 1)]) for age in range(18, people.OLDEST)
        ]
        result[sex] = [*children, *others, line[people.OLDEST] * (1 - 0.02 * back)]
    return result


def units_before(later: list[Unit], sites: dict[str, Site], year: int, children: dict[int, dict[int, float]]) -> list[Unit]:
    """Return the units of `year` from those of the year after; children: year -> age -> persons."""
    result = [Unit(unit.code, unit.stage, _year_before(unit, sites[unit.code], year, children)) for unit in later]
    _not_yet(result, sites, year)
    for gone in GONE:
        if gone.last == year:
            result.append(_taken_out(result, gone))
    return [unit for unit in result if unit.total]


def _year_before(unit: Unit, site: Site, year: int, children: dict[int, dict[int, float]]) -> dict[str, int]:
    grades = tuple(unit.pupils)
    name = (unit.code, unit.stage, year)
    if unit.stage == "special" or grades == ("k0",):
        return {g: whole(n * between(0.9, 1.1, "before", *name, g) + _few(*name, g), 1) for g, n in unit.pupils.items()}
    progress = 1.004 if site.seat else 0.990 if site.area == "rural" else 0.998
    before = {}
    for grade, following in pairwise(grades):
        stays = progress * between(0.97, 1.03, "stays", *name, grade) * _common(unit.stage, year, grade)
        before[grade] = whole(unit.pupils[following] / stays + _few(*name, grade), 0)
    last = grades[-1]
    age = AGE[last]
    drift = 0.990 if site.seat else 1.022 if site.area == "rural" else 1.004  # families move to the county seat
    cohort = children[year][age] / children[year + 1][age] * between(0.99, 1.01, "cohort", unit.stage, year)
    leaving = unit.pupils[last] * cohort * drift * between(0.96, 1.04, "leaving", *name)
    if (unit.stage, year) == ("senior", YEARS[-1]):
        leaving *= 1.22  # the cohort that entered senior schools in 2022 was small for its age; those before it were not
    return before | {last: whole(leaving + _few(*name, last), 1)}


def _common(stage: str, year: int, grade: str) -> float:
    """Return what all schools had in common: families come and go in some years more than in others."""
    return between(0.987, 1.013, "year", stage, year) * between(0.993, 1.007, "year and grade", stage, year, grade)


def _few(*name: object) -> int:
    """Return a move of a pupil or two in either direction."""
    return int(5 * draw("few", *name)) - 2


def _not_yet(units: list[Unit], sites: dict[str, Site], year: int) -> None:
    """Empty the grades that a school did not have yet; schools of the seat had those pupils instead, kindergartens' were at home."""
    missing: dict[tuple[str, str], int] = defaultdict(int)
    for unit in units:
        age = year - int(sites[unit.code].built_year)
        for order, grade in enumerate(unit.pupils):
            pupils = unit.pupils[grade]
            kept = whole(pupils * _present(sites[unit.code], unit.stage, age, order, year))
            unit.pupils[grade] = kept
            if unit.stage != "preschool":
                missing[unit.stage, grade] += pupils - kept
    for (stage, grade), pupils in missing.items():
        its = [u for u in units if u.stage == stage and sites[u.code].seat and u.pupils.get(grade, 0) > 100]
        of = sum(u.pupils[grade] for u in its)
        for unit in its:
            unit.pupils[grade] += whole(pupils * unit.pupils[grade] / of)


def _present(site: Site, stage: str, age: int, order: int, year: int) -> float:
    """Return the part of a later year's grade that was there `age` years after opening; a school starts with its lowest grade."""
    if site.code == GONE[2].successor and stage == "junior":
        return 1.0 if year - GONE[2].last > order else 0.0
    if age < 0:
        return 0.0
    if stage == "preschool":
        now = _SHARE_AT_OPENING[age] if age < len(_SHARE_AT_OPENING) else 1.0
        after = _SHARE_AT_OPENING[age + 1] if age + 1 < len(_SHARE_AT_OPENING) else 1.0
        return now / after
    return 1.0 if age >= order or int(site.built_year) < YEARS[0] else 0.0


def _taken_out(units: list[Unit], gone: Gone) -> Unit:
    """Return the unit of a school in its last year: its part of what would else have been its successor's."""
    (successor,) = [unit for unit in units if unit.code == gone.successor and unit.stage == "primary"]
    its = {grade: whole(pupils * gone.part) for grade, pupils in successor.pupils.items()}
    successor.pupils = {grade: pupils - its[grade] for grade, pupils in successor.pupils.items()}
    return Unit(gone.code, "primary", its)


def enrolment(rows: list[Row]) -> list[Row]:
    """Return rows of enrolment with the pupils only."""
    return [{name: row[name] for name in _COLUMNS} for row in rows]


def place_rows(units: list[Unit], known: list[Row]) -> list[Row]:
    """Return places of the units: those of later for a school that still stands, by its classes for one that has gone."""
    later = {(row["school"], row["stage"]): row for row in known}
    rows: list[Row] = []
    for unit in units:
        if (unit.code, unit.stage) in later:
            rows.append(later[unit.code, unit.stage])
        else:
            rooms = len(GRADES["primary"]) if unit.total < 200 else 2 * len(GRADES["primary"])
            rows.append({"school": unit.code, "stage": unit.stage, "places": rooms * 35, "rooms": rooms})
    return rows


def birth_rows(latest: list[Row], before: list[Row], year: int) -> list[Row]:
    """Return births by village as they were known in `year`: those of the year itself up to August.

    latest: births of 2015 and later; before: those until 2014.
    """
    births = {(row["village"], row["calendar_year"]): int(str(row["births"])) for row in (*before, *latest)}
    villages = list(dict.fromkeys(row["village"] for row in latest))
    rows: list[Row] = []
    for village in villages:
        for calendar in range(year - BIRTHS_HELD + 1, year + 1):
            whole_year = births[village, calendar]
            now = whole_year if calendar < year else whole(whole_year * 2 / 3)
            rows.append({"village": village, "calendar_year": calendar, "births": now, "months": 12 if calendar < year else 8})
    return rows


def change_rows(year: int) -> list[Row]:
    """Return what changed with the school year: each school that had gone by then."""
    return [
        {"school": gone.code, "kind": gone.change, "year": year, "successor": gone.successor, "document": gone.document}
        for gone in GONE
        if gone.last + 1 == year
    ]


def village_rows(rows: list[Row]) -> list[Row]:
    """Return villages without their outlines, which the later years hold."""
    return [{name: row[name] for name in ("village", "name", "district", "lon", "lat")} for row in rows]
