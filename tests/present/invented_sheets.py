"""Forms 表Ⅰ–Ⅵ of the invented county: two-row headings, rounded numbers, codes as text."""


# ruff: noqa: E501 - rows of invented data read better unbroken

from __future__ import annotations

from junheng.errors import Text
from junheng.workflow.views import Cell, Heading, Part, Sheet, Spread, Unit

SEVEN = ("高于规定学历教师", "县级以上骨干教师", "体育艺术专任教师", "教学及辅助用房", "体育运动场馆", "教学仪器设备值", "网络多媒体教室")


def _t(zh: str) -> Text:
    return Text(zh, zh)


def _sheet(key: str, name: str, title: str, headings: tuple, rows: tuple, widths: tuple, notes: tuple[str, ...] = ()) -> Sheet:
    return Sheet(
        id=key,
        name=_t(name),
        title=_t(title),
        subtitle=_t("填报单位：青屏县人民政府　统计时点：2025年9月1日"),
        headings=headings,
        rows=rows,
        widths=widths,
        notes=tuple(_t(note) for note in notes),
    )


def _cell(item) -> Cell:
    return Cell(value=None if item.figure is None else item.figure.value, decimals=2, verdict=item.verdict)


def forms(units: tuple[Unit, ...], spreads: tuple[Spread, ...], parts: tuple[Part, ...]) -> tuple[Sheet, ...]:
    judged = [unit for unit in units if unit.judged]
    by_school = tuple(
        (Cell(value=unit.school, text=True), Cell(value=unit.name), Cell(value=unit.stage_label.zh), Cell(value=unit.pupils, decimals=0), *(_cell(item) for item in unit.items),
         Cell(value=unit.met), Cell(value=unit.near))
        for unit in judged
    )  # fmt: skip
    spread_rows = tuple(
        (Cell(value=spread.stage_label.zh), Cell(value=spread.title.zh), Cell(value=spread.mean.value, decimals=2), Cell(value=spread.cv.value, decimals=3, verdict=spread.verdict),
         Cell(value=spread.limit.value if spread.limit else None, decimals=2))
        for spread in spreads
    )  # fmt: skip
    lists = {
        part.id: tuple(
            (
                Cell(value=item.number),
                Cell(value=item.title.zh),
                Cell(value=item.figure.value if item.figure else None, decimals=1, verdict=item.verdict),
            )
            for item in part.items
        )
        for part in parts
    }
    count = len({unit.school for unit in units})
    return (
        _sheet("form_1", "表Ⅰ", "表Ⅰ　县域义务教育基本情况", ((Heading(text=_t("县名"), down=2), Heading(text=_t("学校数（所）"), across=2), Heading(text=_t("在校生（人）"), down=2)), (Heading(text=_t("合计")), Heading(text=_t("其中：小学")))),
               ((Cell(value="青屏县"), Cell(value=count), Cell(value=len([u for u in units if u.stage == "primary"])), Cell(value=sum(u.pupils for u in units)) if units else Cell(value=None)),), (14, 10, 12, 12)),
        _sheet("form_2_1", "表Ⅱ-1", "表Ⅱ-1　学校资源配置达标情况汇总", ((Heading(text=_t("学段")), Heading(text=_t("应达标校数")), Heading(text=_t("达标校数"))),),
               tuple((Cell(value=label), Cell(value=len([u for u in judged if u.stage == stage])), Cell(value=len([u for u in judged if u.stage == stage and u.verdict == "met"]))) for stage, label in (("primary", "小学"), ("junior", "初中"))), (12, 14, 14)),
        _sheet("form_2_2", "表Ⅱ-2", "表Ⅱ-2　各学校七项指标情况",
               ((Heading(text=_t("学校标识码"), down=2), Heading(text=_t("学校名称"), down=2), Heading(text=_t("学段"), down=2), Heading(text=_t("学生数"), down=2), Heading(text=_t("七项指标"), across=7), Heading(text=_t("达标项数"), down=2), Heading(text=_t("85%以上项数"), down=2)),
                tuple(Heading(text=_t(name)) for name in SEVEN)), by_school, (13, 24, 6, 8, 11, 11, 11, 11, 11, 11, 11, 8, 8), ("平均数保留两位小数。",)),
        _sheet("form_3", "表Ⅲ", "表Ⅲ　校际差异系数", ((Heading(text=_t("学段")), Heading(text=_t("指标")), Heading(text=_t("平均值")), Heading(text=_t("差异系数")), Heading(text=_t("标准"))),), spread_rows, (8, 36, 12, 12, 10), ("差异系数保留三位小数。",)),
        *(_sheet(f"form_{key}", f"表{numeral}", f"表{numeral}　{title}", ((Heading(text=_t("序号")), Heading(text=_t("指标")), Heading(text=_t("数值"))),), lists.get(key, ()), (6, 60, 12))
          for key, numeral, title in (("government", "Ⅳ", "政府保障程度"), ("quality", "Ⅴ", "教育质量"), ("recognition", "Ⅵ", "社会认可度"))),
    )  # fmt: skip
