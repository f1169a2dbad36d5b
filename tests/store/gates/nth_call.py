"""Kill the program, or fill or fail its disk, at its n-th call that changes a file: every n is a point of its own, and no strace is needed.

The calls of the SQLite library go through a table that it lets be changed (xSetSystemCall of its unix VFS); those of Python through `os`.
Not reached: the library's own fsync, which is in no table. A kill before it leaves the same files as one after the write before it; that it
fails is tried with strace (`faults.struck`).
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from junheng.store.sql import sqlite_library
from tests.store.gates.faults import DONE, TOLD, WORK, Faults, forked, prepare

ERRORS = {"full": errno.ENOSPC, "fail": errno.EIO}
KINDS = ("kill", *ERRORS)
_IN_PYTHON = ("write", "fsync", "rename", "replace", "unlink", "ftruncate")
_LONG, _POINTER = ctypes.c_ssize_t, ctypes.c_void_p
_IN_SQLITE: dict[str, tuple[Any, ...]] = {  # name -> result and arguments
    "pwrite64": (_LONG, ctypes.c_int, _POINTER, ctypes.c_size_t, ctypes.c_int64),
    "pwrite": (_LONG, ctypes.c_int, _POINTER, ctypes.c_size_t, ctypes.c_int64),
    "write": (_LONG, ctypes.c_int, _POINTER, ctypes.c_size_t),
    "ftruncate": (ctypes.c_int, ctypes.c_int, ctypes.c_int64),
    "unlink": (ctypes.c_int, ctypes.c_char_p),
}
_SET = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_char_p, _POINTER)
_GET = ctypes.CFUNCTYPE(_POINTER, _POINTER, ctypes.c_char_p)
_MIDDLE = [f"x{n}" for n in range(13)]  # xOpen … xCurrentTimeInt64


class _Vfs(ctypes.Structure):
    """The head of sqlite3_vfs, version 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("version", "size", "longest")),
        *((name, _POINTER) for name in ("next", "name", "data", *_MIDDLE)),
        ("set_system_call", _SET),
        ("get_system_call", _GET),
    ]


class Calls:
    """Counts the calls of this process that change a file, and strikes at one of them."""

    def __init__(self, strike: int = 0, kind: str = "kill") -> None:
        self.strike, self.kind, self.count = strike, kind, 0
        self._kept: list[Any] = []  # or the garbage collector would take what SQLite calls

    def next(self) -> int:
        """Count one; return the error that it shall meet, 0 for none."""
        self.count += 1
        if self.count != self.strike:
            return 0
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return ERRORS[self.kind]

    def watch(self) -> Calls:
        """From now on, in this process."""
        for name in _IN_PYTHON:
            setattr(os, name, self._python(getattr(os, name)))
        library = ctypes.CDLL(__import__(f"{sqlite_library().__name__.split('.')[0]}._sqlite3", fromlist=["x"]).__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(b"unix")
        for name, kinds in _IN_SQLITE.items():
            place = vfs.contents.get_system_call(vfs, name.encode())
            if place:
                made = ctypes.CFUNCTYPE(*kinds, use_errno=True)
                ours = made(self._sqlite(made(place)))
                self._kept.append(ours)
                vfs.contents.set_system_call(vfs, name.encode(), ctypes.cast(ours, _POINTER))
        return self

    def _python(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*values: Any, **more: Any) -> Any:
            if error := self.next():
                raise OSError(error, os.strerror(error))
            return real(*values, **more)

        return called

    def _sqlite(self, real: Callable[..., int]) -> Callable[..., int]:
        def called(*values: Any) -> int:
            if error := self.next():
                ctypes.set_errno(error)
                return -1
            return real(*values)

        return called


def counted(folder: Path, work: str) -> int:
    """Return how many calls the work makes."""
    prepare(folder / "start", work)
    answer = folder / "count"

    def act() -> None:
        calls = Calls().watch()
        WORK[work][0](folder / "start")
        many = calls.count
        answer.write_text(json.dumps(many))

    forked(act)
    shutil.rmtree(folder / "start")
    return int(answer.read_text())


def struck(folder: Path, work: str, kind: str, every: int = 1) -> Faults:
    """Strike at each call of the work, or at every so many; return what was found. Points are counted by call."""
    act, left = WORK[work]
    many, result = counted(folder, work), Faults()
    prepare(folder / "start", work)
    for number in range(1, many + 1, every):
        scratch = folder / f"{number}"
        shutil.copytree(folder / "start", scratch)
        ended = forked(lambda: (Calls(number, kind).watch(), act(scratch)))  # noqa: B023 — run before the next turn
        result.broken += [] if ended in {DONE, TOLD, -9} else [f"{work} {kind} {number}: ended with {ended}"]
        try:
            wrong = left(scratch, acknowledged=ended == DONE)
        except Exception as error:  # what cannot even be opened is the worst of what a gate looks for
            wrong = [f"could not be looked at: {error}"]
        result.broken += [f"{work} {kind} {number}: {one}" for one in wrong]
        result.ended[{DONE: "done", TOLD: "told", -9: "killed"}.get(ended, "other")] += 1
        result.points[f"{work} {kind} {number}"] += 1
        shutil.rmtree(scratch)
    return result
