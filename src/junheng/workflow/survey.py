"""A survey of the county: whom to ask at which school, and the sheet on which answers are collected."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.ledgers import Value, open_record
from junheng.ledgers.survey import Question, drawn, quotas, sample_size
from junheng.store.ledgers import SheetColumn, write_list
from junheng.workflow.ledger_entries import entry_of
from junheng.workflow.ledgers import Doer, next_key
from junheng.workflow.survey_desk import BY, GRADE, GROUP, SCHOOL, SECONDS, SurveyDesk
from junheng.workflow.views.surveys import SurveyPlan, SurveyQuota

WAVE = "survey-wave"
YES, NO = "是", "否"


def survey_plan(folder: Path, name: str, at: datetime | None = None, seed: str = "") -> SurveyPlan:
    """Return how many are asked, by the standard or as the form says, how many at each school, and in which of its classes.

    seed: of the draw of classes, announced beforehand; the day's year when empty.

    Raises DataError when residents are not known.
    """
    return plan_of(SurveyDesk(folder, name, at), seed)


def plan_of(desk: SurveyDesk, seed: str = "") -> SurveyPlan:
    """Return the plan of an opened survey."""
    survey, sizes = desk.survey, desk.sizes
    rules = desk.room.office.rules_on(desk.room.today)
    residents: int | None = None
    if survey.each:
        each = {code: min(size, survey.each) for code, size in sizes.items()}
        wanted = sum(each.values())
        why = Text(f"每校{survey.each}人，不足的全部", f"{survey.each} at each school, all where there are fewer")
    else:
        residents = _residents(desk)
        share = float(rules.number(survey.share, unit="‰"))
        wanted = sample_size(residents, share, survey.least)
        each = quotas(wanted, sizes)
        why = Text(
            f"常住人口{residents}人的{share:g}‰，且不少于{survey.least}人", f"{share:g}‰ of {residents} residents, at least {survey.least}"
        )
    chosen = seed or str(desk.room.today.year)
    parents = {key: float(rules.number(standard, unit="%")) for key, (_, standard) in survey.groups.items() if standard}
    return SurveyPlan(
        id=survey.name,
        title=survey.title,
        name=desk.room.office.name,
        residents=residents,
        wanted=wanted,
        why=why,
        groups=tuple((survey.groups[key][0], f"{least:g}%") for key, least in parents.items()),
        seed=chosen,
        quotas=tuple(
            SurveyQuota(
                school=desk.names[code],
                code=code,
                pupils=sizes[code],
                asked=count,
                classes=tuple(drawn(chosen, code, desk.classes(code), count, survey.a_class)),
            )
            for code, count in each.items()
            if count
        ),
    )


def _residents(desk: SurveyDesk) -> int:
    county = desk.room.county
    facts = county.tables["county_facts"] if county else pl.DataFrame()
    value = facts["residents"][0] if facts.height else None
    if value is None:
        raise DataError(finding("workflow.no_residents", Place(table="county_facts", column="residents"), Text("空", "nothing")))
    return int(value)


def survey_form(folder: Path, name: str, out: Path, at: datetime | None = None) -> Path:
    """Write the sheet on which answers are collected, one person a row without a name; return its path. Raises StoreError."""
    desk = SurveyDesk(folder, name, at)
    survey = desk.survey
    columns = [
        SheetColumn(SCHOOL, "text", tuple(sorted(desk.names.values())), required=True),
        SheetColumn(GROUP, "text", tuple(label.zh for label, _ in survey.groups.values()), required=True),
    ]
    columns += [
        SheetColumn(BY[one], "text", desk.grades if BY[one] == GRADE else (), "如 5；班级如 5(2)" if one != "day" else "")
        for one in survey.by
    ]
    columns.append(SheetColumn(SECONDS, "integer", says="作答用时，由填写工具给出；纸质问卷留空"))
    columns += [_column(one) for one in survey.questions.values()]
    path = out / f"{survey.title.zh}.xlsx"
    write_list(path, survey.title.zh, columns, [], desk.room.today, _HELP)
    return path


_HELP = (
    "1. 一行一份答卷，不写姓名、学号和电话。没有回答的题留空，不要代填。",
    "2. 有下拉箭头的请从列表中选择。收回后用survey read读入，答案雷同、作答过快、与在册不符的会列出，供了解情况。",
)


def _column(one: Question) -> SheetColumn:
    if one.answers == 2:
        return SheetColumn(one.label.zh, "text", (YES, NO))
    choices = tuple(str(answer) for answer in range(one.answers, 0, -1))
    return SheetColumn(one.label.zh, "integer", choices, "5为非常满意，1为非常不满意" if choices else "整数")


def keep_wave(folder: Path, plan: SurveyPlan, opens: date, closes: date, doer: Doer, at: datetime | None = None) -> str:
    """Open a record of a wave: when it is out and how many are asked; return its number. Raises DataError or StoreError."""
    if closes < opens:
        raise DataError(finding("ledgers.ends_before_it_begins", Place(), closes.isoformat()))
    desk = SurveyDesk(folder, plan.id, at)
    kind = desk.room.ledgers.kinds[WAVE]
    values: dict[str, Value] = {"survey": plan.title.zh, "opened_on": opens, "closes_on": closes, "asked": plan.wanted}
    with desk.room.database() as database:
        key = next_key(kind, [entry.key for entry in database.entries(WAVE)], desk.room.today)
        with database.batch(actor=doer.actor, purpose=f"登记调查批次：{plan.title.zh}", at=desk.room.at) as batch:
            batch.put(entry_of(kind, open_record(kind, key, values, doer.hand, desk.room.at)))
    return key
