"""What the planner says beside its steps: who goes, who stays and why, subjects, schools, shares and who carries the load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model import allowed
from junheng.planning.planners.teacher_rotation.case import Case, Floats, Ints, shortage
from junheng.planning.planners.teacher_rotation.choose import Chosen
from junheng.planning.planners.teacher_rotation.owing import Move, below, kept_for
from junheng.planning.planners.teacher_rotation.question import Question
from junheng.planning.planners.teacher_rotation.steps import KINDS
from junheng.planning.teaching_people import REASONS

_TEXT, _REAL, _WHOLE = pl.String, pl.Float64, pl.Int64
_SHORT = {"return": "期满", "wish": "志愿", "plan": "统筹"}
_AGES = ((0, 34), (35, 44), (45, 54), (55, 99))


def tables(question: Question, chosen: Chosen, going: tuple[Move, ...]) -> Mapping[str, pl.DataFrame]:
    """Return the result tables by the names of planner.yaml."""
    before, after = _held(question, ()), _held(question, going)
    return {
        "by_school": _by_school(question, going),
        "moves": _moves(question, going),
        "stays": _stays(question, chosen, going),
        "subjects": _subjects(question, before, after),
        "schools": _schools(question, before, after, going),
        "shares": _shares(question, going),
        "fairness": _fairness(question, going),
        **({"below": below(question, going).with_columns(_stage())} if question.keeping.owed else {}),
    }


def _held(question: Question, going: tuple[Move, ...]) -> Ints:
    """Return teachers by group as the register has them, or after the moves: (u × s,)."""
    known, register = question.places, question.register
    unit_of = [known.unit_of.get(pair, -1) for pair in register.select("school", "stage").iter_rows()]
    at = np.array(unit_of, dtype=np.int64)
    subject = np.array([known.subject_of.get(name or "", -1) for name in register["subject"]])
    for move in going:
        at[move.row], subject[move.row] = move.unit, known.subject_of.get(move.subject, -1)
    counts = register["full_time"].fill_null(value=True).to_numpy() & (at >= 0) & (subject >= 0)
    found: Ints = np.bincount((at * len(known.subject_of) + subject)[counts], minlength=len(known.need))
    return found


def _moves(question: Question, going: tuple[Move, ...]) -> pl.DataFrame:
    register, known = question.register, question.places
    rows = []
    for move in going:
        subject, backbone = register["subject"][move.row], register["backbone"][move.row] or "none"
        rows.append(
            (
                move.teacher,
                KINDS[move.kind].zh,
                *(allowed("subject")[name].zh if name else "" for name in (subject, move.subject)),
                allowed("backbone_level")[backbone].zh,
                register["school"][move.row],
                *known.units[move.unit],
                *(round(km, 1) if np.isfinite(km) else None for km in (move.km_before, move.km_after)),
                move.reason.zh,
            )
        )
    names = ("teacher", "kind", "subject", "teaches", "backbone", "from", "to", "stage", "way_before", "way_after", "reason")
    types = dict.fromkeys(names, _TEXT) | {"way_before": _REAL, "way_after": _REAL}
    return pl.DataFrame(rows, schema=types, orient="row").with_columns(_stage())


def _by_school(question: Question, going: tuple[Move, ...]) -> pl.DataFrame:
    """Return the moves by the school that is left: what a meeting goes through, a line a teacher."""
    known, register, rows = question.places, question.register, []
    for move in going:
        today = known.unit_of[register["school"][move.row], register["stage"][move.row]]
        first, then = (allowed("subject")[name].zh if name else "" for name in (register["subject"][move.row] or "", move.subject))
        way = round(move.km_after, 1) if np.isfinite(move.km_after) else None
        subject = first if first == then else f"{first}→{then}"
        rows.append((today, move.teacher, subject, known.names[move.unit], _SHORT[move.kind], way))
    told = [(known.names[row[0]], *row[1:]) for row in sorted(rows, key=lambda row: (row[0], list(_SHORT.values()).index(row[4]), row[1]))]
    types = dict.fromkeys(("from", "teacher", "subject", "to", "kind", "way"), _TEXT) | {"way": _REAL}
    return pl.DataFrame(told, schema=types, orient="row")


def _stage() -> pl.Expr:
    return pl.col("stage").replace({name: text.zh for name, text in allowed("stage").items()})


def _stays(question: Question, chosen: Chosen, going: tuple[Move, ...]) -> pl.DataFrame:
    gone, place = {move.row for move in going}, {int(row): n for n, row in enumerate(question.row)}
    least = np.full(len(question.case.names), np.inf)
    np.minimum.at(least, question.case.arc_teacher, chosen.reduced)
    rows = []
    for k, (teacher, school, stage, bar) in enumerate(question.register.select("teacher", "school", "stage", "bar").iter_rows()):
        if k in gone:
            continue
        why = REASONS[bar] if bar else _why(question, chosen, place[k], least, {place.get(row, -1) for row in gone})
        rows.append((teacher, school, stage, "" if bar else "是", why.zh))
    names = ("teacher", "school", "stage", "eligible", "reason")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, _TEXT), orient="row").with_columns(_stage())


def _why(question: Question, chosen: Chosen, n: int, least: Floats, gone: set[int]) -> Text:
    """Return why an eligible teacher stays, in words that can be said to him."""
    case = question.case
    if case.stays[n]:
        return Text("任务书指定留任，或配偶已安排调动", "the brief keeps this teacher, or the partner goes")
    if case.names[n] in question.keeping.stays:
        return kept_for(question, case.names[n])
    if not np.isfinite(least[n]):
        far = question.far[question.row[n]]
        return Text(f"家在{far:.0f}公里内没有可去的同学段学校", f"no other school of the stage within {far:.0f} km of home")
    partners = np.flatnonzero((case.couple == case.couple[n]) & (case.couple >= 0))
    if any(int(other) in gone for other in partners if other != n):
        return Text("配偶已安排调动，夫妻不同时调离", "the partner goes, and not both of a couple do")
    group = int(case.unit[n] * case.subjects + case.subject[n])
    if chosen.priced.leave[group] < -1e-6 or not case.may_leave[group]:
        school, subject = case.units[int(case.unit[n])], Text(*case.subject_names[int(case.subject[n])])
        return Text(f"{school}{subject.zh}组调出名额已用完", f"the {subject.en} group of {school} has lost its share already")
    return _others_first(case, chosen, n)


def _others_first(case: Case, chosen: Chosen, n: int) -> Text:
    """Return why others go instead of a teacher who could: at the best place for this one, or that no place lacks the subject."""
    own = np.flatnonzero(case.arc_teacher == n)
    best = own[np.argsort(chosen.reduced[own], kind="stable")]
    lacks = [int(arc) for arc in best if case.need[case.arc_into[arc]] > case.held[case.arc_into[arc]] + 1e-9]
    if not lacks:
        return Text(
            "可去的学校本学科都不缺人，其他调动名额已给更合适的教师", "no school within reach lacks the subject, and others suit better"
        )
    arc = lacks[0]
    school, subject = case.units[int(case.arc_unit[arc])], Text(*case.subject_names[int(case.arc_subject[arc])])
    many = int((case.arc_into[chosen.arcs] == case.arc_into[arc]).sum())
    if many:
        return Text(
            f"最合适的去向是{school}，该校{subject.zh}名额已满：已有更合适的教师{many}人去（路程、本校余缺比较）",
            f"the best place is {school}; its places for {subject.en} went to {many} who suit better, by way and what is to spare",
        )
    lacking = float(case.need[case.arc_into[arc]] - case.held[case.arc_into[arc]])
    if case.need[case.arc_from[arc]] > case.held[case.arc_from[arc]] - 1 + 1e-9:
        mine = case.units[int(case.unit[n])]
        return Text(
            f"最合适的去向是{school}（{subject.zh}缺{lacking:.1f}人），但调出后{mine}同样缺人",
            f"the best place is {school} ({subject.en}: {lacking:.1f} lacking), but then {mine} would lack a teacher",
        )
    return Text(
        f"最合适的去向是{school}（{subject.zh}只缺{lacking:.1f}人），所补的抵不过路程和调动，名额给了更合适的教师",
        f"the best place is {school}, which lacks {lacking:.1f} in {subject.en}: less than way and change weigh; others suit better",
    )


def _subjects(question: Question, before: Ints, after: Ints) -> pl.DataFrame:
    known, rows = question.places, []
    size = len(known.subject_of)
    need, held = known.need.reshape(-1, size), before.reshape(-1, size)
    lacking = [shortage(known.need, each).reshape(-1, size) for each in (before, after)]
    for stage in sorted(set(known.stage)):
        of = known.stage == stage
        for subject, s in known.subject_of.items():
            if need[of, s].sum() or held[of, s].sum():
                numbers = (need[of, s].sum(), float(held[of, s].sum()), *(each[of, s].sum() for each in lacking))
                rows.append((stage, allowed("subject")[subject].zh, *(round(float(number), 1) for number in numbers)))
    types = {"stage": _TEXT, "subject": _TEXT, "need": _REAL, "held": _REAL, "lacking_before": _REAL, "lacking_after": _REAL}
    return pl.DataFrame(rows, schema=types, orient="row").with_columns(_stage())


def _schools(question: Question, before: Ints, after: Ints, going: tuple[Move, ...]) -> pl.DataFrame:
    known, register = question.places, question.register
    size, units = len(known.subject_of), len(known.units)
    today = np.array([known.unit_of.get(pair, -1) for pair in register.select("school", "stage").iter_rows()])
    source, target = np.array([today[move.row] for move in going], int), np.array([move.unit for move in going], int)
    strong = register["is_backbone"].to_numpy() & (today >= 0)
    backbone = np.bincount(today[strong], minlength=units)
    of = np.array([register["is_backbone"][move.row] for move in going], dtype=bool)
    then = backbone + np.bincount(target[of], minlength=units) - np.bincount(source[of], minlength=units)
    lacking = [np.round(shortage(known.need, each).reshape(-1, size).sum(axis=1), 1) for each in (before, after)]
    return pl.DataFrame(
        {
            "school": [school for school, _ in known.units],
            "stage": [stage for _, stage in known.units],
            "lacking_before": lacking[0],
            "lacking_after": lacking[1],
            "coming": np.bincount(target, minlength=units),
            "going": np.bincount(source, minlength=units),
            "backbone_before": backbone,
            "backbone_after": then,
        }
    ).with_columns(_stage())


def spread(total: Ints, backbone: Ints) -> float:
    """Return the coefficient of variation of backbone per teacher between units, weighed by teachers; 0 where there are none."""
    known = total > 0
    share, weight = backbone[known] / total[known], total[known]
    mean = float((share * weight).sum() / max(1, weight.sum()))
    return float(np.sqrt((weight * (share - mean) ** 2).sum() / weight.sum()) / mean) if mean else 0.0


def counts(question: Question, going: tuple[Move, ...]) -> tuple[Ints, Ints]:
    """Return full-time teachers and backbone teachers by unit after the moves: (u,) each."""
    known, register = question.places, question.register
    at = np.array([known.unit_of.get(pair, -1) for pair in register.select("school", "stage").iter_rows()])
    for move in going:
        at[move.row] = move.unit
    inside = register["full_time"].fill_null(value=True).to_numpy() & (at >= 0)
    backbone = inside & register["is_backbone"].to_numpy()
    return np.bincount(at[inside], minlength=len(known.units)), np.bincount(at[backbone], minlength=len(known.units))


def _shares(question: Question, going: tuple[Move, ...]) -> pl.DataFrame:
    case, known = question.case, question.places
    count = [move for move in going if move.kind != "return"]
    done = sum(len(one.row) for one in question.settled if one.kind == "before")
    backbone = sum(bool(question.register["is_backbone"][move.row]) for move in count)
    rows: list[tuple[str, str, str, str]] = [
        ("应交流教师", "", str(case.eligible), ""),
        ("交流人数", str(done), str(done + len(count)), f"{case.least}–{case.most}"),
        ("其中骨干", "", str(backbone), f"≥{case.backbone_share:.0%}"),
    ]
    for stage in sorted(set(known.stage)):
        of = known.stage == stage
        values = [f"{spread(total[of], strong[of]):.3f}" for total, strong in (counts(question, ()), counts(question, going))]
        rows.append((f"{allowed('stage')[stage].zh}骨干占比差异系数", values[0], values[1], ""))
    return pl.DataFrame(rows, schema=dict.fromkeys(("item", "before", "after", "limit"), _TEXT), orient="row")


def _fairness(question: Question, going: tuple[Move, ...]) -> pl.DataFrame:
    """Return how many of each group are eligible, go, and what way is added: by sex, age, home and family."""
    register = question.register
    added = {move.row: move.km_after - move.km_before for move in going if move.kind != "return"}
    settled = [one for one in question.settled if one.kind != "return"]
    done = {int(row) for one in settled for row in one.row} | set(added)  # wishes and what was decided before count, as in the shares
    frame = register.with_row_index("k").filter(pl.col("k").is_in(list({*question.row.tolist(), *done})))
    urban = {unit[0] for unit, inside in zip(question.places.units, question.places.is_urban, strict=True) if inside}
    rows = []
    for name, of in _groups(urban):
        ks = frame.filter(of.fill_null(value=False))["k"].to_list()
        go, ways = sum(k in done for k in ks), [added[k] for k in ks if k in added and np.isfinite(added[k])]
        share = round(100 * go / len(ks), 1) if ks else None
        rows.append((name, len(ks), go, share, round(float(np.mean(ways)), 1) if ways else None))
    types = {"group": _TEXT, "eligible": _WHOLE, "going": _WHOLE, "share": _REAL, "way_added": _REAL}
    return pl.DataFrame(rows, schema=types, orient="row")


def _groups(urban: set[str]) -> Iterator[tuple[str, pl.Expr]]:
    yield "全部", pl.lit(value=True)
    yield "女", pl.col("sex") == "female"
    yield "男", pl.col("sex") == "male"
    for low, high in _AGES:
        yield (
            f"{low}–{high}岁" if low and high < _AGES[-1][1] else f"{low}岁以上" if low else f"{high}岁以下",
            pl.col("age").is_between(low, high),
        )
    yield "现在城镇学校", pl.col("school").is_in(list(urban))
    yield "现在乡村学校", ~pl.col("school").is_in(list(urban))
    yield "须照护家人", pl.col("carer").fill_null(value=False)
    yield "配偶同为本县教师", pl.col("partner").is_not_null()
    yield "骨干", pl.col("is_backbone")


def shadow_prices(question: Question, chosen: Chosen) -> pl.DataFrame:
    """Return what one more teacher would be worth, where that is anything: school, stage, subject, price."""
    case: Case = question.case
    price = chosen.priced.prices.need
    names = list(question.places.subject_of)
    rows = [
        (*question.places.units[group // case.subjects], allowed("subject")[names[group % case.subjects]].zh, round(float(value), 2))
        for group, value in enumerate(price.tolist())
        if value > 1e-6
    ]
    types = {"school": _TEXT, "stage": _TEXT, "subject": _TEXT, "price": _REAL}
    return pl.DataFrame(rows, schema=types, orient="row").with_columns(_stage())
