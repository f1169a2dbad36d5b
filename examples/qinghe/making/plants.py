"""The difficulties planted in Qinghe, by the school's name: each one is listed in README.md and proved by tests/test_qinghe.py."""

import math
from collections.abc import Mapping

from making.draw import draw, whole
from making.resources import Holding, sharing
from making.roster import Site, Unit
from making.staff import Team

CLASS_OF_46 = "清河县第四小学"
CLASS_OF_50 = "石桥镇初级中学"
ALL_ON_THE_LIMIT = "清河县第五小学"
AT_84_9 = "石桥镇二坝小学"
AT_85_0 = "沙井镇中心小学"
SIX_OF_SEVEN = "双泉镇中心小学"
SMALL_GROUND = "清河县第三小学"
FIVE_OF_SEVEN = "双泉镇甘泉小学"
VISITING_ARTS = "石桥镇马莲教学点"
FUNDED_BELOW_100 = "白杨镇高崖教学点"
ROOMS_OF_73 = "东坝镇中心小学"
LITTLE_TRAINING = "红柳镇北滩小学"
BOOKS_OF_THE_WORKED_EXAMPLE = "青羊乡九年制学校"
NO_PREMISES = ("白杨镇石嘴教学点", "清河县蒙蒙幼儿园")
NO_EQUIPMENT = ("沙井镇初级中学", "白杨镇石嘴教学点", "清河县蒙蒙幼儿园")
CROWDED_KINDERGARTENS = ("清河县春苗幼儿园", "清河县小太阳幼儿园")
NEW_SCHOOL = "清河县新区小学"
ITS_PUPILS_CAME_FROM = ("清河县第二小学", "清河县实验小学", "清河县第五小学")
SPREAD = {("primary", "sports"): 0.4990, ("primary", "equipment"): 0.5010, ("junior", "sports"): 0.4490}  # between the schools of a stage
WEAKNESSES = ("sports", "teaching", "equipment", "multimedia", "backbone", "pe_arts", "sports", "sports")
TRUE_TO_SIZE = {ALL_ON_THE_LIMIT, AT_84_9, AT_85_0, SIX_OF_SEVEN, FIVE_OF_SEVEN, ROOMS_OF_73}


def codes(sites: Mapping[str, Site]) -> dict[str, str]:
    """Return the code of each name of the roster."""
    return {site.name: code for code, site in sites.items()}


