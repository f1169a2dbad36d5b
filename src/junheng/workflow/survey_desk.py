"""The surveys of one authority, opened: its forms, its schools with their pupils, and where answers, boards and supplies lie."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Place
from junheng.ledgers.survey import Survey, read_surveys
from junheng.store import own_files
from junheng.workflow.ledger_room import Room

SCHOOL, GROUP, SECONDS, GRADE, CLASS, DAY = "学校", "人群", "用时秒", "年级", "班级", "日期"
BY = {"grade": GRADE, "class": CLASS, "day": DAY}
ANSWERS = "answers"
_KINDS = ("teaching_point", "primary", "junior", "nine_year", "twelve_year", "complete_secondary")
_GRADES = tuple(str(number) for number in range(1, 10))


class SurveyDesk:
    """An authority's folder, opened for one survey."""

    def __init__(self, folder: Path, name: str, at: datetime | None = None) -> None:
        """Open the folder and the form. Raises StoreError, StandardsError, or DataError, naming the forms that there are."""
        self.folder = folder
        self.room = Room(folder, at)
        known = read_surveys(own_files(self.room.office.authority, "ledgers", "surveys/*.yaml"))
        found = known.get(name) or next((one for one in known.values() if one.title.zh == name), None)
        if found is None:
            words = "、".join(f"{one.name}（{one.title.zh}）" for one in known.values())
            raise DataError(finding("workflow.no_such_survey", Place(), name, known=words))
        self.survey: Survey = found

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the names of the schools whose people are asked, by code."""
        if self.room.county is None:
            return {}
        schools = self.room.county.tables["schools"].filter(pl.col("kind").is_in(list(_KINDS))).sort("school")
        return dict(schools.select("school", "name").iter_rows())

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Return the pupils of each of these schools."""
        return self._counted(None)

    def of_grade(self, grade: str) -> Mapping[str, int]:
        """Return the pupils of a grade in each school."""
        return self._counted(grade)

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades of compulsory schools."""
        return _GRADES

    def _counted(self, grade: str | None) -> dict[str, int]:
        if self.room.county is None:
            return {}
        rows = self.room.county.tables["enrolment"]
        rows = rows if grade is None else rows.filter(pl.col("grade") == grade)
        counted = dict(rows.group_by("school").agg(pl.col("pupils").sum()).iter_rows())
        return {code: int(counted.get(code) or 0) for code in self.names}

    def classes(self, school: str) -> list[str]:
        """Return the classes of a school, by stage and name."""
        if self.room.county is None:
            return []
        rows = self.room.county.tables["classes"].filter((pl.col("school") == school) & pl.col("stage").is_in(["primary", "junior"]))
        return [str(one) for one in rows["class"].to_list()]

    def file(self, name: str, given: Path | None = None) -> Path | None:
        """Return a list of the survey: the file given, or the one in ledgers/answers/ that bears the name; None where there is none."""
        if given is not None:
            return given
        room = self.folder / "ledgers" / ANSWERS
        found = [path for path in sorted(room.glob("[!.~]*")) if path.stem.split("_")[0] == name] if room.is_dir() else []
        return found[0] if found else None
