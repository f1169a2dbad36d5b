"""What a forecast needs of each school, zone and the county, year by year: quantiles of the draws, and chances of exceeding a number.

Draws are taken a year at a time, so that memory stays at one year's (D, U x S) whatever the horizon.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.projection.forecast import LEVELS, Floats, Floats32, Forecast


class YearNeed(NamedTuple):
    """Pupils of one year by area and stage: N = (U + Z + 1) x S areas and stages, in the order of `areas` then `stages`."""

    year: int
    middle: Floats  # (N,) of the path that adds up
    draws: Floats32  # (N, D) whole pupils, each row in rising order; nan where pupils are not known


def areas(forecast: Forecast, county: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, code) of every area: the schools, the zones ("district"), and the county.

    A forecast whose only zone is the county itself has no zones besides.
    """
    zones = [("district", code) for code in forecast.zones if code != county]
    return (*(("school", code) for code in forecast.schools), *zones, ("county", county))


def need_by_year(forecast: Forecast, county: str) -> Iterator[YearNeed]:
    """Yield the pupils of every area and stage, a year at a time."""
    into = membership(forecast, county)
    by_stage = np.array([[float(stage == s) for s in forecast.stages] for stage, _ in forecast.grades]).reshape(-1, len(forecast.stages))
    for h, year in enumerate(forecast.years):
        middle = into @ (forecast.middle[h].astype(np.float64) @ by_stage)
        drawn = np.matmul(into.astype(np.float32), forecast.draws[:, h])  # (D, N / S, S)
        flat = np.ascontiguousarray(drawn.reshape(len(drawn), -1).T)
        yield YearNeed(year, middle.reshape(-1), np.sort(np.rint(flat), axis=1))


def membership(forecast: Forecast, county: str) -> Floats:
    """Return (areas, U): 1 where a school lies in an area."""
    own = np.eye(len(forecast.schools))
    zones = [forecast.zone == index for index, code in enumerate(forecast.zones) if code != county]
    return np.vstack([own, *(np.atleast_2d(zone.astype(np.float64)) for zone in zones), np.ones((1, len(forecast.schools)))])


def quantiles(draws: Floats32) -> Floats:
    """Return (Q, N) at LEVELS of rows in rising order, by linear interpolation between neighbours."""
    last = draws.shape[1] - 1
    at = np.array(LEVELS) * last
    low = np.floor(at).astype(np.intp)
    share = at - low
    below, above_it = draws[:, low].astype(np.float64), draws[:, np.minimum(low + 1, last)].astype(np.float64)
    found: Floats = (below + (above_it - below) * share).T
    return found


def above(draws: Floats32, number: Floats) -> Floats:
    """Return (N,) the share of draws above a number, nan where either is not known."""
    found = np.mean(draws > number[:, None], axis=1)
    return np.where(_unknown(draws, number), np.nan, found)


def excess(draws: Floats32, number: Floats) -> Floats:
    """Return (N,) the mean of what draws are above a number, nan where either is not known."""
    found = np.mean(np.maximum(draws - number[:, None].astype(np.float32), 0.0), axis=1, dtype=np.float64)
    return np.where(_unknown(draws, number), np.nan, found)


def _unknown(draws: Floats32, number: Floats) -> NDArray[np.bool_]:
    return np.isnan(number) | np.isnan(draws[:, -1])  # nan sorts last
