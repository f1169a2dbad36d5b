"""The verifier notices whatever is done to a record outside the program; without anchors it misses a chain made anew."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.store import verifier
from junheng.store.audit import CHAINED, IMAGE, first_hash, head_in_words
from junheng.store.database import Database
from junheng.store.logical import copy_record
from junheng.store.soundness import anchors_of
from tests.store.conftest import filled
from tests.store.gates.tampering import KINDS, anew, each_cell, read, tampered, write

PROGRAM = Path(verifier.__file__)
SLICE = 2000  # of the 10,000 that benchmarks/store_gates.py tries


@pytest.fixture
def file(database: Database, tmp_path: Path) -> tuple[Path, list[str]]:
    """Return a record in one file, and its anchors; of PostgreSQL a copy, as a backup holds it."""
    filled(database, batches=3, each=3)
    return copy_record(database.sql, tmp_path / "copy" / "record.db"), anchors_of(database)


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", *map(str, words)]  # -I -S: none of our packages can be found
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONUTF8": "1"})


def test_it_is_short_stands_alone_and_knows_the_same_rules() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    modules = {node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    assert {str(name).partition(".")[0] for name in modules} <= sys.stdlib_module_names
    assert (verifier.CHAINED, verifier.IMAGE) == (CHAINED, IMAGE)
    assert verifier.digest("junheng record x") == first_hash("x")


def test_a_sound_record_is_sound_and_an_altered_one_is_not(file: tuple[Path, list[str]], tmp_path: Path) -> None:
    record, lines = file
    anchors = tmp_path / "anchors"
    anchors.write_text("\n".join(lines), encoding="utf-8")
    shutil.copy(PROGRAM, tmp_path / "verifier.py")
    answer = run(tmp_path / "verifier.py", record, "--anchor", anchors)
    assert (answer.returncode, answer.stdout.startswith("完好 / sound "), answer.stderr) == (0, True, "")
    copy = read(record)
    copy.entries[0]["state"] = "closed"
    write(record, copy)
    answer = run(tmp_path / "verifier.py", record, "--anchor", anchors)
    assert answer.returncode == 1
    assert "is not what its last change left" in answer.stdout
    anchors.write_text("{", encoding="utf-8")
    assert run(tmp_path / "verifier.py", record, "--anchor", anchors).returncode == 1
    assert run(tmp_path / "verifier.py", anchors).returncode == 1


def test_the_printed_head_is_an_anchor(record: Database, tmp_path: Path) -> None:
    filled(record, 2, 2)
    head = record.head()
    assert head is not None
    said = head_in_words(record.record, head).zh
    code = said.partition("校验码 ")[2]
    assert record.sql.file is not None
    assert run(PROGRAM, record.sql.file, "--head", f"{head['sequence']}:{code}").returncode == 0
    assert run(PROGRAM, record.sql.file, "--head", f"{head['sequence']}:{code[:-1]}0x").returncode == 1


def test_every_kind_of_tampering_is_noticed(file: tuple[Path, list[str]], scratch: Path) -> None:
    record, lines = file
    result = tampered(record, scratch / "record.db", lines, SLICE // 2, seed=20260302)
    assert set(result.tried) == set(KINDS)
    assert result.unseen == {}


def test_every_cell_is_covered(record: Database, tmp_path: Path, scratch: Path) -> None:
    """One cell was not, once: what a row of an undoing "replaced"."""
    filled(record, batches=2, each=2)
    result = each_cell(copy_record(record.sql, tmp_path / "copy" / "record.db"), scratch / "record.db", anchors_of(record))
    assert result.tried.total() > 150
    assert result.unseen == {}


def test_red_control_without_anchors_a_chain_made_anew_looks_sound(file: tuple[Path, list[str]], scratch: Path) -> None:
    record, _ = file
    result = tampered(record, scratch / "record.db", [], 120, seed=7)
    assert result.unseen["rehash"] == result.tried["rehash"]
    assert result.unseen["truncate"] > 0
    assert result.unseen.keys() <= {"rehash", "truncate", "insert"}


def test_making_a_chain_anew_without_change_gives_the_same_chain(file: tuple[Path, list[str]]) -> None:
    record, _ = file
    copy = read(record)
    anew(copy)
    assert copy.same(read(record))
