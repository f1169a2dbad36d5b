"""From a brief to posts: one program over schools and subjects, then the three rounds in which the county would carry it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model import allowed
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.teacher_posts.model import UNIT, solved
from junheng.planning.planners.teacher_posts.others import THIS, TODAY, besides, evenness, posts_of
from junheng.planning.planners.teacher_posts.parts import ALL, COMPULSORY, LEVELS
from junheng.planning.planners.teacher_posts.question import Ints, Question, ask
from junheng.planning.planners.teacher_posts.rounds import COUNTY, DISTRICT, INSIDE, inside, rounds, steps
from junheng.planning.proposal import Brief, Certificate, Inputs, Proposal
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.planning.teaching import beside
from junheng.standards.rulebook import Rulebook

_APART = {0: Text("，学段之间不调剂", "; none pass between stages")}
_AMONG = Text("，义务教育与其他学段之间不调剂", "; none leave compulsory education")
_BANDS = (0.0, 2.0, 5.0, 10.0, 20.0)  # % of the table of the price of evenness


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return posts for every school with approved ones. A county without schools gets a proposal without steps.

    Raises DataError where no approved posts are returned, Infeasible with the rules in conflict, OutOfTime.
    """
    if not county.tables["schools"].height:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    question = ask(county, rules, brief, declaration)
    answer = solved(question, brief.limits, brief.seed, watch)
    if isinstance(answer, Impossible):
        raise infeasible(answer, UNIT, declaration)
    if isinstance(answer, Unproven):
        raise out_of_time(answer, brief.limits.gap)
    items = np.rint(answer.of(question.gets(answer))).astype(np.int64)
    after = posts_of(question, answer)
    others = besides(question, after, brief, watch)
    return Proposal(
        brief=brief,
        steps=steps(question, after),
        objective=answer.objective,
        bound=answer.bound,
        unit=UNIT,
        amounts=answer.amounts,
        inputs=inputs,
        alternatives=tuple(one.alternative for one in others),
        tables={
            "stages": _stages(question, after),
            "evenness": evenness(question, after, others),
            "schools": _schools(question, after),
            "subjects": _subjects(question, items),
            "rounds": rounds(question, items, after),
            "inside": inside(question, items),
            **({"fairness": _fairness(question, brief, watch)} if brief.beside else {}),
            "need": need(county, rules),
        },
        words=_words(one.alternative.title for one in others),
        headline=_headline(question, after),
        certificate=Certificate(how=_HOW, numbers={"bound": answer.bound, "lowest_possible": 100 * question.even_least()}),
    )


def _words(titles: Iterable[Text]) -> Mapping[str, Text]:
    """Return what the rows of the tables are called in English, by their Chinese."""
    known = (*allowed("stage").values(), *allowed("subject").values(), Text("其他岗位", "other posts"), *LEVELS.values(), COMPULSORY, ALL)
    return {one.zh: one for one in (*known, INSIDE, DISTRICT, COUNTY, TODAY, THIS, *titles)}


_HOW = Text(
    "岗位从县到学区、到学校、到学科层层分解，是一张流量网络，线性规划的解就是整数解，下界即目标值。",
    "Posts flow from the county to districts, schools and subjects: a network, whose linear program has whole "
    "solutions; the bound is its value.",
)


def _headline(question: Question, after: Ints) -> Text:
    """Return how many posts pass between schools, and how many schools lie below and above what is due, before and after."""
    net = after - question.today
    below = [int((posts < question.due - 1e-9).sum()) for posts in (question.today, after)]
    apart = _APART.get(len(question.parts.totals) - len(set(question.levels)), _AMONG) if len(question.parts.totals) > 1 else Text("", "")
    gives, takes, many = int((net < 0).sum()), int((net > 0).sum()), int(np.maximum(net, 0).sum())
    return Text(
        f"{gives}所学校调出、{takes}所学校调入编制，共{many}名，不足应配的学校由{below[0]}所到{below[1]}所{apart.zh}",
        f"{gives} schools give and {takes} get posts, {many} in all; schools below what is due: {below[0]}, then {below[1]}{apart.en}",
    )


def _stages(question: Question, after: Ints) -> pl.DataFrame:
    """Return the sums by level of school: schools, posts due, before, after, those that come, and coverage."""
    rows = []
    levels = np.array(question.levels, dtype=object)
    for name, label in LEVELS.items():
        of = levels == name
        if not of.any():
            continue
        due, before, then = (float(each[of].sum()) for each in (question.due, question.today, after))
        within = question.parts.names[int(question.parts.of[of][0])]
        moved = int(np.maximum(after - question.today, 0)[of].sum())
        covered = (round(100 * before / due, 1), round(100 * then / due, 1))
        rows.append((label.zh, within.zh, int(of.sum()), round(due), int(before), int(then), moved, *covered))
    texts, wholes = dict.fromkeys(("stage", "within"), pl.String), dict.fromkeys(("schools", "due", "before", "after", "moved"), pl.Int64)
    types = texts | wholes | dict.fromkeys(("covered_before", "covered_after"), pl.Float64)
    return pl.DataFrame(rows, schema=types, orient="row")


def _schools(question: Question, after: Ints) -> pl.DataFrame:
    share = [np.round(100 * each / question.due, 1) for each in (question.today, after)]
    return pl.DataFrame(
        {
            "school": question.codes,
            "due": np.round(question.due, 0),
            "floor": question.floor,
            "before": question.today,
            "after": after,
            "covered_before": share[0],
            "covered_after": share[1],
        }
    )


def _subjects(question: Question, items: Ints) -> pl.DataFrame:
    labels = allowed("subject")
    return pl.DataFrame(
        {
            "school": [question.codes[i] for i in question.school_of],
            "subject": [labels[name].zh if name in labels else "其他岗位" for name in question.subject],
            "due": np.round(question.item_due, 1),
            "before": question.item_today,
            "after": items,
        }
    )


def _fairness(question: Question, brief: Brief, watch: Watch) -> pl.DataFrame:
    rows: list[tuple[float, int | None, float | None]] = []
    for band in sorted({*_BANDS, question.band * 100}):
        answer = solved(replace(question, band=band / 100), brief.limits, brief.seed, watch)
        if isinstance(answer, Impossible | Unproven):
            rows.append((band, None, None))
            continue
        items = np.rint(answer.of(question.gets(answer)))
        after = np.bincount(question.school_of, weights=items, minlength=len(question.codes))
        rows.append((band, int(np.maximum(after - question.today, 0).sum()), round(float((after / question.due).min() * 100), 1)))
    return pl.DataFrame(rows, schema={"band": pl.Float64, "moved": pl.Int64, "lowest": pl.Float64}, orient="row")


def need(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return need and supply by stage and subject: what schools lack and what they have to spare do not cancel out."""
    short, spare = pl.col("gap").clip(upper_bound=0).abs().sum().round(1), pl.col("gap").clip(lower_bound=0).sum().round(1)
    sums = beside(county, rules).group_by("stage", "subject").agg(
        pl.col("need").sum().round(1), pl.col("held").sum().cast(pl.Float64), short.alias("lacking"), spare.alias("spare")
    )  # fmt: skip
    words = {name: {value: text.zh for value, text in allowed(name).items()} for name in ("stage", "subject")}
    return sums.sort("stage", "subject").with_columns(pl.col(name).replace(words[name]) for name in ("stage", "subject"))
