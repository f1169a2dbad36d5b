"""One batch of changes: collected, checked, then written with its audit rows in one transaction."""

from __future__ import annotations

import gc
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, StoreError
from junheng.store.audit import digest_of, earlier, image_of, linked, text_of
from junheng.store.entry import LEVELS, MASKED, SEALED, Actor, Change, Entry, Evidence, Level
from junheng.store.sealing import Seals
from junheng.store.sql import Row, Rows

_MOST = 20  # places named in one refusal


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, why and when: what every row of a batch repeats."""

    actor: Actor
    purpose: str
    at: datetime

    def faults(self) -> list[Finding]:
        """Return what an act lacks: nothing is written without a name, an office, a reason and a time with its zone."""
        said = {"person": self.actor.person, "office": self.actor.office, "purpose": self.purpose}
        wrong = {name: text for name, text in said.items() if not _name(text)}
        found = [finding("store.act_unnamed", Place(column=name), repr(text)) for name, text in wrong.items()]
        if self.at.tzinfo is None:
            found.append(finding("store.act_without_zone", Place(column="at"), self.at.isoformat()))
        return found


@dataclass(slots=True)
class Batch:
    """What is to be changed. Nothing is written before the block of `Database.batch` ends; then all of it or nothing."""

    act: Act
    once: str = ""
    number: int = 0  # after the block: the batch's number, 0 when nothing had to be changed
    repeated: bool = False  # `once` was recorded before: what is put is ignored
    findings: list[Finding] = field(default_factory=list)
    changes: int = 0  # after the block: how many entries were changed
    _wanted: list[tuple[str, str, Entry | Row | None]] = field(default_factory=list)
    _named: set[tuple[str, str]] = field(default_factory=set)

    def put(self, entry: Entry) -> None:
        """Keep an entry as it is given. Raises DataError with all that is wrong with it."""
        if found := faults(entry):
            raise DataError(found)
        self._want(entry.kind, entry.key, entry)

    def remove(self, kind: str, key: str) -> None:
        """Remove an entry; what it was stays in the audit."""
        self._want(kind, key, None)

    def put_back(self, kind: str, key: str, image: Row | None) -> None:
        """Put what stood there before, boxes and all, or remove it when nothing did; for undoing."""
        self._want(kind, key, image)

    def _want(self, kind: str, key: str, wanted: Entry | Row | None) -> None:
        if (kind, key) in self._named:
            raise DataError(finding("store.entry_twice", Place(table=kind, key=(key,)), key))
        self._named.add((kind, key))
        self._wanted.append((kind, key, wanted))

    def write(self, rows: Rows, seals: Seals, record: str, leading: Sequence[tuple[str, str, str]] = ()) -> Row | None:
        """Write all of it on an open transaction; return the new head of the audit, None when there was nothing to change.

        leading: (verb, kind, key) of rows that say something of the batch as a whole.
        """
        with _without_collecting():
            return self._write(rows, seals, record, leading)

    def _write(self, rows: Rows, seals: Seals, record: str, leading: Sequence[tuple[str, str, str]]) -> Row | None:
        last = rows.head()
        header = self._header(rows, seals, last)
        marks = [*leading, *([("import", "", self.once)] if self.once else [])]
        audit = [{**header, "verb": verb, "kind": kind, "key": key, **_NOTHING} for verb, kind, key in marks]
        written = _Written(self._now(rows), self._removed(rows), seals, self.act.at.year)
        self._refuse_lost_updates(written.now)
        for kind, key, wanted in self._wanted:
            change = written.change(kind, key, wanted)
            if change is not None:
                audit.append({**header, **change})
        self.changes = len(audit) - len(marks)
        if not self.changes and not leading:
            return None
        linked(audit, last, record)
        rows.insert("audit", audit)
        written.store(rows, audit[len(marks) :])
        self.number = header["batch"]
        return audit[-1]

    def _header(self, rows: Rows, seals: Seals, last: Row | None) -> dict[str, Any]:
        number = (last["batch"] if last else 0) + 1
        at = self.act.at.isoformat(timespec="seconds")
        if last and earlier(at, last):
            self.findings.append(finding("store.clock_set_back", Place(), at, last=last["at"]))
        person = seals.seal("L3", ("audit", str(number), "person"), self.act.actor.person)
        return {"batch": number, "at": at, "office": self.act.actor.office, "person": person, "purpose": self.act.purpose}

    def _by_kind(self) -> dict[str, list[str]]:
        kinds: dict[str, list[str]] = {}
        for kind, key, _ in self._wanted:
            kinds.setdefault(kind, []).append(key)
        return kinds

    def _now(self, rows: Rows) -> dict[tuple[str, str], Row]:
        found = ((kind, rows.entries_at(kind, keys)) for kind, keys in self._by_kind().items())
        return {(kind, row["key"]): row for kind, some in found for row in some}

    def _removed(self, rows: Rows) -> dict[tuple[str, str], int]:
        removed = ((kind, rows.removed(kind)) for kind in self._by_kind())
        return {(kind, key): version for kind, versions in removed for key, version in versions.items()}

    def _refuse_lost_updates(self, now: Mapping[tuple[str, str], Row]) -> None:
        lost = [
            finding("store.record_changed", Place(table=kind, key=(key,)), str(now[kind, key]["version"] if (kind, key) in now else "—"))
            for kind, key, wanted in self._wanted
            if isinstance(wanted, Entry) and wanted.version and _version(now.get((kind, key))) != wanted.version
        ]
        if lost:
            raise StoreError(lost[:_MOST])


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Put off the search for garbage in cycles: of a hundred thousand rows made here none is in one, and all are gone over each time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


_NOTHING = {"version": 0, "before": "", "after": "", "replaced": ""}


def _version(row: Row | None) -> int:
    return row["version"] if row else 0


class _Written:
    """The rows that a batch makes of what is wanted and of what stands now."""

    def __init__(self, now: Mapping[tuple[str, str], Row], removed: Mapping[tuple[str, str], int], seals: Seals, year: int) -> None:
        self.now, self.removed, self.seals, self.year = now, removed, seals, year
        self.rows: list[tuple[dict[str, Any] | None, Row | None]] = []

    def change(self, kind: str, key: str, wanted: Entry | Row | None) -> dict[str, Any] | None:
        """Return the audit row of one change, None when nothing changes."""
        before = self.now.get((kind, key))
        after = self._after(kind, key, wanted, before)
        if after is None and before is None:
            return None
        if after is not None and before is not None and all(after[name] == before[name] for name in _CONTENT):
            return None
        replaced = image_of(before) if before else ""
        self.rows.append((after, before))
        return {
            "verb": "put" if after else "remove",
            "kind": kind,
            "key": key,
            "version": after["version"] if after else _version(before) + 1,
            "before": digest_of(replaced),
            "after": digest_of(image_of(after)) if after else "",
            "replaced": replaced,
        }

    def _after(self, kind: str, key: str, wanted: Entry | Row | None, before: Row | None) -> dict[str, Any] | None:
        if wanted is None:
            return None
        version = (before["version"] if before else self.removed.get((kind, key), 0)) + 1
        content = _sealed(wanted, before, self.seals, self.year) if isinstance(wanted, Entry) else {name: wanted[name] for name in _CONTENT}
        return {"kind": kind, "key": key, "version": version, **content}

    def store(self, rows: Rows, audit: Iterable[Row]) -> None:
        """Write the entries with the numbers of their audit rows, and their tags."""
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        gone: list[tuple[str, str]] = []
        stale: list[tuple[str, str]] = []
        tags: list[dict[str, str]] = []
        for (after, before), row in zip(self.rows, audit, strict=True):
            place = (row["kind"], row["key"])
            if before is not None and before["sealed"] != "{}":
                stale.append(place)
            if after is None:
                gone.append(place)
                continue
            after["sequence"] = row["sequence"]
            (changed if before else new).append(after)
            tags += tags_of(after)
        rows.delete_at("entries", gone)
        rows.delete_at("lookups", stale)
        rows.insert("entries", new)
        rows.replace_entries(changed)
        rows.insert("lookups", tags)


_CONTENT = ("state", "clear", "sealed", "levels", "evidence")


def tags_of(row: Row) -> list[dict[str, str]]:
    """Return the rows of `lookups` that an entry's row stands for."""
    if row["sealed"].count(',""]') == row["sealed"].count("["):  # most have none, and a hundred thousand are asked
        return []
    boxes = json.loads(row["sealed"])
    return [{"kind": row["kind"], "field": name, "tag": tag, "key": row["key"]} for name, (_, tag) in boxes.items() if tag]


