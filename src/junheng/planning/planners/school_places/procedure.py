"""What comes before a school closes or becomes a teaching point, with the latest days: the parts are those of the state's papers.

How many days before stands on the shelf of standards (`assumed.closing.days`): the papers name the parts and no days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from junheng.errors import Text
from junheng.model.period import school_year_of, statistics_day
from junheng.planning.planners.school_places.choose import Plan
from junheng.planning.planners.school_places.question import CLOSE, POINT, Unit
from junheng.planning.proposal import Step

_PARTS = {
    "plan": Text("制定撤并方案", "draw up the plan"),
    "appraisal": Text("组织论证", "have it appraised"),
    "hearing": Text(
        "听取教职工、家长、村民和乡镇意见，举行听证会，形成听证报告",
        "hear staff, parents, villagers and the township, hold a hearing, write its report",
    ),
    "notice": Text("公示撤并方案和听证报告", "give public notice of the plan and of the hearing's report"),
    "approval": Text("报县政府批准并备案", "have the county government approve it"),
    "receiving": Text("接收学校的学位、宿舍、校车准备到位（先建后撤）", "have places, dormitories and transport ready where pupils go"),
    "families": Text("逐户告知转学安排", "tell every family where its child goes"),
}
_NAMED = 3  # schools in a title
_END = Text("停止办学或改为教学点，学生转入接收学校", "teaching ends or a teaching point begins, pupils move to the receiving school")


def table(plan: Plan) -> pl.DataFrame:
    """Return what must come before each closure, with the latest day: school, by, what_zh, what_en."""
    rows: list[tuple[str, date, str, str]] = []
    for first, unit in _ends(plan):
        end = statistics_day(plan.question.years[first])
        rows += [(unit.code, end - timedelta(days=days), *what) for _, days, what in _terms(plan)]
        rows.append((unit.code, end, *_END))
    schema = {"school": pl.String, "by": pl.Date, "what_zh": pl.String, "what_en": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("school", "by")


def steps(plan: Plan, today: date) -> Iterator[tuple[int, Step]]:
    """Yield the days of each part, counted from the first of all, and its step; schools of one year go together. Nothing is changed."""
    closing: dict[int, list[Unit]] = {}
    for first, unit in _ends(plan):
        closing.setdefault(first, []).append(unit)
    for first, units in sorted(closing.items()):
        end = statistics_day(plan.question.years[first])
        for _, days, what in _terms(plan):
            yield (end - timedelta(days=days)).toordinal(), _step(units, end, days, what, today)


def _step(units: list[Unit], end: date, days: int, what: Text, today: date) -> Step:
    due = end - timedelta(days=days)
    names = [unit.name for unit in units]
    few = Text("、".join(names), ", ".join(names))
    if len(names) > _NAMED:
        few = Text(f"{'、'.join(names[:2])}等{len(names)}所", f"{', '.join(names[:2])} and {len(names) - 2} more")
    when = Text(f"{due.year}年{due.month}月{due.day}日前", f"by {due.isoformat()}")
    zh = f"{'、'.join(names)}自{end.year}年9月起撤并或改为教学点，此项最迟提前{days}天完成；是程序，不改动数据"
    en = f"The change comes in September {end.year}; this is done at least {days} days before. A procedure: no table is changed"
    if due < today:
        zh, en = (
            f"{zh}；期限已过，须立即补办，否则推迟一年",
            f"{en}. The day has passed: make up for it at once, or put the change off by a year",
        )
    return Step(
        title=Text(f"{when.zh}{what.zh}（{few.zh}）", f"{what.en[0].upper()}{what.en[1:]} {when.en} ({few.en})"),
        reason=Text(f"{zh}。", f"{en}."),
        changes=(),
        yuan=Decimal(0),
        year=school_year_of(due),
    )


def _ends(plan: Plan) -> Iterator[tuple[int, Unit]]:
    """Yield the plan year in which each school closes or becomes a teaching point, and the school."""
    for fate in (CLOSE, POINT):
        for k, choice in plan.question.choices_of(fate):
            first = plan.first(k)
            if first is not None:
                yield first, plan.question.units[choice.unit]


def _terms(plan: Plan) -> list[tuple[str, int, Text]]:
    """Return the parts that the shelf gives days for, the earliest first."""
    known = [(part, plan.question.terms[part], what) for part, what in _PARTS.items() if part in plan.question.terms]
    return sorted(known, key=lambda item: -item[1])
