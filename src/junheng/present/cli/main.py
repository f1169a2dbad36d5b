"""The `junheng` command: every area's commands are declared by its module; whatever goes wrong in one is told in words."""

from __future__ import annotations

import os
import sys

from junheng.present.cli import commands, usage
from junheng.present.cli.terminal import COULD_NOT, INTERRUPTED, Terminal, program
from junheng.workflow import JunhengError, program_failed, system_refused


def run() -> None:
    """Run the command line and leave with its exit code; whatever goes wrong is told in words, never as a traceback."""
    sys.exit(called(sys.argv[1:]))


def called(words: list[str]) -> int:
    """Run one call; return its exit code: 0 done, 1 errors in the data, 2 wrong call, 3 could not be done, 130 interrupted."""
    terminal = usage.terminal_of(words)
    try:
        code = commands.call(words, program())
    except commands.Aborted:
        code = INTERRUPTED
    except commands.WrongCall as error:
        return usage.explained(terminal, error)
    except Exception as error:
        return _told(terminal, error)
    if code == INTERRUPTED:
        terminal.interrupted()
    return code


def _told(terminal: Terminal, error: Exception) -> int:
    """Say what stopped the work: our own findings, what the system refused, or a fault that nobody foresaw."""
    if isinstance(error, JunhengError):
        return terminal.failed(error.findings)
    if isinstance(error, BrokenPipeError):  # the reader of a pipe has seen enough
        usage.close_quietly()
        return COULD_NOT
    if isinstance(error, OSError):
        spoken = terminal if error.filename else Terminal(terminal.lang)  # without a name it is the output itself that failed
        return spoken.failed([system_refused(error)])
    if os.environ.get("JUNHENG_TRACE"):
        raise error
    return terminal.failed([program_failed(error)])
