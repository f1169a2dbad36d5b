"""A county before and after a proposal, by the same judge: which verdicts turn, and which figures move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from junheng.errors import Text
from junheng.model import County
from junheng.workflow.assess import assess_county
from junheng.workflow.compare import side_by_side
from junheng.workflow.map_view import map_of
from junheng.workflow.office import Office
from junheng.workflow.views import Assessment, Compared, Verdict
from junheng.workflow.views.proposals import JudgedPair, Place, PlaceMap

_MOST_MOVED = 200
_WHOLES: dict[str, Text] = {  # the farthest from met first
    "missed": Text("未达标", "missed"),
    "not_decided": Text("不能判定", "not decided"),
    "met": Text("达标", "met"),
    "not_applicable": Text("不适用", "not applicable"),
}


def judged_between(office: Office, before: County, after: County) -> tuple[JudgedPair, ...]:
    """Return each framework of the authority before both counties, which are of one year."""
    return tuple(_pair(office, before, after, name) for name in office.frameworks(None))


def _pair(office: Office, before: County, after: County, framework: str) -> JudgedPair:
    first, second = (assess_county(office, county, framework) for county in (before, after))
    rows = side_by_side(first, second, same_county=True).rows
    turned = tuple(row for row in rows if row.before_verdict != row.after_verdict)
    moved = tuple(row for row in rows if row not in turned and row.change and float(row.change) != 0)
    old, new = Counter(_verdicts(first)), Counter(_verdicts(second))
    return JudgedPair(
        framework=framework,
        title=first.title,
        applies=first.applies,
        before=first.verdict,
        after=second.verdict,
        counts=tuple((verdict, old[verdict], new[verdict]) for verdict in sorted(old | new)),
        turned=turned,
        moved=moved[:_MOST_MOVED],
        sentence=_sentence(turned, moved),
        map=_map(before, first, second),
    )


def _map(county: County, first: Assessment, second: Assessment) -> PlaceMap | None:
    """Return the schools in the colour of their conclusion, before and after: of several stages the one that is farthest from met."""
    old, new = _schools(first), _schools(second)
    units = {unit.school: unit for unit in (*first.units, *second.units) if unit.judged}
    marks = tuple(
        Place(school, unit.name, unit.lon, unit.lat, old.get(school, ""), new.get(school, ""), None, None)
        for school, unit in sorted(units.items())
        if unit.lon is not None and unit.lat is not None
    )
    if not marks:
        return None
    changed = sum(mark.before != mark.after for mark in marks)
    return PlaceMap(
        id=f"judged-{first.framework}",
        title=Text(f"各校结论：{first.title.zh}", f"Schools: {first.title.en}"),
        places="schools",
        kind="category",
        areas=map_of(county).areas,
        marks=marks,
        names=tuple((code, word) for code, word in _WHOLES.items() if any(code in (one.before, one.after) for one in marks)),
        changed=changed,
        sentence=Text(f"图上{len(marks)}所学校，其中{changed}所的结论改变", f"{len(marks)} schools, the conclusion of {changed} changes"),
        is_grouped=False,
    )


def _schools(assessment: Assessment) -> dict[str, str]:
    found: dict[str, str] = {}
    order = list(_WHOLES)
    for unit in assessment.units:
        if unit.judged:
            found[unit.school] = min(found.get(unit.school, order[-1]), unit.verdict, key=order.index)
    return found


def _verdicts(assessment: Assessment) -> Iterator[Verdict]:
    for part in assessment.parts:
        yield from (item.verdict for item in part.items)
    for unit in assessment.units:
        yield from (item.verdict for item in unit.items)


def _sentence(turned: tuple[Compared, ...], moved: tuple[Compared, ...]) -> Text:
    gained, lost = (sum(row.turn == turn for row in turned) for turn in ("gained", "lost"))
    if not turned and not moved:
        return Text(
            "各条结论和数值都不变：本方案不改动该认定体系所用的数据",
            "no verdict and no figure changes: the proposal touches none of its data",
        )
    if not turned:
        return Text(f"各条结论不变，{len(moved)}个数值有变化", f"no verdict changes; {len(moved)} figures move")
    return Text(
        f"{gained}条转为达标，{lost}条转为未达标，另有{len(turned) - gained - lost}条结论有其他变化，{len(moved)}个数值有变化",
        f"{gained} now met, {lost} no longer met, {len(turned) - gained - lost} changed otherwise; {len(moved)} figures move",
    )
