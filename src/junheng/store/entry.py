"""What the record keeps: entries with fields of four levels of sensitivity, who acts, and why somebody sees what is sealed.

L1 public · L2 internal · L3 sensitive (a child, an ID number, a name) · L4 sealed (tip-offs, referrals). Fields at L3 and L4 are sealed
at rest and masked when read; `Purpose` unmasks them, and every record unmasked is one row of the audit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Level = Literal["L1", "L2", "L3", "L4"]
Scalar = str | int | float | bool | None
Value = Scalar | Sequence[Scalar]

LEVELS: tuple[Level, ...] = ("L1", "L2", "L3", "L4")
SEALED: frozenset[Level] = frozenset(("L3", "L4"))
MASKED = "＊＊＊"  # what is read of a sealed field; written back it means: as it was


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, whose name is sealed at rest, and the office for which he does."""

    person: str
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why somebody is shown sealed fields; kept in the audit."""

    actor: Actor
    reason: str
    at: datetime
    approved_by: str = ""  # the standing or single approval, by its number; another person's, for many records (store/unmask.yaml)
    shown: bool = True  # False: a program compares, nobody is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file that an entry rests on, by the digest of its content as kept (see `store.evidence`)."""

    digest: str  # SHA-256 of the stored bytes, 64 hexadecimal digits
    title: str  # what it shows; no names of persons
    media: str  # image/jpeg, application/pdf …
    level: Level = "L3"
    expires: date | None = None  # the day after which it proves nothing any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record: a kind, a key within the kind, a state, values by field.

    The key stands in the clear and is therefore no name and no ID number. Fields without a level are L2. `lookups` names the sealed
    fields by which the entry is found again through a keyed index; few and of many values (an ID number, never a yes or no).
    `version` is 0 for an entry not yet kept; put with the version that was read, or 0 to put whatever stands there.
    """

    kind: str
    key: str
    state: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    lookups: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the audit: who did what to which entry, when and why. `entry` is what stood after it, None when it was removed."""

    sequence: int
    batch: int
    at: datetime
    office: str
    person: str  # MASKED unless unmasked
    purpose: str
    verb: str  # put, remove, unmask, undo …
    kind: str
    key: str
    version: int
    entry: Entry | None = None
