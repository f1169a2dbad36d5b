"""Migration measured from two counts: how a cohort's number changed here, against how the same cohort changed where nobody migrates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from junheng.documents import package_files
from junheng.errors import Text
from junheng.projection.assumptions import PACKAGE, Assumptions
from junheng.projection.assumptions_file import read_assumptions, shipped_assumptions, with_values
from junheng.projection.forecast import Floats
from junheng.projection.population import Population, survival
from junheng.standards import Source

# Ages reached in the later count: children, from whom migration is measured; youths, many of whom live where they study or work; and
# those of the senior stage among them.
CHILDREN, YOUTHS, SENIOR = range(10, 15), range(15, 20), range(15, 18)
SHIPPED = "cn/"  # files of assumptions that ship begin with this
MEASURED = "two-counts"  # the source of the migration that is measured here
_OF_COUNTS = Source(
    key=MEASURED,
    title=Text("本地区两次人口普查的队列比较", "Comparison of cohorts in the area's own two counts"),
    number="",
    issuer=Text("按本文件夹数据计算", "worked out from this folder"),
    issued=None,
    in_force=None,
    seen=Text("本文件夹", "this folder"),
    remembered=(),
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cohorts:
    """How two cohorts changed between two counts, by zone: those who are still children, and those who are 15 to 19 in the later one."""

    zones: tuple[str, ...]  # (Z,)
    between: int  # years
    before: Floats  # (2, Z) persons in the earlier count
    after: Floats  # (2, Z) in the later one
    elsewhere: Floats  # (2,) after ÷ before where nobody migrates
    yearly: Floats  # (Z,) net migration of children in ‰ a year


def compare_cohorts(before: Population, after: Population, assumptions: Assumptions) -> Cohorts:
    """Return how children of the earlier count are found again in the later one; both as of 1 September, of the same zones.

    Yearly rate of children: (here ÷ elsewhere)^(1 ÷ years) - 1. Elsewhere is the scenario's cohort_change_elsewhere, survival where
    it has none.
    """
    between = after.year - before.year
    then, now = (np.stack([_sum(one, ages, back) for ages in (CHILDREN, YOUTHS)]) for one, back in ((before, between), (after, 0)))
    elsewhere = np.array([_elsewhere(ages, between, assumptions, after) for ages in (CHILDREN, YOUTHS)])
    expected = then[0] * elsewhere[0]
    ratio = np.where(expected > 0, now[0] / np.where(expected > 0, expected, 1.0), 1.0)  # nobody then: no rate can be told
    yearly = (ratio ** (1.0 / between) - 1.0) * 1000.0
    return Cohorts(zones=after.zones, between=between, before=then, after=now, elsewhere=elsewhere, yearly=yearly)


def grown_up_here(before: Population, after: Population, cohorts: Cohorts) -> Population:
    """Return the later count with those of the senior stage as many as grew up there, instead of the residents of that age.

    A group of those aged 15 to 19 mixes pupils with students of a university town, and lacks those who left to study or work: it does
    not tell how many seats a county's own children need. They are taken from the earlier count with the children's migration.
    """
    back = [age - cohorts.between for age in SENIOR]
    change = cohorts.elsewhere[1] * (1.0 + cohorts.yearly / 1000.0) ** cohorts.between
    persons = after.persons.copy()
    persons[:, list(SENIOR)] = before.persons[:, back] * change[:, None, None]
    return replace(after, persons=persons)


def _sum(counted: Population, ages: range, back: int) -> Floats:
    return np.asarray(counted.persons[:, [age - back for age in ages]].sum(axis=(1, 2)))


def _elsewhere(ages: range, between: int, assumptions: Assumptions, after: Population) -> float:
    if assumptions.has("cohort_change_elsewhere"):
        return float(assumptions.curve("cohort_change_elsewhere", [ages[0]])[0])
    alive = np.cumprod(survival(assumptions, after.persons.shape[1]).mean(axis=1))
    return float(np.mean([alive[age] / alive[age - between] for age in ages]))


def with_measured_migration(scenario: Assumptions, cohorts: Cohorts) -> Assumptions:
    """Return the scenario with the migration of the two counts, unless the authority has written its own."""
    if "migration" in scenario.items and not scenario.items["migration"].file.startswith(SHIPPED):
        return scenario
    values = {
        zone: {0: float(cohorts.yearly[number]), SENIOR.stop: 0.0}  # older ones are no question of schools
        for number, zone in enumerate(cohorts.zones)
    }
    note = Text(
        f"{cohorts.between}年间队列变动除以全国同一队列的变动，设今后各年不变",
        f"a cohort's change over {cohorts.between} years ÷ that of the nation, taken to go on unchanged",
    )
    return with_values(scenario, "migration", values, note, _OF_COUNTS)


def with_census(scenario: Assumptions) -> Assumptions:
    """Return the scenario with what the two censuses say (cn/census), except where the authority has written its own."""
    own = {name for name, one in scenario.items.items() if not one.file.startswith(SHIPPED)}
    return replace(scenario, items={**scenario.items, **{name: one for name, one in census_assumptions().items.items() if name not in own}})


@cache
def census_assumptions() -> Assumptions:
    """Return what the two censuses say of the nation and of how counties differ from it; with_census adds it to a scenario."""
    files = [*package_files(PACKAGE, "cn/census/*.yaml"), *package_files(PACKAGE, "cn/sources.yaml")]
    return read_assumptions(files, shipped_assumptions())["census"]
