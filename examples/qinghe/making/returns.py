"""A handful of returns as schools send them: a workbook for each school, one sheet for each form of the yearly statistics (教基).

The forms' cells are those that a public importer reads (2021 series); titles and labels are in our own words where the printed
form was not seen. Nothing is computed here but the totals that the forms print themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from making.roster import GRADES, Row
from making.staff import AGES, TITLES

Number = int | float | str | None
Tables = Mapping[str, list[Row]]

SENT = (  # the schools whose returns lie in the folder; the other schools have not sent a file
    "清河县第五小学",
    "红柳镇中心小学",
    "石桥镇二坝小学",
    "白杨镇高崖教学点",
    "青羊乡九年制学校",
    "清河县第二中学",
    "沙井镇初级中学",
)
WITHOUT_EQUIPMENT = "沙井镇初级中学"  # its first file left the page empty; the corrected file came later
DAY = datetime(2025, 9, 20)  # noqa: DTZ001  a date that spreadsheets store without a zone
KIND = {
    "primary": "小学",
    "teaching_point": "小学教学点",
    "junior": "初级中学",
    "nine_year": "九年一贯制学校",
    "complete_secondary": "完全中学",
}
BANDS = ("0-25", "26-30", "31-35", "36-40", "41-45", "46-50", "51-55", "56-60", "61-65", "66-")
BAND_TITLES = ("25人及以下", *(f"{a}－{a + 4}人" for a in range(26, 66, 5)), "66人及以上")
STAGE_TITLES = {"primary": "小学", "junior": "初中", "senior": "普通高中"}
AGE_TITLES = ("24岁及以下", *(f"{age}－{age + 4}岁" for age in range(25, 60, 5)), "60岁及以上")
TITLE_LABELS = ("正高级", "副高级", "中级", "助理级", "未定职级")
GRADE_TITLES = {"primary": "一二三四五六", "junior": "一二三", "senior": "一二三"}


class Sheet(NamedTuple):
    """One form: its number and title, the labels of its columns, and its lines from the row on which they begin."""

    number: str
    title: str
    unit: str
    columns: Sequence[str]  # from column C on; the label and the line number stand in A and B
    first: int  # 1-based row of the first line; the header ends above it
    lines: Sequence[tuple[str, Sequence[Number]]]


def write(folder: Path, tables: Tables, names: Mapping[str, str]) -> None:
    """Write the returns of 2025. names: name -> code."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SENT:
        code = names[name]
        late = name == WITHOUT_EQUIPMENT
        _workbook(folder / f"{code}_{name}.xlsx", code, name, tables, equipment=not late)
        if late:
            _workbook(folder / f"{code}_{name}_更正.xlsx", code, name, tables, equipment=True)


def _workbook(path: Path, code: str, name: str, tables: Tables, *, equipment: bool) -> None:
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": DAY, "author": "", "title": f"{name} 2025/2026学年初统计报表（虚构）"})
    look = {
        "title": book.add_format({"bold": True, "align": "center", "font_size": 14, "font_name": "SimSun"}),
        "head": book.add_format({"align": "center", "valign": "vcenter", "border": 1, "text_wrap": True, "font_name": "SimSun"}),
        "cell": book.add_format({"border": 1, "font_name": "SimSun"}),
        "note": book.add_format({"font_name": "SimSun", "font_size": 9}),
        "right": book.add_format({"font_name": "SimSun", "font_size": 9, "align": "right"}),
    }
    _basics(book.add_worksheet("教基1001"), look, code, name, tables)
    for sheet in _sheets(code, tables, equipment=equipment):
        _fill(book.add_worksheet(sheet.number), look, code, name, sheet)
    for page in book.worksheets():
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
    book.close()


def _one(tables: Tables, table: str, code: str) -> Row:
    return next(row for row in tables[table] if row["school"] == code)


def _basics(page: xlsxwriter.worksheet.Worksheet, look: Mapping[str, object], code: str, name: str, tables: Tables) -> None:
    """Fill the form of basic facts: a label in A, its line in B, the value in C; the name in C4, the type in C25."""
    school = _one(tables, "schools", code)
    page.merge_range("A1:C1", "学校（机构）基本情况", look["title"])
    page.write("C2", "教基1001", look["right"])
    page.write_row("A3", ["项目", "编号", "内容"], look["head"])
    given = {
        4: ("学校（机构）名称", name),
        5: ("学校（机构）标识码", code),
        6: ("学校（机构）地址", school["address"]),
        7: ("学校（机构）驻地城乡类型代码", school["urban_rural"]),
        8: ("学校（机构）属地管理教育行政部门", "清河县教育局"),
        9: ("学校（机构）举办者代码", school["founder"]),
        10: ("建校年份", school["built_year"]),
        11: ("经度", school["lon"]),
        12: ("纬度", school["lat"]),
        25: ("学校（机构）办学类型", KIND[str(school["kind"])]),
    }
    for row in range(4, 26):
        label, value = given.get(row, ("（略）", ""))
        page.write_row(row - 1, 0, [label, f"{row - 3:02d}"], look["cell"])
        page.write(row - 1, 2, value, look["cell"])
    page.set_column("A:A", 34)
    page.set_column("C:C", 40)


