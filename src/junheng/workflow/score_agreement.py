"""Whether raters agree before their scores are used, and what was seen by subject. Raters are known by codes."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from junheng.errors import Text
from junheng.ledgers.agreement import RELIABLE, TENTATIVE, Metric, agreement, leniency, table_of
from junheng.ledgers.score_form import ScoreForm
from junheng.workflow.score_reading import Mark, Rating
from junheng.workflow.views.scoring import ScoreAgreement, ScoreRater, ScoreSubject

_FEWEST = 5  # things rated twice from which a number of agreement says anything
_ALL = Text("全部项目", "all items")


def agreements(form: ScoreForm, ratings: Sequence[Rating], marks: Sequence[Mark]) -> tuple[ScoreAgreement, ...]:
    """Return the agreement on each item, on all of them and on the ways seen; () when nothing was rated by two."""
    own = [one for one in ratings if one.score is not None and form.roles[one.role].counts]
    found = [_agreement(_ALL, _triples(own), "ordinal")]
    found += [_agreement(item.label, _triples([one for one in own if one.item == name]), "ordinal") for name, item in form.items.items()]
    for name, label in form.marks.items():
        seen = [(one.rater, f"{one.round}|{one.unit}|{one.thing}", float(one.seen)) for one in marks if one.mark == name]
        found.append(_agreement(label, seen, "nominal"))
    return tuple(found) if found[0].rated_twice else ()


def _triples(ratings: Sequence[Rating]) -> list[tuple[str, str, float]]:
    return [(one.rater, f"{one.round}|{one.unit}|{one.thing}|{one.by}|{one.item}", one.score) for one in ratings if one.score is not None]


def _agreement(label: Text, ratings: Sequence[tuple[str, str, float]], metric: Metric) -> ScoreAgreement:
    raters: dict[str, set[str]] = {}
    for rater, unit, _ in ratings:
        raters.setdefault(unit, set()).add(rater)
    twice = sum(len(own) > 1 for own in raters.values())
    alpha = agreement(table_of(ratings)[1], metric) if twice else None
    return ScoreAgreement(label=label, alpha="—" if alpha is None else f"{alpha:.2f}", rated_twice=twice, stands=_stands(alpha, twice))


def _stands(alpha: float | None, twice: int) -> Text:
    if twice < _FEWEST:
        return Text(f"两人同评的不足{_FEWEST}件，不能判断", f"fewer than {_FEWEST} rated by two")
    if alpha is None:
        return Text("评分没有差别，不能判断", "all scores alike: cannot be told")
    if alpha >= RELIABLE:
        return Text("一致，可以使用", "reliable")
    if alpha >= TENTATIVE:
        return Text("基本一致，只作参考", "tentative only")
    return Text("不一致，先统一标准再用", "not reliable: agree on the scale first")


def raters_apart(form: ScoreForm, ratings: Sequence[Rating]) -> tuple[ScoreRater, ...]:
    """Return by how much each rater scores above or below the others on the same things; only where somebody shared one."""
    own = [one for one in ratings if one.score is not None and form.roles[one.role].counts]
    raters, table = table_of(_triples(own))
    found = []
    for rater, apart in zip(raters, leniency(table), strict=True):
        sheets = len({(one.round, one.unit, one.thing, one.by) for one in own if one.rater == rater})
        if apart is not None:
            found.append(ScoreRater(code=rater, sheets=sheets, apart=f"{apart:+.2f}"))
    return tuple(found)


def subjects_of(form: ScoreForm, ratings: Sequence[Rating], marks: Sequence[Mark]) -> tuple[ScoreSubject, ...]:
    """Return what was seen in each subject: how many things, the mean of each item, the share of things with each way."""
    found = []
    for name, label in form.by.items():
        own = [one for one in ratings if one.by == name and one.score is not None]
        things = {(one.round, one.unit, one.thing) for one in own}
        if things:
            means = tuple(_mean([one.score for one in own if one.item == item and one.score is not None]) for item in form.items)
            seen = tuple(_share([one for one in marks if one.by == name and one.mark == mark]) for mark in form.marks)
            found.append(ScoreSubject(label=label, things=len(things), means=means, marks=seen))
    return tuple(found)


def _mean(scores: Sequence[float]) -> str:
    return f"{fmean(scores):.2f}" if scores else "—"


def _share(marks: Sequence[Mark]) -> str:
    """Return the share of things in which most raters saw it."""
    things: dict[tuple[str, str, str], list[bool]] = {}
    for one in marks:
        things.setdefault((one.round, one.unit, one.thing), []).append(one.seen)
    seen = [fmean(values) > 0.5 for values in things.values()]
    return f"{sum(seen)}/{len(seen)}" if seen else "—"
