"""The program: posts flow from the total to schools and on to their subjects; between schools a move weighs most."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model import allowed
from junheng.planning.planners.teacher_posts.pins import Fixed
from junheng.planning.planners.teacher_posts.question import Ints, Question
from junheng.planning.solve import Answer, Limits, Program, Terms, Variables, Watch, solve

UNIT = "posts"
_BETWEEN, _INSIDE = 0.5, 0.005  # a post that comes, or goes, so that one moved counts 1; one moved inside a school: the others come first


def solved(question: Question, limits: Limits, seed: int, watch: Watch) -> Answer:
    """Return the posts of every item; the first variables of the program are the items'."""
    return solve(program_of(question), limits, seed=seed, watch=watch)


def program_of(question: Question) -> Program:
    """Return the program."""
    program = Program(unit=UNIT)
    items, schools = len(question.school_of), len(question.codes)
    names = np.array(question.names, dtype=object)
    goal = np.floor(question.even[question.school_of] * question.item_due + 1e-9)
    gets = program.variables(Text("{school}一个学科的岗位", "posts of a subject at {school}"), items, school=names[question.school_of])
    more, fewer = (
        program.variables(Text(zh, en), items) for zh, en in (("学科增加", "more of a subject"), ("学科减少", "fewer of a subject"))
    )
    short = program.variables(Text("学科缺口", "posts that a subject lacks"), items, upper=goal)
    comes, goes = (program.variables(Text(zh, en), schools) for zh, en in (("调入", "posts that come"), ("调出", "posts that go")))
    total = gets.sum_by(question.school_of, schools)
    program.definition(Text("学科变动", "change of a subject"), gets - more + fewer == question.item_today.astype(np.float64))
    program.definition(Text("学校变动", "change of a school"), total - comes + goes == question.today.astype(np.float64))
    program.definition(Text("学科缺口", "what a subject lacks"), gets + short >= goal)
    parts = question.parts
    program.rule(
        Text("{part}编制总数为{posts}名", "{part}: there are {posts} posts in all"),
        gets.sum_by(parts.of[question.school_of], len(parts.totals)) == parts.totals.astype(np.float64),
        measured="teachers",
        option="total",
        part=np.array([name.zh for name in parts.names], dtype=object),
        posts=np.array([str(posts) for posts in parts.totals.tolist()], dtype=object),
    )
    program.rule(
        Text("{school}不低于下限", "{school} has its floor"),
        total >= question.least().astype(np.float64),
        measured="teachers",
        option="least",
        school=names,
    )
    program.rule(
        Text("{school}不超过均衡上限，也不超过应配数（今已超过的不再增）", "{school} has no more than an even share and than is due"),
        total <= question.most().astype(np.float64),
        measured="teachers",
        option="band",
        school=names,
    )
    _pins(program, question.pins.schools, lambda of: _of_schools(question, gets, of), (names, np.full(schools, "", dtype=object)))
    _pins(program, question.pins.items, lambda of: gets[of] * 1.0, (names[question.school_of], _labels(question.subject)))
    program.cost(Text("学校间调剂", "posts moved between schools"), comes, unit="posts", weight=_BETWEEN)
    program.cost(Text("学校调出", "posts given"), goes, unit="posts", weight=_BETWEEN)
    program.cost(Text("学科间调整", "posts of subjects changed"), more, unit="posts", weight=_INSIDE)
    program.cost(Text("学科缺口", "posts that subjects lack"), short, unit="posts", weight=_INSIDE * question.lacking)
    return program


def _of_schools(question: Question, gets: Variables, schools: Ints) -> Terms:
    """Return the posts of some schools, in their order."""
    place = np.full(len(question.codes), -1)
    place[schools] = np.arange(len(schools))
    row = place[question.school_of]
    return gets[row >= 0].sum_by(row[row >= 0], len(schools))


def _labels(subjects: tuple[str, ...]) -> NDArray[np.object_]:
    known = allowed("subject")
    return np.array([known[name].zh if name in known else "" for name in subjects], dtype=object)


def _pins(program: Program, fixed: Fixed, posts: Callable[[Ints], Terms], named: tuple[NDArray[np.object_], NDArray[np.object_]]) -> None:
    """Add what the brief decides of schools or of items as rules that can be named."""
    sentences = (
        (fixed.exact, Text("{school}{subject}按指定为{posts}名", "{school} {subject} has {posts} as pinned")),
        (fixed.no_fewer, Text("{school}{subject}不少于现有{posts}名", "{school} {subject} has no fewer than today, {posts}")),
        (fixed.no_more, Text("{school}{subject}不多于现有{posts}名", "{school} {subject} has no more than today, {posts}")),
    )
    for numbers, sentence in sentences:
        if not numbers:
            continue
        which, amount = np.array(list(numbers)), np.array(list(numbers.values()), dtype=np.float64)
        mine = posts(which)
        relation = mine == amount if numbers is fixed.exact else mine >= amount if numbers is fixed.no_fewer else mine <= amount
        school, subject = (each[which] for each in named)
        many = np.array([f"{value:.0f}" for value in amount], dtype=object)
        program.rule(sentence, relation, option="--pin", posts=many, school=school, subject=subject)
