"""Lists of persons of the example county: a register of pupils and four departments' lists with planted errors, and the truth.

The persons are invented (see invented_people.py). Nothing here is counted in the County's tables, which hold no names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from junheng.documents.spreadsheet import new_workbook

from .invented_lists import OFFICES, Office, Typist, office_list, register_line
from .invented_people import Inventor, school_names

COUNT, STRANGERS, SCHOOLS, SEED = 2000, 300, 20, 2025
DAY = date(2025, 9, 30)
HEADINGS = {
    "key": "学生编号",
    "name": "姓名",
    "id_number": "身份证件号",
    "birth": "出生日期",
    "sex": "性别",
    "guardian": "监护人姓名",
    "phone": "联系电话",
    "school": "学校名称",
}
OFFICE_HEADINGS = {
    "公安": {"id_number": "公民身份号码", "guardian": "户主姓名"},
    "民政": {"id_number": "身份证号码", "guardian": "户主"},
    "残联": {"id_number": "残疾人证号", "guardian": "监护人"},
    "乡村振兴": {"name": "家庭成员姓名", "id_number": "证件号码", "guardian": "户主", "school": "就读学校"},
}
SHARES = {"公安": 0.97, "民政": 0.12, "残联": 0.03, "乡村振兴": 0.2}


def write_lists(folder: Path) -> list[Path]:
    """Write the register, the four lists and the truth into `folder`; return their paths."""
    random = np.random.default_rng(SEED)
    names = school_names(SCHOOLS, "清河县")
    inventor = Inventor(random, SCHOOLS)
    everybody = inventor.children(COUNT + STRANGERS)
    order = random.permutation(len(everybody))
    enrolled = [everybody[index] for index in sorted(order[:COUNT])]
    strangers = [everybody[index] for index in order[COUNT:]]
    typist = Typist(random, names)
    folder.mkdir(parents=True, exist_ok=True)
    register = [register_line(child, names) for child in enrolled]
    written = [
        _workbook(
            folder / "学籍册.xlsx", "清河县2025年秋季学籍册（虚构）", list(HEADINGS.values()), [list(line.values()) for line in register]
        )
    ]
    truth: list[tuple[str, str, str]] = []
    for office in OFFICES:
        office = Office(office.name, office.columns, SHARES[office.name], office.strangers, office.errors)
        lines, numbers = office_list(office, enrolled, strangers, typist, inventor)
        heads = [(HEADINGS | OFFICE_HEADINGS[office.name])[column] for column in office.columns]
        rows = [list(line.values()) for line in lines]
        title = f"清河县{office.name}部门名单（虚构）"
        if office.name == "民政":
            path, first = _gbk(folder / "民政.csv", title, heads, rows), 4
        else:
            path, first = _workbook(folder / f"{office.name}.xlsx", title, heads, rows), 4
        written.append(path)
        truth += [(path.name, str(first + index), number) for index, number in enumerate(numbers)]
    written.append(folder / "truth.csv")
    lines_of_truth = ["file,row,number", *(",".join(line) for line in truth)]
    written[-1].write_text("\n".join(lines_of_truth) + "\n", encoding="utf-8")
    return written


def _workbook(path: Path, title: str, heads: Sequence[str], rows: Sequence[Sequence[str | None]]) -> Path:
    """Write a list as offices send it: a merged title, a note line, a header, rows, a total below."""
    with new_workbook(path, DAY) as book:
        page = book.sheet("名单")
        page.merge_range(0, 0, 0, len(heads), title, book.style(bold=True))
        page.write_string(1, 0, "填报单位：清河县（虚构）  截至2025年9月30日")
        for column, head in enumerate(["序号", *heads]):
            page.write_string(2, column, head, book.style(bold=True, border=1))
        for number, row in enumerate(rows):
            page.write_number(3 + number, 0, number + 1)
            for column, text in enumerate(row):
                if text is not None:
                    page.write_string(3 + number, column + 1, text)
        page.write_string(3 + len(rows), 0, "合计")
        page.write_number(3 + len(rows), 1, len(rows))
        page.set_column(1, len(heads), 18)
    return path


def _gbk(path: Path, title: str, heads: Sequence[str], rows: Sequence[Sequence[str | None]]) -> Path:
    """Write a list as old systems export it: GBK, a title line and a note above, the total below."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    blank = [""] * len(heads)
    writer.writerow([title, *blank])
    writer.writerow(["截至2025年9月30日", *blank])
    writer.writerow(["序号", *heads])
    for number, row in enumerate(rows):
        writer.writerow([number + 1, *("" if text is None else text for text in row)])
    writer.writerow(["合计", len(rows), *blank[1:]])
    path.write_bytes(out.getvalue().encode("gb18030"))
    return path
