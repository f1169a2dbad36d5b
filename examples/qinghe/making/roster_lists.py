"""The lists that Qinghe's rosters are compared with, as offices keep them, with what is planted in each; the truth beside them.

rosters/truth.csv names every line that is an exception: roster, standing, and the line's key. All other lines are verified.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from junheng.documents.spreadsheet import new_workbook

from .roster import Site

DAY = date(2026, 1, 20)  # on which the truth holds
COMPULSORY = ("primary", "junior", "nine_year", "twelve_year", "complete_secondary")
AND_SENIOR = (*COMPULSORY, "senior")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五")
GARDENS = ("书香", "绿色", "智慧", "平安", "活力")
LEADERSHIP = ("章程修订", "班子配备", "职责分工", "党组织会议议事规则", "校长办公会议议事规则")
DIGITAL = ("宽带", "多媒体", "终端", "平台", "网络安全")
PARTS = ("名称方案", "活动佐证", "年度评估")
TOPICS = {"three_safeties": ("防溺水", "防欺凌", "防诈骗"), "safety_topics": ("食品", "交通", "消防", "防溺水", "心理健康")}
RIGHTS = ("交流补贴", "职称优先", "按期返岗")
CHECKERS = ("周立新", "吴敏", "郑国强")
_AUTUMN = date(2025, 9, 22)
Key = tuple[str, ...]


class Truth:
    """What is planted."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.lines: list[tuple[str, str, str]] = []

    def plant(self, roster: str, standing: str, *keys: Key) -> set[Key]:
        """Note lines of a standing and return them."""
        self.lines += [(roster, standing, "|".join(key)) for key in keys]
        return set(keys)

    def some(self, roster: str, standing: str, keys: Sequence[Key], *places: int) -> set[Key]:
        """Plant the lines at some places of all lines, counted round."""
        return self.plant(roster, standing, *(keys[place % len(keys)] for place in places))


class Lists:
    """Writes lists into a folder."""

    def __init__(self, folder: Path) -> None:
        """Make the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def csv(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]], *, gbk: bool = False, title: str = "") -> None:
        """Write a list as text: UTF-8, or GBK with a title line above and a total below, as old systems export it."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n" if gbk else "\n")
        lines = [["" if cell is None else cell for cell in row] for row in rows]
        if title:
            writer.writerow([title, *[""] * (len(heads) - 1)])
        writer.writerow(heads)
        writer.writerows(lines)
        if title:
            writer.writerow(["合计", len(lines), *[""] * (len(heads) - 2)])
        (self.folder / f"{name}.csv").write_bytes(out.getvalue().encode("gb18030" if gbk else "utf-8"))

    def book(self, name: str, title: str, heads: Sequence[str], groups: Mapping[str, Sequence[Sequence[object]]]) -> None:
        """Write a list as a workbook: a merged title, the first column merged over each group, a subtotal within, a total below."""
        with new_workbook(self.folder / f"{name}.xlsx", DAY) as book:
            page = book.sheet("名单")
            page.merge_range(0, 0, 0, len(heads) - 1, title, book.style(bold=True))
            for column, head in enumerate(heads):
                page.write_string(1, column, head, book.style(bold=True, border=1))
            row, count = 2, 0
            for group, lines in groups.items():
                if len(lines) > 1:
                    page.merge_range(row, 0, row + len(lines) - 1, 0, group, book.style(valign="vcenter"))
                else:
                    page.write_string(row, 0, group)
                for line in lines:
                    for column, cell in enumerate(line, start=1):
                        if cell is not None:
                            page.write_string(row, column, str(cell))
                    row += 1
                page.write_string(row, 0, "小计")
                page.write_number(row, 1, len(lines))
                row, count = row + 1, count + len(lines)
            page.write_string(row, 0, "合计")
            page.write_number(row, 1, count)
            page.set_column(0, len(heads), 18)


