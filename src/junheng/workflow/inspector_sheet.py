"""What each inspector did in the year before a day: visits, reports, findings. By number of appointment, in its order; no sum, no rank.

Nothing is asked for anew: the sheet reads the ledgers of appointments, visits and findings. Names are compared, and shown to nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Place
from junheng.ledgers import Record
from junheng.ledgers.recurrence import months_later
from junheng.store.entry import Actor
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledgers import moment
from junheng.workflow.views.profiles import InspectorLine, InspectorSheet

_FILE_DAYS = "practice.rectification.file_days.maximum"
_MADE = ("made", "filed")
_CLOSED = ("closed",)
_PROGRAM = Actor("junheng", "督导室")


def inspector_sheet(folder: Path, day: date | None = None) -> InspectorSheet:
    """Return what each appointed inspector did in the twelve months up to a day. Raises StoreError or DataError."""
    room = Room(folder, moment(day))
    since, within = months_later(room.today, -12), room.standard(_FILE_DAYS)
    appointed = [one for one in _records(room, "appointment") if one.values.get("sort") == "inspector" and one.state != "ended"]
    visits = [one for one in _records(room, "visit") if since < _day(one, "day") <= room.today]
    found = [one for one in _records(room, "supervision-finding") if since < _day(one, "found_on") <= room.today]
    lines = []
    for post in sorted(appointed, key=lambda one: one.key):
        name = post.values.get("holder")
        mine = [one for one in visits if name and one.values.get("inspector") == name]
        lines.append(_line(post, mine, [one for one in found if name and one.values.get("inspector") == name], within))
    known = {post.values.get("holder") for post in appointed}
    others = sum(one.values.get("inspector") not in known for one in visits)
    findings = list(room.findings)
    if others:
        findings.append(finding("workflow.visits_of_nobody_appointed", Place(table="visit", column="inspector"), str(others)))
    return InspectorSheet(room.office.name, since.isoformat(), room.today.isoformat(), str(within), tuple(lines), tuple(findings))


def _records(room: Room, name: str) -> Sequence[Record]:
    """Return the records of a kind with names in the clear: from the record by a row of the audit, else from the lists as they lie."""
    kind = room.ledgers.kinds[name]
    if room.has_record:
        return room.records(kind, purpose_of(_PROGRAM, "督学工作情况表：由程序比对，不显示姓名", room.at, shown=False))
    return room.listed(kind)


def _day(record: Record, field: str) -> date:
    value = record.values.get(field)
    return value if isinstance(value, date) else date.min


def _line(post: Record, visits: Sequence[Record], found: Sequence[Record], within: int) -> InspectorLine:
    made = [one for one in visits if one.state in _MADE]
    filed = [one for one in made if one.state == "filed"]
    in_time = [one for one in filed if one.steps and (one.steps[-1].at.date() - _day(one, "day")).days <= within]
    read = Counter(str(one.values.get("report") or "") for one in filed)
    return InspectorLine(
        code=post.key,
        post=str(post.values.get("post") or ""),
        until=_day(post, "until").isoformat(),
        schools=len({one.values.get("school") for one in made}),
        visits=len(made),
        unannounced=sum(one.values.get("unannounced") is True for one in made),
        missed=sum(one.state == "missed" for one in visits),
        filed=len(filed),
        in_time=len(in_time),
        grounded=read["grounded"],
        plain=read["plain"],
        redo=read["redo"],
        unread=read[""],
        found=len(found),
        closed=sum(one.state in _CLOSED for one in found),
        relapsed=sum(_relapsed(one.steps) for one in found),
    )


def _relapsed(steps: Iterable[object]) -> bool:
    return any(getattr(step, "move", "") == "relapse" for step in steps)
