"""A script of the house in a process of its own: for what cannot share ours, and may die or be ended without harm."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self


class Child:
    """One script that is sent bytes and answers by lines. Use it as a context manager: leaving it ends the process.

    The script's input stays open as long as its answers are wanted, so that it can end itself when we are gone.
    """

    def __init__(self, script: Path, sent: bytes) -> None:
        """Start the script with our own interpreter and send it the bytes; nothing here waits for it."""
        # -P: the script's neighbours are no libraries; a session of its own: Ctrl-C is ours to answer
        self._handle = subprocess.Popen(  # noqa: S603 - our own script, our own interpreter, no shell
            [sys.executable, "-P", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._talk, args=(sent,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Return the child."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process at once."""
        self._handle.kill()
        self._handle.wait()
        self._thread.join()
        for stream in (self._handle.stdin, self._handle.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # it was ended with our bytes unread
                continue

    def line(self, seconds: float) -> str | None:
        """Return its next line; "" when none came within the seconds; None when it has ended and all was read."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            return ""

    def _talk(self, sent: bytes) -> None:
        assert self._handle.stdin is not None
        assert self._handle.stdout is not None
        try:
            self._handle.stdin.write(sent)
            self._handle.stdin.flush()
            for line in self._handle.stdout:
                if line.endswith(b"\n"):
                    self._lines.put(line.decode("ascii", "replace"))
        except OSError:  # it died before it had read everything: it has ended, and its lines say how far it came
            self._lines.put("")
        self._lines.put(None)
