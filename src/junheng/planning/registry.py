"""Every planner there is: the folders of planning/planners, and those that other packages offer as entry points "junheng.planners".

A planner is a package with planner.yaml, `propose` and `faults`; nothing else knows which there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Protocol

from junheng.documents import finding, package_files, package_path, parse_yaml
from junheng.errors import DataError, Infeasible, OutOfTime, Place, StandardsError, Text
from junheng.model.county import County, digest
from junheng.planning.declaration import (
    EVERYWHERE,
    Column,
    Declaration,
    Map,
    Option,
    ResultTable,
    check_brief,
    undeclared,
    undeclared_results,
)
from junheng.planning.proposal import Brief, Inputs, Proposal, Value
from junheng.planning.solve.engine import NOBODY, Limits, Watch
from junheng.standards.rulebook import Rulebook

PACKAGE = "junheng.planning.planners"
GROUP = "junheng.planners"


class _Propose(Protocol):
    def __call__(
        self, county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch
    ) -> Proposal: ...


class _Reconsider(Protocol):
    def __call__(
        self, county: County, rules: Rulebook, briefs: tuple[Brief, Brief], declaration: Declaration, inputs: Inputs, watch: Watch
    ) -> tuple[Proposal, Proposal | Infeasible | OutOfTime]: ...


class _Faults(Protocol):
    def __call__(self, county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """A planner: what it offers, how it answers, and how an answer is looked over without it."""

    declaration: Declaration
    impossible: Mapping[str, Value]  # options that no county with schools and nothing more can meet; tests ask for them
    code: str  # digest of its files
    _propose: _Propose
    _faults: _Faults
    _reconsider: _Reconsider | None = None

    def propose(self, county: County, rules: Rulebook, brief: Brief, watch: Watch = NOBODY) -> Proposal:
        """Return a proposal. Raises DataError for a brief or a county that cannot be used, and Infeasible or OutOfTime."""
        findings = check_brief(brief, self.declaration, county)
        if findings:
            raise DataError(findings)
        proposal = self._propose(county, rules, brief, self.declaration, self.inputs(county, rules), watch)
        beyond = undeclared(proposal.changes, self.declaration) | undeclared_results(proposal, self.declaration)
        beyond |= undeclared(tuple(change for other in proposal.alternatives for change in other.changes), self.declaration)
        if beyond:
            raise ValueError(f"{self.declaration.name} changes or tells what it does not declare: {', '.join(sorted(beyond))}")
        return proposal

    def reconsider(
        self, county: County, rules: Rulebook, briefs: tuple[Brief, Brief], watch: Watch = NOBODY
    ) -> tuple[Proposal, Proposal | Infeasible | OutOfTime]:
        """Return what two briefs come to that differ in a pin or two; a planner that can goes on from the first to the second.

        Raises as `propose` does for the first brief.
        """
        if self._reconsider is not None:
            findings = tuple(one for brief in briefs for one in check_brief(brief, self.declaration, county))
            if findings:
                raise DataError(findings)
            return self._reconsider(county, rules, briefs, self.declaration, self.inputs(county, rules), watch)
        first = self.propose(county, rules, briefs[0], watch)
        try:
            return first, self.propose(county, rules, briefs[1], watch)
        except (Infeasible, OutOfTime) as refusal:
            return first, refusal

    def inputs(self, county: County, rules: Rulebook) -> Inputs:
        """Return the digests of what a proposal rests on."""
        shelves = hashlib.sha256("".join([str(rules.day), *(shelf.digest for shelf in rules.shelves)]).encode())
        return Inputs(county=digest(county), standards=shelves.hexdigest(), code=self.code)

    def faults(self, county: County, rules: Rulebook, proposal: Proposal) -> tuple[Text, ...]:
        """Return what is wrong with a proposal, looked up in the County that it makes."""
        return self._faults(county, rules, proposal, self.declaration)


def planners() -> Mapping[str, Planner]:
    """Return every planner by name, in order. Raises StandardsError for a package that offers a planner and is none."""
    return {name: planner(name) for name in planner_names()}


def planner_names() -> tuple[str, ...]:
    """Return the names of all planners, in order, without loading them."""
    return tuple(sorted(_packages()))


@cache
def planner(name: str) -> Planner:
    """Return a planner by name; no other is loaded. Raises DataError, naming those there are."""
    packages = _packages()
    if name not in packages:
        raise DataError([finding("planning.unknown_planner", Place(), name, planners=", ".join(planner_names()))])
    return read_planner(name, packages[name])


@cache
def _packages() -> Mapping[str, str]:
    folders = (path.parent.name for path in package_path(PACKAGE).glob("*/planner.yaml"))
    return {name: f"{PACKAGE}.{name}" for name in folders} | {each.name: each.value for each in entry_points(group=GROUP)}


def read_planner(name: str, package: str) -> Planner:
    """Return the planner that a package holds. Raises StandardsError when it is none."""
    module = import_module(package)
    lacking = [part for part in ("propose", "faults") if not callable(getattr(module, part, None))]
    files = package_files(package, "planner.yaml")
    if lacking or not files:
        raise StandardsError(
            finding("planning.not_a_planner", Place(file=package), ", ".join([*lacking, *([] if files else ["planner.yaml"])]))
        )
    return _made(name, module, parse_yaml(files[0].text, files[0].name).data, package)


def _made(name: str, module: ModuleType, data: Mapping[str, Any], package: str) -> Planner:
    files = [*package_files(package, "*.py"), *package_files(package, "*.yaml")]
    proof = data.get("certificate", {})
    declaration = Declaration(
        name=name,
        title=Text(**data["title"]),
        question=Text(**data["question"]),
        options={key: _option(each) for key, each in data["options"].items()},
        pins=data.get("pins", {}),
        several=frozenset(data.get("several", ())),
        changes=frozenset(data["changes"]),
        objective=Text(**data["objective"]) if "objective" in data else Text("目标值", "objective"),
        units={key: Text(**each) for key, each in data.get("units", {}).items()},
        tables=_tables(data.get("tables", {})),
        maps={key: Map(**{**each, "title": Text(**each["title"])}) for key, each in data.get("maps", {}).items()},
        numbers=_columns(proof.get("numbers", {})),
        proofs=_tables(proof.get("tables", {})),
        limits=_limits(data["limits"]) if "limits" in data else None,
        words=_words(data.get("words", {}), package),
    )
    code = hashlib.sha256("".join(f"{file.name}\0{file.text}\0" for file in files).encode()).hexdigest()
    impossible = data.get("impossible", {})
    return Planner(
        declaration=declaration,
        impossible=impossible,
        code=code,
        _propose=module.propose,
        _faults=module.faults,
        _reconsider=getattr(module, "reconsider", None),
    )


def _words(data: Mapping[str, Any], package: str) -> dict[str, Text]:
    """Return what words are called that may be pinned: those of planner.yaml, the planner's measures, and the whole county."""
    measures = [parse_yaml(file.text, file.name).data for file in package_files(package, "measures.yaml")]
    titles = {key: Text(**each["title"]) for every in measures for key, each in every.items()}
    return {EVERYWHERE: Text("全县", "everywhere"), **titles} | {key: Text(**each) for key, each in data.items()}


def _limits(data: Mapping[str, Any]) -> Limits:
    """Return a planner's own limits where the brief names none: a gap, and seconds of search."""
    return Limits(gap=float(data["gap"]), seconds=float(data["seconds"]))


def _option(data: Mapping[str, Any]) -> Option:
    choices = {key: Text(**each) for key, each in data.get("choices", {}).items()}
    said: dict[str, Any] = {name: data[name] for name in ("least", "most", "relax", "always", "needs", "assumed") if name in data}
    return Option(title=Text(**data["title"]), unit=data["unit"], default=data["default"], choices=choices, **said)


def _columns(data: Mapping[str, Any]) -> dict[str, Column]:
    return {key: Column(title=Text(**each["title"]), unit=each.get("unit", ""), of=each.get("of", "")) for key, each in data.items()}


def _tables(data: Mapping[str, Any]) -> dict[str, ResultTable]:
    return {
        key: ResultTable(title=Text(**each["title"]), columns=_columns(each["columns"]), paper=each.get("paper", "annex"))
        for key, each in data.items()
    }