def _fill(page: xlsxwriter.worksheet.Worksheet, look: Mapping[str, object], code: str, name: str, sheet: Sheet) -> None:
    """Fill one form: title, a note line, the header (merged downwards when it is deep), the line of column numbers, the lines."""
    last = len(sheet.columns) + 1
    page.merge_range(0, 0, 0, last, sheet.title, look["title"])
    page.write(1, 0, f"学校（机构）名称：{name}    学校（机构）标识码：{code}", look["note"])
    page.write(1, last, f"{sheet.number}  计量单位：{sheet.unit}", look["right"])
    head = ["", "编号", *sheet.columns]
    for column, label in enumerate(head):
        above, _, below = label.rpartition("/")
        if above:
            page.write(2, column, above, look["head"])
            page.write(3, column, below, look["head"])
        elif sheet.first > 5:
            page.merge_range(2, column, sheet.first - 3, column, label, look["head"])
        else:
            page.write(2, column, label, look["head"])
    page.write_row(sheet.first - 2, 0, ["甲", "乙", *range(1, last)], look["head"])
    for offset, (label, values) in enumerate(sheet.lines):
        row = sheet.first - 1 + offset
        page.write_row(row, 0, [label, f"{offset + 1:02d}"], look["cell"])
        for column in range(len(sheet.columns)):
            page.write(row, 2 + column, values[column] if column < len(values) else None, look["cell"])
    page.set_column("A:A", 30)
    if last < 6:
        page.set_column(2, last, 22)
    page.freeze_panes(sheet.first - 1, 2)


def _sheets(code: str, tables: Tables, *, equipment: bool) -> Iterable[Sheet]:
    stages = [str(row["stage"]) for row in tables["staff"] if row["school"] == code]
    for stage, number, title in (
        ("primary", "教基2106", "小学班数、班额情况"),
        ("junior", "教基2107", "初中班数、班额情况"),
    ):
        if stage in stages:
            yield _class_sizes(code, stage, number, title, tables)
    for stage, number, title in (
        ("primary", "教基3112", "小学分类型学生数"),
        ("junior", "教基3115", "初中分类型学生数"),
        ("senior", "教基3118", "普通高中分类型学生数"),
    ):
        if stage in stages:
            yield _pupils(code, stage, number, title, tables)
    yield _staff(code, tables)
    if "primary" in stages:
        yield _teachers(code, ["primary"], "教基4155", "小学专任教师分课程、分学历情况", PRIMARY_COLUMNS.split(), tables)
    secondary = [stage for stage in ("junior", "senior") if stage in stages]
    if secondary:
        yield _teachers(code, secondary, "教基4156", "中学专任教师分课程、分学历情况", SECONDARY_COLUMNS.split(), tables)
    yield _titles(code, stages, tables)
    yield _backbone(code, tables)
    yield _premises(code, tables)
    yield _conditions(code, tables, equipment=equipment)


def _class_sizes(code: str, stage: str, number: str, title: str, tables: Tables) -> Sheet:
    """教基2106/2107: classes by size band (rows) and grade (columns); the total in C5."""
    grades = GRADES[stage]
    rows = [row for row in tables["classes"] if row["school"] == code and row["stage"] == stage]

    def count(band: str, grade: str | None) -> int:
        return sum(1 for row in rows if _in_band(int(str(row["pupils"])), band) and grade in {None, row["grade"]})

    lines = [("总计", [sum(count(band, grade) for band in BANDS) for grade in (None, *grades)])]
    lines += [  # schools leave the cells of bands that they do not have empty
        (label, [count(band, grade) or None for grade in (None, *grades)]) for band, label in zip(BANDS, BAND_TITLES, strict=True)
    ]
    return Sheet(number, title, "个", ["合计", *(f"{grade}年级" for grade in GRADE_TITLES[stage])], 5, lines)


def _in_band(size: int, band: str) -> bool:
    first, last = band.split("-")
    return int(first) <= size <= int(last or 10_000)


