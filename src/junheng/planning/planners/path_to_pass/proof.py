"""What a reader needs to check the plan: what helps first, and each coefficient in exact numbers with its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import polars as pl

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.choose import Chosen, coefficient, is_kept, numerator, spread_parts
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.planners.path_to_pass.steps import Made
from junheng.planning.planners.path_to_pass.tomorrow import passes
from junheng.planning.proposal import Certificate

_FREE, _AT_ONCE = "order.free", "order.at_once"
WORDS = {
    _FREE: Text("先做：不花钱的调配", "First: moves that cost nothing"),
    _AT_ONCE: Text("再做：当年见效的", "Then: what helps within the year"),
    **{f"order.{years}": Text(f"再做：需{years}年见效的", f"Then: what takes {years} year(s)") for years in range(1, 10)},
}
_ORDER = {
    "phase": pl.String,
    "steps": pl.Int64,
    "yuan": pl.Float64,
    "total": pl.Float64,
    "schools": pl.Int64,
    "coefficients": pl.Int64,
}
_EXACT = {"stage": pl.String, "item": pl.String, "squared": pl.String, "limit_squared": pl.String, "room": pl.String, "kept": pl.Boolean}
_PARTS = {"stage": pl.String, "item": pl.String, "school": pl.String, "amount": pl.String, "weight": pl.String}
_DIGITS = 15


def order(question: Question, chosen: Chosen, made: Made) -> pl.DataFrame:
    """Return the steps by the time they take, what is free first, and what passes when each part is done."""
    groups: dict[str, list[str]] = {}
    for line in made.lines:
        name = f"order.{line.measure.lead_years}" if line.measure.lead_years else _AT_ONCE
        groups.setdefault(name, []).append(line.measure.id)
    moves = {move.measure.id for move in made.moves}
    rows = [("order.today", 0, 0.0, 0.0, *standing(question, replace(chosen, adds={}, leaves={})))]
    done, total = set(moves), Decimal(0)
    if moves:
        rows.append((_FREE, len(made.moves), 0.0, 0.0, *standing(question, _only(chosen, done))))
    for name in sorted(groups, key=lambda each: (each != _AT_ONCE, each)):
        done |= set(groups[name])
        part = [line for line in made.lines if line.measure.id in groups[name]]
        yuan = sum((line.yuan for line in part), Decimal(0))
        total += yuan
        rows.append((name, len(part), float(yuan), float(total), *standing(question, _only(chosen, done))))
    return pl.DataFrame(rows, schema=_ORDER, orient="row")


def _only(chosen: Chosen, names: set[str]) -> Chosen:
    adds = {key: many for key, many in chosen.adds.items() if key[0] in names}
    return replace(chosen, adds=adds, leaves={key: many for key, many in chosen.leaves.items() if key[0] in names})


def standing(question: Question, chosen: Chosen) -> tuple[int, int]:
    """Return how many schools pass and how many coefficients are within their limits when amounts are done."""
    ids = question.judged.schools_items
    held = 0
    for unit in question.judged.units:
        known = [item for item in ids if (unit, item) in question.judged.cells]
        held += passes(question, unit, {item: numerator(question, chosen, unit, item, own=False) for item in known})
    told = [key for key, (limit, verdict, _) in question.judged.spreads.items() if limit is not None and verdict != "no_data"]
    return held, sum(is_kept(question, chosen, *key) for key in told)


def certificate(question: Question, chosen: Chosen) -> Certificate:
    """Return each coefficient squared in exact numbers against its limit, and the numbers from which anyone can work it out again."""
    how = Text(
        "差异系数²=Σ权重×Σ(数量²÷权重)÷(Σ数量)²−1，按“逐校数量”表用分数精确计算，不留误差；下界来自把整数放松、差异系数用切线代替的线性规划，切线不排除任何可行方案。",
        "Coefficient² = Σ weight × Σ (amount² / weight) / (Σ amount)² − 1, worked out in fractions from the table of amounts, without"
        " tolerance; the bound is of linear programs with fewer whole numbers and tangents for the coefficients, which cut off no plan.",
    )
    keys = [
        key
        for key, (limit, verdict, _) in sorted(question.judged.spreads.items())
        if limit is not None and verdict != "no_data" and key not in question.spreads_out
    ]
    tables = {
        "exact": pl.DataFrame([_exact(question, chosen, key) for key in keys], schema=_EXACT, orient="row"),
        "parts": pl.DataFrame([row for key in keys for row in _parts(question, chosen, key)], schema=_PARTS, orient="row"),
    }
    return Certificate(how=how, numbers={"objective": chosen.objective, "bound": chosen.bound}, tables=tables)


def _exact(question: Question, chosen: Chosen, key: tuple[str, str]) -> tuple[object, ...]:
    limit = Fraction(question.judged.spreads[key][0] or 0) ** 2
    found = coefficient(question, chosen, *key)
    return (*key, _rounded_up(found), str(limit), _rounded_down(limit - found), found <= limit)


def _rounded_up(number: Fraction) -> str:
    scaled = -(-number.numerator * 10**_DIGITS // number.denominator)
    return f"{Decimal(scaled).scaleb(-_DIGITS):f}"


def _rounded_down(number: Fraction) -> str:
    scaled = number.numerator * 10**_DIGITS // number.denominator
    return f"{Decimal(scaled).scaleb(-_DIGITS):f}"


def _parts(question: Question, chosen: Chosen, key: tuple[str, str]) -> Iterator[tuple[object, ...]]:
    for unit, amount, weight in spread_parts(question, chosen, *key):
        yield (*key, unit[0], str(amount), str(weight))
