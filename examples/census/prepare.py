"""Trim the censuses of 2010 and 2020 to five authorities: population by age group and sex, one folder of tables for each year.

    python examples/census/prepare.py --data DIR        (needs polars)

DIR holds census2010_county.parquet and census2020_county.parquet (see README.md for their source and licence). A county whose code
changed between the censuses stands under its code of 2020 in both years; a prefecture's folder lists its counties. The figures of the
nation and of all counties on which the shipped assumptions rest (src/junheng/projection/cn/census) are printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

HERE = Path(__file__).parent
AUTHORITIES = {  # folder: (code, name, start of the codes of its counties)
    "yuetang": ("430304", "湘潭市岳塘区", "430304"),
    "shandan": ("620725", "张掖市山丹县", "620725"),
    "xianning": ("421200", "咸宁市", "4212"),
    "tongnan": ("500152", "重庆市潼南区", "500152"),
    "liaocheng": ("371500", "聊城市", "3715"),
}
RECODED = {"500223": "500152", "371523": "371503"}  # 潼南县 became 潼南区, 茌平县 became 茌平区
GROUPS = [(0, 0), (1, 4), *((first, first + 4) for first in range(5, 85, 5)), (85, None)]
SEXES = {"male": "男", "female": "女"}


def main() -> None:
    """Write the tables of every authority, and print what the whole country says."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    data = arguments.parse_args().data
    counts = {2010: counted_2010(data), 2020: counted_2020(data)}
    for folder, (code, name, start) in AUTHORITIES.items():
        place = HERE / folder
        place.mkdir(exist_ok=True)
        (place / "junheng.toml").write_text(f'code = "{code}"\nname = "{name}"\nlanguage = "zh"\nshelves = ["cn"]\n', encoding="utf-8")
        for year, rows in counts.items():
            write(place / str(year), rows.filter(pl.col("county").str.starts_with(start) & ~pl.col("county").str.ends_with("00")))
    nation(counts)


def counted_2010(data: Path) -> pl.DataFrame:
    """Return county, name and the groups of 2010 in long form."""
    table = pl.read_parquet(data / "census2010_county.parquet").rename({"45-49岁（女)": "45-49岁（女）"})
    table = table.with_columns(pl.col("区划代码").replace(RECODED).alias("county"), pl.col("地区").str.strip_chars().alias("name"))
    return long(table, lambda sex, first, last: f"{words(first, last, '-', '岁及以上')}（{SEXES[sex]}）")


def counted_2020(data: Path) -> pl.DataFrame:
    """Return county, name and the groups of 2020 in long form."""
    table = pl.read_parquet(data / "census2020_county.parquet").rename({"区划代码": "county", "区县": "name"})
    return long(table, lambda sex, first, last: f"{SEXES[sex]}_{words(first, last, '到', '岁以上')}")


def words(first: int, last: int | None, to: str, over: str) -> str:
    """Return a group as the yearbook's columns name it."""
    if last is None:
        return f"{first}{over}"
    return f"{first}岁" if first == last else f"{first}{to}{last}岁"


def long(table: pl.DataFrame, column: object) -> pl.DataFrame:
    """Return one row for each county, sex and group; a cell that the yearbook does not fill stays empty."""
    parts = [
        table.select(
            "county",
            pl.col("name").alias("county_name"),
            pl.lit("resident").alias("basis"),
            pl.lit(sex).alias("sex"),
            pl.lit(first).alias("age_first"),
            pl.lit(last, dtype=pl.Int32).alias("age_last"),
            pl.col(column(sex, first, last)).cast(pl.Float64).round().cast(pl.Int64).alias("persons"),  # type: ignore[operator]
        )
        for sex in SEXES
        for first, last in GROUPS
    ]
    return pl.concat(parts)


def write(folder: Path, rows: pl.DataFrame) -> None:
    """Write the groups as the table age_groups: columns in the order of the schema, rows in that of its key."""
    folder.mkdir(exist_ok=True)
    columns = ("county", "basis", "sex", "age_first", "age_last", "county_name", "persons")
    rows.sort(*columns[:4]).select(columns).write_csv(folder / "age_groups.csv")


def nation(counts: dict[int, pl.DataFrame]) -> None:
    """Print the change of the nation's cohorts, and how much counties differ from it."""
    by_age = {
        year: rows.group_by("county", "age_first").agg(pl.col("persons").sum()).pivot("age_first", index="county", values="persons")
        for year, rows in counts.items()
    }
    whole = {year: rows.filter(pl.col("county").str.ends_with("0000")) for year, rows in by_age.items()}
    sums = {year: {age: rows[str(age)].sum() for age in (0, 1, 5, 10, 15)} for year, rows in whole.items()}
    ratios = {
        "10-14 of 2020 ÷ 0-4 of 2010": sums[2020][10] / (sums[2010][0] + sums[2010][1]),
        "15-19 of 2020 ÷ 5-9 of 2010": sums[2020][15] / sums[2010][5],
        "0-4 of 2020 ÷ 0-4 of 2010": (sums[2020][0] + sums[2020][1]) / (sums[2010][0] + sums[2010][1]),
    }
    for label, ratio in ratios.items():
        print(f"nation, {label}: {ratio:.4f}")
    counties = by_age[2010].join(by_age[2020], on="county", suffix="_2020").filter(~pl.col("county").str.ends_with("00"))
    counties = counties.filter((pl.col("0") + pl.col("1") > 2000) & (pl.col("0_2020") > 100))
    change = counties.select(
        ((pl.col("10_2020") / (pl.col("0") + pl.col("1"))) / ratios["10-14 of 2020 ÷ 0-4 of 2010"]).log().alias("children"),
        ((pl.col("15_2020") / pl.col("5")) / ratios["15-19 of 2020 ÷ 5-9 of 2010"]).log().alias("leavers"),
        (((pl.col("0_2020") + pl.col("1_2020")) / (pl.col("0") + pl.col("1"))) / ratios["0-4 of 2020 ÷ 0-4 of 2010"]).log().alias("births"),
    )
    for name in change.columns:
        spread = (change[name].quantile(0.84) - change[name].quantile(0.16)) / 2  # type: ignore[operator]  # there are rows
        print(f"{counties.height} counties, {name}: standard deviation of the logarithm {spread:.3f}")
    off = (-change["children"]).exp() - 1  # foreseen by the nation's ratio alone ÷ counted
    print(f"10-14 of 2020 from 2010 without migration: off by {off.abs().median():.1%} (median), {off.abs().mean():.1%} (mean)")
    print(f"correlation of children and leavers: {change.select(pl.corr('children', 'leavers')).item():.2f}")


if __name__ == "__main__":
    main()
