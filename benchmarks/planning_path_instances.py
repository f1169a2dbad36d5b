"""Invented counties for the path to pass, seeded: pupils, teachers by kind, rooms, grounds, equipment; and the program of the path.

A third of the schools stand in the county seat, the others are scattered; teachers move within 25 km. Costs are in thousands of yuan.
Pupils ahead: each school drifts by a rate of its own, in the seat by 1 % a year on average, elsewhere by -2 %, both give or take 2 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.errors import Text
from junheng.planning.solve import Program, Terms, Variables
from junheng.planning.spread import Spread, limit_spread

ITEMS, NEAR = 7, 0.85
LIMITS = np.array([4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.3]) / np.array([100, 100, 100, 1, 1, 1, 100.0])
LEADS = {"hired": 1, "recognised": 1, "raised": 3, "begun": 2, "built": 2, "equipment": 0, "rooms": 0}  # years; moves are not paid for
KINDS = 8  # of teachers: bit 0 above the required degree, bit 1 backbone, bit 2 PE and arts
BITS = np.array([[kind >> bit & 1 for kind in range(KINDS)] for bit in range(3)])


@dataclass(frozen=True)
class Case:
    """A county: arrays by school."""

    pupils: np.ndarray
    km: np.ndarray
    teachers: np.ndarray  # (schools,)
    kinds: np.ndarray  # (schools, KINDS)
    rooms_m2: np.ndarray
    ground_m2: np.ndarray
    equipment: np.ndarray  # yuan
    multimedia: np.ndarray

    @property
    def need(self) -> np.ndarray:
        """Return what each item asks: (schools, ITEMS)."""
        return LIMITS[None] * self.pupils[:, None]


def case(schools: int, seed: int) -> Case:
    """Return a county."""
    draw = np.random.default_rng(seed)
    town = schools // 3
    at = np.vstack([draw.normal(30, 5, (town, 2)), draw.uniform(0, 60, (schools - town, 2))])
    pupils = np.r_[draw.integers(700, 2600, town), np.maximum(52, draw.lognormal(5.6, 0.7, schools - town)).astype(int)].astype(float)
    km = 1.3 * np.sqrt(((at[:, None] - at[None]) ** 2).sum(-1))
    teachers = np.ceil(pupils / 19 + 4 * (pupils < 300) + draw.normal(0, 1, schools) * np.sqrt(pupils / 60)).clip(4)
    degree = 0.90 - 0.25 * draw.random(schools)
    backbone = np.where(np.arange(schools) < town, 0.26, 0.10) * draw.uniform(0.5, 1.6, schools)
    arts = draw.uniform(0.07, 0.28, schools)
    kinds = np.zeros((schools, KINDS), int)
    for i in range(schools):
        drawn = (draw.random((int(teachers[i]), 3)) < [degree[i], min(0.9, backbone[i]), arts[i]]) @ [1, 2, 4]
        kinds[i] = np.bincount(drawn.astype(int), minlength=KINDS)
    size = (pupils / pupils.mean()) ** -0.38
    rooms = np.rint(pupils * 5.6 * size * draw.lognormal(0, 0.30, schools))
    ground = np.rint(pupils * 9.5 * size * draw.lognormal(0, 0.45, schools))
    equipment = np.rint(pupils * 2500 * size * draw.lognormal(0, 0.40, schools))
    multimedia = np.rint(pupils / 100 * 3.0 * size * draw.lognormal(0, 0.35, schools))
    return Case(pupils, km, teachers, kinds, rooms, ground, equipment, multimedia)


def ahead(of: Case, years: int, seed: int) -> Case:
    """Return the county with the pupils it will have."""
    draw = np.random.default_rng([seed, years])
    town = len(of.pupils) // 3
    rate = draw.normal(np.where(np.arange(len(of.pupils)) < town, 0.01, -0.02), 0.02)
    return replace(of, pupils=np.maximum(30.0, np.rint(of.pupils * (1 + rate) ** years)))


def pay(made: Program, a_year: float, years: int) -> None:
    """Add that what takes so many years is paid for by the year in which it must begin; what is left of a year goes on to the next."""
    for lead in sorted(set(LEADS.values())):
        costs = [each for each in made.costs if LEADS.get(each.title.en, -1) >= lead]
        columns = [np.flatnonzero(each.each) for each in costs]
        prices = [each.weight * each.each[at] for each, at in zip(costs, columns, strict=True)]
        total = (Variables(np.concatenate(columns)) * np.concatenate(prices)).sum()
        made.rule(_t(f"paid {lead} years before"), total <= a_year * (years - max(lead, 1) + 1))


def program(of: Case, limit: float, *, tightened: bool = True) -> tuple[Program, list[Spread], Variables]:
    """Return the program, its limits of spread, and the whole numbers that matter little.

    tightened: thresholds of whole things are rounded up, and who lacks room builds; without it, the program as one would first write it.
    """
    made = Program(unit="1000 yuan")
    amounts, late = _teachers(made, of)
    schools = len(of.pupils)
    met = [made.variables(_t(f"item {item} met"), schools, upper=1, whole=True) for item in range(ITEMS)]
    total = met[0].terms()
    for each in met[1:]:
        total = total + each
    made.rule(_t("six of seven"), total >= ITEMS - 1.0)
    for item in range(3):
        _threshold(made, of, met[item], amounts[item], item, whole=tightened)
    for item, base, fixed, unit, least, most in ((3, of.rooms_m2, 300.0, 3.0, 100, 6000), (4, of.ground_m2, 60.0, 0.5, 100, 15000)):
        amounts.append(_building(made, of, met[item], item, (base, fixed, unit, least, most), tightened=tightened))
    bought = made.variables(_t("equipment"), schools)
    made.cost(_t("equipment"), bought, unit="1000 yuan")
    amounts.append(bought * 1000.0 + of.equipment)
    _threshold(made, of, met[5], amounts[5], 5, whole=False)
    fitted = made.variables(_t("rooms"), schools, upper=60, whole=True)
    made.cost(_t("rooms"), fitted, unit="rooms", weight=60.0)
    amounts.append(fitted + of.multimedia)
    _threshold(made, of, met[6], amounts[6], 6, whole=tightened)
    spreads = [limit_spread(made, _t(f"coefficient {k}"), amounts[k], of.pupils, limit, float(LIMITS[k])) for k in range(ITEMS)]
    return made, spreads, late


def _t(words: str) -> Text:
    return Text(words, words)


def _teachers(made: Program, of: Case) -> tuple[list[Terms], Variables]:
    schools = len(of.pupils)
    pairs = [(i, j) for i in range(schools) for j in np.argsort(of.km[i])[1:13] if of.km[i, j] < 25]
    ways = [(i, j, kind) for i, j in pairs for kind in range(1, KINDS) if of.kinds[i, kind]]
    giver, taker, kind = (np.array(each) for each in zip(*ways, strict=True))
    moved = made.variables(_t("moved"), len(ways), upper=of.kinds[giver, kind], whole=True)
    made.cost(_t("moved"), moved * (8 + 0.4 * of.km[giver, taker]), unit="1000 yuan")
    cells = schools * KINDS
    hired_at = np.array([i * KINDS + k for i in range(schools) for k in (1, 5)])
    hired = made.variables(_t("hired"), len(hired_at), upper=3 + np.floor(0.06 * of.teachers[hired_at // KINDS]), whole=True)
    made.cost(_t("hired"), hired, unit="teachers", weight=90.0)
    named_at = np.array([i * KINDS + k for i in range(schools) for k in range(KINDS) if not k & 2])
    most = np.where(of.kinds.ravel()[named_at] > 0, np.floor(0.12 * of.teachers[named_at // KINDS]) + 1, 0)
    named = made.variables(_t("recognised"), len(named_at), upper=most, whole=True)
    made.cost(_t("recognised"), named, unit="teachers", weight=25.0)
    raised_at = np.array([i * KINDS + k for i in range(schools) for k in (0, 4)])
    raised = made.variables(_t("raised"), len(raised_at), upper=of.kinds.ravel()[raised_at], whole=True)
    made.cost(_t("raised"), raised, unit="teachers", weight=15.0)
    has = made.variables(_t("teachers"), cells, whole=True)
    came = moved.sum_by(taker * KINDS + kind, cells) - moved.sum_by(giver * KINDS + kind, cells) + hired.sum_by(hired_at, cells)
    turned = raised.sum_by(raised_at + 1, cells) - raised.sum_by(raised_at, cells) + named.sum_by(named_at + 2, cells)
    made.definition(_t("stock"), has == came + turned - named.sum_by(named_at, cells) + of.kinds.ravel().astype(float))
    made.rule(_t("leave"), moved.sum_by(giver, schools) <= np.maximum(1.0, np.floor(0.2 * of.teachers)))
    school = np.repeat(np.arange(schools), KINDS)
    made.rule(_t("staff"), has.sum_by(school, schools) >= np.floor(0.9 * of.teachers))
    late = Variables(np.concatenate([each.columns for each in (moved, hired, named, raised, has)]))
    return [(has * np.tile(BITS[k].astype(float), schools)).sum_by(school, schools) for k in range(3)], late


def _threshold(made: Program, of: Case, met: Variables, amount: Terms, item: int, *, whole: bool) -> None:
    low, full = NEAR * of.need[:, item], of.need[:, item]
    if whole:
        low, full = np.ceil(low - 1e-9), np.ceil(full - 1e-9)
    made.rule(_t(f"item {item}"), amount - met * (full - low) >= low)


def _building(made: Program, of: Case, met: Variables, item: int, how: tuple, *, tightened: bool) -> Terms:
    base, fixed, unit, least, most = how
    begun = made.variables(_t("begun"), len(base), upper=1, whole=True)
    built = made.variables(_t("built"), len(base), upper=most)
    made.cost(_t("begun"), begun, unit="items", weight=fixed)
    made.cost(_t("built"), built, unit="m2", weight=unit)
    made.definition(_t("begun"), built - begun * float(most) <= 0)
    made.definition(_t("begun"), built - begun * float(least) >= 0)
    amount = built + base
    if not tightened:
        _threshold(made, of, met, amount, item, whole=False)
        return amount
    low, full = NEAR * of.need[:, item], of.need[:, item]
    must = np.where(base < low, np.maximum(low - base, least), 0.0)
    may = np.where(base < full, np.maximum(full - base, least), 0.0)
    made.rule(_t(f"item {item}"), built - met * (may - must) >= must)
    made.definition(_t("who lacks builds"), begun - met * ((may > 0) & (must == 0)).astype(float) >= (must > 0).astype(float))
    return amount
