"""Steps that an officer can read out: what is done at which kindergarten, why, for how much, and what becomes of the County's cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.model import units
from junheng.model.change import AddRow, Change, RemoveRow, SetValue
from junheng.model.county import County
from junheng.planning.planners.path_to_inclusive.choose import Chosen
from junheng.planning.planners.path_to_inclusive.gardens import QUANTITIES, STAGE, Condition, Site
from junheng.planning.planners.path_to_inclusive.measures import (
    BUILD_CLASS,
    CERTIFY,
    ENROL,
    INCLUSIVE,
    MOVE,
    NEW,
    NEW_CLASS,
    OPEN,
    TEACHER,
    WITH_A_MOVE,
    Action,
)
from junheng.planning.planners.path_to_inclusive.model import said
from junheng.planning.planners.path_to_inclusive.opened import opened
from junheng.planning.planners.path_to_inclusive.outlook import WHOLE, enrolled, evened
from junheng.planning.planners.path_to_inclusive.question import Question
from junheng.planning.planners.path_to_inclusive.schedule import starts
from junheng.planning.proposal import Step

_PREMISES = {"outdoor": "outdoor_area_m2", "activity": "activity_area_m2", "floor": "floor_area_m2"}
_WITH_A_TEACHER = {TEACHER: ("certified", "established", "bachelors"), MOVE: WITH_A_MOVE}


class Line(NamedTuple):
    """One measure at one kindergarten."""

    action: Action
    many: int  # in the measure's unit
    yuan: Decimal
    start: int  # the school year in which it begins


class Made(NamedTuple):
    """The steps and what they were made of."""

    steps: tuple[Step, ...]
    lines: tuple[Line, ...]


def steps(question: Question, chosen: Chosen) -> Made:
    """Return the steps: what is free first, then by the time it takes and by kindergarten.

    Of a later year the first step is what will have changed by itself. A new kindergarten with its classes and first children is one step.
    """
    cells = _Cells(question.county)
    order = sorted(chosen.portions, key=lambda k: _order(question, question.actions[k]))
    costs = [(question.actions[k], question.actions[k].yuan * chosen.portions[k] + question.actions[k].fixed) for k in order]
    turns = _with_the_new(question, [action for action, _ in costs], starts(costs, question.limits.years, question.budget))
    lines, made = [], list(_foreseen(question))
    for k, (_, yuan), turn in zip(order, costs, turns, strict=True):
        action, many = question.actions[k], chosen.portions[k]
        line = Line(action, _shown(question, action, many), yuan, question.county.year + turn)
        lines.append(line)
        if action.measure.id == NEW:
            made.append(_new(question, chosen, cells, line))
        elif not _comes_with_a_new_one(question, action):
            made.append(
                Step(
                    title=_title(question, line),
                    reason=_reason(question, chosen, action),
                    changes=tuple(cells.changed(question, chosen, action, many)),
                    yuan=Decimal(0) if action.measure.id == MOVE else line.yuan,
                    teachers=many if action.measure.id == MOVE and action.yuan else None,
                    year=line.start,
                )
            )
    return Made(tuple(made), tuple(lines))


def _with_the_new(question: Question, actions: list[Action], turns: list[int]) -> list[int]:
    """Return when measures begin, those for a kindergarten that is built no sooner than it can use them."""
    ready = {action.garden: turn + action.lead_years for action, turn in zip(actions, turns, strict=True) if action.measure.id == NEW}
    if not question.limits.years:
        return turns
    least = [ready.get(action.garden, 0) - max(1, action.lead_years) for action in actions]
    return [max(turn, at) for turn, at in zip(turns, least, strict=True)]


def _foreseen(question: Question) -> Iterator[Step]:
    """Yield what will have changed by the year asked for without any measure, so that the rest is done to the County of then."""
    if not question.foreseen:
        return
    told, year = question.outlook, question.county.year + question.limits.years
    before, after = (told.children.get((WHOLE, each)) for each in (question.county.year, year))
    children = (
        Text("", "")
        if before is None or after is None
        else Text(f"，3–5岁儿童由{before:,}人到{after:,}人", f", children aged 3 to 5 from {before:,} to {after:,}")
    )
    was = sum(each or 0 for each in enrolled(question.today).values())
    becomes = sum(each or 0 for each in enrolled(question.county).values())
    zh = f"预测，不是措施：在园幼儿由{was:,}人到{becomes:,}人{children.zh}；班数不变，同年级均匀编班"
    en = f"A forecast, no measure: children enrolled from {was:,} to {becomes:,}{children.en}; classes stay, grades are spread evenly"
    title = Text(f"{year}学年的幼儿数（预测）", f"Children in school year {year}: forecast")
    yield Step(title=title, reason=Text(f"{zh}。", f"{en}."), changes=question.foreseen, yuan=Decimal(0), year=year)


def _comes_with_a_new_one(question: Question, action: Action) -> bool:
    return action.garden >= 0 and question.gardens[action.garden].site is not None and action.measure.id in (NEW_CLASS, ENROL)


def _new(question: Question, chosen: Chosen, cells: _Cells, line: Line) -> Step:
    """Return the step of a new kindergarten: its classes, its first children, what it costs and why it is there."""
    place, garden = line.action.garden, question.gardens[line.action.garden]
    site = garden.site
    assert site is not None
    mine = {question.actions[k].measure.id: k for k in question.by_garden[place] if k in chosen.portions}
    classes, children = (chosen.portions[mine[name]] if name in mine else 0 for name in (NEW_CLASS, ENROL))
    yuan = line.yuan + sum((question.actions[k].yuan * chosen.portions[k] for name, k in mine.items() if name == NEW_CLASS), Decimal(0))
    served = _served(question, chosen, question.actions[mine[ENROL]]) if ENROL in mine else None
    if served is None:
        pinned = question.pinned.get((site.key[1], NEW))
        served = Text("任务书指定。", "pinned by the brief.") if pinned else Text("为保持其他条目达标。", "so that other items stay met.")
    told = site.kind == "project" and site.lead is not None
    year = (question.county.year if told else line.start) + line.action.lead_years
    rows = tuple(opened(question.county, garden, classes, children, year, question.limits.class_size["k1"]))
    cells.know(rows)
    zh = f"新建公办园：{said(garden)}，{classes}班，招收未入园幼儿{children}人，预计{year}年投用"
    en = f"Public kindergarten built: {said(garden)}, {classes} classes for {children} children who are in none, in use about {year}"
    why, home = site.why, _town(site)
    return Step(
        title=Text(zh, en),
        reason=Text(f"{why.zh}；{home.zh}{served.zh}", f"{why.en}; {home.en}{served.en}"),
        changes=rows,
        yuan=yuan,
        pupils=children,
        year=line.start,
    )


def _town(site: Site) -> Text:
    """Return how many children of the township are in no kindergarten there."""
    if site.at_home is None:
        return Text("", "")
    return Text(
        f"该乡镇3–5岁儿童中未在本乡镇入园的有{site.at_home}人；", f"{site.at_home} children of the township are in no kindergarten of it; "
    )


def _order(question: Question, action: Action) -> tuple[bool, int, str, int, str]:
    site = question.gardens[action.garden].site if action.garden >= 0 else None
    if site is not None:  # it is there before anybody is hired for it
        kind = "" if action.measure.id == NEW else action.measure.id
        return True, max(2, action.lead_years), f"{NEW} {action.garden:04d} {kind}", action.garden, action.grade
    return bool(action.yuan or action.fixed), action.lead_years, action.measure.id, action.garden, action.grade


def _shown(question: Question, action: Action, many: int) -> int:
    if action.measure.kind == "own":
        return int(question.gardens[action.garden].known("pupils"))
    if action.grade and "+" in action.grade:
        return int(action.grade.partition("+")[2]) or 1
    return many * action.measure.grain


def _title(question: Question, line: Line) -> Text:
    action = line.action
    unit = units()[action.measure.unit].label if action.measure.unit in units() else Text("", "")
    where = said(question.gardens[action.garden]) if action.garden >= 0 else "全县"
    grade = f"（{action.grade.partition('+')[0]}）" if "+" in action.grade else ""
    out = Text("调出", " (leaves)") if action.grade == "out" else Text("调入", " (comes)") if action.measure.id == MOVE else Text("", "")
    many = Text(f"{line.many:,}{unit.zh}", f"{line.many:,} {unit.en}")
    if action.measure.kind == "own":  # who owns it changes, not the children there
        many = Text(f"（在园{many.zh}）", f"{many.en} there")
    zh = f"{action.measure.title.zh}{out.zh}{grade}{many.zh}：{where}"
    return Text(zh, f"{action.measure.title.en}{out.en}{grade}, {many.en}: {where}")


def _reason(question: Question, chosen: Chosen, action: Action) -> Text:
    """Return what the measure serves, from and to, against the limit."""
    served = _served(question, chosen, action)
    if served is not None:
        return served
    if action.grade == "out":
        return Text("该园教师有余，调出后仍达标", "it has teachers to spare and still meets what is asked")
    if action.garden >= 0 and question.gardens[action.garden].site is not None:
        return Text("新建园开办所需", "the new kindergarten needs it to open")
    return Text("为保持其他条目达标", "so that other items stay met")


def _served(question: Question, chosen: Chosen, action: Action) -> Text | None:
    """Return the items and conditions, missed without the plan, that the measure brings nearer; None where there are none."""
    zh, en = [], []
    for item in question.items:
        if item.id in action.items and (item.left() < 0 or action.garden < 0):
            from_, to, limit = (f"{each:,.2f}" for each in (item.value(), item.value(chosen.more(question, item)), item.limit))
            zh.append(f"{item.title.zh}由{from_}到{to}，限值{limit}")
            en.append(f"{item.title.en} from {from_} to {to}, limit {limit}")
    for condition in question.conditions:
        if action.garden < 0 or not set(action.adds) & condition.needs():
            continue
        before = condition.holds(question.gardens[action.garden].has)
        after = condition.holds(chosen.has(question, action.garden))
        if before is False and after:
            told = _numbers(condition, question.gardens[action.garden].has), _numbers(condition, chosen.has(question, action.garden))
            zh.append(f"该园{condition.title.zh}由{told[0].zh}到{told[1].zh}，要求{condition.asked.zh}")
            en.append(f"{condition.title.en} from {told[0].en} to {told[1].en}, {condition.asked.en} asked")
    return Text("；".join(zh) + "。", "; ".join(en) + ".") if zh else None


def _numbers(condition: Condition, has: Mapping[str, float | None]) -> Text:
    """Return what a condition looks at, in words: an amount for each child, or the counts."""
    pupils = has.get("pupils") or 0
    if condition.kind == "premises":
        name = next(iter(condition.needs() - {"pupils"}))
        return Text(f"每名幼儿{(has[name] or 0) / max(pupils, 1):.2f}", f"{(has[name] or 0) / max(pupils, 1):.2f} a child")
    counts = [(QUANTITIES[name], has[name] or 0) for name in sorted(condition.needs())]
    return Text("、".join(f"{title.zh}{many:.0f}" for title, many in counts), ", ".join(f"{many:.0f} {title.en}" for title, many in counts))


class _Cells:
    """The cells that measures touch, as they become."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.rows: dict[tuple[str, tuple[Any, ...]], dict[str, Any]] = {}

    def row(self, table: str, *key: Any) -> dict[str, Any] | None:
        if (table, key) not in self.rows:
            names = ("school", "stage")[: len(key)] if table != "county_facts" else ("county",)
            frame = self.county.tables[table]
            for name, value in zip(names, key, strict=True):
                frame = frame.filter(pl.col(name) == value)
            if not frame.height:
                return None
            self.rows[table, key] = dict(frame.row(0, named=True))
        return self.rows[table, key]

    def know(self, rows: Iterable[AddRow]) -> None:
        """Take up rows that a step adds, so that later steps count on from them."""
        names = {"staff": ("school", "stage"), "equipment": ("school",), "premises": ("school",)}
        for each in rows:
            if each.table in names:
                self.rows[each.table, tuple(each.row[name] for name in names[each.table])] = dict(each.row)

    def add(self, table: str, key: tuple[Any, ...], column: str, many: Any) -> Iterator[Change]:
        """Yield the change of one cell; one that is not known stays so."""
        row = self.row(table, *key)
        if row is not None and row.get(column) is not None:
            row[column] += many
            yield SetValue(table, key, column, row[column])

    def changed(self, question: Question, chosen: Chosen, action: Action, many: int) -> Iterator[Change]:
        """Yield the changes of a measure."""
        if action.garden < 0:
            county = self.county.tables["county_facts"]["county"][0]
            yield from self.add("county_facts", (county,), "preschool_contracted_pay_yuan", many * action.measure.grain)
            return
        school = question.gardens[action.garden].school
        kind, name = action.measure.kind, action.measure.id
        if kind == "own":
            yield from self._owned(school, name)
        elif name in (OPEN, BUILD_CLASS):
            yield from self._opened(question, chosen, action, school, many)
        elif name == ENROL:
            yield from self._enrolled(school, many)
        elif kind == "class":
            yield from self._regrouped(question, action, school)
        elif name == CERTIFY:
            yield from self._certified(school, many)
        elif kind == "staff":
            yield from self._staffed(action, school, many)
        else:
            yield from self._premises(action, school, many)

    def _owned(self, school: str, name: str) -> Iterator[Change]:
        if name == INCLUSIVE:
            yield SetValue("schools", (school,), "inclusive", True)
            return
        founders = self.county.tables["schools"].filter((pl.col("ownership") == "public") & pl.col("founder").is_not_null())
        yield SetValue("schools", (school,), "ownership", "public")
        if founders.height:
            usual = founders["founder"].value_counts(sort=True).sort(["count", "founder"], descending=[True, False])["founder"][0]
            yield SetValue("schools", (school,), "founder", usual)

    def _opened(self, question: Question, chosen: Chosen, action: Action, school: str, many: int) -> Iterator[Change]:
        """Yield the new classes, over which the children that come are spread evenly: those in spare rooms first."""
        taken = self.county.tables["classes"].filter(pl.col("school") == school)["class"].to_list()
        built = action.measure.id == BUILD_CLASS
        spare, all_new, come = (chosen.many(question, action.garden, names) for names in ((OPEN,), (OPEN, BUILD_CLASS), (ENROL,)))
        sizes = evened(come, all_new)[spare if built else 0 :]
        names = [name for name in (f"{'新建' if built else '新增'}小({k})" for k in range(1, many + len(taken) + 1)) if name not in taken]
        for name, size in zip(names[:many], sizes, strict=False):
            yield AddRow("classes", {"school": school, "stage": STAGE, "class": name, "grade": "k1", "pupils": size})
        if built:
            yield from self.add("places", (school, STAGE), "rooms", many)
            yield from self.add("places", (school, STAGE), "places", question.limits.class_size["k1"] * many)
            yield from self._premises(action, school, many)

    def _enrolled(self, school: str, children: int) -> Iterator[Change]:
        """Add children of the youngest grade, not told by sex; rows told by sex become one."""
        key = ("enrolment", (school, STAGE, "k1"))
        if key in self.rows:
            self.rows[key]["pupils"] += children
            yield SetValue("enrolment", (school, STAGE, "k1", "all"), "pupils", self.rows[key]["pupils"])
            return
        frame = self.county.tables["enrolment"].filter(
            (pl.col("school") == school) & (pl.col("stage") == STAGE) & (pl.col("grade") == "k1")
        )
        row: dict[str, Any] = {"school": school, "stage": STAGE, "grade": "k1", "sex": "all"}
        for name in (each for each in frame.columns if each not in row):
            row[name] = int(frame[name].sum()) if frame.height and not frame[name].null_count() else None
        for sex in frame["sex"].to_list():
            yield RemoveRow("enrolment", (school, STAGE, "k1", sex))
        row["pupils"] = (row["pupils"] or 0) + children
        self.rows[key] = row
        yield AddRow("enrolment", dict(row))

    def _regrouped(self, question: Question, action: Action, school: str) -> Iterator[Change]:
        grade, _, more = action.grade.partition("+")
        classes = question.gardens[action.garden].grades[grade]
        sizes = evened(sum(pupils for _, pupils in classes), len(classes) + int(more))
        for (name, pupils), size in zip(classes, sizes, strict=False):
            if pupils != size:
                yield SetValue("classes", (school, STAGE, name), "pupils", size)
        for k, size in enumerate(sizes[len(classes) :]):
            yield AddRow("classes", {"school": school, "stage": STAGE, "class": f"{grade}新({k + 1})", "grade": grade, "pupils": size})

    def _certified(self, school: str, many: int) -> Iterator[Change]:
        row = self.row("staff", school, STAGE) or {}
        teachers = min(many, max(0, (row.get("teachers") or 0) - (row.get("certified") or 0)))
        if teachers:
            yield from self.add("staff", (school, STAGE), "certified", teachers)
        if many > teachers:
            yield from self.add("staff", (school, STAGE), "certified_heads", many - teachers)

    def _staffed(self, action: Action, school: str, many: int) -> Iterator[Change]:
        for name, each in action.adds.items():
            yield from self.add("staff", (school, STAGE), name, int(each) * many)
        if action.measure.id not in _WITH_A_TEACHER:
            return
        sign = int(action.adds["teachers"])
        for name in _WITH_A_TEACHER[action.measure.id]:
            yield from self.add("staff", (school, STAGE), name, sign * many)
        for table in ("staff_ages", "staff_titles"):
            row = self.row(table, school, STAGE)
            counted = [(value, name) for name, value in (row or {}).items() if isinstance(value, int)]
            if counted:
                yield from self.add(table, (school, STAGE), max(counted)[1], sign * many)

    def _premises(self, action: Action, school: str, many: int) -> Iterator[Change]:
        for name, each in action.adds.items():
            if name == "books":
                yield from self.add("equipment", (school,), "books", int(each) * many)
            elif name in _PREMISES:
                yield from self.add("premises", (school,), _PREMISES[name], Decimal(str(each)) * many)
