"""What the benchmarks share: the best of several runs, the peak of memory while they ran, and lines that can be pasted."""

from __future__ import annotations

import gc
import os
import platform
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Self

import psutil

_EVERY_SECONDS = 0.01
_MB = 1_000_000


class Run(NamedTuple):
    """The best time of several runs, all of their times, the least processor time, the peak of resident memory (MB), the last result."""

    seconds: float
    all_seconds: tuple[float, ...]
    processor: float
    peak_mb: float
    result: Any


class Peak:
    """The largest resident memory of this process while the block runs, sampled a hundred times a second; `children` counts them too."""

    def __init__(self, process: psutil.Process | None = None) -> None:
        """Watch this process unless another is given."""
        self.process = process or psutil.Process()
        self.mb = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            self.mb = max(self.mb, resident_mb(self.process))


def resident_mb(process: psutil.Process) -> float:
    """Return the resident memory of a process and its children, in MB; 0 when it has ended."""
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total / _MB


def alternated(ways: dict[str, Callable[[], Any]], times: int) -> dict[str, Run]:
    """Return the runs of several ways, taken in turn so that a busy machine slows all of them alike."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    processor = dict.fromkeys(ways, float("inf"))
    peaks = dict.fromkeys(ways, 0.0)
    results: dict[str, Any] = {}
    for _ in range(times):
        for name, way in ways.items():
            results[name] = None
            gc.collect()
            with Peak() as peak:
                start, used = time.perf_counter(), time.process_time()
                results[name] = way()
                seconds[name].append(time.perf_counter() - start)
                processor[name] = min(processor[name], time.process_time() - used)
            peaks[name] = max(peaks[name], peak.mb)
    return {name: Run(min(seconds[name]), tuple(seconds[name]), processor[name], peaks[name], results[name]) for name in ways}


def machine() -> str:
    """Return a line about the machine and the load it bears."""
    memory = psutil.virtual_memory().total / 1e9
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"
    return f"{system}, Python {platform.python_version()}, load {load:.1f}"


def line(name: str, run: Run, note: str = "") -> str:
    """Return one line of a report: best time, processor time (which other programs disturb less), peak memory, all times."""
    every = " ".join(f"{value:.2f}" for value in run.all_seconds)
    return f"{name:<52} {run.seconds:7.2f} s  processor {run.processor:7.2f} s  peak {run.peak_mb:6.0f} MB   [{every}]  {note}".rstrip()


def verdict(name: str, value: float, limit: float, *, at_most: bool = True, unit: str = "×") -> str:
    """Return one line that says whether a target is reached."""
    reached = value <= limit if at_most else value >= limit
    sign = "≤" if at_most else "≥"
    return f"{'reached' if reached else 'MISSED '}  {name}: {value:.2f} {unit} (target {sign} {limit:g} {unit})"
