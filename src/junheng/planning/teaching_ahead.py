"""Teachers to hire in the years ahead by stage and subject: classes that the foreseen pupils make, lessons, and who of today's stays.

classes of a grade = pupils ÷ the pupils that a class of the school and stage has today (rounded), no fewer than the class limit asks for,
                     one at least; in a school whose grades share classes today ÷ only, not rounded
need of a subject  = Σ lessons a week of the grade × classes ÷ lessons a week of a teacher
staying            = those of today who have not retired by 1 September of the year, less those who leave otherwise: a share a year,
                     in whole teachers of a subject
to hire            = Σ over subjects of need − staying, no fewer than 0 each
Bands are of the forecast's joint draws: the subjects' ends do not add up to those of the stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from junheng.model.county import County
from junheng.model.period import statistics_day
from junheng.planning.teaching import STAGES, classes_by_grade, held_by_subject, lesson_plan, loads, without_teachers_told
from junheng.planning.teaching_people import retirement_months
from junheng.planning.teaching_posts import pupils_by_stage
from junheng.projection.class_limits import class_limit
from junheng.projection.forecast import LEVELS, Floats, Forecast
from junheng.projection.retirement import WOMEN_SHARE, ages_by_stage, month_of, schedules, staying
from junheng.standards.rulebook import Rulebook

LEAVERS = "assumed.teaching.leavers.share"
ENDS = (LEVELS[0], LEVELS[-1])  # of the 80 % band
_NUMBERS = ("low", "need", "high", "least", "staying", "retiring", "leaving", "hire_low", "to_hire", "hire_high", "spare")


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """What one stage of a forecast needs: its grades' places, plan (G, K) and load (K,), the class size and manner of its schools."""

    place: int  # of the stage in the forecast
    grades: tuple[int, ...]
    subjects: tuple[str, ...]
    lessons: Floats  # (G, K) a week of a class
    load: Floats  # (K,)
    size: Floats  # (U,) pupils of a class today
    shared: np.ndarray  # (U,) bool: grades share classes today
    told: np.ndarray  # (U,) bool: teachers are known, or the school is new


def hiring(county: County, rules: Rulebook, forecasts: Sequence[Forecast]) -> pl.DataFrame:
    """Return stage, subject ("": all), year, low, need, high, least, staying, retiring, leaving, hire_low, to_hire, hire_high, spare.

    Teachers, not rounded; `to_hire` counts from today on. Two more columns, whole: `hire`, the posts to fill in that year so that
    to_hire is there by then, and `lasting`, to_hire itself (of subject "" rounded once, not by subject). `least`: were every class as
    large as the standard allows. Null where pupils, class size, or the ages of teachers are not known. Standards are those of the
    rulebook's day or of the year, whichever is later. Public and private schools together, as in the forecast, without the schools of
    today of which no teacher is known.
    """
    rows: list[tuple[object, ...]] = []
    for forecast in forecasts:
        remain = staying_by_subject(county, rules, (forecast.origin, *forecast.years))
        for stage in (stage for stage in forecast.stages if stage in STAGES):
            own = _stage(county, rules, forecast, stage)
            rows += _rows(own, stage, forecast, rules, remain) if own.subjects else []
    types = {"stage": pl.String, "subject": pl.String, "year": pl.Int64, **dict.fromkeys(_NUMBERS, pl.Float64)}
    frame = pl.DataFrame(rows, schema=types, orient="row").with_columns(pl.col(_NUMBERS).fill_nan(None))
    return frame.with_columns(*_posts()).sort("stage", "subject", "year")


def _posts() -> tuple[pl.Expr, pl.Expr]:
    """Return whole posts to fill in each year (what must be there by then less what was filled before) and those it needs itself.

    Null once a year is not known.
    """
    whole = (pl.col("to_hire") - 1e-9).ceil().clip(lower_bound=0)
    there = whole.cum_max().over("stage", "subject", order_by="year")
    known = pl.col("to_hire").is_not_null().cum_min().over("stage", "subject", order_by="year")
    filled = there - there.shift(1, fill_value=0).over("stage", "subject", order_by="year")
    return pl.when(known).then(filled).cast(pl.Int64).alias("hire"), pl.when(known).then(whole).cast(pl.Int64).alias("lasting")