class Schools:
    """The schools that are open, by kind, with their names."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        """Keep those that are counted as schools in 2025."""
        self.open = [site for _, site in sorted(sites.items()) if site.exists(2025) and not site.is_campus(2025)]
        self.name = {site.code: site.name for site in self.open}

    def of(self, *kinds: str, public: bool = False, rural: bool = False) -> list[str]:
        """Return the codes of schools of some kinds; of all when none is named."""
        return [
            site.code
            for site in self.open
            if (not kinds or site.kind in kinds) and not (public and site.private) and not (rural and site.area == "town")
        ]

    def keys(self, codes: Iterable[str], *parts: str) -> list[Key]:
        """Return a key for each school, or for each school and part."""
        return [(code, part) for code in codes for part in parts] if parts else [(code,) for code in codes]


def checker(at: int, claimed: bool) -> str:
    """Return who checked a line; nobody where it is only claimed."""
    return "" if claimed else CHECKERS[at % len(CHECKERS)]


def autumn(at: int) -> date:
    """Return a day of the autumn term."""
    return date.fromordinal(_AUTUMN.toordinal() + at * 5 % 80)


def write_school_lists(lists: Lists, truth: Truth, schools: Schools) -> None:
    """Write the lists of schools."""
    _cells(lists, truth, schools)
    _topics(lists, truth, schools)
    _yearly(lists, truth, schools)
    _networks(lists, truth, schools)
    _money(lists, truth, schools)


def _cells(lists: Lists, truth: Truth, schools: Schools) -> None:
    """Write lists of schools by parts: gardens, documents, items, days of the week."""
    keys = schools.keys(schools.of(), *GARDENS)
    lost = truth.some("five_gardens", "missing", keys, 7, 52, 203, 318) | truth.some("five_gardens", "missing", keys, 111)
    late = keys[111]  # recognised, but the recognition has run out
    said = truth.some("five_gardens", "claimed", keys, 20, 21)
    rows = [
        (schools.name[code], garden, "通过", "2025-06-30" if (code, garden) == late else "2027-06-30", checker(at, (code, garden) in said))
        for at, (code, garden) in enumerate(keys)
        if (code, garden) not in lost - {late}
    ]
    lists.csv("五园认定", ["学校", "园", "结论", "有效期至", "核实人"], rows)
    keys = schools.keys(
        schools.of("primary", "junior", "nine_year", "complete_secondary", "senior", "special", "vocational", public=True), *LEADERSHIP
    )
    lost = truth.some("party_leadership", "missing", keys, 33, 34, 120, 161, 162)
    said = truth.some("party_leadership", "claimed", keys, 9)
    rows = [
        (
            schools.name[code],
            part,
            f"清教党〔2025〕{at % 40 + 1}号（示例）",
            "2025-03-18",
            "2025-09-01" if at == 161 else "",
            checker(at, (code, part) in said),
        )
        for at, (code, part) in enumerate(keys)
        if (code, part) not in lost or at == 161  # rules that were withdrawn are none
    ]
    lists.csv("校长负责制落实情况", ["学校", "文件", "文号", "通过日期", "废止日期", "核实人"], rows)
    keys = schools.keys(schools.of(*AND_SENIOR), *DIGITAL)
    lost = truth.some("digital_campus", "missing", keys, 14, 88, 89, 190)
    said = truth.some("digital_campus", "claimed", keys, 61)
    rows = [
        (schools.name[code], item, "未达标" if at == 88 else "达标", "" if (code, item) in said else f"验〔2025〕{at + 1}")
        for at, (code, item) in enumerate(keys)
        if (code, item) not in lost or at == 88
    ]
    lists.csv("数字校园验收", ["学校", "条件", "结论", "验收单号"], rows)
    keys = schools.keys(schools.of(*AND_SENIOR), *PARTS)
    lost = truth.some("school_brand", "missing", keys, 29, 77)
    said = truth.some("school_brand", "claimed", keys, 3, 80)
    rows = [
        (schools.name[code], part, f"{'书墨科艺体'[at % 5]}韵", checker(at, (code, part) in said))
        for at, (code, part) in enumerate(keys)
        if (code, part) not in lost
    ]
    lists.csv("一校一品台账", ["学校", "环节", "品牌", "核实人"], rows)
    _weekdays(lists, truth, schools)


def _weekdays(lists: Lists, truth: Truth, schools: Schools) -> None:
    keys = schools.keys(schools.of(*COMPULSORY), *WEEKDAYS)
    lost, less = truth.some("after_class", "missing", keys, 44, 49), truth.some("after_class", "short", keys, 130, 131)
    said = truth.some("after_class", "claimed", keys, 200)
    rows = [
        (schools.name[code], day, "1.5" if (code, day) in less else "2", 80 + at % 60, checker(at, (code, day) in said))
        for at, (code, day) in enumerate(keys)
        if (code, day) not in lost
    ]
    lists.csv("课后服务安排", ["学校", "星期", "小时", "参加学生", "核实人"], rows)
    lost, less = truth.some("daily_exercise", "missing", keys, 91), truth.some("daily_exercise", "short", keys, 17, 150, 151)
    said = truth.some("daily_exercise", "claimed", keys, 66)
    rows = [
        (schools.name[code], day, "40" if (code, day) in less else "70", checker(at, (code, day) in said))
        for at, (code, day) in enumerate(keys)
        if (code, day) not in lost
    ]
    lists.csv("体育活动时间表", ["学校", "星期", "分钟", "抽查人"], rows)


def _topics(lists: Lists, truth: Truth, schools: Schools) -> None:
    """Write one list of lessons that serves two rosters; what was given last term does not count for this one."""
    rows: list[tuple[object, ...]] = []
    done: set[Key] = set()
    for roster, topics in TOPICS.items():
        keys = schools.keys(schools.of(*AND_SENIOR), *topics)
        shared = [key for key in keys if key[1] == "防溺水"]
        own = [key for key in keys if key[1] != "防溺水"]
        lost = truth.some(roster, "missing", own, 25, 71)
        old = truth.some(roster, "short", own, 100)
        lost |= truth.some(roster, "missing", shared, 8)
        said = truth.some(roster, "claimed", own, 40)
        for at, key in enumerate(keys):
            if key not in lost and key not in done:
                day = date(2025, 4, 12) if key in old else autumn(at)
                rows.append((schools.name[key[0]], key[1], day, 120 + at % 300, checker(at, key in said)))
                done.add(key)
    lists.csv("专题教育记录", ["学校", "专题", "日期", "参加人数", "核实人"], rows, gbk=True, title="清河县专题教育记录（虚构）")


def _yearly(lists: Lists, truth: Truth, schools: Schools) -> None:
    """Write lists with one line for each school."""
    keys = schools.keys(schools.of("primary", "junior", "nine_year", rural=True))
    lost, said = truth.some("mentors", "missing", keys, 2, 11, 19), truth.some("mentors", "claimed", keys, 5)
    rows = [
        (schools.name[key[0]], f"第{'一二三四'[at % 4]}名师工作室", autumn(at), checker(at, key in said))
        for at, key in enumerate(keys)
        if key not in lost
    ]
    lists.csv("名师工作室活动", ["受援学校", "工作室", "日期", "受援校确认人"], rows)
    keys = schools.keys(schools.of(*AND_SENIOR))
    lost, said = truth.some("mind_rooms", "missing", keys, 6, 30), truth.some("mind_rooms", "claimed", keys, 12)
    rows = [
        (schools.name[key[0]], "" if at == 30 else f"心理教师{at + 1}", 10, checker(at, key in said))
        for at, key in enumerate(keys)
        if key not in lost or at == 30
    ]
    lists.csv("心理辅导室台账", ["学校", "负责教师", "每周开放小时", "核实人"], rows)
    keys = schools.keys(schools.of(*COMPULSORY))
    lost, said = truth.some("labour_bases", "missing", keys, 16, 40), truth.some("labour_bases", "claimed", keys, 22)
    rows = [
        (schools.name[key[0]], "柳沟河农场（示例）", autumn(at), checker(at, key in said)) for at, key in enumerate(keys) if key not in lost
    ]
    lists.csv("劳动实践活动", ["学校", "基地", "日期", "基地确认人"], rows)
    keys = schools.keys(schools.of("primary", "junior", "nine_year"))
    lost, less = truth.some("songs", "missing", keys, 21), truth.some("songs", "short", keys, 4, 33)
    rows = [
        (schools.name[key[0]], 60 if key in less else 100, "2026-01-10", checker(at, False))
        for at, key in enumerate(keys)
        if key not in lost
    ]
    lists.csv("爱国歌曲传唱", ["学校", "曲目数", "统计日期", "核实人"], rows)
    keys = schools.keys(schools.of())
    lost, less = truth.some("platform_use", "missing", keys, 13, 65), truth.some("platform_use", "short", keys, 27, 90)
    rows = [
        (schools.name[key[0]], 4 if key in less else 12 + at % 9, day)
        for day in ("2025-12-31", "2026-01-31", "2026-02-28")
        for at, key in enumerate(keys)
        if key not in lost
    ]
    lists.csv("智慧平台应用统计", ["学校", "使用天数", "统计日期"], rows)


def _networks(lists: Lists, truth: Truth, schools: Schools) -> None:
    """Write who belongs to whom: groups, districts, rooms, pairs, weak subjects, grid."""
    keys = schools.keys(schools.of("primary", "junior", "nine_year", "teaching_point", public=True))
    lost, said = truth.some("quality_reach", "missing", keys, 1, 18, 36, 55), truth.some("quality_reach", "claimed", keys, 10)
    rows = [
        (schools.name[key[0]], f"第{'一二三四五'[at % 5]}教育集团", "" if key in said else "清教发〔2024〕9号（示例）")
        for at, key in enumerate(keys)
        if key not in lost
    ]
    lists.csv("集团与优质学校名单", ["学校", "集团或认定", "批复文号"], rows)
    keys = schools.keys(schools.of(*COMPULSORY))
    lost, twice = truth.some("research_districts", "missing", keys, 26), truth.some("research_districts", "doubled", keys, 9)
    rows = [
        (schools.name[key[0]], f"{'城东城西城北石桥白杨南湾'[at % 6 * 2 : at % 6 * 2 + 2]}片区")
        for at, key in enumerate(keys)
        if key not in lost
    ]
    rows += [(schools.name[code], "石桥片区（重复）") for (code,) in sorted(twice)]
    lists.csv("教研片区成员", ["学校", "片区"], rows)
    keys = schools.keys(schools.of(*COMPULSORY, "teaching_point"))
    lost, said = truth.some("resource_rooms", "missing", keys, 15, 50, 63), truth.some("resource_rooms", "claimed", keys, 37)
    rooms = schools.of("primary", public=True)[:14]
    rows = [
        (
            schools.name[key[0]],
            schools.name[rooms[at % 14]],
            f"资源教师{at % 14 + 1}",
            55 if at == 50 else 5 + at % 30,
            checker(at, key in said),
        )
        for at, key in enumerate(keys)
        if key not in lost or at == 50  # attached to a room that is too far away
    ]
    lists.csv("资源教室服务", ["服务学校", "资源教室所在学校", "资源教师", "路程", "核实人"], rows)
    helped = schools.of("primary", "nine_year", rural=True, public=True)[:6]
    names = ("大岭乡九年制学校", "南湾乡九年制学校")  # the partners of source/ledgers
    helped = sorted({*helped, *(code for code, name in schools.name.items() if name in names)})
    lists.csv("受援学校名单", ["学校", "列入年份"], [(schools.name[code], 2024) for code in helped])
    keys = [(code, subject) for code in helped for subject in ("英语", "科学")]
    lost, said = truth.some("weak_subject_visits", "missing", keys, 4, 9), truth.some("weak_subject_visits", "claimed", keys, 1)
    lists.csv("薄弱学校学科", ["学校", "学科"], [(schools.name[code], subject) for code, subject in keys])
    rows = [
        (schools.name[key[0]], key[1], autumn(at), "" if key in said else "听课评课记录") for at, key in enumerate(keys) if key not in lost
    ]
    lists.csv("教研员到校指导", ["学校", "学科", "日期", "指导记录"], rows)
    _grid(lists, truth, schools)


def _grid(lists: Lists, truth: Truth, schools: Schools) -> None:
    codes = schools.of(*AND_SENIOR)[:30]
    cells = [(f"{schools.name[code]}{part}", "楼" if part == "教学楼" else "片", code) for code in codes for part in ("教学楼", "操场")]
    lists.book(
        "安全网格",
        "清河县学校安全网格（虚构）",
        ["学校", "网格", "层级"],
        {schools.name[code]: [(name, level) for name, level, own in cells if own == code] for code in codes},
    )
    keys = [(name, post) for name, _, _ in cells for post in ("责任人", "替补")]
    lost = truth.some("safety_grid", "missing", keys, 12, 57, 93)
    truth.plant("safety_grid", "wrong", ("清河县旧教学楼", "责任人"))
    rows: list[tuple[object, ...]] = [
        (name, post, f"网格员{at + 1}", "2025-11-01" if at == 57 else "", checker(at, False))
        for at, (name, post) in enumerate(keys)
        if (name, post) not in lost or at == 57  # who left the post
    ]
    rows.append(("清河县旧教学楼", "责任人", "网格员999", "", checker(0, False)))
    lists.csv("网格人员", ["网格", "岗位", "人员", "离岗日期", "核实人"], rows)
    posts = [(f"{schools.name[code]}{post}", code) for code in codes[:20] for post in ("书记", "校长")]
    lists.csv("一岗双责岗位", ["岗位", "学校"], [(post, schools.name[code]) for post, code in posts])
    keys = [(post,) for post, _ in posts]
    lost, said = truth.some("duty_sheets", "missing", keys, 8, 31), truth.some("duty_sheets", "claimed", keys, 2)
    rows = [(key[0], "2025-09-10", checker(at, key in said)) for at, key in enumerate(keys) if key not in lost]
    lists.csv("责任书签订", ["岗位", "签订日期", "检查人"], rows)


def _money(lists: Lists, truth: Truth, schools: Schools) -> None:
    """Write grants of schools by standard, and meals by month; the amounts are those of the standards on the day."""
    amount = {("免费教科书", "小学"): 105, ("免费教科书", "初中"): 180, ("寄宿生生活补助", "小学"): 1250, ("寄宿生生活补助", "初中"): 1500}
    amount |= {("非寄宿生生活补助", "小学"): 625, ("非寄宿生生活补助", "初中"): 750}
    stages = [(code, "小学") for code in schools.of("primary", public=True)[:12]] + [
        (code, "初中") for code in schools.of("junior", public=True)[:8]
    ]
    lines = [(code, stage, item) for code, stage in stages for item in ("免费教科书", "寄宿生生活补助", "非寄宿生生活补助")]
    persons = {key: 40 + at * 13 % 70 for at, key in enumerate(lines)}
    lists.csv(
        "两免一补核定表", ["学校", "学段", "补助", "核定人数"], [(schools.name[key[0]], key[1], key[2], persons[key]) for key in lines]
    )
    lost, less = truth.some("living_subsidy", "missing", lines, 10), truth.some("living_subsidy", "short", lines, 25, 44)
    said, twice = truth.some("living_subsidy", "claimed", lines, 3), truth.some("living_subsidy", "doubled", lines, 31)
    truth.plant("living_subsidy", "over", *twice)
    rows: list[tuple[object, ...]] = []
    for at, key in enumerate(lines):
        due = persons[key] * amount[key[2], key[1]] / 2
        row = (schools.name[key[0]], key[1], key[2], f"{due - 1000 if key in less else due:g}", "" if key in said else f"凭{at + 1:04d}")
        rows += [] if key in lost else [row, row] if key in twice else [row]
    stranger = schools.of("primary", public=True)[20]
    truth.plant("living_subsidy", "wrong", (stranger, "小学", "免费教科书"))
    rows.append((schools.name[stranger], "小学", "免费教科书", "5250", "凭9999"))
    lists.csv("两免一补拨付表", ["学校", "学段", "补助", "实发金额", "凭证号"], rows)
    codes = schools.of("primary", "nine_year", rural=True, public=True)[:15]
    meals = [(code, month) for code in codes for month in ("2025-10", "2025-11", "2025-12")]
    served = {key: (60 + at * 7 % 90, 17 + at % 5) for at, key in enumerate(meals)}
    lists.csv("营养餐供餐月报", ["学校", "月份", "就餐人数", "供餐天数"], [(schools.name[key[0]], key[1], *served[key]) for key in meals])
    lost, less = truth.some("nutrition_meals", "missing", meals, 14), truth.some("nutrition_meals", "short", meals, 2, 29)
    rows = [
        (schools.name[key[0]], key[1], served[key][0] * served[key][1] * 5 - (300 if key in less else 0), f"营{at + 1:04d}")
        for at, key in enumerate(meals)
        if key not in lost
    ]
    lists.csv("营养餐资金拨付", ["学校", "月份", "金额", "凭证号"], rows)
    subjects = [(code, subject) for code in schools.of("junior", public=True) for subject in ("物理", "化学", "生物学")]
    truth.some("experiments", "short", subjects, 4, 17)
    lost = truth.some("experiments", "missing", subjects, 22)
    lists.csv("应开实验", ["学校", "学科", "应开数"], [(schools.name[code], subject, 24) for code, subject in subjects])
    rows = [
        (schools.name[key[0]], key[1], 18 if at in (4, 17) else 24, checker(at, False))
        for at, key in enumerate(subjects)
        if key not in lost
    ]
    lists.csv("实验开出记录", ["学校", "学科", "实开数", "核实人"], rows)
