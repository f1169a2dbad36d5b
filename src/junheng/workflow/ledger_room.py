"""The ledgers of one authority, opened: kinds, calendar, records, and the codes that records link to.

Where there is no record store yet, the lists that offices keep (ledgers/lists/*.xlsx, *.csv, named by the kind) are read as they lie;
they can be looked at and counted, and acted on once they are imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import DataError, Finding, Place, Text
from junheng.ledgers import Hand, Kind, Ledgers, Record, Subject, read_ledgers, shipped
from junheng.model import County, schema
from junheng.store import own_files
from junheng.store.database import Database, open_database
from junheng.store.entry import MASKED, Actor, Purpose
from junheng.workflow.ledger_entries import record_of
from junheng.workflow.ledger_reading import read_records
from junheng.workflow.office import Office

LISTS = "lists"


class Room:
    """An authority's ledgers; files and records are read once, when first asked for."""

    def __init__(self, folder: Path, at: datetime | None = None) -> None:
        """Open the folder; `at` is the time of what is done, now when None. Raises StoreError or DataError."""
        self.office = Office(folder)
        self.folder = folder
        self.at = at or datetime.now().astimezone()
        self.findings: list[Finding] = []

    @property
    def today(self) -> date:
        """Return the day on which things are due or not."""
        return self.at.date()

    @cached_property
    def ledgers(self) -> Ledgers:
        """Return the kinds that ship and the folder's own. Raises StandardsError."""
        own = own_files(self.office.authority, "ledgers", "*.yaml")
        return read_ledgers(own) if own else shipped()

    @cached_property
    def county(self) -> County | None:
        """Return the County of the latest year, None where the folder holds none yet."""
        held = [path for path in self.folder.iterdir() if path.name.isdecimal() and len(path.name) == 4]
        return self.office.county(self.office.year(None)) if held else None

    def standard(self, name: str) -> int:
        """Return the days of a standard on this day. Raises StandardsError."""
        return int(self.office.rules_on(self.today).number(name, unit="days"))

    # -- records ------------------------------------------------------------------------------------------------------

    @cached_property
    def has_record(self) -> bool:
        """Return whether the authority keeps a record already."""
        return bool(self.office.authority.records.get("url")) or (self.folder / "records" / "record.db").is_file()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Give the record, made where there is none yet. Raises StoreError."""
        with open_database(self.folder) as database:
            yield database

    def records(self, kind: Kind, seen_by: Purpose | None = None) -> list[Record]:
        """Return the records of a kind; with a purpose the sealed fields are shown, and that is noted in the audit."""
        if self.has_record:
            with self.database() as database:
                return [record_of(kind, entry) for entry in database.entries(kind.id, unmask=seen_by)]
        return [_masked(kind, record) for record in self.listed(kind)]

    def record(self, database: Database, kind: Kind, key: str, seen_by: Purpose | None) -> tuple[Record, int]:
        """Return one record and its version. Raises DataError when there is none."""
        entry = database.entry(kind.id, key, unmask=seen_by)
        if entry is None:
            raise DataError(finding("ledgers.no_such_record", Place(table=kind.id, title=kind.title, key=(key,)), key))
        return record_of(kind, entry), entry.version

    def listed(self, kind: Kind) -> list[Record]:
        """Return the records of the lists that lie in the folder, for want of a record store; one with an error is told, not shown."""
        hand = Hand("清单", "", "office")
        found: list[Record] = []
        for path in self.lists(kind):
            findings: list[Finding] = []
            records = read_records(kind, path, self.links(kind), self.at, hand, findings).records
            self.findings += findings
            found += () if any(one.severity == "error" for one in findings) else records
        return found

    def unknown_lists(self) -> list[Finding]:
        """Return a warning for each list whose name is no kind's: nobody would notice that it is not read."""
        room = self.folder / "ledgers" / LISTS
        names = {name for kind in self.ledgers.kinds.values() for name in (kind.id, kind.title.zh)}
        files = sorted(room.glob("[!.~]*")) if room.is_dir() and not self.has_record else []
        known = "、".join(kind.title.zh for kind in self.ledgers.kinds.values())
        return [
            finding("ledgers.list_not_a_kind", Place(file=f"ledgers/{LISTS}/{path.name}"), path.stem, known=known)
            for path in files
            if path.stem.split("_")[0] not in names
        ]

    def lists(self, kind: Kind) -> list[Path]:
        """Return the files of a kind among the lists: those whose name begins with the kind's id or title."""
        room = self.folder / "ledgers" / LISTS
        names = (kind.id, kind.title.zh)
        return [path for path in sorted(room.glob("*")) if path.stem.split("_")[0] in names] if room.is_dir() else []

    # -- links --------------------------------------------------------------------------------------------------------

    @cached_property
    def _subjects(self) -> dict[str, list[Subject]]:
        return {}

    def subjects(self, each: str) -> Sequence[Subject]:
        """Return whom a duty binds: the county itself, the rows of a table, or the open records of a kind."""
        if each not in self._subjects:
            self._subjects[each] = list(self._read_subjects(each))
        return self._subjects[each]

    def _read_subjects(self, each: str) -> Iterator[Subject]:
        if each == "county":
            yield Subject("", self.office.authority.name, {})
        elif each.startswith("ledger:"):
            kind = self.ledgers.kinds[each.removeprefix("ledger:")]
            for record in self.records(kind):
                if not kind.states[record.state].end:
                    values = {name: str(value) for name, value in record.values.items() if value is not None}
                    yield Subject(record.key, values.get(kind.named, record.key), values, values.get(kind.office, ""), "")
        elif self.county is not None:
            key = schema().tables[each].key[0]
            for row in self.county.tables[each].iter_rows(named=True):
                values = {name: str(value) for name, value in row.items() if value is not None}
                yield Subject(values[key], values.get("name", values[key]), values)

    def links(self, kind: Kind) -> Mapping[str, Mapping[str, str]]:
        """Return for each link of a kind the codes by name and by code; a name that two share is left out."""
        return {field.link: self._codes(field.link) for field in kind.fields.values() if field.link}

    def _codes(self, link: str) -> dict[str, str]:
        found: dict[str, str] = {}
        twice: set[str] = set()
        for subject in self.subjects(link):
            for word in {fold(subject.code), fold(subject.name)}:
                twice |= {word} if word in found else set()
                found[word] = subject.code
        return {word: code for word, code in found.items() if word not in twice}

    def name_of(self, link: str, code: str) -> str:
        """Return the name of a linked code, the code itself where it is not known."""
        return next((one.name for one in self.subjects(link) if one.code == code), code) if code else ""

    def subject_name(self, kind: Kind, code: str) -> str:
        """Return the name of what a record is about."""
        field = kind.fields.get(kind.about_field)
        return self.name_of(field.link, code) if field and field.link and code else code


def purpose_of(actor: Actor, reason: Text | str, at: datetime, *, approved_by: str = "", shown: bool = True) -> Purpose:
    """Return why sealed fields are shown; not shown: compared by the program, and seen by nobody."""
    said = reason if isinstance(reason, str) else reason.zh
    return Purpose(actor=actor, reason=said, at=at, approved_by=approved_by, shown=shown)


def _masked(kind: Kind, record: Record) -> Record:
    """Return a record of a list with its sealed fields covered, as the store would show it."""
    values = {name: MASKED if kind.fields[name].level > "L2" and value is not None else value for name, value in record.values.items()}
    return replace(record, values=values)
