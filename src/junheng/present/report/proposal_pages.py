"""A proposal on two pages for a leader, in plain words: what is asked, what is proposed, how good, what it changes."""

from __future__ import annotations

from pathlib import Path

from junheng.present import charts_places
from junheng.present.report.pages import Values
from junheng.present.report.pdf import set_pages
from junheng.present.report.proposal_prose import table_of
from junheng.present.wording import WHOLES, day_words, school_year
from junheng.workflow.views.proposals import Proposed, StepLine

_MOST_STEPS = 10
_MOST_ROWS = 14


def write_proposal_pages(proposed: Proposed, path: Path) -> None:
    """Write the two pages to `path` (.pdf)."""
    set_pages("proposal.typ", proposal_pages(proposed), proposed.day, path)


def proposal_pages(proposed: Proposed) -> Values:
    """Return the two pages in Chinese."""
    maps = [(one, charts_places.drawn(one)) for one in proposed.maps[:1]]
    small = [grid for grid in proposed.tables if grid.rows and not grid.rows[_MOST_ROWS:]][:1]
    grids = [table_of(grid) for grid in small]
    left_out = proposed.steps[_MOST_STEPS:]
    return {
        "county": proposed.county_name.zh,
        "title": proposed.title.zh,
        "year": school_year(proposed.year).zh,
        "day": day_words(proposed.day).zh,
        "question": proposed.question.zh,
        "headline": proposed.headline.zh,
        "gap": proposed.gap.zh,
        "note": proposed.note.zh,
        "brief": [line.zh for line in proposed.brief[1:]],
        "conflict": [one.sentence("zh") for one in proposed.findings],
        "maps": [
            {"title": one.title.zh, "sentence": one.sentence.zh, "svg": charts_places.pair_svg(one, both)} for one, both in maps if both
        ],
        "steps": [
            {
                "number": f"{one.number}",
                "title": one.title.zh,
                "reason": one.reason.zh,
                "persons": _persons(one),
                "yuan": one.yuan_shown or "—",
            }
            for one in (proposed.largest if left_out else proposed.steps)
        ],
        "kinds": [f"{one.label.zh}：{one.shown.zh}" for one in proposed.kinds] if left_out else [],
        "steps_left": f"{len(left_out)}" if left_out else "",
        "tables": [
            {
                "title": grid.title.zh,
                "heads": list(table.heads),
                "right": [number in table.centred for number, _ in enumerate(table.heads)],
                "rows": [list(row) for row in table.rows],
            }
            for grid, table in zip(small, grids, strict=True)
        ],
        "judged": [
            {"title": one.title.zh, "before": WHOLES[one.before].zh, "after": WHOLES[one.after].zh, "sentence": one.sentence.zh}
            for one in proposed.judged
        ],
        "prices": [{"rule": one.rule.zh, "sentence": one.sentence.zh} for one in proposed.prices[:8]],
        "others": [
            {"title": one.title.zh, "more": one.dearer_shown, "reason": one.reason.zh, "differ": one.differ.zh}
            for one in proposed.alternatives[:4]
        ],
        "digests": f"数据 {proposed.digests.county[:12]}　标准 {proposed.digests.standards[:12]}　程序 {proposed.digests.code[:12]}",
    }


def _persons(step: StepLine) -> str:
    """Return whom a step concerns: pupils, teachers, or both."""
    pupils = f"学生{step.pupils_shown}" if step.pupils_shown else ""
    teachers = f"教师{step.teachers_shown}" if step.teachers_shown else ""
    return "、".join(one for one in (pupils, teachers) if one) or "—"
