"""How far forecasts were right: past years are hidden, forecast, and compared with what was counted, beside two baselines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from junheng.projection import baselines, scores
from junheng.projection.forecast import LEVELS, Entrants, Floats, Forecast, Rolls
from junheng.projection.known import Known, by_zone, known, together
from junheng.projection.measured import LEAST_YEARS
from junheng.projection.method import DEFAULT, Method
from junheng.projection.predict import SEED, forecast, stage_index
from junheng.projection.shrink import grouped
from junheng.projection.widths import Widths

Level = Literal["county", "zone", "school"]
LEVELS_OF_AREA: tuple[Level, ...] = ("county", "zone", "school")
_SPREAD = (-1.2816, -0.6745, 0.0, 0.6745, 1.2816)  # the standard normal distribution at LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How forecasts of one level, stage, grade and horizon turned out, beside the two baselines. Shares are 0..1, MAPE and bias in %."""

    level: Level
    stage: str
    grade: str  # "" for the whole stage
    horizon: int  # years ahead
    count: int  # how many forecasts were compared
    mape: float
    bias: float
    cover50: float
    cover80: float
    wis: float  # pupils
    last_value_mape: float
    last_value_wis: float
    three_year_mape: float
    three_year_wis: float
    area: str = ""  # the zone, of a single one; "" for all areas of the level together


class Outcome(NamedTuple):
    """One origin and horizon at one level: five quantiles of ours and of each baseline, and what was counted; each (…, units, columns)."""

    ours: Floats  # (5, N, C)
    middle: Floats  # (N, C)
    last: Floats  # (5, N, C)
    three: Floats  # (5, N, C)
    actual: Floats  # (N, C)


def backtest(
    rolls: Rolls,
    entrants_at: Callable[[int], Entrants | None],
    *,
    horizon: int = 10,
    draws: int = 500,
    seed: int = SEED,
    method: Method = DEFAULT,
    origins: range | None = None,
    each_zone: bool = False,
    progress: Callable[[float], None] | None = None,
) -> list[Score]:
    """Return scores by level, stage, grade and horizon over all origins (year indices), each forecast from what was known then.

    entrants_at: the children known and ahead as they stood at an origin's year index. What is tested is what `forecast` returns
    at that origin, bands and all; they rest on errors of earlier origins only, and so do those of the baselines. Empty where the history
    is too short for any forecast. each_zone: whole stages of every single zone are scored besides, behind all others.
    """
    last = len(rolls.years) - 1
    able = [t for t in range(LEAST_YEARS - 1, last) if np.isfinite(rolls.pupils[t]).any()]
    simple = {t: simple_ways(rolls, entrants_at(t), t, horizon) for t in able}
    tested = [t for t in able if t in (origins or range(LEAST_YEARS, last))]
    widths = Widths(rolls, entrants_at, method)
    errors = {t: widths.at(t) for t in reversed(tested)}  # the latest first: its past forecasts serve the others
    outcomes: dict[tuple[Level, int], list[Outcome]] = {}
    for done, t in enumerate(tested):
        reach = min(horizon, last - t)
        then = replace(rolls, years=rolls.years[: t + 1], pupils=rolls.pupils[: t + 1])
        made = forecast(then, entrants_at(t), horizon=reach, draws=draws, seed=seed, method=method, errors=errors[t])
        for level in LEVELS_OF_AREA:
            for h in range(1, reach + 1):
                one = _outcome(rolls, level, t, h, made, simple)
                if np.isfinite(one.actual).any():
                    outcomes.setdefault((level, h), []).append(one)
        if progress is not None:
            progress((done + 1) / len(tested))
    made_of = sorted(outcomes.items())
    scored = [score for (level, h), found in made_of for score in _scores(rolls, level, h, found)]
    if each_zone and rolls.zones[1:]:
        scored += [score for (level, h), found in made_of if level == "zone" for score in _of_single_zones(rolls, h, found)]
    return scored


def simple_ways(rolls: Rolls, entrants: Entrants | None, t: int, horizon: int) -> dict[Level, tuple[Floats, Floats]]:
    """Return both baselines (H, N, G) at each level, each worked out on that level's own totals, as an office would."""
    data = known(rolls, entrants, t, horizon)
    at: dict[Level, Known] = {"county": together(data), "zone": by_zone(data), "school": data}
    return {level: (baselines.last_value(one, horizon), baselines.three_year_mean(one, horizon)) for level, one in at.items()}


def columns(rolls: Rolls, level: Level, values: Floats) -> Floats:
    """Return (…, N, C) at a level: each grade, then each stage; values: (…, U, G). A sum with an unknown part is unknown."""
    if level == "county":
        values = values.sum(axis=-2, keepdims=True)
    elif level == "zone":
        values = np.swapaxes(grouped(np.swapaxes(values, -1, -2), rolls.zone, len(rolls.zones)), -1, -2)
    return staged(rolls, values)


