"""What becomes of a plan: one of its alternatives kept as a plan of its own, adopted, written into the tables, taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Place, StoreError, Text
from junheng.model import AddRow, Change, County, RemoveRow, SetValue, apply, digest, schema
from junheng.planning.proposal import Step
from junheng.planning.registry import planner
from junheng.store import held, write_county
from junheng.store.plans import Plan, log_line, log_of, plan_names, read_plan, write_plan
from junheng.store.plans import adopt as write_adoption
from junheng.store.plans_applied import applied, as_before, keep_before
from junheng.workflow.office import Office
from junheng.workflow.propose_plans import seen_by, stale_since
from junheng.workflow.views.proposals import Adopted, Line, Taken, Written

_WHAT = {
    "proposed": Text("提出", "proposed"),
    "taken": Text("由其他方案另存", "taken from an alternative"),
    "adopted": Text("采用", "adopted"),
    "applied": Text("写入数据表", "written into the tables"),
    "undone": Text("撤销写入", "taken back from the tables"),
}


def take(place: Path, number: int, *, name: str = "", day: date | None = None) -> Taken:
    """Keep an alternative of a plan as a plan of its own, to be looked at, compared and adopted. number: from 1, as they are listed.

    Raises StoreError or DataError.
    """
    plan, folder = read_plan(place), place.parent.parent
    others = plan.proposal.alternatives
    if not 1 <= number <= len(others):
        raise DataError(finding("workflow.no_such_alternative", Place(file=place.as_posix()), str(number), most=len(others)))
    one = others[number - 1]
    chosen = f"{plan.year}-{name}" if name else f"{plan.name}-{number}"
    if chosen in plan_names(folder):
        raise StoreError(finding("store.plan_there", Place(file=place.parent.name), chosen))
    proposal = replace(
        plan.proposal,
        steps=one.steps,
        objective=one.objective,
        bound=one.bound,
        amounts=one.amounts,
        alternatives=(),
        prices=(),
        certificate=None,
    )
    said = Text(f"{plan.name}的其他方案{number}：{one.title.zh}", f"alternative {number} of {plan.name}: {one.title.en}")
    write_plan(folder, chosen, plan.year, proposal, _day(day), what="taken", document=said.zh)
    return Taken(plan=(folder / "plans" / chosen).as_posix(), of=place.as_posix(), title=said, reason=one.reason, steps=_lines(one.steps))


def _day(day: date | None) -> date:
    return day or date.today()  # noqa: DTZ011 - an officer's today is the local one


def _lines(steps: tuple[Step, ...]) -> tuple[Line, ...]:
    return tuple(Line(step.title, step.reason) for step in steps)


def adopt(place: Path, person: str, office: str, *, day: date | None = None, document: str = "") -> Adopted:
    """Adopt a plan: it is marked with who, when and by which document, and is not written over afterwards. No table is changed.

    What it was worked out from and has changed since is a finding. Raises StoreError or DataError.
    """
    today, house = _day(day), Office(place.parent.parent)
    plan = read_plan(place, house.county(read_plan(place).year))
    county = seen_by(plan, house)
    apply(county, plan.proposal.changes)  # a plan that no longer fits the tables is refused with every change that cannot be made
    findings = stale_since(plan, house, county)
    write_adoption(place, today, person, office, document)
    steps = plan.proposal.steps
    by = f"{office}{person}"
    return Adopted(
        plan=place.as_posix(),
        title=planner(plan.proposal.brief.planner).declaration.title,
        sentence=Text(f"{today}由{by}采用，共{len(steps)}步", f"adopted on {today} by {office}, {person}: {len(steps)} step(s)"),
        note=_not_yet(plan),
        steps=_lines(steps),
        log=_log(place),
        findings=tuple(findings),
    )


def _not_yet(plan: Plan) -> Text:
    count, year = len(plan.proposal.changes), plan.year
    if not count:
        return Text("本方案不改动数据表。", "The plan changes no table.")
    return Text(
        f"{year}学年的数据表还没有改动：{count}处改动用apply-plan写入（可撤销），写入以前再问同样的问题，答案不变。",
        f"The tables of {year} are as they were: apply-plan writes the {count} changes (it can be undone); until then the same question "
        "has the same answer.",
    )


def _log(place: Path) -> tuple[tuple[str, Text, str, str, str], ...]:
    rows = log_of(place)
    return tuple(
        (row["day"], _WHAT.get(row["what"], Text(row["what"], row["what"])), row["person"], row["office"], row["document"]) for row in rows
    )


def apply_plan(place: Path, person: str, office: str, *, day: date | None = None, undo: bool = False) -> Written:
    """Write the changes of an adopted plan into the tables of its year, all of them or none; with `undo` take them back.

    Each value written has the plan and its step as its origin. Raises StoreError or DataError, and changes nothing, when the plan is
    not adopted, or the tables are no longer what it was worked out from (of `undo`: what it made of them).
    """
    today, folder = _day(day), place.parent.parent
    house = Office(folder)
    plan = read_plan(place)
    if plan.adopted is None:
        raise StoreError(finding("workflow.plan_not_adopted", Place(file=place.as_posix()), Text("还没有采用", "not adopted yet")))
    if today < plan.adopted.day:
        raise StoreError(finding("store.plan_day", Place(file=place.as_posix()), str(today), day=str(plan.adopted.day)))
    with held(folder):  # from before the tables are read until they are written
        work = _taken_back if undo else _written
        view = work(place, plan, house)
        log_line(place, today, "undone" if undo else "applied", person, office, plan.adopted)
    return replace(view, log=_log(place))


def _written(place: Path, plan: Plan, house: Office) -> Written:
    before, last = house.county(plan.year), applied(place)
    if last and last.after == digest(before) != last.before:
        raise StoreError(finding("workflow.plan_written", Place(file=place.as_posix()), Text("已经写入", "written already")))
    seen = seen_by(plan, house)
    findings = stale_since(plan, house, seen)
    if _changed_since(plan, house, seen):
        found = Text("数据表已改动", "tables that have changed")
        where = place.as_posix()
        raise StoreError(finding("workflow.plan_on_other_tables", Place(file=where), found, year=plan.year, plan=where))
    ahead = {name for name, frame in before.tables.items() if not frame.equals(seen.tables[name])}  # what foresight filled in
    after, kept, left = before, [], 0
    for number, step in enumerate(plan.proposal.steps, start=1):
        mine = [change for change in step.changes if change.table not in ahead]
        after = apply(after, mine, f"plans/{plan.name} {number}")
        kept += mine
        left += len(step.changes) - len(mine)
    keep_before(place, before, after)
    write_county(house.folder, after)
    year = plan.year
    note = (
        Text(f"另有{left}处改动的是预测出来的数，不写入。", f"{left} more changes are of figures foreseen: they are not written.")
        if left
        else Text("", "")
    )
    return Written(
        plan=place.as_posix(),
        folder=house.folder.as_posix(),
        title=planner(plan.proposal.brief.planner).declaration.title,
        sentence=Text(f"{len(kept)}处改动已写入{year}学年的数据表", f"{len(kept)} changes are written into the tables of {year}"),
        note=note,
        tables=_by_table(kept),
        log=(),
        findings=tuple(findings),
    )


def _changed_since(plan: Plan, house: Office, seen: County) -> bool:
    now = planner(plan.proposal.brief.planner).inputs(seen, house.rules(plan.year))
    return now.county != plan.proposal.inputs.county


def _by_table(changes: list[Change]) -> tuple[tuple[Text, int, int, int], ...]:
    """Return how many rows came and went, and how many values were set, of each table."""
    counts = Counter((change.table, type(change)) for change in changes)
    names = dict.fromkeys(change.table for change in changes)
    return tuple((schema().tables[name].title, counts[name, AddRow], counts[name, RemoveRow], counts[name, SetValue]) for name in names)


def _taken_back(place: Path, plan: Plan, house: Office) -> Written:
    now, last = house.county(plan.year), applied(place)
    if last is None or last.after != digest(now):
        found = (
            Text("从未写入", "never written")
            if last is None
            else Text("写入以后又改动过，或已经撤销", "changed after it was written, or taken back")
        )
        raise StoreError(finding("workflow.plan_not_undone", Place(file=place.as_posix()), found))
    write_county(house.folder, as_before(place, now))
    return Written(
        plan=place.as_posix(),
        folder=house.folder.as_posix(),
        title=planner(plan.proposal.brief.planner).declaration.title,
        sentence=Text(
            f"{plan.year}学年的数据表已恢复到写入以前", f"the tables of {plan.year} are as they were before the plan was written"
        ),
        note=Text("", ""),
        tables=(),
        log=(),
        findings=(),
    )
