"""Named statistics as SQL: the pupil-weighted coefficient of variation in two passes, weighted means, means, ratios of groups.

    points (a school's value and weight) → means (first pass) → spread (second pass: Σ w (x − m)², never Σ w x² − m²) → judged → long

A statistic within 1e-9 of its limit is not decided in floating point: the statement answers CLOSE and `exact` decides with fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from junheng.indicators.ask import Ask, Block, Measured
from junheng.indicators.indicator import Indicator
from junheng.indicators.language import LimitKind
from junheng.indicators.limits import LimitColumn, plain, unjudged

_SIGNS: Mapping[str, str] = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<", "equals": "="}
_CLOSE = 9
_NOT_ASKED = -1


def statistics_of(
    block: Block, keys: Sequence[str], groups: Sequence[str], kinds: Mapping[str, LimitKind], limits: list[LimitColumn]
) -> list[tuple[str, str]]:
    """Return the named expressions that compute and judge a block's statistics; the limits they join are added to `limits`."""
    index = block.index
    over = tuple(key for key in keys if key != "school")
    ordinary = {s.id: s for s in block.statistics.values() if s.statistic != "mean"}
    members = {name: block.measure(_member(block, name)) for s in ordinary.values() for name in s.of}
    judged, joins, tuples = _judged(block, over, kinds, limits)
    return [
        (f"points_{index}", _points(block, over, groups, members)),
        (f"means_{index}", _means(block, over, ordinary, members)),
        (f"spread_{index}", _spread(block, over, members)),
        (f"statistics_{index}", _statistics(block, over, members)),
        (f"decided_{index}", f"select {', '.join(judged)}\nfrom statistics_{index} as m{joins}"),
        (f"long_statistics_{index}", _long(block, over, tuples)),
    ]


def _member(block: Block, name: str) -> Indicator:
    return next(measured.indicator for measured in block.measured.values() if measured.indicator.id == name)


def _points(block: Block, over: Sequence[str], groups: Sequence[str], members: Mapping[str, Measured]) -> str:
    columns = [*over, *groups]
    for measured in members.values():
        i, scale = measured.index, measured.indicator.scale
        value = f"cast(n_{i} as double)" + (f" * {scale}" if scale != 1 else "")
        columns += [f"{value} / nullif(cast(d_{i} as double), 0) as v_{i}", f"cast(w_{i} as double) as w_{i}"]
    return f"select {', '.join(columns)}\nfrom measured_{block.index}"


def _means(block: Block, over: Sequence[str], ordinary: Mapping[str, Indicator], members: Mapping[str, Measured]) -> str:
    columns = list(over)
    for measured in members.values():
        i = measured.index
        columns += [
            f"sum(w_{i}) as t_{i}",
            f"sum(w_{i} * v_{i}) / nullif(sum(w_{i}), 0) as m_{i}",
            f"count(*) - count(w_{i} * v_{i}) as u_{i}",
        ]
    for name, statistic in ordinary.items():
        if statistic.between:
            columns += _groups(block, name, statistic, members[statistic.of[0]].index)
    return f"select {', '.join(columns)}\nfrom points_{block.index}\ngroup by {', '.join(over)}"


def _groups(block: Block, name: str, statistic: Indicator, i: int) -> Iterator[str]:
    """Return the weighted means of the two groups of a ratio, and how many schools belong to no known group."""
    between = statistic.between
    assert between is not None
    number = list(block.statistics).index(name)
    for side, group in (("o", between.over), ("r", between.under)):
        rows = f"{between.column} = '{group}'"
        yield f"sum(case when {rows} then w_{i} * v_{i} end) / nullif(sum(case when {rows} then w_{i} end), 0) as {side}_{number}"
    yield f"count(*) - count({between.column}) as g_{number}"


def _spread(block: Block, over: Sequence[str], members: Mapping[str, Measured]) -> str:
    match = " and ".join(f"m.{key} = p.{key}" for key in over)
    columns = [f"p.{key}" for key in over]
    for measured in members.values():
        i = measured.index
        columns.append(f"sum(p.w_{i} * (p.v_{i} - m.m_{i}) * (p.v_{i} - m.m_{i})) / nullif(max(m.t_{i}), 0) as q_{i}")
    group = ", ".join(f"p.{key}" for key in over)
    return f"select {', '.join(columns)}\nfrom points_{block.index} as p\njoin means_{block.index} as m on {match}\ngroup by {group}"


