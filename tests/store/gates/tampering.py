"""Somebody with the file and all the time he wants: edits, deletes, swaps, inserts, truncates, and makes the whole chain anew."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from junheng.store import verifier

Rows = list[dict[str, Any]]
AUDIT = (*verifier.CHAINED, "hash", "replaced")
ENTRIES = (*verifier.IMAGE, "sequence")


@dataclass
class Copy:
    """The tables of a record as the tamperer holds them."""

    about: dict[str, str]
    audit: Rows
    entries: Rows
    lookups: Rows

    def same(self, other: Copy) -> bool:
        return (self.audit, self.entries, self.lookups) == (other.audit, other.entries, other.lookups)


@dataclass
class Tampers:
    """How many were tried of each kind, and what was not noticed."""

    tried: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)


def read(path: Path) -> Copy:
    with closing(sqlite3.connect(path)) as record:
        record.row_factory = sqlite3.Row

        def table(name: str, order: str) -> Rows:
            return [dict(row) for row in record.execute(f"SELECT * FROM {name} ORDER BY {order}")]

        about = {row["name"]: row["value"] for row in table("about", "name")}
        return Copy(about, table("audit", "sequence"), table("entries", "kind, key"), table("lookups", "kind, field, tag, key"))


def write(path: Path, copy: Copy, before: Copy | None = None) -> None:
    """Write the tables into the file; with `before`, only those that differ from what stands there."""
    with closing(sqlite3.connect(path)) as record:
        record.execute("PRAGMA synchronous=OFF")  # nobody cuts the power of a tamperer
        record.execute("PRAGMA journal_mode=MEMORY")
        for name in ("audit_no_update", "audit_no_delete"):
            record.execute(f"DROP TRIGGER IF EXISTS {name}")
        for name in ("audit", "entries", "lookups"):
            rows: Rows = getattr(copy, name)
            if before is not None and rows == getattr(before, name):
                continue
            record.execute(f"DELETE FROM {name}")
            for row in rows:
                record.execute(f"INSERT INTO {name} ({','.join(row)}) VALUES ({','.join('?' * len(row))})", list(row.values()))
        record.commit()


def anew(copy: Copy) -> None:
    """Number and chain everything again, and make what stands now what the audit says: nothing inside the file betrays it."""
    copy.audit.sort(key=lambda row: row["sequence"])
    hash_, left = verifier.digest(f"junheng record {copy.about['record']}"), dict[tuple[str, str], tuple[str, str]]()
    entries = {(row["kind"], row["key"]): row for row in copy.entries}
    for number, row in enumerate(copy.audit, 1):
        row["sequence"] = number
        place = (row["kind"], row["key"])
        if row["verb"] in {"put", "remove"}:
            image = left.get(place, ("", ""))
            row["before"], row["replaced"] = image
            nexts = next(
                (later for later in copy.audit[number:] if (later["kind"], later["key"]) == place and later["verb"] in {"put", "remove"}),
                None,
            )
            kept = (
                nexts["replaced"]
                if nexts
                else (verifier.line(entries[place], verifier.IMAGE) if place in entries and row["verb"] == "put" else "")
            )
            kept = kept if row["verb"] == "put" else ""
            row["after"] = verifier.digest(kept)
            left[place] = (row["after"], kept)
            if place in entries:
                entries[place]["sequence"] = number
        hash_ = verifier.digest(f"{hash_}\t{verifier.line(row, verifier.CHAINED)}")
        row["hash"] = hash_
    copy.entries = [row for place, row in entries.items() if left.get(place, ("", ""))[0]]
    copy.lookups = [row for row in copy.lookups if (row["kind"], row["key"]) in {(one["kind"], one["key"]) for one in copy.entries}]


def _other(value: Any, chance: random.Random) -> Any:
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 7))
    return f"{value}x" if chance.random() < 0.5 or not value else value[:-1] + chr(ord(value[-1]) ^ 1)


def edit(copy: Copy, chance: random.Random) -> None:
    rows, names = chance.choice([(copy.audit, AUDIT), (copy.entries, ENTRIES), (copy.lookups, ("kind", "field", "tag", "key"))])
    row = chance.choice(rows)
    name = chance.choice(names)
    row[name] = _other(row[name], chance)


def delete(copy: Copy, chance: random.Random) -> None:
    rows = chance.choice([copy.audit, copy.entries, copy.lookups])
    rows.remove(chance.choice(rows))


def swap(copy: Copy, chance: random.Random) -> None:
    rows, stays = chance.choice([(copy.audit, {"sequence"}), (copy.entries, {"kind", "key"})])
    one, two = chance.sample(rows, 2)
    for name in one.keys() - stays:
        one[name], two[name] = two[name], one[name]


def insert(copy: Copy, chance: random.Random) -> None:
    row = dict(chance.choice(copy.audit))
    if chance.random() < 0.3:
        entry = dict(chance.choice(copy.entries))
        copy.entries.append({**entry, "key": f"{entry['key']}-new"})
        return
    last = copy.audit[-1]
    row.update(sequence=last["sequence"] + 1, at=last["at"], verb="unmask", before="", after="", replaced="")
    row["hash"] = verifier.digest(f"{last['hash']}\t{verifier.line(row, verifier.CHAINED)}")
    if chance.random() < 0.5:  # not at the end: everything after it moves up
        place = chance.randrange(len(copy.audit))
        for later in copy.audit[place:]:
            later["sequence"] += 1
        row["sequence"] = place + 1
        copy.audit.insert(place, row)
    else:
        copy.audit.append(row)


def truncate(copy: Copy, chance: random.Random) -> None:
    """Take the last changes back, and what they did with them."""
    for _ in range(chance.randint(1, 5)):
        row = copy.audit.pop()
        if row["verb"] not in {"put", "remove"}:
            continue
        place = (row["kind"], row["key"])
        copy.entries = [entry for entry in copy.entries if (entry["kind"], entry["key"]) != place]
        if row["replaced"]:
            before = next(earlier for earlier in reversed(copy.audit) if (earlier["kind"], earlier["key"]) == place and earlier["after"])
            image = dict(zip(verifier.IMAGE, row["replaced"].split("\t"), strict=True))
            copy.entries.append({**image, "version": int(image["version"]), "sequence": before["sequence"]})
        standing = {(entry["kind"], entry["key"]) for entry in copy.entries}
        copy.lookups = [one for one in copy.lookups if (one["kind"], one["key"]) in standing]


def rehash(copy: Copy, chance: random.Random) -> None:
    """Change what was said or done, then make the chain anew."""
    row = chance.choice(copy.audit)
    match chance.randrange(3):
        case 0:
            name = chance.choice(("at", "office", "person", "purpose"))
            row[name] = _other(row[name], chance)
        case 1:
            entry = chance.choice(copy.entries)
            entry["state"] = _other(entry["state"], chance)
        case 2:
            copy.audit.remove(next(one for one in reversed(copy.audit) if one["verb"] not in {"put", "remove"}))
    anew(copy)


KINDS: dict[str, Callable[[Copy, random.Random], None]] = {one.__name__: one for one in (edit, delete, swap, insert, truncate, rehash)}


def tampered(record: Path, scratch: Path, anchors: Sequence[str], count: int, seed: int) -> Tampers:
    """Tamper `count` times with a copy of the record, ask the verifier each time, and count what it did not notice."""
    result = Tampers()
    kinds, before = list(KINDS), read(record)
    while result.tried.total() < count:
        number = result.tried.total()
        chance = random.Random(seed * 1_000_003 + number)
        kind = kinds[number % len(kinds)]
        copy = deepcopy(before)
        KINDS[kind](copy, chance)
        if copy.same(before):
            seed += 1
            continue
        shutil.copy(record, scratch)
        try:
            write(scratch, copy, before)
        except sqlite3.IntegrityError:  # the database itself refuses two rows with one key
            seed += 1
            continue
        result.tried[kind] += 1
        if not _noticed(scratch, anchors):
            result.unseen[kind] += 1
    return result


def each_cell(record: Path, scratch: Path, anchors: Sequence[str]) -> Tampers:
    """Change every column of every row of every table, one at a time, and count by column what the verifier did not notice."""
    before, result, chance = read(record), Tampers(), random.Random(1)
    for table in ("audit", "entries", "lookups"):
        for number, row in enumerate(getattr(before, table)):
            for column in row:
                copy = deepcopy(before)
                getattr(copy, table)[number][column] = _other(row[column], chance)
                shutil.copy(record, scratch)
                with suppress(sqlite3.IntegrityError):
                    write(scratch, copy, before)
                    result.tried[f"{table}.{column}"] += 1
                    result.unseen[f"{table}.{column}"] += not _noticed(scratch, anchors)
    result.unseen = +result.unseen
    return result


def _noticed(path: Path, anchors: Sequence[str]) -> bool:
    try:
        return bool(verifier.check(path, anchors)[0])
    except (sqlite3.Error, ValueError, TypeError):  # what main() reports as well
        return True
