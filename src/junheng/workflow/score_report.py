"""What a form's sheets came to: results side by side in the order of the register, with what each of them hangs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import fmean

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.ledgers.score_form import ScoreForm
from junheng.ledgers.scoring import Outcome, Span, outcome
from junheng.workflow.score_agreement import agreements, raters_apart, subjects_of
from junheng.workflow.score_desk import ScoreDesk
from junheng.workflow.score_held import HeldScores, Scores
from junheng.workflow.score_keep import appeals_of
from junheng.workflow.score_reading import Rating, Sheets, read_sheets
from junheng.workflow.views.figures import Verdict
from junheng.workflow.views.scoring import ScoreBeside, ScoreCell, ScoreItemHead, ScoreLine, ScoreReport

Items = dict[str, float | None]
_MOST = 6  # things that are named in one finding


@dataclass(frozen=True, slots=True)
class Scored:
    """One unit in one round: its items and the scores that stand beside, before any weight."""

    unit: str
    round: str
    day: date | None
    items: Items
    beside: Mapping[str, Items]  # role -> items
    raters: int
    things: int  # that were looked at


def score_report(
    folder: Path,
    name: str,
    files: Sequence[Path] = (),
    *,
    weights: Mapping[str, float] | None = None,
    term: str = "",
    seed: str = "",
    at: datetime | None = None,
) -> ScoreReport:
    """Return what the sheets of a form came to: the files, or those in ledgers/scores/ when none are given.

    weights: of some items, for a what-if beside the result. term: only this round. seed: the announced one of the sample; what was drawn
    and not scored, or scored and not drawn, is then told.
    Raises DataError with every cell that does not fit, StoreError when a file cannot be read.
    """
    desk = ScoreDesk(folder, at)
    form = desk.form(name)
    other = _what_if(form, weights or {})
    findings: list[Finding] = []
    sheets, scored, held = _scored(desk, form, files, findings)
    asked_of = [one for one in sheets.ratings if term in ("", one.round)]
    findings += _against_sample(desk, form, asked_of, seed) if seed and form.sample else []
    asked = [one for one in scored if term in ("", one.round)]
    chosen = [one for one in asked if form.held_only or one.things >= form.least_things]
    return _report(desk, form, sheets, chosen, held, other, (findings, len(asked) - len(chosen)))


def _scored(
    desk: ScoreDesk, form: ScoreForm, files: Sequence[Path], findings: list[Finding]
) -> tuple[Sheets, list[Scored], tuple[tuple[Text, Text], ...]]:
    if form.held_only:
        held = HeldScores(desk, form, lambda name: results_of(desk, name, findings), findings)
        scores = {name: held.scores(item) for name, item in form.items.items()}
        whence = tuple((item.label, held.whence(item)) for item in form.items.values())
        return Sheets((), (), {}, 0, 0), _from_held(desk, form, scores), whence
    chosen = list(files) or desk.sheets(form)
    if not chosen:
        raise DataError(finding("workflow.no_score_sheets", Place(file="ledgers/scores"), Text("没有评分表", "no sheet"), name=form.title))
    sheets = read_sheets(desk, form, chosen, findings)
    if any(one.severity == "error" for one in findings):
        raise DataError(findings)
    return sheets, gather(form, sheets.ratings, desk.units(form)), ()


def _against_sample(desk: ScoreDesk, form: ScoreForm, ratings: Sequence[Rating], seed: str) -> list[Finding]:
    """Return a warning for each round with things that were drawn and not scored, or scored and not drawn: nobody picks his own classes."""
    units = desk.units(form)
    drawn = set(desk.sample(form, seed))
    found = []
    for term in dict.fromkeys(one.round for one in ratings):
        scored = {(one.unit, one.thing) for one in ratings if one.round == term}
        for rule, odd in (("workflow.drawn_not_scored", drawn - scored), ("workflow.scored_not_drawn", scored - drawn)):
            words = "、".join(f"{units[unit]} {thing}" for unit, thing in sorted(odd)[:_MOST])
            more = f"…（共{len(odd)}个）" if len(odd) > _MOST else ""
            found += [finding(rule, Place(file=form.file), f"{words}{more}", term=term, seed=seed)] if odd else []
    return found


def results_of(desk: ScoreDesk, name: str, findings: list[Finding]) -> Scores:
    """Return the result of each unit in another form's latest round, None where it is a span; without sheets nobody has one."""
    form = desk.form(name)
    files = desk.sheets(form)
    if not files:
        return dict.fromkeys(desk.units(form))
    sheets = read_sheets(desk, form, files, findings)
    found: dict[str, float | None] = {}
    for one in gather(form, sheets.ratings, desk.units(form)):
        made = outcome(form, one.items).result
        found[one.unit] = made.low if made and made.known else None
    return found


def _from_held(desk: ScoreDesk, form: ScoreForm, scores: Mapping[str, Scores]) -> list[Scored]:
    found, year = [], desk.room.office.year(None)
    for unit in desk.units(form):
        items = {name: own[unit] for name, own in scores.items() if unit in own}
        found += [Scored(unit, f"{year}学年", desk.room.today, items, {}, 0, 0)] if items else []
    return found


