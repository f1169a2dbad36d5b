"""Births counted after the origin are held against a forecast that saw none of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from junheng.workflow.foresee import foresee
from junheng.workflow.views.foresight import Foresight
from tests.workflow.foreseen import Tables, folder

ORIGIN = 2019


def seen(at: Path, year: int = ORIGIN) -> Foresight:
    return foresee(at, year, horizon=8, draws=200, backtest=False, as_of=date(2019, 12, 31))


def fewer(year: int, made: Tables) -> None:
    """Births of after the origin are half of what they are in the plain county."""
    for row in made["births"]:
        row["births"] //= 2 if row["calendar_year"] > ORIGIN else 1


def test_births_since_change_what_came_and_nothing_of_what_was_foreseen(tmp_path: Path) -> None:
    plain, halved = seen(folder(tmp_path / "plain")).later, seen(folder(tmp_path / "halved", fewer)).later
    assert plain is not None
    assert halved is not None
    assert [one.year for one in plain.lines] == [2026, 2027]  # aged six, born to August 2020 and 2021
    assert [one.foreseen for one in plain.lines] == [one.foreseen for one in halved.lines]
    assert halved.lines[1].born < 0.55 * plain.lines[1].born
    assert not halved.lines[1].inside
    assert "50%" not in halved.sentence.zh
    assert "1个落在80%区间内" in plain.sentence.zh or "2个落在80%区间内" in plain.sentence.zh


def test_without_births_of_after_the_origin_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert seen(folder(tmp_path / "c"), 2025).later is None
    assert seen(folder(tmp_path / "d", years=tuple(range(2014, ORIGIN + 1)))).later is None
