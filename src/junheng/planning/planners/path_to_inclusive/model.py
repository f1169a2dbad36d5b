"""The rules in sentences: amounts of measures, what each kindergarten then has, how many meet each condition, and the county's items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.path_to_inclusive.gardens import Condition, Garden
from junheng.planning.planners.path_to_inclusive.measures import BUILD_CLASS, ENROL, ENROLLED, MOVE, NEW, NEW_CLASS, OPEN, Action
from junheng.planning.planners.path_to_inclusive.question import Item, Question
from junheng.planning.planners.path_to_inclusive.schedule import in_time
from junheng.planning.solve import Program, Terms, Variables

Row = tuple[float, list[tuple[int, float]]]  # a constant, and columns with their factors


@dataclass
class Model:
    """The program and where its numbers stand."""

    program: Program
    amount: Variables = field(default_factory=lambda: Variables(np.zeros(0, dtype=np.int64)))  # portions, by action
    switches: dict[int, int] = field(default_factory=dict)  # the column that says whether an amount is begun -> that of the amount
    flags: dict[tuple[str, int], Row] = field(default_factory=dict)  # by condition and kindergarten: does it hold


class Eased(NamedTuple):
    """A limit that gives way: of an item by its own unit, of a condition by kindergartens."""

    id: str
    by: Decimal


def model(question: Question, eased: Eased | None = None) -> Model:
    """Return the program."""
    made = Model(Program(unit="yuan"))
    _amounts(made, question)
    _pins(made, question)
    _rooms(made, question)
    _built(made, question)
    for condition in question.conditions:
        _condition(made, question, condition)
    _shares(made, question, eased)
    _items(made, question, eased)
    return made


def _terms(rows: Sequence[Row]) -> Terms:
    cells = [(k, column, factor) for k, (_, each) in enumerate(rows) for column, factor in each]
    row, column, value = (np.array(each) for each in zip(*cells, strict=True)) if cells else (np.zeros(0), np.zeros(0), np.zeros(0))
    constant = np.array([constant for constant, _ in rows], dtype=np.float64)
    return Terms(row.astype(np.int64), column.astype(np.int64), value.astype(np.float64), constant)


def where(question: Question, action: Action) -> str:
    """Return the name of the kindergarten of an action with its code, or the county's."""
    return said(question.gardens[action.garden]) if action.garden >= 0 else "全县"


def said(garden: Garden) -> str:
    """Return the name of a kindergarten with its code; of one that is not built that of its project, plot or village."""
    return f"{garden.name}（{garden.school if garden.site is None else garden.site.key[1]}）"


def _amounts(made: Model, question: Question) -> None:
    program, actions = made.program, question.actions
    names = np.array([where(question, each) for each in actions], dtype=object)
    title = np.array([each.measure.title.zh for each in actions], dtype=object)
    english = np.array([each.measure.title.en for each in actions], dtype=object)
    upper = np.array([each.most for each in actions], dtype=np.float64)
    sentence = Text("{title}：{school}", "{english}: {school}")
    made.amount = program.variables(sentence, len(actions), upper=upper, whole=True, title=title, english=english, school=names)
    for measure in question.measures:
        mine = [k for k, each in enumerate(actions) if each.measure.id == measure.id]
        if not mine:
            continue
        yuan = np.array([float(actions[k].yuan) for k in mine])
        program.cost(measure.title, made.amount[np.array(mine)] * yuan, unit="yuan")
        begun = [k for k in mine if actions[k].fixed]
        if begun:
            switch = program.variables(measure.title, len(begun), upper=1.0, whole=True)
            made.switches |= {int(column): int(made.amount.columns[k]) for column, k in zip(switch.columns, begun, strict=True)}
            most = np.array([actions[k].most for k in begun], dtype=np.float64)
            program.definition(measure.title, made.amount[np.array(begun)] - switch * most <= 0.0)
            start = Text(f"{measure.title.zh}：起步", f"{measure.title.en}: start")
            program.cost(start, switch * np.array([float(actions[k].fixed) for k in begun]), unit="yuan")
    _money(made, question)


