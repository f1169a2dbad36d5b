"""What Qinghe's rosters read, and the truth: lists of schools and persons, and what follows from the county's own tables."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from .roster import Site
from .roster_lists import Lists, Schools, Truth, write_school_lists
from .roster_people import write_person_lists

SHORT_OF_FUNDS = (7, 41)  # schools that received less than they were granted, by place
WITHOUT_HOME = (5, 29)
LACKING_PROOF = (("quality-balance-2017.extra-1", "基础教育科"), ("preschool-inclusive-2020.extra-1", "学前教育科"))


def write_rosters(folder: Path, county: Path, sites: Mapping[str, Site]) -> None:
    """Write lists/ and truth.csv into a folder; county: the folder whose year 2025 and ledgers are already made."""
    tables = county / "2025"
    lists, truth, schools = Lists(folder / "lists"), Truth(), Schools(sites)
    write_school_lists(lists, truth, schools)
    write_person_lists(lists, truth, schools)
    _funding(lists, truth, schools, tables)
    _proof(lists, truth, tables)
    _homes(lists, truth, schools, tables)
    _from_tables(truth, tables)
    _pairs(truth, schools, lists, county)
    lines = ["roster,standing,line", *(",".join(line) for line in sorted(set(truth.lines)))]
    (folder / "truth.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read(tables: Path, name: str) -> list[dict[str, str]]:
    with (tables / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _funding(lists: Lists, truth: Truth, schools: Schools, tables: Path) -> None:
    """Write what the finance office granted: as much as was paid, but for two schools that lack 20,000 yuan."""
    paid = {row["school"]: row["public_funds_yuan"] for row in _read(tables, "finance") if row["school"] in schools.name}
    pupils: dict[str, int] = {}
    for row in _read(tables, "enrolment"):
        pupils[row["school"]] = pupils.get(row["school"], 0) + int(row["pupils"])
    codes = [code for code in schools.of() if paid.get(code)]
    less = truth.some("school_funding", "short", [(code,) for code in codes], *SHORT_OF_FUNDS)
    rows = [(schools.name[code], max(100, pupils.get(code, 0)), int(paid[code]) + (20_000 if (code,) in less else 0)) for code in codes]
    lists.csv("公用经费核定表", ["学校", "核定人数", "核定金额"], rows)


def _proof(lists: Lists, truth: Truth, tables: Path) -> None:
    """Write the items of both schemes; two have no proof at all, and the evidence of some says partly or missed."""
    held = _read(tables, "evidence")
    rows = [(row["item"], row["office"]) for row in held] + list(LACKING_PROOF)
    lists.csv("创建指标清单", ["指标编号", "责任科室"], rows)
    truth.plant(
        "scheme_proof", "missing", *((row["item"],) for row in held if row["conclusion"] != "met"), *((item,) for item, _ in LACKING_PROOF)
    )


def _homes(lists: Lists, truth: Truth, schools: Schools, tables: Path) -> None:
    counted: dict[str, int] = {}
    for row in _read(tables, "enrolment"):
        counted[row["school"]] = counted.get(row["school"], 0) + int(row["left_behind"] or 0)
    codes = [code for code, count in counted.items() if count and code in schools.name]
    lost = truth.some("left_behind_homes", "missing", [(code,) for code in codes], *WITHOUT_HOME)
    lost |= truth.plant("left_behind_homes", "missing", *((code,) for code, count in counted.items() if count and code not in schools.name))
    rows = [(schools.name[code], "阅览室", "周六上午", "周立新") for code in codes if (code,) not in lost]
    lists.csv("留守儿童之家", ["学校", "场所", "每周开放", "核实人"], rows)


def _from_tables(truth: Truth, tables: Path) -> None:
    """Plant what the county's returns say by themselves: projects not in use, teachers without certificate; a return is a claim."""
    steps = {row["project"] for row in _read(tables, "project_steps") if row["step"] == "in_use" and row["actual"] and row["document"]}
    for row in _read(tables, "projects"):
        if row["promise"]:
            standing = (
                "verified" if row["project"] in steps else "claimed" if row["in_use"] and row["in_use"] <= "2026-01-20" else "missing"
            )
            if standing != "verified":
                truth.plant("promised_seats", standing, (row["project"],))
    for row in _read(tables, "staff"):
        if row["teachers"] and int(row["teachers"]):
            standing = "missing" if not row["certified"] else "short" if int(row["certified"]) < int(row["teachers"]) else "claimed"
            truth.plant("certificates", standing, (row["school"], row["stage"]))


def _pairs(truth: Truth, schools: Schools, lists: Lists, county: Path) -> None:
    """Write townships without an anchor school; weak schools whose pair stands in the ledger or not."""
    codes = {name: code for code, name in schools.name.items()}
    with (lists.folder / "受援学校名单.csv").open(encoding="utf-8", newline="") as lines:
        helped = [codes[row["学校"]] for row in csv.DictReader(lines)]
    source = county / "ledgers" / "lists" / "结对与集团任务.csv"
    standing: dict[str, str] = {}
    with source.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            code = codes.get(row["受援校或成员校"], "")
            if row["关系"] != "交流轮岗待遇" and row["状态"] != "取消":
                standing[code] = "verified" if row["状态"] == "受援方确认" or standing.get(code) == "verified" else "claimed"
    for code in helped:
        if standing.get(code) != "verified":
            truth.plant("pairing", standing.get(code, "missing"), (code,))
    townships = [row["name"] for row in _read(county / "2025", "districts")]
    lost, said = (
        truth.some("alliances", "missing", [(name,) for name in townships], 4),
        truth.some("alliances", "claimed", [(name,) for name in townships], 7),
    )
    rows = [
        (name, schools.name[schools.of("primary", public=True)[at]], "" if (name,) in said else "清教发〔2023〕12号（示例）")
        for at, name in enumerate(townships)
        if (name,) not in lost
    ]
    lists.csv("教联体名单", ["乡镇", "牵头学校", "批复文号"], rows)
