"""Which measures: the cheapest amounts that keep every rule, and what each rule that binds would save by giving way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.path_to_inclusive.model import Eased, model
from junheng.planning.planners.path_to_inclusive.question import Item, Question, Share
from junheng.planning.proposal import Price
from junheng.planning.solve import Amount, Impossible, Limits, Unproven, Watch, solve

_NEARLY = 0.93  # of a saving is proven: then it counts as proven


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Portions by the place of the action, and how far from the best possible they may be."""

    portions: Mapping[int, int]
    objective: float
    bound: float
    amounts: tuple[Amount, ...]

    def has(self, question: Question, place: int) -> dict[str, float | None]:
        """Return the quantities of a kindergarten when the measures are done; what was not known stays so."""
        has = dict(question.gardens[place].has)
        for k in question.by_garden[place]:
            for name, each in question.actions[k].adds.items() if k in self.portions else ():
                now = has.get(name)
                has[name] = None if now is None else now + each * self.portions[k]
        return has

    def many(self, question: Question, place: int, names: tuple[str, ...]) -> int:
        """Return the portions of some measures at a kindergarten."""
        mine = ((question.actions[k], many) for k, many in self.portions.items())
        return sum(many for action, many in mine if action.garden == place and action.measure.id in names)

    def more(self, question: Question, item: Item) -> tuple[Decimal, Decimal]:
        """Return what the measures add to numerator and denominator of an item, exactly."""
        above = below = Decimal(0)
        for k, many in self.portions.items():
            each = question.actions[k].items.get(item.id)
            if each:
                above, below = above + Decimal(str(each[0])) * many, below + Decimal(str(each[1])) * many
        return above, below


def choose(question: Question, limits: Limits, seed: int, watch: Watch, eased: Eased | None = None) -> Chosen | Impossible | Unproven:
    """Return the cheapest amounts; every item is then looked over in exact numbers."""
    made = model(question, eased)
    answer = solve(made.program, limits, seed=seed, watch=watch)
    if isinstance(answer, Impossible) or answer.values is None or answer.objective is None:
        return answer if isinstance(answer, Impossible | Unproven) else Unproven(bound=answer.bound)
    whole = np.rint(answer.of(made.amount)).astype(int).tolist()
    portions = {k: many for k, many in enumerate(whole) if many}
    amounts = tuple(each for each in answer.amounts if each.amount)  # what is not done is not listed
    cost = sum((question.actions[k].yuan * many + question.actions[k].fixed for k, many in portions.items()), Decimal(0))
    return Chosen(portions=portions, objective=float(cost), bound=min(answer.bound, float(cost)), amounts=amounts)


def broken(question: Question, chosen: Chosen) -> list[str]:
    """Return the items and shares that amounts do not keep, in exact numbers."""
    items = [each.id for each in question.items if each.id not in question.left_out and each.left(chosen.more(question, each)) < 0]
    return items + [each.id for each in question.shares if met(question, chosen, each) < each.needed - _lost(question, each)]


def _lost(question: Question, share: Share) -> int:
    """Return how many kindergartens too few can come to a condition."""
    able = sum(all((name, place) not in question.unable for name in share.of) for place in share.among)
    return max(0, share.needed - able)


def met(question: Question, chosen: Chosen, share: Share) -> int:
    """Return how many kindergartens meet a condition when the measures are done."""
    asked = {each.id: each for each in question.conditions}
    return sum(all(asked[name].holds(chosen.has(question, place)) for name in share.of) for place in share.among)


def prices(question: Question, chosen: Chosen, step: Decimal, limits: Limits, watch: Watch) -> Iterator[Price]:
    """Yield what is saved where a limit gives way: an item by a step of its own unit, a condition by one kindergarten.

    What is told is what two plans differ by. Only what is missed today is asked for: nothing else has cost anything.
    """
    if not step or not chosen.objective:
        return
    for eased, rule, unit in _can_give_way(question, step):
        answer = choose(question, limits, 0, watch, eased)
        if isinstance(answer, Chosen):
            saves, sure = max(0.0, chosen.objective - answer.objective), max(0.0, chosen.bound - answer.objective)
            gain = Text(f"可省{saves:,.0f}元", f"saves {saves:,.0f} yuan") if saves else Text("不省钱", "saves nothing")
            proven = sure >= _NEARLY * saves and (saves > 0 or chosen.objective - answer.bound <= limits.gap * chosen.objective)
            yield Price(
                rule=Text(f"{rule.zh}，{gain.zh}", f"{rule.en} {gain.en}"), saves=saves, by=float(eased.by), unit=unit, proven=proven
            )


def _can_give_way(question: Question, step: Decimal) -> Iterator[tuple[Eased, Text, str]]:
    """Yield the limits that are missed today, each with its sentence and the unit in which it gives way."""
    for item in question.items:
        if item.left() >= 0 or item.id in question.left_out:
            continue
        by = min(step, item.limit) if item.at_least else step
        to = item.limit - by if item.at_least else item.limit + by
        from_, to_ = f"{item.limit.normalize():f}", f"{to.normalize():f}"
        yield Eased(item.id, by), Text(f"{item.title.zh}限值从{from_}放宽到{to_}", f"{item.title.en}: limit from {from_} to {to_}"), "1"
    nothing = Chosen(portions={}, objective=0.0, bound=0.0, amounts=())
    for share in question.shares:
        needed = share.needed - _lost(question, share)
        if needed > 0 and met(question, nothing, share) < needed:
            zh, en = f"{share.title.zh}：要求从{needed}所放宽到{needed - 1}所", f"{share.title.en}: {needed - 1} asked, no longer {needed},"
            yield Eased(share.id, Decimal(1)), Text(zh, en), "schools"
