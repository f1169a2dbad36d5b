"""The two answers that are no proposal, as errors that an officer can act on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

from junheng.documents import finding
from junheng.errors import Finding, Infeasible, OutOfTime, Place, Text
from junheng.model import units
from junheng.planning.solve.answers import GivingWay, Impossible, Relaxation, Unproven

IN_CONFLICT = "planning.rules_in_conflict"
NOT_SMALLEST = "planning.conflict_not_smallest"
_TOGETHER = "planning.rules_give_way_together"
PIN = "--pin"  # the option of rules that are pinned or forbidden
_MOST = 12  # kinds of rules: more than a page tells nobody anything
_SHOWN = 3  # rules of a kind
_LONG = 80  # letters of the other rules: longer ones are not said again
_SIGNIFICANT = 4
_TEN_THOUSAND = 10_000


class Speaks(Protocol):
    """What knows the words of units: a planner's declaration."""

    def unit(self, name: str) -> Text:
        """Return a unit in words."""


def infeasible(answer: Impossible, unit: str, declaration: Speaks | None = None) -> Infeasible:
    """Return the error that tells the conflict once, by kinds of rules, with what letting each kind give way would take.

    unit: of the objective; declaration: knows the words of units that only the planner has. What suffices when it gives way alone
    comes first, and of that what the brief sets.
    """
    kinds = sorted(answer.kinds or _kinds(answer.conflict), key=lambda kind: (_gives(kind) is None, not kind.option))
    words = _Units(declaration)
    findings = [_in_conflict(kind, answer, kinds, words, unit) for kind in kinds[:_MOST]]
    return Infeasible((*findings, *_beside(answer, kinds, words)))


def out_of_time(answer: Unproven, wanted: float) -> OutOfTime:
    """Return the error that says how far the search came. wanted: the gap that the brief allows."""
    if answer.objective is None:
        found = Text("尚未找到方案，也未证明无解", "no plan yet, and no proof that there is none")
    else:
        found = Text(f"差距为{answer.gap:.2%}的方案", f"a plan with a gap of {answer.gap:.2%}")
    return OutOfTime(finding("planning.out_of_work", Place(), found, gap=f"{wanted:.2%}"))


class _Units:
    """The words of units: those of the planner, then those of the model."""

    def __init__(self, declaration: Speaks | None) -> None:
        self._declaration = declaration

    def amount(self, value: float, unit: str, *, up: bool = False) -> Text:
        """Return an amount with its unit. up: rounded up, so that giving way by it suffices."""
        shown = _rounded(value, up=up)
        if unit == "yuan" and shown >= _TEN_THOUSAND:
            return Text(f"{_number(_rounded(value / _TEN_THOUSAND, up=up))}万元", f"{_number(shown)} yuan")
        known = units().get(unit)
        word = self._declaration.unit(unit) if self._declaration else known.label if known else Text("", "")
        if unit in ("", "1"):
            word = Text("", "")
        return Text(f"{_number(shown)}{word.zh}", f"{_number(shown)} {word.en}".strip())


def _gives(kind: GivingWay) -> float | None:
    """Return by how little a kind must give way where that suffices."""
    return None if kind.by is None or not math.isfinite(kind.by) else kind.by


def _kinds(conflict: Sequence[Relaxation]) -> list[GivingWay]:
    """Return rules of one kind as one; a rule that says no kind is a kind of its own."""
    found: dict[str, list[Relaxation]] = {}
    for place, rule in enumerate(conflict):
        found.setdefault(rule.kind or str(place), []).append(rule)
    return [
        GivingWay(tuple(rule.rule for rule in rules[:_SHOWN]), len(rules), rules[0].by, rules[0].objective, rules[0].unit, rules[0].option)
        for rules in found.values()
    ]


def _in_conflict(kind: GivingWay, answer: Impossible, kinds: Sequence[GivingWay], words: _Units, unit: str) -> Finding:
    rest = [_first(other) for other in kinds if other is not kind]
    named = Text("；".join(one.zh for one in rest), "; ".join(one.en for one in rest))
    others = (
        _GIVEN if not rest else named if len(rest) < _SHOWN and len(named.zh) <= _LONG else Text("其余各类规则", "the other kinds of rules")
    )
    found = Text("；".join(one.zh for one in kind.rules), "; ".join(one.en for one in kind.rules))
    if kind.many > len(kind.rules):
        found = Text(f"{found.zh}；等等", f"{found.en}; and so on")
    return finding(IN_CONFLICT, Place(), found, count=kind.many, others=others, remedy=_remedy(kind, answer, words, unit))


def _first(kind: GivingWay) -> Text:
    """Return the first rule of a kind, and how many there are."""
    rule, many = kind.rules[0], kind.many
    return rule if many == 1 else Text(f"{rule.zh}等{many}条", f"{rule.en} and others, {many} in all")


_GIVEN = Text("现有条件", "what is given")


