"""What is done with proposals: why this one and not that one, two plans side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Finding, Infeasible, OutOfTime, Place, Text
from junheng.model import AddRow, Change, County, apply, diff, digest
from junheng.planning.proposal import Pin, Proposal
from junheng.planning.registry import planner
from junheng.store.plans import ROOM, Plan, read_plan, stale
from junheng.store.plans_applied import applied, as_before
from junheng.workflow.office import Office
from junheng.workflow.placed import placed
from junheng.workflow.propose import Desk, as_planned, at_desk, solved_again
from junheng.workflow.propose_asked import Asked, pin_of, pin_with_codes
from junheng.workflow.propose_judged import judged_between
from junheng.workflow.propose_words import Names, Today, amount_lines, change_lines, number, signed, with_unit
from junheng.workflow.views.proposals import AmountLine, ChangeLine, Forced, Line, PlansCompared

Step = Callable[[Text, int, int], None]
Stopped = Callable[[], bool]
Rows = tuple[tuple[Text, str, str, str], ...]

_ASKING = (Text("按任务书求解", "Solving as asked"), Text("按另一种选择求解", "Solving with the other choice"))


def why(folder: Path, asked: Asked, other: str, *, forbid: bool, progress: Step, stopped: Stopped) -> Forced:
    """Return what it costs to force the other choice: a pin `other` (column=code:to), or with `forbid` that it may not be so.

    Raises StoreError, DataError or StandardsError, and Infeasible or OutOfTime when there is no plan without forcing either.
    """
    desk = at_desk(folder, asked)
    pin = pin_with_codes(pin_of(other), desk.planner.declaration, desk.county)
    kept = desk.brief.pins if forbid else _but(desk, pin)
    forced = replace(desk.brief, forbids=(*desk.brief.forbids, pin)) if forbid else replace(desk.brief, pins=(*kept, pin))
    progress(_ASKING[0], 0, 2)
    try:
        first, second = solved_again(desk, forced, progress, stopped)
    except DataError as wrong:
        raise DataError(placed(wrong.findings, folder, desk.county, desk.planner.declaration)) from None
    progress(_ASKING[1], 1, 2)
    if not isinstance(second, Proposal):
        return _cannot(desk, first, pin, second, forbid=forbid)
    return _priced(desk, first, second, pin, forbid=forbid, more_is_asked=kept == desk.brief.pins)


def _but(desk: Desk, pin: Pin) -> tuple[Pin, ...]:
    """Return the brief's pins without one of the same thing that can have but one: forcing goes before what was pinned."""
    several = pin.what[0] in desk.planner.declaration.several
    return tuple(one for one in desk.brief.pins if several or one.what != pin.what)


def _question(desk: Desk, first: Proposal, pin: Pin, *, forbid: bool) -> Text:
    names = Names(desk.county)
    # the planner's own words for what has no name in the county
    words = {**desk.planner.declaration.words, **first.words}
    what, to = names.arranged(*pin.what, words), names.pinned(pin.to, words)
    zh, en = f"{what.zh} → {to.zh}", f"{what.en} → {to.en}"
    return Text(f"如果禁止{zh}", f"if {en} is forbidden") if forbid else Text(f"如果指定{zh}", f"if {en} is forced")


def _cannot(desk: Desk, first: Proposal, pin: Pin, refusal: Infeasible | OutOfTime, *, forbid: bool) -> Forced:
    said = desk.planner.declaration
    question = _question(desk, first, pin, forbid=forbid)
    proven = isinstance(refusal, Infeasible)
    sentence = (
        Text("已证明做不到：与下列规则冲突", "proven impossible: it conflicts with these rules")
        if proven
        else Text(
            "在规定的时间或工作量内没有找到方案，也没有证明做不到",
            "no plan was found in the time or work allowed, and none is proven impossible",
        )
    )
    return Forced(
        question=question,
        sentence=Text(f"{question.zh}，{sentence.zh}", f"{question.en}: {sentence.en}"),
        objective=Line(said.objective, with_unit(first.objective, said.unit(first.unit))),
        forced=None,
        price_shown="",
        least_shown="",
        most_shown="",
        amounts=(),
        findings=refusal.findings,
    )