def staged(rolls: Rolls, values: Floats) -> Floats:
    """Return values (…, G) with the sum of each stage behind them."""
    stages, index = stage_index(rolls)
    by_stage = [values[..., index == stage].sum(axis=-1) for stage in range(len(stages))]
    return np.concatenate([values, np.stack(by_stage, axis=-1)], axis=-1)


def _outcome(rolls: Rolls, level: Level, t: int, h: int, made: Forecast, simple: dict[int, dict[Level, tuple[Floats, Floats]]]) -> Outcome:
    by_grade = {"county": made.county_bands[:, :, None], "zone": made.zone_bands, "school": made.bands}[level][:, h - 1]
    stage_draws = made.draws[:, h - 1].astype(np.float64)
    if level == "county":
        stage_draws = stage_draws.sum(axis=1, keepdims=True)
    elif level == "zone":
        stage_draws = np.swapaxes(grouped(np.swapaxes(stage_draws, 1, 2), rolls.zone, len(rolls.zones)), 1, 2)
    ours = np.concatenate([by_grade.astype(np.float64), np.quantile(stage_draws, LEVELS, axis=0)], axis=-1)
    last, three = (banded(rolls, level, t, h, {o: both[level][which] for o, both in simple.items()}) for which in (0, 1))
    return Outcome(
        ours, columns(rolls, level, made.middle[h - 1].astype(np.float64)), last, three, columns(rolls, level, rolls.pupils[t + h])
    )


def banded(rolls: Rolls, level: Level, t: int, h: int, paths: dict[int, Floats]) -> Floats:
    """Return a baseline with bands from its own past relative errors at this horizon; a shorter one stretched where there is none."""
    middle = staged(rolls, paths[t][h - 1])
    for shorter in range(h, 0, -1):
        past = [o for o in paths if o < t and o + shorter <= t]
        pairs = [(staged(rolls, paths[o][shorter - 1]), columns(rolls, level, rolls.pupils[o + shorter])) for o in past]
        errors = [np.log((came + 0.5) / (foreseen + 0.5))[np.isfinite(came) & (foreseen > 0)] for foreseen, came in pairs]
        pooled = np.concatenate(errors) if errors else np.zeros(0)
        if pooled.size >= 2:
            stretched = np.quantile(pooled, LEVELS) * np.sqrt(h / shorter)
            return np.asarray(middle[None] * np.exp(stretched - stretched[2])[:, None, None], np.float64)
    noise = np.array(_SPREAD)[:, None, None] * np.sqrt(np.maximum(middle, 0.0) * h)
    result: Floats = np.maximum(middle[None] + noise, 0.0)
    return result


def _scores(rolls: Rolls, level: Level, h: int, found: list[Outcome]) -> list[Score]:
    stages, _ = stage_index(rolls)
    names = [*rolls.grades, *((stage, "") for stage in stages)]
    together = Outcome(*(np.concatenate([getattr(one, name) for one in found], axis=-2) for name in Outcome._fields))
    whole = len(rolls.grades) == len(stages)
    return [
        _score(level, stage, grade, h, Outcome(*(part[..., column] for part in together)))
        for column, (stage, grade) in enumerate(names)
        if not (whole and grade)  # a stage that is not split by grade is one column
    ]


def _of_single_zones(rolls: Rolls, h: int, found: list[Outcome]) -> list[Score]:
    """Return the scores of whole stages zone by zone: pooled, a large township hides a small one."""
    stages, _ = stage_index(rolls)
    together = Outcome(*(np.stack([getattr(one, name) for one in found], axis=-1) for name in Outcome._fields))  # (…, N, C, origins)
    return [
        replace(score, area=zone)
        for at, zone in enumerate(rolls.zones)
        for column, stage in enumerate(stages, start=-len(stages))
        if (score := _score("zone", stage, "", h, Outcome(*(part[..., at, column, :] for part in together)))).count
    ]


def _score(level: Level, stage: str, grade: str, h: int, one: Outcome) -> Score:
    low80, low50, _, high50, high80 = one.ours
    there = np.isfinite(one.actual) & ((one.actual > 0) | (one.middle > 0))
    actual = np.where(there, one.actual, np.nan)
    return Score(
        level=level,
        stage=stage,
        grade=grade,
        horizon=h,
        count=int(there.sum()),
        mape=scores.mape(one.middle, actual),
        bias=scores.bias(one.middle, actual),
        cover50=scores.coverage(low50, high50, actual),
        cover80=scores.coverage(low80, high80, actual),
        wis=scores.wis(one.ours, actual),
        last_value_mape=scores.mape(one.last[2], actual),
        last_value_wis=scores.wis(one.last, actual),
        three_year_mape=scores.mape(one.three[2], actual),
        three_year_wis=scores.wis(one.three, actual),
    )
