"""Where does this number come from? The trail of any figure of any indicator of the catalogue."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Place
from junheng.indicators import evaluate
from junheng.workflow.items import item
from junheng.workflow.judged import Judged
from junheng.workflow.office import Office
from junheng.workflow.trails import figure_ids, one_explanation
from junheng.workflow.views import Explanation

_MOST_CELLS = 400
_NONE = "-"


def explain(folder: Path, figure: str, year: int | None = None, framework: str | None = None) -> Explanation:
    """Return the trail of one figure, named indicator/stage/school; "-" or nothing stands for a level that does not apply.

    Raises DataError, naming the nearest ids, when there is no such figure.
    """
    office = Office(folder)
    year = office.year(year)
    county, rules = office.county(year), office.rules(year)
    chosen = rules.framework(office.frameworks(framework)[0])
    indicator, stage, school = (*figure.split("/"), _NONE, _NONE)[:3]
    also = [indicator] if indicator in office.catalogue else []
    judged = Judged(county, rules, chosen, evaluate(county, chosen, rules, also=also, catalogue=office.catalogue))
    trail = one_explanation(judged, indicator, _level(stage), _level(school), _MOST_CELLS)
    if trail is None:
        known = figure_ids(judged)
        near = [name for name in known if figure in name][:5] or get_close_matches(figure, known, n=5, cutoff=0.3)
        raise DataError(finding("workflow.no_such_figure", Place(), figure, near="、".join(near or known[:3])))
    return _with_limit(judged, trail, indicator, _level(stage), _level(school))


def _level(text: str) -> str | None:
    return None if text in ("", _NONE) else text


def _with_limit(judged: Judged, trail: Explanation, indicator: str, stage: str | None, school: str | None) -> Explanation:
    """Return the trail with the limit of the requirement that the figure is judged by, where there is one."""
    requirements = {requirement.id: requirement for part in judged.framework.all_parts for requirement in part.requirements}
    rows = judged.card.items.to_dicts()
    same = (row for row in rows if (row["indicator"], row["stage"], row["school"]) == (indicator, stage, school) and row["requirement"])
    row = next(same, None)
    return trail if row is None else replace(trail, limit=item(judged, requirements[row["requirement"]], row).limit)
