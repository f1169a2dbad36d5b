"""One move changed: this person there instead, or kept, or not there; solved again from the prices and the plan of a moment ago."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.teacher_rotation.case import Case, Ints, Mask
from junheng.planning.planners.teacher_rotation.choose import Chosen, choose
from junheng.planning.planners.teacher_rotation.model import model
from junheng.planning.planners.teacher_rotation.prices import Priced, priced
from junheng.planning.solve import Impossible, Limits, Solved, Unproven, Watch, solve
from junheng.planning.solve.engine import gap

_NEAR = 8.0  # km beyond the bound within which the ways of teachers of the same subject are looked at
_WAYS = 2_000  # ways that are looked at, at most, but for those of who is changed
_FEW_WAYS = 1_000  # the same at first, where only ways that were near before are looked at
_REACH = 40.0  # km beyond the bound before, up to which a way counts as near
_ALIKE = 0.01  # km for each teacher who does not do as before
_PART = 0.1  # of the gap asked for that the small search may leave


def sent(case: Case, teacher: int, unit: int, km: float) -> Case:
    """Return the case with a teacher pinned to go to a unit. km: by which the way grows, where the case does not know the way yet."""
    known = np.flatnonzero((case.arc_teacher == teacher) & (case.arc_unit == unit))
    if len(known):
        return replace(case, must=np.union1d(_others(case, teacher), known), stays=_stays(case, teacher, stays=False))
    place = int(np.searchsorted(case.arc_teacher, teacher, side="right"))
    must = _others(case, teacher)
    return replace(
        case,
        arc_teacher=np.insert(case.arc_teacher, place, teacher),
        arc_unit=np.insert(case.arc_unit, place, unit),
        arc_subject=np.insert(case.arc_subject, place, case.subject[teacher]),
        arc_km=np.insert(case.arc_km, place, km),
        arc_down=np.insert(case.arc_down, place, False),
        must=np.union1d(must + (must >= place), [place]),
        stays=_stays(case, teacher, stays=False),
    )


def kept(case: Case, teacher: int) -> Case:
    """Return the case with a teacher pinned to stay."""
    return replace(case, must=_others(case, teacher), stays=_stays(case, teacher, stays=True))


def barred(case: Case, teacher: int, unit: int) -> Case:
    """Return the case without one way to go."""
    rest = np.flatnonzero((case.arc_teacher != teacher) | (case.arc_unit != unit))
    number = np.full(len(case.arc_teacher), -1)
    number[rest] = np.arange(len(rest))
    must = number[case.must]
    return replace(
        case,
        arc_teacher=case.arc_teacher[rest],
        arc_unit=case.arc_unit[rest],
        arc_subject=case.arc_subject[rest],
        arc_km=case.arc_km[rest],
        arc_down=case.arc_down[rest],
        must=must[must >= 0],
    )


def _others(case: Case, teacher: int) -> Ints:
    """Return the pinned ways of everybody else."""
    return np.asarray(case.must[case.arc_teacher[case.must] != teacher])


def _stays(case: Case, teacher: int, *, stays: bool) -> Mask:
    found = case.stays.copy()
    found[teacher] = stays
    return found


def again(case: Case, before: Case, chosen: Chosen, limits: Limits, seed: int, watch: Watch) -> Chosen | Impossible | Unproven:
    """Return the best moves of a case that differs from one solved before in a pin or two, with a bound over all ways.

    The bound follows from a few more rounds of prices; the plan from a search among the teachers around the change, the others
    staying as they were; where that finds nothing among those of all subjects, and at last everything is solved anew.
    """
    if not len(chosen.arcs):
        return choose(case, limits, seed, watch)
    number_of = narrower(case, before)
    if number_of is not None:
        found = _narrowed(case, (before, number_of), chosen, (limits, seed, watch))
        if found is not None and gap(found.objective, found.bound) <= limits.gap:
            return found
    number = _numbers(case, before)
    old = chosen.priced.prices
    couples = int(case.couple.max(initial=-1)) + 1
    prices = priced(case, old if len(old.couple) == couples else old._replace(couple=np.zeros(couples)))
    held = _arcs_of(case, before, chosen, number)
    touched, subjects = _touched(case, before, chosen, number)
    for of in (subjects, np.arange(case.subjects)):
        found = _near(case, prices, held, (touched, of), (limits, seed, watch))
        if found is not None:
            return found
    return choose(case, limits, seed, watch)


def narrower(case: Case, before: Case) -> Ints | None:
    """Return the number in the case before of each way of a case that only forbids more; None where it differs otherwise.

    What was proven for the case before then holds for this one, too.
    """
    changed = {"arc_teacher", "arc_unit", "arc_subject", "arc_km", "arc_down", "must", "stays"}
    if any(not _same(getattr(case, each.name), getattr(before, each.name)) for each in fields(case) if each.name not in changed):
        return None
    fewer = len(before.arc_teacher) - len(case.arc_teacher)
    if fewer < 0 or (before.stays & ~case.stays).any():
        return None
    rest = np.arange(len(case.arc_teacher))
    if fewer:
        differ = (case.arc_unit != before.arc_unit[: len(rest)]) | (case.arc_teacher != before.arc_teacher[: len(rest)])
        rest[int(differ.argmax()) if differ.any() else len(rest) :] += fewer
    ways = (getattr(each, name) for name in ("arc_teacher", "arc_unit", "arc_subject", "arc_km") for each in (case, before))
    alike = all(_same(one, other[rest] if fewer else other) for one, other in zip(ways, ways, strict=True))
    return rest if alike and bool(np.isin(before.must, rest[case.must]).all()) else None


def _same(one: object, other: object) -> bool:
    return one is other or (np.array_equal(one, other) if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) else one == other)


def _narrowed(case: Case, before: tuple[Case, Ints], chosen: Chosen, how: tuple[Limits, int, Watch]) -> Chosen | None:
    """Return the best plan among the ways that were near before; a plan with another way costs the bound before and what that way adds."""
    earlier, number_of = before
    extra, people = chosen.priced.extra[number_of], np.arange(len(case.names))
    touched, subjects = _touched(case, earlier, chosen, people)
    held = np.zeros(len(earlier.arc_teacher), dtype=np.bool_)
    held[chosen.arcs] = True
    is_touched = np.zeros(len(people), dtype=np.bool_)
    is_touched[touched] = True
    open_to = (extra <= _REACH) | held[number_of] | is_touched[case.arc_teacher]
    open_to[case.must] = True
    some = np.flatnonzero(open_to)
    small = replace(
        case,
        arc_teacher=case.arc_teacher[some],
        arc_unit=case.arc_unit[some],
        arc_subject=case.arc_subject[some],
        arc_km=case.arc_km[some],
        arc_down=case.arc_down[some],
        must=np.searchsorted(some, case.must),
    )
    prices = priced(small, chosen.priced.prices)
    found = _near(small, prices, np.flatnonzero(held[number_of[some]]), (touched, subjects), how, _FEW_WAYS)
    if found is None:
        return None
    bound = min(prices.bound, chosen.priced.bound + _REACH)
    adds = np.maximum(0.0, chosen.priced.bound + extra - bound)
    adds[some] = prices.extra + (prices.bound - bound)
    all_of = replace(prices, bound=bound, extra=adds)
    return replace(found, arcs=some[found.arcs], bound=min(found.bound, bound), priced=all_of)


def _numbers(case: Case, before: Case) -> Ints:
    """Return the number in the case of each teacher of the case before: (n before,) -1 where it is not there."""
    if case.names == before.names:
        return np.arange(len(case.names))
    place = {name: n for n, name in enumerate(case.names)}
    return np.array([place.get(name, -1) for name in before.names], dtype=np.int64)


def _arcs_of(case: Case, before: Case, chosen: Chosen, number: Ints) -> Ints:
    """Return the ways of a plan by their numbers in another case; those that it does not have are left out."""
    units = len(case.units)
    teacher = number[before.arc_teacher[chosen.arcs]]
    groups = units * case.subjects
    into = before.arc_unit[chosen.arcs] * case.subjects + before.arc_subject[chosen.arcs]
    wanted = np.where(teacher >= 0, teacher * groups + into, -1)
    went = np.zeros(len(case.names), dtype=np.bool_)
    went[teacher[teacher >= 0]] = True
    some = np.flatnonzero(went[case.arc_teacher])
    into = case.arc_unit[some] * case.subjects + case.arc_subject[some]
    return np.asarray(some[np.isin(case.arc_teacher[some] * groups + into, wanted)])


def _touched(case: Case, before: Case, chosen: Chosen, number: Ints) -> tuple[Ints, Ints]:
    """Return the teachers whose pins differ, whose way is gone, or who are new, and the subjects of these and of those who are gone."""
    here = number >= 0
    was, stayed = np.zeros(len(case.names)), np.zeros(len(case.names), dtype=np.bool_)
    pinned, stayed[number[here]] = np.zeros(len(case.names)), before.stays[here]
    pinned[case.arc_teacher[case.must]] = case.arc_unit[case.must] + 1
    teacher = number[before.arc_teacher[before.must]]
    was[teacher[teacher >= 0]] = before.arc_unit[before.must][teacher >= 0] + 1
    differ = (pinned != was) | (case.stays != stayed)
    differ[np.setdiff1d(np.arange(len(case.names)), number)] = True
    went = number[before.arc_teacher[chosen.arcs]]
    goes = np.unique(case.arc_teacher[_arcs_of(case, before, chosen, number)])
    differ[np.setdiff1d(went[went >= 0], goes)] = True
    touched = np.flatnonzero(differ)
    is_touched = np.zeros(len(case.names), dtype=np.bool_)
    is_touched[touched] = True
    could_teach = case.arc_subject[is_touched[case.arc_teacher]]
    return touched, np.union1d(np.union1d(case.subject[touched], could_teach), before.subject[~here])


def _near(
    case: Case, prices: Priced, held: Ints, change: tuple[Ints, Ints], how: tuple[Limits, int, Watch], most: int = _WAYS
) -> Chosen | None:
    """Return the best plan in which all teachers of other subjects do as before, but for partners; None where there is none.

    One change passes from school to school among teachers of its subject. Of plans that are equally good the one most like before wins.
    """
    (limits, seed, watch), (touched, subjects) = how, change
    free = np.isin(case.subject, subjects)
    free |= (case.couple >= 0) & np.isin(case.couple, case.couple[touched])
    of_free = free[case.arc_teacher]
    held = held[~case.stays[case.arc_teacher[held]]]
    reach = np.sort(prices.extra[of_free])
    near = _NEAR if len(reach) <= most else min(_NEAR, float(reach[most]))
    is_open = of_free & (prices.extra <= near) | np.isin(case.arc_teacher, touched) & np.isfinite(prices.extra)
    some = np.union1d(np.union1d(held, np.flatnonzero(is_open)), case.must)
    built = model(replace(case, must=np.union1d(case.must, held[~of_free[held]])), some, whole=True)
    as_before = built.goes * np.where(np.isin(built.arcs, held), -1.0, 1.0)
    built.program.cost(Text("与原方案不同", "unlike before"), as_before, unit="teachers", weight=_ALIKE)
    found = solve(built.program, replace(limits, gap=_PART * limits.gap), seed=seed, watch=watch, explained=False)
    if not isinstance(found, Solved | Unproven) or found.objective is None:
        return None
    amounts = found.amounts[:-1]
    objective = float(sum(part.amount * part.weight for part in amounts))
    arcs = built.arcs[found.of(built.goes) > 0.5]
    bound = min(prices.bound, objective)
    return Chosen(arcs=arcs, objective=objective, bound=bound, amounts=amounts, priced=prices, searched=int(is_open.sum()))
