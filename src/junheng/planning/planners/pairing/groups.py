"""Large questions of groups: a grouping by exchange, and a bound from prices on the schools, each lead choosing its best set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.planning.kernels.pairing import Groups, anneal
from junheng.planning.planners.pairing.prices import Proof
from junheng.planning.planners.pairing.question import Ints, Mask, Question
from junheng.planning.solve import Limits, Progress, Watch
from junheng.planning.solve.engine import gap

_HUNDREDTHS, _LOADS = 100, 4_000  # what needs are counted in, and the largest load of a lead that is looked at
_TURNS = 500  # exchanges tried for each pair
_WIDE, _FINE = (0.11, 1_500_000), (0.03, 2_500_000)  # first heat in mean ways, exchanges at most: to begin with, and where pairs are few
_STREAMS, _MORE = 3, 6  # streams to begin with, and at most while the gap is too wide
_NEAR = 14  # leads to which exchange moves a school, the nearest
_PARTS, _EVERY = 600, 25  # parts of the windows that are looked at, at most, and between two more streams


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A grouping and what no grouping falls below."""

    lead: Ints  # (w,)
    objective: float
    bound: float


def fits(question: Question) -> bool:
    """Return whether needs are whole hundredths and loads small enough for this way of looking at them."""
    need = question.need * _HUNDREDTHS
    loads = np.sort(need)[-question.partners :].sum()
    return bool(np.abs(need - np.rint(need)).max(initial=0.0) < 1e-6 and loads <= _LOADS and question.balance > 0)


def grouped(question: Question, begun: Ints, floor: float, limits: Limits, seed: int, watch: Watch) -> Found:
    """Return the best grouping found and its bound.

    begun: (w,) leads that keep every rule; floor: no grouping costs less before the difference between the groups is counted.
    """
    objective, lead = _best(question, (begun, _near(question)), _WIDE, seed, range(_STREAMS))
    proof = Proof(question, floor, limits.gap, objective, [begun, lead])
    proof.climb()
    for part in range(_PARTS):
        if watch.progress:
            watch.progress(Progress(objective, proof.bound, part))
        if gap(objective, proof.bound) <= limits.gap or (watch.cancelled and watch.cancelled()):
            break
        if part % _EVERY == 0:
            found = _best(question, (lead, proof.can), _FINE, seed, _more(part // _EVERY))
            objective, lead = min((objective, lead), found, key=lambda one: one[0])
            proof.aim(objective)
        if not proof.parts:
            break
        met = proof.go_on(seed, Watch(cancelled=watch.cancelled))
        if met is not None and (worth := _sum(question, met)) < objective:
            objective, lead = worth, met
            proof.aim(objective)
    return Found(lead=lead, objective=objective, bound=min(proof.bound, objective))


def _sum(question: Question, lead: Ints) -> float:
    """Return what a grouping comes to. lead: (w,)."""
    lacking = np.zeros(question.spare.shape)
    np.add.at(lacking, lead, question.lacking)
    loads = np.bincount(lead, weights=question.need, minlength=len(question.leads))
    unmet = np.maximum(0.0, lacking - question.spare).sum()
    way = question.cost[np.arange(len(lead)), lead].sum()
    return float(way + question.balance * (loads.max() - loads.min()) + question.help * unmet)


def exchanged(question: Question, begun: Ints, seed: int) -> Ints:
    """Return the best grouping that exchange finds, from leads that keep every rule: (w,)."""
    return _best(question, (begun, _near(question)), _WIDE, seed, range(_STREAMS))[1]


def _more(turn: int) -> range:
    """Return the streams that are tried in a turn."""
    return range(min(_STREAMS + turn, _MORE), min(_STREAMS + turn + 1, _MORE))


def _best(question: Question, begun: tuple[Ints, Mask], how: tuple[float, int], seed: int, streams: range) -> tuple[float, Ints]:
    """Return the best that some streams of exchange find; nothing found costs infinitely much."""
    found = [_annealed(question, begun, how, seed + stream) for stream in streams]
    return min(found, key=lambda one: one[0]) if found else (float("inf"), begun[0])


def _annealed(question: Question, begun: tuple[Ints, Mask], how: tuple[float, int], seed: int) -> tuple[float, Ints]:
    lead, can = begun[0], begun[1].copy()
    can[np.arange(len(lead)), lead] = True
    groups = Groups(
        question.cost,
        can,
        question.need,
        question.lacking,
        question.spare,
        question.partners,
        question.balance,
        question.help,
    )
    heat = how[0] * float(question.km[question.can].mean())
    return anneal(groups, lead, np.atleast_1d(question.must.any(axis=1)), min(how[1], _TURNS * question.km.size), heat, seed + 1)


def _near(question: Question) -> Mask:
    """Return the nearest leads of each school: (w, l)."""
    can = np.logical_and(question.can, ~question.far)
    if can.shape[1] <= _NEAR:
        return can
    cost = np.where(can, question.cost, np.inf)
    near = np.zeros(can.shape, dtype=np.bool_)
    np.put_along_axis(near, np.argpartition(cost, _NEAR, axis=1)[:, :_NEAR], True, axis=1)
    return np.asarray(near & can)
