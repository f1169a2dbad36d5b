"""The program: every school has one that helps it, nobody helps too many, help goes by subject, loads are even."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.pairing.groups import exchanged, fits, grouped
from junheng.planning.planners.pairing.question import Floats, Ints, Question
from junheng.planning.solve import Amount, Answer, Impossible, Limits, Program, Solved, Unproven, Variables, Watch, solve
from junheng.planning.solve.engine import gap

UNIT = "km"
_MANY, _ROUGH = 600, 0.01  # pairs up to which the engine proves the whole at once; gap of the groups to begin with


def solved(question: Question, limits: Limits, seed: int, watch: Watch, start: Floats | None = None) -> tuple[Answer, Floats]:
    """Return the answer and the pairs (w, l) in it, 0 or 1 where there is a plan."""
    if int(question.can.sum()) > _MANY and fits(question):
        return _by_exchange(question, limits, seed, watch)
    program, joins, pairs = program_of(question)
    answer = solve(program, limits, seed=seed, watch=watch, start=start)
    return answer, _chosen(question, answer, joins, pairs)


def _chosen(question: Question, answer: Answer, joins: Variables, pairs: tuple[Ints, Ints]) -> Floats:
    chosen = np.zeros(question.km.shape)
    if getattr(answer, "values", None) is not None:
        chosen[pairs[0], pairs[1]] = np.rint(answer.of(joins))  # type: ignore[union-attr]
    return chosen


def _by_exchange(question: Question, limits: Limits, seed: int, watch: Watch) -> tuple[Answer, Floats]:
    """Return a grouping by exchange with its bound; it begins with the groups that are best but for the differences between them."""
    begun, lead = _begun(question, limits, seed, watch)
    if lead is None:
        return begun, np.zeros(question.km.shape)
    found = grouped(question, lead, begun.bound if not isinstance(begun, Impossible) else 0.0, limits, seed, watch)
    chosen = np.zeros(question.km.shape)
    chosen[np.arange(len(found.lead)), found.lead] = 1.0
    values, amounts = counted(question, found.lead)
    objective = float(sum(part.amount * part.weight for part in amounts))
    bound = min(objective, found.bound)
    if gap(objective, bound) <= limits.gap:
        return Solved(objective=objective, bound=bound, values=values, amounts=amounts), chosen
    return Unproven(objective=objective, bound=bound, values=values, amounts=amounts), chosen


def _begun(question: Question, limits: Limits, seed: int, watch: Watch) -> tuple[Answer, Ints | None]:
    """Return groups that are good but for the differences between them, and the bound of that question; None where there are none."""
    program, joins, pairs = program_of(replace(question, balance=0.0))
    begun = solve(program, replace(limits, gap=_ROUGH), seed=seed, watch=watch)
    if isinstance(begun, Impossible) or begun.values is None:
        return begun, None
    return begun, np.asarray(_chosen(question, begun, joins, pairs).argmax(axis=1), dtype=np.int64)


def good(question: Question, limits: Limits, seed: int, watch: Watch) -> Ints | None:
    """Return good groups of a question, (w,) leads, without a proof where they are many; None where none were found."""
    if int(question.can.sum()) > _MANY and fits(question):
        lead = _begun(question, limits, seed, watch)[1]
        return None if lead is None else exchanged(question, lead, seed)
    answer, chosen = solved(question, limits, seed, watch)
    return None if getattr(answer, "values", None) is None else np.asarray(chosen.argmax(axis=1), dtype=np.int64)


def counted(question: Question, lead: Ints) -> tuple[Floats, tuple[Amount, ...]]:
    """Return the values of a grouping in the program of a question, and the parts of its objective. lead: (w,)."""
    program, _, pairs = program_of(question)
    chosen = np.zeros(question.km.shape)
    chosen[np.arange(len(lead)), lead] = 1.0
    loads, lacking = chosen.T @ question.need, chosen.T @ question.lacking
    unmet = np.maximum(0.0, lacking - question.spare).reshape(-1)
    values = np.concatenate((chosen[pairs], [loads.max(), loads.min()], unmet))
    return values, tuple(Amount(term.title, term.amount(values), term.unit, term.weight) for term in program.costs)


def program_of(question: Question) -> tuple[Program, Variables, tuple[Ints, Ints]]:
    """Return the program, its pairs as variables, and the school and lead of each pair."""
    program = Program(unit=UNIT)
    school, lead = (np.asarray(each, dtype=np.int64) for each in np.nonzero(question.can))
    weak = np.array([question.names[code] for code in question.weak], dtype=object)
    leads = np.array([question.names[code] for code in question.leads], dtype=object)
    lower = question.must[school, lead].astype(np.float64)
    sentence = Text("{lead}带{school}", "{lead} helps {school}")
    joins = program.variables(sentence, len(school), lower=lower, upper=1.0, whole=True, school=weak[school], lead=leads[lead])
    one = joins.sum_by(school, len(weak))
    program.rule(Text("{school}有一所学校帮扶", "{school} is helped by one school"), one == 1.0, school=weak)
    beyond = np.flatnonzero(question.far[school, lead])
    if len(beyond):
        away, row = np.unique(school[beyond], return_inverse=True)
        near = Text("{school}的牵头学校不超过路程上限", "the school that helps {school} is not too far")
        program.rule(near, joins[beyond].sum_by(row, len(away)) <= 0.0, option="travel", school=weak[away])
    many = joins.sum_by(lead, len(leads))
    title = Text(f"{{lead}}最多带{question.partners}所", f"{{lead}} helps {question.partners} at most")
    program.rule(title, many <= float(question.partners), measured="schools", option="partners", lead=leads)
    program.rule(Text("{lead}至少带一所", "{lead} helps one at least"), many >= 1.0, lead=leads)
    largest, smallest = (
        program.variables(Text(zh, en), 1) for zh, en in (("最大一组缺额", "largest need"), ("最小一组缺额", "smallest need"))
    )
    load = (joins * question.need[school]).sum_by(lead, len(leads))
    every = np.zeros(len(leads), dtype=np.int64)
    program.definition(Text("最大", "largest"), load - largest[every] <= 0.0)
    program.definition(Text("最小", "smallest"), load - smallest[every] >= 0.0)
    _help(program, question, joins, school, lead)
    program.cost(Text("路程与变动", "way and change"), joins * question.cost[school, lead], unit="km")
    program.cost(Text("各组缺额差", "difference between groups"), largest - smallest, unit="teachers", weight=question.balance)
    return program, joins, (school, lead)


def _help(program: Program, question: Question, joins: Variables, school: Ints, lead: Ints) -> None:
    """Count what a lead cannot help in the subjects that its group lacks: lacking less spare, by lead and subject, no less than 0."""
    leads, subjects = question.spare.shape
    if not subjects:
        return
    unmet = program.variables(Text("帮不上的学科人数", "teachers who cannot be helped"), leads * subjects)
    pair, subject = np.nonzero(question.lacking[school] > 0)
    amount = joins[pair] * question.lacking[school[pair], subject]
    group = lead[pair] * subjects + subject
    program.definition(Text("帮不上", "not helped"), amount.sum_by(group, leads * subjects) - unmet <= question.spare.reshape(-1))
    program.cost(Text("对口帮不上的人数", "teachers lacking without help"), unmet, unit="teachers", weight=question.help)
