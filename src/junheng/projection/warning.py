"""Need against seats: for each school, zone and the county, how likely there are too few seats, how many, and what level that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from junheng.errors import Finding, Text
from junheng.model import County
from junheng.model.checks.gather import gather
from junheng.model.period import statistics_day
from junheng.projection.forecast import Floats, Forecast
from junheng.projection.need import YearNeed, above, areas, excess, need_by_year, quantiles
from junheng.projection.placing import placed
from junheng.projection.seats import Seats
from junheng.standards import Rulebook, Standing

HORIZONS = (3, 6, 9, 15)  # years ahead at which the pages sum up: one, two and three cohorts of primary school, and a planning period

PROBABILITY = "assumed.seats.shortage_probability.from"
SURPLUS = "assumed.seats.surplus_share.from"
LEVEL_WORDS = {
    "none": Text("无", "none"),
    "watch": Text("关注", "watch"),
    "warning": Text("预警", "warning"),
    "alarm": Text("告急", "alarm"),
    "surplus": Text("富余", "surplus"),
    "unknown": Text("无法判断", "cannot be judged"),
}
_RISING = ("watch", "warning", "alarm")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Need:
    """Need against seats of every area, stage and year.

    rows: area, area_kind (school, district, county), stage, year, q10, q25, q50, q75, q90 (pupils), middle (pupils, of the path that
    adds up), seats (null: some are not known), balance (seats - middle), shortage_probability (0..1), mean_shortage and mean_surplus
    (places, over all draws), level, unknown (schools whose seats are not known), rule (the parameter that gave the level), source,
    reason_zh, reason_en.
    """

    rows: pl.DataFrame
    findings: tuple[Finding, ...]


def horizons(forecast: Forecast) -> tuple[int, ...]:
    """Return those of the usual horizons that the forecast reaches."""
    return tuple(ahead for ahead in HORIZONS if forecast.origin + ahead in forecast.years)


def need_against_seats(forecast: Forecast, seats: Seats, county: County, rulebook: Rulebook) -> Need:
    """Return need against seats, with the warning level of each area, stage and year.

    Seats of a campus, of a school that merges and of a school under an old code stand with the school under which the forecast has
    their pupils. Seats of a zone or the county are not known as soon as one school there with pupils in that year has unknown seats.
    Levels: the highest whose probability is reached; else a surplus when even the upper end of the 80 % band leaves the share of
    seats empty; thresholds are those in force on the statistics day of the forecast's origin. An area without seats and without
    need has no level but "none".
    """
    known = areas(forecast, county.code)
    where = placed(forecast, seats, county)
    years = [_year(one, _seats_of(where, known, forecast, one), known, forecast.stages) for one in need_by_year(forecast, county.code)]
    rows = pl.concat(years) if years else _year_schema().clear()
    rules = replace(rulebook, day=statistics_day(forecast.origin))
    lost = seats.rows.filter(pl.col("year") == pl.col("year").max(), pl.col("stage").is_in(list(forecast.stages))).join(
        where.filter(pl.col("zone_at").is_not_null() | pl.col("unit").is_not_null()).select("school").unique(), on="school", how="anti"
    )
    found = Text("{school}", "{school}")
    notes = gather("projection.seats_outside_the_zones", "places", "school", lost, found) if len(forecast.zones) > 1 else []
    return Need(rows=_levelled(rows, rules), findings=tuple(notes))


def _seats_of(where: pl.DataFrame, known: Sequence[tuple[str, str]], forecast: Forecast, need: YearNeed) -> tuple[Floats, Floats]:
    """Return (N,) the seats of each area and stage in a year, nan where they are not known, and (N,) how many schools are not known."""
    count, stages = len(known), len(forecast.stages)
    total, missing = np.zeros((count, stages)), np.zeros((count, stages))
    rows = where.filter(pl.col("year") == need.year)
    stage = rows["stage"].replace_strict(dict(zip(forecast.stages, range(stages), strict=True)), return_dtype=pl.Int64).to_numpy()
    places = rows["places"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    unit = rows["unit"].fill_null(-1).to_numpy()
    zone = _zone_area(forecast, known)[rows["zone_at"].fill_null(-1).to_numpy()]
    everywhere = np.full(len(rows), count - 1)
    told = np.zeros((count, stages), dtype=bool)
    for area in (unit, zone, everywhere):
        inside = area >= 0
        np.add.at(total, (area[inside], stage[inside]), np.nan_to_num(places[inside]))
        np.add.at(missing, (area[inside], stage[inside]), np.isnan(places[inside]))
    told[unit[unit >= 0], stage[unit >= 0]] = True
    _untold(told, missing, need, forecast, known)
    return np.where(missing > 0, np.nan, total).reshape(-1), missing.reshape(-1)


def _untold(told: np.ndarray, missing: np.ndarray, need: YearNeed, forecast: Forecast, known: Sequence[tuple[str, str]]) -> None:
    """Count, in place, schools that have pupils in the forecast and are in no row of seats."""
    schools = len(forecast.schools)
    wanting = (need.middle.reshape(len(known), -1)[:schools] >= 0.5) & ~told[:schools]
    missing[:schools] += wanting
    missing[-1] += wanting.sum(axis=0)
    zone = _zone_area(forecast, known)[forecast.zone]
    for school in np.flatnonzero(wanting.any(axis=1)):
        if zone[school] >= 0:
            missing[zone[school]] += wanting[school]


def _zone_area(forecast: Forecast, known: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return (Z + 1,) the place of each zone among the areas, -1 for none (the county itself, or the last for an unknown zone)."""
    at = {code: index for index, (kind, code) in enumerate(known) if kind == "district"}
    return np.array([*(at.get(code, -1) for code in forecast.zones), -1])


