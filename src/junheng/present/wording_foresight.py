"""The words of what is coming: warning levels, how projects stand, kinds of area and of school to look at, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.present.wording import NOTHING, grade, joined, said, source_words
from junheng.workflow import Text
from junheng.workflow.views import Source
from junheng.workflow.views.foresight import Assumption, Band, ErrorRow, Foresight, ProjectLine

UNKNOWN = Text("无数据", "no data")
LEVELS: Mapping[str, Text] = {
    "alarm": Text("告急", "Alarm"),
    "warning": Text("预警", "Warning"),
    "watch": Text("关注", "Watch"),
    "none": Text("无预警", "No warning"),
    "surplus": Text("富余", "Surplus"),
    "unknown": Text("无法判断", "Cannot be judged"),
}
# A level is never told by colour alone. Each sign is in every common Chinese font.
LEVEL_SIGNS: Mapping[str, str] = {"alarm": "■", "warning": "▲", "watch": "△", "none": "○", "surplus": "▽", "unknown": "—"}
SHORT: frozenset[str] = frozenset(("alarm", "warning", "watch"))  # levels that say places may be short

STANDS: Mapping[str, Text] = {
    "done": Text("已完成", "done"),
    "on_time": Text("按期推进", "on time"),
    "late": Text("逾期", "late"),
    "undated": Text("无日期", "no date"),
    "not_due": Text("未到期", "not due"),
}
STAND_SIGNS: Mapping[str, str] = {"done": "✓", "on_time": "○", "late": "×", "undated": "—", "not_due": "○"}
AREA_KINDS: Mapping[str, Text] = {
    "county": Text("全县", "County"),
    "district": Text("乡镇（街道）、片区", "Townships and zones"),
    "school": Text("学校", "Schools"),
}
LEVELS_OF_ERROR: Mapping[str, Text] = {
    "county": Text("全县", "County"),
    "district": Text("片区", "Zones"),
    "school": Text("学校", "Schools"),
}
KINDS_OF_NOTABLE: Mapping[str, Text] = {
    "large_class_appears": Text("可能出现大班额", "Oversized classes may appear"),
    "large_class_gone": Text("大班额可能消除", "Oversized classes may go"),
    "large_school_appears": Text("可能成为大规模学校", "May become an oversized school"),
    "large_school_gone": Text("可能不再是大规模学校", "May no longer be oversized"),
    "small_school": Text("可能不足100人", "May fall under 100 pupils"),
    "no_entrants": Text("可能没有新生", "May have no entrants"),
    "closing": Text("将停办", "Will close"),
}
SERIES_KINDS: Mapping[str, Text] = {
    "pupils": Text("在校生", "Pupils"),
    "entrants": Text("新生", "Entrants"),
    "children": Text("适龄人口", "Children of school age"),
}
PLACES, PUPILS_AXIS = Text("学位", "places"), Text("学年（秋季）", "school year (autumn)")
COUNTED = Text("实际", "counted")
BAND50, BAND80 = Text("50%预测区间", "50 % band"), Text("80%预测区间", "80 % band")


def word_of(words: Mapping[str, Text], key: str) -> Text:
    """Return the word of a key; the key itself where none is known, so that a new kind is never hidden."""
    return words.get(key, Text(key, key))


def kind_of_series(series_id: str) -> str:
    """Return what a series counts, the second part of its id: pupils, entrants or children."""
    parts = series_id.split("/")
    return parts[1] if parts[1:] else ""


def years_ahead(foresight: Foresight) -> tuple[tuple[int, int], ...]:
    """Return (horizon, school year) of each horizon that the seats or the series reach."""
    years = {line.year for one in foresight.scenarios for line in one.seats}
    years |= {point.year for one in foresight.scenarios for series in one.series for point in series.points if point.band}
    return tuple((horizon, foresight.year + horizon) for horizon in foresight.horizons if foresight.year + horizon in years)


def band80_words(band: Band | None) -> str:
    """Return the ends of the 80 % band; empty where nothing is foreseen."""
    return band.shown80 if band else ""


def assumption_words(one: Assumption) -> Text:
    """Return an assumption in one line with its value, unit, source and note."""
    space = "" if one.unit.en[:1] in ("%", "‰", "") else " "
    value = Text(f"{one.shown}{one.unit.zh}", f"{one.shown}{space}{one.unit.en}")
    source = (
        said("来源：《{t}》{n}", "source: {t} {n}", t=one.source.title, n=one.source.number) if one.source else Text("无来源", "no source")
    )
    rest = joined((source, one.note), "；", "; ")
    return said("{title}：{value}（{rest}）", "{title}: {value} ({rest})", title=one.title, value=value, rest=rest)


def late_words(project: ProjectLine) -> Text:
    """Return by how many days a project is late, or was late where it is done; empty where it is neither."""
    if not project.days_late:
        return NOTHING
    if project.lateness == "late":
        return said("{n}天", "by {n} days", n=project.days_late)
    return said("比计划晚{n}天", "{n} days after its plan", n=project.days_late)


def document_words(source: Source) -> Text:
    """Return a document in one line; what is an assumption of ours (grade A) is no document and bears no title marks."""
    return source.title if grade(source.confidence) == "A" else source_words(source)


def error_place(row: ErrorRow) -> Text:
    """Return of what an error was measured: 全县 小学, or of a single zone 城关镇 小学."""
    if row.area:
        return Text(f"{row.area_name} {row.stage_label.zh}", f"{row.area_name}, {row.stage_label.en}")
    grade = Text(f" {row.grade}", f" {row.grade}") if row.grade else NOTHING
    return said("{k} {s}{g}", "{k}, {s}{g}", k=LEVELS_OF_ERROR[row.level], s=row.stage_label, g=grade)
