"""Teachers needed by stage, subject and year beside those who stay: what must be hired, with the band of the pupils behind it.

staff of a school  = pupils / pupils per member of staff (编制标准), and in a primary school below the small-school size no less
than staff per class x classes
teachers of a stage = staff of its schools x today's share of full-time teachers among staff (kindergartens: pupils per teacher)
of a subject       = lessons a week x classes / lessons of a teacher, where an authority has a lesson plan on its shelf,
else teachers of the stage x the subject's share today
to hire            = needed - staying, from the forecast's origin on (not year by year), no fewer than 0
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Text
from junheng.model import County, allowed, schema
from junheng.model.checks.gather import gather, place_of
from junheng.model.period import statistics_day
from junheng.projection.class_limits import class_limit
from junheng.projection.forecast import LEVELS, Floats, Forecast
from junheng.projection.retirement import WOMEN_SHARE, ages_by_stage, schedules, staying
from junheng.standards import Rulebook

RATIO = "staffing.pupils_per_staff.{place}.maximum"
KINDERGARTEN_RATIO = "preschool.pupils_per_teacher.maximum"
PER_CLASS = "practice.staffing.staff_per_class.lower"
SMALL = "staffing.small_school.below"
LESSONS = "curriculum.subject_lessons.{stage}"  # by subject, lessons/week of a class: on an authority's shelf, none ships
LOAD = "curriculum.lessons_per_teacher"  # by stage, lessons/week of a full-time teacher: likewise

_PLACES = {"11": "city", "12": "town"}  # by the first digits of the urban-rural code; all others are rural
_METHODS = {
    "ratio": Text("按编制标准师生比的最低需要", "the least that the ratio of pupils to staff asks for"),
    "kindergarten": Text("按师幼比的最低需要", "the least that the ratio of children to teachers asks for"),
    "lessons": Text("按课时计划÷教师周课时", "by the lesson plan ÷ lessons of a teacher"),
    "share": Text("无课时计划：按现有学科构成", "no lesson plan: by the subject's share of today"),
    "none": Text("没有师生比标准或教职工数，无法测算", "no ratio or no count of staff: cannot be worked out"),
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Staffing:
    """Teachers by stage, subject and year.

    rows: stage, subject ("" for all), year, q10, q25, q50, q75, q90 (needed; null: not known), staying (of today's, not retired by
    1 September of the year), retiring (in the school year before it), to_hire (q50 - staying, no fewer than 0), method,
    note_zh, note_en. Numbers are not rounded.
    """

    rows: pl.DataFrame
    findings: tuple[Finding, ...]


def teachers(forecast: Forecast, county: County, rulebook: Rulebook) -> Staffing:
    """Return the teachers needed and staying in every year of the forecast, public and private schools together.

    Ratios and class limits are those of the year; the retirement age is what is known by the last year. A stage with a school whose
    teachers' ages are not returned has no number of those who stay, and a finding.
    """
    last = replace(rulebook, day=statistics_day(max(forecast.years, default=forecast.origin)))
    stay, findings = _staying(forecast, county, last)
    needed = [_needed(forecast, h, county, replace(rulebook, day=statistics_day(year))) for h, year in enumerate(forecast.years)]
    rows: list[Sequence[object]] = []
    for stage in forecast.stages:
        whole = np.array([draws[stage] for draws, _ in needed]) if needed else np.zeros((0, 1))
        method = _method(stage, whole)
        findings += _without(stage) if method == "none" else []
        rows += _rows(forecast, stage, "", _bands(whole), stay[stage], method)
        for subject, share in _shares(county, stage).items():
            planned = [plan[stage].get(subject) for _, plan in needed]
            by_plan = all(part is not None for part in planned) and bool(planned)
            need = np.array(planned) if by_plan else whole * share
            rows += _rows(forecast, stage, subject, _bands(need), stay[stage] * share, "lessons" if by_plan else _of_subject(method))
    return Staffing(rows=_frame(rows), findings=tuple(findings))


def _of_subject(method: str) -> str:
    return method if method == "none" else "share"


def _method(stage: str, whole: Floats) -> str:
    if np.isnan(whole).all():
        return "none"
    return "kindergarten" if stage == "preschool" else "ratio"


def _without(stage: str) -> list[Finding]:
    label = allowed("stage")[stage]
    return [finding("projection.no_staff_ratio", place_of("staff", (), "staff"), label)]


def _staying(forecast: Forecast, county: County, rules: Rulebook) -> tuple[dict[str, Floats], list[Finding]]:
    """Return (H + 1,) by stage of teachers who stay, today's first; nan where ages are not known."""
    ages, silent = ages_by_stage(county)
    found = Text("{stage}：空", "{stage}: nothing")
    silent = silent.filter(pl.col("stage").is_in(list(forecast.stages)))
    findings = gather("projection.ages_not_returned", "staff_ages", "age_55_59", silent, found)
    known = rules.standings(WOMEN_SHARE)
    by, years = schedules(rules), (forecast.origin, *forecast.years)
    stay = {}
    for stage in forecast.stages:
        women = known.get(stage)
        if stage in ages and women is not None:
            stay[stage] = staying(ages[stage], float(women.value) / 100, forecast.origin, years, by)
        else:
            stay[stage] = np.full(len(years), np.nan)
    return stay, findings


