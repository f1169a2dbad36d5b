"""What a plan leaves undone, undecided or to others: said with its headline, so that nobody reads more into a plan than there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from junheng.errors import Text
from junheng.indicators import evaluate
from junheng.planning.planners.path_to_pass.drift import opening
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.question import STAGES, Question
from junheng.planning.planners.path_to_pass.steps import Made
from junheng.standards.framework import Part
from junheng.standards.rulebook import Rulebook

_NAMED = 3  # schools told by name; of more than these only how many


def note(question: Question, made: Made, rules: Rulebook, *, whole: bool) -> Text | None:
    """Return what is left undone, undecided, late, or not of this planner; None where there is nothing to say.

    whole: also what the rest of the framework says of the county, which takes the judge once more.
    """
    rest = _rest(question, rules) if whole else ()
    said = [*_late(question, made), *_cannot(question), *_opens(question), *_undecided(question), *rest]
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said)) if said else None


def lacking(question: Question) -> Iterator[tuple[str, str, str]]:
    """Yield school, stage and item of all that is not decided for lack of data, in any of the years."""
    items = question.judged.schools.requirements
    found = {
        (*unit, item.id)
        for year in question.every
        for unit in (*year.judged.units, *opening(year.today, year.at))
        for item in items
        if (unit, item.id) not in year.judged.cells
    }
    units = {unit: place for place, unit in enumerate(question.judged.units)}
    places = {item.id: place for place, item in enumerate(items)}
    yield from sorted(found, key=lambda one: (units.get(one[:2], len(units)), one[:2], places[one[2]]))


def _late(question: Question, made: Made) -> Iterator[Text]:
    """Yield from which year a plan without a year passes, where some measure takes longer than the year."""
    slow = [line.measure.lead_years for line in made.lines if line.measure.lead_years]
    if question.years or not slow:
        return
    year = question.today.year + max(slow)
    zh = f"其中{len(slow)}项措施{'最长' if len(set(slow)) > 1 else ''}需{max(slow)}年见效，{year}学年起才能达标（按今年的学生数）"
    yield Text(zh, f"{len(slow)} measure(s) take up to {max(slow)} year(s): it passes from {year} on, with this year's pupils")


def _cannot(question: Question) -> Iterator[Text]:
    """Yield what no measure can bring to pass."""
    schools, spreads = len({unit[0] for unit in question.left_out}), len(question.spreads_out)
    if not schools and not spreads:
        return
    zh = "、".join([*([f"{schools}所学校"] if schools else []), *([f"{spreads}项差异系数"] if spreads else [])])
    en = " and ".join([*([f"{schools} school(s)"] if schools else []), *([f"{spreads} coefficient(s)"] if spreads else [])])
    yield Text(f"另有{zh}用现有措施达不了标，未列入方案，原因逐条列出", f"{en} cannot pass by any measure and are left out, with reasons")


def _opens(question: Question) -> Iterator[Text]:
    """Yield the schools that open by a year, of which nothing is known but their pupils."""
    units = dict.fromkeys(unit for year in question.every for unit in opening(year.today, year.at))
    if not units:
        return
    said = _names(question, list(units))
    zh = f"{said.zh}届时新开办，教师和条件尚无数据，未计入达标学校和差异系数，开办后须补报重算"
    yield Text(zh, f"{said.en}: opens by then, nothing is known of its teachers and rooms; left out of the coefficients until it is")


def _undecided(question: Question) -> Iterator[Text]:
    """Yield the coefficients that cannot be decided, by stage, and which schools lack their data; the first year of which that holds."""
    for stage in dict.fromkeys(stage for _, stage in question.judged.units):
        found = next((told for told in (_without_data(year, stage) for year in question.every) if told[0]), None)
        if found is None:
            continue
        many, units = found
        who, words = _names(question, units), STAGES.get(stage, Text(stage, stage))
        zh, en = (f"因{who.zh}缺数据", f": {who.en}") if units else ("因缺数据", "")
        yield Text(f"{words.zh}{many}项差异系数未能判定，{zh}", f"{many} coefficient(s) ({words.en}) not decided for lack of data{en}")


def _without_data(year: Question, stage: str) -> tuple[int, list[Unit]]:
    """Return how many coefficients of a stage are not decided, and the schools that lack data of one of them."""
    judged = year.judged
    items = judged.spread.requirements if judged.spread else ()
    left = {item.indicator for item in items if judged.spreads.get((stage, item.id), (None, "", None))[1] == "no_data"}
    asked = [item.id for item in judged.schools.requirements if f"{item.indicator}.cv" in left]
    units = [unit for unit in judged.units if unit[1] == stage and any((unit, item) not in judged.cells for item in asked)]
    return len(left), units


def _names(question: Question, units: Sequence[Unit]) -> Text:
    """Return schools by name, a project's plot or the project itself where there is no school yet; of many the first, and how many."""
    county = question.today
    plots = county.tables["sites"].filter(pl.col("project").is_not_null())
    names = {
        **dict(county.tables["projects"].select("project", "name").iter_rows()),
        **dict(plots.select("project", "name").iter_rows()),
        **question.names,
    }
    schools = list(dict.fromkeys(unit[0] for unit in units))
    said = [names.get(one) or one for one in schools[:_NAMED]]
    if len(schools) <= _NAMED:
        return Text("、".join(said), ", ".join(said))
    return Text(f"{'、'.join(said)}等{len(schools)}所学校", f"{', '.join(said)} and others, {len(schools)} schools")


def _rest(question: Question, rules: Rulebook) -> Iterator[Text]:
    """Yield the parts of the framework that no measure of this planner serves, and how much of them is missed today."""
    framework = rules.framework(question.judged.framework.id)
    planned = {part.id for part in question.judged.framework.parts}
    rest = tuple(part for part in framework.parts if part.id not in planned)
    if not rest:
        return
    items = evaluate(question.today, replace(framework, parts=rest, eligibility=None, vetoes=()), rules).items
    left = items.filter(pl.col("verdict") == "missed")
    missed = {part.id: left.filter(pl.col("part") == part.id)["requirement"].n_unique() for part in rest}
    zh = "、".join(_part(part, missed[part.id]).zh for part in rest)
    en = ", ".join(_part(part, missed[part.id]).en for part in rest)
    yield Text(f"{zh}不在本方案内，县整体结论还取决于这些部分", f"not of this plan, though the county's conclusion rests on them too: {en}")


def _part(part: Part, missed: int) -> Text:
    title = part.title
    return Text(f"{title.zh}（现有{missed}条未达标）", f"{title.en} ({missed} missed today)") if missed else title
