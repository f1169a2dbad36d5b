"""What the judge measures today, and what one portion of every measure would add: found by asking the judge, not by formulas of our own.

Copies of the County, each with one portion of one measure everywhere, are evaluated beside it in one statement; a difference of
numerators is the effect. So merging of sites, the split of all-through schools, exclusions and concessions are those of the indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Place
from junheng.indicators import Catalogue, evaluate
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.measures import Measure, changed, tables_of
from junheng.standards.framework import Framework, Part, Requirement
from junheng.standards.parameter import Concession
from junheng.standards.rulebook import Rulebook

Unit = tuple[str, str]  # school, stage
_PLENTY = 100_000  # portions: enough that a concession is met if it may be used at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One requirement at one school and stage, as the judge sees it."""

    numerator: Decimal | None  # None: no data
    denominator: Decimal | None
    weight: Decimal | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One requirement at one school and stage: what counts, how much is needed, what a portion of each measure adds."""

    counted: Decimal  # numerator, with what a concession counts where it may be used
    own: Decimal  # numerator of the indicator itself, which the coefficient of variation takes
    denominator: Decimal
    weight: Decimal
    limit: Decimal
    need: Decimal  # numerator that meets the limit
    eased: bool
    adds: Mapping[str, Decimal]  # measure -> of `counted`
    adds_own: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everything the judge says of the parts that this planner plans for."""

    framework: Framework
    schools: Part
    spread: Part | None
    units: tuple[Unit, ...]
    cells: Mapping[tuple[Unit, str], Cell]  # by unit and requirement id; those without data are left out
    verdicts: Mapping[tuple[Unit, str], str]
    passes: Mapping[Unit, str]
    spreads: Mapping[tuple[str, str], tuple[Decimal | None, str, float | None]]  # stage, requirement -> limit, verdict, value

    @property
    def schools_items(self) -> tuple[str, ...]:
        """Return the ids of the items of a school."""
        return tuple(item.id for item in self.schools.requirements)


def parts(framework: Framework) -> tuple[Part, Part | None]:
    """Return the part that counts items of each school and stage, and that of coefficients of variation. Raises DataError for none."""
    counted = [part for part in framework.parts if part.each == ("school", "stage") and part.passes.met is not None]
    if not counted:
        raise DataError(finding("planning.framework_counts_no_items", Place(key=(framework.id,)), framework.title))
    members = {item.indicator for item in counted[0].requirements}
    spread = [part for part in framework.parts if part.each == ("stage",) and all(_of(item) in members for item in part.requirements)]
    return counted[0], spread[0] if spread else None


def _of(item: Requirement) -> str | None:
    return item.indicator.removesuffix(".cv") if item.indicator and item.indicator.endswith(".cv") else None


def measured(county: County, framework: Framework, rules: Rulebook, measures: Sequence[Measure]) -> Measured:
    """Return what the judge says of the county and of every measure."""
    schools, spread = parts(framework)
    asked = replace(framework, parts=(schools, spread) if spread else (schools,), eligibility=None, vetoes=())
    eased = _alternatives(schools, rules)
    also = [one.indicator for one in eased.values() if one.indicator]
    copies = _copies(county, measures)
    card = evaluate([county, *copies.values()], asked, rules, also=also)
    of = {name: copy.code for name, copy in copies.items()}
    items = {code: _items(card.items, code) for code in (county.code, *of.values())}
    base = items[county.code]
    units = tuple(sorted({unit for unit, _ in base if unit[0]}))
    cells, verdicts = {}, {}
    for unit in units:
        for item in schools.requirements:
            here = base[unit, item.id]
            verdicts[unit, item.id] = here.verdict
            alternative = eased.get((item.parameter or "", unit[1]))
            may = alternative is not None and items[of["plenty"]][unit, item.id].verdict == "met_by_concession"
            other = alternative.indicator if may and alternative else None
            cell = _cell(unit, item, other, items, (county.code, of), measures, rules, card.catalogue)
            if cell is not None:
                cells[unit, item.id] = cell
    rows = card.items.filter((pl.col("county") == county.code) & (pl.col("part") == (spread.id if spread else "")))
    spreads = {(row["stage"], row["requirement"]): (row["limit"], row["verdict"], row["value"]) for row in rows.iter_rows(named=True)}
    judged = card.units.filter((pl.col("county") == county.code) & (pl.col("part") == schools.id))
    passes = {(row["school"], row["stage"]): row["verdict"] for row in judged.iter_rows(named=True)}
    return Measured(
        framework=asked, schools=schools, spread=spread, units=units, cells=cells, verdicts=verdicts, passes=passes, spreads=spreads
    )


def _alternatives(part: Part, rules: Rulebook) -> dict[tuple[str, str], Concession]:
    made: dict[tuple[str, str], Concession] = {}
    for item in part.requirements:
        for one in rules.concessions(item.parameter) if item.parameter else ():
            if one.indicator:
                made[item.parameter or "", one.selector] = one
    return made


def _copies(county: County, measures: Iterable[Measure]) -> dict[str, County]:
    made = {}
    names = [measure.id for measure in measures]
    for place, measure in enumerate(measures):
        made[measure.id] = _with(county, [measure], 1, f"{place + 1:06d}")
    concessions = [measure for measure in measures if any(word in measure.id for word in ("visiting", "leased"))]
    made["plenty"] = _with(county, concessions, _PLENTY, f"{len(names) + 1:06d}")
    return made


def _with(county: County, measures: Iterable[Measure], portions: int, code: str) -> County:
    tables = tables_of(county)
    targets = {key for name in ("staff", "premises") for key in tables[name]}
    changes = [
        change
        for measure in measures
        for target in sorted(targets, key=str)
        if (len(target) == 2) == (measure.per == "stage")
        for change in changed(tables, measure, target, portions)
    ]
    return replace(apply(county, changes), code=code)


def _items(items: pl.DataFrame, county: str) -> dict[tuple[Unit, str], Item]:
    rows = items.filter(pl.col("county") == county)
    made = {}
    for row in rows.iter_rows(named=True):
        known = Item(numerator=row["numerator"], denominator=row["denominator"], weight=row["weight"], verdict=row["verdict"] or "")
        made[(row["school"] or "", row["stage"] or ""), row["requirement"] or row["indicator"]] = known
    return made


def _cell(
    unit: Unit,
    item: Requirement,
    other: str | None,
    items: Mapping[str, Mapping[tuple[Unit, str], Item]],
    codes: tuple[str, Mapping[str, str]],
    measures: Iterable[Measure],
    rules: Rulebook,
    catalogue: Catalogue,
) -> Cell | None:
    base, of = codes
    here, counted = items[base][unit, item.id], items[base][unit, other or item.id]
    if here.numerator is None or not here.denominator or counted.numerator is None or here.weight is None or not item.indicator:
        return None
    limit = rules.standing(item.parameter or "", unit[1]).value

    def adds(name: str, from_: Decimal) -> dict[str, Decimal]:
        found = {each.id: items[of[each.id]][unit, name].numerator for each in measures}
        return {key: value - from_ for key, value in found.items() if value is not None and value != from_}

    return Cell(
        counted=counted.numerator,
        own=here.numerator,
        denominator=here.denominator,
        weight=here.weight,
        limit=limit,
        need=limit * here.denominator / catalogue[item.indicator].scale,
        eased=other is not None,
        adds=adds(other or item.id, counted.numerator),
        adds_own=adds(item.id, here.numerator),
    )
