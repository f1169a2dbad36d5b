"""Fairfax County: 9,404 blocks to its schools by real drive times, places kept, zones joined; beside today and the official scenarios.

Run: PYTHONPATH=src python benchmarks/planning_fairfax.py --data DIR [--type ES] [--gap 0.01] [--seconds 300]; DIR has fairfax_va.
Pupils of a block: the membership of its current school, spread over the zone's blocks by housing units.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import polars as pl
from measure import Peak, machine, verdict

from junheng.planning.districting import EXACT, District, Drawn, draw, loads, lost
from junheng.planning.solve import Limits, Watch

_COLUMN = {"ES": "elem", "MS": "middle", "HS": "high"}


def spread(total: int, weight: np.ndarray) -> np.ndarray:
    """Return whole numbers that add up to the total, in proportion to the weights (largest remainder)."""
    share = total * weight / max(weight.sum(), 1e-9) if weight.sum() else np.full(len(weight), total / len(weight))
    whole = np.floor(share).astype(np.int64)
    whole[np.argsort(whole - share, kind="stable")[: total - whole.sum()]] += 1
    return whole


def read(data: Path, kind: str) -> tuple[District, dict[str, np.ndarray], tuple[str, ...]]:
    """Return the question, the zone of each block today and in the scenarios, and the codes of the schools."""
    blocks = pl.read_parquet(data / "blocks.parquet").sort("idx")
    schools = pl.read_csv(data / "schools.csv", schema_overrides={"code": pl.String}).filter(pl.col("type") == kind)
    drive = pl.read_parquet(data / f"drive_seconds_{kind.lower()}.parquet")
    codes = tuple(schools["code"].to_list())
    each = drive.select(codes).to_numpy().astype(np.int64)
    place = {code: k for k, code in enumerate(codes)}
    plans = {}
    for name in ("current", "scenario2", "scenario3", "scenario4", "scenario5"):
        column = blocks[f"{_COLUMN[kind]}_{name}"].cast(pl.String).to_list()
        plans[name] = np.array([place.get(str(code).split(".")[0], -1) for code in column], dtype=np.int64)
    pupils, homes = np.zeros(len(blocks), dtype=np.int64), blocks["housing_units"].fill_null(0).to_numpy().astype(np.float64)
    for k, members in enumerate(schools["membership"].to_list()):
        inside = np.flatnonzero(plans["current"] == k)
        if len(inside):
            pupils[inside] = spread(int(members), homes[inside])
    edges = pl.read_csv(data / "block_adjacency.csv").to_numpy().astype(np.int64)
    at = blocks.select("lon", "lat").to_numpy() * np.array([111_195 * np.cos(np.radians(38.8)), 111_195])
    roots = tuple(np.array([k]) for k in schools["block_idx"].to_list())
    high = schools["capacity"].to_numpy().astype(np.int64)
    must = np.array([pupils[root].sum() for root in roots])
    metres = np.linalg.norm(at[edges[:, 0]] - at[edges[:, 1]], axis=1)
    low = np.zeros(len(codes), dtype=np.int64)
    return (
        District(each=each, pupils=pupils, high=np.maximum(high, must), low=low, edges=edges, metres=metres, roots=roots, rule=EXACT),
        plans,
        codes,
    )


def described(name: str, district: District, zone: np.ndarray, today: np.ndarray) -> None:
    """Print a plan: drive, pupils moved, over places, blocks that are not joined."""
    known = zone >= 0
    pupils, rows = district.pupils, np.arange(len(zone))
    drive = float((pupils[known] * district.each[rows[known], zone[known]]).sum() / pupils[known].sum())
    load = np.bincount(zone[known], weights=pupils[known], minlength=len(district.high))
    over = int(np.maximum(load - district.high, 0).sum())
    moved = int(pupils[known & (zone != today)].sum())
    apart = len(lost(district, np.where(known, zone, 0)))
    told = f"drive {drive:6.1f} s, moved {moved:6d} pupils, over places {over:5d} pupils, {apart:4d} blocks apart"
    print(f"  {name:<10} {told}, {int((~known).sum())} in no zone", flush=True)


def main() -> None:
    """Draw zones and print them beside today's and the official ones."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--type", default="ES", choices=list(_COLUMN))
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=300.0)
    asked = parser.parse_args()
    print(machine())
    district, plans, codes = read(asked.data / "fairfax_va", asked.type)
    print(
        f"{asked.type}: {len(district.pupils)} blocks, {len(codes)} schools, {district.pupils.sum()} pupils, {district.high.sum()} places"
    )
    for name, zone in plans.items():
        described(name, district, zone, plans["current"])
    start, used = time.perf_counter(), time.process_time()
    with Peak() as peak:
        answer = draw(district, Limits(gap=asked.gap), 1, Watch(cancelled=lambda: time.perf_counter() - start > asked.seconds))
    took = f"{time.perf_counter() - start:.0f} s, processor {time.process_time() - used:.0f} s, {peak.mb:.0f} MB"
    if not isinstance(answer, Drawn):
        print("  no plan:", type(answer).__name__, getattr(answer, "out", ""), took)
        return
    described("ours", district, answer.zone, plans["current"])
    assert (loads(district, answer.zone) <= district.high).all()
    print(
        "  " + verdict("gap against exact contiguity", 100 * (1 - answer.bound_exact / answer.objective), 100 * asked.gap, unit="%"), took
    )


if __name__ == "__main__":
    main()
