"""The programme of projects: what each step was planned for, when it was done, how far the work has slipped, and from when seats count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Text
from junheng.model import County, allowed
from junheng.model.checks.gather import place_of
from junheng.model.checks.projects import STEP_COLUMNS
from junheng.model.period import statistics_day
from junheng.projection.class_limits import class_limit
from junheng.standards import Rulebook

Lateness = Literal["done", "on_time", "late", "undated", "not_due"]

STEPS = tuple(allowed("project_step"))
LAST = STEPS[-1]  # the step by which seats are in use


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a project. expected: its actual day, else its planned day put back by the slip; None when neither is known."""

    step: str
    planned: date | None
    actual: date | None
    expected: date | None
    lateness: Lateness  # done, late (done late, overdue or put back), not_due, undated


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project with its seats and its days."""

    project: str
    name: str
    kind: str
    school: str  # "" for a new school without a code
    district: str  # "" where it is not known
    stage: str
    places: int | None  # seats that it adds (negative: takes away); from the rooms where seats are not stated; None: not known
    rooms: int | None
    yuan: Decimal | None
    promise: str
    steps: tuple[Step, ...]
    in_use: date | None  # the day, actual or expected, from which its seats are used
    opened: bool  # whether that day has come and was reported
    counted_from: int | None  # the first school year whose statistics day finds it in use; None: never, for want of a date
    counted_until: int | None  # the last such year of a contract that ends
    lateness: Lateness  # done, on_time, late, undated
    days_late: int  # of its day of use behind the planned one, 0 when not late or not planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Every project of a county as it stands on a day."""

    as_of: date
    projects: tuple[Project, ...]
    findings: tuple[Finding, ...]


def programme(county: County, rulebook: Rulebook, as_of: date) -> Programme:
    """Return every project of the county as it stands on `as_of`.

    Steps: the table of steps, and the days in a project's own row where that table has none. A step that is done late, or that is
    overdue on `as_of`, puts every later planned step back by as many days; a later step done in time takes the slip back. A step
    without a date before one that is done counts as done. Seats count from the first 1 September (statistics day) on which the
    project is in use; without a day of use they are not counted, and a finding says so. A day of use is never guessed.
    """
    steps = _steps(county.tables["project_steps"])
    townships = dict(county.tables["schools"].select("school", "district").iter_rows())
    findings: list[Finding] = []
    projects = []
    for row in county.tables["projects"].sort("project").iter_rows(named=True):
        row = {**row, "district": row["district"] or townships.get(row["school"])}
        projects.append(_project(row, steps.get(row["project"], {}), rulebook, as_of))
        findings += _doubts(projects[-1], as_of)
    return Programme(as_of=as_of, projects=tuple(projects), findings=tuple(findings))


def counted_year(day: date) -> int:
    """Return the first school year whose statistics day (1 September) is not before `day`: what opens on that day is counted."""
    return day.year if day <= statistics_day(day.year) else day.year + 1


def _steps(frame: pl.DataFrame) -> dict[str, dict[str, tuple[date | None, date | None]]]:
    found: dict[str, dict[str, tuple[date | None, date | None]]] = {}
    for project, step, planned, actual in frame.select("project", "step", "planned", "actual").iter_rows():
        found.setdefault(project, {})[step] = (planned, actual)
    return found


def _project(row: Mapping[str, object], given: Mapping[str, tuple[date | None, date | None]], rulebook: Rulebook, as_of: date) -> Project:
    steps = walk(_with_own_days(row, given), as_of)
    last = next((step for step in steps if step.step == LAST), None)
    in_use = last.expected if last else None
    opened = last is not None and last.actual is not None and last.actual <= as_of
    behind = (in_use - last.planned).days if last and in_use and last.planned else 0
    until = row["until"]
    return Project(
        project=str(row["project"]),
        name=str(row["name"] or ""),
        kind=str(row["kind"] or ""),
        school=str(row["school"] or ""),
        district=str(row["district"] or ""),
        stage=str(row["stage"] or ""),
        places=_places(row, rulebook),
        rooms=_whole(row["rooms"]),
        yuan=row["yuan"] if isinstance(row["yuan"], Decimal) else None,
        promise=str(row["promise"] or ""),
        steps=steps,
        in_use=in_use,
        opened=opened,
        counted_from=counted_year(in_use) if in_use else None,
        counted_until=counted_year(until + timedelta(days=1)) - 1 if isinstance(until, date) else None,
        lateness=_standing(in_use, opened=opened, behind=behind),
        days_late=max(0, behind),
    )


