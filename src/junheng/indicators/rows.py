"""From the statement's rows to items: verdict words, values for display, what was not sent, evidence, vetoes and exclusions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from junheng.indicators import judge
from junheng.indicators.ask import Ask, asks_of, plan
from junheng.indicators.compile import CLOSE, CODES, CONCESSION, NEAR_BY_CONCESSION, compiled
from junheng.indicators.engine_duckdb import Engine
from junheng.indicators.exact import Point, holds
from junheng.indicators.indicator import Catalogue, Indicator
from junheng.indicators.indicator_file import limit_kinds
from junheng.indicators.limits import Easement, LimitColumn, limit_frames, plain
from junheng.indicators.relation import chain
from junheng.indicators.statement import Statement
from junheng.standards import Framework, Part, Requirement, Rulebook

VERDICT = pl.Enum(judge.VERDICTS)
Books = Mapping[str, Rulebook]

ITEMS: Mapping[str, pl.DataType] = {
    "county": pl.String(),
    "part": pl.String(),
    "requirement": pl.String(),
    "number": pl.String(),
    "indicator": pl.String(),
    "school": pl.String(),
    "stage": pl.String(),
    "numerator": pl.Decimal(22, 8),
    "denominator": pl.Decimal(22, 8),
    "weight": pl.Decimal(22, 8),
    "missing": pl.Int64(),
    "population": pl.Int64(),
    "value": pl.Float64(),
    "limit": pl.Decimal(15, 8),
    "comparator": pl.String(),
    "near_limit": pl.Float64(),
    "verdict": VERDICT,
    "concession": pl.String(),
    "document": pl.String(),
}
_KEYS = ("county", "school", "stage")
_EVIDENCE = Statement((), "select county, item, conclusion, document from returned_evidence", ("evidence",), ())
_VETOES = Statement((), "select county, veto, occurred, document from returned_vetoes", ("vetoes",), ())


def items(
    rows: pl.DataFrame, asks: Sequence[Ask], eased: Sequence[Easement], framework: Framework | None, books: Books, engine: Engine
) -> pl.DataFrame:
    """Return the items of a scorecard, in the framework's order, then by county, school and stage."""
    order = {(part.id, item.id): position for position, (part, item) in enumerate(_requirements(framework))}
    found = _worded(rows.lazy().join(_asked(asks).lazy(), on="ask", how="left"), eased).collect()
    unsent = _frame(row for ask in asks for row in _unsent(ask, found, books))
    evidence = _frame(_evidence(framework, tuple(books), engine))
    every = pl.concat([found, unsent, evidence])
    places = pl.DataFrame(
        [(*key, position) for key, position in order.items()],
        schema={"part": pl.String(), "requirement": pl.String(), "place": pl.Int64()},
        orient="row",
    )
    placed = every.join(places, on=["part", "requirement"], how="left", maintain_order="left")
    return placed.sort("place", "indicator", *_KEYS, nulls_last=[True, False, False, False, False], maintain_order=True).drop("place")


def _asked(asks: Sequence[Ask]) -> pl.DataFrame:
    rows = [
        {
            "ask": f"a{ask.nth}",
            "part": ask.part or None,
            "requirement": ask.requirement.id if ask.requirement else None,
            "number": ask.requirement.number if ask.requirement else None,
            "indicator": ask.indicator.id,
            "comparator": ask.requirement.comparator if ask.requirement else None,
            "near": float(ask.requirement.near) if ask.requirement and ask.requirement.near is not None else None,
            "scale": ask.indicator.scale,
        }
        for ask in asks
    ]
    texts = ("ask", "part", "requirement", "number", "indicator", "comparator")
    return pl.DataFrame(rows, schema={**dict.fromkeys(texts, pl.String()), "near": pl.Float64(), "scale": pl.Int64()})


