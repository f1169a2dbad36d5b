"""The rules of one place on one day: the shelves of nation, province, city and county laid over each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

from junheng.documents import finding
from junheng.errors import Finding, Place, StandardsError, Text
from junheng.standards import overlay
from junheng.standards.framework import Framework
from junheng.standards.library import Library, is_within
from junheng.standards.parameter import ALL, Concession, DatedValue, Parameter, Source, Standing, Terms, amount


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Shelves, the widest jurisdiction first, asked on one day. The narrower shelf wins where it has a value.

    Raises StandardsError when the shelves do not lie within each other, or when a narrower one changes more than values.
    """

    shelves: tuple[Library, ...]
    day: date

    def __post_init__(self) -> None:
        """Refuse shelves that do not fit together."""
        findings = [*self._misplaced(), *overlay.contradictions(self.shelves)]
        if findings:
            raise StandardsError(findings)

    def _misplaced(self) -> Iterator[Finding]:
        for wider, narrower in zip(self.shelves, self.shelves[1:], strict=False):
            if not is_within(narrower.jurisdiction, wider.jurisdiction):
                place = Place(key=(narrower.jurisdiction,))
                yield finding("standards.shelf_elsewhere", place, narrower.jurisdiction, wider=wider.jurisdiction)

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter by id, as its narrowest shelf has it."""
        every = {key: value for shelf in self.shelves for key, value in shelf.parameters.items()}
        return {key: every[key] for key in sorted(every)}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Return every document by key."""
        return {key: value for shelf in self.shelves for key, value in shelf.sources.items()}

    @cached_property
    def frameworks(self) -> Mapping[str, Framework]:
        """Return the frameworks applied on the day; a narrower shelf's framework of the same id replaces the wider one's."""
        every = {key: value for shelf in self.shelves for key, value in shelf.frameworks.items()}
        return {key: value for key, value in sorted(every.items()) if value.in_force.covers(self.day)}

    def framework(self, name: str) -> Framework:
        """Return a framework applied on the day. Raises StandardsError when there is none of that name on that day."""
        if name in self.frameworks:
            return self.frameworks[name]
        every = {key: value for shelf in self.shelves for key, value in shelf.frameworks.items()}
        place = Place(key=(name,))
        if name not in every:
            raise StandardsError(finding("standards.no_such_framework", place, name, known=", ".join(sorted(every))))
        since = every[name].in_force.since
        raise StandardsError(finding("standards.framework_not_in_force", place, _no_value("", self.day), since=since))

    def number(self, parameter: str, *, unit: str, **selector: str) -> Decimal:
        """Return the value of "class_size.maximum" in unit="pupils/class" for stage="primary": the reader states the unit it expects.

        Raises StandardsError when the parameter is unknown, is written in another unit, is chosen by something else, or has no
        value on the day.
        """
        known = self._known(parameter)
        if known.unit != unit:
            place = Place(key=(parameter,))
            raise StandardsError(finding("standards.read_in_another_unit", place, unit, unit=known.unit))
        if list(selector) != ([] if known.by == "none" else [known.by]):
            found = ", ".join(f"{key}={value}" for key, value in selector.items()) or Text("没有选择", "no selector")
            raise StandardsError(finding("standards.chosen_by", Place(key=(parameter,)), found, by=known.by))
        return self.standing(parameter, selector.get(known.by, ALL)).value

    def standing(self, parameter: str, selector: str = ALL) -> Standing:
        """Return what a parameter says for a selector on the day. Raises StandardsError as `number` does."""
        self._known(parameter)
        held = self._held(parameter, selector)
        if not held:
            raise StandardsError(self._before_the_first(parameter, selector))
        return self._standing(held[0], selector, held[1])

    def standings(self, parameter: str) -> Mapping[str, Standing]:
        """Return what a parameter says on the day by selector; selectors without a value yet are left out."""
        self._known(parameter)
        held = ((selector, self._held(parameter, selector)) for selector in self._selectors(parameter))
        return {selector: self._standing(found[0], selector, found[1]) for selector, found in held if found}

    def concessions(self, parameter: str, selector: str | None = None) -> tuple[Concession, ...]:
        """Return the easements in force on the day."""
        return tuple(item for item in self._concessions(parameter, selector) if item.until is None or self.day <= item.until)

    def expired_concessions(self, parameter: str, selector: str | None = None) -> tuple[Concession, ...]:
        """Return the easements that ended before the day, so that a page can say what no longer counts."""
        return tuple(item for item in self._concessions(parameter, selector) if item.until and self.day > item.until)

    def _concessions(self, parameter: str, selector: str | None) -> Iterator[Concession]:
        """Return every easement begun by the day; a narrower shelf's easement of the same id replaces the wider one's."""
        self._known(parameter)
        begun: dict[tuple[str, str], tuple[Parameter, Terms]] = {}
        for owner in reversed(list(self._owners(parameter))):
            begun |= {(terms.id, terms.selector): (owner, terms) for terms in owner.terms if terms.since <= self.day}
        standings = self.standings(parameter) if begun else {}
        for (_, chosen), (owner, terms) in begun.items():
            if selector in (None, chosen) and chosen in standings:
                yield self._concession(owner, terms, standings[chosen])

    def _concession(self, owner: Parameter, terms: Terms, standing: Standing) -> Concession:
        return Concession(
            id=terms.id,
            title=terms.title,
            parameter=owner.id,
            selector=terms.selector,
            value=standing.value if terms.value is None else terms.value,
            unit=owner.unit,
            indicator=terms.indicator,
            when=terms.when,
            since=terms.since,
            until=terms.until,
            duty=terms.duty,
            source=terms.source,
            document=self.sources[terms.source.partition("#")[0]],
            confidence=terms.confidence,
            jurisdiction=owner.jurisdiction,
            note=terms.note,
            file=owner.file,
            line=terms.line,
        )

    def _owners(self, parameter: str) -> Iterator[Parameter]:
        """Return the parameter as each shelf has it, the narrowest first."""
        return (shelf.parameters[parameter] for shelf in reversed(self.shelves) if parameter in shelf.parameters)

    def _held(self, parameter: str, selector: str) -> tuple[Parameter, DatedValue] | None:
        """Return the value that holds on the day, with the shelf's parameter to which it belongs."""
        held = ((owner, value) for owner in self._owners(parameter) if (value := owner.on(selector, self.day)))
        return next(held, None)

    def _selectors(self, parameter: str) -> tuple[str, ...]:
        """Return every selector of a parameter, those of the widest shelf first."""
        owners = reversed(list(self._owners(parameter)))
        return tuple(dict.fromkeys(selector for owner in owners for selector in owner.values))

    def _known(self, parameter: str) -> Parameter:
        if parameter not in self.parameters:
            near = ", ".join(get_close_matches(parameter, list(self.parameters), n=3)) or "—"
            raise StandardsError(finding("standards.no_such_parameter", Place(key=(parameter,)), parameter, near=near))
        return self.parameters[parameter]

    def _standing(self, owner: Parameter, selector: str, value: DatedValue) -> Standing:
        return Standing(
            parameter=owner.id,
            selector=selector,
            value=value.value,
            unit=owner.unit,
            comparator=owner.comparator,
            since=value.since,
            source=value.source,
            document=self.sources[value.source.partition("#")[0]],
            confidence=value.confidence,
            reviewed=value.reviewed,
            jurisdiction=owner.jurisdiction,
            title=owner.title,
            note=value.note or owner.note,
        )

    def _before_the_first(self, parameter: str, selector: str) -> Finding:
        place = Place(key=(parameter,))
        known = [value for owner in self._owners(parameter) for value in owner.values.get(selector, {}).values()]
        if not known:
            return finding("standards.no_such_selector", place, selector, known=", ".join(self._selectors(parameter)))
        first = min(known, key=lambda value: value.since)
        unit = self.parameters[parameter].unit
        words = amount(first.value, unit)
        return finding(
            "standards.no_value_yet", place, _no_value(selector, self.day), value=words, since=first.since, document=first.source
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is worth knowing about these rules: overlays laxer than what they lie on, and stale values."""
        return (*overlay.laxer(self.shelves, self.day), *self.stale(self.day))

    def stale(self, day: date) -> tuple[Finding, ...]:
        """Return a note for each value whose file expects a newer one by `day`. It holds all the same."""
        rules = replace(self, day=day)
        return tuple(item for name in self.parameters for item in rules._stale(name))

    def _stale(self, parameter: str) -> Iterator[Finding]:
        for selector in self._selectors(parameter):
            held = self._held(parameter, selector)
            again = held and held[1].check_again
            if held and again and again < self.day:
                owner, value = held
                place = Place(file=owner.file, row=owner.lines[selector], key=(parameter, selector))
                words = amount(value.value, owner.unit)
                found = Text(f"{words.zh}（{value.since}起）", f"{words.en}, from {value.since}")
                yield finding("standards.stale", place, found, source=value.source, again=again)

    @cached_property
    def digest(self) -> str:
        """Return the identity of these rules: the files of every shelf, in order, and the day."""
        return hashlib.sha256("\n".join([*(shelf.digest for shelf in self.shelves), self.day.isoformat()]).encode()).hexdigest()


def _no_value(selector: str, day: date) -> Text:
    named = selector != ALL and selector
    return Text(
        f"{day}尚无{named or ''}数值" if named else f"{day}尚无规定", f"no value for {named} on {day}" if named else f"nothing on {day}"
    )
