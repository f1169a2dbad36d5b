"""The pairs of a roster that a person must decide, by row numbers; decisions are kept in the record and hold in every later run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from junheng.coverage import Side
from junheng.documents import finding
from junheng.errors import DataError, Place
from junheng.matching import because, match_rule
from junheng.store.database import Database
from junheng.workflow.ledger_room import Room
from junheng.workflow.ledgers import Doer, moment
from junheng.workflow.match_records import keep_decisions
from junheng.workflow.reconcile import Desk
from junheng.workflow.reconcile_records import maybe
from junheng.workflow.views.coverage import RosterQuestion

_Pair = tuple[RosterQuestion, str, str]


def roster_questions(folder: Path, name: str, *, day: date | None = None) -> tuple[RosterQuestion, ...]:
    """Return the pairs of a roster that nobody has decided. Raises DataError for a roster that there is not."""
    room = Room(folder, moment(day))
    with maybe(room) as database:
        return tuple(question for question, _, _ in _pairs(room, database, name))


def decide_question(
    folder: Path, name: str, pair: str, decision: str, doer: Doer, reason: str, at: datetime | None = None
) -> tuple[RosterQuestion, ...]:
    """Keep what a person decided of a pair ("same" or "different") and return what is still open.

    Raises DataError for a pair that is not asked about.
    """
    room = Room(folder, at)
    with room.database() as database:
        asked = {question.pair: (left, right) for question, left, right in _pairs(room, database, name)}
        if pair not in asked:
            raise DataError(finding("matching.pair_unknown", Place(table=name), pair))
        line = (*asked[pair], decision, doer.person, room.today.isoformat(), reason)
        keep_decisions(database, [line], doer.actor, f"人工判定：{name} {pair}", room.at)
        return tuple(question for question, _, _ in _pairs(room, database, name))


def _pairs(room: Room, database: Database | None, name: str) -> Sequence[_Pair]:
    desk = Desk(room.folder, room.today, database, room)
    roster = desk.rosters.roster(name)
    _, _, sides = desk.result(roster.id)
    asked = desk.questions.get(roster.id)
    if asked is None or not roster.rule:
        return []
    rule = match_rule(roster.rule)
    return [
        (
            RosterQuestion(
                pair=f"{row['row']}-{row['source']}-{row['did_row']}",
                line=_number(sides[0], row["row"]),
                source=roster.did[row["source"]].title.zh,
                other=_number(sides[row["source"] + 1], row["did_row"]),
                because=because(row["because"], rule),
            ),
            row["left_id"],
            row["right_id"],
        )
        for row in asked.iter_rows(named=True)
    ]


def _number(side: Side | None, row: int) -> int:
    return side.number(row) if side is not None else row