def _worded(rows: pl.LazyFrame, eased: Sequence[Easement]) -> pl.LazyFrame:
    """Turn codes into words, and numerators and denominators into the value that is displayed."""
    code = pl.col("code")
    ratio = pl.col("num").cast(pl.Float64) * pl.col("scale") / pl.col("den").cast(pl.Float64)
    value = pl.when(pl.col("den") != 0).then(ratio)
    words = code.replace_strict(list(CODES), list(CODES.values()), default=None, return_dtype=pl.String)
    concessions = {base + easement.nth: easement.id for easement in eased for base in (CONCESSION, NEAR_BY_CONCESSION)}
    concession = code.replace_strict(list(concessions), list(concessions.values()), default=None, return_dtype=pl.String)
    conceded = pl.when(code >= NEAR_BY_CONCESSION).then(pl.lit("near")).when(code >= CONCESSION).then(pl.lit("met_by_concession"))
    verdict = conceded.otherwise(words)
    return rows.select(
        "county",
        "part",
        "requirement",
        "number",
        "indicator",
        "school",
        "stage",
        pl.col("num").cast(ITEMS["numerator"]).alias("numerator"),
        pl.col("den").cast(ITEMS["denominator"]).alias("denominator"),
        pl.col("weight").cast(ITEMS["weight"]),
        pl.col("missing").cast(pl.Int64),
        pl.col("population").cast(pl.Int64),
        pl.coalesce("value", value).alias("value"),
        pl.col("bound").cast(ITEMS["limit"]).alias("limit"),
        "comparator",
        (pl.col("bound").cast(pl.Float64) * pl.col("near")).alias("near_limit"),
        verdict.cast(VERDICT).alias("verdict"),
        (concession if eased else pl.lit(None, dtype=pl.String)).alias("concession"),
        pl.lit(None, dtype=pl.String).alias("document"),
    )


def _frame(rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in ITEMS} for row in rows], schema=dict(ITEMS))


def _requirements(framework: Framework | None) -> Iterator[tuple[Part, Requirement]]:
    for part in framework.all_parts if framework else ():
        for item in part.requirements:
            yield part, item


# ── what was not sent, and what has no number ─────────────────────────────────────────────────────────────────────────────────────────


def _unsent(ask: Ask, found: pl.DataFrame, books: Books) -> Iterator[dict[str, object]]:
    """Yield an item without data for each county (or county and stage) of which the statement had no row at all."""
    item = ask.requirement
    if "school" in ask.indicator.per or (item is None and "stage" in ask.indicator.per):
        return
    same = (pl.col("part").eq_missing(pl.lit(ask.part or None))) & (pl.col("indicator") == ask.indicator.id)
    same &= pl.col("requirement").eq_missing(pl.lit(item.id if item else None))
    there = set(found.filter(same).select("county", "stage").iter_rows())
    for county, book in books.items():
        for stage in _stages(ask, book):
            if (county, stage) not in there:
                yield {
                    "county": county,
                    "part": ask.part or None,
                    "requirement": item.id if item else None,
                    "number": item.number if item else None,
                    "indicator": ask.indicator.id,
                    "stage": stage,
                    "missing": 1,
                    "limit": _limit(item, stage, book),
                    "comparator": item.comparator if item else None,
                    "verdict": "no_data" if item else None,
                }


def _stages(ask: Ask, book: Rulebook) -> tuple[str | None, ...]:
    if "stage" not in ask.indicator.per or ask.requirement is None:
        return (None,)
    if ask.requirement.stages or ask.requirement.parameter is None:
        return ask.requirement.stages
    return tuple(name for name in book.standings(ask.requirement.parameter) if name != "all")


def _limit(item: Requirement | None, stage: str | None, book: Rulebook) -> Decimal | None:
    if item is None or item.parameter is None:
        return None
    standings = book.standings(item.parameter)
    standing = standings.get(stage or "all") or standings.get("all")
    return standing.value if standing else None


def _evidence(framework: Framework | None, counties: Sequence[str], engine: Engine) -> Iterator[dict[str, object]]:
    """Yield the items without a number: met, partly or missed as concluded, with a document; otherwise they need evidence."""
    wanted = [(part, item) for part, item in _requirements(framework) if item.evidence and not item.indicator]
    if not wanted:
        return
    sent = engine.run(_EVIDENCE, {})
    concluded = {(county, item): (conclusion, document) for county, item, conclusion, document in sent.iter_rows()}
    for part, item in wanted:
        for county in counties:
            conclusion, document = concluded.get((county, item.id), (None, None))
            yield {
                "county": county,
                "part": part.id,
                "requirement": item.id,
                "number": item.number,
                "verdict": conclusion if conclusion and document else "needs_evidence",
                "document": document,
            }


def vetoes(framework: Framework | None, counties: Sequence[str], engine: Engine) -> pl.DataFrame:
    """Return county, veto, verdict (occurred, clear, not_checked) and document, a row a county and veto of the framework."""
    rows: list[dict[str, object]] = []
    wanted = framework.vetoes if framework else ()
    sent = engine.run(_VETOES, {}) if wanted else pl.DataFrame()
    checked = {(county, veto): (occurred, document) for county, veto, occurred, document in sent.iter_rows()}
    words = {True: "occurred", False: "clear", None: "not_checked"}
    for veto in wanted:
        for county in counties:
            occurred, document = checked.get((county, veto.id), (None, None))
            rows.append({"county": county, "veto": veto.id, "verdict": words[occurred], "document": document})
    return pl.DataFrame(rows, schema=dict.fromkeys(("county", "veto", "verdict", "document"), pl.String()))


