"""The judge and the fractions of tests/qinghe.py, written apart from each other, agree on every school of the fictitious county."""

from collections import Counter
from fractions import Fraction

import pytest

from junheng.indicators import evaluate
from junheng.model.period import statistics_day
from junheng.standards import Rulebook, shipped
from junheng.store import read_county
from tests.qinghe import CODE, ITEMS, LIMIT, QINGHE, indicator, judged, pupils, school, squared_variation

INDICATORS = dict(
    zip(
        ITEMS,
        (
            "teachers.above_degree_per_100",
            "teachers.backbone_per_100",
            "teachers.pe_arts_per_100",
            "conditions.teaching_area",
            "conditions.sports_area",
            "conditions.equipment_value",
            "conditions.multimedia_rooms_per_100",
        ),
        strict=True,
    )
)
MOST = {"primary": Fraction("0.50"), "junior": Fraction("0.45")}


@pytest.fixture(scope="module")
def card():
    rules = Rulebook((shipped("cn"),), statistics_day(2025))
    return evaluate(read_county(QINGHE, CODE, 2025), rules.framework("quality-balance-2017"), rules)


def expected(site: str, stage: str, item: str) -> tuple[str, Fraction | None]:
    value, limit = indicator(site, stage, item), LIMIT[stage][item]
    if value is None:
        return "no_data", None
    return "met" if value >= limit else "near" if value >= Fraction("0.85") * limit else "missed", value


def test_every_school_and_indicator_is_judged_as_the_fractions_say(card):
    found = {
        (row["school"], row["stage"], row["indicator"]): (row["verdict"], row["value"])
        for row in card.items.to_dicts()
        if row["part"] == "resources"
    }
    wanted = {(site, stage, INDICATORS[item]): expected(site, stage, item) for stage in MOST for site in judged(stage) for item in ITEMS}
    assert found.keys() == wanted.keys()
    visiting = (school("石桥镇马莲教学点"), "primary", INDICATORS["pe_arts"])
    assert found.pop(visiting)[0] == "met_by_concession"
    assert wanted.pop(visiting)[0] == "missed"
    assert {key: verdict for key, (verdict, _) in found.items()} == {key: verdict for key, (verdict, _) in wanted.items()}
    for key, (_, value) in wanted.items():
        assert found[key][1] == (None if value is None else pytest.approx(float(value), abs=1e-6)), key


def test_every_spread_is_judged_as_its_exact_square_says(card):
    found = {(row["stage"], row["indicator"]): row["verdict"] for row in card.items.to_dicts() if row["part"] == "spread"}
    for (stage, name), verdict in found.items():
        item = next(item for item, known in INDICATORS.items() if f"{known}.cv" == name)
        if None in [indicator(site, stage, item) for site in judged(stage)]:
            assert verdict == "no_data"
        else:
            assert verdict == ("met" if squared_variation(stage, item) <= MOST[stage] ** 2 else "missed")
    assert Counter(found.values()) == {"met": 12, "missed": 1, "no_data": 1}


def test_schools_pass_with_six_of_seven_and_the_seventh_at_85_percent(card):
    found = {(row["school"], row["stage"]): row["verdict"] for row in card.units.to_dicts() if row["part"] == "resources"}
    failed = {site for (site, _), verdict in found.items() if verdict == "missed"}
    assert failed == {school(name) for name in ("石桥镇二坝小学", "双泉镇甘泉小学", "清河县第三小学")}
    assert [key for key, verdict in found.items() if verdict == "not_decided"] == [(school("沙井镇初级中学"), "junior")]
    assert all(pupils()[key] >= 50 for key in found)


def test_the_planted_gaps_of_the_schools_are_the_ones_that_are_found(card):
    missed: dict[str, set[str]] = {}
    for row in card.items.to_dicts():
        if row["verdict"] == "missed" and row["school"] and row["part"] in {"assurance", "quality"}:
            missed.setdefault(row["indicator"], set()).add(row["school"])
    small = {"红柳镇羊圈教学点", "白杨镇石嘴教学点", "双泉镇寺沟教学点", "柳沟乡岔口教学点", "青羊乡鹰嘴教学点"}
    little_spent = {"红柳镇北滩小学", "石桥镇新墩小学", "青羊乡山根小学", "沙井镇大漠教学点", "南湾乡沟沿教学点", "清河县第三中学"}
    assert missed == {
        "rooms.music": {school(name) for name in {"东坝镇中心小学"} | small},
        "rooms.art": {school(name) for name in small},
        "school_size.pupils": {school("清河县第一小学")},
        "class_size.oversized_share": {school("清河县第四小学")},
        "funds.small_school": {school("白杨镇高崖教学点"), school("柳沟乡中心小学")},
        "training.funds_share": {school("红柳镇北滩小学")},
        "training.funds_share_final": {school(name) for name in little_spent},
    }
