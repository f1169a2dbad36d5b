"""What a plan means: the sites, every site's value, villages and schools before and after, and what a reader needs to check it."""

from __future__ import annotations

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.planning.planners.sites.choose import Plan, mean_km, proven_by_prices
from junheng.planning.planners.sites.question import Floats, Ints, Question
from junheng.planning.planners.sites.steps import Before
from junheng.planning.proposal import Certificate

_KM = 1000.0
ENGINES = {
    "few_sites": Text(
        "每个候选地点都单独算过全县的最小总路程（“各候选地点的得失”一表）：最小的一个就是最优，任何一行都可以单独复核。",
        "For every candidate the least total of the county was worked out (table of site values): the least is the best, and any row "
        "can be checked on its own.",
    ),
    "prices": Text(
        "工作簿给出各村一名孩子的价格。每村按价格付出，每所学校按学位数退回最划算的孩子比价格便宜的部分，新建的只取退回最多的几处："
        "合计就是“价格证明的下界”，没有方案低于它。其余的差距由搜索逐一排除。",
        "Prices of one pupil of each village are given. Everybody pays his village's price; each school gives back what its best pupils, "
        "as many as it has places, are cheaper; of new ones only those that give back most count. The sum is the bound by prices, and no "
        "plan is below it. What remains was ruled out by search.",
    ),
    "whole": Text(
        "工作簿给出各村一名孩子的价格。每村按价格付出，每所学校退回整村装得下的村居中最划算的一组比价格便宜的部分（背包问题），"
        "新建的只取退回最多的几处：合计就是“价格证明的下界”，没有整村就读的方案低于它。其余的差距由搜索逐一排除。",
        "Prices of one pupil of each village are given. Everybody pays his village's price; each school gives back what the best "
        "villages that fit into it whole are cheaper (a knapsack); of new ones only those that give back most count. The sum is the "
        "bound by prices, and no plan with villages whole is below it. What remains was ruled out by search.",
    ),
    "search": Text(
        "各村去哪里、每一组地点的全县最小总路程都可以单独复核。多一处地点在已有几处之外再省的，不会比它单独省的多；"
        "按此估计，其余各组地点都不会更好，不必逐一计算。",
        "Who goes where, and the least total of every set of sites, can be checked on their own. A site never saves more beside "
        "others than it saves alone; by that no other set can be better, and they need not be worked out one by one.",
    ),
    "standing": Text(
        "没有可再新建的名额：总路程是现有学校的最小总路程。", "Nothing more may be built: the total is the least of the schools that stay."
    ),
}


def tables(plan: Plan, before: Before) -> dict[str, pl.DataFrame]:
    """Return every result table that planner.yaml declares; villages and schools as they stand in the last year.

    before: (B, E + C) who goes where without new ones in each year, None where that cannot be.
    """
    last = plan.at(plan.question.years - 1)
    found = {
        "chosen": _chosen(plan),
        "villages": _villages(last, before[-1]),
        "schools": _schools(last, before[-1]),
        "notes": pl.DataFrame(
            [tuple(note) for note in plan.question.notes], schema={"note_zh": pl.String, "note_en": pl.String}, orient="row"
        ),
    }
    if plan.table is not None:
        found["values"] = values(plan)
    if plan.ahead:
        found |= {"years": _years(plan, before), "loads": _loads(plan)}
    return found


def _years(plan: Plan, before: Before) -> pl.DataFrame:
    """Return how every year stands, with the new ones and without."""
    rows = []
    for year, was in enumerate(before):
        one = plan.at(year)
        question, many = one.question, len(one.question.schools)
        columns = question.columns(one.new)
        filled = [100.0 * one.load[j] / question.room[j] for j in columns if question.room[j]]
        rows.append(
            {
                "year": str(question.opening),
                "pupils": int(question.pupils.sum()),
                "places": int(question.room[:many].sum()) if question.is_limited else None,
                "places_new": int(question.room[columns[many:]].sum()) if question.is_limited else None,
                "open": len(one.new),
                "km_before": None if was is None else mean_km(question, was),
                "km_after": one.km,
                "beyond_before": None if was is None else _beyond(question, was),
                "beyond": _beyond(question, one.flow),
                "fullest": float(max(filled, default=0.0)) if question.is_limited else None,
            }
        )
    kinds = {"km_before": pl.Float64, "beyond_before": pl.Int64, "places": pl.Int64, "places_new": pl.Int64, "fullest": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=kinds)


def _beyond(question: Question, flow: Ints) -> int:
    return int((flow * (question.metres > question.norm)).sum())


