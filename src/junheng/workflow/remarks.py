"""What must be said beside an item for its verdict to be understood: a standard that says nothing for this kind of school."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.indicators.indicator import Indicator
from junheng.model import allowed, schema
from junheng.standards import Requirement
from junheng.workflow.judged import KIND_UNKNOWN, NO_TEXT, Judged

Row = dict[str, Any]

STAGE = Text("学段", "stage")


def remark(judged: Judged, requirement: Requirement, rows: Sequence[Row]) -> Text:
    """Return why rows of one requirement do not apply, or are without data although figures were sent (no limit for them); "" otherwise."""
    known = next((row for row in rows if row["population"] is not None), None)
    if known and len(rows) == 1:
        return _not_applicable(judged, requirement, known)
    chosen = _chosen(judged, requirement, [row for row in rows if without_limit(requirement, row)])
    if not chosen:
        return NO_TEXT
    title = judged.rules.parameters[requirement.parameter or ""].title
    words = tuple(chosen)
    return Text(
        f"“{title.zh}”没有适用于{'、'.join(word.zh for word in words)}的限值，不能判定，记为无数据",
        f"{title.en}: no limit for {', '.join(word.en for word in words)}, so it cannot be judged and reads no data",
    )


def _not_applicable(judged: Judged, requirement: Requirement, row: Row) -> Text:
    words = absent(judged.card.catalogue[row["indicator"]], row)
    if not requirement.must_apply:
        return words
    return Text(
        f"{words.zh}；认定体系规定本项必须适用，记为无数据", f"{words.en}; the framework says that it must apply, so it reads no data"
    )


def absent(indicator: Indicator, row: Row) -> Text:
    """Return on what it rests that there are none, with the number of schools that were asked; "" where nothing of the kind is known."""
    if row["population"] is None or indicator.concerns is None:
        return NO_TEXT
    zh, en, count = indicator.concerns.zh, indicator.concerns.en, row["population"]
    if "school" not in indicator.relation.columns:
        return Text(f"已上报，没有{zh}", f"sent: no {en}")
    return Text(f"已报{count}所，其中没有{zh}", f"{count} schools sent, no {en} among them")


def without_limit(requirement: Requirement, row: Row) -> bool:
    """Return whether a row was asked and the standard says nothing for it."""
    return requirement.parameter is not None and row["verdict"] == "no_data" and row["limit"] is None


def without_limits(judged: Judged) -> Iterator[Finding]:
    """Yield a finding for each item and kind of school for which the standard has no limit, naming the schools."""
    requirements = {item.id: item for part in judged.framework.all_parts for item in part.requirements}
    rows: dict[str, list[Row]] = {}
    for row in judged.card.items.to_dicts():
        item = requirements.get(row["requirement"] or "")
        if item and without_limit(item, row):
            rows.setdefault(item.id, []).append(row)
    for key, its in rows.items():
        item = requirements[key]
        for chosen, schools in _chosen(judged, item, its).items():
            names = "、".join(dict.fromkeys(schools))
            found = Text(f"{chosen.zh}：{names}", f"{chosen.en}: {names}") if names else chosen
            place = Place(key=(item.parameter or "", item.id))
            yield finding("workflow.no_limit_for", place, found, source=item.source, item=item.title)


def _chosen(judged: Judged, requirement: Requirement, rows: Sequence[Row]) -> dict[Text, list[str]]:
    """Return the schools' names by what their limit would be chosen by: 学校类别“教学点”."""
    found: dict[Text, list[str]] = {}
    for row in rows:
        by = judged.rules.parameters[requirement.parameter or ""].by
        found.setdefault(_words(judged, by, row), []).extend([judged.school_name(row["school"])] if row["school"] else [])
    return found


def _words(judged: Judged, by: str, row: Row) -> Text:
    if by == "none":
        return Text(f"{judged.rules_day}", f"{judged.rules_day}")
    indicator = judged.card.catalogue[row["indicator"]]
    label = STAGE if by == "stage" or not indicator.source_table else indicator.relation.columns[by].label
    value = row["stage"] if by == "stage" else judged.schools.get(row["school"] or "", {}).get(by)
    if value is None:
        return label if by not in schema().tables["schools"].names else Text(f"{label.zh}“{KIND_UNKNOWN.zh}”", f"{label.en} not stated")
    name = _value_label(by, str(value))
    return Text(f"{label.zh}“{name.zh}”", f"{label.en} “{name.en}”")


def _value_label(by: str, value: str) -> Text:
    """Return the label of a coded value of a column of schools, or of a stage; the value itself where it is not coded."""
    columns = {column.name: column.allowed for column in schema().tables["schools"].columns}
    known = allowed("stage") if by == "stage" else columns.get(by, {})
    return known.get(value, Text(value, value))
