"""Every standard in use is listed and counted once, those inside formulas included, and is called by its title."""

from __future__ import annotations

from dataclasses import replace

from junheng.errors import Finding, Place, Text
from junheng.present import basis
from junheng.workflow import views
from tests.present import invented

COUNTY = invented.county()


def row(key: str, title: str, shown: str, reviewed: str = "") -> views.StandardRow:
    source = replace(invented.source(key), reviewed=reviewed)
    return views.StandardRow(
        id=key,
        title=Text(title, key),
        selector=Text("小学", "Primary"),
        shown=shown,
        unit=Text("㎡", "m²"),
        comparator="at_least",
        holds=True,
        source=source,
        confidence=Text("", ""),
        note=Text("", ""),
        stale=Text("", ""),
    )


STANDARDS = (row("rooms.music_area", "音乐专用教室面积", "96"), row("rooms.art_area", "美术专用教室面积", "90"))
KNOWN = replace(COUNTY, standards=STANDARDS)


def test_what_formulas_hold_is_listed_beside_method_and_concessions() -> None:
    grounds = basis.grounds_of(KNOWN)
    assert [ground.value.zh for ground in grounds] == ["", "96㎡", "90㎡", "0.9人"]
    assert grounds[0].source == COUNTY.source
    assert grounds[-1].title == invented.concession().title


def test_without_that_list_the_standards_of_the_items_stand_each_once() -> None:
    grounds = basis.grounds_of(COUNTY)
    assert len(grounds) == len({(ground.title, ground.selector, ground.source.key) for ground in grounds}) > 20
    assert any(ground.title.zh.startswith("差异系数") and ground.value.zh == "0.45" for ground in grounds)


def test_the_count_of_standards_is_that_of_the_list() -> None:
    assert basis.review_words(KNOWN).zh.startswith("所引4条标准均未与原文核对")
    half = replace(COUNTY, standards=(row("rooms.music_area", "音乐", "96", reviewed="王某"), STANDARDS[1]))
    assert basis.review_words(half).zh.startswith("所引4条标准中，3条未与原文核对")


def test_a_finding_on_a_standard_names_it_by_its_title() -> None:
    where = (Place(key=("rooms.music_area", "small_rural")), Place(key=("cn",)), Place(table="schools", key=("2150000001",)))
    one = Finding(rule="x.y", severity="note", place=Place(), found=Text("甲", "a"), expected=Text("乙", "b"), remedy=Text("", ""))
    named = basis.findings_of(replace(KNOWN, findings=tuple(replace(one, place=place) for place in where)))
    assert [finding.place.of("zh") for finding in named] == ["音乐专用教室面积", "全国", "schools 2150000001"]
