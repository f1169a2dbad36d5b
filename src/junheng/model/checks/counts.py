"""The same children counted in several tables: classes against enrolment, size bands against pupils, villages against the county."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.data import frame as data
from junheng.model.checks.data import limit
from junheng.model.checks.gather import gather, labelled
from junheng.model.county import County
from junheng.model.schema import schema

_GRADE = ("school", "stage", "grade")


def total(column: str) -> pl.Expr:
    """Return the sum of a column in its group: null when any value of the group is missing, for missing is not zero."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum()).alias(column)


def check_counted_twice(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find a row "all" beside the rows into which it is split: every sum would count both."""
    for table in schema().tables.values():
        frame = county.tables[table.name]
        for column in table.columns:
            if column.key and "all" in column.allowed and frame.height:
                others = [name for name in table.key if name != column.name]
                value = pl.col(column.name)
                both = (value == "all").any().over(others) & (value != "all").any().over(others)
                bad = frame.filter(both & (value == "all"))
                found = Text(f"“{column.allowed['all'].zh}”与分项同时存在", f'"{column.allowed["all"].en}" beside its parts')
                yield from gather("model.counted_twice", table.name, column.name, bad, found, label=column.label)


def check_classes(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find grades whose classes do not add up to the pupils enrolled, or to the classes by size band."""
    classes = county.tables["classes"].with_columns(pl.col("grade").fill_null("all"))
    if classes.height:
        in_classes = classes.group_by(_GRADE).agg(total("pupils").alias("in_classes"), pl.len().cast(pl.Int64).alias("listed"))
        yield from _pupils(in_classes, _by(county, "enrolment", "pupils"))
        yield from _number_of_classes(in_classes, _by(county, "class_sizes", "classes"))
    yield from _bands(county)


def _by(county: County, table: str, column: str) -> pl.DataFrame:
    return county.tables[table].group_by(_GRADE).agg(total(column))


def _pupils(in_classes: pl.DataFrame, enrolled: pl.DataFrame) -> Iterator[Finding]:
    found = Text("各班合计{in_classes}人，在校生{pupils}人", "classes with {in_classes} pupils in all, {pupils} enrolled")
    bad = _comparable(in_classes, enrolled, "in_classes", "pupils").filter(pl.col("in_classes") != pl.col("pupils"))
    yield from gather("model.classes_differ_from_enrolment", "enrolment", "pupils", bad, found)


def _number_of_classes(in_classes: pl.DataFrame, banded: pl.DataFrame) -> Iterator[Finding]:
    found = Text("班级表{listed}个班，班额分档表{classes}个班", "{listed} classes one by one, {classes} by size band")
    bad = _comparable(in_classes, banded, "listed", "classes").filter(pl.col("listed") != pl.col("classes"))
    yield from gather("model.classes_differ_from_bands", "class_sizes", "classes", bad, found)


def _comparable(left: pl.DataFrame, right: pl.DataFrame, left_value: str, right_value: str) -> pl.DataFrame:
    """Join two tables by grade where both are split by grade, and by stage where either is not."""
    stage = ["school", "stage"]
    joint = left.join(right, on=_GRADE, how="full", coalesce=True)
    split = (pl.col("grade") != "all").all().over(stage)
    graded = joint.filter(split)
    sums = _sums(left, stage, left_value).join(_sums(right, stage, right_value), on=stage)
    rest = sums.join(joint.filter(~split).select(stage).unique(), on=stage, how="semi")
    both = pl.col(left_value).is_not_null() & pl.col(right_value).is_not_null()
    columns = [*_GRADE, left_value, right_value]
    return pl.concat([graded.select(columns), rest.with_columns(pl.lit("all").alias("grade")).select(columns)]).filter(both)


def _sums(frame: pl.DataFrame, by: Sequence[str], column: str) -> pl.DataFrame:
    return frame.group_by(by).agg(total(column))


def _bands(county: County) -> Iterator[Finding]:
    """Find grades whose pupils cannot sit in the classes of the size bands returned."""
    sizes = county.tables["class_sizes"].filter(pl.col("band") != "all")
    if not sizes.height:
        return
    bounds = data("class_bands").with_columns(pl.col("least", "most").cast(pl.Int64, strict=False))
    banded = sizes.join(bounds, on="band").filter(pl.col("classes") > 0)
    room = banded.group_by(_GRADE).agg(
        (pl.col("classes") * pl.col("least")).sum().alias("least"),
        pl.when(pl.col("most").null_count() == 0).then((pl.col("classes") * pl.col("most")).sum()).alias("most"),
    )
    enrolled = _comparable(_by(county, "enrolment", "pupils"), room, "pupils", "least")
    most = _comparable(_by(county, "enrolment", "pupils"), room, "pupils", "most").select(*_GRADE, "most")
    joined = enrolled.join(most, on=_GRADE, how="left")
    bad = joined.filter((pl.col("pupils") < pl.col("least")) | (pl.col("pupils") > pl.col("most")).fill_null(value=False))
    found = Text("在校生{pupils}人，按班额分档应为{least}至{most}人", "{pupils} pupils enrolled, the size bands hold {least} to {most}")
    yield from gather("model.bands_differ_from_enrolment", "enrolment", "pupils", bad, found)


def check_county_totals(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find county facts that differ from the sum of the villages or of the schools."""
    yield from _villages(county)
    facts = county.tables["county_facts"]
    if facts.height != 1:
        return
    nine = county.tables["enrolment"].filter((pl.col("grade") == "9") & (pl.col("stage") == "junior"))
    pairs = (
        ("grade9_pupils", nine.select(total("pupils")).item() if nine.height else None),
        ("approved_posts", _whole(county, "posts", "approved")),
        ("held_posts", _whole(county, "posts", "held")),
    )
    for column, summed in pairs:
        value = facts[column].item()
        if summed is not None and value is not None and value != summed:
            bad = facts.select("county", pl.lit(value).alias("value"), pl.lit(summed).alias("sum"))
            found = Text("{value}，各校合计{sum}", "{value}; the schools add up to {sum}")
            label = labelled("county_facts", column)
            yield from gather("model.county_differs_from_schools", "county_facts", column, bad, found, label=label)


def _whole(county: County, table: str, column: str) -> int | None:
    frame = county.tables[table]
    return frame.select(total(column)).item() if frame.height else None


def _villages(county: County) -> Iterator[Finding]:
    """Compare residents by age; only ages that both tables hold, and each county basis by itself."""
    by_age = county.tables["village_population"].group_by("age").agg(total("persons").alias("villages"))
    whole = county.tables["population"].group_by("county", "basis", "age").agg(total("persons"))
    joined = whole.join(by_age, on="age").filter(pl.col("villages").is_not_null() & pl.col("persons").is_not_null())
    sums = joined.group_by("county", "basis").agg(pl.col("villages").sum(), pl.col("persons").sum(), pl.col("age").min())
    apart = ((pl.col("villages") - pl.col("persons")).abs() > pl.col("persons") * float(limit("population_share"))).alias("apart")
    bases = sums.with_columns(apart)
    if bases.height and bases["apart"].all():
        found = Text("村居合计{villages}人，全县{persons}人", "{villages} persons in the villages, {persons} in the county")
        yield from gather("model.villages_differ_from_county", "population", "persons", bases.head(1), found)
