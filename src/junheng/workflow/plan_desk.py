"""What plans are computed from, opened: tables, verdicts, ledgers, projects, forecasts; each is read once, when first asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from junheng.actions.binding import FORECASTS, MESSAGES, VISITS, Known
from junheng.actions.plan import Plan
from junheng.actions.plan_file import read_plan_file
from junheng.actions.plan_rules import check_between
from junheng.coverage import Rosters, read_rosters
from junheng.coverage import shipped as shipped_rosters
from junheng.errors import DataError, Finding, Text
from junheng.indicators import Catalogue, evaluate, shipped_catalogue
from junheng.ledgers import Kind, Ledgers, Record, shipped
from junheng.model import County
from junheng.planning.registry import planner_names
from junheng.projection.programme import Programme, programme
from junheng.projection.promises import Promises, promises
from junheng.projection.returned import returned
from junheng.projection.seats import Seats, seats
from junheng.store import own_files
from junheng.store.action_plans import Issued, issued, plan_files
from junheng.workflow.assess import assess_county
from junheng.workflow.foresee import foresee
from junheng.workflow.foresee_inputs import Inputs, gather
from junheng.workflow.ledger_room import Room
from junheng.workflow.office import Office
from junheng.workflow.reconcile import roster_standing
from junheng.workflow.views import Assessment
from junheng.workflow.views.coverage import RosterStanding
from junheng.workflow.views.foresight import Foresight

_DRAWS = 200  # enough for the middle and an 80 % band; who needs more asks the forecast itself
_AHEAD = 15
_SCHOOLS = ("quality-balance-2017", "preschool-inclusive-2020", "basic-balance-2012")
_FRAMEWORKS = {name: Text(name, name) for name in (*_SCHOOLS, "vocational-conditions-2022")}


@dataclass(frozen=True, slots=True, eq=False)
class Works:
    """The programme of projects with its seats and promises, as it stands on the day."""

    programme: Programme
    seats: Seats
    promises: Promises
    held: Mapping[str, int | None]  # of the places of a project in use: what the returns hold


def shipped_names() -> Known:
    """Return the names of what ships and can be bound to, for a text that is read without an authority's folder."""
    return names_of(shipped_catalogue(), shipped(), _FRAMEWORKS, shipped_rosters())


def names_of(catalogue: Catalogue, ledgers: Ledgers, frameworks: Mapping[str, Text], rosters: Rosters) -> Known:
    """Return the names and titles of what measures can be bound to."""
    indicators = {name: one.title for name, one in catalogue.items()}
    duties = {name: kind.title for name, kind in ledgers.kinds.items() if kind.duties}
    return {
        "indicator": indicators,
        "survey": indicators,
        "framework": frameworks,
        "ledger": {name: kind.title for name, kind in ledgers.kinds.items()},
        "schedule": {MESSAGES: Text("假期安全信息", "safety messages"), VISITS: Text("到校督导", "supervision visits"), **duties},
        "planner": {name: Text(name, name) for name in planner_names()},
        "forecast": FORECASTS,
        "roster": {name: one.title for name, one in rosters.rosters.items()},
    }


class PlanDesk:
    """An authority's folder, opened for the plans; a thing is read once, when a measure first asks for it."""

    def __init__(self, folder: Path, at: datetime | None = None) -> None:
        """Open the folder; `at` is the time of what is asked, now when None. Raises StoreError or DataError."""
        self.folder = folder
        self.room = Room(folder, at)
        self.findings: list[Finding] = []

    @property
    def office(self) -> Office:
        """Return the authority."""
        return self.room.office

    @property
    def today(self) -> date:
        """Return the day on which measures stand."""
        return self.room.today

    # -- plans --------------------------------------------------------------------------------------------------------

    @cached_property
    def known(self) -> Known:
        """Return the names of everything that a measure can be bound to."""
        rules = self.office.rules_on(self.today)
        frameworks = {name: rules.framework(name).title for name in self.office.authority.frameworks}
        own = own_files(self.office.authority, "rosters", "*.yaml")
        rosters = read_rosters(own) if own else shipped_rosters()
        return names_of(self.office.catalogue, self.room.ledgers, frameworks, rosters)

    def plans(self, others: Sequence[Path] = ()) -> tuple[Plan, ...]:
        """Return the plans of the folder, or of other files and folders where these are given.

        Raises DataError with every finding of every file when one cannot be used; what is only doubtful is added to the findings.
        """
        files = [file for place in (others or (self.folder,)) for file in plan_files(place)]
        findings: list[Finding] = []
        found = [plan for file in files if (plan := read_plan_file(file, self.known, findings))]
        findings += check_between(found)
        if any(one.severity == "error" for one in findings):
            raise DataError(findings)
        self.findings += findings
        return tuple(found)

    def roster(self, name: str) -> RosterStanding:
        """Return how a roster stands on the day; several measures may ask for the same one."""
        if name not in self._rosters:
            self._rosters[name] = roster_standing(self.folder, name, day=self.today)
        return self._rosters[name]

    @cached_property
    def _rosters(self) -> dict[str, RosterStanding]:
        return {}

    # -- tables and verdicts ------------------------------------------------------------------------------------------

    @cached_property
    def year(self) -> int:
        """Return the latest school year that the folder holds. Raises StoreError when it holds none."""
        return self.office.year(None)

    @cached_property
    def county(self) -> County:
        """Return the County of that year."""
        return self.office.county(self.year)

    @cached_property
    def _judged(self) -> dict[str, Assessment]:
        return {}

    def judged(self, framework: str) -> Assessment:
        """Return the county judged by a framework."""
        if framework not in self._judged:
            self._judged[framework] = assess_county(self.office, self.county, framework)
        return self._judged[framework]

    @property
    def frameworks(self) -> tuple[Assessment, ...]:
        """Return the county judged by each framework that the authority names."""
        return tuple(self.judged(name) for name in self.office.authority.frameworks)

    def measured(self, indicator: str) -> pl.DataFrame:
        """Return the values of an indicator that no framework asks for: stage, school, numerator, denominator, missing, value."""
        card = evaluate(self.county, None, self.office.rules(self.year), also=(indicator,), catalogue=self.office.catalogue)
        return card.of(indicator)

    # -- records, documents, projects, forecasts ----------------------------------------------------------------------

    @cached_property
    def _records(self) -> dict[str, list[Record]]:
        return {}

    def records(self, kind: Kind) -> list[Record]:
        """Return the records of a kind, sealed fields covered."""
        if kind.id not in self._records:
            self._records[kind.id] = self.room.records(kind)
        return self._records[kind.id]

    @cached_property
    def documents(self) -> Mapping[str, Issued]:
        """Return the documents that the authority has issued, by key."""
        return issued(self.folder, self.findings)

    @cached_property
    def inputs(self) -> Inputs:
        """Return what a forecast starts from, projects judged on the day."""
        return gather(self.folder, self.year, self.today)

    @cached_property
    def works(self) -> Works:
        """Return the projects as they stand on the day, with the promises that they make up."""
        given = self.inputs
        plan = programme(given.county, given.rules, self.today)
        ahead = seats(given.county, given.rules, plan, range(given.year, given.year + _AHEAD + 1))
        held = returned(plan.projects, ahead, given.year).places
        return Works(plan, ahead, promises(given.county, plan, ahead), held)

    @cached_property
    def foresight(self) -> Foresight:
        """Return what is coming, in the scenario that pages open with."""
        return foresee(self.folder, self.year, horizon=_AHEAD, draws=_DRAWS, backtest=False, as_of=self.today)