def grade_sizes(code: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """Return the pupils of the grades that are set: 226 in five classes (46, 45, 45, 45, 45) and 150 in three of 50."""
    return {(code[CLASS_OF_46], "3"): 226, (code[CLASS_OF_50], "7"): 150}


def class_counts(code: Mapping[str, str], units: list[Unit]) -> dict[tuple[str, str], int]:
    """Return the number of classes of the grades with a set number: one class too few in the crowded kindergartens."""
    counts = {(code[CLASS_OF_46], "3"): 5, (code[CLASS_OF_50], "7"): 3}
    for name, grade, most in zip(CROWDED_KINDERGARTENS, ("k1", "k3"), (25, 35), strict=True):
        pupils = next(unit.pupils[grade] for unit in units if unit.code == code[name])
        counts[code[name], grade] = max(1, -(-pupils // most) - 1)
    return counts


def weaknesses(site: Site) -> frozenset[str]:
    """Return in which quantities a school lies a little below the level: none in most, one in many, two in a few."""
    if site.name in TRUE_TO_SIZE or site.kind == "teaching_point":
        return frozenset()
    number = draw("weak", site.code)
    first = WEAKNESSES[int(draw("first", site.code) * len(WEAKNESSES))]
    second = WEAKNESSES[int(draw("second", site.code) * len(WEAKNESSES))]
    if number > 0.45:
        return frozenset()
    return frozenset({first}) if number > 0.05 else frozenset({first, second})


def plant_teams(code: Mapping[str, str], teams: dict[tuple[str, str], Team]) -> None:
    """Set the teams of the planted schools."""
    limit = teams[code[ALL_ON_THE_LIMIT], "primary"]
    limit.teachers, limit.above, limit.backbone, limit.pe_arts = 46, 42, 10, 9
    point = teams[code[VISITING_ARTS], "primary"]
    point.pe_arts, point.visiting_pe_arts = 0, 1
    for name in (AT_84_9, AT_85_0, SIX_OF_SEVEN, FIVE_OF_SEVEN):
        its = teams[code[name], "primary"]
        its.backbone, its.pe_arts = max(its.backbone, 5), max(its.pe_arts, 5)


def plant_holdings(code: Mapping[str, str], held: dict[str, Holding]) -> None:
    """Set what the planted schools have."""
    limit = held[code[ALL_ON_THE_LIMIT]]
    limit.teaching, limit.indoor, limit.ground, limit.equipment, limit.multimedia = 4500.0, 600.0, 6900.0, 2_000_000.0, 23
    held[code[AT_84_9]].teaching = 764.1  # 200 pupils: 3.8205 m², 84.9 % of 4.5
    held[code[AT_84_9]].rooms = [room for room in held[code[AT_84_9]].rooms if room[1] in {"music", "art", "psychology"}]
    held[code[AT_85_0]].teaching = 1912.5  # 500 pupils: 3.825 m², 85 % of 4.5
    six = held[code[SIX_OF_SEVEN]]
    six.indoor, six.ground = 0.0, 2760.0  # 400 pupils: 6.9 m², 92 % of 7.5
    five = held[code[FIVE_OF_SEVEN]]
    five.indoor, five.ground, five.multimedia = 0.0, 1012.5, 3  # 150 pupils: 90 % of 7.5 m², 87 % of 2.3 rooms
    small = held[code[SMALL_GROUND]]
    small.ground = whole(0.83 * 7.5 * small.pupils) - small.indoor
    held[code[FUNDED_BELOW_100]].funds = 720.0 * held[code[FUNDED_BELOW_100]].count
    held[code[LITTLE_TRAINING]].training_share = 0.046
    rooms = held[code[ROOMS_OF_73]].rooms
    held[code[ROOMS_OF_73]].rooms = [(name, use, 73.0 if use == "music" else area, 2014) for name, use, area, _ in rooms]


def plant_spread(sites: Mapping[str, Site], units: list[Unit], held: dict[str, Holding]) -> None:
    """Scale what the outlying schools of a stage have until the spread between its schools is the planted one."""
    for (stage, quantity), wanted in SPREAD.items():
        chosen = [code for code, site in sites.items() if _outlying(site, stage)]
        usual = {code: _get(held[code], quantity) for code in chosen}
        low, high = 0.9, 8.0
        for _ in range(60):
            times = (low + high) / 2
            for code in chosen:
                _set(held[code], quantity, usual[code] * times)
            low, high = (times, high) if spread(sites, units, held, stage, quantity) < wanted else (low, times)


def _outlying(site: Site, stage: str) -> bool:
    return (
        site.kind == stage
        and not site.seat
        and not site.campus_of
        and site.name not in TRUE_TO_SIZE
        and (stage == "junior" or site.area == "rural")
    )


def _get(held: Holding, quantity: str) -> float:
    return held.ground + held.indoor if quantity == "sports" else held.equipment


def _set(held: Holding, quantity: str, value: float) -> None:
    if quantity == "sports":
        held.ground = max(0.0, whole(value) - held.indoor)
    else:
        held.equipment = 10.0 * whole(value / 10)


def spread(sites: Mapping[str, Site], units: list[Unit], held: Mapping[str, Holding], stage: str, quantity: str) -> float:
    """Return the coefficient of variation between the schools of a stage, weighted by pupils; merged sites count with their school."""
    schools: dict[str, list[float]] = {}
    for unit in units:
        site = sites[unit.code]
        if unit.stage != stage or (site.kind == "teaching_point" and unit.total < 50):
            continue
        name = site.campus_of if site.counted == "no" else unit.code
        share = sharing(site)[stage] * unit.total / held[unit.code].pupils
        sums = schools.setdefault(name, [0.0, 0.0])
        sums[0] += unit.total
        sums[1] += share * _get(held[unit.code], quantity)
    pupils = sum(n for n, _ in schools.values())
    mean = sum(r for _, r in schools.values()) / pupils
    return math.sqrt(sum(n * (r / n - mean) ** 2 for n, r in schools.values()) / pupils) / mean
