"""What a plan means: programme, places and pupils by school and year, ways of every village before and after, cost by year, procedure."""

from __future__ import annotations

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.planning.planners.school_places import procedure
from junheng.planning.planners.school_places.choose import Plan, places_of
from junheng.planning.planners.school_places.question import CLOSE, KEEP, OPEN, Block, Choice
from junheng.planning.planners.school_places.steps import receivers
from junheng.planning.proposal import Certificate


def tables(plan: Plan) -> dict[str, pl.DataFrame]:
    """Return every result table that planner.yaml declares."""
    found = {
        "programme": _programme(plan),
        "seats": _seats(plan),
        "ways": _ways(plan),
        "costs": _costs(plan),
        "fates": _fates(plan),
        "procedure": procedure.table(plan),
        "exceptions": _exceptions(plan),
        "notes": pl.DataFrame(
            [tuple(note) for note in plan.question.notes], schema={"note_zh": pl.String, "note_en": pl.String}, orient="row"
        ),
    }
    # a school year is a name, not a quantity
    return {name: frame.with_columns(pl.col("^year$").cast(pl.String)) for name, frame in found.items()}


def certificate(plan: Plan) -> Certificate:
    """Return who goes where in every year: with it a reader can count every rule and the whole cost again."""
    question, ways = plan.question, plan.question.ways
    rows = [
        (year, *_who(question.blocks[ways.block[a]]), question.units[ways.unit[a]].code, float(plan.share[t, a]), float(ways.km[a]))
        for t, year in enumerate(question.years)
        for a in np.flatnonzero(plan.share[t])
        if question.pupils[:, t, ways.block[a]].any()
    ]
    schema = {
        "year": pl.Int64,
        "place": pl.String,
        "stage": pl.String,
        "grades": pl.String,
        "school": pl.String,
        "share": pl.Float64,
        "km": pl.Float64,
    }
    how = Text(
        "逐行核对去向：每处孩子的比例合计为1，任一情形下各校学生不超过方案实施后的学位；费用按新增的行和去向重新相加。"
        "下界来自求解器的分支定界，读者不能凭此表复核，只能用同一任务书和种子重新求解。",
        "Check who goes where row by row: shares of a place add up to 1, pupils of a school in any scenario fit its places; "
        "costs follow from the rows added and from who goes where. The bound is the engine's, from branch and "
        "bound: it cannot be checked from this table, only found again by the same brief and seed.",
    )
    return Certificate(how=how, numbers={"bound": plan.bound}, tables={"goes": pl.DataFrame(rows, schema=schema, orient="row")})


def _who(block: Block) -> tuple[str, str, str]:
    return block.place, block.stage, "、".join(block.grades)


