"""The steps of a plan for a reader who has no time for all: how many of each kind, the largest ones, the parts of the objective."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from junheng.errors import Text
from junheng.planning.proposal import Step
from junheng.workflow.propose_words import number
from junheng.workflow.views.proposals import AmountLine, Line

_TOLD = 10
_MORE, _LESS = "增加的", "减少的"


def step_kinds(steps: Sequence[Step]) -> tuple[Line, ...]:
    """Return the kinds of steps, those with most first; () where the planner tells no kinds."""
    found: dict[Text, list[Step]] = {}
    for step in steps:
        if step.kind is not None:
            found.setdefault(step.kind, []).append(step)
    ordered = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return tuple(Line(kind, _counted(of_kind)) for kind, of_kind in ordered)


def _counted(steps: Sequence[Step]) -> Text:
    zh, en = [f"{len(steps)}步"], [f"{len(steps)} step(s)"]
    costs = [step.yuan for step in steps if step.yuan is not None]
    for told, word in (([step.pupils for step in steps], ("学生", "pupils")), ([step.teachers for step in steps], ("教师", "teachers"))):
        total = sum(one for one in told if one)
        zh += [f"{word[0]}{total:,}人"] if total else []
        en += [f"{total:,} {word[1]}"] if total else []
    if len(costs) == len(steps) and sum(costs, Decimal(0)):
        zh, en = [*zh, f"费用{number(sum(costs, Decimal(0)))}元"], [*en, f"{number(sum(costs, Decimal(0)))} yuan"]
    return Text("，".join(zh), ", ".join(en))


def largest(steps: Sequence[Step]) -> tuple[int, ...]:
    """Return the places of the steps that cost most, then of those that concern most, as many as a page holds, in their order.

    Of steps that are alike in this some of every kind are taken.
    """
    turn = Counter[Text | None]()
    keys = []
    for place, step in enumerate(steps):
        keys.append((-(step.yuan or 0), -(step.pupils or 0), -(step.teachers or 0), turn[step.kind], place))
        turn[step.kind] += 1
    return tuple(sorted(place for *_, place in sorted(keys)[:_TOLD]))


def part_words(part: AmountLine) -> Text:
    """Return a part of the objective as a sentence; more of something that is below nothing is less of it."""
    if part.value < 0 and part.title.zh.startswith(_MORE):
        title, shown = f"{_LESS}{part.title.zh.removeprefix(_MORE)}", part.shown.removeprefix("-").removeprefix("−")
        return Text(f"其中{title}：{shown} {part.unit.zh}", f"of which {part.title.en}: {part.shown} {part.unit.en}")
    return Text(f"其中{part.title.zh}：{part.shown} {part.unit.zh}", f"of which {part.title.en}: {part.shown} {part.unit.en}")
