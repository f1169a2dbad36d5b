"""From a roster (one row a pupil, in Parquet) to the tables a County holds: classes and enrolment, never the pupils themselves.

    tally(source, folder) -> Tally      writes <folder>/classes and <folder>/enrolment, which an engine then reads

The rows are counted where they lie: a hundred million of them need no more memory than their classes do. Codes and counts come out; columns
other than county, school, stage, grade and class (names, identifiers) are not read at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from junheng.indicators.engine_duckdb import in_schema, parquet_files, write_tables

ROSTER = ("county", "school", "stage", "grade", "class")

_PLACED = "county is not null and school is not null and stage is not null"
_GRADE = "coalesce(grade, 'all')"
_COUNTS = f"""
select
  cast(coalesce(sum(pupils), 0) as bigint),
  count(*) filter ({_PLACED} and class is not null),
  cast(coalesce(sum(pupils) filter (not ({_PLACED})), 0) as bigint),
  cast(coalesce(sum(pupils) filter ({_PLACED} and class is null), 0) as bigint)
from tallied
"""  # noqa: S608


class Tally(NamedTuple):
    """What was counted.

    pupils: rows read; classes: classes found; unplaced: rows without county, school or stage, which are in no table; without_class: rows
    that are in enrolment and in a class of unknown size, so that what depends on the classes of that stage has no data.
    """

    pupils: int
    classes: int
    unplaced: int
    without_class: int


def tally(source: Path, folder: Path, *, threads: int | None = None, memory_mb: int = 1000) -> Tally:
    """Count a roster into classes and enrolment, written as Parquet under `folder`; these two tables are replaced there.

    source: a Parquet file, or a folder of them, with the columns of ROSTER. What does not fit into `memory_mb` megabytes is put aside on
    disk under `folder` while it is counted. Rows are written in no particular order. A pupil without a grade counts under the grade
    "all"; a class is named by grade and class.
    """
    keys = {"county": "county", "school": "school", "stage": "stage", "grade": _GRADE}
    name = {"class": f"{_GRADE} || '/' || coalesce(class, '')"}
    classes = in_schema("classes", {**keys, **name, "pupils": "case when class is not null then pupils end"})
    enrolment = in_schema("enrolment", {**keys, "sex": "'all'", "pupils": "cast(sum(pupils) as bigint)"})
    columns, units = ", ".join(ROSTER), f"county, school, stage, {_GRADE}"
    counts = write_tables(
        folder,
        f"create table tallied as select {columns}, count(*) as pupils from {parquet_files(source)} group by {columns}",  # noqa: S608
        {
            "classes": f"select {classes} from tallied where {_PLACED}",  # noqa: S608
            "enrolment": f"select {enrolment} from tallied where {_PLACED} group by {units}",  # noqa: S608
        },
        _COUNTS,
        reads=source,
        threads=threads,
        memory_mb=memory_mb,
    )
    return Tally(*counts)
