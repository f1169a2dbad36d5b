"""Ways from villages to schools along the roads of a large county, and past its rivers and railways, beside scipy alone and networkx.

python benchmarks/planning_travel.py [--peer PYTHON] [--seed 1] [--times 3] [--villages 1000] [--schools 100] [--side 224]

PYTHON is an interpreter that has numpy and networkx; without it that peer is left out. It runs in a process of its own, on the same
numbers, reads them before its clock starts, and is asked from `--asked` schools only: its time for all is that much longer.
Ours is everything from the county's tables to ways in metres: snapping, barriers of roads, shortest paths, findings.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

import measure
import numpy as np
import polars as pl

TARGET_ROADS, TARGET_PAST = 2.0, 5.0  # seconds
LON, LAT, DEGREE = 101.0, 38.0, 111_195.0
PLAIN = """
import json, sys, time
import networkx, numpy
numbers = numpy.load(sys.argv[1])
graph = networkx.Graph()
graph.add_weighted_edges_from(zip(numbers["a"].tolist(), numbers["b"].tolist(), numbers["metres"].tolist()))
start, used = time.perf_counter(), time.process_time()
ways = [networkx.single_source_dijkstra_path_length(graph, school) for school in numbers["schools"].tolist()]
seconds, used = time.perf_counter() - start, time.process_time() - used
print(json.dumps({"seconds": seconds, "processor": used, "sum": sum(sum(way.values()) for way in ways)}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", help="an interpreter that has networkx")
    parser.add_argument("--asked", type=int, default=5)
    for name, value in (("seed", 1), ("times", 3), ("villages", 1000), ("schools", 100), ("side", 224)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    print(measure.machine())
    along_roads(asked)
    past_barriers(asked)


def degrees(at: np.ndarray) -> dict[str, pl.Series]:
    """Return columns of longitude and latitude of places in metres."""
    lon, lat = LON + at[:, 0] / DEGREE / np.cos(np.radians(LAT)), LAT + at[:, 1] / DEGREE
    return {name: pl.Series(axis.round(6)).cast(pl.Decimal(9, 6)) for name, axis in (("lon", lon), ("lat", lat))}


def ends(asked: argparse.Namespace, size: float) -> dict[str, pl.DataFrame]:
    """Return villages and schools scattered over a square of `size` metres."""
    draw = np.random.default_rng(asked.seed)
    villages = [f"V{k:05d}" for k in range(asked.villages)]
    schools = [f"S{k:05d}" for k in range(asked.schools)]
    return {
        "villages": pl.DataFrame({"village": villages, "name": villages, **degrees(draw.uniform(0, size, (asked.villages, 2)))}),
        "schools": pl.DataFrame({"school": schools, "name": schools, **degrees(draw.uniform(0, size, (asked.schools, 2)))}),
    }


def along_roads(asked: argparse.Namespace) -> None:
    """Measure ways along a grid of roads of uneven lengths."""
    from junheng.model import county
    from junheng.planning.sparse import shortest
    from junheng.planning.travel import school_points, travel, village_points
    from junheng.standards import Rulebook, shipped

    side = asked.side
    place = np.arange(side * side).reshape(side, side)
    a = np.concatenate([place[:, :-1].ravel(), place[:-1].ravel()])
    b = np.concatenate([place[:, 1:].ravel(), place[1:].ravel()])
    draw = np.random.default_rng(asked.seed)
    metres = np.round(200 * draw.uniform(1.0, 2.0, len(a)))
    at = 200.0 * np.column_stack([place.ravel() % side, place.ravel() // side])
    names = pl.Series([f"N{k}" for k in range(side * side)])
    tables = ends(asked, 200.0 * (side - 1))
    tables["road_nodes"] = pl.DataFrame({"node": names, **degrees(at)})
    lengths = pl.Series(metres).cast(pl.Decimal(18, 4))
    edges = {"road": [f"r{k}" for k in range(len(a))], "from_node": names[a], "to_node": names[b], "kind": ["county"] * len(a)}
    tables["roads"] = pl.DataFrame({**edges, "metres": lengths})
    one, rules = county("620725", 2025, tables), Rulebook((shipped("cn"),), date(2025, 9, 1))
    origins, destinations = village_points(one), school_points(one)
    sources = np.random.default_rng(asked.seed).choice(side * side, asked.schools, replace=False)
    arcs = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([metres, metres])
    runs = measure.alternated(
        {
            "ours, from tables to ways": lambda: travel(one, rules, origins, destinations),
            "scipy alone, on its matrix": lambda: shortest(*arcs, side * side, sources),
        },
        asked.times,
    )
    size = f"{len(a):,} pieces of road, {asked.villages} × {asked.schools}"
    for name, run in runs.items():
        print(measure.line(f"{size} {name}", run))
    ours = runs["ours, from tables to ways"]
    assert ours.result.source == "roads"
    assert np.isfinite(ours.result.way).all()
    print(measure.verdict(f"{size} ways", ours.seconds, TARGET_ROADS, unit="s"))
    if asked.peer:
        found = networkx(asked, a, b, metres, sources[: asked.asked])
        whole = found["seconds"] * asked.schools / asked.asked
        assert abs(found["sum"] / runs["scipy alone, on its matrix"].result[: asked.asked].sum() - 1) < 1e-9
        print(f"networkx from {asked.asked} schools {found['seconds']:.2f} s, from all {whole:.0f} s; ÷ ours {whole / ours.seconds:.0f}")


def networkx(asked: argparse.Namespace, a: np.ndarray, b: np.ndarray, metres: np.ndarray, schools: np.ndarray) -> dict[str, float]:
    """Return the seconds of the peer and the sum of its ways."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(path, a=a, b=b, metres=metres, schools=schools)
        told = subprocess.run([asked.peer, "-c", PLAIN, str(path)], capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return answer


def past_barriers(asked: argparse.Namespace) -> None:
    """Measure straight ways past two winding rivers and a railway, with a crossing every ten kilometres or so."""
    from junheng.model import county
    from junheng.planning.travel import school_points, travel, village_points
    from junheng.standards import Rulebook, shipped

    size = 45_000.0
    step = np.linspace(-1000, size + 1000, 60)
    lines = {
        "R1": np.column_stack([step, 15_000 + 2500 * np.sin(step / 3000)]),
        "R2": np.column_stack([30_000 + 2500 * np.sin(step / 4000), step]),
        "T1": np.column_stack([step, step * 0.4 + 20_000]),
    }
    tables = ends(asked, size)
    coordinates = {name: degrees(line) for name, line in lines.items()}
    tables["barriers"] = pl.DataFrame(
        {
            "barrier": list(lines),
            "kind": ["river", "river", "railway"],
            "geometry": [
                json.dumps({"type": "LineString", "coordinates": [[float(x), float(y)] for x, y in zip(*one.values(), strict=True)]})
                for one in coordinates.values()
            ],
        }
    )
    gates = [(name, *(one[axis][place] for axis in ("lon", "lat"))) for name, one in coordinates.items() for place in (10, 25, 40, 55)]
    columns = list(zip(*gates, strict=True))
    crossing = [f"B{k}" for k in range(len(gates))]
    tables["crossings"] = pl.DataFrame({"crossing": crossing, "barrier": columns[0], "lon": columns[1], "lat": columns[2]})
    one, rules = county("620725", 2025, tables), Rulebook((shipped("cn"),), date(2025, 9, 1))
    origins, destinations = village_points(one), school_points(one)
    began = time.process_time()
    run = measure.alternated({"": lambda: travel(one, rules, origins, destinations)}, asked.times)[""]
    open_ = travel(one, rules, origins, destinations, barriers=False).way
    assert (run.result.way >= open_ * (1 - 5e-3)).all()
    size_ = f"{asked.villages} × {asked.schools} straight ways past 3 barriers of 59 bends"
    print(
        measure.line(
            size_, run, f"{(run.result.way > open_ * 1.01).mean():.0%} of the pairs go round, {time.process_time() - began:.1f} s in all"
        )
    )
    print(measure.verdict(size_, run.seconds, TARGET_PAST, unit="s"))


if __name__ == "__main__":
    main()
