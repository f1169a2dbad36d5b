"""What became of each wish, and why: so that whoever is refused can be told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model import allowed
from junheng.planning.planners.teacher_rotation.owing import Move, kept_for
from junheng.planning.planners.teacher_rotation.question import Question
from junheng.planning.teaching_people import REASONS

_GRANTED = Text("已满足", "granted")
_REFUSED = Text("未满足", "not granted")


def wishes(question: Question, going: tuple[Move, ...]) -> pl.DataFrame:
    """Return teacher, rank, school, outcome and reason of every wish, in the order of teachers and ranks."""
    rows = list(_outcomes(question, {move.teacher: move for move in going}))
    types = {"teacher": pl.String, "rank": pl.Int64, "school": pl.String, "outcome": pl.String, "reason": pl.String}
    return pl.DataFrame(rows, schema=types, orient="row")


def _outcomes(question: Question, going: dict[str, Move]) -> Iterator[tuple[str, int, str, str, str]]:
    rows = {code: k for k, code in enumerate(question.register["teacher"].to_list())}
    for teacher in sorted(question.wished):
        move, k = going.get(teacher), rows.get(teacher)
        held = question.places.units[move.unit][0] if move else ""
        for rank, school in enumerate(question.wished[teacher], start=1):
            if school == held:
                yield teacher, rank, school, _GRANTED.zh, move.reason.zh if move else ""
            else:
                higher = held in question.wished[teacher][: rank - 1]
                why = Text("排在前面的志愿已满足", "a wish before it was granted") if higher else _why(question, k, school, move)
                yield teacher, rank, school, _REFUSED.zh, why.zh


def _why(question: Question, k: int | None, school: str, move: Move | None) -> Text:
    """Return why a wish was not granted, the plainest reason first."""
    register, known = question.register, question.places
    if k is None:
        return Text("所在学段不在交流范围", "of a stage without exchange")
    bar, stage = register["bar"][k], register["stage"][k]
    unit = known.unit_of.get((school, stage), -1)
    if bar:
        return REASONS[bar]
    if unit < 0:
        return Text("该校没有本人的学段，或班级数未报", "the school has not the stage, or its classes are not returned")
    if known.km[k, unit] > question.far[k]:
        return Text(
            f"家到该校{known.km[k, unit]:.1f}公里，超过{question.far[k]:.0f}公里的上限",
            f"{known.km[k, unit]:.1f} km from home, more than {question.far[k]:.0f}",
        )
    if register["teacher"][k] in question.keeping.stays:
        return kept_for(question, register["teacher"][k])
    return _full(question, k, unit, move)


def _full(question: Question, k: int, unit: int, move: Move | None) -> Text:
    known = question.places
    group = unit * len(known.subject_of) + known.subject_of[question.register["subject"][k]]
    granted = next((one for one in question.settled if one.kind == "wish"), None)
    came = [] if granted is None else [int(row) for row, to in zip(granted.row, granted.unit, strict=True) if to == unit]
    same = [row for row in came if question.register["subject"][row] == question.register["subject"][k]]
    if same:
        years = min(question.register["years"][row] or 0 for row in same)
        return Text(f"名额给了任教年限更长的教师（{years}年）", f"the place went to a teacher of more years at the school ({years})")
    if known.need[group] <= np.floor(float(question.case.held[group])):
        subject, need = allowed("subject")[question.register["subject"][k]], known.need[group]
        held = int(question.case.held[group])
        return Text(
            f"该校{subject.zh}按课时需{need:.1f}人、有{held}人，不缺人",
            f"{subject.en} there: {need:.1f} needed, {held} held, nobody is lacking",
        )
    if move is not None:
        other = known.names[move.unit]
        return Text(f"该校名额给了更合适的教师，本人统筹安排到{other}", f"the place went to somebody who suits better; placed at {other}")
    own = known.names[int(question.register["at"][k])]
    return Text(
        f"{own}的学科组调出名额或净减名额已用完，或配偶已调动", f"{own} may lose no more, in the subject or in all, or the partner goes"
    )
