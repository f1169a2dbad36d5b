"""Which block to which zone: bounds by prices of schools and of blocks, plans by moves, and the engine where it decides most."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.along import along
from junheng.planning.districting.branching import Branching
from junheng.planning.districting.case import CLOSER, EXACT, District, Drawn, TooFull, Unconnected, broken, loads
from junheng.planning.districting.patches import PATCH, patch
from junheng.planning.districting.residual import Hope, Separators, residual
from junheng.planning.districting.separated import Separating, cheapest, pairs, with_ways, worthwhile
from junheng.planning.districting.start import empty_cost, improved, joined, mended, relaxed, rounded
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull, Sent
from junheng.planning.solve import Limits, Progress, Watch, solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STARTS = 3
_STEPS = 3000  # moves tried, times blocks, in a start; more starts make less of each
_MOST_STEPS = 60_000_000
_MANY, _HOT = 5000, 4.0  # from so many blocks on one start is made, and a hotter one
_MENDINGS = 6  # times that a plan with too many pupils somewhere is mended
# reduced costs, as shares of what a block costs, of the pairs that the engine is shown everywhere, and in a few zones
_WIDE = ((0.2, 0.14), (0.07, 0.14), (0.1, 0.2), (0.3, 0.3))
_ODD = (0.3, 2.0)  # by how much more or less likely blocks count in an order of ways
_NODES = 1
_PROOF_NODES = 600
_PATCHES = 3  # times that this is done on a small map; on a large one as often as there are zones
_WHOLE = 30_000  # blocks times zones up to which the engine sees everything at once
_ROUGH = 0.05  # gap of the plan that the engine looks for where moves found none
_SOON, _LOOKS, _TOLD = 400, 6000, 200  # linear programs that a proof by cases looks at; the last for a bound that is but told
_SOON_NODES, _MOST_NODES = 40, 2000  # cases that the engine looks at where the bound is far
_STALLED = 0.1  # of the gap asked for by which patches make a plan better, that the plan counts as good
_HOPE = 0.4  # how far, in gaps asked for, its bound may be from the goal after the first
_NEAR = 2.0  # how far, in gaps asked for, a bound may be from its goal for a proof by cases to begin
_NEARER = 1.0  # the same where that bound is not asked for, but told
_FEW = 2000  # but for so few pairs it always does
_COLUMNS = 250_000  # pairs in the linear program, about; at least so many a block
_FEWEST = 6
_ROWS = 30  # times that rows are added to it
_WARM = (1.0, 0.3)
_ROUNDING = 1.0 - 1e-7  # of what an engine proves
_ENOUGH = 0.999  # of the gap, at which the engine may end: what it proves is then rounded
_SURE = 1.0 - 1e-6  # of the gap: what is proven must still hold after rounding


@dataclass
class _Search:
    """What is known on the way."""

    district: District
    limits: Limits
    seed: int
    watch: Watch
    sent: Sent
    zone: Ints
    objective: float
    bound: float  # under the district's rule
    exact: float  # for any meaning of joined
    proven: bool = True  # False: no work is spent on the bound but what finds plans, too
    rounds: int = 0
    asked: float = np.inf  # what the plan cost when the engine was last asked for a proof
    proofs: dict[str, tuple[float, Floats]] = field(default_factory=dict)  # by rule: a bound, and what a plan with a pair costs beyond it
    branching: Branching | None = None
    programs: dict[str, Separating] = field(default_factory=dict)  # by rule, at the answer of that bound

    @property
    def goal(self) -> float:
        """Return the bound that proves the plan to be near enough."""
        return min(self.objective * (1.0 - _SURE * self.limits.gap), self.objective - self.limits.slack)

    @property
    def done(self) -> bool:
        """Return whether nothing more is to be done: proven, or stopped."""
        return self.bound >= self.goal or self.stopped()

    def stopped(self) -> bool:
        """Return whether somebody said stop."""
        return bool(self.watch.cancelled and self.watch.cancelled())

    @property
    def reduced(self) -> Floats:
        """Return by how much a pair costs more than the cheapest of its block, prices of places and of ways counted: (blocks, zones)."""
        district = self.district
        if district.rule in self.proofs:
            return self.proofs[district.rule][1]
        priced = np.where(
            district.each < UNREACHABLE, district.cost + district.pupils[:, None] * self.sent.school_price[None], float(UNREACHABLE)
        )
        reduced: Floats = priced - priced.min(axis=1, keepdims=True)
        return reduced

    def offer(self, zone: Ints) -> bool:
        """Keep a plan if it is lawful and better."""
        load, total = loads(self.district, zone), float(self.district.total(zone))
        lawful = bool((load <= self.district.high).all() and (load >= self.district.low).all())
        if not lawful or total >= self.objective - 0.5 or len(broken(self.district, zone)):
            return False
        self.zone, self.objective = zone, total
        self.tell()
        return True

    def tell(self) -> None:
        """Say how it stands."""
        self.rounds += 1
        if self.watch.progress:
            self.watch.progress(Progress(self.objective if np.isfinite(self.objective) else None, self.bound, self.rounds))


def draw(
    district: District,
    limits: Limits,
    seed: int,
    watch: Watch,
    today: Ints | None = None,
    *,
    forced: bool = True,
    proven: bool = True,
) -> Drawn | TooFull | Unconnected:
    """Return the zones that cost least, as near to the best possible as the limits ask for or the work allows.

    today: (blocks,) a plan that stays where it is lawful and proven to be near enough; forced: where moves find no plan, look for one by
    cases, which takes long; not wanted where places may give way; proven: False for a plan and what is quickly known of the bound.
    The same district, seed and limits of work give the same answer.
    """
    cut = np.flatnonzero(((district.each >= UNREACHABLE) | (district.order >= UNREACHABLE)).all(axis=1) & ~district.fixed)
    if len(cut):
        return Unconnected(blocks=cut)
    sent = relaxed(district)
    if isinstance(sent, Overfull):
        return TooFull(shortage=sent, out=0, zone=None)
    by_prices = float(sent.travel + empty_cost(district))
    search = _Search(district, limits, seed, watch, sent, rounded(district, sent), np.inf, by_prices, by_prices, proven)
    best = _begun(search, today, forced=forced)
    if not np.isfinite(search.objective):
        return TooFull(shortage=None, out=best[1], zone=best[0])
    for step in (_separate, _improve, _prove)[: 3 if proven else 2]:
        if not search.done:
            step(search)
    if proven:
        _prove_exactly(search)
    if today is not None:
        _kept(search, today)
    return _answer(search, by_prices)


def _begun(search: _Search, today: Ints | None, *, forced: bool) -> tuple[Ints, int]:
    """Find a first lawful plan; return the plan with fewest pupils out of band, and how many."""
    if today is not None:
        search.offer(today)
    best = _moved(search, search.zone)
    if not np.isfinite(search.objective):
        best = _mended(search, best)
    if forced and not np.isfinite(search.objective) and not search.done:
        _forced(search)
    return best


def _forced(search: _Search) -> None:
    """Let the engine, and then a search by cases, look for any plan where moves found none."""
    district = search.district
    if district.each.size > _WHOLE:
        return
    every, limits = np.ones(district.each.shape, dtype=np.bool_), replace(search.limits, gap=_ROUGH, nodes=_PROOF_NODES)
    _engine(search, every, np.ones(len(search.zone), dtype=np.bool_), CLOSER, None, limits)
    if not np.isfinite(search.objective):
        _separate(search)
        _branch(search, _LOOKS)


def _kept(search: _Search, today: Ints) -> None:
    """Keep today's plan where it is lawful and no plan was found that is better by more than the gap asked for."""
    district, total = search.district, float(search.district.total(today))
    lawful = bool((loads(district, today) <= district.high).all() and (loads(district, today) >= district.low).all())
    if lawful and not len(broken(district, today)) and search.objective >= total * (1.0 - search.limits.gap):
        search.zone, search.objective = today, total