def gather(form: ScoreForm, ratings: Sequence[Rating], units: Mapping[str, str]) -> list[Scored]:
    """Return each unit and round: the mean of all scores of the raters who count, item by item; in the order of the register.

    A unit that is asked an item and has no score of it lacks it; one for which every rater said that it does not apply is without it.
    """
    keys = dict.fromkeys((one.unit, one.round) for one in ratings)
    rounds = _in_time(ratings)
    order = {unit: place for place, unit in enumerate(units)}
    found = []
    for unit, term in sorted(keys, key=lambda key: (order[key[0]], rounds[key[1]])):
        own = [one for one in ratings if (one.unit, one.round) == (unit, term)]
        counted = [one for one in own if form.roles[one.role].counts]
        days = [one.day for one in own if one.day]
        beside = {role: _means(form, unit, [one for one in own if one.role == role]) for role in form.roles if not form.roles[role].counts}
        raters = len({one.rater for one in counted if one.score is not None})
        found.append(
            Scored(unit, term, max(days, default=None), _means(form, unit, counted), beside, raters, len({one.thing for one in counted}))
        )
    return found


def _in_time(ratings: Sequence[Rating]) -> dict[str, tuple[date, str]]:
    """Return where each round stands in time: by its first day, then by its name."""
    found: dict[str, tuple[date, str]] = {}
    for one in ratings:
        found[one.round] = min(found.get(one.round, (date.max, one.round)), (one.day or date.max, one.round))
    return found


def _means(form: ScoreForm, unit: str, ratings: Sequence[Rating]) -> Items:
    items: Items = {}
    for name in form.asked_of(unit):
        own = [one for one in ratings if one.item == name]
        if own and not any(one.applies for one in own):
            continue
        scores = [one.score for one in own if one.score is not None]
        items[name] = fmean(scores) if scores else None
    return items


def _what_if(form: ScoreForm, given: Mapping[str, float]) -> dict[str, float]:
    """Return all weights of a what-if: those given, by item or its label, and the form's own for the rest; {} without any."""
    names = {word: name for name, item in form.items.items() for word in (name, item.label.zh)}
    wrong = [word for word in given if word not in names]
    if wrong:
        known = "、".join(f"{item.name}（{item.label.zh}）" for item in form.items.values())
        raise DataError([finding("ledgers.no_such_value", Place(file=form.file), word, known=known) for word in wrong])
    own = {name: item.weight for name, item in form.items.items()}
    return own | {names[word]: weight for word, weight in given.items()} if given else {}


def _report(
    desk: ScoreDesk,
    form: ScoreForm,
    sheets: Sheets,
    scored: Sequence[Scored],
    held: tuple[tuple[Text, Text], ...],
    other: Mapping[str, float],
    told: tuple[list[Finding], int],
) -> ScoreReport:
    findings, too_few = told
    units = desk.units(form)
    lines: list[ScoreLine] = []
    before: dict[str, Outcome] = {}
    for one in scored:
        made = outcome(form, one.items)
        lines.append(_line(form, one, units[one.unit], (made, before.get(one.unit)), other, sheets.notes.get((one.unit, one.round), ())))
        before[one.unit] = made
    total = sum(item.weight for item in form.items.values())
    return ScoreReport(
        id=form.name,
        title=form.title,
        about=form.about,
        name=desk.room.office.name,
        day=desk.room.today,
        scale=_scale(form),
        weights=_agreed(form),
        change=f"{form.change:g}%",
        sheets=sheets.filled,
        units=len({one.unit for one in scored}),
        items=tuple(
            ScoreItemHead(
                label=item.label,
                group=form.groups.get(item.group, form.units.get(item.unit, Text("", ""))),
                weight=f"{item.weight:g}",
                other=f"{other[name]:g}" if other else "",
                share=f"{100 * item.weight / total:.1f}%",
            )
            for name, item in form.items.items()
        ),
        beside=tuple(role.label for role in form.roles.values() if not role.counts),
        lines=tuple(lines),
        agreement=agreements(form, sheets.ratings, sheets.marks),
        raters=raters_apart(form, sheets.ratings),
        marks=tuple(form.marks.values()),
        subjects=subjects_of(form, sheets.ratings, sheets.marks),
        appeals=appeals_of(desk.room, form),
        days_for_appeal=form.days_for_appeal,
        what_if=_other_words(form, other),
        held=held,
        minutes=form.minutes * sheets.filled,
        too_few=_too_few(form, too_few),
        sparse=any(item.unit for item in form.items.values()),
        public=form.public,
        undecided=sum(line.value is None for line in lines),
        hanging=sum(line.hangs for line in lines),
        findings=tuple(dict.fromkeys(findings)),
    )


