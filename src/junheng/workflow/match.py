"""Compare two lists of persons: which lines are the same, which a person must decide, who is not found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from junheng.matching import Links, MatchRule, Normal, because, explain, in_words, link, match_rule, normalise, shipped_model, train
from junheng.store.match_book import ALONE_SHEET, ASK_SHEET, BY, DECISION, PAIR, REASON, SAME_SHEET, BookSheet, write_match_book
from junheng.store.match_folder import ABOUT, DECIDED, MODEL, PAIRS, read_kept_model, write_model, write_pairs
from junheng.store.person_lists import PersonList, read_person_list
from junheng.workflow.match_engine import Engine, running
from junheng.workflow.match_records import Keeping, authority_of
from junheng.workflow.views.matching import MatchCounts, MatchResult

BOOK = "matched.xlsx"
_SIDES = ("本册", "来表")


def match_lists(
    left: Path,
    right: Path,
    out: Path,
    *,
    rule: str = "pupils",
    today: date,
    decisions: Path | None = None,
    authority: Path | None = None,
    retrain: bool = False,
    engine: Engine = "duckdb",
) -> MatchResult:
    """Compare a list with the register, and write the workbook, the pairs and the weights into `out`.

    left: the register; right: the other office's list. Weights that lie in `out` are used again unless `retrain`; else they are trained
    on these two lists. authority: the folder in whose record decisions of persons are kept; the one in which the register lies when None,
    and where it lies in none, a file in `out`. decisions: such a file, instead. engine: what compares; the weights are the same.
    Raises StoreError for a list that cannot be read, DataError for an engine that is not there.
    """
    asked = match_rule(rule)
    lists = [_read(path, asked) for path in (left, right)]
    normal = [normalise(one.frame, asked, place=one.place) for one in lists]
    kept = None if retrain else read_kept_model(out / MODEL, asked)
    keeping = Keeping(None if decisions else authority or authority_of(left), decisions or out / DECIDED)
    with running(engine) as splink:  # weights come of samples, which Spark is slow at, and are the same for both
        model = kept or train(normal[0].frame, normal[1].frame, asked, today, start=shipped_model(asked))
        links = link(normal[0], normal[1], asked, model, decisions=keeping.decided, engine=splink)
    pairs = _numbered(links.pairs, lists)
    out.mkdir(parents=True, exist_ok=True)
    if kept is None:
        write_model(out / MODEL, model)
    kept_in = keeping.authority.as_posix() if keeping.authority else ""
    about = {"rule": rule, "left": left.name, "right": right.name, "day": today, "model": model.rule_digest, "authority": kept_in}
    write_pairs(out, pairs, about)
    counts = _counts(links, normal, pairs)
    write_match_book(out / BOOK, _sheets(links, pairs, lists), _about(asked, left, right, counts, today), today)
    names = (BOOK, PAIRS, MODEL, ABOUT)
    findings = (*keeping.beside(), *(one for side, read in zip(normal, lists, strict=True) for one in (*read.findings, *side.findings)))
    return MatchResult(asked.title, left.name, right.name, counts, kept is None, tuple((out / name).as_posix() for name in names), findings)


def _read(path: Path, rule: MatchRule) -> PersonList:
    headings = {column.name: column.headings for column in rule.columns}
    return read_person_list(path, headings, rule.needs)


def _numbered(pairs: pl.DataFrame, lists: Sequence[PersonList]) -> pl.DataFrame:
    """Return the pairs with the numbers of their lines in the files, and a name of their own made of these."""
    lines = [
        pl.Series(f"{side}_line", [one.numbers[row] for row in pairs[side].to_list()], dtype=pl.Int64)
        for side, one in zip(("left", "right"), lists, strict=True)
    ]
    named = pairs.with_columns(*lines).with_columns(pl.format("{}-{}", "left_line", "right_line").alias("pair"))
    first = ["pair", "left_line", "right_line", "outcome", "because", "weight"]
    return named.select(*first, *(name for name in named.columns if name not in (*first, "left", "right", "guard")))


def _counts(links: Links, normal: Sequence[Normal], pairs: pl.DataFrame) -> MatchCounts:
    right = normal[1].rows
    same, ask = links.of("same"), links.of("ask")
    lines = ask["right"].n_unique()
    return MatchCounts(
        left_rows=normal[0].rows,
        right_rows=right,
        same=same["right"].n_unique(),
        ask=ask.height,
        ask_lines=lines,
        not_found=len(links.alone_right),
        decided=pairs.filter(pl.col("because") == "decided").height,
        same_share=f"{100 * same['right'].n_unique() / max(right, 1):.1f}",
        ask_share=f"{100 * lines / max(right, 1):.2f}",
    )


def _sheets(links: Links, pairs: pl.DataFrame, lists: Sequence[PersonList]) -> list[BookSheet]:
    columns = [column for column in links.rule.columns if any(column.name in one.frame.columns for one in lists)]
    held = [(column, side) for column in columns for side, one in enumerate(lists) if column.name in one.frame.columns]
    titles = [f"{column.title.zh}（{_SIDES[side]}）" for column, side in held]
    beside = pairs.with_columns(links.pairs.select("left", "right"))
    asked = _rows(beside, "ask", links.rule, held, lists)
    same = _rows(beside, "same", links.rule, held, lists)
    order = sorted(range(len(asked)), key=lambda place: asked[place][0])
    alone = links.alone_right.to_list()
    return [
        BookSheet(
            ASK_SHEET,
            "待人工判断：请在“判定”列选择",
            [PAIR, DECISION, BY, REASON, "提请原因", "相符与不符（权重）", *titles],
            [[pair, "", "", "", why, reasons, *cells] for pair, why, reasons, cells in (asked[place] for place in order)],
            (DECISION, BY, REASON),
        ),
        BookSheet(SAME_SHEET, "认定为同一人", [PAIR, "依据", *titles], [[pair, reasons, *cells] for pair, _, reasons, cells in same]),
        BookSheet(
            ALONE_SHEET,
            "来表中未在本册找到的行",
            ["行号", *(column.title.zh for column, side in held if side)],
            [[str(lists[1].numbers[row]), *(_cell(lists[1], row, column.name) for column, side in held if side)] for row in alone],
        ),
    ]


def _rows(
    pairs: pl.DataFrame, outcome: str, rule: MatchRule, held: Sequence[tuple[Any, int]], lists: Sequence[PersonList]
) -> list[tuple[str, str, str, list[str]]]:
    rows = []
    for pair in pairs.filter(pl.col("outcome") == outcome).iter_rows(named=True):
        places = (pair["left"], pair["right"])
        cells = [_cell(lists[side], places[side], column.name) for column, side in held]
        rows.append((pair["pair"], because(pair["because"], rule).zh, in_words(explain(pair, rule), "zh"), cells))
    return rows


def _cell(one: PersonList, row: int, column: str) -> str:
    return str(one.frame[column][row] or "") if column in one.frame.columns else ""


def _about(rule: MatchRule, left: Path, right: Path, counts: MatchCounts, today: date) -> list[str]:
    return [
        f"{rule.title.zh}：{left.name}（本册，{counts.left_rows}行）与{right.name}（来表，{counts.right_rows}行），{today.isoformat()}",
        f"认定为同一人{counts.same}行，待人工判断{counts.ask_lines}行（{counts.ask}对），未找到{counts.not_found}行。",
        "“编号”由两边的行号组成，如 12-57 是本册第12行与来表第57行。",
        "在“待判”表选择“同一人”或“不是同一人”，写上判定人和理由，存为.xlsx后交回，用 junheng match decide 读入。留空就是还没有判定。",
        "缺一项不算不符。权重为正说明更像同一人，为负说明更不像；单位是比特，每多1，可能性翻一倍。",
        "本工作簿含个人信息，只供办理本事项的人员使用，用后按规定保管或销毁。",
    ]
