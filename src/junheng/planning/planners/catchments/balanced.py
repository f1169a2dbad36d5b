"""A plan that keeps sums over every catchment (a share, places of years ahead): proven impossible by a linear program, else by moves.

The linear program (blocks may be divided, pieces need not be joined) holds every rule: where it has no answer, no plan has one; where it
has, it bounds all plans, and its reduced costs say which pairs of block and zone the engine need not look at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.districting import CLOSER, UNREACHABLE, District, Drawn, broken, joined, loads, residual
from junheng.planning.kernels.shares import even
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.shares import Share
from junheng.planning.planners.catchments.sums import Sum, beyond, keeps, keeps_share, sums
from junheng.planning.solve import GivingWay, Impossible, Limits, Program, Relaxation, Solved, Watch, solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STEPS, _MOST_STEPS = 4000, 20_000_000  # moves tried, times blocks
_STARTS = 4
_HEAT = (2.0, 0.05)  # first and last temperature, as shares of what a typical block costs more elsewhere
_DEAR = (0.5, 20.0)  # what a pupil out of band costs, in such shares of a pupil
_PAIRS = 250_000  # up to which the linear program is asked
_ENGINE = 30_000  # up to which the engine is
_NODES = 200
_HALVINGS = 12
_ROUNDING = 1.0 - 1e-7
_SEED = 0x9E3779B97F4A7C15


class Unbalanced(NamedTuple):
    """No plan was found. answer: why there can be none; None: that is not known."""

    answer: Impossible | None
    near: Ints | None = None  # (blocks,) a plan that keeps all but the places of years ahead, with fewest pupils beyond these


def balanced(
    question: Question,
    district: District,
    drawn: Drawn,
    limits: Limits,
    seed: int,
    watch: Watch,
    today: Ints | None = None,
    *,
    gives: bool = False,
    begin: Ints | None = None,
) -> Drawn | Unbalanced:
    """Return a plan that keeps the sums, as near to the best as the work allows. drawn: the plan without them.

    today: (blocks,) a plan that stays where it keeps them and is near enough; gives: a plan near by is wanted where none keeps them;
    begin: (blocks,) a plan that keeps them, where one is known.
    """
    if keeps(question, drawn.zone):
        return drawn
    every = sums(question)
    relaxed = _relaxed(question, district, every, watch) if district.each.size <= _PAIRS else None
    if isinstance(relaxed, Impossible):
        if gives:
            return Unbalanced(relaxed, _found(question, district, drawn, every, seed, watch)[1])
        return Unbalanced(_explained(relaxed, question, district, watch))
    by_program, reduced = (relaxed[0] * _ROUNDING, relaxed[1]) if relaxed else (-np.inf, None)
    bound, exact = max(drawn.bound, by_program), max(drawn.bound_exact, by_program)
    zone: Ints | None
    near: Ints | None
    if today is not None and _lawful(question, district, today) and bound >= district.total(today) * (1 - limits.gap):
        zone, near = today, None
    else:
        zone, near = _found(question, district, drawn, every, seed, watch)
        if begin is not None and (zone is None or district.total(begin) < district.total(zone)):
            zone = begin
    if (
        district.each.size <= _ENGINE
        and reduced is not None
        and not (zone is not None and bound >= district.total(zone) * (1 - limits.gap))
    ):
        zone, bound = _engine(question, district, every, zone, (reduced, by_program, bound), limits, seed, watch)
    if zone is None:
        return Unbalanced(_of_whole_blocks(question) if bound == np.inf else None, near)
    total = district.total(zone)
    return replace(drawn, zone=zone, objective=total, bound=min(bound, total), bound_exact=min(exact, total))


def _explained(answer: Impossible, question: Question, district: District, watch: Watch) -> Impossible:
    """Say by how much the tolerance of a share must give way, where it is the share that is in the way."""
    if question.share is None:
        return answer
    if question.ahead and isinstance(_relaxed(question, district, sums(replace(question, share=None)), watch, explained=False), Impossible):
        return answer
    return _with_least(answer, question.share, _least(question, district, question.share, watch))


def _rules(program: Program, question: Question, district: District, every: tuple[Sum, ...]) -> tuple[Ints, Ints]:
    """Enter the linear program; return its pairs of block and zone."""
    keep = district.each < UNREACHABLE
    for j, root in enumerate(district.roots):
        keep[root] = False
        keep[root, j] = True
    block, zone = np.nonzero(keep)
    blocks, zones = keep.shape
    inside = program.variables(Text("", ""), len(block))
    villages = [question.village_names[int(np.argmax(question.block == b))] for b in range(blocks)]
    rule = Text("{village}的孩子都有学位，去的是够得着的学校", "every child of {village} has a place at a school in reach")
    program.rule(rule, inside.sum_by(block, blocks) == 1, village=villages)
    names, pupils = list(question.zone_names), district.pupils[block].astype(np.float64)
    most = Text("{zone}学区不超过{most}名学生", "catchment {zone} has at most {most} pupils")
    program.rule(most, (inside * pupils).sum_by(zone, zones) <= district.high, zone=names, most=district.high)
    if district.low.any():
        least = Text("{zone}学区至少有{least}名学生", "catchment {zone} has at least {least} pupils")
        program.rule(least, (inside * pupils).sum_by(zone, zones) >= district.low, zone=names, least=district.low)
    for one in every:
        told = np.abs(one.most).astype(np.int64)
        program.rule(one.rule, (inside * one.weight[block]).sum_by(zone, zones) <= one.most, zone=names, most=told)
    program.cost(Text("", ""), inside * district.cost[block, zone].astype(np.float64), unit="cost")
    return block, zone


def _relaxed(
    question: Question, district: District, every: tuple[Sum, ...], watch: Watch, *, explained: bool = True
) -> tuple[float, Floats] | Impossible | None:
    """Return the least cost of blocks divided, and by how much a plan with a pair costs more: (blocks, zones); or why there is none."""
    program = Program(unit="cost")
    block, zone = _rules(program, question, district, every)
    answer = solve(program, Limits(gap=0.0), watch=Watch(cancelled=watch.cancelled), explained=explained)
    if isinstance(answer, Impossible):
        return answer
    if not isinstance(answer, Solved) or answer.prices is None:
        return None
    reduced = np.full(district.each.shape, np.inf)
    reduced[block, zone] = _reduced(district, every, answer.prices, block, zone)
    return answer.objective, reduced


def _reduced(district: District, every: tuple[Sum, ...], prices: Floats, block: Ints, zone: Ints) -> Floats:
    blocks, zones = district.each.shape
    many = 1 + bool(district.low.any())
    places = prices[blocks : blocks + many * zones].reshape(many, zones).sum(axis=0)
    priced = district.cost[block, zone] - prices[block] - district.pupils[block] * places[zone]
    for one, price in zip(every, prices[blocks + many * zones :].reshape(len(every), zones), strict=True):
        priced = priced - one.weight[block] * price[zone]
    reduced: Floats = np.maximum(priced, 0.0)
    return reduced


def _least(question: Question, district: District, share: Share, watch: Watch) -> float:
    """Return the least tolerance at which the linear program has an answer, nearly: halving."""
    low, high = share.within, max(share.of_all, 1 - share.of_all)
    for _ in range(_HALVINGS):
        if watch.cancelled and watch.cancelled():
            break
        middle = (low + high) / 2
        other = sums(replace(question, share=replace(share, within=middle)))
        answer = _relaxed(question, district, other, watch, explained=False)
        low, high = (middle, high) if isinstance(answer, Impossible) else (low, middle)
    return float(high)


def _sentence(share: Share) -> Text:
    low, high = (f"{100 * float(end):.1f}%" for end in share.band)
    return Text(f"每个学区“{share.group}”占{low}至{high}", f"between {low} and {high} of every catchment are “{share.group}”")


def _with_least(answer: Impossible, share: Share, least: float) -> Impossible:
    """Put before the conflict by how many points the tolerance must give way."""
    points = f"{100 * least:.2f}"
    zh, en = _sentence(share)
    rule = Text(f"{zh}（允许相差至少要{points}个百分点）", f"{en} (a tolerance of {points} points at least is needed)")
    more = 100 * (least - share.within)
    told = GivingWay((rule,), 1, more, None, "%", "share_within")
    return replace(
        answer,
        conflict=(Relaxation(rule, more, None, rule.en, told.unit, told.option), *answer.conflict),
        together=(),
        kinds=(told, *answer.kinds),
    )


def _of_whole_blocks(question: Question) -> Impossible:
    """Say what is in conflict where villages divided would do."""
    first, last = question.year, question.ahead[-1].year if question.ahead else question.year
    places = Text("各学区不超过学位数", "no catchment has more pupils than places")
    if first != last:
        places = Text(f"{first}至{last}各学年{places.zh}", f"{places.en} in any year from {first} to {last}")
    rules = (
        *([_sentence(question.share)] if question.share else []),
        Text("整村划入一个学区", "a village goes to one catchment whole"),
        Text("走向学校的路一直在片区内", "the way toward the school stays in the catchment"),
        places,
    )
    return Impossible(conflict=tuple(Relaxation(rule, None, None) for rule in rules), together=(), is_smallest=False)


def _found(
    question: Question, district: District, drawn: Drawn, every: tuple[Sum, ...], seed: int, watch: Watch
) -> tuple[Ints | None, Ints | None]:
    """Look for plans by moves; return the cheapest that keeps all rules, and the one with fewest pupils beyond places of years ahead."""
    closer = replace(district, rule=CLOSER)
    begin = joined(closer, drawn.zone, drawn.prices)
    on = (district.order, *district.beside, *district.root_lists, district.fixed)
    weights, most = _weighed(district, every)
    scale = _scale(district)
    each = scale / max(1.0, float(np.median(district.pupils)))
    heat = np.array([_HEAT[0] * scale, _HEAT[1] * scale, _DEAR[0] * each, _DEAR[1] * each])
    steps = min(_STEPS * len(begin), _MOST_STEPS)
    best: Ints | None = None
    near = drawn.zone if _lawful_but_ahead(question, district, drawn.zone) else None
    for start in range(_STARTS):
        if watch.cancelled and watch.cancelled() and best is not None:
            break
        zone = begin.copy()
        state = np.array([((seed + start) * 2 + 1) * _SEED % 2**64], dtype=np.uint64)
        even(begin.copy(), district.cost, weights, most, on, steps, heat, state, zone)
        if not _lawful_but_ahead(question, district, zone):
            continue
        if near is None or _beyond(question, zone) < _beyond(question, near):
            near = zone
        if keeps(question, zone) and (best is None or district.total(zone) < district.total(best)):
            best = zone
    return best, near


def _weighed(district: District, every: tuple[Sum, ...]) -> tuple[Floats, Floats]:
    """Return what each block adds to the sums of its zone, and what these may be: (blocks, sums), (zones, sums)."""
    pupils = district.pupils.astype(np.float64)
    weights = [pupils, -pupils, *(one.weight for one in every)]
    most = [district.high, -district.low, *(one.most for one in every)]
    return np.column_stack(weights), np.column_stack(most).astype(np.float64)


def _beyond(question: Question, zone: Ints) -> int:
    return sum(beyond(ahead, zone[question.block]) for ahead in question.ahead)


def _lawful(question: Question, district: District, zone: Ints) -> bool:
    return keeps(question, zone) and _lawful_but_ahead(question, district, zone)


def _lawful_but_ahead(question: Question, district: District, zone: Ints) -> bool:
    """Return whether a plan keeps everything but, perhaps, the places of years ahead."""
    load = loads(district, zone)
    within = bool((load <= district.high).all() and (load >= district.low).all())
    return within and keeps_share(question, zone) and not len(broken(district, zone))


def _engine(
    question: Question,
    district: District,
    every: tuple[Sum, ...],
    zone: Ints | None,
    known: tuple[Floats, float, float],
    limits: Limits,
    seed: int,
    watch: Watch,
) -> tuple[Ints | None, float]:
    """Let the engine look at the pairs that may be in a better plan; return the plan, and what it proves."""
    reduced, least, bound = known
    most = np.inf if zone is None else district.total(zone) - least
    keep: Mask = (reduced <= most) & (district.each < UNREACHABLE)
    stay = zone if zone is not None else np.zeros(len(district.pupils), dtype=np.int64)
    for j, root in enumerate(district.roots):
        stay = np.where(np.isin(np.arange(len(stay)), root), j, stay)
    made = residual(district, keep, stay, np.ones(len(stay), dtype=np.bool_), district.rule)
    for one in every:
        made.program.rule(Text("", ""), (made.inside * one.weight[made.block]).sum_by(made.zone, len(question.zones)) <= one.most)
    begin = None if zone is None else made.values(zone)
    work = replace(limits, nodes=min(limits.nodes or _NODES, _NODES))
    answer = solve(made.program, work, seed=seed, start=begin, watch=Watch(cancelled=watch.cancelled), explained=False)
    values = getattr(answer, "values", None)
    if values is not None:
        plan = made.plan(values, stay)
        if _lawful(question, district, plan) and (zone is None or district.total(plan) < district.total(zone)):
            zone = plan
    if isinstance(answer, Impossible) and zone is None:
        return None, np.inf  # every lawful pair was in the program
    proven = float(getattr(answer, "bound", -np.inf))
    return zone, max(bound, proven * _ROUNDING) if np.isfinite(proven) else bound


def _scale(district: District) -> float:
    """Return what a typical block costs more in the next zone than in the cheapest."""
    if district.cost.shape[1] < 2:
        return 1.0
    cheapest = np.partition(district.cost, 1, axis=1)[:, :2].astype(np.float64)
    more = (cheapest[:, 1] - cheapest[:, 0])[cheapest[:, 1] < UNREACHABLE]
    return max(1.0, float(np.median(more[more > 0]))) if (more > 0).any() else 1.0
