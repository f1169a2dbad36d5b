"""An invented county with truth: trained without labels, the decisions are right; Spark gives the same pairs."""

import sys
from datetime import date

import numpy as np
import polars as pl
import pytest

from junheng.documents.resources import PackageFile
from junheng.matching import link, match_rule, model_text, normalise, read_model, shipped_model, train
from junheng.matching.engine_splink import Splink
from tests.qinghe import ROOT

RULE = match_rule("pupils")
DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def county():
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from matching_county import invented_county
    finally:
        sys.path.pop(0)
    return invented_county(1_500, seed=11)


@pytest.fixture(scope="module")
def sides(county):
    return normalise(county.register, RULE), {name: normalise(frame, RULE) for name, frame in county.lists.items()}


@pytest.fixture(scope="module")
def model(sides):
    left, rights = sides
    return train(left.frame, pl.concat([one.frame for one in rights.values()]), RULE, DAY, start=shipped_model(RULE))


def test_decisions_without_labels_are_right(county, sides, model):
    left, rights = sides
    said = right = true = asked = lines = 0
    for name, other in rights.items():
        links = link(left, other, RULE, model)
        same, truth = links.of("same"), county.truth[name]
        said += same.height
        right += int((truth[same["right"].to_numpy()] == same["left"].to_numpy()).sum())
        true += int((truth >= 0).sum())
        asked += links.of("ask")["right"].n_unique()
        lines += len(truth)
        assert same["left"].is_unique().all()
        assert same["right"].is_unique().all()
    assert right / said >= 0.9995
    assert right / true >= 0.995
    assert asked / lines <= 0.01
    assert sum(county.planted.values()) > 40  # the lists do have errors


def test_the_same_lists_give_the_same_weights(sides):
    left, right = sides[0].frame.head(400), sides[1]["公安"].frame.head(400)
    texts = {model_text(train(left, right, RULE, DAY, start=shipped_model(RULE))) for _ in range(2)}
    assert len(texts) == 1


def test_a_file_gives_the_weights_back(model):
    text = model_text(model)
    assert model_text(read_model(PackageFile("m.yaml", text), RULE)) == text


def test_what_speaks_for_a_person_weighs_more_than_what_speaks_against(model):
    for field, degrees in model.weights.items():
        assert degrees["same"].bits > 0 > degrees["different"].bits, field


@pytest.mark.spark
@pytest.mark.filterwarnings("default")
def test_spark_gives_the_same_pairs_by_the_same_file(sides, model, program):
    program("java")
    from junheng.indicators.engine_spark import local_session

    left, rights = sides
    some = rights["残联"]
    session = local_session(2, small=True)
    try:
        there = link(left, some, RULE, model, engine=Splink(session)).pairs
    finally:
        session.stop()
    here = link(left, some, RULE, model).pairs
    columns = ["left", "right", "outcome"]
    assert here.height > 0
    assert there.select(columns).equals(here.select(columns))
    assert np.allclose(there["weight"].to_numpy(), here["weight"].to_numpy(), atol=1e-9)
