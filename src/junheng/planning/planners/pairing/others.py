"""Groups beside those proposed: nearest, least changed, or with the least that is lacking inside of groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.planners.pairing.model import counted, good
from junheng.planning.planners.pairing.question import Ints, Question
from junheng.planning.planners.pairing.steps import steps
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Watch

_MINUS = "\N{MINUS SIGN}"
_MUCH = 20.0  # times that what a plan is after weighs


def alternatives(county: County, question: Question, lead: Ints, bound: float, brief: Brief, watch: Watch) -> tuple[Alternative, ...]:
    """Return groups that differ from those proposed, each counted as the brief counts. lead: (w,) proposed; bound: of the brief."""
    return tuple(_alternatives(county, question, lead, bound, brief, watch)) if brief.beside else ()


def _alternatives(county: County, question: Question, lead: Ints, bound: float, brief: Brief, watch: Watch) -> Iterator[Alternative]:
    seen = {lead.tobytes()}
    for title, why, asked in _asked(question):
        other = good(asked, brief.limits, brief.seed, Watch(cancelled=watch.cancelled))
        if other is None or other.tobytes() in seen:
            continue
        seen.add(other.tobytes())
        amounts = counted(question, other)[1]
        objective = float(sum(part.amount * part.weight for part in amounts))
        yield Alternative(
            title=title,
            reason=_reason(question, why, lead, other),
            steps=tuple(steps(question, other, county)),
            objective=objective,
            bound=min(bound, objective),
            amounts=amounts,
        )


def _asked(question: Question) -> Iterator[tuple[Text, Text, Question]]:
    near = replace(question, balance=0.0, help=0.0, change=0.0)
    yield Text("路最近", "nearest"), Text("只看路程", "ways alone"), near
    if any(question.today):
        calm = replace(question, change=max(1.0, question.change) * _MUCH)
        yield Text("变动最少", "least change"), Text("尽量沿用现在的牵头学校", "today's leads as far as can be"), calm
    inside = replace(question, help=max(1.0, question.help) * _MUCH)
    yield Text("组内缺口最小", "least lacking inside groups"), Text("尽量在组内对口帮上", "help in the subject as far as can be"), inside


def _told(question: Question, lead: Ints) -> tuple[float, int, float, float]:
    """Return km, schools that change their lead, teachers lacking without help, and the difference between groups."""
    rows, leads = np.arange(len(lead)), len(question.leads)
    changed = sum(bool(today) and today != question.leads[j] for today, j in zip(question.today, lead.tolist(), strict=True))
    lacking = np.zeros(question.spare.shape)
    np.add.at(lacking, lead, question.lacking)
    loads = np.bincount(lead, weights=question.need, minlength=leads)
    unmet = float(np.maximum(0.0, lacking - question.spare).sum())
    return float(question.km[rows, lead].sum()), changed, unmet, float(loads.max() - loads.min())


def _reason(question: Question, why: Text, lead: Ints, other: Ints) -> Text:
    """Return what other groups gain and give up."""
    way, changed, unmet, apart = (after - before for before, after in zip(_told(question, lead), _told(question, other), strict=True))
    zh = f"{why.zh}：路程{way:+z,.1f}公里，换牵头学校{changed:+d}所，对口帮不上{unmet:+z,.1f}人，各组缺额差{apart:+z,.1f}人。"
    en = f"{why.en}: way {way:+z,.1f} km, leads changed {changed:+d}, teachers without help {unmet:+z,.1f}, between groups {apart:+z,.1f}."
    return Text(*(told.replace("-", _MINUS) for told in (zh, en)))
