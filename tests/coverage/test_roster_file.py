"""A roster's file is read with every mistake at once; those that ship are sound and answer every row that asks for a reconciliation."""

from __future__ import annotations

import pytest

from junheng.coverage import read_rosters, shipped
from junheng.documents import PackageFile, package_files, parse_yaml
from junheng.errors import StandardsError
from junheng.ledgers import shipped as ledgers

GOOD = """
title: {zh: 校医, en: School doctors}
about: {zh: 每校一名, en: one each}
of: {zh: 所学校, en: schools}
claim: {zh: 全覆盖, en: all}
owner: 体卫艺科
due_days: 15
rhythm: termly
names: L1
should: {table: schools, where: {kind: [primary]}}
did: [{list: 校医名册, columns: {school: {kind: school, headings: [学校]}, name: {headings: [姓名]}}}]
match: {keys: [school]}
"""
ROWS = """
A11 B07 B11 C03 C09 D08 D10 D13 D15 E02 E03 E04 G01 G02 G03 G05 G06 G07 G08 G09 H03 I01 I03 I04 I05 I08 I10 I12 K01 K03 K04 L01 L02
L05 L08 L09"""
KINDS = {name: tuple(kind.fields) for name, kind in ledgers().kinds.items()}


def refused(text: str, name: str = "doctors") -> set[str]:
    with pytest.raises(StandardsError) as refusal:
        read_rosters([PackageFile(f"rosters/{name}.yaml", text)], KINDS)
    assert all(one.place.file.endswith(".yaml") for one in refusal.value.findings)
    return {one.rule for one in refusal.value.findings}


def test_a_good_file_is_read() -> None:
    made = read_rosters([PackageFile("rosters/doctors.yaml", GOOD)], KINDS).roster("校医")
    assert (made.id, made.keys, made.kind, made.guarded) == ("doctors", ("school",), "missing_line", False)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("owner: 体卫艺科", "owner: 体卫艺科\nowners: 两个", "standards.unknown_key"),
        ("owner: 体卫艺科\n", "", "standards.missing_key"),
        ("owner: 体卫艺科", 'owner: " "', "coverage.no_owner"),
        ("table: schools", "table: shcools", "coverage.unknown_source"),
        ("kind: [primary]", "kinds: [primary]", "coverage.unknown_column"),
        ("keys: [school]", "keys: [schol]", "coverage.unknown_column"),
        ("keys: [school]", "keys: [school], rule: pupils", "coverage.match_by_one"),
        ("rhythm: termly", "rhythm: daily", "coverage.unknown_word"),
        ("names: L1", "names: L1\nkind: no_such", "coverage.unknown_source"),
        ("kind: [primary]", "kind: {more: 1}", "coverage.bad_condition"),
        ("{headings: [姓名]}", "{kind: text}", "coverage.no_headings"),
        ("{headings: [姓名]}", "{headings: [姓名]}, proof: {headings: [证]}", "coverage.reserved_name"),
        ("due_days: 15", "due_days: -1", "coverage.not_a_count"),
        ("names: L1", "names: L1\nleast: {per: term}", "coverage.period_without_day"),
        ("names: L1", "names: L1\nleast: {standard: a.b}", "coverage.standard_without_unit"),
        ("list: 校医名册", "list: 校医名册, table: staff", "coverage.source_of_one"),
    ],
)
def test_each_mistake_is_told(before: str, after: str, rule: str) -> None:
    assert before in GOOD
    assert rule in refused(GOOD.replace(before, after, 1))


def test_rosters_that_rest_on_each_other_are_refused() -> None:
    one = GOOD.replace("list: 校医名册, columns: {school: {kind: school, headings: [学校]}, name: {headings: [姓名]}}", "roster: other")
    other = one.replace("roster: other", "roster: doctors")
    with pytest.raises(StandardsError) as refusal:
        read_rosters([PackageFile("rosters/doctors.yaml", one), PackageFile("rosters/other.yaml", other)], KINDS)
    assert [finding.rule for finding in refusal.value.findings] == ["coverage.circular", "coverage.circular"]


def test_an_authority_replaces_a_roster_by_its_name() -> None:
    assert read_rosters([PackageFile("rosters/mentors.yaml", GOOD)], KINDS).rosters["mentors"].title.zh == "校医"


def test_every_row_that_asks_for_a_reconciliation_has_a_roster() -> None:
    served = {row for one in shipped().rosters.values() for row in one.serves}
    assert set(ROWS.split()) <= served
    assert len(ROWS.split()) == 36


def test_those_that_ship_fit_the_ledgers_and_name_known_sources() -> None:
    rosters = read_rosters((), KINDS).rosters.values()
    file = package_files("junheng.standards", "cn/sources.yaml")[0]
    sources = parse_yaml(file.text, file.name).data
    assert [one.id for one in rosters if one.source and one.source.partition("#")[0] not in sources] == []
    assert [one.id for one in rosters if set(one.given) - set(KINDS[one.kind])] == []


def test_no_title_says_what_only_an_empty_list_may_say() -> None:
    words = ("全覆盖", "零拒绝", "应助尽助")
    assert [one.id for one in shipped().rosters.values() if any(word in one.title.zh + one.about.zh for word in words)] == []
