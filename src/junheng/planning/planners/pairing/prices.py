"""What no grouping falls below: prices on the schools, and the windows of smallest and largest load in parts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from junheng.planning.kernels.pairing_sets import Least, Sets, Weights, Window, best_sets, evaluate, windows
from junheng.planning.planners.pairing.columns import Columns, Duals
from junheng.planning.planners.pairing.question import Floats, Ints, Mask, Question
from junheng.planning.planners.pairing.whole import Found, below
from junheng.planning.solve import Watch

_HUNDREDTHS = 100
_STAGES = ((24, 60, 0.14, 0.02), (24, 40, 0.02, 0.005), (36, 50, 0.005, 0.001))  # pairs of a lead, rounds, lengths in mean ways
_KEEP = 0.7  # of the last direction
_FRESH = 10  # rounds after which the cheapest pairs are chosen anew
_STEP = 0.14  # mean ways by which the program over sets may move a price from where it proved most
_ROUNDS = 40  # of new sets for one part, at most
_SPARE = 0.999  # of the gap asked for that a part may leave
_FEW = 5  # open pairs for two schools, up to which the engine is asked
_TINY = 1e-6


class _Part(NamedTuple):
    """Some of the windows, what is proven for them and by which prices, and the pairs that a grouping below the aim may have there."""

    bound: float
    window: Window
    price: Floats  # (w,)
    pull: Floats  # (l,) what one hundredth of a teacher is worth to each lead's set
    low: float  # what one hundredth costs in the smallest load, and in the largest
    high: float
    can: Mask  # (w, l)


class Proof:
    """The bound of a question: the part of least bound is looked at next, until all come to the aim."""

    def __init__(self, question: Question, floor: float, gap: float, objective: float, plans: list[Ints]) -> None:
        """Begin with all windows in which a grouping may be cheaper than the objective; plans: (w,) leads, sets to begin with."""
        self.question, self.gap = question, gap
        pinned: Mask = np.atleast_1d(question.must.any(axis=1))
        can: Mask = np.logical_and(np.logical_and(question.can, ~question.far), question.must | ~pinned[:, None])
        self.need = np.rint(question.need * _HUNDREDTHS).astype(np.int64)
        self.weight = question.balance / _HUNDREDTHS
        mean = int(self.need.sum() // len(question.leads))
        widest = int(np.ceil((objective - floor) / self.weight)) + 1
        most = max(mean + 1, min(mean + widest, int(np.sort(self.need)[-question.partners :].sum())))
        self.closed = floor + self.weight * widest  # what a wider window costs at least
        self.scale = float(question.km[question.can].mean())
        self.share = np.zeros(question.spare.shape)
        near = np.sort(np.where(can, question.cost, np.inf), axis=1)
        second = near[:, min(1, near.shape[1] - 1)]
        price = np.where(np.isfinite(second), second, near[:, 0])
        window = Window(max(0, mean - widest), mean, mean, most)
        self.parts = [_Part(-np.inf, window, price, np.zeros(len(question.leads)), -self.weight, self.weight, can)]
        self.plans = plans
        self.stuck: list[_Part] = []  # of which nothing more could be said
        self.columns: Columns | None = None
        self.aim(objective)

    def aim(self, objective: float) -> None:
        """Say which plan is to be proven."""
        self.below = objective - _SPARE * self.gap * abs(objective)

    @property
    def bound(self) -> float:
        """Return what no grouping falls below."""
        return min([self.closed, *(part.bound for part in (*self.parts, *self.stuck))])

    @property
    def can(self) -> Mask:
        """Return the pairs with which some grouping may come below the aim: (w, l)."""
        return np.asarray(np.any([part.can for part in self.parts], axis=0)) if self.parts else np.zeros(self.question.km.shape, np.bool_)

    def climb(self) -> None:
        """Let prices climb over all windows at once; windows and pairs that cannot come below the aim are left out as one goes."""
        part = self.parts.pop()
        for stage in _STAGES:
            left = self._left(self._climbed(part, stage))
            if left is None:
                return
            part = left
        self.parts.append(part)

    def go_on(self, seed: int, watch: Watch) -> Ints | None:
        """Look at the part of least bound; return a grouping, (w,) leads, where one is met.

        Few pairs left: the engine says whether a grouping comes below the aim there. Else the program over sets sharpens the bound, and
        the windows that are left are parted.
        """
        part = min(self.parts, key=lambda one: one.bound)
        self.parts.remove(part)
        is_single = _halves(part.window)[0] == part.window
        if is_single or 2 * part.can.sum() <= _FEW * len(part.price):
            found = self._whole(part, seed, watch)
            if found.status == "none":
                self.closed = min(self.closed, self.below)
                return None
            again = found.lead is not None and not self.question.help  # with help counted in full it may not come below the aim
            if is_single or again:
                (self.parts if again else self.stuck).append(part)
                return found.lead
        tight, least = self._tightened(part)
        left = self._left(tight, least)
        halves = () if left is None else (self._left(left._replace(window=window), least) for window in _halves(left.window))
        self.parts += [half for half in halves if half is not None]
        return None

    def _whole(self, part: _Part, seed: int, watch: Watch) -> Found:
        asked = self.question
        aim = part.window, self.below - self._given()
        return below(self._own(), part.can, self.need, asked.partners, self.weight, aim, seed, watch)

    def _cost(self, part: _Part) -> Floats:
        """Return way, change and help of each pair less the school's price: (w, l)."""
        return np.asarray(self._own() - part.price[:, None] - self.need[:, None] * part.pull[None])

    def _own(self) -> Floats:
        asked = self.question
        return np.asarray(asked.cost + asked.help * (asked.lacking @ self.share.T))

    def _weights(self, part: _Part) -> Weights:
        return Weights(float(part.price.sum()) + self._given(), part.low, part.high)

    def _given(self) -> float:
        """Return what help that is to spare brings, 0 or less."""
        return -self.question.help * float((self.share * self.question.spare).sum())

    def _sets(self, can: Mask, cost: Floats) -> tuple[Sets, Floats]:
        lead, school = (np.asarray(each, dtype=np.int64) for each in np.nonzero(can.T))
        start = np.searchsorted(lead, np.arange(can.shape[1] + 1)).astype(np.int64)
        return Sets(start, school, self.need), np.asarray(cost[school, lead])

    def _seen(self, part: _Part) -> tuple[Least, Floats, Ints]:
        """Return what the part's prices prove over its windows, the least costs by lead and load, and the leads' best sets."""
        sets, cost = self._sets(part.can, self._cost(part))
        window = part.window
        least, found = best_sets(sets, cost, self.question.partners, (window.low_least, window.high_most))
        return windows(least, self._weights(part), window, self.below), least, found

    def _left(self, part: _Part, least: Floats | None = None) -> _Part | None:
        """Return of a part what may come below the aim: fewer windows and pairs; None where nothing may.

        least: (l, loads) the least costs under the part's prices, where they are known, over these pairs or more.
        """
        if least is None:
            told, least, _ = self._seen(part)
        else:
            least = np.ascontiguousarray(least[:, : part.window.high_most + 1])
            told = windows(least, self._weights(part), part.window, self.below)
        self.closed = min(self.closed, self.below)
        if told.left.high_most < 0:
            return None
        return part._replace(bound=max(part.bound, told.value), window=told.left, can=self._open(part, told, least))

    def _open(self, part: _Part, told: Least, least: Floats) -> Mask:
        """Return the pairs with which some window may come below the aim: one pair costs itself and the best that may stand beside it."""
        window, weights = part.window, self._weights(part)
        loose = least[:, window.low_least :].min(axis=1)
        inner = least[:, window.low_most : window.high_least + 1]
        tight = inner.min(axis=1) if inner.shape[1] else np.full(len(loose), np.inf)
        ends = min(weights.low * window.low_least, weights.low * window.low_most)
        ends += min(weights.high * window.high_least, weights.high * window.high_most)
        rest = np.maximum(told.value - tight, weights.apart + ends + loose.sum() - loose)  # all but the lead's own set
        cost = self._cost(part)
        beside = np.sort(np.minimum(np.where(part.can, cost, 0.0), 0.0), axis=0)[: self.question.partners]
        last, all_of = beside[-1], beside.sum(axis=0)
        with_it = np.where(cost > last, cost + (all_of - last), all_of)
        return np.asarray(part.can & (rest + with_it < self.below))

    def _climbed(self, part: _Part, stage: tuple[int, int, float, float]) -> _Part:
        """Return the part after rounds of prices that look at the cheapest pairs of each lead only; it proves nothing yet."""
        many, rounds, first, last = stage
        asked, can = self.question, part.can
        going, helping = np.zeros(len(part.price)), np.zeros(self.share.shape)
        count, chosen = np.zeros(len(asked.weak), dtype=np.int64), np.zeros(can.shape, dtype=np.bool_)
        for turn in range(rounds):
            if turn % _FRESH == 0:
                can = _cheapest(self._cost(part), part.can, many)
            sets, cost = self._sets(can, self._cost(part))
            evaluate(sets, cost, asked.partners, self._weights(part), part.window, self.below, count, chosen)
            going = (1.0 - count) + _KEEP * going
            helping = (chosen.T @ asked.lacking - asked.spare) + _KEEP * helping
            length = first * (last / first) ** (turn / rounds) * self.scale * np.sqrt(len(part.price))
            step = length / max(1e-9, float(np.linalg.norm(going)))
            if asked.help > 0:
                self.share = np.clip(self.share + step / max(1.0, asked.help) * helping, 0.0, 1.0)
            part = part._replace(price=part.price + step * going)
        return part

    def _program(self) -> Columns:
        """Return the program over sets; it is made when it is first asked for."""
        if self.columns is None:
            self.columns = Columns(self._own(), self.need, self.weight, _STEP * self.scale)
            leads = np.arange(len(self.question.leads))
            for plan in self.plans:
                self.columns.add([np.flatnonzero(plan == lead) for lead in leads], leads)
        return self.columns

    def _tightened(self, part: _Part) -> tuple[_Part, Floats | None]:
        """Return the part with the prices that prove most for it, so far as rounds of new sets find them, and the least costs there."""
        program, best, value, costs = self._program(), part, part.bound, None
        program.narrow(part.window, part.can)
        program.around(part.price)
        for turn in range(_ROUNDS):
            duals = program.solve()
            if duals is None:
                break
            tried = part._replace(price=duals.price, pull=duals.pull, low=duals.low, high=duals.high)
            told, least, found = self._seen(tried)
            if turn == 0 or told.value > value:
                best, value, costs = tried, told.value, least
                program.around(best.price)
            if told.value >= self.below or not self._more(program, duals, found) or self._is_hopeless(duals):
                break
        return best, costs

    def _is_hopeless(self, duals: Duals) -> bool:
        """Return whether more sets would only show that the part cannot be proven as a whole."""
        return duals.is_free and duals.value + self._given() < self.below

    def _more(self, program: Columns, duals: Duals, found: Ints) -> bool:
        """Add the sets that the prices ask for; return whether there were any."""
        leads, most, _ = found.shape
        sets = found.reshape(leads * most, most)
        lead = np.repeat(np.arange(leads), most)
        there = sets >= 0
        cost = program.cost - duals.price[:, None] - self.need[:, None] * duals.pull[None]
        worth = np.where(there, cost[np.maximum(sets, 0), lead[:, None]], 0.0).sum(axis=1) - duals.one[lead]
        new = np.flatnonzero(there.any(axis=1) & (worth < -_TINY))
        return program.add([sets[k][there[k]] for k in new], lead[new]) > 0


def _cheapest(cost: Floats, can: Mask, many: int) -> Mask:
    """Return the cheapest pairs of each lead: (w, l)."""
    if many >= cost.shape[0]:
        return can
    keep = np.zeros(cost.shape, dtype=np.bool_)
    np.put_along_axis(keep, np.argpartition(np.where(can, cost, np.inf), many, axis=0)[:many], True, axis=0)
    return np.asarray(keep & can)


def _halves(window: Window) -> tuple[Window, ...]:
    """Return the windows in two halves, parted where they are widest: the smallest load or the largest."""
    if window.low_most - window.low_least >= window.high_most - window.high_least:
        middle = (window.low_least + window.low_most) // 2
        halves = window._replace(low_most=middle), window._replace(low_least=min(middle + 1, window.low_most))
    else:
        middle = (window.high_least + window.high_most) // 2
        halves = window._replace(high_most=middle), window._replace(high_least=min(middle + 1, window.high_most))
    return halves if halves[0] != halves[1] else halves[:1]
