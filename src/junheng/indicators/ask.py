"""What a statement is asked: each requirement's indicator, and what must be measured to judge it, grouped into blocks of one scan each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from junheng.documents import finding
from junheng.errors import Finding, Place, StandardsError
from junheng.indicators.dimension import fits, measure_of_unit
from junheng.indicators.expression import names
from junheng.indicators.indicator import Catalogue, Fragment, Indicator
from junheng.indicators.language import LimitKind, near, read
from junheng.indicators.limits import Easement
from junheng.indicators.relation import relations
from junheng.standards import Framework, Part, Requirement


class Ask(NamedTuple):
    """One indicator asked for, with the requirement it is judged by; both None-able parts are "" or None for a value that is only shown."""

    nth: int
    indicator: Indicator
    requirement: Requirement | None
    part: str


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator measured in a block; under an easement of one of its own limits when `easement` is given."""

    index: int
    indicator: Indicator
    easement: Easement | None


class Option(NamedTuple):
    """One way to be met by concession: which measure is held against which limit, and whether its condition is checked."""

    easement: Easement
    measured: Measured
    relaxed: bool  # the limit itself is relaxed
    conditional: bool  # the condition is checked for the group (otherwise it is inside the formula)


@dataclass(slots=True)
class Block:
    """Everything measured over one relation, grain and filter: one scan."""

    index: int
    source_table: str
    per: tuple[str, ...]
    filter: Fragment | None
    asked_of: Fragment | None = None  # the rows that could enter, where the filter narrows them by an indicator's `of_which`
    of_which: Fragment | None = None
    measured: dict[tuple[str, int | None], Measured] = field(default_factory=dict)
    judged: list[tuple[Ask, Measured, tuple[Option, ...]]] = field(default_factory=list)
    conditions: dict[int, Easement] = field(default_factory=dict)
    statistics: dict[str, Indicator] = field(default_factory=dict)
    asked_statistics: list[Ask] = field(default_factory=list)

    def measure(self, indicator: Indicator, easement: Easement | None = None) -> Measured:
        """Return the measure of an indicator in this block, adding it when it is new."""
        key = (indicator.id, easement.nth if easement else None)
        return self.measured.setdefault(key, Measured(len(self.measured), indicator, easement))


def placeholders(indicator: Indicator) -> tuple[str, ...]:
    """Return the parameters that stand inside an indicator's formula."""
    return tuple(dict.fromkeys(name for part in indicator.fragments for name in names(part.node, "limit")))


def asks_of(framework: Framework | None, also: Sequence[str], catalogue: Catalogue) -> tuple[Ask, ...]:
    """Return what a framework asks, in its order, then the indicators that are only to be shown."""
    asked: list[tuple[Indicator, Requirement | None, str]] = []
    for part in framework.all_parts if framework else ():
        asked += [(catalogue[item.indicator], item, part.id) for item in part.requirements if item.indicator]
    shown = {indicator.id for indicator, _, _ in asked}
    asked += [(catalogue[name], None, "") for name in dict.fromkeys(also) if name not in shown]
    return tuple(Ask(index, *ask) for index, ask in enumerate(asked))


def check_framework(framework: Framework, catalogue: Catalogue, limits: Mapping[str, LimitKind]) -> list[Finding]:
    """Return what is wrong between a framework and the indicators it names: missing ones, other grains, other units."""
    items = [item for part in framework.all_parts for item in part.requirements]
    return [
        *(problem for item in items if item.indicator for problem in _requirement(framework, item, catalogue, limits)),
        *(problem for item in items for problem in _shown(framework, item, catalogue)),
        *(problem for part in framework.all_parts for problem in _counted(framework, part, catalogue)),
    ]


def _requirement(framework: Framework, item: Requirement, catalogue: Catalogue, limits: Mapping[str, LimitKind]) -> Iterator[Finding]:
    place = Place(file=framework.file, row=item.line, key=(item.id,))
    indicator = catalogue.get(item.indicator or "")
    if indicator is None:
        hint = near(item.indicator or "", catalogue)
        yield finding("indicators.unknown_indicator", place, item.indicator or "", near=hint)
        return
    if tuple(item.each) != indicator.per:
        found = f"{indicator.id}: [{', '.join(indicator.per)}]"
        yield finding("indicators.requirement_grain", place, found, each=", ".join(item.each))
    for name in filter(None, (item.parameter, item.partly)):
        limit = limits.get(name)
        if limit is None:
            yield finding("indicators.unknown_limit", place, "{" + name + "}", near=near(name, limits))
            continue
        if not fits(measure_of_unit(limit.unit), measure_of_unit(indicator.unit)):
            yield finding("indicators.requirement_unit", place, f"{name}: {limit.unit}", indicator=indicator.id, unit=indicator.unit)
        if limit.by not in ("none", *_selectable(indicator)):
            yield finding("indicators.limit_chosen_by", place, "{" + name + "}", by=limit.by, relation=indicator.id)


