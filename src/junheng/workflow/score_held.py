"""Scores from what is held: verdicts of a framework, ledgers, rosters, other forms. Nobody is asked for paper.

Each reader gives, for every unit, a score, None where it cannot be told, or nothing at all where the item does not apply to the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import fmean

from junheng.coverage import OPEN
from junheng.errors import DataError, Finding, StandardsError, StoreError, Text
from junheng.ledgers import Kind, Subject, obligations
from junheng.ledgers.score_form import Held, Item, ScoreForm
from junheng.workflow.assess import assess
from junheng.workflow.reconcile import Desk
from junheng.workflow.score_desk import ScoreDesk
from junheng.workflow.views import Assessment

Scores = Mapping[str, float | None]  # unit -> score; None: not known; absent: does not apply
Other = Callable[[str], Scores]  # another form's results
_UNTOLD = ("untold", "undecided")


class HeldScores:
    """Reads the scores of a form from what one authority holds; each source is opened once."""

    def __init__(self, desk: ScoreDesk, form: ScoreForm, other: Other, findings: list[Finding]) -> None:
        """Look at a form; other: gives the results of another form by name."""
        self.desk, self.form, self.other, self.findings = desk, form, other, findings
        self.rosters = Desk(desk.folder, desk.room.today, room=desk.room)
        self.assessed: dict[str, Assessment | None] = {}

    def scores(self, item: Item) -> Scores:
        """Return the scores of an item for every unit to which it applies."""
        held = item.held
        if held is None:
            return {}
        readers = {"verdict": self._verdicts, "ledger": self._ledger, "roster": self._roster, "score": self._score}
        return readers[held.kind](held)

    def whence(self, item: Item) -> Text:
        """Return in words where an item's value comes from."""
        held = item.held
        if held is None:
            return Text("评分表", "sheets")
        if held.kind == "verdict":
            known = self.desk.room.office.catalogue.get(held.indicator)
            title = known.title if known else Text(held.indicator, held.indicator)
            return Text(f"认定结果“{title.zh}”", f"verdict of “{title.en}”")
        if held.kind == "ledger":
            return Text(f"台账“{self.desk.room.ledgers.kind(held.target).title.zh}”的逾期和缺项数", f"overdue and missing in {held.target}")
        if held.kind == "roster":
            return Text(f"名单比对“{self.rosters.rosters.roster(held.target).title.zh}”的缺项数", f"missing lines of {held.target}")
        return Text(f"评分“{self.desk.form(held.target).title.zh}”的结果", f"result of {held.target}")

    # -- readers ------------------------------------------------------------------------------------------------------

    def _verdicts(self, held: Held) -> Scores:
        """Return by the verdict of each school, the mean over its stages; a stage without data leaves the school unknown."""
        made = self._assessment(held.target)
        if made is None:
            return dict.fromkeys(self.desk.units(self.form))
        found: dict[str, list[float | None]] = {}
        for unit in made.units:
            for one in unit.items:
                if one.indicator == held.indicator and unit.judged and one.verdict != "not_applicable":
                    found.setdefault(unit.school, []).append(held.points.get(one.verdict))
        return {school: _mean(values) for school, values in found.items()}

    def _assessment(self, framework: str) -> Assessment | None:
        if framework not in self.assessed:
            try:
                self.assessed[framework] = assess(self.desk.folder, None, framework)
            except (DataError, StandardsError, StoreError) as error:
                self.findings += error.findings
                self.assessed[framework] = None
        return self.assessed[framework]

    def _ledger(self, held: Held) -> Scores:
        """Return by how much each school owes in a ledger: overdue and missing; nothing is known of a ledger that is not kept."""
        room = self.desk.room
        kind = room.ledgers.kind(held.target)
        records = room.records(kind)
        if not records:
            return dict.fromkeys(self.desk.units(self.form))
        owed = obligations(kind, records, room.today, room.ledgers.calendar, room.standard, room.subjects)
        late = [one.subject for one in owed if one.standing in ("overdue", "missing")]
        return {code: _cut(held, late.count(code)) for code in self._bound(kind)}

    def _bound(self, kind: Kind) -> list[str]:
        """Return the schools that a ledger is about: those that its duties bind, or all where it has no duty for schools."""
        duties = [duty for duty in kind.duties.values() if duty.each == "schools"]
        subjects: Mapping[str, Subject] = {one.code: one for one in self.desk.room.subjects("schools")}

        def binds(code: str) -> bool:
            values = subjects[code].values
            return any(all(values.get(column) in allowed for column, allowed in duty.where.items()) for duty in duties)

        return [code for code in self.desk.units(self.form) if not duties or binds(code)]

    def _roster(self, held: Held) -> Scores:
        """Return by how many lines of each school are missing; a school without a line is not meant."""
        made, findings, _ = self.rosters.result(held.target)
        if made is None:
            self.findings += findings
            return dict.fromkeys(self.desk.units(self.form))
        standings: dict[str, list[str]] = {}
        for school, standing in made.lines.select("of_school", "standing").iter_rows():
            if school is not None:
                standings.setdefault(str(school), []).append(str(standing))
        return {
            school: None if any(one in _UNTOLD for one in own) else _cut(held, sum(one in OPEN for one in own))
            for school, own in standings.items()
        }

    def _score(self, held: Held) -> Scores:
        """Return the results of another form, where they are one number."""
        return self.other(held.target)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if len(known) == len(values) else None


def _cut(held: Held, count: int) -> float | None:
    return next((score for most, score in held.cuts if count <= most), None)