def _needed(forecast: Forecast, h: int, county: County, rules: Rulebook) -> tuple[dict[str, Floats], dict[str, dict[str, Floats]]]:
    """Return by stage (D,) the teachers needed in a year, and by stage and subject what the lesson plan asks for."""
    whole: dict[str, Floats] = {}
    plans: dict[str, dict[str, Floats]] = {}
    for s, stage in enumerate(forecast.stages):
        pupils = forecast.draws[:, h, :, s].astype(np.float64)
        classes = _classes(forecast, h, s, pupils, class_limit(rules, stage))
        plans[stage] = _plan(rules, stage, classes.sum(axis=1))
        if stage == "preschool":
            ratio = float(rules.number(KINDERGARTEN_RATIO, unit="pupils/teacher")) if rules.standings(KINDERGARTEN_RATIO) else np.nan
            whole[stage] = pupils.sum(axis=1) / ratio
        else:
            whole[stage] = _staff(pupils, classes, _ratios(county, forecast, stage, rules), _floor(rules, stage)) * _share(county, stage)
    return whole, plans


def _classes(forecast: Forecast, h: int, s: int, pupils: Floats, limit: int | None) -> Floats:
    """Return (D, U) classes: as few as the limit allows, and at least one for each grade that has pupils on the middle path."""
    own = [g for g, (stage, _) in enumerate(forecast.grades) if stage == forecast.stages[s]]
    grades = (forecast.middle[h][:, own] >= 0.5).sum(axis=1)
    if limit is None:
        return np.full(pupils.shape, np.nan)
    return np.where(pupils > 0, np.maximum(np.ceil(pupils / limit), grades), 0.0)


def _staff(pupils: Floats, classes: Floats, ratio: Floats, floor: tuple[float, float]) -> Floats:
    """Return (D,) the staff of all schools; ratio (U,) pupils to a member of staff, floor (staff per class, below how many pupils)."""
    per_class, small = floor
    by_pupils = pupils / ratio
    lifted = np.where((pupils > 0) & (pupils < small), np.fmax(by_pupils, per_class * classes), by_pupils)
    found: Floats = lifted.sum(axis=1)
    return found


def _floor(rules: Rulebook, stage: str) -> tuple[float, float]:
    """Return staff per class and the pupils below which it holds; (0, 0) where no standard has it. It is a rule of primary schools."""
    if stage != "primary" or not (rules.standings(PER_CLASS) and rules.standings(SMALL)):
        return 0.0, 0.0
    return float(rules.standing(PER_CLASS).value), float(rules.standing(SMALL).value)


def _ratios(county: County, forecast: Forecast, stage: str, rules: Rulebook) -> Floats:
    """Return (U,) pupils to a member of staff, by whether a school lies in a city, a town or the country; nan where none is in force."""
    codes = dict(county.tables["schools"].select("school", "urban_rural").iter_rows())
    known = {place: rules.standings(RATIO.format(place=place)).get(stage) for place in ("city", "town", "rural")}
    value = {place: float(standing.value) if standing else np.nan for place, standing in known.items()}
    return np.array([value[_PLACES.get((codes.get(school) or "")[:2], "rural")] for school in forecast.schools])


def _share(county: County, stage: str) -> float:
    """Return today's full-time teachers among the staff of a stage, nan where neither was returned."""
    both = county.tables["staff"].filter(pl.col("stage") == stage).drop_nulls(["staff", "teachers"])
    staff, of_them = both["staff"].sum(), both["teachers"].sum()
    return float(of_them) / float(staff) if staff else np.nan


def _plan(rules: Rulebook, stage: str, classes: Floats) -> dict[str, Floats]:
    """Return by subject (D,) the teachers that a lesson plan asks for; {} where no shelf has one."""
    name = LESSONS.format(stage=stage)
    if name not in rules.parameters or LOAD not in rules.parameters or stage not in rules.standings(LOAD):
        return {}
    load = float(rules.number(LOAD, unit="lessons/week", stage=stage))
    return {subject: classes * float(standing.value) / load for subject, standing in rules.standings(name).items()}


def _shares(county: County, stage: str) -> dict[str, float]:
    """Return the share of each subject among the teachers counted by subject in a stage; subjects nobody counted are left out."""
    table = county.tables["staff_subjects"].filter(pl.col("stage") == stage)
    subjects = [name for name in schema().tables["staff_subjects"].names if name not in ("school", "stage")]
    sums = {name: int(table[name].sum()) for name in subjects if table[name].is_not_null().any()}
    total = sum(sums.values())
    return {name: number / total for name, number in sums.items() if number} if total else {}


def _bands(needed: Floats) -> Floats:
    """Return (Q, H) of draws (H, D)."""
    return np.quantile(needed, LEVELS, axis=1)


def _rows(forecast: Forecast, stage: str, subject: str, need: Floats, stay: Floats, method: str) -> Iterator[Sequence[object]]:
    for h, year in enumerate(forecast.years):
        retiring = stay[h] - stay[h + 1]
        yield (stage, subject, year, *need[:, h], stay[h + 1], retiring, max(0.0, need[2, h] - stay[h + 1]), method)


_COLUMNS = ("q10", "q25", "q50", "q75", "q90", "staying", "retiring", "to_hire")


def _frame(rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    types = {"stage": pl.String, "subject": pl.String, "year": pl.Int64, **dict.fromkeys(_COLUMNS, pl.Float64), "method": pl.String}
    frame = pl.DataFrame(rows, schema=types, orient="row").with_columns(pl.col(_COLUMNS).fill_nan(None))
    frame = frame.with_columns(
        pl.when(pl.any_horizontal(pl.col("q50", "staying").is_null())).then(None).otherwise("to_hire").alias("to_hire")
    )
    words = {lang: {name: text.of(lang) for name, text in _METHODS.items()} for lang in ("zh", "en")}
    return frame.with_columns(pl.col("method").replace_strict(words[lang]).alias(f"note_{lang}") for lang in ("zh", "en"))