def _programme(plan: Plan) -> pl.DataFrame:
    rows = []
    for k, choice in enumerate(plan.question.choices):
        unit = plan.question.units[choice.unit]
        gained = np.diff(plan.levels[k], prepend=0)
        for year in np.flatnonzero(gained > 0):
            fixed = choice.fixed if plan.first(k) == year else 0.0
            many = int(gained[year])
            rows.append(
                (plan.question.years[year], unit.code, unit.stage, choice.fate, places_of(choice) * many, choice.yuan * many + fixed)
            )
    schema = {"year": pl.Int64, "school": pl.String, "stage": pl.String, "fate": pl.String, "places": pl.Int64, "yuan": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("year", "school", "stage")


def _seats(plan: Plan) -> pl.DataFrame:
    question = plan.question
    loads = {name: plan.load(pupils) for name, pupils in zip(question.scenarios, question.pupils, strict=True)}
    middle = plan.load(question.expected)
    room = plan.places
    rows = []
    for u, unit in enumerate(question.units):
        if not room[u].any() and not question.base[u].any():
            continue
        for t, year in enumerate(question.years):
            low, high = (float(loads.get(name, middle)[t, u]) for name in ("low", "high"))
            rows.append((unit.code, unit.stage, year, int(room[u, t]), round(low), round(float(middle[t, u])), round(high)))
    schema = {
        "school": pl.String,
        "stage": pl.String,
        "year": pl.Int64,
        "places": pl.Int64,
        "low": pl.Int64,
        "middle": pl.Int64,
        "high": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _ways(plan: Plan) -> pl.DataFrame:
    question, ways = plan.question, plan.question.ways
    blocks = len(question.blocks)
    after = np.bincount(ways.block, weights=plan.share[-1] * ways.km, minlength=blocks)
    boards = np.bincount(ways.block, weights=plan.share[-1] * ways.boards, minlength=blocks)
    pupils = question.expected[-1]
    frame = pl.DataFrame(
        {
            "village": [block.place for block in question.blocks],
            "stage": [block.stage for block in question.blocks],
            "pupils": pupils,
            "was": question.km_today * pupils,
            "is": after * pupils,
            "boards": boards * pupils,
        },
        schema_overrides={"village": pl.String, "stage": pl.String},
    ).filter(pl.col("pupils") > 0)
    summed = frame.group_by("village", "stage").agg(pl.col("pupils", "was", "is", "boards").sum()).sort("village", "stage")
    return summed.select(
        "village",
        "stage",
        pl.col("pupils").round().cast(pl.Int64),
        (pl.col("was") / pl.col("pupils")).fill_nan(None).round(2).alias("km_before"),
        (pl.col("is") / pl.col("pupils")).round(2).alias("km_after"),
        pl.col("boards").round().cast(pl.Int64).alias("boarders"),
    )


def _costs(plan: Plan) -> pl.DataFrame:
    question, ways = plan.question, plan.question.ways
    rows = []
    for t, year in enumerate(question.years):
        built, running = 0.0, 0.0
        for choice, levels in zip(question.choices, plan.levels, strict=True):
            gained = levels[t] - (levels[t - 1] if t else 0)
            opens = bool(levels[t]) and not (t and levels[t - 1])
            built += choice.yuan * gained + choice.fixed * opens
            running += choice.yuan_year * levels[t] + choice.fixed_year * bool(levels[t])
        pupils = plan.share[t] * question.expected[t, ways.block]
        daily = pupils * ~ways.boards
        mean = float((daily * ways.km).sum() / max(daily.sum(), 1.0))
        rows.append(
            (year, round(built), round(running), round(float(pupils.sum())), round(mean, 2), round(float((pupils * ways.boards).sum())))
        )
    schema = {
        "year": pl.Int64,
        "building": pl.Int64,
        "running": pl.Int64,
        "pupils": pl.Int64,
        "mean_km": pl.Float64,
        "boarders": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _fates(plan: Plan) -> pl.DataFrame:
    question = plan.question
    done: dict[int, list[tuple[int, int, Choice]]] = {}
    for k, choice in enumerate(question.choices):
        first = plan.first(k)
        if first is not None:
            done.setdefault(choice.unit, []).append((first, k, choice))
    rows = []
    for u, unit in enumerate(question.units):
        its = sorted(done.get(u, []), key=lambda item: (item[2].fate != CLOSE, item[0]))
        if unit.is_site and not its:
            continue
        fate, first = (its[0][2].fate, its[0][0]) if its else (KEEP, None)
        goes = receivers(plan, u, first) if fate == CLOSE and first is not None else []
        successor = question.units[goes[0][0]].code if goes else None
        year = None if first is None else question.years[first]
        rows.append((unit.code, unit.stage, unit.pupils, OPEN if unit.is_site else KEEP, fate, year, successor))
    schema = {
        "school": pl.String,
        "stage": pl.String,
        "pupils": pl.Int64,
        "before": pl.String,
        "fate": pl.String,
        "year": pl.Int64,
        "successor": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _exceptions(plan: Plan) -> pl.DataFrame:
    question, ways = plan.question, plan.question.ways
    rows = []
    for a in np.flatnonzero(ways.beyond):
        block = question.blocks[ways.block[a]]
        pupils = round(float(question.expected[-1, ways.block[a]]))
        rows.append(
            (block.place, block.stage, "、".join(block.grades), pupils, question.units[ways.unit[a]].code, round(float(ways.km[a]), 2))
        )
    schema = {"village": pl.String, "stage": pl.String, "grades": pl.String, "pupils": pl.Int64, "school": pl.String, "km": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
