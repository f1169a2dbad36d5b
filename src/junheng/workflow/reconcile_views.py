"""What came of a roster, as views: counts, groups, sentences, the exceptions line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from junheng.coverage import OPEN, STANDINGS, Reconciliation, Roster, Side, sentence
from junheng.errors import Finding, Text
from junheng.model import schema, units
from junheng.workflow.ledger_room import Room
from junheng.workflow.views.coverage import RosterGroup, RosterLine, RosterResult, RosterStanding

RHYTHM: Mapping[str, Text] = {
    "monthly": Text("每月", "monthly"),
    "quarterly": Text("每季", "quarterly"),
    "termly": Text("每学期", "each term"),
    "yearly": Text("每年", "yearly"),
}
_UNTOLD = Text("缺少名单或数据，不能下结论", "a list or table is absent: nothing can be said")
_DOUBLED, _WRONG, _OVER = Text("重复", "doubled"), Text("不在应办名单", "not on the list"), Text("多发", "too much")


def standing_of(roster: Roster, made: Reconciliation | None, findings: Sequence[Finding], day: date, room: Room) -> RosterStanding:
    """Return a roster in counts."""
    counts = made.counts if made else None
    return RosterStanding(
        id=roster.id,
        title=roster.title,
        about=roster.about,
        of=roster.of,
        as_of=day,
        owner=roster.owner,
        rhythm=RHYTHM[roster.rhythm],
        names=roster.names,
        should=counts.should if counts else None,
        verified=counts.verified if counts else None,
        claimed=counts.claimed if counts else None,
        missing=counts.open if counts else None,
        short=counts.short if counts else 0,
        excused=counts.excused if counts else 0,
        undecided=counts.undecided if counts else 0,
        untold=counts.untold if counts else 0,
        doubled=counts.doubled if counts else 0,
        wrong=counts.wrong if counts else 0,
        over=counts.over if counts else 0,
        complete=made.complete if made else False,
        sentence=sentence(made) if made else _UNTOLD,
        amounts=_amounts(made) if made else (),
        groups=_groups(made, room) if made else (),
        findings=tuple(findings),
    )


def _amounts(made: Reconciliation) -> tuple[tuple[Text, str], ...]:
    if made.roster.amounts is None:
        return ()
    unit = units()[made.roster.amounts.unit].label
    told = made.lines.filter(pl.col("due").is_not_null() & ~pl.col("due").is_nan()).with_columns(pl.col("paid").fill_null(0.0))
    short = told.select((pl.col("due") - pl.col("paid")).clip(lower_bound=0).sum()).item()
    over = told.select((pl.col("paid") - pl.col("due")).clip(lower_bound=0).sum()).item()
    names = (Text("应", "due"), Text("实", "given"), Text("差", "lacking"), Text("多", "too much"))
    values = (told["due"].sum(), told["paid"].sum(), short, over)
    return tuple(
        (Text(f"{name.zh}（{unit.zh}）", f"{name.en} ({unit.en})"), f"{value:,.0f}") for name, value in zip(names, values, strict=True)
    )


def _groups(made: Reconciliation, room: Room) -> tuple[RosterGroup, ...]:
    if not made.roster.groups:
        return ()
    named = {subject.code: subject.name for subject in room.subjects("schools")} if made.roster.groups == made.roster.subject else {}
    labels = _labels(made.roster)
    counted = made.lines.group_by("of_group", maintain_order=True).agg(
        pl.len().alias("should"), *(pl.col("standing").is_in(names).sum().alias(name) for name, names in _PARTS.items())
    )
    return tuple(
        RosterGroup(
            name=named.get(row["of_group"], labels.get(row["of_group"], row["of_group"] or "—")),
            should=row["should"],
            verified=row["verified"],
            claimed=row["claimed"],
            missing=row["missing"],
            other=row["other"],
        )
        for row in counted.iter_rows(named=True)
    )


_PARTS: Mapping[str, tuple[str, ...]] = {
    "verified": ("verified",),
    "claimed": ("claimed",),
    "missing": OPEN,
    "other": ("excused", "undecided", "untold"),
}


def _labels(roster: Roster) -> dict[str, str]:
    """Return the labels of the codes by which lines are grouped, where the schema has them."""
    if roster.should.sort != "table" or roster.groups not in schema().tables[roster.should.name].names:
        return {}
    return {code: label.zh for code, label in schema().tables[roster.should.name].column(roster.groups).allowed.items()}


def result_of(
    standing: RosterStanding,
    made: Reconciliation,
    sides: Sequence[Side | None],
    room: Room,
    records: Mapping[str, tuple[str, date | None]],
    *,
    names: bool,
) -> RosterResult:
    """Return a roster opened. records: number and due day of each line's record, by key; names: whether lines of persons are shown."""
    roster = made.roster
    seen = names or not roster.guarded
    should = sides[0]
    assert should is not None
    heads = tuple(_head(roster, name) for name in roster.shows)
    order = {name: number for number, name in enumerate(STANDINGS)}
    exceptions = made.of(*(name for name in STANDINGS if name != "verified")).sort(
        pl.col("standing").replace_strict(order, return_dtype=pl.Int64), maintain_order=True
    )
    over = made.lines.filter(pl.col("paid").fill_null(0.0) > pl.col("due") + 0.005)
    lines = [_line(row, made, should, room, records) for row in exceptions.iter_rows(named=True)] if seen else []
    by_row = {row["row"]: row for row in made.lines.iter_rows(named=True)}
    doubled = [
        _apart(by_row[row["row"]], made, sides[row["source"] + 1], row["did_row"], room, _DOUBLED)
        for row in made.doubled.iter_rows(named=True)
    ]
    lines += [_apart(row, made, should, row["row"], room, _OVER) for row in over.iter_rows(named=True)] if seen else []
    return RosterResult(
        standing=standing,
        heads=heads,
        lines=tuple(lines),
        doubled=tuple(doubled) if seen else (),
        wrong=tuple(_outside(row, made, sides, room) for row in made.wrong.iter_rows(named=True)) if seen else (),
        hidden=not seen and bool(exceptions.height),
        covered=made.counts.verified,
        register=_register(made, sides, room, records) if roster.whole and seen else (),
        register_title=roster.whole,
    )


