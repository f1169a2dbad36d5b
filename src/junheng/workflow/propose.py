"""What could be done? A planner's proposal as a view: steps, cost, proven gap, and the county before and after by the one judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from junheng.documents import finding
from junheng.errors import DataError, Finding, Infeasible, OutOfTime, Place, StoreError, Text
from junheng.model import County, apply
from junheng.model.check import check
from junheng.model.checks.duplicates import check_duplicates
from junheng.model.checks.places import check_coordinates
from junheng.model.checks.rows import check_rows
from junheng.model.checks.shapes import check_shapes
from junheng.model.checks.travel import check_travel_times
from junheng.planning.declaration import Declaration
from junheng.planning.proposal import Brief, Price, Proposal
from junheng.planning.registry import Planner, planner, planner_names
from junheng.planning.solve.engine import Progress, Watch
from junheng.standards import Rulebook
from junheng.store.plans import plan_names, read_plan, write_plan
from junheng.workflow.future_pupils import with_future_pupils
from junheng.workflow.office import Office
from junheng.workflow.placed import placed
from junheng.workflow.propose_asked import Asked, brief_of, started_from, with_codes
from junheng.workflow.propose_judged import judged_between
from junheng.workflow.propose_needs import something_is_planned, there_is_something_to_plan
from junheng.workflow.propose_view import Worked, proposed_view, refused_view
from junheng.workflow.propose_words import number, share
from junheng.workflow.school_pupils_ahead import with_school_pupils_ahead
from junheng.workflow.views.proposals import PlannerLine, Proposed

Step = Callable[[Text, int, int], None]
Stopped = Callable[[], bool]

_STEPS = (
    Text("读取数据", "Reading"),
    Text("求解", "Solving"),
    Text("核算各条规则的代价", "Pricing the rules"),
    Text("前后评估", "Judging before and after"),
)


_PLACES = frozenset({"villages", "schools", "campuses", "village_pupils", "village_population", "barriers", "crossings", "travel_times"})
_READ = {  # by planners of ways: the tables in which a row that is there twice, or a place that is elsewhere, spoils the plan
    "catchments": _PLACES | {"catchments", "catchment_villages", "places"},
    "school_places": _PLACES | {"sites", "places", "place_options"},
    "sites": _PLACES | {"sites", "places"},
    "supervision_zones": _PLACES | {"supervision_zones", "zone_schools", "zone_inspectors", "inspectors", "inspector_ties"},
}
_SOUND = (check_rows, check_coordinates, check_shapes, check_duplicates, check_travel_times)
_DRAWN_ONLY = ("villages", "geometry")  # no way hangs on a boundary; one that cannot be read is not drawn


class Desk(NamedTuple):
    """A county, its rules and a planner, ready to be asked."""

    office: Office
    county: County  # as the planner sees it
    rules: Rulebook
    planner: Planner
    brief: Brief
    held: County  # as the folder holds it


def _silent(_text: Text, _done: int, _total: int) -> None:
    """Report progress to nobody."""


def _never() -> bool:
    """Do not stop."""
    return False


def at_desk(folder: Path, asked: Asked) -> Desk:
    """Return the county and the brief that a call asks for. Raises StoreError, DataError or StandardsError."""
    start, its_year = started_from(asked)
    name = asked.planner or (start.planner if start else "")
    if start and start.planner != name:
        raise DataError(finding("workflow.brief_of_another_planner", Place(file=str(asked.brief)), start.planner, planner=name))
    one, office = planner(name), Office(folder)
    year = office.year(asked.year or its_year)
    brief, rules = brief_of(asked, one.declaration, start), office.rules(year)
    county = office.county(year)
    _sound(folder, county, one.declaration.name)
    there_is_something_to_plan(county, one.declaration)
    brief = with_codes(brief, one.declaration, county)
    return Desk(office, as_planned(folder, county, one, brief, as_of=rules.day), rules, one, brief, county)


def _sound(folder: Path, county: County, planned: str) -> None:
    """Raise DataError for what is wrong beyond doubt where ways hang on it: places, rivers, ways, rows or villages entered twice."""
    read = _READ.get(planned)
    found = check(county, rules=_SOUND) if read else []
    wrong = [one for one in found if one.severity == "error" and read and one.place.table in read]
    wrong = [one for one in wrong if (one.place.table, one.place.column) != _DRAWN_ONLY]
    if wrong:
        raise DataError(placed(wrong, folder, county))


def as_planned(folder: Path, county: County, one: Planner, brief: Brief, *, as_of: date) -> County:
    """Return the county as a planner sees it: with pupils ahead, where it plans with them."""
    name, ahead = one.declaration.name, _years_ahead(one.declaration, brief, county.year)
    county = with_future_pupils(folder, county, name, years=ahead, as_of=as_of)
    return with_school_pupils_ahead(folder, county, name, years=ahead, as_of=as_of)


def _years_ahead(declaration: Declaration, brief: Brief, year: int) -> int:
    """Return how many years after that of the data a planner looks at: `years` of them, or, where it begins with `year`, up to the last."""
    said = {name: int(declaration.value(brief, name)) for name in ("year", "years") if name in declaration.options}
    if "lead" in declaration.options:  # from the year of opening on
        opening = int(declaration.value(brief, "lead"))
        asked = said["years"] > 1 or declaration.value(brief, "children") == "opening"
        return opening + said["years"] - 1 if asked else 0
    if "year" not in said:
        return said.get("years", 0) + (int(declaration.value(brief, "keep")) if "keep" in declaration.options else 0)
    return (said["year"] or year) + said.get("years", 1) - 1 - year


def propose(
    folder: Path,
    asked: Asked,
    *,
    name: str = "",
    keep: bool = True,
    today: date | None = None,
    progress: Step | None = None,
    stopped: Stopped | None = None,
) -> Proposed:
    """Return a planner's proposal for a county; it is kept as plans/<year>-<name> unless `keep` is false.

    What cannot be is an answer too, with the rules in conflict. `stopped`: asked whether to end with the best plan so far.
    Raises StoreError, DataError or StandardsError for a folder, a county or a brief that cannot be used.
    """
    told, stop = progress or _silent, stopped or _never
    day = today or date.today()  # noqa: DTZ011 - an officer's today is the local one
    told(_STEPS[0], 0, len(_STEPS))
    desk = at_desk(folder, asked)
    chosen = _plan_name(folder, desk, name) if keep else ""
    told(_STEPS[1], 1, len(_STEPS))
    try:
        proposal = solved(desk, told, stop)
    except DataError as error:
        raise DataError(placed(error.findings, folder, desk.county, desk.planner.declaration)) from None
    except (Infeasible, OutOfTime) as refusal:
        said = type(refusal)(placed(refusal.findings, folder, desk.county, desk.planner.declaration))
        words = {key: each.title for key, each in desk.rules.frameworks.items()}
        return refused_view(desk.office.name, desk.county, desk.planner, desk.brief, day, said, words)
    if asked.prices:
        told(_STEPS[2], 2, len(_STEPS))
        solved_for = tuple(_option_prices(desk, proposal, stop))
        known = {one.option for one in solved_for}
        proposal = replace(proposal, prices=(*(one for one in proposal.prices if one.option not in known or not one.option), *solved_for))
    something_is_planned(proposal, desk.planner.declaration)
    told(_STEPS[3], 3, len(_STEPS))
    after = apply(desk.county, proposal.changes, chosen)
    wrong = desk.planner.faults(desk.county, desk.rules, proposal)
    if wrong:  # never an officer's fault: the planner contradicts its own verifier
        raise ValueError("; ".join(one.en for one in wrong))
    judged = judged_between(desk.office, desk.county, after)
    if keep:
        write_plan(folder, chosen, desk.county.year, proposal, day)
    told(_STEPS[3], len(_STEPS), len(_STEPS))
    worked = Worked(desk.office, desk.county, after, desk.planner, proposal, judged)
    view = proposed_view(worked, day, f"plans/{chosen}" if keep else "")
    return replace(view, findings=_at_odds(folder, desk.held))


def _at_odds(folder: Path, county: County) -> tuple[Finding, ...]:
    """Return one warning if the county contradicts itself: a plan is drawn all the same, and whoever reads it knows what it rests on."""
    wrong = [one for one in check(county) if one.severity == "error"]
    if not wrong:
        return ()
    first = placed(wrong[:1], folder, county)[0]
    zh, en = (f"{first.place.of(lang)}{sep}{first.found.of(lang)}" for lang, sep in (("zh", "："), ("en", ": ")))
    found = Text(f"{len(wrong)}类错误，例如{zh}", f"{len(wrong)} kinds of errors, such as {en}")
    return (finding("workflow.planned_on_errors", Place(), found),)


def _plan_name(folder: Path, desk: Desk, name: str) -> str:
    """Return the name of the plan's folder; the usual one with a number behind it where that is already adopted. Raises StoreError."""
    wanted = f"{desk.county.year}-{name or desk.planner.declaration.name.replace('_', '-')}"
    if any(part in wanted for part in ("/", "\\", "..")) or wanted != wanted.strip():
        raise StoreError(finding("workflow.plan_name", Place(), name))
    held, count, chosen = set(plan_names(folder)), 1, wanted
    while not name and chosen in held and read_plan(folder / "plans" / chosen).adopted:
        count += 1
        chosen = f"{wanted}-{count}"
    return chosen


