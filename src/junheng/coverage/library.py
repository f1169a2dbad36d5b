"""The rosters that ship, and those of an authority, which take the place of shipped ones of the same name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from junheng.coverage.reconcile import RESERVED
from junheng.coverage.roster import Roster, Source
from junheng.coverage.roster_file import read_roster, tests_of
from junheng.documents import PackageFile, finding, package_files, parse_yaml_into
from junheng.errors import DataError, Finding, Place, StandardsError
from junheng.model import schema
from junheng.standards.section import close_word

Kinds = Mapping[str, Sequence[str]]  # kind of record -> its fields


@dataclass(frozen=True, slots=True)
class Rosters:
    """Every roster by name."""

    rosters: Mapping[str, Roster]

    def roster(self, name: str) -> Roster:
        """Return a roster by its name or its Chinese title. Raises DataError, naming those that there are."""
        found = self.rosters.get(name) or next((one for one in self.rosters.values() if name == one.title.zh), None)
        if found is None:
            known = "、".join(f"{one.id}（{one.title.zh}）" for one in self.rosters.values())
            raise DataError(finding("coverage.no_such_roster", Place(), name, known=known))
        return found


@cache
def shipped() -> Rosters:
    """Return what ships with the package."""
    return read_rosters(())


def read_rosters(own: Iterable[PackageFile], kinds: Kinds | None = None) -> Rosters:
    """Return the rosters of an authority: its files rosters/*.yaml over those that ship.

    kinds: the kinds of record with their fields, where they are to be checked. Raises StandardsError with every finding of every file.
    """
    findings: list[Finding] = []
    found = _read_files(tuple(own), findings)
    ours, faults = _that_ship()
    found = {**ours, **found}
    findings += faults
    for roster in found.values():
        findings += _check(roster, found, kinds)
    findings += _circles(found)
    if any(one.severity == "error" for one in findings):
        raise StandardsError(findings)
    return Rosters(found)


@cache
def _that_ship() -> tuple[Mapping[str, Roster], tuple[Finding, ...]]:
    findings: list[Finding] = []
    return _read_files(package_files("junheng.coverage", "cn/*.yaml"), findings), tuple(findings)


def _read_files(files: Iterable[PackageFile], findings: list[Finding]) -> dict[str, Roster]:
    found: dict[str, Roster] = {}
    for file in files:
        document = parse_yaml_into(file, findings)
        name = PurePosixPath(file.name).stem
        roster = read_roster(document, name, findings) if document else None
        if roster:
            found[name] = roster
    return found


def _check(roster: Roster, rosters: Mapping[str, Roster], kinds: Kinds | None) -> Iterator[Finding]:
    place = Place(file=roster.file)
    if not roster.owner.strip():
        yield finding("coverage.no_owner", place, roster.title)
    if kinds is not None and roster.kind not in kinds:
        yield finding("coverage.unknown_source", place, roster.kind, known=", ".join(kinds), close=close_word(roster.kind, list(kinds)))
    named = [_source_known(source, rosters, kinds) for source in roster.sources]
    yield from (
        finding("coverage.unknown_source", Place(file=roster.file, row=source.line), source.name, known=", ".join(known), close=close)
        for source, (fits, known, close) in zip(roster.sources, named, strict=True)
        if not fits
    )
    if all(fits for fits, _, _ in named):
        yield from _columns(roster, rosters, kinds)


def _source_known(source: Source, rosters: Mapping[str, Roster], kinds: Kinds | None) -> tuple[bool, Sequence[str], object]:
    known: Sequence[str] = {"table": list(schema().tables), "ledger": list(kinds or ()), "roster": list(rosters)}.get(source.sort, [])
    fits = source.sort == "list" or (source.sort == "ledger" and kinds is None) or source.name in known
    return fits, known, close_word(source.name, known)


def columns_of(source: Source, rosters: Mapping[str, Roster], kinds: Kinds | None, depth: int = 0) -> set[str] | None:
    """Return the columns that a source has; None where they cannot be known here."""
    own = {*source.columns, *source.each}
    if source.sort == "table":
        return own | set(schema().tables[source.name].names)
    if source.sort == "ledger":
        return None if kinds is None else own | set(kinds[source.name]) | {"key", "state"}
    if source.sort == "roster":
        if depth > len(rosters):
            return None
        below = columns_of(rosters[source.name].should, rosters, kinds, depth + 1)
        return None if below is None else own | below | {"standing"}
    return own


def _columns(roster: Roster, rosters: Mapping[str, Roster], kinds: Kinds | None) -> Iterator[Finding]:
    """Find columns that a rule names and its source does not have."""
    for source in roster.sources:
        for name in sorted(RESERVED.intersection((*source.columns, *source.each))):
            yield finding("coverage.reserved_name", Place(file=roster.file, row=source.line, column="columns"), name)
    held = {id(source): columns_of(source, rosters, kinds) for source in roster.sources}
    for where, name, source in _named(roster):
        columns = held[id(source)]
        if columns is not None and name not in columns:
            close = close_word(name, sorted(columns))
            row = Place(file=roster.file, row=source.line, column=where)
            yield finding("coverage.unknown_column", row, name, of=source.name, close=close)


def _named(roster: Roster) -> Iterator[tuple[str, str, Source]]:
    should = roster.should
    for where, test, source in tests_of(roster):
        yield from ((where, column, source) for column in test)
    for key in roster.keys:
        yield from (("match.keys", key, source) for source in roster.sources)
    for where, name in (("subject", roster.subject), ("groups", roster.groups), *(("shows", one) for one in roster.shows)):
        yield from ((where, name, should) for _ in (name,) if name)
    for source in roster.did:
        least, amounts = roster.least, roster.amounts
        names = (("least.total", least.total), ("least.day", least.day), ("amounts.paid", amounts.paid if amounts else ""))
        yield from ((where, name, source) for where, name in (*names, *(("once", one) for one in roster.once or ())) if name)
    for due in roster.amounts.due if roster.amounts else ():
        yield from (("amounts.due", name, should) for name in (due.column, due.by, *due.times) if name)


def _circles(rosters: Mapping[str, Roster]) -> Iterator[Finding]:
    """Find rosters that rest on themselves, directly or through others."""
    onward = {name: {source.name for source in one.sources if source.sort == "roster"} for name, one in rosters.items()}
    for name, roster in rosters.items():
        reached, waiting = set[str](), list(onward[name])
        while waiting:
            other = waiting.pop()
            if other not in reached:
                reached.add(other)
                waiting += onward.get(other, ())
        if name in reached:
            way = " → ".join((name, *sorted(onward[name] & reached)))
            yield finding("coverage.circular", Place(file=roster.file), way)
