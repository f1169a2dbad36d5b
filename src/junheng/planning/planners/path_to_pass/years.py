"""Years: what begins when, so that the money is there and it is done in time; whether the county still passes in the years after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from junheng.indicators import evaluate
from junheng.model.change import Change, apply
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.drift import losses, then
from junheng.planning.planners.path_to_pass.effects import Measured
from junheng.planning.planners.path_to_pass.measures import Measure
from junheng.planning.planners.path_to_pass.question import Question, Target
from junheng.planning.solve.engine import Limits
from junheng.standards.rulebook import Rulebook

FURTHEST = 5
QUICK = Limits(gap=0.02, nodes=200, seconds=20.0)
_LATER = {"year": pl.Int64, "missed": pl.Int64, "spreads": pl.Int64}


class Line(NamedTuple):
    """One measure at one school, begun in one year."""

    measure: Measure
    at: Target
    portions: int
    yuan: Decimal
    start: int


def scheduled(question: Question, adds: dict[tuple[str, Target], int]) -> tuple[list[Line], Decimal]:
    """Return the measures by the year in which they begin, and the yuan for which there is no year with money.

    Every year brings its budget, and what is left of it goes on to the next. Whole things first, those that take longest before others;
    what comes in portions is shared over the years.
    """
    years = max(1, question.years)
    money = _Money([question.budget] * years)
    kinds = {measure.id: measure for measure in question.measures if measure.kind == "add"}
    wanted = [(kinds[name], at, many) for (name, at), many in adds.items() if name in kinds]
    wanted.sort(key=lambda each: (-each[0].lead_years, not each[0].switched(), -each[0].yuan * each[2], each[0].id, each[1]))
    lines: list[Line] = []
    for measure, at, many in wanted:
        last = years - max(1, min(measure.lead_years, years))  # the last year in which it may begin
        for portions, turn in money.taken(measure, many, last):
            yuan = measure.yuan * portions + measure.fixed_yuan
            lines.append(Line(measure, at, portions, yuan, question.county.year + turn))
    lines.sort(key=lambda line: (line.start, line.measure.lead_years, line.yuan, line.measure.id, line.at))
    return lines, money.lacking


class _Money:
    """The money of the years: what is spent in a year was given by then."""

    def __init__(self, budget: Sequence[Decimal]) -> None:
        self._given, self._spent = list(budget), [Decimal(0)] * len(budget)
        self.lacking = Decimal(0)

    def _free(self, turn: int) -> Decimal:
        """Return what can be spent in a year without taking from what later years have spent."""
        left = Decimal(0)
        least = None
        for given, spent in zip(self._given, self._spent, strict=True):
            left += given - spent
            turn -= 1
            if turn < 0:
                least = left if least is None else min(least, left)
        return least or Decimal(0)

    def taken(self, measure: Measure, many: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield portions and the year in which they begin; as late as none is put off that must begin earlier."""
        left = many
        for turn in range(last + 1):
            can = self._portions(measure, left, self._free(turn))
            if not can:
                continue
            self._spent[turn] += measure.yuan * can + measure.fixed_yuan
            left -= can
            yield can, turn
            if not left:
                return
        self._spent[last] += measure.yuan * left + measure.fixed_yuan
        self.lacking += measure.yuan * left + measure.fixed_yuan
        yield left, last

    @staticmethod
    def _portions(measure: Measure, left: int, free: Decimal) -> int:
        if measure.switched():  # begun once, or not
            return left if measure.yuan * left + measure.fixed_yuan <= free else 0
        return left if not measure.yuan else min(left, int(free // measure.yuan)) if free > 0 else 0


def later(county: County, judged: Measured, rules: Rulebook, changes: Sequence[Change], after: int, replaced: Decimal) -> pl.DataFrame:
    """Return how many schools and coefficients miss their limits when the plan is done, with the pupils and teachers of later years."""
    known = sorted({year for year in county.tables["school_pupils_ahead"]["year"].to_list() if year > after})
    if not known:
        return pl.DataFrame(schema=_LATER)
    done = apply(county, list(changes))
    counties = [replace(then(done, year, losses(county, rules, year, replaced)), code=f"{year:06d}") for year in known]
    card = evaluate(counties, judged.framework, rules)
    rows = []
    for year in known:
        units = card.units.filter((pl.col("county") == f"{year:06d}") & (pl.col("verdict") == "missed"))
        items = card.items.filter((pl.col("county") == f"{year:06d}") & (pl.col("verdict") == "missed") & pl.col("school").is_null())
        rows.append((year, units.filter(pl.col("school").is_not_null()).height, items.height))
    return pl.DataFrame(rows, schema=_LATER, orient="row")
