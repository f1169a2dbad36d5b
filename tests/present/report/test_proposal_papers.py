"""A proposal on paper: two pages stay two, many steps become a table, the workbook says who, what, from, to, why and what it costs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from junheng.present import charts_places
from junheng.present.report import write_proposal_pages
from junheng.present.report.proposal_prose import proposal_report
from junheng.present.report.proposal_workbook import proposal_sheets
from junheng.present.report.prose import Inset, Paragraph
from junheng.store import new_authority, write_county
from junheng.workflow.propose import propose
from junheng.workflow.propose_asked import Asked
from junheng.workflow.views.proposals import Proposed
from tests.model.made import CODE
from tests.planning.counties import drawn


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Proposed:
    folder = tmp_path_factory.mktemp("authority") / "drawn"
    new_authority(folder, CODE, "小河县")
    write_county(folder, drawn(12, zones=2))
    return propose(folder, Asked(planner="teacher_posts", options=()), today=date(2026, 3, 1))


def many(posts: Proposed, number: int) -> Proposed:
    return replace(posts, steps=tuple(replace(posts.steps[0], number=place + 1) for place in range(number)))


def test_few_steps_are_told_and_many_are_a_table(posts: Proposed) -> None:
    few = proposal_report(many(posts, 15)).body
    assert sum(isinstance(one, Paragraph) and posts.steps[0].title.zh in one.text for one in few) == 15
    report = proposal_report(many(posts, 80)).body
    (table,) = (one for one in report if isinstance(one, Inset) and one.caption == "步骤")
    assert len(table.table.rows) == 60
    assert table.notes == ("其余20步见工作簿的“步骤”表。",)
    assert not [one for one in report if isinstance(one, Paragraph) and posts.steps[0].title.zh in one.text]


def test_two_pages_are_two_however_many_steps_there_are(posts: Proposed, tmp_path: Path) -> None:
    write_proposal_pages(many(posts, 500), tmp_path / "summary.pdf")
    assert 1 <= len(re.findall(rb"/Type/Page\b", (tmp_path / "summary.pdf").read_bytes())) <= 2


def test_the_workbook_says_who_what_from_to_why_and_what_it_costs(posts: Proposed) -> None:
    changes = next(one for one in proposal_sheets(posts, "zh") if one.name.zh == "逐项改动")
    heads = [one.text.zh for one in changes.headings[0]]
    assert heads == ["步", "表", "哪一行", "列", "现在", "改为", "做什么", "理由", "本步费用（元）"]
    assert changes.rows[0][7].value == posts.steps[0].reason.zh


def test_a_map_of_amounts_ties_no_schools_together_and_has_its_legend_on_paper(posts: Proposed) -> None:
    one = next(one for one in posts.maps if one.kind == "amount")
    both = charts_places.drawn(one)
    assert both is not None
    assert not one.is_grouped
    svg = charts_places.pair_svg(one, both)
    assert svg.count("<rect") == 2 + len(charts_places.legend(one, both)) + 1  # two frames, the shades, what changes


def test_schools_are_drawn_by_their_conclusion_before_and_after(posts: Proposed) -> None:
    pair = next(one for one in posts.judged if one.map)
    assert pair.map is not None
    assert pair.map.changed == sum(mark.before != mark.after for mark in pair.map.marks) == 0  # posts are no matter of the framework
    assert pair.map not in posts.maps  # it is shown where something turns, or where the planner has no map of its own
    assert {mark.before for mark in pair.map.marks} <= {code for code, _ in pair.map.names}