def _register(
    made: Reconciliation, sides: Sequence[Side | None], room: Room, records: Mapping[str, tuple[str, date | None]]
) -> tuple[RosterLine, ...]:
    """Return every line of the list with what shows that it is covered: the list and the row in it."""
    should = sides[0]
    assert should is not None
    found = []
    for row in made.lines.iter_rows(named=True):
        line, at = _line(row, made, should, room, records), row["by_source"]
        side = None if at is None else sides[at + 1]
        if side is not None:
            title, number = made.roster.did[at].title, side.number(row["by_row"])
            line = replace(line, detail=Text(f"见{title.zh}第{number}行", f"{title.en}, row {number}"))
        found.append(line)
    return tuple(found)


def _head(roster: Roster, name: str) -> Text:
    column = roster.should.columns.get(name)
    if column is None and roster.should.sort == "table":
        table = schema().tables[roster.should.name]
        return table.column(name).label if name in table.names else _EACH.get(name, Text(name, name))
    return column.label if column else _EACH.get(name, Text(name, name))


_EACH = {
    "garden": Text("园", "garden"),
    "weekday": Text("星期", "weekday"),
    "topic": Text("专题", "topic"),
    "document": Text("文件", "document"),
    "part": Text("环节", "part"),
    "item": Text("条件", "item"),
    "post": Text("岗位", "post"),
    "right": Text("待遇", "right"),
}


def _line(
    row: Mapping[str, object], made: Reconciliation, should: Side, room: Room, records: Mapping[str, tuple[str, date | None]]
) -> RosterLine:
    number, due = records.get(str(row["line"]), ("", None))
    standing = str(row["standing"])
    if due is None and standing in OPEN:
        due = made.day + timedelta(days=made.roster.due_days)
    return RosterLine(
        number=should.number(int(str(row["row"]))),
        record=number,
        subject=school_name(room, row["of_school"]),
        shown=_shown(row, made.roster),
        standing=standing,
        word=next(text for name, text in STANDINGS.items() if name == standing),
        detail=_detail(row, made),
        reason=str(row["reason"] or ""),
        due=due,
    )


def _shown(row: Mapping[str, object], roster: Roster) -> tuple[str, ...]:
    """Return what a line shows, codes of the County by their labels."""
    table = schema().tables[roster.should.name] if roster.should.sort == "table" else None
    labels = {name: table.column(name).allowed for name in roster.shows if table and name in table.names}
    return tuple(_text(row.get(name), labels.get(name, {})) for name in roster.shows)


def _text(value: object, labels: Mapping[str, Text]) -> str:
    text = "" if value is None else str(value).removesuffix(".0")
    return labels[text].zh if text in labels else text


def school_name(room: Room, code: object) -> str:
    """Return the name of a school or a campus by its code."""
    return _places(room).get(str(code), str(code)) if code else ""


def _places(room: Room) -> dict[str, str]:
    held = room.county.tables if room.county else {}
    return {one.code: one.name for table in ("campuses", "schools") if table in held for one in room.subjects(table)}


def _detail(row: Mapping[str, object], made: Reconciliation) -> Text:
    """Return how much is lacking: of an amount, or of times."""
    due, paid = row["due"], row["paid"]
    if isinstance(due, float) and due == due:
        given = float(str(paid or 0))
        gap, word = abs(due - given), Text("差", "lacking") if given < due else Text("多", "too much")
        told = Text(f"，{word.zh}{_amount(gap)}", f", {word.en} {_amount(gap)}") if gap else Text("", "")
        return Text(f"应{_amount(due)}，实{_amount(given)}{told.zh}", f"due {_amount(due)}, given {_amount(given)}{told.en}")
    wanted, amount = float(str(row["wanted"])), float(str(row["amount"] or 0))
    if wanted == 1 and not made.roster.least.total:
        return Text("", "")
    return Text(f"应{wanted:g}，已{amount:g}", f"{amount:g} of {wanted:g}")


def _amount(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _apart(row: Mapping[str, object], made: Reconciliation, side: Side | None, at: int, room: Room, word: Text) -> RosterLine:
    assert side is not None
    return RosterLine(
        number=side.number(at),
        record="",
        subject=school_name(room, row["of_school"]),
        shown=_shown(row, made.roster),
        standing="over" if word is _OVER else "doubled",
        word=word,
        detail=_detail(row, made),
        reason="",
        due=None,
    )


def _outside(row: Mapping[str, object], made: Reconciliation, sides: Sequence[Side | None], room: Room) -> RosterLine:
    """Return a did line of nobody on the list, shown by the columns that it shares with the list."""
    side = sides[int(str(row["source"])) + 1]
    assert side is not None
    at = int(str(row["did_row"]))
    held = side.frame.row(at, named=True)
    why = next((one.title for one in made.roster.outside if one.id == row["why"]), _WRONG)
    return RosterLine(
        number=side.number(at),
        record="",
        subject=school_name(room, held.get(made.roster.subject)) if made.roster.subject in held else "",
        shown=_shown(held, made.roster),
        standing="wrong",
        word=_WRONG,
        detail=why,
        reason="",
        due=None,
    )
