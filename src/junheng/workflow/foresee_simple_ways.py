"""Where a simple way forecast the county's past better than this one did, and how often it was tried, in a sentence beside the bands."""

from __future__ import annotations

import math
from collections.abc import Sequence

from junheng.errors import Text
from junheng.projection.backtest import Score
from junheng.workflow.judged import stage_label, stage_order
from junheng.workflow.numbers import shown

_FEW = 5  # forecasts one year ahead below which shares and means are for orientation only
_LEAST = 2  # one single forecast is right or wrong: there is no mean, and no way is better in it


def against_simple_ways(scores: Sequence[Score]) -> Text:
    """Return where a simple way had the smaller mean error on the county's past, and whether tests were few; no full stop, "" untested."""
    tested = [one for one in scores if one.level == "county" and not one.grade and one.count]
    if not tested:
        return Text("", "")
    parts = [_few(max(one.count for one in tested)), _better([one for one in tested if simple_way_is_nearer(one)])]
    told = [one for one in parts if one.zh]
    return Text("；".join(one.zh for one in told), "; ".join(one.en for one in told))


def _few(origins: int) -> Text:
    if origins >= _FEW:
        return Text("", "")
    return Text(
        f"回测最多只有{origins}个起点年，次数少，只供参考",
        f"the past was forecast from {origins} year(s) at most: take that as a hint",
    )


def _better(scores: Sequence[Score]) -> Text:
    if not scores:
        return Text(
            "各学段、各年数的平均误差都不大于两种简单办法（三年平均升级率、沿用上年）",
            "in no stage was a simple way (three-year ratios, last value) nearer on average",
        )
    ahead: dict[str, list[int]] = {}
    for one in sorted(scores, key=lambda one: (stage_order(one.stage), one.horizon)):
        ahead.setdefault(one.stage, []).append(one.horizon)
    zh = "、".join(f"{stage_label(stage).zh}（提前{years(its)}年）" for stage, its in ahead.items())
    en = "; ".join(f"{stage_label(stage).en.lower()} ({years(its, ', ')} years ahead)" for stage, its in ahead.items())
    return Text(
        f"{zh}用简单办法（三年平均升级率或沿用上年）平均误差更小，请对照回测表使用",
        f"a simple way (three-year ratios or last value) was nearer on average for {en}: read these beside the table of past forecasts",
    )


def simple_way_is_nearer(one: Score) -> bool:
    """Return whether one of the two simple ways had the smaller mean error, at the decimal that is printed."""
    theirs = [float(shown(value, 1)) for value in (one.three_year_mape, one.last_value_mape) if not math.isnan(value)]
    return one.count >= _LEAST and not math.isnan(one.mape) and any(value < float(shown(one.mape, 1)) for value in theirs)


def years(ahead: Sequence[int], between: str = "、") -> str:
    """Return rising numbers of years in short, three or more in a row with a dash: 1–3、5."""
    runs: list[list[int]] = []
    for year in ahead:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return between.join(part for run in runs for part in ([f"{run[0]}–{run[-1]}"] if run[2:] else map(str, run)))