def solved(desk: Desk, told: Step, stop: Stopped) -> Proposal:
    """Return the proposal of a brief, telling how the search stands. Raises as a planner does."""
    return desk.planner.propose(desk.county, desk.rules, desk.brief, _watch(told, stop))


def solved_again(desk: Desk, other: Brief, told: Step, stop: Stopped) -> tuple[Proposal, Proposal | Infeasible | OutOfTime]:
    """Return the proposals of the desk's brief and of one that differs in a pin, or why there is none for the other."""
    briefs = (replace(desk.brief, beside=False), replace(other, beside=False))  # nobody asks for plans beside them
    return desk.planner.reconsider(desk.county, desk.rules, briefs, _watch(told, stop))


def _watch(told: Step, stop: Stopped) -> Watch:
    known = Progress(None, float("-inf"), 0)

    def progress(now: Progress) -> None:
        nonlocal known  # each phase of a search starts anew; what was known stays known
        best = now.best if known.best is None or (now.best is not None and now.best < known.best) else known.best
        known = Progress(best, max(now.bound, known.bound), now.nodes)
        told(_stands(known), 1, len(_STEPS))

    return Watch(progress=progress, cancelled=stop)


def _stands(now: Progress) -> Text:
    """Return how a search stands: best plan, bound and gap."""
    bound = number(now.bound) or "—"
    if now.best is None:
        return Text(f"求解：尚无方案，下界 {bound}", f"Solving: no plan yet, bound {bound}")
    stands = f"{number(now.best)} / {bound} / {share(now.gap) if now.gap < 1 else '> 100 %'}"
    return Text(f"求解：最好/下界/差距 {stands}", f"Solving: best/bound/gap {stands}")


