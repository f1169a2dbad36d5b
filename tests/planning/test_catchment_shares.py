"""A share of pupils alike in all catchments: kept where it can be, refused with the least tolerance where not, told before and after."""

from __future__ import annotations

from decimal import Decimal

import pytest

from junheng.errors import DataError, Infeasible
from junheng.model.county import County
from junheng.planning.proposal import Value
from tests.model.made import Row
from tests.planning.test_catchments import EAST, WEST, ask, line, village, zones

GROUP = "随迁子女"


def mixed(members: tuple[int | None, ...] = (20, 16, 0, 0), **tables: list[Row]) -> County:
    groups: list[Row] = [
        {"village": village(k + 1), "stage": "primary", "group": GROUP, "pupils": many, "counted": 40} for k, many in enumerate(members)
    ]
    return line(pupils=(40,) * len(members), places=(400, 400), village_groups=groups, **tables)


def within(points: float) -> dict[str, Value]:
    return {"share": GROUP, "share_within": Decimal(str(points))}


def test_the_nearest_school_is_given_up_where_shares_would_be_too_far_apart() -> None:
    # Six villages of 40, a quarter of the group. Zones are villages 1 to k and the rest: 16 of 40, 26 of 80, 36 of 120 (30 % and 20 %),
    # 46 of 160, 53 of 200. Five points hold where the nearest stays, and no cut holds one point; villages divided would.
    county = mixed((16, 10, 10, 10, 7, 7))
    assert zones(ask(county, **within(5)))[village(3)] == WEST
    with pytest.raises(Infeasible) as error:
        ask(county, **within(1))
    assert any(GROUP in finding.found.zh for finding in error.value.findings)


def test_where_even_villages_divided_would_not_do_the_least_tolerance_is_told() -> None:
    # Both schools' own villages cannot leave: 40 of 40 in the west, none of 40 in the east, and each has just those places.
    groups: list[Row] = [
        {"village": village(k), "stage": "primary", "group": GROUP, "pupils": many, "counted": 40} for k, many in ((1, 40), (2, 0))
    ]
    with pytest.raises(Infeasible) as error:
        ask(line(pupils=(40, 40), places=(40, 40), village_groups=groups), **within(10))
    assert any("50.0" in finding.found.zh for finding in error.value.findings)


def test_villages_change_so_that_shares_are_alike_and_the_table_tells_before_and_after() -> None:
    # West alone would have 24 of 120 (20 %), east 6 of 120 (5 %), all 12.5 %. With village 4 the west has 24 of 160, 15 %, the east
    # 6 of 80, 7.5 %: five points off and no more.
    today: list[Row] = [{"stage": "primary", "village": village(k), "zone": WEST if k < 4 else EAST} for k in range(1, 7)]
    county = mixed((0, 12, 12, 0, 3, 3), catchment_villages=today)
    assert zones(ask(county, change=0))[village(4)] == EAST
    proposal = ask(county, change=0, **within(5))
    assert zones(proposal)[village(4)] == WEST
    west = proposal.tables["shares"].filter(proposal.tables["shares"]["zone"] == WEST).row(0, named=True)
    assert (west["share_before"], west["share"], west["apart"]) == (20.0, 15.0, 2.5)
    assert proposal.note is not None
    assert "7.5个百分点" in proposal.note.zh
    assert proposal.objective > ask(county, change=0).objective


def test_a_group_that_is_not_there_and_counts_that_lack_or_do_not_fit_are_named() -> None:
    with pytest.raises(DataError) as unknown:
        ask(mixed(), share="女生")
    assert GROUP in unknown.value.findings[0].expected.zh
    with pytest.raises(DataError) as lacking:
        ask(mixed((20, None, 41, 0)), **within(5))
    assert [(f.rule, f.place.key) for f in lacking.value.findings] == [
        ("planning.share_not_known", (village(2),)),
        ("planning.share_beyond_all", (village(3),)),
    ]
