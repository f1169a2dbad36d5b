"""The files of the burden account: a page and a workbook."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.grid import listing
from junheng.present.report.workbook import write_sheets
from junheng.present.web.plain_page import plain_page
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.burden import Burden

TITLE = Text("减负账", "Burden account")


def write_burden(burden: Burden, out: Path, lang: str = "zh") -> list[tuple[Path, Text]]:
    """Write burden.html and burden.xlsx; return each path with what it is."""
    out.mkdir(parents=True, exist_ok=True)
    page, book = out / "burden.html", out / "burden.xlsx"
    page.write_text(burden_page(burden, lang), encoding="utf-8", newline="\n")
    write_sheets((_lines(burden, lang), _fields(burden, lang), _demands(burden, lang)), book, burden.day, lang)
    return [
        (page, Text("减负账：要谁填什么、用在哪里、费多少时间", "burden account")),
        (book, Text("减负账明细", "burden account in detail")),
    ]


def burden_page(burden: Burden, lang: str = "zh") -> str:
    """Return the account as one HTML file that needs nothing else."""
    return plain_page(lang, "ledger/burden.html", b=burden)


def _subtitle(burden: Burden) -> Text:
    return Text(f"{burden.name.zh}　{burden.first}—{burden.day}", f"{burden.name.en}, {burden.first} to {burden.day}")


def _lines(burden: Burden, lang: str) -> Sheet:
    columns = (
        (Text("种类", "Sort"), 10),
        (Text("名称", "Name"), 30),
        (Text("栏目", "Fields"), 8),
        (Text("必填", "Required"), 8),
        (Text("每份分钟", "Minutes each"), 10),
        (Text("一年份数", "Filled in a year"), 10),
        (Text("共用小时", "Hours"), 10),
        (Text("服务事项", "Serves"), 30),
    )
    rows = [
        (one.sort, one.title, one.fields, one.required, one.minutes, Cell(value=one.filled), one.hours, " ".join(one.serves))
        for one in burden.lines
    ]
    notes = (Text("空格和“—”为文件夹中没有记录，不是零。", "Empty: nothing is kept in the folder, which is not zero."),)
    return listing(Text("汇总", "Account"), TITLE, _subtitle(burden), columns, rows, lang, notes)


def _fields(burden: Burden, lang: str) -> Sheet:
    columns = (
        (Text("表", "Form"), 26),
        (Text("栏目", "Field"), 26),
        (Text("必填", "Required"), 8),
        (Text("谁需要", "Needed by"), 20),
        (Text("哪条规则用到", "Read by"), 50),
        (Text("取自已有数据", "Taken from what is held"), 30),
        (Text("依据", "Source"), 24),
    )
    rows = [
        (one.title, one.label, one.required, one.needed_by, "、".join(rule.of(lang) for rule in one.used_by), one.held, one.source)
        for one in burden.fields
    ]
    title = Text("每个栏目：谁需要、哪条规则用到、是否已有", "Each field: who needs it, what reads it, whether it is held")
    return listing(Text("栏目", "Fields"), title, _subtitle(burden), columns, rows, lang)


def _demands(burden: Burden, lang: str) -> Sheet:
    columns = (
        (Text("月份", "Month"), 12),
        (Text("件数", "Demands"), 10),
        (Text("退回或合并", "Refused or merged"), 10),
        (Text("其余共用学校小时", "Hours of schools"), 20),
    )
    rows = [(one.month, one.count, one.refused, one.minutes) for one in burden.demands]
    title = Text("进校事项与填表（台账“进校事项与填表”）", "Demands on schools")
    return listing(Text("进校事项", "Demands"), title, _subtitle(burden), columns, rows, lang)
