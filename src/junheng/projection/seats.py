"""Seats by school, stage and year: rooms times the class limit, what is declared or pinned, and the programme from the year it counts.

    seats = 0                                            from the year in which the school closes
            max(0, pinned exception, while it lasts
                   or max(rooms x class limit, declared)
                   + programme)                          otherwise

Missing is not zero: where neither rooms nor declared seats were returned the seats are null, whatever the programme adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from junheng.errors import Finding, Text
from junheng.model import County
from junheng.model.checks.gather import gather
from junheng.model.period import statistics_day
from junheng.projection.class_limits import class_limits
from junheng.projection.programme import Programme
from junheng.standards import Rulebook

# Why a row has the seats it has: the words for a reader.
REASONS: dict[str, Text] = {
    "rooms": Text("教室数×班额标准", "rooms x class limit"),
    "declared": Text("申报的学位数（不低于教室数×班额标准）", "the places declared, which are no fewer than rooms x class limit"),
    "pinned": Text("核定的例外", "an exception that was set"),
    "programme": Text("仅由建设项目提供", "of projects only"),
    "closed": Text("已停办或并入他校", "closed, or merged into another school"),
    "not_returned": Text("教室数和学位数均未报送", "neither rooms nor places were returned"),
    "no_class_limit": Text("该学段没有班额标准，且未报学位数", "no class limit for the stage, and no places were returned"),
}

_KEY = ["school", "stage"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Seats:
    """Seats of every school and stage in every year asked for.

    rows: school (its code, or that of the project for a school without one), main (the school of a campus, else the school itself),
    successor (the school that it goes into, now or later, else null), zone (township, null where not known), stage, year, places
    (null: not known), rooms (null: not known), limit (pupils/class), added (seats of the programme within places), reason (a key
    of REASONS).
    """

    rows: pl.DataFrame
    findings: tuple[Finding, ...]


def seats(county: County, rulebook: Rulebook, programme: Programme, years: Sequence[int]) -> Seats:
    """Return the seats of each school and stage on the statistics day of each of `years` (the county's own and later ones).

    A project counts from the first statistics day on which it is in use, and only when that comes after the county's own: before,
    its seats are in the returns already. Purchased places (政府购买学位) at a school whose own seats are returned are within these
    and add nothing; elsewhere they count while the contract lasts. A merger takes the school's seats away; the rooms of the old
    site that stay classrooms go to the successor.
    """
    base = _base(county)
    adds, findings = _added(county, programme, base, years)
    stages = {*base["stage"], *adds["stage"]}
    limits = class_limits(rulebook, stages, years)
    kept, more = _kept(county, base, limits, years)
    adds = _by_school(pl.concat([adds, kept]), limits)
    grid = _grid(base, adds, years).join(limits, on=["stage", "year"], how="left").join(adds.drop("zone"), on=[*_KEY, "year"], how="left")
    grid = grid.join(_pins(county, years), on=[*_KEY, "year"], how="left").join(_closed(county, years), on=["school", "year"], how="left")
    rows = _counted(grid).join(successors(county), on="school", how="left").sort("school", "stage", "year")
    below = rows.filter(pl.col("below"))
    findings += [*more, *_doubts(rows, county.year), *_overdrawn(below)]
    return Seats(rows=rows.drop("below", "declared", "returned"), findings=tuple(findings))


def _base(county: County) -> pl.DataFrame:
    """Return school, stage, declared, returned (rooms), zone, main: every pair that has seats or pupils."""
    returned = county.tables["places"].group_by(_KEY).agg(_known("rooms"), _known("places"))
    returned = returned.select(*_KEY, pl.col("places").alias("declared"), pl.col("rooms").alias("returned"))
    taught = county.tables["enrolment"].filter(pl.col("pupils") > 0).select(_KEY).unique()
    pinned = county.tables["place_pins"].select(_KEY).unique()
    pairs = pl.concat([returned.select(_KEY), taught, pinned]).drop_nulls().unique()
    return (
        pairs.join(returned, on=_KEY, how="left")
        .join(sites(county), on="school", how="left")
        .with_columns(pl.col("main").fill_null(pl.col("school")))
    )


def _by_school(adds: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """Return what is added to each school, stage and year; rooms that a project does not state are those that its seats need."""
    needed = (pl.col("added") / pl.col("limit")).ceil().cast(pl.Int64)
    filled = adds.join(limits, on=["stage", "year"], how="left").with_columns(pl.coalesce("rooms_added", needed).alias("rooms_added"))
    return filled.group_by(*_KEY, "year").agg(pl.col("added").sum(), _known("rooms_added"), pl.col("zone").drop_nulls().first())


def _known(column: str) -> pl.Expr:
    """Return the sum of a column, or null as soon as one value is not known."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum()).alias(column)


def sites(county: County) -> pl.DataFrame:
    """Return school (the code of a school or campus), main (its school's code) and zone (its township), each code once."""
    township = county.tables["villages"].select("village", pl.col("district").alias("by_village")).unique("village")
    schools = county.tables["schools"].join(township, on="village", how="left")
    own = schools.select("school", pl.col("school").alias("main"), pl.coalesce("district", "by_village").alias("zone"))
    homes = own.select("main", pl.col("zone").alias("home"))
    campuses = (
        county.tables["campuses"].join(township, on="village", how="left").rename({"school": "main"}).join(homes, on="main", how="left")
    )
    there = campuses.select(pl.col("campus").alias("school"), "main", pl.coalesce("by_village", "home").alias("zone"))
    return pl.concat([own, there]).drop_nulls("school").unique("school", keep="first")


def _added(county: County, programme: Programme, base: pl.DataFrame, years: Sequence[int]) -> tuple[pl.DataFrame, list[Finding]]:
    """Return school, stage, year, added, rooms_added, zone of the programme, and findings about purchases that add nothing."""
    there = set(base.filter(pl.col("declared").is_not_null() | pl.col("returned").is_not_null()).select(_KEY).iter_rows())
    rows, within = [], []
    for one in programme.projects:
        if one.counted_from is None or not one.places or not one.stage:
            continue
        bought = one.kind == "purchase"
        if bought and (one.school, one.stage) in there:
            within.append({"project": one.project, "name": one.name, "seats": one.places})
            continue
        first = one.counted_from if bought else max(one.counted_from, county.year + 1)
        if one.counted_from <= county.year and not bought:
            continue
        last = one.counted_until if one.counted_until is not None else max(years, default=0)
        rows += [
            (one.school or one.project, one.stage, year, one.places, one.rooms, one.district or None)
            for year in years
            if first <= year <= last
        ]
    found = Text("“{name}”的{seats}个学位", 'the {seats} places of "{name}"')
    notes = gather("projection.purchase_within_returns", "projects", "places", pl.DataFrame(within), found) if within else []
    return pl.DataFrame(rows, schema=_ADDED, orient="row"), notes


_ADDED = {
    "school": pl.String(),
    "stage": pl.String(),
    "year": pl.Int64(),
    "added": pl.Int64(),
    "rooms_added": pl.Int64(),
    "zone": pl.String(),
}


def _kept(county: County, base: pl.DataFrame, limits: pl.DataFrame, years: Sequence[int]) -> tuple[pl.DataFrame, list[Finding]]:
    """Return what closing schools leave to their successors, in the shape of _added, and findings about what cannot be told."""
    closing = _closing(county).filter(pl.col("successor").is_not_null())
    stages = base.group_by("school").agg(pl.col("stage").sort())
    closing = closing.join(stages, on="school", how="inner")
    unclear = closing.filter(
        pl.when(pl.col("rooms_kept").is_null()).then(pl.col("kind") == "merge").otherwise(pl.col("stage").list.len() > 1)
    )
    sure = closing.filter((pl.col("rooms_kept") > 0) & (pl.col("stage").list.len() == 1)).explode("stage")
    per_year = sure.join(pl.DataFrame({"of": list(years)}, schema={"of": pl.Int64}), how="cross").filter(pl.col("of") >= pl.col("year"))
    joined = per_year.drop("year").rename({"of": "year"}).join(limits, on=["stage", "year"]).filter(pl.col("limit").is_not_null())
    zones = sites(county).select(pl.col("school").alias("successor"), "zone")
    kept = joined.join(zones, on="successor", how="left").select(
        pl.col("successor").alias("school"),
        "stage",
        "year",
        (pl.col("rooms_kept") * pl.col("limit")).alias("added"),
        pl.col("rooms_kept").alias("rooms_added"),
        "zone",
    )
    words = unclear.select(
        "school", pl.col("kind").alias("change"), "year", pl.col("rooms_kept").cast(pl.String).fill_null("—").alias("rooms")
    )
    found = Text("{year}学年起撤并，保留教室{rooms}", "closed from {year}, rooms kept: {rooms}")
    return kept, gather("projection.rooms_kept_unknown", "school_changes", "rooms_kept", words, found)


def _closing(county: County) -> pl.DataFrame:
    """Return the closures and mergers that are still to come."""
    return county.tables["school_changes"].filter(pl.col("kind").is_in(["close", "merge"]) & (pl.col("year") > county.year))


def successors(county: County) -> pl.DataFrame:
    """Return school, successor: the last school in the line of mergers and changes of code of every year, past and decided."""
    pairs = county.tables["school_changes"].filter(pl.col("successor").is_not_null()).sort("year")
    after = dict(pairs.select("school", "successor").iter_rows())
    for school in after:
        passed = {school}
        while after[school] in after and after[school] not in passed:
            passed.add(after[school])
            after[school] = after[after[school]]
    schema = {"school": pl.String(), "successor": pl.String()}
    return pl.DataFrame(list(after.items()), schema=schema, orient="row")


def _closed(county: County, years: Sequence[int]) -> pl.DataFrame:
    first = _closing(county).group_by("school").agg(pl.col("year").min().alias("from"))
    every = first.join(pl.DataFrame({"year": list(years)}, schema={"year": pl.Int64}), how="cross")
    return every.filter(pl.col("year") >= pl.col("from")).select("school", "year", pl.lit(value=True).alias("closed"))


def _pins(county: County, years: Sequence[int]) -> pl.DataFrame:
    days = pl.DataFrame({"year": list(years), "day": [statistics_day(year) for year in years]}, schema={"year": pl.Int64, "day": pl.Date})
    pins = county.tables["place_pins"].unique(_KEY, keep="first", maintain_order=True).join(days, how="cross")
    holds = pl.col("until").is_null() | (pl.col("day") <= pl.col("until"))
    return pins.filter(holds & pl.col("places").is_not_null()).select(*_KEY, "year", pl.col("places").alias("pinned"))


def _grid(base: pl.DataFrame, adds: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """Return a row for each school, stage and year; what only projects provide has a row in every year too, empty before."""
    new = adds.join(base, on=_KEY, how="anti").group_by(_KEY).agg(pl.col("zone").first())
    none = pl.lit(None, dtype=pl.Int64)
    fresh = new.select(*_KEY, none.alias("declared"), none.alias("returned"), pl.col("school").alias("main"), "zone")
    known = base.select(*_KEY, pl.col("declared").cast(pl.Int64), pl.col("returned").cast(pl.Int64), "main", "zone")
    both = pl.concat([known.with_columns(pl.lit(value=False).alias("new")), fresh.with_columns(pl.lit(value=True).alias("new"))])
    return both.join(pl.DataFrame({"year": list(years)}, schema={"year": pl.Int64}), how="cross")


def _counted(grid: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with places, rooms and the reason for them."""
    by_rooms, declared, new = pl.col("returned") * pl.col("limit"), pl.col("declared"), pl.col("new")
    added, closed = pl.col("added").fill_null(0), pl.col("closed").fill_null(value=False)
    own = pl.when(pl.col("pinned").is_not_null()).then("pinned").when(new).then(0).otherwise(pl.max_horizontal(by_rooms, declared))
    total = own + added
    more = pl.when(pl.col("added").is_null()).then(0).otherwise("rooms_added")
    rooms = pl.when(closed).then(0).when(new).then(more).otherwise(pl.col("returned") + more).clip(0)
    reason = (
        pl.when(closed).then(pl.lit("closed"))
        .when(pl.col("pinned").is_not_null()).then(pl.lit("pinned"))
        .when(new).then(pl.lit("programme"))
        .when(declared.is_null() & pl.col("returned").is_null()).then(pl.lit("not_returned"))
        .when(declared.is_null() & pl.col("limit").is_null()).then(pl.lit("no_class_limit"))
        .when(by_rooms.is_null() | (declared > by_rooms)).then(pl.lit("declared"))
        .otherwise(pl.lit("rooms"))
    )  # fmt: skip
    return grid.select(
        *_KEY,
        "main",
        "zone",
        "year",
        pl.when(closed).then(0).otherwise(total.clip(0)).alias("places"),
        rooms.alias("rooms"),
        "limit",
        pl.when(closed).then(0).otherwise(added).alias("added"),
        reason.alias("reason"),
        (~closed & (total < 0)).fill_null(value=False).alias("below"),
        "declared",
        "returned",
    )


def _doubts(rows: pl.DataFrame, year: int) -> Iterator[Finding]:
    """Tell what the seats of the county's own year rest on that a reader should know."""
    now = rows.filter(pl.col("year") == (year if year in rows["year"] else rows["year"].min()))
    unknown = now.filter(pl.col("places").is_null())
    yield from gather("projection.seats_unknown", "places", "rooms", unknown, Text("空", "nothing"))
    above = now.filter(pl.col("reason") == "declared", pl.col("returned") > 0, pl.col("limit").is_not_null())
    above = above.with_columns((pl.col("returned") * pl.col("limit")).alias("seated"))
    found = Text(
        "{stage}学位{declared}，教室{returned}间按标准为{seated}",
        "{declared} places ({stage}); {returned} rooms seat {seated} at the class limit",
    )
    yield from gather("projection.declared_above_rooms", "places", "places", above, found)
    nowhere = now.filter(pl.col("zone").is_null()) if now["zone"].is_not_null().any() else now.clear()
    yield from gather("projection.seats_without_township", "places", "school", nowhere, Text("{school}", "{school}"))


def _overdrawn(below: pl.DataFrame) -> list[Finding]:
    first = below.group_by(_KEY).agg(pl.col("year").min(), pl.col("added").first())
    found = Text("{year}学年项目减少{added}个学位，多于现有学位", "{added} places by projects in {year}, more than there are")
    return gather("projection.more_taken_than_there", "places", "places", first, found)
