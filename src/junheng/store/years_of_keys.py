"""Years of keys: each year's data keys are made when the year first seals something, and a year can be destroyed as a whole.

Destroying takes the year's key out of the key file and empties its data keys in the record. From then on nobody reads what was sealed in
that year and stands no more: not in the audit, not in a backup, whoever has the disk and the rest of the keys (copies of the key file made
before must be replaced). The chain is untouched: it is made of what is sealed, not of what it says. What still stands is in use and is
never destroyed with the year: it must be taken out first, or carried over, which seals it anew in the year of the act. Who acted is of no
year and stays known. Files of evidence are of no year: they are deleted with the last entry that names them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from junheng.documents import finding
from junheng.errors import DataError, Place, StoreError, Text
from junheng.store.audit import text_of
from junheng.store.batch import Batch
from junheng.store.sealing import KeyFile, Seals, keys_of_year, read_key_file, without_keys
from junheng.store.sql import Row, Rows, Sql


class Record(Protocol):
    """What is used here of an open record (store.database.Database)."""

    sql: Sql
    record: str
    keys: KeyFile
    seals: Seals

    def writing(self, office: str) -> AbstractContextManager[Rows]:
        """Give the one transaction that writes."""

    def anchor_head(self, batch: Batch, head: Row | None, *, writing: bool = False) -> None:
        """Write the head where others keep it."""


def seals_for(rows: Rows, database: Record, year: int) -> Seals:
    """Return the seals of a record as it stands in a transaction that writes, with data keys of the year, which are made when missing.

    Raises StoreError (store.year_destroyed) for a year that was destroyed: a clock was set back, or an old list is entered late.
    """
    held = rows.sealing_keys()
    seals = database.seals if held == database.seals.rows else Seals(held, _known(database, held))
    if seals.has(year):
        return seals
    if seals.lost(year):
        raise StoreError(finding("store.year_destroyed", Place(file=database.sql.place), str(year)))
    if not database.keys.of_year(year):
        database.keys = database.keys.with_years([year])
    fresh = keys_of_year(year, database.keys, held)
    rows.insert("sealing_keys", fresh)
    return Seals([*held, *fresh], database.keys)


def _known(database: Record, held: Sequence[Row]) -> KeyFile:
    """Return the key file, read again when another program has wrapped something by a key that is newer than what this one read."""
    if any(row["master"] not in database.keys.masters for row in held):
        database.keys = read_key_file(database.keys.path.parent, database.record)
    return database.keys


def standing_of(rows: Rows, seals: Seals) -> Mapping[int, Counter[str]]:
    """Return how many entries stand on the keys of each year, by kind."""
    found: dict[int, Counter[str]] = {}
    for part in rows.rows("entries"):
        for row in part:
            for year in {seals.year_of(box) for box, _ in json.loads(row["sealed"]).values()} if row["sealed"] != "{}" else ():
                found.setdefault(year, Counter())[row["kind"]] += 1
    return found


@dataclass(frozen=True, slots=True)
class KeyYear:
    """A year in which something was sealed: how many entries stand on its keys, by kind, and whether it was destroyed."""

    year: int
    standing: Mapping[str, int]
    lost: bool


def years_of(rows: Rows, seals: Seals) -> tuple[KeyYear, ...]:
    """Return the years in which something was sealed, earliest first."""
    stands = standing_of(rows, seals)
    return tuple(KeyYear(year, dict(sorted(stands.get(year, Counter()).items())), seals.lost(year)) for year in seals.years)


def carry_over(database: Record, year: int, batch: Batch) -> int:
    """Seal every box of a year that stands anew, in the year of the act, in one batch; return how many entries were.

    Nobody is shown anything, and nothing that is said changes: the audit has a row for each entry.
    """
    if wanting := batch.act.faults():
        raise DataError(wanting)
    with database.writing(batch.act.actor.office) as rows:
        seals = seals_for(rows, database, batch.act.at.year)
        for part in list(rows.rows("entries")):
            for row in part:
                boxes = json.loads(row["sealed"])
                if any(seals.year_of(box) == year for box, _ in boxes.values()):
                    batch.put_back(row["kind"], row["key"], {**row, "sealed": _anew(row, boxes, year, batch.act.at.year, seals)})
        head = batch.write(rows, seals, database.record)
        database.anchor_head(batch, head, writing=True)
    database.seals = seals
    database.anchor_head(batch, head)
    return batch.changes


def _anew(row: Row, boxes: Mapping[str, list[str]], year: int, now: int, seals: Seals) -> str:
    levels, found = json.loads(row["levels"]), {}
    for name, (box, tag) in boxes.items():
        where = (row["kind"], row["key"], name)
        found[name] = [seals.seal(levels[name], where, seals.open(box, where), now) if seals.year_of(box) == year else box, tag]
    return text_of(found)


def refuse_lost(image: Row | None, seals: Seals) -> None:
    """Refuse to put back what nobody can read any more. Raises StoreError (store.year_destroyed)."""
    boxes = json.loads(image["sealed"]).values() if image else ()
    for box, _ in boxes:
        if not seals.opens(box):
            place = Place(table=image["kind"], key=(image["key"],)) if image else Place()
            raise StoreError(finding("store.year_destroyed", place, str(seals.year_of(box))))


def destroy_year(database: Record, year: int, batch: Batch) -> int:
    """Destroy a year; return the number of the batch that says so. Said twice, it makes sure and writes nothing.

    Raises StoreError when nothing was ever sealed in it, or when entries still stand on its keys, which are told by kind.
    """
    if wanting := batch.act.faults():
        raise DataError(wanting)
    if batch.act.at.year <= year:
        raise StoreError(finding("store.year_not_over", Place(file=database.sql.place), str(year)))
    with database.writing(batch.act.actor.office) as rows:
        seals = seals_for(rows, database, batch.act.at.year)
        if year not in seals.years:
            raise StoreError(
                finding("store.year_unknown", Place(file=database.sql.place), str(year), years="、".join(map(str, seals.years)))
            )
        _refuse_standing(rows, seals, year)
        head = None
        if not seals.lost(year):
            emptied = without_keys(rows.sealing_keys(), year)
            rows.rewrap(emptied)
            head = batch.write(rows, seals, database.record, [("destroy", "", str(year))])
            database.anchor_head(batch, head, writing=True)
            seals = Seals(emptied, database.keys)
    database.anchor_head(batch, head)
    database.keys = database.keys.without_year(year)  # last: whoever was interrupted before says it again
    database.seals = Seals(seals.rows, database.keys)
    return batch.number


def _refuse_standing(rows: Rows, seals: Seals, year: int) -> None:
    stands = standing_of(rows, seals).get(year, Counter())
    if stands:
        told = "、".join(f"{kind} {count}" for kind, count in sorted(stands.items()))
        raise StoreError(
            finding("store.year_still_used", Place(key=(str(year),)), Text(f"仍在用的记录：{told}", f"entries that stand: {told}"))
        )
