"""What persons decided of pairs, kept in the record: by a keyed tag of what identifies the two, so that no name and no ID number is kept.

Lists that belong to no authority's folder have no record: what is decided of them stands in a file beside the comparison, as a table
(matching.decisions). `Keeping` is one or the other; `moved` takes such a file into the record, with its history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place
from junheng.matching import decision_lines
from junheng.store.authority import FILE
from junheng.store.backup import record_exists
from junheng.store.database import Database, open_database
from junheng.store.entry import Actor, Entry, Level
from junheng.store.match_folder import DECIDED, MOVED, add_decisions, read_decisions

KIND = "match_decision"
_FIELD = "pair"
_LEVELS: Mapping[str, Level] = {"by": "L3", "reason": "L3"}


def tag_of(database: Database, left_id: str, right_id: str) -> str:
    """Return the keyed tag of a pair."""
    return database.seals.tag(KIND, _FIELD, f"{left_id}|{right_id}")


Line = tuple[str, str, str, str, str, str]  # left_id, right_id, decision, by, day, reason


def keep_decisions(database: Database, lines: Sequence[Line], actor: Actor, purpose: str, at: datetime, once: str = "") -> int:
    """Keep decisions (left_id, right_id, decision, by, day, reason) as entries; an equal one changes nothing. Return the batch's number.

    A decision taken back stands as "open": nothing is removed, and the history of the entry says who decided what. once: as of a batch.
    """
    with database.batch(actor=actor, purpose=purpose, at=at, once=once) as batch:
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


def authority_of(path: Path) -> Path | None:
    """Return the authority's folder in which a file lies, None where it lies in none."""
    return next((folder for folder in path.resolve().parents if (folder / FILE).is_file()), None)


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, for which office, why and when; `day` is what the decision says of itself."""

    actor: Actor
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where decisions of a comparison are kept: in the record of an authority's folder, or else in a file."""

    authority: Path | None
    file: Path

    @property
    def place(self) -> str:
        """Return where they are kept, as it is told."""
        return (self.authority or self.file).as_posix()

    def decided(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return what was decided of some pairs (left_id, right_id); the last line of a pair holds."""
        if self.authority is None:
            return read_decisions(self.file)
        with self._record() as database:
            found = decisions_of(database)(pairs)
        return found if found is not None else decision_lines([])

    def keep(self, lines: Sequence[Line], deciding: Deciding) -> None:
        """Keep decisions: in the record by the person who acts, in a file as they are."""
        if self.authority is None:
            add_decisions(self.file, decision_lines(lines))
            return
        with open_database(self.authority) as database:
            keep_decisions(database, lines, deciding.actor, deciding.purpose, deciding.at)

    def beside(self) -> tuple[Finding, ...]:
        """Return a finding when decisions lie in a file although there is a record: they are not used before they are taken over."""
        if self.authority is None or not self.file.is_file():
            return ()
        return (finding("matching.decisions_beside", Place(file=self.file.as_posix()), str(read_decisions(self.file).height)),)

    @contextmanager
    def _record(self) -> Iterator[Database | None]:
        """Give the record where there is one: to look makes none."""
        if self.authority is None or not record_exists(self.authority):
            yield None
            return
        with open_database(self.authority) as database:
            yield database


def moved(folder: Path, authority: Path, deciding: Deciding, file: Path | None = None) -> tuple[int, Path]:
    """Take the decisions of a file into the record, oldest first, so that its history is the record's; return how many changes they made.

    Each decision keeps the day and the person that stand in the file; the audit names who took them over. The file stays, under
    another name, and taking it over again changes nothing.
    """
    source = file or folder / DECIDED
    lines = read_decisions(source)
    digest = hashlib.sha256(repr(lines.rows()).encode()).hexdigest()
    rounds = lines.with_columns(pl.int_range(pl.len()).over("left_id", "right_id").alias("turn")).sort("turn", maintain_order=True)
    changed = 0
    with open_database(authority) as database:
        for turn in rounds.partition_by("turn", maintain_order=True):
            number = int(turn["turn"][0])
            taken = [(str(a), str(b), str(c), str(d or ""), str(e or ""), str(f or "")) for a, b, c, d, e, f in turn.drop("turn").rows()]
            changed += bool(keep_decisions(database, taken, deciding.actor, deciding.purpose, deciding.at, f"{digest}:{number}")) * len(
                taken
            )
    target = source.with_name(MOVED)
    if source.is_file():
        source.replace(target)
    return changed, target
