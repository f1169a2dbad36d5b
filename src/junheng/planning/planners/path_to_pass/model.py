"""The rules of the path in sentences: amounts of measures at schools, what each then has, how many items it meets, how far apart they are.

Amounts are whole portions. A threshold that only whole things can reach is rounded up to what they reach; where nothing but things with a
fixed cost can help, one of them is done. Both cut nothing off and bring the bound near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.effects import Cell, Unit
from junheng.planning.planners.path_to_pass.measures import Measure
from junheng.planning.planners.path_to_pass.question import STAGES, Question, Target, most_leaving, unit_name
from junheng.planning.planners.path_to_pass.zones import Way
from junheng.planning.solve import Program, Terms, Variables
from junheng.planning.spread import Spread, limit_spread
from junheng.planning.spread_moving import limit_moving_spread
from junheng.standards.framework import Requirement

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOVED = Text("调动的教师", "teachers moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Villages that may go to another school, whole."""

    ways: tuple[Way, ...]
    share: float  # the most of a school's pupils that leave it, or come to it, on balance
    yuan: int  # that one pupil weighs


@dataclass
class Model:
    """The program and where its numbers stand."""

    program: Program
    amount: dict[str, Variables] = field(default_factory=dict)  # portions of each measure, by its targets
    leaves: dict[str, Variables] = field(default_factory=dict)
    switch: dict[str, Variables] = field(default_factory=dict)
    met: dict[str, Variables] = field(default_factory=dict)  # by requirement
    units: dict[str, tuple[Unit, ...]] = field(default_factory=dict)  # by requirement: those with data
    spreads: list[Spread] = field(default_factory=list)
    spread_of: list[tuple[str, str]] = field(default_factory=list)  # stage, requirement of each
    late: list[Variables] = field(default_factory=list)
    goes: Variables | None = None  # whether a village goes to another school, by way
    weight: Variables | None = None  # pupils over today's, by unit of the question
    moving: frozenset[Unit] = frozenset()  # schools of which the pupils may become others


def model(question: Question, eased: dict[tuple[str, str], float] | None = None, going: Going | None = None) -> Model:
    """Return the program. eased: other limits of coefficients, by stage and requirement; going: villages that may change their school."""
    made = Model(Program(unit="yuan"))
    if going is not None and going.ways:
        _going(made, question, going)
    _amounts(made, question)
    _leaving(made, question)
    _budget(made, question)
    for item in question.judged.schools.requirements:
        _threshold(made, question, item)
    _enough(made, question)
    _spreads(made, question, eased or {})
    return made


def _going(made: Model, question: Question, going: Going) -> None:
    """Add which villages go, each to one school at most, and the pupils that schools then have over today's."""
    units = question.judged.units
    place = {unit: k for k, unit in enumerate(units)}
    pupils = np.array([float(next(iter(_weights(question, unit)), 1.0)) for unit in units])
    made.moving = frozenset(unit for way in going.ways for unit in (way.giver, way.taker))
    names = np.array([way.village for way in going.ways])
    program = made.program
    many = np.array([float(way.pupils) for way in going.ways])
    sentence = Text("{village}改划", "{village} goes to another school")
    made.goes = program.variables(sentence, len(going.ways), upper=1.0, whole=True, village=names)
    program.cost(Text("改划的学生", "pupils of another school"), made.goes * many, unit="pupils", weight=float(going.yuan))
    _, village = np.unique(names, return_inverse=True)
    program.definition(sentence, made.goes.sum_by(village, int(village.max()) + 1) <= 1.0)
    room = np.array([going.share if unit in made.moving else 0.0 for unit in units])
    weight = program.variables(Text("学生与现有之比", "pupils over today's"), len(units), lower=1.0 - room, upper=1.0 + room)
    giver, taker = (np.array([place[unit] for unit in side]) for side in zip(*((w.giver, w.taker) for w in going.ways), strict=True))
    came = (made.goes * many).sum_by(taker, len(units)) - (made.goes * many).sum_by(giver, len(units))
    program.definition(Text("学生", "pupils"), weight == came * (1 / pupils) + 1.0)
    made.weight = weight


def _weights(question: Question, unit: Unit) -> Iterator[Decimal]:
    for item in question.judged.schools_items:
        if (unit, item) in question.judged.cells:
            yield question.judged.cells[unit, item].weight


def alone(question: Question, item: Requirement, stage: str, limit: float) -> Model:
    """Return the program of one coefficient and nothing else."""
    made = Model(Program(unit="yuan"))
    _amounts(made, question)
    cells = _spread_cells(question, item, stage)
    if len(cells) > 1:
        _spread(made, question, (item, stage), cells, limit)
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


def _leaving(made: Model, question: Question) -> None:
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
    program.rule(share, total <= np.array(limit, dtype=np.float64), school=names)