def _money(made: Model, question: Question) -> None:
    """Add what may be spent: in all, or by the year in which a measure must have begun."""
    program, years = made.program, question.limits.years
    lead = {int(column): each.lead_years for column, each in zip(made.amount.columns, question.actions, strict=True)}
    lead |= {column: lead[k] for column, k in made.switches.items()}
    rows = np.zeros(program.columns)
    for term in program.costs:
        rows[: len(term.each)] += term.weight * term.each
    cells = [(k, float(value)) for k, value in enumerate(rows) if value]
    zh, en = f"资金不超过{question.budget / 10_000:,.0f}万元", f"at most {question.budget:,.0f} yuan"
    asked = list(in_time(years, question.budget)) if years else [(0, question.budget, Text(zh, en))]
    for least, money, rule in asked:
        spent = [(k, value) for k, value in cells if least <= 1 or lead[k] >= least]
        if spent:
            program.rule(rule, _terms([(0.0, spent)]) <= float(money), kind="budget", measured="yuan", option="budget")


def _pins(made: Model, question: Question) -> None:
    """Add what must be done and what must not, each as a rule, so that a conflict can name it."""
    for (school, measure), must in sorted(question.pinned.items()):
        mine = [k for k, each in enumerate(question.actions) if _is(question, each, school, measure)]
        row = _terms([(0.0, [(int(made.amount.columns[k]), 1.0) for k in mine])])
        name = next((said(each) for each in question.gardens if school in _names(each)), school)
        title = next(each.title for each in question.measures if each.id == measure)
        if must:
            made.program.rule(Text(f"指定：{name}{title.zh}", f"pinned: {title.en} at {name}"), row >= 1.0)
        elif mine:
            made.program.rule(Text(f"禁止：{name}{title.zh}", f"forbidden: {title.en} at {name}"), row <= 0.0)
    for measure in sorted(question.everywhere):
        title = next(each.title for each in question.measures if each.id == measure)
        mine = [k for k, each in enumerate(question.actions) if each.measure.id == measure]
        if mine:
            row = _terms([(0.0, [(int(made.amount.columns[k]), 1.0) for k in mine])])
            made.program.rule(Text(f"禁止：全县{title.zh}", f"forbidden everywhere: {title.en}"), row <= 0.0)


def _is(question: Question, action: Action, school: str, measure: str) -> bool:
    return action.garden >= 0 and action.measure.id == measure and school in _names(question.gardens[action.garden])


def _names(garden: Garden) -> tuple[str, ...]:
    """Return the codes by which a pin names a kindergarten."""
    return (garden.school,) if garden.site is None else (garden.school, garden.site.key[1])


def _rooms(made: Model, question: Question) -> None:
    """Add spare rooms, groups of which one is done, children at home, and teachers that move: as many come as leave."""
    program = made.program
    columns = made.amount.columns.tolist()
    for place, garden in enumerate(question.gardens):
        mine = [(k, question.actions[k]) for k in question.by_garden[place]]
        used = [(columns[k], -each.adds["rooms"]) for k, each in mine if each.adds.get("rooms")]
        if used:
            free = max(0.0, garden.known("rooms"))
            program.rule(
                Text(f"{said(garden)}的空余教室（{free:.0f}间）", f"spare rooms of {said(garden)}: {free:.0f}"),
                _terms([(0.0, used)]) <= free,
                measured="rooms",
            )
        new = [columns[k] for k, each in mine if each.measure.id in (OPEN, BUILD_CLASS, NEW_CLASS)]
        come = [columns[k] for k, each in mine if each.measure.id == ENROL]
        if come:
            size = float(question.limits.class_size["k1"])
            few, many = ([(come[0], 1.0), *((column, -each) for column in new)] for each in (1.0, size))
            program.definition(Text("新增班都有幼儿", "no new class is empty"), _terms([(0.0, few)]) >= 0.0)
            program.definition(Text("新增班不超班额", "new classes are within their size"), _terms([(0.0, many)]) <= 0.0)
        for group in sorted({each.group for _, each in mine if each.group}):
            row = [(columns[k], 1.0) for k, each in mine if each.group == group]
            program.definition(Text("只做一种", "one of them"), _terms([(0.0, row)]) <= 1.0)
    come = [(columns[k], each.items[ENROLLED][0]) for k, each in enumerate(question.actions) if ENROLLED in each.items]
    if come:
        zh, en = f"未入园的适龄幼儿只有{question.at_home}人", f"only {question.at_home} children are in no kindergarten"
        program.rule(Text(zh, en), _terms([(0.0, come)]) <= float(question.at_home), measured="pupils")
    moved = [(columns[k], each.adds["teachers"]) for k, each in enumerate(question.actions) if each.measure.id == MOVE]
    if moved:
        program.definition(Text("调出与调入相等", "as many come as leave"), _terms([(0.0, moved)]) == 0.0)


