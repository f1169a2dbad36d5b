"""Filled scoring sheets of Qinghe: visits, six checks, lessons, duties of departments, comprehensive evaluation. Raters are codes."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from making.draw import draw
from making.roster import Row, Site

# What is planted
SEED = "2026春"  # announced; the sample of classes follows from it
NO_PROOF = "红柳镇中心小学"  # its duty sheets were scored in spring without a proof
NOT_SEEN = ("白杨镇中心小学", "学习困难学生辅导")  # not looked at in spring
IMPROVED = ("石桥镇二坝小学", "作业公示与总量")  # 0 in autumn, 3 in spring
RATERS_WHO_DIFFER = "问题引起思考"  # of lessons: the second observer scores as by chance
NO_PROOF_OF = ("财政部门", "教师工资待遇落实")  # checked without a proof
SELF_PRAISE = "市场监管部门"  # 10 by itself everywhere, less when checked
_KINDS = ("teaching_point", "primary", "junior", "nine_year", "twelve_year", "complete_secondary", "senior")
_VISITED = ("清河县第一小学", "清河县第六中学", "红柳镇中心小学", "白杨镇中心小学", "石桥镇二坝小学", "青羊乡山根小学")
_CHECKLIST = (
    "开齐课程、按课表上课",
    "备课与教研记录",
    "课堂教学",
    "学习困难学生辅导",
    "作业公示与总量",
    "考试次数与成绩呈现",
    "每天体育锻炼",
    "值班与安全巡查",
)
_LEVELS = ("没有做", "做了一部分", "基本做到", "做到")
_SIX = ("备课", "讲课", "批改", "辅导", "考试", "教研")
_SIX_LEVELS = ("没有", "较差", "较好", "好")
_LESSON = ("目标清楚、扣住课标", "学生说、学生做", "问题引起思考", "当堂反馈", "照顾到不同学生")
_OFTEN = ("很少", "有时", "经常", "贯穿")
_WAYS = {"项目式": 0.12, "互动式": 0.6, "启发式": 0.55, "探究式": 0.3, "讨论式": 0.4, "参与式": 0.5}
_SUBJECTS = ("语文", "数学", "英语", "科学与理化生", "体育与艺术")
_SIDES = ("行为习惯与班级生活", "学习习惯与兴趣", "比自己的过去进步", "体质与视力", "心理与睡眠", "艺术活动参与", "劳动与实践")
_SIDE_LEVELS = ("需要改进", "一般", "较好", "好")
_DUTIES = {
    "财政部门": ("教育经费只增不减、按时拨付", "教师工资待遇落实", "小规模学校公用经费按100人拨付"),
    "编制部门": ("中小学教职工编制按标准核定", "编制每年动态调整"),
    "人力资源和社会保障部门": ("教师招聘与职称评聘按时完成", "交流轮岗的聘任手续"),
    "发展改革部门": ("学校建设项目立项与进度",),
    "自然资源部门": ("学校用地预留与供地", "小区配套学校和幼儿园移交"),
    "卫生健康部门": ("校医和传染病防控指导", "近视与心理健康联动"),
    "市场监管部门": ("学校食堂每学期检查", "校外培训收费与广告监管"),
    "公安部门": ("护学岗与校园周边治安", "校车与上下学交通"),
}


def write_scores(folder: Path, sites: Mapping[str, Site], classes: Iterable[Row]) -> None:
    """Write the sheets into the folder, one file a form."""
    folder.mkdir(parents=True, exist_ok=True)
    schools = [site for _, site in sorted(sites.items()) if site.exists(2025) and not site.is_campus(2025) and site.kind in _KINDS]
    _write(folder / "教学工作督导检查表.csv", ["轮次", "日期", "学校", "评分人", *_CHECKLIST, "佐证", "说明"], _visits())
    held: dict[str, list[str]] = {}
    for row in classes:
        held.setdefault(str(row["school"]), []).append(str(row["class"]))
    six = ["轮次", "日期", "学校", "班级", "评分人", *_SIX, "佐证", "说明"]
    _write(folder / "教学常规巡查（备讲改辅考研）.csv", six, _routine(schools, held))
    _write(
        folder / "听课观察表.csv", ["轮次", "日期", "学校", "课节", "学科", "评分人", *_LESSON, *_WAYS, "佐证", "说明"], _lessons(schools)
    )
    _write(folder / "部门履行教育职责评价.csv", ["轮次", "日期", "单位", "角色", "评分人", "项目", "评分", "佐证", "说明"], _duties())
    _write(folder / "学校综合评价.csv", ["轮次", "日期", "学校", "角色", "评分人", *_SIDES, "佐证", "说明"], _comprehensive())


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="\n")


def _visits() -> Iterator[list[object]]:
    """Yield the visits of two terms: every second one by two inspectors."""
    for at, school in enumerate(_VISITED):
        for term, first in (("2025秋", date(2025, 10, 20)), ("2026春", date(2026, 3, 3))):
            for rater in ("D1", "D2") if at % 2 == 0 else ("D3",):
                scores: list[object] = [_LEVELS[_visit_score(school, term, item, rater)] for item in _CHECKLIST]
                if (school, term) == (NOT_SEEN[0], "2026春"):
                    scores[_CHECKLIST.index(NOT_SEEN[1])] = ""
                proof = "" if (school, term) == (NO_PROOF, "2026春") else "值班表和巡查记录照片各一张"
                yield [term, first + timedelta(days=at), school, rater, *scores, proof, ""]


def _visit_score(school: str, term: str, item: str, rater: str) -> int:
    if (school, item) == IMPROVED:
        return 0 if term == "2025秋" else 3
    level = 1 + int(2.99 * draw("visit", school, item))
    level = min(3, level + (term == "2026春" and draw("better", school, item) < 0.3))
    return max(0, level - (rater == "D2" and draw("stricter", school, term, item) < 0.15))


def _routine(schools: Sequence[Site], classes: Mapping[str, Sequence[str]]) -> Iterator[list[object]]:
    """Yield the six checks in three classes of each school, drawn by the announced seed as the program draws them."""
    for at, site in enumerate(schools):
        things = sorted(set(classes.get(site.code, ())))
        drawn = sorted(things, key=lambda thing: hashlib.sha256(f"{SEED}:{site.code}:{thing}".encode()).hexdigest())[:3]
        for thing in sorted(drawn):
            day = date(2026, 3, 2) + timedelta(days=at % 5)
            scores = [
                _SIX_LEVELS[1 + int(2.6 * draw("six", site.name, item) + 0.4 * draw("class", site.name, thing, item))] for item in _SIX
            ]
            yield [SEED, day, site.name, thing, f"Y{1 + at % 4}", *scores, "", ""]


def _lessons(schools: Sequence[Site]) -> Iterator[list[object]]:
    for number in range(40):
        school, subject = schools[number * 7 % len(schools)].name, _SUBJECTS[number % len(_SUBJECTS)]
        true = [1 + int(2.99 * draw("lesson", number, item)) for item in _LESSON]
        seen = [draw("way", number, way) < share for way, share in _WAYS.items()]
        for rater in ("T1", "T2") if number % 2 == 0 else (f"T{3 + number % 3}",):
            scores = [_OFTEN[_observed(number, item, level, rater)] for item, level in zip(_LESSON, true, strict=True)]
            ways = ["是" if one != (draw("slip", number, rater, way) < 0.06) else "否" for one, way in zip(seen, _WAYS, strict=True)]
            yield [
                "2026春",
                date(2026, 3, 2) + timedelta(days=number % 5),
                school,
                f"第{number + 1}节",
                subject,
                rater,
                *scores,
                *ways,
                "",
                "",
            ]


def _observed(number: int, item: str, level: int, rater: str) -> int:
    if item == RATERS_WHO_DIFFER and rater == "T2":
        return int(3.99 * draw("chance", number))
    return min(3, max(0, level + (rater == "T2" and draw("other", number, item) < 0.12)))


def _duties() -> Iterator[list[object]]:
    day = date(2026, 1, 15)
    for unit, items in _DUTIES.items():
        for item in items:
            checked = 6 + 0.5 * int(7.99 * draw("duty", unit, item))
            own = 10.0 if unit == SELF_PRAISE else min(10.0, checked + 0.5 * int(2.99 * draw("own", unit, item)))
            yield ["2025年度", day, unit, "自评", "B1", item, f"{own:g}", "自评报告", ""]
            proof = "" if (unit, item) == NO_PROOF_OF else "核查记录"
            yield ["2025年度", day, unit, "核查", "K1", item, f"{checked - 2 * (unit == SELF_PRAISE):g}", proof, ""]


def _comprehensive() -> Iterator[list[object]]:
    for school in _VISITED:
        levels = [int(3.99 * draw("side", school, item)) for item in _SIDES]
        own = [_SIDE_LEVELS[min(3, level + 1)] for level in levels]
        yield ["2025年度", date(2026, 1, 20), school, "学校自评", "X1", *own, "自评报告", ""]
        for rater in ("P1", "P2", "P3"):
            moved = [min(3, max(0, level + _step(school, item, rater))) for level, item in zip(levels, _SIDES, strict=True)]
            yield ["2025年度", date(2026, 1, 22), school, "评价组", rater, *(_SIDE_LEVELS[level] for level in moved), "现场记录", ""]


def _step(school: str, item: str, rater: str) -> int:
    chance = draw("panel", school, item, rater)
    return -1 if chance < 0.1 else 1 if chance > 0.92 else 0