def _remedy(kind: GivingWay, answer: Impossible, words: _Units, unit: str) -> Text:
    many = kind.many > 1
    option = Text(f"（选项{kind.option}）", f" (option {kind.option})") if kind.option else Text("", "")
    gives = _gives(kind)
    if gives is None and kind.option == PIN:
        which = Text("这些指定或禁止", "these pins") if many else Text("这条指定或禁止", "this pin")
        return Text(f"可以取消{which.zh}再求解。", f"Take {which.en} back and solve again.")
    if gives is None and kind.by is None and any(_gives(other) is not None for other in answer.kinds):
        return Text("", "")  # of another kind it is told what suffices
    if gives is None:
        known = kind.by is not None or bool(answer.together)
        zh = f"只放宽这一{'类' if many else '条'}{option.zh}还不够。" if known else f"要放宽多少没有算出{option.zh}。"
        en = (
            f"Letting this {'kind' if many else 'rule'} alone give way{option.en} is not enough."
            if known
            else f"How much would do was not worked out{option.en}."
        )
        return Text(zh, en)
    if kind.unit in ("", "1"):  # a rule that holds or does not: there is nothing of which it could give way by so much
        return _dropped(kind, option, words, unit)
    by = words.amount(gives, kind.unit, up=True)
    zh = f"只放宽这一{'类' if many else '条'}{option.zh}，{'合计' if many else ''}至少放宽{by.zh}"
    en = f"Let this {'kind' if many else 'rule'} alone{option.en} give way by at least {by.en}{' in all' if many else ''}"
    return _then(zh, en, kind, words, unit)


def _dropped(kind: GivingWay, option: Text, words: _Units, unit: str) -> Text:
    """Return that leaving a rule out suffices: of a pin or what is forbidden, that it is taken back."""
    if kind.option == PIN:
        which = ("这些指定或禁止", "these pins") if kind.many > 1 else ("这条指定或禁止", "this pin")
        return _then(f"只取消{which[0]}即可", f"It suffices to take {which[1]} back", kind, words, unit)
    which = ("这一类", "this kind") if kind.many > 1 else ("这一条", "this rule")
    return _then(f"只不要求{which[0]}{option.zh}即可", f"It suffices not to ask for {which[1]}{option.en}", kind, words, unit)


def _then(zh: str, en: str, kind: GivingWay, words: _Units, unit: str) -> Text:
    """Return a remedy with what the best plan then comes to, where that is known."""
    if kind.objective is None:
        return Text(f"{zh}。", f"{en}.")
    cost = words.amount(kind.objective, unit)
    return Text(f"{zh}；届时目标值为{cost.zh}。", f"{en}; the best plan then comes to {cost.en}.")


def _beside(answer: Impossible, kinds: Sequence[GivingWay], words: _Units) -> Iterator[Finding]:
    """Yield what giving way together would take where no kind alone suffices, and what is not proven of the conflict."""
    if answer.together and all(_gives(kind) is None for kind in kinds):
        told = []
        for kind in _kinds(answer.together)[:_MOST]:
            rules = [rule for rule in answer.together if rule.rule in kind.rules or (rule.kind and rule.kind == _kind_of(answer, kind))]
            by = words.amount(sum(rule.by or 0.0 for rule in rules), kind.unit, up=True)
            by = Text("取消", "left out") if kind.unit in ("", "1") else by
            more = Text(f"等{len(rules)}条", f" and others, {len(rules)} in all") if len(rules) > 1 else Text("", "")
            told.append(Text(f"{kind.rules[0].zh}{more.zh}（{by.zh}）", f"{kind.rules[0].en}{more.en} ({by.en})"))
        yield finding(_TOGETHER, Place(), Text("；".join(one.zh for one in told), "; ".join(one.en for one in told)))
    if not answer.is_smallest or len(kinds) > _MOST:
        more_kinds = len(kinds) - _MOST
        zh = f"（另有{more_kinds}类未列出）" if more_kinds > 0 else ""
        en = f" ({more_kinds} more kinds are not listed)" if more_kinds > 0 else ""
        yield finding(NOT_SMALLEST, Place(), Text(f"上列规则{zh}", f"the rules above{en}"))


def _kind_of(answer: Impossible, kind: GivingWay) -> str:
    return next((rule.kind for rule in answer.together if rule.rule == kind.rules[0]), "")


def _rounded(value: float, *, up: bool) -> float:
    """Return a number of four significant digits; whole from a hundred on. up: never less than it was, but for noise of the engine."""
    if not value or not math.isfinite(value):
        return value
    decimals = max(0, _SIGNIFICANT - 1 - math.floor(math.log10(abs(value)))) if abs(value) < 100 else 0
    scale = 10.0**decimals
    return math.ceil(value * scale - 1e-6 * scale * max(1.0, abs(value))) / scale if up else round(value, decimals)


def _number(value: float) -> str:
    return f"{value:,.10g}"