def _built(made: Model, question: Question) -> None:
    """Add what is built: those of the programme first, and no more children than a township has at home."""
    columns = made.amount.columns.tolist()
    new = {each.garden: columns[k] for k, each in enumerate(question.actions) if each.measure.id == NEW}
    if not new:
        return
    for place, begun in new.items():
        _one_built(made, question, place, begun)
    zh, en = f"新建幼儿园至多{question.most_new}所", f"at most {question.most_new} kindergartens are built"
    made.program.rule(
        Text(zh, en), _terms([(0.0, [(column, 1.0) for column in new.values()])]) <= float(question.most_new), measured="schools"
    )
    _first_the_programme(made, question, new)
    for town, home in sorted(_homes(question).items()):
        come = [columns[k] for k, each in enumerate(question.actions) if each.measure.id == ENROL and _town(question, each) == town]
        if come:
            zh, en = f"{town}未入园的幼儿只有{home}人", f"only {home} children of {town} are in no kindergarten there"
            made.program.rule(Text(zh, en), _terms([(0.0, [(column, 1.0) for column in come])]) <= float(home), measured="pupils")


def _one_built(made: Model, question: Question, place: int, begun: int) -> None:
    """Add one kindergarten that could be built: nothing is there if it is not, else classes enough, and children enough for them."""
    program, columns = made.program, made.amount.columns.tolist()
    mine = [(columns[k], question.actions[k]) for k in question.by_garden[place] if columns[k] != begun]
    nothing = Text("未新建的园没有班和人", "nothing at one that is not built")
    program.definition(nothing, _terms([(0.0, [(column, 1.0), (begun, -float(each.most))]) for column, each in mine]) <= 0.0)
    come = [(column, 1.0) for column, each in mine if each.measure.id == ENROL]
    share = question.filled * float(question.limits.class_size["k1"])
    for column, each in mine:
        if each.measure.id == NEW_CLASS:
            least = float(min(each.measure.least, each.most))
            zh, en = f"新建园至少{least:.0f}班", f"a new kindergarten has {least:.0f} classes or more"
            program.rule(Text(zh, en), _terms([(0.0, [(column, 1.0), (begun, -least)])]) >= 0.0)
            zh, en = f"新建园至少坐满{question.filled:.0%}", f"a new kindergarten is filled to {question.filled:.0%} or more"
            program.rule(Text(zh, en), _terms([(0.0, [*come, (column, -share)])]) >= 0.0)


def _first_the_programme(made: Model, question: Question, new: Mapping[int, int]) -> None:
    sites = {place: question.gardens[place].site for place in new}
    for place, site in sites.items():
        for other, first in sites.items():
            if site and first and site.kind != "project" and first.kind == "project" and site.district == first.district != "":
                zh, en = f"同一乡镇先用项目库的：{first.key[1]}", f"the programme's of a township first: {first.key[1]}"
                made.program.rule(Text(zh, en), _terms([(0.0, [(new[place], 1.0), (new[other], -1.0)])]) <= 0.0)


def _homes(question: Question) -> dict[str, int]:
    """Return the children at home of the townships for whose new kindergartens they are asked."""
    sites = [garden.site for garden in question.gardens if garden.site]
    return {site.district: site.at_home for site in sites if site.at_home is not None and site.district}


def _town(question: Question, action: Action) -> str:
    """Return the township of a kindergarten to be built that takes only its children, else ""."""
    site = question.gardens[action.garden].site if action.garden >= 0 else None
    return site.district if site and site.at_home is not None else ""


def _sum(question: Question, place: int, sums: Mapping[str, float], columns: Sequence[int]) -> Row:
    """Return a sum of quantities of a kindergarten when the measures are done."""
    garden = question.gardens[place]
    constant = sum(factor * garden.known(name) for name, factor in sums.items())
    cells = []
    for k in question.by_garden[place]:
        each = sum(factor * question.actions[k].adds.get(name, 0.0) for name, factor in sums.items())
        if each:
            cells.append((columns[k], each))
    return constant, cells