def _answer(search: _Search, by_prices: float) -> Drawn:
    bound = min(search.bound, search.objective)
    return Drawn(
        zone=search.zone,
        objective=round(search.objective),
        bound=bound,
        bound_exact=min(search.exact, search.objective),
        bound_by_prices=min(by_prices, search.objective),
        prices=search.sent.school_price,
        rounds=search.rounds,
    )


def _moved(search: _Search, first: Ints) -> tuple[Ints, int]:
    """Improve the first plan by moves from several seeds; return the plan with fewest pupils out of band, and how many those are."""
    found: list[tuple[int, int, int, Ints]] = []
    steps = min(_STEPS * len(first), _MOST_STEPS)
    many, warm = (1, _HOT) if len(first) > _MANY else (_STARTS, 1.0)
    for start in range(many):
        zone, cost, out = improved(search.district, first, search.sent.school_price, steps, search.seed + start, warm=warm)
        found.append((out, cost, start, zone))
        search.offer(zone)
        if search.done or (np.isfinite(search.objective) and search.district.each.size <= _WHOLE):
            break  # the engine goes on from here better than another start
    out, _, _, zone = min(found, key=lambda each: each[:3])
    return zone, out


def _mended(search: _Search, best: tuple[Ints, int]) -> tuple[Ints, int]:
    """Bring the pupils that are out of band inside; return the plan with fewest, and how many."""
    zone, out = best
    for k in range(_MENDINGS):
        zone, left = mended(search.district, zone, search.sent.school_price, search.seed + k)
        if search.offer(zone) or search.done:
            return zone, left
        steps = min(_STEPS * len(zone), _MOST_STEPS) // 8
        found, _, out = improved(search.district, zone, search.sent.school_price, steps, search.seed + k, warm=0.1, dear=2.0 ** (k + 2))
        zone = found
        if search.offer(zone) or search.done:
            return zone, out
    return zone, out


