"""What a planner declares: its options with their bounds, what may be pinned, what it changes; and whether a brief keeps to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Literal

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model import allowed, schema, units
from junheng.model.change import Change, SetValue
from junheng.model.county import County
from junheng.planning.proposal import Brief, Pin, Proposal, Value
from junheng.planning.solve.engine import Limits

_NEAR, _LIKE = 6, 0.7  # codes told of a name; how much alike names are, from 0 to 1
EVERYWHERE = "everywhere"  # a column of `pins`: what is forbidden in the whole county (everywhere=everywhere:word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice that the officer may make."""

    title: Text
    unit: str
    default: Value
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    relax: int | Decimal | None = None  # by how much the option gives way when the price of its rule is asked, with its sign
    always: bool = False  # 0 is a rule as any other number
    needs: str = ""  # the option without which it says nothing
    assumed: str = ""  # the parameter of the standards that 0 stands for; "": 0 means that the rule is not in force
    choices: Mapping[str, Text] = field(default_factory=dict)  # of a text: the words that may be said; empty: any


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a result table, or a number of a certificate."""

    title: Text
    unit: str = ""  # "": a code or a text
    of: str = ""  # for codes: the column as table.column whose codes these are, so that names can stand beside them


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTable:
    """A table that the planner works out beside its steps, e.g. the load of every zone."""

    title: Text
    columns: Mapping[str, Column]
    # where Word prints it: "steps" in place of the list of many steps, "top" its first rows in the body, "notice" as a document of its own,
    # "letters" as one of a page for each thing named in the first column
    paper: Literal["annex", "body", "letters", "notice", "steps", "top", "workbook"] = "annex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map before and after: each place takes the colour of one column."""

    title: Text
    places: Literal["schools", "villages"]  # what is drawn
    table: str  # of the County, looked up before and after; or a result table
    place: str  # the column of `table` that holds the code of the place
    colour: str  # the column of `table` that holds the colour
    before: str = ""  # for a result table: the column that says how it is today
    kind: Literal["category", "amount"] = "category"
    barriers: bool = False  # whether rivers, railways and trunk roads are drawn, as they part what belongs together


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A planner in data: it reads, offers and changes nothing that does not stand here."""

    name: str
    title: Text
    question: Text
    options: Mapping[str, Option]
    pins: Mapping[str, str]  # a column as table.column (or table.column/list: code/word) -> a column of codes, or words as keep|close|#
    changes: frozenset[str]  # table.column for values that are set, table for rows added or removed
    objective: Text
    units: Mapping[str, Text] = field(default_factory=dict)  # of the objective and its parts, where model/schema/units.csv has none
    tables: Mapping[str, ResultTable] = field(default_factory=dict)
    maps: Mapping[str, Map] = field(default_factory=dict)
    numbers: Mapping[str, Column] = field(default_factory=dict)  # of the certificate
    proofs: Mapping[str, ResultTable] = field(default_factory=dict)  # the certificate's tables
    several: frozenset[str] = frozenset()  # columns of `pins` of which one code may be pinned to more than one thing
    limits: Limits | None = None  # of a brief that says nothing of them; None: those of every planner
    words: Mapping[str, Text] = field(default_factory=dict)  # what is pinned or forbidden that is no code: keep, a measure

    def value(self, brief: Brief, name: str) -> Value:
        """Return what the brief says of an option, or its default."""
        return brief.options.get(name, self.options[name].default)

    def unit(self, name: str) -> Text:
        """Return a unit in words; one that nobody declared stands as it is."""
        known = units().get(name)
        return self.units.get(name) or (known.label if known else Text(name, name))


def check_brief(brief: Brief, declaration: Declaration, county: County | None) -> tuple[Finding, ...]:
    """Return everything in a brief that the planner cannot follow: unknown or unlawful options, pins of unknown codes or at odds.

    Without a county codes are not looked up.
    """
    return (*_options(brief, declaration), *_pins(brief, declaration, county), *_at_odds(brief, declaration))


def undeclared(changes: tuple[Change, ...], declaration: Declaration) -> frozenset[str]:
    """Return what changes touch beyond the declaration."""
    touched = {f"{change.table}.{change.column}" if isinstance(change, SetValue) else change.table for change in changes}
    return frozenset(touched - declaration.changes)


def undeclared_results(proposal: Proposal, declaration: Declaration) -> frozenset[str]:
    """Return the result tables and columns that are not declared, and those that are declared and lacking in a table given."""
    proof = proposal.certificate
    pairs: list[tuple[Mapping[str, pl.DataFrame], Mapping[str, ResultTable]]] = [(proposal.tables, declaration.tables)]
    strange = set()
    if proof:
        pairs.append((proof.tables, declaration.proofs))
        strange = set(proof.numbers) - set(declaration.numbers)
    for given, declared in pairs:
        for name, frame in given.items():
            columns = set(declared[name].columns) if name in declared else set()
            strange |= {f"{name}.{column}" for column in columns ^ set(frame.columns)}
    return frozenset(strange)


def _options(brief: Brief, declaration: Declaration) -> Iterator[Finding]:
    for name, value in brief.options.items():
        option, place = declaration.options.get(name), Place(column=name)
        if option is None:
            yield finding("planning.unknown_option", place, name, options=", ".join(declaration.options))
        elif not _fits(value, option):
            yield finding("planning.bad_option", place, str(value), kind=_kind(option), bounds=_bounds(option, declaration))


def _fits(value: Value, option: Option) -> bool:
    if isinstance(option.default, bool | str):
        return type(value) is type(option.default) and (not option.choices or value in option.choices)
    if isinstance(value, bool | str) or (isinstance(option.default, int) and not isinstance(value, int)):
        return False
    return (option.least is None or value >= option.least) and (option.most is None or value <= option.most)


def _kind(option: Option) -> Text:
    if option.choices:
        zh, en = (
            [f"{word}（{said.zh}）" for word, said in option.choices.items()],
            [f"{word} ({said.en})" for word, said in option.choices.items()],
        )
        return Text("、".join(zh), ", ".join(en))
    words = {bool: Text("是或否", "true or false"), int: Text("整数", "a whole number"), str: Text("文字", "a text")}
    return words.get(type(option.default), Text("数", "a number"))


def _bounds(option: Option, declaration: Declaration) -> Text:
    """Return the bounds of an option with its unit, as they follow its kind; nothing for what has none, as a text or a choice."""
    if option.choices or isinstance(option.default, bool | str):
        return Text("", "")
    unit = declaration.unit(option.unit) if option.unit != "1" else Text("", "")
    if option.least is None and option.most is None:
        return Text(f"（{unit.zh}）", f" ({unit.en})") if unit.zh else unit
    least, most = ("" if bound is None else str(bound) for bound in (option.least, option.most))
    if least and most:
        return Text(f"，{least}至{most}{unit.zh}", f", {least} to {most} {unit.en}".rstrip())
    return (
        Text(f"，至少{least}{unit.zh}", f", {least} {unit.en} at least")
        if least
        else Text(f"，至多{most}{unit.zh}", f", {most} {unit.en} at most")
    )


def _pins(brief: Brief, declaration: Declaration, county: County | None) -> Iterator[Finding]:
    for pin in (*brief.pins, *brief.forbids):
        (column, code), place = pin.what, Place(column=pin.what[0], key=(pin.what[1],))
        if column not in declaration.pins:
            yield finding("planning.pin_not_offered", place, column, columns=", ".join(declaration.pins))
            continue
        for where, what in ((column, code), (declaration.pins[column], pin.to)):
            if county and not _is_code(county, where, what):
                called, near = _called(where, declaration), _near(county, where, what)
                yield finding("planning.pin_of_unknown_code", place, what, column=Text(f"{called.zh}{near.zh}", f"{called.en}{near.en}"))


def codes_named(county: County, column: str, name: str, *, alike: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the codes, each with its name, that have this name in the tables of a column of `pins`. alike: or one much like it."""
    found: dict[str, str] = {}
    for part in column.split("|"):
        table, dot, code = part.partition("/")[0].partition(".")
        if not dot or "name" not in county.tables[table].columns:
            continue
        names = county.tables[table].select(code, "name").drop_nulls()
        wanted = {name, *get_close_matches(name, names["name"].to_list(), _NEAR, _LIKE)} if alike else {name}
        found |= {str(one): str(its) for one, its in names.iter_rows() if its in wanted or (alike and name in its)}
    return tuple(found.items())


