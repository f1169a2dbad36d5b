"""Make a register of teachers for an imported copy of this example: invented persons who add up to each school's published counts by kind.

    python examples/tainan/registers.py FOLDER        (FOLDER: a copy of this example into which 2014 has been imported)

Real: how many permanent teachers, substitutes, specialist teachers and trainees each school had (school table, as it typed them), and the
share of women among its teachers (tables of the ministry). Invented, from a seed of each school's own: ages, homes, subjects (in the
shares that the lesson plan asks for), degrees, years at the school, backbone, second subjects, lessons. Nobody in it exists. Some 13,000
rows: made when asked for, not kept here.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from python_calamine import CalamineWorkbook

from junheng.model import County, schema
from junheng.planning.teaching import need_by_subject
from junheng.standards import Rulebook
from junheng.store.folder import read_county, write_county
from junheng.workflow.office import Office

HERE = Path(__file__).parent
YEAR = 2014
CODE, LEVEL, CLASSES = 0, 2, 23  # columns of the school table
KINDS = {"permanent": 14, "substitute": 15, "specialist": 16, "trainee": 17}
STAGES = {"國小": "primary", "國中": "junior", "高中附設國中": "junior"}
MINISTRY = ("國民小學概況統計", "國民中學概況統計")
SCHOOL, MEN, WOMEN = 4, 13, 14  # columns of the ministry's tables
WOMEN_USUAL = 0.68  # where the ministry lists no teachers of a school
SPECIALISTS = ("pe", "music", "fine_art")
SECOND = {"chinese": "morality", "mathematics": "science", "english": "practice", "science": "it", "music": "fine_art", "pe": "labour"}
LOAD = {"primary": 16.0, "junior": 14.0, "senior": 13.0}
AGES = {"permanent": (25, 62, 2.6, 3.0), "specialist": (25, 60, 2.6, 3.0), "substitute": (23, 45, 1.4, 3.2), "trainee": (22, 27, 1.0, 1.5)}


@dataclass(frozen=True, slots=True)
class Published:
    """What one school published: teachers by kind, the share of women, and of its classes that are of the stage."""

    school: str
    stage: str
    kinds: Mapping[str, int]
    women: float
    of_stage: float  # a senior school with a junior part typed the whole school: the rest is senior


def published() -> list[Published]:
    """Return the counts of every school of the school table; a cell without a number counts nobody and is told in README.md."""
    book = CalamineWorkbook.from_path(HERE / "returns" / str(YEAR) / "臺南市學校概況.xlsx")
    rows = [row for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:] if row[CODE]]
    women = dict(_women())
    return [
        Published(
            school=str(row[CODE]),
            stage=STAGES[str(row[LEVEL])],
            kinds={kind: int(_number(row[place])) for kind, place in KINDS.items()},
            women=women.get(str(row[CODE]), WOMEN_USUAL),
            of_stage=_share(row),
        )
        for row in rows
    ]


def _number(cell: Any) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _share(row: Sequence[Any]) -> float:
    """Return the share of a senior school's classes that are junior; 1 for all others."""
    if row[LEVEL] != "高中附設國中" or not _number(row[CLASSES]):
        return 1.0
    return min(1.0, sum(_number(row[CLASSES + grade]) for grade in (7, 8, 9)) / _number(row[CLASSES]))