def _sealed(entry: Entry, before: Row | None, seals: Seals, year: int) -> dict[str, Any]:
    """Return the content columns of an entry; what is masked, or equal to what is sealed already, keeps its box, else it is of the year."""
    levels = entry.levels
    clear = {name: value for name, value in entry.values.items() if levels.get(name) not in SEALED} if levels else entry.values
    boxes: list[str] = []
    if len(clear) < len(entry.values):
        old = json.loads(before["sealed"]) if before and before["sealed"] != "{}" else {}
        old_levels = json.loads(before["levels"]) if before else {}
        for name in sorted(entry.values.keys() - clear.keys()):
            stands = (old[name][0], old_levels.get(name) == levels[name]) if name in old else _NO_BOX
            box, meant = _box((entry.kind, entry.key, name), entry.values[name], levels[name], stands, seals, year)
            tag = seals.tag(entry.kind, name, meant) if name in entry.lookups and meant is not None else ""
            boxes.append(f'{_quoted(name)}:["{box}","{tag}"]')  # neither holds a sign that JSON would write otherwise
    return {
        "state": entry.state,
        "clear": text_of(clear),
        "sealed": f"{{{','.join(boxes)}}}",
        "levels": _levels_text(tuple(levels.items())) if levels else "{}",
        "evidence": text_of([evidence_text(one) for one in entry.evidence]) if entry.evidence else "[]",
    }


