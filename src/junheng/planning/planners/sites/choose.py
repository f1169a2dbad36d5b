"""The plan that costs least: which sites, who goes where, and what no choice of sites can fall below."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.few_sites import SiteValues
from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.planners.sites.question import Floats, Ints, Question, bound_at
from junheng.planning.planners.sites.ranked import Ranking, Sites, ranked
from junheng.planning.planners.sites.years import OverYears
from junheng.planning.pupils_to_schools import Sent, send_pupils
from junheng.planning.solve import Limits, Progress, Watch
from junheng.planning.whole_blocks import choose_whole
from junheng.planning.whole_sites import OpenedWhole, open_whole

_TABLES = 500  # of sites that may be worked out over several years
_TRIED, _TRIED_WHOLE = 400, 4  # choices of sites that are worked out with least loads, or with villages whole
_SECONDS = 20.0  # of each with villages whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Some of the candidates, and the pupils of each village at each school and candidate."""

    question: Question
    new: Sites
    flow: Ints  # (B, E + C)
    cost: int  # grains
    bound: float
    engine: str
    table: SiteValues | None = None  # where every site was worked out
    price: Floats | None = None
    runners: tuple[tuple[float, Sites], ...] = ()  # other choices, as the engine counted them, cheapest first
    ahead: tuple[Ints, ...] = ()  # where the plan holds for several years: (B, E + C) of each; `flow` is that of the last
    begins: tuple[int, ...] = ()  # of each of `new`: the year in which it opens, counted from the first
    is_small: bool = False  # whether a new one has fewer than its least load: a plan only to prove with

    @property
    def load(self) -> Ints:
        """Return the pupils of every school and candidate."""
        return np.asarray(self.flow.sum(axis=0))

    @property
    def flows(self) -> tuple[Ints, ...]:
        """Return who goes where in each year."""
        return self.ahead or (self.flow,)

    def begin(self, site: int) -> int:
        """Return the year in which one of the new ones opens, counted from the first."""
        return self.begins[self.new.index(site)] if self.begins else 0

    def at(self, year: int) -> Plan:
        """Return the plan as it stands in one year, counted from the first."""
        if not self.ahead:
            return self
        new = tuple(site for site, begin in zip(self.new, self.begins, strict=True) if begin <= year)
        return replace(self, question=self.question.at(year), new=new, flow=self.ahead[year], ahead=(), begins=())

    @property
    def km(self) -> float:
        """Return the mean way."""
        return mean_km(self.question, self.flow)


def mean_km(question: Question, flow: Ints) -> float:
    """Return the mean way of all pupils in km."""
    total = float((flow * np.where(flow > 0, question.metres, 0.0)).sum())
    return total / 1000.0 / max(int(question.pupils.sum()), 1)


def choose(question: Question, limits: Limits, seed: int, watch: Watch) -> Plan | None:
    """Return the plan of least cost; None where no choice of sites has a place for everybody.

    Raises nothing for a search that is cut short: the plan then says how far from the best it may be.
    """
    if question.later:
        return _over_years(question, limits, seed, watch)
    if question.is_whole and not question.fixed.any():
        return _whole(question, limits, seed, watch)
    if question.count == 0:
        return _standing(question, limits, seed)
    return _of_ranking(question, limits, seed, watch)


def _over_years(question: Question, limits: Limits, seed: int, watch: Watch) -> Plan | None:
    """Return the plan for several years. With a least load, choices are worked out cheapest first until none can be better."""
    most, plan = 0.0, None
    for _ in range(2 if question.least else 1):
        grown = OverYears(question, limits.gap, limits.nodes or _TABLES, most, watch)
        grown.run()
        plan = _settled_years(question, grown, limits, seed, watch) or plan
        if plan is None or plan.bound >= plan.cost * (1.0 - limits.gap):
            break
        most = float(plan.cost)
    return plan


def _settled_years(question: Question, grown: OverYears, limits: Limits, seed: int, watch: Watch) -> Plan | None:
    """Work choices of courses out, cheapest first, as long as one may be better than the best."""
    best: tuple[int, Sites, tuple[Ints, ...]] | None = None
    lowest = grown.beyond
    for done, (value, new) in enumerate(Ranking("few_sites", grown.sets).ordered):
        if (best and value >= best[0] * (1.0 - limits.gap)) or done >= _TRIED or (watch.cancelled and watch.cancelled() and best):
            lowest = min(lowest, value)
            break
        flows = [worked_out(grown.each[year], grown.begun(year, new), limits, seed)[0] for year in range(question.years)]
        known = tuple(flow for flow in flows if flow is not None)
        if len(known) < question.years:
            continue
        ways = sum(int((flow * np.where(flow > 0, question.way, 0)).sum()) for flow in known)
        cost = ways + sum(question.own(*grown.site(one)) for one in new)
        lowest = min(lowest, max(value, 0.0))
        if best is None or cost < best[0]:
            best = cost, new, known
    if best is None:
        return None
    cost, courses, known = best
    begins = dict(map(grown.site, courses))
    return Plan(
        question=question,
        new=tuple(sorted(begins)),
        flow=known[-1],
        cost=cost,
        bound=float(min(lowest, cost)),
        engine="few_sites",
        ahead=known,
        begins=tuple(begins[site] for site in sorted(begins)),
    )


