"""Teams: each inspector in one zone without ties, every stage and many subjects in each; then one inspector for each school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model import allowed
from junheng.model.county import County
from junheng.planning.planners.supervision_zones.question import Ints, Mask, Question
from junheng.planning.solve import Impossible, Limits, Program, Terms, Variables, Watch, solve
from junheng.planning.visit_rounds import Rounds, share_out

Floats = NDArray[np.float64]

_LIMITS = Limits(gap=1e-3, nodes=2000)
_QUICK = Limits(gap=0.5, nodes=50)  # when told to stop: the first lawful teams, a fraction of a second
_FAR = 1e7  # metres: further than any way in a county


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roster:
    """Inspectors in code order."""

    codes: tuple[str, ...]
    home: Ints  # (inspectors,) place of the school from which each sets out; -1: not known, or not planned
    stage: tuple[str, ...]  # "" for none
    subject: tuple[str, ...]
    today: tuple[str, ...]  # zone, "" for none
    tied: Mask  # (inspectors, schools)
    stages: Mapping[str, Mask]  # (schools,) those with pupils of the stage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Teams:
    """Who is in which zone, and who answers for which school. Without a plan: the rules in conflict."""

    zone: tuple[str, ...] = ()  # of each inspector
    duty: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # (schools,) place of the inspector
    objective: float = 0.0  # metres
    bound: float = 0.0
    lacking: tuple[tuple[str, str], ...] = ()  # zone and stage without an inspector of that stage
    conflict: tuple[Text, ...] = ()


def roster(county: County, codes: tuple[str, ...]) -> Roster | None:
    """Return the inspectors of a county; None when it has entered none. codes: of the schools that are planned."""
    rows = county.tables["inspectors"].sort("inspector")
    if not rows.height:
        return None
    place = {code: index for index, code in enumerate(codes)}
    today = dict(county.tables["zone_inspectors"].select("inspector", "zone").iter_rows())
    who = {code: index for index, code in enumerate(rows["inspector"].to_list())}
    tied = np.zeros((len(who), len(codes)), dtype=np.bool_)
    for inspector, school in county.tables["inspector_ties"].select("inspector", "school").iter_rows():
        if inspector in who and school in place:
            tied[who[inspector], place[school]] = True
    taught = county.tables["enrolment"].filter(pl.col("pupils") > 0).select("school", "stage").unique()
    stages = {stage: np.isin(np.array(codes), taught.filter(pl.col("stage") == stage)["school"].to_numpy()) for stage in taught["stage"]}
    return Roster(
        codes=tuple(who),
        home=np.array([place.get(code or "", -1) for code in rows["home"]], dtype=np.int64),
        stage=tuple(rows["stage"].fill_null("")),
        subject=tuple(rows["subject"].fill_null("")),
        today=tuple(today.get(code) or "" for code in who),
        tied=tied,
        stages=dict(sorted(stages.items())),
    )


def form(question: Question, people: Roster, seats: Ints, named: Mapping[int, str], lacking: float, watch: Watch) -> Teams:
    """Return the teams that cost least, in metres of way from home to the seat.

    named: the zone of each seat; lacking: metres that a stage nobody of the team comes from weighs, and half of them a subject held twice.
    """
    order = sorted(named, key=lambda seat: (len(named[seat]), named[seat]))
    inside = np.array([seats == seat for seat in order])
    tied = (people.tied[:, None, :] & inside[None, :, :]).any(axis=2)  # (inspectors, zones)
    who, zone = np.nonzero(~tied)
    names = np.array([named[seat] for seat in order])
    program = Program(unit="m")
    sentence = Text("{who}进责任区{zone}", "{who} is in zone {zone}")
    joins = program.variables(sentence, len(who), upper=1, whole=True, who=np.array(people.codes)[who], zone=names[zone])
    _everybody_somewhere(program, question, people, joins, (who, zone), names, inside)
    way = np.where(people.home[:, None] < 0, 0, question.way[people.home][:, order])
    moved = (np.array(people.today)[:, None] != names[None, :]) & (np.array(people.today) != "")[:, None]
    program.cost(Text("督学到驻点的路程", "way of the inspectors to their seats"), joins * np.minimum(way, _FAR)[who, zone], unit="m")
    program.cost(
        Text("换责任区的督学", "inspectors who change zones"),
        joins * moved[who, zone].astype(np.float64),
        unit="persons",
        weight=float(question.change),
    )
    _alike(program, question, joins, zone, (order, inside, names))
    missing = _stages(program, people, joins, (who, zone), names, inside, lacking)
    _subjects(program, people, joins, (who, zone), names, lacking / 2)
    answer = solve(program, limits=_LIMITS, watch=Watch(cancelled=watch.cancelled))
    if not isinstance(answer, Impossible) and answer.objective is None:  # who says stop still gets teams
        answer = solve(program, limits=_QUICK)
    if isinstance(answer, Impossible):
        return Teams(conflict=tuple(one.rule for one in answer.conflict))
    if answer.objective is None:
        return Teams(conflict=(Text("在限定的计算量内没有找到编组", "no teams were found within the limit of work"),))
    taken = answer.of(joins) > 0.5
    member = np.zeros(len(people.codes), dtype=np.int64)
    member[who[taken]] = zone[taken]
    gone = [pair for pair, value in zip(missing.pairs, answer.of(missing.variables), strict=True) if value > 0.5]
    return Teams(
        zone=tuple(names[member].tolist()),
        duty=_duties(question, people, member, inside),
        objective=answer.objective,
        bound=answer.bound,
        lacking=tuple((str(names[at]), stage) for at, stage in gone),
    )


@dataclass(frozen=True, slots=True)
class _Missing:
    pairs: list[tuple[int, str]]  # place of the zone, stage
    variables: Variables


def _everybody_somewhere(
    program: Program, question: Question, people: Roster, joins: Variables, pair: tuple[Ints, Ints], names: NDArray[np.str_], inside: Mask
) -> None:
    who, zone = pair
    sizes = inside.sum(axis=1)
    need = np.array([question.staff(int(size)) for size in sizes], dtype=np.float64)
    spare = max(0, len(people.codes) - int(need.sum()))
    most = need + -(-spare // len(need))
    if question.most_inspectors is not None:
        most = np.minimum(most, float(question.most_inspectors))
    codes = np.array(people.codes)
    every = Text("{who}进且只进一个没有须回避学校的责任区", "{who} is in one zone, and in it no school that he must keep from")
    program.rule(every, joins.sum_by(who, len(codes)) == np.ones(len(codes)), who=codes)
    few = Text("责任区{zone}至少{need}名督学", "zone {zone} has at least {need} inspectors")
    program.rule(few, joins.sum_by(zone, len(names)) >= need, zone=names, need=need.astype(np.int64))
    many = Text("责任区{zone}至多{most}名督学", "zone {zone} has at most {most} inspectors")
    program.rule(many, joins.sum_by(zone, len(names)) <= most, zone=names, most=most.astype(np.int64))


def _alike(program: Program, question: Question, joins: Variables, zone: Ints, where: tuple[list[int], Mask, NDArray[np.str_]]) -> None:
    """Count the way that one inspector of a zone has, so that more of them go where it is long. It falls by less with each one."""
    order, inside, names = where
    way = np.array([float(question.way[seat, schools].sum()) for seat, schools in zip(order, inside, strict=True)])
    many = np.bincount(zone, minlength=len(names))
    at = np.repeat(np.arange(len(names)), many)
    number = np.arange(len(at)) - np.searchsorted(at, at) + 1.0  # the first, second, … inspector of a zone
    each = program.variables(Text("责任区{zone}的又一名督学", "one more inspector in zone {zone}"), len(at), upper=1, zone=names[at])
    counted = joins.sum_by(zone, len(names)) - each.sum_by(at, len(names)) == 0
    program.definition(Text("责任区{zone}的督学人数", "inspectors of zone {zone}"), counted, zone=names)
    falls = np.where(number == 1, -way[at], way[at] / number - way[at] / np.maximum(number - 1, 1))
    program.cost(Text("各区督学人均路程", "way of one inspector, zone by zone"), (each * falls).sum() + 2 * way.sum(), unit="m")


def _stages(
    program: Program, people: Roster, joins: Variables, pair: tuple[Ints, Ints], names: NDArray[np.str_], inside: Mask, lacking: float
) -> _Missing:
    who, zone = pair
    pairs = [(at, stage) for at in range(len(names)) for stage, has in people.stages.items() if (inside[at] & has).any()]
    label = Text("责任区{zone}没有{stage}学段的督学", "zone {zone} has no inspector of {stage}")
    at, stage = np.array([one[0] for one in pairs], dtype=np.int64), np.array([one[1] for one in pairs])
    none = program.variables(label, len(pairs), upper=1, whole=True, zone=names[at], stage=stage)
    row = {one: index for index, one in enumerate(pairs)}
    held = np.array([row.get((int(z), people.stage[w]), -1) for w, z in zip(who, zone, strict=True)], dtype=np.int64)
    known = np.flatnonzero(held >= 0)
    there = Terms(held[known], joins.columns[known], np.ones(len(known)), np.zeros(len(pairs)))
    program.definition(Text("{stage}学段的督学在责任区{zone}", "an inspector of {stage} in zone {zone}"), there + none >= 1)
    program.cost(Text("责任区缺少的学段", "stages that teams lack"), none, unit="items", weight=lacking)
    return _Missing(pairs, none)


def _subjects(program: Program, people: Roster, joins: Variables, pair: tuple[Ints, Ints], names: NDArray[np.str_], weight: float) -> None:
    who, zone = pair
    subjects = sorted(set(people.subject) - {""})
    place = {name: index for index, name in enumerate(subjects)}
    if not subjects:
        return
    held = np.array([place.get(people.subject[w], -1) for w in who], dtype=np.int64)
    known = np.flatnonzero(held >= 0)
    row = held[known] + zone[known] * len(subjects)
    many = len(subjects) * len(names)
    twice = program.variables(Text("同学科重复", "a subject held twice"), many)
    there = Terms(row, joins.columns[known], np.ones(len(known)), np.zeros(many))
    program.definition(Text("同一责任区同学科的督学", "inspectors of one subject in a zone"), there - twice <= 1)
    program.cost(Text("同组重复的学科", "subjects that a team holds twice"), twice, unit="items", weight=weight)


def _duties(question: Question, people: Roster, member: Ints, inside: Mask) -> Ints:
    """Return for each school the inspector of its zone who answers for it: loads alike, the least way."""
    duty = np.full(inside.shape[1], -1, dtype=np.int64)
    for at, schools in enumerate(inside):
        team, own = np.flatnonzero(member == at), np.flatnonzero(schools)
        way = np.where(people.home[team][:, None] < 0, 0, question.way[people.home[team]][:, own])
        rounds = Rounds(
            inspectors=tuple(people.codes[one] for one in team),
            schools=tuple(question.codes[one] for one in own),
            metres=np.minimum(way, _FAR).astype(np.float64),
            tied=people.tied[np.ix_(team, own)],
            fewest=len(own) // len(team),
            most=-(-len(own) // len(team)),
        )
        _, chosen = share_out(rounds)
        duty[own] = team[chosen]
    return duty


def team_tables(question: Question, people: Roster, seats: Ints, named: Mapping[int, str], teams: Teams) -> dict[str, pl.DataFrame]:
    """Return who is in which zone, and which inspector answers for which school; without rows where no teams could be formed."""
    seat_of = {zone: seat for seat, zone in named.items()}
    sheet = [
        {
            "zone": zone,
            "inspector": people.codes[one],
            "stage": people.stage[one],
            "subject": people.subject[one],
            "today": people.today[one],
            "way": _km(question, people, one, seat_of[zone]),
            "schools": int((teams.duty == one).sum()),
            "kept_from": int(people.tied[one].sum()),
        }
        for one, zone in enumerate(teams.zone)
    ]
    duties = [
        {
            "zone": named[int(seats[school])],
            "inspector": people.codes[one],
            "school": question.codes[school],
            "way": _km(question, people, one, school),
        }
        for school, one in enumerate(teams.duty.tolist())
    ]
    return {name: _sorted(rows, columns) for name, rows, columns in (("teams", sheet, _SHEET), ("duties", duties, _DUTIES))}


def note(people: Roster, teams: Teams) -> Text | None:
    """Return what a team sheet leaves open: why there is none, which zone lacks a stage, whose way is not known."""
    if teams.conflict:
        zh, en = "；".join(one.zh for one in teams.conflict), "; ".join(one.en for one in teams.conflict)
        return Text(f"责任区督学没有编组：{zh}", f"no teams of inspectors were formed: {en}")
    said: list[Text] = []
    for zone, stage in teams.lacking:
        label = allowed("stage")[stage]
        said.append(Text(f"责任区{zone}没有熟悉{label.zh}的督学", f"zone {zone} has no inspector who knows {label.en}"))
    homeless = [code for code, home in zip(people.codes, people.home, strict=True) if home < 0]
    if homeless:
        zh = f"{'、'.join(homeless)}没有填驻地学校，其路程未计"
        said.append(Text(zh, f"{', '.join(homeless)} have no home entered, and their way is not counted"))
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said)) if said else None


def _km(question: Question, people: Roster, inspector: int, school: int) -> float | None:
    home = int(people.home[inspector])
    return None if home < 0 else float(question.way[home, school]) / 1000


def _sorted(rows: Sequence[Mapping[str, object]], columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(columns)).sort(
        pl.col("zone").str.len_chars(), "zone", "inspector", *([] if "schools" in columns else ["school"])
    )


_TEXT, _KM, _COUNT = pl.String(), pl.Float64(), pl.Int64()
_SHEET = dict(zip(("zone", "inspector", "stage", "subject", "today"), [_TEXT] * 5, strict=True)) | {
    "way": _KM,
    "schools": _COUNT,
    "kept_from": _COUNT,
}
_DUTIES = {"zone": _TEXT, "inspector": _TEXT, "school": _TEXT, "way": _KM}