def _pupils(code: str, stage: str, number: str, title: str, tables: Tables) -> Sheet:
    """教基3112 (pupils in I6) and 3115/3118 (in E6): pupils by grade, and girls of them."""
    rows = [row for row in tables["enrolment"] if row["school"] == code and row["stage"] == stage]

    taught = {row["grade"] for row in rows}  # a teaching point has no upper grades

    def count(column: str, grade: str | None, *sexes: str) -> Number:
        if grade and grade not in taught:
            return None
        return sum(int(str(row[column])) for row in rows if row["sex"] in sexes and grade in {None, row["grade"]})

    both = ("male", "female")
    before = 6 if stage == "primary" else 2  # columns for leavers and entrants before the pupils
    heads = ["毕业生数", "招生数", "招生数中：受过学前教育", "招生数中：五年制", "招生数中：外县迁入", "预计毕业生数"][:before]
    grades = GRADES[stage]
    lines: list[tuple[str, Sequence[Number]]] = []
    for label, column, sexes in (
        ("总计", "pupils", both),
        ("其中：女", "pupils", ("female",)),
        ("寄宿生", "boarders", both),
        ("进城务工人员随迁子女", "migrant", both),
        ("农村留守儿童", "left_behind", both),
        ("残疾学生", "disabled", both),
    ):
        lines.append((label, [*([None] * before), *(count(column, grade, *sexes) for grade in (None, *grades))]))
    return Sheet(
        number,
        title,
        "人",
        [*heads, *(f"在校生数/{label}" for label in ("合计", *(f"{grade}年级" for grade in GRADE_TITLES[stage])))],
        6,
        lines,
    )


def _staff(code: str, tables: Tables) -> Sheet:
    """教基4149: staff of primary and secondary schools; full-time teachers in D6."""
    rows = [row for row in tables["staff"] if row["school"] == code]

    def total(column: str) -> int:
        return sum(int(str(row[column])) for row in rows)

    lines: list[tuple[str, Sequence[Number]]] = [
        ("总计", [total("staff"), total("teachers"), total("staff") - total("teachers"), total("part_time"), total("visiting")]),
        ("其中：在编", [None, total("established"), None, None, None]),
    ]
    return Sheet("教基4149", "中小学教职工数", "人", ["教职工数", "专任教师", "行政人员", "兼任教师", "交流轮岗教师"], 6, lines)


SUBJECT_TITLES = {
    "chinese": "语文",
    "mathematics": "数学",
    "english": "外语",
    "morality": "道德与法治",
    "science": "科学",
    "physics": "物理",
    "chemistry": "化学",
    "biology": "生物",
    "history": "历史",
    "geography": "地理",
    "pe": "体育与健康",
    "music": "音乐",
    "fine_art": "美术",
    "arts": "艺术",
    "labour": "劳动",
    "it": "信息科技",
    "practice": "综合实践活动",
    "psychology": "心理健康",
    "other_subject": "其他",
}
# In the order of the form; a title that is no column of ours stands for a column that nobody fills in here.
PRIMARY_COLUMNS = (
    "morality chinese mathematics english 英语 日语 俄语 science pe 艺术类 music fine_art arts labour it practice psychology other_subject"
)
SECONDARY_COLUMNS = (
    "morality chinese mathematics english 英语 日语 俄语 science physics chemistry biology 历史与社会 history geography it 通用技术 "
    "practice pe music fine_art arts labour psychology other_subject"
)
DEGREES = {"博士研究生": "doctors", "硕士研究生": "masters", "本科": "bachelors", "专科": "colleges", "高中阶段及以下": "below_college"}


def _teachers(code: str, stages: Sequence[str], number: str, title: str, subjects: Sequence[str], tables: Tables) -> Sheet:
    """教基4155 (primary) and 4156 (secondary): teachers by degree (C9 to C12) and subject (row 6), a section for each stage."""
    lines: list[tuple[str, Sequence[Number]]] = []
    for stage in stages:
        its = next(row for row in tables["staff"] if (row["school"], row["stage"]) == (code, stage))
        taught = next(row for row in tables["staff_subjects"] if (row["school"], row["stage"]) == (code, stage))
        by_subject = [taught.get(column, 0) if column in SUBJECT_TITLES else None for column in subjects]
        lines.append(("总计" if len(stages) == 1 else STAGE_TITLES[stage], [its["teachers"], *by_subject]))
        lines += [("其中：女", [None]), ("少数民族", [None])]
        lines += [(label, [its[column]]) for label, column in DEGREES.items()]
    return Sheet(number, title, "人", ["合计", *(SUBJECT_TITLES.get(column, column) for column in subjects)], 6, lines)