def _priced(desk: Desk, first: Proposal, second: Proposal, pin: Pin, *, forbid: bool, more_is_asked: bool) -> Forced:
    """Return the price of the other choice. more_is_asked: the second brief asks all that the first asks, so that it can gain nothing."""
    said = desk.planner.declaration
    unit, question = said.unit(first.unit), _question(desk, first, pin, forbid=forbid)
    price, least, most = second.objective - first.objective, second.bound - first.objective, second.objective - first.bound
    if more_is_asked:
        least, most = max(least, 0.0), max(most, 0.0)
    sentence = _costs(price, (least, most), unit, more_is_asked=more_is_asked)
    return Forced(
        question=question,
        sentence=Text(f"{question.zh}，{sentence.zh}", f"{question.en}: {sentence.en}"),
        objective=Line(said.objective, with_unit(first.objective, unit)),
        forced=Line(said.objective, with_unit(second.objective, unit)),
        price_shown=signed(price),
        least_shown=signed(least),
        most_shown=signed(most),
        amounts=_amounts(amount_lines(first.amounts, said), amount_lines(second.amounts, said)),
        findings=(),
        moves=_moves(desk, first, second, pin),
        no_longer=_titles(first, second),
        instead=_titles(second, first),
    )


def _costs(price: float, proven: tuple[float, float], unit: Text, *, more_is_asked: bool) -> Text:
    """Return what the other choice costs, as far as is proven, as a sentence without stop."""
    more, between = with_unit(abs(price), unit), " – ".join(map(signed, proven))
    if price == 0:
        return Text("目标值不变：两种选择一样好", "nothing is lost: both are equally good")
    if price < 0 and more_is_asked:
        return Text(
            f"这样求得的方案反而少{more.zh}：建议方案还没有算到最好，请加大 --limit-seconds 再求解"
            f"（另一种选择的代价已证明在 {between} 之间）",
            f"the plan found so is better by {more.en}: the proposal is not the best yet, ask with more --limit-seconds (the price of the "
            f"other choice is proven between {between})",
        )
    turn = ("多", "more") if price > 0 else ("少", "less")
    return Text(f"目标值{turn[0]}{more.zh}（已证明在 {between} 之间）", f"it costs {more.en} {turn[1]} (proven between {between})")


def _moves(desk: Desk, first: Proposal, second: Proposal, pin: Pin) -> tuple[ChangeLine, ...]:
    """Return what is elsewhere under the other choice: value by value, what was asked about before the rest."""
    proposed, forced = (apply(desk.county, one.changes) for one in (first, second))
    own = sorted(diff(proposed, forced), key=lambda change: pin.what[1] not in _parts(change))
    return tuple(change_lines(own, Today(proposed), Names(forced)))


def _parts(change: Change) -> tuple[object, ...]:
    return tuple(change.row.values()) if isinstance(change, AddRow) else change.key


def _titles(mine: Proposal, other: Proposal) -> tuple[Text, ...]:
    """Return the titles of the steps that only one of two proposals has."""
    theirs = {step.title for step in other.steps}
    return tuple(step.title for step in mine.steps if step.title not in theirs)


def _amounts(first: tuple[AmountLine, ...], second: tuple[AmountLine, ...]) -> Rows:
    old, new = ({one.title: one for one in amounts} for amounts in (first, second))
    rows = []
    for title in dict.fromkeys([*old, *new]):
        one, other = old.get(title), new.get(title)
        unit = (one or other or first[0]).unit
        both = one is not None and other is not None
        label = Text(f"{title.zh}（{unit.zh}）", f"{title.en} ({unit.en})")
        difference = signed(other.value - one.value) if one and other and both else ""
        rows.append((label, one.shown if one else "", other.shown if other else "", difference))
    return tuple(rows)


