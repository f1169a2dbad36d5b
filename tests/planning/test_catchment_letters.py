"""Letters to parents: for whom, from when, where to, what is new, who stays; and blanks for what the county does not hold."""

from __future__ import annotations

from datetime import date

import polars as pl

from junheng.planning.proposal import Proposal
from tests.model.made import Row, made
from tests.planning.test_catchment_levels import two_stages
from tests.planning.test_catchment_years import NEW, PLOT, growing
from tests.planning.test_catchments import EAST, WEST, ask, line, village

TODAY: list[Row] = [{"stage": "primary", "village": village(k), "zone": WEST if k < 4 else EAST} for k in (1, 2, 3, 4)]


def written(proposal: Proposal, table: str = "parents") -> dict[str, str]:
    frame = proposal.tables[table].group_by("village", maintain_order=True).agg(pl.col("text").str.join("\n"))
    return dict(frame.iter_rows())


def test_a_village_whose_school_changes_gets_a_letter_and_the_others_where_all_are_asked_for() -> None:
    county = line(catchment_villages=TODAY)
    found = written(ask(county, change=0))
    assert list(found) == [village(3)]
    letter = found[village(3)]
    assert letter.startswith("致第3村小学适龄儿童家长的一封信\n各位家长：\n")
    assert "2026年秋季起入读东小学（地址：＿＿" in letter
    assert "现在的学区是西小学，本次改划；已在原学区学校就读的不变，可读到毕业。" in letter
    assert "咨询单位：＿＿" in letter
    every = written(ask(county, change=0, letters="every"))
    assert list(every) == [village(k) for k in (1, 2, 3, 4)]
    assert "与现在的学区相同，没有变动。" in every[village(1)]
    assert "不变，可读到毕业" not in written(ask(county, change=0, stays=False))[village(3)]


def test_a_first_drawing_is_told_to_all_and_schools_that_share_a_catchment_are_all_named() -> None:
    found = written(ask(line()))
    assert len(found) == 4
    assert all("此前没有划定学区" in letter for letter in found.values())
    shared: list[Row] = [{"stage": "primary", "school": school, "zone": WEST} for school in (WEST, EAST)]
    letter = written(ask(line(catchments=shared)))[village(2)]
    assert "以下学校中的一所（多校划片）：西小学（地址：＿＿＿＿＿＿＿＿）；东小学（" in letter


def test_a_school_that_opens_or_closes_later_is_told_with_its_year_in_one_letter() -> None:
    build = NEW | {"in_use": date(2027, 7, 1)}
    found = written(ask(line(catchment_villages=TODAY, village_pupils=growing(*((30,) * 4,) * 3), projects=[build], sites=[PLOT]), years=3))
    assert list(found) == [village(3)]
    assert "2026年秋季起入读东小学" in found[village(3)]
    assert "2027年秋季起，新生改入中间小学（2027年新开办，地址：" in found[village(3)]
    closes: list[Row] = [{"school": EAST, "kind": "merge", "year": 2026, "successor": WEST}]
    proposal = ask(
        line(places=(130, 100), catchment_villages=TODAY, village_pupils=growing((30,) * 4, (30,) * 4), school_changes=closes), years=2
    )
    letter = written(proposal)[village(4)]  # 2025 has begun: what holds in the autumn of 2026 is told, not what was drawn for 2025
    assert "2026年秋季起入读西小学" in letter
    assert "东小学停办，在读学生的去向：＿＿" in letter
    notice = "".join(proposal.tables["notice"]["text"])
    assert "东小学学区" not in notice
    assert "第4村为本次新划入，原学校停办" in notice


def test_letters_of_primary_schools_say_to_which_junior_school_catchments_go_up_whole() -> None:
    proposal = ask(two_stages(), stage="both", feeders=True, letters="every")
    upper = dict(proposal.tables["junior_letters"].select("village", "schools").iter_rows())
    for code, letter in written(proposal).items():
        assert f"小学毕业后对口直升{upper[code]}，同一小学学区整体升入。" in letter
    assert all("小学毕业生家长" in letter for letter in written(proposal, "junior_parents").values())
    assert "对口直升" not in "".join(ask(two_stages(), stage="both").tables["parents"]["text"])


def test_both_stages_together_say_which_schools_they_do_not_draw_for() -> None:
    rows = {name: table.to_dicts() for name, table in two_stages().tables.items()}
    rows["village_pupils"] += [row | {"year": 2026} for row in rows["village_pupils"]]
    proposal = ask(made(**rows | {"projects": [NEW], "sites": [PLOT]}), stage="both", year=2026)
    assert proposal.note is not None
    assert "小学中间小学2026年开办：两个学段一并划时只划一次，不计开办和停办" in proposal.note.zh
