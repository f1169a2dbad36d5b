"""What leads from one place to another: neighbouring villages, roads, barriers, ways to school that were supplied."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.gather import gather
from junheng.model.county import County

_PAIR = Text("{village_a}–{village_b}", "{village_a}-{village_b}")


def check_adjacency(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find villages that neighbour themselves, pairs told one way only or differently both ways, and villages without a neighbour."""
    pairs = county.tables["adjacency"].drop_nulls(["village_a", "village_b"])
    if not pairs.height:
        return
    itself = pl.col("village_a") == pl.col("village_b")
    yield from gather("model.adjacency_to_itself", "adjacency", "village_b", pairs.filter(itself), _PAIR)
    pairs = pairs.filter(~itself)
    back = pairs.select(pl.col("village_b").alias("village_a"), pl.col("village_a").alias("village_b"), pl.col("shared_m").alias("back_m"))
    both = pairs.join(back.with_columns(pl.lit(value=True).alias("told")), on=["village_a", "village_b"], how="left")
    if both["told"].any():  # the table tells pairs both ways, so one way only is half a pair
        yield from gather("model.adjacency_one_way", "adjacency", "village_b", both.filter(pl.col("told").is_null()), _PAIR)
    differ = both.filter((pl.col("shared_m") != pl.col("back_m")) & (pl.col("village_a") < pl.col("village_b")))
    found = Text("{shared_m}米与{back_m}米", "{shared_m} m and {back_m} m")
    yield from gather("model.adjacency_differs", "adjacency", "shared_m", differ, found)
    named = pl.concat([pairs["village_a"], pairs["village_b"]]).unique()
    alone = county.tables["villages"].filter(~pl.col("village").is_in(named.implode()))
    yield from gather("model.village_without_neighbours", "villages", "village", alone, Text("没有相邻的村居", "no neighbour"))


def check_roads(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find roads that lead nowhere, and barriers that nobody can cross."""
    circles = county.tables["roads"].filter(pl.col("from_node") == pl.col("to_node"))
    yield from gather("model.road_to_itself", "roads", "to_node", circles, Text("{to_node}", "{to_node}"))
    barriers, crossings = county.tables["barriers"], county.tables["crossings"]
    closed = barriers.filter(~pl.col("barrier").is_in(crossings["barrier"].drop_nulls().implode()))
    yield from gather("model.barrier_without_crossing", "barriers", "barrier", closed, Text("没有安全通道", "no crossing"))


def check_travel_times(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find ways from and to what is not there, cells without a number, and cells that a matrix leaves out."""
    times = county.tables["travel_times"]
    if not times.height:
        return
    sites = times.filter(pl.col("origin_kind") == "site")["origin"]
    schools = pl.concat([county.tables["schools"]["school"], county.tables["campuses"]["campus"]])
    starts = {"village": county.tables["villages"]["village"], "school": schools}
    for kind, known in starts.items():
        lost = times.filter((pl.col("origin_kind") == kind) & ~pl.col("origin").is_in(known.drop_nulls().implode()))
        yield from gather("model.travel_between_unknown", "travel_times", "origin", lost, Text("起点{origin}", "origin {origin}"))
    ends = pl.concat([schools, sites]).drop_nulls().unique()
    lost = times.filter(~pl.col("school").is_in(ends.implode()))
    yield from gather("model.travel_between_unknown", "travel_times", "school", lost, Text("终点{school}", "destination {school}"))
    said = pl.col("minutes").is_not_null() | pl.col("metres").is_not_null()
    empty = times.filter(~said & pl.col("reachable").fill_null(value=True))
    yield from gather("model.travel_without_number", "travel_times", "minutes", empty, Text("空", "nothing"))
    against = times.filter(said & (pl.col("reachable") == False))  # noqa: E712
    yield from gather(
        "model.travel_reached_and_not", "travel_times", "reachable", against, Text("到不了，却有路程", "not reachable, and a way")
    )
    yield from _left_out(times)


def _left_out(times: pl.DataFrame) -> Iterator[Finding]:
    """Find origins of a matrix that lack some of its schools."""
    groups = times.group_by("origin_kind", "mode").agg(pl.col("school").n_unique().alias("schools"))
    rows = times.group_by("origin_kind", "origin", "mode").agg(pl.col("school").n_unique().alias("cells"), pl.col("school").min())
    short = rows.join(groups, on=["origin_kind", "mode"]).filter(pl.col("cells") < pl.col("schools"))
    found = Text("{origin}只有{cells}所学校，共{schools}所", "{cells} of {schools} schools from {origin}")
    yield from gather("model.travel_matrix_incomplete", "travel_times", "school", short, found)
