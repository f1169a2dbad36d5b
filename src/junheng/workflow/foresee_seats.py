"""Seats, projects and promises as views: need against seats of every area, and what the programme adds and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, cast

import polars as pl

from junheng.errors import Text
from junheng.model import allowed
from junheng.projection.notable import KINDS
from junheng.projection.programme import Programme, Project
from junheng.projection.promises import Promise, Promises
from junheng.projection.seats import REASONS, Seats
from junheng.workflow.foresee_series import Names, band, whole
from junheng.workflow.judged import label, stage_label, stage_order
from junheng.workflow.views.foresight import AreaKind, Level, Notable, ProjectLine, PromiseLine, SeatLine

_KINDS = ("county", "district", "school")
_NOTHING = Text("", "")
_NO_DATE = Text("没有投用日期，其学位不计入任何年份", "no day of use: its places count in no year")


def seat_lines(needs: Iterable[pl.DataFrame], names: Names) -> tuple[SeatLine, ...]:
    """Return need against seats: the county first, then townships, then schools; by stage and year. Areas without either are left out."""
    rows = [row for need in needs for row in need.iter_rows(named=True) if row["seats"] or (row["middle"] or 0) >= 0.5]
    order = {code: (_KINDS.index(row["area_kind"]), code) for row in rows for code in [row["area"]]}
    rows.sort(key=lambda row: (*order[row["area"]], stage_order(row["stage"]), row["year"]))
    return tuple(_seat_line(row, names) for row in rows)


def _seat_line(row: dict[str, object], names: Names) -> SeatLine:
    chance, short = cast("float | None", row["shortage_probability"]), cast("float | None", row["mean_shortage"])
    seats, balance = cast("int | None", row["seats"]), cast("float | None", row["balance"])
    area = str(row["area"])
    quantiles = [cast("float | None", row[name]) for name in ("q10", "q25", "middle", "q75", "q90")]
    known = [value for value in quantiles if value is not None]
    return SeatLine(
        area=area,
        area_name=names.of(area),
        area_kind=cast("AreaKind", row["area_kind"]),
        stage=str(row["stage"]),
        stage_label=stage_label(str(row["stage"])),
        year=cast("int", row["year"]),
        need=band(known) if len(known) == len(quantiles) else None,
        seats=seats,
        seats_shown="" if seats is None else whole(seats),
        balance=balance,
        balance_shown="" if balance is None else signed(balance),
        shortage_probability=chance,
        shortage_probability_shown="" if chance is None else percent(chance),
        shortage_shown="" if short is None else whole(short),
        level=cast("Level", row["level"]),
        reason=Text(str(row["reason_zh"]), str(row["reason_en"])),
    )


def signed(value: float) -> str:
    """Return a whole number with its sign, as a balance is printed."""
    return f"+{whole(value)}" if round(value) > 0 else whole(value)


def percent(share: float) -> str:
    """Return a share 0..1 as whole percent; what is neither never nor always is not printed as 0 or 100."""
    number = round(100 * share)
    if number == 0 and share > 0:
        return "<1%"
    return ">99%" if number == 100 and share < 1 else f"{number}%"


def project_lines(programme: Programme, names: Names) -> tuple[ProjectLine, ...]:
    """Return every project, those that are late first, the later the sooner; then by the day of use."""
    order = {"late": 0, "undated": 1, "on_time": 2, "not_due": 2, "done": 3}
    sorted_ones = sorted(programme.projects, key=lambda one: (order[one.lateness], -one.days_late, one.in_use or date.max, one.project))
    return tuple(_project_line(one, names) for one in sorted_ones)


def _project_line(one: Project, names: Names) -> ProjectLine:
    labels = allowed("project_step")
    return ProjectLine(
        project=one.project,
        name=one.name,
        kind=label("project_kind", one.kind),
        school=one.school,
        school_name=names.of(one.school) if one.school else "",
        stage=one.stage,
        stage_label=stage_label(one.stage),
        seats=one.places,
        seats_shown="" if one.places is None else whole(one.places),
        yuan_shown="" if one.yuan is None else whole(float(one.yuan)),
        steps=tuple((labels[step.step], step.planned, step.actual, step.lateness) for step in one.steps),
        in_use=one.in_use,
        counted_from=one.counted_from,
        lateness=one.lateness,
        days_late=one.days_late,
        note=_note(one),
    )


def _note(one: Project) -> Text:
    if one.in_use is None and one.places:
        return _NO_DATE
    if one.lateness == "late" and one.in_use:
        return Text(
            f"按目前进度预计{one.in_use}投用，比计划晚{one.days_late}天",
            f"now expected on {one.in_use}, {one.days_late} days behind its plan",
        )
    if one.counted_until is not None:
        return Text(f"合同到期，学位计至{one.counted_until}学年", f"a contract that ends: counted until {one.counted_until}")
    return _NOTHING


def promise_lines(promises: Promises) -> tuple[PromiseLine, ...]:
    """Return every promise as it stands."""
    return tuple(
        PromiseLine(
            promise=one.promise,
            title=one.title,
            document=one.document,
            due=one.due,
            promised=one.promised,
            delivered=one.delivered,
            unreturned=one.unreturned,
            under_way=one.under_way,
            late=one.late,
            unnamed=one.unnamed,
            projects=one.projects,
            sentence=_kept(one),
        )
        for one in promises.promises
    )


def _kept(one: Promise) -> Text:
    """Return how a promise stands, without its title, which stands in a field of its own."""
    rest = one.sentence.zh.partition("：")[2], one.sentence.en.partition(": ")[2]
    return Text(f"承诺{whole(one.promised)}个，{rest[0]}", f"{whole(one.promised)} promised, {rest[1]}")


def notable_views(rows: pl.DataFrame, names: Names) -> tuple[Notable, ...]:
    """Return schools to look at by kind, year and name; `rows` as projection.notable gives them. The sentence starts with the name."""
    found = sorted(rows.iter_rows(named=True), key=lambda row: (KINDS.index(row["kind"]), row["year"], names.of(row["school"])))
    return tuple(_notable_view(row, names.of(row["school"]), stage_label(row["stage"])) for row in found)


def _notable_view(row: dict[str, Any], name: str, stage: Text) -> Notable:
    """Return one school to look at; the probability stands in a field of its own and is taken off the Chinese sentence's end."""
    sentence = row["sentence_zh"]
    told = sentence.rpartition("（概率")[0] if sentence.endswith("%）") else sentence
    of = "" if stage.zh in name else stage.zh  # 第四小学, not 第四小学小学
    return Notable(
        kind=row["kind"],
        school=row["school"],
        name=name,
        stage=row["stage"],
        stage_label=stage,
        year=row["year"],
        sentence=Text(f"{name}{of}{told}", f"{name} {stage.en} {row['sentence_en']}"),
        probability=row["probability"],
        probability_shown="" if row["probability"] is None else percent(row["probability"]),
    )


def seat_parts(seats: Seats, names: Names, years: Sequence[int]) -> Iterator[tuple[object, ...]]:
    """Yield of what each school's seats are made in some years: code, name, stage, year, rooms, class limit, added, places, reason."""
    for row in seats.rows.filter(pl.col("year").is_in(list(years))).iter_rows(named=True):
        yield (
            *(row["school"], names.of(row["school"]), stage_label(row["stage"]).zh, row["year"]),
            *(row["rooms"], row["limit"], row["added"], row["places"], REASONS[row["reason"]].zh),
        )
