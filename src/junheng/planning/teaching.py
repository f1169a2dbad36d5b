"""Which teachers schools need and have, by subject: lesson plan × classes ÷ lessons of a teacher beside the register or the return."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.model import schema
from junheng.model.county import County
from junheng.standards.rulebook import Rulebook

STAGES = ("primary", "junior")  # those whose lessons the national plan sets
PLAN = "assumed.lesson_plan.grade_{grade}"
LOAD = "assumed.teaching.load.{stage}"
OWN_LOAD = "curriculum.lessons_per_teacher"  # of an authority's shelf, one number for a stage
_GRADES = {"primary": ("1", "2", "3", "4", "5", "6"), "junior": ("7", "8", "9")}


def subjects() -> tuple[str, ...]:
    """Return the subjects that teachers are counted by, in the order of the return."""
    return tuple(name for name in schema().tables["staff_subjects"].names if name not in ("school", "stage"))


def sites(county: County) -> pl.DataFrame:
    """Return school (or campus), main (the counted school), name, private, urban_rural, lon, lat; one row a site."""
    own = county.tables["schools"].select(
        "school", pl.col("school").alias("main"), "name", (pl.col("ownership") == "private").fill_null(value=False).alias("private"),
        "urban_rural", "lon", "lat", "boarding",
    )  # fmt: skip
    campuses = county.tables["campuses"].select(pl.col("campus").alias("site"), pl.col("school").alias("main"), "name", "lon", "lat")
    joined = campuses.join(own.drop("name", "lon", "lat", "school"), on="main").rename({"site": "school"})
    return pl.concat([own, joined.select(own.columns)]).unique("school", keep="first", maintain_order=True)


def lesson_plan(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return stage, grade, subject, lessons (a week of a class) and source: "county" for grades that the county planned, else "assumed"."""
    own = county.tables["lesson_plan"].select(
        "stage", "grade", "subject", pl.col("lessons").cast(pl.Float64), pl.lit("county").alias("source")
    )
    planned = set(own.select("stage", "grade").iter_rows())
    rows = [
        (stage, grade, subject, float(one.value), "assumed")
        for stage, grades in _GRADES.items()
        for grade in grades
        if (stage, grade) not in planned
        for subject, one in rules.standings(PLAN.format(grade=grade)).items()
    ]
    return pl.concat([own, pl.DataFrame(rows, schema=own.schema, orient="row")]).sort("stage", "grade", "subject")


def loads(rules: Rulebook) -> pl.DataFrame:
    """Return stage, subject, load: the lessons a week of a teacher."""
    rows = []
    for stage in STAGES:
        own = rules.standings(OWN_LOAD).get(stage) if OWN_LOAD in rules.parameters else None
        for subject, one in rules.standings(LOAD.format(stage=stage)).items():
            rows.append((stage, subject, float((own or one).value)))
    return pl.DataFrame(rows, schema={"stage": pl.String, "subject": pl.String, "load": pl.Float64}, orient="row")


def classes_by_grade(county: County) -> pl.DataFrame:
    """Return school, stage, grade, classes: counted one by one where single classes are returned, else from the size bands."""
    key = ["school", "stage", "grade"]
    counted = (
        county.tables["classes"].with_columns(pl.col("grade").fill_null("all")).group_by(key).agg(pl.len().cast(pl.Int64).alias("classes"))
    )
    sizes = county.tables["class_sizes"]
    whole = sizes.filter(pl.col("band") == "all").select(*key, pl.col("classes"))
    parts = sizes.filter(pl.col("band") != "all").join(whole, on=key, how="anti").group_by(key).agg(pl.col("classes").sum())
    banded = pl.concat([whole, parts])
    split = banded.filter(pl.col("grade") != "all")
    rest = pl.concat([split, banded.filter(pl.col("grade") == "all").join(split, on=["school", "stage"], how="anti")])
    return pl.concat([counted, rest.join(counted, on=["school", "stage"], how="anti")]).sort(key)


def need_by_subject(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return school, stage, subject, lessons (a week), need (teachers, not rounded) of every school whose classes are known.

    Classes of mixed or unknown grades (年级 all) have the mean of their stage's plan.
    """
    plan = lesson_plan(county, rules)
    grades = plan.group_by("stage").agg(pl.col("grade").n_unique().alias("grades"))
    summed = plan.group_by("stage", "subject").agg(pl.col("lessons").sum()).join(grades, on="stage")
    mean = summed.select("stage", pl.lit("all").alias("grade"), "subject", pl.col("lessons") / pl.col("grades"))
    every = pl.concat([plan.select("stage", "grade", "subject", "lessons"), mean])
    known = classes_by_grade(county).filter(pl.col("stage").is_in(list(STAGES)))
    lessons = known.join(every, on=["stage", "grade"]).with_columns((pl.col("lessons") * pl.col("classes")).alias("lessons"))
    total = lessons.group_by("school", "stage", "subject").agg(pl.col("lessons").sum())
    needed = total.join(loads(rules), on=["stage", "subject"]).with_columns((pl.col("lessons") / pl.col("load")).alias("need"))
    return needed.select("school", "stage", "subject", "lessons", "need").sort("school", "stage", "subject")


def held_by_subject(county: County) -> pl.DataFrame:
    """Return school, stage, subject, held: full-time teachers by the register; where a school is not in it, by the return."""
    key = ["school", "stage"]
    listed = county.tables["teachers"].filter(pl.col("full_time").fill_null(value=True) & pl.col("subject").is_not_null())
    of_register = listed.group_by(*key, "subject").agg(pl.len().cast(pl.Int64).alias("held"))
    returned = county.tables["staff_subjects"].join(listed.select(key).unique(), on=key, how="anti")
    long = returned.unpivot(index=key, on=list(subjects()), variable_name="subject", value_name="held").drop_nulls("held")
    return pl.concat([of_register, long.filter(pl.col("held") > 0)]).sort(*key, "subject")


def without_teachers_told(county: County) -> pl.DataFrame:
    """Return school, stage (of the two) with pupils of which no teacher is known, by neither register nor return: unknown, not none."""
    key = ["school", "stage"]
    there = county.tables["enrolment"].filter(pl.col("stage").is_in(list(STAGES)) & (pl.col("pupils") > 0)).select(key).unique()
    return there.join(held_by_subject(county).select(key).unique(), on=key, how="anti").sort(key)


def beside(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return school, stage, subject, need, held, gap (held - need): every subject that is needed or held, of the two stages."""
    held = held_by_subject(county).filter(pl.col("stage").is_in(list(STAGES)))
    key = ["school", "stage", "subject"]
    both = need_by_subject(county, rules).join(held, on=key, how="full", coalesce=True)
    filled = both.with_columns(pl.col("held").fill_null(0), pl.col("lessons").fill_null(0.0), pl.col("need").fill_null(0.0))
    return filled.with_columns((pl.col("held") - pl.col("need")).alias("gap")).sort(key)


def taught(county: County) -> Iterator[str]:
    """Yield the schools with pupils in the two stages."""
    of = county.tables["enrolment"].filter(pl.col("stage").is_in(list(STAGES)) & (pl.col("pupils") > 0))
    yield from sorted(of["school"].unique().to_list())
