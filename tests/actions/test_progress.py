"""How a measure stands: claimed is not verified, missing is not zero, a shared task counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from junheng.actions.claims import claims, modest
from junheng.actions.plan import Due, Measure, Part, Plan, Target
from junheng.actions.progress import Answer, Gap, behind_path, distinct, not_known, of_part, standing, tally
from junheng.errors import Text

TODAY = date(2026, 3, 10)
PAST = Due(phrase="年底前", kind="day", last=date(2025, 12, 31))
AHEAD = Due(phrase="年底前", kind="day", last=date(2026, 12, 31))
DAILY = Due(phrase="每天", kind="recurrence", recurrence="FREQ=DAILY")
OPEN = Due(phrase="尽快", kind="open")
WORDS = Text("共10，核实4", "4 of 10")


def measure(due: Due | None = AHEAD, name: str = "a", **more: object) -> Measure:
    return replace(Measure(id=name, title=WORDS, under=("A",), due=due, path={}), **more)  # type: ignore[arg-type]


def answer(met: bool | None, claimed: int = 4, verified: int = 4, gaps: int = 6) -> Answer:
    return Answer(
        form="list",
        met=met,
        shown=f"{verified}/10",
        sentence=WORDS,
        basis=WORDS,
        value=Decimal(verified),
        claimed=Decimal(claimed),
        verified=Decimal(verified),
        whole=Decimal(10),
        exceptions=tuple(Gap(what=str(number)) for number in range(gaps)),
    )


@pytest.mark.parametrize(
    ("due", "found", "stands"),
    [
        (AHEAD, answer(False), "under_way"),
        (PAST, answer(False), "behind"),
        (DAILY, answer(False), "behind"),
        (OPEN, answer(False), "under_way"),
        (None, answer(False), "under_way"),
        (PAST, answer(False, claimed=10), "claimed"),  # all said to be done, nobody has looked
        (PAST, answer(True, 10, 10, 0), "verified"),
        (DAILY, replace(answer(True, gaps=0), unseen=True), "under_way"),  # nothing is late, but 6 of 10 were seen by nobody else
        (PAST, not_known("list", WORDS), "unknown"),  # missing is neither done nor behind
    ],
)
def test_how_a_measure_stands(due: Due | None, found: Answer, stands: str) -> None:
    assert standing(measure(due), found, TODAY) == stands


def test_a_plan_of_years_is_held_against_the_year_that_has_ended() -> None:
    three = measure(Due(phrase="三年行动", kind="period", last=date(2027, 12, 31)), path={2025: Decimal(5), 2026: Decimal(8)})
    assert behind_path(three, answer(False), TODAY)  # 4 where 2025 asked for 5
    assert standing(three, answer(False), TODAY) == "behind"
    assert not behind_path(replace(three, path={2025: Decimal(4), 2026: Decimal(8)}), answer(False), TODAY)
    assert not behind_path(replace(three, path={2026: Decimal(8)}), answer(False), TODAY)  # this year has not ended
    falling = replace(three, target=Target(comparator="at_most", value=Decimal(1), unit=""), path={2025: Decimal(3)})
    assert behind_path(falling, answer(False), TODAY)


def test_complete_means_met_and_an_empty_list() -> None:
    assert answer(True, 10, 10, 0).complete
    assert not answer(True, 10, 10, 1).complete
    assert not answer(None, gaps=0).complete
    assert not replace(answer(True, 10, 10, 0), left_out=3).complete


def plan(name: str, *measures: Measure) -> Plan:
    parts = (
        Part(id="U", level="统领", title=WORDS),
        Part(id="A", level="行动", title=WORDS, under="U"),
        Part(id="B", level="行动", title=WORDS, under="U"),
    )
    given = {"title": WORDS, "document": "", "year": 2026, "draft": False, "levels": ("统领", "行动"), "file": f"{name}.yaml"}
    return Plan(id=name, parts=parts, measures=measures, **given)  # type: ignore[arg-type]


def test_a_part_holds_what_is_below_it_and_a_measure_of_two_parts_once() -> None:
    both = measure(name="a", under=("A", "B"))
    one = plan("p", both, measure(name="b", under=("B",)))
    assert [found.id for found in of_part(one, one.parts[0])] == ["a", "b"]
    assert [found.id for found in of_part(one, one.parts[1])] == ["a"]


def test_a_task_that_several_plans_share_counts_once() -> None:
    first = plan("p", measure(name="a", task="T"), measure(name="b"))
    second = plan("q", measure(name="x", task="T"), measure(name="b"))
    assert list(distinct([first, second])) == ["T", "p/b", "q/b"]
    assert len(distinct([first, second])["T"]) == 2
    assert tally(["behind", "verified", "behind"]).behind == 2


def test_a_text_says_no_more_than_an_open_list_allows() -> None:
    for text in (
        "数字校园全覆盖",
        "残疾儿童零拒绝",
        "应助尽助",
        "每个孩子都学会一项技能",
        "达到100%（标准：不低于100%）",
        "一支部一特色",
        "应检尽检",
    ):
        assert claims(text) or "应检" in text
        assert not claims(modest(text)), modest(text)
    assert modest("督导室核查61所") == "督导室核查61所"


def test_nothing_overdue_is_not_everything_done() -> None:
    kept_in_time = answer(True, claimed=0, verified=0, gaps=0)  # a ledger whose open records are all in time
    assert not kept_in_time.complete
