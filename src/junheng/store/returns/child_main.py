"""The child process: parse workbooks with calamine under limits, write their cells as flat arrays. Standard library and calamine only.

Started as a script by child.py with an empty environment, in a temporary folder of its own. One request a line on standard input
({"path", "out", "bytes", "seconds"}), one answer a line on standard output. When a workbook kills this process, the parent goes on.

Layout of the file written: 8 bytes length of a JSON header, the header, then for each sheet its kinds (1 byte a cell), its values (8-byte
floats, row by row), the ends of its texts (8-byte integers) and the texts themselves (UTF-8). A text cell's value is the text's number.
"""

from __future__ import annotations

import datetime
import json
import struct
import sys
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

EMPTY, NUMBER, TEXT, BOOLEAN, DATE = range(5)


_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198), "loongarch64": (0xC0000102, 198), "riscv64": (0xC00000F3, 198)}
_IO_URING_SETUP = 425  # the same everywhere; a ring could open sockets past the filter
_OTHER_ABI = 0x40000000  # x32 calls of x86_64 have numbers from here on


def cut_network() -> bool:
    """Take from this process, for good, the means to open a socket; False where only Python's own modules could be closed.

    Linux: a seccomp filter of the kernel, which holds for native code too and needs no privilege.
    """
    for module in ("socket", "_socket", "ssl", "_ssl"):
        sys.modules[module] = None  # type: ignore[assignment]
    return sys.platform == "linux" and _filter_sockets()


def _filter_sockets() -> bool:
    import ctypes
    import os

    known = _SOCKET_CALLS.get(os.uname().machine)
    if known is None or sys.maxsize < 2**32:
        return False
    architecture, call = known
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allowed, refused = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
    steps = [
        (load, 0, 0, 4),  # the architecture
        (equal, 0, 5, architecture),
        (load, 0, 0, 0),  # the number of the call
        (at_least, 3, 0, _OTHER_ABI),
        (equal, 2, 0, call),
        (equal, 1, 0, _IO_URING_SETUP),
        (answer, 0, 0, allowed),
        (answer, 0, 0, refused),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    kernel = ctypes.CDLL(None, use_errno=True)
    program = Program(len(steps), code)
    no_new_rights, filter_calls = (38, 1, 0, 0, 0), (22, 2, ctypes.byref(program), 0, 0)  # PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP
    return bool(kernel.prctl(*no_new_rights) == 0 and kernel.prctl(*filter_calls) == 0)


def limit(memory: int, seconds: int) -> bool:
    """Limit this process's memory and the processor time of the next workbook; False when this system offers no limit."""
    if sys.platform == "win32":
        return _limit_job(memory)
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):  # macOS does not always accept an address-space limit
        return False
    return True


def _limit_job(memory: int) -> bool:
    """Put this process into a Windows job object with a memory limit; the parent's clock limits its time."""
    import ctypes

    class Basic(ctypes.Structure):
        _fields_ = [
            ("process_time", ctypes.c_int64),
            ("job_time", ctypes.c_int64),
            ("flags", ctypes.c_uint32),
            ("least_set", ctypes.c_size_t),
            ("most_set", ctypes.c_size_t),
            ("processes", ctypes.c_uint32),
            ("affinity", ctypes.c_size_t),
            ("priority", ctypes.c_uint32),
            ("scheduling", ctypes.c_uint32),
        ]

    class Extended(ctypes.Structure):
        _fields_ = [
            ("basic", Basic),
            ("io", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process", ctypes.c_size_t),
            ("peak_job", ctypes.c_size_t),
        ]

    windows: Any = ctypes
    kernel = windows.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.SetInformationJobObject.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32]
    kernel.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    job = kernel.CreateJobObjectW(None, None)
    wanted = Extended()
    wanted.basic.flags = 0x100  # JOB_OBJECT_LIMIT_PROCESS_MEMORY
    wanted.process_memory = memory
    done = job and kernel.SetInformationJobObject(job, 9, ctypes.byref(wanted), ctypes.sizeof(wanted))
    return bool(done and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess()))


