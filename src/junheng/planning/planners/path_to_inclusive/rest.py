"""What the judge still holds open when the plan is done: items without a number, items that fail, kindergartens without data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from junheng.errors import Text
from junheng.indicators import Scorecard, evaluate
from junheng.model.change import Change, apply
from junheng.planning.planners.path_to_inclusive.choose import Chosen, met
from junheng.planning.planners.path_to_inclusive.question import NEW, Question
from junheng.planning.planners.path_to_inclusive.unable import Unable
from junheng.planning.proposal import Step
from junheng.standards.framework import Framework, Requirement
from junheng.standards.rulebook import Rulebook

STILL_OPEN = ("missed", "partly", "near", "no_data", "needs_evidence")
_NAMED = 5  # kindergartens that a sentence names
_NO_DATA = Text("计算它的数据不全", "figures that it is worked out from are lacking")
_NEEDS = Text("没有可算的数，须由县里提交佐证材料", "it has no number: the county must send its evidence")
WORDS = {
    "open.missed": Text("县自评未达标", "missed by the county's own sheet"),
    "open.partly": Text("县自评基本合格", "partly met by the county's own sheet"),
    "open.near": Text("接近", "near"),
    "open.no_data": Text("缺数据", "no data"),
    "open.needs_evidence": Text("待佐证", "needs evidence"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An item of the judge that is not met when the plan is done."""

    item: str
    title: Text
    verdict: str  # one of STILL_OPEN
    number: bool  # whether it has a number
    why: Text

    @property
    def word(self) -> str:
        """Return the code of what the tables call the finding."""
        return self.verdict if self.number and self.verdict == "missed" else f"open.{self.verdict}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What stays open, and what the judge says of the whole when the plan is done: met, missed or not_decided."""

    items: tuple[Open, ...]
    whole: str


def judged(framework: Framework, card: Scorecard) -> Iterator[tuple[Requirement, dict[str, Any]]]:
    """Yield the requirements of the county as a whole that are not met, in the order of the framework, each with the judge's row."""
    rows = card.items.filter(pl.col("school").is_null() & pl.col("verdict").is_in(STILL_OPEN))
    by_id = {row["requirement"]: row for row in rows.iter_rows(named=True)}
    for part in framework.parts:
        for each in part.requirements if part.each == () else ():
            if each.id in by_id:
                yield each, by_id[each.id]


def rest(
    question: Question, rules: Rulebook, framework: Framework, chosen: Chosen, unable: Sequence[Unable], changes: tuple[Change, ...]
) -> Rest:
    """Return what the judge, asked for the whole framework, holds open in the County that the plan makes."""
    card = evaluate(apply(question.today, changes), framework, rules)
    cannot = {one.item: one.why for one in unable if not one.school}
    made = []
    for each, row in judged(framework, card):
        why = _evidence(question, chosen, each, row) if each.indicator is None else cannot.get(each.indicator, _NO_DATA)
        made.append(
            Open(item=each.indicator or each.id, title=each.title, verdict=row["verdict"], number=each.indicator is not None, why=why)
        )
    return Rest(items=tuple(made), whole=card.whole["verdict"][0])


def _evidence(question: Question, chosen: Chosen, item: Requirement, row: Mapping[str, Any]) -> Text:
    """Return on what an item without a number rests, what the plan does for it, and which kindergartens lack data."""
    document = row["document"]
    said = Text(f"由县里自评，依据“{document}”", f"the county's own finding, by “{document}”") if document else _NEEDS
    asked = {each.id: each.title for each in question.conditions if each.indicator in item.shows}
    asked |= {NEW: question.titles[NEW]} if any(each.startswith("preschool.new_building") for each in item.shows) else {}
    if not asked:
        return said
    zh, en = [said.zh], [said.en]
    held = [(asked[each.id], met(question, chosen, each), len(each.among)) for each in question.shares if each.id in asked]
    if held:
        zh.append("方案之后达到的园：" + "、".join(f"{title.zh}{many}/{of}所" for title, many, of in held))
        en.append("kindergartens that meet it with the plan: " + ", ".join(f"{title.en} {many} of {of}" for title, many, of in held))
    lacking = without_data(question, frozenset(asked))
    if lacking:
        names = named(lacking)
        zh.append(f"{names.zh}数据不全，未判定")
        en.append(f"not decided for lack of data: {names.en}")
    return Text("；".join([*zh, "此外的内容没有可算的数"]), "; ".join([*en, "what else it asks has no number"]))


