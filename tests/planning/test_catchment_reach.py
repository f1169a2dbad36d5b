"""Catchments: who can go nowhere and why, which years can be drawn, and the certificate added up by a reader."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from tests.planning.test_catchments import EAST, WEST, WHOLE, ask, line, matrix, to, village, zones

CUT_OFF = [row | ({"metres": None, "reachable": False} if row["origin"] == village(2) else {}) for row in map(dict, matrix(*WHOLE))]


def test_a_farthest_way_that_leaves_villages_out_is_impossible_and_the_least_that_serves_is_told() -> None:
    with pytest.raises(Infeasible) as refusal:
        ask(line(pupils=(30,) * 6), farthest=Decimal(2))
    first, second = refusal.value.findings
    assert "farthest" in first.remedy.zh
    assert "0.3km" in first.remedy.zh
    assert "farthest至少为2.3" in first.found.zh
    assert second.found.zh.startswith("第3村、第4村的60名学生")
    assert len(zones(ask(line(pupils=(30,) * 6), farthest=Decimal("2.3")))) == 6


def test_what_is_forbidden_everywhere_is_impossible_and_a_pin_leads_a_village_out_that_is_cut_off() -> None:
    with pytest.raises(Infeasible) as refusal:
        ask(line(), forbids=(to(village(2), EAST), to(village(2), WEST)))
    assert any("禁止" in one.found.zh for one in refusal.value.findings)
    assert zones(ask(line(travel_times=CUT_OFF), to(village(2), WEST)))[village(2)] == WEST


def test_a_village_that_nobody_can_leave_is_told_with_the_way_out() -> None:
    with pytest.raises(DataError) as error:
        ask(line(travel_times=CUT_OFF))
    (found,) = error.value.findings
    assert (found.rule, found.place.key) == ("planning.village_cut_off", (village(2),))
    assert f"--pin villages.village={village(2)}" in found.remedy.zh


@pytest.mark.parametrize("years", [{"year": 2024}, {"year": 2040, "years": 2}, {"year": 2060}])
def test_years_that_are_over_or_beyond_any_forecast_are_refused(years: dict[str, int]) -> None:
    with pytest.raises(DataError) as error:
        ask(line(), **years)
    assert [one.rule for one in error.value.findings] == ["planning.year_out_of_reach"]


def test_a_reader_finds_the_bound_by_prices_again_from_the_certificate() -> None:
    proposal = ask(line(pupils=(30, 30, 30, 30), places=(50, 100)))
    assert proposal.certificate is not None
    villages, prices = (proposal.certificate.tables[name] for name in ("villages", "prices"))
    load = dict(villages.group_by("zone").agg(pl.col("pupils").sum()).iter_rows())
    above = sum(row["pupils"] * (row["here"] - row["least"]) for row in villages.to_dicts())
    free = sum(row["price"] * (row["places"] - load.get(row["zone"], 0)) for row in prices.to_dicts())
    assert above + free > 0
    assert proposal.certificate.numbers["bound_by_prices"] == pytest.approx(proposal.objective - above - free)