def _standing(in_use: date | None, *, opened: bool, behind: int) -> Lateness:
    if opened:
        return "done"
    if in_use is None:
        return "undated"
    return "late" if behind > 0 else "on_time"


def _with_own_days(
    row: Mapping[str, object], given: Mapping[str, tuple[date | None, date | None]]
) -> list[tuple[str, date | None, date | None]]:
    """Return (step, planned, actual) in the order of the steps: those of the table, filled up from the project's own row."""
    own = {step: row[column] for column, step in STEP_COLUMNS.items() if isinstance(row[column], date)}
    found = []
    for step in STEPS:
        planned, actual = given.get(step, (None, None))
        mine = own.get(step)
        actual = actual or (mine if isinstance(mine, date) else None)
        if step in given or actual:
            found.append((step, planned, actual))
    return found


def walk(given: Sequence[tuple[str, date | None, date | None]], as_of: date) -> tuple[Step, ...]:
    """Return the steps in order, each with its expected day on `as_of`.

    given: (step, planned, actual) in the order of the steps. An actual day after `as_of` has not come: it is expected then.
    """
    done = max((i for i, (_, _, actual) in enumerate(given) if actual and actual <= as_of), default=-1)
    slip, found = 0, []
    for i, (name, planned, actual) in enumerate(given):
        expected = actual if actual or i < done else _put_back(planned, slip, as_of)
        if planned and expected:
            slip = max(0, (expected - planned).days)
        found.append(
            Step(step=name, planned=planned, actual=actual, expected=expected, lateness=_late(planned, expected, passed=i <= done))
        )
    return tuple(found)


def _put_back(planned: date | None, slip: int, as_of: date) -> date | None:
    return max(planned + timedelta(days=slip), as_of) if planned else None


def _late(planned: date | None, expected: date | None, *, passed: bool) -> Lateness:
    if planned and expected and expected > planned:
        return "late"
    if passed:
        return "done"
    return "not_due" if expected else "undated"


def _places(row: Mapping[str, object], rulebook: Rulebook) -> int | None:
    """Return the seats stated, else those of the rooms stated at the class limit; None when neither can be told."""
    places, rooms = _whole(row["places"]), _whole(row["rooms"])
    if places is not None or rooms is None or not row["stage"]:
        return places
    limit = class_limit(rulebook, str(row["stage"]))
    return None if limit is None else rooms * limit


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _doubts(project: Project, as_of: date) -> Iterator[Finding]:
    key = (project.project,)
    name = Text(f"“{project.name}”", f'"{project.name}"')
    seats = f"{project.places:,}" if project.places is not None else ""
    if project.in_use is None and project.places:
        found = Text(f"{name.zh}（{seats}个学位）没有投用日期", f"{name.en} ({seats} places) without a day of use")
        yield finding("projection.project_without_opening", place_of("projects", key, "in_use"), found)
    if project.places is None:
        found = Text(f"{name.zh}未填学位和教室数", f"{name.en} states neither places nor rooms")
        yield finding("projection.project_without_places", place_of("projects", key, "places"), found)
    elif not project.stage and project.places:
        found = Text(f"{name.zh}（{seats}个学位）未填学段", f"{name.en} ({seats} places) without a stage")
        yield finding("projection.project_without_stage", place_of("projects", key, "stage"), found)
    ahead = [step for step in project.steps if step.actual and step.actual > as_of]
    for step in ahead if project.kind != "purchase" else ():
        label = allowed("project_step")[step.step]
        found = Text(f"{name.zh}{label.zh}的实际日期{step.actual}", f"{name.en}: {label.en} done on {step.actual}")
        place = place_of("project_steps", (project.project, step.step), "actual")
        yield finding("projection.step_in_the_future", place, found, as_of=as_of)
