"""A promised total of new seats, opened into the projects that make it up: what is in use, under way, late, and in no project at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from junheng.documents import finding
from junheng.errors import Finding, Text
from junheng.model import County
from junheng.model.checks.gather import place_of
from junheng.projection.programme import Programme, Project
from junheng.projection.returned import returned
from junheng.projection.seats import Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise: promised + beyond = delivered + under_way + late + unnamed, all in places and none negative."""

    promise: str
    title: str
    document: str
    stage: str  # "" for all stages
    due: date | None
    promised: int
    delivered: int  # of projects in use
    returned: int  # of these: held by the returns of their schools
    unreturned: int  # of these: should stand in the returns, and do not; the rest of `delivered` cannot be told
    under_way: int  # not yet in use, neither behind their plan nor expected after the day that was promised
    late: int  # not yet in use, and behind their plan, or expected after that day, or without a date although it has passed
    undated: int  # of the two above: without a day of use
    unnamed: int  # promised, and in no project
    beyond: int  # in projects, and more than was promised
    days_late: int  # of the latest of its late projects
    projects: tuple[str, ...]
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """Every promise of a county as it stands on the programme's day."""

    promises: tuple[Promise, ...]
    findings: tuple[Finding, ...]


def promises(county: County, programme: Programme, seats: Seats) -> Promises:
    """Return every promise of the county, opened into the projects that name it, as the programme stands; seats: of the county's year too.

    Counted are projects that add seats of the promise's stage; others that name it are findings and count for nothing, so that their
    share of the promise stays unnamed. What projects are said to have brought into use is held against the returns of their schools.
    """
    held = returned(programme.projects, seats, county.year)
    named: dict[str, list[Project]] = {}
    for project in programme.projects:
        if project.promise:
            named.setdefault(project.promise, []).append(project)
    found: list[Promise] = []
    findings: list[Finding] = [*held.findings]
    for row in county.tables["promises"].sort("promise").iter_rows(named=True):
        counted = [project for project in named.get(row["promise"], []) if _counts(project, row["stage"])]
        findings += _doubts(row["promise"], [p for p in named.get(row["promise"], []) if p not in counted])
        if row["places"] is not None:
            found.append(_opened(row, counted, programme.as_of, held.places))
    return Promises(promises=tuple(found), findings=tuple(findings))


def _counts(project: Project, stage: str | None) -> bool:
    return bool(project.places and project.places > 0) and stage in (None, project.stage)


def _doubts(promise: str, others: Sequence[Project]) -> Iterator[Finding]:
    for project in others:
        found = Text(f"“{project.name}”列入承诺{promise}", f'"{project.name}" named for promise {promise}')
        rule = "projection.promise_of_another_stage" if project.places and project.places > 0 else "projection.promise_without_places"
        yield finding(rule, place_of("projects", (project.project,), "promise"), found)


def _opened(row: Mapping[str, object], projects: Sequence[Project], as_of: date, held: Mapping[str, int | None]) -> Promise:
    due, promised = row["due"], row["places"]
    assert isinstance(promised, int)
    due = due if isinstance(due, date) else None
    delivered = [project for project in projects if project.opened]
    open_ = [project for project in projects if not project.opened]
    late = [project for project in open_ if _is_late(project, due, as_of)]
    under_way = [project for project in open_ if project not in late]
    total = _seats(projects)
    promise = Promise(
        promise=str(row["promise"]),
        title=str(row["title"] or ""),
        document=str(row["document"] or ""),
        stage=str(row["stage"] or ""),
        due=due,
        promised=promised,
        delivered=_seats(delivered),
        returned=sum(held.get(project.project) or 0 for project in delivered),
        unreturned=sum((project.places or 0) - part for project in delivered if (part := held.get(project.project)) is not None),
        under_way=_seats(under_way),
        late=_seats(late),
        undated=_seats([project for project in open_ if project.in_use is None]),
        unnamed=max(0, promised - total),
        beyond=max(0, total - promised),
        days_late=max((_days_late(project, due, as_of) for project in late), default=0),
        projects=tuple(project.project for project in projects),
        sentence=Text("", ""),
    )
    return _with_sentence(promise)


def _seats(projects: Sequence[Project]) -> int:
    return sum(project.places or 0 for project in projects)


def _is_late(project: Project, due: date | None, as_of: date) -> bool:
    missed = due is not None and (project.in_use or as_of) > due
    return project.lateness == "late" or missed


def _days_late(project: Project, due: date | None, as_of: date) -> int:
    """Return the days behind the project's own plan or behind the day that was promised, whichever is more."""
    behind = ((project.in_use or as_of) - due).days if due else 0
    return max(project.days_late, behind)


def _in_returns(one: Promise) -> Text:
    """Return what the returns hold of the places in use, where they hold fewer; "" where nothing contradicts."""
    if not one.unreturned:
        return Text("", "")
    unknown = one.delivered - one.returned - one.unreturned
    more = (f"，{unknown:,}无法核对", f", {unknown:,} cannot be checked") if unknown else ("", "")
    return Text(f"（其中报表可见{one.returned:,}{more[0]}）", f" (the returns show {one.returned:,}{more[1]})")


def _with_sentence(one: Promise) -> Promise:
    zh = [
        f"已投用{one.delivered:,}{_in_returns(one).zh}",
        f"推进中{one.under_way:,}",
        f"逾期{one.late:,}" + (f"（最长{one.days_late:,}天）" if one.late else ""),
    ]
    en = [
        f"{one.delivered:,} in use{_in_returns(one).en}",
        f"{one.under_way:,} under way",
        f"{one.late:,} late" + (f" (by up to {one.days_late:,} days)" if one.late else ""),
    ]
    zh.append(f"未落实到项目{one.unnamed:,}")
    en.append(f"{one.unnamed:,} in no project")
    more_zh, more_en = [], []
    if one.undated:
        more_zh.append(f"；未投用的学位中{one.undated:,}没有投用日期")
        more_en.append(f"; {one.undated:,} of those not in use have no day of use")
    if one.beyond:
        more_zh.append(f"；项目合计比承诺多出{one.beyond:,}")
        more_en.append(f"; the projects hold {one.beyond:,} more than promised")
    title = one.title or one.promise
    chinese = f"{title}（承诺{one.promised:,}）：{'，'.join(zh)}{''.join(more_zh)}。"
    english = f"{title} ({one.promised:,} promised): {', '.join(en)}{''.join(more_en)}."
    return replace(one, sentence=Text(chinese, english))
