"""Numbers and changes of a proposal in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from junheng.errors import Text
from junheng.model import AddRow, Change, Column, County, RemoveRow, Table, allowed, schema
from junheng.planning.declaration import Declaration
from junheng.planning.proposal import Price
from junheng.planning.solve.answers import Amount
from junheng.workflow.numbers import plainly, rounded
from junheng.workflow.views.figures import NOTHING
from junheng.workflow.views.proposals import AmountLine, ChangeLine, PriceLine

_SIGNIFICANT = 4
_SHARE_DECIMALS = 3
_SMALL = Decimal("0.01")  # per cent: a gap below is not told to more decimals
_WHOLE_FROM = 100.0  # larger numbers are told without decimals
_NAMED = ("schools", "villages", "districts", "campuses", "sites", "projects")
_NEW, _GONE = Text("新增", "new"), Text("撤销", "removed")


def number(value: float | Decimal | None) -> str:
    """Return a number to read: thousands set apart, large ones whole, small ones with four significant digits; "" for None or inf."""
    if value is None or not math.isfinite(value):
        return ""
    size = abs(float(value))
    few = size >= _WHOLE_FROM or size == 0
    decimals = 0 if few else min(8, max(0, _SIGNIFICANT - 1 - math.floor(math.log10(size))))
    text = plainly(rounded(value, decimals))
    whole, dot, part = text.partition(".")
    return f"{int(whole):,}{dot}{part}" if whole != "-0" else text


def signed(value: float) -> str:
    """Return a difference with its sign; 0 without."""
    shown = number(value)
    return shown if value <= 0 or not shown else f"+{shown}"


def share(value: float) -> str:
    """Return a gap as a percentage, rounded up: it is never less than it says."""
    if value <= 0:
        return "0 %"
    exact = Decimal(repr(value)) * 100
    decimals = 1 if exact >= 1 else min(_SHARE_DECIMALS, 1 - exact.adjusted())
    return f"{plainly(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_CEILING))} %"


def gap_words(gap: float) -> Text:
    """Return what a gap means, in a sentence without a full stop."""
    if not math.isfinite(gap):
        return Text("尚无已证明的下界，不知道离最优多远", "no bound is proven: how far it is from the best is not known")
    if gap <= 0:
        return Text("已证明：没有更好的方案", "proven: no plan is better")
    if Decimal(repr(gap)) * 100 < _SMALL:
        return Text(f"与理论最优相差不到 {_SMALL} %", f"less than {_SMALL} % from the best possible")
    return Text(f"与理论最优最多相差 {share(gap)}", f"at most {share(gap)} from the best possible")


def with_unit(value: float | None, unit: Text) -> Text:
    """Return a number with its unit."""
    shown = number(value)
    return Text(f"{shown} {unit.zh}".strip(), f"{shown} {unit.en}".strip()) if shown else NOTHING


def amount_lines(amounts: Iterable[Amount], declaration: Declaration) -> tuple[AmountLine, ...]:
    """Return the parts of an objective."""
    return tuple(
        AmountLine(
            title=one.title,
            shown=number(one.amount),
            unit=declaration.unit(one.unit),
            weight_shown=number(one.weight),
            weighs_shown=number(one.amount * one.weight),
            value=one.amount,
        )
        for one in amounts
    )


def price_line(price: Price, declaration: Declaration, objective_unit: Text) -> PriceLine:
    """Return what a rule costs, as a sentence."""
    by = with_unit(price.by, declaration.unit(price.unit))
    saves = with_unit(_roughly(abs(price.saves)), objective_unit)
    if number(abs(price.saves)) == "0":
        sentence = Text(f"放宽{by.zh}，目标值不变", f"relaxed by {by.en}: nothing is saved")
    elif price.saves > 0:
        sentence = Text(f"放宽{by.zh}，目标值减少{saves.zh}", f"relaxed by {by.en}: {saves.en} less")
    else:
        sentence = Text(f"放宽{by.zh}，目标值增加{saves.zh}", f"relaxed by {by.en}: {saves.en} more")
    if not price.proven:
        sentence = Text(f"{sentence.zh}（估计，只适用于小的变动）", f"{sentence.en} (an estimate, for small changes)")
    return PriceLine(rule=price.rule, sentence=sentence, saves_shown=number(price.saves), proven=price.proven)


def _roughly(value: float) -> float:
    """Return a saving as an officer weighs it: whole from ten on, one decimal from one on, two significant digits below."""
    decimals = 0 if value >= 10 else 1 if value >= 1 or value == 0 else 1 - math.floor(math.log10(value))
    return round(value, decimals)


def _names(county: County) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in reversed(_NAMED):
        frame = county.tables[table]
        found |= {str(code): str(name) for code, name in frame.select(frame.columns[0], "name").iter_rows() if name}
    return found


class Names:
    """The names of schools and villages of a County, to stand beside codes."""

    def __init__(self, county: County, words: Mapping[str, Text] | None = None, before: County | None = None) -> None:
        """Look the names up once.

        words: what the codes of a planner's own tables are called; before: the county without the proposal, whose new things are told by
        name alone, as the code is the program's.
        """
        self.words: Mapping[str, Text] = words or {}
        self.of: Mapping[str, str] = _names(county)
        self._new = self.of.keys() - _names(before).keys() if before else frozenset()

    def with_name(self, value: object) -> str:
        """Return a value, with the name it is the code of."""
        if value is None:
            return "—"
        name = self.of.get(str(value))
        if name and value in self._new:
            return name
        return f"{name}（{value}）" if name else str(value)

    def arranged(self, column: str, what: str, words: Mapping[str, Text] = MappingProxyType({})) -> Text:
        """Return what a pin is about as it is read: of a column as table.column/list the code's name and the word of the list."""
        _, _, listed = column.partition("/")
        code, slash, word = what.partition("/")
        if not listed or not slash:
            return self.pinned(what, words)
        said = allowed(listed).get(word, Text(word, word))
        return Text(f"{self.with_name(code)}{said.zh}", f"{self.with_name(code)} {said.en}")

    def pinned(self, what: str, words: Mapping[str, Text] = MappingProxyType({})) -> Text:
        """Return a code or a word of a pin as it is read. words: the planner's own, which go first."""
        return words.get(what) or allowed("place_fate").get(what) or Text(*[self.with_name(what)] * 2)


