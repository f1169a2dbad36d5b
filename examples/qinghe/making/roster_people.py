"""Invented children and teachers on the lists that Qinghe's rosters are compared with, and what is planted among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from .invented_people import Child, Inventor
from .roster_lists import RIGHTS, Key, Lists, Schools, Truth, autumn, checker

SEED = 1509
CHILDREN, TEACHERS = 150, 48
HOUSEHOLDS = ("脱贫户", "监测户")
GRANTS = {"学前": 500, "小学": 625, "初中": 750, "高中阶段": 1150}
HOMOPHONES = {
    "子": "梓",
    "梓": "子",
    "宇": "雨",
    "雨": "宇",
    "涵": "晗",
    "欣": "馨",
    "语": "宇",
    "辰": "晨",
    "晨": "辰",
    "怡": "仪",
    "泽": "则",
}


def write_person_lists(lists: Lists, truth: Truth, schools: Schools) -> None:
    """Write the lists of persons."""
    Children(lists, truth, schools).write()
    _teachers(lists, truth, schools)


def named(child: Child) -> Key:
    """Return by what the truth names a child."""
    return (child.name, child.birth.isoformat())


def age(child: Child) -> int:
    """Return the age on 31 August 2025."""
    return 2025 - child.birth.year - ((child.birth.month, child.birth.day) > (8, 31))


class Children:
    """150 children of school age, most on a roll; kindergarten children and senior pupils for the aid lists."""

    def __init__(self, lists: Lists, truth: Truth, schools: Schools) -> None:
        """Invent them and share them out among schools."""
        self.lists, self.truth, self.schools = lists, truth, schools
        random = np.random.default_rng(SEED)
        primary, junior = schools.of("primary", public=True)[:8], schools.of("junior", public=True)[:4]
        self.inventor = Inventor(random, 8, first_birth=date(2010, 9, 1), days=3270)
        self.children = [one for one in self.inventor.children(CHILDREN) if 6 <= age(one) < 15]
        self.place = {one.number: primary[one.school] if age(one) < 12 else junior[one.school % 4] for one in self.children}
        plain = [one for one in self.children if not one.twin and "·" not in one.name]
        self.not_enrolled, self.elsewhere, self.no_household = plain[3:6], plain[6], plain[7:12]
        self.enrolled = [one for one in self.children if one not in (*self.not_enrolled, self.elsewhere)]
        self.ordinary = [one for one in plain[12:] if one in self.enrolled]

    def write(self) -> None:
        """Write every list."""
        self._registered()
        self._rolls()
        self._poor()
        self._disabled()
        self._aid()
        self._migrant()
        self._left_behind()
        self._last_grade()

    def _school(self, child: Child) -> str:
        return self.schools.name[self.place[child.number]]

    def _stage(self, child: Child) -> str:
        return "小学" if age(child) < 12 else "初中"

    def _registered(self) -> None:
        """Write the police's list: one digit off, a homophone, a child without ID, two with one ID, and some too young or too old."""
        groups: dict[str, list[tuple[object, ...]]] = {}
        off, heard, without = self.ordinary[0], next(one for one in self.ordinary[5:] if one.name[1] in HOMOPHONES), self.ordinary[2]
        taken, owner = self.not_enrolled[2], self.ordinary[3]
        for at, child in enumerate(one for one in self.children if one not in self.no_household):
            name = child.name[0] + HOMOPHONES[child.name[1]] + child.name[2:] if child is heard else child.name
            number = None if child is without else digit_off(child.id_number) if child is off else child.id_number
            number = owner.id_number if child is taken else number
            township = ("城关镇", "石桥镇", "白杨镇", "红柳镇", "大岭乡")[at * 5 // CHILDREN]
            groups.setdefault(township, []).append((name, number, child.birth.isoformat(), child.guardian))
        groups["大岭乡"] += [("白安安", None, "2020-11-02", "白永强"), ("白志远", None, "2009-03-04", "白永强")]
        self.lists.book(
            "户籍适龄儿童名册", "清河县户籍适龄儿童少年名册（虚构）", ["乡镇", "姓名", "公民身份号码", "出生日期", "户主"], groups
        )
        self.truth.plant("school_age_enrolled", "missing", *(named(one) for one in self.not_enrolled[:2]))
        self.truth.plant(
            "school_age_enrolled", "undecided", named(taken)
        )  # one number, two names: nothing is concluded of the one who is on no roll
        self.lists.csv(
            "外地就读证明",
            ["姓名", "身份证号", "出生日期", "就读地", "证明编号"],
            [(self.elsewhere.name, self.elsewhere.id_number, self.elsewhere.birth, "金昌市（示例）", "证〔2025〕17号")],
        )

    def _rolls(self) -> None:
        """Write the roll, and who is present at school: some are on the roll and not there."""
        heads = ["学籍号", "姓名", "身份证件号", "出生日期", "性别", "监护人姓名", "联系电话", "学校", "学段"]
        rows = [
            (one.number, one.name, one.id_number, one.birth, one.sex, one.guardian, one.phone, self._school(one), self._stage(one))
            for one in self.enrolled
        ]
        self.lists.csv("学籍名册", heads, rows)
        self.absent, self.unlisted = self.ordinary[20:23], self.ordinary[23]
        unchecked = self.ordinary[24:26]
        self.truth.plant("enrolled_present", "missing", *((one.number,) for one in (*self.absent, self.unlisted)))
        self.truth.plant("enrolled_present", "claimed", *((one.number,) for one in unchecked))
        present = [
            (
                one.number,
                self._school(one),
                "不在校" if one in self.absent else "病假" if at == 60 else "在校",
                "" if one in unchecked else checker(at, False),
            )
            for at, one in enumerate(self.enrolled)
            if one is not self.unlisted
        ]
        self.lists.csv("在校学生点名册", ["学籍号", "学校", "是否在校", "核查人"], present)

    def _poor(self) -> None:
        """Households on the poverty list: one child is absent, one is on no roll, one goes to school elsewhere."""
        poor = [*self.ordinary[30:48], self.absent[0], self.not_enrolled[0], self.elsewhere]
        rows = [(one.name, one.id_number, one.birth, one.guardian, HOUSEHOLDS[at % 2]) for at, one in enumerate(poor)]
        self.lists.csv("脱贫监测家庭子女", ["姓名", "证件号码", "出生日期", "户主", "户别"], rows)
        self.truth.plant("dropout_poverty", "missing", named(self.absent[0]), named(self.not_enrolled[0]))

    def _disabled(self) -> None:
        """Write two lists: the federation's with certificate numbers, placement with ID numbers; one has no place, one is on no list."""
        some = self.ordinary[50:64]
        sorts = ("视力", "听力", "肢体", "智力", "孤独症")
        rows = [
            (one.name, one.id_number + f"{at % 7 + 1}{at % 4 + 1}", one.birth, one.guardian, sorts[at % 5]) for at, one in enumerate(some)
        ]
        rows.append(("王小满", None, "2021-03-04", "王建国", "听力"))  # too young
        self.lists.csv(
            "残疾儿童少年名册",
            ["姓名", "残疾人证号", "出生日期", "监护人", "残疾类别"],
            rows,
            gbk=True,
            title="清河县残疾儿童少年名册（虚构）",
        )
        ways = ("随班就读", "特教学校", "送教上门", "特教班", "经批准缓学")
        placed = [
            (one.name, one.id_number, one.birth, "未安置" if at == 4 else ways[at % 5], "" if at == 7 else "有", checker(at, False))
            for at, one in enumerate(some)
            if at != 11
        ]
        self.lists.csv("特殊教育安置", ["姓名", "身份证号", "出生日期", "安置方式", "个别化方案", "核实人"], placed)
        self.truth.plant("disabled_children", "missing", named(some[4]), named(some[11]))
        self.truth.plant("disabled_children", "claimed", named(some[7]))

    def _aid(self) -> None:
        """Three stages, each with one missed, one short, one whose payment came back, one paid twice, one who left, one not entitled."""
        young = Inventor(np.random.default_rng(SEED + 1), 4, first_birth=date(2019, 9, 1), days=1090)
        old = Inventor(np.random.default_rng(SEED + 2), 4, first_birth=date(2007, 9, 1), days=1090)
        groups: Mapping[str, tuple[str, Sequence[Child], str]] = {
            "aid_preschool": ("学前", [one for one in young.children(24, "K") if not one.twin], "清河县第一幼儿园"),
            "aid_compulsory": ("义务教育", self.ordinary[66:90], ""),
            "aid_senior": ("高中阶段", [one for one in old.children(24, "S") if not one.twin], "清河县第一中学"),
        }
        listed: list[tuple[object, ...]] = []
        paid: list[tuple[object, ...]] = []
        elsewhere: list[tuple[object, ...]] = []
        for roster, (stage, children, school) in groups.items():
            own, stranger = children[:18], children[19]
            unit = {one.number: school or self._school(one) for one in children}
            granted = {one.number: GRANTS[self._stage(one) if stage == "义务教育" else stage] for one in children}
            for at, one in enumerate(own):
                status = "转出" if at == 9 else "在校"
                listed.append(
                    (
                        one.name,
                        one.id_number,
                        one.birth,
                        one.guardian,
                        unit[one.number],
                        stage,
                        status,
                        HOUSEHOLDS[at % 2],
                        granted[one.number],
                    )
                )
                yuan = granted[one.number] - (100 if at == 6 else 0)
                row = (one.name, one.id_number, one.birth, unit[one.number], stage, "2025秋", yuan, "退回" if at == 7 else "成功")
                paid += {3: [], 5: [], 8: [row, row]}.get(at, [row])
            away = own[5]
            elsewhere.append(
                (away.name, away.id_number, away.birth, stage, "2025秋", granted[away.number], f"回〔2025〕{len(elsewhere) + 1}号")
            )
            paid.append(
                (
                    stranger.name,
                    stranger.id_number,
                    stranger.birth,
                    unit[stranger.number],
                    stage,
                    "2025秋",
                    granted[stranger.number],
                    "成功",
                )
            )
            self._plant_aid(roster, own, stranger)
        heads = ["姓名", "身份证号", "出生日期", "户主", "就读学校", "学段", "学籍状态", "困难类型", "本学期核定金额"]
        self.lists.csv("资助对象名册", heads, listed)
        heads = ["姓名", "身份证号", "出生日期", "学校", "学段", "学期", "实发金额", "银行回单"]
        self.lists.csv("资助发放表", heads, paid, gbk=True, title="清河县2025年秋季学期资助发放表（虚构）")
        self.lists.csv("外地就读受助回执", ["姓名", "身份证号", "出生日期", "学段", "学期", "当地受助金额", "回执编号"], elsewhere)

    def _plant_aid(self, roster: str, own: Sequence[Child], stranger: Child) -> None:
        self.truth.plant(roster, "missing", named(own[3]))
        self.truth.plant(roster, "short", named(own[6]))
        self.truth.plant(roster, "claimed", named(own[7]))
        self.truth.plant(roster, "doubled", named(own[8]))
        self.truth.plant(roster, "over", named(own[8]))
        self.truth.plant(roster, "wrong", named(own[9]), named(stranger))

    def _migrant(self) -> None:
        some = self.ordinary[80:100]
        stage = {one.number: self._stage(one) for one in some}
        rows = [
            (f"随迁{at + 1:03d}", one.name, date(2025, 7, 1 + at), "待补" if at in (6, 13) else "齐全", stage[one.number])
            for at, one in enumerate(some)
        ]
        self.lists.csv("随迁子女入学申请", ["申请编号", "姓名", "申请日期", "材料", "学段"], rows)
        lost = self.truth.plant("migrant_children", "missing", ("随迁004",), ("随迁016",))
        self.truth.plant("migrant_children", "claimed", ("随迁010",))
        self.truth.plant("migrant_children", "wrong", ("随迁007",))
        placed = [
            (
                row[0],
                self._school(one),
                "等待" if row[0] == "随迁016" else "政府购买学位" if at % 9 == 0 else "公办学位",
                "否" if row[0] == "随迁010" else "是",
            )
            for at, (row, one) in enumerate(zip(rows, some, strict=True))
            if ((row[0],) not in lost or row[0] == "随迁016") and at != 13
        ]
        self.lists.csv("随迁子女安置", ["申请编号", "学校", "学位类别", "学籍建立"], placed)

    def _left_behind(self) -> None:
        some = self.ordinary[10:34]
        keys: list[Key] = [(f"留守{at + 1:03d}",) for at in range(len(some))]
        stale = self.truth.some("left_behind_records", "short", keys, 4, 15)
        lost, said = (
            self.truth.some("left_behind_visits", "missing", keys, 7, 19),
            self.truth.some("left_behind_visits", "claimed", keys, 2),
        )
        old = self.truth.some("left_behind_visits", "short", keys, 11)
        rows = [
            (key[0], one.name, self._school(one), one.guardian, "2025-09-10" if key in stale else "2026-01-05")
            for key, one in zip(keys, some, strict=True)
        ]
        self.lists.csv("留守儿童台账", ["编号", "姓名", "学校", "监护人", "更新日期"], rows)
        visits = [
            (key[0], date(2025, 5, 6) if key in old else autumn(at), "" if key in said else "是")
            for at, key in enumerate(keys)
            if key not in lost
        ]
        self.lists.csv("留守儿童走访", ["编号", "走访日期", "监护人确认"], visits)

    def _last_grade(self) -> None:
        some = [one for one in self.enrolled if age(one) in (11, 14)]
        keys: list[Key] = [(one.number,) for one in some]
        rows = [
            (one.number, one.name, self._school(one), f"{'六' if age(one) == 11 else '九'}（{at % 3 + 1}）班")
            for at, one in enumerate(some)
        ]
        self.lists.csv("毕业年级学生名册", ["学籍号", "姓名", "学校", "班级"], rows)
        lost, said = self.truth.some("art_skills", "missing", keys, 2, 13), self.truth.some("art_skills", "claimed", keys, 6)
        skills = [
            (key[0], ("合唱", "竖笛", "水彩", "书法")[at % 4], autumn(at), checker(at, key in said))
            for at, key in enumerate(keys)
            if key not in lost
        ]
        self.lists.csv("艺术技能认定", ["学籍号", "技能", "认定日期", "认定教师"], skills)


def digit_off(number: str) -> str:
    """Return an ID number with one digit of the order wrong, as a slip of the hand leaves it: the check digit does not fit."""
    return number[:15] + str((int(number[15]) + 3) % 10) + number[16:]


def _teachers(lists: Lists, truth: Truth, schools: Schools) -> None:
    inventor = Inventor(np.random.default_rng(SEED + 3), 6, first_birth=date(1970, 1, 1), days=10_000)
    codes = schools.of("primary", "junior", public=True)[::6]
    teachers = [replace(one, number=f"T{at + 1:04d}") for at, one in enumerate(inventor.children(TEACHERS))]
    school = {one.number: schools.name[codes[at % len(codes)]] for at, one in enumerate(teachers)}
    bands = ("35岁以下", "36至50岁", "51岁以上")
    rows = [(one.number, one.name, school[one.number], bands[at % 3]) for at, one in enumerate(teachers)]
    lists.csv("专任教师名册", ["工号", "姓名", "学校", "年龄段"], rows)
    keys: list[Key] = [(one.number,) for one in teachers]
    lost, less = truth.some("training_hours", "missing", keys, 9), truth.some("training_hours", "short", keys, 3, 22, 40)
    said = truth.some("training_hours", "claimed", keys, 30)
    hours: list[tuple[object, ...]] = []
    for at, key in enumerate(key for key in keys if key not in lost):
        for level, amount, day in (
            ("国家", 60, "2021-08-20"),
            ("省", 80, "2022-07-30"),
            ("县", 120, "2023-08-10"),
            ("校", 110, "2025-06-30"),
        ):
            amount = 20 if key in less and level == "校" else amount
            hours.append((key[0], level, amount, day, checker(at, key in said and level == "校")))
        hours.append((key[0], "市", 90, "2019-07-15", checker(at, False)))  # before the five years: it does not count
    lists.csv("教师培训学时", ["工号", "级别", "学时", "结业日期", "核实人"], hours)
    lost = truth.some("teacher_digital", "missing", keys, 12, 35)
    tested = [(key[0], "不合格" if at == 35 else "合格", "2025-11-20") for at, key in enumerate(keys) if key not in lost or at == 35]
    lists.csv("教师数字素养测评", ["工号", "结果", "日期"], tested)
    moved = teachers[5:15]
    lists.csv("交流期满教师", ["工号", "姓名", "学校"], [(one.number, one.name, school[one.number]) for one in moved])
    keys = [(one.number, right) for one in moved for right in RIGHTS]
    lost, said = truth.some("returning_teachers", "missing", keys, 4, 17), truth.some("returning_teachers", "claimed", keys, 20)
    given = [(*key, autumn(at), checker(at, key in said)) for at, key in enumerate(keys) if key not in lost]
    lists.csv("交流待遇兑现", ["工号", "待遇", "兑现日期", "核实人"], given)