def compare_plans(first: Path, second: Path, *, progress: Step) -> PlansCompared:
    """Return two plans of one authority side by side: parts of the objective, changes, and the county judged under each.

    Raises StoreError, DataError or StandardsError.
    """
    steps = (Text("读取方案", "Reading"), Text("评估", "Judging"))
    progress(steps[0], 0, 2)
    plans = [read_plan(place) for place in (first, second)]
    offices = [Office(place.parent.parent) for place in (first, second)]
    counties = [seen_by(plan, office) for plan, office in zip(plans, offices, strict=True)]
    outcomes = [apply(county, plan.proposal.changes) for county, plan in zip(counties, plans, strict=True)]
    progress(steps[1], 1, 2)
    mine, theirs = (list(plan.proposal.changes) for plan in plans)
    notes, lines = _sides(plans)
    findings = [one for plan, office, county in zip(plans, offices, counties, strict=True) for one in stale_since(plan, office, county)]
    view = PlansCompared(
        first=_named(plans[0]),
        second=_named(plans[1]),
        lines=lines,
        only_first=tuple(_only(mine, theirs, counties[0], outcomes[0])),
        only_second=tuple(_only(theirs, mine, counties[1], outcomes[1])),
        both=sum(change in theirs for change in mine),
        judged=judged_between(offices[0], outcomes[0], outcomes[1]),
        notes=notes,
        findings=(*findings, *_of_two_planners(plans)),
    )
    progress(steps[1], 2, 2)
    return view


def _named(plan: Plan) -> Text:
    title = planner(plan.proposal.brief.planner).declaration.title
    return Text(f"{title.zh} {plan.name}", f"{title.en} {plan.name}")


def _only(mine: list[Change], theirs: list[Change], county: County, after: County) -> Iterator[ChangeLine]:
    return change_lines([change for change in mine if change not in theirs], Today(county), Names(after))


def _sides(plans: list[Plan]) -> tuple[tuple[Text, ...], Rows]:
    """Return notes on the two briefs, and what the plans come to; objectives of two planners are not held against each other."""
    one, other = (plan.proposal for plan in plans)
    said = [planner(plan.proposal.brief.planner).declaration for plan in plans]
    is_one = said[0].name == said[1].name
    counts = tuple(
        (title, str(mine), str(theirs), signed(theirs - mine) if is_one else "")
        for title, mine, theirs in (
            (Text("步骤", "Steps"), len(one.steps), len(other.steps)),
            (Text("改动", "Changes"), len(one.changes), len(other.changes)),
        )
    )
    if not is_one:
        return (_TWO_QUESTIONS,), counts
    label = Text(f"{said[0].objective.zh}（{said[0].unit(one.unit).zh}）", f"{said[0].objective.en} ({said[0].unit(one.unit).en})")
    total = (label, number(one.objective), number(other.objective), signed(other.objective - one.objective))
    bound = (Text("已证明的下界", "Proven bound"), number(one.bound), number(other.bound), signed(other.bound - one.bound))
    parts = _amounts(amount_lines(one.amounts, said[0]), amount_lines(other.amounts, said[1]))
    notes = [] if one.brief == other.brief else [Text("两个方案的任务书不同。", "The two plans answer different briefs.")]
    return tuple(notes), (total, bound, *parts, *counts)


_TWO_QUESTIONS = Text(
    "两个方案回答的不是同一个问题：目标值、步数和改动数不能相减，下面只并列各自的改动和同一套标准的评估。",
    "The two plans answer different questions: objectives, steps and changes have no difference; below stand what each changes, "
    "and what the same judge says of each.",
)


def _of_two_planners(plans: list[Plan]) -> Iterator[Finding]:
    names = [plan.proposal.brief.planner for plan in plans]
    if names[0] != names[1]:
        yield finding("workflow.plans_of_two_planners", Place(), ", ".join(names))


def seen_by(plan: Plan, office: Office) -> County:
    """Return the county as the plan saw it: without what it has written there, and with pupils ahead where it plans with them."""
    one, day = planner(plan.proposal.brief.planner), office.rules(plan.year).day
    place, county = office.folder / ROOM / plan.name, office.county(plan.year)
    last = applied(place)
    if last and last.after == digest(county):
        county = as_before(place, county)
    return as_planned(office.folder, county, one, plan.proposal.brief, as_of=day)


def stale_since(plan: Plan, office: Office, seen: County) -> list[Finding]:
    """Return a finding for each of data, standards and planner that is no longer what the plan was worked out from."""
    return stale(plan, planner(plan.proposal.brief.planner).inputs(seen, office.rules(plan.year)))
