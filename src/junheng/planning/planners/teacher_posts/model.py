"""The program: posts flow from the total to schools and on to their subjects; between schools a move weighs most."""

from __future__ import annotations

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.teacher_posts.question import Question
from junheng.planning.solve import Answer, Limits, Program, Watch, solve

UNIT = "posts"
_BETWEEN = 100.0  # what a post moved between schools weighs beside one moved inside a school: it comes first


def solved(question: Question, limits: Limits, seed: int, watch: Watch) -> Answer:
    """Return the posts of every item; the first variables of the program are the items'."""
    return solve(program_of(question), limits, seed=seed, watch=watch)


def program_of(question: Question) -> Program:
    """Return the program."""
    program = Program(unit=UNIT)
    items, schools = len(question.school_of), len(question.codes)
    names = np.array(question.names, dtype=object)
    goal = np.floor(question.even * question.item_due + 1e-9)
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
    all_posts = Text(f"编制总数为{question.total}名", f"there are {question.total} posts in all")
    program.rule(all_posts, gets.sum() == float(question.total))
    program.rule(Text("{school}不低于下限", "{school} has its floor"), total >= question.least().astype(np.float64), school=names)
    program.rule(
        Text("{school}不超过均衡上限", "{school} has no more than an even share"), total <= question.most().astype(np.float64), school=names
    )
    program.cost(Text("学校间调剂", "posts moved between schools"), comes, unit="posts", weight=_BETWEEN)
    program.cost(Text("学校调出", "posts given"), goes, unit="posts", weight=_BETWEEN)
    program.cost(Text("学科间调整", "posts of subjects changed"), more, unit="posts")
    program.cost(Text("学科缺口", "posts that subjects lack"), short, unit="posts", weight=question.lacking)
    return program
