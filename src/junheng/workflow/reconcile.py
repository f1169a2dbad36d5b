"""Rosters: which there are, and where each stands on a day: should minus did, from tables, ledgers and lists of the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

from junheng.coverage import KEY, Reconciliation, Roster, Rosters, Side, read_rosters, reconcile
from junheng.coverage.reconcile import keyed
from junheng.errors import Finding, Place, StandardsError, Text
from junheng.ledgers.recurrence import months_later
from junheng.model import allowed
from junheng.model.period import school_year_of
from junheng.store import own_files
from junheng.store.database import Database
from junheng.store.rosters import roster_lists
from junheng.workflow.ledger_room import Room
from junheng.workflow.match_records import decisions_of
from junheng.workflow.reconcile_kept import kept_of
from junheng.workflow.reconcile_links import person_links
from junheng.workflow.reconcile_reading import Reading
from junheng.workflow.reconcile_views import RHYTHM, standing_of
from junheng.workflow.views.coverage import RosterRule, RosterStanding

_AHEAD = {"week": 7, "month": 10, "term": 45}  # days before its end from which a running period is judged; before that the last one


class Desk:
    """The rosters of one authority on a day; each is worked out once."""

    def __init__(self, folder: Path, day: date | None = None, database: Database | None = None, room: Room | None = None) -> None:
        """Open the folder. Raises StoreError or DataError."""
        self.room = room or Room(folder, datetime.combine(day, time(12)).astimezone() if day else None)
        self.day = day or self.room.today
        self.database = database
        self.questions: dict[str, pl.DataFrame] = {}  # of rosters that compare persons: the pairs that somebody must decide

    @cached_property
    def rosters(self) -> Rosters:
        """Return the rosters that ship and the folder's own. Raises StandardsError."""
        own = own_files(self.room.office.authority, "rosters", "*.yaml")
        kinds = {name: tuple(kind.fields) for name, kind in self.room.ledgers.kinds.items()}
        return read_rosters(own, kinds)

    @cached_property
    def _results(self) -> dict[str, tuple[Reconciliation | None, tuple[Finding, ...], tuple[Side | None, ...]]]:
        return {}

    def result(self, name: str) -> tuple[Reconciliation | None, tuple[Finding, ...], tuple[Side | None, ...]]:
        """Return what came of a roster, None where it cannot be told; findings; and its sides as they were read."""
        roster = self.rosters.roster(name)
        if roster.id not in self._results:
            self._results[roster.id] = self._reconciled(roster)
        return self._results[roster.id]

    def _reconciled(self, roster: Roster) -> tuple[Reconciliation | None, tuple[Finding, ...], tuple[Side | None, ...]]:
        reading = Reading(self.room, self.day)
        sides = [reading.side(roster, source, self._below) for source in roster.sources]
        findings = reading.findings
        should, did = sides[0], [side for side in sides[1:] if side is not None]
        if should is None or not did:  # of several things done one may be absent: that is said
            return None, tuple(findings), tuple(sides)
        held = [side if side is not None else _nobody(should, roster) for side in sides[1:]]
        kept = kept_of(self.database, roster, self.day)
        links = person_links(should, held, roster, decisions_of(self.database)) if roster.rule else None
        self.questions[roster.id] = links.questions if links else pl.DataFrame()
        numbers = self._numbers(roster, should, findings)
        made = reconcile(
            should,
            held,
            roster,
            today=self.day,
            links=links.pairs if links else None,
            identities=links.identities if links else None,
            excused=kept.excused(self._lines(should, roster, links.identities if links else None)),
            window=self.window(roster),
            numbers=numbers,
            previous=None,
        )
        found = (*findings, *(links.findings if links else ()), *made.findings)
        return made, tuple(dict.fromkeys(found)), (should, *held)

    def _lines(self, should: Side, roster: Roster, identities: pl.Series | None) -> Sequence[str]:
        keys = identities if identities is not None else should.frame.select(keyed(roster.keys).alias(KEY)).to_series()
        return [key for key in keys.to_list() if key is not None]

    def _below(self, name: str, states: Sequence[str]) -> tuple[pl.DataFrame, Place]:
        made, _, sides = self.result(name)
        roster = self.rosters.roster(name)
        place = Place(table=roster.id, title=roster.title)
        side = sides[0]
        if made is None or side is None:
            return pl.DataFrame(schema={column: pl.String() for column in roster.should.columns}), place
        lines = made.lines.filter(pl.col("standing").is_in(list(states))) if states else made.lines
        return side.frame.join(lines.select("row", "standing"), on="row", how="inner", maintain_order="left"), place

    # -- what a rule needs ---------------------------------------------------------------------------------------------

    def window(self, roster: Roster) -> tuple[date, date] | None:
        """Return the period that counts: the running one when it is about to end, else the one before."""
        per, length, day = roster.least.per, roster.least.length, self.day
        if per == "days":
            return day - timedelta(days=length), day
        if per == "years":
            return months_later(day, -12 * length), day
        if per == "year":
            return date(school_year_of(day), 9, 1), day
        if per == "term":
            terms = [term for term in self.room.ledgers.calendar.terms if term.last <= day + timedelta(days=_AHEAD["term"])]
            return (terms[-1].first, terms[-1].last) if terms else None
        return _running(per, day) if per else None

    def _numbers(self, roster: Roster, should: Side, findings: list[Finding]) -> dict[tuple[str, str], float]:
        """Return every standard that a rule names, by case; what has no value on the day is a finding and stays unknown."""
        stages = {label.zh: code for code, label in allowed("stage").items()}
        asked = [(roster.least.standard, roster.least.unit, "")] if roster.least.standard else []
        for due in roster.amounts.due if roster.amounts else ():
            cases = should.frame[due.by].drop_nulls().unique(maintain_order=True).to_list() if due.by else [""]
            asked += [(due.standard, due.unit, str(case)) for case in cases if due.standard]
        rules = self.room.office.rules_on(self.day)
        found: dict[tuple[str, str], float] = {}
        for name, unit, case in asked:
            try:
                selected = {"stage": stages.get(case, case)} if case else {}
                found[name, case] = float(rules.number(name, unit=unit, **selected))
            except StandardsError as error:
                findings += error.findings
        return found

    # -- views --------------------------------------------------------------------------------------------------------

    def standing(self, name: str) -> RosterStanding:
        """Return where a roster stands, in counts."""
        roster = self.rosters.roster(name)
        made, findings, _ = self.result(name)
        return standing_of(roster, made, findings, self.day, self.room)

    def rule(self, roster: Roster) -> RosterRule:
        """Return a rule, and what the folder lacks for it."""
        absent = [source.title.zh for source in roster.sources if source.sort == "list" and not roster_lists(self.room.folder, source.name)]
        return RosterRule(
            id=roster.id,
            title=roster.title,
            about=roster.about,
            owner=roster.owner,
            rhythm=RHYTHM[roster.rhythm],
            due_days=roster.due_days,
            names=roster.names,
            kind=roster.kind,
            serves=roster.serves,
            sources=tuple(source.title.zh for source in roster.sources),
            absent=tuple(dict.fromkeys(absent)),
        )


