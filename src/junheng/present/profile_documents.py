"""Profiles, progress and the sheet of inspectors as workbooks: real numbers, rows in the order of codes, no sums and no ranks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from junheng.present.report.grid import listing
from junheng.present.report.workbook import write_sheets
from junheng.present.wording import school_year
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.profiles import InspectorSheet, ProfilePage, ProgressPage

CHANCE = Text("可能是抽样误差", "may be chance")
NO_RANK = Text("按编号排列，不合成总分，不排名。", "In the order of codes; nothing is added up, nobody is ranked.")
ALIKE = Text("相近", "alike")
_CHANGES = Text(
    "变化按未取整的值计算；问卷与抽测的变化小于抽样误差（95%）的，注明“可能是抽样误差”。",
    "Changes are taken on unrounded values; those of answers and samples within their error (95 %) are marked.",
)
_CODE, _NAME = (Text("学校标识码", "School code"), 13), (Text("学校名称", "School"), 26)


def write_profile(page: ProfilePage, path: Path, lang: str = "zh") -> None:
    """Write a profile to `path` (.xlsx)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sheets = [_profile(page, lang)]
    if page.pairs:
        sheets.append(_pairs(page, lang))
    write_sheets(sheets, path, date.fromisoformat(page.day), lang)


def _subtitle(page: ProfilePage) -> Text:
    year = school_year(page.year)
    return Text(f"{page.name.zh}　{year.zh}　{NO_RANK.zh}", f"{page.name.en}, {year.en}. {NO_RANK.en}")


def _profile(page: ProfilePage, lang: str) -> Sheet:
    of_school = ((*(_CODE, _NAME), (Text("学段", "Stage"), 7))) if page.of == "school" else ()
    columns = (
        *of_school,
        (Text("方面", "Side"), 14),
        (Text("指标", "Indicator"), 30),
        (Text("单位", "Unit"), 7),
        (Text("上年", "Before"), 10),
        (Text("本年", "Now"), 14),
        (Text("变化", "Change"), 9),
        (Text("说明", "Note"), 18),
    )
    rows = [
        (
            *((Cell(value=one.school, text=True), one.name, one.stage) if page.of == "school" else ()),
            one.section,
            one.title,
            one.unit,
            Cell(value=one.value_before, decimals=one.decimals),
            Cell(value=one.value, decimals=one.decimals),
            one.change,
            CHANCE if one.chance else one.reason,
        )
        for one in page.lines
    ]
    return listing(Text("画像", "Profile"), page.title, _subtitle(page), columns, rows, lang, (page.about, _CHANGES))


def _pairs(page: ProfilePage, lang: str) -> Sheet:
    columns = (_CODE, _NAME, _CODE, _NAME, (Text("相同部分（%）", "In common (%)"), 14), (Text("判断", "So"), 8))
    rows = [
        (
            Cell(value=one.one, text=True),
            one.one_name,
            Cell(value=one.other, text=True),
            one.other_name,
            Cell(value=int(one.shown)),
            ALIKE if one.alike else "",
        )
        for one in page.pairs
    ]
    about = alike_words(page)
    return listing(
        Text("相近程度", "Likeness"), Text("两校相近程度", "How alike two schools are"), _subtitle(page), columns, rows, lang, (about,)
    )


def alike_words(page: ProfilePage) -> Text:
    """Return what the likeness of two schools means."""
    return Text(
        f"相同部分：各领域选课比例中两校都有的部分之和，100为完全相同；{page.alike_from}及以上记为相近（默认假设，可由县里改写）。",
        f"In common: of the shares of choices by field, what both have, 100 when the same; alike from {page.alike_from} (assumed).",
    )


