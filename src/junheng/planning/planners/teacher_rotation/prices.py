"""What one more teacher is worth where, the bound that follows, and what each way to go would add to the best plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.planning.kernels.rotation import Climbed, Flow, Prices, Shares, ascent
from junheng.planning.planners.teacher_rotation.case import Case, Floats, Ints, Mask

_ROUNDS = ((2_000, 600), (5_000, 900), (10**9, 1_600))  # teachers up to whom, and how many rounds of prices for them
_FIRST, _LAST = 10.0, 0.005  # km by which prices move in the first round and the last, for each teacher in the quadratic mean
_WIDE, _FAR = 0.64, 15.0  # after this share of the rounds, ways that are so many km dearer than the teacher's best are left out
_AGAIN, _SHORT = 12, 0.5  # rounds, and km to begin with, from prices that were good a moment ago
_PINNED = 1e6  # km taken off a pinned way, so that it is always taken, and given back afterwards
_AT_FIRST = 0.5  # of the weight of a shortage, where somebody lacks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """Prices, the bound they prove over all ways, and what each way adds to it at least."""

    prices: Prices
    bound: float
    extra: Floats  # (ways,) no plan that takes this way comes to less than bound + extra; inf: barred
    leave: Floats  # (g,) what it is worth that one more may leave the group, 0 or less
    share: float  # what one more who goes costs, where the least share binds; less than 0 where the cap does
    backbone_share: float  # what one backbone teacher less among those who go would save


def priced(case: Case, before: Prices | None = None) -> Priced:
    """Return prices by ascent. before: prices of nearly the same case, from which few rounds suffice."""
    who, ways = _open(case)
    if not len(who):
        return _nobody(case)
    flow = _flow(case, who, ways)
    most, shares = (case.weights.shortage, case.weights.backbone), _shares(case, who)
    lengths = _lengths(len(who), again=before is not None)
    if before is not None:
        prices = ascent(flow, before, most, shares, lengths).prices
    else:
        prices = _narrowed(case, flow, (who, ways), shares, lengths)
    last = ascent(flow, prices, most, shares, np.zeros(1))
    return _told(case, flow, last, shares, (who, ways))


def _narrowed(case: Case, flow: Flow, of: tuple[Ints, Ints], shares: Shares, lengths: Floats) -> Prices:
    """Return prices of an ascent that looks at every way first, and at those that are still in question then."""
    who, ways = of
    most, wide = (case.weights.shortage, case.weights.backbone), int(_WIDE * len(lengths))
    first = ascent(flow, _begun(case, flow), most, shares, lengths[:wide])
    near = _reduced(flow, first.prices, shares, who) <= np.repeat(first.worth, np.diff(flow.start)) + _FAR
    second = ascent(_flow(case, who, ways[near]), first.prices, most, shares, lengths[wide:])
    proof = ascent(flow, second.prices, most, shares, np.zeros(1))
    if proof.value >= first.value:
        return second.prices
    return ascent(flow, first.prices, most, shares, lengths[wide:]).prices  # a way that was left out is needed


def _open(case: Case) -> tuple[Ints, Ints]:
    """Return the teachers who may go, and their ways: of one who is pinned the pinned one only."""
    pinned = np.zeros(len(case.names), dtype=np.bool_)
    pinned[case.arc_teacher[case.must]] = True
    can: Mask = ~(case.stays | pinned)[case.arc_teacher]
    can[case.must] = True
    ways = np.flatnonzero(can)
    return np.unique(case.arc_teacher[ways]), ways


def _flow(case: Case, who: Ints, ways: Ints) -> Flow:
    """Return the case as arrays; teachers are numbered by their place in `who`."""
    place = np.full(len(case.names), -1)
    place[who] = np.arange(len(who))
    unit = case.unit[who]
    group = unit * case.subjects + case.subject[who]
    members = np.argsort(group, kind="stable")
    cost = case.arc_cost[ways]
    cost[np.isin(ways, case.must)] -= _PINNED
    return Flow(
        start=np.searchsorted(place[case.arc_teacher[ways]], np.arange(len(who) + 1)).astype(np.int64),
        unit_to=case.arc_unit[ways],
        group_to=case.arc_into[ways],
        cost=cost,
        unit=unit,
        group=group,
        is_backbone=case.is_backbone[who],
        couple=case.couple[who],
        group_start=np.searchsorted(group[members], np.arange(len(case.need) + 1)).astype(np.int64),
        members=members,
        may_leave=case.may_leave,
        lacks=np.ceil(case.need) - case.held,
        part=case.need - np.floor(case.need),
        least=case.net_least.astype(np.float64),
        most=case.net_most.astype(np.float64),
        short=(case.even - case.backbone).astype(np.float64),
    )


def _shares(case: Case, who: Ints) -> Shares:
    owed = case.backbone_share * case.settled - case.settled_backbone
    fewest, largest = max(0, case.least - case.settled), max(0, case.most - case.settled)
    return Shares(min(fewest, len(who)), largest, case.backbone_share, float(owed), 3.0 / float(np.sqrt(len(who))))


def _begun(case: Case, flow: Flow) -> Prices:
    units, couples = len(case.units), int(case.couple.max(initial=-1)) + 1
    teacher = np.repeat(np.arange(len(flow.unit)), np.diff(flow.start))
    of_group, of_unit = np.ones(len(flow.lacks)), np.ones(units)  # where nobody can come a price is what the weight says
    of_group[flow.group_to] = _AT_FIRST
    of_unit[flow.unit_to[flow.is_backbone[teacher]]] = 0.0
    need = np.where(flow.lacks > 0, of_group * case.weights.shortage, 0.0)
    backbone = np.where(flow.short > 0, of_unit * case.weights.backbone, 0.0)
    return Prices(need, np.zeros(units), backbone, np.zeros(couples), np.zeros(1))


def _lengths(people: int, *, again: bool) -> Floats:
    rounds, first = (_AGAIN, _SHORT) if again else (next(many for most, many in _ROUNDS if people <= most), _FIRST)
    return np.asarray(first * (_LAST / first) ** (np.arange(rounds) / rounds) * np.sqrt(people))


def _reduced(flow: Flow, prices: Prices, shares: Shares, who: Ints) -> Floats:
    """Return what each way costs under the prices: (ways of the flow,)."""
    teacher = np.repeat(np.arange(len(who)), np.diff(flow.start))
    unit = flow.unit[teacher]
    strong = flow.is_backbone[teacher]
    cost = flow.cost - prices.need[flow.group_to] + prices.need[flow.group[teacher]]
    cost += prices.net[unit] - prices.net[flow.unit_to] + strong * (prices.backbone[unit] - prices.backbone[flow.unit_to])
    cost += prices.share[0] * shares.scale * (shares.backbone - strong)
    married = flow.couple[teacher] >= 0
    cost[married] += prices.couple[flow.couple[teacher[married]]]
    return np.asarray(cost)


def _told(case: Case, flow: Flow, last: Climbed, shares: Shares, of: tuple[Ints, Ints]) -> Priced:
    """Return what the last round proves: a way that is taken pushes out the one who gains least where there is no room."""
    who, ways = of
    goes, worth = last.goes, last.worth
    reduced = _reduced(flow, last.prices, shares, who)
    worst = np.full(len(case.need), -np.inf)
    np.maximum.at(worst, flow.group[goes], worth[goes])
    full = np.bincount(flow.group[goes], minlength=len(case.need)) >= case.may_leave
    others = _others(worth[goes], shares)
    room = np.where(full, np.where(np.isfinite(worst), worst, -np.inf), others)[flow.group]
    instead = np.where(goes, worth, np.minimum(worth, room))  # what is lost when this teacher goes some other way
    teacher = np.repeat(np.arange(len(who)), np.diff(flow.start))
    extra = np.full(len(case.arc_teacher), np.inf)
    extra[ways] = np.maximum(0.0, reduced - instead[teacher])
    leave = np.where(full & np.isfinite(worst), np.minimum(0.0, worst), 0.0)
    return Priced(
        prices=last.prices,
        bound=last.value + _PINNED * len(np.unique(case.arc_teacher[case.must])),
        extra=extra,
        leave=leave,
        share=others,
        backbone_share=float(last.prices.share[0]) * shares.scale,
    )


def _others(worth: Floats, shares: Shares) -> float:
    """Return what is lost when one more goes and no group stands against it: what the last who goes gains, where their number is bound."""
    last = float(worth.max(initial=-np.inf))
    if len(worth) == shares.largest:
        return last if shares.fewest == shares.largest else min(0.0, last)
    return max(0.0, last) if len(worth) == shares.fewest else 0.0


def _nobody(case: Case) -> Priced:
    units, groups = len(case.units), len(case.need)
    lacking = case.weights.shortage * np.maximum(0.0, case.need - case.held).sum()
    short = case.weights.backbone * np.maximum(0, case.even - case.backbone).sum()
    none = Prices(np.zeros(groups), np.zeros(units), np.zeros(units), np.zeros(int(case.couple.max(initial=-1)) + 1), np.zeros(1))
    extra = np.full(len(case.arc_teacher), np.inf)
    return Priced(prices=none, bound=float(lacking + short), extra=extra, leave=np.zeros(groups), share=0.0, backbone_share=0.0)
