"""What persons decided of pairs, kept in the record: by a keyed tag of what identifies the two, so that no name and no ID number is kept.

The form as a table (matching.decisions) stays for use without a record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import polars as pl

from junheng.matching import decision_lines
from junheng.store.database import Database
from junheng.store.entry import Actor, Entry, Level

KIND = "match_decision"
_FIELD = "pair"
_LEVELS: Mapping[str, Level] = {"by": "L3", "reason": "L3"}


def tag_of(database: Database, left_id: str, right_id: str) -> str:
    """Return the keyed tag of a pair."""
    return database.seals.tag(KIND, _FIELD, f"{left_id}|{right_id}")


def keep_decisions(
    database: Database, lines: Sequence[tuple[str, str, str, str, str, str]], actor: Actor, purpose: str, at: datetime
) -> int:
    """Keep decisions (left_id, right_id, decision, by, day, reason) as entries; an equal one changes nothing. Return the batch's number.

    A decision taken back stands as "open": nothing is removed, and the history of the entry says who decided what.
    """
    with database.batch(actor=actor, purpose=purpose, at=at) as batch:
        for left_id, right_id, decision, by, day, reason in lines:
            values = {"day": day, "by": by, "reason": reason}
            batch.put(Entry(kind=KIND, key=tag_of(database, left_id, right_id), state=decision, values=values, levels=_LEVELS))
    return batch.number


def decisions_of(database: Database | None) -> Callable[[pl.DataFrame], pl.DataFrame | None]:
    """Return a function that looks up what was decided of some pairs (left_id, right_id); without a record, nothing."""
    held = {entry.key: entry for entry in database.entries(KIND)} if database is not None else {}

    def look_up(pairs: pl.DataFrame) -> pl.DataFrame | None:
        if not held or database is None:
            return None
        lines = []
        for left_id, right_id in pairs.select("left_id", "right_id").unique(maintain_order=True).iter_rows():
            entry = held.get(tag_of(database, left_id, right_id))
            if entry is not None:
                lines.append((left_id, right_id, entry.state, "", str(entry.values.get("day", "")), ""))
        return decision_lines(lines)

    return look_up
