"""A hundred million pupils to class sizes and a weighted coefficient per county, beside hand-written SQL for the same; one run.

python benchmarks/pupils.py [--data DIR] [--rows 100000000] [--times 3] [--threads 2]

ours   `tally` (roster → classes and enrolment, written as Parquet) and `evaluate` on what was written: mean class size of every school and
       stage, its coefficient per county and stage, weighted as the indicator says
hand   two DuckDB statements for the same: class sizes written as Parquet, and the coefficients from them (no enrolment, nothing missing)

Each way runs in a process of its own, so that the peaks of memory are its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import measure
import psutil

COUNTIES = 2900
SCHOOL_STAGES = 86  # in each county
TO_HAND, TO_MB, TO_HAND_VALUE = 1.3, 1500, 1e-12
DAY = date(2025, 9, 1)
OWN = """
class_size.mean.cv:
  title: {zh: 平均班额：差异系数, en: "Mean class size: coefficient of variation"}
  unit: "1"
  better: lower
  per: [stage]
  statistic: weighted_cv
  of: class_size.mean
  decimals: 3
  source: class-size-plan#bands
"""
CLASSES = (
    "create table classes as select county, school, stage, grade, class, count(*) as pupils from read_parquet('{roster}') group by all"
)
KEPT = "copy classes to '{folder}/classes.parquet' (format parquet, compression zstd)"
HAND = """
with schools as (
  select county, stage, school, sum(pupils) as pupils, count(*) as classes, sum(pupils) / count(*) as size from classes group by all
), means as (
  select county, stage, sum(classes * size) / sum(classes) as mean from schools group by all
)
select s.county, s.stage, sqrt(sum(s.classes * (s.size - m.mean) ** 2) / sum(s.classes)) / any_value(m.mean) as cv
from schools as s join means as m on m.county = s.county and m.stage = s.stage
group by all
"""


def main() -> None:
    """Run both ways in turn and print times, memory and ratios; with --way, be one of them."""
    wanted = _arguments()
    if wanted.way:
        found = {"ours": ours, "hand": hand}[wanted.way](wanted.roster, wanted.folder, wanted.threads)
        print(json.dumps(found))
        return
    with tempfile.TemporaryDirectory() as temporary:
        compare(roster(wanted.data or Path(temporary), wanted.rows), wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="where the generated Parquet is kept from run to run")
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--way", choices=("ours", "hand"), help=argparse.SUPPRESS)
    parser.add_argument("--roster", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def roster(folder: Path, rows: int) -> Path:
    """Return the folder of a roster: county after county, within a county in no order, as rosters come. Written now unless it is there."""
    place = folder / f"pupils-{rows}"
    if not (place / "complete").exists():
        (place / "roster").mkdir(parents=True, exist_ok=True)
        (place / "schools").mkdir(exist_ok=True)
        unknown = _unknown({"county", "school", "kind"})
        with duckdb.connect(config={"memory_limit": "4GB", "preserve_insertion_order": True}) as connection:
            connection.execute(f"""
                copy (
                  select printf('%06d', 110000 + c) as county, printf('%010d', c * 1000 + n) as school,
                    case when n % 3 = 2 then 'junior' else 'primary' end as stage, cast(g as varchar) as grade,
                    '(' || 1 + h // 8192 % (1 + n % 4) || ')班' as class
                  from (select range * {COUNTIES} // {rows} as c, hash(range) as h,
                          cast(power((hash(range) % 8192) / 8192.0, 1.3) * {SCHOOL_STAGES} as int) as n,
                          case when n % 3 = 2 then 7 + hash(range) // 131072 % 3 else 1 + hash(range) // 131072 % 6 end as g
                        from range({rows}))
                ) to '{place}/roster/part-0.parquet' (format parquet, compression zstd)
            """)
            connection.execute(f"""
                copy (
                  select county, school, any_value(stage) as kind, {unknown}
                  from read_parquet('{place}/roster/*.parquet') group by county, school order by county, school
                ) to '{place}/schools/part-0.parquet' (format parquet, compression zstd)
            """)
        (place / "complete").write_text("", encoding="utf-8")
    return place


def _unknown(known: set[str]) -> str:
    from junheng.model import schema

    types = {"boolean": "boolean", "year": "bigint", "coordinate": "decimal(9, 6)"}
    columns = [column for column in schema().tables["schools"].columns if column.name not in known]
    return ", ".join(f"cast(null as {types.get(column.type, 'varchar')}) as {column.name}" for column in columns)


def ours(place: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Tally the roster and evaluate what was tallied."""
    from junheng import standards
    from junheng.documents import PackageFile
    from junheng.indicators import DuckDB, evaluate, read_catalogue, shipped_catalogue
    from junheng.indicators.pupils import tally
    from junheng.standards import Rulebook

    catalogue = read_catalogue([PackageFile("indicators/class_size.yaml", OWN)], "cn", shipped_catalogue())
    book = Rulebook((standards.shipped(),), DAY)
    start, used = time.perf_counter(), time.process_time()
    counted = tally(place / "roster", folder, threads=threads)
    tallied = time.perf_counter() - start
    card = evaluate(folder, None, book, also=["class_size.mean.cv"], catalogue=catalogue, engine=DuckDB(folder, threads=threads))
    seconds = time.perf_counter() - start
    used = time.process_time() - used
    rows = card.of("class_size.mean.cv").select("county", "stage", "value")
    return {
        "seconds": seconds,
        "processor": used,
        "tally": tallied,
        "classes": counted.classes,
        "rows": [row for row in rows.iter_rows() if row[2] is not None],
    }


