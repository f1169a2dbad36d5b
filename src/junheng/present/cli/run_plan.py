"""The commands of the plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.present.wording_plan import SIGNS, STANDINGS
from junheng.workflow import Text
from junheng.workflow.ledgers import moment
from junheng.workflow.plan_coverage import capability_coverage
from junheng.workflow.plan_report import work_report
from junheng.workflow.plan_status import plan_bindings, plan_check, plan_status
from junheng.workflow.views.plans_of_action import MeasureLine, PlanLine, PlansStatus

_MEASURE = Text("措施", "Measure")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which plans, which measure, on which day."""

    plans: Sequence[Path]
    plan: str
    measure: str
    today: date | None


def _status(folder: Path, asked: Asked) -> PlansStatus:
    return plan_status(folder, others=asked.plans, plan=asked.plan, at=moment(asked.today))


def checked(terminal: Terminal, folder: Path, plans: Sequence[Path]) -> int:
    """Check the plan files and print what is wrong or open in them."""
    made = plan_check(folder, plans)
    columns = (Text("计划", "Plan"), Text("标题", "Title"), Text("结构", "Structure"), _MEASURE, Text("草稿", "Draft"))
    rows = [
        (one.id, one.title.of(terminal.lang), one.structure.of(terminal.lang), str(one.measures), "是" if one.draft else "")
        for one in made.plans
    ]
    terminal.table(Text("计划文件", "Plan files"), columns, rows, right=(3,), whole=(0,))
    terminal.each_finding(made.findings)
    if not made.findings:
        terminal.say(Text("没有问题。", "Nothing is wrong."))
    terminal.data(made)
    return exit_code(made.findings)


def bindings(terminal: Terminal, folder: Path, word: str) -> int:
    """Print what a measure can be bound to."""
    found = plan_bindings(folder, word)
    columns = (Text("绑定", "Binding"), Text("名称", "Name"), Text("标题", "Title"))
    rows = [(f"{kind}: {name}" if name else kind, label.of(terminal.lang), title.of(terminal.lang)) for kind, label, name, title in found]
    terminal.table(Text("可用的绑定", "What a measure can be bound to"), columns, rows, whole=(0,))
    terminal.data(found)
    return DONE


def status(terminal: Terminal, folder: Path, asked: Asked) -> int:
    """Print how the plans stand."""
    made = _status(folder, asked)
    terminal.title(Text(f"{made.name.zh} 计划进展 {made.day}", f"{made.name.en}: plans on {made.day}"))
    signs = "，".join(f"{sign}{STANDINGS[one].of(terminal.lang)}" for one, sign in SIGNS.items())
    terminal.say(Text(signs, signs))
    terminal.say(Text(f"{made.sentence.zh}（几个计划共有的任务只计一次）。", f"{made.sentence.en}; a shared task counts once."))
    for plan in made.plans:
        _plan(terminal, plan, asked.measure)
    terminal.findings(made.findings)
    terminal.data(made)
    return exit_code(made.findings)


def _plan(terminal: Terminal, plan: PlanLine, measure: str) -> None:
    lang = terminal.lang
    opened = [one for one in plan.measures if measure and measure == one.id]
    if measure:
        for one in opened:
            _measure(terminal, one)
        return
    structure = f"（{plan.structure.of(lang)}）" if plan.structure.zh else ""
    draft = Text("［草稿，未经确认］", " [draft, not confirmed]") if plan.draft else Text("", "")
    terminal.heading(Text(f"{plan.title.zh}{structure}{draft.zh}", f"{plan.title.en} {structure}{draft.en}"))
    terminal.say(Text(f"{plan.headline.zh}。", f"{plan.headline.en}."))
    measures = {one.id: one for one in plan.measures}
    for part in plan.parts:
        indent = "　" * part.depth
        counts = Text(f"{indent}{part.level} {part.title.zh} · {part.sentence.zh}", f"{indent}{part.title.en} · {part.sentence.en}")
        rows = [_row(measures[name], lang) for name in part.measures]
        columns = (
            Text("", ""),
            Text("编号", "Id"),
            _MEASURE,
            Text("数、清单或文件", "Figure, list or document"),
            Text("期限", "Due"),
            Text("缺", "Lack"),
        )
        if rows:
            terminal.table(counts, columns, rows, right=(5,), whole=(0, 1, 4))
        else:
            terminal.say(counts)


def _row(one: MeasureLine, lang: str) -> tuple[str, ...]:
    shared = Text("（共有）", " (shared)").of(lang) if one.shared else ""
    due = one.late if one.late and one.standing in ("behind", "claimed") else one.due
    return (SIGNS[one.standing], one.id, f"{one.title.of(lang)}{shared}", _answer(one, lang), due, _lack(one))


