"""What is saved where the limit of an item of schools gives way, how many items a school must meet, or the lower limit of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.choose import Chosen, choose, numerator
from junheng.planning.planners.path_to_pass.question import Question, percent, yuan_words
from junheng.planning.proposal import Price
from junheng.planning.solve import Limits, Watch
from junheng.standards.framework import Requirement

_CENT = 0.5  # yuan
_NEARLY = 0.93  # of a saving is proven: then it counts as proven


def limit_prices(question: Question, chosen: Chosen, step: Decimal, limits: Limits, watch: Watch) -> Iterator[Price]:
    """Yield what each rule that binds costs: an item whose limit gives way by a share of it, one item fewer, a lower floor."""
    if not step or not chosen.objective:
        return
    for asked, rule, by, unit in (*_items(question, chosen, step), *_enough(question), *_floor(question, step)):
        if watch.cancelled is not None and watch.cancelled():
            return
        answer = choose(asked, limits, 0, Watch(cancelled=watch.cancelled))
        if not isinstance(answer, Chosen):
            continue
        saves, sure = _yuan(chosen.objective - answer.objective), max(0.0, chosen.bound - answer.objective)
        most = max(0.0, chosen.objective - answer.bound)
        proven = sure >= _NEARLY * saves and (saves > 0 or most <= limits.gap * chosen.objective)
        money = yuan_words(saves)
        gain = Text(f"可省{money.zh}", f"saves {money.en}") if saves else Text("不省钱", "saves nothing")
        yield Price(rule=Text(f"{rule.zh}，{gain.zh}", f"{rule.en} {gain.en}"), saves=saves, by=by, unit=unit, proven=proven)


def _yuan(more: float) -> float:
    """Return a difference of two plans: less than half a yuan is the engine's rounding."""
    return more if more >= _CENT else 0.0


Asked = tuple[Question, Text, float, str]


def _items(question: Question, chosen: Chosen, step: Decimal) -> Iterator[Asked]:
    """Yield the items that some school came to meet by the plan, each with its limit lower by a share."""
    for item in question.judged.schools.requirements:
        cells = {key: cell for key, cell in question.judged.cells.items() if key[1] == item.id}
        lifted = [key for key, cell in cells.items() if cell.counted < cell.need <= numerator(question, chosen, key[0], item.id, own=False)]
        if not lifted:
            continue
        eased = {key: replace(cell, need=cell.need * (1 - step), limit=cell.limit * (1 - step)) for key, cell in cells.items()}
        lowered = sorted({(cell.limit, eased[key].limit) for key, cell in cells.items()})
        numbers = "、".join(f"{_plain(a)}→{_plain(b)}" for a, b in lowered)
        rule = Text(
            f"第{item.number}项“{item.title.zh}”限值降低{step:.0%}（{numbers}）", f"{item.number}: {item.title.en}, limit {step:.0%} lower"
        )
        yield _with_cells(question, eased), rule, float(step * 100), "%"


def _plain(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.0001')).normalize():f}"


def _with_cells(question: Question, eased: object) -> Question:
    cells = {**question.judged.cells, **eased}  # type: ignore[dict-item]
    return replace(question, judged=replace(question.judged, cells=cells))


def _with_part(question: Question, **changes: object) -> Question:
    part = replace(question.judged.schools, **changes)  # type: ignore[arg-type]
    return replace(question, judged=replace(question.judged, schools=part))


def _enough(question: Question) -> Iterator[Asked]:
    passes = question.judged.schools.passes
    if passes.met is not None and passes.met > 1:
        fewer = passes._replace(met=passes.met - 1)
        rule = Text(
            f"每校达标项数从{passes.met}项放宽到{passes.met - 1}项", f"items that a school must meet from {passes.met} to {passes.met - 1}"
        )
        yield _with_part(question, passes=fewer), rule, 1.0, "items"


def _floor(question: Question, step: Decimal) -> Iterator[Asked]:
    items = question.judged.schools.requirements
    now = {item.near for item in items if item.near is not None}
    if len(now) != 1:
        return
    near = now.pop()

    def lower(item: Requirement) -> Requirement:
        return item if item.near is None else replace(item, near=near - step)

    rule = Text(
        f"其余项的底线从{percent(near)}放宽到{percent(near - step)}",
        f"lower limit of the other items from {percent(near)} to {percent(near - step)}",
    )
    yield _with_part(question, requirements=tuple(lower(item) for item in items)), rule, float(step * 100), "%"