def _loads(plan: Plan) -> pl.DataFrame:
    """Return the children and places of every school and every new one, year by year."""
    names, rows = codes(plan.question), []
    called = [*(one.name for one in plan.question.schools), *(one.name for one in plan.question.candidates)]
    for j in plan.question.columns(plan.new).tolist():
        for year in range(plan.question.years):
            one = plan.at(year)
            if j in one.question.columns(one.new) and (one.question.room[j] or one.load[j]):
                room = int(one.question.room[j]) if one.question.is_limited else None
                rows.append((names[j], called[j], str(one.question.opening), int(one.load[j]), room))
    schema = {"school": pl.String, "name": pl.String, "year": pl.String, "pupils": pl.Int64, "places": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def certificate(plan: Plan) -> Certificate:
    """Return who goes where, and the prices or the table of sites that prove the bound."""
    question = plan.question
    names = codes(question)
    parts = []
    for year, flow in enumerate(plan.flows):
        block, column = np.nonzero(flow)
        parts.append(
            pl.DataFrame(
                {
                    "year": [str(question.at(year).opening)] * len(block),
                    "village": [question.blocks[b].code for b in block],
                    "school": [names[j] for j in column],
                    "pupils": flow[block, column],
                    "km": question.metres[block, column] / _KM,
                },
                schema={"year": pl.String, "village": pl.String, "school": pl.String, "pupils": pl.Int64, "km": pl.Float64},
            )
        )
    goes = pl.concat(parts)
    numbers, proof = {"bound": question.km(plan.bound)}, {"goes": goes}
    told = proven_by_prices(plan)
    if told is not None and plan.price is not None:
        numbers["bound_by_prices"] = question.km(told)
        price = {"village": [one.code for one in question.blocks], "pupils": question.pupils, "price": plan.price * question.grain / _KM}
        proof["prices"] = pl.DataFrame(price, schema={"village": pl.String, "pupils": pl.Int64, "price": pl.Float64})
    return Certificate(how=ENGINES[_proof(plan)], numbers=numbers, tables=proof)


def _proof(plan: Plan) -> str:
    if plan.price is not None:
        return "whole" if plan.question.is_whole else "prices"
    if plan.table is not None:
        return "few_sites"
    return "search" if plan.question.count else "standing"


def codes(question: Question) -> list[str]:
    """Return the codes of all columns."""
    return [*(one.code for one in question.schools), *(one.code for one in question.candidates)]


def values(plan: Plan) -> pl.DataFrame:
    """Return what the county comes to with each candidate, the best first; null where places do not suffice."""
    question, table = plan.question, plan.table
    if table is None:
        return pl.DataFrame()
    order = np.argsort(table.total, kind="stable")
    km = [question.km(float(table.total[k])) if np.isfinite(table.total[k]) else None for k in order]
    base = question.km(table.without) if np.isfinite(table.without) else None
    least = min((one for one in km if one is not None), default=0.0)
    schema = {"site": pl.String, "pupils": pl.Int64, "total": pl.Float64, "saves": pl.Float64, "more": pl.Float64}
    rows = [
        (
            question.candidates[k].code,
            int(table.load[k]) if value is not None else None,
            value,
            None if value is None or base is None else base - value,
            None if value is None else value - least,
        )
        for k, value in zip(order.tolist(), km, strict=True)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _chosen(plan: Plan) -> pl.DataFrame:
    question = plan.question
    rows = []
    for site in plan.new:
        one, column = question.candidates[site], len(question.schools) + site
        here = plan.flow[:, column]
        km = float((here * np.where(here > 0, question.metres[:, column], 0.0)).sum()) / _KM / max(int(here.sum()), 1)
        far = float(np.where(here > 0, question.metres[:, column], 0.0).max(initial=0.0)) / _KM
        places = int(question.room[column]) if question.is_limited else None
        year = str(question.at(plan.begin(site)).opening)
        rows.append((one.code, one.name, year, places, int(here.sum()), round(km, 2), round(far, 2), one.yuan))
    schema = {
        "site": pl.String,
        "name": pl.String,
        "year": pl.String,
        "places": pl.Int64,
        "pupils": pl.Int64,
        "mean_km": pl.Float64,
        "farthest_km": pl.Float64,
        "yuan": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("year", "pupils", "site", descending=[False, True, False])


def _villages(plan: Plan, before: Ints | None) -> pl.DataFrame:
    question, names = plan.question, codes(plan.question)
    blocks = len(question.blocks)
    after = _ends(question, plan.flow, names)
    was = _ends(question, before, names) if before is not None else None
    beyond = ((plan.flow > 0) & (question.metres > question.norm)) * plan.flow
    frame = {
        "village": [one.code for one in question.blocks],
        "pupils": question.pupils,
        "school_before": was[0] if was else [None] * blocks,
        "school_after": after[0],
        "km_before": was[1] if was else [None] * blocks,
        "km_after": after[1],
        "beyond": beyond.sum(axis=1),
    }
    schema = {
        "village": pl.String,
        "pupils": pl.Int64,
        "school_before": pl.String,
        "school_after": pl.String,
        "km_before": pl.Float64,
        "km_after": pl.Float64,
        "beyond": pl.Int64,
    }
    return pl.DataFrame(frame, schema=schema)


def _ends(question: Question, flow: Ints, names: list[str]) -> tuple[list[str], list[float]]:
    """Return where most of each village go, and the mean way of all."""
    ways: Floats = (flow * np.where(flow > 0, question.metres, 0.0)).sum(axis=1) / _KM / np.maximum(flow.sum(axis=1), 1)
    return [names[j] for j in flow.argmax(axis=1)], [round(float(km), 2) for km in ways]


def _schools(plan: Plan, before: Ints | None) -> pl.DataFrame:
    question = plan.question
    many = len(question.schools)
    was = [None] * many if before is None else before.sum(axis=0)[:many].tolist()
    frame = {
        "school": [one.code for one in question.schools],
        "places": question.room[:many] if question.is_limited else [None] * many,
        "pupils_before": was,
        "pupils_after": plan.load[:many],
    }
    schema = {"school": pl.String, "places": pl.Int64, "pupils_before": pl.Int64, "pupils_after": pl.Int64}
    return pl.DataFrame(frame, schema=schema)