def _separate(search: _Search) -> None:
    """Raise the bound by a linear program with ways to school, and make a plan of where most of each block went."""
    district = search.district
    many = max(_FEWEST, _COLUMNS // len(search.zone))
    if many * len(search.zone) > 4 * _COLUMNS:
        return
    may = pairs(district, search.zone)
    taken = cheapest(search.reduced, may, search.zone, many)
    for rule in (EXACT, CLOSER) if district.rule == CLOSER else (EXACT,):
        program = search.programs[rule] = Separating(district, may, taken)
        if not program.solve(rule, search.goal, _ROWS if rule == district.rule else _ROWS // 2):
            return
        search.proofs[rule] = program.proven()
        found = search.proofs[rule][0]
        search.bound, search.exact = max(search.bound, found), max(search.exact, found) if rule == EXACT else search.exact
        search.tell()
        if search.done:
            return
    _branch(search, _SOON)
    if not search.done and district.each.size > _WHOLE:
        _from(search, joined(district, program.plan(), search.sent.school_price))


def _from(search: _Search, zone: Ints) -> None:
    """Go on from a plan that is near the bound, with little heat."""
    steps = min(_STEPS * len(zone), _MOST_STEPS) // 2
    for k, warm in enumerate(_WARM):
        zone, _, _ = improved(search.district, zone, search.sent.school_price, steps, search.seed + 10 + k, warm=warm)
        zone, _ = mended(search.district, zone, search.sent.school_price, search.seed + 10 + k)
        search.offer(zone)
        if search.done:
            return


def _improve(search: _Search) -> None:
    """Let the engine look at pairs of small reduced cost: everywhere on a small map, and in some neighbouring zones at a time."""
    zones, chance = len(search.district.high), np.random.default_rng(search.seed)
    everywhere, is_small = np.ones(len(search.zone), dtype=np.bool_), search.reduced.size <= _WHOLE
    more = with_ways(search.district, search.reduced, search.district.rule)
    many = 0 if zones <= PATCH else _PATCHES if is_small else zones
    if is_small and search.district.rule == EXACT and not search.done:  # plans of the narrower rule are near, and sooner found
        _engine(search, _cheap(search, more, _WIDE[0][0]), everywhere, CLOSER, None, _fine(search))
    for turn, (wide, wider) in enumerate(_WIDE):
        if is_small:
            _look(search, _cheap(search, more, wide), everywhere, chance)
        before = search.objective
        for _ in range(many):
            some = patch(search.district, search.zone, search.reduced, search.sent.school_price, chance)
            _look(search, _cheap(search, more, wider), np.isin(search.zone, some), chance)
        proven = search.bound
        _branch(search, _SOON)
        stalls = before - search.objective <= _STALLED * (search.objective - search.goal)
        is_slow = search.goal - search.bound > search.bound - proven  # cases would be many
        if is_small and (stalls if turn else is_slow) and search.proven and search.district.rule == CLOSER:
            _by_engine(search, _SOON_NODES)


def _cheap(search: _Search, more: Floats, wide: float) -> Mask:
    """Return the pairs of small cost. more: (blocks, zones) what a plan with a pair costs more."""
    few: Mask = more <= wide * search.bound / len(search.zone)
    return few


def _look(search: _Search, keep: Mask, free: Mask, chance: np.random.Generator) -> None:
    """Let the engine look at some pairs; under exact contiguity by ways along likely blocks, another order of them each time."""
    if search.done:
        return
    district = search.district
    if district.rule == EXACT and district.each.size <= _WHOLE:
        ways = along(district, search.zone, search.reduced * chance.uniform(*_ODD, (len(free), 1)))
        _engine(search, keep, free, CLOSER, search.zone, _fine(search), district=ways)
    else:
        _engine(search, keep, free, district.rule, search.zone, _fine(search))


def _engine(
    search: _Search,
    keep: Mask,
    free: Mask,
    rule: str,
    start: Ints | None,
    limits: Limits,
    engine: str = "highs",
    watch: Watch | None = None,
    district: District | None = None,
) -> float:
    """Let the engine look at some pairs of free blocks; keep the plan if it is better; return what it proved of these pairs.

    district: with other ways than those of the search, as far as its rule is not the same.
    """
    keep = keep & (search.district.each < UNREACHABLE)
    if start is not None:
        keep[np.arange(len(start)), start] = True
    told = search.programs.get(rule, search.programs.get(EXACT))  # joined by nearer neighbours is joined
    made = residual(district or search.district, keep, search.zone, free, rule, told.known() if told else None)
    begin = None if start is None else made.values(start)
    cuts = Separators(search.district, made, search.zone) if rule == EXACT else None
    quiet = watch or Watch(cancelled=search.watch.cancelled)
    answer = solve(made.program, limits, seed=search.seed, start=begin, cuts=cuts, watch=quiet, explained=False, engine=engine)
    values = getattr(answer, "values", None)
    if values is not None:
        search.offer(made.plan(values, search.zone))
    return float(getattr(answer, "bound", np.inf))


def _fine(search: _Search) -> Limits:
    return replace(search.limits, gap=search.limits.gap / 5, nodes=min(search.limits.nodes or _NODES, _NODES))


def _prove(search: _Search) -> None:
    """Prove that no plan is cheaper than the goal: by the engine on a small map whose bound is far from it, else and then by cases."""
    if search.reduced.size <= _WHOLE:
        _by_engine(search, _MOST_NODES)
    if not search.done:
        _branch(search, _LOOKS)


def _by_engine(search: _Search, nodes: int) -> None:
    """Let the engine prove the goal over the pairs that a better plan can have.

    A bound is far where what fits together decides: the engine knows more rows for that than the linear program, and cases would be many.
    """
    rule, goal = search.district.rule, search.goal
    is_new = search.asked - search.objective > _STALLED * (search.objective - goal)
    if search.done or rule not in search.proofs or not (is_new or nodes == _MOST_NODES):
        return
    search.asked = search.objective
    keep, everywhere = worthwhile(search.district, search.proofs[rule], goal, rule), np.ones(len(search.zone), dtype=np.bool_)
    hope = Hope(search.stopped, goal - _HOPE * (search.objective - goal) if nodes < _MOST_NODES else -np.inf)
    watch = Watch(progress=hope.look, cancelled=hope.is_lost)
    limits = replace(search.limits, gap=search.limits.gap * _ENOUGH, nodes=min(search.limits.nodes or nodes, nodes))
    known = _engine(search, keep, everywhere, rule, search.zone, limits, "highs_proof", watch)
    search.bound = max(search.bound, min(goal, known * _ROUNDING))
    search.exact = max(search.exact, search.bound) if rule == EXACT else search.exact
    search.tell()


def _branch(search: _Search, looks: int) -> None:
    """Look at cases of doubtful blocks, or go on with it, with fewer pairs where the plan is better now."""
    if search.done:
        return
    if search.branching is None:
        search.branching = _cases(search, search.district.rule, _NEAR if looks < _LOOKS else np.inf)
    elif search.branching.last_goal > search.goal:
        search.branching.narrow(worthwhile(search.district, search.proofs[search.district.rule], search.goal, search.district.rule))
    if search.branching is not None:
        search.bound = max(search.bound, search.branching.bound(looks, search.stopped))
        search.exact = max(search.exact, search.bound) if search.district.rule == EXACT else search.exact
        search.tell()


def _cases(search: _Search, rule: str, near: float) -> Branching | None:
    """Begin with the pairs that a plan better than the goal can have. near: not where the goal is so many gaps away."""
    if rule not in search.programs:
        return None
    bound, may = search.proofs[rule][0], worthwhile(search.district, search.proofs[rule], search.goal, rule)
    is_far = may.sum() > _FEW and bound < search.goal - near * (search.objective - search.goal)
    if may.sum() > _COLUMNS or is_far:
        return None
    return Branching(search.programs[rule].of_pairs(may), rule, lambda: search.goal, search.offer)


def _prove_exactly(search: _Search) -> None:
    """Raise the bound for any meaning of joined, too, on small maps where that is not far from what was asked for."""
    if search.exact < search.goal and search.district.each.size <= _WHOLE and not search.stopped():
        cases = _cases(search, EXACT, _NEARER)
        if cases is not None:
            search.exact = max(search.exact, cases.bound(_TOLD, search.stopped))
            search.bound = max(search.bound, search.exact)
