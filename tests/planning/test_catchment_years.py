"""A plan for several years at once, and brothers and sisters: counted, weighed, kept, told, and looked over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.planning.districting import Drawn, draw
from junheng.planning.planners.catchments.balanced import Unbalanced
from junheng.planning.planners.catchments.giving import years_give_way
from junheng.planning.planners.catchments.question import ask as asked
from junheng.planning.planners.catchments.sums import beyond
from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from junheng.planning.solve import Limits, Watch
from tests.model.made import Row
from tests.planning.counties import RULES
from tests.planning.test_catchments import EAST, WEST, ask, line, village, zones


def growing(*years: tuple[int, ...]) -> list[Row]:
    """Return pupils by village from 2025 on."""
    return [
        {"village": village(k), "stage": "primary", "grade": "all", "year": 2025 + ahead, "pupils": many}
        for ahead, pupils in enumerate(years)
        for k, many in enumerate(pupils, start=1)
    ]


GROWS = growing((30, 30, 30, 30), (40, 40, 30, 30), (60, 60, 30, 30))  # the west has 60, 80 and 120 pupils with villages 1 and 2


def test_a_plan_for_several_years_keeps_the_places_of_each() -> None:
    # The west has 100 places. In 2025 villages 1 and 2 fit; in 2027 they are 120, so 2 goes east, where 60 + 30 + 30 fit into 130.
    county = line(places=(100, 130), village_pupils=GROWS)
    assert zones(ask(county))[village(2)] == WEST
    proposal = ask(county, years=3, unavoidable=False)
    assert zones(proposal)[village(2)] == EAST
    assert proposal.bound <= proposal.objective
    table = proposal.tables["zones_by_year"]
    assert table.filter(table["zone"] == EAST)["pupils"].to_list() == [90, 100, 120]
    assert proposal.tables["years"]["beyond"].to_list() == [0, 0, 0]
    assert proposal.note is not None
    assert "2025至2027各学年都不超过允许数" in proposal.note.zh


def test_what_is_built_in_time_counts_from_its_year() -> None:
    build: Row = {"project": "P1", "name": "扩建", "school": WEST, "kind": "extend", "stage": "primary", "places": 40}
    county = line(places=(100, 130), village_pupils=GROWS, projects=[build | {"in_use": date(2027, 7, 1)}])
    assert zones(ask(county, years=3))[village(2)] == WEST


def test_where_a_year_has_too_few_places_it_is_named_or_exceeded_and_told() -> None:
    # 120 in the west or 120 in the east: whole villages do not fit into 100 in 2027, and 240 never fit into 200.
    for pupils, named in ((GROWS, "2025至2027各学年"), (growing((30,) * 4, (60,) * 4), "2026年不超过100名学生")):
        county = line(village_pupils=pupils)
        years = 3 if pupils is GROWS else 2
        with pytest.raises(Infeasible) as error:
            ask(county, years=years, unavoidable=False)
        assert any(named in finding.found.zh for finding in error.value.findings)
    proposal = ask(line(village_pupils=GROWS), years=3)
    assert proposal.tables["years"]["beyond"].to_list() == [0, 0, 20]
    assert proposal.tables["frontier"]["beyond_later"][0] == 20
    assert any("最紧的是2027年，120名学生、学位100个，超出20名" in step.reason.zh for step in proposal.steps)
    hidden = proposal.tables["zones_by_year"].with_columns(beyond=0)
    assert planner("catchments").faults(
        line(village_pupils=GROWS), RULES, replace(proposal, tables={**proposal.tables, "zones_by_year": hidden})
    )


def test_where_places_give_way_the_plan_of_the_tightest_year_is_looked_at() -> None:
    one, brief = planner("catchments").declaration, Brief(planner="catchments", options={"years": 3}, limits=Limits(gap=1e-6))
    question = asked(line(places=(100, 130), village_pupils=GROWS), RULES, brief, one)
    assert question is not None
    district = question.district()
    drawn = draw(district, brief.limits, 0, Watch())
    assert isinstance(drawn, Drawn)
    assert sum(beyond(each, drawn.zone) for each in question.ahead) == 20  # villages 1 and 2 in the west, 120 pupils in 2027
    found = years_give_way(question, district, drawn, Unbalanced(None), None, brief, Watch())
    assert found.begin.tolist() == [0, 1, 1, 1]
    assert sum(beyond(each, found.begin) for each in found.question.ahead) == 0


def families(*rows: tuple[int, str, int | None]) -> list[Row]:
    return [{"village": village(k), "school": school, "stage": "primary", "pupils": many} for k, school, many in rows]


def test_families_stay_together_where_that_weighs_more_than_the_way() -> None:
    # Village 3 lies 0.88 km nearer to the east: 26 pupil-km for its 30. Twenty of them have an elder in the west.
    today: list[Row] = [{"stage": "primary", "village": village(k), "zone": WEST if k < 4 else EAST} for k in (1, 2, 3, 4)]
    county = line(catchment_villages=today, village_siblings=families((3, WEST, 20), (4, EAST, 3)))
    apart = ask(county, change=0, siblings=Decimal(1))
    assert zones(apart)[village(3)] == EAST
    assert dict(apart.tables["letters"].select("village", "parted").iter_rows())[village(3)] == 20
    assert [part.amount for part in apart.amounts][-1] == 20
    assert any("有兄姊在原学区学校的20名" in step.reason.zh for step in apart.steps)
    together = ask(county, change=0, siblings=Decimal(2))
    assert zones(together)[village(3)] == WEST
    assert together.tables["frontier"]["parted"][1] == 0
    assert planner("catchments").faults(county, RULES, replace(apart, objective=apart.objective - 20))


def test_counts_of_families_that_lack_or_do_not_fit_are_named() -> None:
    with pytest.raises(DataError) as error:
        ask(line(village_siblings=families((2, WEST, None), (3, EAST, 31))))
    assert [(one.rule, one.place.key) for one in error.value.findings] == [
        ("planning.siblings_not_known", (village(2), WEST)),
        ("planning.siblings_beyond_all", (village(3),)),
    ]
    nobody = ask(line())
    assert nobody.tables["letters"]["parted"].null_count() == 4  # not counted is not 0


def test_the_notice_says_whom_a_change_concerns() -> None:
    today: list[Row] = [{"stage": "primary", "village": village(k), "zone": WEST if k < 4 else EAST} for k in (1, 2, 3, 4)]
    county = line(catchment_villages=today)
    said = {stays: "".join(ask(county, change=0, stays=stays).tables["notice"]["text"]) for stays in (True, False)}
    assert "其中第3村为本次新划入，自当年秋季起始年级新生起执行，在校学生留在原校就读至毕业。" in said[True]
    assert "在校学生" not in said[False]


NEW: Row = {"project": "P2", "name": "中间小学新建工程", "kind": "build", "stage": "primary", "places": 90, "in_use": date(2026, 7, 1)}
PLOT: Row = {
    "site": "S1",
    "stage": "primary",
    "name": "中间小学",
    "village": village(3),
    "lon": 100.02,
    "lat": 38,
    "places": 90,
    "project": "P2",
}


def test_a_school_that_opens_later_has_a_catchment_from_its_year_on() -> None:
    county = line(village_pupils=growing((30,) * 4, (30,) * 4, (30,) * 4), projects=[NEW], sites=[PLOT])
    proposal = ask(county, years=3)
    assert zones(proposal)[village(3)] == EAST  # the tables are given the first year's
    rows = {row["village"]: row for row in proposal.tables["ahead"].to_dicts()}
    assert (rows[village(3)]["year"], rows[village(3)]["schools"]) == ("2026", "中间小学")
    assert rows[village(1)]["year"] is None
    assert proposal.tables["events"].row(0) == ("2026", "中间小学", "opens", 90, 1, 30)
    assert proposal.tables["years"]["places"].to_list() == [200, 290, 290]
    later = [step for step in proposal.steps if step.year == 2026]
    assert len(later) == 1
    assert not later[0].changes
    assert "中间小学2026年开办" in proposal.note.zh if proposal.note else False
    said = proposal.tables["notice"]["text"].to_list()
    assert said[0].startswith("2026年")
    assert any(text.startswith("中间小学学区：") for text in said)
    for other in proposal.alternatives:  # the years after the first are told and counted, too
        assert other.objective == pytest.approx(sum(part.amount * part.weight for part in other.amounts))
        assert any(step.year == 2026 for step in other.steps) or "2026学年起" in other.reason.zh
    alone = ask(county, year=2026)
    assert not alone.changes  # its code is not known yet
    assert alone.tables["ahead"]["schools"].to_list().count("中间小学") == 1
    assert ask(line(projects=[NEW], village_pupils=growing((30,) * 4, (30,) * 4)), years=2).note is not None  # nobody knows where it is


def test_a_school_that_closes_loses_its_catchment() -> None:
    county = line(
        places=(130, 100),
        village_pupils=growing((30,) * 4, (30,) * 4),
        school_changes=[{"school": EAST, "kind": "merge", "year": 2026, "successor": WEST}],
    )
    proposal = ask(county, years=2)
    assert zones(proposal)[village(4)] == EAST
    assert proposal.tables["ahead"]["schools"].unique().to_list() == ["西小学"]
    assert [row["what"] for row in proposal.tables["events"].to_dicts()] == ["closes"]
    wrong = proposal.certificate
    assert wrong is not None
    moved = wrong.tables["stretches"].with_columns(zone=pl.lit(WEST))
    bad = replace(proposal, certificate=replace(wrong, tables={**wrong.tables, "stretches": moved}))
    assert planner("catchments").faults(county, RULES, bad)