def _option_prices(desk: Desk, proposal: Proposal, stop: Stopped) -> Iterator[Price]:
    """Yield what each option costs that can give way: by asking again with it relaxed."""
    declaration = desk.planner.declaration
    for name, option in declaration.options.items():
        value = _in_force(desk, name)
        if option.relax is None or value is None or stop():
            continue
        relaxed = Decimal(str(value)) + Decimal(str(option.relax))
        changed = int(relaxed) if isinstance(option.default, int) else relaxed
        if not _within(changed, option.least, option.most):
            continue
        brief = replace(desk.brief, options={**desk.brief.options, name: changed}, beside=False)
        try:
            other = desk.planner.propose(desk.county, desk.rules, brief, Watch(cancelled=stop))
        except (Infeasible, OutOfTime):
            continue
        both_proven = other.proven and proposal.proven
        saves = proposal.objective - other.objective
        yield Price(option.title, saves, float(abs(Decimal(str(option.relax)))), option.unit, name, both_proven)


def _in_force(desk: Desk, name: str) -> int | Decimal | None:
    """Return the number that an option says, or that of the standards for which its 0 stands; None: the rule is not in force."""
    said = desk.planner.declaration
    option, value = said.options[name], said.value(desk.brief, name)
    if isinstance(value, bool | str) or (option.needs and not said.value(desk.brief, option.needs)):
        return None
    if value or option.always:
        return value
    return desk.rules.standing(option.assumed).value if option.assumed else None


def _within(value: int | Decimal, least: int | Decimal | None, most: int | Decimal | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def list_planners() -> tuple[PlannerLine, ...]:
    """Return every planner with its options, pins and what it changes."""
    return tuple(_planner_line(planner(name)) for name in planner_names())


def _planner_line(one: Planner) -> PlannerLine:
    said = one.declaration
    options = tuple(
        (
            name,
            option.title,
            str(option.default).lower() if isinstance(option.default, bool) else str(option.default),
            said.unit(option.unit) if option.unit != "1" else Text("", ""),
            " | ".join(option.choices) or ("" if option.least is None else f"{option.least}–{option.most}"),
        )
        for name, option in said.options.items()
    )
    return PlannerLine(
        name=said.name,
        title=said.title,
        question=said.question,
        options=options,
        pins=tuple(said.pins.items()),
        changes=tuple(sorted(said.changes)),
        tables=tuple(table.title for table in said.tables.values()),
    )
