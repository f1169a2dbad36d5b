"""What the data of a county cannot say, and how its forecast was worked out, in paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from junheng.errors import Text
from junheng.model import allowed
from junheng.projection.assumptions import ALL, Assumptions, kinds
from junheng.projection.assumptions import Assumption as Assumed
from junheng.projection.forecast import Forecast
from junheng.workflow.foresee_first import foreknown, not_in_force
from junheng.workflow.foresee_forecast import Outlook
from junheng.workflow.foresee_inputs import Inputs
from junheng.workflow.judged import stage_label
from junheng.workflow.limits import source_view, unit_label
from junheng.workflow.numbers import plainly
from junheng.workflow.views import Source
from junheng.workflow.views.foresight import Assumption

_WEAK = ("A", "M")  # assumed by us, or from memory
_MOST = 6  # values of one assumption that are printed


def limits(inputs: Inputs, worked: Outlook) -> tuple[Text, ...]:
    """Return what these data cannot say, each as a sentence."""
    return tuple(_limits(inputs, worked))


def _limits(inputs: Inputs, worked: Outlook) -> Iterator[Text]:
    county = inputs.county
    if inputs.office.authority.compare_on is not None:
        yield not_in_force(inputs)
    known_later = foreknown(inputs, worked.assumptions)
    if known_later.zh:
        yield known_later
    if any(forecast.basis == "pooled" for forecast in worked.forecasts):
        count = len(inputs.counties)
        yield Text(
            f"只有{count}个学年的在校生数，预测误差主要取自其他地区的汇总误差，不是本县的记录。",
            f"Enrolment of {count} year(s) only: errors are mostly those of other places, not this county's record.",
        )
    if worked.path is None:
        yield Text(
            "没有可用的出生数和分年龄人口数：今后的新生按最近几年的新生人数沿用，不反映出生变化。",
            "Neither births nor population by age: entrants ahead repeat those of the last years and know nothing of births.",
        )
    else:
        yield from _unborn(inputs, worked)
    if not county.tables["housing"].height:
        yield Text(
            "没有新建住房（套数、竣工年份）数据，新小区带来的学生未计入。",
            "No table of new housing: children who move into it are not counted.",
        )
    yield Text(
        "乡镇（街道）的需求按学校所在地统计，不是按户籍或居住地；跨乡镇就读按现状延续。",
        "Need of a township is that of the schools in it, not of the children who live there; moves to other townships go on as today.",
    )
    yield Text(
        "今后的撤并、新办和招生范围调整，只有已登记在学校变动表、建设项目表中的才计入。",
        "Closures, openings and changes of zones ahead count only where they are registered as changes or projects.",
    )
    yield from _left_out(inputs, worked.forecasts)
    weak = [one.title for one in worked.assumptions.items.values() if one.confidence.split()[0] in _WEAK]
    if weak:
        zh, en = "、".join(one.zh for one in weak[:_MOST]), ", ".join(one.en for one in weak[:_MOST])
        more = len(weak) > _MOST
        yield Text(
            f"方案中{len(weak)}项为示意值或凭记忆录入，尚待用户用本地数据或原件替换：{zh}{'等' if more else ''}，见工作簿“方案与假设”。",
            f"{len(weak)} assumptions are illustrative or from memory, to be replaced: {en}{' …' if more else ''}; see the workbook.",
        )


def _unborn(inputs: Inputs, worked: Outlook) -> Iterator[Text]:
    """Yield from which year on those who enter a stage are born after the last births that are known."""
    calendar = [year for county in inputs.counties for year in county.tables["births"]["calendar_year"].unique()]
    last = max([inputs.year, *calendar])
    for stage in worked.children:
        first = last + round(worked.assumptions.number("entry_age", stage)) + 1
        if worked.forecasts[0].years[-1] >= first:
            name = stage_label(stage)
            yield Text(
                f"{first}年及以后进入{name.zh}的儿童出生在{last}年8月以后，出生数尚不知道，其人数取决于方案假设的出生水平。",
                f"Who enters {name.en.lower()} in {first} or later is born after August {last}: not counted yet, the scenario decides.",
            )


def _left_out(inputs: Inputs, forecasts: Sequence[Forecast]) -> Iterator[Text]:
    covered = {stage for forecast in forecasts for stage in forecast.stages}
    rows = inputs.county.tables["enrolment"].filter(~pl.col("stage").is_in(list(covered)) & (pl.col("pupils") > 0))
    for stage in rows["stage"].unique(maintain_order=True):
        name = stage_label(stage)
        yield Text(f"{name.zh}没有预测，推算年度的县域数据沿用现状。", f"{name.en} is not forecast; a projected year keeps today's number.")


def method(draws: int, beside: int, horizon: int, seed: int) -> tuple[Text, ...]:
    """Return how it was worked out, a paragraph a part; beside: the draws of the other scenarios."""
    return (
        Text(
            "人口：由出生数（按8月31日截止折算到入学年份）、存活率、净迁移、新建住房和区域内迁移，逐年推算各乡镇（街道）分年龄、性别的人口；"
            "每个孩子或出生、或迁入迁出、或长大一岁，收支逐年平衡。",
            "Population: births (by the cut-off of 31 August), survival, net migration, new housing and moves within the county give each "
            "township's people by age and sex; every child is born, moves, leaves or grows a year older, and the sums balance.",
        ),
        Text(
            "在校生：起始年级新生等于适龄儿童乘以入学比；其余年级由上一年级按升级比推算，毕业年级按升学比进入下一学段。"
            "人数少的学校和年级，其比率向所在乡镇和全县的比率靠拢，人数越少靠得越多；各校之和与全县预测一致。",
            "Pupils: entrants are the children of the age times the entry ratio; every other grade follows from the grade before by its "
            "progression ratio. Ratios of small schools lean on those of their township and county, the smaller the more; "
            "schools add up to the county's own forecast.",
        ),
        Text(
            f"区间：第一方案{draws:,}次模拟，其他方案各{beside:,}次（随机种子{seed}），其离散程度取自同样提前年数的历史预测误差，并包括人数少带来的随机波动、尚未出生者的出生水平"
            f"和迁移的不确定性。80%区间按方法应有八成的结果落在其中，过去实际落在其中的次数见回测；区间不包括方案之间的差别。预测到{horizon}年后。",
            f"Bands: {draws:,} draws, {beside:,} for the other scenarios (seed {seed}), as wide as past forecasts were wrong at the same "
            "distance, with the noise of small counts, uncertain births and migration. By the method eight in ten outcomes lie within "
            "the 80 % band (the back-test says how many did), which does not cover the difference between scenarios. "
            f"The forecast reaches {horizon} years.",
        ),
        Text(
            "学位：教室数乘以班额标准，不低于申报的学位数，核定的例外按例外计；建设项目的学位自投用后的第一个9月1日起计入，没有投用日期的不计入。"
            "缺口概率是模拟中需求超过学位的比例，预警等级的界限见所引标准。",
            "Places: rooms times the class limit, not less than the places declared, exceptions as set; a project counts from the first "
            "1 September that finds it in use, without a date never. The probability of a shortage is the share of draws in which need "
            "exceeds places; levels follow the standards cited.",
        ),
        Text(
            "方案（中、高、低等）是有出处的假设，不是区间；每个方案各有自己的区间。",
            "Scenarios (middle, high, low …) are named assumptions, not bands; each has bands of its own.",
        ),
    )


def assumption_views(assumptions: Assumptions) -> tuple[Assumption, ...]:
    """Return every assumption of a scenario with its values in short, its source and its note."""
    return tuple(
        Assumption(
            id=one.id,
            title=one.title,
            shown=_values(one),
            unit=unit_label(one.unit),
            source=assumption_source(one),
            note=one.note or Text("", ""),
        )
        for one in assumptions.items.values()
    )


def assumption_source(one: Assumed) -> Source:
    """Return the document behind an assumption."""
    return source_view(one.document, one.source, since=None, confidence=one.confidence, reviewed=one.reviewed)


def _values(one: Assumed) -> str:
    """Return the values in short: one number as it is, else key: value, at most a few with the first and the last."""
    chosen = kinds()[one.id].by
    words = {"type": "housing_type", "stage": "stage", "sex": "sex"}
    labels = allowed(words[chosen]) if chosen in words else {}
    parts = []
    for selector, values in one.values.items():
        pairs = [f"{key}：{plainly(value)}" if len(values) > 1 or key else plainly(value) for key, value in values.items()]
        listed = "，".join(pairs if len(pairs) <= _MOST else [*pairs[: _MOST - 2], "…", pairs[-1]])
        parts.append(listed if selector == ALL else f"{labels[selector].zh if selector in labels else selector} {listed}")
    return "；".join(parts)
