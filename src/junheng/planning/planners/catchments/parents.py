"""Letters to parents, one for each village: which school from which autumn on, where it is, what is new; blanks for what only offices know.

The words are those of an office that has decided: the letters go out after the public notice. No letter names a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.catchments.question import Question, catchments_of
from junheng.planning.planners.catchments.stretches import Event
from junheng.planning.planners.catchments.tables import BLANK, STAGE, autumn
from junheng.planning.proposal import Brief

Ints = NDArray[np.int64]

_NEXT_DOOR = 100  # metres; 0 is also a way that is not known
_WHOM = {"primary": "小学适龄儿童", "junior": "小学毕业生"}
_REGISTER = (
    "二、报名登记",
    f"时间：{BLANK}年＿＿月＿＿日至＿＿月＿＿日。",
    f"地点或网址：{BLANK * 4}。",
    f"需带的材料：{BLANK * 4}。",
    f"咨询单位：{BLANK * 2}；电话：{BLANK * 2}。",
)


class Told(NamedTuple):
    """Catchments of one drawing."""

    question: Question
    zone: Ints  # (villages,)
    county: County  # as it is then
    events: tuple[Event, ...] = ()  # what has opened or closed since the county's year

    @property
    def year(self) -> int:
        """Return the year from whose autumn they hold."""
        return autumn(self.question, self.county)

    def inside(self, zone: int) -> list[str]:
        """Return the codes of the schools of a zone."""
        return [self.question.schools[k] for k in np.flatnonzero(self.question.school_zone == zone)]


def in_force(drawings: Sequence[Told]) -> list[Told]:
    """Return the drawings that ever hold: that of a year which has begun is followed by the next before its autumn comes."""
    return [one for one, after in pairwise(drawings) if one.year != after.year] + list(drawings[-1:])


def letters(drawings: Sequence[Told], county: County, *, every: bool = False, upward: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Return the letters, several rows each, the first being its heading; villages of a township one after the other.

    drawings: in the order of years; county: as it is today; every: also villages whose school stays; upward: a sentence on the stage
    above or below, by village.
    """
    held = in_force(drawings)
    township = dict(county.tables["villages"].select("village", "district").iter_rows())
    codes = sorted(held[0].question.villages, key=lambda code: (str(township.get(code) or ""), code))
    desk = _Desk(held, county)
    rows = [(code, text) for code in codes for text in _letter(desk, code, (upward or {}).get(code, ""), every=every)]
    return pl.DataFrame(rows, schema={"village": pl.String, "text": pl.String}, orient="row")


def upward_of_one(question: Question, brief: Brief, declaration: Declaration, county: County) -> dict[str, str]:
    """Return, where primary catchments go up whole to junior ones drawn alone, the sentence that says so by village."""
    if question.stage == "primary" or not declaration.value(brief, "feeders"):
        return {}
    names = _by_code(county, "schools", "school", "name")
    lower = dict(zip(question.villages, catchments_of(county, "primary", question.villages), strict=True))
    return {code: f"对口直升：{names.get(zone, zone)}学区整体升入以上学校。" for code, zone in lower.items() if zone}


def letters_of_both(
    both: Sequence[tuple[Question, Ints]], county: County, brief: Brief, declaration: Declaration
) -> dict[str, pl.DataFrame]:
    """Return the letters of primary and of junior schools; where primary catchments go up whole the letters of primary say where."""
    every, whole = declaration.value(brief, "letters") == "every", bool(declaration.value(brief, "feeders"))
    primary, junior = (Told(question, zone, county) for question, zone in both)
    names = _by_code(county, "schools", "school", "name")
    upward = {
        code: f"小学毕业后对口直升{'、'.join(names.get(school, school) for school in junior.inside(int(j)))}，同一小学学区整体升入。"
        for code, j in zip(junior.question.villages, junior.zone, strict=True)
    }
    return {
        "parents": letters([primary], county, every=every, upward=upward if whole else None),
        "junior_parents": letters([junior], county, every=every),
    }