def write_progress(page: ProgressPage, path: Path, day: date, lang: str = "zh") -> None:
    """Write the restricted report to `path` (.xlsx)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    year = school_year(page.year)
    subtitle = Text(
        f"{page.name.zh}　{year.zh}　限定范围使用，不得公开，不得排名",
        f"{page.name.en}, {year.en}. Restricted: not for the public, no ranking",
    )
    columns = (
        _CODE,
        _NAME,
        (Text("毕业生", "Leavers"), 9),
        (Text("达到人数", "Reached"), 9),
        (Text("按入口预期", "Expected"), 11),
        (Text("差（百分点）", "Difference (points)"), 12),
        (Text("95%区间", "95 % interval"), 16),
        (Text("说明", "Note"), 26),
    )
    rows = [
        (
            Cell(value=one.school, text=True),
            one.name,
            _number(one.leavers),
            _number(one.reached),
            _decimal(one.expected),
            _decimal(one.difference),
            f"{one.low}～{one.high}" if one.low else "",
            PROGRESS_CHANCE if one.chance else one.withheld,
        )
        for one in page.lines
    ]
    bands = [(band, _number(count), share) for band, count, share in page.bands]
    shares = ((Text("入学档次", "Band of entry"), 14), (Text("毕业生", "Leavers"), 10), (Text("达到比例（%）", "Reached (%)"), 14))
    title = Text("高中入口到出口的进步", "Progress from entry to exit")
    write_sheets(
        (
            listing(Text("各校", "Schools"), title, subtitle, columns, rows, lang, progress_notes(page)),
            listing(Text("各档次", "Bands"), Text("全县各入学档次", "Bands of entry in the county"), subtitle, shares, bands, lang),
        ),
        path,
        day,
        lang,
    )


PROGRESS_CHANCE = Text("差别可能出于偶然", "may be chance")


def progress_notes(page: ProgressPage) -> tuple[Text, ...]:
    """Return how the figures are to be read."""
    return (
        Text(
            "预期：本校各入学档次的毕业生人数乘以全县该档次达到的比例之和；差为实际与预期之差占毕业生的百分点。",
            "Expected: the school's leavers of each band times the county's share of that band; the difference in points of leavers.",
        ),
        Text(
            f"毕业生不足{page.least}人的学校不显示；只说明与入口相近的学生比较，不说明原因。",
            f"Fewer than {page.least} leavers: not shown. It tells no cause.",
        ),
        NO_RANK,
    )


def _number(text: str) -> Cell:
    return Cell(value=int(text) if text.isdecimal() else text or None)


def _decimal(text: str) -> Cell:
    return Cell(value=float(text) if text else None, decimals=1)


INSPECTOR_COLUMNS = (
    (Text("聘任编号", "Number"), 16),
    (Text("岗位", "Post"), 12),
    (Text("任期届满", "Until"), 12),
    (Text("到过学校", "Schools"), 9),
    (Text("到校次数", "Visits"), 9),
    (Text("不打招呼", "Unannounced"), 9),
    (Text("应到未到", "Missed"), 9),
    (Text("已归档", "Filed"), 8),
    (Text("按时归档", "In time"), 9),
    (Text("有据可行", "Grounded"), 9),
    (Text("记录清楚", "Plain"), 9),
    (Text("需重写", "To redo"), 8),
    (Text("未评阅", "Unread"), 8),
    (Text("发现问题", "Findings"), 9),
    (Text("已销号", "Closed"), 8),
    (Text("回头看反弹", "Relapsed"), 10),
)


def inspector_rows(page: InspectorSheet) -> list[tuple[str | int, ...]]:
    """Return a row an inspector, in the order of their numbers."""
    return [
        (
            *(one.code, one.post, one.until, one.schools, one.visits, one.unannounced, one.missed, one.filed, one.in_time),
            *(one.grounded, one.plain, one.redo, one.unread, one.found, one.closed, one.relapsed),
        )
        for one in page.lines
    ]


def inspector_note(page: InspectorSheet) -> Text:
    """Return from where the figures are, and what they are not."""
    return Text(
        f"{page.since}之后至{page.until}，取自聘任、到校督导、督导问题整改三个台账；按时指{page.within}日内归档。供评议时参考，不加总、不排名，人选由评议决定。",
        f"After {page.since} up to {page.until}, from three ledgers; in time: within {page.within} days. "
        "For those who discuss candidates: not added up, not ranked.",
    )


def write_inspectors(page: InspectorSheet, path: Path, lang: str = "zh") -> None:
    """Write the sheet of inspectors to `path` (.xlsx)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subtitle = Text(f"{page.name.zh}　{page.since}—{page.until}", f"{page.name.en}, {page.since} to {page.until}")
    title = Text("优秀督学候选人工作情况表", "What each inspector did")
    sheet = listing(Text("督学", "Inspectors"), title, subtitle, INSPECTOR_COLUMNS, inspector_rows(page), lang, (inspector_note(page),))
    write_sheets((sheet,), path, date.fromisoformat(page.until), lang)
