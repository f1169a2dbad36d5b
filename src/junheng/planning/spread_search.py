"""The cheapest plan that keeps limits on how much schools may differ: tangents from the linear relaxation, whole numbers, repair.

1. The relaxation is solved, tangents are added where it breaks a limit, until it breaks none: the first bound.
2. The engine is asked for whole numbers to a gap that narrows from round to round; whole numbers that matter little (`late`) are left
   broken there. Its bound counts, since neither tangents nor that cut anything off.
3. Where its plan breaks a limit the tangents are added, and the plan is repaired: whole numbers are kept and the rest is solved anew; or
   else only what is yes or no is kept, and the remaining whole numbers are found again.
4. The best plan that keeps every limit begins the next round; `late` numbers are whole in the last rounds, when nothing else is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve import Amount, Answer, Limits, Program, Progress, Solved, Unproven, Variables, Watch
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.conflict import explain
from junheng.planning.solve.engine import NOBODY, USUAL, Outcome, gap
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import Compressed, compressed, times
from junheng.planning.spread import Spread, first_tangents
from junheng.planning.spread_blocks import apart, found_apart

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GAPS = (0.005, 0.002)  # of the first rounds
_SHARE = 0.5  # of the gap asked for that the engine may use; the rest is for the repair
_ROUNDS, _REPAIRS, _RELAXED, _AGAIN, _SHARPER = 60, 25, 60, 6, 20
_APART = 0.7  # of the gap asked for, in the program without the part that is linear
_GUESS = 1.02  # times the relaxation: what a plan is guessed to cost at most
_SLACK = 1e-6  # of the mean's range
_TIGHT = 1e-2  # tangents of the relaxation nearer than this go into the engine


def solve_spread(
    program: Program,
    spreads: Sequence[Spread],
    limits: Limits = USUAL,
    *,
    late: Variables | None = None,
    seed: int = 0,
    start: Floats | None = None,
    watch: Watch = NOBODY,
) -> Answer:
    """Return the cheapest plan that keeps every limit, or the proof that there is none, or what is known when the limits are reached.

    late: whole numbers of which a fraction changes the cost little. start: (columns,) a plan that keeps every rule.
    """
    return _Search(program, tuple(spreads), limits, late, seed, watch).run(start)


@dataclass
class _Search:
    program: Program
    spreads: tuple[Spread, ...]
    limits: Limits
    late: Variables | None
    seed: int
    watch: Watch
    bound: float = -np.inf
    best: float = np.inf
    values: Floats | None = None
    nodes: int = 0
    seconds: float = 0.0
    added: list[Rows] = field(default_factory=list)
    settled: Floats | None = None  # the relaxation's first plan that keeps the limits
    most: float = np.inf  # the sharp rows hold for plans that cost at most so much
    plain: int = 0  # of the rows added, those before the sharp ones

    def __post_init__(self) -> None:
        self.arrays = self.program.arrays()
        whole = self.arrays.whole
        early = whole.copy()
        if self.late is not None:
            early[self.late.columns] = False
        self.whole, self.early = np.flatnonzero(whole), np.flatnonzero(early)
        self.yes_or_no = np.flatnonzero(whole & (self.arrays.upper <= 1) & (self.arrays.lower >= 0) & early)
        self.relaxed = HighsSession(self.arrays.relaxed(), seed=self.seed)
        self.sessions: list[HighsSession] = []
        self.stages = [early, whole] if early.any() and (early != whole).any() else [whole]

    def run(self, start: Floats | None) -> Answer:
        if start is not None and self._is_kept(start):
            self._keep(start, float(self.arrays.cost @ start) + self.arrays.offset)
        for rows in first_tangents(self.spreads, self.program.columns):
            self._add(rows)
        outcome = self._settled(_RELAXED)
        if outcome.status == "infeasible":
            return self._impossible()
        self._began(outcome)
        self.settled = outcome.values
        self._sharpen(outcome.objective * _GUESS if outcome.objective else 0.0)
        self._apart()
        if self._is_near():
            return self._answer()
        return self._searched(joined([self._tight(outcome.values), self._tight(self.settled), *self.added[self.plain :]]))

    def _apart(self) -> None:
        """Leave the part that hangs on decisions only to linear programs, and search the small program that is left."""
        if len(self.stages) == 1 or self.settled is None:
            return
        how = apart(self.arrays, self.spreads, self.stages[0], self.yes_or_no)
        if how is None:
            return
        for turn, found in enumerate(found_apart(how, self.added, self.settled, self._run, self.limits.gap * _APART, self.seed)):
            self.bound = max(self.bound, min(found.bound, self.best, self.most))
            if found.values is not None and not self._found_again(self.early, found.values, turn + len(_GAPS)):
                self._found_again(self.yes_or_no, found.values, turn + len(_GAPS))
            self._tell()
            if self._is_near() or self.bound >= self.most:
                return

    def _searched_again(self) -> Answer:
        """Search without the guess, or with the cost of the best plan in its place: whatever is cheaper than that is within it."""
        if self.values is not None:
            self._sharpen(self.best)
        return self._searched(joined(self.added))

    def _searched(self, tangents: Rows) -> Answer:
        for stage, whole in enumerate(self.stages):
            if self._is_near() or not whole.any():
                break
            session = self._session(replace(self.arrays, whole=whole), tangents)
            if not self._proved(session, stage):
                self.bound = max(self.bound, min(self.most, self.best)) if np.isfinite(self.most) else self.bound
                return self._searched_again() if self._is_blunt() else self._impossible()
            self.sessions.remove(session)
            if self.best > self.most:
                break
        if not self._is_near() and self.best > self.most and self._is_blunt():
            return self._searched_again()
        return self._answer()

    def _began(self, outcome: Outcome) -> None:
        """Take what the relaxation says: a bound, and the plan where nothing need be whole."""
        if outcome.status == "optimal":
            self.bound = outcome.bound
        if not self.arrays.whole.any() and outcome.values is not None and outcome.objective is not None and self._is_kept(outcome.values):
            self._keep(outcome.values, outcome.objective)
        self._tell()

    def _proved(self, session: HighsSession, stage: int) -> bool:
        """Narrow the gap with one engine; False where it proves that there is no plan."""
        is_last = stage == len(self.stages) - 1
        for turn in range(_ROUNDS):
            wanted = max(self.limits.gap * _SHARE, _GAPS[turn] if turn < len(_GAPS) and not stage else 0.0)
            if self.values is not None and is_last:
                session.start_from(self.values)
            outcome = self._run(session, wanted)
            if outcome.status == "infeasible":
                return self.values is not None
            self.bound = max(self.bound, min(outcome.bound, self.best, self.most))
            before = len(self.added)
            if outcome.values is not None and outcome.objective is not None:
                self._learn(outcome.values, outcome.objective, turn)
            self._tell()
            if outcome.status == "stopped" or self._is_near() or self.bound >= self.most:
                break
            if len(self.added) == before and wanted <= self.limits.gap * _SHARE:  # nothing more to be learned here
                break
        return True

    def _sharpen(self, most: float) -> None:
        """Cut off things half begun, over the range of the mean that a plan which costs at most so much can have.

        From then on a bound says: no plan costs less than it, unless it costs more than `most`.
        """
        able = [spread for spread in self.spreads if spread.switch is not None]
        if most <= 0 or not able:
            return
        self.plain, self.most = len(self.added), most
        between = {id(spread): self._range(spread, most) for spread in able}
        outcome = self._settled(_RELAXED)
        for _ in range(_SHARPER):
            if outcome.status != "optimal" or outcome.values is None:
                break
            self.settled = outcome.values
            self.bound = max(self.bound, min(outcome.bound, self.best, most))
            rows = [spread.joined(outcome.values, between[id(spread)], self.program.columns) for spread in able]
            if not sum(len(each) for each in rows):
                break
            for each in rows:
                if len(each):
                    self._add(each)
            outcome = self._settled(_RELAXED)
        self._tell()

    def _is_blunt(self) -> bool:
        """Where the guess of what a plan costs was too low: take the sharp rows back; return whether there were any."""
        if not np.isfinite(self.most):
            return False
        self.most, self.added = np.inf, self.added[: self.plain]
        self.relaxed = HighsSession(self.arrays.relaxed(), seed=self.seed)
        self.relaxed.add_rows(joined(self.added))
        self.sessions = []
        return True

    def _range(self, spread: Spread, most: float) -> tuple[float, float]:
        """Return the least and the most that the mean can be in a plan that costs at most so much."""
        paid = np.flatnonzero(self.arrays.cost)
        within = compressed(np.zeros(len(paid), dtype=np.int64), paid, self.arrays.cost[paid], (1, self.program.columns))
        cheap = Rows(np.array([-np.inf]), np.array([most - self.arrays.offset]), within)
        rows = joined([self.arrays.rows, self._tight(self.settled), cheap])
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(self.program.columns)
            cost[spread.mean.columns] = sign
            session = HighsSession(replace(self.arrays.relaxed(), cost=cost, offset=0.0, rows=rows), seed=self.seed)
            outcome = self._run(session, 0.0)
            ends.append(sign * outcome.bound if outcome.status == "optimal" else -sign * np.inf)
        return (max(0.0, ends[0] - _SLACK), ends[1] + _SLACK)

    def _learn(self, values: Floats, objective: float, turn: int) -> None:
        """Take a plan of the engine, or make one of it that keeps the limits."""
        is_whole = bool((np.abs(values[self.whole] - np.rint(values[self.whole])) < 1e-6).all())
        if self._looked_at(values) and is_whole:
            self._keep(values, objective)
        elif not (is_whole and self._repaired(self.whole, values)) and not self._found_again(self.early, values, turn):
            self._found_again(self.yes_or_no, values, turn)

    def _looked_at(self, values: Floats) -> bool:
        """Add the tangents that a plan breaks; return whether it keeps every limit."""
        for spread in self.spreads:
            rows = spread.broken(values, self.program.columns)
            if len(rows):
                self._add(rows)
        return self._is_kept(values)

    def _is_kept(self, values: Floats) -> bool:
        return all(spread.is_kept(values) for spread in self.spreads)

    def _add(self, rows: Rows) -> None:
        self.added.append(rows)
        for session in (self.relaxed, *self.sessions):
            session.add_rows(rows)

    def _session(self, arrays: Arrays, tangents: Rows) -> HighsSession:
        session = HighsSession(arrays, seed=self.seed, prove=True)
        session.add_rows(tangents)
        self.sessions.append(session)
        return session

    def _tight(self, values: Floats | None) -> Rows:
        every = joined(self.added)
        if values is None:
            return every
        return every.chosen(np.flatnonzero(times(every.entries, values) < _TIGHT))

    def _settled(self, rounds: int) -> Outcome:
        """Solve the relaxation until it keeps every limit, or as often as said."""
        outcome = self._run(self.relaxed, 0.0)
        for _ in range(rounds):
            if outcome.status != "optimal" or outcome.values is None or self._looked_at(outcome.values):
                break
            outcome = self._run(self.relaxed, 0.0)
        return outcome

    def _repaired(self, columns: Ints, values: Floats) -> bool:
        """Keep some numbers of a plan, solve the rest anew within the limits; return whether there is such a plan."""
        fixed = np.rint(values[columns])
        self.relaxed.bound_columns(columns, fixed, fixed)
        outcome = self._settled(_REPAIRS)
        self.relaxed.bound_columns(columns, self.arrays.lower[columns], self.arrays.upper[columns])
        if outcome.status != "optimal" or outcome.values is None or outcome.objective is None or not self._is_kept(outcome.values):
            return False
        self._keep(outcome.values, outcome.objective)
        return True

    def _found_again(self, kept: Ints, values: Floats, turn: int) -> bool:
        """Keep some whole numbers of a plan, and find the others again; return whether that gave a plan."""
        fixed = np.rint(values[kept])
        lower, upper = self.arrays.lower.copy(), self.arrays.upper.copy()
        lower[kept] = upper[kept] = fixed
        arrays = replace(self.arrays, lower=lower, upper=upper)
        session = HighsSession(arrays, seed=self.seed)
        session.add_rows(self._tight(values))
        self.sessions.append(session)
        is_found = False
        for _ in range(_AGAIN):
            outcome = self._run(session, max(_GAPS[turn] / 2 if turn < len(_GAPS) else 0.0, self.limits.gap * _SHARE))
            if outcome.values is None or outcome.objective is None:
                break
            is_found = self._looked_at(outcome.values)
            if is_found:
                self._keep(outcome.values, outcome.objective)
            is_found = is_found or self._repaired(self.whole, outcome.values)
            if is_found:
                break
        self.sessions.remove(session)
        return is_found

    def _keep(self, values: Floats, objective: float) -> None:
        if objective < self.best:
            self.best, self.values = objective, values

    def _run(self, session: HighsSession, wanted: float) -> Outcome:
        nodes = None if self.limits.nodes is None else max(0, self.limits.nodes - self.nodes)
        seconds = None if self.limits.seconds is None else max(0.0, self.limits.seconds - self.seconds)
        outcome = session.run(replace(self.limits, gap=wanted, nodes=nodes, seconds=seconds), Watch(cancelled=self.watch.cancelled))
        self.nodes += outcome.nodes
        self.seconds += outcome.seconds
        return outcome

    def _is_near(self) -> bool:
        near = gap(self.best, self.bound) <= self.limits.gap or self.best - self.bound <= self.limits.slack
        return self.values is not None and near

    def _tell(self) -> None:
        if self.watch.progress:
            self.watch.progress(Progress(self.best if self.values is not None else None, self.bound, self.nodes))

    def _impossible(self) -> Answer:
        arrays = replace(self.arrays, rows=joined([self.arrays.rows, *self.added]))
        return explain(HighsSession, arrays, self.program.named_rows(), self.program.name_of_row, self.limits, self.seed, self.watch)

    def _answer(self) -> Answer:
        if self.values is None:
            return Unproven(bound=self.bound, nodes=self.nodes)
        values, bound = self.values, min(self.bound, self.best)
        amounts = tuple(Amount(term.title, term.amount(values), term.unit, term.weight) for term in self.program.costs)
        if self._is_near():
            return Solved(objective=self.best, bound=bound, values=values, amounts=amounts, nodes=self.nodes)
        return Unproven(bound=bound, objective=self.best, values=values, amounts=amounts, nodes=self.nodes)


def joined(parts: Sequence[Rows]) -> Rows:
    """Return rows one after the other."""
    sizes = np.cumsum([0, *(len(part.entries.value) for part in parts)])
    starts = (part.entries.start[1:] + size for part, size in zip(parts, sizes, strict=False))
    start = np.concatenate([np.zeros(1, dtype=np.int32), *starts]).astype(np.int32)
    column = np.concatenate([np.zeros(0, dtype=np.int32), *(part.entries.column for part in parts)])
    value = np.concatenate([np.zeros(0), *(part.entries.value for part in parts)])
    lower = np.concatenate([np.zeros(0), *(part.lower for part in parts)])
    upper = np.concatenate([np.zeros(0), *(part.upper for part in parts)])
    return Rows(lower, upper, Compressed(start, column, value))
