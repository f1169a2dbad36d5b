"""Teachers as views: how many are needed in each year by stage and subject, how many of today's stay, how many must be hired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from junheng.errors import Finding, Text
from junheng.model import schema
from junheng.projection.forecast import Forecast
from junheng.projection.staffing import teachers
from junheng.workflow.foresee_inputs import Inputs
from junheng.workflow.foresee_series import band, whole
from junheng.workflow.judged import stage_label
from junheng.workflow.numbers import shown
from junheng.workflow.views.foresight import TeacherLine

_ALL = Text("全部学科", "all subjects")
_SMALL = 10  # below this many teachers one decimal is printed: rounding would hide the half of a post


def teacher_lines(inputs: Inputs, forecasts: Sequence[Forecast]) -> tuple[tuple[TeacherLine, ...], tuple[Finding, ...]]:
    """Return the teachers needed and staying by stage, subject and year of every chain, with what was doubtful."""
    lines: list[TeacherLine] = []
    findings: list[Finding] = []
    for forecast in forecasts:
        staffing = teachers(forecast, inputs.county, inputs.rules)
        lines += _lines(staffing.rows.iter_rows(named=True))
        findings += staffing.findings
    return tuple(lines), tuple(findings)


def _lines(rows: Iterator[dict[str, Any]]) -> Iterator[TeacherLine]:
    table = schema().tables["staff_subjects"]
    for row in rows:
        need = row["q50"]
        subject = row["subject"]
        yield TeacherLine(
            stage=row["stage"],
            stage_label=stage_label(row["stage"]),
            subject=subject,
            subject_label=table.column(subject).label if subject else _ALL,
            year=row["year"],
            need_shown=_number(need),
            need80_shown="" if need is None else band([row[name] for name in ("q10", "q25", "q50", "q75", "q90")]).shown80,
            need=need,
            staying=row["staying"],
            staying_shown=_number(row["staying"]),
            retiring_shown="" if row["retiring"] is None else whole(row["retiring"]),
            to_hire=row["to_hire"],
            to_hire_shown=_number(row["to_hire"]),
            note=Text(row["note_zh"], row["note_en"]),
        )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return shown(value, 1) if 0 < value < _SMALL else f"{round(value):,}"