def staying_by_subject(county: County, rules: Rulebook, years: Sequence[int]) -> Mapping[tuple[str, str], Floats]:
    """Return by stage and subject (len(years),) of today's full-time teachers who have not retired by 1 September of each year.

    Person by person where a school is in the register (an unknown birth or sex stays), else the counted ones by the age bands of the
    return, women in their usual share; nan where neither is known.
    """
    last = replace(rules, day=max(rules.day, statistics_day(max(years))))
    register = county.tables["teachers"].filter(
        pl.col("full_time").fill_null(value=True) & pl.col("stage").is_in(list(STAGES)) & pl.col("subject").is_not_null()
    )
    leaves = retirement_months(last, register["born"], register["sex"])
    then = np.array([month_of(statistics_day(year)) for year in years])
    stays = np.where(np.isnan(leaves)[:, None], 1.0, leaves[:, None] >= then) if register.height else np.zeros((0, len(years)))
    stays[:, 0] = 1.0  # who is past the age today is here today
    found: dict[tuple[str, str], Floats] = {}
    for k, key in enumerate(register.select("stage", "subject").iter_rows()):
        found[key] = found.get(key, np.zeros(len(years))) + stays[k]
    for key, number in _by_return(county, last, years, register):
        found[key] = found.get(key, np.zeros(len(years))) + number
    return found


def _by_return(county: County, rules: Rulebook, years: Sequence[int], register: pl.DataFrame) -> Iterator[tuple[tuple[str, str], Floats]]:
    """Yield those of schools without a register: they stay in the share of their stage's ages."""
    held_now = held_by_subject(county).filter(pl.col("stage").is_in(list(STAGES)))
    other = held_now.join(register.select("school", "stage").unique(), on=["school", "stage"], how="anti")
    if not other.height:
        return
    ages, _ = ages_by_stage(county)
    women, by = rules.standings(WOMEN_SHARE), schedules(rules)
    for stage, subject, held in other.group_by("stage", "subject").agg(pl.col("held").sum()).sort("stage", "subject").iter_rows():
        share = np.full(len(years), np.nan)
        counted = ages.get(stage, {})
        if stage in women and (all_ages := sum(counted.values())):
            share = staying(counted, float(women[stage].value) / 100, years[0], years, by) / all_ages
        yield (stage, subject), held * share


def _stage(county: County, rules: Rulebook, forecast: Forecast, stage: str) -> _Stage:
    grades = tuple(g for g, (own, _) in enumerate(forecast.grades) if own == stage)
    plan = lesson_plan(county, rules).filter(pl.col("stage") == stage)
    load = dict(loads(rules).filter(pl.col("stage") == stage).select("subject", "load").iter_rows())
    subjects = tuple(sorted(set(plan["subject"]) & set(load)))
    told = {(grade, subject): lessons for grade, subject, lessons in plan.select("grade", "subject", "lessons").iter_rows()}
    names = [forecast.grades[g][1] for g in grades]
    lessons = np.array([[told.get((grade, subject), 0.0) for subject in subjects] for grade in names]).reshape(len(names), len(subjects))
    size, shared = _sizes(county, forecast, stage)
    silent = set(without_teachers_told(county).filter(pl.col("stage") == stage)["school"])
    heard = np.array([school not in silent for school in forecast.schools], dtype=bool)
    return _Stage(
        forecast.stages.index(stage),
        grades,
        subjects,
        lessons,
        np.array([load[one] for one in subjects], dtype=np.float64),
        size,
        shared,
        heard,
    )


def _sizes(county: County, forecast: Forecast, stage: str) -> tuple[Floats, np.ndarray]:
    """Return (U,) pupils of a class today and whether grades share classes; where no classes are known the county's size, else nan."""
    classes = classes_by_grade(county).filter(pl.col("stage") == stage).group_by("school").agg(pl.col("classes").sum())
    parts = county.tables["enrolment"].filter((pl.col("stage") == stage) & (pl.col("grade") != "all") & (pl.col("pupils") > 0))
    grades = parts.group_by("school").agg(pl.col("grade").n_unique().alias("grades"))
    counted = pupils_by_stage(county).filter((pl.col("stage") == stage) & (pl.col("pupils") > 0)).select("school", "pupils")
    pupils = counted.join(grades, on="school", how="left").with_columns(pl.col("grades").fill_null(0))
    both: dict[str, tuple[int, int, int]] = {
        row[0]: row[1:] for row in classes.join(pupils, on="school").filter(pl.col("classes") > 0).iter_rows()
    }
    mean = sum(of[1] for of in both.values()) / sum(of[0] for of in both.values()) if both else np.nan
    size = np.array([both[school][1] / both[school][0] if school in both else mean for school in forecast.schools])
    return size, np.array([school in both and both[school][0] < both[school][2] for school in forecast.schools], dtype=bool)


