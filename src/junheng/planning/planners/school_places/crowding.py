"""How full a school is before and after what is done to it: pupils, rooms, pupils a room and area a pupil, beside the standards.

Judging the county again says nothing of this: its returns hold the pupils of today. Here pupils are those of the fullest year from the
change on, at the upper end of the forecast, and rooms those that the new County has in that year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.planners.school_places.question import CLOSE, POINT, SHRINK, Floats, Ints, Question
from junheng.planning.planners.school_places.units import provision
from junheng.standards.rulebook import Rulebook

_SCHEMA = {
    "school": pl.String,
    "stage": pl.String,
    "fate": pl.String,
    "year": pl.String,
    "pupils_before": pl.Int64,
    "pupils_after": pl.Int64,
    "rooms_before": pl.Int64,
    "rooms_after": pl.Int64,
    "class_before": pl.Float64,
    "class_after": pl.Float64,
    "class_limit": pl.Int64,
    "area_before": pl.Float64,
    "area_after": pl.Float64,
    "area_least": pl.Float64,
}
RECEIVES = "receive"
_AREA = "conditions.teaching_area.minimum"
_Rooms = dict[tuple[str, str, int], tuple[int | None, int | None]]


def crowding(
    question: Question, touched: Mapping[int, tuple[str, int]], high: Floats, counties: tuple[County, County], rules: Rulebook
) -> pl.DataFrame:
    """Return a row for each unit that is touched: what is done there, before, after, and the limits of the standards.

    touched: unit -> what is done, the plan year from which on it is; high: (T, U) pupils at the upper end of the forecast; counties: as it
    is and as the plan makes it. Area counts teaching rooms without halls and goes with the rooms where these change; null where the
    premises are shared with another stage or not returned.
    """
    now, then = counties
    had, has = _rooms(now, rules, (now.year,)), _rooms(then, rules, question.years)
    area, least = _areas(now), rules.standings(_AREA)
    rows = []
    for u, (fate, first) in sorted(touched.items()):
        unit = question.units[u]
        if unit.is_site:
            continue
        years = question.years[first:]
        year = first + _fullest([has.get((unit.code, unit.stage, one), (None, None))[0] for one in years], high[first:, u])
        before, limit = had.get((unit.code, unit.stage, now.year), (None, None))
        after = 0 if fate == CLOSE else has.get((unit.code, unit.stage, question.years[year]), (None, None))[0]
        pupils = round(float(high[year, u]))
        square = area.get(unit.code)
        held = least.get(unit.stage)
        kept = square * after / before if square is not None and before and after is not None else None
        rows.append(
            (
                *(unit.code, unit.stage, fate, str(question.years[year]), unit.pupils, pupils, before, after),
                *(_each(unit.pupils, before), _each(pupils, after), limit),
                *(_each(square, unit.pupils), _each(kept, pupils), None if held is None or square is None else float(held.value)),
            )
        )
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    order = (
        pl.col("fate") == SHRINK,
        pl.col("area_after") / pl.col("area_least"),
        "school",
        "stage",
    )  # where pupils move, then who lacks most
    return table.sort(*order, nulls_last=True)


def touched(question: Question, levels: Ints, receivers: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Return, for each unit at which something is done, what it is (closing before all, then the first) and the plan year it begins.

    Receivers at which nothing else is done count from the first closure on. levels: (K, T).
    """
    done = [(int(np.flatnonzero(row)[0]), choice) for choice, row in zip(question.choices, levels, strict=True) if row.any()]
    first = min((year for year, choice in done if choice.fate in (CLOSE, POINT)), default=0)
    found = dict.fromkeys(receivers, (RECEIVES, first))
    return found | {choice.unit: (choice.fate, year) for year, choice in sorted(done, key=lambda one: (one[1].fate == CLOSE, -one[0]))}


def _each(part: float | None, whole: float | None) -> float | None:
    return round(part / whole, 1) if part is not None and whole else None


def _fullest(rooms: Sequence[int | None], pupils: Floats) -> int:
    """Return the place of the year in which a room seats most."""
    return int(np.argmax([float(many) / max(each or 1, 1) for each, many in zip(rooms, pupils, strict=True)]))


def _rooms(county: County, rules: Rulebook, years: Sequence[int]) -> _Rooms:
    rows = provision(county, rules, [year for year in years if year != county.year]).rows
    return {(school, stage, year): (rooms, limit) for school, stage, year, rooms, limit in rows.select(_COLUMNS).iter_rows()}


_COLUMNS = ["school", "stage", "year", "rooms", "limit"]


def _areas(county: County) -> dict[str, float]:
    """Return m2 of teaching rooms without halls of the schools that teach one stage only."""
    one = county.tables["enrolment"].filter(pl.col("pupils") > 0).group_by("school").agg(pl.col("stage").n_unique())
    single = set(one.filter(pl.col("stage") == 1)["school"])
    known = county.tables["premises"].select("school", (pl.col("teaching_area_m2") - pl.col("indoor_sports_area_m2")).cast(pl.Float64))
    return {school: area for school, area in known.iter_rows() if area is not None and school in single}


def told(table: pl.DataFrame) -> Text | None:
    """Say what the table shows: how full rooms are at most, and how many schools fall short of the area."""
    open_still = table.filter(pl.col("class_after").is_not_null())
    if not open_still.height:
        return None
    crowded = open_still.filter(pl.col("class_after") > pl.col("class_limit"))
    short = [table.filter(pl.col(name) < pl.col("area_least")).height for name in ("area_before", "area_after")]
    unknown = open_still.filter(pl.col("area_after").is_null()).height
    many, most = open_still.height, max(open_still["class_after"].to_list())
    limits = "、".join(str(each) for each in sorted(open_still["class_limit"].drop_nulls().unique()))
    zh = f"撤并、改教学点、接收学生和增减学位的{many}所学校，按预测上端每间教室最多{most:g}人（班额上限{limits}人），"
    zh += f"超过上限的{crowded.height}所" if crowded.height else "没有超过上限的"
    zh += f"；生均教学用房面积不足的，现状{short[0]}所、规划后{short[1]}所" + (f"（{unknown}所算不出）" if unknown else "")
    en = f"in the {many} schools touched a room seats {most:g} at most at the upper end of the forecast (class limit {limits}), "
    en += f"{crowded.height} above it; short of area a pupil: {short[0]} before, {short[1]} after"
    return Text(zh, en + (f", {unknown} not known" if unknown else ""))
