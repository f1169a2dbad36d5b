"""Looking again (回头看): which ended records are drawn, and how many have relapsed. Drawn by a hash, so that anybody can repeat it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from junheng.ledgers.kind import Kind
from junheng.ledgers.record import Record
from junheng.ledgers.recurrence import months_later


class Relapse(NamedTuple):
    """What re-checks found: how many were looked at, how many had relapsed, and the rate in percent (None when none was looked at)."""

    looked_at: int
    relapsed: int
    rate: float | None


def due_for_recheck(kind: Kind, records: Sequence[Record], today: date) -> list[Record]:
    """Return the ended records that are old enough and were not looked at again since they ended."""
    rule = kind.recheck
    if rule is None:
        return []
    again = {name for name, one in kind.moves.items() if one.recheck}
    ended = [record for record in records if record.state == rule.state and record.steps[-1].move not in again]
    return [record for record in ended if months_later(record.entered(), rule.after_months) <= today]


def draw(kind: Kind, records: Sequence[Record], today: date, seed: str) -> list[str]:
    """Return the keys of the records drawn for a re-check: the kind's share of those due, rounded up, at least its least number.

    The order is that of sha256(seed:key): announced seed, same list, same draw, on any machine.
    """
    due = due_for_recheck(kind, records, today)
    if kind.recheck is None or not due:
        return []
    wanted = max(ceil(len(due) * kind.recheck.share / 100), kind.recheck.least)
    order = sorted(due, key=lambda record: hashlib.sha256(f"{seed}:{record.key}".encode()).hexdigest())
    return sorted(record.key for record in order[:wanted])


def relapse(kind: Kind, records: Sequence[Record], first: date, last: date) -> Relapse:
    """Return what the re-checks of a span of days found."""
    found = [
        kind.moves[step.move].recheck
        for record in records
        for step in record.steps
        if step.move in kind.moves and kind.moves[step.move].recheck and first <= step.at.date() <= last
    ]
    bad = found.count("relapsed")
    return Relapse(len(found), bad, 100 * bad / len(found) if found else None)
