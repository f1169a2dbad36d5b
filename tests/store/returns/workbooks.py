"""Workbooks for the tests: forms as schools fill them, with invented content, following the cell positions of the published templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

Cells = Mapping[str, object]  # A1 address -> value
SUBJECTS = ["道德与法治", "语文", "数学", "外语", "英语", "日语", "俄语", "科学", "物理", "体育与健康"]


def write_book(path: Path, sheets: Mapping[str, Cells], merges: Mapping[str, Sequence[str]] | None = None) -> Path:
    """Write sheets of single cells; a merge "A1:C1" keeps the value of its first cell."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for name, cells in sheets.items():
        sheet = book.add_worksheet(name)
        for merge in (merges or {}).get(name, ()):
            sheet.merge_range(merge, "")
        for address, value in cells.items():
            sheet.write(address, value) if value is not None else None
    book.close()
    return path


def write_rows(path: Path, rows: Iterable[Sequence[object]], name: str = "Sheet1", merges: Sequence[str] = ()) -> Path:
    """Write one sheet row by row; None leaves a cell empty."""
    cells = {
        f"{letters(column)}{row}": value for row, cells in enumerate(rows, 1) for column, value in enumerate(cells, 1) if value is not None
    }
    return write_book(path, {name: cells}, {name: merges})


def letters(column: int) -> str:
    """Return the letters of a column, from 1."""
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def line(first: str, row: int, values: Sequence[object]) -> dict[str, object]:
    """Return cells of one row from a first column on."""
    start = sum((ord(c) - 64) * 26**i for i, c in enumerate(reversed(first)))
    return {f"{letters(start + index)}{row}": value for index, value in enumerate(values)}


def sheet_1001(code: str, name: str, kind: str) -> dict[str, object]:
    """教基1001: C4 is the name, C25 the type."""
    return {
        "A1": "学校（机构）基本情况",
        "A2": "表    号：教基1001表",
        "A3": "学校（机构）标识码",
        "C3": code,
        "A4": "学校（机构）名称",
        "C4": name,
        "A5": "学校（机构）驻地城乡类型",
        "C5": "镇中心区",
        "A6": "建校年份",
        "C6": 2019.9,
        "A25": "学校（机构）办学类型",
        "C25": kind,
    }


