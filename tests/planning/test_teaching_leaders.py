"""Posts of titles that fall vacant, who may apply when, and who succeeds whom."""

from __future__ import annotations

from datetime import date

from junheng.planning.teaching_heads import age_groups, succession
from junheng.planning.teaching_titles import applicants, post_vacancies, without_title_year
from tests.model.made import PRIMARY, Row, made, school
from tests.planning.counties import RULES

YEARS = range(2026, 2031)
PRIVATE = "2162000009"


def teacher(code: str, title: str = "junior", born: date = date(1990, 3, 1), **more: object) -> Row:
    usual = {"school": PRIMARY, "stage": "primary", "subject": "chinese", "sex": "female", "established": True, "full_time": True}
    return {"teacher": code, "title": title, "born": born, **usual, **more}


def of(*teachers: Row):
    return made(schools=[school(PRIMARY), school(PRIVATE, ownership="private")], teachers=teachers)


def test_a_post_falls_vacant_when_its_holder_retires() -> None:
    # 20 established teachers: 15 % are 3 senior posts, 20 % are 4. Two hold them, one of whom retires before September 2026.
    county = of(
        teacher("S1", "senior", date(1971, 3, 1)),
        teacher("S2", "full_senior", date(1985, 3, 1)),
        *(teacher(f"J{k:02d}") for k in range(18)),
    )
    rows = post_vacancies(county, RULES, YEARS).filter(stage="primary", grade="senior").to_dicts()
    first = rows[0]
    assert (first["posts"], first["holders"], first["retiring"]) == (20, 1, 1)
    assert (first["present"], first["vacant_present"], first["widened"], first["vacant_widened"]) == (3, 2, 4, 3)
    assert sum(row["retiring"] for row in rows) == 1


def test_more_holders_than_posts_is_told_as_less_than_none() -> None:
    rows = post_vacancies(of(teacher("S1", "senior"), teacher("S2", "senior")), RULES, YEARS)
    assert rows.filter(stage="primary", grade="senior", year=2026)["vacant_present"].item() == -2


def test_a_title_that_is_not_filled_in_leaves_the_stage_unknown() -> None:
    rows = post_vacancies(of(teacher("S1", "senior"), teacher("S2", title=None)), RULES, YEARS)
    assert rows.filter(stage="primary", grade="senior")["vacant_present"].null_count() == len(YEARS)
    assert rows.filter(stage="junior", grade="senior")["holders"].to_list() == [0] * len(YEARS)


def test_who_holds_no_established_post_or_teaches_privately_is_no_holder() -> None:
    county = of(teacher("S1", "senior", established=False), teacher("S2", "senior", school=PRIVATE), teacher("J1"))
    assert post_vacancies(county, RULES, YEARS).filter(stage="primary", grade="senior", year=2026)["holders"].item() == 0


def test_one_may_apply_after_the_years_in_the_present_title_and_nobody_is_ranked() -> None:
    # Middle asks for 4 years as junior, senior for 5 as middle; who retires before that year never may.
    county = of(
        teacher("J1", title_since=2020),
        teacher("J2", title_since=2024),
        teacher("M1", "middle", title_since=2024),
        teacher("M2", "middle", title_since=2025, born=date(1971, 3, 1)),
        teacher("J3"),
    )
    told = {row["teacher"]: (row["next"], row["first_year"]) for row in applicants(county, RULES, YEARS).to_dicts()}
    assert told == {"J1": ("middle", 2026), "J2": ("middle", 2028), "M1": ("senior", 2029)}
    assert without_title_year(county) == 1


def test_a_head_leaves_by_retirement_or_by_the_end_of_the_terms_whichever_is_earlier() -> None:
    # Two terms of five years: since 2018 until 2028. T2 retires in 2026 before the terms end; T3 does neither by 2030.
    county = of(
        teacher("T1", position="head", position_since=2018),
        teacher("T2", position="head", position_since=2020, born=date(1971, 3, 1)),
        teacher("T3", position="head", position_since=2024),
    )
    told = {row["teacher"]: (row["leaves"], row["reason"]) for row in succession(county, RULES, YEARS).to_dicts()}
    assert told == {"T1": (2028, "term"), "T2": (2026, "retirement"), "T3": (None, "")}


def test_only_heads_have_terms_and_terms_that_are_over_end_now() -> None:
    county = of(teacher("T1", position="head", position_since=2005), teacher("T2", position="middle_leader", position_since=2005))
    told = {row["teacher"]: row["leaves"] for row in succession(county, RULES, YEARS).to_dicts()}
    assert told == {"T1": 2026, "T2": None}


def test_who_is_ready_is_named_by_code_and_must_still_be_there() -> None:
    county = of(
        teacher("T1", position="head", position_since=2018),
        teacher("T2", position="deputy_head", reserve="head"),
        teacher("T3", position="deputy_head", reserve="head", born=date(1971, 3, 1)),  # retires before 2028
        teacher("T4", reserve="middle_leader"),
    )
    leaders = succession(county, RULES, YEARS)
    assert leaders.filter(teacher="T1")["ready"].item() == "T2"
    heads = age_groups(leaders, YEARS).filter(position="head").row(0, named=True)
    assert (heads["all"], heads["leaving"], heads["no_reserve"]) == (1, 1, 0)


def test_a_birth_that_is_not_known_is_told_apart() -> None:
    groups = age_groups(succession(of(teacher("T1", position="head", born=None)), RULES, YEARS), YEARS).row(0, named=True)
    assert (groups["age_unknown"], groups["young"], groups["leaving"]) == (1, 0, 0)
