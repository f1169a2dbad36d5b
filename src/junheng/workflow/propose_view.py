"""A planner's answer put into words: solved, impossible with the rules in conflict, or out of time with the best so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from junheng.errors import Infeasible, OutOfTime, Text
from junheng.model import County, digest
from junheng.planning.declaration import Declaration
from junheng.planning.proposal import Alternative, Brief, Proposal, Step
from junheng.planning.refusal import IN_CONFLICT, NOT_SMALLEST
from junheng.planning.registry import Planner
from junheng.planning.solve.engine import gap
from junheng.workflow.assess import code_digest
from junheng.workflow.office import Office
from junheng.workflow.propose_asked import asked_lines
from junheng.workflow.propose_shown import grids, maps
from junheng.workflow.propose_steps import largest, part_words, step_kinds
from junheng.workflow.propose_words import Names, Today, amount_lines, change_lines, gap_words, number, price_line, share, with_unit
from junheng.workflow.views import Digests
from junheng.workflow.views.figures import NOTHING
from junheng.workflow.views.proposals import JudgedPair, Line, OtherPlan, Outcome, Proposed, StepLine

_STANDARDS_ELSEWHERE = Text(
    "所用标准不在当地施行，前后评估只作测算示例。", "These standards are not in force there; before and after only show the arithmetic."
)


class Worked(NamedTuple):
    """A proposal with the county before and after it."""

    office: Office
    before: County
    after: County
    planner: Planner
    proposal: Proposal
    judged: tuple[JudgedPair, ...]


def proposed_view(worked: Worked, day: date, plan: str) -> Proposed:
    """Return a proposal as it is shown."""
    proposal, said = worked.proposal, worked.planner.declaration
    names, unit = Names(worked.after, proposal.words, worked.before), said.unit(proposal.unit)
    today = Today(worked.before)
    steps = tuple(
        _step(number_, step, today, names, proposal_year=worked.before.year, is_priced=any(one.yuan is not None for one in proposal.steps))
        for number_, step in enumerate(proposal.steps, start=1)
    )
    proof = proposal.certificate
    drawn = maps(said, worked.before, worked.after, proposal.tables, names)
    told = (pair for pair in worked.judged if pair.map and pair.applies and (pair.turned or pair.moved))  # else the map says nothing
    of_schools = (pair.map for pair in told if pair.map and (pair.map.changed or not drawn))
    outcome: Outcome = "solved" if proposal.proven else "best_so_far"
    headline, gap_said = _headline(worked, outcome), gap_words(proposal.gap)
    return Proposed(
        county=worked.before.code,
        county_name=worked.office.name,
        year=worked.before.year,
        day=day,
        planner=said.name,
        title=said.title,
        question=said.question,
        outcome=outcome,
        headline=headline,
        brief=tuple(_brief(worked, headline, gap_said)),
        gap=gap_said,
        objective=Line(said.objective, with_unit(proposal.objective, unit)),
        bound_shown=number(proposal.bound),
        asked=tuple(asked_lines(proposal.brief, said, names, {**{one.framework: one.title for one in worked.judged}, **proposal.words})),
        amounts=amount_lines(proposal.amounts, said),
        steps=steps,
        yuan_shown=number(proposal.yuan) if proposal.steps else "",
        prices=tuple(price_line(price, said, unit) for price in proposal.prices),
        alternatives=tuple(_other(one, proposal, said) for one in proposal.alternatives),
        tables=grids(proposal.tables, said.tables, said, names),
        maps=(*drawn, *of_schools),
        judged=worked.judged,
        certificate=tuple(_numbers(proposal, said)),
        proof=proof.how if proof else NOTHING,
        proofs=grids(proof.tables, said.proofs, said, names) if proof else (),
        findings=(),
        digests=Digests(county=proposal.inputs.county, standards=proposal.inputs.standards, code=proposal.inputs.code),
        plan=plan,
        kinds=step_kinds(proposal.steps),
        largest=tuple(steps[place] for place in largest(proposal.steps)),
        note=NOTHING if all(one.applies for one in worked.judged) else _STANDARDS_ELSEWHERE,
    )


def refused_view(
    name: Text, county: County, planner: Planner, brief: Brief, day: date, refusal: Infeasible | OutOfTime, words: Mapping[str, Text]
) -> Proposed:
    """Return the answer that there is no plan: because there is none, or because none was found in the work allowed.

    words: what frameworks that the brief may name are called.
    """
    said = planner.declaration
    impossible = isinstance(refusal, Infeasible)
    if isinstance(refusal, Infeasible):
        headline = _impossible(refusal)
    else:
        headline = Text(
            "在规定的时间或工作量内没有找到方案，也没有证明无解",
            "No plan was found in the time or work allowed, and none is proven impossible",
        )
    return Proposed(
        county=county.code,
        county_name=name,
        year=county.year,
        day=day,
        planner=said.name,
        title=said.title,
        question=said.question,
        outcome="infeasible" if impossible else "nothing",
        headline=headline,
        brief=(headline,),
        gap=NOTHING,
        objective=None,
        bound_shown="",
        asked=tuple(asked_lines(brief, said, Names(county), words)),
        amounts=(),
        steps=(),
        yuan_shown="",
        prices=(),
        alternatives=(),
        tables=(),
        maps=(),
        judged=(),
        certificate=(),
        proof=NOTHING,
        proofs=(),
        findings=refusal.findings,
        digests=Digests(county=digest(county), standards="", code=code_digest()),
    )


def _impossible(refusal: Infeasible) -> Text:
    """Return how many rules are in conflict, and how proven that is."""
    told = [one for one in refusal.findings if one.rule == IN_CONFLICT]
    kinds, rules = len(told), sum(one.count for one in told)
    of_kinds = (
        Text(f"{kinds}类、共{rules}条规则", f"{rules} rules of {kinds} kinds")
        if rules > kinds
        else Text(f"{rules}条规则", f"{rules} rules")
    )
    smallest = not any(one.rule == NOT_SMALLEST for one in refusal.findings)
    least = Text("", "") if smallest else Text("（未证明是最小的一组）", " (not proven to be a smallest set)")
    if rules == 1:
        return Text(
            f"已证明无解：下列规则在现有条件下不能成立{least.zh}", f"Proven impossible: with what is given this rule cannot hold{least.en}"
        )
    return Text(
        f"已证明无解：下列{of_kinds.zh}不能同时成立{least.zh}", f"Proven impossible: these {of_kinds.en} cannot hold together{least.en}"
    )


def _headline(worked: Worked, outcome: Outcome) -> Text:
    count, note = len(worked.proposal.steps), worked.proposal.note
    gap_said, first = gap_words(worked.proposal.gap), worked.proposal.headline
    if not count and note is None:
        return Text("现状已符合任务书的要求，不需要改动", "What stands today already meets the brief: nothing is to be changed")
    if not count:
        said = Text("没有能做的改动", "Nothing can be changed for the better")
    elif first is not None:
        begun = Text("到时为止的最好方案：", "The best plan so far: ") if outcome == "best_so_far" else Text("", "")
        said = Text(f"{begun.zh}{first.zh}；{gap_said.zh}", f"{begun.en}{first.en}; {gap_said.en}")
    elif outcome == "best_so_far":
        said = Text(f"到时为止的最好方案：{count}步；{gap_said.zh}", f"The best plan so far: {count} step(s); {gap_said.en}")
    else:
        said = Text(f"建议方案：{count}步；{gap_said.zh}", f"Proposed: {count} step(s); {gap_said.en}")
    return said if note is None else Text(f"{said.zh}；{note.zh}", f"{said.en}; {note.en}")


def _brief(worked: Worked, headline: Text, gap_said: Text) -> Iterator[Text]:
    """Yield the few sentences for a leader: what, how good, what it costs, who is affected, what the judge says."""
    proposal, said = worked.proposal, worked.planner.declaration
    yield said.question
    yield headline
    if proposal.steps:
        total = with_unit(proposal.objective, said.unit(proposal.unit))
        yield Text(f"{said.objective.zh}{total.zh}，{gap_said.zh}", f"{said.objective.en}: {total.en}; {gap_said.en}")
    told = [one for one in proposal.amounts if one.amount] or proposal.amounts  # what is none of it is in the table of amounts
    for part in amount_lines(told, said):
        yield part_words(part)
    for pair in worked.judged:
        left = next((after for verdict, _, after in pair.counts if verdict == "missed"), 0) if pair.after == "missed" else 0
        rest = Text(f"；方案之后仍有{left}条未达标，整体未达标", f"; {left} items are still missed, and so the whole") if left else NOTHING
        yield Text(f"{pair.title.zh}：{pair.sentence.zh}{rest.zh}", f"{pair.title.en}: {pair.sentence.en}{rest.en}")


def _step(place: int, step: Step, today: Today, names: Names, *, proposal_year: int, is_priced: bool) -> StepLine:
    return StepLine(
        number=place,
        title=step.title,
        reason=step.reason,
        year=step.year or proposal_year,
        yuan_shown=number(step.yuan),
        pupils_shown=number(step.pupils),
        teachers_shown=number(step.teachers),
        changes=tuple(change_lines(step.changes, today, names)),
        is_priced=is_priced,
    )


def _other(one: Alternative, proposal: Proposal, said: Declaration) -> OtherPlan:
    mine, theirs = ({repr(change) for change in changes} for changes in (proposal.changes, one.changes))
    differ = len(mine ^ theirs)
    amounts = {part.title: part for part in amount_lines(one.amounts, said)}
    more = (one.objective - proposal.objective) / abs(proposal.objective) if proposal.objective else 0.0
    return OtherPlan(
        title=one.title,
        reason=one.reason,
        objective_shown=number(one.objective),
        dearer_shown=f"{'+' if more >= 0 else '−'}{share(abs(more))}",
        gap=gap_words(gap(one.objective, one.bound)),
        amounts=tuple(amounts[part.title].shown if part.title in amounts else "" for part in proposal.amounts),
        differ=Text(f"与建议方案有{differ}处改动不同", f"{differ} changes differ from the proposal"),
        steps=tuple(Line(step.title, step.reason) for step in one.steps),
    )


def _numbers(proposal: Proposal, said: Declaration) -> Iterator[Line]:
    numbers = proposal.certificate.numbers if proposal.certificate else {}
    for name, column in said.numbers.items():
        if name in numbers:
            yield Line(column.title, with_unit(numbers[name], said.unit(column.unit) if column.unit else NOTHING))
