"""The workbook of a forecast: a cover, every number as the workflow made it, findings, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from junheng.present.report.grid import Column, Entry, listing
from junheng.present.report.workbook import write_sheets
from junheng.present.wording import SEVERITIES, day_words, figure_words, reviewed_words, school_year
from junheng.present.wording_foresight import document_words
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.foresight import Foresight


def write_foresight_workbook(foresight: Foresight, path: Path, lang: str = "zh") -> None:
    """Write the workbook to `path` (.xlsx)."""
    write_sheets(foresight_sheets(foresight, lang), path, foresight.as_of, lang)


def foresight_sheets(foresight: Foresight, lang: str) -> tuple[Sheet, ...]:
    """Return the cover, the sheets of the forecast as the workflow made them, findings and sources; a list without rows is left out."""
    behind = (_findings(foresight, lang), _sources(foresight, lang))
    return (_cover(foresight, lang), *foresight.sheets, *(sheet for sheet in behind if sheet.rows))


def _sheet(foresight: Foresight, title: Text, columns: Sequence[Column], rows: Iterable[Sequence[Entry]], lang: str) -> Sheet:
    year = school_year(foresight.year)
    subtitle = Text(f"{foresight.county_name.zh}　已知至{year.zh}", f"{foresight.county_name.en}, known up to {year.en}")
    return listing(title, title, subtitle, columns, rows, lang)


def _cover(foresight: Foresight, lang: str) -> Sheet:
    lines: list[tuple[Entry, ...]] = [
        (Text("地区", "County"), foresight.county_name),
        (Text("已知数据至", "Known up to"), school_year(foresight.year)),
        (Text("预测所依据的日期", "As of"), day_words(foresight.as_of)),
        (Text("误差带", "Bands"), foresight.backtest.calibration),
        (Text("回测", "Back-test"), foresight.backtest.sentence),
        *(
            (Text("供对照", "For orientation"), Text(f"{who.zh}：{what.zh}", f"{who.en}: {what.en}"))
            for who, what in foresight.backtest.published
        ),
        *((Text("方案", "Scenario"), scenario.title) for scenario in foresight.scenarios),
        *((Text("要点", "In short"), line) for line in foresight.headlines),
        *((figure.label, figure_words(figure)) for figure in foresight.figures),
        *((Text("方法", "Method"), line) for line in foresight.method),
        *((Text("限度", "Limit"), line) for line in foresight.limits),
        (Text("数据指纹", "Digest of the data"), foresight.digests.county),
        (Text("标准指纹", "Digest of the standards"), foresight.digests.standards),
        (Text("软件版本", "Software"), foresight.digests.code),
    ]
    columns = ((Text("项目", "Item"), 24), (Text("内容", "Content"), 90))
    return _sheet(foresight, Text("学位预测与预警", "Pupils and places ahead"), columns, lines, lang)


def _findings(foresight: Foresight, lang: str) -> Sheet:
    columns = (
        (Text("级别", "Severity"), 7),
        (Text("位置", "Place"), 40),
        (Text("发现", "Found"), 34),
        (Text("应为", "Expected"), 34),
        (Text("处理办法", "Remedy"), 44),
        (Text("处数", "Count"), 6),
        (Text("规则", "Rule"), 30),
    )
    rows = [
        (SEVERITIES[one.severity], one.place.of(lang), one.found, one.expected, one.remedy, one.count, one.rule)
        for one in foresight.findings
    ]
    return _sheet(foresight, Text("数据问题清单", "Findings"), columns, rows, lang)


def _sources(foresight: Foresight, lang: str) -> Sheet:
    columns = (
        (Text("文件", "Document"), 60),
        (Text("条目", "Item"), 28),
        (Text("自何日起", "Since"), 14),
        (Text("核对情况", "Reviewed"), 26),
        (Text("键", "Key"), 34),
    )
    rows = [(document_words(one), one.item, Cell(value=one.day), reviewed_words(one), one.key) for one in foresight.sources]
    return _sheet(foresight, Text("依据与来源", "Sources"), columns, rows, lang)
