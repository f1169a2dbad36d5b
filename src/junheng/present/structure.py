"""The structure figures as one table: a row an indicator, a column a stage. They are shown for information and judge nothing."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.workflow import Text
from junheng.workflow.views import Assessment, Figure

TITLE = Text("结构情况（仅供参考，不作判定）", "Structure (for information, not judged)")
WHOLE_COUNTY = Text("全县", "County")


@dataclass(frozen=True, slots=True)
class Structure:
    """The table: its columns' headings, and of each indicator label, unit and a figure (or None) a column."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, Text, tuple[Figure | None, ...]], ...]


def structure_of(assessment: Assessment) -> Structure:
    """Return the structure figures by indicator and stage."""
    stages = {one.stage: one.stage_label if one.stage else WHOLE_COUNTY for one in assessment.information}
    found: dict[tuple[Text, Text], dict[str, Figure]] = {}
    for one in assessment.information:
        found.setdefault((one.figure.label, one.figure.unit), {})[one.stage] = one.figure
    rows = ((label, unit, tuple(figures.get(stage) for stage in stages)) for (label, unit), figures in found.items())
    return Structure(tuple(stages.values()), tuple(rows))
