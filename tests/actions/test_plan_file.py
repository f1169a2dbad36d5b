"""A plan file: what is read, and every mistake named with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from junheng.actions.binding import FORECASTS
from junheng.actions.plan import Plan
from junheng.actions.plan_file import read_plan_file
from junheng.actions.plan_rules import check_between
from junheng.documents import PackageFile
from junheng.errors import Finding, Text

KNOWN = {
    "indicator": {"class_size.oversized_share": Text("超班额班级比例", "")},
    "roster": {"school_brand": Text("一校一品", "")},
    "ledger": {"task": Text("督办任务", "")},
    "forecast": FORECASTS,
}
HEAD = """title: 甲县2024年工作
document: 甲教发〔2024〕1号
year: 2024
levels: [统领, 体系, 行动]
parts:
  - {id: U, level: 统领, title: 党建}
  - {id: V, level: 体系, title: 发展, under: U}
  - {id: W, level: 行动, title: 质量行动, under: V}
measures:
"""


def measure(**changes: str) -> str:
    fields = {
        "id": "a",
        "under": "W",
        "title": "消除大班",
        "owner": "基教科",
        "due": "{phrase: 年底前}",
        "binding": "{indicator: class_size.oversized_share}",
    }
    fields |= changes
    lines = [f"    {name}: {value}" for name, value in fields.items() if value]
    return "\n".join(["  -" + lines[0][3:], *lines[1:]]) + "\n"


def read(text: str, name: str = "plan.yaml") -> tuple[Plan | None, list[Finding]]:
    findings: list[Finding] = []
    return read_plan_file(PackageFile(name, text), KNOWN, findings), findings


def plan_of(text: str, name: str = "plan.yaml") -> Plan:
    plan, findings = read(text, name)
    assert plan is not None, [one.sentence("en") for one in findings]
    return plan


def rules(text: str) -> dict[str, tuple[str, int | None]]:
    return {one.rule: (one.severity, one.place.row) for one in read(text)[1]}


def test_a_plan_is_read_with_the_levels_that_the_county_names() -> None:
    plan = plan_of(HEAD + measure())
    assert [(part.level, part.under) for part in plan.parts] == [("统领", ""), ("体系", "U"), ("行动", "V")]
    (only,) = plan.measures
    assert only.due is not None
    assert (only.due.kind, only.due.last, only.due.phrase) == ("day", date(2024, 12, 31), "年底前")
    assert only.binding is not None
    assert (only.binding.kind, only.binding.target) == ("indicator", "class_size.oversized_share")


@pytest.mark.parametrize(
    ("phrase", "kind", "last", "recurrence"),
    [
        ("年底前", "day", date(2024, 12, 31), ""),
        ("2024年", "period", date(2024, 12, 31), ""),
        ("2023年至2025年", "period", date(2025, 12, 31), ""),
        ("力争“十四五”期间", "period", date(2025, 12, 31), ""),
        ("每天", "recurrence", None, "FREQ=DAILY"),
        ("假期每日", "recurrence", None, "FREQ=DAILY;X-DAYS=HOLIDAY"),
        ("三年行动", "open", None, ""),
        ("尽快", "open", None, ""),
    ],
)
def test_a_phrase_becomes_a_day_a_period_or_a_recurrence_and_is_kept(phrase: str, kind: str, last: date | None, recurrence: str) -> None:
    due = plan_of(HEAD + measure(due=f'{{phrase: "{phrase}"}}')).measures[0].due
    assert due is not None
    assert (due.kind, due.last, due.recurrence, due.phrase) == (kind, last, recurrence, phrase)


def test_a_phrase_that_says_no_day_asks_who_fixes_it_and_a_day_without_a_hand_asks_too() -> None:
    assert rules(HEAD + measure(due="{phrase: 尽快}")) == {"actions.phrase_says_no_day": ("warning", 10)}
    assert rules(HEAD + measure(due="{phrase: 尽快, on: 2024-09-01}")) == {"actions.day_fixed_by_nobody": ("warning", 10)}
    assert rules(HEAD + measure(due="{phrase: 尽快, on: 2024-09-01, fixed_by: 局务会}")) == {}
    assert rules(HEAD + measure(due="")) == {"actions.no_date": ("warning", 10)}


def test_a_day_that_is_not_the_phrase_is_told_unless_somebody_moved_it() -> None:
    assert "actions.day_is_not_the_phrase" in rules(HEAD + measure(due="{phrase: 年底前, on: 2024-06-30}"))
    assert rules(HEAD + measure(due="{phrase: 年底前, on: 2024-06-30, fixed_by: 局务会}")) == {}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (HEAD + measure(binding="{horoscope: x}"), "actions.unknown_binding"),
        (HEAD + measure(binding="{indicator: x, ledger: task}"), "actions.unknown_binding"),
        (HEAD + measure(binding="{indicator: class_size.oversize_share}"), "actions.unknown_target"),
        (HEAD + measure(binding="{roster: school_brands}", numerator="有", denominator="全部"), "actions.unknown_target"),
        (HEAD + measure(binding="{ledger: tusk}", numerator="有", denominator="全部"), "actions.unknown_target"),
        (HEAD + measure(binding="{roster: school_brand}"), "actions.no_denominator"),
        (HEAD + measure(binding="{ledger: task}", numerator="办结"), "actions.no_denominator"),
        (HEAD + measure(binding=""), "actions.not_bound"),
        (HEAD + measure(owner=""), "actions.no_owner"),
        (HEAD + measure() + measure(), "actions.id_twice"),
        (HEAD + measure(under="X"), "actions.unknown_part"),
        (HEAD + measure(serves="[Z99]"), "actions.unknown_capability"),
        (HEAD + measure(target="{at_least: 1, at_most: 2}"), "actions.target_not_one"),
        (HEAD + measure(path="{soon: 1}"), "actions.not_a_year"),
        (HEAD.replace("level: 行动", "level: 工程") + measure(), "actions.unknown_level"),
        (HEAD.replace("title: 党建}", "title: 党建, under: W}") + measure(), "actions.circle_of_parts"),
        (HEAD.replace("year: 2024", "year: soon") + measure(), "actions.not_a_year"),
        (HEAD + measure(colour="red"), "standards.unknown_key"),
    ],
)
def test_a_mistake_keeps_the_plan_out_and_is_named(text: str, rule: str) -> None:
    plan, findings = read(text)
    assert plan is None
    found = next(one for one in findings if one.rule == rule)
    assert (found.severity, found.place.file) == ("error", "plan.yaml")
    assert found.place.row


def test_all_mistakes_are_told_at_once_and_the_nearest_name_is_said() -> None:
    text = HEAD + measure(binding="{indicator: class_size.oversize_share}") + measure(id="b", binding="{horoscope: x}")
    findings = read(text)[1]
    assert {one.rule for one in findings} == {"actions.unknown_target", "actions.unknown_binding"}
    assert "class_size.oversized_share" in next(one for one in findings if one.rule == "actions.unknown_target").sentence("en")


def test_what_is_unfinished_in_a_draft_is_a_warning() -> None:
    plan, findings = read(HEAD.replace("year:", "draft: true\nyear:") + measure(owner="", binding=""))
    assert plan is not None
    assert plan.draft
    assert {one.rule: one.severity for one in findings} == {"actions.no_owner": "warning", "actions.not_bound": "warning"}


def test_a_target_is_compared_exactly() -> None:
    target = plan_of(HEAD + measure(target="{at_most: 0.50}")).measures[0].target
    assert target is not None
    assert target.value == Decimal("0.50")
    assert target.reached(Fraction(1, 2))
    assert not target.reached(Fraction(500000000000001, 1000000000000000))


def test_a_task_of_two_plans_must_be_bound_alike() -> None:
    one = plan_of(HEAD + measure(task="T"), "one.yaml")
    other = plan_of(HEAD + measure(task="T", binding="{forecast: seats}"), "two.yaml")
    assert [found.rule for found in check_between([one, other])] == ["actions.task_differs"]
    assert check_between([one, plan_of(HEAD + measure(task="T"), "two.yaml")]) == []
    assert [found.rule for found in check_between([one, one])] == ["actions.id_twice"]
