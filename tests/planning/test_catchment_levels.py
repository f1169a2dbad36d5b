"""Primary and junior catchments in one plan: who parts from the others is counted, weighed, and told beside today."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from junheng.errors import DataError
from junheng.model.county import County
from junheng.planning.districting import CLOSER, EXACT
from junheng.planning.districting.case import broken
from junheng.planning.districting.coupled import coupled
from junheng.planning.districting.levels import Together, parted, together, ways_up
from junheng.planning.districting.seams import seams_moved
from junheng.planning.proposal import Pin
from junheng.planning.solve import Limits, Watch
from tests.model.made import Row, made
from tests.planning.test_catchments import EAST, WEST, ask, line, village
from tests.planning.test_districting import every_plan, grid, three_schools

HIGH_WEST, HIGH_EAST = "3162000001", "3162000002"


def two_stages(junior: tuple[int, int] = (300, 300), **tables: list[Row]) -> County:
    """Return six villages of 30 primary and 20 junior pupils; primary schools in 1 and 6, junior schools in 1 and 4."""
    county = line(pupils=(30,) * 6, places=(200, 200), **tables)
    rows = {name: county.tables[name].to_dicts() for name in ("villages", "adjacency", "village_pupils", "schools", "places")}
    for code, name, k in ((HIGH_WEST, "西中学", 1), (HIGH_EAST, "东中学", 4)):
        row = {"school": code, "name": name, "kind": "junior", "village": village(k), "lon": 100 + (k - 1) / 100, "lat": 38}
        rows["schools"].append(row)
    rows["places"] += [
        {"school": code, "stage": "junior", "places": many} for code, many in zip((HIGH_WEST, HIGH_EAST), junior, strict=True)
    ]
    rows["village_pupils"] += [{"village": village(k), "stage": "junior", "grade": "all", "year": 2025, "pupils": 20} for k in range(1, 7)]
    return made(**rows, **tables)


def test_those_who_do_not_go_with_most_are_counted() -> None:
    lower, upper, pupils = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), np.array([5, 6, 4, 9])
    assert ways_up(lower, upper, pupils).tolist() == [[11, 4], [0, 9]]
    assert parted(lower, upper, pupils) == 4


@pytest.mark.parametrize("rule", [CLOSER, EXACT])
@pytest.mark.parametrize("seed", [1, 3])
def test_no_two_plans_of_all_plans_are_cheaper_together(seed: int, rule: str) -> None:
    lower, upper, apart = three_schools(seed, rule), grid(4, 3, seed + 7, rule), 25
    plans = [list(every_plan(district)) for district in (lower, upper)]
    own = [[district.total(plan) for plan in of] for district, of in zip((lower, upper), plans, strict=True)]
    true = min(
        one + other + apart * parted(low, up, lower.pupils)
        for one, low in zip(own[0], plans[0], strict=True)
        for other, up in zip(own[1][:200], plans[1], strict=False)
    )
    answer = together((lower, upper), (apart,), Limits(gap=1e-9), 0, Watch())
    assert isinstance(answer, Together)
    assert answer.bound <= true
    if rule == CLOSER:  # else the program does not know which pieces are joined, and its plans may not be
        assert answer.total((apart,)) <= true  # the dearest of the upper plans were not looked at
        assert answer.bound == pytest.approx(answer.total((apart,)), rel=1e-6)
        assert answer.bound > own[0][0] + own[1][0]  # it sees what parting costs


@pytest.mark.parametrize("seed", [2, 5])
def test_where_nobody_may_part_the_plan_is_whole_and_the_bound_below_every_such_plan(seed: int) -> None:
    lower, upper = grid(3, 3, seed, room=1.6), grid(3, 3, seed + 7, room=1.6)
    plans = [(low, up) for low in every_plan(lower) for up in every_plan(upper) if not parted(low, up, lower.pupils)]
    totals = [lower.total(low) + upper.total(up) for low, up in plans]
    begin, prices, none = plans[int(np.argmax(totals))], [np.zeros(2, dtype=np.int64)] * 2, Watch()
    found = coupled((lower, upper), begin, prices, (500,), Limits(gap=1e-9), 0, none, whole=True).zones
    assert parted(*found, lower.pupils) == 0
    assert lower.total(found[0]) + upper.total(found[1]) == min(totals)
    assert coupled((lower, upper), found, prices, (500,), Limits(gap=1e-9), 0, none).bound <= min(totals) + 1e-3


@pytest.mark.parametrize("rule", [CLOSER, EXACT])
@pytest.mark.parametrize("seed", [2, 5])
def test_seams_of_two_levels_move_together_to_a_plan_in_which_nobody_parts(seed: int, rule: str) -> None:
    lower, upper = (grid(3, 3, seed + more, rule, room=1.6) for more in (0, 7))
    plans = [(low, up) for low in every_plan(lower) for up in every_plan(upper) if not parted(low, up, lower.pupils)]
    totals = [lower.total(low) + upper.total(up) for low, up in plans]
    begin, prices = plans[int(np.argmax(totals))], [np.zeros(2, dtype=np.int64)] * 2
    found = seams_moved((lower, upper), begin, prices, (500,), 0, Watch())
    assert parted(*found, lower.pupils) == 0
    total = lower.total(found[0]) + upper.total(found[1])
    assert min(totals) <= total < max(totals)
    assert total == min(totals) or rule == EXACT  # bent ways are found only where the plan at hand leads along them
    assert not any(len(broken(district, plan)) for district, plan in zip((lower, upper), found, strict=True))
    again = seams_moved((lower, upper), begin, prices, (500,), 0, Watch())
    assert all((one == other).all() for one, other in zip(found, again, strict=True))
    stopped = seams_moved((lower, upper), begin, prices, (500,), 0, Watch(cancelled=lambda: True))
    assert all((one == other).all() for one, other in zip(stopped, begin, strict=True))


def test_stages_alone_part_children_and_together_they_do_not() -> None:
    # Primary 1-3 and 4-6; junior by way alone 1-2 (3 lies 2 from the west, 1 from the east) and 3-6: the 30 of village 3 part.
    # Together a parting of 5 km is dearer than a kilometre for the 20 juniors of village 3: they go west, or its primary pupils east.
    county = two_stages()
    alone = ask(county, stage="both", apart=Decimal(0))
    assert [part.amount for part in alone.amounts][-1] == 30
    assert [row for row in alone.tables["feeders"]["others"] if row] in (["西中学30人"], ["东中学30人"])
    both = ask(county, stage="both", apart=Decimal(5))
    assert [part.amount for part in both.amounts][-1] == 0
    assert both.objective > alone.objective
    assert both.note is not None
    assert "整体升入同一初中学区的2个" in both.note.zh
    assert any(step.title.zh.startswith("初中：") for step in both.steps)
    assert both.bound == pytest.approx(both.objective, rel=1e-3)
    assert [other.title.zh for other in both.alternatives] == ["各学段单独划"]
    assert both.alternatives[0].objective >= both.objective


def test_primary_catchments_that_go_up_whole_are_the_blocks_of_the_junior_plan() -> None:
    county = two_stages()
    proposal = ask(county, stage="both", feeders=True)
    assert proposal.tables["feeders"]["share"].to_list() == [100.0, 100.0]
    lower = dict(proposal.tables["letters"].select("village", "zone").iter_rows())
    upper = dict(proposal.tables["junior_letters"].select("village", "zone").iter_rows())
    assert len({(lower[code], upper[code]) for code in lower}) == len(set(lower.values()))


def test_pins_of_either_stage_are_kept_and_others_are_named() -> None:
    county = two_stages()
    pins = (Pin(("villages.village", village(3)), EAST), Pin(("villages.village", village(3)), HIGH_WEST))
    proposal = ask(county, pins[0], stage="both")
    assert dict(proposal.tables["letters"].select("village", "zone").iter_rows())[village(3)] == EAST
    proposal = ask(county, pins[1], stage="both")
    assert dict(proposal.tables["junior_letters"].select("village", "zone").iter_rows())[village(3)] == HIGH_WEST
    strange: Row = {"school": "1162000009", "name": "幼儿园", "kind": "kindergarten", "village": village(1), "lon": 100, "lat": 38}
    with pytest.raises(DataError) as error:
        ask(
            made(**{name: [*county.tables[name].to_dicts(), *([strange] if name == "schools" else [])] for name in county.tables}),
            Pin(("villages.village", village(3)), "1162000009"),
            stage="both",
        )
    assert [finding.rule for finding in error.value.findings] == ["planning.pin_of_school_without_catchment"]


def test_a_county_with_one_of_the_stages_gets_a_plan_of_that() -> None:
    assert set(ask(line(), stage="both").tables["letters"]["zone"]) == {WEST, EAST}
