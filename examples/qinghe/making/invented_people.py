"""Invented children with families, schools and ID numbers: names put together by a draw from a short list of our own.

No ID number here can be a person's: no place has a code that begins with 99. Phones begin with 19900, schools are numbered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦"
    "邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常单解仇区查盖翟缪华"
)
COMPOUND = ("欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "令狐", "夏侯")
GIVEN = (
    "子涵梓轩宇浩然欣怡雨泽思睿佳琪语桐晨曦一诺博文俊杰诗嘉豪紫萱明梦瑶天佑心妍皓雪若曦奕辰可馨家乐铭志强建国晓芳慧敏丽娟海燕春梅国庆永刚秀英玉兰"
    "文静雅婷静怡楠景瑞安宁泽宇锦程书瑶芷晴沐阳承宇羽墨知远星辰云帆清扬念慈彦霖昊霏彤欢茜莹莉"
)
AREAS = ("990701", "990702", "990721", "990722", "990781")
MINORITY_FIRST = ("阿依古丽", "古丽娜尔", "买合木提", "艾力江", "热依汗", "卓玛措", "扎西顿", "巴特尔", "其其格", "娜仁花")
MINORITY_LAST = ("买买提", "艾合麦提", "吐尔逊", "阿不都", "依明", "才让", "多杰", "苏合")
_WEIGHTS, _CHECKS = tuple(2 ** (17 - place) % 11 for place in range(17)), "10X98765432"
_SECOND_HALF = 18  # months between the births of siblings, at least


@dataclass(frozen=True)
class Child:
    """One invented child. family: those who share guardian and phone."""

    number: str
    name: str
    sex: str  # 男, 女
    birth: date
    id_number: str
    guardian: str
    phone: str
    school: int
    family: int
    twin: bool = False


def check_character(digits: str) -> str:
    """Return the check character of 17 digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


@dataclass
class Inventor:
    """Draws children; the same seed and the same calls give the same ones."""

    random: np.random.Generator
    schools: int
    first_birth: date = date(2007, 9, 1)
    days: int = 4380  # twelve years
    used: int = 0
    families: int = 0
    taken: set[str] = field(default_factory=set)

    def children(self, count: int, mark: str = "P") -> list[Child]:
        """Return so many children, family by family."""
        found: list[Child] = []
        while len(found) < count:
            found += self._family(mark)
        return found[:count]

    def _family(self, mark: str) -> list[Child]:
        random = self.random
        self.families += 1
        surname = self.surname()
        guardian = (surname if random.random() < 0.75 else self.surname()) + self.given()
        phone = f"19900{random.integers(0, 10**6):06d}"
        school = int(random.integers(0, self.schools))
        size = int(random.choice([1, 2, 3], p=[0.62, 0.33, 0.05]))
        first = self._child(mark, surname, guardian, phone, school, self.first_birth + timedelta(days=int(random.integers(0, self.days))))
        family = [first]
        if random.random() < 0.012:
            return [replace(first, twin=True), self._twin(mark, surname, first)]
        for _ in range(size - 1):
            birth = family[-1].birth + timedelta(days=int(random.integers(30 * _SECOND_HALF, 1800)))
            if (birth - self.first_birth).days < self.days:
                other = school if random.random() < 0.6 else int(random.integers(0, self.schools))
                family.append(self._child(mark, surname, guardian, phone, other, birth))
        return family

    def _child(self, mark: str, surname: str, guardian: str, phone: str, school: int, birth: date, name: str = "") -> Child:
        random = self.random
        self.used += 1
        sex = "男" if random.random() < 0.53 else "女"
        area = AREAS[int(random.choice(len(AREAS), p=[0.7, 0.1, 0.1, 0.06, 0.04]))]
        number = self._number(area, birth, sex)
        name = name or (self.minority() if random.random() < 0.02 else surname + self.given())
        return Child(f"{mark}{self.used:06d}", name, sex, birth, number + check_character(number), guardian, phone, school, self.families)

    def _number(self, area: str, birth: date, sex: str) -> str:
        """Return 17 digits that nobody has yet."""
        while True:
            order = int(self.random.integers(1, 499)) * 2 + (sex == "男")
            number = f"{area}{birth:%Y%m%d}{order:03d}"
            if number not in self.taken:
                self.taken.add(number)
                return number

    def _twin(self, mark: str, surname: str, first: Child) -> Child:
        """Return the twin: one character of the given name the same more often than not, the ID number the next of that day."""
        given = first.name[-1]
        name = surname + (self.character() + given if self.random.random() < 0.6 else self.given())
        while name == first.name:
            name = surname + self.given()
        twin = self._child(mark, surname, first.guardian, first.phone, first.school, first.birth, name)
        return replace(twin, twin=True)

    def surname(self) -> str:
        """Return a surname, the common ones often."""
        if self.random.random() < 0.008:
            return str(self.random.choice(COMPOUND))
        return SURNAMES[min(int(self.random.exponential(24)), len(SURNAMES) - 1)]

    def character(self) -> str:
        """Return a character of a given name, the popular ones often."""
        return GIVEN[min(int(self.random.exponential(45)), len(GIVEN) - 1)]

    def given(self) -> str:
        """Return a given name of one or two characters."""
        return self.character() + (self.character() if self.random.random() < 0.86 else "")

    def minority(self) -> str:
        """Return a name of two parts with a dot between them."""
        return f"{self.random.choice(MINORITY_FIRST)}·{self.random.choice(MINORITY_LAST)}"


def school_names(count: int, county: str) -> Sequence[Mapping[str, str]]:
    """Return schools: code and full name."""
    kinds = ("小学", "初级中学", "九年一贯制学校", "高级中学")
    numerals = "一二三四五六七八九"
    names = []
    for index in range(count):
        number = numerals[index % 9] if index < 36 else numerals[index % 9] + "十" + numerals[index // 9 % 9]
        names.append({"school": f"99070{index:05d}", "name": f"{county}第{number}{kinds[index // 9 % 4]}"})
    return names
