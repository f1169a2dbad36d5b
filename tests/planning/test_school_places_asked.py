"""Places of schools: what a pin rules out beside it, and a stage that the county does not have."""

from __future__ import annotations

import polars as pl
import pytest

from junheng.errors import DataError
from junheng.model.change import apply
from junheng.planning.proposal import Pin
from junheng.planning.registry import planner
from tests.model.made import made
from tests.planning.test_school_places import EAST, RULES, asked, town


def test_a_school_pinned_to_be_extended_does_not_give_up_places_first() -> None:
    rows = {name: frame.to_dicts() for name, frame in town((20, 40, 20)).tables.items()}
    shrinking = {"school": EAST, "stage": "primary", "fate": "shrink", "places": 45, "most": 1, "yuan_year": -500_000, "lead_years": 1}
    county = made(2025, "620725", **{**rows, "place_options": [*rows["place_options"], shrinking]})
    for pins, kinds in (((), {"convert"}), ((Pin(("schools.school", EAST), "extend"),), {"extend"})):
        proposal = asked(county, pins=pins)
        assert planner("school_places").faults(county, RULES, proposal) == ()
        projects = apply(county, proposal.changes).tables["projects"].filter(pl.col("school") == EAST)
        assert set(projects["kind"]) == kinds


def test_a_stage_that_the_county_does_not_have_is_told_with_the_option_that_leaves_it_out() -> None:
    with pytest.raises(DataError) as error:
        asked(town(), junior=True)
    (found,) = error.value.findings
    assert "--option junior=false" in found.remedy.zh
