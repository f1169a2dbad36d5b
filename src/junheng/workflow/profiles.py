"""What does a school look like from several sides, and against its own past? A profile shows figures; it never adds them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.indicators import evaluate
from junheng.indicators.profile import Profile, alike, may_be_chance, shipped_profiles
from junheng.model import County
from junheng.model.period import statistics_day
from junheng.workflow.judged import stage_label, stage_order
from junheng.workflow.limits import unit_label
from junheng.workflow.numbers import shown
from junheng.workflow.office import Office
from junheng.workflow.views.profiles import AlikePair, ProfileLine, ProfileName, ProfilePage

_NOT_SENT = Text("没有上报", "nothing was sent")
_Place = tuple[str, str]  # school, stage; "" above that level


class _Value(NamedTuple):
    """A value as it is shown, and the share and number it comes from, where it is one."""

    shown: Fraction
    share: Fraction | None
    of: int


_Values = Mapping[tuple[str, _Place], _Value | None]


def profile_names() -> tuple[ProfileName, ...]:
    """Return the profiles that can be asked for."""
    return tuple(ProfileName(one.id, one.title, one.about) for one in shipped_profiles().values())


def profile(folder: Path, name: str, *, year: int | None = None, school: str = "") -> ProfilePage:
    """Return a profile in a school year beside the year before; school: only this one.

    Raises DataError for a profile or a school that there is not, StoreError for a folder that cannot be read.
    """
    asked = shipped_profiles().get(name)
    if asked is None:
        raise DataError(finding("workflow.no_profile", Place(), name, names="、".join(shipped_profiles())))
    office = Office(folder)
    now = office.year(year)
    county, earlier = office.county(now), office.previous(now)
    if school and school not in county.tables["schools"]["school"]:
        raise DataError(finding("workflow.no_such_school", Place(table="schools", column="school"), school))
    values = _values(office, asked, county, now)
    before = _values(office, asked, earlier, now - 1) if earlier is not None else {}
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    places = sorted(dict.fromkeys(place for _, place in values), key=lambda one: (one[0], stage_order(one[1])))
    places = [place for place in places if school in ("", place[0]) and (not asked.stages or place[1] in asked.stages)]
    lines = tuple(line for place in places for line in _lines(office, asked, place, names, values, before))
    pairs, start = _pairs(office, asked, values, names, now) if asked.alike else ((), "")
    return ProfilePage(
        name=office.name,
        title=asked.title,
        about=asked.about,
        of=asked.of,
        year=now,
        year_before=now - 1 if earlier is not None else None,
        day=statistics_day(now).isoformat(),
        lines=lines,
        pairs=pairs,
        alike_from=start,
        findings=() if lines else (finding("workflow.profile_empty", Place(), str(now), title=asked.title),),
    )


def _values(office: Office, asked: Profile, county: County, year: int) -> _Values:
    """Return the exact values by indicator and place."""
    card = evaluate(county, None, {county.code: office.rules(year)}, also=asked.indicators, catalogue=office.catalogue)
    return {
        (row["indicator"], (row["school"] or "", row["stage"] or "")): _exact(row, office.catalogue[row["indicator"]].scale)
        for row in card.items.iter_rows(named=True)
    }


def _exact(row: Mapping[str, Any], scale: Any) -> _Value | None:
    if row["value"] is None:
        return None
    if row["numerator"] is None or not row["denominator"]:
        return _Value(Fraction(repr(row["value"])), None, 0)
    share = Fraction(row["numerator"]) / Fraction(row["denominator"])
    return _Value(share * Fraction(scale), share if 0 <= share <= 1 else None, int(row["denominator"]))


def _chance(now: _Value, then: _Value, *, sampled: bool) -> bool:
    if not sampled or now.share is None or then.share is None:
        return False
    return may_be_chance(now.share, now.of, then.share, then.of)


def _lines(
    office: Office,
    asked: Profile,
    place: _Place,
    names: Mapping[str, str],
    values: _Values,
    before: _Values,
) -> Sequence[ProfileLine]:
    lines = []
    for section in asked.sections:
        for name in section.indicators:
            indicator = office.catalogue[name]
            now, then = values.get((name, place)), before.get((name, place))
            change = "" if now is None or then is None else shown(now.shown - then.shown, indicator.decimals)
            lines.append(
                ProfileLine(
                    school=place[0],
                    name=names.get(place[0], ""),
                    stage=stage_label(place[1]) if place[1] else Text("", ""),
                    section=section.title,
                    indicator=name,
                    title=indicator.title,
                    unit=unit_label(indicator.unit),
                    before="" if then is None else shown(then.shown, indicator.decimals),
                    now="" if now is None else shown(now.shown, indicator.decimals),
                    change=change if change.startswith("-") or not change else f"+{change}",
                    chance=now is not None and then is not None and _chance(now, then, sampled=section.sampled),
                    reason=_NOT_SENT if now is None else Text("", ""),
                    value=None if now is None else float(now.shown),
                    value_before=None if then is None else float(then.shown),
                    decimals=indicator.decimals,
                )
            )
    return lines


def _pairs(office: Office, asked: Profile, values: _Values, names: Mapping[str, str], year: int) -> tuple[tuple[AlikePair, ...], str]:
    """Return how alike the schools are, and from where two count as alike."""
    limit = Fraction(office.rules(year).number(asked.alike, unit="%"))
    shares: dict[str, list[Fraction]] = {}
    for school in dict.fromkeys(place[0] for _, place in values):
        its = [values.get((name, (school, ""))) for name in asked.indicators]
        known = [value.shown for value in its if value is not None]
        if len(known) == len(its):
            shares[school] = known
    pairs = tuple(
        AlikePair(one, names.get(one, ""), other, names.get(other, ""), shown(common, 0), common >= limit)
        for one, other, common in alike(shares)
    )
    return pairs, shown(limit, 0)