def excluded(asks: Sequence[Ask], catalogue: Catalogue, books: Books, engine: Engine) -> pl.DataFrame:
    """Return the school-stages that the resource indicators leave out, with the reason; empty when none of them is asked for."""
    columns = ("county", "school", "stage", "pupils", "reason")
    measured = {catalogue[name].source_table for ask in asks for name in _measured_in(ask.indicator, catalogue)}
    if "resources" not in measured:
        return pl.DataFrame(schema={**dict.fromkeys(columns, pl.String()), "pupils": pl.Int64()})
    return select_from("excluded", columns, books, engine).sort("county", "school", "stage")


def select_from(relation: str, columns: Sequence[str], books: Books, engine: Engine) -> pl.DataFrame:
    """Return columns of a derived table as it stands in the statements."""
    before = chain({relation: set(columns)})
    limits: list[LimitColumn] = []
    if before.limits:
        kinds = limit_kinds(*(shelf for book in {b.digest: b for b in books.values()}.values() for shelf in book.shelves))
        limits = [plain(name, kinds[name].by) for name in before.limits]
    answer = f"select {', '.join(columns)} from {relation}"  # noqa: S608
    return engine.run(Statement(before.expressions, answer, before.tables, tuple(limits)), limit_frames(limits, books))


# ── too near the limit for floating point ─────────────────────────────────────────────────────────────────────────────────────────────


def decided(rows: pl.DataFrame, asks: Sequence[Ask], catalogue: Catalogue, engine: Engine, books: Books) -> pl.DataFrame:
    """Return the rows with every statistic that lies within 1e-9 of its limit decided by fractions."""
    close = rows.filter(pl.col("code") == CLOSE)
    if close.is_empty():
        return rows
    by_name = {f"a{ask.nth}": ask for ask in asks}
    points = _points([by_name[name].indicator for name in close["ask"].unique()], catalogue, engine, books)
    verdicts = []
    for row in close.iter_rows(named=True):
        ask = by_name[row["ask"]]
        own = {name: frame.get((row["county"], row["stage"]), []) for name, frame in points.items()}
        item = ask.requirement
        assert item is not None
        holds_ = holds(ask.indicator, catalogue, own, item.comparator or "at_most", row["bound"])
        verdicts.append(1 if holds_ else 4)
    keys = ["ask", "county", "stage"]
    new = close.select(keys).with_columns(pl.Series("exact", verdicts, dtype=pl.Int32))
    joined = rows.join(new, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.coalesce("exact", pl.col("code").cast(pl.Int32)).alias("code")).drop("exact")


def _points(
    statistics: Sequence[Indicator], catalogue: Catalogue, engine: Engine, books: Books
) -> dict[str, dict[tuple[str, str | None], list[Point]]]:
    """Return the exact points of every school indicator these statistics are made of, by county and stage."""
    members = dict.fromkeys(name for statistic in statistics for name in _members(statistic, catalogue))
    kinds = limit_kinds(*(shelf for book in {b.digest: b for b in books.values()}.values() for shelf in book.shelves))
    asks = asks_of(None, tuple(members), catalogue)
    statement = compiled(plan(asks, catalogue, (), kinds), kinds)
    rows = engine.run(statement, limit_frames(statement.limits, books))
    groups = _groups(statistics, catalogue, engine, books)
    found: dict[str, dict[tuple[str, str | None], list[Point]]] = {name: {} for name in members}
    names = {f"a{ask.nth}": ask.indicator.id for ask in asks}
    for row in rows.filter(pl.col("num").is_not_null() & (pl.col("den") != 0)).iter_rows(named=True):
        point = Point(row["num"], row["den"], row["weight"], groups.get((row["county"], row["school"]), ""))
        found[names[row["ask"]]].setdefault((row["county"], row["stage"]), []).append(point)
    return found


def _measured_in(indicator: Indicator, catalogue: Catalogue) -> Iterator[str]:
    return _members(indicator, catalogue) if indicator.statistic else iter((indicator.id,))


def _members(statistic: Indicator, catalogue: Catalogue) -> Iterator[str]:
    for name in statistic.of:
        if catalogue[name].statistic:
            yield from _members(catalogue[name], catalogue)
        else:
            yield name


def _groups(statistics: Sequence[Indicator], catalogue: Catalogue, engine: Engine, books: Books) -> dict[tuple[str, str], str]:
    for statistic in statistics:
        if statistic.between:
            relation = catalogue[statistic.of[0]].relation
            rows = select_from(relation.source, ("county", "school", statistic.between.column), books, engine)
            return {(county, school): group or "" for county, school, group in rows.iter_rows()}
    return {}
