"""What an officer carries away: zones, letters, the public notice; and what a reader needs to check the bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.districting import UNREACHABLE, District, Drawn, least_beyond, loads
from junheng.planning.planners.catchments import shares
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.years import years_table, years_told, zones_by_year
from junheng.planning.proposal import Certificate

Ints = NDArray[np.int64]


def tables(question: Question, zone: Ints, county: County) -> dict[str, pl.DataFrame]:
    """Return the result tables that planner.yaml declares. zone: (villages,)."""
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    schools = [
        "、".join(str(names.get(question.schools[k]) or question.schools[k]) for k in np.flatnonzero(question.school_zone == j))
        for j in range(len(question.zones))
    ]
    letters = _letters(question, zone, schools, county)
    every = {"zones": _zones(question, zone, schools), "letters": letters, "notice": _notice(question, zone, schools, county)}
    if question.ahead:
        years = (replace(question.first, least=least_of(question)), *question.ahead)
        every["years"] = years_table(years, zone)
        every["zones_by_year"] = zones_by_year(years, zone, question.zones, schools)
    if question.share is not None:
        every["shares"] = shares.table(question.share, _today(question), zone, question.zones, schools)
    return every


def least_of(question: Question) -> int:
    """Return the pupils beyond what is allowed that any plan has in the first year."""
    proof = least_beyond(question.district())
    return proof.total if proof else 0


def told(question: Question, zone: Ints) -> Text | None:
    """Say what the plan holds for: the years asked for, and the share. zone: (villages,)."""
    first = replace(question.first, least=least_of(question))
    both = [
        one
        for one in (
            years_told((first, *question.ahead), zone),
            _beyond_told(question, zone),
            _classes_told(question, zone),
            _share_told(question, zone),
        )
        if one
    ]
    return Text("；".join(one.zh for one in both), "; ".join(one.en for one in both)) if both else None


def _beyond_told(question: Question, zone: Ints) -> Text | None:
    """Say how many pupils are beyond places, how many are in any plan, and that the gap of the objective does not cover the rest."""
    load = np.bincount(zone, weights=question.pupils, minlength=len(question.zones))
    beyond, least = int(np.maximum(load - question.high, 0).sum()), least_of(question)
    if beyond <= least:
        return None
    rest = beyond - least
    return Text(
        f"其中{rest}名没有证明不可避免（整村划分、片区相连都会多占学位），上面的差距只指路程与变动",
        f"of {rest} of them it is not proven that they cannot be avoided (villages go whole, zones are joined); the gap is not of them",
    )


def _classes_told(question: Question, zone: Ints) -> Text | None:
    """Say in how many catchments a room seats more than a class may have, were all rooms used; None where in none. zone: (villages,)."""
    load = np.bincount(zone, weights=question.pupils, minlength=len(question.zones))
    seated = [_seated(question, int(many), j) for j, many in enumerate(load)]
    full = [each for each in seated if each is not None and question.limit is not None and each > question.limit]
    if not full:
        return None
    return Text(
        f"教室全部用上，仍有{len(full)}个学区每间超过班额上限{question.limit}人，最多{max(full):g}人",
        f"with all rooms used {len(full)} catchments seat more than {question.limit} in a room, {max(full):g} at most",
    )


def _share_told(question: Question, zone: Ints) -> Text | None:
    """Say of the share that was asked for how it stands, today and in the plan. zone: (villages,)."""
    share = question.share
    if share is None:
        return None
    low, high, of_all = (f"{100 * float(each):.1f}%" for each in (*share.band, share.of_all))
    today, zones = _today(question), len(question.zones)
    known = today >= 0
    was = replace(share, members=share.members[known], pupils=share.pupils[known]).widest(today[known], zones, share.of_all)
    before, after = (f"{100 * float(each):.1f}" for each in (was, share.widest(zone, zones, share.of_all)))
    return Text(
        f"“{share.group}”占全部学生的{of_all}，各学区都在{low}至{high}之间；相差最大的学区由现状的{before}个百分点变为{after}个百分点",
        f"“{share.group}” are {of_all} of all pupils and between {low} and {high} of every catchment; "
        f"the one that is farthest from all moves from {before} points today to {after}",
    )


def with_remarks(note: Text | None, *questions: Question) -> Text | None:
    """Add to a note what was found about ways: cells that lack, roads in pieces."""
    said = list(dict.fromkeys(each.found for question in questions for each in question.remarks))
    parts = [*([note] if note else []), *(Text(f"路程：{each.zh}", f"ways: {each.en}") for each in said)]
    return Text("；".join(each.zh for each in parts), "; ".join(each.en for each in parts)) if parts else None


def _today(question: Question) -> Ints:
    """Return the place of today's zone of each village, -1 where it is in none: (villages,)."""
    place = {name: j for j, name in enumerate(question.zones)}
    return np.array([place.get(zone, -1) for zone in question.today], dtype=np.int64)