def _running(per: str, day: date) -> tuple[date, date]:
    first = day - timedelta(days=day.weekday()) if per == "week" else day.replace(day=1)
    last = first + timedelta(days=6) if per == "week" else months_later(first, 1) - timedelta(days=1)
    if last <= day + timedelta(days=_AHEAD[per]):
        return first, last
    before = first - timedelta(days=1)
    return (before - timedelta(days=6) if per == "week" else before.replace(day=1)), before


def _nobody(should: Side, roster: Roster) -> Side:
    """Return an empty side for a source that is absent, with every column that the rule may name."""
    names = {"row": pl.Int64(), **{name: should.frame.schema[name] for name in roster.keys}}
    for source in roster.did:
        for name, column in source.columns.items():
            names.setdefault(name, {"number": pl.Float64(), "date": pl.Date()}.get(column.kind, pl.String()))
    return Side(pl.DataFrame(schema=names), Place(), ())


def roster_rules(folder: Path, day: date | None = None) -> tuple[RosterRule, ...]:
    """Return every rule with what the folder lacks for it. Raises StoreError, DataError or StandardsError."""
    desk = Desk(folder, day)
    return tuple(desk.rule(roster) for roster in desk.rosters.rosters.values())


def roster_ids(folder: Path) -> Mapping[str, Text]:
    """Return the title of each roster by id. Raises StoreError, DataError or StandardsError."""
    return {name: roster.title for name, roster in Desk(folder).rosters.rosters.items()}


def roster_standing(folder: Path, roster_id: str, *, day: date, database: Database | None = None) -> RosterStanding:
    """Return where a roster stands on a day, in counts; None in its numbers, beside findings, where that cannot be told.

    Raises DataError for a roster that there is not.
    """
    return Desk(folder, day, database).standing(roster_id)
