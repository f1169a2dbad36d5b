"""Catchments drawn one after the other where schools open or close, and plans beside them: other first years, and the years after these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from junheng.errors import Infeasible, OutOfTime, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.catchments.frontier import BESIDE, GAP, NODES, Beside, amounts, by
from junheng.planning.planners.catchments.staged import Drawing, later_amounts, later_steps
from junheng.planning.planners.catchments.stretches import Stretch, with_zones
from junheng.planning.proposal import Alternative, Brief, Proposal
from junheng.planning.solve import Limits

Later = Callable[[Stretch, County, Brief], Drawing]  # draws the catchments of some years; raises Infeasible or OutOfTime


def chain(first: Drawing, parts: tuple[Stretch, ...], brief: Brief, later: Later) -> tuple[Drawing, ...]:
    """Return the drawings of all years: each begins with the one before it as today's. Raises as `later` does."""
    drawings = [first]
    for part in parts[1:]:
        last = drawings[-1]
        seen = with_zones(last.county, last.question.stage, last.zone_of_school, last.zone_of)
        drawings.append(later(part, part.seen_in(seen, last.question.stage), brief))
    return tuple(drawings)


def with_others(
    proposal: Proposal,
    drawings: tuple[Drawing, ...],
    parts: tuple[Stretch, ...],
    others: Sequence[Beside],
    declaration: Declaration,
    later: Later,
) -> Proposal:
    """Return the proposal of several drawings with plans beside it. others: plans beside that of the first years.

    The first years as another plan draws them, the later ones with the same weights; all is counted as the brief counts.
    """
    found = tuple(_others(proposal, drawings, parts, others, declaration, later))
    return replace(proposal, alternatives=found)


def _others(
    proposal: Proposal,
    drawings: tuple[Drawing, ...],
    parts: tuple[Stretch, ...],
    others: Sequence[Beside],
    declaration: Declaration,
    later: Later,
) -> Iterator[Alternative]:
    start, brief = drawings[0], proposal.brief
    weights = {code: (factor, more, why) for factor, more, code, why in BESIDE}
    for each, first in zip(others, proposal.alternatives, strict=True):
        factor, more, _ = weights.get(each.code, (1.0, 0, each.why))
        begin = start._replace(zone=each.zone[start.question.block], objective=first.objective, bound=first.bound)
        try:
            drawn = chain(begin, parts, _asked(brief, declaration, factor, more), later)
        except (Infeasible, OutOfTime):
            continue
        plan = [begin, *(_counted(one, same) for one, same in zip(drawn[1:], drawings[1:], strict=True))]
        total = sum(one.objective for one in plan)
        bound = proposal.bound if each.bound is None else sum(one.bound for one in drawn)
        yield Alternative(
            title=first.title,
            reason=_reason(first.reason, plan[1:], drawings[1:]),
            steps=(*first.steps, *(step for one in plan[1:] for step in later_steps(one))),
            objective=total,
            bound=min(bound, total),
            amounts=(*first.amounts, *(part for one in plan[1:] for part in later_amounts(one))),
        )


def _asked(brief: Brief, declaration: Declaration, factor: float, more: int) -> Brief:
    """Return the brief with change and elders weighed by a factor, places exceeded by some per cent more, and less work."""
    weighed = {name: Decimal(str(declaration.value(brief, name))) * Decimal(str(factor)) for name in ("change", "siblings")}
    over = Decimal(str(declaration.value(brief, "over"))) + more
    limits = Limits(gap=max(brief.limits.gap, GAP), nodes=NODES)
    return replace(brief, options={**brief.options, **weighed, "over": over}, limits=limits)


def _counted(one: Drawing, same: Drawing) -> Drawing:
    """Return a drawing with its cost as the brief counts. same: the drawing of these years in the proposal."""
    question = replace(one.question, change=same.question.change, apart=same.question.apart, high=same.question.high)
    one = one._replace(question=question)
    return one._replace(objective=sum(part.amount * part.weight for part in amounts(question, one.by_block)))


def _reason(first: Text, plan: Sequence[Drawing], drawings: Sequence[Drawing]) -> Text:
    """Add to the reason of another plan what its later years differ in."""
    zh, en = [first.zh.removesuffix("。")], [first.en.removesuffix(".")]
    for one, same in zip(plan, drawings, strict=True):
        there, here = (amounts(each.question, each.by_block) for each in (one, same))
        way, moved, over = (there[k].amount - here[k].amount for k in range(3))
        year = one.stretch.first
        told = "，".join((by("路程合计", way, "人·公里"), by("换学区的学生", moved, "名"), by("超出允许数的学生", over, "名")))
        zh.append(f"{year}学年起{told}")
        en.append(f"from {year} way {way:+z,.0f} pupil-km, pupils who change {moved:+z,.0f}, pupils beyond what is allowed {over:+z,.0f}")
    return Text("；".join(zh), "; ".join(en))
