"""What is wrong with a proposal, seen by the one judge in the County that it makes; nothing of the model or of the search is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from junheng.errors import Text
from junheng.indicators import Scorecard, evaluate
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.effects import parts
from junheng.planning.planners.path_to_pass.question import in_year
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
    year = county.year + int(declaration.value(brief, "years"))
    card = evaluate(in_year(apply(county, proposal.changes), year), asked, rules)
    return (*_failing(card, proposal), *_claims(card, proposal), *_sums(proposal, declaration))


def _failing(card: Scorecard, proposal: Proposal) -> Iterator[Text]:
    """Yield the schools and coefficients that fail, those apart of which the proposal says that they cannot pass."""
    told = proposal.tables.get("cannot")
    said = set() if told is None else {(row["school"], row["stage"], row["item"]) for row in told.iter_rows(named=True)}
    schools = {(school, stage) for school, stage, _ in said if school}
    for row in card.units.filter((pl.col("verdict") == "missed") & pl.col("school").is_not_null()).iter_rows(named=True):
        if (row["school"], row["stage"]) not in schools:
            yield _fails(row["school"], row["stage"])
    for row in card.items.filter((pl.col("verdict") == "missed") & pl.col("school").is_null()).iter_rows(named=True):
        if (None, row["stage"], row["requirement"]) not in said:
            yield _fails(row["stage"], row["requirement"])


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
    if abs(total - proposal.objective) > _CENT:
        yield Text(f"目标值应为{total:,.0f}", f"the objective is {total:,.0f}")
    if proposal.bound > proposal.objective:
        yield Text("下界高于目标值", "the bound lies above the objective")
