"""How right forecasts would have been on real rolls, beside two simple ways and a general forecaster; early origins and late ones apart.

PYTHONPATH=src .venv/bin/python benchmarks/forecast.py --data DIR [--peer PYTHON]

DIR holds nz_rolls and ecasd_wi. PYTHON is an interpreter that has statsforecast; without it the peer's columns are left out. The method's
numbers were chosen on the early origins alone (forecast_choice.py); what counts is the late ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from forecast_data import Task, tasks
from forecast_peer import peer_quantiles
from forecast_pool import elsewhere
from measure import machine

from junheng.projection import scores
from junheng.projection.backtest import banded, simple_ways
from junheng.projection.cohort import path, steps, walk
from junheng.projection.forecast import Floats
from junheng.projection.known import known, together
from junheng.projection.measured import Errors, hindsight
from junheng.projection.method import DEFAULT
from junheng.projection.predict import around
from junheng.projection.widths import Widths

DRAWS = 400
SEED = 20261101


class Compared(NamedTuple):
    """Forecasts of one horizon: five quantiles of each way, and what was counted; one column a forecast."""

    ways: dict[str, Floats]  # name -> (5, N)
    actual: Floats  # (N,)
    early: Floats  # (N,) 1.0 where the origin is before the cut


def compared(task: Task, other: Errors, peer: Callable[[Floats, int], dict[str, Floats]]) -> dict[int, Compared]:
    """Return all forecasts of a task by horizon; every origin sees only what was known then."""
    last, reach = len(task.rolls.years) - 1, max(task.horizons)
    level = "county" if task.whole else "school"
    paths = hindsight(task.rolls, task.entrants_at, last, reach, DEFAULT)
    simple = {t: simple_ways(task.rolls, task.births_at(t), t, reach) for t in paths}
    widths = Widths(task.rolls, task.entrants_at, DEFAULT)
    rows: dict[int, list[tuple[dict[str, Floats], Floats, bool]]] = {h: [] for h in task.horizons}
    for t in (t for t in task.origins if t in paths):
        _, errors, _ = widths.at(t, other)
        drawn = around(task.rolls, paths[t][: min(reach, last - t)], task.entrants_at(t), errors, DRAWS, SEED)
        bands = drawn.county_bands[:, :, None] if task.whole else drawn.bands
        history = task.rolls.pupils[: t + 1].sum(axis=1, keepdims=True) if task.whole else task.rolls.pupils[: t + 1]
        others = peer(history, reach)
        for h in (h for h in task.horizons if t + h <= last and np.isfinite(task.rolls.pupils[t + h]).any()):
            actual = _asked(task, task.rolls.pupils[t + h], task.rolls.pupils[t])
            ways = {"ours": bands[:, h - 1].astype(float)}
            for which, name in ((1, "three-year mean"), (0, "last value")):
                past = {o: both[level][which] for o, both in simple.items()}
                ways[name] = banded(task.rolls, level, t, h, past)[..., : len(task.rolls.grades)]
            ways |= {name: quantiles[:, h - 1] for name, quantiles in others.items()}
            grades = task.grades(h)
            flat = {name: way[..., grades].reshape(5, -1) for name, way in ways.items()}
            rows[h].append((flat, actual[:, grades].ravel(), t < task.cut))
    return {h: _joined(found) for h, found in rows.items()}


def _asked(task: Task, counted: Floats, origin: Floats) -> Floats:
    """Return what was counted, nan for schools that were not there at both ends: a forecast knows nothing of decisions to come."""
    if task.whole:
        return counted.sum(axis=0, keepdims=True)
    there = (np.nansum(counted, axis=1) > 0) & (np.nansum(origin, axis=1) > 0)
    return np.where(there[:, None], counted, np.nan)


def _joined(found: list[tuple[dict[str, Floats], Floats, bool]]) -> Compared:
    names = found[0][0]
    return Compared(
        {name: np.concatenate([ways[name] for ways, _, _ in found], axis=1) for name in names},
        np.concatenate([actual for _, actual, _ in found]),
        np.concatenate([np.full(len(actual), float(early)) for _, actual, early in found]),
    )


def lines(task: Task, result: dict[int, Compared]) -> Iterable[str]:
    """Return the table of a task: MAPE of each way, coverage and WIS of ours, early and late and together."""
    names = list(result[task.horizons[0]].ways)
    yield f"\n{task.title}: origins {task.rolls.years[task.origins[0]]}-{task.rolls.years[task.origins[-1]]}"
    yield f"{'':<22}" + "".join(f"{name:>17}" for name in names) + "   cover50 cover80    WIS   against three-year mean: MAPE   WIS"
    for h, one in result.items():
        for part, keep in (("early", one.early > 0), ("late", one.early == 0), ("all", one.early >= 0)):
            if keep.any():
                yield _line(h, part, names, one, keep)


def _line(h: int, part: str, names: list[str], one: Compared, keep: Floats) -> str:
    actual = one.actual[keep]
    errors = {name: scores.mape(one.ways[name][2, keep], actual) for name in names}
    low80, low50, _, high50, high80 = one.ways["ours"][:, keep]
    inside = [scores.coverage(low, high, actual) for low, high in ((low50, high50), (low80, high80))]
    wis = {name: scores.wis(one.ways[name][:, keep], actual) for name in names}
    gain = 100 * (1 - errors["ours"] / errors["three-year mean"]), 100 * (1 - wis["ours"] / wis["three-year mean"])
    every = "".join(f"{errors[name]:>15.2f} %" for name in names)
    return f"  {h:>2} years, {part:<9}{every}   {inside[0]:7.2f} {inside[1]:7.2f} {wis['ours']:6.1f}   {gain[0]:+27.0f} % {gain[1]:+4.0f} %"


def whole_against_parts(task: Task) -> str:
    """Return the error of the county's total of each grade: forecast alone, as a sum of schools, and after both are reconciled."""
    errors: dict[str, list[Floats]] = {"alone": [], "sum of schools": [], "reconciled": []}
    for t in task.origins:
        reach = min(max(task.horizons), len(task.rolls.years) - 1 - t)
        data = known(task.rolls, task.entrants_at(t), t, reach)
        county = together(data)
        ways = {
            "alone": walk(county, steps(county, reach, DEFAULT), reach)[:, 0],
            "sum of schools": walk(data, steps(data, reach, DEFAULT), reach).sum(axis=1),
            "reconciled": path(data, reach).sum(axis=1),
        }
        actual = task.rolls.pupils[t + 1 : t + 1 + reach].sum(axis=1)
        for name, way in ways.items():
            errors[name].append(np.abs(way / actual - 1).ravel())
    shown = ", ".join(f"{name} {100 * np.nanmean(np.concatenate(found)):.2f} %" for name, found in errors.items())
    return f"  total of each grade, mean over 1 to {max(task.horizons)} years: {shown}"


def main() -> None:
    """Print every table."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    ask.add_argument("--peer", type=Path, help="a Python interpreter that has statsforecast")
    ask.add_argument("--only", default="", help="part of a task's title")
    ask.add_argument("--arima", type=int, default=20, help="most series of one origin for which an ARIMA is searched")
    options = ask.parse_args()
    print(machine())
    peer = peer_quantiles(options.peer, options.arima)
    every = tasks(options.data)
    for task in (task for task in every if options.only in task.title):
        result = compared(task, elsewhere(task.title, every), peer)
        print("\n".join(lines(task, result)), flush=True)
        if task.whole:
            print(whole_against_parts(task))


if __name__ == "__main__":
    main()
