"""Forecasts made by hand: the draws are given, everything else follows from them."""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import LEVELS, Forecast
from tests.projection.programmes import EAST, HILL, TOWN, VALE, WEST


def drawn(
    draws: np.ndarray,
    *,
    stages: tuple[str, ...] = ("primary",),
    schools: tuple[str, ...] = (EAST, WEST, HILL),
    zones: tuple[str, ...] = (TOWN, VALE),
    zone: tuple[int, ...] = (0, 0, 1),
    origin: int = 2025,
) -> Forecast:
    """Return a forecast of one grade a stage whose draws are (D, H, U, S), and whose middle is their mean."""
    draws = np.asarray(draws, dtype=np.float32)
    middle = draws.mean(axis=0)
    bands = np.quantile(draws, LEVELS, axis=0).astype(np.float32)
    members = np.array([[float(own == index) for own in zone] for index in range(len(zones))], dtype=np.float32)
    first = {"preschool": "k1", "primary": "1", "junior": "7", "senior": "10"}
    return Forecast(
        origin=origin,
        years=tuple(range(origin + 1, origin + 1 + draws.shape[1])),
        schools=schools,
        grades=tuple((stage, first[stage]) for stage in stages),
        stages=stages,
        zones=zones,
        zone=np.array(zone, dtype=np.intp),
        middle=middle,
        bands=bands,
        zone_bands=np.quantile(np.matmul(members, draws), LEVELS, axis=0).astype(np.float32),
        county_bands=np.quantile(draws.sum(axis=2), LEVELS, axis=0).astype(np.float32),
        draws=draws,
        basis="own",
        seed=1,
    )


def constant(*pupils: float, years: int = 1) -> np.ndarray:
    """Return one draw of each school's pupils, the same in every year."""
    return np.array(pupils, dtype=np.float32).reshape(1, 1, -1, 1).repeat(years, axis=1)
