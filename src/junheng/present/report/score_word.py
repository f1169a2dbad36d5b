"""Results of a form as Word documents in official layout: a report with what results hang on, and a notice to be put up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from junheng.present.report.prose import Annex, Inset, Paragraph, Picture, Report, Table
from junheng.present.report.word import write_report
from junheng.present.report.wording import chinese_numeral, official_date
from junheng.workflow.views.scoring import ScoreLine, ScoreReport

Block = Paragraph | Picture | Inset
_WIDE = 8  # items from which the table goes on a page across


def write_score_report(report: ScoreReport, path: Path) -> None:
    """Write the report of a form to `path` (.docx)."""
    sections = [
        ("怎样评的", list(_how(report))),
        ("评分人是否一致", list(_agreement(report))),
        ("按学科反馈", list(_subjects(report))),
        ("结果", list(_results(report))),
        ("结果与权重", list(_weights(report))),
        ("申诉与更正", list(_appeals(report))),
    ]
    body: list[Block] = []
    for number, (title, blocks) in enumerate([one for one in sections if one[1]], start=1):
        body += [Paragraph("one", f"{chinese_numeral(number)}、{title}"), *blocks]
    annexes = () if report.sparse or not report.lines else (_annex(report),)
    made = Report(
        title=f"{report.name.zh}{report.title.zh}结果",
        subtitle=f"（截至{official_date(report.day)}）",
        body=tuple(body),
        annexes=annexes,
        signed=("（编制单位盖章）", "年　月　日"),
    )
    write_report(made, report.day, path)


def _how(report: ScoreReport) -> Iterator[Block]:
    if report.held:
        yield Paragraph("body", f"本结果由已有数据得出，涉及{report.units}个单位，学校没有另报材料。")
        table = Table(("项目", "取自"), tuple((item.zh, whence.zh) for item, whence in report.held), (30, 50), frozenset())
        yield Inset("各项来源", table)
    else:
        units = f"{report.units}个单位，" if report.units else ""
        yield Paragraph("body", f"{report.about.zh}。共{report.sheets}行评分，{units}填写约用{report.minutes}分钟。")
    yield Paragraph(
        "body", f"量表为{report.scale.zh}。{report.weights.zh}。没有评的项目不算零分，结果写成一段范围；单位按在册顺序排列，不排名。"
    )


def _agreement(report: ScoreReport) -> Iterator[Block]:
    if report.agreement:
        rows = tuple((one.label.zh, f"{one.rated_twice}", one.alpha, one.stands.zh) for one in report.agreement)
        yield Inset("两人以上同评的一致程度", Table(("项目", "同评件数", "α", "能否使用"), rows, (30, 12, 10, 30), frozenset((1, 2))))


def _subjects(report: ScoreReport) -> Iterator[Block]:
    if report.subjects:
        heads = ("学科", "课节", *(one.label.zh for one in report.items))
        rows = tuple((one.label.zh, f"{one.things}", *one.means) for one in report.subjects)
        widths = (16, 8, *(14 for _ in report.items))
        yield Inset("各学科各项平均", Table(heads, rows, widths, frozenset(range(1, len(heads)))))
    if report.subjects and report.marks:
        heads = ("学科", *(label.zh for label in report.marks))
        rows = tuple((one.label.zh, *one.marks) for one in report.subjects)
        table = Table(heads, rows, (16, *(10 for _ in report.marks)), frozenset(range(1, len(heads))))
        yield Inset("看到各种教学方式的课节", table, ("“看到的课节/听的课节”；两人同听的，多数人看到才算。",))


def _results(report: ScoreReport) -> Iterator[Block]:
    if report.too_few.zh:
        yield Paragraph("body", f"{report.too_few.zh}。")
    if not report.sparse and report.lines:
        yield Paragraph("body", f"各单位各项见附件。{report.units}个单位中，结果因有未评项目而是范围的有{report.undecided}个。")
    for number, line in enumerate(report.lines if report.sparse else (), start=1):
        yield Paragraph("two", f"（{chinese_numeral(number)}）{line.name}（{line.round}）")
        own = "".join(f"，{one.label.zh}{one.result}" for one in line.beside)
        yield Paragraph("body", f"核查结果{line.result}{own}；等级：{line.grade.zh}（{line.firm.zh}）。")
        yield Inset(f"{line.name}职责评价", _duties(report, line))


def _duties(report: ScoreReport, line: ScoreLine) -> Table:
    heads = ("职责", "权重", "核查", *(one.label.zh for one in line.beside))
    cells = list(zip(report.items, line.cells, *(one.cells for one in line.beside), strict=True))
    rows = tuple((head.label.zh, head.weight, cell.shown, *beside) for head, cell, *beside in cells if cell.verdict != "not_applicable")
    return Table(heads, rows, (44, 10, 12, *(12 for _ in line.beside)), frozenset(range(1, len(heads))))


def _weights(report: ScoreReport) -> Iterator[Block]:
    if not report.lines:
        return
    yield Paragraph(
        "body",
        f"每项权重各自增减{report.change}以内时，有{report.hanging}个单位的等级会变。"
        + ("结果随权重而变的，不宜作为奖惩的唯一依据。" if report.hanging else "已能判定的等级都不随权重而变。"),
    )
    hanging = [line for line in report.lines if line.hangs]
    if hanging:
        rows = tuple((line.name, line.round, line.result, line.changed, line.grade.zh) for line in hanging)
        yield Inset(
            "等级随权重而变的单位",
            Table(("单位", "轮次", "结果", "权重变动时", "等级"), rows, (34, 14, 12, 18, 14), frozenset((1, 2, 3, 4))),
        )
    if report.what_if.zh:
        yield Paragraph("body", f"另按以下权重试算：{report.what_if.zh}，结果见明细表。")


def _appeals(report: ScoreReport) -> Iterator[Block]:
    yield Paragraph("body", f"对结果有异议的，可在公示后{report.days_for_appeal}日内书面申诉，申诉和更正均留存，原值保留。")
    if report.appeals:
        rows = tuple((one.key, one.unit, one.state.zh, one.was, one.now) for one in report.appeals)
        yield Inset("申诉与更正", Table(("编号", "单位", "状态", "原值", "现值"), rows, (22, 30, 12, 20, 20), frozenset((2,))))


def _annex(report: ScoreReport) -> Annex:
    heads = ("单位", "轮次", *(one.label.zh for one in report.items), "结果", "等级")
    rows = tuple((line.name, line.round, *(cell.shown for cell in line.cells), line.result, line.grade.zh) for line in report.lines)
    widths = (30, 12, *(11 for _ in report.items), 15, 13)
    table = Table(heads, rows, widths, frozenset(range(1, len(heads))))
    landscape = bool(report.items[_WIDE:]) or len(report.items) > 5
    return Annex(f"{report.title.zh}各单位各项", table, ("空格为不适用；“未评”不是零分；按在册顺序排列，不排名。",), landscape=landscape)


def write_notice(report: ScoreReport, path: Path) -> None:
    """Write the notice to be put up to `path` (.docx): items in words, without result, grade or order."""
    body: list[Block] = [
        Paragraph("body", f"现将{report.title.zh}各项情况予以公示。按在册顺序排列，不排名。"),
        Paragraph("body", f"有异议的，请在公示之日起{report.days_for_appeal}日内书面申诉，逐件答复。"),
    ]
    if report.sparse:
        body += [Inset(line.name, _words(report, line)) for line in report.lines]
    else:
        heads = ("单位", "轮次", *(one.label.zh for one in report.items))
        rows = tuple((line.name, line.round, *(cell.word.zh for cell in line.cells)) for line in report.lines)
        table = Table(heads, rows, (28, 12, *(12 for _ in report.items)), frozenset(range(1, len(heads))))
        body.append(Inset("各项情况", table, ("“未评”为没有看到，不作为没有做。",)))
    made = Report(
        title=f"{report.title.zh}公示", subtitle="", body=tuple(body), annexes=(), signed=(report.name.zh, official_date(report.day))
    )
    write_report(made, report.day, path)


def _words(report: ScoreReport, line: ScoreLine) -> Table:
    cells = zip(report.items, line.cells, strict=True)
    rows = tuple((head.label.zh, cell.word.zh) for head, cell in cells if cell.verdict != "not_applicable")
    return Table(("职责", "核查情况"), rows, (50, 20), frozenset((1,)))
