"""A plan that passes in several years: the year of the brief, and as many after it as are asked for.

Amounts are the same in all these years. What is sought is a plan for the year that asks most of each item at each school (a little more
than that where teachers leave meanwhile), and coefficients are looked at in fractions in every year; where one is beyond its limit in a
later year the limit of the search is made tighter. That leaves out plans; so the bound is that of the single years, of which the
dearest counts: no plan that passes in all of them costs less than one that passes in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.choose import Chosen, coefficient, is_kept
from junheng.planning.planners.path_to_pass.effects import Cell
from junheng.planning.planners.path_to_pass.pinned import with_pins
from junheng.planning.planners.path_to_pass.question import Question, ask
from junheng.planning.planners.path_to_pass.unable import Unable
from junheng.planning.proposal import Brief
from junheng.planning.solve import Impossible, Unproven
from junheng.standards.rulebook import Rulebook

_AGAIN = 8
_TRIFLE = Decimal("0.0001")  # of a limit, when a later year broke it


class Years(NamedTuple):
    """The question of the year of the brief, that which is sought (no easier in any year), and those of the later years."""

    own: Question
    sought: Question
    later: tuple[Question, ...]
    unable: tuple[Unable, ...]


def of_years(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, *, soon: bool = True) -> Years:
    """Return the questions that a brief asks. Raises as `ask` and `with_pins` do."""
    first, more = int(declaration.value(brief, "years")), int(declaration.value(brief, "keep"))
    own = ask(county, rules, brief, declaration, soon=soon)
    after = [replace(brief, options={**brief.options, "years": first + k}) for k in range(1, more + 1)]
    later = [ask(county, rules, each, declaration, soon=soon) for each in after]
    sought, unable = with_pins(_hardest(own, later), brief)

    def told(question: Question) -> Question:
        return replace(question, left_out=sought.left_out, spreads_out=sought.spreads_out)

    bounded = replace(told(own), least=sought.least, most=sought.most, gives=sought.gives)
    return Years(bounded, sought, tuple(told(each) for each in later), unable)


def _hardest(own: Question, later: list[Question]) -> Question:
    if not later:
        return own
    cells = {key: _merged(cell, [each.judged.cells.get(key) for each in later]) for key, cell in own.judged.cells.items()}
    return replace(own, judged=replace(own.judged, cells=cells))


def _merged(cell: Cell, later: list[Cell | None]) -> Cell:
    """Return an item that asks as much as that of any year: what is lost meanwhile is added to the need, at the lower limit too."""
    found = [each for each in later if each is not None]
    lost = [max(Decimal(0), cell.counted - each.counted) * 2 for each in found]  # the lower limit is more than half of the limit
    need = max([cell.need, *(each.need + less for each, less in zip(found, lost, strict=True))])
    adds = {key: min([value, *(each.adds.get(key, Decimal(0)) for each in found)]) for key, value in cell.adds.items()}
    return replace(cell, need=need, adds={key: value for key, value in adds.items() if value})


def settled(years: Years, find: Callable[[Question], Chosen | Impossible | Unproven]) -> tuple[Chosen | Impossible | Unproven, Question]:
    """Return the plan, and the question that was sought in the end."""
    sought = years.sought
    chosen = find(sought)
    if not years.later or not isinstance(chosen, Chosen):
        return chosen, sought
    singles = [find(each) for each in (years.own, *years.later)]
    bound = max(each.bound for each in singles if isinstance(each, Chosen | Unproven))
    for _ in range(_AGAIN):
        broken = [found for each in years.later for found in _broken(each, chosen)]
        if not broken:
            return replace(chosen, bound=min(bound, chosen.objective)), sought
        sought = replace(sought, judged=replace(sought.judged, spreads=_tighter(sought, broken)))
        chosen = find(sought)
        if not isinstance(chosen, Chosen):
            break
    return Unproven(bound=bound), sought


_Spreads = Mapping[tuple[str, str], tuple[Decimal | None, str, float | None]]


def _tighter(sought: Question, broken: list[tuple[tuple[str, str], float]]) -> _Spreads:
    """Return the limits of the search, each lower by as much as a later year was beyond its own, and a trifle."""
    spreads = dict(sought.judged.spreads)
    for key, times in broken:
        limit, verdict, value = spreads[key]
        least = (sought.judged.spreads[key][0] or Decimal(0)) / Decimal(repr(times)) * (1 - _TRIFLE)
        spreads[key] = (min(limit or least, least), verdict, value)
    return spreads


def keeps_later(years: Years, chosen: Chosen) -> bool:
    """Return whether a plan keeps every coefficient in the later years, too."""
    return not any(True for each in years.later for _ in _broken(each, chosen))


def _broken(question: Question, chosen: Chosen) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield the coefficients beyond their limits, and how many times their limit they are."""
    for key, (limit, verdict, _) in question.judged.spreads.items():
        if limit is not None and verdict != "no_data" and key not in question.spreads_out and not is_kept(question, chosen, *key):
            yield key, float(coefficient(question, chosen, *key)) ** 0.5 / float(limit)
