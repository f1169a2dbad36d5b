"""Time and peak memory of the example of a real city, as a user starts it after installation; processes it starts are counted.

python benchmarks/demo.py [--only tainan] [--times 3]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure
import psutil

ROOT = Path(__file__).resolve().parent.parent
TO_SECONDS, TO_MB = 30, 1000


def main() -> None:
    """Run the demo several times in an empty folder and print the best time and the largest peak."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="tainan")
    parser.add_argument("--times", type=int, default=3)
    wanted = parser.parse_args()
    print(measure.machine())
    found = [once(wanted.only) for _ in range(wanted.times)]
    seconds, used, peak = min(each[0] for each in found), min(each[1] for each in found), max(each[2] for each in found)
    every = " ".join(f"{each[0]:.1f}" for each in found)
    print(f"demo --only {wanted.only}: {seconds:.1f} s [{every}], processor {used:.1f} s, peak {peak:.0f} MB")
    print(measure.verdict("demo", seconds, TO_SECONDS, unit="s"))
    print(measure.verdict("peak memory, children included", peak, TO_MB, unit="MB"))


def once(only: str) -> tuple[float, float, float]:
    """Return seconds, processor seconds and peak memory (MB) of one run in an empty folder; the run must succeed."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
        command = [sys.executable, "-m", "junheng", "demo", "--only", only, "--out", folder]
        start, used = time.perf_counter(), _processor()
        with (Path(folder) / "log.txt").open("w+", encoding="utf-8") as log:
            child = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder, env={**os.environ, "PYTHONPATH": path})
            with measure.Peak(psutil.Process(child.pid)) as peak:
                code = child.wait()
            seconds = time.perf_counter() - start
            log.seek(0)
            if code:
                raise SystemExit(f"the demo ended with {code}:\n{log.read()[-2000:]}")
        return seconds, _processor() - used, peak.mb


def _processor() -> float:
    """Return the processor seconds of the children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    main()
