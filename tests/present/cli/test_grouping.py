"""Findings by cause."""

from __future__ import annotations

from junheng.errors import Finding, Place, Text
from junheng.present.cli.grouping import causes


def found(rule: str, severity: str, **place: object) -> Finding:
    nothing = Text("", "")
    return Finding(rule=rule, severity=severity, place=Place(**place), found=nothing, expected=nothing, remedy=nothing)


def test_one_cause_is_one_group_and_errors_come_first():
    findings = [
        found("a", "note", table="staff", column="teachers", name="甲"),
        found("b", "error", file="x.xlsx", cell="A1"),
        found("a", "note", table="staff", column="teachers", name="乙"),
        found("a", "note", table="staff", column="posts", name="丙"),
        found("b", "error", file="y.xlsx", cell="A1"),
    ]
    groups = causes(findings)
    assert [(group.findings[0].rule, len(group.findings)) for group in groups] == [("b", 1), ("b", 1), ("a", 2), ("a", 1)]
    assert groups[2].others == Text("乙", "乙")


def test_the_places_after_the_first_are_named_shortly():
    many = [found("a", "warning", table="t", column="c", key=(str(number), "primary")) for number in range(9)]
    (group,) = causes(many)
    assert group.others.zh == "1|primary、2|primary、3|primary、4|primary、5|primary、6|primary等"
    assert group.others.en.endswith("6|primary …")
    (cells,) = causes([found("a", "error", file="f", cell=cell) for cell in ("A1", "B2")])
    assert cells.others.zh == "B2"


def test_nothing_found_is_no_group():
    assert causes([]) == []
