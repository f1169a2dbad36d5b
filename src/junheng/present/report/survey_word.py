"""The result of a survey as a Word document in official layout: what was asked, what it gave with its error, what is to be looked into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from junheng.present.report.prose import Annex, Inset, Paragraph, Picture, Report, Table
from junheng.present.report.word import write_report
from junheng.present.report.wording import chinese_numeral, official_date
from junheng.workflow.views.surveys import SurveyPlaces, SurveyResult

Block = Paragraph | Picture | Inset
_MOST = 20


def write_survey_report(result: SurveyResult, path: Path) -> None:
    """Write the report to `path` (.docx)."""
    sections = [
        ("调查情况", list(_asked(result))),
        ("结果", list(_shares(result))),
        ("超过上限的班级", list(_over(result))),
        ("安排与缺口", list(_places(result))),
        ("需要了解的情况", list(_doubts(result))),
    ]
    body: list[Block] = []
    for number, (title, blocks) in enumerate([one for one in sections if one[1]], start=1):
        body += [Paragraph("one", f"{chinese_numeral(number)}、{title}"), *blocks]
    made = Report(
        title=f"{result.name.zh}{result.title.zh}结果",
        subtitle=f"（截至{official_date(result.day)}）",
        body=tuple(body),
        annexes=tuple(_annexes(result)),
        signed=("（编制单位盖章）", "年　月　日"),
    )
    write_report(made, result.day, path)


def _asked(result: SurveyResult) -> Iterator[Block]:
    groups = "、".join(f"{label.zh}{count}份" for label, count in result.groups)
    asked = f"应收{result.asked}份，回收率{result.rate}" if result.asked else "应收份数不详"
    yield Paragraph("body", f"{result.asks.zh}。收回{result.schools}所学校{result.answers}份答卷（{groups}），{asked}。答卷不记姓名。")
    if result.silent:
        yield Paragraph("body", f"以下学校没有答卷，结果不代表这些学校：{'、'.join(result.silent)}。")
    if result.waves:
        rows = tuple((one.key, f"{one.opened or ''}", f"{one.closes or ''}", one.rate, one.state.zh) for one in result.waves)
        yield Inset("调查批次", Table(("批次", "开始", "截止", "回收率", "状态"), rows, (26, 18, 18, 12, 14), frozenset(range(1, 5))))


def _shares(result: SurveyResult) -> Iterator[Block]:
    yield Paragraph("body", "按学校规模加权；区间为95%，区间跨过标准的不能判定。")
    heads = ("问题", "年级", "结果", "95%区间", "答卷", "标准", "与标准")
    rows = tuple((one.label.zh, one.part.zh, one.shown, one.band, f"{one.answers}", one.limit, one.stands.zh) for one in result.shares)
    yield Inset("各题结果", Table(heads, rows, (40, 12, 12, 20, 10, 10, 22), frozenset(range(1, 7))).filled())


def _over(result: SurveyResult) -> Iterator[Block]:
    if not result.board.zh or not result.boards:
        return
    if not result.over:
        yield Paragraph("body", f"{result.boards}行{result.board.zh}中没有超过上限的。")
        return
    yield Paragraph("body", f"按学校自己的{result.board.zh}（{result.boards}行），以下班级超过上限。")
    heads = ("周（周一）", "学校", "年级", "班级", "超过天数", "最多（分钟）", "上限（分钟）")
    rows = tuple((f"{one.week}", one.school, one.grade, one.group, one.days, one.most, one.limit) for one in result.over[:_MOST])
    left = len(result.over[_MOST:])
    notes = (f"另有{left}行，见明细表。",) if left else ()
    yield Inset("超过上限的班级", Table(heads, rows, (18, 30, 9, 12, 13, 12, 12), frozenset((0, 2, 3, 4, 5, 6))), notes)


def _places(result: SurveyResult) -> Iterator[Block]:
    if result.places:
        yield Paragraph("body", f"{result.lacking.zh}。先用现有位置，再开放教室；需要人数有误差，见附件。")
        gaps = [one for one in result.places if one.seats_missing or one.staff_missing]
        rows = tuple((one.school, f"{one.need}", one.plan.zh) for one in gaps[:_MOST])
        left = len(gaps[_MOST:])
        if rows:
            yield Inset(
                "缺口清单",
                Table(("学校", "需要", "安排与缺口"), rows, (32, 10, 58), frozenset((1,))),
                (f"另有{left}所，见附件。",) if left else (),
            )


def _doubts(result: SurveyResult) -> Iterator[Block]:
    if not result.doubts:
        yield Paragraph("body", "没有发现雷同、过快或与在册、公示不符的情况。")
        return
    yield Paragraph("body", "以下情况供了解，不作为对学校的评价，也没有从结果中剔除。")
    rows = tuple((one.school, one.test.zh, f"{one.count}/{one.of}", one.said.zh) for one in result.doubts[:_MOST])
    left = len(result.doubts[_MOST:])
    notes = (f"另有{left}行，见明细表。",) if left else ()
    yield Inset("需要了解的情况", Table(("学校", "疑点", "份数", "情况"), rows, (30, 16, 12, 50), frozenset((1, 2))), notes)


def _annexes(result: SurveyResult) -> Iterator[Annex]:
    if result.places:
        heads = ("学校", "在校生", "需要", "95%区间", "依据", *(label.zh for label in result.supplies), "开放教室", "缺位置", "缺看护")
        widths = (30, 10, 10, 16, 14, *(12 for _ in result.supplies), 12, 11, 11)
        table = Table(heads, tuple(_row(one) for one in result.places), widths, frozenset(range(1, len(heads))))
        yield Annex(f"{result.supply.zh}：各校安排与缺口", table, ("“—”为条件没有填，不作零；按在册顺序排列。",), landscape=True)


def _row(one: SurveyPlaces) -> tuple[str, ...]:
    seats, staff, *used = ("—" if count is None else f"{count}" for count in (one.seats_missing, one.staff_missing, *one.by))
    return (one.school, f"{one.pupils}", f"{one.need}", one.band, one.own.zh, *used, one.rooms, seats, staff)
