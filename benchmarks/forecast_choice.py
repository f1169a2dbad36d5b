"""Which way of forecasting, and with which numbers: candidates on early and late origins, and the search on early ones alone.

PYTHONPATH=src .venv/bin/python benchmarks/forecast_choice.py --data DIR [--search 900]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from forecast_data import Task, nobody, tasks
from forecast_state import direct, state_space

from junheng.projection.baselines import last_value, three_year_mean
from junheng.projection.cohort import path
from junheng.projection.forecast import Floats
from junheng.projection.known import Known, known, together
from junheng.projection.method import DEFAULT, Method

Way = Callable[[Known, int], Floats]
SEED = 20261101
BOUNDS = {  # of the search; `log`: even in the logarithm
    "grade_memory": (0.5, 1.0),
    "unit_memory": (0.4, 1.0),
    "unit_lean": ("log", 0.3, 300.0),
    "unit_fades": (0.3, 1.0),
    "cell_memory": (0.6, 1.0),
    "cell_lean": ("log", 0.1, 10.0),
    "zone_memory": (0.3, 0.98),
    "share_memory": (0.1, 0.9),
    "usual_memory": (0.3, 0.98),
    "pull": (0.0, 1.0),
    "entry_memory": (0.3, 0.98),
    "smooth": (0.0, 0.35),
}


def ours(method: Method) -> Way:
    """Return the library's way with these numbers."""
    return lambda data, horizon: path(data, horizon, method)


def blended(one: Way, two: Way) -> Way:
    """Return the geometric mean of two ways."""
    return lambda data, horizon: np.sqrt(one(data, horizon) * two(data, horizon))


def candidates() -> dict[str, Way]:
    """Return the ways that are compared."""
    chosen = ours(DEFAULT)
    return {
        "last value": last_value,
        "three-year mean": three_year_mean,
        "ratios over several years at once": direct,
        "state space, common year effect": state_space,
        "progression, nothing pooled": ours(replace(DEFAULT, unit_lean=1e-3, cell_lean=1e-3, pull=0.0, smooth=0.0)),
        "progression, all pooled": ours(replace(DEFAULT, unit_lean=1e6, cell_lean=1e6, pull=0.0, smooth=0.0)),
        "progression with shrinkage": ours(replace(DEFAULT, pull=0.0, smooth=0.0)),
        "the same, last count smoothed": ours(replace(DEFAULT, pull=0.0)),
        "the same, and usual shares (chosen)": chosen,
        "ensemble: chosen and three-year mean": blended(chosen, three_year_mean),
        "ensemble: chosen and state space": blended(chosen, state_space),
    }


def errors(task: Task, way: Way, origins: range) -> Floats:
    """Return the MAPE in % at each of the task's horizons over the origins."""
    found: dict[int, list[Floats]] = {h: [] for h in task.horizons}
    rolls, reach = task.rolls, max(task.horizons)
    for t in (t for t in origins if np.isfinite(rolls.pupils[t]).any()):
        data = known(rolls, task.entrants_at(t), t, reach)
        whole = task.whole and way in (three_year_mean, last_value, direct, state_space)
        foreseen = way(together(data) if whole else data, reach)
        for h in (h for h in task.horizons if t + h < len(rolls.years) and np.isfinite(rolls.pupils[t + h]).any()):
            actual, middle = rolls.pupils[t + h], foreseen[h - 1]
            if task.whole:
                actual, middle = actual.sum(axis=0, keepdims=True), middle.sum(axis=0, keepdims=True)
            else:
                actual = np.where((np.nansum(rolls.pupils[t], axis=1) > 0)[:, None], actual, np.nan)
            error = np.where(actual > 0, np.abs(middle / np.where(actual > 0, actual, 1.0) - 1), np.nan)
            found[h].append(error[:, task.grades(h)].ravel())
    return np.array([100 * np.nanmean(np.concatenate(found[h])) for h in task.horizons])


def compare(task: Task) -> None:
    """Print every candidate on early and late origins."""
    heads = "".join(f"{h:>8}" for h in task.horizons)
    print(f"\n{task.title}: MAPE in % at years ahead\n{'':<40}early{heads}   late{heads}")
    early, late = range(task.origins.start, task.cut), range(task.cut, task.origins.stop)
    for name, way in candidates().items():
        if way is not direct or task.entrants_at is nobody:
            shown = ("".join(f"{value:8.2f}" for value in errors(task, way, part)) for part in (early, late))
            print(f"  {name:<38}     {next(shown)}       {next(shown)}")


def searched(every: list[Task], tries: int) -> Method:
    """Return the numbers with the least error on early origins, relative to the better of the two simple ways, tasks weighing alike."""
    rng = np.random.default_rng(SEED)
    parts = [(task, range(task.origins.start, task.cut)) for task in every]
    simple = [np.minimum(errors(task, three_year_mean, part), errors(task, last_value, part)) for task, part in parts]

    def loss(method: Method) -> float:
        way = ours(method)
        return float(np.mean([np.mean(errors(task, way, part) / base) for (task, part), base in zip(parts, simple, strict=True)]))

    best, least = DEFAULT, loss(DEFAULT)
    print(f"numbers that ship: {least:.4f} of the simple ways' error on early origins")
    for done in range(tries):
        tried = drawn(rng, None if done < tries / 10 else best, 0.2 if done < tries * 0.6 else 0.08)
        if (now := loss(tried)) < least:
            best, least = tried, now
            print(f"  {done:5d}: {least:.4f} { ({name: round(value, 3) for name, value in asdict(best).items()}) }", flush=True)
    return best


def drawn(rng: np.random.Generator, near: Method | None, step: float) -> Method:
    """Return numbers drawn at large, or near others."""
    values = {}
    for name, bounds in BOUNDS.items():
        low, high = (np.log(bounds[1]), np.log(bounds[2])) if bounds[0] == "log" else bounds
        value = rng.uniform(low, high)
        if near is not None:
            old = getattr(near, name)
            old = np.log(old) if bounds[0] == "log" else old
            value = np.clip(old + rng.normal(0, step * (high - low)), low, high) if rng.random() < 1 / 3 else old
        values[name] = float(np.exp(value) if bounds[0] == "log" else value)
    return replace(DEFAULT, **values)


def main() -> None:
    """Compare, and search if asked."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    ask.add_argument("--search", type=int, default=0, help="how many sets of numbers are tried")
    options = ask.parse_args()
    every = tasks(options.data)
    for task in every:
        compare(task)
    if options.search:
        searched(every, options.search)


if __name__ == "__main__":
    main()
