"""What an officer is shown of the record: how it stands, whether it is sound, its backups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from junheng.errors import Finding, Text


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch of changes."""

    number: int
    at: str
    office: str
    purpose: str
    changes: int
    kinds: tuple[str, ...]
    undone: bool


@dataclass(frozen=True, slots=True)
class RecordState:
    """How the record stands, its last batches first, and its head for the duty sheet."""

    place: str
    keys: str
    kinds: Mapping[str, int]
    head: Text
    batches: tuple[BatchView, ...]


@dataclass(frozen=True, slots=True)
class RecordSoundness:
    """What was checked and what is wrong or worth knowing."""

    changes: int
    entries: int
    files: int
    head: str
    notes: tuple[Text, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class BackupView:
    """One backup."""

    folder: str
    at: str
    office: str
    changes: int
    entries: int
    files: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Migrated:
    """The steps that the tables took, and where the record as it was is kept."""

    steps: tuple[str, ...]
    kept: str


@dataclass(frozen=True, slots=True)
class KeyYearView:
    """A year in which something was sealed: what still stands on its keys, and whether it was destroyed."""

    year: int
    standing: tuple[tuple[Text, int], ...]
    entries: int
    lost: bool


@dataclass(frozen=True, slots=True)
class YearsPurged:
    """The years, and what was done to one of them: entries carried over, and the batch that destroyed it (0: nothing was)."""

    years: tuple[KeyYearView, ...]
    carried: int
    destroyed: bool
    keys: str


@dataclass(frozen=True, slots=True)
class PurgeLine:
    """Records of one kind that have been kept long enough."""

    title: Text
    years: int
    records: int
    oldest: date


@dataclass(frozen=True, slots=True)
class Purged:
    """What is due to be taken out, which kinds say no term, and the batch that took it out (0: nothing was)."""

    lines: tuple[PurgeLine, ...]
    unsaid: tuple[Text, ...]
    records: int
    batch: int