_NO_BOX = ("", False)
_quoted = cache(text_of)  # names of fields: an import has few


@cache
def _levels_text(levels: tuple[tuple[str, Level], ...]) -> str:
    """Return levels as a row keeps them; an import has few sorts of entries."""
    return text_of(dict(levels))


def _box(where: tuple[str, str, str], value: object, level: Level, old: tuple[str, bool], seals: Seals, year: int) -> tuple[str, object]:
    """Return the box of a value, and the value; old: the box that stands there ("" for none), and whether its level is still the same.

    A value that stays what it was stays of the year in which it was entered, under newer keys too.
    """
    box, same_level = old
    if not box:
        if value == MASKED:
            raise DataError(finding("store.masked_value", Place(table=where[0], key=(where[1],), column=where[2]), MASKED, masked=MASKED))
        return seals.seal(level, where, value, year), value
    kept = seals.open(box, where)
    meant = kept if value == MASKED else value
    same = same_level and kept == meant
    if same and seals.current(box):
        return box, meant
    of = seals.year_of(box) if same else year
    return seals.seal(level, where, meant, of if seals.has(of) else year), meant


def evidence_text(one: Evidence) -> dict[str, str]:
    """Return what a row keeps of a file."""
    expires = one.expires.isoformat() if one.expires else ""
    return {"digest": one.digest, "title": one.title, "media": one.media, "level": one.level, "expires": expires}


def evidence_of(text: str) -> tuple[Evidence, ...]:
    """Return the files that a row names."""
    return tuple(Evidence(**{**one, "expires": date.fromisoformat(one["expires"]) if one["expires"] else None}) for one in json.loads(text))


def entry_of(row: Row, seals: Seals | None = None) -> Entry:
    """Return a row as an entry; sealed fields are masked unless `seals` opens them."""
    values: dict[str, Any] = json.loads(row["clear"])
    boxes = json.loads(row["sealed"])
    for name, (box, _) in boxes.items():
        values[name] = seals.open(box, (row["kind"], row["key"], name)) if seals else MASKED
    return Entry(
        kind=row["kind"],
        key=row["key"],
        state=row["state"],
        values=values,
        levels=json.loads(row["levels"]),
        lookups=tuple(name for name, (_, tag) in boxes.items() if tag),
        evidence=evidence_of(row["evidence"]),
        version=row["version"],
    )


def change_of(row: Row, image: Row | None, seals: Seals | None = None) -> Change:
    """Return an audit row with what stood after it; the person is masked unless `seals` opens the name."""
    person = seals.open(row["person"], ("audit", str(row["batch"]), "person")) if seals else MASKED
    said = {name: row[name] for name in ("sequence", "batch", "office", "purpose", "verb", "kind", "key", "version")}
    entry = entry_of(image, seals) if image is not None else None
    return Change(**said, at=datetime.fromisoformat(row["at"]), person=person, entry=entry)


def faults(entry: Entry) -> list[Finding]:
    """Return what makes an entry unfit to be kept."""
    if (
        not entry.levels
        and not entry.lookups
        and _named(entry)
        and all(map(_storable, entry.values.values()))
        and MASKED not in entry.values.values()
    ):
        return []  # most of a large import
    place = Place(table=entry.kind, key=(entry.key,))
    named = {"kind": entry.kind, "key": entry.key}
    found = [finding("store.entry_unnamed", place, repr(text), name=name) for name, text in named.items() if not _name(text)]
    if not entry.state.isprintable():
        found.append(finding("store.entry_unnamed", place, repr(entry.state), name="state"))
    found += [finding("store.entry_value", _at(place, name), repr(value)) for name, value in entry.values.items() if not _storable(value)]
    found += [finding("store.entry_level", _at(place, name), str(level)) for name, level in entry.levels.items() if level not in LEVELS]
    found += [finding("store.entry_lookup", _at(place, name), name) for name in entry.lookups if entry.levels.get(name) not in SEALED]
    masked = [name for name, value in entry.values.items() if value == MASKED and entry.levels.get(name) not in SEALED]
    return found + [finding("store.masked_value", _at(place, name), MASKED, masked=MASKED) for name in masked]


def _named(entry: Entry) -> bool:
    return _name(entry.kind) and _name(entry.key) and entry.state.isprintable()


def _name(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _at(place: Place, column: str) -> Place:
    return Place(table=place.table, key=place.key, column=column)


def _storable(value: object) -> bool:
    """Return whether a value is a JSON scalar or a list of them, and text that every system can keep."""
    if isinstance(value, str):
        return value.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list | tuple):
        return all(not isinstance(one, list | tuple) and _storable(one) for one in value)
    return value is None or isinstance(value, int)
