"""Draws of children ahead: births by chance and by an uncertain level, survival by chance, migration by an uncertain rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.projection.assumptions import Assumptions
from junheng.projection.births import AUTUMN, BirthForecast
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

    Counted births and persons are not drawn: they are known. Of births ahead, and of the months of a year that were not counted, are
    drawn the level of each zone (gamma, by its own count), the common course (a random walk of the logarithm) and chance (negative
    binomial); of children, survival (binomial) and one deviation of the yearly net migration rate for the area and one for each zone,
    held through all years of a draw. The same seed gives the same draws; two scenarios that differ in births ahead have the same
    draws of children who are born already, because every year and cohort has random numbers of its own.
    Of persons that are not known the caller must say so: here they count as nobody.
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
        chance = _Chance(seeds[number])
        out[start : start + many] = _part(chance, many, persons[:, : highest + 1].sum(axis=2), births, survive, moved, assumptions, ages)
    return out


class _Chance:
    """Random numbers by what they are for: those of one year or cohort do not depend on how many another one used."""

    def __init__(self, seeds: np.random.SeedSequence) -> None:
        self._seeds = seeds

    def of(self, *place: int) -> np.random.Generator:
        """Return the generator of one purpose, year and cohort."""
        return np.random.default_rng(np.random.SeedSequence(self._seeds.entropy, spawn_key=(*self._seeds.spawn_key, *place)))


_LEVEL, _COURSE, _DISPERSION, _BIRTHS, _MOVING, _LIVING, _ROUNDING = range(7)  # purposes


def _part(
    chance: _Chance,
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
    born = np.round(_born(chance, many, births, assumptions))
    rate = moved.rate[:, : highest + 1] + _migration(chance, many, zones, assumptions)[..., None]
    alive = survive[: highest + 1].mean(axis=1)
    now = np.zeros((many, zones, highest + 1))
    now[..., :counted_ages] = np.nan_to_num(persons)
    out = np.empty((many, len(births.calendar_years) - 1, zones, len(ages)), dtype=np.float32)
    for step in range(out.shape[1]):
        older = np.concatenate([born[step][..., None], now[..., :-1]], axis=2).astype(np.int64)
        living = np.stack([chance.of(_LIVING, step, age).binomial(older[..., age], alive[age]) for age in range(highest + 1)], axis=-1)
        wanted = living * np.maximum(1.0 + rate, 0.0) + moved.persons[step][:, : highest + 1]
        there = moved.shifted_drawn(np.maximum(wanted, 0.0), step)
        now = np.floor(there + chance.of(_ROUNDING, step).random(there.shape))
        out[:, step] = now[..., list(ages)]
    return out


def _born(chance: _Chance, many: int, births: BirthForecast, assumptions: Assumptions) -> Floats:
    """Return draws of births by school year, (H, D, Z): September to December and the January to August after; counted ones as they are."""
    years, zones = births.expected.shape
    level = chance.of(_LEVEL).gamma(births.shape, size=(many, zones)) / births.shape
    spread = assumptions.number("births_spread") if assumptions.has("births_spread") else 0.0
    first = (births.counted == 1.0).all(axis=(1, 2)).sum()  # years before the first uncertain one do not widen the walk
    walk = np.zeros((years, many))
    steps = np.stack([chance.of(_COURSE, year).normal(0.0, spread, size=many) for year in range(years)])
    walk[first:] = np.cumsum(steps[first:], axis=0) - 0.5 * spread**2 * np.arange(1, years - first + 1)[:, None]
    parts = np.array([1.0 - AUTUMN, AUTUMN])
    drawn = np.empty((years, 2, many, zones))
    for year in range(years):
        mean = level * np.exp(walk[year])[:, None]
        if assumptions.has("births_dispersion"):
            size = assumptions.number("births_dispersion")
            mean = mean * chance.of(_DISPERSION, year).gamma(size, size=mean.shape) / size
        for part, share in enumerate(parts):
            whole, counted = share * np.nan_to_num(births.expected[year]), births.counted[year, :, part]
            drawn[year, part] = whole * counted + chance.of(_BIRTHS, year, part).poisson(mean * whole * (1.0 - counted))
    return np.asarray(drawn[:-1, 1] + drawn[1:, 0])


def _migration(chance: _Chance, many: int, zones: int, assumptions: Assumptions) -> Floats:
    """Return the deviation of the yearly net migration rate, (D, Z): half of its variance is common to the area."""
    spread = assumptions.number("migration_spread") / 1000.0 if assumptions.has("migration_spread") else 0.0
    common = chance.of(_MOVING, 0).normal(0.0, spread * np.sqrt(0.5), size=(many, 1))
    own = chance.of(_MOVING, 1).normal(0.0, spread * np.sqrt(0.5), size=(many, zones))
    return np.asarray(common + own)
