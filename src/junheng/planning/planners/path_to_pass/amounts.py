"""How much of each measure: whole portions at each place, teachers who leave and who come, the money of the years.

These are the decisions of a plan; they are the same in every year in which the county must pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.effects import Cell, Unit
from junheng.planning.planners.path_to_pass.measures import Measure
from junheng.planning.planners.path_to_pass.question import Question, Target, most_leaving, unit_name
from junheng.planning.solve import Program, Terms, Variables
from junheng.planning.spread import Spread

_MOVED = Text("调动的教师", "teachers moved")


@dataclass
class Model:
    """The program and where its numbers stand."""

    program: Program
    amount: dict[str, Variables] = field(default_factory=dict)  # portions of each measure, by its targets
    leaves: dict[str, Variables] = field(default_factory=dict)
    switch: dict[str, Variables] = field(default_factory=dict)
    late: list[Variables] = field(default_factory=list)
    spreads: list[Spread] = field(default_factory=list)
    spread_of: list[tuple[Question, tuple[str, str]]] = field(default_factory=list)  # the year's question; stage and requirement
    goes: Variables | None = None  # whether a village goes to another catchment, by way
    weight: dict[int, Variables] = field(default_factory=dict)  # pupils over those without moves, by year, by unit of the question
    moving: frozenset[Unit] = frozenset()  # schools of which the pupils may become others


def amounts(question: Question) -> Model:
    """Return a program that knows the amounts of measures and nothing else."""
    made = Model(Program(unit="yuan"))
    _amounts(made, question)
    return made


def _amounts(made: Model, question: Question) -> None:
    program = made.program
    for measure in question.measures:
        targets = question.targets[measure.id]
        if not targets:
            continue
        names = np.array([unit_name(question, at) for at in targets])
        sentence = Text(f"{measure.title.zh}：{{school}}", f"{measure.title.en}: {{school}}")
        upper = np.array([question.most[measure.id, at] for at in targets], dtype=np.float64)
        lower = np.array([question.least.get((measure.id, at), 0) for at in targets], dtype=np.float64)
        amount = program.variables(sentence, len(targets), lower=lower, upper=upper, whole=True, school=names)
        made.amount[measure.id] = amount
        if measure.kind == "move":
            out = np.array([question.gives[measure.id, at] for at in targets], dtype=np.float64)
            leaves = program.variables(sentence, len(targets), upper=out, whole=True, school=names)
            made.leaves[measure.id] = leaves
            stages = sorted({at[1] for at in targets})
            of = np.array([stages.index(at[1]) for at in targets])
            program.definition(measure.title, (amount.sum_by(of, len(stages)) - leaves.sum_by(of, len(stages))) == 0.0)
            program.cost(
                Text(f"{_MOVED.zh}：{measure.title.zh}", f"{_MOVED.en}: {measure.title.en}"),
                leaves,
                unit="teachers",
                weight=float(question.disturbance) + float(measure.yuan),
            )
            continue
        program.cost(measure.title, amount * float(measure.grain), unit=measure.unit, weight=float(measure.yuan / measure.grain))
        if measure.switched():
            switch = program.variables(sentence, len(targets), upper=1.0, whole=True, school=names)
            made.switch[measure.id] = switch
            program.definition(sentence, amount - switch * upper <= 0.0, school=names)
            program.definition(sentence, amount - switch * float(measure.least) >= 0.0, school=names)
            program.cost(
                Text(f"{measure.title.zh}：起步", f"{measure.title.en}: start"), switch, unit="items", weight=float(measure.fixed_yuan)
            )
        if measure.unit in ("yuan", "m2"):
            made.late.append(amount)


def no_school_loses_too_many(made: Model, question: Question) -> None:
    """Add that a school gives at most its share of teachers, and none that it lacks."""
    units = sorted({at for name in made.leaves for at in question.targets[name]})
    place = {unit: k for k, unit in enumerate(units)}
    if not units:
        return
    names = np.array([unit_name(question, unit) for unit in units])
    total: Terms | None = None
    for name, leaves in made.leaves.items():
        part = leaves.sum_by(np.array([place[at] for at in question.targets[name]]), len(units))
        total = part if total is None else total + part
    limit = [most_leaving(question.tables, unit, question.leave) for unit in units]
    assert total is not None
    share = Text(
        f"{{school}}一年调出的教师不超过{question.leave:.0%}", f"at most {question.leave:.0%} of the teachers leave {{school}} in a year"
    )
    program = made.program
    program.rule(share, total <= np.array(limit, dtype=np.float64), measured="teachers", option="leave", school=names)


def the_money_suffices(made: Model, question: Question) -> None:
    """Add that what must begin by a year can be paid by then: measures that take longer must begin earlier."""
    years = max(1, question.years)
    leads = sorted({min(each.lead_years, years) for each in question.measures})
    for lead in leads:
        total: Terms | None = None
        for measure in question.measures:
            if measure.id not in made.amount or measure.kind == "move" or min(measure.lead_years, years) < lead:
                continue
            part = (made.amount[measure.id] * float(measure.yuan)).sum()
            if measure.id in made.switch:
                part = part + (made.switch[measure.id] * float(measure.fixed_yuan)).sum()
            total = part if total is None else total + part
        turns = max(1, years - max(lead, 1) + 1)
        if total is not None:
            when = f"，需{lead}年见效的措施在前{turns}年开工" if turns < years else ""
            zh = f"每年资金不超过{question.budget / 10_000:,.0f}万元{when}"
            en = f"at most {question.budget:,.0f} yuan a year, and measures of {lead} years begin within the first {turns}"
            made.program.rule(
                Text(zh, en), total <= float(question.budget * turns - question.spare), kind="budget", measured="yuan", option="budget"
            )


def numerator(made: Model, question: Question, cells: list[tuple[Unit, Cell]], *, own: bool) -> Terms:
    """Return what each unit has of one requirement: (cells,)."""
    total = Terms(
        np.zeros(0, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        np.zeros(0),
        np.array([float(c.own if own else c.counted) for _, c in cells]),
    )
    for measure in question.measures:
        if measure.id not in made.amount:
            continue
        place = {at: k for k, at in enumerate(question.targets[measure.id])}
        rows = [
            (k, place[target_of(measure, unit)], float((cell.adds_own if own else cell.adds)[measure.id]))
            for k, (unit, cell) in enumerate(cells)
            if measure.id in (cell.adds_own if own else cell.adds) and target_of(measure, unit) in place
        ]
        if not rows:
            continue
        row, where, value = (np.array(each) for each in zip(*rows, strict=True))
        part = (made.amount[measure.id][where] * value).sum_by(row, len(cells))
        if measure.id in made.leaves:
            part = part - (made.leaves[measure.id][where] * value).sum_by(row, len(cells))
        total = total + part
    return total


def target_of(measure: Measure, unit: Unit) -> Target:
    """Return where a measure is done that serves a unit."""
    return unit if measure.per == "stage" else unit[:1]


def late(made: Model) -> Iterator[int]:
    """Yield the columns of whole numbers of which a fraction changes the cost little."""
    for each in made.late:
        yield from each.columns.tolist()
