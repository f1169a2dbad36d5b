"""The process that parses workbooks cannot reach a network; what holds on which system is written in docs/concepts/returns.md."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from junheng.store.returns import child_main
from junheng.store.returns.child import WorkbookReader
from junheng.store.returns.load import read_returns
from tests.store.returns.workbooks import write_rows

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")


def answers(program: str) -> list[str]:
    """Run a program after the child's own cut, in a process like the child's, and return the lines that it prints."""
    cut = f"import runpy\nprint(runpy.run_path({child_main.__file__!r})['cut_network']())\n"
    command = [sys.executable, "-I", "-c", cut + textwrap.dedent(program)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()


def test_python_has_no_sockets_after_the_cut():
    program = """
        try:
            import socket
        except ImportError:
            print("none")
    """
    assert answers(program)[1:] == ["none"]


@LINUX
@pytest.mark.parametrize("family", [1, 2, 10, 16])  # local, IPv4, IPv6, netlink
def test_native_code_gets_no_socket_from_the_kernel(family):
    program = f"""
        import ctypes, os
        library = ctypes.CDLL(None, use_errno=True)
        print(library.socket({family}, 1, 0), os.strerror(ctypes.get_errno()).replace(" ", "_"))
        print(library.syscall(425, 8, None), os.strerror(ctypes.get_errno()).replace(" ", "_"))
        print(len(os.listdir("/")) > 0)
    """
    refused = ["-1", "Operation_not_permitted"]
    assert answers(program) == ["True", *refused, *refused, "True"]


@LINUX
def test_workbooks_are_parsed_offline(tmp_path):
    path = write_rows(tmp_path / "a.xlsx", [["学校标识码", "图书"], ["2162000001", 5]])
    with WorkbookReader() as reader:
        (grid,) = reader.read(path)
        assert grid.text(1, 1) == "5"
        assert reader.offline


@pytest.mark.parametrize("cut", [True, False])
def test_a_system_that_does_not_cut_the_process_off_is_said_in_a_finding(tmp_path, monkeypatch, cut):
    path = write_rows(tmp_path / "一览表.xlsx", [["学校标识码", "学校名称", "图书"], ["2162000001", "东小学", 100]])
    monkeypatch.setattr(WorkbookReader, "offline", property(lambda _reader: cut, lambda _reader, _value: None), raising=False)
    found = read_returns([path], "629925", 2025)
    assert [one.rule for one in found.findings if one.rule == "returns.child_online"] == ([] if cut else ["returns.child_online"])
    assert found.county.tables["equipment"]["books"].to_list() == [100]
