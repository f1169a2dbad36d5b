"""Steps that an officer can read out: one a teacher, by code, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from junheng.errors import Text
from junheng.model import allowed
from junheng.model.county import County
from junheng.planning.planners.teacher_rotation.choose import Chosen
from junheng.planning.planners.teacher_rotation.moved import Books, people_of
from junheng.planning.planners.teacher_rotation.question import Question
from junheng.planning.proposal import Step

KINDS = {"return": Text("期满返回", "back after a term"), "wish": Text("志愿", "wish"), "plan": Text("统筹安排", "plan")}


class Move(NamedTuple):
    """One teacher to one unit."""

    teacher: str
    row: int  # of the register
    kind: str
    unit: int
    km_before: float
    km_after: float
    reason: Text


def moves(question: Question, chosen: Chosen) -> tuple[Move, ...]:
    """Return all moves that are still to be made, in the order of kinds and codes."""
    case, found = question.case, []
    for settled in question.settled:
        if settled.kind != "before":
            pairs = zip(settled.row.tolist(), settled.unit.tolist(), strict=True)
            found += [_move(question, row, unit, settled.kind) for row, unit in pairs]
    for arc in chosen.arcs.tolist():
        found.append(_move(question, int(question.row[case.arc_teacher[arc]]), int(case.arc_unit[arc]), "plan"))
    return tuple(sorted(found, key=lambda move: (list(KINDS).index(move.kind), move.teacher)))


def _move(question: Question, row: int, unit: int, kind: str) -> Move:
    known = question.places
    today = known.unit_of[question.register["school"][row], question.register["stage"][row]]
    before, after = (float(known.km[row, each]) for each in (today, unit))
    teacher = question.register["teacher"][row]
    return Move(teacher, row, kind, unit, before, after, _reason(question, row, unit, kind, (before, after)))


def _reason(question: Question, row: int, unit: int, kind: str, km: tuple[float, float]) -> Text:
    known, register = question.places, question.register
    subject = register["subject"][row]
    label = allowed("subject")[subject] if subject else Text("", "")
    way = Text(f"家到学校{km[1]:.1f}公里（现{km[0]:.1f}公里）", f"{km[1]:.1f} km from home, {km[0]:.1f} km today")
    if kind == "return":
        year = register["return_year"][row]
        return Text(f"交流期满（{year}学年起可返回），回到保留岗位的学校；{way.zh}。", f"The term is over, the post was kept; {way.en}.")
    group = unit * len(known.subject_of) + known.subject_of[subject]
    need, held = known.need[group], int(question.case.held[group])
    at = Text(f"该校{label.zh}按课时需{need:.1f}人", f"{label.en} there: {need:.1f} needed by the lesson plan")
    years = register["years"][row]
    if kind == "wish":
        rank = question.wished[register["teacher"][row]].index(known.units[unit][0]) + 1
        return Text(f"本人第{rank}志愿，该校有缺额；{at.zh}；{way.zh}。", f"Wish {rank} of the teacher; {at.en}; {way.en}.")
    served = Text(f"在本校{years}年，达到交流年限", f"{years} years at the school")
    serves = _serves(question, row, unit, need > held)
    return Text(
        f"{served.zh}；{serves.zh}；{at.zh}、现有{held}人；{way.zh}。", f"{served.en}; {serves.en}; {at.en}, {held} held; {way.en}."
    )


def _serves(question: Question, row: int, unit: int, is_short: bool) -> Text:
    """Return what a move is for, the weightiest first."""
    case, known = question.case, question.places
    at = int(known.unit_of[question.register["school"][row], question.register["stage"][row]])
    n = int((question.row == row).argmax())
    of = (case.arc_teacher == n) & (case.arc_unit == unit)
    is_down = bool(case.arc_down[of].any())
    if is_short:
        return Text("补该校学科缺额", "fills a subject that the school lacks")
    if case.is_backbone[n] and case.backbone[unit] < case.even[unit]:
        return Text("该校骨干低于均衡数", "the school has fewer backbone teachers than an even share")
    if is_down:
        rural = known.is_urban[at] and not known.is_urban[unit]
        return Text("城镇支援乡村", "from town to country") if rural else Text("强校支援弱校", "from a strong to a weak school")
    return Text("使全县达到规定的交流比例，且路程增加少", "so that the county reaches the share asked for, with little way added")


def steps(county: County, question: Question, going: tuple[Move, ...]) -> tuple[Step, ...]:
    """Return one step a move."""
    books, people = Books(county), people_of(county.tables["teachers"])
    return tuple(_steps(county, question, going, books, people))


def _steps(county: County, question: Question, going: tuple[Move, ...], books: Books, people: dict[str, dict[str, Any]]) -> Iterator[Step]:
    names = question.places.names
    for move in going:
        person = people[move.teacher]
        today = question.places.unit_of[person["school"], person["stage"]]
        label = allowed("subject")[person["subject"]] if person["subject"] else Text("", "")
        returns = None if move.kind == "return" else county.year + 1 + question.term
        kind = KINDS[move.kind]
        yield Step(
            title=Text(
                f"{move.teacher}（{label.zh}）：{names[today]}→{names[move.unit]}（{kind.zh}）",
                f"{move.teacher} ({label.en}): {names[today]} to {names[move.unit]} ({kind.en})",
            ),
            reason=move.reason,
            changes=tuple(books.moved(person, question.places.units[move.unit][0], returns=returns)),
            teachers=1,
            year=county.year + 1,
        )