def _zones(question: Question, zone: Ints, schools: list[str]) -> pl.DataFrame:
    rows = []
    today = np.array(question.today, dtype=object)
    compact = [inner(question.edges, of, len(question.zones)) for of in (_today(question), zone)]
    for j, name in enumerate(question.zones):
        inside, was = zone == j, today == name
        pupils, way = question.pupils[inside], question.metres[inside, j]
        rows.append(
            {
                "zone": name,
                "schools": schools[j],
                "villages": int(inside.sum()),
                "pupils": int(pupils.sum()),
                "places": int(question.places[j]),
                "beyond": max(0, int(pupils.sum() - question.high[j])),
                "class_before": _seated(question, int(question.pupils[was].sum()), j),
                "class_after": _seated(question, int(pupils.sum()), j),
                "class_limit": question.limit,
                "mean_way": float((pupils * way).sum() / max(1, pupils.sum())) / 1000,
                "farthest": float(way.max(initial=0)) / 1000,
                "compact_before": compact[0][j],
                "compact": compact[1][j],
                "coming": int(question.pupils[inside & ~was & (today != "")].sum()),
                "leaving": int(question.pupils[~inside & was].sum()),
            }
        )
    kinds = dict.fromkeys(("compact_before", "compact", "class_before", "class_after"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides={**kinds, "class_limit": pl.Int64})


def _seated(question: Question, pupils: int, zone: int) -> float | None:
    """Return the pupils of a room, if all rooms of a catchment's schools are used; None where rooms are not known."""
    rooms = question.rooms[zone] if question.rooms else None
    return round(pupils / rooms, 1) if rooms else None


def inner(edges: Ints, zone: Ints, zones: int) -> list[float | None]:
    """Return of each catchment how many of its pairs of neighbours lie inside it, in %; None where it has no neighbours.

    zone: (villages,) -1 for none. A long or frayed catchment has more neighbours outside than a round one of as many villages.
    """
    ends = zone[edges]
    inside = np.bincount(ends[(ends[:, 0] == ends[:, 1]) & (ends[:, 0] >= 0), 0], minlength=zones)
    both = np.bincount(ends[ends >= 0], minlength=zones)  # a pair inside is counted at both ends
    touched = both - inside
    return [float(100 * within / met) if met else None for within, met in zip(inside, touched, strict=True)]


def _letters(question: Question, zone: Ints, schools: list[str], county: County) -> pl.DataFrame:
    district = dict(county.tables["villages"].select("village", "district").iter_rows())
    away = question.parted(zone)
    rows = [
        {
            "district": district.get(code),
            "village": code,
            "pupils": int(question.pupils[k]),
            "today": question.today[k] or None,
            "zone": question.zones[zone[k]],
            "schools": schools[zone[k]],
            "way": float(question.metres[k, zone[k]]) / 1000,
            "changed": bool(question.today[k] and question.today[k] != question.zones[zone[k]]),
            "parted": None if away is None else int(away[k]),
        }
        for k, code in enumerate(question.villages)
    ]
    kinds = {"district": pl.String, "today": pl.String, "parted": pl.Int64}
    return pl.DataFrame(rows, schema_overrides=kinds).sort("district", "village", nulls_last=True)


def _notice(question: Question, zone: Ints, schools: list[str], county: County) -> pl.DataFrame:
    """Return one text a zone: its townships with their villages, in the words in which catchments are made public."""
    names = dict(county.tables["villages"].select("village", "name").iter_rows())
    of = dict(county.tables["villages"].select("village", "district").iter_rows())
    townships = dict(county.tables["districts"].select("district", "name").iter_rows())
    year = autumn(question, county)
    rows: list[dict[str, str | None]] = [{"zone": None, "text": text} for text in _opening(question, year)]
    for j, name in enumerate(question.zones):
        parts: dict[str, list[str]] = {}
        for k in np.flatnonzero(zone == j):
            code = question.villages[k]
            parts.setdefault(str(townships.get(of.get(code)) or ""), []).append(str(names.get(code) or code))
        listed = "；".join(f"{township}{'：' if township else ''}{'、'.join(inside)}" for township, inside in sorted(parts.items()))
        share = "（共同学区）" if (question.school_zone == j).sum() > 1 else ""
        text = f"{schools[j]}学区{share}：{listed}。{_clause(question, zone, j, names)}"
        rows.append({"zone": name, "text": text})
    rows += [{"zone": None, "text": text} for text in _CLOSING]
    return pl.DataFrame(rows, schema={"zone": pl.String, "text": pl.String})


STAGE = {"primary": "小学", "junior": "初中"}
BLANK = "＿＿＿＿"
_CLOSING = (
    "二、公示期和意见反映",
    f"公示期：{BLANK}年＿＿月＿＿日至{BLANK}年＿＿月＿＿日。",
    f"受理单位：{BLANK}{BLANK}；电话：{BLANK}{BLANK}；地址：{BLANK}{BLANK}{BLANK}。",
    "对所划学区有意见的，请在公示期内向受理单位反映；研究并答复后公布正式的学区范围。",
)


def autumn(question: Question, county: County) -> int:
    """Return the year from whose autumn catchments hold: that of the data has begun, so the next, unless a later one was asked."""
    return max(question.year, county.year + 1)


def notice_with(first: pl.DataFrame, later: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the notice with catchments of later years behind those of the first, before the closing words."""
    zones = np.flatnonzero(first["zone"].is_not_null().to_numpy())
    end = int(zones[-1]) + 1 if len(zones) else first.height
    return pl.concat([first.head(end), *later, first.tail(first.height - end)])


def _opening(question: Question, year: int) -> tuple[str, ...]:
    stage = STAGE[question.stage]
    law = f"根据《中华人民共和国义务教育法》关于适龄儿童、少年免试就近入学的规定和{BLANK}{BLANK}（本地文件及文号，发布前填写）"
    basis = f"{law}，综合各村居学生数、学校学位和到校路程，拟定{year}年秋季{stage}学区范围，现予公示。"
    return f"{year}年{stage}学区划分公示", basis, "一、学区范围"


def _clause(question: Question, zone: Ints, j: int, names: dict[str, str]) -> str:
    """Return the sentence of the notice on villages that are new in a catchment: whom the change concerns."""
    new = [question.villages[k] for k in np.flatnonzero(zone == j) if question.today[k] not in ("", question.zones[j])]
    if not new:
        return ""
    rule = "自当年秋季起始年级新生起执行，在校学生留在原校就读至毕业" if question.stays else "自当年秋季起执行"
    gone = [code for code in new if question.today[question.villages.index(code)] not in question.zones]  # its school is closed
    parts = (([code for code in new if code not in gone], rule), (gone, f"原学校停办，在校学生的去向：{BLANK}{BLANK}（发布前填写）"))
    told = [f"{'、'.join(str(names.get(code) or code) for code in each)}为本次新划入，{what}" for each, what in parts if each]
    return f"其中{'；'.join(told)}。"


_HOW = Text(
    "按表中学位价格，逐村比较“路程加变动加兄姊分开加价格”：划入的学区与最便宜的相差乘学生数（没有学生的村居按1人）之和，加上空余学位乘价格，就是方案与价格下界之差；"
    "其余差距由整村分配的价格和逐对排除后的求解证明。学位不足：所列村居的孩子只能上所列学区，人数减学位就是任何方案至少超出的人数。",
    "At these prices compare way, change, siblings parted and price, village by village: what the catchments chosen cost beyond the "
    "cheapest times pupils (1 where there are none), plus free places times price, is how far the plan lies above the bound by prices; "
    "prices of whole villages and the search over what these leave prove the rest. Where places are too few: children of the villages "
    "listed can go to the catchments listed only; their number less the places is what any plan has beyond places at the least.",
)


def certificate(question: Question, district: District, drawn: Drawn) -> Certificate:
    """Return prices, the comparison of every village, and the next village on its way to school."""
    prices = pl.DataFrame({"zone": list(question.zones), "places": district.high, "price": drawn.prices / 1000})
    priced = np.where(district.each < UNREACHABLE, district.each + drawn.prices[None], UNREACHABLE).astype(np.float64)
    least, onward = priced.argmin(axis=1), _onward(district, drawn.zone)
    first = {int(block): k for k, block in reversed(list(enumerate(question.block)))}
    rows = [
        {
            "village": code,
            "zone": question.zones[drawn.zone[b]],
            "pupils": int(question.pupils[k]),
            "here": float(district.each[b, drawn.zone[b]] + drawn.prices[drawn.zone[b]]) / 1000,
            "cheapest": question.zones[least[b]],
            "least": float(priced[b, least[b]]) / 1000,
            "by_way_of": question.villages[first[int(onward[b])]] if onward[b] >= 0 else None,
        }
        for k, (code, b) in enumerate(zip(question.villages, question.block.tolist(), strict=True))
    ]
    bounds = {"bound": drawn.bound, "bound_exact": drawn.bound_exact, "bound_by_prices": drawn.bound_by_prices}
    short, told = _too_few(question)
    over = float(np.maximum(loads(district, drawn.zone) - question.high, 0).sum())
    numbers = {name: value / 1000 for name, value in bounds.items()} | {"beyond": over, "least_beyond": told}
    villages = pl.DataFrame(rows, schema_overrides={"by_way_of": pl.String})
    return Certificate(how=_with_beyond(over, told), numbers=numbers, tables={"prices": prices, "villages": villages, "too_few": short})


def _with_beyond(over: float, least: float) -> Text:
    """Say first how many pupils are beyond places, and how many are in any plan."""
    if not over:
        return _HOW
    zh = f"本方案各学区合计超出允许数{over:,.0f}名学生；已证明任何方案至少超出{least:,.0f}名。"
    en = f"In this plan {over:,.0f} pupils are beyond what is allowed; it is proven that in any plan at least {least:,.0f} are. "
    return Text(zh + _HOW.zh, en + _HOW.en)


def _too_few(question: Question) -> tuple[pl.DataFrame, float]:
    """Return the villages whose pupils can go to none but the zones listed, which have too few places; and by how many at least."""
    proof = least_beyond(question.district())
    schema = {"kind": pl.String, "code": pl.String, "name": pl.String, "pupils": pl.Int64, "places": pl.Int64}
    if proof is None or not proof.total:
        return pl.DataFrame(schema=schema), 0.0
    inside = np.flatnonzero(np.isin(question.block, proof.blocks) & (question.pupils > 0))
    rows: list[tuple[str, str, str, int | None, int | None]] = [
        *(("village", question.villages[k], question.village_names[k], int(question.pupils[k]), None) for k in inside),
        *(("catchment", question.zones[j], question.zone_names[j], None, int(question.high[j])) for j in proof.zones),
    ]
    return pl.DataFrame(rows, schema=schema, orient="row"), float(proof.total)


def _onward(district: District, zone: Ints) -> Ints:
    """Return the neighbour by which each block is reached from its school inside its zone: (blocks,) -1 for the school's own."""
    start, beside = district.beside
    onward = np.full(len(zone), -1, dtype=np.int64)
    seen = np.zeros(len(zone), dtype=np.bool_)
    front = [int(block) for j, root in enumerate(district.roots) for block in root if zone[block] == j]
    seen[front] = True
    while front:
        reached = []
        for here in front:
            for near in beside[start[here] : start[here + 1]]:
                if zone[near] == zone[here] and not seen[near]:
                    seen[near], onward[near] = True, here
                    reached.append(int(near))
        front = reached
    return onward
