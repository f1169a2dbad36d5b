"""Which teachers are needed and there: the whole chapter of a county, from posts due to who succeeds whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model import allowed, check, digest
from junheng.model.period import statistics_day
from junheng.standards import Rulebook, value_text
from junheng.workflow.assess import code_digest
from junheng.workflow.limits import standing_source, unit_label
from junheng.workflow.office import Office
from junheng.workflow.teachers_ahead import hiring_ahead, hiring_section, need_series
from junheng.workflow.teachers_leaders import leaders_section, titles_section
from junheng.workflow.teachers_posts import posts_section
from junheng.workflow.teachers_subjects import lessons_section, structure_section, subjects_section
from junheng.workflow.views import Digests, Source
from junheng.workflow.views.teaching import TeachingBoard, TeachingSection

AHEAD = 5  # school years
_ABOUT = ("teachers", "teacher_wishes", "lesson_plan", "posts", "classes", "class_sizes")
_STANDARDS = (
    "staffing.pupils_per_staff.city.maximum",
    "staffing.pupils_per_staff.town.maximum",
    "staffing.pupils_per_staff.rural.maximum",
    "practice.staffing.staff_per_class.lower",
    "staffing.small_school.below",
    "assumed.staffing.boarders_per_post",
    "assumed.staffing.special_pupils_per_staff",
    "assumed.teaching.load.primary",
    "assumed.teaching.load.junior",
    "curriculum.lessons_per_teacher",
    "class_size.maximum",
    "staffing.retirement.age.before",
    "staffing.retirement.age.after",
    "staffing.retirement.months_per_step",
    "assumed.title_posts.present.primary",
    "assumed.title_posts.present.junior",
    "assumed.title_posts.widened.primary",
    "assumed.title_posts.widened.junior",
    "staffing.title_years.minimum",
    "exchange.heads.terms.maximum",
    "assumed.staffing.head_term",
)


def teaching_board(folder: Path, year: int | None = None, *, as_of: date | None = None) -> TeachingBoard:
    """Return the chapter on a county's teachers in a school year (the latest when None).

    as_of: the day on which projects that bring places are judged, as in `foresee`. Deterministic. Raises StoreError, DataError or
    StandardsError; DataError without register and return. What stops the forecast alone comes back as findings.
    """
    office = Office(folder)
    chosen = office.year(year)
    county, rules = office.county(chosen), office.rules(chosen)
    if not county.tables["teachers"].height and not county.tables["staff_subjects"].height:
        raise DataError(finding("planning.no_register", Place(table="teachers"), Text("没有教师名册", "no register of teachers")))
    years = tuple(range(chosen + 1, chosen + AHEAD + 1))
    ahead = hiring_ahead(folder, county, rules, years=AHEAD, as_of=as_of)
    sections = (
        posts_section(county, rules),
        subjects_section(county, rules),
        structure_section(county),
        lessons_section(county, rules),
        hiring_section(county, rules, ahead, years),
        titles_section(county, rules, years),
        leaders_section(county, rules, years),
    )
    kept = tuple(one for one in sections if one.lists or one.sentences)
    return TeachingBoard(
        name=office.name,
        year=chosen,
        day=statistics_day(chosen),
        brief=tuple(_brief(kept)),
        sections=kept,
        need=need_series(county, rules, ahead),
        limits=tuple(_limits(ahead.scenario)),
        sources=tuple(_sources(rules)),
        digests=Digests(county=digest(county), standards=rules.digest, code=code_digest()),
        findings=(*(one for one in check(county) if one.place.table in _ABOUT), *ahead.findings),
    )


def _brief(sections: Sequence[TeachingSection]) -> Iterator[Text]:
    for section in sections:
        yield from section.sentences


def _limits(scenario: Text) -> Iterator[Text]:
    yield Text("表中的“—”和工作簿中的空格是没有数据，不是0。", "A dash, and an empty cell of the workbook: not known, never 0.")
    yield Text(
        "班数、学科、出生年月、职务等只有名册和报表填了的才计入；没填的在各表中另列或写明，不当作没有。",
        "Classes, subjects, births and positions count where they are filled in; what is not is told apart, and never taken for none.",
    )
    yield Text(
        "课时计划、教师周课时、寄宿附加、岗位比例和校长任期多为默认假设，依据表逐项写明；改写为本地规定后结果随之改变。",
        "Lesson plan, load, boarding, shares of posts and terms are mostly assumptions, told one by one; an authority sets its own.",
    )
    if scenario.zh:
        yield Text(
            f"今后的学生数取自在校生预测的“{scenario.zh}”；区间只包括学生数的不确定，不包括调离、辞职、提前退休和政策变化。",
            f"Pupils ahead are those of the scenario {scenario.en}; bands hold what is uncertain of pupils, not resignations or new rules.",
        )


def _sources(rules: Rulebook) -> Iterator[tuple[Text, Text, Source]]:
    """Yield the standards that were used with their values in words."""
    for name in _STANDARDS:
        standings = rules.standings(name) if name in rules.parameters else {}
        if not standings:
            continue
        owner = rules.parameters[name]
        first = next(iter(standings.values()))
        unit = unit_label(first.unit)
        words = owner.labels if owner.by != "stage" else allowed("stage")
        labels = [(words.get(key, Text(key, key)) if key != "all" else Text("", ""), one) for key, one in standings.items()]
        zh = "、".join(f"{label.zh}{value_text(one.value, one.unit)}" for label, one in labels)
        en = ", ".join(f"{label.en} {value_text(one.value, one.unit)}".strip() for label, one in labels)
        yield first.title, Text(f"{zh}（{unit.zh}）", f"{en} ({unit.en})"), standing_source(first)
