"""The rules of places in sentences: a place within reach for every child, in every scenario and year, and what each step costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.school_places.costs import cost_kinds, moved_by, trips
from junheng.planning.planners.school_places.question import (
    CLOSE,
    EXTEND,
    KEEP,
    OPEN,
    POINT,
    SHRINK,
    Floats,
    Ints,
    Question,
)
from junheng.planning.solve import Program, Terms, Variables

_SCENARIO = {"low": Text("低情形", "low"), "middle": Text("中情形", "middle"), "high": Text("高情形", "high")}
_FATES = {
    KEEP: Text("保留", "stay as it is"),
    EXTEND: Text("扩建", "be extended"),
    SHRINK: Text("压缩", "give up places"),
    POINT: Text("改为教学点", "become a teaching point"),
    CLOSE: Text("撤并", "close"),
    OPEN: Text("新建", "be built"),
}
_TEN_THOUSAND = 10_000


@dataclass(eq=False)
class Model:
    """A program with its variables. goes: (T * A,) shares of blocks that go to a unit; done: (K * T,) how many of a choice by then."""

    question: Question
    program: Program
    goes: Variables
    done: Variables
    opened: Variables  # (K * T,) whether a site is open; of other choices nothing
    stays: Variables  # (T * kept,) the part of a share that goes where children of the place go today
    kept: Ints  # (kept,) the pairs that are used today

    def by(self, choice: int, year: int) -> int:
        """Return the position of a choice in a year."""
        return choice * len(self.question.years) + year

    def row(self, choice: int) -> Ints:
        """Return the positions of a choice in all years."""
        return np.arange(self.by(choice, 0), self.by(choice + 1, 0))


def model(question: Question) -> Model:
    """Return the whole program."""
    program, years = Program(unit="yuan"), len(question.years)
    pairs, choices = len(question.ways.block), question.choices
    goes = program.variables(Text("去向", "who goes where"), pairs * years, upper=1, whole=question.weights.is_whole)
    most = np.array([[choice.most if year >= choice.first else 0 for year in range(years)] for choice in choices], dtype=np.float64)
    done = program.variables(Text("措施", "what is done"), len(choices) * years, upper=most.reshape(-1), whole=True)
    is_site = np.array([choice.fate == OPEN for choice in choices], dtype=np.bool_)
    may_open = np.minimum(most, 1.0) * is_site[:, None] if choices else most
    opened = program.variables(Text("建成", "open"), len(choices) * years, upper=may_open.reshape(-1), whole=True)
    kept = np.flatnonzero(question.ways.today > 0)
    stays = program.variables(
        Text("留在现在的学校", "stays at today's school"), len(kept) * years, upper=np.tile(question.ways.today[kept], years)
    )
    made = Model(question, program, goes, done, opened, stays, kept)
    every_child_has_a_place(made)
    who_stays_goes_there(made)
    no_school_is_overfull(made)
    what_is_done_stays(made)
    closed_schools_take_nobody(made)
    only_small_schools_become_points(made)
    closures_are_near_others(made)
    new_schools_are_worth_building(made)
    schools_that_stay_are_viable(made)
    no_school_is_too_large(made)
    the_money_suffices(made)
    what_is_pinned_holds(made)
    costs(made)
    return made


def _at(question: Question, count: int) -> tuple[Ints, Ints]:
    """Return the pair and the year of every share."""
    years = len(question.years)
    return np.tile(np.arange(count), years), np.repeat(np.arange(years), count)


def every_child_has_a_place(made: Model) -> None:
    """Let the shares of every block with children add up to one in every year."""
    question, blocks = made.question, len(made.question.blocks)
    pair, year = _at(question, len(question.ways.block))
    total = made.goes.sum_by(year * blocks + question.ways.block[pair], blocks * len(question.years))
    there = question.pupils.max(axis=0).reshape(-1) > 0
    names = np.array([block.label for block in question.blocks] * len(question.years), dtype=object).reshape(-1, 2)
    spoken = np.repeat(np.array(question.years), blocks)
    for wanted, bound in ((there, 1.0), (~there, 0.0)):
        rows = np.flatnonzero(wanted)
        relation = _chosen(total, rows) == bound
        if wanted is there:
            sentence = Text("{year}学年{zh}的孩子都有学位", "every child of {en} has a place in {year}")
            made.program.rule(sentence, relation, kind="place", zh=names[rows, 0], en=names[rows, 1], year=spoken[rows])
        else:
            made.program.definition(Text("没有孩子", "no children"), relation)


def who_stays_goes_there(made: Model) -> None:
    """Count as staying no more than goes there."""
    pairs = len(made.question.ways.block)
    at = np.concatenate([year * pairs + made.kept for year in range(len(made.question.years))]).astype(np.int64)
    made.program.definition(Text("留校的就读于该校", "who stays goes there"), made.stays.terms() - made.goes[at] <= 0)


def _chosen(terms: Terms, rows: Ints) -> Terms:
    """Return some of the expressions, in their order."""
    place = np.full(len(terms.constant), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    kept = place[terms.row] >= 0
    return Terms(place[terms.row[kept]], terms.column[kept], terms.value[kept], terms.constant[rows])


def _pupils(made: Model, scenario: Floats, groups: Ints, count: int) -> Terms:
    """Return the pupils of each group and year: (T * count,). scenario: (T, B); groups: (U,) of each unit."""
    question = made.question
    pair, year = _at(question, len(question.ways.block))
    pupils = scenario[year, question.ways.block[pair]]
    return (made.goes * pupils).sum_by(year * count + groups[question.ways.unit[pair]], count * len(question.years))


def _room(made: Model) -> Terms:
    """Return the places of each unit and year: (T * U,)."""
    question, units = made.question, len(made.question.units)
    years = len(question.years)
    factor, group = np.zeros(len(question.choices) * years), np.zeros(len(question.choices) * years, dtype=np.int64)
    for k, choice in enumerate(question.choices):
        for year in range(years):
            sign = {EXTEND: choice.places, OPEN: choice.places, SHRINK: -choice.places, CLOSE: -question.base[choice.unit, year]}
            factor[made.by(k, year)] = sign.get(choice.fate, 0)
            group[made.by(k, year)] = year * units + choice.unit
    base = question.base.T.reshape(-1).astype(np.float64)
    return (made.done * factor).sum_by(group, units * years) + base


def no_school_is_overfull(made: Model) -> None:
    """Keep the pupils of every unit within its places, in every scenario and year."""
    question, units = made.question, len(made.question.units)
    names = np.array([unit.label for unit in question.units] * len(question.years))
    years = np.repeat(np.array(question.years), units)
    every = np.arange(units)
    for scenario, pupils in zip(question.scenarios, question.pupils, strict=True):
        zh, en = _SCENARIO[scenario]
        sentence = Text(f"{{year}}学年{{unit}}学生不超过学位（{zh}）", f"{{unit}} is not overfull in {{year}} ({en})")
        made.program.rule(
            sentence, _pupils(made, pupils, every, units) - _room(made) <= 0, kind="room", measured="pupils", unit=names, year=years
        )


def what_is_done_stays(made: Model) -> None:
    """Let nothing be undone, and nothing be done to a school that is closed."""
    question, years = made.question, len(made.question.years)
    if years > 1 and question.choices:
        later = np.concatenate([made.row(k)[1:] for k in range(len(question.choices))])
        for variables in (made.done, made.opened):
            made.program.definition(Text("建成的保留", "what is done stays"), variables[later] - variables[later - 1] >= 0)
    closing = {choice.unit: k for k, choice in question.choices_of(CLOSE)}
    for k, choice in enumerate(question.choices):
        if choice.fate in (EXTEND, SHRINK, POINT) and choice.unit in closing:
            end = made.done[[made.by(closing[choice.unit], years - 1)]]
            last = made.done[[made.by(k, years - 1)]]
            made.program.definition(
                Text("撤并的学校不再改造", "nothing is done to a school that closes"), last + end * choice.most <= choice.most
            )
        if choice.fate == SHRINK and choice.places:
            kept = np.ceil(question.units[choice.unit].pupils * (1 + question.weights.reserve))
            room = np.maximum(question.base[choice.unit] - kept, 0) // choice.places
            made.program.definition(
                Text("只压缩现在空着的学位", "only places that stand empty today are given up"), made.done[made.row(k)] * 1.0 <= room
            )


def closed_schools_take_nobody(made: Model) -> None:
    """Send nobody to a closed school or an unopened site, and no upper grades to a teaching point."""
    question, pairs = made.question, len(made.question.ways.block)
    tops = np.array([block.top for block in question.blocks], dtype=np.int64)
    for k, choice in enumerate(question.choices):
        if choice.fate not in (CLOSE, POINT, OPEN):
            continue
        here = np.flatnonzero(question.ways.unit == choice.unit)
        if choice.fate == POINT:
            here = here[tops[question.ways.block[here]] > question.weights.point_grades]
        at = np.concatenate([year * pairs + here for year in range(len(question.years))])
        state = np.repeat(made.row(k), len(here))
        if not len(at):
            continue
        if choice.fate == OPEN:
            made.program.definition(Text("未建成不招生", "nobody goes where nothing is built"), made.goes[at] - made.opened[state] <= 0)
        else:
            made.program.definition(Text("撤并后不招生", "nobody goes where it is closed"), made.goes[at] + made.done[state] <= 1)


def only_small_schools_become_points(made: Model) -> None:
    """Let no school above the size that the brief says become a teaching point."""
    question = made.question
    for k, choice in question.choices_of(POINT):
        unit = question.units[choice.unit]
        if not question.is_small_enough(choice):
            sentence = Text(f"{unit.label}有{unit.pupils}名学生，不改为教学点", f"{unit.label} has {unit.pupils} pupils: no teaching point")
            made.program.rule(sentence, made.done[made.row(k)[-1:]] * 1.0 <= 0, kind="stays", option="point_below")


def closures_are_near_others(made: Model) -> None:
    """Let a school close only where it is small, and where those to whom it is nearest have another one not much farther."""
    question, pairs, years = made.question, len(made.question.ways.block), len(made.question.years)
    weights = question.weights
    for k, choice in question.choices_of(CLOSE):
        unit, row = question.units[choice.unit], made.row(k)
        if question.pinned.get((unit.code, CLOSE)):
            continue
        if unit.pupils >= weights.close_below or not weights.closing:
            sentence = Text(f"{unit.label}有{unit.pupils}名学生，不撤并", f"{unit.label} has {unit.pupils} pupils and stays")
            made.program.rule(sentence, made.done[row[-1:]] * 1.0 <= 0, kind="stays", option="close_below")
            continue
        for block, near in nearby(question, choice.unit):
            sentence = Text(
                f"撤并{unit.label}后，{question.blocks[block].label.zh}的孩子不多走{weights.farther:g}公里以上",
                f"when {unit.label} closes, nobody of {question.blocks[block].label.en} goes more than {weights.farther:g} km farther",
            )
            at = np.concatenate([year * pairs + near for year in range(years)]).astype(np.int64)
            within = made.goes[at].sum_by(np.repeat(np.arange(years), len(near)), years)
            made.program.rule(sentence, within - made.done[row] * 1.0 >= 0, kind="farther", option="farther")


def nearby(question: Question, unit: int) -> list[tuple[int, Ints]]:
    """Return the blocks to which a unit is the nearest school, each with its ways to others that are not much farther."""
    ways = question.ways
    exists = np.array([not one.is_site for one in question.units])[ways.unit] & ~ways.boards
    found = []
    for block in np.unique(ways.block[(ways.unit == unit) & exists]):
        own = np.flatnonzero((ways.block == block) & ~ways.boards)
        known = own[exists[own]]
        least = float(ways.km[known].min())
        if ways.km[own[ways.unit[own] == unit]][0] <= least:
            found.append((int(block), own[(ways.unit[own] != unit) & (ways.km[own] <= least + question.weights.farther)]))
    return found


def new_schools_are_worth_building(made: Model) -> None:
    """Build no school below the smallest size, none beyond its site, and none that would stand half empty in the end."""
    question, last = made.question, len(made.question.years) - 1
    units = np.arange(len(question.units))
    load = _pupils(made, question.pupils[0], units, len(units))
    for k, choice in question.choices_of(OPEN):
        unit, row = question.units[choice.unit], made.row(k)
        name = unit.label
        made.program.definition(Text("建成才有学位", "places only where it is open"), made.done[row] - made.opened[row] * choice.most <= 0)
        least = min(question.smallest[unit.stage], choice.places * choice.most)
        made.program.rule(
            Text(f"{name}新建时不少于{least}个学位", f"{name} has at least {least} places when it is built"),
            made.done[row] * choice.places - made.opened[row] * least >= 0,
            kind="smallest",
            measured="pupils",
        )
        enough = _chosen(load, np.array([last * len(units) + choice.unit]))
        share = question.weights.least_new
        made.program.rule(
            Text(f"{name}最后一年至少坐满{share:.0%}", f"{name} is at least {share:.0%} full in the last year"),
            enough - made.done[[made.by(k, last)]] * (choice.places * share) >= 0,
            kind="filled",
            measured="pupils",
        )


def schools_that_stay_are_viable(made: Model) -> None:
    """Let a school for which closing or a teaching point may be considered stay only with enough pupils, as expected in the last year."""
    question, last = made.question, len(made.question.years) - 1
    units = np.arange(len(question.units))
    load = _pupils(made, question.expected, units, len(units))
    for unit, least in question.must_be_viable():
        ways_out = [made.by(k, last) for k, choice in enumerate(question.choices) if choice.unit == unit and choice.fate in (CLOSE, POINT)]
        name = question.units[unit].label
        enough = _chosen(load, np.array([last * len(units) + unit]))
        made.program.rule(
            Text(f"{name}保留为完整学校时最后一年至少{least}人", f"{name} stays a full school only with {least} pupils in the last year"),
            enough + made.done[np.array(ways_out, dtype=np.int64)].sum() * float(least) >= float(least),
            kind="viable",
            measured="pupils",
        )


def no_school_is_too_large(made: Model) -> None:
    """Keep schools, all their stages together, within the standard of size, by expected pupils."""
    question = made.question
    schools = sorted(question.sizes)
    group = np.array([schools.index(unit.school) for unit in question.units], dtype=np.int64)
    pupils = _pupils(made, question.expected, group, len(schools))
    first = question.weights.size_from * len(schools)
    rows = np.arange(first, len(schools) * len(question.years))
    if not len(rows):
        return
    names = {unit.school: unit.label for unit in question.units}
    of = rows % len(schools)
    limit = np.array([question.sizes[school] for school in schools])[of]
    made.program.rule(
        Text("{year}学年{school}不超过{limit}人", "{school} has at most {limit} pupils in {year}"),
        _chosen(pupils, rows) - limit.astype(np.float64) <= 0,
        measured="pupils",
        school=np.array([names[schools[k]] for k in of]),
        limit=limit,
        year=np.array(question.years)[rows // len(schools)],
    )


def _spent(made: Model, year: int) -> Terms:
    """Return the money of everything that is in effect by a year: one expression."""
    question = made.question
    at = np.array([made.by(k, year) for k in range(len(question.choices))], dtype=np.int64)
    each, fixed = np.array([choice.yuan for choice in question.choices]), np.array([choice.fixed for choice in question.choices])
    return (made.done[at] * each).sum() + (made.opened[at] * fixed).sum()


def the_money_suffices(made: Model) -> None:
    """Spend no more than there is, over all years and in each."""
    question, weights = made.question, made.question.weights
    if weights.budget:
        many = f"{weights.budget / _TEN_THOUSAND:.0f}"
        spent = _spent(made, len(question.years) - 1)
        made.program.rule(
            Text(f"规划期投资不超过{many}万元", f"no more than {many}0,000 yuan are invested"),
            spent * (1 / _TEN_THOUSAND) <= weights.budget / _TEN_THOUSAND,
            measured="10k_yuan",
            option="budget",
        )
    if weights.budget_year:
        many = f"{weights.budget_year / _TEN_THOUSAND:.0f}"
        for year, name in enumerate(question.years):
            spent = _spent(made, year) - _spent(made, year - 1) if year else _spent(made, year)
            made.program.rule(
                Text(f"{name}学年投资不超过{many}万元", f"no more than {many}0,000 yuan are invested in {name}"),
                spent * (1 / _TEN_THOUSAND) <= weights.budget_year / _TEN_THOUSAND,
                kind="budget_year",
                measured="10k_yuan",
                option="budget_year",
            )


def what_is_pinned_holds(made: Model) -> None:
    """Do what the brief pins, and nothing that it forbids."""
    question, last = made.question, len(made.question.years) - 1
    for (code, fate), wanted in sorted(question.pinned.items()):
        own = [k for k, choice in enumerate(question.choices) if question.units[choice.unit].code == code]
        named = next(unit.label for unit in question.units if unit.code == code)
        at = [k for k in own if (question.choices[k].fate != EXTEND if fate == KEEP else question.choices[k].fate == fate)]
        must = wanted != (fate == KEEP)
        program, ends = made.program, np.array([made.by(k, last) for k in at], dtype=np.int64)
        verb = Text("指定", "is pinned to") if wanted else Text("不得", "is forbidden to")
        word = _FATES[fate]
        sentence = Text(f"{named}{verb.zh}{word.zh}", f"{named} {verb.en} {word.en}")
        total = made.done[ends].sum() if len(ends) else _none()
        program.rule(sentence, total >= 1 if must else total <= 0, kind="pinned", option="--pin")


def _none() -> Terms:
    empty = np.zeros(0, dtype=np.int64)
    return Terms(empty, empty, np.zeros(0), np.zeros(1))


def costs(made: Model) -> None:
    """Add up what the plan costs: building, running, ways, boarding, and changes of school."""
    question, weights = made.question, made.question.weights
    ways, years = question.ways, len(question.years)
    each = np.repeat([choice.yuan_year for choice in question.choices], years)
    fixed = np.repeat([choice.fixed_year for choice in question.choices], years)
    running = (made.done * each).sum() + (made.opened * fixed).sum()
    pair, year = _at(question, len(ways.block))
    pupils = question.expected[year, ways.block[pair]]
    moving = np.zeros(len(question.choices) * years)
    for k, choice in enumerate(question.choices):
        moving[made.by(k, years - 1)] = moved_by(question.units, choice)
    amounts = (
        _spent(made, years - 1),
        running,
        made.goes * (pupils * trips(question)[pair]),
        made.goes * (pupils * ways.boards[pair]),
        made.done * moving,
        _elsewhere(made, pupils),
    )
    for (title, unit, weight), amount in zip(cost_kinds(weights), amounts, strict=True):
        made.program.cost(title, amount, unit=unit, weight=weight)


def _elsewhere(made: Model, pupils: Floats) -> Terms:
    """Return the pupils who go elsewhere than children of their place go today: one expression. pupils: (T * A,)."""
    question = made.question
    stay = question.expected[:, question.ways.block[made.kept]].reshape(-1)
    return (made.goes * pupils).sum() - (made.stays * stay).sum()
