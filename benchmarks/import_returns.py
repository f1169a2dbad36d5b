"""Import of 800,000 cells through guard, child, recognition, conversion, checks and origins, against the least that could be done.

    python benchmarks/import_returns.py [--cells 800000] [--profile] [--write]

Bare: the same pre-scan and calamine in this process, cells thrown away. Ours: read_returns, then model.check. Both in one run, alternating;
the ratio of the medians counts. Memory is measured in a fresh process each: what the import adds to the parent, against the size of the
tables and origins that it returns (as Arrow), and the largest memory of the parsing child.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import python_calamine
import xlsxwriter

SRC = Path(__file__).resolve().parent.parent / "src"
sys.path.insert(0, str(SRC))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from measure import Peak  # noqa: E402

from junheng.model import check  # noqa: E402
from junheng.store.returns.guard import inspect  # noqa: E402
from junheng.store.returns.load import Import, read_returns  # noqa: E402

COUNTY = "629925"
COLUMNS = ["学校标识码", "学校名称", "办学类型", "占地面积", "校舍建筑面积", "教学及辅助用房", "室内体育用房", "运动场地", "网络多媒体教室"]
COLUMNS += ["图书", "计算机", "教学仪器设备值（万元）", "公用经费预算", "公用经费决算", "教师培训经费预算", "教师培训经费决算"]
GRADES = ["一年级", "二年级", "三年级", "四年级", "五年级", "六年级"]
PARTS = ["男", "女", "班数"]
WIDTH = 40
ROUNDS = 5
MOST = {"times the bare reading": 3.0, "child, MB": 256.0, "parent, times the data": 2.0}


def workbook(path: Path, cells: int) -> int:
    """Write a list of schools with a header of two rows and a total row; return how many cells of data it has."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("一览表")
    grades = [(grade, part) for grade in GRADES for part in PARTS]
    used = len(COLUMNS) + len(grades)
    sheet.write(0, 0, "学校情况一览表")
    sheet.write_row(
        1,
        0,
        [*COLUMNS, *[grade if not index % len(PARTS) else None for index, (grade, _) in enumerate(grades)], *["备注"] * (WIDTH - used)],
    )
    sheet.write_row(2, len(COLUMNS), [part for _, part in grades])
    rows = cells // WIDTH
    for row in range(rows):
        numbers = [(row * 37 + column * 11) % 900 + 1 for column in range(WIDTH)]
        areas = [number * 10 + 0.5 for number in numbers[3:8]]
        line = [f"21620{row:05d}", f"第{row}小学", "小学", *areas, *numbers[8 : len(COLUMNS)], *numbers[len(COLUMNS) : used]]
        sheet.write_row(row + 3, 0, [*line, *["无"] * (WIDTH - used)])
    book.close()
    return rows * WIDTH


def bare(path: Path) -> None:
    """Pre-scan the workbook and let calamine make Python values of every cell."""
    inspect(path)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def ours(path: Path) -> Import:
    """Import the workbook and check the county."""
    result = read_returns([path], COUNTY, 2025)
    check(result.county)
    return result


def seconds(path: Path) -> tuple[list[float], list[float]]:
    """Return the times of both, alternating, after one round each that does not count."""
    bare(path)
    ours(path)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for index, work in enumerate((bare, ours)):
            start = time.perf_counter()
            work(path)
            times[index].append(time.perf_counter() - start)
    return times


def memory(path: Path) -> dict[str, float]:
    """Import in this process and say how much memory that took; run in a process of its own."""
    small = path.with_name("small.xlsx")
    workbook(small, WIDTH * 50)
    read_returns([small], COUNTY, 2025)  # libraries, forms and catalogues are there before the import that counts
    before = psutil.Process().memory_info().rss
    with Peak() as peak:
        result = read_returns([path], COUNTY, 2025)
    frames = [*result.county.tables.values(), *result.county.origins.values()]
    data = sum(frame.to_arrow().nbytes for frame in frames)  # polars' own estimate leaves out columns that repeat one text
    values = sum(frame.height for frame in result.county.origins.values())
    return {"added": peak.mb * 1e6 - before, "data": data, "child": result.child_peak, "values": values, "findings": len(result.findings)}


def table(path: Path, cells: int) -> dict[str, float]:
    """Measure, print a table and return the three ratios."""
    bare_times, our_times = seconds(path)
    out = subprocess.run([sys.executable, __file__, "--memory", str(path)], check=True, capture_output=True, text=True).stdout
    used = json.loads(out.splitlines()[-1])
    least, time_taken = statistics.median(bare_times), statistics.median(our_times)
    found = {
        "times the bare reading": time_taken / least,
        "child, MB": used["child"] / 1e6,
        "parent, times the data": used["added"] / used["data"],
    }
    print(f"{cells:,} cells in a file of {path.stat().st_size / 1e6:.1f} MB; {used['values']:,} values loaded with their cells")
    print(f"bare reading {least:.2f} s, import and checks {time_taken:.2f} s (medians of {ROUNDS}, alternating)")
    print(f"parent: {used['added'] / 1e6:.0f} MB added at most, tables and origins are {used['data'] / 1e6:.0f} MB")
    for name, value in found.items():
        print(f"  {name:24} {value:8.2f}   at most {MOST[name]:g}   {'ok' if value <= MOST[name] else 'OVER'}")
    return found


def main() -> int:
    """Run the benchmark; 0 when every figure is within its bar."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cells", type=int, default=800_000)
    arguments.add_argument("--profile", action="store_true")
    arguments.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.memory:
        print(json.dumps(memory(given.memory)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "returns.xlsx"
        cells = workbook(path, given.cells)
        if given.profile:
            ours(path)
            profile = cProfile.Profile()
            profile.runcall(ours, path)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
            return 0
        found = table(path, cells)
    return int(any(value > MOST[name] for name, value in found.items()))


if __name__ == "__main__":
    sys.exit(main())
