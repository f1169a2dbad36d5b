"""Lists of other departments over invented children, with the errors that such lists have, and the truth beside them.

Shares of errors are ours, set to what officers tell: a police list is clean, a list typed in a township is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from .invented_people import GIVEN, Child, Inventor

SOUNDS_LIKE = [
    "涵晗寒含",
    "梓紫子籽",
    "轩萱宣",
    "宇雨语羽钰",
    "浩皓昊",
    "欣心馨新",
    "怡仪宜一",
    "泽则",
    "睿瑞锐",
    "佳嘉家",
    "琪祺淇其",
    "桐彤童",
    "晨辰宸尘",
    "曦希熙西",
    "诺懦",
    "博伯搏",
    "文雯纹",
    "俊君峻",
    "杰洁捷",
    "诗施",
    "豪毫",
    "明铭名",
    "梦孟",
    "瑶遥姚",
    "佑右",
    "妍研言彦",
    "若偌",
    "奕弈逸艺",
    "静婧靖",
    "婷亭庭",
    "楠男南",
    "静晶",
    "安按",
    "锦瑾",
    "书舒",
    "晴清",
    "沐木",
    "阳洋扬",
    "知之",
    "远元",
    "星兴",
    "云芸",
    "帆凡",
    "莉丽利",
    "芳方",
    "英瑛",
    "国果",
    "志智",
    "建健",
    "海亥",
    "燕艳",
    "梅美",
    "敏民",
    "慧惠",
    "兰岚",
    "强蔷",
    "张章",
    "李黎",
    "陈成",
    "王汪",
    "徐许",
    "于余俞",
    "付傅",
    "肖萧",
    "吴武",
]
LOOKS_LIKE = [
    "睿壑",
    "晴睛",
    "晨震",
    "昊吴",
    "莹萤",
    "妍研",
    "彤肜",
    "琪棋",
    "涵函",
    "泽择",
    "皓浩",
    "铭洛",
    "宇字",
    "博搏",
    "芷芝",
    "茜西",
    "未末",
    "奕弈",
    "瑞端",
    "楠喃",
]
TRADITIONAL = dict(
    zip(
        "张刘陈杨黄赵吴孙马罗郑谢许冯韩邓萧蒋苏吕卢谭陆贾邹龙贺顾龚万钱严云杰诗梦丽娟兰静远国庆刚书晓莹",
        "張劉陳楊黃趙吳孫馬羅鄭謝許馮韓鄧蕭蔣蘇呂盧譚陸賈鄒龍賀顧龔萬錢嚴雲傑詩夢麗娟蘭靜遠國慶剛書曉瑩",
        strict=True,
    )
)
_SHORT = {
    "小学": ("小学", "完小", "小学校"),
    "初级中学": ("初级中学", "初中", "中学"),
    "高级中学": ("高级中学", "高中"),
    "九年一贯制学校": ("九年一贯制学校", "九年制学校", "学校"),
}


@dataclass(frozen=True)
class Office:
    """One department's list: its columns, which share of pupils and how many others stand on it, and how often it errs."""

    name: str
    columns: Sequence[str]
    share: float
    strangers: float  # as a share of its lines
    errors: Mapping[str, float] = field(default_factory=dict)


OFFICES = (
    Office(
        "公安",
        ("name", "id_number", "birth", "sex", "guardian"),
        0.97,
        0.04,
        {"name": 0.006, "id_number": 0.002, "birth": 0.001, "guardian": 0.3},
    ),
    Office(
        "民政",
        ("name", "id_number", "guardian", "phone"),
        0.12,
        0.2,
        {"name": 0.02, "id_number": 0.02, "guardian": 0.1, "phone": 0.25, "no_id": 0.02},
    ),
    Office(
        "残联",
        ("name", "id_number", "birth", "guardian", "phone"),
        0.012,
        0.15,
        {"name": 0.02, "id_number": 0.01, "birth": 0.01, "guardian": 0.1, "phone": 0.2},
    ),
    Office(
        "乡村振兴",
        ("name", "id_number", "birth", "school", "guardian"),
        0.2,
        0.1,
        {"name": 0.025, "id_number": 0.02, "birth": 0.02, "guardian": 0.1, "school": 0.2, "no_id": 0.03, "destroyed": 0.005},
    ),
)


