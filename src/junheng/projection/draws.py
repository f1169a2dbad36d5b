"""Draws of children ahead: births by chance and by an uncertain level, survival by chance, migration by an uncertain rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.projection.assumptions import Assumptions
from junheng.projection.births import BirthForecast, school_year_births
from junheng.projection.forecast import Floats, Floats32
from junheng.projection.moves import Moves

_ROOM = 4_000_000  # numbers held at once by one part of the draws: memory stays flat in zones and draws


def draw_children(
    persons: Floats,
    births: BirthForecast,
    survive: Floats,
    moved: Moves,
    assumptions: Assumptions,
    *,
    ages: Sequence[int],
    draws: int,
    seed: int,
) -> Floats32:
    """Return draws of the ages asked for, both sexes together: (D, H, Z, K).

    Counted births and persons are not drawn: they are known. Of births ahead are drawn the level of each zone (gamma, by its own
    count), the common course (a random walk of the logarithm) and chance (negative binomial); of children, survival (binomial) and
    one deviation of the yearly net migration rate for the area and one for each zone, held through all years of a draw.
    The same seed gives the same draws. Of persons that are not known the caller must say so: here they count as nobody.
    """
    years, zones = len(births.calendar_years) - 1, len(persons)
    out = np.empty((draws, years, zones, len(ages)), dtype=np.float32)
    if not out.size:
        return out
    highest = max(ages)
    part = max(1, _ROOM // max(1, zones * (highest + 1)))
    seeds = np.random.SeedSequence(seed).spawn(-(-draws // part))
    for number, start in enumerate(range(0, draws, part)):
        many = min(part, draws - start)
        chance = np.random.default_rng(seeds[number])
        out[start : start + many] = _part(chance, many, persons[:, : highest + 1].sum(axis=2), births, survive, moved, assumptions, ages)
    return out


def _part(
    chance: np.random.Generator,
    many: int,
    persons: Floats,
    births: BirthForecast,
    survive: Floats,
    moved: Moves,
    assumptions: Assumptions,
    ages: Sequence[int],
) -> Floats32:
    zones, counted_ages = persons.shape
    highest = max(ages)
    born = np.round(school_year_births(_calendar_births(chance, many, births, assumptions)))
    rate = moved.rate[:, : highest + 1] + _migration(chance, many, zones, assumptions)[..., None]
    alive = survive[: highest + 1].mean(axis=1)
    now = np.zeros((many, zones, highest + 1))
    now[..., :counted_ages] = np.nan_to_num(persons)
    out = np.empty((many, len(births.calendar_years) - 1, zones, len(ages)), dtype=np.float32)
    for step in range(out.shape[1]):
        older = np.concatenate([born[step][..., None], now[..., :-1]], axis=2)
        living = chance.binomial(older.astype(np.int64), alive)
        wanted = living * np.maximum(1.0 + rate, 0.0) + moved.persons[step][:, : highest + 1]
        there = moved.shifted_drawn(np.maximum(wanted, 0.0), step)
        now = np.floor(there + chance.random(there.shape))
        out[:, step] = now[..., list(ages)]
    return out


def _calendar_births(chance: np.random.Generator, many: int, births: BirthForecast, assumptions: Assumptions) -> Floats:
    """Return draws of births by calendar year, (H + 1, D, Z): counted years are the count itself."""
    years, zones = births.expected.shape
    level = chance.gamma(births.shape, size=(many, zones)) / births.shape
    spread = assumptions.number("births_spread") if assumptions.has("births_spread") else 0.0
    first = births.counted.all(axis=1).sum()  # years before the first uncertain one do not widen the walk
    walk = np.zeros((years, many))
    steps = chance.normal(0.0, spread, size=(years, many))
    walk[first:] = np.cumsum(steps[first:], axis=0) - 0.5 * spread**2 * np.arange(1, years - first + 1)[:, None]
    mean = np.nan_to_num(births.expected)[:, None, :] * level[None] * np.exp(walk)[..., None]
    if assumptions.has("births_dispersion"):
        size = assumptions.number("births_dispersion")
        mean = mean * chance.gamma(size, size=mean.shape) / size
    drawn = chance.poisson(mean).astype(np.float64)
    return np.where(births.counted[:, None, :], np.nan_to_num(births.expected)[:, None, :], drawn)


def _migration(chance: np.random.Generator, many: int, zones: int, assumptions: Assumptions) -> Floats:
    """Return the deviation of the yearly net migration rate, (D, Z): half of its variance is common to the area."""
    spread = assumptions.number("migration_spread") / 1000.0 if assumptions.has("migration_spread") else 0.0
    common = chance.normal(0.0, spread * np.sqrt(0.5), size=(many, 1))
    own = chance.normal(0.0, spread * np.sqrt(0.5), size=(many, zones))
    return np.asarray(common + own)