def _condition(made: Model, question: Question, condition: Condition) -> None:
    """Add a flag for every kindergarten; one that meets the condition today goes on meeting it."""
    columns = made.amount.columns.tolist()
    uppers = {column: action.most for column, action in zip(columns, question.actions, strict=True)}
    begun = {each.garden for each in question.actions if each.measure.id == NEW}
    for place, garden in enumerate(question.gardens):
        now = condition.holds(garden.has)
        if now is None or (garden.site and place not in begun) or (condition.id, place) in question.unable:
            continue
        ways = [[_sum(question, place, sums, columns) for sums in each] for each in condition.any_of]
        if now and not any(cells for way in ways for _, cells in way):
            made.flags[condition.id, place] = (1.0, [])
            continue
        flags = made.program.variables(question.titles[condition.id], len(ways), upper=1.0, whole=True)
        for flag, way in zip(flags.columns.tolist(), ways, strict=True):
            for constant, cells in way:
                worst = constant + sum(min(0.0, factor) * uppers[column] for column, factor in cells)
                big = max(0.0, -worst)
                row = (constant + big, [*cells, (flag, -big)])
                made.program.definition(question.titles[condition.id], _terms([row]) >= 0.0)
        made.flags[condition.id, place] = (0.0, [(flag, 1.0) for flag in flags.columns.tolist()])
        made.program.definition(Text("一种做法即可", "one way suffices"), _terms([made.flags[condition.id, place]]) <= 1.0)
        if now:
            title = question.titles[condition.id]
            zh, en = f"{said(garden)}已达到的不降低：{title.zh}", f"{said(garden)} keeps what it meets: {title.en}"
            made.program.rule(Text(zh, en), _terms([made.flags[condition.id, place]]) >= 1.0)


def _shares(made: Model, question: Question, eased: Eased | None) -> None:
    for share in question.shares:
        rows = []
        for place in share.among:
            if any((name, place) in question.unable for name in share.of):
                continue
            if len(share.of) == 1:
                rows.append(made.flags[share.of[0], place])
                continue
            both = made.program.variables(share.title, 1, upper=1.0, whole=True)
            for name in share.of:
                constant, cells = made.flags[name, place]
                row = (constant, [*cells, (int(both.columns[0]), -1.0)])
                made.program.definition(share.title, _terms([row]) >= 0.0)
            rows.append((0.0, [(int(both.columns[0]), 1.0)]))
        needed = min(share.needed, len(rows))
        if eased and eased.id == share.id:
            needed -= int(eased.by)
        total = (sum(constant for constant, _ in rows), [cell for _, cells in rows for cell in cells])
        zh = f"{share.title.zh}：{len(share.among)}所中至少{needed}所"
        if needed:
            made.program.rule(
                Text(zh, f"{share.title.en}: at least {needed} of {len(share.among)}"), _terms([total]) >= float(needed), measured="schools"
            )


def _items(made: Model, question: Question, eased: Eased | None) -> None:
    columns = made.amount.columns.tolist()
    for item in question.items:
        cells = [
            (columns[k], gain)
            for k, action in enumerate(question.actions)
            if item.id in action.items and (gain := gained(item, action.items[item.id]))
        ]
        if item.id in question.left_out or (not cells and item.left() >= 0):
            continue
        limit = item.limit
        if eased and eased.id == item.id:
            limit = limit - eased.by if item.at_least else limit + eased.by
        bound = item._replace(limit=limit)
        cells = [(columns[k], gained(bound, a.items[item.id])) for k, a in enumerate(question.actions) if item.id in a.items]
        word = ("不低于", "at least") if item.at_least else ("不高于", "at most")
        zh, en = f"{item.title.zh}{word[0]}{limit.normalize():f}", f"{item.title.en}: {word[1]} {limit.normalize():f}"
        made.program.rule(Text(zh, en), _terms([(float(bound.left()), cells)]) >= 0.0)


def gained(item: Item, more: tuple[float, float]) -> float:
    """Return what a portion gives of `Item.left`."""
    side = more[0] * item.scale - float(item.limit) * more[1]
    return side if item.at_least else -side
