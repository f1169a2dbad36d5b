"""From a County and a brief to the case: who is eligible, who goes home, whose wish is granted, and what every school needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model import allowed
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.teacher_rotation.case import Case, Floats, Ints, Mask, Weights
from junheng.planning.planners.teacher_rotation.keeping import NOTHING, Keeping, keeping
from junheng.planning.planners.teacher_rotation.owed import owed
from junheng.planning.planners.teacher_rotation.places import Places, places
from junheng.planning.planners.teacher_rotation.ways import second_subjects, ways
from junheng.planning.planners.teacher_rotation.wishes import granted
from junheng.planning.proposal import Brief
from junheng.planning.teaching_people import REASONS, people
from junheng.standards.rulebook import Rulebook

LOSS = "assumed.exchange.subject_group_loss.maximum"
FAR = "assumed.exchange.travel.maximum"
CARER_FAR = "assumed.exchange.carer_travel.maximum"
TERM = "assumed.exchange.term"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """Moves that are not the program's to decide: home after a term, a wish granted, decided before."""

    row: Ints  # of the register
    unit: Ints  # where to
    kind: str  # "return", "wish", "before"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """The case, and the register by row that it was made from."""

    case: Case
    register: pl.DataFrame  # in the order of codes; `at`: the unit before all moves (-1: none), bar
    places: Places
    row: Ints  # (n,) row of the register of each teacher of the case
    settled: tuple[Settled, ...]
    far: Floats  # (rows,) km that each may go
    term: int
    wished: dict[str, list[str]]
    keeping: Keeping  # teachers who stay so that their school keeps a standard, and where somebody has to come for it


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Question | None:
    """Return the question; None for a county with fewer than two public schools. Raises DataError for what cannot be planned with."""
    if not county.tables["teachers"].height:
        raise DataError(finding("planning.no_register", Place(table="teachers"), Text("没有教师名册", "no register of teachers")))
    register = people(county, rules)
    known = places(county, rules, register)
    if len({main for main, _ in known.mains}) < 2:
        return None
    register = known.register
    findings = [*_nobody(register), *_pins(register, known, brief)]
    if findings:
        raise DataError(findings)

    def said(name: str, parameter: str = "") -> float:
        given = float(declaration.value(brief, name))
        return given if given or not parameter else float(rules.standing(parameter).value)

    limits = (said("travel", FAR), float(rules.standing(CARER_FAR).value))
    far = np.where(register["carer"].fill_null(value=False).to_numpy(), min(limits), limits[0])
    sent = {pin.what[1] for pin in brief.pins}
    kept = keeping(register, county, rules, sent) if declaration.value(brief, "keep") else NOTHING
    second = bool(declaration.value(brief, "second_subject"))
    base = _Base(known, said("group_loss", LOSS) / 100, said("net") / 100, frozenset(kept.stays), second=second)
    wished = _wished(county)
    settled = list(base.before())
    if not any(len(one.row) for one in settled if one.kind == "before"):
        settled += [one for one in (base.wishes(wished, far, brief),) if len(one.row)]
    shares = (said("share", "exchange.share.minimum"), said("most"), said("backbone_share", "exchange.backbone_share.minimum"))
    weights = Weights(
        shortage=said("shortage"),
        backbone=said("backbone"),
        move=said("disturbance"),
        direction=said("direction"),
        second=said("second"),
    )
    case, row = base.case(settled, far, brief, (shares[0] / 100, shares[1] / 100, shares[2] / 100), weights)
    term = int(rules.standing(TERM).value)
    returns = base.returns()
    come = [(one.row, one.unit) for one in (returns, *settled) if one.kind != "before"]
    case = owed(case, kept, known, row, come)
    return Question(
        case=case, register=register, places=known, row=row, settled=(returns, *settled), far=far, term=term, wished=wished, keeping=kept
    )  # fmt: skip


def _nobody(register: pl.DataFrame) -> Iterator[Finding]:
    if not register.filter(pl.col("bar").is_in(["", "arrived"])).height:
        counts = register["bar"].value_counts().sort("count", "bar", descending=[True, False]).iter_rows()
        zh, en = zip(*((f"{REASONS[bar].zh}{many}人", f"{many}: {REASONS[bar].en}") for bar, many in counts), strict=True)
        yield finding("planning.nobody_is_eligible", Place(table="teachers"), Text("；".join(zh), "; ".join(en)))


def _pins(register: pl.DataFrame, known: Places, brief: Brief) -> Iterator[Finding]:
    rows = {code: k for k, code in enumerate(register["teacher"].to_list())}
    going = set()
    for pin in brief.pins:
        k, place = rows.get(pin.what[1]), Place(table="teachers", key=(pin.what[1],))
        if k is None:
            yield finding("planning.pin_of_teacher_not_eligible", place, Text("学段不在交流范围", "of a stage without exchange"))
            continue
        bar, stage = register["bar"][k], register["stage"][k]
        if pin.to == register["school"][k]:
            continue
        if bar:
            yield finding("planning.pin_of_teacher_not_eligible", place, REASONS[bar])
        elif (pin.to, stage) not in known.unit_of:
            yield finding("planning.pin_to_school_without_stage", place, pin.to, stage=allowed("stage")[stage])
        else:
            going.add(k)
    partner = register["partner"].to_list()
    for k in sorted(going):
        other = rows.get(partner[k] or "")
        if other in going and k < (other or 0):
            yield finding("planning.couple_both_pinned", Place(table="teachers", key=(register["teacher"][k],)), partner[k])


