"""What a plan does to the County, as steps that an officer can read out: projects with their days, closures, teaching points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from junheng.errors import Text
from junheng.model.change import AddRow, Change, SetValue
from junheng.model.period import statistics_day
from junheng.planning.planners.school_places import procedure
from junheng.planning.planners.school_places.choose import Plan, places_of
from junheng.planning.planners.school_places.costs import moved_by
from junheng.planning.planners.school_places.question import CLOSE, EXTEND, OPEN, POINT, SHRINK, Choice, Unit
from junheng.planning.proposal import Step

STAGE = {"primary": Text("小学", "primary"), "junior": Text("初中", "junior")}
_DATE = len("2026年9月")
# How far through the time from the decision to the first use each step of a project lies.
_STAGES_OF_BUILDING = {"initiated": 10, "design": 30, "tender": 40, "started": 45, "finished": 85, "accepted": 95}  # %


def steps(plan: Plan, today: date) -> tuple[Step, ...]:
    """Return the steps in the order of their years: what is built, what closes, then what must be done that year before later closures.

    Places given up in a year are one step.
    """
    order = {OPEN: 0, EXTEND: 1, POINT: 2, SHRINK: 3, CLOSE: 4}
    found: list[tuple[int, int, int, Step]] = []
    for k, choice in enumerate(plan.question.choices):
        gained = np.diff(plan.levels[k], prepend=0)
        for year in np.flatnonzero(gained > 0).tolist():
            step = _step(plan, k, int(year), int(gained[year]), today)
            found.append((int(year), order[choice.fate], k, step))
    ordered = sorted(found, key=lambda item: item[:3])
    kept = [(year, kind, step) for year, kind, _, step in ordered if kind != order[SHRINK]]
    for when in sorted({item[0] for item in ordered}):
        given = [step for at, kind, _, step in ordered if (at, kind) == (when, order[SHRINK])]
        if given:
            kept.append((when, order[SHRINK], _together(given, plan.question.years[when])))
    done = [(plan.question.years[year], kind, step) for year, kind, step in kept]
    before = [(step.year or 0, day, step) for day, step in procedure.steps(plan, today)]  # days are far beyond kinds: after what is built
    return tuple(step for *_, step in sorted([*done, *before], key=lambda item: item[:2]))


def _together(given: Sequence[Step], year: int) -> Step:
    """Return the schools that give up empty places in a year as one step."""
    if len(given) == 1:
        return given[0]
    places = sum(step.pupils or 0 for step in given)
    zh, en = "；".join(step.title.zh[_DATE:] for step in given), "; ".join(step.title.en for step in given)
    return Step(
        title=Text(
            f"{year}年9月{len(given)}所学校腾退空余教室，共{places}个学位",
            f"{len(given)} schools give up {places} empty places from September {year}",
        ),
        reason=Text(
            f"{zh}。均为现在空着、预测上端也用不到的学位。",
            f"{en}. They stand empty today and even the upper end of the forecast does not need them.",
        ),
        changes=tuple(change for step in given for change in step.changes),
        yuan=sum((step.yuan or Decimal(0) for step in given), Decimal(0)),
        pupils=None,
        kind=KINDS[SHRINK],
        year=year,
    )


def _step(plan: Plan, k: int, year: int, many: int, today: date) -> Step:
    choice = plan.question.choices[k]
    unit, when = plan.question.units[choice.unit], plan.question.years[year]
    places = abs(places_of(choice)) * many
    fixed = choice.fixed if plan.first(k) == year else 0.0
    yuan = Decimal(round(choice.yuan * many + fixed))
    title = _title(unit, choice.fate, places, when)
    return Step(
        title=title,
        reason=_reason(plan, choice, year),
        changes=tuple(_changes(plan, choice, year, places, yuan, today)),
        yuan=yuan,
        pupils=int(moved_by(plan.question.units, choice)) if choice.fate in (CLOSE, POINT) else places,
        year=when,
        kind=KINDS[choice.fate],
    )


KINDS = {
    OPEN: Text("新建", "build"),
    EXTEND: Text("扩建", "extend"),
    SHRINK: Text("腾退空余学位", "give up empty places"),
    POINT: Text("改为教学点", "teaching point"),
    CLOSE: Text("撤并", "close"),
}


def headline(made: Sequence[Step]) -> Text:
    """Return what is done, how often, and what it costs."""
    counts = [(kind, sum(step.kind == kind for step in made)) for kind in KINDS.values()]
    zh = "、".join(f"{kind.zh}{many}{'批' if kind == KINDS[SHRINK] else '所'}" for kind, many in counts if many)
    en = ", ".join(f"{kind.en} {many}" for kind, many in counts if many)
    yuan = sum((step.yuan or Decimal(0) for step in made), Decimal(0)) / 10_000
    return Text(f"{zh}；投资{yuan:,.0f}万元", f"{en}; {yuan:,.0f} × 10,000 yuan are invested")


def _title(unit: Unit, fate: str, places: int, year: int) -> Text:
    stage = STAGE[unit.stage]
    told = "" if stage.zh in unit.name or unit.name.endswith("初级中学") else stage.zh  # the name says it already
    verbs = {
        OPEN: Text(f"新建{unit.name}（{stage.zh}{places}个学位）", f"Build {unit.name} ({places} {stage.en} places)"),
        EXTEND: Text(f"{unit.name}{told}扩建{places}个学位", f"Extend {unit.name} by {places} {stage.en} places"),
        SHRINK: Text(f"{unit.name}{told}压缩{places}个学位", f"Give up {places} {stage.en} places at {unit.name}"),
        POINT: Text(f"{unit.name}改为教学点", f"{unit.name} becomes a teaching point"),
        CLOSE: Text(f"撤并{unit.name}", f"Close {unit.name}"),
    }
    return Text(f"{year}年9月{verbs[fate].zh}", f"{verbs[fate].en} from September {year}")


def _reason(plan: Plan, choice: Choice, year: int) -> Text:
    question, at = plan.question, choice.unit
    last = len(question.years) - 1
    high, low = (plan.load(question.pupils[k])[:, at].round().astype(int) for k in (-1, 0))
    room, base = plan.places[at], question.base[at]
    years = question.years
    if choice.fate in (OPEN, EXTEND):
        most, was, now = high[year:].max(), base[year], room[last]
        zh = f"{years[year]}至{years[last]}年本校学生最多{most}人（预测上端），原有学位{was}个，实施后{now}个"
        en = f"up to {most} pupils (upper end of the forecast) from {years[year]}; {was} places before, {now} after"
        return Text(f"{zh}。", f"{en[0].upper()}{en[1:]}.")
    if choice.fate == SHRINK:
        zh = f"到{question.years[last]}年学生最多{high[last]}人、最少{low[last]}人，保留{room[last]}个学位够用"
        return Text(f"{zh}。", f"{low[last]} to {high[last]} pupils in {question.years[last]}: {room[last]} places suffice.")
    goes = receivers(plan, at, year)
    who = "、".join(f"{question.units[u].name}" for u, _ in goes[:3])
    named = ", ".join(f"{question.units[u].name}" for u, _ in goes[:3])
    far = max((km for _, km in goes), default=0.0)
    many = int(moved_by(question.units, choice))
    zh = f"现有{question.units[at].pupils}名学生，{many}人转到{who}，最远{far:.1f}公里，接收学校当年学位够用"
    en = f"of its {question.units[at].pupils} pupils {many} go to {named}, {far:.1f} km at most, where there are places that year"
    saved = _saved(choice, len(years) - year)
    return Text(f"{zh}；{saved.zh}。", f"{en[0].upper()}{en[1:]}; {saved.en}.")


def _saved(choice: Choice, years: int) -> Text:
    """Return what a closure or a teaching point saves (or costs more) for running, each year and over the years planned."""
    each, once = -choice.yuan_year / 10_000, choice.yuan / 10_000
    less = Text("少", "less") if each >= 0 else Text("多", "more")
    each = abs(each)
    return Text(
        f"运行经费每年{less.zh}{each:,.1f}万元，规划期{years}年共{less.zh}{each * years:,.1f}万元，一次性花费{once:,.1f}万元",
        f"running costs {each:,.1f} × 10,000 yuan {less.en} a year, {each * years:,.1f} in {years} years, for {once:,.1f} once",
    )


def receivers(plan: Plan, unit: int, year: int) -> list[tuple[int, float]]:
    """Return where the children around a unit go in a year instead, most of them first, with the longest way in km."""
    question, ways = plan.question, plan.question.ways
    near = set(ways.block[(ways.unit == unit) & ~ways.boards].tolist())
    # of the blocks that could go daily, those for which it was the nearest
    mine = [block for block in near if _nearest(plan, block) == unit]
    here = np.flatnonzero(np.isin(ways.block, mine or sorted(near)) & (plan.share[year] > 0) & (ways.unit != unit))
    pupils = question.expected[year][ways.block[here]] * plan.share[year][here]
    total = {int(u): float(pupils[ways.unit[here] == u].sum()) for u in np.unique(ways.unit[here])}
    far = {u: float(ways.km[here][ways.unit[here] == u].max()) for u in total}
    return [(u, far[u]) for u in sorted(total, key=lambda u: (-total[u], u)) if total[u] > 0]


def _nearest(plan: Plan, block: int) -> int:
    ways, units = plan.question.ways, plan.question.units
    here = [a for a in np.flatnonzero(ways.block == block) if not units[ways.unit[a]].is_site]
    return int(ways.unit[min(here, key=lambda a: (ways.km[a], ways.unit[a]))]) if here else -1


def _changes(plan: Plan, choice: Choice, year: int, places: int, yuan: Decimal, today: date) -> Iterator[Change]:
    unit, when = plan.question.units[choice.unit], plan.question.years[year]
    if choice.fate == CLOSE:
        goes = receivers(plan, choice.unit, year)
        row: dict[str, object] = {"school": unit.code, "kind": "merge" if goes else "close", "year": when, "rooms_kept": 0}
        yield AddRow("school_changes", row | ({"successor": plan.question.units[goes[0][0]].school} if goes else {}))
        return
    if choice.fate == POINT:
        yield AddRow("school_changes", {"school": unit.code, "kind": POINT, "year": when})
        return
    code = f"{unit.code}-{unit.stage}-{choice.fate}-{when}"
    title = _title(unit, choice.fate, places, when).zh
    kind = {OPEN: "build", EXTEND: "extend", SHRINK: "convert"}[choice.fate]
    signed = -places if choice.fate == SHRINK else places
    project: dict[str, object] = {"project": code, "name": title, "kind": kind, "stage": unit.stage, "places": signed, "yuan": yuan}
    if unit.is_site:
        project |= {"district": unit.district} if unit.district else {}
    else:
        project["school"] = unit.code
    yield AddRow("projects", project)
    for step, day in _days(when, choice.lead, today):
        yield AddRow("project_steps", {"project": code, "step": step, "planned": day})
    if unit.is_site:
        yield SetValue("sites", (unit.code, unit.stage), "project", code)


def _days(year: int, lead: int, today: date) -> Iterator[tuple[str, date]]:
    end = statistics_day(year)
    begin = max(statistics_day(year - lead), today)
    for step, part in _STAGES_OF_BUILDING.items():
        yield step, begin + timedelta(days=max(1, round((end - begin).days * part / 100)))
    yield "in_use", end
