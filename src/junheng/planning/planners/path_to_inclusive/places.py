"""Where a new public kindergarten could stand: projects of the county's programme first, then its plots, then villages that lack one.

What the county does not say is assumed, and every line of the bill says which: a village has no plot, no price and no day of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.planners.path_to_inclusive.gardens import KIND, STAGE, Garden, Site
from junheng.planning.planners.path_to_inclusive.outlook import WHOLE, Outlook
from junheng.projection.programme import Project, programme
from junheng.standards.rulebook import Rulebook

_NOTHING = ("pupils", "classes", "staff", "teachers", "certified", "heads", "certified_heads", "carers", "colleges", "established")
_ROOMS = ("floor", "outdoor", "activity", "books", "rooms")
_OF_NEW = ("build", "convert")  # kinds of project that make a kindergarten where none is
_WHERE = ("village", "district", "lon", "lat", "coordinates")


def candidates(
    county: County, rules: Rulebook, told: Outlook, home: Mapping[str, int | None], size: int, known: set[str]
) -> tuple[Garden, ...]:
    """Return the kindergartens that could be built, each as one that has nothing yet, with codes that no school has.

    home: children at home by township in the year asked for; size: children of a class; known: the kindergartens that stand.
    """
    sites = [*_projects(county, rules, size, known), *_plots(county, home, size)]
    taken = {site.place.get("district") for site in sites if site.kind == "plot"}
    sites += _villages(county, told, home, size, taken)
    codes = _codes(county, len(sites))
    nothing: dict[str, float | None] = dict.fromkeys((*_NOTHING, *_ROOMS), 0.0)
    return tuple(
        Garden(
            school=code,
            name=site.name,
            is_public=True,
            is_inclusive=False,
            is_estate=False,
            built=None,
            grades={},
            has=nothing,
            site=site,
        )
        for code, site in zip(codes, sites, strict=True)
    )


def _projects(county: County, rules: Rulebook, size: int, known: set[str]) -> Iterator[Site]:
    """Yield the kindergartens of the programme that are not in use, with their own money and day.

    Whether children lack one there is not asked: the county has decided.
    """
    plots = {row["project"]: row for row in county.tables["sites"].filter(pl.col("stage") == STAGE).iter_rows(named=True) if row["project"]}
    for one in programme(county, rules, rules.day).projects:
        if one.stage != STAGE or one.kind not in _OF_NEW or one.opened or one.school in known:
            continue
        if one.counted_from is not None and one.counted_from <= county.year:
            continue
        classes = one.rooms or (one.places or 0) // size
        if classes:
            yield _of_programme(one, plots.get(one.project, {}), classes, county.year)


def _of_programme(one: Project, plot: Mapping[str, Any], classes: int, year: int) -> Site:
    when = Text("投用日期未定", "its day of use is not known")
    if one.counted_from is not None:
        when = Text(f"预计{one.counted_from}年9月投用", f"in use by September {one.counted_from}")
    return Site(
        key=("projects.project", one.project),
        kind="project",
        name=one.name,
        place={
            **{name: plot[name] for name in _WHERE if plot.get(name) is not None},
            **({"district": one.district} if one.district else {}),
        },
        area=plot.get("area_m2"),
        classes=classes,
        fixed=one.yuan,
        yuan=None if one.yuan is None else Decimal(0),
        lead=None if one.counted_from is None else one.counted_from - year,
        why=Text(f"项目库项目{one.project}，{when.zh}", f"project {one.project} of the programme, {when.en}"),
        at_home=None,
    )


def _plots(county: County, home: Mapping[str, int | None], size: int) -> Iterator[Site]:
    rows = county.tables["sites"].filter((pl.col("stage") == STAGE) & pl.col("project").is_null()).sort("site")
    for row in rows.iter_rows(named=True):
        classes = int(row["places"] or 0) // size
        if classes:
            each = row["yuan_per_place"]
            yield Site(
                key=("sites.site", row["site"]),
                kind="plot",
                name=f"{row['name'] or row['site']}新建幼儿园",
                place={name: row[name] for name in _WHERE if row[name] is not None},
                area=row["area_m2"],
                classes=classes,
                fixed=row["yuan_fixed"],
                yuan=None if each is None else Decimal(each) * size,
                lead=row["lead_years"],
                why=Text(f"备选用地{row['site']}", f"plot {row['site']}"),
                at_home=home.get(row["district"] or WHOLE),
            )


def _villages(county: County, told: Outlook, home: Mapping[str, int | None], size: int, taken: set[object]) -> Iterator[Site]:
    """Yield the village with most children that has no kindergarten, of each township where a class of children and more lack one."""
    served = set(county.tables["schools"].filter(pl.col("kind") == KIND)["village"].drop_nulls().to_list())
    rows = county.tables["villages"].unique("village", keep="first").filter(pl.col("district").is_not_null()).sort("village")
    best: dict[str, dict[str, Any]] = {}
    for row in rows.iter_rows(named=True):
        many, town = told.villages.get(row["village"], 0), row["district"]
        if row["village"] not in served and many and (town not in best or many > told.villages[best[town]["village"]]):
            best[town] = row
    for town, row in sorted(best.items()):
        lacking = home.get(town) or 0
        if lacking < size or town in taken:
            continue
        spot = {"lon": row["lon"], "lat": row["lat"], "coordinates": "village_point"} if row["lon"] is not None else {}
        yield Site(
            key=("villages.village", row["village"]),
            kind="village",
            name=f"{row['name'] or row['village']}新建幼儿园",
            place={"village": row["village"], "district": town, **spot},
            area=None,
            classes=-(-lacking // size),
            fixed=None,
            yuan=None,
            lead=None,
            why=Text(
                "该乡镇没有学前用地，暂以尚无幼儿园、幼儿最多的村居为址",
                "no plot there: the village with most children that has no kindergarten",
            ),
            at_home=lacking,
        )


def _codes(county: County, many: int) -> list[str]:
    """Return codes that follow those of the kindergartens that stand; the office gives the true ones."""
    codes = county.tables["schools"].filter(pl.col("kind") == KIND)["school"].to_list()
    taken = set(county.tables["schools"]["school"].to_list())
    last = max((int(each) for each in codes if each.isdecimal()), default=int(f"11{county.code[:2]}{0:06d}"))
    free = (f"{last + k:010d}" for k in range(1, many + len(taken) + 1))
    return [code for code in free if code not in taken][:many]
