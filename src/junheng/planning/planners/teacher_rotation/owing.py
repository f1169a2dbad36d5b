"""Where those who go home after a term take a school below a standard that it keeps: who is sent in their place, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.planning.planners.teacher_rotation.keeping import KINDS, Held, Key, kinds
from junheng.planning.planners.teacher_rotation.owed import named
from junheng.planning.planners.teacher_rotation.question import Question


class Move(NamedTuple):
    """One teacher to one unit."""

    teacher: str
    row: int  # of the register
    kind: str
    unit: int
    km_before: float
    km_after: float
    reason: Text
    subject: str  # taught there
    arc: int = -1  # of the case; -1: settled beforehand


class Shortfall(NamedTuple):
    """A school and kind that those who go home leave short, and how it stands after the plan."""

    key: Key
    school: str  # its name
    held: Held  # today
    after: int  # teachers of the kind after all moves
    sent: tuple[str, ...]  # codes of those who come

    @property
    def is_filled(self) -> bool:
        """Return whether the school keeps the standard."""
        return self.after >= self.held.least - 1e-9


def shortfalls(question: Question, going: Sequence[Move]) -> tuple[Shortfall, ...]:
    """Return the schools that those who go home leave short before anybody comes, and what becomes of them."""
    return tuple(_shortfalls(question, going))


def _shortfalls(question: Question, going: Sequence[Move]) -> Iterator[Shortfall]:
    register, known = question.register.rows(named=True), question.places
    for key, short in question.keeping.owed.items():
        held = question.keeping.held[key]
        come = tuple(move.teacher for move in going if known.mains[move.unit] == key[:2] and key[2] in kinds(register[move.row]))
        least = int(np.ceil(held.least - 1e-9))
        yield Shortfall(key, named(known, key), held, least - short + len(come), come)


def explained(question: Question, going: tuple[Move, ...]) -> tuple[Move, ...]:
    """Return the moves; those home after a term that leave a school short say so, and those who come instead say what for."""
    told: dict[str, list[Text]] = {}
    register, known = question.register, question.places
    for short in shortfalls(question, going):
        for move in going:
            row = register.row(move.row, named=True)
            if move.kind == "return" and (row["main"], row["stage"]) == short.key[:2] and short.key[2] in kinds(row):
                told.setdefault(move.teacher, []).append(_leaves(short))
            elif move.kind == "plan" and known.mains[move.unit] == short.key[:2] and move.teacher in short.sent:
                what = KINDS[short.key[2]]
                told.setdefault(move.teacher, []).append(
                    Text(f"补该校因期满返回所缺的{what.zh}", f"makes up for the {what.en} who went home from there")
                )
    return tuple(_with(move, told.get(move.teacher, [])) for move in going)


def _with(move: Move, more: list[Text]) -> Move:
    if not more:
        return move
    zh, en = "；".join(one.zh for one in more), "; ".join(one.en for one in more)
    return move._replace(reason=Text(f"{move.reason.zh[:-1]}；{zh}。", f"{move.reason.en[:-1]}; {en}."))


def _leaves(short: Shortfall) -> Text:
    what, held = KINDS[short.key[2]], short.held
    if short.is_filled:
        who = "、".join(short.sent)
        return Text(f"{short.school}因此减少的{what.zh}由{who}补上", f"{short.school} gets {who} for the {what.en} it loses")
    before, after = held.per_hundred(held.has), held.per_hundred(short.after)
    return Text(
        f"{short.school}每百名学生{what.zh}因此由{before:.2f}人降至{after:.2f}人，低于标准{held.limit:g}人，没有能补的人",
        f"{short.school} comes from {before:.2f} to {after:.2f} {what.en} per 100 pupils, below {held.limit:g}; nobody can be sent instead",
    )


def note(question: Question, going: tuple[Move, ...]) -> Text | None:
    """Return which schools fall below a standard since somebody goes home and nobody can come; None where there are none."""
    left = [_fails(one) for one in shortfalls(question, going) if not one.is_filled]
    return Text("；".join(one.zh for one in left), "; ".join(one.en for one in left)) if left else None


def _fails(short: Shortfall) -> Text:
    what, held = KINDS[short.key[2]], short.held
    before, after = held.per_hundred(held.has), held.per_hundred(short.after)
    return Text(
        f"{short.school}因期满返回或指定调出，每百名学生{what.zh}由{before:.2f}人降至{after:.2f}人，将由达标变为未达标（标准{held.limit:g}人）",
        f"{short.school} falls from {before:.2f} to {after:.2f} {what.en} per 100 pupils, below {held.limit:g}, by returns or pins",
    )


def below(question: Question, going: tuple[Move, ...]) -> pl.DataFrame:
    """Return the schools that returns leave short: school, stage, item, before, after, limit, who comes, and whether it is kept."""
    rows = [
        (
            one.key[0],
            one.key[1],
            f"每百名学生{KINDS[one.key[2]].zh}",
            round(one.held.per_hundred(one.held.has), 2),
            round(one.held.per_hundred(one.after), 2),
            one.held.limit,
            "、".join(one.sent),
            "达标" if one.is_filled else "未达标",
        )
        for one in shortfalls(question, going)
    ]
    types = dict.fromkeys(("school", "stage", "item"), pl.String) | dict.fromkeys(("before", "after", "limit"), pl.Float64)
    return pl.DataFrame(rows, schema=types | dict.fromkeys(("sent", "outcome"), pl.String), orient="row")


def kept_for(question: Question, teacher: str) -> Text:
    """Return for what a teacher stays: the school, each item that would fall below the standard, and how many it has and needs."""
    told = []
    for key in question.keeping.stays[teacher]:
        held, what, school = question.keeping.held[key], KINDS[key[2]], named(question.places, key)
        told.append(
            Text(
                f"{school}{what.zh}现{held.has}人（标准每百名学生{held.limit:g}人，至少{np.ceil(held.least - 1e-9):.0f}人）",
                f"{school} has {held.has} {what.en}, {np.ceil(held.least - 1e-9):.0f} are the least ({held.limit:g} per 100 pupils)",
            )
        )
    zh, en = "；".join(one.zh for one in told), "; ".join(one.en for one in told)
    return Text(f"{zh}，再调出将低于标准（可调出的名额先给期满返回和任教年限更长的教师），本轮留任", f"{en}; one less would fall below it")