def _statistics(block: Block, over: Sequence[str], members: Mapping[str, Measured]) -> str:
    match = " and ".join(f"s.{key} = m.{key}" for key in over)
    columns = [f"m.{key}" for key in over]
    numbers = {name: number for number, name in enumerate(block.statistics)}
    for name, statistic in block.statistics.items():
        value, missing, weight = _value(statistic, numbers, members, block)
        number = numbers[name]
        columns += [f"{value} as s_{number}", f"cast({missing} as bigint) as x_{number}", f"cast({weight} as decimal(22, 8)) as w_{number}"]
    return f"select {', '.join(columns)}\nfrom means_{block.index} as m\njoin spread_{block.index} as s on {match}"


def _value(statistic: Indicator, numbers: Mapping[str, int], members: Mapping[str, Measured], block: Block) -> tuple[str, str, str]:
    """Return value, rows missing and total weight of a statistic."""
    if statistic.statistic == "mean":
        parts = [_value(block.statistics[name], numbers, members, block) for name in statistic.of]
        total = " + ".join(part[0] for part in parts)
        return f"({total}) / {len(parts)}", f"greatest({', '.join(part[1] for part in parts)})", parts[0][2]
    i = members[statistic.of[0]].index
    known, value = f"m.u_{i} = 0", f"m.m_{i}"
    missing = f"m.u_{i}"
    if statistic.statistic == "weighted_cv":
        value = f"sqrt(s.q_{i}) / nullif(m.m_{i}, 0)"
    if statistic.between:
        number = numbers[statistic.id]
        value = f"m.o_{number} / nullif(m.r_{number}, 0)" + _percent(statistic)
        known += f" and m.g_{number} = 0"
        missing = f"m.u_{i} + m.g_{number}"
    return f"(case when {known} then {value} end)", missing, f"m.t_{i}"


def _percent(statistic: Indicator) -> str:
    return " * 100" if statistic.unit == "%" else ""


def _judged(
    block: Block, over: Sequence[str], kinds: Mapping[str, LimitKind], limits: list[LimitColumn]
) -> tuple[list[str], str, list[Ask]]:
    columns = [f"m.{key}" for key in over]
    numbers = {name: number for number, name in enumerate(block.statistics)}
    wanted: dict[LimitColumn, None] = {}
    for ask in block.asked_statistics:
        number = numbers[ask.indicator.id]
        bound, code = "cast(null as decimal(15, 8))", "cast(null as int)"
        if ask.requirement and ask.requirement.parameter and ask.requirement.comparator:
            limit = plain(ask.requirement.parameter, kinds[ask.requirement.parameter].by)
            wanted[limit] = None
            bound, code = limit.name, _decided(ask, number, limit, over)
        columns += [
            f"{text} as a{ask.nth}_{name}"
            for name, text in (("v", f"m.s_{number}"), ("x", f"m.x_{number}"), ("w", f"m.w_{number}"), ("b", bound), ("c", code))
        ]
    limits += wanted
    joins = ""
    for by in dict.fromkeys(column.by for column in wanted):
        match = "" if by == "none" else f" and l_{by}.{by} = m.{by}"
        joins += f"\nleft join limits_{by} as l_{by} on l_{by}.county = m.county{match}"
    return columns, joins, block.asked_statistics


def _decided(ask: Ask, number: int, limit: LimitColumn, over: Sequence[str]) -> str:
    item = ask.requirement
    assert item is not None
    value, bound = f"m.s_{number}", f"cast({limit.name} as double)"
    sign = _SIGNS[item.comparator or "at_most"]
    return (
        f"case {unjudged(limit, item.stages, over, not_asked=_NOT_ASKED, no_data=0)} when {value} is null then 0 "
        f"when abs({value} - {bound}) <= 1e-9 * abs({bound}) then {_CLOSE} when {value} {sign} {bound} then 1 else 4 end"
    )


def _long(block: Block, over: Sequence[str], asks: Sequence[Ask]) -> str:
    tuples = ", ".join("(" + ", ".join(f"a{ask.nth}_{name}" for name in "vxwbc") + f") as a{ask.nth}" for ask in asks)
    stage = "stage" if "stage" in over else "cast(null as string) as stage"
    nothing = "cast(null as decimal(22, 8))"
    return (
        f"select ask, county, cast(null as string) as school, {stage}, {nothing} as num, {nothing} as den,\n"
        "  weight, missing, bound, code, value, cast(null as bigint) as population\n"
        f"from decided_{block.index} unpivot include nulls (\n  (value, missing, weight, bound, code) for ask in ({tuples})\n"
        ") where code is null or code >= 0"
    )
