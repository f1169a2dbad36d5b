"""A plan on one printed page (PDF): parts side by side, each measure a line with its sign."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.pages import Values
from junheng.present.report.pdf import set_pages
from junheng.present.wording_plan import COLOURS, SIGNS, STANDINGS
from junheng.workflow.views.plans_of_action import MeasureLine, PartLine, PlanLine, PlansStatus


def write_one_page(status: PlansStatus, plan: PlanLine, path: Path) -> None:
    """Write a plan on one page to `path` (.pdf)."""
    set_pages("plan.typ", one_page(status, plan), status.day, path)


def one_page(status: PlansStatus, plan: PlanLine) -> Values:
    """Return the page in Chinese."""
    measures = {line.id: line for line in plan.measures}
    many = len(plan.measures[30:]) > 0
    return {
        "county": status.name.zh,
        "title": plan.title.zh,
        "document": plan.document,
        "day": f"{status.day}",
        "structure": plan.structure.zh,
        "headline": plan.headline.zh,
        "draft": plan.draft,
        "small": many,
        "counts": [
            {"sign": sign, "word": STANDINGS[one].zh, "count": str(plan.counts[one]), "colour": COLOURS[one]} for one, sign in SIGNS.items()
        ],
        "parts": [_part(part, measures) for part in plan.parts],
    }


def _part(part: PartLine, measures: dict[str, MeasureLine]) -> dict[str, object]:
    return {
        "level": part.level,
        "title": part.title.zh,
        "top": part.depth == 0,
        "sentence": part.sentence.zh,
        "measures": [_measure(measures[name]) for name in part.measures],
    }


def _measure(line: MeasureLine) -> dict[str, str]:
    return {
        "sign": SIGNS[line.standing],
        "colour": COLOURS[line.standing],
        "title": line.title.zh,
        "owner": line.owner,
        "due": line.late if line.standing == "behind" and line.late else line.due,
        "shown": line.shown or "尚无数据",
    }