def _line(
    form: ScoreForm,
    one: Scored,
    name: str,
    made: tuple[Outcome, Outcome | None],
    other: Mapping[str, float],
    notes: tuple[str, ...],
) -> ScoreLine:
    now, before = made
    grade = next((grade.label for grade in form.grades if grade.name == now.grade), None)
    known = now.result is not None and now.result.known
    return ScoreLine(
        unit=one.unit,
        name=name,
        round=one.round,
        day=one.day,
        cells=tuple(_cell(form, one, item) for item in form.items),
        missing=tuple(form.items[item].label for item in now.missing),
        result=span_words(now.result),
        value=now.result.low if known and now.result else None,
        changed=span_words(now.changed),
        other=span_words(outcome(form, one.items, other).result) if other else "",
        grade=grade or Text("不能判定", "not decided"),
        firm=_firm(now),
        hangs=bool(now.grade) and not now.firm,
        beside=tuple(_beside(form, role, one, items) for role, items in one.beside.items()),
        change=_since(form, now, before),
        raters=one.raters,
        notes=notes,
    )


def _beside(form: ScoreForm, role: str, one: Scored, items: Items) -> ScoreBeside:
    cells = tuple(_cell(form, Scored(one.unit, one.round, one.day, items, {}, 0, 0), item).shown for item in form.items)
    return ScoreBeside(label=form.roles[role].label, result=span_words(outcome(form, items).result), cells=cells)


def _firm(made: Outcome) -> Text:
    if not made.grade:
        return Text("有未评的项目", "items are not scored") if made.missing else Text("—", "—")
    if made.firm:
        return Text("不随权重变", "other weights say the same")
    return Text("随权重而变", "hangs on the weights")


def span_words(span: Span | None) -> str:
    """Return a span as it is shown: "2.4", "1.8—2.6", "—"."""
    if span is None:
        return "—"
    low, high = f"{span.low:.2f}", f"{span.high:.2f}"
    return low if low == high else f"{low}—{high}"


def _cell(form: ScoreForm, one: Scored, item: str) -> ScoreCell:
    if item not in form.asked_of(one.unit) or (item not in one.items):
        return ScoreCell(shown="", value=None, word=Text("不适用", "does not apply"), verdict="not_applicable")
    value = one.items[item]
    if value is None:
        return ScoreCell(shown="未评", value=None, word=Text("未评", "not scored"), verdict="no_data")
    word = next((grade.label for grade in form.grades if value >= grade.at_least), Text("—", "—"))
    return ScoreCell(shown=f"{value:.2f}".rstrip("0").rstrip("."), value=value, word=word, verdict=_verdict(form, value))


def _verdict(form: ScoreForm, value: float) -> Verdict | None:
    """Return the colour of a score: the lowest grade's is told, the others are plain."""
    lowest = len(form.grades) > 1 and value < form.grades[-2].at_least
    return "near" if lowest else None


def _since(form: ScoreForm, now: Outcome, before: Outcome | None) -> Text:
    """Return which items rose or fell by a level or more since the round before."""
    if before is None:
        return Text("", "")
    both = [(name, now.items[name], before.items.get(name)) for name in now.items]
    step = form.step or 1.0
    up = [form.items[name].label for name, new, old in both if new is not None and old is not None and new - old >= step]
    down = [form.items[name].label for name, new, old in both if new is not None and old is not None and old - new >= step]
    parts = [(word, labels) for word, labels in ((Text("改进", "better"), up), (Text("退步", "worse"), down)) if labels]
    zh = "；".join(f"{word.zh}：{'、'.join(one.zh for one in labels)}" for word, labels in parts)
    en = "; ".join(f"{word.en}: {', '.join(one.en for one in labels)}" for word, labels in parts)
    return Text(zh, en) if parts else Text("没有变化", "unchanged")


def _too_few(form: ScoreForm, count: int) -> Text:
    if not count or form.thing is None:
        return Text("", "")
    return Text(
        f"{count}个单位不足{form.least_things}个{form.thing.zh}，不出单位结果，只进入学科反馈",
        f"{count} units with fewer than {form.least_things} have no result of their own",
    )


def _scale(form: ScoreForm) -> Text:
    if form.levels:
        levels = sorted(form.levels.items(), reverse=True)
        return Text(
            "、".join(f"{value:g} {label.zh}" for value, label in levels), ", ".join(f"{value:g} {label.en}" for value, label in levels)
        )
    return Text(f"{form.least:g}—{form.most:g}", f"{form.least:g} to {form.most:g}")


def _agreed(form: ScoreForm) -> Text:
    if form.agreed is None:
        return Text("权重尚未商定，结果只作试算", "the weights are not agreed: a trial only")
    day, by, minutes = form.agreed
    return Text(f"权重由{by}于{day}商定（{minutes}）", f"weights agreed by {by} on {day} ({minutes})")


def _other_words(form: ScoreForm, other: Mapping[str, float]) -> Text:
    changed = [(form.items[name].label, weight) for name, weight in other.items() if weight != form.items[name].weight]
    zh = "、".join(f"{label.zh}{weight:g}" for label, weight in changed)
    return Text(zh, ", ".join(f"{label.en} {weight:g}" for label, weight in changed))
