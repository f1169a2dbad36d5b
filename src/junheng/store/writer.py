"""One program writes to a record at a time, and who has to wait is told for whom."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from junheng.documents import finding
from junheng.errors import Place, StoreError
from junheng.store.atomic import lock_file

PATIENCE = 5.0  # seconds to wait for another writer: a batch of 100,000 rows takes two


@contextmanager
def one_writer(folder: Path, office: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the folder's pen until the block ends; the system takes it back when the process ends, however it ends.

    Raises StoreError (store.record_busy), naming the holder, when another one does not let go within `patience` seconds.
    """
    with (folder / ".writer").open("a+b") as handle:
        until = time.monotonic() + patience
        while not _taken(handle):
            if time.monotonic() > until:
                raise StoreError(finding("store.record_busy", Place(file=folder.as_posix()), _holder(folder)))
            time.sleep(0.02)
        (folder / ".writer-name").write_text(f"{office} ({socket.gethostname()}, {os.getpid()})", encoding="utf-8")
        yield


def _taken(handle: IO[bytes]) -> bool:
    try:
        lock_file(handle)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _holder(folder: Path) -> str:
    try:
        return (folder / ".writer-name").read_text(encoding="utf-8")
    except OSError:
        return "?"
