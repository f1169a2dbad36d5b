"""Steps that an officer can read out: who goes where, what is bought or built at which school, why, for how much, in which year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.choose import Chosen, numerator
from junheng.planning.planners.path_to_pass.measures import Measure, changed, tables_of
from junheng.planning.planners.path_to_pass.question import Question, Target, unit_name, yuan_words
from junheng.planning.planners.path_to_pass.years import Line, scheduled
from junheng.planning.proposal import Step


class Move(NamedTuple):
    """Teachers of one kind from one school to another."""

    measure: Measure
    giver: Target
    taker: Target
    teachers: int


class Made(NamedTuple):
    """The steps and what they were made of."""

    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    lines: tuple[Line, ...]


def steps(question: Question, chosen: Chosen) -> Made:
    """Return the steps: moves first, then measures by year."""
    moves = tuple(_moves(question, chosen))
    lines = tuple(scheduled(question, chosen.adds)[0])
    tables = tables_of(question.today)
    made = []
    for move in moves:
        changes = (*changed(tables, move.measure, move.giver, -move.teachers), *changed(tables, move.measure, move.taker, move.teachers))
        zh = f"{move.measure.title.zh}{move.teachers}人：{question.names[move.giver[0]]}→{question.names[move.taker[0]]}"
        en = f"{move.measure.title.en}, {move.teachers}: {question.names[move.giver[0]]} to {question.names[move.taker[0]]}"
        reason = _reason(question, chosen, move.measure, move.taker)
        made.append(
            Step(
                title=Text(zh, en),
                reason=reason,
                changes=changes,
                yuan=Decimal(0),
                teachers=move.teachers,
                year=question.county.year,
                kind=move.measure.title,
            )
        )
    for line in lines:
        changes = tuple(changed(tables, line.measure, line.at, line.portions))
        many = line.portions * line.measure.grain
        zh = f"{line.measure.title.zh}{_amount(line.measure, many).zh}：{question.names[line.at[0]]}"
        en = f"{line.measure.title.en}, {_amount(line.measure, many).en}: {question.names[line.at[0]]}"
        reason = _reason(question, chosen, line.measure, line.at)
        made.append(Step(title=Text(zh, en), reason=reason, changes=changes, yuan=line.yuan, year=line.start, kind=line.measure.title))
    return Made(tuple(made), moves, lines)


def headline(made: Made) -> Text:
    """Return what the plan costs, for how many measures, and whether its prices are assumptions."""
    moved = sum(move.teachers for move in made.moves)
    yuan = yuan_words(float(sum(line.yuan for line in made.lines)))
    assumed = sum(line.measure.assumed for line in made.lines)
    priced = (
        Text("，单价均为假设", ", all prices assumed")
        if assumed == len(made.lines)
        else Text(f"，{assumed}项的单价为假设", f", {assumed} prices assumed")
    )
    priced = priced if assumed else Text("", "")
    goes = Text(f"，另调配教师{moved}人", f"; {moved} teachers are moved") if moved else Text("", "")
    return Text(
        f"费用{yuan.zh}（{len(made.lines)}项措施{priced.zh}）{goes.zh}", f"{yuan.en} ({len(made.lines)} measures{priced.en}){goes.en}"
    )


def _amount(measure: Measure, many: int) -> Text:
    unit = measure.unit_words
    return yuan_words(many) if measure.unit == "yuan" else Text(f"{many:,}{unit.zh}", f"{many:,} {unit.en}")


def _moves(question: Question, chosen: Chosen) -> Iterator[Move]:
    for measure in question.measures:
        if measure.kind != "move":
            continue
        for stage in sorted({at[1] for at in question.targets[measure.id]}):
            out: list[tuple[Target, int]] = [
                (at, n) for (name, at), n in sorted(chosen.leaves.items()) if name == measure.id and at[1] == stage
            ]
            into: list[tuple[Target, int]] = [
                (at, n) for (name, at), n in sorted(chosen.adds.items()) if name == measure.id and at[1] == stage
            ]
            while out and into:
                (giver, has), (taker, lacks) = out[0], into[0]
                many = min(has, lacks)
                yield Move(measure, giver, taker, many)
                out[:1] = [(giver, has - many)] if has > many else []
                into[:1] = [(taker, lacks - many)] if lacks > many else []


def _reason(question: Question, chosen: Chosen, measure: Measure, at: Target) -> Text:
    """Return what the measure serves: every item it changes at the school, from and to, against the limit."""
    zh, en = [], []
    for unit in question.judged.units:
        if unit[: len(at)] != at:
            continue
        for item in question.judged.schools.requirements:
            cell = question.judged.cells.get((unit, item.id))
            if cell is None or not cell.need or measure.id not in {**cell.adds, **cell.adds_own}:
                continue
            after = numerator(question, chosen, unit, item.id, own=False)
            share = [f"{each / cell.need:.0%}" for each in (cell.counted, after)]
            zh.append(f"{item.title.zh}由限值的{share[0]}到{share[1]}")
            en.append(f"{item.title.en} from {share[0]} of the limit to {share[1]}")
    where = unit_name(question, at)
    if not zh:
        return Text(f"{where}：为全县差异系数。", f"{where}: for the coefficient of the county.")
    return Text(f"{where}：{'；'.join(zh)}。", f"{where}: {'; '.join(en)}.")
