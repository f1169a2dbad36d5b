"""What all lists about teachers share: words for codes, columns with their widths, names of schools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from junheng.errors import Text
from junheng.model import County, allowed
from junheng.planning.teaching import STAGES, sites
from junheng.workflow.numbers import shown
from junheng.workflow.views.teaching import Shown, TeachingList, Where

Column = tuple[Text, int]
NOTHING = Text("", "")

STAGE, SUBJECT = (Text("学段", "Stage"), 8), (Text("学科", "Subject"), 12)
CODE, SCHOOL = (Text("学校标识码", "Code"), 13), (Text("学校", "School"), 26)
TEACHER = (Text("教师编号", "Teacher"), 11)

_SMALL = 10

_WORDS = {
    "stage": "stage",
    "subject": "subject",
    "first": "subject",
    "title": "teacher_title",
    "next": "teacher_title",
    "position": "teacher_position",
}
_OWN: Mapping[str, Mapping[str, Text]] = {
    "grade": {"senior": Text("高级", "Senior"), "middle": Text("中级", "Middle")},
    "reason": {"retirement": Text("退休", "retirement"), "term": Text("任期届满", "end of terms")},
}


def number(zh: str, en: str, width: int = 9) -> Column:
    """Return a column of numbers."""
    return (Text(zh, en), width)


def labelled(frame: pl.DataFrame) -> Iterator[tuple[Shown, ...]]:
    """Yield the rows with codes of stage, subject, title and the like in words of both languages; a code without words stays."""
    words = [{**allowed(_WORDS[name])} if name in _WORDS else _OWN.get(name, {}) for name in frame.columns]
    for row in frame.iter_rows():
        yield tuple(of.get(value, value) if isinstance(value, str) else value for value, of in zip(row, words, strict=True))


def in_order(frame: pl.DataFrame, *then: str | pl.Expr) -> pl.DataFrame:
    """Return the frame by stage in the order in which children pass through them, then by the columns given; subjects as listed."""
    keys = [_place(key, key) if key in ("stage", "subject") else key for key in ("stage", *then) if isinstance(key, str)]
    return frame.sort(*keys, *(key for key in then if isinstance(key, pl.Expr)), nulls_last=True, maintain_order=True)


def _place(column: str, words: str) -> pl.Expr:
    places = {code: place for place, code in enumerate(allowed(words))}
    return pl.col(column).replace_strict(places, default=len(places), return_dtype=pl.Int64)


def with_names(frame: pl.DataFrame, county: County) -> pl.DataFrame:
    """Return the frame with the name of each school or campus; its code where it has none."""
    names = sites(county).select("school", "name")
    return frame.join(names, on="school", how="left", maintain_order="left").with_columns(pl.col("name").fill_null(pl.col("school")))


def people(value: float) -> str:
    """Return a number of teachers as it is said: whole, with one decimal below ten, where half a post counts."""
    return shown(value, 1) if 0 < abs(value) < _SMALL else f"{round(value):,}"


def made(
    name: str, title: tuple[Text, Text], columns: Sequence[Column], frame: pl.DataFrame, note: Text = NOTHING, where: Where = "text"
) -> TeachingList:
    """Return a list of a frame whose columns stand in the order given; title: that of the sheet and the whole one."""
    return TeachingList(id=name, name=title[0], title=title[1], columns=tuple(columns), rows=tuple(labelled(frame)), note=note, where=where)


def stage_word(stage: str) -> Text:
    """Return what a stage is called."""
    return allowed("stage")[stage]


def subject_word(subject: str) -> Text:
    """Return what a subject is called."""
    return allowed("subject")[subject]


def of_the_two_stages(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of primary and junior stages."""
    return frame.filter(pl.col("stage").is_in(list(STAGES)))
