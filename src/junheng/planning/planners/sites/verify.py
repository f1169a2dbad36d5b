"""What is wrong with a proposal of sites, looked up in the County that it makes.

New schools are read from the projects and plots of the new County, who goes where from the certificate; rules are counted again, the
objective added up anew, every row of the table of site values worked out from nothing by another engine, and the bound of prices as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.sites.amounts import over_years, parts
from junheng.planning.planners.sites.ask import ask
from junheng.planning.planners.sites.question import SERVICE, Ints, Question, bound_at
from junheng.planning.proposal import Proposal
from junheng.planning.pupils_to_schools import Sent, send_pupils
from junheng.standards.rulebook import Rulebook

_ROUNDING = 1e-3  # km of one pupil
_CHECKED = 400  # rows of the table that are worked out again


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed."""
    question = ask(county, rules, proposal.brief, declaration)
    if not question.blocks:
        return ()
    if proposal.certificate is None or "goes" not in proposal.certificate.tables:
        return (Text("没有附谁去哪里的证明", "the proof of who goes where is lacking"),)
    new = _opened(question, county, proposal)
    begins = _begins(question, county, proposal, new) if question.later else {}
    flows = tuple(_flow(question.at(year), proposal.certificate.tables["goes"]) for year in range(question.years))
    found: list[Text] = []
    for year, flow in enumerate(flows):
        found += _rules(question.at(year), flow, tuple(site for site in new if begins.get(site, 0) <= year))
    found += [*_chosen(question, new), *_courses(question, begins), *_bounds(question, proposal)]
    counted = over_years(question, flows, begins) if question.later else parts(question, flows[0], new)
    total = sum(part.amount * part.weight for part in counted)
    if abs(total - proposal.objective) > _ROUNDING + 1e-9 * abs(total):
        found.append(Text(f"目标值应为{total:,.3f}", f"the objective is {total:,.3f}"))
    return tuple(found)


def _begins(question: Question, county: County, proposal: Proposal, new: tuple[int, ...]) -> dict[int, int]:
    """Return the year in which each new one is first used in the new County, counted from the first of the plan."""
    after = apply(county, proposal.changes)
    days = dict(after.tables["project_steps"].filter(pl.col("step") == "in_use").select("project", "planned").iter_rows())
    rows = after.tables["sites"].filter(pl.col("stage") == question.stage).select("site", "project").iter_rows()
    year = {site: days[project].year for site, project in rows if days.get(project)}
    return {site: year[question.candidates[site].code] - question.opening for site in new}


def _courses(question: Question, begins: dict[int, int]) -> Iterator[Text]:
    for site, year in begins.items():
        if not question.since[site] <= year < question.years:
            yield Text(f"{question.candidates[site].name}不能在该年投用", f"{question.candidates[site].name} cannot open in that year")
    for year, most in enumerate(question.most_in):
        if sum(begin == year for begin in begins.values()) > most:
            yield Text(f"{question.opening + year}年投用的太多", f"too many open in {question.opening + year}")


def _chosen(question: Question, new: tuple[int, ...]) -> Iterator[Text]:
    if set(question.must) - set(new) or set(question.never) & set(new):
        yield Text("没有按指定办", "a pin is broken")
    if len(new) > question.count:
        yield Text(f"新建了{len(new)}所", f"{len(new)} are new")


def _flow(question: Question, goes: pl.DataFrame) -> Ints:
    block = {one.code: k for k, one in enumerate(question.blocks)}
    column = {one.code: len(question.schools) + k for k, one in enumerate(question.candidates)}
    column |= {one.code: k for k, one in enumerate(question.schools)}
    flow = np.zeros(question.way.shape, dtype=np.int64)
    rows = goes.filter(pl.col("year") == str(question.opening))
    for village, school, pupils in rows.select("village", "school", "pupils").iter_rows():
        if village in block and school in column:
            flow[block[village], column[school]] += pupils
    return flow


def _opened(question: Question, county: County, proposal: Proposal) -> tuple[int, ...]:
    """Return the candidates that the new County has a project for; a service point stands in no table, and is read from its step."""
    if question.kind == SERVICE:
        named = {one.title.zh for one in proposal.steps}
        return tuple(k for k, one in enumerate(question.candidates) if f"在{one.name}设服务点" in named)
    known = {(site, stage) for site, stage, project in county.tables["sites"].select("site", "stage", "project").iter_rows() if project}
    after = apply(county, proposal.changes)
    there = {(site, stage) for site, stage, project in after.tables["sites"].select("site", "stage", "project").iter_rows() if project}
    return tuple(k for k, one in enumerate(question.candidates) if (one.code, question.stage) in there - known)


def _rules(question: Question, flow: Ints, new: tuple[int, ...]) -> Iterator[Text]:
    if (flow.sum(axis=1) != question.pupils).any():
        yield Text("有孩子没有学位，或多算了", "children without a place, or counted twice")
    if (flow[~np.isfinite(question.metres)] > 0).any():
        yield Text("有孩子去了到不了的学校", "children go where they cannot get")
    if question.is_whole and ((flow > 0).sum(axis=1) > 1).any():
        yield Text("有村居被拆分", "a village is divided")
    yield from _loads(question, flow.sum(axis=0), new)


def _loads(question: Question, load: Ints, new: tuple[int, ...]) -> Iterator[Text]:
    many = len(question.schools)
    for column in np.flatnonzero(load > question.room):
        yield Text(f"第{column}处超出学位", f"column {column} is overfull")
    shut = set(range(len(question.candidates))) - set(new)
    if any(load[many + site] for site in shut):
        yield Text("有孩子去了没有新建的地点", "children go to a site that is not opened")
    if any(load[many + site] < min(question.least, question.room[many + site]) for site in new):
        yield Text("新建的太小", "a new one is too small")


def _bounds(question: Question, proposal: Proposal) -> Iterator[Text]:
    if proposal.bound > proposal.objective + _ROUNDING:
        yield Text("下界高于目标值", "the bound lies above the objective")
    proof = proposal.certificate
    if proof is not None and "prices" in proof.tables:
        told = question.km(bound_at(question, proof.tables["prices"]["price"].to_numpy() * 1000.0 / question.grain))
        if abs(told - proof.numbers["bound_by_prices"]) > _ROUNDING + 1e-9 * abs(told) or told > proposal.objective + _ROUNDING:
            yield Text(f"价格只证明{told:,.3f}", f"prices prove {told:,.3f}")
    if "values" in proposal.tables:
        yield from _values(question, proposal)


def _values(question: Question, proposal: Proposal) -> Iterator[Text]:
    """Work sites out again from nothing: with a least load the total without it is a bound, else it is the total itself."""
    at = {one.code: k for k, one in enumerate(question.candidates)}
    table = proposal.tables["values"]
    if set(table["site"]) != set(at):
        yield Text("候选地点不全", "the table lacks candidates")
        return
    least = min((total for total in table["total"] if total is not None), default=np.inf)
    rows = [row for row in table.select("site", "total").iter_rows() if row[1] is not None]
    for site, total in rows[:_CHECKED]:
        columns = question.columns((at[site],))
        sent = send_pupils(question.way[:, columns], question.pupils, question.room[columns])
        again = question.km(sent.travel + int(question.fixed[at[site]])) if isinstance(sent, Sent) else np.inf
        if again > total + _ROUNDING or (not question.least and abs(again - total) > _ROUNDING):
            yield Text(f"{site}应为{again:,.3f}", f"{site} comes to {again:,.3f}")
    if not question.is_whole and least < proposal.bound - _ROUNDING:
        yield Text("表中有更好的地点", "the table has a better site")
