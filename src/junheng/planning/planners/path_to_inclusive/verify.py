"""What is wrong with a proposal, seen by the one judge in the County that it makes.

What a proposal says cannot pass is not believed: it is worked out anew from the County, with the plan or without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from junheng.errors import Text
from junheng.indicators import Scorecard, evaluate
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_inclusive.gardens import conditions, gardens
from junheng.planning.planners.path_to_inclusive.question import Question, ask, counted
from junheng.planning.planners.path_to_inclusive.rest import judged
from junheng.planning.planners.path_to_inclusive.unable import without_the_unable
from junheng.planning.proposal import Proposal
from junheng.standards.framework import Framework
from junheng.standards.rulebook import Rulebook

_CENT, _SAME = 0.5, 1e-9


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    if not county.tables["schools"].height:
        return ()
    brief = proposal.brief
    question, _ = without_the_unable(ask(county, rules, replace(brief, pins=(), forbids=()), declaration))
    done = apply(county, proposal.changes)
    asked = conditions(rules)
    whole = rules.framework(str(declaration.value(brief, "framework")))
    framework = counted(whole)
    before, after = (evaluate(each, framework, rules, also=[one.indicator for one in asked]) for each in (question.county, done))
    found = [
        *_items(question, before, after, proposal),
        *_held_open(whole, evaluate(done, whole, rules), proposal),
        *_shares(question, done, rules),
        *_built(question, done, rules),
        *_sums(proposal),
        *_forbidden(proposal),
    ]
    return tuple(found)


def _row(card: Scorecard, item: str) -> dict[str, object]:
    rows = card.items.filter(pl.col("requirement") == item)
    return rows.row(0, named=True) if rows.height else {"verdict": None, "value": None}


def _items(question: Question, before: Scorecard, after: Scorecard, proposal: Proposal) -> Iterator[Text]:
    """Yield items that fail and could pass, items that fail and passed before, and claims that the judge does not share."""
    told = proposal.tables.get("items")
    for item in question.items:
        was, becomes = _row(before, item.id), _row(after, item.id)
        if becomes["verdict"] == "missed" and (item.id not in question.left_out or was["verdict"] == "met"):
            yield Text(f"实施后仍不达标：{item.title.zh}", f"does not pass: {item.title.en}")
        claims = told.filter(pl.col("item") == item.id)["after"].to_list() if told is not None else []
        value = becomes["value"]
        if claims and (not isinstance(value, float) or abs(claims[0] - value) > _SAME * max(1.0, abs(value))):
            yield Text(f"{item.title.zh}应为{value}", f"{item.title.en} is {value}")


def _held_open(framework: Framework, card: Scorecard, proposal: Proposal) -> Iterator[Text]:
    """Yield items that the judge does not find met with the plan and the proposal does not tell."""
    table = proposal.tables.get("rest")
    told = set(table["item"].to_list()) if table is not None else set()
    for item, _ in judged(framework, card):
        if (item.indicator or item.id) not in told:
            yield Text(f"没有说明实施后仍未达标或未判定：{item.title.zh}", f"not told that it stays open: {item.title.en}")


def _shares(question: Question, done: County, rules: Rulebook) -> Iterator[Text]:
    """Yield conditions that too few kindergartens meet, and those that one met and no longer does."""
    asked = {each.id: each for each in conditions(rules)}
    after = {each.school: each for each in gardens(done)}
    now = [after.get(each.school, each) for each in question.gardens]
    for share in question.shares:
        able = [k for k in share.among if all((name, k) not in question.unable for name in share.of)]
        held = sum(all(asked[name].holds(now[k].has) for name in share.of) for k in share.among)
        if held < min(share.needed, len(able)):
            yield Text(f"{share.title.zh}：只有{held}所，要求{share.needed}所", f"{share.title.en}: {held}, {share.needed} asked")
        for k in share.among:
            for name in share.of:
                if asked[name].holds(question.gardens[k].has) and not asked[name].holds(now[k].has):
                    yield Text(f"{now[k].name}不再达到：{share.title.zh}", f"{now[k].name} no longer meets: {share.title.en}")


def _built(question: Question, done: County, rules: Rulebook) -> Iterator[Text]:
    """Yield kindergartens that are built and do not meet a condition."""
    stood = {garden.school for garden in question.gardens if garden.site is None}
    for each in gardens(done):
        for condition in conditions(rules) if each.school not in stood else ():
            if not condition.holds(each.has):
                yield Text(f"新建的{each.name}达不到：{condition.title.zh}", f"new {each.name} does not meet: {condition.title.en}")


def _sums(proposal: Proposal) -> Iterator[Text]:
    moved = sum(amount.amount * amount.weight for amount in proposal.amounts if amount.title == _moved(proposal))
    total = float(proposal.yuan or 0) + moved
    if abs(total - proposal.objective) > _CENT:
        yield Text(f"目标值应为{total:,.0f}", f"the objective is {total:,.0f}")
    if proposal.bound > proposal.objective:
        yield Text("下界高于目标值", "the bound lies above the objective")


def _moved(proposal: Proposal) -> Text | None:
    return proposal.words.get("kindergarten_move")


def _forbidden(proposal: Proposal) -> Iterator[Text]:
    """Yield measures that the brief forbids and the bill has."""
    bill = proposal.tables.get("bill")
    rows = bill.select("school", "measure").rows() if bill is not None else []
    for pin in proposal.brief.forbids:
        if any(pin.to == measure and (pin.what[0] == "everywhere" or pin.what[1] == school) for school, measure in rows):
            yield Text(f"任务书禁止的措施：{pin.what[1]} {pin.to}", f"forbidden by the brief: {pin.what[1]} {pin.to}")
