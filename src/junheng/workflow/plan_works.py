"""Measures that are answered by accounts of what is built and by proposals that were adopted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from junheng.actions.plan import Binding
from junheng.actions.progress import Answer, Gap, not_known
from junheng.errors import DataError, StoreError, Text
from junheng.model import AddRow, Change, County, RemoveRow, SetValue, schema
from junheng.projection.programme import Project
from junheng.store.plans import Plan as KeptPlan
from junheng.store.plans import plan_names, read_plan
from junheng.workflow.foresee_seats import project_lines, promise_lines
from junheng.workflow.plan_desk import PlanDesk

_LATE = {
    "late": Text("比计划晚{}天", "{} days behind"),
    "undated": Text("没有投用日期", "no day of use"),
    "on_time": Text("推进中", "under way"),
}


_UNSEEN = Text("已投用，报表中还没有相应学位", "in use; the returns do not hold its places")


def of_promise(desk: PlanDesk, binding: Binding) -> Answer:
    """Return the account of a promised total: in use, under way, late, in no project at all; claimed is what is said to be in use."""
    found = next((one for one in promise_lines(desk.works.promises) if one.promise == binding.target), None)
    if found is None:
        return not_known("list", Text(f"承诺表中没有{binding.target}", f"no promise {binding.target} in the table"), "foresee")
    verified = found.delivered - found.unreturned
    mine = [one for one in desk.works.programme.projects if one.project in found.projects and not one.opened]
    gaps = [_gap(one) for one in mine]
    if found.unnamed:
        gaps.append(Gap(what=f"{found.unnamed:,}个学位没有落实到项目", note=Text("未落实", "in no project")))
    return Answer(
        form="list",
        met=verified >= found.promised,
        shown=f"{found.delivered:,}/{found.promised:,}",
        sentence=Text(f"{found.title}：{found.sentence.zh.rstrip('。')}", f"{found.title}: {found.sentence.en.rstrip('.')}"),
        basis=Text(f"承诺表与项目表，{desk.today}", f"promises and projects, {desk.today}"),
        value=Decimal(verified),
        claimed=Decimal(found.delivered),
        verified=Decimal(verified),
        whole=Decimal(found.promised),
        unit=Text("个", "places"),
        exceptions=tuple(gaps),
        command="foresee",
        day=found.due,
    )


def _gap(one: Project) -> Gap:
    words = _LATE.get(one.lateness, Text("推进中", "under way"))
    seats = f"（{one.places:,}个学位）" if one.places else ""
    note = Text(words.zh.format(one.days_late), words.en.format(one.days_late))
    return Gap(what=f"{one.name}{seats}", due=one.in_use, note=note)


def of_projects(desk: PlanDesk, binding: Binding) -> Answer:
    """Return how many of some projects are in use: named by number, by kind, by stage, or all of them."""
    wanted = [word.strip() for word in binding.target.split(",")]
    chosen = [one for one in desk.works.programme.projects if _is_one(one, wanted)]
    lacking = [word for word in wanted if not any(_is_one(one, [word]) for one in chosen)]
    if not chosen or lacking:
        names = "、".join(lacking) or binding.target
        return not_known("list", Text(f"项目表中没有{names}", f"no project {names} in the table"), "foresee")
    opened = [one for one in chosen if one.opened]
    seen = [one for one in opened if desk.works.held.get(one.project) in (None, one.places)]
    late = [one for one in chosen if one.lateness == "late"]
    named = {line.project: line.name for line in project_lines(desk.works.programme, desk.inputs.names)}
    gaps = [_gap(one) for one in chosen if not one.opened]
    gaps += [Gap(what=named[one.project], note=_UNSEEN) for one in opened if one not in seen]
    return Answer(
        form="list",
        met=len(seen) == len(chosen),
        shown=f"{len(opened)}/{len(chosen)}",
        sentence=Text(
            f"{len(chosen)}个项目中{len(opened)}个已投用，{len(late)}个比计划晚",
            f"{len(opened)} of {len(chosen)} projects in use, {len(late)} behind",
        ),
        basis=Text(f"项目表，{desk.today}", f"projects, {desk.today}"),
        value=Decimal(len(seen)),
        claimed=Decimal(len(opened)),
        verified=Decimal(len(seen)),
        whole=Decimal(len(chosen)),
        unit=Text("个", "projects"),
        exceptions=tuple(gaps),
        command="foresee",
    )


def _is_one(project: Project, wanted: Sequence[str]) -> bool:
    return "all" in wanted or bool({project.project, project.kind, project.stage}.intersection(wanted))


# -- proposals --------------------------------------------------------------------------------------------------------


def of_planner(desk: PlanDesk, binding: Binding) -> Answer:
    """Return the adopted proposal of a planner, and how many of its steps later returns show."""
    kept = list(_kept(desk, binding))
    command = f"propose {binding.target}"
    if not kept:
        return not_known("document", Text("还没有求解过相应的方案", "no such proposal was made"), command)
    adopted = [plan for plan in kept if plan.adopted]
    if not adopted:
        names = "、".join(plan.name for plan in kept)
        return Answer(
            form="document",
            met=False,
            shown="",
            sentence=Text(f"方案{names}已拟出，尚未采用", f"{names} is proposed and not adopted"),
            basis=Text("方案文件夹（plans/）", "folder of proposals"),
            claimed=Decimal(0),
            whole=Decimal(1),
            exceptions=(Gap(what=names, note=Text("尚未采用", "not adopted")),),
            command=command,
        )
    return _adopted(desk, max(adopted, key=lambda plan: plan.year), command)


def _kept(desk: PlanDesk, binding: Binding) -> list[KeptPlan]:
    wanted = binding.options.get("plan", "")
    found = []
    for name in plan_names(desk.folder):
        if wanted not in ("", name):
            continue
        try:
            plan = read_plan(desk.folder / "plans" / name)
        except (DataError, StoreError) as error:
            desk.findings += error.findings
            continue
        if plan.proposal.brief.planner == binding.target:
            found.append(plan)
    return found


def _adopted(desk: PlanDesk, plan: KeptPlan, command: str) -> Answer:
    adoption = plan.adopted
    assert adoption is not None
    steps = plan.proposal.steps
    said = Text(
        f"方案{plan.name}（{len(steps)}步）由{adoption.office}于{adoption.day}采用{_by(adoption.document)}",
        f"{plan.name} ({len(steps)} steps) adopted on {adoption.day} by {adoption.office}",
    )
    later = desk.county.year > plan.year
    done = [step for step in steps if all(_shows(desk.county, change) for change in step.changes)] if later else []
    open_ = [step for step in steps if step not in done] if later else []
    gaps = [Gap(what=step.title.zh, note=Text("新报表中尚未体现", "not in later returns")) for step in open_]
    seen = Text("；落实情况待下一学年报表", "; whether it was done the next returns will show")
    if later:
        seen = Text(f"；{desk.county.year}学年报表已体现{len(done)}步", f"; returns of {desk.county.year} show {len(done)}")
    return Answer(
        form="document",
        met=not gaps,
        shown=f"{adoption.day}采用",
        sentence=Text(f"{said.zh}{seen.zh}", f"{said.en}{seen.en}"),
        basis=Text("方案文件夹（plans/）与上报数据", "proposals and returns"),
        claimed=Decimal(len(steps)),
        verified=Decimal(len(done)) if later else None,
        whole=Decimal(len(steps)),
        unit=Text("步", "steps"),
        exceptions=tuple(gaps),
        command=command,
        day=adoption.day,
    )


def _by(document: str) -> str:
    return f"（{document}）" if document else ""


def _shows(county: County, change: Change) -> bool:
    """Return whether a county's tables are as a change wants them."""
    if isinstance(change, SetValue):
        row = _row(county, change.table, change.key)
        return row is not None and row.get(change.column) == change.value
    if isinstance(change, RemoveRow):
        return _row(county, change.table, change.key) is None
    return isinstance(change, AddRow) and _row(county, change.table, _key(change)) is not None


def _key(change: AddRow) -> tuple[Any, ...]:
    return tuple(change.row[name] for name in schema().tables[change.table].key)


def _row(county: County, table: str, key: Sequence[Any]) -> Mapping[str, Any] | None:
    names = schema().tables[table].key
    rows = (row for row in county.tables[table].iter_rows(named=True) if tuple(row[name] for name in names) == tuple(key))
    return next(rows, None)
