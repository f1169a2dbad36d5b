"""Catchments on drawn counties: gap, seconds and memory, HiGHS and CP-SAT on the whole program beside it; a block that changes.

Run: PYTHONPATH=src python benchmarks/planning_catchments.py [--size 1000x20] [--seeds 1 2 3] [--gap 0.001] [--seconds 120] [--exact]
     [--peer] [--data DIR] (DIR has optim_bench/fl25_*: every connected plan of 25 precincts in three, counted)
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import checked
import numpy as np
import polars as pl
from measure import Peak, machine, verdict
from planning_instances import county
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from junheng.planning.districting import EXACT, District, Drawn, draw, what_if
from junheng.planning.districting.residual import residual
from junheng.planning.pupils_to_schools import Sent, send_pupils
from junheng.planning.solve import Limits, Watch, solve

_MOVED = 600  # metres that a pupil who changes weighs


def drawn_district(blocks: int, zones: int, seed: int, among: int | None = None) -> District:
    """Return a county with a map, schools where children are, 10 % more places than pupils, and zones of today, not all joined.

    Half of the places are where children are, half evened out: among the `among` schools nearest to each; None: among all.
    """
    draw_ = np.random.default_rng(seed + 100)
    places = county(blocks, 1, seed)
    at, pupils = places.blocks + draw_.normal(0, 5, (blocks, 2)), places.pupils
    corners = Delaunay(at).simplices
    edges = np.unique(np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0)
    long = np.linalg.norm(at[edges[:, 0]] - at[edges[:, 1]], axis=1)
    tree = minimum_spanning_tree(coo_matrix((long, edges.T), (blocks, blocks))).tocoo()
    key = np.minimum(tree.row, tree.col).astype(np.int64) * blocks + np.maximum(tree.row, tree.col)
    keep = (long < np.quantile(long, 0.93)) | np.isin(edges[:, 0].astype(np.int64) * blocks + edges[:, 1], key)
    edges, long = edges[keep].astype(np.int64), long[keep]
    sites = [int(np.argmax(pupils))]
    far = np.linalg.norm(at - at[sites[0]], axis=1)
    while len(sites) < zones:
        chance = far * pupils * (far > 800 * (1000 / blocks) ** 0.5)
        sites.append(int(draw_.choice(blocks, p=chance / chance.sum())))
        far = np.minimum(far, np.linalg.norm(at - at[sites[-1]], axis=1))
    graph = coo_matrix((np.r_[long, long], (np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]])), (blocks, blocks)).tocsr()
    ways = np.rint(dijkstra(graph, indices=sites)).astype(np.int64).T // 10
    near = np.bincount(ways.argmin(1), weights=pupils, minlength=zones)
    even = np.full(zones, pupils.sum() / zones)
    if among is not None:
        even = near[KDTree(at[sites]).query(at[sites], k=min(among, zones))[1]].mean(axis=1)
    high = np.maximum(np.ceil((0.5 * near + 0.5 * even) * 1.1), pupils[sites] * 1.2)
    high = np.ceil(high * max(1.0, 1.05 * pupils.sum() / high.sum())).astype(np.int64)
    before = np.maximum(1, np.rint(pupils * draw_.lognormal(0, 0.25, blocks))).astype(np.int64)
    sent = send_pupils(ways, before, np.floor(high * max(1.0, 1.03 * before.sum() / high.sum())).astype(np.int64))
    assert isinstance(sent, Sent)
    today = np.zeros(blocks, dtype=np.int64)
    order = np.argsort(sent.pupils, kind="stable")
    today[sent.block[order]] = sent.school[order]
    today[sites] = np.arange(zones)
    each = ways + _MOVED // 10 * (np.arange(zones)[None] != today[:, None])
    roots = tuple(np.array([site]) for site in sites)
    return District(each=each, pupils=pupils, high=high, low=np.zeros(zones, dtype=np.int64), edges=edges, metres=long, roots=roots)


def run(district: District, gap: float, seconds: float, seed: int) -> None:
    """Draw zones, check them, print."""
    start, used = time.perf_counter(), time.process_time()
    with Peak() as peak:
        answer = draw(district, Limits(gap=gap), seed, Watch(cancelled=lambda: time.process_time() - used > seconds))
    took, processor = time.perf_counter() - start, time.process_time() - used
    assert isinstance(answer, Drawn), answer
    of_plan = checked.zones(district.each, district.pupils, district.high, district.edges, np.concatenate(district.roots), answer.zone)
    assert answer.bound <= answer.objective == of_plan
    exact = (answer.objective - answer.bound_exact) / answer.objective
    effort = f"{took:.1f} s, processor {processor:.1f} s, {peak.mb:.0f} MB"
    print(f"  ours   {answer.objective}, gap {answer.gap:.4%} (exact contiguity {exact:.3%}), {effort}", flush=True)
    print("  " + verdict("gap", 100 * answer.gap, 100 * gap, unit="%"))
    changed = District(
        **{**{name: getattr(district, name) for name in ("each", "high", "low", "edges", "metres", "roots")}, "pupils": _more(district)}
    )
    for name in ("order", "beside", "fixed", "root_lists", "cost"):
        getattr(changed, name)  # known of the map before anything changes
    what_if(changed, answer.zone, answer.prices)
    start, used = time.perf_counter(), time.process_time()
    _, out, bound = what_if(changed, answer.zone, answer.prices)
    took, processor = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)
    print("  " + verdict(f"what-if of one block (out of band {out}, bound {bound:.0f}, processor {processor:.1f} ms)", took, 50, unit="ms"))


def cp_sat(district: District, gap: float, seconds: float) -> None:
    """Print what CP-SAT of OR-Tools reaches with the same rule, two workers."""
    from ortools.sat.python import cp_model

    start, model = time.perf_counter(), cp_model.CpModel()
    blocks, zones = district.each.shape
    begin, beside = district.beside
    inside = [[model.new_bool_var("") for _ in range(zones)] for _ in range(blocks)]
    for i in range(blocks):
        model.add_exactly_one(inside[i])
        for j in range(zones):
            if i in district.roots[j]:
                model.add(inside[i][j] == 1)
                continue
            near = [inside[k][j] for k in beside[begin[i] : begin[i + 1]].tolist() if district.order[k, j] < district.order[i, j]]
            model.add_bool_or([*near, inside[i][j].negated()])
    for j in range(zones):
        model.add(sum(int(district.pupils[i]) * inside[i][j] for i in range(blocks)) <= int(district.high[j]))
    model.minimize(sum(int(district.cost[i, j]) * inside[i][j] for i in range(blocks) for j in range(zones)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    solver.parameters.relative_gap_limit = gap
    status = solver.status_name(solver.solve(model))
    plan = f"{solver.objective_value:.0f}" if status in ("OPTIMAL", "FEASIBLE") else "no plan"
    print(f"  CP-SAT {plan}, bound {solver.best_objective_bound:.0f}, {time.perf_counter() - start:.1f} s", flush=True)


def _more(district: District) -> np.ndarray:
    pupils = district.pupils.copy()
    pupils[np.argmax(pupils * ~district.fixed)] += 10
    return pupils


def peer(district: District, gap: float, seconds: float) -> None:
    """Print what HiGHS reaches on the whole program with the rule of the nearer neighbour."""
    start, every = time.perf_counter(), np.ones(district.each.shape, dtype=bool)
    first = np.zeros(len(district.pupils), dtype=np.int64)
    for j, root in enumerate(district.roots):
        first[root] = j
    made = residual(district, every, first, np.ones(len(first), dtype=bool), district.rule)
    answer = solve(made.program, Limits(gap=gap, seconds=seconds))
    print(f"  HiGHS  {getattr(answer, 'objective', None)}, bound {getattr(answer, 'bound', None)}, {time.perf_counter() - start:.1f} s")


def all_plans(data: Path, times: int) -> None:
    """Hold plans of 25 precincts, for objectives of three kinds, against every connected plan in three."""
    every = pl.read_parquet(data / "fl25_all_plans.parquet").select(f"n{k}" for k in range(25)).to_numpy().astype(np.int64)
    pupils = pl.read_csv(data / "fl25_precincts.csv")["pop"].to_numpy().astype(np.int64)
    edges = pl.read_csv(data / "fl25_edges.csv").to_numpy().astype(np.int64)
    steps = dijkstra(coo_matrix((np.ones(len(edges)), edges.T), (25, 25)), directed=False).astype(np.int64)
    right, tried, start, used = 0, 0, time.perf_counter(), time.process_time()
    for seed in range(times):
        chance = np.random.default_rng(seed)
        roots, room = chance.choice(25, 3, replace=False), chance.choice([1.03, 1.1, 1.25, 1.6])
        kind = ("drawn", "way", "least change")[seed % 3]
        apart = np.array([len(set(row)) == 3 for row in every[:, roots]])
        zone_of = np.argsort(every[apart][:, roots], axis=1)  # number of the plan -> zone of the root
        plans = np.take_along_axis(zone_of, every[apart] - 1, axis=1)
        today = plans[chance.integers(len(plans))]
        each = {
            "drawn": chance.integers(0, 1000, (25, 3)),
            "way": 100 * steps[:, roots],
            "least change": 10 * steps[:, roots] + 100 * (np.arange(3)[None] != today[:, None]),
        }[kind]
        load = np.stack([(pupils * (plans == j)).sum(axis=1) for j in range(3)], axis=1)
        high = np.full(3, int(room * pupils.sum() / 3))
        within = (load <= high).all(axis=1)
        cost = (pupils * each[np.arange(25)[None], plans]).sum(axis=1)[within]
        true = int(cost.min()) if len(cost) else None
        district = District(
            each=each,
            pupils=pupils,
            high=high,
            low=np.zeros(3, dtype=np.int64),
            edges=edges,
            metres=np.ones(len(edges)),
            roots=tuple(np.array([root]) for root in roots),
            rule=EXACT,
        )
        answer = draw(district, Limits(gap=1e-7), seed, Watch())
        found = answer.objective if isinstance(answer, Drawn) else None
        proven = not isinstance(answer, Drawn) or answer.gap <= 1e-7
        right, tried = right + (found == true and proven), tried + 1
        print(f"  fl25 {seed}, {kind}, room {room}: best of {len(cost)} plans {true}, ours {found}", flush=True)
    took = f"{time.perf_counter() - start:.1f} s, processor {time.process_time() - used:.1f} s"
    print(f"  of {len(every)} plans in all, {took}")
    print("  " + verdict("true optima, proven", right, tried, at_most=False, unit="objectives"))


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="1000x20")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--gap", type=float, default=1e-3)
    parser.add_argument("--seconds", type=float, default=120.0, help="of processor for ours, by the clock for peers")
    parser.add_argument("--exact", action="store_true", help="ours joined in any way, not by nearer neighbours")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    print(machine())
    if asked.data:
        all_plans(asked.data / "optim_bench", 60)
        return
    blocks, zones = (int(part) for part in asked.size.split("x"))
    draw(drawn_district(60, 4, 1), Limits(gap=1e-3), 0, Watch())  # compiled
    for seed in asked.seeds:
        print(f"{blocks} × {zones}, seed {seed}")
        district = drawn_district(blocks, zones, seed)
        run(replace(district, rule=EXACT) if asked.exact else district, asked.gap, asked.seconds, seed)
        if asked.peer:
            peer(district, asked.gap, asked.seconds)
            cp_sat(district, asked.gap, asked.seconds)


if __name__ == "__main__":
    main()