def _women() -> Iterator[tuple[str, float]]:
    for name in MINISTRY:
        with (HERE / "returns" / str(YEAR) / f"{name}_{YEAR - 1911}學年度.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in list(csv.reader(file))[3:]:
                both = int(row[MEN] or 0) + int(row[WOMEN] or 0)
                if both:
                    yield row[SCHOOL], int(row[WOMEN] or 0) / both


def register(its: County, rules: Rulebook, counts: Sequence[Published]) -> pl.DataFrame:
    """Return the rows of `teachers`: for each school as many of each kind as it published. Same counts, same rows."""
    needs: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for school, stage, subject, need in need_by_subject(its, rules).select("school", "stage", "subject", "need").iter_rows():
        needs.setdefault((school, stage), []).append((subject, need))
    usual = {stage: _mean(needs, stage) for stage in ("primary", "junior")}
    near, every = _homes(its)
    here = dict(its.tables["schools"].select("school", "district").iter_rows())
    rows: list[dict[str, Any]] = []
    for one in counts:
        seed = int.from_bytes(hashlib.sha256(f"tainan-registers|{one.school}".encode()).digest()[:8], "big")
        mix = needs.get((one.school, one.stage)) or usual[one.stage]
        homes = near.get(here.get(one.school) or "", every)
        rows += _of_school(one, mix, (homes, every), np.random.default_rng(seed))
    return pl.DataFrame(rows, schema=schema().dtypes("teachers"), strict=False)


def _mean(needs: Mapping[tuple[str, str], list[tuple[str, float]]], stage: str) -> list[tuple[str, float]]:
    sums: dict[str, float] = {}
    for (_, own), mix in needs.items():
        for subject, need in mix if own == stage else []:
            sums[subject] = sums.get(subject, 0.0) + need
    return sorted(sums.items())


def _homes(its: County) -> tuple[dict[str, list[str]], list[str]]:
    """Return the villages of each district with their neighbours, and all villages."""
    district = dict(its.tables["villages"].select("village", "district").iter_rows())
    near: dict[str, list[str]] = {}
    for village, of in sorted(district.items()):
        near.setdefault(of, []).append(village)
    for a, b in its.tables["adjacency"].select("village_a", "village_b").iter_rows():
        if district.get(a) != district.get(b) and a in district and b in district:
            near[district[a]].append(b)
            near[district[b]].append(a)
    return near, sorted(district)


def _of_school(
    one: Published, mix: Sequence[tuple[str, float]], homes: tuple[list[str], list[str]], random: np.random.Generator
) -> list[dict[str, Any]]:
    kinds = [kind for kind, many in one.kinds.items() for _ in range(many)]
    women = random.permutation(np.arange(len(kinds)) < round(one.women * len(kinds)))
    of_stage = random.permutation(np.arange(len(kinds)) < round(one.of_stage * len(kinds)))
    counted = [kind in ("permanent", "substitute") for kind in kinds]
    subjects = iter(random.permutation(_parts(sum(counted), mix)).tolist())
    return [
        _person(one, k, kind, str(next(subjects)) if counted[k] else SPECIALISTS[k % len(SPECIALISTS)], homes, random)
        | {"sex": "female" if women[k] else "male", "stage": one.stage if of_stage[k] else "senior"}
        for k, kind in enumerate(kinds)
    ]


def _parts(many: int, mix: Sequence[tuple[str, float]]) -> list[str]:
    """Return the subjects of `many` teachers in the shares that the lesson plan asks for, by largest remainders."""
    whole = sum(need for _, need in mix)
    exact = [(subject, many * need / whole) for subject, need in mix]
    parts = {subject: int(part) for subject, part in exact}
    for subject, _ in sorted(exact, key=lambda each: (each[1] % 1, each[0]), reverse=True)[: many - sum(parts.values())]:
        parts[subject] += 1
    return [subject for subject, number in parts.items() for _ in range(number)]


def _person(
    one: Published, k: int, kind: str, subject: str, homes: tuple[list[str], list[str]], random: np.random.Generator
) -> dict[str, Any]:
    low, high, a, b = AGES[kind]
    age = low + int((high - low + 1) * random.beta(a, b))
    established = kind in ("permanent", "specialist")
    years = int(random.integers(0, max(1, min(age - 23, 25) + 1))) if established else 0
    nearby = homes[0] if random.random() < 0.8 and homes[0] else homes[1]
    load = LOAD[one.stage]
    return {
        "teacher": f"{one.school}-{k + 1:03d}",
        "school": one.school,
        "subject": subject,
        "second_subject": SECOND.get(subject) if random.random() < 0.4 else None,
        "born": date(YEAR - age, int(random.integers(1, 9)), 1),
        "degree": "master" if random.random() < 0.45 else "bachelor",
        "certificate": kind != "trainee",
        "certificate_subject": subject,
        "backbone": "county" if established and age >= 33 and random.random() < 0.1 else "none",
        "full_time": kind != "trainee",
        "established": established,
        "since": YEAR - years,
        "lessons": float(round(random.normal(load, 1.6))),
        "lessons_outside": float(random.integers(1, 5)) if random.random() < 0.25 else 0.0,
        "home": nearby[int(random.integers(len(nearby)))],
        "carer": bool(random.random() < 0.05),
        "exemption": "illness" if random.random() < 0.01 else "none",
    }


def posts(counts: Sequence[Published]) -> pl.DataFrame:
    """Return the rows of `posts`: held by the permanent teachers; taken as approved are those that substitutes fill too, an assumption."""
    rows = [(one.school, one.kinds["permanent"] + one.kinds["substitute"], one.kinds["permanent"]) for one in counts]
    return pl.DataFrame(rows, schema=schema().dtypes("posts"), orient="row")


def main() -> None:
    """Write 2014/teachers.csv and 2014/posts.csv into a copy of the example."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    folder = arguments.parse_args().folder
    office = Office(folder)
    its = read_county(folder, office.authority.code, YEAR)
    counts = published()
    made = register(its, office.rules(YEAR), counts)
    write_county(folder, replace(its, tables={**its.tables, "teachers": made, "posts": posts(counts)}))
    print(f"{made.height:,} teachers of {made['school'].n_unique()} schools in {folder / str(YEAR) / 'teachers.csv'}")


if __name__ == "__main__":
    main()