class Typist:
    """Writes a child's fields as an office would, with its errors; what was planted is remembered by kind."""

    def __init__(self, random: np.random.Generator, schools: Sequence[Mapping[str, str]]) -> None:
        """Keep the source of draws and the schools' names."""
        self.random, self.schools = random, schools
        self.planted: dict[str, int] = {}

    def line(self, child: Child, office: Office, inventor: Inventor) -> dict[str, str | None]:
        """Return the line of one child on an office's list."""
        errors = office.errors
        written = {
            "name": self._name(child.name) if self._errs(errors, "name") else child.name,
            "id_number": self._number(child, errors),
            "birth": self._birth(child.birth, self._errs(errors, "birth")),
            "sex": child.sex,
            "guardian": self._guardian(child, inventor) if self._errs(errors, "guardian") else child.guardian,
            "phone": (None if self.random.random() < 0.6 else f"19900{self.random.integers(0, 10**6):06d}")
            if self._errs(errors, "phone")
            else child.phone,
            "school": None if self._errs(errors, "school") else self._school(child.school),
        }
        if office.name == "残联" and written["id_number"] and len(written["id_number"]) == 18:
            written["id_number"] += f"{self.random.integers(1, 8)}{self.random.integers(1, 5)}"
        return {column: written[column] for column in office.columns}

    def _errs(self, errors: Mapping[str, float], kind: str) -> bool:
        return bool(self.random.random() < errors.get(kind, 0.0))

    def _said(self, kind: str, value: str | None) -> str | None:
        self.planted[kind] = self.planted.get(kind, 0) + 1
        return value

    def _name(self, name: str) -> str:
        ways: tuple[tuple[str, Callable[[str], str], float], ...] = (
            ("homophone", self._homophone, 0.42),
            ("lookalike", self._lookalike, 0.16),
            ("traditional", lambda text: "".join(TRADITIONAL.get(one, one) for one in text), 0.16),
            ("space", lambda text: f"{text[0]} {text[1:]}", 0.1),
            ("lost", lambda text: text[:-1] + "?", 0.05),
            ("dot", lambda text: text.replace("·", ".") if "·" in text else f"\u200b{text}", 0.06),
            ("remark", lambda text: f"{text}（补）", 0.05),
        )
        kind, way, _ = ways[int(self.random.choice(len(ways), p=[share for *_, share in ways]))]
        return str(self._said(f"name_{kind}", way(name)))

    def _homophone(self, name: str) -> str:
        return self._exchanged(name, SOUNDS_LIKE)

    def _lookalike(self, name: str) -> str:
        return self._exchanged(name, LOOKS_LIKE)

    def _exchanged(self, name: str, groups: Sequence[str]) -> str:
        places = [(place, group) for place, one in enumerate(name) for group in groups if one in group]
        if not places:
            return name[:-1] + GIVEN[int(self.random.integers(0, len(GIVEN)))] if self.random.random() < 0.2 else name
        place, group = places[int(self.random.integers(0, len(places)))]
        others = [one for one in group if one != name[place]]
        return name[:place] + str(self.random.choice(others)) + name[place + 1 :]

    def _number(self, child: Child, errors: Mapping[str, float]) -> str | None:
        number = child.id_number
        if self._errs(errors, "no_id"):
            return self._said("id_missing", None)
        if self._errs(errors, "destroyed"):
            return self._said("id_destroyed", number[:15] + "000" if self.random.random() < 0.5 else f"{float(number[:17] + '0'):.5E}")
        if not self._errs(errors, "id_number"):
            return number.lower() if number.endswith("X") and self.random.random() < 0.1 else number
        place = int(self.random.integers(6, 17))
        if self.random.random() < 0.3 and number[place] != number[place - 1]:
            return self._said("id_exchanged", number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :])
        digit = str((int(number[place]) + int(self.random.integers(1, 9))) % 10)
        return self._said("id_digit_off", number[:place] + digit + number[place + 1 :])

    def _birth(self, birth: date, errs: bool) -> str:
        if errs and self.random.random() < 0.5 and birth.day <= 12 and birth.day != birth.month:
            return str(self._said("birth_crossed", f"{birth.year}-{birth.day:02d}-{birth.month:02d}"))
        if errs:
            return str(self._said("birth_off", f"{birth.year}-{birth.month:02d}-{birth.day % 28 + 1:02d}"))
        forms = (
            f"{birth:%Y-%m-%d}",
            f"{birth:%Y%m%d}",
            f"{birth.year}.{birth.month}.{birth.day}",
            f"{birth.year}年{birth.month}月{birth.day}日",
        )
        return forms[int(self.random.choice(4, p=[0.6, 0.2, 0.1, 0.1]))]

    def _guardian(self, child: Child, inventor: Inventor) -> str | None:
        """Return another guardian: the other parent, a grandparent, nobody, or the same with an error."""
        way = self.random.random()
        if way < 0.25:
            return None
        return self._exchanged(child.guardian, SOUNDS_LIKE) if way < 0.5 else inventor.surname() + inventor.given()

    def _school(self, school: int) -> str:
        name = self.schools[school]["name"]
        for kind, forms in _SHORT.items():
            if name.endswith(kind):
                name = name.removesuffix(kind) + str(self.random.choice(forms[:2]))
        return name if self.random.random() < 0.5 else name[name.index("第") :]


def register_line(child: Child, schools: Sequence[Mapping[str, str]]) -> dict[str, str | None]:
    """Return the line of a pupil in the register, which is clean; J marks the number of a child without an ID number."""
    without = child.number.endswith("77")
    return {
        "key": child.number,
        "name": child.name,
        "id_number": None if without else child.id_number,
        "birth": child.birth.isoformat(),
        "sex": child.sex,
        "guardian": child.guardian,
        "phone": child.phone,
        "school": schools[child.school]["name"],
    }


def office_list(
    office: Office, pupils: Sequence[Child], strangers: Sequence[Child], typist: Typist, inventor: Inventor
) -> tuple[list[dict[str, str | None]], list[str]]:
    """Return an office's lines in a drawn order, and for each the number of the pupil it is, "" for nobody of the register."""
    random = typist.random
    on_it = [child for child in pupils if random.random() < office.share]
    others = list(random.permutation(len(strangers))[: round(len(on_it) * office.strangers)])
    people = [(child, child.number) for child in on_it] + [(strangers[index], "") for index in others]
    order = random.permutation(len(people))
    lines = [typist.line(people[index][0], office, inventor) for index in order]
    return lines, [people[index][1] for index in order]
