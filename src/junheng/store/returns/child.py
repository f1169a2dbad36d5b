"""Parse workbooks in a child process that may use little memory and time, and that may die without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from junheng.errors import Text
from junheng.store.returns.grid import ERROR, NUMBER, UNCALCULATED, Grid
from junheng.store.returns.guard import Inspection, inspect
from junheng.store.returns.limits import LIMITS, Limits
from junheng.store.returns.refusal import refused
from junheng.store.returns.workbook_xml import SheetScan, column_number

_MAIN = Path(__file__).with_name("child_main.py")
_KEPT_VARIABLES = ("SYSTEMROOT",)  # without it no program starts on Windows


@dataclass(slots=True)
class _Process:
    handle: subprocess.Popen[str]
    limited: bool = True
    peak: int = 0


class WorkbookReader:
    """Read guarded workbooks, one after the other, in one limited child; a child that dies is replaced for the next workbook.

    Use it as a context manager. `limited`: whether the system limits the child's memory; `offline`: whether it keeps the child from the
    network; `peak`: the child's largest memory, in bytes.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        """Start nothing yet: the first workbook starts the child."""
        self._limits = limits
        self._process: _Process | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="junheng-import-", ignore_cleanup_errors=True)
        self.limited = True
        self.offline = True
        self.peak = 0

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the child and remove its folder."""
        self._end()
        self._folder.cleanup()

    def read(self, path: Path, name: str = "") -> list[Grid]:
        """Return the sheets of a workbook that passes the guard.

        Raises StoreError, naming the cause and what to do, when the guard refuses the file or the child fails or dies of it.
        """
        name = name or path.name
        return self._grids(path, name, inspect(path, name, self._limits))

    def read_unguarded(self, path: Path) -> list[Grid]:
        """Return the sheets of a workbook without the guard: for the tests that show what the guard prevents."""
        return self._grids(path, path.name, Inspection(False, 0))

    def _grids(self, path: Path, name: str, known: Inspection) -> list[Grid]:
        out = Path(self._folder.name) / "cells"
        try:
            answer = self._ask({"path": str(path.resolve()), "out": str(out)})
            if answer is None:
                found = Text("解析进程被终止", "the parsing process was ended")
                raise refused("returns.child_died", name, found, most=self._limits.child_bytes >> 20, seconds=self._limits.child_seconds)
            if answer["error"]:
                # what the parser says is for programmers; the cause it names is always that the content is not a sound workbook
                raise refused("returns.not_a_workbook", name, Text("内容损坏或不完整的工作簿", "a workbook whose content is damaged"))
            self.limited = self.limited and bool(answer["limited"])
            self.offline = self.offline and bool(answer["offline"])
            self.peak = max(self.peak, int(answer["peak"]))
            return _load(out, name, known)
        finally:
            out.unlink(missing_ok=True)

    def _ask(self, request: dict[str, str]) -> dict[str, Any] | None:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        clock = threading.Timer(self._limits.child_seconds * 2, process.kill)
        clock.start()
        try:
            limits = {"bytes": self._limits.child_bytes, "seconds": self._limits.child_seconds}
            process.stdin.write(json.dumps(request | limits) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        finally:
            clock.cancel()
        if not line.endswith("\n"):
            self._end()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.handle.poll() is not None:
            self._end()
            kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
            handle = subprocess.Popen(  # noqa: S603 - our own script, our own interpreter, no shell
                [sys.executable, "-I", str(_MAIN)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env=kept,
                text=True,
                encoding="ascii",
                close_fds=True,
            )
            self._process = _Process(handle)
        return self._process.handle

    def _end(self) -> None:
        if self._process is None:
            return
        handle = self._process.handle
        self._process = None
        for stream in (handle.stdin, handle.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # the child died with our request unread
                continue
        try:
            handle.wait(timeout=5)
        except subprocess.TimeoutExpired:
            handle.kill()
            handle.wait()


def _load(path: Path, file: str, known: Inspection) -> list[Grid]:
    with path.open("rb") as raw:
        length = int.from_bytes(raw.read(8), "little")
        header: list[dict[str, Any]] = json.loads(raw.read(length))
        return [_grid(raw, place, file, known) for place in header]


def _grid(raw: Any, place: dict[str, Any], file: str, known: Inspection) -> Grid:
    height, width = place["height"], place["width"]
    kinds = np.frombuffer(raw.read(height * width), dtype=np.uint8).reshape(height, width).copy()
    values = np.frombuffer(raw.read(height * width * 8), dtype=np.float64).reshape(height, width)
    ends = np.frombuffer(raw.read(place["texts"] * 8), dtype=np.int64).tolist()
    text = raw.read(place["bytes"])
    texts = [text[start:end].decode("utf-8") for start, end in zip([0, *ends], ends, strict=False)]
    scan = known.sheets.get(place["name"], SheetScan())
    grid = Grid(
        file=file,
        sheet=place["name"],
        top=place["top"],
        left=place["left"],
        kinds=kinds,
        values=values,
        texts=texts,
        merges=[tuple(merge) for merge in place["merges"]],
        hidden_rows=scan.hidden_rows,
        date1904=known.date1904,
    )
    grid.kinds[(grid.kinds == NUMBER) & ~np.isfinite(grid.values)] = ERROR  # NaN, or larger than any number: some programs write such
    _mark(grid, scan.errors, ERROR)
    _mark(grid, scan.uncalculated, UNCALCULATED)
    return grid


def _mark(grid: Grid, addresses: list[str], kind: int) -> None:
    """Mark cells that a parser gives as empty although they are not: errors and formulas without a stored value."""
    for address in addresses:
        letters = address.rstrip("0123456789")
        row, column = int(address[len(letters) :]) - 1 - grid.top, column_number(letters) - 1 - grid.left
        if 0 <= row < grid.height and 0 <= column < grid.width:
            grid.kinds[row, column] = kind