def _answer(one: MeasureLine, lang: str) -> str:
    """Return the figure, list or document in few words: verified and claimed apart."""
    if not one.shown:
        return one.sentence.of(lang)
    if one.whole and one.claimed and one.claimed != one.verified:
        words = Text(
            f"核实{one.verified or '—'}、报告{one.claimed}，共{one.whole}",
            f"{one.verified or '—'} verified, {one.claimed} claimed, of {one.whole}",
        )
        return words.of(lang)
    return one.shown


def _lack(one: MeasureLine) -> str:
    return str(one.gaps_all) if one.gaps_all else ""


def _counts(one: MeasureLine) -> str:
    if not one.whole:
        return ""
    return f"{one.verified or '—'}/{one.claimed or '—'}/{one.whole}"


def _measure(terminal: Terminal, one: MeasureLine) -> None:
    lang, how = terminal.lang, STANDINGS[one.standing]
    terminal.title(Text(f"{one.id} {one.title.zh} · {how.zh}", f"{one.id} {one.title.en} · {how.en}"))
    rows = (
        (Text("事实", "Fact"), one.sentence.of(lang)),
        (Text("依据", "Basis"), one.basis.of(lang)),
        (Text("绑定", "Bound to"), one.bound.of(lang)),
        (Text("分子", "Numerator"), one.numerator),
        (Text("分母", "Denominator"), one.denominator),
        (Text("核实/报告/总数", "Verified/claimed/of"), _counts(one)),
        (Text("目标", "Target"), one.target),
        (Text("到上年末应达到", "Path"), one.path),
        (Text("期限", "Due"), "；".join(word for word in (one.due, one.phrase, one.fixed_by, one.late) if word)),
        (Text("牵头", "Office"), "、".join((one.owner, *one.helpers))),
        (Text("同时属于", "Also in"), "、".join(title.of(lang) for title in one.shared)),
        (Text("对应要求", "Serves"), "、".join(one.serves)),
        (Text("打开", "Open with"), one.command),
    )
    terminal.lines([(label.of(lang), value) for label, value in rows if value], (16, None))
    columns = (Text("缺什么", "Lacking"), Text("哪里", "Where"), Text("责任科室", "Office"), Text("期限", "Due"), Text("说明", "Note"))
    gaps = [(gap.what, gap.where, gap.owner, gap.due, gap.note.of(lang)) for gap in one.gaps]
    left = Text(f"清单（共{one.gaps_all}项）", f"List ({one.gaps_all})")
    terminal.table(left, columns, gaps, whole=(3,))


# -- files ------------------------------------------------------------------------------------------------------------


_PAPERS = {".docx": Text("文稿", "paper"), ".pdf": Text("一页纸计划", "one-page plan")}
_NAMED = {"plan-board": Text("行动计划看板", "plan board"), "dispatch": Text("月度调度表", "monthly dispatch table")}


def _written(terminal: Terminal, paths: Sequence[Path], out: Path) -> int:
    enter(out, "plan", [(path, _NAMED.get(path.stem) or _PAPERS[path.suffix]) for path in paths], terminal.lang)
    for path in paths:
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.data({"files": list(paths)})
    return DONE


def dispatch(terminal: Terminal, folder: Path, asked: Asked, out: Path) -> int:
    """Write the dispatch table."""
    from junheng.present.plan_documents import write_dispatch

    return _written(terminal, write_dispatch(_status(folder, asked), out, terminal.lang), out)


def pages(terminal: Terminal, folder: Path, asked: Asked, out: Path) -> int:
    """Write the one-page plans and the board."""
    from junheng.present.plan_documents import write_board, write_plan_pages

    made = _status(folder, asked)
    return _written(terminal, (*write_board(made, out, terminal.lang), *write_plan_pages(made, out)), out)


def report(terminal: Terminal, folder: Path, asked: Asked, out: Path) -> int:
    """Write the draft of the work report."""
    from junheng.present.plan_documents import write_work_report

    made = work_report(folder, others=asked.plans, plan=asked.plan, at=moment(asked.today))
    return _written(terminal, write_work_report(made, out), out)


def coverage(terminal: Terminal, plans: Sequence[Path]) -> int:
    """Print which of the things that counties' documents ask for are served."""
    made = capability_coverage(plans)
    lang = terminal.lang
    columns = (
        Text("", ""),
        Text("编号", "Row"),
        Text("要求", "Asked for"),
        Text("由什么落实", "Served by"),
        Text("原因或说明", "Reason or note"),
    )
    rows = [
        ("●" if one.served else "—", one.id, one.title.of(lang), "、".join(by.of(lang) for by in one.by), one.reason.of(lang))
        for one in made.rows
    ]
    terminal.table(Text("120项要求", "120 rows"), columns, rows, whole=(0, 1))
    terminal.say(Text(f"{made.sentence.zh}。", f"{made.sentence.en}."))
    terminal.next((command("plan", "status", "FOLDER"), Text("看各项措施的进展", "how the measures stand")))
    terminal.data(made)
    return DONE
