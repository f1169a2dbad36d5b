"""The rules of zones in sentences: a seat for each zone, every school under one seat, balanced, connected, with enough inspectors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.solve import Program, Terms, Variables

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Model(NamedTuple):
    """A program and its pairs: pair k is school[k] under seat[k]."""

    program: Program
    under: Variables
    staff: Variables | None
    seat: Ints
    school: Ints

    def values(self, question: Question, seats: Ints) -> NDArray[np.float64]:
        """Return a plan as values of the program. seats: (schools,) the seat of each."""
        plan: NDArray[np.float64] = (seats[self.school] == self.seat).astype(np.float64)
        if self.staff is None:
            return plan
        sizes = np.bincount(seats, minlength=len(seats))[np.unique(self.seat)]
        return np.concatenate((plan, [float(question.staff(int(size)) if size else 0) for size in sizes]))

    def seats(self, values: NDArray[np.float64]) -> Ints:
        """Return the seat of each school."""
        taken = values[self.under.columns] > 0.5
        seats = np.zeros(int(self.school.max()) + 1, dtype=np.int64)
        seats[self.school[taken]] = self.seat[taken]
        return seats


def totals(question: Question, zones: int) -> Program:
    """Return what must hold of the county as a whole, whatever the map looks like."""
    program, schools = Program(), len(question.codes)
    inside, seats, staff = (program.variables(Text(name, name), 1, whole=True) for name in ("schools", "zones", "inspectors"))
    program.rule(
        Text(f"全部{schools}所学校划入责任区", f"all {schools} schools are in a zone"), inside.sum() == schools, measured="schools"
    )
    program.rule(Text(f"划{zones}个责任区", f"there are {zones} zones"), seats.sum() == zones, measured="items", option="zones")
    most, least, each = question.most_schools, question.least_inspectors, question.schools_an_inspector
    program.rule(Text(f"每区不超过{most}所学校", f"a zone has at most {most} schools"), inside <= seats * most, measured="schools")
    program.rule(Text("每区至少1所学校", "a zone has a school"), inside >= seats, measured="schools")
    inspectors = Text(f"每区至少{least}名督学", f"a zone has at least {least} inspectors")
    program.rule(inspectors, staff >= seats * least, measured="persons")
    program.rule(
        Text(f"每名督学不超过{each}所学校", f"an inspector has at most {each} schools"), staff * each >= inside, measured="schools"
    )
    if question.inspectors is not None:
        many = question.inspectors
        program.rule(
            Text(f"全县共有{many}名督学", f"the county has {many} inspectors"), staff.sum() <= many, measured="persons", option="inspectors"
        )
    return program


def model(question: Question, zones: int, keep: Mask) -> Model:
    """Return the program over the pairs kept. keep: (seats, schools)."""
    keep = keep & question.allowed
    seat, school = np.nonzero(keep & keep.diagonal()[:, None])
    program, names = Program(unit="m"), np.array([*question.names])
    codes = np.array([f"{name}（{code}）" for name, code in zip(names, question.codes, strict=True)])
    under = program.variables(
        Text("{school}归驻点{seat}", "{school} under {seat}"), len(seat), upper=1, whole=True, school=codes[school], seat=codes[seat]
    )
    pair = np.full(keep.shape, -1, dtype=np.int64)
    pair[seat, school] = np.arange(len(seat))
    every = Text("{school}划入一个责任区", "{school} is in one zone")
    program.rule(every, under.sum_by(school, len(codes)) == 1, school=codes)
    seats, which = np.unique(seat, return_inverse=True)
    is_seat = under[pair[seats, seats]]
    program.rule(Text(f"划{zones}个责任区", f"there are {zones} zones"), is_seat.sum() == zones, measured="items", option="zones")
    _balance(program, question, zones, under, is_seat, which, codes[seats], school)
    _joined(program, question, under, pair, seat, school, codes)
    staff = _inspectors(program, question, zones, under, is_seat, which, codes[seats])
    _pins(program, question, under, pair, seats, codes)
    program.cost(WAY, under * question.way[seat, school], unit="school-metres")
    moved = under * question.moved[seat, school].astype(np.float64)
    program.cost(MOVED, moved, unit="schools", weight=float(question.change))
    return Model(program, under, staff, seat, school)


WAY = Text("驻点到学校的路程", "way from the seats to the schools")
MOVED = Text("改由其他责任区的驻点负责的学校", "schools put under the seat of another zone")


def _balance(
    program: Program, question: Question, zones: int, under: Variables, is_seat: Variables, which: Ints, seats: Ints, school: Ints
) -> None:
    least, most = question.size(zones)
    few, many = question.load(zones)
    sums = under.sum_by(which)
    schools = Text(f"驻点{{seat}}的责任区有{least}至{most}所学校", f"the zone of {{seat}} has {least} to {most} schools")
    program.rule(schools, sums >= is_seat * least, measured="schools", option="spread", seat=seats)
    program.rule(schools, sums <= is_seat * most, measured="schools", option="spread", seat=seats)
    load = (under * question.pupils[school]).sum_by(which)
    pupils = Text(f"驻点{{seat}}的责任区有{few:.0f}至{many:.0f}名学生", f"the zone of {{seat}} has {few:.0f} to {many:.0f} pupils")
    program.rule(pupils, load >= is_seat * few, measured="pupils", option="pupils_within", seat=seats)
    program.rule(pupils, load <= is_seat * many, measured="pupils", option="pupils_within", seat=seats)


def _joined(program: Program, question: Question, under: Variables, pair: Ints, seat: Ints, school: Ints, codes: Ints) -> None:
    """Add that a school other than the seat has a neighbour in the zone that is nearer to the seat."""
    others = np.flatnonzero(seat != school)
    own = under[pair[seat[others], seat[others]]]
    program.definition(Text("没有驻点就没有责任区", "no zone without a seat"), under[others] - own <= 0)
    rows: list[Ints] = []
    columns: list[Ints] = []
    for place, k in enumerate(others):
        nearer = question.edges[school[k]] & (question.metres[seat[k]] < question.metres[seat[k], school[k]])
        through = pair[seat[k], np.flatnonzero(nearer)]
        through = through[through >= 0]
        rows.append(np.full(len(through), place))
        columns.append(through)
    none = np.zeros(0, dtype=np.int64)
    row, column = np.concatenate([none, *rows]), np.concatenate([none, *columns])
    nearer_ones = Terms(row, under.columns[column], np.ones(len(row)), np.zeros(len(others)))
    sentence = Text("{school}经同区相邻学校通到驻点{seat}", "{school} is joined to the seat {seat} within the zone")
    program.rule(sentence, under[others] - nearer_ones <= 0, school=codes[school[others]], seat=codes[seat[others]])


def _inspectors(
    program: Program, question: Question, zones: int, under: Variables, is_seat: Variables, which: Ints, seats: Ints
) -> Variables | None:
    if question.inspectors is None or question.inspectors >= zones * question.staff(question.size(zones)[1]):
        return None  # there are enough for any zones that are lawful otherwise
    staff = program.variables(
        Text("驻点{seat}的督学", "inspectors at {seat}"), len(seats), whole=True, upper=question.inspectors, seat=seats
    )
    least, each = question.least_inspectors, question.schools_an_inspector
    enough = Text(f"驻点{{seat}}的责任区至少{least}名督学", f"the zone of {{seat}} has at least {least} inspectors")
    program.rule(enough, staff >= is_seat * least, measured="persons", seat=seats)
    few = Text(f"驻点{{seat}}每名督学不超过{each}所学校", f"an inspector at {{seat}} has at most {each} schools")
    program.rule(few, staff * each >= under.sum_by(which), measured="schools", seat=seats)
    program.rule(
        Text(f"全县共有{question.inspectors}名督学", f"the county has {question.inspectors} inspectors"),
        staff.sum() <= question.inspectors,
        measured="persons",
    )
    return staff


def _pins(program: Program, question: Question, under: Variables, pair: Ints, seats: Ints, codes: Ints) -> None:
    for first, second in question.together:
        for a, b in ((pair[seat, first], pair[seat, second]) for seat in seats):
            sentence = Text(f"{codes[first]}与{codes[second]}同区", f"{codes[first]} and {codes[second]} are in one zone")
            if max(a, b) >= 0:
                program.rule(sentence, _sum(under, [a], 1.0) - _sum(under, [b], 1.0) == 0, option="--pin")
    for first, second in question.apart:
        for seat in seats:
            sentence = Text(f"{codes[first]}与{codes[second]}不同区", f"{codes[first]} and {codes[second]} are not in one zone")
            program.rule(sentence, _sum(under, [pair[seat, first], pair[seat, second]], 1.0) <= 1, option="--pin")


def _sum(under: Variables, pairs: list[int], value: float) -> Terms:
    known = [int(pair) for pair in pairs if pair >= 0]
    return (under[np.array(known, dtype=np.int64)] * value).sum()
