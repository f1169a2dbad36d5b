"""Villages that may go to another catchment, in a program: which go, and the pupils that schools then have in every year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.amounts import Model
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.question import Question, unit_name
from junheng.planning.planners.path_to_pass.zones import Way
from junheng.planning.proposal import Pin
from junheng.planning.solve import Terms

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Must:
    """Something pinned: at least so many of some ways are taken."""

    rule: Text
    pin: Pin
    ways: tuple[tuple[str, str, str], ...]  # by their keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Villages that may go to another catchment, whole."""

    ways: tuple[Way, ...]
    share: float  # the most of a school's pupils that leave it, or come to it, on balance, in any year
    yuan: int  # that one pupil weighs
    must: tuple[Must, ...] = ()
    most: int | None = None  # villages that go at most


def villages_go(made: Model, question: Question, going: Going) -> None:
    """Add which villages go, each to one catchment at most, and the pupils that schools then have in each year."""
    program, ways = made.program, going.ways
    made.moving = frozenset(unit for way in ways for unit in way.units)
    names = np.array([way.village for way in ways])
    many = np.array([float(way.pupils) for way in ways])
    sentence = Text("{village}改划", "{village} goes to another catchment")
    made.goes = program.variables(sentence, len(ways), upper=1.0, whole=True, village=names)
    program.cost(Text("改划的学生", "pupils of another school"), made.goes * many, unit="pupils", weight=float(going.yuan))
    _, village = np.unique([f"{way.stage} {way.village}" for way in ways], return_inverse=True)
    program.definition(sentence, made.goes.sum_by(village, int(village.max()) + 1) <= 1.0)
    for must in going.must:
        wanted = np.array([way.key in must.ways for way in ways], dtype=np.float64)
        program.rule(must.rule, (made.goes * wanted).sum() >= 1.0, option="--pin")
    if going.most is not None:
        program.rule(Text(f"改划村居至多{going.most}个", f"at most {going.most} villages go"), made.goes.sum() <= float(going.most))
    _today(made, question, going)
    for year in question.every:
        _year(made, year, going)


def _came(made: Model, units: Sequence[Unit], going: Going, year: int) -> Terms:
    """Return how many pupils come to each unit in a year, less those who go: (units,)."""
    assert made.goes is not None
    place = {unit: k for k, unit in enumerate(units)}
    flows = [(k, place[unit], float(many)) for k, way in enumerate(going.ways) for unit, many in way.flow(year).items()]
    which, unit, many = (np.array(each) for each in zip(*flows, strict=True))
    return (made.goes[which] * many).sum_by(unit, len(place))


def _today(made: Model, question: Question, going: Going) -> None:
    """Add that no school gains or loses more of today's pupils than its share."""
    units = sorted(made.moving)
    held = {unit: many for way in going.ways for unit, many in way.held[question.today.year].items()}
    room = np.array([going.share * held[unit] for unit in units])
    came = _came(made, units, going, question.today.year)
    names = np.array([unit_name(question, unit) for unit in units])
    sentence = Text(f"{{school}}学生增减不超过{going.share:.0%}", f"{{school}} gains or loses at most {going.share:.0%} of its pupils")
    made.program.rule(sentence, came <= room, measured="pupils", option="zone_moves", school=names)
    made.program.rule(sentence, came >= -room, measured="pupils", option="zone_moves", school=names)


def _year(made: Model, question: Question, going: Going) -> None:
    """Add what the pupils of a year are, over those without moves; schools gain or lose no more than their share then, either."""
    units = question.judged.units
    pupils = np.array([float(next(_weights(question, unit), Decimal(1))) for unit in units])
    room = np.array([going.share if unit in made.moving else 0.0 for unit in units])
    weight = made.program.variables(
        Text("学生与不改划之比", "pupils over those without moves"), len(units), lower=1.0 - room, upper=1.0 + room
    )
    made.program.definition(Text("学生", "pupils"), weight == _came(made, units, going, question.at) * (1 / pupils) + 1.0)
    made.weight[question.at] = weight


def _weights(question: Question, unit: Unit) -> Iterator[Decimal]:
    for item in question.judged.schools_items:
        if (unit, item) in question.judged.cells:
            yield question.judged.cells[unit, item].weight
