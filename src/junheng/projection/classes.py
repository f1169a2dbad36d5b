"""Who sits in which class in a year ahead: as many classes as today in each school and stage, spread over the grades by pupils."""

from __future__ import annotations

import heapq
from collections.abc import Mapping

import polars as pl

from junheng.model import allowed

_STAGE = ("school", "stage")
_UNBOUNDED = 10**9


def seated(tables: Mapping[str, pl.DataFrame], before: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the tables of classes and of size bands for the enrolment in `tables`; before: the enrolment of today.

    A school's stage whose pupils do not change keeps its classes as they are. One that returned no classes has none here either:
    missing stays missing.
    """
    enrolled = _pupils(tables["enrolment"])
    moved = _changed(enrolled, _pupils(before))
    graded = _by_stage(enrolled)
    classes, bands = tables["classes"], tables["class_sizes"]
    singles = {key: len(rows) for key, rows in _groups(classes, moved).items()}
    counted = {key: _number(rows) for key, rows in _groups(bands, moved).items()}
    new_classes = [row for key, number in singles.items() for row in _class_rows(key, number, graded.get(key, {}))]
    new_bands = [row for key, many in counted.items() if many is not None for row in _band_rows(key, many, graded.get(key, {}))]
    kept = [key for key, many in counted.items() if many is None]
    return {
        "classes": _replaced(classes, set(singles), new_classes),
        "class_sizes": _replaced(bands, set(counted) - set(kept), new_bands),
    }


def spread(pupils: Mapping[str, int], classes: int) -> dict[str, list[int]]:
    """Return the sizes of `classes` classes of the grades: each grade's classes as equal as may be, the largest class as small as may be.

    With fewer classes than grades with pupils they are mixed: the one key is "". A grade without pupils has no class.
    """
    taught = {grade: number for grade, number in pupils.items() if number > 0}
    if not taught or classes < 1:
        return {}
    if classes < len(taught):
        return {"": _equal(sum(taught.values()), classes)}
    count = dict.fromkeys(taught, 1)
    queue: list[tuple[float, int, str]] = [(-number, order, grade) for order, (grade, number) in enumerate(taught.items())]
    heapq.heapify(queue)
    for _ in range(classes - len(taught)):
        _, order, grade = heapq.heappop(queue)
        count[grade] += 1
        heapq.heappush(queue, (-taught[grade] / count[grade], order, grade))
    return {grade: _equal(taught[grade], min(number, taught[grade])) for grade, number in count.items()}


def _equal(pupils: int, classes: int) -> list[int]:
    each, more = divmod(pupils, classes)
    return [each + 1] * more + [each] * (classes - more)


def _pupils(enrolment: pl.DataFrame) -> pl.DataFrame:
    known = pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum())
    return enrolment.group_by(*_STAGE, "grade", maintain_order=True).agg(known.alias("pupils"))


def _changed(now: pl.DataFrame, before: pl.DataFrame) -> set[tuple[str, str]]:
    """Return the school stages with other pupils than before; one with pupils not known stays as it is."""
    joined = now.join(before.rename({"pupils": "then"}), on=[*_STAGE, "grade"], how="full", coalesce=True)
    other = pl.col("pupils").ne_missing(pl.col("then")).any().alias("other")
    stages = joined.group_by(_STAGE).agg(other, (pl.col("pupils").null_count() == 0).alias("known")).filter("other", "known")
    return set(stages.select(_STAGE).iter_rows())


def _by_stage(enrolled: pl.DataFrame) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for school, stage, grade, pupils in enrolled.filter(pl.col("pupils").is_not_null()).iter_rows():
        found.setdefault((school, stage), {})[grade] = pupils
    return found


def _groups(frame: pl.DataFrame, moved: set[tuple[str, str]]) -> dict[tuple[str, str], pl.DataFrame]:
    parts = frame.partition_by(_STAGE, as_dict=True, maintain_order=True)
    return {(str(school), str(stage)): rows for (school, stage), rows in parts.items() if (school, stage) in moved}


def _number(rows: pl.DataFrame) -> int | None:
    return None if rows["classes"].null_count() else int(rows["classes"].sum())


def _class_rows(key: tuple[str, str], number: int, pupils: Mapping[str, int]) -> list[dict[str, object]]:
    return [
        {"school": key[0], "stage": key[1], "class": f"{grade}({order})", "grade": grade or None, "pupils": size}
        for grade, sizes in spread(pupils, number).items()
        for order, size in enumerate(sizes, 1)
    ]


def _band_rows(key: tuple[str, str], number: int, pupils: Mapping[str, int]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for grade, sizes in spread(pupils, number).items():
        bands = [_band(size) for size in sizes]
        rows += [
            {"school": key[0], "stage": key[1], "grade": grade or "all", "band": band, "classes": bands.count(band)}
            for band in dict.fromkeys(bands)
        ]
    return rows


def _band(size: int) -> str:
    for name in allowed("class_band"):
        first, dash, last = name.partition("-")
        if dash and int(first) <= size <= int(last or _UNBOUNDED):
            return name
    raise ValueError(f"no band holds a class of {size}")


def _replaced(frame: pl.DataFrame, gone: set[tuple[str, str]], rows: list[dict[str, object]]) -> pl.DataFrame:
    if not gone:
        return frame
    keys = pl.DataFrame(sorted(gone), schema={"school": pl.String, "stage": pl.String}, orient="row")
    kept = frame.join(keys, on=_STAGE, how="anti", maintain_order="left")
    return pl.concat([kept, pl.DataFrame(rows, schema=frame.schema)])
