"""Importing into an authority's folder: what is written, what stays, and what an officer is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from junheng.errors import StoreError
from junheng.store import read_county
from junheng.workflow import import_returns, new_authority
from tests.store.returns.workbooks import write_rows

CODE = "620725"
HEAD = ["学校标识码", "学校名称", "办学类型", "图书", "占地面积"]
EAST = ["2162000101", "东小学", "小学", 100, 9000]
WEST = ["2162000102", "西小学", "小学", 200, 8000]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_authority(tmp_path / "县", CODE, "某县", 2025)
    return tmp_path / "县"


def book(path: Path, *rows: list[object], head: list[str] = HEAD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_rows(path, [head, *rows])


def held(folder: Path, table: str = "schools") -> pl.DataFrame:
    return read_county(folder, CODE, 2025).tables[table].sort("school")


SLOW = """
import sys
from pathlib import Path
from junheng.workflow import import_returns
def step(said, done, total):
    if done == 0:
        print("reading", flush=True)
        sys.stdin.readline()
result = import_returns(Path(sys.argv[1]), 2025, [Path(sys.argv[2])], progress=step)
print(len(result.written), flush=True)
"""


def test_two_imports_at_once_lose_nothing(folder: Path, tmp_path: Path, root: Path) -> None:
    """The second is refused by name while the first has read the base and not yet written, and works afterwards."""
    east, west = book(tmp_path / "s1/东.xlsx", EAST), book(tmp_path / "s2/西.xlsx", WEST)
    command = [sys.executable, "-c", SLOW, str(folder), str(east)]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        assert first.stdout.readline() == "reading\n"
        with pytest.raises(StoreError) as refusal:
            import_returns(folder, 2025, [west])
        assert [one.rule for one in refusal.value.findings] == ["store.busy"]
        looked_at = import_returns(folder, 2025, [west], write=False)  # looking writes nothing and waits for nobody
        assert (looked_at.written, looked_at.loaded > 0) == ((), True)
        first.stdin.write("\n")
        first.stdin.flush()
        assert first.stdout.readline() == "1\n"
    assert import_returns(folder, 2025, [west]).written
    assert held(folder)["name"].to_list() == ["东小学", "西小学"]
