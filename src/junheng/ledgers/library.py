"""The kinds that ship, and those of an authority, which take the place of shipped ones of the same name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from junheng.documents import Document, PackageFile, finding, package_files, parse_csv, parse_yaml, parse_yaml_into
from junheng.errors import DataError, Finding, Place, StandardsError, Text
from junheng.ledgers.agenda import Recurring, read_agenda
from junheng.ledgers.calendar import Calendar, read_calendar
from junheng.ledgers.kind import Kind
from junheng.ledgers.kind_file import read_kind
from junheng.ledgers.topics import Rota, read_rota
from junheng.standards.section import Section

_PACKAGE = "junheng.ledgers"
_APART = ("agenda", "calendar", "roles", "topics", "visits")  # files of a ledgers folder that are no kinds


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Every kind by name, the calendar, the roles, the topics of safety messages and the recurring events."""

    kinds: Mapping[str, Kind]
    calendar: Calendar
    roles: Mapping[str, Text]
    rota: Rota
    agenda: tuple[Recurring, ...]

    def kind(self, name: str) -> Kind:
        """Return a kind by its name or its Chinese title. Raises DataError, naming those that there are."""
        found = self.kinds.get(name) or next((one for one in self.kinds.values() if name in (one.title.zh, one.prefix)), None)
        if found is None:
            known = "、".join(f"{one.id}（{one.title.zh}）" for one in self.kinds.values())

            raise DataError(finding("ledgers.no_such_kind", Place(), name, known=known))
        return found


@cache
def shipped() -> Ledgers:
    """Return what ships with the package."""
    return read_ledgers(())


@cache
def _files() -> tuple[PackageFile, ...]:
    return tuple(package_files(_PACKAGE, "cn/*.yaml"))


def read_ledgers(own: Iterable[PackageFile]) -> Ledgers:
    """Return the ledgers of an authority: its files ledgers/*.yaml over those that ship.

    Raises StandardsError with every finding of every file: file, line, what to do.
    """
    findings: list[Finding] = []
    files = [*_files(), *own]
    documents = [(PurePosixPath(file.name).stem, one) for file in files if (one := parse_yaml_into(file, findings))]
    roles: dict[str, Text] = {}
    for document in (_package("roles.yaml"), *(one for name, one in documents if name == "roles")):
        top = Section(document, (), findings)
        roles |= {str(key): top.text(str(key)) for key in top.data}
    kinds: dict[str, Kind] = {}
    for name, document in documents:
        kind = read_kind(document, name, roles, findings) if name.split("-")[0] not in _APART else None
        if kind:
            kinds[name] = kind
    findings += _between(kinds)
    calendar = read_calendar((one for name, one in documents if name.startswith("calendar")), findings)
    rota = read_rota((one for name, one in documents if name.startswith("topics")), findings)
    agenda = read_agenda((one for name, one in documents if name.startswith("agenda")), findings)
    if any(one.severity == "error" for one in findings):
        raise StandardsError(findings)
    return Ledgers(kinds, calendar, roles, rota, agenda)


def _package(name: str) -> Document:
    file = package_files(_PACKAGE, name)[0]
    return parse_yaml(file.text, file.name)


def _between(kinds: Mapping[str, Kind]) -> Iterable[Finding]:
    """Find links to kinds that there are not, and prefixes that two kinds share."""
    seen: dict[str, str] = {}
    for kind in kinds.values():
        place = Place(file=kind.file)
        if kind.prefix in seen:
            yield finding("ledgers.prefix_twice", place, kind.prefix, other=seen[kind.prefix])
        seen[kind.prefix] = kind.file
        links = [(field.line, field.link) for field in kind.fields.values()] + [(duty.line, duty.each) for duty in kind.duties.values()]
        for line, link in links:
            name = link.removeprefix("ledger:")
            if link.startswith("ledger:") and name not in kinds:
                yield finding("ledgers.unknown_link", Place(file=kind.file, row=line), link, known=", ".join(kinds), close="—")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list of what counties' documents ask for."""

    row: str
    title: Text
    machines: tuple[str, ...]


@cache
def rows() -> tuple[Row, ...]:
    """Return the rows that a ledger, an alert or a schedule answers."""
    file = package_files(_PACKAGE, "rows.csv")[0]
    return tuple(
        Row(one.values["row"], Text(one.values["title_zh"], one.values["title_en"]), tuple(one.values["machines"].split()))
        for one in parse_csv(file.text, file.name)
    )