def _whole(question: Question, limits: Limits, seed: int, watch: Watch) -> Plan | None:
    """Return the plan with villages whole. Where it leaves a new one too small, others are tried, and its bound holds for them."""
    plan = _covering(question, limits, seed, watch)
    table = ranked(question, limits, watch).table if question.schools and question.count == 1 else None
    if plan is not None and not plan.is_small:
        return replace(plan, table=table)
    tried = _of_ranking(question, limits, seed, watch) if question.count else _standing(question, limits, seed)
    if tried is None or plan is None:
        return tried
    return replace(tried, bound=float(min(max(plan.bound, tried.bound), tried.cost)), price=plan.price, table=table)


def _of_ranking(question: Question, limits: Limits, seed: int, watch: Watch) -> Plan | None:
    """Return the plan of the choices of sites as an engine ranks them."""
    ranking = ranked(question, limits, watch)
    plan = _settled(question, ranking, limits, seed, watch)
    is_rough = bool(question.is_whole or question.least) and ranking.table is None
    if plan is not None and is_rough and plan.bound < plan.cost * (1.0 - limits.gap):
        ranking = ranked(question, limits, watch, float(plan.cost))
        plan = _settled(question, ranking, limits, seed, watch) or plan
    return plan


def _covering(question: Question, limits: Limits, seed: int, watch: Watch) -> Plan | None:
    """Return the plan with villages whole; None where none was found, or a new one is too small in it.

    Schools that stay and sites that must be are open in any case, of the others as many as may be.
    """
    many, must = len(question.schools), np.array(question.must, dtype=np.int64)
    columns = np.concatenate((question.columns(question.must), many + np.setdiff1d(question.open_to(), must)))
    stay = many + len(must)
    picked = min(many + question.count, len(columns))
    if picked < max(1, stay):
        return None
    known = question.way[question.way < UNREACHABLE]
    far = (int(known.max(initial=0)) + 1) * len(question.blocks)
    way = np.minimum(question.way[:, columns], far) * question.pupils[:, None]
    asked = Limits(gap=limits.gap, nodes=limits.nodes, seconds=limits.seconds or _SECONDS)
    told = choose_whole(way, question.pupils, question.room[columns], picked, stay=stay, seed=seed, limits=asked, watch=watch)
    if told is None:
        return None
    goes = columns[told.goes]
    if (question.way[np.arange(len(goes)), goes] >= UNREACHABLE).any():
        return None
    flow = np.zeros(question.way.shape, dtype=np.int64)
    flow[np.arange(len(goes)), goes] = question.pupils
    new = tuple(sorted({*question.must, *(int(site) - many for site in goes if site >= many)}))
    return Plan(
        question=question,
        new=new,
        flow=flow,
        cost=told.objective,
        bound=told.bound,
        engine="whole_blocks",
        price=told.price / np.maximum(question.pupils, 1),
        is_small=_is_small(question, flow, new),
    )


def _is_small(question: Question, flow: Ints, new: Sites) -> bool:
    """Return whether a new one has fewer than the least load."""
    at = len(question.schools) + np.array(new, dtype=np.int64)
    return bool((flow.sum(axis=0)[at] < np.minimum(question.least, question.room[at])).any())


def _standing(question: Question, limits: Limits, seed: int) -> Plan | None:
    """Return the plan that opens nothing."""
    flow, bound = worked_out(question, (), limits, seed)
    if flow is None:
        return None
    cost = question.cost(flow, ())
    return Plan(question=question, new=(), flow=flow, cost=cost, bound=min(bound, cost), engine="pupils_to_schools")