def sheet_3112(grades: Sequence[int], total: int | None = None) -> tuple[dict[str, object], list[str]]:
    """教基3112: two header rows, the numbering line in row 5, all pupils in I6, grades from K."""
    total = sum(grades) if total is None else total
    cells: dict[str, object] = {"A1": "小学分类型学生数", "A2": "表号：教基3112表   单位：人"}
    cells |= line(
        "A",
        3,
        ["指标名称", "代码", "毕业生数", "招生数", "接受过学前教育", "", "", "", "在校生数", "", "一年级", "二年级", "三年级", "四年级"],
    )
    cells |= line("O", 3, ["五年级", "六年级", "预计毕业生数"])
    cells |= line("E", 4, ["未接受过", "一年", "两年", "三年", "合计", "#女"])
    cells |= line("A", 5, ["甲", "乙", *map(str, range(1, 16))])
    cells |= line("A", 6, ["总计", "01", 50, grades[0], 0, 0, 0, grades[0], total, total // 2, *grades, grades[5]])
    cells |= line("A", 7, ["  #女", "02", 20, 20, 0, 0, 0, 20, total // 2, "—", *[g // 2 for g in grades], 20])
    cells |= line("A", 8, ["  #寄宿生", "05", "—", "—", "—", "—", "—", "—", 6, 3, 1, 1, 1, 1, 1, 1])
    cells |= line("A", 9, ["  #随迁子女", "06"]) | line("K", 9, [9, 9, 9, 9, 9, 9])
    cells |= line("A", 10, ["  #进城务工人员随迁子女", "09"]) | line("K", 10, [2, 2, 2, 2, 2, 2])
    cells |= line("A", 11, ["  #农村留守儿童", "12"]) | line("K", 11, [0, 0, 0, 0, 0, 0])
    return {key: value for key, value in cells.items() if value != ""}, ["A1:Q1", "E3:H3", "I3:J3"]


def sheet_3115(grades: Sequence[int]) -> dict[str, object]:
    """教基3115: all pupils in E6, grades from G."""
    cells: dict[str, object] = {"A1": "初中分类型学生数", "A2": "表号：教基3115表"}
    cells |= line(
        "A", 4, ["指标名称", "代码", "毕业生数", "招生数", "在校生数", "#女", "一年级", "二年级", "三年级", "四年级", "预计毕业生数"]
    )
    cells |= line("A", 5, ["甲", "乙", *map(str, range(1, 10))])
    cells |= line("A", 6, ["总计", "01", 60, grades[0], sum(grades), 50, *grades])
    cells |= {"K6": grades[2]} | line("A", 7, ["#女", "02"]) | line("A", 10, ["#寄宿生", "05"]) | line("G", 10, [3, 4, 5])
    return cells


def sheet_4155(total: int, degrees: Sequence[int], pe: int, arts: Sequence[int]) -> dict[str, object]:
    """教基4155 of 2021: C6 all teachers, C9 to C12 degrees, L6 PE, N6 to P6 music, art, arts."""
    cells: dict[str, object] = {"A1": "小学专任教师分课程、分学历情况", "A2": "教基4155"}
    cells |= line("A", 4, ["指标名称", "代码", "合计", "#女", *SUBJECTS[:7], "体育与健康", "科学", "音乐", "美术", "艺术", "其他"])
    cells |= line("A", 5, ["甲", "乙", *map(str, range(1, 16))])
    cells |= {"A6": "总计", "B6": "01", "C6": total, "L6": pe, "E6": 2, "F6": 8, "G6": 7} | line("N", 6, arts)
    for row, (name, value) in enumerate(zip(["博士研究生", "硕士研究生", "本科", "专科"], degrees, strict=True), 9):
        cells |= {f"A{row}": name, f"B{row}": f"0{row - 5}", f"C{row}": value}
    return cells | {"A7": "#女", "A8": "#少数民族", "A13": "高中阶段", "C13": 1, "A14": "高中阶段以下", "C14": 0}


def sheet_4155_combined(primary: int, junior: int) -> dict[str, object]:
    """The later 教基4155: primary and junior in one form, a block of rows each; 艺术 is the sum of music and art."""
    cells: dict[str, object] = {"A1": "义务教育阶段专任教师分课程、分学历情况", "A2": "教基4155"}
    cells |= line(
        "A", 4, ["指标名称", "代码", "合计", "#女", "道德与法制", "语文", "数学", "外语", "英语", "体育与健康", "艺术", "音乐", "美术"]
    )
    cells |= line("A", 5, ["甲", "乙", *map(str, range(1, 12))])
    cells |= line("A", 6, ["总计", "1", primary + junior])
    for row, (stage, count) in zip((7, 12), (("小学", primary), ("初中", junior)), strict=True):
        cells |= line("A", row, [stage, str(row), count, 1, 1, 2, 2, 1, 1, 2, 3, 2, 1])
        cells |= line("A", row + 1, [" #女", "", 1]) | line("A", row + 2, ["博士研究生", "", 0]) | line("A", row + 3, ["本科", "", count])
    return {key: value for key, value in cells.items() if value != ""}


def sheet_5170() -> dict[str, object]:
    """教基5170: all floor area in F, teaching rooms in row 10, indoor sports rooms in row 17."""
    cells: dict[str, object] = {"A1": "校舍情况", "A2": "表号：教基5170表  单位：平方米"}
    cells |= line("A", 4, ["指标名称", "计量单位", "代码", "当年新增", "危房", "校舍建筑面积"])
    cells |= line("F", 5, ["计"]) | line("A", 6, ["甲", "乙", "丙", "1", "2", "3"])
    cells |= {"A7": "总计", "B7": "平方米", "C7": "01", "F7": 9000, "A10": "一、教学及辅助用房", "B10": "平方米", "F10": 4200.5}
    return cells | {"A17": "其中：室内体育用房", "B17": "平方米", "F17": "300㎡", "D10": 7}


def sheet_5176(equipment: object = 158.2) -> dict[str, object]:
    """教基5176: D7 sports ground, D12 books, D17 multimedia rooms, D19 equipment in 万元."""
    cells: dict[str, object] = {"A1": "占地面积及其他办学条件", "A2": "教基5176"} | line("A", 4, ["指标名称", "计量单位", "代码", "数量"])
    cells |= line("A", 5, ["甲", "乙", "丙", "1"])
    rows = {6: ("占地面积", "平方米", 20000), 7: ("  运动场地面积", "平方米", 6500), 12: ("图书", "册", 11000), 16: ("教室", "间", 20)}
    rows |= {17: ("  #网络多媒体教室", "间", 18), 18: ("固定资产总值", "万元", 900), 19: ("  #教学仪器设备资产值", "万元", equipment)}
    for number, (row, (name, unit, value)) in enumerate(rows.items(), 1):
        cells |= line("A", row, [name, unit, f"{number:02d}", value])
    return cells
