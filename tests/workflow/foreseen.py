"""A small authority's folder with a past: two townships, two primary schools and a junior school; pupils are births grown up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from junheng.model import county, schema
from junheng.store.folder import write_county

CODE = "629921"
TOWNS = {"629921001": "东镇", "629921002": "西乡"}
VILLAGES = {"629921001001": "629921001", "629921002201": "629921002"}
EAST, WEST, JUNIOR = "2162990001", "2162990002", "3162990003"
FIRST, LAST = 2014, 2025
DAY = "2025-12-31"

Tables = dict[str, list[dict[str, Any]]]
Change = Callable[[int, Tables], None]


def births(year: int) -> dict[str, int]:
    """Births of a calendar year: 120 and 60, falling from 2017 on."""
    fall = max(0, year - 2016)
    return {"629921001001": 120 + year % 3 - 6 * fall, "629921002201": 60 - year % 4 - 3 * fall}


def tables(year: int) -> Tables:
    """What the county returns in a year: whoever was born in the village five and six years before entered its school."""
    made: Tables = {
        "districts": [{"district": code, "name": name} for code, name in TOWNS.items()],
        "villages": [{"village": code, "name": f"村{code[-3:]}", "district": town} for code, town in VILLAGES.items()],
        "schools": [
            {"school": EAST, "name": "东镇小学", "kind": "primary", "district": "629921001", "urban_rural": "121"},
            {"school": WEST, "name": "西乡小学", "kind": "primary", "district": "629921002", "urban_rural": "210"},
            {"school": JUNIOR, "name": "东镇初级中学", "kind": "junior", "district": "629921001", "urban_rural": "121"},
        ],
        "births": [
            {"village": village, "calendar_year": calendar, "births": number, "months": 12}
            for calendar in range(year - 12, year + 1)
            for village, number in births(calendar).items()
        ],
        "places": [
            {"school": EAST, "stage": "primary", "places": 720, "rooms": 16},
            {"school": WEST, "stage": "primary", "places": 540, "rooms": 12},
            {"school": JUNIOR, "stage": "junior", "places": 450, "rooms": 9},
        ],
        "enrolment": [],
    }
    for grade in range(1, 10):
        entered = births(year - grade - 5)
        numbers = {EAST: entered["629921001001"], WEST: entered["629921002201"]} if grade < 7 else {JUNIOR: sum(entered.values())}
        for school, pupils in numbers.items():
            stage = "primary" if grade < 7 else "junior"
            made["enrolment"].append(
                {"school": school, "stage": stage, "grade": str(grade), "sex": "all", "pupils": pupils - grade + year % 2}
            )
    return made


def folder(
    at: Path, change: Change | None = None, years: tuple[int, ...] = tuple(range(FIRST, LAST + 1)), files: Mapping[str, str] | None = None
) -> Path:
    """Write the authority's folder; `change` may alter the tables of a year, `files` are laid beside them."""
    at.mkdir(parents=True, exist_ok=True)
    text = f'code = "{CODE}"\nname = "小县"\nlanguage = "zh"\nshelves = ["cn"]\nframeworks = ["quality-balance-2017"]\n'
    (at / "junheng.toml").write_text(text, encoding="utf-8")
    for year in years:
        made = tables(year)
        if change:
            change(year, made)
        frames = {
            name: pl.DataFrame(rows, schema_overrides=schema().dtypes(name), infer_schema_length=None)
            for name, rows in made.items()
            if rows
        }
        write_county(
            at,
            county(
                CODE,
                year,
                {name: frame.select([c for c in schema().tables[name].names if c in frame.columns]) for name, frame in frames.items()},
            ),
        )
    for name, content in (files or {}).items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_text(content, encoding="utf-8")
    return at
