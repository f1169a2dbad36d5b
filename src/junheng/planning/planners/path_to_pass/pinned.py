"""What must be done and what must not: measures pinned or forbidden at a school, or forbidden everywhere.

Both are ceilings and floors of amounts. A school that could pass, and cannot once something is forbidden, is not left out: the brief is
then impossible, and what is forbidden is named beside the school.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from junheng.documents import finding
from junheng.errors import DataError, Finding, Infeasible, Place, Text
from junheng.planning.declaration import EVERYWHERE
from junheng.planning.planners.path_to_pass.question import STAGES, Question, Target, unit_name
from junheng.planning.planners.path_to_pass.unable import Unable, without_the_unable
from junheng.planning.planners.path_to_pass.zone_pins import of_measures
from junheng.planning.proposal import Brief


def with_pins(question: Question, brief: Brief) -> tuple[Question, tuple[Unable, ...]]:
    """Return the question that the brief asks, without what cannot pass whatever is forbidden, and what that is with its reasons.

    Raises DataError for a pin that a school has no room for, Infeasible for what only a forbidden measure could bring to pass.
    """
    brief = of_measures(brief)
    free, unable = without_the_unable(question)
    if not brief.pins and not brief.forbids:
        return free, unable
    least = dict(_floors(free, brief))
    lacking = [_no_room(free, key) for key, many in least.items() if many > free.most[key]]
    lacking += list(_nowhere(free, brief))
    if lacking:
        raise DataError(lacking)
    never = frozenset(_forbidden(free, brief))
    most = {key: 0 if key in never else many for key, many in free.most.items()}
    gives = {key: 0 if key in never else many for key, many in free.gives.items()}
    held = free.changed(lambda year: replace(year, least=least, most=most, gives=gives))
    against = list(_against(held, brief)) if never else []
    if against:
        raise Infeasible(against)
    return held, unable


def _floors(question: Question, brief: Brief) -> Iterator[tuple[tuple[str, Target], int]]:
    for pin in brief.pins:
        measure = next(each for each in question.measures if each.id == pin.to) if _known(question, pin.to) else None
        for at in question.targets.get(pin.to, ()):
            if measure and at[0] == pin.what[1]:
                yield (pin.to, at), measure.least


def _known(question: Question, name: str) -> bool:
    return any(each.id == name for each in question.measures)


def _nowhere(question: Question, brief: Brief) -> Iterator[Finding]:
    """Yield the pins of measures that change nothing that counts at the school, or take longer than there are years."""
    for pin in brief.pins:
        if not any(at[0] == pin.what[1] for at in question.targets.get(pin.to, ())):
            yield finding("planning.pin_without_room", Place(column=pin.what[0], key=(pin.what[1],)), pin.to, most=0)


def _no_room(question: Question, key: tuple[str, Target]) -> Finding:
    name, at = key
    return finding("planning.pin_without_room", Place(column="schools.school", key=at), name, most=question.most[key])


def _forbidden(question: Question, brief: Brief) -> Iterator[tuple[str, Target]]:
    for pin in brief.forbids:
        for at in question.targets.get(pin.to, ()):
            if pin.what[0] == EVERYWHERE or at[0] == pin.what[1]:
                yield pin.to, at


def _against(held: Question, brief: Brief) -> Iterator[Finding]:
    """Yield the schools and coefficients that could pass but for what is forbidden, and what forbids it."""
    asked, _ = without_the_unable(held)
    titles = {each.id: each.title for each in held.measures}
    said = [_said(held, pin.what, titles.get(pin.to, Text(pin.to, pin.to))) for pin in brief.forbids]
    named = Text("；".join(each.zh for each in said), "; ".join(each.en for each in said))
    remedy = Text("可以撤销其中的禁止事项。", "Something that is forbidden may be allowed.")
    stopped = [Text(f"{unit_name(held, unit)}达标", f"{unit_name(held, unit)} passes") for unit in sorted(asked.left_out - held.left_out)]
    for stage, item in sorted(asked.spreads_out - held.spreads_out):
        word = STAGES.get(stage, Text(stage, stage))
        stopped.append(Text(f"{word.zh}差异系数{item}不超过限值", f"{word.en}: the coefficient {item} keeps its limit"))
    for rule in stopped:
        yield finding("planning.rules_in_conflict", Place(), rule, others=named, remedy=remedy)
    if stopped:
        others = Text("；".join(each.zh for each in stopped[:3]), "; ".join(each.en for each in stopped[:3]))
        for rule in said:
            yield finding("planning.rules_in_conflict", Place(), rule, others=others, remedy=remedy)


def _said(held: Question, what: tuple[str, str], title: Text) -> Text:
    if what[0] == EVERYWHERE:
        return Text(f"禁止：全县{title.zh}", f"forbidden everywhere: {title.en}")
    name = unit_name(held, (what[1],))
    return Text(f"禁止：{name}{title.zh}", f"forbidden at {name}: {title.en}")