def _rows(
    own: _Stage, stage: str, forecast: Forecast, rules: Rulebook, stay: Mapping[tuple[str, str], Floats]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a stage: every subject that is planned or held, then all together."""
    subjects = sorted({*own.subjects, *(subject for held, subject in stay if held == stage)})
    column = [subjects.index(one) for one in own.subjects]
    remain = np.stack([stay.get((stage, one), np.zeros(len(forecast.years) + 1)) for one in subjects])  # (K, H + 1)
    gone = left(
        remain, float(rules.standing(LEAVERS, stage).value) / 100, np.array([0, *(year - forecast.origin for year in forecast.years)])
    )
    for h, year in enumerate(forecast.years):
        limit = class_limit(rules, stage, max(rules.day, statistics_day(year)))
        middle = np.asarray(forecast.middle[h][:, list(own.grades)], dtype=np.float64)  # (U, G)
        need, least = np.zeros(len(subjects)), np.zeros(len(subjects))
        drawn = np.zeros((len(forecast.draws), len(subjects)))
        need[column] = _need(own, _classes(own, middle, limit))
        least[column] = _need(own, _at_limit(middle, limit, own.shared))
        drawn[:, column] = _need(own, _classes(own, _drawn(own, forecast, h, middle), limit))
        yield from _of_year((stage, year), subjects, _Needs(need, least, drawn), (remain[:, h : h + 2], gone[:, h : h + 2]))


def left(remain: Floats, share: float, years: np.ndarray) -> Floats:
    """Return how many of those not retired have left otherwise by each year, whole teachers: (K, H + 1), as many as `remain`.

    share: of one year; years: (H + 1,) from today.
    """
    expected = np.floor(remain * (1 - (1 - share) ** years) + 0.5)
    found: Floats = np.minimum(np.maximum.accumulate(expected, axis=1), remain)
    return found


def _drawn(own: _Stage, forecast: Forecast, h: int, middle: Floats) -> Floats:
    """Return (D, U, G): the grades of the middle path, each school's as many times larger as its stage in a draw."""
    whole = middle.sum(axis=1)
    drawn = np.asarray(forecast.draws[:, h, :, own.place], dtype=np.float64)
    scale = np.divide(drawn, whole, out=np.zeros_like(drawn), where=whole > 0)
    found: Floats = scale[:, :, None] * middle
    return found


def _classes(own: _Stage, pupils: Floats, limit: int | None) -> Floats:
    """Return (…, U, G) classes, as large as the school's are today and no larger than the limit."""
    size = own.size if limit is None else np.fmin(own.size, limit)
    by_size = pupils / size[:, None]
    counted = np.floor(pupils + 0.5)
    least = np.zeros_like(pupils) if limit is None else np.ceil(counted / limit)
    whole = np.maximum(np.maximum(np.floor(by_size + 0.5), least), counted > 0)
    found: Floats = np.where(own.shared[:, None], by_size, whole)
    return found


def _at_limit(pupils: Floats, limit: int | None, shared: np.ndarray) -> Floats:
    """Return (U, G) classes as few as the limit allows; nan without a limit."""
    if limit is None:
        return np.full(pupils.shape, np.nan)
    counted = np.floor(pupils + 0.5)
    found: Floats = np.where(shared[:, None], pupils / limit, np.ceil(counted / limit))
    return found


def _need(own: _Stage, classes: Floats) -> Floats:
    """Return (…, K) teachers that classes (…, U, G) need."""
    found: Floats = classes[..., own.told, :].sum(axis=-2) @ own.lessons / own.load
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Needs:
    middle: Floats  # (K,)
    least: Floats  # (K,)
    drawn: Floats  # (D, K)


def _of_year(key: tuple[str, int], subjects: Sequence[str], needs: _Needs, remain: tuple[Floats, Floats]) -> Iterator[tuple[object, ...]]:
    """Yield each subject, then the stage (subject ""); remain: not retired and left otherwise, (K, 2) each: the year before, this year."""
    (stage, year), (here, gone) = key, remain
    retired, leaving, stay = here[:, 0] - here[:, 1], gone[:, 1] - gone[:, 0], here[:, 1] - gone[:, 1]
    hired, drawn = np.maximum(0, needs.middle - stay), np.maximum(0, needs.drawn - stay)
    spare = np.maximum(0, stay - needs.middle)
    for k, subject in enumerate(subjects):
        need = _band(needs.drawn[:, k], needs.middle[k])
        yield (stage, subject, year, *need, needs.least[k], stay[k], retired[k], leaving[k], *_band(drawn[:, k], hired[k]), spare[k])
    whole = _band(needs.drawn.sum(axis=1), needs.middle.sum())
    sums = (needs.least.sum(), stay.sum(), retired.sum(), leaving.sum())
    yield (stage, "", year, *whole, *sums, *_band(drawn.sum(axis=1), hired.sum()), spare.sum())


def _band(drawn: Floats, middle: float) -> tuple[float, float, float]:
    """Return the 80 % band around a middle that is never outside it; all nan where it is not known."""
    if np.isnan(middle):
        return np.nan, np.nan, np.nan
    low, high = (float(end) for end in np.quantile(drawn, ENDS))
    return min(low, float(middle)), float(middle), max(high, float(middle))
