"""Fairfax County, Virginia, as an instance for catchments: blocks, schools, drive times, today's zones, four official scenarios.

python benchmarks/fairfax.py --data DIR        (DIR has fairfax_va; prints what the instance holds, beside the figures published with it)

The files come from github mzwu/redist-fcps (MIT), US Census TIGER/PL 2020 (public domain), open data of Fairfax County and of its
public schools, and OSRM on OpenStreetMap (ODbL); see PROVENANCE.md there. They are not part of this repository.
**Pupils of a block are not known**: each zone's membership is spread over its blocks by housing units, in whole pupils that keep the
zone's total.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

LEVELS = {"ES": ("elem", "primary", "es"), "MS": ("middle", "junior", "ms"), "HS": ("high", "senior", "hs")}
PLANS = ("current", "scenario2", "scenario3", "scenario4", "scenario5")
PUBLISHED = {"mean drive today": 276, "mean drive to the nearest": 232, "zones in pieces": 45}  # elementary; by residents


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blocks:
    """What does not differ by level. B blocks, in the order of idx."""

    code: tuple[str, ...]  # (B,) census block
    residents: np.ndarray  # (B,) of all ages, 2020
    housing_units: np.ndarray  # (B,)
    lon: np.ndarray  # (B,) degrees, NAD 83
    lat: np.ndarray
    land_m2: np.ndarray
    edges: np.ndarray  # (E, 2) blocks that touch, each pair once


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Level:
    """One level of schools: S schools in the order of the columns of drive times."""

    name: str  # ES, MS or HS
    stage: str
    code: tuple[str, ...]  # (S,)
    school: tuple[str, ...]  # (S,) name
    capacity: np.ndarray  # (S,)
    membership: np.ndarray  # (S,) autumn 2024
    home: np.ndarray  # (S,) the block that holds the school
    lon: np.ndarray
    lat: np.ndarray
    seconds: np.ndarray  # (B, S) drive
    zones: dict[str, np.ndarray]  # plan -> (B,) place of the school; "current" and four scenarios
    pupils: np.ndarray  # (B,) today's membership spread over the zone's blocks


def blocks(data: Path) -> Blocks:
    """Return the blocks of the folder that has fairfax_va."""
    frame = _frame(data)
    edges = pl.read_csv(data / "fairfax_va" / "block_adjacency.csv").select("u", "v").to_numpy().astype(np.int64)
    residents, units, lon, lat, land = (frame[name].to_numpy() for name in ("pop", "housing_units", "lon", "lat", "land_m2"))
    return Blocks(
        code=tuple(frame["geoid"].to_list()), residents=residents, housing_units=units, lon=lon, lat=lat, land_m2=land, edges=edges
    )


def level(data: Path, name: str) -> Level:
    """Return one level, "ES", "MS" or "HS"."""
    zone, stage, file = LEVELS[name]
    frame = _frame(data)
    schools = pl.read_csv(data / "fairfax_va" / "schools.csv", schema_overrides={"code": pl.String}).filter(pl.col("type") == name)
    seconds = pl.read_parquet(data / "fairfax_va" / f"drive_seconds_{file}.parquet")
    schools = pl.DataFrame({"code": seconds.columns}).join(schools, on="code", how="left", maintain_order="left")
    place = {code: index for index, code in enumerate(seconds.columns)}
    zones = {plan: frame[f"{zone}_{plan}"].cast(pl.String).replace_strict(place, return_dtype=pl.Int64).to_numpy().copy() for plan in PLANS}
    membership = schools["membership"].to_numpy().astype(np.int64)
    lon, lat, home = (schools[name].to_numpy() for name in ("lon", "lat", "block_idx"))
    return Level(
        name=name,
        stage=stage,
        code=tuple(schools["code"].to_list()),
        school=tuple(schools["name"].to_list()),
        capacity=schools["capacity"].to_numpy().astype(np.int64),
        membership=membership,
        home=home.astype(np.int64),
        lon=lon,
        lat=lat,
        seconds=seconds.to_numpy().astype(np.int64),
        zones=zones,
        pupils=spread(membership, zones["current"], frame["housing_units"].to_numpy().astype(np.float64)),
    )


def _frame(data: Path) -> pl.DataFrame:
    columns = ["idx", "geoid", "pop", "housing_units", "land_m2", "lon", "lat"]
    columns += [f"{zone}_{plan}" for zone, _, _ in LEVELS.values() for plan in PLANS]
    return pl.read_parquet(data / "fairfax_va" / "blocks.parquet", columns=columns).sort("idx")


def spread(membership: np.ndarray, zone: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return whole pupils by block (B,) that keep each zone's membership (S,), in proportion to weight; a zone of no weight equally."""
    pupils = np.zeros(len(zone), dtype=np.int64)
    for school, many in enumerate(membership):
        its = np.flatnonzero(zone == school)
        if not len(its):
            continue
        share = weight[its] if weight[its].sum() > 0 else np.ones(len(its))
        exact = many * share / share.sum()
        whole = np.floor(exact + 1e-9).astype(np.int64)
        order = np.lexsort((its, -(exact - whole)))
        whole[order[: many - whole.sum()]] += 1
        pupils[its] = whole
    return pupils


