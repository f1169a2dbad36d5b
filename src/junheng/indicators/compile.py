"""A framework's indicators to one SQL statement, the same text for DuckDB and for Spark.

    derived tables → block (one grouped select a relation, grain and filter) → measured (missing is not zero) → judged → long

Verdicts compare exactly: numerator × scale against limit × denominator in DECIMAL, with casts that hold on both engines (22 + 15 + 1 = 38
digits). The statement answers with a code, so that a nation's rows stay narrow: see CODES and `by_concession`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from junheng.indicators.ask import Ask, Block, Measured, Option, placeholders
from junheng.indicators.expression import Node, column_of, names, replaced, row_missing, text_of
from junheng.indicators.indicator import Fragment, Indicator
from junheng.indicators.indicator_file import none_where_empty
from junheng.indicators.language import LimitKind, read
from junheng.indicators.limits import Easement, LimitColumn, plain, unjudged
from junheng.indicators.relation import chain, relations
from junheng.indicators.statement import Statement
from junheng.indicators.statistic import statistics_of
from junheng.standards import Requirement

AMOUNT = "decimal(22, 8)"
SIGNS: Mapping[str, str] = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<", "equals": "="}

NOT_ASKED = -1
CODES: Mapping[int, str] = {0: "no_data", 1: "met", 2: "partly", 3: "near", 4: "missed", 5: "not_applicable"}
NONE = 5
CLOSE = 9  # a statistic too near its limit for floating point: decided again with fractions
CONCESSION = 100  # 100 + number of the easement by which it is met
NEAR_BY_CONCESSION = 10000  # 10000 + number of the easement by which it keeps the floor

LONG = ("ask", "county", "school", "stage", "num", "den", "weight", "missing", "bound", "code", "value", "population")


def compiled(blocks: Sequence[Block], limits: Mapping[str, LimitKind]) -> Statement:
    """Return the one statement of these blocks; its rows have the columns of LONG."""
    writers = [_Writer(block, limits) for block in blocks]
    expressions = [expression for writer in writers for expression in writer.expressions()]
    needed: dict[str, set[str]] = {}
    for writer in writers:
        needed.setdefault(writer.source, set()).update(writer.columns)
    before = chain(needed)
    columns = [column for writer in writers for column in writer.limits]
    columns += [plain(name, limits[name].by) for name in before.limits]
    longs = "\nunion all\n".join(f"select {', '.join(LONG)} from {name}" for name, _ in expressions if name.startswith("long_"))  # noqa: S608
    tables = tuple(sorted({*before.tables, *(w.source.removeprefix("returned_") for w in writers if w.source.startswith("returned_"))}))
    if not longs:
        longs = f"select {_NOTHING} where false"
    return Statement((*before.expressions, *expressions), longs, tables, tuple(dict.fromkeys(columns)))


_NOTHING = (
    "cast(null as string) as ask, cast(null as string) as county, cast(null as string) as school, cast(null as string) as stage, "
    f"cast(null as {AMOUNT}) as num, cast(null as {AMOUNT}) as den, cast(null as {AMOUNT}) as weight, cast(null as bigint) as missing, "
    "cast(null as decimal(15, 8)) as bound, cast(null as int) as code, cast(null as double) as value, cast(null as bigint) as population"
)


class _Writer:
    """The expressions of one block. What they read of the relation and of the limits is noted on the way."""

    def __init__(self, block: Block, limits: Mapping[str, LimitKind]) -> None:
        self.block = block
        self.kinds = limits
        self.relation = relations()[block.source_table]
        self.source = self.relation.source
        self.keys = ("county", *block.per)
        self.columns: set[str] = set(self.keys)
        self.limits: list[LimitColumn] = []
        self.selectors = tuple(dict.fromkeys(by for by in self._limit_selectors() if by not in ("none", *block.per)))
        self.groups = tuple(dict.fromkeys(s.between.column for s in block.statistics.values() if s.between))
        self.columns |= {*self.selectors, *self.groups}

    def _limit_selectors(self) -> Iterator[str]:
        for ask, _, _ in self.block.judged:
            if ask.requirement:
                yield from (self.kinds[name].by for name in (ask.requirement.parameter, ask.requirement.partly) if name)

    def expressions(self) -> list[tuple[str, str]]:
        """Return the block's named expressions in order; those called long_… carry the answer."""
        index = self.block.index
        block = self._block()  # first: it notes which limits stand inside the formulas
        none = self._none_at_all() if self.block.of_which else []  # before the rows are written, for the same reason
        found = [(f"rows_{index}", self._rows()), (f"block_{index}", block), (f"measured_{index}", self._measured()), *none]
        if self.block.judged:
            found += [(f"judged_{index}", self._judged()), (f"long_{index}", self._long())]
        if self.block.asked_statistics:
            found += statistics_of(self.block, self.keys, self.groups, self.kinds, self.limits)
        return found

    # ── rows and groups ──

    def _rows(self) -> str:
        inside = tuple(dict.fromkeys(column for column in self._inside))
        joins, columns = _joins(inside, "t")
        return f"select t.*{''.join(', ' + column for column in columns)}\nfrom {self.source} as t{joins}"

    def _block(self) -> str:
        self._inside: list[LimitColumn] = []
        where = ""
        if self.block.filter:
            where = f"\nwhere ({self._text(self.block.filter.node)}) is not false"
        one_row = self._one_row
        columns = [*self.keys, *((name if one_row else f"max({name}) as {name}") for name in (*self.selectors, *self.groups))]
        for measured in self.block.measured.values():
            columns += self._measure(measured)
        for easement in self.block.conditions.values():
            holds = f"case when {self._condition(easement)} then 1 else 0 end"
            columns.append(f"{holds if one_row else f'min({holds})'} as holds_{easement.nth}")
        if one_row:
            return f"select {', '.join(columns)}\nfrom rows_{self.block.index}{where}"
        return f"select {', '.join(columns)}\nfrom rows_{self.block.index}{where}\ngroup by {', '.join(self.keys)}"

    @property
    def _one_row(self) -> bool:
        """Return whether each group is one row of the relation: then nothing is grouped again."""
        return bool(self.relation.grain) and self.block.per == self.relation.grain  # no grain: several rows, the county's included

    def _measure(self, measured: Measured) -> Iterator[str]:
        indicator, index = measured.indicator, measured.index
        over, under, weight = (self._tree(part.node if part else None, measured) for part in _parts(indicator))
        unknown = [row_missing(*(node for node in (over, under, weight) if node))]
        if self.block.filter:
            unknown.append(f"(({self._text(self.block.filter.node)}) is null)")
        lacks = " or ".join(part for part in unknown if part)
        mask = f"({lacks}) is not true" if lacks and indicator.missing == "skip" else ""
        for name, tree in (("n", over), ("d", under), ("w", weight)):
            yield f"{text_of(tree, mask, one_row=self._one_row) if tree else '1'} as {name}_{index}"
        counted = f"case when {lacks} then 1 else 0 end" if self._one_row else f"count(case when {lacks} then 1 end)"
        yield f"{counted if lacks else '0'} as x_{index}"

    def _tree(self, node: Node | None, measured: Measured) -> Node | None:
        if node is None:
            return None
        self._note(node)
        node = none_where_empty(measured.indicator, node)
        if measured.easement is None:
            return node
        return replaced(node, lambda found: self._relaxed(found, measured.easement))

    def _relaxed(self, found: Node, easement: Easement | None) -> Node | None:
        if easement is None or found.op != "limit" or found.text != easement.parameter:
            return None
        column = self._eased(easement)
        self._inside.append(column)
        own = column_of(found.text)
        return Node("raw", (), f"case when {self._condition(easement)} then coalesce({column.name}, {own}) else {own} end")

    def _eased(self, easement: Easement) -> LimitColumn:
        column = LimitColumn(f"e_{easement.nth}", easement.parameter, self.kinds[easement.parameter].by, None, easement)
        self.limits.append(column)
        return column

    def _condition(self, easement: Easement) -> str:
        node, _ = read(easement.when, self.relation, self.kinds, aggregate=False)
        assert node is not None
        node = replaced(node, lambda n: Node("column", (), self.relation.fact(n.text) or n.text) if n.op == "column" else None)
        self._note(node)
        return text_of(node)

    def _text(self, node: Node) -> str:
        self._note(node)
        return text_of(node)

    def _note(self, node: Node) -> None:
        """Note the columns and the limits that a tree reads."""
        self.columns |= set(names(node, "column"))
        found = [plain(name, self.kinds[name].by) for name in names(node, "limit")]
        self._inside += found
        self.limits += found
        self.columns |= {column.by for column in self._inside if column.by != "none"}

    # ── values and verdicts ──

    def _measured(self) -> str:
        columns = [*self.keys, *self.selectors, *self.groups]
        columns += [f"holds_{index}" for index in self.block.conditions]
        for measured in self.block.measured.values():
            known = "" if measured.indicator.missing == "skip" else f"x_{measured.index} = 0"
            for name in (f"n_{measured.index}", f"d_{measured.index}", f"w_{measured.index}"):
                value = f"cast({name} as {AMOUNT})"
                columns.append(f"case when {known} then {value} end as {name}" if known else f"{value} as {name}")
            columns.append(f"cast(x_{measured.index} as bigint) as x_{measured.index}")
        return f"select {', '.join(columns)}\nfrom block_{self.block.index}"

    def _judged(self) -> str:
        columns = ["m.county", *(f"m.{key}" for key in self.block.per)]
        wanted: list[LimitColumn] = []
        for ask, own, options in self.block.judged:
            bound, code = "cast(null as decimal(15, 8))", "cast(null as int)"
            if ask.requirement:
                bound, code = self._verdict(ask, own, options, wanted)
            columns += [
                f"{text} as a{ask.nth}_{name}"
                for name, text in (
                    ("n", f"m.n_{own.index}"),
                    ("d", f"m.d_{own.index}"),
                    ("w", f"m.w_{own.index}"),
                    ("x", f"m.x_{own.index}"),
                    ("b", bound),
                    ("c", code),
                )
            ]
        self.limits += wanted
        joins, _ = _joins(tuple(dict.fromkeys(wanted)), "m")
        return f"select {', '.join(columns)}\nfrom measured_{self.block.index} as m{joins}"

    def _verdict(self, ask: Ask, own: Measured, options: Iterable[Option], wanted: list[LimitColumn]) -> tuple[str, str]:
        item = ask.requirement
        assert item is not None
        assert item.parameter is not None
        assert item.comparator is not None
        sign = SIGNS[item.comparator]
        limit = plain(item.parameter, self.kinds[item.parameter].by)
        wanted.append(limit)
        cases = [unjudged(limit, item.stages, self.block.per, not_asked=NOT_ASKED, no_data=0)]
        cases.append(f"when m.n_{own.index} is null or m.d_{own.index} is null or m.d_{own.index} <= 0 then 0")
        cases.append(f"when {_holds(own, sign, limit.name)} then 1")
        for option in options:
            condition = f"m.holds_{option.easement.nth} = 1 and " if option.conditional else ""
            held = self._eased(option.easement) if option.relaxed else limit
            wanted.append(held)
            cases.append(f"when {condition}{_holds(option.measured, sign, held.name)} then {CONCESSION + option.easement.nth}")
        if item.partly:
            partly = plain(item.partly, self.kinds[item.partly].by)
            wanted.append(partly)
            cases.append(f"when {partly.name} is null then 0")
            cases.append(f"when {_holds(own, sign, partly.name)} then 2")
        if item.near is not None:
            near = LimitColumn(f"f_{ask.nth}", item.parameter, limit.by, item.near)
            wanted.append(near)
            cases.append(f"when {_holds(own, sign, near.name)} then 3")
            cases += [
                f"when m.holds_{option.easement.nth} = 1 and {_holds(option.measured, sign, near.name)} "
                f"then {NEAR_BY_CONCESSION + option.easement.nth}"
                for option in options
                if option.conditional and not option.relaxed
            ]
        return limit.name, f"case {' '.join(cases)} else 4 end"

    def _long(self) -> str:
        tuples = ", ".join(
            "(" + ", ".join(f"a{ask.nth}_{name}" for name in "ndwxbc") + f") as a{ask.nth}" for ask, _, _ in self.block.judged
        )
        school, stage = (name if name in self.block.per else f"cast(null as string) as {name}" for name in ("school", "stage"))
        return (
            f"select ask, county, {school}, {stage}, num, den, weight, missing, bound, code, cast(null as double) as value, "
            "cast(null as bigint) as population\n"
            f"from judged_{self.block.index} unpivot include nulls (\n"
            f"  (num, den, weight, missing, bound, code) for ask in ({tuples})\n) where code is null or code >= 0"
        )

    # ── known to be none ──

    def _none_at_all(self) -> list[tuple[str, str]]:
        """Return the expressions of the items that do not apply: rows were sent, and every one of them says that it is not concerned.

        They stand for the county, or for a stage of it, whatever the grain: of a school that is not concerned nothing is said.
        """
        asks = [ask for ask, _, _ in self.block.judged if ask.requirement or "school" not in self.block.per]
        if not asks:
            return []
        assert self.block.filter is not None
        keys = tuple(key for key in self.keys if key != "school")
        kept = self._text(self.block.filter.node)
        asked = self._text(self.block.asked_of.node) if self.block.asked_of else "true"
        thing = "1"
        if "school" in self.relation.columns:
            self.columns.add("school")
            thing = "school"
        counted = f"count({'distinct ' if thing == 'school' else ''}case when {asked} then {thing} end)"
        grouped = (
            f"select {', '.join(keys)}, {counted} as population\nfrom rows_{self.block.index}\ngroup by {', '.join(keys)}\n"
            f"having {counted} > 0 and count(case when ({kept}) is not false then 1 end) = 0"
        )
        longs = [(f"long_none_{self.block.index}_{ask.nth}", self._none_long(ask, keys)) for ask in asks]
        return [(f"none_{self.block.index}", grouped), *longs]

    def _none_long(self, ask: Ask, keys: Sequence[str]) -> str:
        bound, code, joins = "cast(null as decimal(15, 8))", "cast(null as int)", ""
        if ask.requirement:
            bound, code, joins = self._not_applicable(ask.requirement, keys)
        nothing = ", ".join(f"cast(null as {AMOUNT}) as {name}" for name in ("num", "den", "weight"))
        stage = "m.stage" if "stage" in keys else "cast(null as string) as stage"
        return (
            f"select * from (\n  select 'a{ask.nth}' as ask, m.county, cast(null as string) as school, {stage}, {nothing}, "  # noqa: S608
            f"cast(0 as bigint) as missing, {bound} as bound, {code} as code, cast(null as double) as value, m.population\n"
            f"  from none_{self.block.index} as m{joins}\n) as known where code is null or code >= 0"
        )

    def _not_applicable(self, item: Requirement, keys: Sequence[str]) -> tuple[str, str, str]:
        """Return the limit (where the county, or its stage, has one), the code, and the join of the limit.

        Where there is no limit nothing changes: the county's own item has no data, and one that schools are asked is asked of none.
        """
        assert item.parameter is not None
        limit = plain(item.parameter, self.kinds[item.parameter].by)
        bound, joins, cases = "cast(null as decimal(15, 8))", "", ""
        if item.stages and "stage" in keys:
            cases = f"when m.stage not in ({', '.join(repr(stage) for stage in item.stages)}) then {NOT_ASKED} "
        if limit.by in ("none", *keys):
            self.limits.append(limit)
            joins, _ = _joins((limit,), "m")
            bound = limit.name
            cases = unjudged(limit, item.stages, keys, not_asked=NOT_ASKED, no_data=NOT_ASKED if "school" in self.block.per else 0) + " "
        return bound, f"case {cases}when true then {0 if item.must_apply else NONE} end", joins


def _parts(indicator: Indicator) -> tuple[Fragment | None, ...]:
    return (indicator.numerator, indicator.denominator, indicator.weight or indicator.denominator)


def _holds(measured: Measured, sign: str, limit: str) -> str:
    scale = measured.indicator.scale
    over = f"m.n_{measured.index}" if scale == 1 else f"m.n_{measured.index} * {scale}"
    return f"{over} {sign} {limit} * m.d_{measured.index}"


def _joins(columns: Sequence[LimitColumn], alias: str) -> tuple[str, list[str]]:
    """Return the joins to the tables of limits that hold these columns, and the columns with their tables' aliases."""
    text, found = "", []
    for by in dict.fromkeys(column.by for column in columns):
        match = "" if by == "none" else f" and l_{by}.{by} = {alias}.{by}"
        text += f"\nleft join limits_{by} as l_{by} on l_{by}.county = {alias}.county{match}"
        found += [f"l_{by}.{column.name}" for column in columns if column.by == by]
    return text, found


__all__ = ["CLOSE", "CODES", "CONCESSION", "LONG", "NEAR_BY_CONCESSION", "compiled", "placeholders"]
