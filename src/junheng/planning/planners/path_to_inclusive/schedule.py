"""What begins in which year, so that it is done in time and the money of each year suffices; what one year leaves goes on to the next.

What takes longest begins first. The program keeps, for each number of years L, what takes L years or more within the money of the years
in which it may still begin; so there is a year for everything, and none has to be looked for again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from junheng.errors import Text
from junheng.planning.planners.path_to_inclusive.measures import Action


def in_time(years: int, budget: Decimal) -> Iterator[tuple[int, Decimal, Text]]:
    """Yield for each number of years: what takes so long or longer (1: everything), the money there is for it, and the rule in words."""
    each = f"{budget / 10_000:,.0f}"
    for lead in range(1, years + 1):
        begins = years - lead + 1
        money = budget * begins
        if lead == 1:
            zh, en = f"{years}年的资金，每年{each}万元", f"the money of {years} years, {budget:,.0f} yuan each"
        else:
            zh = f"{lead}年以上见效的须在前{begins}年开始，每年{each}万元"
            en = f"what takes {lead} years or more begins in the first {begins}, with {budget:,.0f} yuan each"
        yield lead, money, Text(zh, en)


def starts(costs: Sequence[tuple[Action, Decimal]], years: int, budget: Decimal) -> list[int]:
    """Return in which of the years each measure begins, 0 for the first; all in the first where it is judged by this year's children.

    Each begins in the first year in which it takes no money that what is placed already needs.
    """
    turn, spent = [0] * len(costs), [Decimal(0)] * max(1, years)
    last = [max(0, years - max(1, action.lead_years)) for action, _ in costs]
    for k in sorted(range(len(costs)), key=lambda k: (last[k], -costs[k][1], k)) if years else ():
        turn[k] = next((begin for begin in range(last[k]) if costs[k][1] <= _free(spent, begin, budget)), last[k])
        spent[turn[k]] += costs[k][1]
    return turn


def _free(spent: Sequence[Decimal], begin: int, budget: Decimal) -> Decimal:
    """Return the money of a year that no later year needs."""
    return min(budget * (turn + 1) - sum(spent[: turn + 1], Decimal(0)) for turn in range(begin, len(spent)))