def hand(place: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Run the hand-written query."""
    settings = {"threads": threads, "memory_limit": "1000MB", "temp_directory": str(folder), "preserve_insertion_order": "false"}
    with duckdb.connect(config=settings) as connection:
        start, used = time.perf_counter(), time.process_time()
        connection.execute(CLASSES.format(roster=f"{place}/roster/*.parquet"))
        connection.execute(KEPT.format(folder=folder))
        rows = connection.execute(HAND).fetchall()
        return {"seconds": time.perf_counter() - start, "processor": time.process_time() - used, "rows": rows}


def compare(place: Path, wanted: argparse.Namespace) -> None:
    """Print what both ways take and how far their coefficients are apart."""
    print(measure.machine())
    megabytes = sum(file.stat().st_size for file in place.glob("roster/*.parquet")) / 1e6
    print(f"{wanted.rows:,} pupils, {COUNTIES:,} counties, {megabytes:.0f} MB of Parquet, threads {wanted.threads}, best of {wanted.times}")
    runs: dict[str, list[tuple[dict[str, Any], float]]] = {"hand": [], "ours": []}
    for _ in range(wanted.times):
        for way in runs:
            runs[way].append(_alone(way, place, wanted.threads))
    for way, found in runs.items():
        each = " ".join(f"{answer['seconds']:.2f}" for answer, _ in found)
        more = f", of which tally {min(a['tally'] for a, _ in found):.2f} s" if way == "ours" else ""
        used = min(answer["processor"] for answer, _ in found)
        peak = max(mb for _, mb in found)
        print(f"{way}: {min(a['seconds'] for a, _ in found):.2f} s [{each}]{more}, processor {used:.2f} s, peak {peak:.0f} MB")
    left, right = ({(county, stage): value for county, stage, value in runs[way][0][0]["rows"]} for way in ("hand", "ours"))
    apart = max(abs(left[key] - right[key]) / (abs(left[key]) or 1.0) for key in left) if left.keys() == right.keys() else float("inf")
    classes = runs["ours"][0][0]["classes"]
    print(f"{len(left):,} coefficients by hand, {len(right):,} ours, {classes:,} classes; largest relative difference {apart:.1e}")
    best = {way: min(answer["seconds"] for answer, _ in found) for way, found in runs.items()}
    used = {way: min(answer["processor"] for answer, _ in found) for way, found in runs.items()}
    by_processor = f"; by processor time {used['ours'] / used['hand']:.2f} ×"
    print(measure.verdict("ours / hand-written SQL", best["ours"] / best["hand"], TO_HAND) + by_processor)
    print(measure.verdict("peak memory of ours", max(mb for _, mb in runs["ours"]), TO_MB, unit="MB"))
    assert apart <= TO_HAND_VALUE, f"the two ways differ by {apart}"


def _alone(way: str, place: Path, threads: int) -> tuple[dict[str, Any], float]:
    """Run one way in a process of its own; return its answer and its peak of resident memory in MB."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(place / "schools", folder / "schools")
        command = [sys.executable, __file__, "--way", way, "--roster", str(place), "--folder", str(folder), "--threads", str(threads)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        with measure.Peak(psutil.Process(child.pid)) as peak:
            answer, _ = child.communicate()
        if child.returncode:
            raise SystemExit(f"{way} failed")
        return json.loads(answer), peak.mb


if __name__ == "__main__":
    main()
