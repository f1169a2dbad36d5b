"""Schools to look at in the years ahead: over-size classes and schools that appear or go, schools falling below 100, no entrants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model import County
from junheng.model.period import statistics_day
from junheng.projection.class_limits import class_limit, limits_single_classes
from junheng.projection.forecast import LEVELS, Floats, Forecast
from junheng.projection.placing import placed
from junheng.projection.seats import Seats
from junheng.projection.today import Today, today
from junheng.standards import Rulebook

COMPULSORY = ("primary", "junior")  # the stages of which the size of a school is asked: those of school_size.maximum
PROBABILITY = "assumed.seats.notable_probability.from"
SMALL = "staffing.small_school.below"
LARGE = "school_size.maximum"

KINDS = ("large_class_appears", "large_class_gone", "large_school_appears", "large_school_gone", "small_school", "no_entrants")

_SENTENCES = {
    "large_class_appears": Text(
        "{year}学年预计{middle}人（80%区间{low}–{high}），教室{rooms}间按班额标准可容{room}人：将出现超标班额（概率{p}%）",
        "{year}: {middle} pupils (80 % band {low}-{high}), {rooms} rooms seat {room} at the class limit: classes over size appear ({p} %)",
    ),
    "large_class_gone": Text(
        "{year}学年预计{middle}人（80%区间{low}–{high}）：班数和编班不变时最大班由{number}人降到标准以内（概率{p}%）",
        "{year}: {middle} pupils (80 % band {low}-{high}): with as many classes the largest, {number} now, falls within the limit ({p} %)",
    ),
    "large_school_appears": Text(
        "{year}学年预计{middle}人（80%区间{low}–{high}）：超过学校规模上限{number}人（概率{p}%）",
        "{year}: {middle} pupils (80 % band {low}-{high}): above the largest size of {number} ({p} %)",
    ),
    "large_school_gone": Text(
        "{year}学年预计{middle}人（80%区间{low}–{high}）：降到学校规模上限{number}人以内（概率{p}%）",
        "{year}: {middle} pupils (80 % band {low}-{high}): down to the largest size of {number} or less ({p} %)",
    ),
    "small_school": Text(
        "{year}学年预计{middle}人（80%区间{low}–{high}）：不足{number}人（概率{p}%）",
        "{year}: {middle} pupils (80 % band {low}-{high}): fewer than {number} ({p} %)",
    ),
    "no_entrants": Text(
        "{year}学年起始年级预计没有新生（概率不低于{p}%）；现有{number}人",
        "{year}: no entrants foreseen in the lowest grade (at least {p} %); {number} now",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Chances:
    """What is asked of every school (and stage) in a year: the chance of each kind, and the number that its sentence quotes."""

    chance: Floats  # (U,) or (U, S); nan: not asked
    number: Floats
    pupils: Floats  # (D, U) or (D, U, S)


def notable(forecast: Forecast, seats: Seats, county: County, rulebook: Rulebook) -> pl.DataFrame:
    """Return kind, school, stage ("" for the school's compulsory stages together), year, probability, sentence_zh, sentence_en.

    One row for each kind, school and stage: the first year in which its probability is reached; years in which the school is closed
    are passed over. Sentences do not repeat the school's name.
    - large_class_appears: no class is over the limit today, and pupils come to exceed the rooms of that year x the class limit
    - large_class_gone: a class is over the limit today, and would not be with as many classes, split as they are now
    - large_school_*: compulsory pupils against the largest school of its stages; small_school: against 100, from 100 or more today
    - no_entrants: the lowest grade has pupils today, and half the draws or more have none; the chance is that of the widest band
    """
    rules = replace(rulebook, day=statistics_day(forecast.origin))
    least = float(rules.standing(PROBABILITY).value) / 100
    where = placed(forecast, seats, county)
    units = {code: unit for code, unit in where.select("school", "unit").unique().iter_rows() if unit is not None}
    units |= {code: unit for unit, code in enumerate(forecast.schools)}
    limits = _limits(rules, forecast.stages)
    of_class = np.array([limits_single_classes(stage) for stage in forecast.stages])
    now = today(forecast, county, units, np.where(of_class, limits, np.nan))
    seen: set[tuple[str, int, int]] = set()
    rows: list[tuple[str, str, str, int, float, str, str]] = []
    for h in range(len(forecast.years)):
        rooms, closed = _rooms(where, forecast, h)
        for kind, found in _asked(forecast, h, now, rooms, limits, rules):
            hits = np.argwhere((np.nan_to_num(found.chance, nan=-1.0) >= least) & ~_shaped(closed, found.chance))
            for hit in hits:
                unit, stage = int(hit[0]), int(hit[1]) if len(hit) > 1 else -1
                if (kind, unit, stage) not in seen:
                    seen.add((kind, unit, stage))
                    rows.append(_row(forecast, h, kind, unit, stage, found, rooms, limits))
    schema = ["kind", "school", "stage", "year", "probability", "sentence_zh", "sentence_en"]
    types = [pl.String, pl.String, pl.String, pl.Int64, pl.Float64, pl.String, pl.String]
    return pl.DataFrame(rows, schema=dict(zip(schema, types, strict=True)), orient="row").sort("kind", "year", "school", "stage")


def _limits(rules: Rulebook, stages: tuple[str, ...]) -> Floats:
    found = [class_limit(rules, stage) for stage in stages]
    return np.array([np.nan if limit is None else float(limit) for limit in found])


def _shaped(closed: NDArray[np.bool_], chance: Floats) -> NDArray[np.bool_]:
    return closed if chance.ndim == 2 else np.logical_and.reduce(closed, axis=1)


def _rooms(where: pl.DataFrame, forecast: Forecast, h: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return (U, S) rooms in a year, nan where not known, and whether the school is closed then."""
    shape = (len(forecast.schools), len(forecast.stages))
    rooms, closed = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    open_ = np.zeros(shape, dtype=bool)
    rows = where.filter(pl.col("year") == forecast.years[h], pl.col("unit").is_not_null())
    for unit, stage, number, reason in rows.select("unit", "stage", "rooms", "reason").iter_rows():
        at = (unit, forecast.stages.index(stage))
        closed[at] |= reason == "closed"
        if reason != "closed":
            more = np.nan if number is None else float(number)
            rooms[at] = rooms[at] + more if open_[at] else more
            open_[at] = True
    return rooms, closed & ~open_


def _asked(forecast: Forecast, h: int, now: Today, rooms: Floats, limits: Floats, rules: Rulebook) -> Iterator[tuple[str, _Chances]]:
    pupils = np.rint(forecast.draws[:, h].astype(np.float64))
    room = rooms * limits
    fits_now = ~(now.oversized == 1) & ~(now.pupils > room)
    yield "large_class_appears", _Chances(_when(fits_now, np.mean(pupils > room, axis=0), room), room, pupils)
    within = now.pupils * limits / now.largest
    yield "large_class_gone", _Chances(_when(now.oversized == 1, np.mean(pupils <= within, axis=0), within), now.largest, pupils)
    yield from _sizes(forecast, now, pupils, rules)
    yield "no_entrants", _no_entrants(forecast, h, now, pupils)


def _when(asked: NDArray[np.bool_], chance: Floats, against: Floats) -> Floats:
    """Return the chance where it is asked and what it is asked against is known, nan elsewhere."""
    return np.where(asked & ~np.isnan(against), chance, np.nan)


def _sizes(forecast: Forecast, now: Today, pupils: Floats, rules: Rulebook) -> Iterator[tuple[str, _Chances]]:
    """Yield the chances that compulsory pupils pass the largest size or fall below the small one, either way."""
    of = np.array([stage in COMPULSORY for stage in forecast.stages])
    total = pupils[:, :, of].sum(axis=2)
    there = ~np.isnan(now.pupils[:, of])
    before = np.where(there.any(axis=1), np.nansum(now.pupils[:, of], axis=1), np.nan)
    largest = _largest(forecast, now, rules)
    small = np.full(len(before), float(rules.standing(SMALL).value) if rules.standings(SMALL) else np.nan)
    yield "large_school_appears", _Chances(_when(before <= largest, np.mean(total > largest, axis=0), largest), largest, total)
    yield "large_school_gone", _Chances(_when(before > largest, np.mean(total <= largest, axis=0), largest), largest, total)
    yield "small_school", _Chances(_when(before >= small, np.mean(total < small, axis=0), small), small, total)


def _largest(forecast: Forecast, now: Today, rules: Rulebook) -> Floats:
    """Return (U,) the largest size of a school of its compulsory stages, nan where no standard names it."""
    known = {name: float(standing.value) for name, standing in rules.standings(LARGE).items()}
    has = {stage: ~np.isnan(now.pupils[:, s]) for s, stage in enumerate(forecast.stages)}
    none = np.zeros(len(forecast.schools), dtype=bool)
    primary, junior = has.get("primary", none), has.get("junior", none)
    sizes = [known.get(name, np.nan) for name in ("both", *COMPULSORY)]
    return np.select([primary & junior, primary, junior], sizes, default=np.nan)


def _no_entrants(forecast: Forecast, h: int, now: Today, pupils: Floats) -> _Chances:
    """Return the chance that the lowest grade of a stage is empty: the highest level of a band that has nobody in it."""
    names = [stage for stage, _ in forecast.grades]
    lowest = [names.index(stage) for stage in forecast.stages]
    empty = forecast.bands[:, h][:, :, lowest] < 0.5  # (Q, U, S)
    chance = np.max(np.where(empty, np.array(LEVELS)[:, None, None], 0.0), axis=0)
    return _Chances(np.where(now.entering > 0, chance, np.nan), now.entering, pupils)


def _row(
    forecast: Forecast, h: int, kind: str, unit: int, stage: int, found: _Chances, rooms: Floats, limits: Floats
) -> tuple[str, str, str, int, float, str, str]:
    at = (unit,) if stage < 0 else (unit, stage)
    low, middle, high = np.quantile(found.pupils[(slice(None), *at)], (LEVELS[0], 0.5, LEVELS[-1]))
    chance, year = float(found.chance[at]), forecast.years[h]
    words = {
        "year": year,
        "low": f"{low:,.0f}",
        "middle": f"{middle:,.0f}",
        "high": f"{high:,.0f}",
        "p": f"{chance * 100:.0f}",
        "number": f"{found.number[at]:,.0f}",
        "rooms": "" if stage < 0 else f"{rooms[at]:,.0f}",
        "room": "" if stage < 0 else f"{rooms[at] * limits[stage]:,.0f}",
    }
    sentence = _SENTENCES[kind]
    named = forecast.stages[stage] if stage >= 0 else ""
    return kind, forecast.schools[unit], named, year, chance, sentence.zh.format(**words), sentence.en.format(**words)
