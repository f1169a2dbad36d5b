"""Rosters and the record: missing lines become records, covered ones close theirs, excuses hold to their day. A re-run is a no-op."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from junheng.coverage import OPEN, Reconciliation, Roster
from junheng.documents import finding
from junheng.errors import DataError, Finding, JunhengError, Place, Text
from junheng.ledgers import Kind, Record, Value, move, open_record
from junheng.store.database import Database
from junheng.store.entry import Entry
from junheng.workflow.ledger_entries import entry_of
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledgers import Doer, move_ledger_record, next_key
from junheng.workflow.reconcile import Desk
from junheng.workflow.reconcile_kept import EXCUSE_STATE, LINE, ROSTER, RUN, Kept, kept_of
from junheng.workflow.views.coverage import RosterMoment, RosterRun

_DATA = "data"  # the role in which a run acts
_COUNTED = ("should", "verified", "claimed", "missing")


@dataclass(slots=True)
class _Changes:
    """What a run is about to write of one roster."""

    puts: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    again: int = 0
    kept: int = 0


def run_rosters(folder: Path, names: Sequence[str], doer: Doer, at: datetime | None = None) -> tuple[RosterRun, ...]:
    """Work out some rosters (all when none is named) and write down what is missing and what was closed, one batch a roster.

    Raises StoreError, DataError or StandardsError.
    """
    room = Room(folder, at)
    with room.database() as database:
        desk = Desk(folder, room.today, database, room)
        wanted = [desk.rosters.roster(name) for name in names] or list(desk.rosters.rosters.values())
        return tuple(_run(desk, database, roster, doer) for roster in wanted)


def _run(desk: Desk, database: Database, roster: Roster, doer: Doer) -> RosterRun:
    made, _, _ = desk.result(roster.id)
    standing = desk.standing(roster.id)
    changes = _Changes()
    batch_number = 0
    if made is not None:
        kind = desk.room.ledgers.kind(roster.kind)
        _Writer(desk.room, database, roster, kind, doer, changes).write(made)
        moment = _moment(database, roster, made, changes, desk.day)
        puts = [*changes.puts, *([moment] if moment else [])]
        if puts:
            purpose = f"名单比对：{roster.title.zh}"
            with database.batch(actor=doer.actor, purpose=purpose, at=desk.room.at) as batch:
                for entry in puts:
                    batch.put(entry)
            batch_number = batch.number
            desk.room.findings += batch.findings
    told = tuple(dict.fromkeys((*standing.findings, *changes.findings)))
    return RosterRun(
        standing=replace(standing, findings=told),
        opened=changes.opened,
        closed=changes.closed,
        again=changes.again,
        kept=changes.kept,
        batch=batch_number,
    )


class _Writer:
    """Turns one result into changes of records."""

    def __init__(self, room: Room, database: Database, roster: Roster, kind: Kind, doer: Doer, changes: _Changes) -> None:
        self.room, self.database, self.roster, self.kind, self.doer, self.changes = room, database, roster, kind, doer, changes
        self.kept: Kept = kept_of(database, roster, room.today)
        self.keys = [entry.key for entry in database.entries(kind.id)]
        self.hand = Doer(doer.person, doer.office, _DATA).hand

    def write(self, made: Reconciliation) -> None:
        seen: set[str] = set()
        for row in made.lines.iter_rows(named=True):
            if row["line"] is None:
                continue
            tag = self.kept.tag(row["line"])
            if tag not in seen:  # two lines that share a key have one record
                seen.add(tag)
                self._line(row, tag, self.kept.entries.get(tag))
        for tag, entry in self.kept.entries.items():
            if tag not in seen and not self.kind.states[entry.state].end:
                place = Place(table=self.kind.id, title=self.kind.title, key=(entry.key,))
                self.changes.findings.append(finding("coverage.line_gone", place, entry.key))

    def _line(self, row: Mapping[str, Any], tag: str, entry: Entry | None) -> None:
        standing = row["standing"]
        if entry is None:
            if standing in OPEN:
                self._open(row, tag)
        elif standing in OPEN:
            self._still(entry)
        elif standing == "verified" and not self.kind.states[entry.state].end:
            self.changes.closed += self._moved(entry, "verify")
        elif standing == "claimed" and entry.state in self.kind.moves["report"].start:
            self._moved(entry, "report")
        else:
            self.changes.kept += 1

    def _still(self, entry: Entry) -> None:
        if self.kind.states[entry.state].end:
            self.changes.again += self._moved(entry, "reopen", {"due": self.room.today + timedelta(days=self.roster.due_days)})
        elif entry.state == EXCUSE_STATE:
            self._moved(entry, "lapse")
        else:
            self.changes.kept += 1

    def _open(self, row: Mapping[str, Any], tag: str) -> None:
        roster = self.roster
        shown = "，".join(str(row[name]) for name in roster.shows if row[name] is not None)
        values: dict[str, Value] = {
            ROSTER: roster.id,
            LINE: tag,
            "matter": roster.title.zh if roster.guarded or not shown else f"{roster.title.zh}：{shown}",
            "who": shown or None if roster.guarded else None,
            "school": row["of_school"] or None,
            "office": roster.owner,
            "group": None if roster.guarded else (row["of_group"] or None),
            "due": self.room.today + timedelta(days=roster.due_days),
            **roster.given,
        }
        key = next_key(self.kind, self.keys, self.room.today)
        self.keys.append(key)
        record = open_record(self.kind, key, values, self.hand, self.room.at)
        self.changes.puts.append(entry_of(self.kind, record))
        self.changes.opened += 1

    def _moved(self, entry: Entry, name: str, values: Mapping[str, Value] | None = None) -> int:
        """Move a record on; what the rules of the kind refuse is told, and the rest goes on."""
        purpose = purpose_of(self.doer.actor, f"名单比对：{self.kind.moves[name].label.zh}{entry.key}", self.room.at)
        record: Record
        record, version = self.room.record(self.database, self.kind, entry.key, purpose)
        try:
            moved = move(self.kind, record, name, self.hand, self.room.at, values, self.roster.title.zh)
        except JunhengError as error:
            place = Place(table=self.kind.id, title=self.kind.title, key=(entry.key,))
            words = Text("；".join(one.found.zh for one in error.findings), "; ".join(one.found.en for one in error.findings))
            self.changes.findings.append(finding("coverage.record_refused", place, words))
            return 0
        files = {one.digest: one for one in entry.evidence}
        self.changes.puts.append(entry_of(self.kind, moved, version, files))
        return 1


def _moment(database: Database, roster: Roster, made: Reconciliation, changes: _Changes, day: date) -> Entry | None:
    """Return the run as an entry, None when the same was written down on the day already."""
    counts = made.counts
    values = {"should": counts.should, "verified": counts.verified, "claimed": counts.claimed, "missing": counts.open}
    key = f"{roster.id}|{day.isoformat()}"
    before = database.entry(RUN, key)
    same = before is not None and all(before.values.get(name) == value for name, value in values.items())
    if same and not (changes.opened or changes.closed or changes.again):
        return None
    earlier = before.values if before else {}
    values["opened"] = int(str(earlier.get("opened", 0))) + changes.opened + changes.again
    values["closed"] = int(str(earlier.get("closed", 0))) + changes.closed
    return Entry(kind=RUN, key=key, values={ROSTER: roster.id, "day": day.isoformat(), **values}, version=before.version if before else 0)


def roster_history(folder: Path, name: str) -> tuple[RosterMoment, ...]:
    """Return the runs of a roster, oldest first; none where there is no record. Raises DataError for a roster that there is not."""
    desk = Desk(folder)
    roster = desk.rosters.roster(name)
    if not desk.room.has_record:
        return ()
    with desk.room.database() as database:
        entries = [entry for entry in database.entries(RUN) if entry.values.get(ROSTER) == roster.id]
        offices = {entry.key: database.history(RUN, entry.key)[-1].office for entry in entries}
    return tuple(
        RosterMoment(
            day=date.fromisoformat(str(entry.values["day"])),
            office=offices[entry.key],
            **{name: int(str(entry.values[name])) for name in (*_COUNTED, "opened", "closed")},
        )
        for entry in entries
    )


def excuse_line(folder: Path, name: str, key: str, reason: str, until: date, doer: Doer, at: datetime | None = None) -> Text:
    """Excuse an open line to a day, with the reason. Raises DataError when there is no such open line or the day is past."""
    desk = Desk(folder, at.date() if at else None)
    roster = desk.rosters.roster(name)
    place = Place(table=roster.id, title=roster.title, key=(key,))
    if until < desk.day:
        raise DataError(finding("coverage.excuse_past", place, until.isoformat(), today=desk.day.isoformat()))
    with desk.room.database() as database:
        entry = database.entry(roster.kind, key)
    if entry is None or entry.values.get(ROSTER) != roster.id:
        raise DataError(finding("coverage.line_not_open", place, key))
    record = move_ledger_record(folder, roster.kind, key, "excuse", {"excuse": reason, "until": until.isoformat()}, doer, at=at)
    return record.state


@contextmanager
def maybe(room: Room) -> Iterator[Database | None]:
    """Give the record where there is one, None where there is none: to look makes no record."""
    if not room.has_record:
        yield None
        return
    with room.database() as database:
        yield database