def _budget(made: Model, question: Question) -> None:
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
            zh = f"每年资金不超过{question.budget / 10_000:,.0f}万元，需{lead}年的措施须在前{turns}年开工"
            en = f"at most {question.budget:,.0f} yuan a year, and measures of {lead} years begin within the first {turns}"
            made.program.rule(Text(zh, en), total <= float(question.budget * turns - question.spare))


def _numerator(made: Model, question: Question, cells: list[tuple[Unit, Cell]], *, own: bool) -> Terms:
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
            (k, place[_at(measure, unit)], float((cell.adds_own if own else cell.adds)[measure.id]))
            for k, (unit, cell) in enumerate(cells)
            if measure.id in (cell.adds_own if own else cell.adds)
        ]
        if not rows:
            continue
        row, where, value = (np.array(each) for each in zip(*rows, strict=True))
        part = (made.amount[measure.id][where] * value).sum_by(row, len(cells))
        if measure.id in made.leaves:
            part = part - (made.leaves[measure.id][where] * value).sum_by(row, len(cells))
        total = total + part
    return total


def _at(measure: Measure, unit: Unit) -> Target:
    return unit if measure.per == "stage" else unit[:1]


def _cells(question: Question, item: Requirement) -> list[tuple[Unit, Cell]]:
    return [(unit, question.judged.cells[unit, item.id]) for unit in question.judged.units if (unit, item.id) in question.judged.cells]


def _threshold(made: Model, question: Question, item: Requirement) -> None:
    """Add that every unit reaches the lower limit, and the limit itself where the item counts as met."""
    cells = _cells(question, item)
    made.units[item.id] = tuple(unit for unit, _ in cells)
    names = np.array([unit_name(question, unit) for unit, _ in cells])
    met = made.program.variables(
        Text(f"{item.title.zh}：{{school}}达标", f"{item.title.en}: {{school}} meets it"), len(cells), upper=1.0, whole=True, school=names
    )
    made.met[item.id] = met
    levels = [_level(made, question, item, unit, cell) for unit, cell in cells]
    low, full = zip(*levels, strict=True) if levels else ((), ())
    lower, upper = np.array(low, dtype=np.float64), np.array(full, dtype=np.float64)
    has = _numerator(made, question, cells, own=False)
    scale = 1.0 / np.maximum(upper, 1e-9)
    zh = f"{{school}}{item.title.zh}达到要求（至少{item.near}倍限值）" if item.near else f"{{school}}{item.title.zh}"
    sentence = Text(zh, f"{{school}}: {item.title.en}, at least {item.near} of the limit")
    made.program.rule(sentence, (has - met * (upper - lower)) * scale >= lower * scale, school=names)
    _switched_on(made, question, cells, (lower, upper), met)
    _moving_threshold(made, question, item, cells)


def _level(made: Model, question: Question, item: Requirement, unit: Unit, cell: Cell) -> tuple[Decimal, Decimal]:
    """Return what the numerator must reach in any case, and where the item is met; where pupils move, of the fewest pupils."""
    if unit in question.left_out:
        return _kept(cell, item)
    if unit in made.moving and made.weight is not None:
        need = cell.need * (1 + question.reserve) * Decimal(repr(_fewest(made, question, unit)))
        return need * (item.near or 0), need
    return _levels(cell, item, question)


def _fewest(made: Model, question: Question, unit: Unit) -> float:
    assert made.weight is not None
    return float(made.program.arrays().lower[made.weight.columns[question.judged.units.index(unit)]])


def _moving_threshold(made: Model, question: Question, item: Requirement, cells: list[tuple[Unit, Cell]]) -> None:
    """Add that schools of which the pupils may become others reach the limit of the pupils that they then have."""
    which = [k for k, (unit, _) in enumerate(cells) if unit in made.moving and unit not in question.left_out]
    if not which or made.weight is None:
        return
    some = [cells[k] for k in which]
    weight = made.weight[[question.judged.units.index(unit) for unit, _ in some]]
    need = np.array([float(cell.need * (1 + question.reserve)) for _, cell in some])
    names, near = np.array([unit_name(question, unit) for unit, _ in some]), float(item.near or 0)
    has = _numerator(made, question, some, own=False) * (1.0 / np.maximum(need, 1e-9))
    sentence = Text(f"{{school}}{item.title.zh}随学生数达到要求", f"{{school}}: {item.title.en} for the pupils it then has")
    made.program.rule(sentence, has - weight * near >= 0.0, school=names)
    spare = (1.0 - near) * made.program.arrays().upper[weight.columns]
    made.program.rule(sentence, has - weight - made.met[item.id][which] * spare >= -spare, school=names)


def _kept(cell: Cell, item: Requirement) -> tuple[Decimal, Decimal]:
    """Return what an item of a school that cannot pass must keep: no verdict of it becomes worse."""
    near = cell.need * (item.near or 0)
    keep = min(cell.counted, cell.need if cell.counted >= cell.need else min(near, cell.counted))
    return keep, keep


