"""Teachers of a real city: an invented register that adds up to what 269 schools published, read, planned, timed.

    python benchmarks/planning_teachers_tainan.py

Copies examples/tainan to a temporary folder, imports 2014, makes the register (examples/tainan/registers.py) and runs the chapter of
`teachers` and the planners teacher_posts and teacher_rotation once each. No peer plans this.
"""

from __future__ import annotations

import os
import resource
import runpy
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from junheng.store.folder import read_county
from junheng.workflow.importing import import_returns
from junheng.workflow.office import Office
from junheng.workflow.teachers import teaching_board

TAINAN = Path(__file__).parents[1] / "examples" / "tainan"
YEAR = 2014


def main() -> None:
    """Print one line for each task."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "tainan"
        shutil.copytree(TAINAN, folder, ignore=shutil.ignore_patterns("island", "*.py", "2012"))
        for year in (YEAR - 1, YEAR):
            timed(f"import {year}", lambda year=year: import_returns(folder, year, (), write=True))
        sys.argv = ["registers.py", str(folder)]
        timed("register", lambda: runpy.run_path(str(TAINAN / "registers.py"), run_name="__main__"))
        timed("chapter of teachers", lambda: teaching_board(folder, YEAR))
        office = Office(folder)
        county, rules = read_county(folder, office.authority.code, YEAR), office.rules(YEAR)
        for name in ("teacher_posts", "teacher_rotation"):
            brief = Brief(planner=name, limits=Limits(gap=1e-3, seconds=600))
            made = timed(name, lambda name=name, brief=brief: planner(name).propose(county, rules, brief))
            print(f"    {len(made.steps)} steps, gap {100 * made.gap:.4f} %")


def timed(what: str, work: Callable[[], Any]) -> Any:
    """Do the work; print its seconds of processor and clock, the load and the most memory so far."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    spent, passed = time.process_time() - processor, time.perf_counter() - clock
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:24} {spent:7.1f} s of processor {passed:7.1f} s clock  load {os.getloadavg()[0]:.1f}  {most} MB", flush=True)
    return result


if __name__ == "__main__":
    main()
