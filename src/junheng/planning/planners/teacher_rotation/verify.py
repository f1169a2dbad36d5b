"""What is wrong with a proposal of exchanges, looked up in the County that it makes: nothing of the program or of the search is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.teacher_rotation.keeping import KINDS, counted
from junheng.planning.planners.teacher_rotation.question import Question, ask
from junheng.planning.proposal import Proposal
from junheng.standards.rulebook import Rulebook

_STAFF = ("staff", "staff_subjects", "staff_ages", "staff_titles")
_ROUNDING = 1e-3  # km of the sum


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    question = ask(county, rules, proposal.brief, declaration) if county.tables["schools"].height else None
    if question is None:
        return () if not proposal.steps else (Text("没有可交流的学校", "there are no schools to exchange between"),)
    after = apply(county, proposal.changes)
    now = dict(after.tables["teachers"].select("teacher", "school").iter_rows())
    before = dict(county.tables["teachers"].select("teacher", "school").iter_rows())
    moved = {teacher: school for teacher, school in now.items() if school != before[teacher]}
    found = [*_sums(county, after), *_settled(question, moved), *_taught(question, county, after, moved)]
    if declaration.value(proposal.brief, "keep"):
        found += _standards_kept(county, after, rules, proposal)
    planned = {teacher: school for teacher, school in moved.items() if teacher in set(question.case.names)}
    found += [*_allowed(question, planned), *_shares(question, planned), *_limits(question, planned)]
    if not found:
        total = _objective(question, planned, after)
        if abs(total - proposal.objective) > _ROUNDING * max(1.0, abs(total)) ** 0.5:
            found.append(Text(f"目标值应为{total:.2f}", f"the objective is {total:.2f}"))
    if proposal.bound > proposal.objective + 1e-6:
        found.append(Text("下界高于目标值", "the bound lies above the objective"))
    return tuple(found)


def _sums(county: County, after: County) -> Iterator[Text]:
    """Transfers add up to zero, kind by kind; a subject changes by no more than those who teach another there, all subjects by nothing."""
    both = county.tables["teachers"].join(after.tables["teachers"].select("teacher", pl.col("subject").alias("then")), on="teacher")
    switched: Counter[str] = Counter()
    for first, then in both.filter(pl.col("subject") != pl.col("then")).select("subject", "then").iter_rows():
        switched[first] -= 1
        switched[then] += 1
    left = 0
    for name in _STAFF:
        for column, kind in county.tables[name].schema.items():
            if not kind.is_numeric():
                continue
            change = int(after.tables[name][column].sum()) - int(county.tables[name][column].sum())
            may = switched[column] if name == "staff_subjects" else 0
            if min(may, 0) <= change <= max(may, 0):
                left += change
            else:
                yield Text(f"{name}.{column}合计变了", f"the sum of {name}.{column} changed")
    if left:
        yield Text("各学科教师合计变了", "the sum of teachers over subjects changed")
    low = after.tables["staff"].filter(pl.any_horizontal(pl.col(pl.Int64) < 0))
    if low.height:
        yield Text("有负的人数", "a number below 0")


def _standards_kept(county: County, after: County, rules: Rulebook, proposal: Proposal) -> Iterator[Text]:
    """Look whether schools keep the standards that they keep today; where rights to return or pins of the brief forbid it, it is told."""
    then, table = counted(after, rules), proposal.tables.get("below")
    told = set() if table is None else set(table.filter(pl.col("outcome") == "未达标").select("school", "item").iter_rows())
    for key, held in counted(county, rules).items():
        falls = held.has >= held.least and then[key].has < then[key].least
        if falls and (key[0], f"每百名学生{KINDS[key[2]].zh}") not in told:
            yield Text(f"{key[0]}因调出不再达标（{key[2]}）", f"{key[0]} falls below the standard ({key[2]})")


def _settled(question: Question, moved: Mapping[str, str]) -> Iterator[Text]:
    known, codes, expected = question.places, question.register["teacher"], set(question.case.names)
    for one in question.settled:
        for row, unit in zip(one.row.tolist(), one.unit.tolist(), strict=True):
            expected.add(codes[row])
            if one.kind != "before" and moved.get(codes[row]) != known.units[unit][0]:
                yield Text(f"{codes[row]}应到{known.names[unit]}", f"{codes[row]} should go to {known.names[unit]}")
    for teacher in sorted(set(moved) - expected):
        yield Text(f"{teacher}不在可调动之列", f"{teacher} may not be moved")


def _taught(question: Question, county: County, after: County, moved: Mapping[str, str]) -> Iterator[Text]:
    """Look whether everybody teaches the subject of today, or the second one at a school that lacks it."""
    case, known = question.case, question.places
    now = {row["teacher"]: row for row in after.tables["teachers"].iter_rows(named=True)}
    for row in county.tables["teachers"].iter_rows(named=True):
        then = now[row["teacher"]]
        if then["subject"] == row["subject"]:
            continue
        unit = known.unit_of.get((moved.get(row["teacher"], ""), row["stage"]))
        is_second = then["subject"] == row["second_subject"] and then["second_subject"] == row["subject"]
        group = -1 if unit is None else unit * case.subjects + known.subject_of[then["subject"]]
        if not is_second or group < 0 or case.need[group] <= case.held[group]:
            yield Text(f"{row['teacher']}改教的学科不对", f"{row['teacher']} is to teach what cannot be")


def _allowed(question: Question, planned: Mapping[str, str]) -> Iterator[Text]:
    rows = {row["teacher"]: (k, row) for k, row in enumerate(question.register.iter_rows(named=True))}
    pinned = {(question.case.names[t], u) for t, u in _pairs(question, question.case.must)}
    known, codes = question.places, question.register["teacher"]
    wished = {codes[row] for one in question.settled if one.kind == "wish" for row in one.row.tolist()}
    for teacher, school in planned.items():
        k, row = rows[teacher]
        unit = known.unit_of.get((school, row["stage"]))
        if unit is None or known.main[unit] == row["main"]:
            yield Text(f"{teacher}去的学校没有其学段，或仍是本校", f"{teacher} goes nowhere else")
        elif known.km[k, unit] > question.far[k] and (teacher, unit) not in pinned:
            yield Text(f"{teacher}的路程超过上限", f"{teacher} has too far to go")
        if row["partner"] in planned or row["partner"] in wished:
            yield Text(f"{teacher}夫妻同时调离", f"{teacher} and partner both go")
    for teacher, unit in pinned:
        if planned.get(teacher) != known.units[unit][0]:
            yield Text(f"{teacher}没有按指定调动", f"a pin of {teacher} is broken")


def _pairs(question: Question, arcs: Any) -> list[tuple[int, int]]:
    case = question.case
    return [(int(case.arc_teacher[arc]), int(case.arc_unit[arc])) for arc in arcs]


def _shares(question: Question, planned: Mapping[str, str]) -> Iterator[Text]:
    case = question.case
    strong = {name for name, is_backbone in zip(case.names, case.is_backbone, strict=True) if is_backbone}
    total, backbone = case.settled + len(planned), case.settled_backbone + len(strong & set(planned))
    if not case.least <= total <= case.most:
        yield Text(f"交流{total}人，应为{case.least}至{case.most}人", f"{total} go, not {case.least} to {case.most}")
    if backbone < case.backbone_share * total - 1e-6:
        yield Text(f"骨干{backbone}人，不足{case.backbone_share:.0%}", f"{backbone} backbone teachers are too few")


def _limits(question: Question, planned: Mapping[str, str]) -> Iterator[Text]:
    case, known = question.case, question.places
    out: Counter[int] = Counter()
    net: Counter[int] = Counter()
    for n, name in enumerate(case.names):
        if name in planned:
            out[int(case.unit[n] * case.subjects + case.subject[n])] += 1
            net[int(case.unit[n])] -= 1
            net[known.unit_of[planned[name], known.units[int(case.unit[n])][1]]] += 1
    for group, many in out.items():
        if many > case.may_leave[group]:
            yield Text(f"{known.names[group // case.subjects]}一个学科组调出{many}人", f"{many} leave one group")
    for unit, change in net.items():
        if not case.net_least[unit] <= change <= case.net_most[unit]:
            yield Text(f"{known.names[unit]}净变动{change}人", f"{known.names[unit]} changes by {change}")


def _objective(question: Question, planned: Mapping[str, str], after: County) -> float:
    """Add up the objective anew, teacher by teacher and group by group."""
    case, known = question.case, question.places
    held, backbone, total = case.held.tolist(), case.backbone.tolist(), 0.0
    ways = zip(case.arc_teacher.tolist(), case.arc_unit.tolist(), case.arc_subject.tolist(), strict=True)
    cost = {way: float(value) for way, value in zip(ways, case.arc_cost, strict=True)}
    then = dict(after.tables["teachers"].select("teacher", "subject").iter_rows())
    for n, name in enumerate(case.names):
        if name not in planned:
            continue
        here, subject = int(case.unit[n]), known.subject_of[then[name]]
        there = known.unit_of[planned[name], known.units[here][1]]
        total += cost[n, there, subject]
        held[here * case.subjects + int(case.subject[n])] -= 1
        held[there * case.subjects + subject] += 1
        backbone[here] -= int(case.is_backbone[n])
        backbone[there] += int(case.is_backbone[n])
    lacking = sum(max(0.0, float(need) - has) for need, has in zip(case.need, held, strict=True))
    uneven = sum(max(0, int(even) - has) for even, has in zip(case.even, backbone, strict=True))
    return float(total + case.weights.shortage * lacking + case.weights.backbone * uneven)
