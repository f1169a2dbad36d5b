"""The commands propose, planners and compare-plans."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from junheng.present.cli.run_assess import show_written
from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.present.wording import NOTHING, VERDICTS, WHOLES, figure_words
from junheng.workflow import Text
from junheng.workflow.propose import list_planners, propose
from junheng.workflow.propose_asked import Asked
from junheng.workflow.propose_plans import compare_plans, why
from junheng.workflow.views import Compared
from junheng.workflow.views.proposals import ChangeLine, Grid, JudgedPair, Proposed

Step = Callable[[Text, int, int], None]

_MOST_STEPS = 30
_MOST_CHANGES = 12
_MOST_ROWS = 40
_MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a call of propose says beside the brief."""

    asked: Asked
    name: str = ""
    why: str = ""  # a column and code whose choice is doubted
    to: str = ""  # where it is forced to
    away: str = ""  # or from where it is forced away
    dry: bool = False


def asked(
    planner: str,
    year: int | None,
    lists: Sequence[Sequence[str] | None],
    brief: Path | None,
    *,
    seed: int | None,
    gap: float | None,
    seconds: float | None,
    work: int | None,
    prices: bool,
) -> Asked:
    """Return the brief of a call. lists: options, pins, forbids; gap: in per cent."""
    options, pins, forbids = (tuple(words or ()) for words in lists)
    return Asked(
        planner=planner,
        year=year,
        options=options,
        pins=pins,
        forbids=forbids,
        seed=seed,
        gap_percent=gap,
        seconds=seconds,
        work=work,
        brief=brief,
        prices=prices,
    )


