"""Tainan City: 752 villages, primary catchments as published, a plan for all of them; villages that no school names get one.

Run: PYTHONPATH=src python benchmarks/planning_tainan.py --data DIR [--gap 0.01] [--seconds 120]      (DIR has tainan_tw)
Pupils of a village: residents aged 6 to 11. Places are not published: taken are 29 a class, or the pupils enrolled and a tenth more.
Schools stand at the point of the village in their address (see PROVENANCE.md), so ways within a village count as none.
Beside the planner's verifier, the new tables alone are looked at: every village is in one zone, and every zone is walked from its school.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import checked
import numpy as np
import polars as pl
from measure import machine

from junheng.model import County, apply
from junheng.model import county as county_of
from junheng.planning.planners.catchments.question import ask
from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from junheng.planning.solve import Limits, Watch
from junheng.standards import Rulebook, shipped

CODE, YEAR, CLASS = "670000", 2014, 29


def read(data: Path) -> County:
    """Return the county with today's catchments: a village belongs to the first school that names it whole and alone, else the first."""
    folder = data / "tainan_tw"
    villages = pl.read_parquet(folder / "villages_2014.parquet", columns=_COLUMNS).unique("village_code").sort("village_code")
    children = villages.select(pl.sum_horizontal([f"{sex}{age}" for sex in "mf" for age in range(6, 12)])).to_series()
    schools = pl.read_csv(folder / "schools_2014.csv", infer_schema_length=0).filter(pl.col("level") == "primary")
    schools = schools.with_columns(pl.col("pupils", "classes_total").cast(pl.Int64, strict=False)).sort("school_code")
    schools = schools.filter(pl.col("village_code").is_not_null())  # of one school no place is known
    places = schools.select(pl.max_horizontal(pl.col("classes_total") * CLASS, (pl.col("pupils") * 1.1).ceil().cast(pl.Int64))).to_series()
    named = pl.read_csv(folder / "catchment_villages_auto.csv", infer_schema_length=0).filter(pl.col("level") == "primary")
    named = named.filter(pl.col("school_code").is_in(schools["school_code"].to_list())).sort("shared", "named_partly", "school_code")
    today = named.unique("village_code", keep="first", maintain_order=True).filter(
        pl.col("village_code").is_in(villages["village_code"].to_list())
    )
    edges = pl.read_csv(folder / "village_adjacency.csv", schema_overrides={"village_a": pl.String, "village_b": pl.String})
    codes, text = schools["school_code"], villages["village_code"]
    home = dict(schools.select("school_code", "village_code").iter_rows())
    first: dict[str, str] = {}
    for code, village in home.items():
        first.setdefault(village or code, code)
    zone = {code: first[village or code] for code, village in home.items()}
    tables = {
        "villages": pl.DataFrame({"village": text, "name": villages["name"], **_degrees(villages)}),
        "adjacency": edges.select("village_a", "village_b"),
        "schools": pl.DataFrame(
            {"school": codes, "name": schools["school"], "kind": "primary", "village": schools["village_code"]}
        ).with_columns(**{name: pl.Series(values) for name, values in _degrees(schools).items()}),
        "places": pl.DataFrame({"school": codes, "stage": "primary", "places": places}),
        "village_pupils": pl.DataFrame({"village": text, "stage": "primary", "grade": "all", "year": YEAR, "pupils": children}),
        "catchments": pl.DataFrame({"stage": "primary", "school": codes, "zone": [zone[code] for code in codes]}),
        "catchment_villages": pl.DataFrame(
            {"stage": "primary", "village": today["village_code"], "zone": [zone[code] for code in today["school_code"]]}
        ),
    }
    return county_of(CODE, YEAR, tables)


_COLUMNS = ["village_code", "name", "lon", "lat", *(f"{sex}{age}" for sex in "mf" for age in range(6, 12))]


def _degrees(frame: pl.DataFrame) -> dict[str, list[Decimal | None]]:
    axes = {name: frame[name].cast(pl.Float64, strict=False).to_list() for name in ("lon", "lat")}
    return {name: [None if value is None else Decimal(f"{value:.6f}") for value in axis] for name, axis in axes.items()}


def walked(county: County) -> int:
    """Return how many zones there are, after seeing from the tables alone that each is joined and has its school's village."""
    villages = county.tables["villages"]["village"].to_list()
    place = {village: i for i, village in enumerate(villages)}
    of_village = dict(county.tables["catchment_villages"].select("village", "zone").iter_rows())
    assert sorted(of_village) == sorted(villages)
    of_school = dict(county.tables["catchments"].select("zone", "school").sort("zone", "school", descending=True).iter_rows())
    home = dict(county.tables["schools"].select("school", "village").iter_rows())
    zones = sorted(set(of_village.values()))
    zone = np.array([zones.index(of_village[village]) for village in villages])
    edges = np.array([[place[one], place[other]] for one, other in county.tables["adjacency"].select("village_a", "village_b").iter_rows()])
    assert checked.joined(edges, zone, np.array([place[home[of_school[name]]] for name in zones]))
    return len(zones)


def main() -> None:
    """Draw the zones and print what they come to, beside the published ones."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=120.0)
    asked = parser.parse_args()
    print(machine())
    county, rules = read(asked.data), Rulebook((shipped("cn"),), date(YEAR, 9, 1))
    one = planner("catchments")
    brief = Brief(planner="catchments", limits=Limits(gap=asked.gap, nodes=200))
    question = ask(county, rules, brief, one.declaration)
    assert question is not None
    unnamed = int(sum(not zone for zone in question.today))
    print(f"{len(question.villages)} villages, {len(question.schools)} schools, {len(question.zones)} zones, {unnamed} of no named school")
    print(f"{question.pupils.sum()} pupils, {question.places.sum()} places")
    start, used = time.perf_counter(), time.process_time()
    watch = Watch(cancelled=lambda: time.perf_counter() - start > asked.seconds)
    proposal = one.propose(county, rules, brief, watch)
    took = f"{time.perf_counter() - start:.0f} s, processor {time.process_time() - used:.0f} s"
    print(f"gap {proposal.gap:.3%}, {took}, {len(proposal.steps)} steps")
    with pl.Config(tbl_cols=10, tbl_width_chars=160):
        print(proposal.tables["frontier"])
    letters = proposal.tables["letters"]
    placed = letters.filter(pl.col("today").is_null())
    print(f"{placed.height} villages of no named school placed, {placed['pupils'].sum()} pupils, farthest {placed['way'].max():.1f} km")
    print({name: round(value, 1) for name, value in proposal.certificate.numbers.items()} if proposal.certificate else "")
    faults = one.faults(county, rules, proposal)
    print(f"faults found by the verifier: {len(faults)}", *(fault.en for fault in faults[:5]))
    assert not faults
    print(f"{walked(apply(county, proposal.changes))} zones walked from their schools")
    assert np.isfinite(proposal.bound)


if __name__ == "__main__":
    main()
