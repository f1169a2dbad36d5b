"""Supervision visits of a term: who visits which school, on which days, with how much way, and what the regulation asks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from junheng.documents import finding, parse_yaml_into
from junheng.errors import DataError, Finding, Place, StoreError, Text
from junheng.ledgers import Value, open_record
from junheng.ledgers.calendar import Term
from junheng.ledgers.visits import Visit, VisitBrief, faults, on_days, read_brief, with_unannounced
from junheng.planning.solve import Impossible, Solved
from junheng.planning.travel import school_points, travel
from junheng.planning.visit_rounds import Floats, Rounds, share_out, trips, way_of
from junheng.store import own_files
from junheng.workflow.ledger_entries import entry_of, record_of
from junheng.workflow.ledger_room import Room
from junheng.workflow.ledgers import Doer, next_key
from junheng.workflow.views.ledgers import VisitLine, VisitLoad, VisitSchedule

BRIEF = "visits.yaml"
Places = NDArray[np.int64]


def visit_schedule(folder: Path, *, term: str = "", at: datetime | None = None) -> VisitSchedule:
    """Return the visits of a term (this one, or the next when the day lies in none) for the brief in ledgers/visits.yaml.

    Raises DataError when the brief is wrong or no plan keeps its rules, naming those in conflict; StoreError without a brief or data.
    """
    room = Room(folder, at)
    brief = _brief(room)
    known = _term(room, term)
    county = room.county
    if county is None:
        raise StoreError(finding("workflow.no_year", Place(file=folder.as_posix()), Text("没有任何学年", "no school year")))
    rows = county.tables["schools"].filter(county.tables["schools"]["kind"].is_in(list(brief.kinds))).sort("school")
    schools: list[str] = rows["school"].to_list()
    names: dict[str, str] = dict(zip(schools, rows["name"].to_list(), strict=True))
    rules = room.office.rules_on(room.today)
    times = int(rules.number("supervision.visits_per_term.minimum", unit="visits/term"))
    asked = school_points(county, [*schools, *(one.home for one in brief.inspectors)])
    way = travel(county, rules, asked, asked, mode="drive", barriers=False)
    metres = np.where(np.isfinite(way.way), way.way, 1e6)
    between, homes = metres[: len(schools), : len(schools)], metres[len(schools) :, : len(schools)]
    findings = [*way.findings[:5]]
    owner, answer = _shared(brief, schools, homes)
    visits, total = _dated(room, brief, (owner, homes, between), schools, times, known, findings)
    wrong = faults(brief, visits, schools, times, room.ledgers.calendar)
    findings += [finding("ledgers.visits_fall_short", Place(key=(brief.seed,)), text, times=times) for text in wrong[:20]]
    findings += _loads(brief, owner, int(rules.number("supervision.schools_per_inspector.maximum", unit="schools/inspector")))
    return _view(room, brief, known, (visits, names, times), (answer, total), findings)


def _loads(brief: VisitBrief, owner: Places, most: int) -> list[Finding]:
    """Return a warning for each inspector with more schools than the regulation has in mind."""
    place = Place(file=f"ledgers/{BRIEF}")
    counts = np.bincount(owner, minlength=len(brief.inspectors))
    over = [(one.code, int(count)) for one, count in zip(brief.inspectors, counts, strict=True) if count > most]
    words = "、".join(f"{code}（{count}所）" for code, count in over)
    return [finding("workflow.visit_loads", place, Text(words, words), most=most)] if over else []


def keep_visits(folder: Path, schedule: VisitSchedule, doer: Doer, at: datetime | None = None) -> int:
    """Open a record of the kind `visit` for each visit that is not kept yet, in one batch; return how many. Raises DataError."""
    room = Room(folder, at)
    kind = room.ledgers.kinds["visit"]
    with room.database() as database:
        held = [record_of(kind, entry) for entry in database.entries("visit")]
        known = {(record.values.get("school"), record.values.get("day")) for record in held}
        keys = [record.key for record in held]
        new = [line for line in schedule.lines if (line.code, line.day) not in known]
        with database.batch(actor=doer.actor, purpose=f"{schedule.term.zh}督导安排", at=room.at) as batch:
            for line in new:
                keys.append(next_key(kind, keys, room.today))
                values: dict[str, Value] = {"matter": "经常性督导", "school": line.code, "day": line.day}
                values |= {"inspector": line.inspector, "unannounced": line.unannounced}
                batch.put(entry_of(kind, open_record(kind, keys[-1], values, doer.hand, room.at)))
    return len(new)


def _brief(room: Room) -> VisitBrief:
    findings: list[Finding] = []
    files = [file for file in own_files(room.office.authority, "ledgers", "*.yaml") if file.name.endswith(f"/{BRIEF}")]
    if not files:
        raise StoreError(finding("workflow.no_visit_brief", Place(file=f"ledgers/{BRIEF}"), Text("没有该文件", "no such file")))
    document = parse_yaml_into(files[0], findings)
    brief = read_brief(document, findings) if document else None
    if findings or brief is None:
        raise DataError(findings)
    return brief


def _term(room: Room, name: str) -> Term:
    terms = room.ledgers.calendar.terms
    chosen = [term for term in terms if (term.name == name if name else term.last >= room.today)]
    if not chosen:
        known = "、".join(f"{term.name}（{term.label.zh}）" for term in terms)
        raise DataError(finding("workflow.no_such_term", Place(), name or room.today.isoformat(), known=known))
    return chosen[0]


def _shared(brief: VisitBrief, schools: list[str], homes: Floats) -> tuple[Places, Solved]:
    each = len(schools) / max(len(brief.inspectors), 1)
    rounds = Rounds(
        inspectors=tuple(one.code for one in brief.inspectors),
        schools=tuple(schools),
        metres=homes,
        tied=np.array([[school in one.ties for school in schools] for one in brief.inspectors]),
        fewest=max(0, int(np.floor(each)) - brief.spread),
        most=int(np.ceil(each)) + brief.spread,
    )
    answer, owner = share_out(rounds)
    if not isinstance(answer, Solved):
        rules = [one.rule for one in answer.conflict] if isinstance(answer, Impossible) else []
        words = Text("；".join(one.zh for one in rules), "; ".join(one.en for one in rules))
        raise DataError(finding("workflow.visits_conflict", Place(file=f"ledgers/{BRIEF}"), words))
    return owner, answer


def _dated(
    room: Room,
    brief: VisitBrief,
    ways: tuple[Places, Floats, Floats],
    schools: list[str],
    times: int,
    term: Term,
    findings: list[Finding],
) -> tuple[list[Visit], float]:
    owner, homes, between = ways
    visits: list[Visit] = []
    total = 0.0
    for number, inspector in enumerate(brief.inspectors):
        own = np.flatnonzero(owner == number)
        metres, inner = homes[number, own], between[np.ix_(own, own)]
        groups = trips(metres, inner, brief.a_day)
        total += times * sum(way_of(group, metres, inner) for group in groups)
        coded = [[schools[own[place]] for place in group] for group in groups]
        visits += on_days(inspector, coded, times, term, room.ledgers.calendar, findings)
    return with_unannounced(brief, visits), total


def _view(
    room: Room,
    brief: VisitBrief,
    term: Term,
    made: tuple[list[Visit], dict[str, str], int],
    ways: tuple[Solved, float],
    findings: list[Finding],
) -> VisitSchedule:
    visits, names, times = made
    answer, total = ways
    lines = tuple(
        VisitLine(
            day=one.day,
            weekday=_WEEKDAYS[one.day.weekday()],
            inspector=one.inspector,
            school=names[one.school],
            code=one.school,
            turn=one.turn,
            unannounced=one.unannounced,
        )
        for one in visits
    )
    loads = tuple(
        VisitLoad(
            inspector=one.code,
            schools=len({visit.school for visit in visits if visit.inspector == one.code}),
            visits=sum(visit.inspector == one.code for visit in visits),
            days=len({visit.day for visit in visits if visit.inspector == one.code}),
        )
        for one in brief.inspectors
    )
    hidden = sum(one.unannounced for one in visits)
    return VisitSchedule(
        name=room.office.name,
        day=room.today,
        term=term.label,
        times=times,
        lines=lines,
        loads=loads,
        unannounced=hidden,
        unannounced_shown=f"{hidden * 100 / len(visits):.1f}%" if visits else "—",
        kilometres_shown=f"{total / 1000:.0f}",
        single_shown=f"{answer.objective * 2 * times / 1000:.0f}",
        gap_shown=f"{answer.gap * 100:.2f}%",
        findings=tuple(findings),
    )


_WEEKDAYS = (
    Text("周一", "Mon"),
    Text("周二", "Tue"),
    Text("周三", "Wed"),
    Text("周四", "Thu"),
    Text("周五", "Fri"),
    Text("周六", "Sat"),
    Text("周日", "Sun"),
)
