"""What the outlook says in sentences: headlines, what the data cannot say, and how it is worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from junheng.errors import Text
from junheng.projection.school_age import SchoolAge
from junheng.workflow.foresee_series import whole
from junheng.workflow.judged import stage_label
from junheng.workflow.views.outlook import OutlookStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What an outlook rests on."""

    before: int  # the earlier count
    year: int  # the later one
    groups: tuple[tuple[int, int | None], ...]  # the first age groups of it
    registered: bool  # those registered here, not those who live here
    months: float  # of the day of the count after 1 September
    measured: bool  # migration is that between the two counts, not one that the authority wrote
    spreads: bool  # the shipped spread of births and migration
    schools: bool  # a list of schools is there
    several: bool  # counties


_PEAK = 1.02  # a peak is worth a sentence when it lies 2 % above the base year


def headlines(stages: Sequence[OutlookStage], ages: SchoolAge) -> tuple[Text, ...]:
    """Return one sentence a stage: from how many to how many, with the peak between and the band at the end."""
    return tuple(_stage(stage, ages) for stage in stages)


def _stage(stage: OutlookStage, ages: SchoolAge) -> Text:
    course = ages.middle[ages.stages.index(stage.stage)].sum(axis=1)
    top = int(np.argmax(course))
    first, last = stage.years[0], stage.years[-1]
    label = stage_label(stage.stage)
    peak = Text("", "")
    if 0 < top < len(course) - 1 and course[top] > _PEAK * course[0]:
        year, many = ages.years[top], whole(float(course[top]))
        peak = Text(f"，{year}年达到高峰{many}人", f", with a peak of {many} in {year}")
    return Text(
        f"{label.zh}（{stage.ages}岁）：{first.year}年{first.children_shown}人{peak.zh}，{last.year}年约{last.children_shown}人"
        f"（八成可能在{last.children80_shown}之间）；需学位{last.seats_shown}个，比{first.year}年{_turn(last.change_shown)}。",
        f"{label.en} (aged {stage.ages}): {first.children_shown} in {first.year}{peak.en}, about {last.children_shown} in {last.year} "
        f"(80 % band {last.children80_shown}); seats needed {last.seats_shown}, {last.change_shown} against {first.year}.",
    )


def _turn(change: str) -> str:
    """Return "+7%" as 增加7%."""
    words = {"+": "增加", "−": "减少"}
    return f"{words[change[0]]}{change[1:]}" if change[:1] in words else "持平"


def limits(read: Read) -> tuple[Text, ...]:
    """Return what these data cannot say; every sentence only where it is true of what was read."""
    return tuple(_limits(read))


def _limits(read: Read) -> Iterator[Text]:
    zh, en = (words.join(_group(first, last) for first, last in read.groups) for words in ("、", ", "))
    yield Text(
        f"普查只有5岁组（{zh}岁……），单岁人口是按出生数形状拆分的估计；分学段的基年数因此也是估计。",
        f"The census has groups of ages ({en} …); single ages, and so the base year by stage, are estimates shaped by births.",
    )
    yield _basis(read)
    yield Text(
        f"没有本地{read.year}年以后的出生数：出生按全国出生数的涨落推算，这是最大的不确定来源。"
        "请补充出生登记数（卫健、公安）和在校生数，改用 junheng foresee 预测。",
        f"There are no local births after {read.year}: births follow the nation's, the largest source of error. Supply registered births "
        "and enrolment and use junheng foresee.",
    )
    if read.schools:
        zh, en = (
            "有学校名单，没有在校生数：只能说需要多少学位，不能说缺多少。",
            "Schools are listed without pupils: need can be told, lack cannot.",
        )
        yield Text(zh, en)
    else:
        yield Text(
            "没有学校数据：不知道现有学位、班级、教师，只能说需要多少，不能说缺多少。",
            "No school is known: what is needed can be said, what is lacking cannot.",
        )
    yield Text(
        "15–17岁按在本地长大的孩子推算，不用15–19岁组的人数：那一组混有大中专学生，也少了外出求学、务工的人。高中按县域需求看，实际跨县招生。",
        "Those aged 15 to 17 are the ones who grew up here: those counted at 15-19 include students and lack those who left.",
    )
    yield from _moved_and_sure(read)
    if read.several:
        zh = "各县分别推算后相加；县与县之间的迁移按各县净迁移计。"
        yield Text(zh, "Counties are projected one by one and added; migration between them is net.")


def _group(first: int, last: int | None) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _basis(read: Read) -> Text:
    day = Text("已折算到9月1日", "taken back to 1 September") if read.months else Text("按9月1日处理", "taken as of 1 September")
    if read.registered:
        return Text(
            f"人口为户籍口径（{day.zh}）：户籍在本地而住在外地的孩子计入，随迁子女不计入，学位需求可能偏离实际。",
            f"Persons are those registered here ({day.en}): children who live elsewhere are in, those who moved here without are not.",
        )
    return Text(
        f"人口为常住口径（{day.zh}）。户籍在本地而住在外地的孩子不计入，随迁子女计入；与按户籍预测的部门数不能直接相比。",
        f"Persons are residents ({day.en}): children registered here who live elsewhere are left out.",
    )


def _moved_and_sure(read: Read) -> Iterator[Text]:
    if read.measured:
        yield Text(
            f"迁移设为{read.before}—{read.year}年的速度不变；普查漏报在各县不同，会混入迁移率。行政区划调整未作还原。",
            f"Migration goes on as from {read.before} to {read.year}; local undercount is mixed into it. "
            "Changes of boundaries were not undone.",
        )
    else:
        zh = "迁移采用本地方案文件中的假设，不是两次普查测得的。行政区划调整未作还原。"
        yield Text(zh, "Migration is that of the authority's own scenario. Changes of boundaries were not undone.")
    if read.spreads:
        yield Text(
            "区间来自模拟：出生与迁移的离散程度取自全国2484个县两次普查的差异，没有用历史预测检验过（只有两次普查），应看作数量级。",
            "Bands rest on how 2,484 counties differed between the censuses; with two censuses no past forecast could be checked.",
        )
    else:
        zh = "区间来自模拟：出生与迁移的离散程度取自本地方案文件，没有用历史预测检验过（只有两次普查），应看作数量级。"
        yield Text(zh, "Bands rest on the spreads of the authority's own scenario; with two censuses no past forecast could be checked.")


def method(read: Read, draws: int, seed: int) -> tuple[Text, ...]:
    """Return how it is worked out."""
    rate = (
        f"{read.before}年与{read.year}年同一队列之比除以全国同一队列之比，得年净迁移率；"
        if read.measured
        else "净迁移率取自本地方案文件；",
        f"a cohort's change from {read.before} to {read.year} ÷ the nation's gives net migration"
        if read.measured
        else "net migration is that of the authority's own scenario",
    )
    return (
        Text(
            f"5岁组用罚复合链接模型拆为单岁，各组合计不变；{rate[0]}逐年推算出生、存活、迁移、升龄；随机模拟{draws}次（种子{seed}）。",
            f"Groups of ages are split by the penalised composite link model with totals kept; {rate[1]}; "
            f"births, survival, migration and ageing year by year; {draws} draws (seed {seed}).",
        ),
        Text(
            "需学位＝学龄人口×入学率，每名就学儿童至少一个；班数＝需学位÷班额上限，教职工＝需学位÷师生比标准，均向上取整，是全部满额时的最低数。",
            "Seats = children × entry ratio; classes = seats ÷ class limit, staff = seats ÷ ratio, rounded up: the least possible.",
        ),
    )
