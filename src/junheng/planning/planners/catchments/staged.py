"""Catchments of years in which schools open or close: drawn for the first years, then anew from the year of each opening or closing on.

Each drawing begins with the one before it and changes as little of it as pays. The County's tables know no year: what they are given is
the first drawing; the later ones stand in the tables, the notice and the steps of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.change import RemoveRow
from junheng.model.county import County
from junheng.planning.planners.catchments.frontier import amounts
from junheng.planning.planners.catchments.parents import Told, in_force
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.steps import steps_of
from junheng.planning.planners.catchments.stretches import Event, Stretch
from junheng.planning.planners.catchments.tables import autumn, least_of, notice_with, tables, told
from junheng.planning.planners.catchments.years import years_table, zones_by_year
from junheng.planning.proposal import Certificate, Proposal, Step
from junheng.planning.solve import Amount

Ints = NDArray[np.int64]


class Drawing(NamedTuple):
    """The catchments of one stretch of years."""

    stretch: Stretch
    county: County  # as it is then, with the catchments of the drawing before
    question: Question
    zone: Ints  # (villages,)
    objective: float  # km of one pupil
    bound: float
    allowed: Ints  # (zones,) pupils that the drawing may have
    prices: Ints  # (zones,) metres

    @property
    def zone_of(self) -> dict[str, str]:
        """Return the zone of each village."""
        return {code: self.question.zones[j] for code, j in zip(self.question.villages, self.zone.tolist(), strict=True)}

    @property
    def zone_of_school(self) -> dict[str, str]:
        """Return the zone of each school."""
        return {code: self.question.zones[int(j)] for code, j in zip(self.question.schools, self.question.school_zone, strict=True)}

    @property
    def by_block(self) -> Ints:
        """Return the zone of each block."""
        zone = np.zeros(int(self.question.block.max(initial=-1)) + 1, dtype=np.int64)
        zone[self.question.block] = self.zone
        return zone

    @property
    def told(self) -> Told:
        """Return what notices and letters are written from."""
        return Told(self.question, self.zone, self.county, self.stretch.events)

    @property
    def new(self) -> tuple[Event, ...]:
        """Return what opens and closes in its first year."""
        return tuple(one for one in self.stretch.events if one.year == self.stretch.first)


def staged(first: Proposal, drawings: tuple[Drawing, ...], county: County) -> Proposal:
    """Return one proposal of several drawings. first: that of the first one alone."""
    later = drawings[1:]
    listed = set(county.tables["schools"]["school"])
    is_known = all(code in listed for code in drawings[0].question.schools)
    steps = first.steps if is_known else tuple(replace(step, changes=(), year=drawings[0].stretch.first) for step in first.steps)
    notes = [*([first.note] if first.note else []), *_notes(drawings, is_known=is_known)]
    return replace(
        first,
        steps=(*steps, *(step for one in later for step in later_steps(one))),
        objective=first.objective + sum(one.objective for one in later),
        bound=first.bound + sum(one.bound for one in later),
        amounts=(*first.amounts, *(each for one in later for each in later_amounts(one))),
        tables={**first.tables, **_tables(drawings)},
        certificate=_certificate(first, drawings),
        note=Text("；".join(note.zh for note in notes), "; ".join(note.en for note in notes)),
    )


def later_steps(one: Drawing) -> Iterator[Step]:
    """Yield the steps of a drawing after the first."""
    year = one.stretch.first
    for step in steps_of(one.question, one.zone, one.county):
        if all(isinstance(change, RemoveRow) for change in step.changes):  # what closes is told among the events
            continue
        title = Text(f"{year}学年起：{step.title.zh}", f"From {year}: {step.title.en[0].lower()}{step.title.en[1:]}")
        yield replace(step, title=title, changes=(), year=year)


def later_amounts(one: Drawing) -> Iterator[Amount]:
    """Yield the parts of the objective of a drawing after the first."""
    for each in amounts(one.question, one.by_block):
        title = Text(f"{one.stretch.first}学年起：{each.title.zh}", f"from {one.stretch.first}: {each.title.en}")
        yield each._replace(title=title)


def _notes(drawings: tuple[Drawing, ...], *, is_known: bool) -> Iterator[Text]:
    for k, one in enumerate(drawings):
        for event in one.new if k else one.stretch.events:
            yield _event(one, event)
        note = told(one.question, one.zone) if k else None
        if note:
            yield Text(f"{one.stretch.first}学年起{note.zh}", f"from {one.stretch.first}: {note.en}")
    twice = _moved_twice([one.told for one in drawings], drawings[0].question.today)
    if twice:
        zh = f"{twice}个村居在这几年里先后改划两次；不愿两次改划，可看备选方案中变动较少的"
        yield Text(
            zh, f"{twice} villages change twice in these years; where that is not wanted, see the plan beside this one with less change"
        )
    if not is_known:
        zh = "新学校还没有标识码，本方案不改动台账中的学区；学校列入“学校”“学位”两表后再问一次即可采用"
        yield Text(zh, "a new school has no code yet, so no table is changed: ask again once it stands in the tables of schools and places")


def _moved_twice(drawings: list[Told], today: tuple[str, ...]) -> int:
    """Return how many villages change their catchment more than once, by the drawings that ever hold."""
    held = in_force(drawings)
    last = dict(zip(held[0].question.villages, today, strict=True))
    moved = dict.fromkeys(last, 0)
    for one in held:
        for code, j in zip(one.question.villages, one.zone.tolist(), strict=True):
            zone = one.question.zones[j]
            moved[code] += last[code] not in ("", zone)
            last[code] = zone
    return sum(many > 1 for many in moved.values())


def _event(one: Drawing, event: Event) -> Text:
    if not event.opens:
        return Text(
            f"{event.name}{event.year}年停办，当年起没有学区", f"{event.name} closes in {event.year} and has no catchment from then on"
        )
    inside = one.zone == _zone_at(one, event)
    many, pupils = int(inside.sum()), int(one.question.pupils[inside].sum())
    return Text(
        f"{event.name}{event.year}年开办，当年起有学区（{many}个村居、{pupils}名学生）",
        f"{event.name} opens in {event.year} and has a catchment from then on ({many} villages, {pupils} pupils)",
    )


def _zone_at(one: Drawing, event: Event) -> int:
    return int(one.question.school_zone[one.question.schools.index(event.school)])


def _tables(drawings: tuple[Drawing, ...]) -> dict[str, pl.DataFrame]:
    years: list[pl.DataFrame] = []
    zones: list[pl.DataFrame] = []
    for one in drawings:
        names = [one.question.zone_names[j] for j in range(len(one.question.zones))]
        every = (replace(one.question.first, least=least_of(one.question)), *one.question.ahead)
        years.append(years_table(every, one.zone))
        zones.append(zones_by_year(every, one.zone, one.question.zones, names))
    return {
        "years": pl.concat(years),
        "zones_by_year": pl.concat(zones),
        "notice": _notice([one.told for one in drawings]),
        "events": _events(drawings),
        "ahead": _ahead(drawings),
    }


def _notice(drawings: list[Told]) -> pl.DataFrame:
    """Return the catchments of the first autumn that is still to come, then those that change in the years after it."""
    held = in_force(drawings)
    start = replace(held[0].question, today=drawings[0].question.today)
    notices = [tables(one.question, one.zone, one.county)["notice"] for one in (held[0]._replace(question=start), *held[1:])]
    for k, (before, one) in enumerate(pairwise(held), start=1):
        was = {code: before.question.zones[j] for code, j in zip(before.question.villages, before.zone.tolist(), strict=True)}
        now = {code: one.question.zones[j] for code, j in zip(one.question.villages, one.zone.tolist(), strict=True)}
        changed = {zone for code, zone in now.items() if was[code] != zone} | {was[code] for code, zone in now.items() if was[code] != zone}
        year = autumn(one.question, one.county)  # the heading says that of the first
        since = pl.col("text").str.replace("：", f"，{year}年秋季起：", literal=True)
        notices[k] = notices[k].filter(pl.col("zone").is_in(list(changed))).with_columns(since)
    return notice_with(notices[0], notices[1:])


def _events(drawings: tuple[Drawing, ...]) -> pl.DataFrame:
    rows = []
    for k, one in enumerate(drawings):
        for event in one.new if k else one.stretch.events:
            inside = one.zone == _zone_at(one, event) if event.opens else np.zeros(len(one.zone), dtype=np.bool_)
            places = int(one.question.places[_zone_at(one, event)]) if event.opens else None
            what = "opens" if event.opens else "closes"
            rows.append((str(event.year), event.name, what, places, int(inside.sum()), int(one.question.pupils[inside].sum())))
    schema = {"year": pl.String, "name": pl.String, "what": pl.String, "places": pl.Int64, "villages": pl.Int64, "pupils": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _ahead(drawings: tuple[Drawing, ...]) -> pl.DataFrame:
    """Return every village with its catchment in the first year and in the last, those that change first, by the year of the change."""
    last, start = drawings[-1], drawings[0]
    district = dict(last.county.tables["villages"].select("village", "district").iter_rows())
    since: dict[str, int] = {}
    for before, one in pairwise(drawings):
        was = before.zone_of
        since |= {code: one.stretch.first for code, zone in one.zone_of.items() if was[code] != zone}
    rows = [
        {
            "district": district.get(code),
            "village": code,
            "pupils": int(last.question.pupils[k]),
            "schools_first": start.question.zone_names[int(start.zone[start.question.villages.index(code)])],
            "year": str(since[code]) if code in since else None,
            "schools": last.question.zone_names[int(last.zone[k])],
            "way": float(last.question.metres[k, last.zone[k]]) / 1000,
        }
        for k, code in enumerate(last.question.villages)
    ]
    kinds = {"district": pl.String, "year": pl.String}
    return pl.DataFrame(rows, schema_overrides=kinds).sort("year", "district", "village", nulls_last=True)


def _certificate(first: Proposal, drawings: tuple[Drawing, ...]) -> Certificate | None:
    if first.certificate is None:
        return None
    rows = [(str(one.stretch.first), code, zone) for one in drawings for code, zone in one.zone_of.items()]
    schema = {"year": pl.String, "village": pl.String, "zone": pl.String}
    prices = [
        (str(one.stretch.first), zone, int(one.allowed[j]), float(one.prices[j]) / 1000)
        for one in drawings[1:]
        for j, zone in enumerate(one.question.zones)
    ]
    priced = {"year": pl.String, "zone": pl.String, "places": pl.Int64, "price": pl.Float64}
    later = Text(
        "开办或停办学校的学年起另划一次，以前一次的学区为“现状”：各次的下界都在前一次不变时成立，合计即总下界。",
        "From the year in which a school opens or closes catchments are drawn anew, those drawn before being today's: the bound of each "
        "holds with the drawing before it as it is, and the bound of the whole is their sum.",
    )
    proof = first.certificate
    return Certificate(
        how=Text(f"{proof.how.zh}{later.zh}", f"{proof.how.en} {later.en}"),
        numbers={**proof.numbers, "bound_later": sum(one.bound for one in drawings[1:])},
        tables={
            **proof.tables,
            "stretches": pl.DataFrame(rows, schema=schema, orient="row"),
            "later_prices": pl.DataFrame(prices, schema=priced, orient="row"),
        },
    )
