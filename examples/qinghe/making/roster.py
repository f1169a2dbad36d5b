"""The schools of Qinghe and who is in them: roster, enrolment by grade and sex, and classes."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from making.draw import between, shares, whole

STAGES = ("preschool", "primary", "junior", "senior", "special")
GRADES = {
    "preschool": ("k1", "k2", "k3"),
    "primary": ("1", "2", "3", "4", "5", "6"),
    "junior": ("7", "8", "9"),
    "senior": ("10", "11", "12"),
    "special": ("1", "2", "3", "4", "5", "6", "7", "8", "9"),
}
AGE = {"k1": 3, "k2": 4, "k3": 5, **{str(grade): grade + 5 for grade in range(1, 13)}}
ATTENDING = {"preschool": 0.905, "primary": 0.99, "junior": 0.985}
CLASS = {"primary": 45, "junior": 50, "senior": 53, "special": 12, "k1": 25, "k2": 30, "k3": 35, "k0": 30}
KINDERGARTEN_MOST = 352
CLASS_NAME = {"k1": "小", "k2": "中", "k3": "大", "k0": "混"}
BOYS = {"preschool": 0.52, "primary": 0.535, "junior": 0.545, "senior": 0.53, "special": 0.6}

Row = dict[str, object]


@dataclass
class Unit:
    """One stage of a school or campus: pupils by grade on 1 September, and the classes they sit in."""

    code: str
    stage: str
    pupils: dict[str, int]
    classes: dict[str, list[int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return all pupils of the stage here."""
        return sum(self.pupils.values())

    @property
    def class_count(self) -> int:
        """Return the number of classes of the stage here."""
        return sum(len(sizes) for sizes in self.classes.values())


@dataclass(frozen=True)
class Site:
    """One line of the roster: a school, or a campus that is not counted as a school."""

    row: dict[str, str]

    def __getattr__(self, name: str) -> str:
        """Return a column of the roster."""
        return self.row[name]

    @property
    def area(self) -> str:
        """Return "town" for the county seat and the towns, "rural" otherwise."""
        return "town" if self.urban_rural.startswith("12") else "rural"

    @property
    def private(self) -> bool:
        """Return whether the founder is private."""
        return self.founder == "10"

    @property
    def seat(self) -> bool:
        """Return whether the school lies in the county seat."""
        return self.district in {"629921001", "629921100"}

    def is_campus(self, year: int) -> bool:
        """Return whether in this year it is a site of another school and not a school."""
        return bool(self.campus_of) and not (self.last_year_as_school and year <= int(self.last_year_as_school))

    def exists(self, year: int) -> bool:
        """Return whether it is open in this year."""
        return not self.first_year or year >= int(self.first_year)


def read(file: Path) -> dict[str, Site]:
    """Return the roster by code."""
    return {row["code"]: Site(row) for row in csv.DictReader(file.open(encoding="utf-8"))}


def units_2025(sites: dict[str, Site], children: dict[int, float], fixed_grades: dict[tuple[str, str], int]) -> list[Unit]:
    """Return the units of 2025: sizes of the roster, scaled per stage to the county's children unless they are exact."""
    sizes = {(site.code, stage): int(site.row[stage]) for site in sites.values() for stage in STAGES if site.row[stage]}
    for stage, rate in ATTENDING.items():
        wanted = rate * sum(children[AGE[grade]] for grade in GRADES[stage])
        free = [key for key in sizes if key[1] == stage and sites[key[0]].exact != "yes"]
        held = sum(size for key, size in sizes.items() if key[1] == stage and key not in free)
        times = (wanted - held) / sum(sizes[key] for key in free)
        for key in free:
            sizes[key] = whole(sizes[key] * times)
            if stage == "preschool":
                sizes[key] = min(KINDERGARTEN_MOST, sizes[key])
    return [_unit(sites[code], stage, size, children, fixed_grades) for (code, stage), size in sizes.items()]


def _grades(site: Site, stage: str, size: int) -> tuple[str, ...]:
    if site.kind == "teaching_point":
        return GRADES[stage][: 2 if size < 20 else 3 if size < 40 else 4]
    return ("k0",) if stage == "preschool" and size < 55 else GRADES[stage]


def _unit(site: Site, stage: str, size: int, children: dict[int, float], fixed: dict[tuple[str, str], int]) -> Unit:
    grades = _grades(site, stage, size)
    weights = [(children[AGE[g]] if g != "k0" else 1.0) * between(0.93, 1.07, "grade", site.code, g) for g in grades]
    if stage == "special":
        weights = [between(0.7, 1.3, "grade", site.code, g) for g in grades]
    pupils = dict(zip(grades, shares(size, weights), strict=True))
    given = {g: fixed[site.code, g] for g in grades if (site.code, g) in fixed}
    if given and site.exact == "yes":
        rest = [g for g in grades if g not in given]
        pupils = given | dict(zip(rest, shares(size - sum(given.values()), [pupils[g] for g in rest]), strict=True))
    return Unit(site.code, stage, {g: (pupils | given)[g] for g in grades})