def without_data(question: Question, items: frozenset[str] | None = None) -> tuple[str, ...]:
    """Return the names of the kindergartens of which conditions (None: any) cannot be decided, in the order of their codes."""
    schools = {school for item, school in question.undecided if school and (items is None or item in items)}
    return tuple(each.name for each in question.gardens if each.school in schools)


def named(names: Sequence[str]) -> Text:
    """Return names as a list, the first few of them where they are many."""
    if len(names) <= _NAMED:
        return Text("、".join(names), ", ".join(names))
    first = names[:_NAMED]
    return Text(f"{'、'.join(first)}等{len(names)}所", f"{', '.join(first)} and {len(names) - _NAMED} more")


def headline(question: Question, chosen: Chosen, steps: Sequence[Step]) -> Text | None:
    """Return what the plan costs and how many of the items that have a number pass with it; nothing where there is no step."""
    if not steps:
        return None
    yuan = sum((step.yuan for step in steps if step.yuan is not None), Decimal(0))  # what teachers that move weigh is no money
    passes = _passing(question, chosen)
    return Text(f"费用{yuan:,.0f}元（{len(steps)}步），{passes.zh}", f"{yuan:,.0f} yuan ({len(steps)} steps): {passes.en}")


def _passing(question: Question, chosen: Chosen) -> Text:
    of = len(question.items)
    passing = sum(item.left(chosen.more(question, item)) >= 0 for item in question.items)
    if passing < of:
        return Text(f"可算的{of}项中{passing}项达标", f"{passing} of the {of} items that have a number pass")
    return Text(f"可算的{of}项全部达标", f"all {of} items that have a number pass")


def note(question: Question, chosen: Chosen, left: Rest, steps: Sequence[Step]) -> Text | None:
    """Return what the plan leaves undone: what no measure can do, what rests on the county's own evidence, where data lack."""
    said = [*_left_out(question), *_others(left), *_lacking(question), *_whole(left)]
    said = said if steps or not said else [_passing(question, chosen), *said]
    return Text("；".join(each.zh for each in said), "; ".join(each.en for each in said)) if said else None


def _left_out(question: Question) -> Iterator[Text]:
    items = len(question.left_out)
    gardens = named([question.gardens[place].name for place in sorted({place for _, place in question.unable})])
    zh = [*([f"{items}项条目"] if items else []), *([f"{gardens.zh}的有些条件"] if gardens.zh else [])]
    en = [*([f"{items} item(s)"] if items else []), *([f"some conditions of {gardens.en}"] if gardens.en else [])]
    if zh:
        yield Text(
            f"{'和'.join(zh)}用现有措施达不到，未列入方案，原因逐条列出",
            f"{' and '.join(en)} cannot be met by any measure and are left out, with reasons",
        )


def _others(left: Rest) -> Iterator[Text]:
    """Yield how many items the plan does not decide; those that the county's own sheet finds wanting by their titles."""
    open_ = [each for each in left.items if not each.number or each.verdict == "no_data"]
    zh, en = [], []
    for verdict in STILL_OPEN:
        mine = [each for each in open_ if each.verdict == verdict]
        titled = Text("、".join(each.title.zh for each in mine), ", ".join(each.title.en for each in mine))
        by_name = bool(mine) and verdict != "needs_evidence" and len(mine) <= _NAMED
        word = WORDS[f"open.{verdict}"]
        if mine:
            zh.append(f"{word.zh}{len(mine)}项" + (f"（{titled.zh}）" if by_name else ""))
            en.append(f"{len(mine)} {word.en}" + (f" ({titled.en})" if by_name else ""))
    if open_:
        yield Text(
            f"其余{len(open_)}项须由县里自评佐证或补数据，本方案未能判定：{'，'.join(zh)}",
            f"{len(open_)} other item(s) rest on the county's own evidence or lack data, and no plan decides them: {', '.join(en)}",
        )


def _lacking(question: Question) -> Iterator[Text]:
    names = without_data(question)
    if names:
        said = named(names)
        yield Text(f"{said.zh}数据不全，各园条件未判定", f"conditions not decided for lack of data: {said.en}")


def _whole(left: Rest) -> Iterator[Text]:
    if left.whole == "missed":
        yield Text("因此整体仍为未达标", "the whole is therefore still not met")
    elif left.whole == "not_decided":
        yield Text("因此整体尚不能判定", "the whole is therefore not decided yet")
