"""A proposal as an annex in official layout: what was asked, what is proposed, the county before and after, what rules cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from junheng.present import charts_places
from junheng.present.report.prose import Annex, Inset, Paragraph, Picture, Report, Table
from junheng.present.report.wording import chinese_numeral
from junheng.present.wording import SIGNS, VERDICTS, WHOLES, day_words, figure_words, school_year
from junheng.workflow import Text
from junheng.workflow.views import Compared, Figure, Verdict
from junheng.workflow.views.proposals import Grid, GridCell, GridColumn, JudgedPair, Proposed

Blocks = list[Paragraph | Picture | Inset]

_MOST_TURNED = 40
_MOST_TOLD = 15  # steps told one by one
_MOST_STEPS = 60  # what a meeting can go through; the workbook holds all
_MOST_ROWS = 200
_TOP_ROWS = 15
_WIDEST = 36
_CODE_LETTERS = 8
_CODE = re.compile(r"（[0-9A-Za-z-]+）$")


def proposal_report(proposed: Proposed) -> Report:
    """Return the annex; steps in full, changes row by row in the workbook."""
    sections: list[tuple[str, Blocks]] = [
        ("问题与任务书", _asked(proposed)),
        ("结论", _conclusion(proposed)),
        ("步骤", _steps(proposed)),
        ("结果", [block for grid in proposed.tables if grid.paper in ("body", "top") and grid.rows for block in _result(grid)]),
        ("前后对照", _maps(proposed)),
        ("前后评估", [block for pair in proposed.judged for block in _judged(pair)]),
        ("每条规则的代价", _prices(proposed)),
        ("其他可选方案", _others(proposed)),
        ("依据与限度", _limits(proposed)),
    ]
    body: Blocks = []
    for number, (title, blocks) in enumerate([section for section in sections if section[1]], start=1):
        body += [Paragraph("one", f"{chinese_numeral(number)}、{title}"), *blocks]
    return Report(
        title=f"{proposed.county_name.zh}{proposed.title.zh}方案",
        subtitle=f"（{school_year(proposed.year).zh}）",
        body=tuple(body),
        annexes=tuple(_annexes(proposed)),
        signed=("（编制单位盖章）", "年　月　日"),
    )


def _asked(proposed: Proposed) -> Blocks:
    rows = tuple((line.label.zh, line.shown.zh) for line in proposed.asked)
    table = Table(heads=("项目", "取值"), rows=rows, widths=(62, 38), centred=frozenset((1,)))
    return [Paragraph("body", proposed.question.zh), Inset("任务书", table)]


def _conclusion(proposed: Proposed) -> Blocks:
    blocks: Blocks = [Paragraph("body", f"{proposed.headline.zh}。")]
    for one in proposed.findings:
        blocks.append(Paragraph("body", one.sentence("zh")))
    if proposed.objective:
        total = f"{proposed.objective.label.zh}为{proposed.objective.shown.zh}；{proposed.gap.zh}。"
        unknown = "部分步骤费用未知。" if any(step.is_priced for step in proposed.steps) else ""
        cost = f"费用合计{proposed.yuan_shown}元。" if proposed.yuan_shown else unknown
        blocks.append(Paragraph("body", f"{total}{cost}"))
        rows = tuple((one.title.zh, one.shown, one.unit.zh, one.weight_shown, one.weighs_shown) for one in proposed.amounts)
        heads = ("目标的组成", "数量", "单位", "权重", "折合")
        blocks.append(Inset("目标的组成", Table(heads, rows, (40, 18, 14, 12, 16), frozenset((1, 2, 3, 4)))))
    return blocks


def _steps(proposed: Proposed) -> Blocks:
    """Return the steps in paragraphs while they are few, as a table of who, why and what it costs when they are many."""
    if proposed.steps[_MOST_TOLD:]:
        return _many_steps(proposed)
    blocks: Blocks = []
    for step in proposed.steps:
        facts = [school_year(step.year).zh]
        facts += [f"涉及学生{step.pupils_shown}人"] if step.pupils_shown else []
        facts += [f"涉及教师{step.teachers_shown}人"] if step.teachers_shown else []
        facts += [f"费用{step.yuan_shown}元"] if step.yuan_shown not in ("", "0") else []
        blocks.append(Paragraph("two", f"（{chinese_numeral(step.number)}）{step.title.zh}"))
        blocks.append(Paragraph("body", f"{step.reason.zh}（{'，'.join(facts)}）"))
    return blocks


def _many_steps(proposed: Proposed) -> Blocks:
    grids = [grid for grid in proposed.tables if grid.paper == "steps" and grid.rows]
    if grids:
        told = f"共{len(proposed.steps)}步；每一步的理由见工作簿的“步骤”表。"
        return [Paragraph("body", told), *(_first_rows(grid) for grid in grids)]
    rows = tuple(
        (f"{step.number}", step.title.zh, step.reason.zh, f"{step.year}", step.yuan_shown or "—") for step in proposed.steps[:_MOST_STEPS]
    )
    table = Table(("步", "做什么", "理由", "学年", "费用（元）"), rows, (5, 31, 41, 9, 14), frozenset((0, 3, 4)))
    if not any(step.yuan_shown for step in proposed.steps):
        table = Table(table.heads[:4], tuple(row[:4] for row in rows), (6, 34, 50, 10), frozenset((0, 3)))
    left = proposed.steps[_MOST_STEPS:]
    notes = (f"其余{len(left)}步见工作簿的“步骤”表。",) if left else ()
    return [Inset("步骤", table, notes)]


def _result(grid: Grid) -> Blocks:
    """Return a table of the body: whole, or the first rows of one in which the best come first; one of sentences alone as sentences."""
    if not grid.columns[1:] and not grid.columns[0].numeric:
        return [Paragraph("body", row[0].shown.zh) for row in grid.rows]
    return [_first_rows(grid, _TOP_ROWS) if grid.paper == "top" else Inset(grid.title.zh, table_of(_for_reading(grid)))]


def _first_rows(grid: Grid, most: int = _MOST_ROWS) -> Inset:
    """Return a table as far as a meeting can go through it."""
    notes = (f"以上为前{most}行，全部{len(grid.rows):,}行见工作簿。",) if grid.rows[most:] else ()
    return Inset(grid.title.zh, table_of(_for_reading(replace(grid, rows=grid.rows[:most]))), notes)


def _maps(proposed: Proposed) -> Blocks:
    blocks: Blocks = []
    for one in proposed.maps:
        both = charts_places.drawn(one)
        if both is not None:
            blocks.append(Paragraph("body", f"{one.title.zh}：{one.sentence.zh}。"))
            blocks.append(Picture(f"{one.title.zh}：现在与方案", charts_places.pair_svg(one, both)))
    return blocks


def _judged(pair: JudgedPair) -> Blocks:
    blocks: Blocks = [
        Paragraph("body", f"{pair.title.zh}：由“{WHOLES[pair.before].zh}”到“{WHOLES[pair.after].zh}”。{pair.sentence.zh}。"),
    ]
    rows = tuple((f"{SIGNS[verdict]} {VERDICTS[verdict].zh}", f"{before}", f"{after}") for verdict, before, after in pair.counts)
    blocks.append(Inset(f"{pair.title.zh}：各结论的条数", Table(("结论", "现在", "方案"), rows, (60, 20, 20), frozenset((1, 2)))))
    if pair.turned:
        turned = tuple(_turned(row) for row in pair.turned[:_MOST_TURNED])
        table = Table(("范围", "条目", "现在", "方案"), turned, (26, 30, 22, 22), frozenset())
        blocks.append(Inset(f"{pair.title.zh}：结论改变的条目", table))
    return blocks


def _turned(row: Compared) -> tuple[str, ...]:
    return (row.place.zh, row.label.zh, _side(row.before, row.before_verdict), _side(row.after, row.after_verdict))


def _side(figure: Figure | None, verdict: Verdict | None) -> str:
    if verdict is None:
        return "—"
    return f"{figure_words(figure).zh if figure else ''} {VERDICTS[verdict].zh}".strip()


def _prices(proposed: Proposed) -> Blocks:
    if not proposed.prices:
        return []
    rows = tuple((one.rule.zh, one.sentence.zh) for one in proposed.prices)
    return [Inset("放宽一条规则、其余不变，重新求解", Table(("规则", "放宽之后"), rows, (50, 50), frozenset()))]


def _others(proposed: Proposed) -> Blocks:
    blocks: Blocks = []
    for one in proposed.alternatives:
        told = f"目标值{one.objective_shown}（{one.dearer_shown}），{one.differ.zh}，{one.gap.zh}。"
        blocks.append(Paragraph("body", f"{one.title.zh}：{one.reason.zh.removesuffix('。')}。{told}"))
    return blocks


def _limits(proposed: Proposed) -> Blocks:
    rest = [grid.title.zh for grid in proposed.tables if grid.paper in ("workbook", "notice", "letters") and grid.rows]
    lines = [
        proposed.note.zh,
        f"工作簿另有：{'、'.join(rest)}。" if rest else "",
        proposed.proof.zh,
        *(f"{line.label.zh}：{line.shown.zh}。" for line in proposed.certificate),
        "本方案由规划程序提出，供决策参考；规划程序不给自己打分，前后评估由同一套标准各做一次。",
        _remade(proposed),
    ]
    return [Paragraph("body", line) for line in lines if line]


def _remade(proposed: Proposed) -> str:
    """Return when it was solved, and what it can be solved again from."""
    county, standards, code = (part[:16] for part in (proposed.digests.county, proposed.digests.standards, proposed.digests.code))
    return f"求解日期{day_words(proposed.day).zh}；凭以下摘要可以重算：数据{county}、标准{standards}、程序{code}。"


def _annexes(proposed: Proposed) -> Iterator[Annex]:
    for full in proposed.tables:
        if full.rows and full.paper == "annex":
            grid = _for_reading(full)
            more = f"（前{_MOST_ROWS}行，全部见工作簿）" if grid.rows[_MOST_ROWS:] else ""
            shown = table_of(replace(grid, rows=grid.rows[:_MOST_ROWS]))
            yield Annex(title=f"{grid.title.zh}{more}", table=shown, landscape=len(grid.columns) > 6)


def _for_reading(grid: Grid) -> Grid:
    """Return a table without codes behind names that tell enough, and without a column that says what another has said.

    Codes stand in the workbook.
    """
    columns: list[tuple[GridColumn, tuple[GridCell, ...]]] = []
    for column, cells in zip(grid.columns, zip(*grid.rows, strict=True), strict=True):
        named = cells if column.numeric else _by_name(cells)
        if column.numeric or all([one.shown.zh for one in named] != [one.shown.zh for one in other] for _, other in columns):
            letters = max(len(one.shown.zh.encode("gb18030", "replace")) for one in named)  # a Chinese character is two letters there
            columns.append((column if column.numeric else column._replace(letters=letters), named))
    shown = tuple(zip(*(cells for _, cells in columns), strict=True))
    return replace(grid, columns=tuple(column for column, _ in columns), rows=shown)


def _by_name(cells: tuple[GridCell, ...]) -> tuple[GridCell, ...]:
    """Return cells without the code behind the name; with it where two things have one name."""
    names = tuple(cell._replace(shown=Text(_CODE.sub("", cell.shown.zh), _CODE.sub("", cell.shown.en))) for cell in cells)
    return names if len({one.shown.zh for one in names}) == len({one.shown.zh for one in cells}) else cells


def table_of(grid: Grid) -> Table:
    """Return a result table as texts, units in its head."""
    heads = tuple(
        column.title.zh if not column.unit.zh or column.title.zh in column.unit.zh else f"{column.title.zh}（{column.unit.zh}）"
        for column in grid.columns
    )
    rows = tuple(tuple(cell.shown.zh for cell in row) for row in grid.rows)
    numeric = frozenset(number for number, column in enumerate(grid.columns) if column.numeric)
    return Table(heads, rows, tuple(_width(*both) for both in zip(heads, grid.columns, strict=True)), numeric)


def _width(head: str, column: GridColumn) -> int:
    """Return a column's width in Chinese characters: that of its longest cell, its head may take two lines, a number or code no two."""
    never_parted = column.letters and (column.numeric or column.letters <= _CODE_LETTERS)  # a number, a short code
    longest = range(-8 if never_parted else -4, column.letters)
    return min(max(len(longest[::2]), len(head[::2]), 5), _WIDEST)
