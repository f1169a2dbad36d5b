from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.store.atomic import current, replaced, write_file

OLD, NEW = {"a.csv": "old", "b.csv": "old"}, {"a.csv": "new", "c.csv": "new"}


def content(parent: Path) -> dict[str, str]:
    place = current(parent, "2025")
    return {path.name: path.read_text() for path in place.iterdir()} if place.is_dir() else {}


def fill(parent: Path, files: dict[str, str]) -> None:
    with replaced(parent, "2025") as place:
        for name, text in files.items():
            (place / name).write_text(text)


class PowerCut(BaseException):
    """The machine stops: nothing that the program would still do is done."""


class Machine:
    """Lets `steps` calls of the file system through, and then none."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def counted(self, call: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **more: object) -> object:
            if self.left <= 0:
                raise PowerCut
            self.left -= 1
            return call(*args, **more)

        return step


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Machine]]:
    def after(steps: int) -> Machine:
        machine = Machine(steps)
        for owner, name in ((Path, "rename"), (Path, "mkdir"), (Path, "write_text"), (shutil, "rmtree"), (os, "fsync")):
            monkeypatch.setattr(owner, name, machine.counted(getattr(owner, name)))
        return machine

    yield after
    monkeypatch.undo()


@pytest.mark.parametrize("before", [{}, OLD], ids=["nothing there", "something there"])
@pytest.mark.parametrize("steps", range(30))
def test_whenever_the_power_is_cut_the_folder_is_the_old_one_or_the_new_one(
    steps: int, before: dict[str, str], cut: Callable[[int], Machine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before:
        fill(tmp_path, before)
    cut(steps)
    try:
        fill(tmp_path, NEW)
        finished = True
    except PowerCut:
        finished = False
    monkeypatch.undo()
    assert content(tmp_path) in (([NEW]) if finished else [before, NEW])
    fill(tmp_path, {"a.csv": "newer"})
    assert content(tmp_path) == {"a.csv": "newer"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".junheng.lock", "2025"]


def test_an_exception_while_filling_leaves_what_was_there(tmp_path: Path) -> None:
    fill(tmp_path, OLD)

    def half() -> None:
        with replaced(tmp_path, "2025") as place:
            (place / "a.csv").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert content(tmp_path) == OLD
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".writing")]


def test_a_full_disk_is_a_finding_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, OLD)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as refusal:
        fill(tmp_path, NEW)
    assert refusal.value.findings[0].rule == "store.not_written"
    assert content(tmp_path) == OLD


WRITER = """
import sys
from pathlib import Path
from junheng.store.atomic import replaced
with replaced(Path(sys.argv[1]), "2025") as place:
    (place / "a.csv").write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process by a signal")
def test_a_writer_keeps_others_out_and_a_killed_one_does_not(tmp_path: Path, root: Path) -> None:
    fill(tmp_path, OLD)
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        with pytest.raises(StoreError) as refusal:
            fill(tmp_path, NEW)
        assert refusal.value.findings[0].rule == "store.busy"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert content(tmp_path) == OLD
    fill(tmp_path, NEW)
    assert content(tmp_path) == NEW


def test_one_file_is_replaced_as_a_whole(tmp_path: Path, cut: Callable[[int], Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "junheng.toml"
    write_file(path, b"old")
    cut(1)  # the folder is looked for, and then the power is cut
    with pytest.raises(PowerCut):
        write_file(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    write_file(path, b"new")
    assert [file.name for file in path.parent.iterdir()] == ["junheng.toml"]
