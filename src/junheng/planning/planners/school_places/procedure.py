"""What comes before a school closes or becomes a teaching point, with the latest days: the parts are those of the state's papers.

How many days before stands on the shelf of standards (`assumed.closing.days`): the papers name the parts and no days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from junheng.errors import Text
from junheng.model.period import school_year_of, statistics_day
from junheng.planning.planners.school_places.choose import Plan
from junheng.planning.planners.school_places.question import CLOSE, POINT, Choice, Unit
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


_WHAT = {
    "plan": Text(
        "写明理由、学生去向、路程和交通、寄宿、教师安排和校舍处置",
        "it says why, where pupils go, how far and by what means, who boards, and what becomes of teachers and buildings",
    ),
    "appraisal": Text(
        "论证是否必要、路上是否安全、接收学校是否容得下", "whether it is needed, the way is safe, and the receiving school has room"
    ),
    "hearing": Text("多数家长或听证会代表反对的，不强行撤并", "where most parents or most at the hearing are against it, it is not forced"),
    "notice": Text("公示期满、意见都有答复再报批", "approval is asked for when the time is over and every comment was answered"),
    "approval": Text("批准文号记入学校变动表", "the number of the approval goes into the table of changes of schools"),
    "receiving": Text("没有准备到位，不停办", "until they are ready nothing closes"),
    "families": Text("每户签收转入学校、报到日期和乘车或寄宿安排", "each signs for the school, the day, and the bus or the boarding"),
}


def table(plan: Plan) -> pl.DataFrame:
    """Return what must come before closures, with the latest day, said once for all schools of a year: year, by, what, schools."""
    rows: list[tuple[str, date, str, str, str | None]] = []
    for first, units in _closing(plan):
        end, names = statistics_day(plan.question.years[first]), "、".join(unit.name for unit in units)
        terms = [(str(end.year), end - timedelta(days=days), *what) for _, days, what in _terms(plan)]
        terms.append((str(end.year), end, *_END))
        rows += [(*term, None if place else names) for place, term in enumerate(terms)]  # the schools are said once
    schema = {"year": pl.String, "by": pl.Date, "what_zh": pl.String, "what_en": pl.String, "schools": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("year", "by")


def steps(plan: Plan, today: date) -> Iterator[tuple[int, Step]]:
    """Yield the days of each part, counted from the first of all, and its step; schools of one year go together. Nothing is changed."""
    for first, units in _closing(plan):
        end = statistics_day(plan.question.years[first])
        said = plan.question.begin is not None
        for place, (part, days, what) in enumerate(_terms(plan)):
            yield (
                (end - timedelta(days=days)).toordinal(),
                _step(units, end, (part, days, what), today, is_first=not place, said=said),
            )


def in_time(choices: Sequence[Choice], years: Sequence[int], terms: Mapping[str, int], begin: date | None) -> Iterator[Choice]:
    """Yield what may be done: nothing before the day `begin`, closures and teaching points only when the procedure can be begun in time.

    What has no such year among those planned is left out. begin: None, any year will do.
    """
    for choice in choices:
        ahead = timedelta(days=max(terms.values(), default=0) if choice.fate in (CLOSE, POINT) else 0)
        lawful = (t for t, year in enumerate(years) if begin is None or statistics_day(year) - ahead >= begin)
        first = next(lawful, None)
        if first is not None:
            yield choice._replace(first=max(choice.first, first))


def _closing(plan: Plan) -> list[tuple[int, list[Unit]]]:
    """Return the schools that close or become teaching points, by plan year."""
    closing: dict[int, list[Unit]] = {}
    for first, unit in _ends(plan):
        closing.setdefault(first, []).append(unit)
    return sorted(closing.items(), key=lambda item: item[0])


def _step(units: list[Unit], end: date, term: tuple[str, int, Text], today: date, *, is_first: bool, said: bool) -> Step:
    part, days, what = term
    due = end - timedelta(days=days)
    names = [unit.name for unit in units]
    few = Text("、".join(names), ", ".join(names))
    if len(names) > _NAMED:
        few = Text(f"{'、'.join(names[:2])}等{len(names)}所", f"{', '.join(names[:2])} and {len(names) - 2} more")
    when = Text(f"{due.year}年{due.month}月{due.day}日前", f"by {due.isoformat()}")
    zh, en = f"{_WHAT[part].zh}（提前{days}天）", f"{days} days before: {_WHAT[part].en}"
    if is_first:  # said once, for all that follow
        zh = f"{'、'.join(names)}自{end.year}年9月起撤并或改为教学点，此前各项是程序，不改动数据；{zh}"
        en = f"The change comes in September {end.year}; what comes before is procedure and changes no table. {en}"
    if is_first and not said:
        zh = f"{zh}；任务书没有说今天是哪天，日期按{today.year}学年起点推算，已经过去的须重排：用 --option today=年-月-日 再问一次"
        en = f"{en}. The brief does not say what day it is: days count from {today.isoformat()}; ask again with --option today=YYYY-MM-DD"
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
