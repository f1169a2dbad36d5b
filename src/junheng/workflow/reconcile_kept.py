"""What the record keeps of rosters: a record for each missing line, found again by a keyed tag of the line, never by a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from junheng.coverage import EXCUSED, Roster
from junheng.store.database import Database
from junheng.store.entry import Entry

LINE, ROSTER = "line", "roster"
EXCUSE_STATE = "excused"
RUN = "roster_run"


@dataclass(frozen=True, slots=True)
class Kept:
    """The records of one roster by the tag of their line."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    database: Database | None = None
    roster: str = ""

    def tag(self, line: str) -> str:
        """Return the tag of a line."""
        return tag_of(self.database, self.roster, line) if self.database is not None else ""

    def of(self, line: str) -> Entry | None:
        """Return the record of a line."""
        return self.entries.get(self.tag(line)) if self.entries else None

    def excused(self, lines: Sequence[str]) -> pl.DataFrame:
        """Return which of the lines are excused, why and until when."""
        if not any(entry.state == EXCUSE_STATE for entry in self.entries.values()):
            return pl.DataFrame(schema=EXCUSED)
        rows = []
        for line in lines:
            entry = self.of(line)
            if entry is not None and entry.state == EXCUSE_STATE:
                until = entry.values.get("until")
                rows.append((line, str(entry.values.get("excuse") or ""), date.fromisoformat(str(until)) if until else None))
        return pl.DataFrame(rows, schema=EXCUSED, orient="row")

    def numbers(self, lines: Sequence[str]) -> dict[str, tuple[str, date | None]]:
        """Return the number and the due day of each line's record, by the line."""
        found = {line: entry for line in lines if (entry := self.of(line)) is not None}
        return {line: (entry.key, _day(entry.values.get("due"))) for line, entry in found.items()}


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def tag_of(database: Database, roster: str, line: str) -> str:
    """Return the keyed tag of a roster's line: the same in every run, of no use to anybody without the key."""
    return database.seals.tag("missing_line", LINE, f"{roster}|{line}")


def kept_of(database: Database | None, roster: Roster, _: date) -> Kept:
    """Return the records that a roster's lines have."""
    if database is None:
        return Kept()
    entries = [entry for entry in database.entries(roster.kind) if entry.values.get(ROSTER) == roster.id]
    return Kept({str(entry.values.get(LINE)): entry for entry in entries}, database, roster.id)
