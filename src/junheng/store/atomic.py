"""A folder is replaced as a whole or not at all, whatever interrupts the work.

The new folder is filled beside the old one, flushed to the disk, and then put in its place by renaming:

    .2025.writing   being filled; means nothing yet, and is thrown away by the next writer
    .2025.ready     complete; from this moment it is what a reader gets
    .2025.old       what was there before, until the new one stands in its place

A reader changes nothing. The next writer finishes what an interrupted one left. Who writes what he made of what he read takes the
lock before he reads (`held`), or a second one would read the same and write over the first one's work.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text

if sys.platform == "win32":
    import msvcrt

    def lock_file(handle: IO[bytes]) -> None:
        """Take an open file for this program alone; OSError when another has it."""
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def lock_file(handle: IO[bytes]) -> None:
        """Take an open file for this program alone; OSError when another has it."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD: ContextVar[frozenset[Path]] = ContextVar("folders whose lock is held here", default=frozenset())


def current(parent: Path, name: str) -> Path:
    """Return the folder in which the newest complete content of `name` lies, which may not exist."""
    ready = _beside(parent, name, "ready")
    return ready if ready.is_dir() else parent / name


@contextmanager
def replaced(parent: Path, name: str) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of `parent/name` when the block ends without an exception.

    Raises StoreError when another program is writing here, or when the system refuses (a full disk, a file held open).
    """
    with _refusals(parent / name), held(parent):
        _finish(parent, name)
        writing = _beside(parent, name, "writing")
        writing.mkdir()
        try:
            yield writing
            _flush(writing)
            writing.rename(_beside(parent, name, "ready"))
        except BaseException:
            shutil.rmtree(writing, ignore_errors=True)
            raise
        flush_folder(parent)
        _finish(parent, name)


@contextmanager
def held(parent: Path) -> Iterator[None]:
    """Keep every other program from writing in `parent` until the block ends; within the block `replaced` goes through.

    Raises StoreError (store.busy) when another program, or another thread of this one, holds it.
    """
    place = parent.resolve()
    if place in _HELD.get():
        yield
        return
    with _locked(parent):
        token = _HELD.set(_HELD.get() | {place})
        try:
            yield
        finally:
            _HELD.reset(token)


def write_file(path: Path, content: bytes) -> None:
    """Replace one file as a whole or not at all.

    Raises StoreError when the system refuses.
    """
    with _refusals(path):
        make_folder(path.parent)
        writing = path.with_name(f".{path.name}.writing")
        with writing.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        writing.replace(path)
        flush_folder(path.parent)


def _beside(parent: Path, name: str, state: str) -> Path:
    return parent / f".{name}.{state}"


def _finish(parent: Path, name: str) -> None:
    """Bring a half-done replacement to its end: forward when the new folder was complete, else back."""
    place, ready, old = parent / name, _beside(parent, name, "ready"), _beside(parent, name, "old")
    shutil.rmtree(_beside(parent, name, "writing"), ignore_errors=True)
    if ready.is_dir():
        if place.exists():
            shutil.rmtree(old, ignore_errors=True)
            place.rename(old)
        ready.rename(place)
        flush_folder(parent)
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            flush_folder(path)
            continue
        with path.open("rb+") as handle:
            os.fsync(handle.fileno())
    flush_folder(folder)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and see on the disk that it and those above it that were missing are there. Raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    for path in missing:
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """See on the disk what a folder holds: a new file is lost with its name. Raises OSError."""
    if sys.platform == "win32":  # a folder cannot be opened there; NTFS journals renames
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = Place(file=path.as_posix())
        raise StoreError(finding("store.not_written", place, str(error))) from error


@contextmanager
def _locked(parent: Path) -> Iterator[None]:
    """Take the folder's lock; the system lets go of it when the process ends, however it ends."""
    parent.mkdir(parents=True, exist_ok=True)
    with (parent / ".junheng.lock").open("a+b") as handle:
        try:
            lock_file(handle)
        except (BlockingIOError, PermissionError) as error:
            busy = Text("另一个程序正在写入", "another program that is writing")
            raise StoreError(finding("store.busy", Place(file=parent.as_posix()), busy)) from error
        except OSError:  # a shared drive without locks: renaming alone still keeps each folder whole
            pass
        yield
