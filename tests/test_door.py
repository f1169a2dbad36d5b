"""The public door of the package: what stands on it can be had, and nothing is loaded before it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import junheng


def test_everything_on_the_door_can_be_had():
    assert {*junheng.__all__} == {*junheng._HOME}
    assert all(callable(getattr(junheng, name)) for name in junheng.__all__)


def test_another_name_is_refused():
    with pytest.raises(AttributeError, match="rank_schools"):
        _ = junheng.rank_schools


@pytest.mark.parametrize("what", ["junheng", "junheng.present.cli.main"])
def test_a_start_loads_no_engine(what: str):
    heavy = {"duckdb", "polars", "sqlglot", "xlsxwriter", "sqlalchemy", "numpy", "splink", "highspy"}
    code = f"import sys, {what}; print(sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
