"""What every view of an assessment is made from: the county, its rules, the framework and the scorecard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from junheng.errors import Text
from junheng.indicators import Scorecard
from junheng.indicators.ask import placeholders
from junheng.indicators.expression import names
from junheng.indicators.relation import chain
from junheng.model import County, allowed
from junheng.model.period import statistics_day
from junheng.standards import Concession, Framework, Requirement, Rulebook

NO_TEXT = Text("", "")
KIND_UNKNOWN = Text("未填", "not stated")


@dataclass(frozen=True)
class Judged:
    """One county and its scorecard, with the look-ups that the views share."""

    county: County
    rules: Rulebook
    framework: Framework
    card: Scorecard

    @property
    def day(self) -> date:
        """Return the statistics day, at which the stocks were counted."""
        return statistics_day(self.county.year)

    @property
    def rules_day(self) -> date:
        """Return the day whose rules are applied: the statistics day, unless the authority only compares."""
        return self.rules.day

    @cached_property
    def schools(self) -> Mapping[str, dict[str, Any]]:
        """Return the row of every school by code; a campus judged apart stands with its own name and its school's other facts."""
        rows = {row["school"]: row for row in self.county.tables["schools"].to_dicts()}
        for campus in self.county.tables["campuses"].to_dicts():
            own = {name: campus[name] for name in ("name", "lon", "lat", "village") if campus[name] is not None}
            rows[campus["campus"]] = {**rows.get(campus["school"], {}), **own}
        return rows

    @cached_property
    def districts(self) -> Mapping[str, str]:
        """Return the names of townships by code."""
        return dict(self.county.tables["districts"].select("district", "name").iter_rows())

    @cached_property
    def village_districts(self) -> Mapping[str, str]:
        """Return the township of every village."""
        return dict(self.county.tables["villages"].select("village", "district").drop_nulls().iter_rows())

    @cached_property
    def concessions(self) -> Mapping[str, tuple[Concession, ...]]:
        """Return the easements in force on the statistics day by id, one for each selector."""
        found: dict[str, tuple[Concession, ...]] = {}
        for parameter in self.rules.parameters:
            for concession in self.rules.concessions(parameter):
                found[concession.id] = (*found.get(concession.id, ()), concession)
        return found

    @cached_property
    def used_parameters(self) -> tuple[str, ...]:
        """Return the standards that this framework's verdicts rest on: its limits, and those inside its indicators' formulas."""
        requirements = (requirement for part in self.framework.all_parts for requirement in part.requirements)
        return tuple(dict.fromkeys(name for requirement in requirements for name in self.parameters_of(requirement)))

    def parameters_of(self, requirement: Requirement) -> tuple[str, ...]:
        """Return the standards of one requirement: its limits, and those inside the formulas of what it measures."""
        named = [name for name in (requirement.parameter, requirement.partly) if name]
        return (*named, *(self._inside(requirement.indicator) if requirement.indicator else ()))

    def _inside(self, indicator: str) -> Iterator[str]:
        chosen = self.card.catalogue[indicator]
        yield from placeholders(chosen)
        for member in chosen.of:
            yield from self._inside(member)
        if chosen.source_table and not chosen.relation.source.startswith("returned_"):
            read = {name for part in chosen.fragments for name in names(part.node, "column")}
            yield from chain({chosen.relation.source: read}).limits

    def school_name(self, school: str | None) -> str:
        """Return a school's name, or its code where it has no row of its own."""
        return str(self.schools.get(school or "", {}).get("name") or school or "")

    def district_of(self, school: str) -> str:
        """Return the name of a school's township; "" when it is not known."""
        row = self.schools.get(school, {})
        code = row.get("district") or self.village_districts.get(row.get("village") or "", "")
        return self.districts.get(code, "")

    @cached_property
    def pupils(self) -> Mapping[tuple[str, str], int]:
        """Return the pupils of every school's stage as returned, its merged campuses included; unknown where any row is empty."""
        owner = {campus["campus"]: campus["school"] for campus in self.county.tables["campuses"].to_dicts() if not campus["counted"]}
        table = self.county.tables["enrolment"].with_columns(pl.col("school").replace(owner))
        sums = table.group_by("school", "stage").agg(pl.col("pupils").sum(), pl.col("pupils").null_count().alias("empty"))
        return {(school, stage): pupils for school, stage, pupils, empty in sums.iter_rows() if not empty}


def label(list_name: str, value: str | None) -> Text:
    """Return the label of a coded value; words for one that is not filled in."""
    if value is None:
        return KIND_UNKNOWN
    return allowed(list_name).get(value, Text(value, value))


def stage_label(stage: str | None) -> Text:
    """Return a stage's label; no text above that level."""
    return label("stage", stage) if stage else NO_TEXT


def stage_order(stage: str | None) -> int:
    """Return the place of a stage in the order in which children pass through them; the county as a whole stands first."""
    return list(allowed("stage")).index(stage) if stage else -1
