"""Posts of titles that fall vacant and who may apply; heads and middle leaders, who leaves when and who stands ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from junheng.errors import Text
from junheng.model import County
from junheng.planning.teaching_heads import age_groups, succession
from junheng.planning.teaching_titles import applicants, post_vacancies, without_title_year
from junheng.standards import Rulebook
from junheng.workflow.teachers_lists import CODE, SCHOOL, STAGE, SUBJECT, TEACHER, in_order, made, number, stage_word
from junheng.workflow.views.teaching import TeachingList, TeachingSection

_GRADES = {"senior": Text("高级", "Senior"), "middle": Text("中级", "Middle")}
_NAMED = {"head": Text("校长", "heads"), "deputy_head": Text("副校长", "deputy heads"), "middle_leader": Text("中层干部", "middle leaders")}


def titles_section(county: County, rules: Rulebook, years: Sequence[int]) -> TeachingSection:
    """Return the section on senior and middle posts: vacant each year under the share of today and a wider one."""
    vacant = post_vacancies(county, rules, years)
    return TeachingSection(
        title=Text("中高级岗位", "Senior and middle posts"),
        sentences=tuple(_titles_said(county, vacant, years)),
        lists=tuple(one for one in (_vacancies(vacant), _applicants(county, rules, years)) if one.rows),
    )


def _vacancies(vacant: pl.DataFrame) -> TeachingList:
    frame = in_order(vacant).select(
        *("stage", "grade", "year", "posts", "holders", "retiring", "present", "vacant_present", "widened", "vacant_widened", "may_apply")
    )
    columns = (
        *(
            STAGE,
            (Text("岗位", "Grade"), 8),
            (Text("学年", "Year"), 8),
            number("在编教师", "Established", 10),
            number("仍在岗", "Holders"),
        ),
        *(number("上年退休", "Retired", 10), number("现行岗位数", "Posts today", 11), number("现行空缺", "Vacant", 10)),
        *(number("提高后岗位数", "Posts, wider", 12), number("提高后空缺", "Vacant, wider", 11), number("够申报年限", "May apply", 11)),
    )
    note = Text(
        "高级含正高级。岗位数＝在编教师×岗位比例；空缺为负是超岗。比例为默认假设，各省另有规定，请改写。中级空缺未计入升任高级后腾出的岗位；"
        "“够申报年限”只看任现职称年数（本科学历），不是评审结果，也不排序。",
        "Posts: established teachers × share; below 0: more holders than posts. Shares are assumptions. Middle posts "
        "that promotions set free are not counted; who may apply is told by years alone, and nobody is ranked.",
    )
    title = (Text("中高级岗位", "Posts of titles"), Text("中高级岗位空缺（人）", "Senior and middle posts vacant"))
    return made("vacancies", title, columns, frame, note)


def _applicants(county: County, rules: Rulebook, years: Sequence[int]) -> TeachingList:
    frame = applicants(county, rules, years)
    columns = (
        *(TEACHER, CODE, SCHOOL, STAGE, SUBJECT, (Text("现职称", "Title"), 10), number("取得学年", "Since", 10)),
        *((Text("可申报", "Next"), 10), number("最早学年", "First year", 10)),
    )
    note = Text(
        "按编号列出，不含姓名；同一学年内按学校和编号排列，不分先后。",
        "By code, without names; within a year by school and code, not by merit.",
    )
    title = (Text("可申报人员", "May apply"), Text("今后各年够申报年限的教师", "Who may apply for the next title, and when"))
    return made("applicants", title, columns, frame, note, "workbook")


def _titles_said(county: County, vacant: pl.DataFrame, years: Sequence[int]) -> Iterator[Text]:
    last = vacant.filter(pl.col("year") == years[-1])
    for row in last.filter(pl.all_horizontal(pl.col("holders", "present", "widened").is_not_null())).iter_rows(named=True):
        stage, grade = stage_word(row["stage"]), _GRADES[row["grade"]]
        gone = vacant.filter((pl.col("stage") == row["stage"]) & (pl.col("grade") == row["grade"]))["retiring"].sum()
        yield Text(
            f"{stage.zh}{grade.zh}岗位到{years[-1]}学年退休{gone:,}人，按现行比例{_vacant(row['vacant_present']).zh}，"
            f"按提高后的比例{_vacant(row['vacant_widened']).zh}，够申报年限的{row['may_apply']:,}人。",
            f"{stage.en}, {grade.en.lower()} posts by {years[-1]}: {gone:,} holders retire; {_vacant(row['vacant_present']).en} today, "
            f"{_vacant(row['vacant_widened']).en} under the wider share; {row['may_apply']:,} may apply.",
        )
    silent = last.filter(pl.col("holders").is_null() & (pl.col("posts") > 0))["stage"].unique(maintain_order=True)
    for name in (stage_word(stage) for stage in silent):
        yield Text(
            f"{name.zh}有在编教师没有填职称，岗位空缺无法测算。",
            f"{name.en}: titles are not filled in for all, so vacancies are not known.",
        )
    unknown = without_title_year(county)
    if unknown:
        yield Text(
            f"{unknown:,}名教师未填职称取得学年，不计入够申报年限的人数。",
            f"{unknown:,} teachers have no year of their title: not counted.",
        )


def _vacant(number_: int) -> Text:
    if number_ < 0:
        return Text(f"超岗{-number_:,}人", f"{-number_:,} too many")
    return Text(f"空缺{number_:,}个", f"{number_:,} vacant")


def leaders_section(county: County, rules: Rulebook, years: Sequence[int]) -> TeachingSection:
    """Return the section on heads, deputies and middle leaders; empty where the register names none."""
    leaders = succession(county, rules, years)
    if not leaders.height:
        unknown = Text("名册没有填校内职务，梯次结构没有数据。", "The register names no positions: nothing can be said of leaders.")
        return TeachingSection(title=_TITLE, sentences=(unknown,), lists=())
    groups = age_groups(leaders, years)
    lists = (_groups(groups), _succession(leaders, years, leaving=True), _succession(leaders, years, leaving=False))
    return TeachingSection(title=_TITLE, sentences=tuple(_leaders_said(leaders, years)), lists=tuple(one for one in lists if one.rows))


_TITLE = Text("干部梯次", "Succession of leaders")


def _groups(groups: pl.DataFrame) -> TeachingList:
    columns = (
        *(STAGE, (Text("职务", "Position"), 14), number("人数", "All", 8), number("青（40岁以下）", "Under 40", 13)),
        *(number("中（40–49岁）", "40-49", 12), number("老（50岁以上）", "50 and over", 13), number("年龄不明", "Unknown")),
        *(number("五年内离任", "Leave", 11), number("其中本校无后备", "Without one ready", 13)),
    )
    title = (Text("干部年龄", "Leaders' ages"), Text("校级和中层干部的年龄与离任（人）", "Leaders by age, and who leaves"))
    return made("leaders_by_age", title, columns, in_order(groups), _NOTE)


_NOTE = Text(
    "离任取退休和校长任期届满（届数×一届年数，一届年数为默认假设）中较早的；后备按名册“后备职务”一栏，同一学校。",
    "Leaving: retirement, or for heads the end of their terms (years of a term are an assumption), the earlier; ready: by the register.",
)


def _succession(leaders: pl.DataFrame, years: Sequence[int], *, leaving: bool) -> TeachingList:
    rows = leaders.filter(pl.col("leaves").is_not_null()) if leaving else leaders
    frame = rows.select(
        *(
            "school",
            "name",
            "stage",
            "position",
            "teacher",
            "age",
            "since",
            "leaves",
            "reason",
            "retires",
            "term_ends",
            "ready",
            "elsewhere",
        )
    )
    columns = (
        *(CODE, SCHOOL, STAGE, (Text("职务", "Position"), 14), TEACHER, number("年龄", "Age", 7), number("任职学年", "Since", 9)),
        *(
            number("最早离任学年", "Leaves", 12),
            (Text("原因", "Why"), 10),
            number("退休学年", "Retires", 9),
            number("任期届满", "Terms end", 9),
        ),
        *((Text("本校后备（编号）", "Ready here"), 18), number("他校后备人数", "Ready elsewhere", 12)),
    )
    if leaving:
        title = (Text("接替安排", "Succession"), Text(f"{years[-1]}学年前离任的干部与后备", f"Who leaves by {years[-1]}, and who is ready"))
        return made("succession", title, columns, frame, _NOTE, "annex")
    title = (Text("全部干部", "All leaders"), Text("校级和中层干部名册（编号）", "All leaders by code"))
    return made("leaders", title, columns, frame, _NOTE, "workbook")


def _leaders_said(leaders: pl.DataFrame, years: Sequence[int]) -> Iterator[Text]:
    for position, name in _NAMED.items():
        all_of = leaders.filter(pl.col("position") == position)
        leave = all_of.filter(pl.col("leaves").is_not_null())
        bare = leave.filter(pl.col("ready") == "").height
        if all_of.height:
            zh = f"，其中{bare}人在本校没有列入后备的接替人选" if bare else ""
            en = f", {bare} of them with nobody ready at their school" if bare else ""
            yield Text(
                f"{name.zh}{all_of.height}人，{years[-1]}学年前离任{leave.height}人{zh}。",
                f"{all_of.height} {name.en}: {leave.height} leave by {years[-1]}{en}.",
            )
