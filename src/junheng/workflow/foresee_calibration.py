"""How far the bands of a forecast have held in the past, in one sentence to stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Literal

from junheng.errors import Text
from junheng.projection.backtest import Score
from junheng.workflow.judged import stage_label, stage_order

_WITHIN = 0.8  # what an 80 % band is to hold
_CHANCE = 0.05  # so few hits come of chance less often than this: the band is called too narrow

POOLED = Text("误差取自汇总资料，不是本县自己的回测", "errors pooled from other places, not a back-test of this county")


def calibration(scores: Sequence[Score], basis: Literal["own", "pooled"]) -> Text:
    """Return whose errors the bands rest on and, where past forecasts were tested, whether outcomes fell within them; no full stop."""
    if basis == "pooled":
        return POOLED
    ours = Text("误差带取自本县自己历次预测的误差", "bands rest on the errors of this county's own past forecasts")
    tested = [score for score in scores if score.level == "county" and not score.grade and score.count]
    if not tested:
        return Text(f"{ours.zh}，本次没有回测，带是否够宽未经检验", f"{ours.en}; whether they are wide enough was not tested this time")
    missed = [score for score in tested if _too_narrow(score)]
    if missed:
        zh, en = _named(missed)
        return Text(
            f"{ours.zh}；但回测中{zh}落在80%区间内的明显不到八成，这些区间偏窄，应看得更宽",
            f"{ours.en}, but in the back-test clearly fewer than eight in ten fell within the 80 % band for {en}: "
            "take these bands as too narrow",
        )
    hits, count = sum(map(_hits, tested)), sum(score.count for score in tested)
    return Text(
        f"{ours.zh}；回测中全县分学段{count}次比较有{hits}次落在80%区间内",
        f"{ours.en}; in the back-test {hits} of {count} comparisons of the county by stage fell within the 80 % band",
    )


def _hits(score: Score) -> int:
    return round(score.cover80 * score.count)


def _too_narrow(score: Score) -> bool:
    """Return whether so few outcomes within the band would be rare if it held eight in ten (binomial, one-sided)."""
    tail = sum(comb(score.count, k) * _WITHIN**k * (1 - _WITHIN) ** (score.count - k) for k in range(_hits(score) + 1))
    return tail < _CHANCE


def _named(scores: Sequence[Score]) -> tuple[str, str]:
    """Return stages with the years ahead: 学前（提前3、4年）."""
    years: dict[str, list[int]] = {}
    for score in sorted(scores, key=lambda one: (stage_order(one.stage), one.horizon)):
        years.setdefault(score.stage, []).append(score.horizon)
    zh = [f"{stage_label(stage).zh}（提前{'、'.join(map(str, ahead))}年）" for stage, ahead in years.items()]
    en = [f"{stage_label(stage).en.lower()} ({', '.join(map(str, ahead))} years ahead)" for stage, ahead in years.items()]
    return "、".join(zh), "; ".join(en)