@contextmanager
def stopped_by_interrupt(terminal: Terminal) -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether the reader has asked to stop: the first Ctrl-C ends with the best so far, a second at once."""
    asked = threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        text = Text("正在停下，给出到目前为止的最好方案……（再按一次立即中断）", "Stopping with the best plan so far … (again: at once)")
        Terminal(terminal.lang, out=terminal.err).say(text)

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def proposed(terminal: Terminal, folder: Path, call: Call, out: Path | None) -> int:
    """Ask a planner, print its proposal, keep it as a plan, and write its documents where `out` says; or price another choice."""
    if call.why:
        return _why(terminal, folder, call)
    with stopped_by_interrupt(terminal) as stopped, terminal.progress() as step:
        view = propose(folder, call.asked, name=call.name, keep=not call.dry, progress=step, stopped=stopped)
        written = _documents(view, out, terminal.lang, step) if out else []
    show_proposed(terminal, view)
    if out and written:
        enter(out, "proposal", written, terminal.lang)
        show_written(terminal, written)
    _next(terminal, folder, view)
    terminal.data(view)
    return exit_code(view.findings)


def _documents(view: Proposed, out: Path, lang: str, step: Step) -> list[tuple[str, Text]]:
    from junheng.present.proposal_documents import write_proposal  # the libraries behind it are not loaded for other commands

    return write_proposal(view, out, lang, step)


def _next(terminal: Terminal, folder: Path, view: Proposed) -> None:
    if not view.plan:
        return
    place = folder / view.plan
    terminal.next(
        (command("propose", folder, view.planner, "--brief", place, "--out", "out"), Text("写出网页和文件", "write page and documents")),
        *_take(place, view),
        (command("adopt", place, "--by", "…", "--office", "…"), Text("采用这个方案", "adopt this plan")),
    )


def _take(place: Path, view: Proposed) -> Iterator[tuple[str, Text]]:
    if view.alternatives:
        yield command("take-alternative", place, "1"), Text("另存第1个其他方案，可对比、采用", "keep alternative 1, to compare or adopt it")


def show_proposed(terminal: Terminal, view: Proposed) -> None:
    """Print what is proposed, how good it is, the steps, and the county before and after."""
    name, title = view.county_name, view.title
    terminal.title(Text(f"{name.zh} {view.year}学年 · {title.zh}", f"{name.en} {view.year} · {title.en}"))
    terminal.say(Text(f"{view.headline.zh}。", f"{view.headline.en}."))
    if view.note.zh:
        terminal.say(view.note)
    terminal.each_finding(view.findings)
    _asked(terminal, view)
    _amounts(terminal, view)
    _steps(terminal, view)
    for grid in view.tables[:1]:
        show_grid(terminal, grid)
    for one in view.maps:
        terminal.say(Text(f"{one.title.zh}：{one.sentence.zh}。", f"{one.title.en}: {one.sentence.en}."))
    for pair in view.judged:
        show_pair(terminal, pair)
    _prices(terminal, view)
    _others(terminal, view)


def _asked(terminal: Terminal, view: Proposed) -> None:
    rows = [(line.label.of(terminal.lang), line.shown.of(terminal.lang)) for line in view.asked]
    terminal.table(Text("任务书", "The brief"), (Text("项目", "Item"), Text("取值", "Value")), rows)


def _amounts(terminal: Terminal, view: Proposed) -> None:
    lang = terminal.lang
    rows = [(one.title.of(lang), one.shown, one.unit.of(lang), one.weight_shown, one.weighs_shown) for one in view.amounts]
    columns = (
        Text("目标的组成", "Part of the objective"),
        Text("数量", "Amount"),
        Text("单位", "Unit"),
        Text("权重", "Weight"),
        Text("折合", "Weighs"),
    )
    if view.objective:
        total, gap = view.objective, view.gap
        heading = Text(f"{total.label.zh} {total.shown.zh}，{gap.zh}", f"{total.label.en} {total.shown.en}, {gap.en}")
        terminal.table(heading, columns, rows, right=(1, 3, 4), whole=(2,))


def _steps(terminal: Terminal, view: Proposed) -> None:
    if view.steps:
        terminal.heading(Text("步骤", "Steps"))
    for one in view.steps[:_MOST_STEPS]:
        facts = [Text(f"{one.year}学年", str(one.year))]
        facts += [Text(f"涉及学生{one.pupils_shown}人", f"pupils: {one.pupils_shown}")] if one.pupils_shown else []
        facts += [Text(f"涉及教师{one.teachers_shown}人", f"teachers: {one.teachers_shown}")] if one.teachers_shown else []
        facts += [Text(f"费用{one.yuan_shown}元", f"yuan: {one.yuan_shown}")] if one.yuan_shown else []
        facts += [Text("费用未知", "cost not known")] if one.is_priced and not one.yuan_shown else []
        zh, en = "，".join(fact.zh for fact in facts), ", ".join(fact.en for fact in facts)
        terminal.say(Text(f"{one.number}. {one.title.zh}（{zh}）", f"{one.number}. {one.title.en} ({en})"))
        terminal.say(Text(f"   {one.reason.zh}", f"   {one.reason.en}"))
    count = len(view.steps)
    if view.steps[_MOST_STEPS:]:
        terminal.say(Text(f"……共{count}步，全部见方案文件夹。", f"… {count} in all: see the plan's folder."))


def show_grid(terminal: Terminal, grid: Grid) -> None:
    """Print the first columns of a result table, as many as a narrow window holds."""
    lang = terminal.lang
    columns = [_headed(column.title, column.unit) for column in grid.columns[:_MOST_COLUMNS]]
    rows = [tuple(cell.shown.of(lang) for cell in row[:_MOST_COLUMNS]) for row in grid.rows[:_MOST_ROWS]]
    right = [number for number, column in enumerate(grid.columns[:_MOST_COLUMNS]) if column.numeric]
    terminal.table(grid.title, columns, rows, right=right)
    if grid.columns[_MOST_COLUMNS:] or grid.rows[_MOST_ROWS:]:
        terminal.say(Text("全部行列见网页和工作簿（--out）。", "All rows and columns: on the page and in the workbook (--out)."))


def _headed(title: Text, unit: Text) -> Text:
    return Text(f"{title.zh}\n{unit.zh}", f"{title.en}\n{unit.en}") if unit.zh else title


def show_pair(terminal: Terminal, pair: JudgedPair) -> None:
    """Print one framework before and after: its sentence, and the verdicts that turn."""
    lang = terminal.lang
    before, after = WHOLES[pair.before], WHOLES[pair.after]
    terminal.heading(Text(f"前后评估：{pair.title.zh}", f"Before and after: {pair.title.en}"))
    terminal.say(
        Text(f"{before.zh} → {after.zh}；{pair.sentence.zh}。", f"{before.en} → {after.en}; {pair.sentence.en}."),
    )
    rows = [_turned(row, lang) for row in pair.turned[:_MOST_ROWS]]
    columns = (Text("范围", "Where"), Text("条目", "Item"), Text("之前", "Before"), Text("之后", "After"))
    terminal.table(NOTHING, columns, rows)


def _turned(row: Compared, lang: str) -> tuple[str, ...]:
    sides = ((row.before, row.before_verdict), (row.after, row.after_verdict))
    told = []
    for figure, verdict in sides:
        value = figure_words(figure).of(lang) if figure else ""
        told.append(f"{value} {VERDICTS[verdict].of(lang)}".strip() if verdict else "—")
    return (row.place.of(lang), row.label.of(lang), *told)


def _prices(terminal: Terminal, view: Proposed) -> None:
    rows = [(one.rule.of(terminal.lang), one.sentence.of(terminal.lang)) for one in view.prices]
    terminal.table(Text("每条规则的代价", "What each rule costs"), (Text("规则", "Rule"), Text("放宽之后", "When relaxed")), rows)


def _others(terminal: Terminal, view: Proposed) -> None:
    lang = terminal.lang
    rows = [
        (str(number), one.title.of(lang), one.objective_shown, one.dearer_shown, one.gap.of(lang), one.differ.of(lang), one.reason.of(lang))
        for number, one in enumerate(view.alternatives, start=1)
    ]
    columns = (
        Text("序号", "No."),
        Text("其他好方案", "Alternative"),
        Text("目标值", "Objective"),
        Text("多出", "More by"),
        Text("差距", "Gap"),
        Text("差别", "Differs"),
        Text("取舍", "Trade-off"),
    )
    terminal.table(Text("其他可选方案", "Alternatives"), columns, rows, right=(0, 2, 3))


def _why(terminal: Terminal, folder: Path, call: Call) -> int:
    if bool(call.to) == bool(call.away):
        message = Text("--why 之后要么写 --to（改到哪里），要么写 --not（不要在哪里）", "after --why say either --to or --not")
        return terminal.wrong_call(message, command("propose", "--help"))
    with stopped_by_interrupt(terminal) as stopped, terminal.progress() as step:
        found = why(folder, call.asked, f"{call.why}:{call.to or call.away}", forbid=bool(call.away), progress=step, stopped=stopped)
    terminal.title(found.question)
    terminal.say(Text(f"{found.sentence.zh}。", f"{found.sentence.en}."))
    columns = (Text("项目", "Part"), Text("建议方案", "Proposed"), Text("强制之后", "Forced"), Text("差额", "Difference"))
    rows = [(title.of(terminal.lang), *cells) for title, *cells in found.amounts]
    terminal.table(NOTHING, columns, rows, right=(1, 2, 3))
    _moves(terminal, found.moves)
    _each(terminal, Text("不再安排", "No longer"), found.no_longer)
    _each(terminal, Text("改为安排", "Instead"), found.instead)
    terminal.each_finding(found.findings)
    terminal.data(found)
    return exit_code(found.findings)


def _moves(terminal: Terminal, moves: Sequence[ChangeLine]) -> None:
    """Print what is elsewhere, value by value: as proposed, and when the other is forced."""
    lang = terminal.lang
    rows = [
        (one.place.of(lang), (one.column if one.column.zh else one.table).of(lang), one.before.of(lang), one.after.of(lang))
        for one in moves
    ]
    columns = (Text("谁变动", "What moves"), Text("内容", "In what"), Text("建议方案", "Proposed"), Text("强制之后", "Forced"))
    terminal.table(Text("具体变动", "What is elsewhere"), columns, rows[:_MOST_STEPS])
    count = len(moves)
    if moves[_MOST_STEPS:]:
        terminal.say(Text(f"……共{count}处。", f"… {count} in all."))


def _each(terminal: Terminal, heading: Text, lines: Sequence[Text]) -> None:
    if lines:
        terminal.heading(heading)
    for line in lines[:_MOST_STEPS]:
        terminal.say(line)
    count = len(lines)
    if lines[_MOST_STEPS:]:
        terminal.say(Text(f"……共{count}项。", f"… {count} in all."))


def planners(terminal: Terminal) -> int:
    """List the planners with their options."""
    found = list_planners()
    lang = terminal.lang
    for one in found:
        terminal.title(Text(f"{one.name} {one.title.zh}", f"{one.name}: {one.title.en}"))
        terminal.say(one.question)
        rows = [(name, title.of(lang), default, unit.of(lang), bounds) for name, title, default, unit, bounds in one.options]
        columns = (Text("选项", "Option"), Text("含义", "Meaning"), Text("默认", "Default"), Text("单位", "Unit"), Text("范围", "Bounds"))
        terminal.table(NOTHING, columns, rows, right=(2,), whole=(0, 3, 4))
        for column, to in one.pins:
            terminal.say(Text(f"可以指定或禁止：{column}=代码:去向（{to}）", f"may be pinned or forbidden: {column}=code:to ({to})"))
    terminal.data(found)
    return DONE


def compared(terminal: Terminal, first: Path, second: Path) -> int:
    """Print two plans side by side."""
    with terminal.progress() as step:
        view = compare_plans(first, second, progress=step)
    terminal.title(Text("两个方案对比", "Two plans side by side"))
    for note in view.notes:
        terminal.say(note)
    one, other = Text("方案一", "First"), Text("方案二", "Second")  # their names do not fit into the head of a narrow window
    for short, whole in ((one, view.first), (other, view.second)):
        terminal.say(Text(f"{short.zh}：{whole.zh}", f"{short.en}: {whole.en}"))
    columns = (Text("项目", "What"), one, other, Text("差额", "Difference"))
    terminal.table(NOTHING, columns, [(label.of(terminal.lang), *cells) for label, *cells in view.lines], right=(1, 2, 3))
    both = view.both
    terminal.say(Text(f"两个方案相同的改动：{both}处。", f"Changes in both: {both}."))
    for name, lines in ((view.first, view.only_first), (view.second, view.only_second)):
        _changes(terminal, Text(f"只在{name.zh}中", f"Only in {name.en}"), lines)
    for pair in view.judged:
        show_pair(terminal, pair)
    terminal.each_finding(view.findings)
    terminal.data(view)
    return exit_code(view.findings)


def _changes(terminal: Terminal, heading: Text, lines: Sequence[ChangeLine]) -> None:
    lang = terminal.lang
    rows = [
        (one.table.of(lang), one.place.of(lang), one.column.of(lang), one.before.of(lang), one.after.of(lang))
        for one in lines[:_MOST_CHANGES]
    ]
    columns = (Text("表", "Table"), Text("哪一行", "Row"), Text("列", "Column"), Text("现在", "Today"), Text("改为", "Becomes"))
    terminal.table(heading, columns, rows)
    count = len(lines)
    if lines[_MOST_CHANGES:]:
        terminal.say(Text(f"……共{count}处，全部见 steps.csv。", f"… {count} in all: see steps.csv."))
