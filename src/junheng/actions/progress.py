"""How far a measure has come: what the data say, what is claimed, what is verified, and which part of a plan is behind.

Missing is not zero: where the data do not say, a measure is not known, which is neither done nor behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from junheng.actions.plan import Measure, Part, Plan
from junheng.errors import Text

Form = Literal["figure", "list", "document"]
Standing = Literal["verified", "claimed", "under_way", "behind", "unknown"]
STANDINGS: tuple[Standing, ...] = ("verified", "claimed", "under_way", "behind", "unknown")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that stands between a measure and its target: what is missing, where, whose it is, until when."""

    what: str
    where: str = ""
    owner: str = ""
    due: date | None = None
    note: Text = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the data say of one measure: a figure, a list, or a document; or why it is not known."""

    form: Form
    met: bool | None  # None: not known
    shown: str  # "61/69", "0.499", "清教发〔2024〕6号"; "" when not known
    sentence: Text  # one statement of fact, without a full stop; the reason when it is not known
    basis: Text  # which data
    value: Decimal | None = None  # to be held against a path
    claimed: Decimal | None = None  # said to be done
    verified: Decimal | None = None  # of these: seen by somebody apart from the doer, or computed on returned data
    whole: Decimal | None = None
    unit: Text = _NOTHING
    exceptions: tuple[Gap, ...] = ()
    left_out: int = 0  # further exceptions that are only counted
    command: str = ""  # the command that opens it
    day: date | None = None  # of the document, or of the data
    unseen: bool = False  # nothing is late, but not everything that is due was seen by another

    @property
    def complete(self) -> bool:
        """Return whether nothing and nobody is left out: only then a text may say that all are covered."""
        partly = self.verified is not None and self.whole is not None and self.verified < self.whole
        return self.met is True and not self.exceptions and not self.left_out and not partly


def not_known(form: Form, reason: Text, command: str = "") -> Answer:
    """Return the answer of data that do not say."""
    return Answer(form=form, met=None, shown="", sentence=reason, basis=_NOTHING, command=command)


def overdue(measure: Measure, today: date) -> bool:
    """Return whether a measure's day has passed."""
    return measure.due is not None and measure.due.last is not None and measure.due.last < today


def expected_by(measure: Measure, today: date) -> Decimal | None:
    """Return what the path of a measure asks for by now: that of the last year that has ended; None without one."""
    past = [year for year in measure.path if year < today.year]
    return measure.path[max(past)] if past else None


def behind_path(measure: Measure, answer: Answer, today: date) -> bool:
    """Return whether a measure of several years is behind what its path asked for by the end of the last year."""
    asked = expected_by(measure, today)
    if asked is None or answer.value is None:
        return False
    falling = measure.target is not None and measure.target.comparator == "at_most"
    return answer.value > asked if falling else answer.value < asked


def standing(measure: Measure, answer: Answer, today: date) -> Standing:
    """Return how a measure stands on a day."""
    if answer.met is None:
        return "unknown"
    if answer.met:
        return "under_way" if answer.unseen else "verified"
    if answer.claimed is not None and answer.whole is not None and answer.claimed >= answer.whole:
        return "claimed"
    recurring = measure.due is not None and measure.due.kind == "recurrence"
    late = overdue(measure, today) or recurring or behind_path(measure, answer, today)
    return "behind" if late else "under_way"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many measures stand where."""

    counts: Mapping[Standing, int]

    @property
    def all(self) -> int:
        """Return how many there are."""
        return sum(self.counts.values())

    @property
    def behind(self) -> int:
        """Return how many are behind."""
        return self.counts["behind"]


def tally(standings: Iterable[Standing]) -> Tally:
    """Return how many measures stand where."""
    found = list(standings)
    return Tally({one: found.count(one) for one in STANDINGS})


def below(plan: Plan, part: Part) -> frozenset[str]:
    """Return the names of a part and of everything below it."""
    found, grown = {part.id}, True
    while grown:
        more = {one.id for one in plan.parts if one.under in found} - found
        found |= more
        grown = bool(more)
    return frozenset(found)


def of_part(plan: Plan, part: Part) -> tuple[Measure, ...]:
    """Return the measures of a part and of what is below it, each once."""
    names = below(plan, part)
    return tuple(measure for measure in plan.measures if names.intersection(measure.under))


def distinct(plans: Sequence[Plan]) -> Mapping[str, tuple[tuple[Plan, Measure], ...]]:
    """Return every task with the measures that are it: one that several plans share counts once."""
    found: dict[str, tuple[tuple[Plan, Measure], ...]] = {}
    for plan in plans:
        for measure in plan.measures:
            task = plan.task_of(measure)
            found[task] = (*found.get(task, ()), (plan, measure))
    return found
