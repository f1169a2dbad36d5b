"""The programme of places: projects with their steps, the promise that they make up, changes of schools, pinned capacities, new housing."""

import csv
from datetime import date
from pathlib import Path

from making.history import GONE
from making.places import Village
from making.roster import Row

# The programme as the office held it: a year's folder was closed at the end of the calendar year, the latest one half a year later.
HELD_UNTIL = {2024: date(2024, 12, 31), 2025: date(2026, 3, 31)}
OPENED_IN_2025 = "清河县新区小学"
_OWN_DAYS = ("approved", "started", "finished", "in_use")


def tables(source: Path, year: int, code: dict[str, str], villages: list[Village]) -> dict[str, list[Row]]:
    """Return the rows of every table of the programme in a year; code: names of schools to their codes."""
    projects = _projects(source, year, code)
    kept = {str(row["project"]) for row in projects}
    return {
        "projects": projects,
        "project_steps": [row for row in _steps(source, year) if row["project"] in kept],
        "promises": _known(source / "promises.csv", year),
        "school_changes": _changes(source, year, code),
        "place_pins": [{**row, "school": code[str(row["school"])]} for row in _known(source / "place_pins.csv", year)],
        "housing": _housing(source, year, villages),
    }


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _known(file: Path, year: int) -> list[Row]:
    """Return the rows known by the year, without the column first_year; empty cells are None."""
    rows = (row for row in _read(file) if int(row["first_year"]) <= year)
    return [{name: value or None for name, value in row.items() if name != "first_year"} for row in rows]


def _passed(day: str, year: int) -> str | None:
    return day if day and date.fromisoformat(day) <= HELD_UNTIL[year] else None


def _projects(source: Path, year: int, code: dict[str, str]) -> list[Row]:
    """Return the projects approved by then, with the days that have passed; a school that has not opened has no code yet."""
    rows: list[Row] = []
    for row in _read(source / "projects.csv"):
        if not _passed(row["approved"], year):
            continue
        days = {name: _passed(row[name], year) for name in _OWN_DAYS}
        there = row["school"] and (year == 2025 or row["school"] != OPENED_IN_2025)
        rows.append({**{name: value or None for name, value in row.items()}, "school": code[row["school"]] if there else None, **days})
    return rows


def _steps(source: Path, year: int) -> list[Row]:
    return [
        {**{name: value or None for name, value in row.items()}, "actual": _passed(row["actual"], year)}
        for row in _read(source / "project_steps.csv")
    ]


def _changes(source: Path, year: int, code: dict[str, str]) -> list[Row]:
    """Return the changes of earlier years and those decided by then."""
    gone: list[Row] = [
        {"school": one.code, "kind": one.change, "year": one.last + 1, "successor": one.successor, "document": one.document} for one in GONE
    ]
    decided = _known(source / "school_changes.csv", year)
    return [
        *gone,
        *(
            {**row, "school": code[str(row["school"])], "successor": code[str(row["successor"])] if row["successor"] else None}
            for row in decided
        ),
    ]


def _housing(source: Path, year: int, villages: list[Village]) -> list[Row]:
    """Return the housing projects; each stands in a village of its township, in turn."""
    rows: list[Row] = []
    for number, row in enumerate(_known(source / "housing.csv", year)):
        own = [village.code for village in villages if village.code.startswith(str(row["district"]))]
        rows.append({**{name: value for name, value in row.items() if name != "district"}, "village": own[number % len(own)]})
    return rows