def _levels(cell: Cell, item: Requirement, question: Question) -> tuple[Decimal, Decimal]:
    """Return what the numerator must reach in any case, and where the item is met; rounded up to what whole things reach."""
    need = cell.need * (1 + question.reserve)
    low = need * item.near if item.near is not None else Decimal(0)
    steps = [abs(value) for value in cell.adds.values()]
    if not steps or len(set(steps)) > 1:
        return low, need
    step = steps[0]
    return _reached(cell.counted, step, low), _reached(cell.counted, step, need)


def _reached(now: Decimal, step: Decimal, level: Decimal) -> Decimal:
    return level if level <= now else now + ((level - now) / step).to_integral_value(ROUND_CEILING) * step


def _switched_on(made: Model, question: Question, cells: list[tuple[Unit, Cell]], levels: tuple[Floats, Floats], met: Variables) -> None:
    helping = sorted({key for _, cell in cells for key in cell.adds})
    if not helping or any(key not in made.switch for key in helping):
        return
    total = Terms(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(len(cells)))
    measures = {each.id: each for each in question.measures}
    for key in helping:
        place = {at: k for k, at in enumerate(question.targets[key])}
        rows = [(k, place[_at(measures[key], unit)]) for k, (unit, cell) in enumerate(cells) if key in cell.adds]
        row, where = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
        total = total + made.switch[key][where].sum_by(row, len(cells))
    now = np.array([float(cell.counted) for _, cell in cells])
    must, may = (now < levels[0]).astype(np.float64), ((now < levels[1]) & (now >= levels[0])).astype(np.float64)
    made.program.definition(Text("缺的只能靠施工补上", "what lacks takes a measure"), total - met * may >= must)


def _enough(made: Model, question: Question) -> None:
    """Add how many items each school must meet; an item without data counts as one that is not met."""
    passes = question.judged.schools.passes
    for unit in question.judged.units:
        rows = [made.met[key][[made.units[key].index(unit)]] for key in made.met if unit in made.units[key]]
        if not rows or unit in question.left_out:
            continue
        needed = min(passes.met or len(rows), len(rows))
        total = rows[0].terms()
        for each in rows[1:]:
            total = total + each
        name = unit_name(question, unit)
        made.program.rule(Text(f"{name}至少{needed}项达标", f"{name} meets at least {needed} items"), total >= float(needed))


def _spreads(made: Model, question: Question, eased: dict[tuple[str, str], float]) -> None:
    part = question.judged.spread
    for item in part.requirements if part else ():
        for stage in question.judged.schools.stages:
            limit, verdict, _ = question.judged.spreads.get((stage, item.id), (None, "no_data", None))
            cells = _spread_cells(question, item, stage)
            if limit is None or verdict == "no_data" or len(cells) < 2 or (stage, item.id) in question.spreads_out:
                continue
            _spread(made, question, (item, stage), cells, eased.get((stage, item.id), float(limit)))


def _spread_cells(question: Question, item: Requirement, stage: str) -> list[tuple[Unit, Cell]]:
    """Return the schools over which a coefficient goes."""
    member = next((each for each in question.judged.schools.requirements if f"{each.indicator}.cv" == item.indicator), None)
    return [] if member is None else [(unit, cell) for unit, cell in _cells(question, member) if unit[1] == stage]


def _spread(made: Model, question: Question, which: tuple[Requirement, str], cells: list[tuple[Unit, Cell]], limit: float) -> None:
    item, stage = which
    weight = np.array([float(cell.weight) for _, cell in cells])
    factor = np.array([float(cell.weight / cell.denominator) for _, cell in cells])
    amount = _numerator(made, question, cells, own=True) * factor
    typical = max(float(amount.constant.sum() / weight.sum()), 1e-9)
    title = Text(f"{STAGES[stage].zh}{item.title.zh}不超过{limit:g}", f"{STAGES[stage].en}: {item.title.en} at most {limit:g}")
    if made.weight is not None and any(unit in made.moving for unit, _ in cells):
        upper = made.program.arrays().upper[amount.column]
        most = float((np.maximum(amount.value, 0.0) * upper).sum() + amount.constant.sum()) / float(weight.sum()) / typical
        new = made.weight[[question.judged.units.index(unit) for unit, _ in cells]]
        made.spreads.append(limit_moving_spread(made.program, title, amount, (weight, new), limit, typical, (0.0, most)))
    else:
        made.spreads.append(limit_spread(made.program, title, amount, weight, limit, typical))
    made.spread_of.append((stage, item.id))


def late(made: Model) -> Iterator[int]:
    """Yield the columns of whole numbers of which a fraction changes the cost little."""
    for each in made.late:
        yield from each.columns.tolist()
