"""The limits that protect the machine from a hostile or broken file; none of them is a regulation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How large, deep and dense a file may be, and what the parsing child process may use."""

    file_bytes: int = 20 << 20
    text_file_bytes: int = 64 << 20
    entries: int = 512
    directory_bytes: int = 1 << 19
    inflated_bytes: int = 200 << 20
    ratio: int = 200
    ratio_from_bytes: int = 1 << 20  # below this size a good ratio harms nobody
    depth: int = 32
    cells: int = 5_000_000
    box: int = 5_000_000  # rows x columns between the first and last filled cell: a parser allocates all of it
    rows: int = 1_048_576
    columns: int = 16_384
    text: int = 32_767
    sheets: int = 256
    merges: int = 100_000
    styles: int = 65_490
    child_bytes: int = 512 << 20
    child_seconds: int = 30  # of processor time, for one file


LIMITS = Limits()
