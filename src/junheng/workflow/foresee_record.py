"""The record of past forecasts as a view: errors, coverage and scores beside two baselines, or what is known from other places."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Literal

from junheng.documents import package_files, parse_csv
from junheng.errors import Text
from junheng.projection.backtest import Score
from junheng.projection.pooled import pooled_errors
from junheng.workflow.foresee_calibration import calibration
from junheng.workflow.foresee_series import whole
from junheng.workflow.foresee_simple_ways import against_simple_ways
from junheng.workflow.judged import stage_label, stage_order
from junheng.workflow.numbers import shown
from junheng.workflow.views.foresight import AreaKind, Backtest, ErrorRow

_AREAS: dict[str, AreaKind] = {"county": "county", "zone": "district", "school": "school"}
_POOLED = (1, 2, 3, 5, 10)
_ALL = Text("各学段", "all stages")
_EXPECTED = math.sqrt(2 / math.pi)  # mean absolute deviation of a normal distribution, in standard deviations


@cache
def published() -> tuple[tuple[Text, Text], ...]:
    """Return what others publish of their own forecasts (published_errors.csv); none of them publishes the coverage of its intervals."""
    (file,) = package_files("junheng.workflow", "published_errors.csv")
    rows = [row.values for row in parse_csv(file.text, file.name)]
    return tuple((Text(row["who_zh"], row["who_en"]), Text(row["what_zh"], row["what_en"])) for row in rows)


def record(
    scores: Sequence[Score], basis: Literal["own", "pooled"], years: Sequence[int], *, asked: bool, name_of: Callable[[str], str] = str
) -> Backtest:
    """Return the record: of the county's own past where it is long enough, else errors of other places, marked as such.

    years: the known school years. asked: whether past forecasts were to be made at all. name_of: the name of a township's code.
    """
    rows = tuple(_rows(scores, name_of)) if scores else tuple(_of_other_places())
    return Backtest(
        basis=basis,
        calibration=_joined(calibration(scores, basis), against_simple_ways(scores)),
        sentence=_sentence(scores, basis, years, asked=asked),
        rows=rows,
        published=published(),
    )


def _joined(one: Text, other: Text) -> Text:
    return Text(f"{one.zh}；{other.zh}", f"{one.en}; {other.en}") if other.zh else one


def _sentence(scores: Sequence[Score], basis: str, years: Sequence[int], *, asked: bool) -> Text:
    span = f"{years[0]}–{years[-1]}"
    if scores:
        most = max(score.horizon for score in scores)
        count = sum(score.count for score in scores if score.level == "county" and not score.grade)
        zh = (
            f"用本县{span}学年的数据回测：逐年隐去后来的数据，只用当时已知的在校生和出生数预测以后1–{most}年，再与实际比较"
            f"（全县分学段共{count}次比较），并与“沿用上年”“三年平均升级率”两种简单办法对照。"
        )
        en = (
            f"Tested on the county's own years {span}: later years were hidden, 1 to {most} years forecast from what was known then, "
            f"and compared with what came ({count} comparisons of the county by stage), beside last year's value and three-year "
            "grade progression."
        )
        if basis == "own":
            return Text(zh, en)
        return Text(
            zh + "历史较短，预测区间所用误差主要取自其他地区的汇总误差。",
            en + " The history is short: the bands rest mostly on other places' errors.",
        )
    if not asked:
        return Text(
            f"本次没有回测（已知{span}共{len(years)}个学年）。下表为其他地区的汇总误差，不是本县的预测误差。",
            f"No test was asked for (years {span}). The table below holds errors pooled from other places, not of this county.",
        )
    return Text(
        f"只有{span}共{len(years)}个学年的数据，不足以回测；预测区间采用其他地区的汇总误差，下表即该汇总误差，不是本县的预测误差。",
        f"Too short a history ({span}) to test: the bands, and the table below, are errors pooled from other places, not of this county.",
    )


def _rows(scores: Sequence[Score], name_of: Callable[[str], str]) -> Iterator[ErrorRow]:
    """Yield the county, townships and schools by stage, then every single township by stage, then the county by grade."""
    kept = [score for score in scores if not score.grade or score.level == "county"]
    order = list(_AREAS)
    for score in sorted(
        kept,
        key=lambda one: (bool(one.grade), one.area, order.index(one.level), stage_order(one.stage), _number(one.grade), one.horizon),
    ):
        if score.count:
            yield _row(score, name_of)


def _number(grade: str) -> tuple[int, str]:
    return (int(grade), "") if grade.isdecimal() else (0, grade)


def _row(score: Score, name_of: Callable[[str], str]) -> ErrorRow:
    percent, signed = (_percent, _signed) if score.count > 1 else (_nothing, _nothing)  # of one forecast there is no mean
    return ErrorRow(
        level=_AREAS[score.level],
        area=score.area,
        area_name=name_of(score.area) if score.area else "",
        stage=score.stage,
        stage_label=stage_label(score.stage),
        grade=score.grade,
        horizon=score.horizon,
        forecasts=score.count,
        mape_shown=percent(score.mape),
        bias_shown=signed(score.bias),
        cover50_shown=_within(score.cover50, score.count),
        cover80_shown=_within(score.cover80, score.count),
        wis_shown=_pupils(score.wis),
        last_value_mape_shown=percent(score.last_value_mape),
        three_year_mape_shown=percent(score.three_year_mape),
        last_value_wis_shown=_pupils(score.last_value_wis),
        three_year_wis_shown=_pupils(score.three_year_wis),
        mape=_or_none(score.mape),
        three_year_mape=_or_none(score.three_year_mape),
    )


def _of_other_places() -> Iterator[ErrorRow]:
    """Yield the mean errors that the pooled variances stand for, at each level; nothing was compared here, so forecasts is 0."""
    errors = pooled_errors()
    for level, area in _AREAS.items():
        for horizon in _POOLED:
            mean = 100 * _EXPECTED * math.sqrt(errors.total(level, horizon))
            yield ErrorRow(
                level=area,
                area="",
                area_name="",
                stage="",
                stage_label=_ALL,
                grade="",
                horizon=horizon,
                forecasts=0,
                mape_shown=_percent(mean),
                bias_shown="",
                cover50_shown="",
                cover80_shown="",
                wis_shown="",
                last_value_mape_shown="",
                three_year_mape_shown="",
                last_value_wis_shown="",
                three_year_wis_shown="",
                mape=mean,
                three_year_mape=None,
            )


def _nothing(_value: float) -> str:
    return ""


def _within(share: float, count: int) -> str:
    """Return how many outcomes lay within a band: a share, or of one single forecast whether it did."""
    return _percent(100 * share, 0) if count > 1 or math.isnan(share) else f"{round(share)}/1"


def _percent(value: float, decimals: int = 1) -> str:
    return "" if math.isnan(value) else f"{shown(value, decimals)}%"


def _signed(value: float) -> str:
    if math.isnan(value):
        return ""
    text = shown(value, 1)
    return f"{text}%".replace("-", "−") if text.startswith("-") or float(text) == 0 else f"+{text}%"


def _pupils(value: float) -> str:
    if math.isnan(value):
        return ""
    return whole(value) if value >= 10 else shown(value, 1)


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