def _titles(code: str, stages: Sequence[str], tables: Tables) -> Sheet:
    """教基4153: full-time teachers by age and title (C8 to C10), a section for each stage."""
    lines: list[tuple[str, Sequence[Number]]] = []
    for stage in stages:
        aged = next(row for row in tables["staff_ages"] if (row["school"], row["stage"]) == (code, stage))
        titled = next(row for row in tables["staff_titles"] if (row["school"], row["stage"]) == (code, stage))
        by_age = [aged[column] for column in AGES]
        lines.append(("总计" if len(stages) == 1 else STAGE_TITLES[stage], [sum(map(int, map(str, by_age))), *by_age]))
        lines.append(("其中：女", [None]))
        lines += [(label, [titled[column]]) for column, label in zip(TITLES, TITLE_LABELS, strict=True)]
    return Sheet("教基4153", "专任教师分年龄、分专业技术职务情况", "人", ["合计", *AGE_TITLES], 6, lines)


def _backbone(code: str, tables: Tables) -> Sheet:
    """教基1102 (continued): recognised teachers; primary in D12, junior in D13."""
    its = {row["stage"]: row for row in tables["staff"] if row["school"] == code}
    lines: list[tuple[str, Sequence[Number]]] = [("（略）", [None, None])] * 7
    for label, stage in (
        ("县级及以上骨干教师（小学）", "primary"),
        ("县级及以上骨干教师（初中）", "junior"),
        ("县级及以上骨干教师（高中）", "senior"),
    ):
        lines.append((label, ["人", its[stage]["backbone"] if stage in its else None]))
    return Sheet("教基1102续", "学校（机构）基本情况（续）", "见各栏", ["计量单位", "数量"], 5, lines)


def _premises(code: str, tables: Tables) -> Sheet:
    """教基5170: teaching and auxiliary rooms in F10, indoor sports rooms in F17."""
    row = _one(tables, "premises", code)
    special = [room for room in tables["special_rooms"] if room["school"] == code]

    def line(label: str, value: Number) -> tuple[str, Sequence[Number]]:
        return label, [value, 0, 0, value]

    def area(*uses: str) -> Number:
        return round(sum(float(str(room["area_m2"])) for room in special if room["use"] in uses), 2)

    teaching, indoor = float(str(row["teaching_area_m2"])), float(str(row["indoor_sports_area_m2"]))
    rooms = {"实验室": area("science"), "专用教室": area("music", "art", "other"), "图书室": area("library"), "微机室": area("computer")}
    rooms["心理辅导室"] = area("psychology")
    ordinary = round(teaching - indoor - sum(float(str(value)) for value in rooms.values()), 2)
    lines = [line("总计", row["floor_area_m2"]), line("一、教学及辅助用房", teaching), line("普通教室", ordinary)]
    lines += [line(label, value) for label, value in rooms.items()]
    lines += [line("室内体育用房", indoor), line("二、行政办公和生活用房", round(float(str(row["floor_area_m2"])) - teaching, 2))]
    heads = ["学校产权校舍建筑面积", "非产权独立使用", "非产权共同使用", "合计"]
    return Sheet("教基5170", "中小学校舍情况", "平方米", heads, 9, lines)


def _conditions(code: str, tables: Tables, *, equipment: bool) -> Sheet:
    """教基5176: ground in D7, books in D12, multimedia rooms in D17, equipment (10,000 yuan) in D19."""
    premises, things = _one(tables, "premises", code), _one(tables, "equipment", code)
    value = round(float(str(things["teaching_equipment_yuan"])) / 10_000, 4)

    def there(number: Number) -> Number:
        return number if equipment else None

    lines: list[tuple[str, Sequence[Number]]] = [
        ("占地面积", ["平方米", premises["site_area_m2"]]),
        ("其中：运动场地面积", ["平方米", premises["sports_ground_area_m2"]]),
        ("其中：绿化用地面积", ["平方米", None]),
        ("校园足球场", ["个", None]),
        ("300米以上环形跑道", ["个", None]),
        ("200米环形跑道", ["个", None]),
        ("图书", ["册", there(things["books"])]),
        ("数字资源", ["GB", None]),
        ("数字终端数", ["台", there(things["computers"])]),
        ("其中：学生终端数", ["台", None]),
        ("教室", ["间", premises["classrooms"]]),
        ("其中：网络多媒体教室", ["间", premises["multimedia_rooms"]]),
        ("固定资产总值", ["万元", None]),
        ("其中：教学仪器设备资产值", ["万元", there(value)]),
    ]
    return Sheet("教基5176", "中小学占地面积及其他办学条件", "见各栏", ["计量单位", "数量"], 6, lines)