def _shown(framework: Framework, item: Requirement, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is wrong with the indicators that an evidence item shows: unknown ones, and others than of the county as a whole."""
    place = Place(file=framework.file, row=item.line, key=(item.id,))
    for name in item.shows:
        if name not in catalogue:
            yield finding("indicators.unknown_indicator", place, name, near=near(name, catalogue))
        elif catalogue[name].per:
            yield finding("indicators.requirement_grain", place, f"{name}: [{', '.join(catalogue[name].per)}]", each="")


def _counted(framework: Framework, part: Part, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield the items of an "at least 6 of 7" rule that might not apply: all seven always do, or there would be only six."""
    for item in part.requirements if part.passes.met is not None else ():
        indicator = catalogue.get(item.indicator or "")
        if indicator and indicator.of_which and not item.must_apply:
            place = Place(file=framework.file, row=item.line, key=(item.id,))
            yield finding("indicators.counted_must_apply", place, indicator.id, met=part.passes.met, of=part.passes.of)


def _selectable(indicator: Indicator) -> tuple[str, ...]:
    """Return the columns by which a limit of this indicator may be chosen: its grain, and for a school what its rows say."""
    if indicator.source_table and "school" in indicator.per:
        return (*indicator.per, *relations()[indicator.source_table].columns)
    return indicator.per


# ── the plan ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def plan(asks: Sequence[Ask], catalogue: Catalogue, easements: Sequence[Easement], limits: Mapping[str, LimitKind]) -> tuple[Block, ...]:
    """Return the blocks that answer the asks. Raises StandardsError where a concession or a statistic does not fit its block."""
    planner = _Planner(catalogue, easements, limits)
    for ask in asks:
        if ask.indicator.statistic:
            planner.statistic(ask.indicator).asked_statistics.append(ask)
        else:
            planner.judged(ask)
    if planner.findings:
        raise StandardsError(planner.findings)
    return tuple(planner.blocks.values())


class _Planner:
    def __init__(self, catalogue: Catalogue, easements: Sequence[Easement], limits: Mapping[str, LimitKind]) -> None:
        self.catalogue, self.easements, self.limits = catalogue, easements, limits
        self.blocks: dict[tuple[object, ...], Block] = {}
        self.findings: list[Finding] = []

    def block(self, indicator: Indicator) -> Block:
        texts = (part.text if part else "" for part in (indicator.filter, indicator.of_which))
        key = (indicator.source_table, indicator.per, *texts)
        if key not in self.blocks:
            self.blocks[key] = Block(
                len(self.blocks), indicator.source_table, indicator.per, indicator.filter, indicator.asked_of, indicator.of_which
            )
        return self.blocks[key]

    def judged(self, ask: Ask) -> None:
        block = self.block(ask.indicator)
        own = block.measure(ask.indicator)
        options = tuple(self._options(ask, block, own)) if ask.requirement else ()
        block.judged.append((ask, own, options))

    def _options(self, ask: Ask, block: Block, own: Measured) -> Iterator[Option]:
        inside = placeholders(ask.indicator)
        parameter = ask.requirement.parameter if ask.requirement else None
        for easement in self.easements:
            if easement.parameter in inside and self._condition(easement, block):
                yield Option(easement, block.measure(ask.indicator, easement), relaxed=False, conditional=False)
            elif easement.parameter == parameter and self._condition(easement, block):
                block.conditions[easement.nth] = easement
                other = self._alternative(easement, block)
                yield Option(easement, other or own, relaxed=easement.indicator is None, conditional=True)

    def _condition(self, easement: Easement, block: Block) -> bool:
        """Check a concession's condition against the relation whose rows it is asked of."""
        _, problems = read(easement.when, relations()[block.source_table], self.limits, aggregate=False)
        self.findings += [finding(problem.rule, easement.place, problem.found, **problem.values) for problem in problems]
        return not problems

    def _alternative(self, easement: Easement, block: Block) -> Measured | None:
        if easement.indicator is None:
            return None
        place = easement.place
        other = self.catalogue.get(easement.indicator)
        if other is None:
            self.findings.append(
                finding("indicators.unknown_indicator", place, easement.indicator, near=near(easement.indicator, self.catalogue))
            )
            return None
        if self.block(other) is not block:
            self.findings.append(finding("indicators.another_block", place, other.id))
        return block.measure(other)

    def statistic(self, indicator: Indicator) -> Block:
        """Return the block in which a statistic's members are measured; all of them must be in one."""
        members = [self.catalogue[name] for name in indicator.of]
        found = [self.statistic(member) if member.statistic else self.block(member) for member in members]
        for member, block in zip(members, found, strict=True):
            if block is not found[0]:
                self.findings.append(finding("indicators.another_block", indicator.place, member.id))
            if not member.statistic:
                block.measure(member)
        found[0].statistics.setdefault(indicator.id, indicator)
        return found[0]
