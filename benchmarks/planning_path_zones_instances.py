"""The county of planning_path_instances.py, in which pupils may move along the borders of zones: the program of the path with moves.

A school gives pupils to the four nearest schools within 6 km, at most a tenth of its own to each, and keeps within a tenth of what it has;
a moved pupil costs 2,000 yuan and 500 yuan a kilometre. Pupils are whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from planning_path_instances import ITEMS, LIMITS, NEAR, Case, _t, _teachers

from junheng.planning.solve import Program, Terms, Variables
from junheng.planning.spread_moving import MovingSpread, limit_moving_spread
from junheng.planning.spread_packages import Item, Own, Packages

SHARE, NEAREST, FURTHEST_KM = 0.1, 4, 6.0


class Zones(NamedTuple):
    """The program and where its numbers stand."""

    program: Program
    spreads: list[MovingSpread]
    late: Variables
    giver: np.ndarray  # (ways,)
    taker: np.ndarray  # (ways,)
    moved: Variables  # (ways,) pupils
    packages: Packages


def zones_program(of: Case, limit: float) -> Zones:
    """Return the program."""
    made = Program(unit="1000 yuan")
    schools = len(of.pupils)
    giver, taker, moved, weight = _pupils(made, of)
    amounts, late = _teachers(made, of)
    met = [made.variables(_t(f"item {item} met"), schools, upper=1, whole=True) for item in range(ITEMS)]
    total = met[0].terms()
    for each in met[1:]:
        total = total + each
    made.rule(_t("six of seven"), total >= ITEMS - 1.0)
    own: list[Own | None] = [None, None, None]
    for item, base, fixed, unit, least, most in ((3, of.rooms_m2, 300.0, 3.0, 100, 6000), (4, of.ground_m2, 60.0, 0.5, 100, 15000)):
        amount, begun = _building(made, of, met[item], item, (base, fixed, unit, least, most))
        amounts.append(amount)
        own.append(Own(base=base, unit=unit, most=most, begin=fixed, least=least, begun=begun))
    bought = made.variables(_t("equipment"), schools)
    made.cost(_t("equipment"), bought, unit="1000 yuan")
    amounts.append(bought * 1000.0 + of.equipment)
    fitted = made.variables(_t("rooms"), schools, upper=60, whole=True)
    made.cost(_t("rooms"), fitted, unit="rooms", weight=60.0)
    amounts.append(fitted + of.multimedia)
    for item in range(ITEMS):
        _threshold(made, of, (met[item], weight), amounts[item], item)
    spreads = [
        limit_moving_spread(made, _t(f"coefficient {k}"), amounts[k], (of.pupils, weight), limit, float(LIMITS[k])) for k in range(ITEMS)
    ]
    own += [Own(base=of.equipment, unit=0.001), Own(base=of.multimedia, unit=60.0, most=60)]
    items = tuple(
        Item(
            amount=amounts[k],
            need=of.need[:, k],
            near=NEAR,
            met=met[k],
            is_whole=k in (0, 1, 2, 6),
            own=own[k],
            spread=spreads[k],
            typical=float(LIMITS[k]),
        )
        for k in range(ITEMS)
    )
    packages = Packages(
        items=items,
        misses=1,
        pupils=np.rint(of.pupils).astype(np.int64),
        weight=weight,
        share=SHARE,
        moved=moved,
        giver=giver,
        taker=taker,
    )
    return Zones(made, spreads, Variables(np.append(late.columns, moved.columns)), giver, taker, moved, packages)


def _pupils(made: Program, of: Case) -> tuple[np.ndarray, np.ndarray, Variables, Variables]:
    schools = len(of.pupils)
    pairs = [(i, j) for i in range(schools) for j in np.argsort(of.km[i])[1 : NEAREST + 1] if of.km[i, j] < FURTHEST_KM]
    giver, taker = (np.array(each) for each in zip(*pairs, strict=True))
    moved = made.variables(_t("pupils moved"), len(pairs), upper=np.floor(SHARE * of.pupils[giver]), whole=True)
    made.cost(_t("pupils moved"), moved * (2.0 + 0.5 * of.km[giver, taker]), unit="1000 yuan")
    weight = made.variables(_t("pupils over today's"), schools, lower=1 - SHARE, upper=1 + SHARE)
    came = moved.sum_by(taker, schools) - moved.sum_by(giver, schools)
    made.definition(_t("pupils"), weight == came * (1 / of.pupils) + 1.0)
    return giver, taker, moved, weight


def _threshold(made: Program, of: Case, held: tuple[Variables, Variables], amount: Terms, item: int) -> None:
    met, weight = held
    need = of.need[:, item]
    made.rule(_t(f"item {item}, least"), amount * (1 / need) - weight * NEAR >= 0.0)
    spare = (1 - NEAR) * (1 + SHARE)
    made.rule(_t(f"item {item}"), amount * (1 / need) - weight - met * spare >= -spare)


def _building(made: Program, of: Case, met: Variables, item: int, how: tuple) -> tuple[Terms, Variables]:
    base, fixed, unit, least, most = how
    begun = made.variables(_t("begun"), len(base), upper=1, whole=True)
    built = made.variables(_t("built"), len(base), upper=most)
    made.cost(_t("begun"), begun, unit="items", weight=fixed)
    made.cost(_t("built"), built, unit="m2", weight=unit)
    made.definition(_t("begun"), built - begun * float(most) <= 0)
    made.definition(_t("begun"), built - begun * float(least) >= 0)
    fewest = (1 - SHARE) * of.need[:, item]
    may, must = (base < fewest).astype(float), (base < NEAR * fewest).astype(float)
    made.definition(_t("who lacks builds"), begun - met * (may - must) >= must)
    return built + base, begun
