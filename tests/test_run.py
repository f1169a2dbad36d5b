"""run.py, without the network: what it decides, refuses and copies. The installs themselves are rehearsed in .ci/run."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

RUN = ROOT / "run.py"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return run.py as a module whose environment would stand in an empty folder."""
    monkeypatch.setenv("JUNHENG_VENV", str(tmp_path / "environment"))
    specification = importlib.util.spec_from_file_location("run_under_test", RUN)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def started(*words: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(RUN), *words],
        env={**os.environ, "PYTHONUTF8": "1", **surroundings},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse(RUN.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module).partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_an_older_python_is_told_so_and_can_read_that_far() -> None:
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 7))
    version = "sys.version_info = (3, 8, 10, 'final', 0); sys.version = '3.8.10 (old)'"
    pretend = f"import sys; {version}; exec(open({str(RUN)!r}, encoding='utf-8').read())"
    answer = subprocess.run([sys.executable, "-c", pretend], capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"}, check=False)
    assert answer.returncode == 1
    assert answer.stderr.strip().endswith("junheng needs Python 3.11 or newer; this is 3.8.10.")
    assert "Traceback" not in answer.stderr


def test_without_a_command_it_explains_itself() -> None:
    assert started().returncode == 2
    answer = started("--help")
    assert answer.returncode == 0
    assert set(re.findall(r"run\.py (\w+)", answer.stdout)) == {"demo", "junheng", "test", "check", "bundle", "lock"}


def test_a_folder_that_is_no_environment_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "precious.csv").write_text("school\n")
    answer = started("junheng", JUNHENG_VENV=str(tmp_path))
    assert answer.returncode == 1
    assert f"{tmp_path} is no virtual environment and will not be emptied" in answer.stderr
    assert (tmp_path / "precious.csv").read_text() == "school\n"


def test_an_environment_is_ready_until_a_lock_changes(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = tmp_path / "requirements"
    locks.mkdir()
    for name in ("uv", *run.LEVELS):
        (locks / f"{name}.txt").write_text(name)
    monkeypatch.setattr(run, "LOCKS", locks)
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    assert not run.ready("core")
    run.stamp("core").write_text(run.digest("core"))
    assert run.ready("core")
    assert not run.ready("dev")
    (locks / "core.txt").write_text("core, newer")
    assert not run.ready("core")


def test_an_environment_of_another_python_is_not_kept(run: ModuleType) -> None:
    assert run.environment_version() == ""
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    (run.VENV / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    assert run.environment_version() == "3.11.2"


def test_uv_goes_where_pip_goes(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_SYSTEM_CERTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.org/simple")
    assert run.like_pip() == {"UV_SYSTEM_CERTS": "1", "UV_DEFAULT_INDEX": "https://mirror.example.org/simple"}
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example.org/simple")
    assert run.like_pip() == {"UV_SYSTEM_CERTS": "1"}


def test_a_bundle_is_installed_from_its_own_wheels_only(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "WHEELS", tmp_path / "none")
    assert run.offline() == []
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "TARGET").write_text("windows-x86_64, Python 3.12\n")
    monkeypatch.setattr(run, "WHEELS", wheels)
    assert run.offline() == ["--no-index", "--find-links", wheels]
    assert (
        f"they are for windows-x86_64, Python 3.12; this machine is {run.this_platform()} with Python {run.this_python()}"
        in run.advice_en()
    )


def test_a_bundle_holds_the_source_and_nothing_made(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    made = (".venv/bin/python", "out/report.pdf", "src/__pycache__/x.pyc", ".mypy_cache/x", "wheels/x.whl")
    for name in ("run.py", "src/junheng/errors.py", *made):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("x")
    monkeypatch.setattr(run, "ROOT", project)
    run.copy_source(tmp_path / "bundle")
    copied = {path.relative_to(tmp_path / "bundle").as_posix() for path in (tmp_path / "bundle").rglob("*") if path.is_file()}
    assert copied == {"run.py", "src/junheng/errors.py"}


def test_a_bundle_never_overwrites_a_folder(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "precious.csv").touch()
    answer = started("bundle", str(tmp_path / "bundle"), JUNHENG_VENV=str(tmp_path / "environment"))
    assert answer.returncode == 1
    assert "is not empty; choose another folder" in answer.stderr
    assert not (tmp_path / "environment").exists()


def test_the_commands_start_in_the_callers_folder(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(run, "install", lambda level: seen.append([level]))
    monkeypatch.setattr(run, "become", lambda command: seen.append(command) or 7)
    monkeypatch.chdir(tmp_path)
    assert run.main(["junheng", "check", "qinghe"]) == 7
    assert Path.cwd() == tmp_path
    assert run.main(["demo"]) == 7
    assert run.main(["test", "--spark", "-x"]) == 7
    assert seen == [
        *(["core"], ["-m", "junheng", "check", "qinghe"]),
        *(["core"], ["-m", "junheng", "demo"]),
        *(["spark"], ["-m", "pytest", "-m", "spark", "-x"]),
    ]
