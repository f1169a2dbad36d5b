"""How long forecasts take: one county of 300 schools with joint draws, and the totals of 2,900 counties one after another.

PYTHONPATH=src .venv/bin/python benchmarks/forecast_speed.py [--counties 2900]
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import psutil
from measure import Peak, alternated, line, machine, verdict

from junheng.projection.forecast import Entrants, Rolls
from junheng.projection.predict import forecast

SEED = 20261101
GRADES = tuple(("primary" if grade <= 6 else "junior", str(grade)) for grade in range(1, 10))


def county(schools: int, years: int, horizon: int, draws: int, seed: int) -> tuple[Rolls, Entrants]:
    """Return invented rolls of primary and junior schools in ten townships, and children with their draws."""
    rng = np.random.default_rng(seed)
    zones = tuple(f"Z{index}" for index in range(min(10, schools)))
    zone = np.arange(schools) % len(zones)
    size = rng.lognormal(3.5, 0.8, schools)
    junior = rng.random(schools) < 1 / 3 if schools > 1 else np.ones(1, bool)
    births = 1 + 0.25 * np.sin(np.arange(years + horizon) / 4)
    pupils = np.zeros((years, schools, 9))
    for t in range(years):
        for grade in range(9):
            cohort = births[max(t - grade, 0)] * (3.0 if grade >= 6 else 1.5) * size
            there = junior if grade >= 6 else (~junior if schools > 1 else junior)
            pupils[t, :, grade] = np.where(there, rng.poisson(cohort), 0.0)
    total = pupils[:, :, 0].sum() / births[:years].sum() / len(zones)
    known = np.repeat(births[:years, None] * total, len(zones), axis=1)
    noise = np.exp(0.02 * np.cumsum(rng.standard_normal((draws, horizon, len(zones))), axis=1))
    ahead = (births[None, years:, None] * total * noise).astype(np.float32)
    codes = tuple(f"S{index:04d}" for index in range(schools))
    rolls = Rolls(years=tuple(range(2026 - years, 2026)), schools=codes, grades=GRADES, pupils=pupils, zones=zones, zone=zone)
    return rolls, Entrants(zones=zones, known=known, ahead=ahead)


def total(seed: int, years: int, horizon: int, draws: int) -> float:
    """Return one figure of a county's forecast, made and forgotten."""
    rolls, children = county(1, years, horizon, draws, seed)
    return float(forecast(rolls, children, horizon=horizon, draws=draws, seed=seed).county_bands[2, -1].sum())


def main() -> None:
    """Run both and print time, memory and verdicts."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--schools", type=int, default=300)
    ask.add_argument("--years", type=int, default=12, help="years known")
    ask.add_argument("--horizon", type=int, default=15)
    ask.add_argument("--draws", type=int, default=2000)
    ask.add_argument("--counties", type=int, default=2900)
    ask.add_argument("--times", type=int, default=3)
    options = ask.parse_args()
    print(machine())
    rolls, children = county(options.schools, options.years, options.horizon, options.draws, SEED)
    one = partial(forecast, rolls, children, horizon=options.horizon, draws=options.draws, seed=SEED)
    run = alternated({"one": one}, options.times)["one"]
    cells = options.schools * 9 * options.horizon * options.draws / 1e6
    print(
        line(f"{options.schools} schools x 9 grades x {options.horizon} years x {options.draws} draws", run, f"{cells:.0f} million draws")
    )
    print(verdict("one county", run.seconds, 10, unit="s"))
    print(verdict("one county, peak memory", run.peak_mb, 1000, unit="MB"))
    del rolls, children, one, run
    nation(options)


def nation(options: argparse.Namespace) -> None:
    """Forecast the totals of all counties on two processes; memory is taken after a tenth of them and at the end."""
    task = partial(total, years=options.years, horizon=options.horizon, draws=options.draws)
    peaks = []
    for counties in (max(options.counties // 10, 1), options.counties):
        with ProcessPoolExecutor(2) as pool:

            def all_of_them(pool: ProcessPoolExecutor = pool, counties: int = counties) -> float:
                return sum(pool.map(task, range(counties), chunksize=20))

            with Peak(psutil.Process()) as peak:
                run = alternated({"nation": all_of_them}, 1)["nation"]
            peaks.append(peak.mb)
        used = psutil.Process().cpu_times()
        note = f"processor of the two so far {used.children_user + used.children_system:.0f} s"
        print(line(f"totals by grade of {counties} counties, two processes", run, note))
    print(verdict("all counties", run.seconds, 300, unit="s"))
    print(verdict("memory, all counties ÷ a tenth of them", peaks[1] / peaks[0], 1.2))


if __name__ == "__main__":
    main()
