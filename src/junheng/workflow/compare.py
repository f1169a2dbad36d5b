"""Two years of one county, or two counties, side by side: the same figures, what changed, and whose verdict turned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal

from junheng.errors import Text
from junheng.store import years
from junheng.workflow.assess import assess
from junheng.workflow.office import Office
from junheng.workflow.views import Assessment, Compared, Comparison, Figure, Item, Verdict

Step = Callable[[Text, int, int], None]
Turn = Literal["gained", "lost", "same", "new", "gone", "unknown"]
Judgement = tuple[Text, Text, Figure | None, Verdict]  # place, label, figure, verdict

_MET = ("met", "met_by_concession")
_OPEN = ("no_data", "needs_evidence", "not_applicable")  # beside these nothing is gained or lost


def compare(
    folder: Path,
    other: Path | None = None,
    year: int | None = None,
    before: int | None = None,
    framework: str | None = None,
    *,
    progress: Step | None = None,
) -> Comparison:
    """Return `folder` in `year` against the same county in `before` (the year before when None), or against another county.

    Each side is judged by its own year's rules. Raises as `assess` does.
    """
    same = other is None or other.resolve() == folder.resolve()
    after_year = Office(folder).year(year)
    before_year = before if before is not None else _other_year(other or folder, after_year, same=same)
    first = assess(other or folder, before_year, framework, progress=progress)
    second = assess(folder, after_year, framework, progress=progress)
    return side_by_side(first, second, same_county=same)


def _other_year(other: Path, year: int, *, same: bool) -> int:
    """Return the year before of the same county, or of another county the same year, else its latest."""
    if same:
        return year - 1
    return year if year in years(other) else Office(other).year(None)


def side_by_side(first: Assessment, second: Assessment, *, same_county: bool) -> Comparison:
    """Return two assessments as rows; of two counties only what is of the county itself, for their schools are not the same."""
    old, new = (dict(_judgements(one, with_schools=same_county)) for one in (first, second))
    rows = tuple(_row(key, old, new) for key in dict.fromkeys([*old, *new]))
    notes = []
    if first.digests.standards != second.digests.standards:
        notes.append(Text("两边各按自己年份的标准判定。", "Each side is judged by the rules of its own year."))
    return Comparison(before=_name(first), after=_name(second), rows=rows, notes=tuple(notes))


def _name(assessment: Assessment) -> Text:
    return Text(f"{assessment.name.zh} {assessment.year}", f"{assessment.name.en} {assessment.year}")


def _judgements(assessment: Assessment, *, with_schools: bool) -> Iterator[tuple[str, Judgement]]:
    county = Text("全县", "the county")
    for part in assessment.parts:
        for item in part.items:
            yield f"{item.requirement}/{item.stage}", _of_item(item.stage_label if item.stage else county, item)
    for unit in assessment.units if with_schools else ():
        place = Text(f"{unit.name}（{unit.stage_label.zh}）", f"{unit.name} ({unit.stage_label.en})")
        for item in unit.items:
            yield f"{item.requirement}/{unit.stage}/{unit.school}", _of_item(place, item)


def _of_item(place: Text, item: Item) -> Judgement:
    return (place, item.title, item.figure, item.verdict)


def _row(key: str, old: Mapping[str, Judgement], new: Mapping[str, Judgement]) -> Compared:
    before, after = old.get(key), new.get(key)
    place, label, _, _ = after or before or (Text("", ""), Text("", ""), None, "no_data")
    return Compared(
        label=label,
        place=place,
        before=before[2] if before else None,
        after=after[2] if after else None,
        before_verdict=before[3] if before else None,
        after_verdict=after[3] if after else None,
        change=_change(before[2] if before else None, after[2] if after else None),
        turn=_turn(before[3] if before else None, after[3] if after else None),
    )


def _change(before: Figure | None, after: Figure | None) -> str:
    """Return the difference of the two displayed values, so that a reader who subtracts them finds it; "" when one is missing."""
    try:
        difference = Decimal(after.shown) - Decimal(before.shown) if before and after else None
    except ArithmeticError:  # "" (no data) or a count such as 65/66
        return ""
    return "" if difference is None else f"{difference:+f}"


def _turn(before: Verdict | None, after: Verdict | None) -> Turn:
    if before is None or after is None:
        return "new" if before is None else "gone"
    if before == after:
        return "same"
    if before in _OPEN or after in _OPEN:
        return "unknown"
    met = (before in _MET, after in _MET)
    turns: dict[tuple[bool, bool], Turn] = {(False, True): "gained", (True, False): "lost"}
    return turns.get(met, "same")