class _Desk:
    """What all letters are written from."""

    def __init__(self, held: Sequence[Told], county: County) -> None:
        """Look up names, addresses and today's catchments once."""
        stage = held[0].question.stage
        self.held = held
        self.place = [{code: k for k, code in enumerate(one.question.villages)} for one in held]
        self.villages = _by_code(county, "villages", "village", "name")
        self.townships = _by_code(county, "districts", "district", "name")
        self.township = _by_code(county, "villages", "village", "district")
        self.names: dict[str, str] = {}
        self.address: dict[str, str] = {}
        for one in (*held, Told(held[0].question, held[0].zone, county)):
            self.names |= _by_code(one.county, "schools", "school", "name")
            self.address |= _by_code(one.county, "schools", "school", "address")
        self.opened = {event.school for one in held for event in one.events if event.opens}
        codes = tuple(held[0].question.villages)
        self.today = dict(zip(codes, catchments_of(county, stage, codes), strict=True))
        self.sharing: dict[str, list[str]] = {}
        rows = county.tables["catchments"].filter(pl.col("stage") == stage).sort("school")
        for school, zone in rows.select("school", "zone").iter_rows():
            self.sharing.setdefault(str(zone), []).append(str(school))

    def called(self, schools: Sequence[str]) -> str:
        """Return the names of schools."""
        return "、".join(self.names.get(code, code) for code in schools)

    def before(self, village: str, turn: int) -> list[str]:
        """Return the schools of a village before a drawing: today's before the first."""
        if turn:
            one = self.held[turn - 1]
            return one.inside(int(one.zone[self.place[turn - 1][village]]))
        zone = self.today[village]
        return self.sharing.get(zone, [zone]) if zone else []

    def closed(self, turn: int) -> set[str]:
        """Return the schools that are closed in a drawing."""
        return {event.school for event in self.held[turn].events if not event.opens}

    def is_new(self, village: str, turn: int) -> bool:
        """Return whether a drawing gives a village another catchment, or its catchment a school that opened or closed."""
        one = self.held[turn]
        zone = int(one.zone[self.place[turn][village]])
        was, now = self.before(village, turn), one.inside(zone)
        other = self.before_zone(village, turn) != one.question.zones[zone]
        return other or bool(set(was) & self.closed(turn)) or bool((set(now) - set(was)) & self.opened)

    def before_zone(self, village: str, turn: int) -> str:
        """Return the zone of a village before a drawing."""
        if not turn:
            return self.today[village]
        one = self.held[turn - 1]
        return one.question.zones[int(one.zone[self.place[turn - 1][village]])]


def _by_code(county: County, table: str, code: str, column: str) -> dict[str, str]:
    rows = county.tables[table].select(code, column).iter_rows()
    return {key: str(value) for key, value in rows if value}


def _letter(desk: _Desk, village: str, upward: str, *, every: bool) -> Iterator[str]:
    new = [turn for turn in range(len(desk.held)) if desk.is_new(village, turn)]
    if not new and not every:
        return
    first = desk.held[0]
    name, stage = desk.villages.get(village, village), first.question.stage
    township = desk.townships.get(desk.township.get(village, ""), "")
    yield f"致{name}{_WHOM[stage]}家长的一封信"
    yield "各位家长："
    law = f"按照义务教育免试就近入学的规定和{BLANK * 2}（文号，发出前填写）"
    yield f"{law}，{township}{name}{first.year}年秋季{STAGE[stage]}新生的学区告知如下。"
    yield "一、学区学校"
    yield f"{first.year}年秋季起入读{_school(desk, village, 0)}。{_told(desk, village, is_new=0 in new)}"
    for turn in new:
        if turn:
            yield f"{desk.held[turn].year}年秋季起，新生改入{_school(desk, village, turn)}；{_those_there(desk, village, turn)}。"
    if upward:
        yield upward
    yield from _REGISTER


def _school(desk: _Desk, village: str, turn: int) -> str:
    """Return the schools of a village with their addresses, whether they open in that year, and the way there."""
    one = desk.held[turn]
    k = desk.place[turn][village]
    zone = int(one.zone[k])
    schools = one.inside(zone)
    opens = {event.school: event.year for event in one.events if event.opens}
    each = [
        f"{desk.names.get(code, code)}（{f'{opens[code]}年新开办，' if code in opens else ''}地址：{desk.address.get(code, BLANK * 2)}）"
        for code in schools
    ]
    metres = int(one.question.metres[k, zone])
    nearest = "到最近的一所" if len(schools) > 1 else "到校"
    way = f"，{nearest}约{metres / 1000:.1f}公里" if metres >= _NEXT_DOOR else ""
    if len(schools) == 1:
        return f"{each[0]}{way}"
    return f"以下学校中的一所（多校划片）：{'；'.join(each)}{way}；在哪一所就读按{BLANK * 2}（办法，发出前填写）确定"


def _told(desk: _Desk, village: str, *, is_new: bool) -> str:
    """Say whether the first school is new, and what becomes of those at the school of today."""
    was = desk.before(village, 0)
    if not was:
        return "此前没有划定学区，本次首次划定。"
    if not is_new:
        return "与现在的学区相同，没有变动。"
    return f"现在的学区是{desk.called(was)}，本次改划；{_those_there(desk, village, 0)}。"


def _those_there(desk: _Desk, village: str, turn: int) -> str:
    """Say what becomes of those who are enrolled at the school that a village leaves."""
    was = desk.before(village, turn)
    gone = [code for code in was if code in desk.closed(turn)]
    if gone:
        return f"{desk.called(gone)}停办，在读学生的去向：{BLANK * 2}（发出前填写）"
    return "已在原学区学校就读的不变，可读到毕业" if desk.held[turn].question.stays else f"在读学生的安排：{BLANK * 2}（发出前填写）"
