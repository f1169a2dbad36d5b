"""The program over some of the arcs: a flow of teachers between groups, with the shares that must go."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.teacher_rotation.case import Case, Ints, Mask
from junheng.planning.solve import Program, Terms, Variables

UNIT = "km"


class Model(NamedTuple):
    """A program, the arcs it holds, and where the rows of each family begin."""

    program: Program
    arcs: Ints
    goes: Variables
    rows: dict[str, tuple[int, Ints]]  # family -> first row, and the number (of teacher, group, unit) of each row


def model(case: Case, arcs: Ints, *, whole: bool) -> Model:
    """Return the program over the arcs given."""
    program = Program(unit=UNIT)
    teacher, into = case.arc_teacher[arcs], case.arc_unit[arcs]
    is_pinned = np.isin(arcs, case.must)
    alone = is_pinned & (np.bincount(teacher[is_pinned], minlength=len(case.names))[teacher] == 1)
    stays = case.stays[teacher] & ~is_pinned
    goes = program.variables(
        Text("{teacher}去{unit}", "{teacher} goes to {unit}"),
        len(arcs),
        lower=alone.astype(np.float64),
        upper=np.where(stays, 0.0, np.inf),
        whole=whole,
        teacher=np.array(case.names, dtype=object)[teacher] if len(case.names) else np.zeros(0, dtype=object),
        unit=np.array(case.units, dtype=object)[into] if len(case.units) else np.zeros(0, dtype=object),
    )
    rows: dict[str, tuple[int, Ints]] = {}
    _one_place(program, case, goes, teacher, rows)
    _pinned(program, case, goes, teacher, is_pinned & ~alone)
    _need(program, case, goes, arcs, rows)
    _groups_keep_enough(program, case, goes, arcs, rows)
    _schools_keep_their_size(program, case, goes, arcs, rows)
    _backbone(program, case, goes, arcs, rows)
    _couples(program, case, goes, teacher, rows)
    _shares(program, case, goes, teacher, rows)
    _owed(program, case, goes, arcs)
    program.cost(Text("增加的路程", "way added"), goes * case.arc_km[arcs], unit="km")
    program.cost(Text("调动人数", "teachers who go"), goes, unit="teachers", weight=case.weights.move)
    down = goes * case.arc_down[arcs].astype(np.float64)
    program.cost(Text("由城到乡、由强到弱", "town to country, strong to weak"), down, unit="teachers", weight=-case.weights.direction)
    if case.arc_second.any():
        title = Text("以第二学科任教", "who teach their second subject")
        program.cost(title, goes * case.arc_second[arcs].astype(np.float64), unit="teachers", weight=case.weights.second)
    return Model(program, arcs, goes, rows)


def _one_place(program: Program, case: Case, goes: Variables, teacher: Ints, rows: dict[str, tuple[int, Ints]]) -> None:
    who, row = np.unique(teacher, return_inverse=True)
    rows["teacher"] = (program.rows, who)
    names = np.array(case.names, dtype=object)[who] if len(who) else np.zeros(0, dtype=object)
    program.rule(Text("{teacher}至多去一所学校", "{teacher} goes to one school at most"), goes.sum_by(row, len(who)) <= 1.0, teacher=names)


def _pinned(program: Program, case: Case, goes: Variables, teacher: Ints, either: Mask) -> None:
    """Let each teacher who is pinned to a school go there, with the first subject or the second."""
    if not either.any():
        return
    who, row = np.unique(teacher[either], return_inverse=True)
    sentence = Text("{teacher}按指定调动", "{teacher} goes as pinned")
    program.rule(sentence, goes[either].sum_by(row, len(who)) >= 1.0, option="--pin", teacher=np.array(case.names, dtype=object)[who])


def _net(goes: Variables, row_in: Ints, row_out: Ints, count: int) -> Terms:
    """Return arrivals less departures of each row; -1: none."""
    inside, outside = row_in >= 0, row_out >= 0
    return goes[inside].sum_by(row_in[inside], count) - goes[outside].sum_by(row_out[outside], count)


def _places(known: Ints, of: Ints, size: int) -> Ints:
    """Return the row of each of `of` among `known`, -1 where it has none."""
    place = np.full(size, -1)
    place[known] = np.arange(len(known))
    return place[of]


def _need(program: Program, case: Case, goes: Variables, arcs: Ints, rows: dict[str, tuple[int, Ints]]) -> None:
    """Count the teachers lacking in each group after the moves: whole ones, and the part of one that the last would fill."""
    source, target = case.arc_from[arcs], case.arc_into[arcs]
    groups = np.unique(np.concatenate((source, target)))
    need, held = case.need[groups], case.held[groups]
    part_of = need - np.floor(need)
    unit, subject = np.divmod(groups, case.subjects)
    names: dict[str, Any] = {"unit": _names(case.units, unit), "subject": _names([zh for zh, _ in case.subject_names], subject)}
    full = program.variables(Text("{unit}{subject}缺的整人数", "whole teachers of {subject} lacking at {unit}"), len(groups), **names)
    part = program.variables(
        Text("{unit}{subject}缺的零头", "the part of one lacking at {unit}"), len(groups), upper=(part_of > 0) * 1.0, **names
    )
    rows["need"] = (program.rows, groups)
    size = len(case.need)
    net = _net(goes, _places(groups, target, size), _places(groups, source, size), len(groups))
    program.definition(Text("{unit}{subject}的缺额", "what {unit} lacks"), net + full + part >= np.ceil(need) - held, **names)
    rest = np.setdiff1d(np.arange(size), groups)
    apart = float(np.maximum(0.0, case.need[rest] - case.held[rest]).sum())
    lacking = full.sum() + (part * part_of).sum() + apart
    program.cost(Text("学科缺人", "teachers lacking by subject"), lacking, unit="teachers", weight=case.weights.shortage)


def _groups_keep_enough(program: Program, case: Case, goes: Variables, arcs: Ints, rows: dict[str, tuple[int, Ints]]) -> None:
    source = case.arc_from[arcs]
    groups = np.unique(source)
    row = _places(groups, source, len(case.need))
    unit, subject = np.divmod(groups, case.subjects)
    rows["leave"] = (program.rows, groups)
    program.rule(
        Text("{unit}的{subject}组调出不超过规定比例", "{unit} loses no more than its share of {subject}"),
        goes.sum_by(row, len(groups)) <= case.may_leave[groups].astype(np.float64),
        measured="teachers",
        option="group_loss",
        unit=_names(case.units, unit),
        subject=_names([zh for zh, _ in case.subject_names], subject),
    )


def _schools_keep_their_size(program: Program, case: Case, goes: Variables, arcs: Ints, rows: dict[str, tuple[int, Ints]]) -> None:
    count = len(case.units)
    net = _net(goes, case.arc_unit[arcs], case.unit[case.arc_teacher[arcs]], count)
    rows["least"] = (program.rows, np.arange(count))
    names = np.array(case.units, dtype=object)
    program.rule(
        Text("{unit}净减人数有限", "{unit} does not lose too many on balance"),
        net >= case.net_least.astype(np.float64),
        measured="teachers",
        option="net",
        unit=names,
    )
    rows["most"] = (program.rows, np.arange(count))
    program.rule(
        Text("{unit}净增人数有限", "{unit} does not gain too many on balance"),
        net <= case.net_most.astype(np.float64),
        measured="teachers",
        option="net",
        unit=names,
    )


def _backbone(program: Program, case: Case, goes: Variables, arcs: Ints, rows: dict[str, tuple[int, Ints]]) -> None:
    count = len(case.units)
    mine = np.flatnonzero(case.is_backbone[case.arc_teacher[arcs]])
    lacking = program.variables(Text("{unit}缺的骨干", "backbone teachers {unit} lacks"), count, unit=np.array(case.units, dtype=object))
    net = _net(goes[mine], case.arc_unit[arcs[mine]], case.unit[case.arc_teacher[arcs[mine]]], count)
    rows["backbone"] = (program.rows, np.arange(count))
    short = (case.even - case.backbone).astype(np.float64)
    program.definition(
        Text("{unit}骨干低于均衡数", "what {unit} has below an even share"), net + lacking >= short, unit=np.array(case.units, dtype=object)
    )
    title = Text("骨干低于均衡数", "backbone teachers below an even share")
    program.cost(title, lacking, unit="teachers", weight=case.weights.backbone)


def _couples(program: Program, case: Case, goes: Variables, teacher: Ints, rows: dict[str, tuple[int, Ints]]) -> None:
    mine = np.flatnonzero(case.couple[teacher] >= 0)
    pairs, row = np.unique(case.couple[teacher[mine]], return_inverse=True)
    rows["couple"] = (program.rows, pairs)
    if not len(pairs):
        return
    one = [case.names[int(np.flatnonzero(case.couple == pair)[0])] for pair in pairs]
    sentence = Text("{teacher}夫妻不同时调离", "{teacher} and partner do not both go")
    program.rule(sentence, goes[mine].sum_by(row, len(pairs)) <= 1.0, teacher=np.array(one, dtype=object))


def _shares(program: Program, case: Case, goes: Variables, teacher: Ints, rows: dict[str, tuple[int, Ints]]) -> None:
    rows["share"] = (program.rows, np.zeros(1, dtype=np.int64))
    at_least = Text(
        f"交流人数不少于应交流教师的{case.least_share:.0%}（{case.least}人）",
        f"at least {case.least_share:.0%} of the eligible go ({case.least})",
    )
    program.rule(at_least, goes.sum() >= float(case.least - case.settled), measured="teachers", option="share")
    rows["cap"] = (program.rows, np.zeros(1, dtype=np.int64))
    at_most = Text(
        f"交流人数不超过应交流教师的{case.most_share:.0%}（{case.most}人）",
        f"at most {case.most_share:.0%} of the eligible go ({case.most})",
    )
    program.rule(at_most, goes.sum() <= float(case.most - case.settled), measured="teachers", option="most")
    rows["backbone_share"] = (program.rows, np.zeros(1, dtype=np.int64))
    share, is_backbone = case.backbone_share, case.is_backbone[teacher].astype(np.float64)
    said = Text(f"骨干不少于交流教师的{share:.0%}", f"at least {share:.0%} of those who go are backbone teachers")
    program.rule(
        said,
        (goes * (is_backbone - share)).sum() >= share * case.settled - case.settled_backbone,
        option="backbone_share",
        measured="teachers",
    )


def _owed(program: Program, case: Case, goes: Variables, arcs: Ints) -> None:
    """Send somebody where those who went home leave a school below a standard."""
    if not len(case.owed):
        return
    row, mine = np.nonzero(case.arc_owed[:, arcs])
    sentence = Text("{place}因期满返回低于标准的要补足", "{place}: what those who went home leave short is made up for")
    come = goes[mine].sum_by(row, len(case.owed))
    program.rule(sentence, come >= case.owed.astype(np.float64), option="keep", place=np.array(case.owed_names, dtype=object))


def _names(names: list[str] | tuple[str, ...], which: Ints) -> Any:
    return np.array(names, dtype=object)[which] if len(which) else np.zeros(0, dtype=object)
