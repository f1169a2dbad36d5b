"""Which form a sheet is, by its title and labels; a sheet that could be two forms, or none, is said to be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junheng.errors import Place, Text
from junheng.store.returns.forms import Form
from junheng.store.returns.grid import NUMBER
from junheng.store.returns.header import Heading
from junheng.store.returns.report import Report


@dataclass(frozen=True, slots=True)
class Recognised:
    """A sheet whose form is known."""

    form: Form
    heading: Heading


def recognise(heading: Heading, forms: Sequence[Form], report: Report) -> Recognised | None:
    """Return the form of a sheet; None, with a finding, when it is none of the known forms, a changed one, or could be several."""
    grid = heading.grid
    place = Place(file=grid.file, sheet=grid.sheet)
    title = heading.title_text()
    scored = sorted(((_score(form, heading, title), form) for form in forms), key=lambda pair: pair[0], reverse=True)
    scored = [(score, form) for score, form in scored if score[0]]
    if not scored:
        _say_why(heading, forms, title, place, report)
        return None
    best = [form for score, form in scored if score == scored[0][0]]
    if len(best) > 1:
        names = Text("、".join(form.title.zh for form in best), ", ".join(form.title.en for form in best))
        report.say("returns.sheet_ambiguous", place, names)
        return None
    return Recognised(best[0], heading)


def _score(form: Form, heading: Heading, title: str) -> tuple[bool, bool, int]:
    titled = any(word in title for word in form.titles)
    fits = all(any(choice in heading.keys for choice in need) for need in form.needs) and (titled or not form.title_needed)
    return fits, titled, len(form.vocabulary & heading.keys) if fits else 0


def _say_why(heading: Heading, forms: Sequence[Form], title: str, place: Place, report: Report) -> None:
    for form in forms:
        missing = ["|".join(need) for need in form.needs if not any(choice in heading.keys for choice in need)]
        if missing and any(word in title for word in form.titles):
            report.say("returns.form_changed", place, "、".join(missing), form=form.title)
            return
    shown = [cell.key for row in heading.labels for cell in row if cell.key][:4]
    holds_numbers = bool((heading.grid.kinds == NUMBER).any()) or heading.grid.sheet == ""
    severity = "warning" if holds_numbers else "note"  # a cover or a page of instructions holds none
    report.say("returns.sheet_not_recognised", place, "、".join(shown)[:80], severity=severity)
