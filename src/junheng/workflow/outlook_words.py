"""What the outlook says in sentences: headlines, what the data cannot say, and how it is worked out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.errors import Text
from junheng.projection.school_age import SchoolAge
from junheng.workflow.foresee_series import whole
from junheng.workflow.judged import stage_label
from junheng.workflow.views.outlook import OutlookStage

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
    """Return "+7 %" as 增加7%."""
    words = {"+": "增加", "−": "减少"}
    return f"{words[change[0]]}{change[1:]}" if change[:1] in words else "持平"


def limits(year: int, several: bool) -> tuple[Text, ...]:
    """Return what these data cannot say."""
    said = [
        Text(
            "普查只有5岁组（0岁、1–4岁、5–9岁……），单岁人口是按出生数形状拆分的估计；分学段的基年数因此也是估计。",
            "The census has five-year groups; single ages, and so the base year by stage, are estimates shaped by births.",
        ),
        Text(
            "人口为常住口径（11月1日，已折算到9月1日）。户籍在本地而住在外地的孩子不计入，随迁子女计入；与按户籍预测的部门数不能直接相比。",
            "Persons are residents (of 1 November, taken back to 1 September): children registered here who live elsewhere are left out.",
        ),
        Text(
            f"没有本地{year}年以后的出生数：出生按全国出生数的涨落推算，这是最大的不确定来源。请补充卫健、公安的出生登记数后重算。",
            f"There are no local births after {year}: births follow the nation's, the largest source of error. Supply registered births.",
        ),
        Text(
            "没有学校数据：不知道现有学位、班级、教师，只能说需要多少，不能说缺多少。",
            "No school is known: what is needed can be said, what is lacking cannot.",
        ),
        Text(
            "15–17岁按在本地长大的孩子推算，不用15–19岁组的常住人数：那一组混有大中专学生，也少了外出求学、务工的人。高中按县域需求看，实际跨县招生。",
            "Those aged 15 to 17 are the ones who grew up here: the residents aged 15-19 include students and lack those who left.",
        ),
        Text(
            "迁移设为2010—2020年的速度不变；普查漏报在各县不同，会混入迁移率。行政区划调整未作还原。",
            "Migration goes on as from 2010 to 2020; local undercount is mixed into it. Changes of boundaries were not undone.",
        ),
        Text(
            "区间来自模拟：出生与迁移的离散程度取自全国2484个县两次普查的差异，没有用历史预测检验过（只有两次普查），应看作数量级。",
            "Bands rest on how 2,484 counties differed between the censuses; with two censuses no past forecast could be checked.",
        ),
    ]
    if several:
        zh = "各县分别推算后相加；县与县之间的迁移按各县净迁移计。"
        said.append(Text(zh, "Counties are projected one by one and added; migration between them is net."))
    return tuple(said)


def method(before: int, year: int, draws: int, seed: int) -> tuple[Text, ...]:
    """Return how it is worked out."""
    return (
        Text(
            f"5岁组用罚复合链接模型拆为单岁，各组合计不变；{before}年与{year}年同一队列之比除以全国同一队列之比，得年净迁移率；"
            f"逐年推算出生、存活、迁移、升龄；随机模拟{draws}次（种子{seed}）。",
            f"Five-year groups are split by the penalised composite link model with totals kept; a cohort's change from {before} to {year} "
            f"÷ the nation's gives net migration; births, survival, migration and ageing year by year; {draws} draws (seed {seed}).",
        ),
        Text(
            "需学位＝学龄人口×入学率，每名就学儿童至少一个；班数＝需学位÷班额上限，教职工＝需学位÷师生比标准，均向上取整，是全部满额时的最低数。",
            "Seats = children × entry ratio; classes = seats ÷ class limit, staff = seats ÷ ratio, rounded up: the least possible.",
        ),
    )
