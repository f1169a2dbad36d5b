"""Steps that an officer can read out: one a teacher, by code, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng.errors import Text
from junheng.model import allowed
from junheng.model.county import County
from junheng.planning.planners.teacher_rotation.choose import Chosen
from junheng.planning.planners.teacher_rotation.moved import Books, people_of
from junheng.planning.planners.teacher_rotation.owing import Move, explained
from junheng.planning.planners.teacher_rotation.question import Question
from junheng.planning.proposal import Step

KINDS = {"return": Text("期满返回", "back after a term"), "wish": Text("志愿", "wish"), "plan": Text("统筹安排", "plan")}


def moves(question: Question, chosen: Chosen) -> tuple[Move, ...]:
    """Return all moves that are still to be made, in the order of kinds and codes."""
    case, found = question.case, []
    for settled in question.settled:
        if settled.kind != "before":
            pairs = zip(settled.row.tolist(), settled.unit.tolist(), strict=True)
            found += [_move(question, row, unit, settled.kind) for row, unit in pairs]
    for arc in chosen.arcs.tolist():
        found.append(_move(question, int(question.row[case.arc_teacher[arc]]), int(case.arc_unit[arc]), "plan", arc))
    return explained(question, tuple(sorted(found, key=lambda move: (list(KINDS).index(move.kind), move.teacher))))


def _move(question: Question, row: int, unit: int, kind: str, arc: int = -1) -> Move:
    known, register = question.places, question.register
    today = known.unit_of[register["school"][row], register["stage"][row]]
    before, after = (float(known.km[row, each]) for each in (today, unit))
    subject = register["subject"][row] or ""
    if arc >= 0:
        subject = list(known.subject_of)[int(question.case.arc_subject[arc])]
    reason = _reason(question, (row, unit, arc), kind, subject, (before, after))
    return Move(register["teacher"][row], row, kind, unit, before, after, reason, subject, arc)


def _reason(question: Question, of: tuple[int, int, int], kind: str, subject: str, km: tuple[float, float]) -> Text:
    (row, unit, arc), known, register = of, question.places, question.register
    label = allowed("subject")[subject] if subject else Text("", "")
    way = Text(f"家到学校{km[1]:.1f}公里（现{km[0]:.1f}公里）", f"{km[1]:.1f} km from home, {km[0]:.1f} km today")
    if kind == "return":
        year = register["return_year"][row]
        return Text(f"交流期满（{year}学年起可返回），回到保留岗位的学校；{way.zh}。", f"The term is over, the post was kept; {way.en}.")
    group = unit * len(known.subject_of) + known.subject_of[subject]
    need, held = known.need[group], int(question.case.held[group])
    at = Text(f"该校{label.zh}按课时需{need:.1f}人", f"{label.en} there: {need:.1f} needed by the lesson plan")
    years, wish = register["years"][row], _wish(question, row, unit)
    if kind == "wish":
        return Text(f"{wish.zh}，该校有缺额；{at.zh}；{way.zh}。", f"{wish.en}; {at.en}; {way.en}.")
    served = Text(f"在本校{years}年，达到交流年限", f"{years} years at the school")
    serves = _serves(question, arc, unit, is_short=need > held)
    told = [served, *([wish] if wish.zh else []), serves, Text(f"{at.zh}、现有{held}人", f"{at.en}, {held} held"), way]
    return Text(f"{'；'.join(one.zh for one in told)}。", f"{'; '.join(one.en for one in told)}.")


def _wish(question: Question, row: int, unit: int) -> Text:
    """Return which wish of the teacher a school is; nothing where it is none."""
    wished = question.wished.get(question.register["teacher"][row], [])
    school = question.places.units[unit][0]
    if school not in wished:
        return Text("", "")
    rank = wished.index(school) + 1
    return Text(f"本人第{rank}志愿", f"wish {rank} of the teacher")


def _serves(question: Question, arc: int, unit: int, *, is_short: bool) -> Text:
    """Return what a move is for, the weightiest first."""
    case, known = question.case, question.places
    n = int(case.arc_teacher[arc])
    at = int(case.unit[n])
    if case.arc_second[arc]:
        first, second = (Text(*case.subject_names[int(each)]) for each in (case.subject[n], case.arc_subject[arc]))
        return Text(
            f"以第二学科{second.zh}补该校学科缺额（第一学科{first.zh}）",
            f"fills {second.en}, which the school lacks, with the second subject (the first is {first.en})",
        )
    if is_short:
        return Text("补该校学科缺额", "fills a subject that the school lacks")
    if case.is_backbone[n] and case.backbone[unit] < case.even[unit]:
        return Text("该校骨干低于均衡数", "the school has fewer backbone teachers than an even share")
    if case.arc_down[arc]:
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
        label = allowed("subject")[move.subject] if move.subject else Text("", "")
        returns = None if move.kind == "return" else county.year + 1 + question.term
        kind = KINDS[move.kind]
        yield Step(
            title=Text(
                f"{move.teacher}（{label.zh}）：{names[today]}→{names[move.unit]}（{kind.zh}）",
                f"{move.teacher} ({label.en}): {names[today]} to {names[move.unit]} ({kind.en})",
            ),
            reason=move.reason,
            changes=tuple(books.moved(person, question.places.units[move.unit][0], returns=returns, teaches=move.subject)),
            teachers=1,
            year=county.year + 1,
            kind=kind,
        )


def headline(question: Question, chosen: Chosen) -> Text:
    """Return how many are eligible, how many of them go, and how many of those are backbone teachers, settled exchanges included."""
    case = question.case
    going = case.settled + len(chosen.arcs)
    backbone = case.settled_backbone + int(case.is_backbone[case.arc_teacher[chosen.arcs]].sum())
    share = going / case.eligible if case.eligible else 0.0
    return Text(
        f"应交流教师{case.eligible}人，交流{going}人（{share:.1%}），其中骨干{backbone}人",
        f"{case.eligible} teachers are eligible, {going} go ({share:.1%}), {backbone} of them backbone teachers",
    )
