"""Projects in use against the returns of their schools: places that should stand there and do not are no places yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Text
from junheng.model.checks.gather import place_of
from junheng.projection.programme import Project
from junheng.projection.seats import Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What the returns hold of the places of projects in use: for each such project at most its own; None where it cannot be told."""

    places: Mapping[str, int | None]
    findings: tuple[Finding, ...]


def returned(projects: Iterable[Project], seats: Seats, year: int) -> Returned:
    """Return, for every project in use, how many of its places its school's seats of `year` can hold.

    Projects at one school and stage share what is returned there, in the order of the projects. Not to be told (None): a project
    without a school code, one in use only after that year's returns, or one whose school's seats are not known. A school that has
    more seats than the project adds proves nothing: only too few are found out.
    """
    rows = seats.rows.filter(pl.col("year") == year).select("school", "stage", "places")
    there = {(school, stage): places for school, stage, places in rows.iter_rows()}
    held: dict[str, int | None] = {}
    findings: list[Finding] = []
    for project in projects:
        if not project.opened or not project.places or project.places < 0:
            continue
        key = (project.school, project.stage)
        left = there.get(key)
        if left is None or project.counted_from is None or project.counted_from > year:
            held[project.project] = None
            continue
        held[project.project] = part = min(project.places, left)
        there[key] = left - part
        findings += _doubts(project, part, year)
    return Returned(places=held, findings=tuple(findings))


def _doubts(project: Project, part: int, year: int) -> Iterator[Finding]:
    places = project.places or 0
    if part < places:
        found = Text(
            f"“{project.name}”{places:,}个学位已投用，学校报表只容得下其中{part:,}个",
            f'{places:,} places of "{project.name}" in use, of which the school\'s return holds {part:,}',
        )
        yield finding("projection.in_use_but_not_returned", place_of("projects", (project.project,), "places"), found, year=year)
