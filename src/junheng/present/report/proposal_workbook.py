"""The workbook of a proposal: the brief, the steps with every change, result tables as numbers, verdicts before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from junheng.present.report.grid import Column, Entry, listing
from junheng.present.report.wording import total_width
from junheng.present.report.workbook import write_sheets
from junheng.present.wording import NOTHING, VERDICTS, figure_words, school_year
from junheng.workflow import Text
from junheng.workflow.views import Cell, Figure, Sheet, Verdict
from junheng.workflow.views.proposals import Grid, Proposed

_NARROW, _WIDE = 9, 60  # letters of a column of texts
_PORTRAIT = 120  # letters of a table that an A4 page holds upright
_MOST_PRINTED = 400  # rows
_FIRST = 35  # rows of a list for looking up that are printed


def write_proposal_workbook(proposed: Proposed, path: Path, lang: str = "zh") -> None:
    """Write the workbook to `path` (.xlsx)."""
    write_sheets(tuple(proposal_sheets(proposed, lang)), path, proposed.day, lang)


def proposal_sheets(proposed: Proposed, lang: str) -> Iterator[Sheet]:
    """Yield the sheets; a list without rows is left out."""
    sheets = (
        _cover(proposed, lang),
        _steps(proposed, lang),
        _first_page(_changes(proposed, lang)),
        *(_shortened(_grid(proposed, grid, lang)) for grid in proposed.tables if grid.paper != "letters"),  # Word holds them
        *(_first_page(_grid(proposed, grid, lang)) for grid in proposed.proofs),
        _judged(proposed, lang),
        _prices(proposed, lang),
        _others(proposed, lang),
    )
    taken: list[str] = []
    for sheet in sheets:
        if sheet.rows:
            yield _named_once(sheet, taken, lang)


def _named_once(sheet: Sheet, taken: list[str], lang: str) -> Sheet:
    """Return a sheet whose tab no other one has: titles may begin alike, and a tab holds only the beginning."""
    tab = sheet.name.of(lang)
    taken.append(tab)
    return sheet if taken.count(tab) == 1 else replace(sheet, name=Text(*[f"{tab} {taken.count(tab)}"] * 2))


def _sheet(proposed: Proposed, title: Text, columns: Sequence[Column], rows: Iterable[Sequence[Entry]], lang: str) -> Sheet:
    year = school_year(proposed.year)
    subtitle = Text(
        f"{proposed.county_name.zh}　{year.zh}　{proposed.title.zh}", f"{proposed.county_name.en}, {year.en}, {proposed.title.en}"
    )
    sheet = listing(Text(_tab(title.zh), _tab(title.en)), title, subtitle, columns, rows, lang)
    return replace(sheet, landscape=total_width(sheet.widths) > _PORTRAIT)


def _first_page(sheet: Sheet) -> Sheet:
    """Return a long list of which only the first page is printed: every change, or the proof, is there to be looked up and checked."""
    if not sheet.rows[_FIRST:]:
        return sheet
    zh, en = (
        "供查阅和复核，只打印首页；要全部打印，请取消打印区域",
        "for checking: only the first page prints; clear the print area to print all",
    )
    return replace(sheet, prints=_FIRST, subtitle=Text(f"{sheet.subtitle.zh}　{zh}", f"{sheet.subtitle.en} ({en})"))


def _shortened(sheet: Sheet) -> Sheet:
    """Return a list as it is printed: the first page only where it would take dozens."""
    return _first_page(sheet) if sheet.rows[_MOST_PRINTED:] else sheet


def _tab(title: str) -> str:
    """Return a title as a sheet may be called: spreadsheets allow 31 letters and none of these signs."""
    return "".join("-" if sign in "[]:*?/\\" else sign for sign in title)[:28].strip("' ")


def _cover(proposed: Proposed, lang: str) -> Sheet:
    lines: list[tuple[Entry, ...]] = [
        (Text("问题", "Question"), proposed.question),
        (Text("结论", "Answer"), proposed.headline),
        *((Text("离最优", "Gap"), proposed.gap) for _ in (1,) if proposed.gap.zh),
        *((line.label, line.shown) for line in (proposed.objective,) if line),
        *((one.title, Text(f"{one.shown} {one.unit.zh}", f"{one.shown} {one.unit.en}")) for one in proposed.amounts),
        *((line.label, line.shown) for line in proposed.asked),
        *((one.found, one.remedy) for one in proposed.findings),
        (Text("数据指纹", "Digest of the data"), proposed.digests.county),
        (Text("标准指纹", "Digest of the standards"), proposed.digests.standards),
        (Text("程序指纹", "Digest of the program"), proposed.digests.code),
    ]
    columns = ((Text("项目", "Item"), 46), (Text("内容", "Content"), 70))
    return _sheet(proposed, Text("方案概要", "Proposal"), columns, lines, lang)


def _steps(proposed: Proposed, lang: str) -> Sheet:
    told = (Text("步", "Step"), 5), (Text("做什么", "What"), 26), (Text("理由", "Reason"), 80), (Text("学年", "Year"), 8)
    counted = [
        ((Text("涉及学生（人）", "Pupils"), 12), [one.pupils_shown for one in proposed.steps]),
        ((Text("涉及教师（人）", "Teachers"), 12), [one.teachers_shown for one in proposed.steps]),
        ((Text("费用（元）", "Yuan"), 14), [one.yuan_shown for one in proposed.steps]),
    ]
    known = [(column, amounts) for column, amounts in counted if any(amounts)]
    columns = (*told, *(column for column, _ in known))
    rows: list[tuple[Entry, ...]] = [
        (one.number, one.title, one.reason, one.year, *(_number(amounts[place]) for _, amounts in known))
        for place, one in enumerate(proposed.steps)
    ]
    return _sheet(proposed, Text("步骤", "Steps"), columns, rows, lang)


def _number(shown: str) -> Cell:
    """Return a shown number as a number; nothing where it is not known."""
    return Cell(value=float(shown.replace(",", "")) if shown else None, decimals=0)


def _changes(proposed: Proposed, lang: str) -> Sheet:
    columns = (
        (Text("步", "Step"), 5),
        (Text("表", "Table"), 18),
        (Text("哪一行", "Row"), 36),
        (Text("列", "Column"), 16),
        (Text("现在", "Today"), 34),
        (Text("改为", "Becomes"), 50),
        (Text("做什么", "What"), 30),
        (Text("理由", "Reason"), 60),
        (Text("本步费用（元）", "Yuan of the step"), 14),
    )
    nothing = (Text("", ""), Text("", ""), Cell(value=None))
    rows = [
        (
            *(step.number, one.table, one.place, one.column, one.before, one.after),
            *((step.title, step.reason, _number(step.yuan_shown)) if one is step.changes[0] else nothing),
        )
        for step in proposed.steps
        for one in step.changes
    ]
    return _sheet(proposed, Text("逐项改动", "Changes"), columns, rows, lang)


def _grid(proposed: Proposed, grid: Grid, lang: str) -> Sheet:
    columns = [
        (
            Text(f"{one.title.zh}（{one.unit.zh}）", f"{one.title.en} ({one.unit.en})") if one.unit.zh else one.title,
            12 if one.numeric else min(max(one.letters, _NARROW), _WIDE),
        )
        for one in grid.columns
    ]
    rows = [
        [
            Cell(value=cell.value, decimals=_decimals(cell.shown.en))
            if cell.value is not None
            else Cell(value=cell.shown.of(lang), text=column.letters <= _WIDE)  # a code stays as it is, a sentence is wrapped
            for cell, column in zip(row, grid.columns, strict=True)
        ]
        for row in grid.rows
    ]
    return _sheet(proposed, grid.title, columns, rows, lang)


def _decimals(shown: str) -> int:
    return len(shown.partition(".")[2])


def _judged(proposed: Proposed, lang: str) -> Sheet:
    columns = (
        (Text("认定体系", "Framework"), 24),
        (Text("范围", "Where"), 30),
        (Text("条目", "Item"), 34),
        (Text("现在", "Today"), 16),
        (Text("现在的结论", "Verdict today"), 20),
        (Text("方案", "Proposed"), 16),
        (Text("方案的结论", "Verdict proposed"), 20),
        (Text("变化", "Change"), 10),
    )
    rows = [
        (
            pair.title,
            row.place,
            row.label,
            _figure(row.before),
            _verdict(row.before_verdict),
            _figure(row.after),
            _verdict(row.after_verdict),
            row.change,
        )
        for pair in proposed.judged
        for row in (*pair.turned, *pair.moved)
    ]
    summary: list[tuple[Entry, ...]] = [
        (pair.title, Text("条数", "items"), VERDICTS[verdict], before, NOTHING, after, NOTHING, "")
        for pair in proposed.judged
        for verdict, before, after in pair.counts
    ]
    return _sheet(proposed, Text("前后评估", "Before and after"), columns, [*summary, *rows], lang)


def _figure(figure: Figure | None) -> Text:
    return figure_words(figure) if figure else NOTHING


def _verdict(verdict: Verdict | None) -> Text:
    return VERDICTS[verdict] if verdict else NOTHING


def _prices(proposed: Proposed, lang: str) -> Sheet:
    columns = ((Text("规则", "Rule"), 46), (Text("放宽之后", "When relaxed"), 60), (Text("目标值减少", "Saves"), 16))
    rows = [(one.rule, one.sentence, _number(one.saves_shown)) for one in proposed.prices]
    return _sheet(proposed, Text("每条规则的代价", "What rules cost"), columns, rows, lang)


def _others(proposed: Proposed, lang: str) -> Sheet:
    columns = (
        (Text("方案", "Plan"), 24),
        (Text("目标值", "Objective"), 16),
        (Text("多出", "More by"), 10),
        (Text("差距", "Gap"), 36),
        (Text("差别", "Differs"), 30),
        (Text("取舍", "Trade-off"), 60),
        *((Text(f"{one.title.zh}（{one.unit.zh}）", f"{one.title.en} ({one.unit.en})"), 14) for one in proposed.amounts),
    )
    rows: list[tuple[Entry, ...]] = [
        (
            one.title,
            _number(one.objective_shown),
            one.dearer_shown,
            one.gap,
            one.differ,
            one.reason,
            *(_number(amount) for amount in one.amounts),
        )
        for one in proposed.alternatives
    ]
    return _sheet(proposed, Text("其他可选方案", "Alternatives"), columns, rows, lang)
