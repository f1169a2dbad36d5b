"""What the verdicts rest on: every standard in use with its value and document, concessions included, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from junheng.present.wording import NOTHING, jurisdiction_words, said, with_unit
from junheng.workflow import Finding, Text
from junheng.workflow.views import Assessment, Item, Source

METHOD = Text("评估办法", "Framework")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One standard in use: what it is, for whom, its value, its document, and what is noted of it."""

    title: Text
    selector: Text  # for whom: 小学; empty where there is one value for all
    value: Text  # with unit; empty for the document of the framework itself
    source: Source
    note: Text = NOTHING


def grounds_of(assessment: Assessment) -> tuple[Ground, ...]:
    """Return the framework's document, each standard's value in use and each concession that was drawn on, each once.

    The standards inside formulas are known to `Assessment.standards`; where that is empty, those of the items shown are listed.
    """
    seen: dict[tuple[Text, Text, str, object], Ground] = {}
    for ground in chain(_method(assessment), _standards(assessment), _concessions(assessment)):
        seen.setdefault((ground.title, ground.selector, ground.source.key, ground.source.day), ground)
    return tuple(seen.values())


def _method(assessment: Assessment) -> Iterator[Ground]:
    yield Ground(title=METHOD, selector=NOTHING, value=NOTHING, source=assessment.source)


def _standards(assessment: Assessment) -> Iterator[Ground]:
    for row in assessment.standards:
        note = row.stale if row.stale.zh else row.note
        yield Ground(title=row.title, selector=row.selector, value=with_unit(row.shown, row.unit), source=row.source, note=note)
    if not assessment.standards:
        yield from _limits(assessment)


def _limits(assessment: Assessment) -> Iterator[Ground]:
    for item in _items(assessment):
        if item.limit:
            value = with_unit(item.limit.shown, item.limit.unit)
            yield Ground(title=item.title, selector=item.stage_label, value=value, source=item.limit.source)
    for spread in assessment.spreads:
        if spread.limit:
            title = said("差异系数：{title}", "Coefficient of variation: {title}", title=spread.title)
            yield Ground(title=title, selector=spread.stage_label, value=Text(*[spread.limit.shown] * 2), source=spread.limit.source)


def _concessions(assessment: Assessment) -> Iterator[Ground]:
    """Yield each concession once: the standard in force beside it, not what one school is counted with."""
    for concession in chain((one for *_, one in assessment.concessions), (item.concession for item in _items(assessment))):
        if concession:
            value = with_unit(concession.shown, concession.unit) if concession.shown else NOTHING
            yield Ground(title=concession.title, selector=NOTHING, value=value, source=concession.source, note=concession.duty)


def _items(assessment: Assessment) -> Iterator[Item]:
    groups = [assessment.eligibility, *(part.items for part in assessment.parts), *(unit.items for unit in assessment.units)]
    return chain.from_iterable(groups)


def review_words(assessment: Assessment) -> Text:
    """Return how many of the standards in use have been checked against the original text."""
    grounds = grounds_of(assessment)
    open_ones = [ground for ground in grounds if not ground.source.reviewed]
    if not open_ones:
        return said("所引{n}条标准均已与原文核对", "All {n} standards in use were checked against the original", n=len(grounds))
    if len(open_ones) == len(grounds):
        pattern = (
            "所引{n}条标准均未与原文核对，引用前请核对文件原文",
            "None of the {n} standards in use was checked against the original yet; compare before quoting",
        )
    else:
        pattern = (
            "所引{n}条标准中，{m}条未与原文核对，引用前请核对文件原文",
            "Of {n} standards in use {m} were not checked against the original yet; compare before quoting",
        )
    return said(*pattern, n=len(grounds), m=len(open_ones))


def findings_of(assessment: Assessment) -> tuple[Finding, ...]:
    """Return the findings with the standards they are about called by their titles: 学校规模上限, not school_size.maximum."""
    titles = {item.limit.parameter: item.title for item in _items(assessment) if item.limit}
    titles |= {row.id: row.title for row in assessment.standards}
    return tuple(_named(one, titles) for one in assessment.findings)


def _named(finding: Finding, titles: dict[str, Text]) -> Finding:
    place = finding.place
    if not place.key or place.file or place.table or place.title.zh:
        return finding
    first = place.key[0]
    return replace(finding, place=replace(place, key=(), title=titles.get(first) or jurisdiction_words(first)))