def _settled(question: Question, ranking: Ranking, limits: Limits, seed: int, watch: Watch) -> Plan | None:
    """Work choices out, cheapest first, as long as one may be better than the best."""
    best: tuple[int, Sites, Ints] | None = None
    lowest, is_exact = ranking.beyond, not question.is_whole and not question.least
    tried = _TRIED_WHOLE if question.is_whole else _TRIED
    for done, (value, new) in enumerate(ranking.ordered):
        if (best and value >= best[0] * (1.0 - limits.gap)) or done >= tried or (watch.cancelled and watch.cancelled() and best):
            lowest = min(lowest, value)
            break
        flow, bound = worked_out(question, new, limits, seed)
        lowest = min(lowest, max(bound, value))
        cost = question.cost(flow, new) if flow is not None else 0
        if flow is not None and (best is None or cost < best[0]):
            best = cost, new, flow
            if watch.progress:
                watch.progress(Progress(question.km(cost), question.km(min(cost, lowest)), done + 1))
        if is_exact:
            break
    if best is None:
        return None
    cost, new, flow = best
    used = tuple(site for site in new if flow[:, len(question.schools) + site].any() or site in question.must)
    return Plan(
        question=question,
        new=used,
        flow=flow,
        cost=question.cost(flow, used),
        bound=float(min(lowest, question.cost(flow, used))),
        engine="whole_sites" if question.is_whole else ranking.engine,
        table=ranking.table,
        price=ranking.price,
        runners=tuple(item for item in ranking.ordered if item[1] != new),
    )


def worked_out(question: Question, new: Sites, limits: Limits, seed: int) -> tuple[Ints | None, float]:
    """Return who goes where with these sites, None where places do not suffice, and what no plan with them falls below, in grains."""
    columns = question.columns(new)
    if not len(columns):
        return None, np.inf
    way, room = question.way[:, columns], question.room[columns]
    if not question.is_whole:
        part = _kept(question, way, room, len(new))
        if part is None:
            return None, np.inf
        flow = np.zeros(question.way.shape, dtype=np.int64)
        flow[:, columns] = part
        return flow, float(question.cost(flow, new))
    return _together(question, new, limits, seed)


def _kept(question: Question, way: Ints, room: Ints, new: int) -> Ints | None:
    """Send everybody; new schools get their least load first: their first places are cheaper than any chain of moves."""
    first = np.arange(len(room) - new, len(room)) if question.least else np.zeros(0, dtype=np.int64)
    few = np.minimum(question.least, room[first])
    rise = (int(way[way < UNREACHABLE].max(initial=0)) + 1) * (len(room) + 3) if len(first) else 0
    rest = room.copy()
    rest[first] -= few
    cost = np.concatenate((np.where(way < UNREACHABLE, way + rise, way), way[:, first]), axis=1)
    sent = send_pupils(cost, question.pupils, np.concatenate((rest, few)))
    if not isinstance(sent, Sent):
        return None
    flow = np.zeros(cost.shape, dtype=np.int64)
    flow[sent.block, sent.school] = sent.pupils
    joined = flow[:, : len(room)]
    joined[:, first] += flow[:, len(room) :]
    return None if (joined.sum(axis=0)[first] < few).any() else joined


def _together(question: Question, new: Sites, limits: Limits, seed: int) -> tuple[Ints | None, float]:
    """Send every village whole. A least load is only looked at: a plan that keeps it is one, none found says nothing."""
    columns = question.columns(new)
    way, room = question.way[:, columns], question.room[columns]
    if not isinstance(send_pupils(way, question.pupils, room), Sent):
        return None, np.inf
    extra = float(question.fixed[list(new)].sum())
    within = Limits(gap=limits.gap, nodes=limits.nodes, seconds=_SECONDS)
    goes, bound = _placed(way, question.pupils, room, within, seed)
    if goes is None:
        return None, bound + extra
    flow = np.zeros(question.way.shape, dtype=np.int64)
    flow[np.arange(len(goes)), columns[goes]] = question.pupils
    return (None if _is_small(question, flow, new) else flow), bound + extra


def _placed(way: Ints, pupils: Ints, room: Ints, limits: Limits, seed: int) -> tuple[Ints | None, float]:
    """Return the school of each village, and what no plan falls below. Where places are too tight for one engine, the other is asked."""
    far = (int(way[way < UNREACHABLE].max(initial=0)) + 1) * len(pupils)
    told = choose_whole(np.minimum(way, far) * pupils[:, None], pupils, room, len(room), stay=len(room), seed=seed, limits=limits)
    if told is not None and (way[np.arange(len(pupils)), told.goes] < UNREACHABLE).all():
        return told.goes, told.bound
    other = open_whole(way, pupils, room, np.zeros_like(room), kept=np.arange(len(room)), seed=seed, limits=limits)
    if isinstance(other, OpenedWhole):
        return other.goes, other.bound
    return None, -np.inf if other is None else np.inf


def proven_by_prices(plan: Plan) -> float | None:
    """Return the bound that the prices of the plan prove, in grains; None where there are none."""
    return None if plan.price is None else bound_at(plan.question, plan.price)
