"""Small authorities for the commands: one with two schools and its returns, one that holds nothing yet; and the calls themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from junheng.present.cli.main import called

HEAD = ("学校名称", "学校标识码", "学校类别", "教学及辅助用房面积", "教学仪器设备值（元）")
SCHOOLS = (
    ("第一小学", "2162000001", "小学", 1500, 655000),
    ("第二小学", "2162000002", "小学", "约2000", 900000),
)


@dataclass(frozen=True)
class Answer:
    """What a call answered: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return the printed JSON; fails when anything else was printed."""
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """Return all that a person saw, without line breaks."""
        return (self.out + self.err).replace("\n", "")


Call = Callable[..., Answer]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs one command line."""
    for name in ("JUNHENG_CALLED_AS", "JUNHENG_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def answer(*words: object) -> Answer:
        capsys.readouterr()
        code = called([str(word) for word in words])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Answer(code, printed.out, printed.err)

    return answer


def write_list(path: Path, rows: tuple[tuple[object, ...], ...] = SCHOOLS) -> Path:
    """Write a list of schools as a county's office keeps it: a title, a header, the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["某县中小学办学条件一览表"])
    for row in (HEAD, *rows):
        sheet.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def new_county(tmp_path: Path, call: Call) -> Path:
    """Return an authority's folder that holds nothing yet."""
    folder = tmp_path / "某县"
    assert call("new", folder, "--code", "620725", "--name", "某县", "--year", "2025").code == 0
    return folder


@pytest.fixture
def county(new_county: Path, call: Call) -> Path:
    """Return an authority with one list of schools read in, of which one cell was refused."""
    write_list(new_county / "returns/2025/一览表 (1).xlsx")
    assert call("import", new_county).code == 1
    return new_county


@pytest.fixture
def qinghe(root: Path) -> Path:
    """Return the example county; it is only read."""
    return root / "examples/qinghe"
