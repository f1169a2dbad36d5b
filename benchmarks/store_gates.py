"""The gates of the record with their whole numbers, for the night: power cuts, kills, full and failing disks, tampers.

PYTHONPATH=src:. python benchmarks/store_gates.py [--cuts 10000] [--kills 600] [--tampers 10000] [--no-strace]

Kills, full disks and failing disks at each system call need strace. Ends with 1 when one rule was broken or a red control stayed green.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import measure

from junheng.store.database import open_database
from junheng.store.soundness import anchors_of
from tests.store.conftest import filled
from tests.store.gates import faults, nth_call, power, tampering

STEPS = {"pwrite64": 1, "fsync": 1, "write": 1, "ftruncate": 1, "rename": 1}


def main() -> int:
    """Run every gate and print what it found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=600)
    parser.add_argument("--tampers", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=100, help="of each call and kind, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-strace", action="store_true")
    asked = parser.parse_args()
    print(measure.machine())
    folder = Path(tempfile.mkdtemp())
    try:
        wrong = [*cut(folder / "power", asked), *killed(folder / "kill", asked), *tampered(folder / "tamper", asked)]
    finally:
        shutil.rmtree(folder)
    print("broken:", wrong or "none")
    return 1 if wrong else 0


def cut(folder: Path, asked: argparse.Namespace) -> list[str]:
    """Cut the power, and once more where it must show loss."""
    folder.mkdir()
    start, said = power.start_of(folder), power.recorded_statements(folder, 12, 25)
    full = power.cuts(power.replayed(start, folder, said, "FULL"), folder, asked.cuts, asked.seed)
    normal = power.cuts(power.replayed(start, folder, said, "NORMAL"), folder, asked.cuts // 10, asked.seed)
    print("power cuts FULL", full, "| red control NORMAL", normal, flush=True)
    wrong = [] if full.damaged + full.lost + full.between == 0 else [f"power {full}"]
    return wrong if normal.lost else [*wrong, "the red control lost nothing"]


def killed(folder: Path, asked: argparse.Namespace) -> list[str]:
    """Kill at moments, at each call in turn, then strike at system calls."""
    wrong: list[str] = []
    points = 0
    for work in faults.WORK:
        place = folder / work
        place.mkdir(parents=True)
        found = faults.killed(place, work, asked.kills // 2, asked.seed)
        print("killed", work, dict(found.ended), flush=True)
        wrong += found.broken
        points += found.points.total()
        for kind in nth_call.KINDS:
            found = nth_call.struck(place / kind, work, kind)
            print("n-th call", work, kind, dict(found.ended), flush=True)
            wrong += found.broken
            points += found.points.total()
    strace = shutil.which("strace")
    for work in faults.WORK if strace and not asked.no_strace else ():
        for call, step in STEPS.items():
            count = 0
            for kind in faults.KINDS:
                found = faults.struck(
                    folder, str(strace), work, call, kind, most=min(count, asked.points) if kind != "kill" else 0, step=step
                )
                count = count or found.points.total()
                print("struck", work, call, kind, dict(found.ended), flush=True)
                wrong += found.broken
                points += found.points.total()
                if not count:
                    break
    print("points", points)
    return wrong


def tampered(folder: Path, asked: argparse.Namespace) -> list[str]:
    """Tamper with a record, and once more without anchors, where a chain made anew must go unseen."""
    folder.mkdir()
    with open_database(folder / "county", folder / "keys") as database:
        filled(database, 3, 3)
        database.sql.copy_to(folder / "record.db")
        lines = anchors_of(database)
    found = tampering.tampered(folder / "record.db", folder / "scratch.db", lines, asked.tampers, asked.seed)
    red = tampering.tampered(folder / "record.db", folder / "scratch.db", [], 600, asked.seed)
    print("tampers", found.tried.total(), dict(found.tried), "unseen", dict(found.unseen), "| without anchors unseen", dict(red.unseen))
    wrong = [f"unseen {dict(found.unseen)}"] if found.unseen else []
    return wrong if red.unseen["rehash"] else [*wrong, "the red control saw everything"]


if __name__ == "__main__":
    sys.exit(main())
