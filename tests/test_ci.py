"""What .ci/run promises: a lane fails with any of its lines, and a lane without its tool is not lost in silence."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from tests.conftest import ROOT

FUNCTIONS = (ROOT / ".ci" / "run").read_text(encoding="utf-8").partition('\nlane "')[0]


@pytest.fixture
def script(program: Callable[..., str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a runner of lines that stand where the lanes of .ci/run stand."""
    bash = program("bash")

    def run(lines: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name != "CI"}
        head = FUNCTIONS.replace('cd "$(dirname "$0")/.."', "")
        command = [bash, "-c", f"{head}\n{lines}\necho the end"]
        return subprocess.run(command, cwd=ROOT, env={**kept, **surroundings}, capture_output=True, text=True, check=False)

    return run


def test_a_lane_fails_with_its_first_line_though_its_last_succeeds(script: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    answer = script("broken() { false; true; }\nlane first true\nlane second broken\nlane third true")
    assert answer.returncode == 1
    assert "lanes: 1 passed, 1 failed, 0 skipped" in answer.stdout
    assert "third" not in answer.stdout
    assert "the end" not in answer.stdout


def test_a_lane_fails_with_any_part_of_a_pipe(script: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert script("broken() { false | cat; }\nlane first broken").returncode == 1


def test_lanes_that_hold_reach_the_end(script: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    answer = script("lane first true\nlane second true")
    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, "the end")


def test_a_lane_without_its_tool_fails_in_ci_and_is_named_elsewhere(script: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert script("leave_out Spark java", CI="true").returncode == 1
    answer = script("leave_out Spark java")
    assert answer.returncode == 0
    assert "Spark: not run, java is missing" in answer.stdout


def test_what_the_record_is_tested_with_is_asked_for_and_missed(script: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    without = "have() { false; }\ncompgen() { false; }\nid() { echo 1; }\ndebian"  # nothing is there, and nothing may be installed
    answer = script(without)
    assert answer.returncode == 0
    assert {"postgresql", "strace"} <= set(answer.stdout.split())
    assert script("compgen() { false; }\nhave() { false; }\nhave_postgres || leave_out record postgresql", CI="true").returncode == 1