def _year(need: YearNeed, seats: tuple[Floats, Floats], known: Sequence[tuple[str, str]], stages: Sequence[str]) -> pl.DataFrame:
    places, missing = seats
    low, lower, half, upper, high = quantiles(need.draws)
    kinds, codes = zip(*known, strict=True)
    columns = {
        "area": np.repeat(codes, len(stages)),
        "area_kind": np.repeat(kinds, len(stages)),
        "stage": np.tile(stages, len(known)),
        "year": np.full(len(places), need.year),
        "q10": low,
        "q25": lower,
        "q50": half,
        "q75": upper,
        "q90": high,
        "middle": need.middle,
        "seats": places,
        "balance": places - need.middle,
        "shortage_probability": above(need.draws, places),
        "mean_shortage": excess(need.draws, places),
        "mean_surplus": excess(-need.draws[:, ::-1], -places),
        "unknown": missing.astype(np.int64),
    }
    return (
        pl.DataFrame(columns, schema_overrides=_SCHEMA)
        .with_columns(pl.col(pl.Float64).fill_nan(None))
        .with_columns(pl.col("seats").cast(pl.Int64))
    )


_SCHEMA = {"area": pl.String(), "area_kind": pl.String(), "stage": pl.String(), "year": pl.Int64(), "unknown": pl.Int64()}


def _year_schema() -> pl.DataFrame:
    numbers = ("q10", "q25", "q50", "q75", "q90", "middle", "balance", "shortage_probability", "mean_shortage", "mean_surplus")
    return pl.DataFrame(schema={**_SCHEMA, "seats": pl.Int64(), **dict.fromkeys(numbers, pl.Float64())})


def _levelled(rows: pl.DataFrame, rules: Rulebook) -> pl.DataFrame:
    """Return the rows with level, rule, source and the reason in words."""
    steps = {name: rules.standings(PROBABILITY)[name] for name in _RISING}
    surplus = rules.standing(SURPLUS)
    chance = pl.col("shortage_probability")
    empty = (pl.col("seats") - pl.col("q90")) / pl.col("seats")
    level = pl.when((pl.col("seats") > 0) & (empty >= float(surplus.value) / 100)).then(pl.lit("surplus")).otherwise(pl.lit("none"))
    for name in _RISING:
        level = pl.when(chance >= float(steps[name].value) / 100).then(pl.lit(name)).otherwise(level)
    level = pl.when(chance.is_null()).then(pl.lit("unknown")).otherwise(level)
    by_level = {**steps, "surplus": surplus, "none": steps["watch"]}
    rows = rows.with_columns(level.alias("level"))
    return rows.with_columns(
        pl.col("level").replace_strict({k: v.parameter for k, v in by_level.items()}, default=None, return_dtype=pl.String).alias("rule"),
        pl.col("level").replace_strict({k: v.source for k, v in by_level.items()}, default=None, return_dtype=pl.String).alias("source"),
        _reason(steps, surplus, "zh").alias("reason_zh"),
        _reason(steps, surplus, "en").alias("reason_en"),
    )


def _reason(steps: dict[str, Standing], surplus: Standing, lang: str) -> pl.Expr:
    """Return why a row has its level, in one sentence."""
    chance = _percent(pl.col("shortage_probability"))
    limits = {name: f"{standing.value.normalize():f}" for name, standing in steps.items()}
    limit = pl.col("level").replace_strict({**limits, "none": limits["watch"]}, default="")
    words = pl.col("level").replace_strict({name: text.of(lang) for name, text in LEVEL_WORDS.items()})
    share = f"{surplus.value.normalize():f}"
    unknown = pl.when(pl.col("unknown") > 0)
    if lang == "en":
        why = unknown.then(pl.format("the seats of {} school(s) are not known", "unknown")).otherwise(pl.lit("the pupils are not known"))
        rising = pl.format("probability of a shortage {} %, which reaches the {} % of '{}'", chance, limit, words)
        falling = pl.lit(f"even at the upper end of the 80 % band of need {share} % or more of the seats stay empty (surplus)")
        calm = pl.format("probability of a shortage {} %, below the {} % of 'watch'", chance, limit)
    else:
        why = unknown.then(pl.format("有{}所学校学位数未知", "unknown")).otherwise(pl.lit("学生数未知"))
        rising = pl.format("缺口概率{}%，达到“{}”的{}%", chance, words, limit)
        falling = pl.lit(f"需求即使到80%区间上端，空余学位仍达{share}%以上（富余）")
        calm = pl.format("缺口概率{}%，低于“关注”的{}%", chance, limit)
    level = pl.col("level")
    return (
        pl.when(level == "unknown").then(why).when(level.is_in(_RISING)).then(rising).when(level == "surplus").then(falling).otherwise(calm)
    )


def _percent(share: pl.Expr) -> pl.Expr:
    """Return a share in whole percent; what is neither never nor always is not printed as 0 or 100."""
    number = (share * 100).round(0).cast(pl.Int64)
    text = pl.when((number == 0) & (share > 0)).then(pl.lit("<1")).when((number == 100) & (share < 1)).then(pl.lit(">99"))
    return text.otherwise(number.cast(pl.String))