def pieces(edges: np.ndarray, zone: np.ndarray, schools: int) -> np.ndarray:
    """Return into how many pieces each zone falls, (S,): 1 is connected, 0 has no block."""
    from junheng.planning.sparse import pieces as of_graph

    inside = edges[zone[edges[:, 0]] == zone[edges[:, 1]]]
    piece = of_graph(inside[:, 0], inside[:, 1], len(zone))
    return np.bincount(np.unique(np.column_stack([zone, piece]), axis=0)[:, 0], minlength=schools)


def county(data: Path, name: str, year: int = 2024) -> object:
    """Return a County of one level: blocks as villages, drive times as supplied, places, neighbours, pupils; zones are in Level.zones.

    It lies outside the bounds of the schema's coordinates, so `check` tells each place: it is for measuring, not for reading in.
    """
    from junheng.model import county as county_of

    area, one = blocks(data), level(data, name)
    schools = [f"{name}{code}" for code in one.code]
    minutes = (one.seconds.astype(np.float64) / 60).round(4)
    rows, columns = np.divmod(np.arange(minutes.size), len(schools))
    text = pl.Series(area.code)
    fixed = {"stage": one.stage, "grade": "all", "year": year}
    tables = {
        "villages": pl.DataFrame({"village": text, "name": text, "households": area.housing_units, **_degrees(area.lon, area.lat)}),
        "adjacency": pl.DataFrame({"village_a": text[area.edges[:, 0]], "village_b": text[area.edges[:, 1]]}),
        "schools": pl.DataFrame(
            {"school": schools, "name": one.school, "kind": _kind(one), "village": text[one.home], **_degrees(one.lon, one.lat)}
        ),
        "places": pl.DataFrame({"school": schools, "stage": one.stage, "places": one.capacity}),
        "enrolment": pl.DataFrame({"school": schools, "stage": one.stage, "grade": "all", "sex": "all", "pupils": one.membership}),
        "village_pupils": pl.DataFrame({"village": text, **fixed, "pupils": one.pupils}),
        "travel_times": pl.DataFrame(
            {
                "origin_kind": "village",
                "origin": text[rows],
                "school": pl.Series(schools)[columns],
                "mode": "drive",
                "minutes": pl.Series(minutes.ravel()).cast(pl.Decimal(18, 4)),
            }
        ),
    }
    return county_of("510059", year, tables)


def _kind(one: Level) -> str:
    return {"primary": "primary", "junior": "junior", "senior": "senior"}[one.stage]


def _degrees(lon: np.ndarray, lat: np.ndarray) -> dict[str, list[Decimal]]:
    return {name: [Decimal(f"{value:.6f}") for value in axis] for name, axis in (("lon", lon), ("lat", lat))}


def mean(seconds: np.ndarray, weight: np.ndarray) -> str:
    """Return the mean drive in words."""
    return f"{np.average(seconds, weights=weight):.1f} s"


def main() -> None:
    """Print what the instance holds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    area = blocks(asked.data)
    print(f"{len(area.code):,} blocks, {len(area.edges):,} pairs that touch, {area.residents.sum():,} residents; published: {PUBLISHED}")
    for name in LEVELS:
        one = level(asked.data, name)
        every = np.arange(len(area.code))
        print(
            f"{name}: {len(one.code)} schools, {one.membership.sum():,} pupils ({one.pupils.sum():,} spread), {one.capacity.sum():,} places"
        )
        best = one.seconds.min(axis=1)
        print(f"   nearest: {mean(best, area.residents)} by residents, {mean(best, one.pupils)} by pupils")
        for plan, zone in one.zones.items():
            drive, load = one.seconds[every, zone], np.bincount(zone, one.pupils, len(one.code))
            moved = one.pupils[zone != one.zones["current"]].sum()
            print(
                f"   {plan}: {mean(drive, area.residents)} by residents, {mean(drive, one.pupils)} by pupils, "
                f"{(pieces(area.edges, zone, len(one.code)) > 1).sum()} zones in pieces, {moved:,} pupils moved, "
                f"{(load > one.capacity).sum()} schools over by {np.maximum(load - one.capacity, 0).sum():,.0f}, "
                f"{(zone[one.home] != np.arange(len(one.code))).sum()} schools outside their zone"
            )


if __name__ == "__main__":
    main()