def units_2024(
    units: list[Unit], sites: dict[str, Site], children: dict[int, float], sent_to_new: dict[str, tuple[str, ...]]
) -> list[Unit]:
    """Return the units a year earlier: each grade is next year's next grade, a few moved; the highest grade is drawn anew.

    sent_to_new: a school opened in 2025 -> the schools its pupils came from, in equal parts.
    """
    result = [Unit(unit.code, unit.stage, _earlier(unit, children)) for unit in units if sites[unit.code].exists(2024)]
    by_key = {(unit.code, unit.stage): unit for unit in result}
    for unit in units:
        if sites[unit.code].exists(2024):
            continue
        donors = [by_key[code, unit.stage] for code in sent_to_new[unit.code]]
        for grade, next_grade in zip(tuple(unit.pupils), tuple(unit.pupils)[1:], strict=False):
            for donor, part in zip(donors, shares(unit.pupils[next_grade], [1.0] * len(donors)), strict=True):
                donor.pupils[grade] += part
    return result


def _earlier(unit: Unit, children: dict[int, float]) -> dict[str, int]:
    grades = tuple(unit.pupils)
    if unit.stage == "special" or grades == ("k0",):
        return {g: whole(n * between(0.85, 1.15, "2024", unit.code, g) + _one_or_two(unit, g), 1) for g, n in unit.pupils.items()}
    moved = {
        g: whole(unit.pupils[up] * between(0.985, 1.012, "2024", unit.code, g) + _one_or_two(unit, g), 1) for g, up in pairwise(grades)
    }
    last = grades[-1]
    ratio = children[AGE[last] + 1] / children[AGE[last]]  # the cohort that has left the stage by 2025
    leaving = whole(unit.pupils[last] * ratio * between(0.97, 1.03, "2024", unit.code, last), 1)
    return moved | {last: leaving}


def _one_or_two(unit: Unit, grade: str) -> int:
    """Return a move of a pupil or two, so that a small school does not look like its own copy of last year."""
    return int(4 * between(0, 1, "moved", unit.code, grade)) - 1


def sit(units: list[Unit], counts: dict[tuple[str, str], int]) -> None:
    """Seat the pupils of each grade in classes; `counts` gives the number of classes of a grade where it is not the ordinary one."""
    for unit in units:
        for grade, pupils in unit.pupils.items():
            most = CLASS.get(grade) or CLASS[unit.stage]
            number = counts.get((unit.code, grade)) or max(1, -(-pupils // most))
            unit.classes[grade] = shares(pupils, [1.0] * number)


def enrolment_rows(units: Iterable[Unit], sites: dict[str, Site]) -> list[Row]:
    """Return enrolment by grade and sex, with boarders, migrant workers', left-behind and disabled children."""
    rows: list[Row] = []
    for unit in units:
        site = sites[unit.code]
        for grade, pupils in unit.pupils.items():
            boys = min(pupils, whole(pupils * BOYS[unit.stage] * between(0.96, 1.04, "boys", unit.code, grade)))
            for sex, number in (("male", boys), ("female", pupils - boys)):
                name = (unit.code, grade, sex)
                rows.append(
                    {
                        "school": unit.code,
                        "stage": unit.stage,
                        "grade": grade,
                        "sex": sex,
                        "pupils": number,
                        "boarders": whole(number * _boarding(site, unit.stage) * between(0.9, 1.1, "boarders", *name)),
                        "migrant": whole(number * _migrant(site, unit.stage) * between(0.8, 1.2, "migrant", *name)),
                        "left_behind": whole(number * _left_behind(site, unit.stage) * between(0.8, 1.2, "left", *name)),
                        "disabled": number if unit.stage == "special" else whole(number * between(0, 0.016, "disabled", *name)),
                    }
                )
    return rows


def _boarding(site: Site, stage: str) -> float:
    if site.boarding != "yes":
        return 0.0
    return {"primary": 0.12, "junior": 0.48, "senior": 0.62, "special": 0.45}[stage]


def _migrant(site: Site, stage: str) -> float:
    if stage not in {"primary", "junior"}:
        return 0.0
    return (0.19 if site.private else 0.085) if site.seat else 0.012


def _left_behind(site: Site, stage: str) -> float:
    if stage not in {"primary", "junior"}:
        return 0.0
    return 0.02 if site.seat else 0.09 if site.area == "town" else 0.15


def class_rows(units: Iterable[Unit], sites: dict[str, Site]) -> list[Row]:
    """Return one row a class; senior and vocational schools return size bands instead (band_rows)."""
    return [
        {"school": unit.code, "stage": unit.stage, "class": f"{CLASS_NAME.get(grade, grade)}({number})", "grade": grade, "pupils": size}
        for unit in units
        if not returns_bands(sites[unit.code])
        for grade, sizes in unit.classes.items()
        for number, size in enumerate(sizes, 1)
    ]


def returns_bands(site: Site) -> bool:
    """Return whether the school returns classes by size band only."""
    return site.kind in {"senior", "vocational"}


BANDS = ((0, 25), (26, 30), (31, 35), (36, 40), (41, 45), (46, 50), (51, 55), (56, 60), (61, 65), (66, 10_000))


def band_name(size: int) -> str:
    """Return the name of the size band of a class."""
    first, last = next((a, b) for a, b in BANDS if a <= size <= b)
    return f"{first}-" if last > 1000 else f"{first}-{last}"


def band_rows(units: Iterable[Unit], sites: dict[str, Site]) -> list[Row]:
    """Return classes by grade and size band for the schools that do not return single classes."""
    rows: list[Row] = []
    for unit in units:
        if not returns_bands(sites[unit.code]):
            continue
        for grade, sizes in unit.classes.items():
            names = [band_name(size) for size in sizes]
            rows += [
                {"school": unit.code, "stage": unit.stage, "grade": grade, "band": band, "classes": names.count(band)}
                for band in sorted(set(names))
            ]
    return rows