def _wished(county: County) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for teacher, school in county.tables["teacher_wishes"].sort("teacher", "rank").select("teacher", "school").iter_rows():
        found.setdefault(teacher, []).append(school)
    return found


class _Base:
    """The county before any move of next year, counted by group."""

    def __init__(self, known: Places, loss: float, net: float, keeps: frozenset[str], *, second: bool) -> None:
        register = known.register
        self.known, self.register, self.keeps, self.second = known, register, keeps, second
        self.at = register["at"].to_numpy().astype(np.int64)
        self.subject = np.array([known.subject_of.get(name or "", -1) for name in register["subject"]])
        self.bar = np.array(register["bar"].to_list(), dtype=object)
        self.is_backbone = register["is_backbone"].to_numpy()
        self.counts = register["full_time"].fill_null(value=True).to_numpy() & (self.at >= 0)
        home = self.returns()
        self.now = self.at.copy()
        self.now[home.row] = home.unit
        subjects = len(known.subject_of)
        taught = self.counts & (self.subject >= 0)
        self.group = self.now * subjects + self.subject
        self.held = np.bincount(self.group[taught], minlength=len(known.need))
        self.total = np.bincount(self.now[self.counts], minlength=len(known.units))
        self.backbone = np.bincount(self.now[self.counts & self.is_backbone], minlength=len(known.units))
        self.loss = np.where(self.held > 0, np.maximum(1, np.floor(loss * self.held + 1e-9)), 0).astype(np.int64)
        self.net = np.maximum(1, np.floor(net * self.total + 1e-9)).astype(np.int64)

    def returns(self) -> Settled:
        """Return those whose term is over: they go back to the school that keeps their post."""
        due = (self.register["return_year"] <= self.known.year + 1).fill_null(value=False).to_numpy() & (self.bar == "away")
        pairs = zip(self.register["origin"].to_list(), self.register["stage"].to_list(), strict=True)
        unit = np.array([self.known.unit_of.get(pair, -1) for pair in pairs], dtype=np.int64)
        rows = np.flatnonzero(due & (unit >= 0) & (self.at >= 0))
        return Settled(row=rows, unit=unit[rows], kind="return")

    def before(self) -> Iterator[Settled]:
        """Yield the exchanges that were decided for next year already."""
        rows = np.flatnonzero((self.bar == "arrived") & (self.register["decided"].to_numpy() >= 0) & (self.at >= 0))
        if len(rows):
            yield Settled(row=rows, unit=self.register["decided"].to_numpy()[rows].astype(np.int64), kind="before")

    def wishes(self, wished: dict[str, list[str]], far: Floats, brief: Brief) -> Settled:
        """Return the wishes that are granted: stable by years at the school, then backbone, then code."""
        pinned = self._pinned(brief)
        forbidden = {(pin.what[1], pin.to) for pin in brief.forbids}
        codes = self.register["teacher"].to_list()
        years = self.register["years"].fill_null(0).to_numpy()
        lists: dict[int, list[int]] = {}
        for k, code in enumerate(codes):
            if self.bar[k] or code not in wished or code in pinned or code in self.keeps or self.at[k] < 0:
                continue
            units = [
                self.known.unit_of.get((school, self.register["stage"][k]), -1)
                for school in wished[code]
                if (code, school) not in forbidden
            ]
            lists[k] = [unit for unit in units if unit >= 0 and self._can(k, unit, far[k])]
        order = sorted((k for k in lists if lists[k]), key=lambda k: (-years[k], not self.is_backbone[k], codes[k]))
        rank = {k: place for place, k in enumerate(order)}
        partner = self._partners()
        vacant = np.ceil(np.maximum(0.0, self.known.need - self.held) - 1e-9).astype(np.int64)
        room, chosen = self.loss.copy(), []
        net = self.net.copy()
        for k in order:
            other = partner.get(k)
            if other in rank and rank[other] < rank[k]:
                continue
            if room[self.group[k]] > 0 and net[self.now[k]] > 0:
                room[self.group[k]] -= 1
                net[self.now[k]] -= 1
                chosen.append(k)
        given = granted(chosen, lists, self.subject, vacant, len(self.known.subject_of))
        rows = np.array(sorted(given), dtype=np.int64)
        return Settled(row=rows, unit=np.array([given[k] for k in rows], dtype=np.int64), kind="wish")

    def _pinned(self, brief: Brief) -> set[str]:
        """Return who is pinned, and the partners of those who are pinned to go: not both of a couple do."""
        register, found = self.register, {pin.what[1] for pin in brief.pins}
        home = dict(register.select("teacher", "school").iter_rows())
        going = {pin.what[1] for pin in brief.pins if pin.to != home.get(pin.what[1])}
        couples = register.filter(pl.col("partner").is_not_null()).select("teacher", "partner").iter_rows()
        return found | {teacher for teacher, partner in couples if partner in going}

    def _can(self, k: int, unit: int, far: float) -> bool:
        other = self.known.mains[unit][0] != self.known.mains[self.at[k]][0]
        return bool(other and self.known.km[k, unit] <= far)

    def _partners(self) -> dict[int, int]:
        codes = {code: k for k, code in enumerate(self.register["teacher"].to_list())}
        named = self.register["partner"].to_list()
        return {k: codes[name] for k, name in enumerate(named) if name in codes and named[codes[name]] == self.register["teacher"][k]}

    def case(
        self, settled: list[Settled], far: Floats, brief: Brief, shares: tuple[float, float, float], weights: Weights
    ) -> tuple[Case, Ints]:
        """Return the case with what is settled counted in, and the rows of its teachers."""
        done = np.concatenate([np.zeros(0, dtype=np.int64), *(one.row for one in settled)])
        to = np.concatenate([np.zeros(0, dtype=np.int64), *(one.unit for one in settled)])
        row = np.setdiff1d(np.flatnonzero((self.bar == "") & (self.at >= 0)), done)
        subjects, units = len(self.known.subject_of), len(self.known.units)
        held, backbone = self.held.copy(), self.backbone.copy()
        np.add.at(held, to * subjects + self.subject[done], 1)
        np.subtract.at(held, self.group[done], 1)
        np.add.at(backbone, to[self.is_backbone[done]], 1)
        np.subtract.at(backbone, self.now[done[self.is_backbone[done]]], 1)
        net = np.bincount(to, minlength=units) - np.bincount(self.now[done], minlength=units)
        left = np.bincount(self.group[done], minlength=len(held))
        stays, couple = self._bound(row, done, brief)
        second = second_subjects(self.known)[row] if self.second else np.full(len(row), -1)
        lacks = self.known.need > held + 1e-9
        arcs = ways(self.known, (row, self.at[row]), (self.subject[row], second), far[row], self.keeps, brief, lacks)
        even = np.minimum(np.floor(self.known.share_of(self.total, self.backbone) * self.total), self.total).astype(np.int64)
        subject_names = tuple((allowed("subject")[name].zh, allowed("subject")[name].en) for name in self.known.subject_of)
        return (
            Case(
                names=tuple(self.register["teacher"].gather(row).to_list()),
                units=self.known.names,
                subject_names=subject_names,
                unit=self.now[row],
                subject=self.subject[row],
                is_backbone=self.is_backbone[row],
                couple=couple,
                arc_teacher=arcs.teacher,
                arc_unit=arcs.unit,
                arc_subject=arcs.subject,
                arc_km=self._added(row[arcs.teacher], arcs.unit),
                arc_down=self.known.down(self.now[row[arcs.teacher]], arcs.unit, self.total, self.backbone),
                must=arcs.must,
                stays=stays,
                need=self.known.need,
                held=held,
                may_leave=np.maximum(0, self.loss - left),
                net_least=np.minimum(-self.net - net, 0),
                net_most=np.maximum(self.net - net, 0),
                even=even,
                backbone=backbone,
                eligible=len(row) + len(done),
                settled=len(done),
                settled_backbone=int(self.is_backbone[done].sum()),
                least_share=shares[0],
                most_share=shares[1],
                backbone_share=shares[2],
                weights=weights,
            ),
            row,
        )

    def _bound(self, row: Ints, done: Ints, brief: Brief) -> tuple[Mask, Ints]:
        """Return who is pinned to stay (or stays because the partner goes), and the number of each couple."""
        codes, schools = self.register["teacher"].to_list(), self.register["school"].to_list()
        partner, gone, place = self._partners(), set(done.tolist()), {k: n for n, k in enumerate(row.tolist())}
        kept = {pin.what[1] for pin in brief.pins}
        own = {(pin.what[1], pin.to) for pin in brief.pins}
        stays, couple = np.zeros(len(row), dtype=np.bool_), np.full(len(row), -1)
        for n, k in enumerate(row.tolist()):
            stays[n] = (codes[k] in kept and (codes[k], schools[k]) in own) or partner.get(k) in gone
            other = place.get(partner.get(k, -1))
            if other is not None:
                couple[n] = min(n, other)
        return stays, np.unique(couple, return_inverse=True)[1] - int((couple < 0).any()) if len(row) else couple

    def _added(self, rows: Ints, units: Ints) -> Floats:
        today = self.known.km[rows, self.now[rows]]
        return np.asarray(np.round(np.maximum(0.0, self.known.km[rows, units] - np.where(np.isfinite(today), today, 0.0)), 1))