class Today:
    """What stands in a county today, cell by cell: each table's keys are read once, however many changes ask."""

    def __init__(self, county: County) -> None:
        """Keep the county; nothing is read yet."""
        self._county = county
        self._places: dict[str, dict[tuple[object, ...], int]] = {}

    def value(self, table: str, key: tuple[object, ...], column: str) -> object:
        """Return a cell's value; None where there is none, or no such row."""
        frame = self._county.tables[table]
        if table not in self._places:
            keys = frame.select(schema().tables[table].key).iter_rows()
            self._places[table] = {one: place for place, one in enumerate(keys)}
        place = self._places[table].get(key)
        return None if place is None else frame[column][place]


def change_lines(changes: Iterable[Change], today: Today, names: Names) -> Iterator[ChangeLine]:
    """Yield changes as they are read: table, row, column, value today, value proposed."""
    for change in changes:
        table = schema().tables[change.table]
        if isinstance(change, AddRow):
            key = _key(table, [change.row.get(name) for name in table.key], names)
            columns = [(table.column(name), value) for name, value in change.row.items() if name not in table.key and value is not None]
            told = [(column.label, _said(column, value, names)) for column, value in columns]
            zh = "，".join(f"{label.zh}{said.zh}" for label, said in told)
            en = ", ".join(f"{label.en} {said.en}" for label, said in told)
            yield ChangeLine(table.title, key, NOTHING, NOTHING, Text(f"{_NEW.zh} {zh}".strip(), f"{_NEW.en} {en}".strip()))
            continue
        key = _key(table, change.key, names)
        if isinstance(change, RemoveRow):
            yield ChangeLine(table.title, key, NOTHING, NOTHING, _GONE)
            continue
        column = table.column(change.column)
        before = _said(column, today.value(change.table, tuple(change.key), change.column), names)
        yield ChangeLine(table.title, key, column.label, before, _said(column, change.value, names))


def _key(table: Table, parts: Sequence[object], names: Names) -> Text:
    said = [_said(table.column(name), part, names) for name, part in zip(table.key, parts, strict=True)]
    return Text(" ".join(one.zh for one in said), " ".join(one.en for one in said))


def _said(column: Column, value: object, names: Names) -> Text:
    """Return a cell as it is read: the word of an allowed list, yes or no, an amount without empty decimals, a code with its name."""
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, Decimal | float):
        return Text(*[f"{Decimal(str(value)).normalize():f}"] * 2)
    return column.allowed.get(str(value)) or Text(*[names.with_name(value)] * 2)
