"""Answers to two surveys of Qinghe, what schools put up of homework, and what they have for noon rest. No answer bears a name."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from making.draw import draw
from making.roster import Row, Site

# What is planted
OVER = "清河县第三中学"  # puts up more than 90 minutes in grade 9
HIDES = "清河县第二小学"  # puts up 40 minutes in grade 5; pupils say about 95
HOMEWORK_IN_GRADE_1 = "红柳镇中心小学"  # puts up homework in grade 1
HANDED_OUT = "白杨镇中心小学"  # every pupil says 30
NOT_SENT = "青羊乡山根小学"  # no answers
NOT_STATED = "沙井镇中心小学"  # did not say how many beds it has
_KINDS = ("teaching_point", "primary", "junior", "nine_year", "twelve_year", "complete_secondary")
_EACH, _NOON = 20, 30
_MINUTES = {"1": 0, "2": 0, "3": 40, "4": 45, "5": 50, "6": 52, "7": 65, "8": 72, "9": 78}


def write_answers(folder: Path, sites: Mapping[str, Site], classes: Iterable[Row], enrolment: Iterable[Row]) -> None:
    """Write answers, boards and supplies into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    grades: dict[str, dict[str, list[str]]] = {}
    for row in classes:
        if str(row["grade"]) in _MINUTES:
            grades.setdefault(str(row["school"]), {}).setdefault(str(row["grade"]), []).append(str(row["class"]))
    pupils: dict[str, int] = {}
    for row in enrolment:
        pupils[str(row["school"])] = pupils.get(str(row["school"]), 0) + int(str(row["pupils"]))
    schools = [
        site
        for code, site in sorted(sites.items())
        if site.exists(2025) and not site.is_campus(2025) and site.kind in _KINDS and code in grades
    ]
    asked = ["学校", "人群", "年级", "班级", "用时秒", "昨天的书面家庭作业用了多少分钟", "昨晚是否睡够", "是否没有要求家长批改"]
    _write(folder / "作业时长抽查.csv", asked, _homework(schools, grades, pupils))
    _write(folder / "作业公示.csv", ["学校", "年级", "班级", "日期", "分钟"], _boards(schools, grades))
    noon = ["学校", "人群", "年级", "用时秒", "孩子是否需要在校午休", "是否希望能平躺"]
    _write(folder / "午休需求调查.csv", noon, _noon(schools, grades, pupils))
    _write(folder / "午休条件.csv", ["学校", "床位", "可躺课桌椅", "可用教室", "看护教师"], _supplies(schools, pupils))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="\n")


def _homework(schools: Sequence[Site], grades: Mapping[str, Mapping[str, list[str]]], pupils: Mapping[str, int]) -> Iterator[list[object]]:
    for site in schools:
        own = sorted(grades[site.code])
        for number in range(0 if site.name == NOT_SENT else min(_EACH, pupils[site.code])):
            grade = own[number % len(own)]
            group = grades[site.code][grade][number % len(grades[site.code][grade])]
            minutes = _said(site.name, grade, number)
            slept, marked = ("是" if draw(word, site.name, number) < share else "否" for word, share in (("slept", 0.8), ("marked", 0.86)))
            yield [site.name, "学生", grade, group, 12 + int(40 * draw("seconds", site.name, number)), minutes, slept, marked]


def _said(school: str, grade: str, number: int) -> int:
    if school == HANDED_OUT:
        return 30
    if (school, grade) == (HIDES, "5"):
        return 85 + 5 * int(4.99 * draw("said", school, number))
    usual = _MINUTES[grade] * (1.35 if (school, grade) == (OVER, "9") else 1.0)
    return 5 * round((usual * (0.75 + 0.5 * draw("said", school, number))) / 5)


def _boards(schools: Sequence[Site], grades: Mapping[str, Mapping[str, list[str]]]) -> Iterator[list[object]]:
    """Yield what was put up on the five days of a week by every fourth school, and by those with something planted."""
    named = (OVER, HIDES, HOMEWORK_IN_GRADE_1)
    for at, site in enumerate(schools):
        if at % 4 == 1 or site.name in named:
            for grade, groups in sorted(grades[site.code].items()):
                for turn in range(5):
                    yield [site.name, grade, groups[0], date(2026, 3, 2) + timedelta(days=turn), _posted(site.name, grade, turn)]


def _posted(school: str, grade: str, turn: int) -> int:
    planted = {(OVER, "9"): 95 + 5 * (turn % 3), (HIDES, "5"): 40, (HOMEWORK_IN_GRADE_1, "1"): 20 if turn == 2 else 0}
    usual = 5 * round(_MINUTES[grade] * (0.8 + 0.2 * draw("posted", school, grade, turn)) / 5)
    return planted.get((school, grade), usual)


def _noon(schools: Sequence[Site], grades: Mapping[str, Mapping[str, list[str]]], pupils: Mapping[str, int]) -> Iterator[list[object]]:
    for site in schools:
        own = sorted(grades[site.code])
        share = 0.25 + 0.5 * draw("noon", site.name)
        for number in range(min(_NOON, pupils[site.code]) if site.kind != "teaching_point" else min(8, pupils[site.code])):
            need = draw("need", site.name, number) < share
            lying = need and draw("lying", site.name, number) < 0.7
            seconds = 10 + int(50 * draw("noon-seconds", site.name, number))
            yield [site.name, "家长", own[number % len(own)], seconds, "是" if need else "否", "是" if lying else "否"]


def _supplies(schools: Sequence[Site], pupils: Mapping[str, int]) -> Iterator[list[object]]:
    for site in schools:
        size = pupils[site.code]
        beds: object = 10 * int(size * 0.03 * draw("beds", site.name))
        desks = 5 * int(size * 0.08 * draw("desks", site.name))
        if site.name == NOT_STATED:
            beds = ""
        yield [site.name, beds, desks, int(size / 150 * draw("rooms", site.name)), int(size / 60 * (0.3 + draw("staff", site.name)))]
