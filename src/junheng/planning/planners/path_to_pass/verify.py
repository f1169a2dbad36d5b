"""What is wrong with a proposal, seen by the one judge in the County that it makes; nothing of the model or of the search is used.

What cannot pass is worked out anew: the proposal's own list is not believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import polars as pl

from junheng.errors import Text
from junheng.indicators import Scorecard, evaluate
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import EVERYWHERE, Declaration
from junheng.planning.planners.path_to_pass.drift import losses, then
from junheng.planning.planners.path_to_pass.effects import parts
from junheng.planning.planners.path_to_pass.kept import of_years
from junheng.planning.planners.path_to_pass.zone_pins import is_of_zones
from junheng.planning.planners.path_to_pass.zone_verify import zone_faults
from junheng.planning.proposal import Proposal
from junheng.standards.rulebook import Rulebook

_CENT = 0.5
_SAME = 1e-9


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    if not county.tables["schools"].height:
        return ()
    brief = proposal.brief
    framework = rules.framework(str(declaration.value(brief, "framework")))
    asked = replace(framework, parts=tuple(part for part in parts(framework) if part), eligibility=None, vetoes=())
    first = county.year + int(declaration.value(brief, "years"))
    replaced = Decimal(str(declaration.value(brief, "replaced"))) / 100
    done = apply(county, proposal.changes)
    years = range(first, first + int(declaration.value(brief, "keep")) + 1)
    cards = [evaluate(then(done, year, losses(county, rules, year, replaced)), asked, rules) for year in years]
    failing = dict.fromkeys(fault for card in cards for fault in _failing(card, county, rules, proposal, declaration))
    zones = zone_faults(county, rules, proposal, declaration)
    return (*failing, *_claims(cards[0], proposal), *_sums(proposal, declaration), *_forbidden(proposal), *_pinned(proposal), *zones)


def _failing(card: Scorecard, county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> Iterator[Text]:
    """Yield the schools and coefficients that fail and could pass: what cannot is worked out anew, whatever the proposal says of it."""
    schools = card.units.filter((pl.col("verdict") == "missed") & pl.col("school").is_not_null()).sort("school", "stage")
    spreads = card.items.filter((pl.col("verdict") == "missed") & pl.col("school").is_null())
    if not schools.height and not spreads.height:
        return
    free = replace(proposal.brief, pins=(), forbids=())
    unable, _ = of_years(county, rules, free, declaration)
    for unit in schools.select("school", "stage").iter_rows():
        if unit not in unable.left_out:
            yield _fails(*unit)
    for key in spreads.select("stage", "requirement").iter_rows():
        if key not in unable.spreads_out:
            yield _fails(*key)


def _fails(*names: str) -> Text:
    where = "，".join(names)
    return Text(f"实施后仍不达标：{where}", f"does not pass: {where}")


def _claims(card: Scorecard, proposal: Proposal) -> Iterator[Text]:
    told = proposal.tables.get("spreads")
    for row in told.iter_rows(named=True) if told is not None else ():
        found = card.items.filter((pl.col("requirement") == row["item"]) & (pl.col("stage") == row["stage"]))["value"].to_list()
        if not found or found[0] is None or abs(found[0] - row["after"]) > _SAME:
            yield Text(f"{row['item']}（{row['stage']}）应为{found}", f"{row['item']} ({row['stage']}) is {found}")


def _sums(proposal: Proposal, declaration: Declaration) -> Iterator[Text]:
    weight = int(declaration.value(proposal.brief, "disturbance"))
    total = float(proposal.yuan or 0) + weight * sum(step.teachers or 0 for step in proposal.steps)
    total += int(declaration.value(proposal.brief, "zone_yuan")) * sum(step.pupils or 0 for step in proposal.steps)
    if abs(total - proposal.objective) > _CENT:
        yield Text(f"目标值应为{total:,.0f}", f"the objective is {total:,.0f}")
    if proposal.bound > proposal.objective:
        yield Text("下界高于目标值", "the bound lies above the objective")


def _done(proposal: Proposal) -> set[tuple[str, str]]:
    """Return the measures at schools that the bill and the moves tell of; a move is one of both schools."""
    bill, moves = proposal.tables.get("bill"), proposal.tables.get("moves")
    done = set(bill.select("measure", "school").iter_rows()) if bill is not None else set()
    for measure, giver, taker in moves.select("measure", "from", "to").iter_rows() if moves is not None else ():
        done |= {(measure, giver), (measure, taker)}
    return done


def _forbidden(proposal: Proposal) -> Iterator[Text]:
    """Yield what the brief forbids and the plan does."""
    for measure, school in sorted(_done(proposal)):
        for pin in proposal.brief.forbids:
            if pin.to == measure and (pin.what[0] == EVERYWHERE or pin.what[1] == school):
                yield Text(f"任务书禁止的措施：{school} {measure}", f"forbidden by the brief: {measure} at {school}")


def _pinned(proposal: Proposal) -> Iterator[Text]:
    """Yield what the brief pins and the plan does not."""
    done = _done(proposal)
    for pin in proposal.brief.pins:
        if not is_of_zones(pin) and (pin.to, pin.what[1]) not in done:
            yield Text(f"任务书指定的措施没有列入：{pin.what[1]} {pin.to}", f"pinned by the brief and not done: {pin.to} at {pin.what[1]}")