def _near(county: County, column: str, what: str) -> Text:
    """Return the codes of what has such a name, where a name stands in place of a code; nothing where nothing has."""
    held = codes_named(county, column, what) or codes_named(county, column, what, alike=True)
    if not held:
        return Text("", "")
    zh = "、".join(f"{name} {code}" for code, name in held[:_NEAR])
    return Text(f"；名称相符的：{zh}", f"; of that name: {zh}")


def _called(column: str, declaration: Declaration) -> Text:
    """Return in words what may be pinned: the title of a table, that of a list behind it, and the planner's words."""
    zh, en = [], []
    for part in column.split("|"):
        code, _, listed = part.partition("/")
        table, dot, _ = code.partition(".")
        if dot:
            title = schema().tables[table].title
            zh.append(f"“{title.zh}”表中已有的代码{'（加斜线和所列的词）' if listed else ''}")
            en.append(f"a code of the table {table}{' (with / and a word listed)' if listed else ''}")
        elif part == "#":
            zh.append("一个整数")
            en.append("a whole number")
        else:
            word = declaration.words.get(part) or allowed("place_fate").get(part)
            zh.append(f"{part}（{word.zh}）" if word else part)
            en.append(f"{part} ({word.en})" if word else part)
    return Text("、".join(zh), ", ".join(en))


def _is_code(county: County, column: str, what: str) -> bool:
    """Return whether a column as table.column has a code, or words as keep|# a word; # is any whole number; both as table.column|word.

    Of table.column/list the code is followed by a word of the list of allowed words, as 2162000001/chinese.
    """
    if "." in column and "|" in column:
        return any(_is_code(county, part, what) for part in column.split("|"))
    if "." not in column:
        words = column.split("|")
        return what in words or ("#" in words and what.isdecimal())
    of, slash, words_of = column.partition("/")
    code, _, word = what.partition("/") if slash else (what, "", "")
    table, name = of.split(".")
    return code in set(county.tables[table][name].to_list()) and (not slash or word in allowed(words_of))


def _at_odds(brief: Brief, declaration: Declaration) -> Iterator[Finding]:
    pinned: dict[tuple[str, str], Pin] = {}
    for pin in brief.pins:
        first = pinned.setdefault(pin.what, pin)
        if first.to != pin.to and pin.what[0] not in declaration.several:
            yield finding("planning.pinned_twice", Place(column=pin.what[0], key=(pin.what[1],)), f"{first.to}, {pin.to}")
    for forbid in brief.forbids:
        if forbid in brief.pins or (forbid.what[0] == EVERYWHERE and any(pin.to == forbid.to for pin in brief.pins)):
            yield finding("planning.pin_against_forbid", Place(column=forbid.what[0], key=(forbid.what[1],)), forbid.to)