def peak() -> int:
    """Return the largest resident memory of this process so far, in bytes; 0 when this system does not say.

    Linux: VmHWM, because ru_maxrss still remembers the parent from which the process was forked.
    """
    if sys.platform == "win32":
        return 0
    status = Path("/proc/self/status")
    if status.exists():
        line = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Flat:
    """The cells of one sheet as flat arrays."""

    def __init__(self) -> None:
        """Start with no cell."""
        self.kinds = bytearray()
        self.values = array("d")
        self.texts: dict[str, int] = {}

    def add(self, rows: Iterable[list[Any]]) -> None:
        """Append rows of equal width."""
        kind, value, number = self.kinds.append, self.values.append, self.texts.setdefault
        texts = self.texts
        for row in rows:
            for cell in row:
                a_type = type(cell)
                if a_type is float:
                    kind(NUMBER)
                    value(cell)
                elif a_type is str:
                    if cell:
                        kind(TEXT)
                        value(number(cell, len(texts)))
                    else:
                        kind(EMPTY)
                        value(0.0)
                else:
                    self._other(cell)

    def _other(self, cell: Any) -> None:
        if isinstance(cell, bool):
            self.kinds.append(BOOLEAN)
            self.values.append(float(cell))
        elif isinstance(cell, int):
            self.kinds.append(NUMBER)
            self.values.append(float(cell))
        elif isinstance(cell, datetime.date):  # a datetime too: the time of day is dropped, our tables hold days
            self.kinds.append(DATE)
            self.values.append(float(cell.toordinal()))
        else:
            self.kinds.append(TEXT)
            self.values.append(self.texts.setdefault(str(cell), len(self.texts)))


def parse(path: str, out: BinaryIO) -> None:
    """Write the cells of every worksheet of the workbook at `path`."""
    workbook = CalamineWorkbook.from_path(path)
    body = Path(f"{out.name}.body")
    with body.open("wb") as cells:
        names = [data.name for data in workbook.sheets_metadata if data.typ == SheetTypeEnum.WorkSheet]
        header = [_sheet(workbook.get_sheet_by_name(name), cells) for name in names]
    text = json.dumps(header, ensure_ascii=False).encode()
    out.write(len(text).to_bytes(8, "little") + text)
    with body.open("rb") as cells:
        while piece := cells.read(1 << 20):
            out.write(piece)
    body.unlink()


def _sheet(sheet: CalamineSheet, out: BinaryIO) -> dict[str, Any]:
    flat = Flat()
    top, left = sheet.start or (0, 0)
    bottom, right = sheet.end or (-1, -1)
    height, width = (bottom - top + 1, right - left + 1) if sheet.start else (0, 0)
    if height:
        rows = sheet.iter_rows()
        for _ in range(top):  # the iterator starts in row 1, but in the first filled column
            next(rows)
        flat.add(rows)
    ends, raw = array("q"), bytearray()
    for text in flat.texts:
        raw += text.encode("utf-8", "replace")
        ends.append(len(raw))
    out.write(flat.kinds)
    flat.values.tofile(out)
    ends.tofile(out)
    out.write(raw)
    merges = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
    place = {"name": sheet.name, "top": top, "left": left, "height": height, "width": width}
    return {**place, "texts": len(ends), "bytes": len(raw), "merges": merges}


def main() -> None:
    """Answer requests until standard input ends."""
    offline = cut_network()
    for line in sys.stdin:
        request = json.loads(line)
        limited = limit(request["bytes"], request["seconds"])
        answer: dict[str, Any] = {"limited": limited, "offline": offline, "error": ""}
        try:
            with Path(request["out"]).open("wb") as out:
                parse(request["path"], out)
        except MemoryError:
            raise
        except (CalamineError, OSError, ValueError) as error:
            answer["error"] = f"{type(error).__name__}: {error}"[:200]
        answer["peak"] = peak()
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer to the parent


if __name__ == "__main__":
    main()
