"""The forecast as Word documents: the chapter on pupils and seats, and the text of the public notice."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.foresight_prose import notice, seats_warning
from junheng.present.report.word import write_report
from junheng.workflow.views.foresight import Foresight


def write_seats_warning(foresight: Foresight, path: Path) -> None:
    """Write the chapter on pupils and seats ahead to `path` (.docx)."""
    write_report(seats_warning(foresight), foresight.as_of, path)


def write_notice(foresight: Foresight, path: Path) -> None:
    """Write the text of the public notice 学位预警公告 to `path` (.docx); ValueError when there is none."""
    write_report(notice(foresight), foresight.as_of, path)
