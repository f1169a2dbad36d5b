"""What cannot pass at any price: items that no measure lifts to their limit, conditions that a kindergarten cannot come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from junheng.errors import Text
from junheng.planning.planners.path_to_inclusive.gardens import Condition
from junheng.planning.planners.path_to_inclusive.measures import ENROLLED
from junheng.planning.planners.path_to_inclusive.model import gained
from junheng.planning.planners.path_to_inclusive.question import Item, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Unable:
    """An item of the county, or a condition of a kindergarten, that cannot come up to what is asked."""

    school: str  # "" for an item of the county
    item: str
    why: Text


def without_the_unable(question: Question) -> tuple[Question, tuple[Unable, ...]]:
    """Return the question for the rest, and what was left out with its reasons."""
    items = tuple(_items(question))
    sites = tuple(_conditions(question))
    place = {garden.school: k for k, garden in enumerate(question.gardens)}
    asked = replace(
        question,
        left_out=frozenset(one.item for one in items),
        unable=frozenset((one.item, place[one.school]) for one in sites),
    )
    return asked, (*items, *sites)


def _items(question: Question) -> Iterator[Unable]:
    for item in question.items:
        if item.left() >= 0:
            continue
        most = float(item.left()) + _most(question, item)
        if most >= 0:
            continue
        now, limit = f"{item.value():,.2f}", f"{item.limit.normalize():f}"
        if not any(item.id in action.items for action in question.actions):
            yield Unable(
                school="",
                item=item.id,
                why=Text(f"现为{now}，要求{limit}；没有能改变它的措施", f"{now} today, {limit} asked; no measure changes it"),
            )
        else:
            zh, en = (
                f"现为{now}，要求{limit}；所有措施用到上限仍不够",
                f"{now} today, {limit} asked; every measure at its most is not enough",
            )
            yield Unable(school="", item=item.id, why=Text(zh, en))


def _most(question: Question, item: Item) -> float:
    """Return the most that all measures together can add to `Item.left`, each asked alone."""
    groups: dict[tuple[int, str], float] = {}
    total = 0.0
    for k, action in enumerate(question.actions):
        gain = max(0.0, gained(item, action.items.get(item.id, (0.0, 0.0)))) * action.most
        key = (action.garden, action.group or str(k))
        groups[key] = max(groups.get(key, 0.0), gain)
    total = sum(groups.values())
    return min(total, float(question.at_home * item.scale)) if item.id == ENROLLED else total


def _conditions(question: Question) -> Iterator[Unable]:
    asked = {name for share in question.shares for name in share.of}
    for condition in question.conditions:
        for place, garden in enumerate(question.gardens):
            if condition.id in asked and condition.holds(garden.has) is False and not reachable(question, condition, place):
                yield Unable(school=garden.school, item=condition.id, why=_ceilings(question, condition, place))


def reachable(question: Question, condition: Condition, place: int) -> bool:
    """Return whether a kindergarten can come to a condition when each measure that helps is at its most."""
    return any(all(_highest(question, place, dict(sums)) >= 0 for sums in way) for way in condition.any_of)


def _highest(question: Question, place: int, sums: dict[str, float]) -> float:
    garden = question.gardens[place]
    total = sum(factor * garden.known(name) for name, factor in sums.items())
    for action in question.actions:
        if action.garden == place:
            total += max(0.0, sum(factor * action.adds.get(name, 0.0) for name, factor in sums.items())) * action.most
    return total


def _ceilings(question: Question, condition: Condition, place: int) -> Text:
    """Return how much of each measure that would help a kindergarten can take."""
    zh, en = [], []
    needs = condition.needs() - {"pupils", "classes"}
    for action in question.actions:
        if action.garden == place and any(action.adds.get(name, 0.0) > 0 for name in needs):
            many = Decimal(action.most) * action.measure.grain
            zh.append(f"{action.measure.title.zh}最多{many:,}")
            en.append(f"{action.measure.title.en}: at most {many:,}")
    none = Text("没有余地或占地、园舍未填报", "no room, or site and rooms are not known")
    return Text("、".join(zh) + "，仍不够", ", ".join(en) + ", which is not enough") if zh else none
