"""The one judge: each pass rule on verdicts alone, with the frameworks that ship."""

import polars as pl
import pytest

from junheng.indicators import judge
from junheng.standards import shipped

QUALITY = shipped().frameworks["quality-balance-2017"]
LIAONING = shipped("cn-21").frameworks["preschool-inclusive-2020"]


def verdict(framework, part, *verdicts, school="1", stage="primary"):
    rows = [{"county": "620001", "part": part, "school": school, "stage": stage, "verdict": word} for word in verdicts]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("county", "part", "school", "stage", "verdict"), pl.String()))
    return judge.units(frame, framework)["verdict"][0]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["met"] * 7, "met"),
        (["met"] * 6 + ["near"], "met"),
        (["met"] * 5 + ["met_by_concession", "near"], "met"),
        (["met"] * 6 + ["missed"], "missed"),  # below 85 %
        (["met"] * 5 + ["near", "near"], "missed"),  # only five
        (["met"] * 6 + ["no_data"], "not_decided"),  # the seventh may be below 85 %
        (["met"] * 5 + ["near", "no_data"], "not_decided"),  # the seventh may be met
        (["met"] * 4 + ["near", "near", "no_data"], "missed"),  # whatever the seventh is, there are only five
        (["missed"] + ["no_data"] * 6, "missed"),
    ],
)
def test_six_of_seven_and_the_rest_at_85_per_cent(verdicts, expected):
    assert verdict(QUALITY, "resources", *verdicts) == expected


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [(["met", "met"], "met"), (["met", "partly"], "missed"), (["met", "needs_evidence"], "not_decided"), (["missed", "no_data"], "missed")],
)
def test_all_must_be_met(verdicts, expected):
    assert verdict(QUALITY, "assurance", *verdicts, school=None, stage=None) == expected


@pytest.mark.parametrize(
    ("verdicts", "expected"), [(["met", "partly"], "met"), (["partly", "missed"], "missed"), (["partly", "no_data"], "not_decided")]
)
def test_where_the_others_may_be_partly_met_a_partly_met_item_does_not_fail(verdicts, expected):
    part = LIAONING.parts[0].id
    assert LIAONING.parts[0].passes.others == "partly"
    assert verdict(LIAONING, part, *verdicts, school=None, stage=None) == expected
