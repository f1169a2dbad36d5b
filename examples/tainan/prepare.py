"""Trim the published data of Tainan City into the returns of this example, in a form like the one in which they were published.

    python examples/tainan/prepare.py --data DIR        (needs polars, xlsxwriter and shapely 2.1)

DIR holds the collected sources named in README.md. Kept: numbers, codes and the names of schools and places, dirty cells as they were.
Left out: wording of catchments, addresses, running text, names and telephone numbers of persons.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import shapely
import xlsxwriter

HERE = Path(__file__).parent
RETURNS = HERE / "returns"
YEARS = (2012, 2013, 2014)
LEVELS = {"primary": ("國小", "國民小學概況統計", range(1, 7)), "junior": ("國中", "國民中學概況統計", range(7, 10))}
KINDS = {"primary": "國小", "junior": "國中", "senior_with_junior": "高中附設國中"}
SIMPLIFIED_DEGREES = 0.0006  # about 65 m: enough for a county map
RAW = ("site_area_raw", "floor_area_raw", "footprint_raw", "capital_spend_raw", "current_spend_raw")
STAFF = {
    "staff_total": "計",
    "teachers_permanent": "正式教師",
    "teachers_substitute": "代理教師",
    "teachers_specialist": "專任教練及專科教師",
    "teachers_trainee": "實習教師",
    "teachers_kindergarten": "幼兒園教師",
    "staff_permanent": "職員",
    "staff_temporary": "臨時人員",
    "staff_janitor": "工友",
    "staff_alt_service": "替代役",
}


def main() -> None:
    """Write every return of the example."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    data = arguments.parse_args().data
    grades(pl.read_parquet(data / "taiwan_schools_by_grade_2012_2014.parquet"))
    schools(pl.read_csv(data / "schools_2014.csv", infer_schema_length=0))
    villages(pl.read_parquet(data / "villages_2014.parquet"))
    neighbours(pl.read_csv(data / "village_adjacency.csv", infer_schema_length=0))
    births(pl.read_csv(data / "births_by_village_year.csv", infer_schema_length=0))
    later(pl.read_csv(data / "births_by_village_year.csv", infer_schema_length=0))
    island(pl.read_parquet(data / "taiwan_schools_by_grade_2012_2014.parquet"))


def island(table: pl.DataFrame) -> None:
    """Write the whole island's grades as one compressed table; it is not a return, and the import does not read it."""
    (HERE / "island").mkdir(exist_ok=True)
    table.sort("autumn_year", "level", "school_code").write_parquet(
        HERE / "island" / "schools_by_grade_2012_2014.parquet", compression="zstd"
    )


def grades(table: pl.DataFrame) -> None:
    """Write the grades of the city's schools for three years (published text tables)."""
    for year in YEARS:
        for level, (title, name, span) in LEVELS.items():
            rows = table.filter(autumn_year=year, level=level, county="臺南市").sort("school_code")
            upper = ["學年度", "學制", "縣市代碼", "縣市名稱", "學校代碼", "學校名稱", "班級數", "學生數", "", "", "上學年畢業生", "", ""]
            upper += ["教師", "", "職員", ""]
            lower = [""] * 7 + ["計", "男", "女"] * 2 + ["男", "女"] * 2
            columns = ["classes", "pupils", "pupils_m", "pupils_f", "graduates_prev", "graduates_prev_m", "graduates_prev_f"]
            columns += ["teachers_m", "teachers_f", "staff_m", "staff_f"]
            for grade in span:
                upper += [f"{grade}年級", "", ""]
                lower += ["班級數", "男", "女"]
                columns += [f"classes_g{grade}", f"g{grade}_m", f"g{grade}_f"]
            lines = (
                [
                    year - 1911,
                    title,
                    row["county_code"],
                    row["county"],
                    row["school_code"],
                    row["school"],
                    *(row[column] for column in columns),
                ]
                for row in rows.iter_rows(named=True)
            )
            path = RETURNS / str(year) / f"{name}_{year - 1911}學年度.csv"
            write_csv(path, [[f"{name}（{year - 1911}學年度）"], upper, lower, *lines])


def schools(table: pl.DataFrame) -> None:
    """Write what each school wrote about itself, as a workbook with a merged header of two rows."""
    path = RETURNS / "2014" / "臺南市學校概況.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "臺南市學校概況"})
    sheet = book.add_worksheet("學校概況")
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    grades_shown = [f"{name}年級" for name in "一二三四五六七八九"]
    groups: list[tuple[str, list[str]]] = [
        (name, []) for name in ("學校代碼", "學校名稱", "學制", "更新時間", "創校年月", "行政區", "村里代碼")
    ]
    groups += [("座標", ["經度", "緯度", "來源"]), ("學生數", ["計", "男", "女"]), ("教職員工", list(STAFF.values()))]
    groups += [("班級數", ["計", *grades_shown, "幼兒班"])]
    groups += [(name, []) for name in ("校地面積", "校舍樓地板面積", "建築面積", "資本支出", "經常支出")]
    width = sum(max(1, len(below)) for _, below in groups)
    sheet.merge_range(
        0, 0, 0, width - 1, "臺南市學校概況（103學年度，各校自填）", book.add_format({"bold": True, "font_size": 14, "align": "center"})
    )
    sheet.merge_range(1, 0, 1, width - 1, "說明：各欄照各校填報內容，未作更正。")
    column = 0
    for name, below in groups:
        column = header(sheet, column, name, below, bold)
    for row, record in enumerate(table.sort("school_code").iter_rows(named=True), start=4):
        for column, value in enumerate(school_cells(record)):
            if value is not None:
                sheet.write(row, column, value)
    sheet.freeze_panes(4, 2)
    sheet.set_column(1, 1, 28)
    book.close()


def header(sheet: xlsxwriter.worksheet.Worksheet, column: int, name: str, below: Sequence[str], style: object) -> int:
    """Write one group of the header and return the next column."""
    if not below:
        sheet.merge_range(2, column, 3, column, name, style)
        return column + 1
    sheet.merge_range(2, column, 2, column + len(below) - 1, name, style)
    for index, word in enumerate(below):
        sheet.write(3, column + index, word, style)
    return column + len(below)


def school_cells(record: dict[str, str | None]) -> list[str | float | None]:
    """Return one school's row; texts stay texts, counts are numbers as in the source."""
    source = {"village representative point": "村里代表點"}.get(record["coord_source"] or "")
    cells: list[str | float | None] = [record["school_code"], record["school"], KINDS[str(record["level"])], record["updated"]]
    cells += [record["founded_raw"], record["district"], record["village_code"], number(record["lon"]), number(record["lat"]), source]
    cells += [number(record[name]) for name in ("pupils", "pupils_m", "pupils_f", *STAFF, "classes_total")]
    cells += [number(record[f"classes_g{grade}"]) for grade in range(1, 10)] + [number(record["classes_kindergarten"])]
    return [*cells, *(record[name] for name in RAW)]


def number(text: str | None) -> float | None:
    """Return a count; None stays an empty cell."""
    return None if text is None else float(text)


def villages(table: pl.DataFrame) -> None:
    """Write the ages of the villages, and their outlines simplified together, so that neighbours still share their border."""
    ages = [f"{sex}{age}" for age in range(21) for sex in "mf"]
    titles = [f"{age}歲-{sex}" for age in range(21) for sex in "男女"]
    table = table.sort("village_code")
    columns = ("village_code", "district", "village", "households", "pop", *ages)
    lines = [["10309", *(row[name] for name in columns)] for row in table.drop("geometry").iter_rows(named=True)]
    upper = ["統計年月", "區域別代碼", "區域別", "村里", "戶數", "人口數", *titles]
    write_csv(RETURNS / "2014" / "村里戶數單一年齡人口_10309.csv", [["臺南市村里戶數單一年齡人口（103年9月）"], upper, *lines])
    outlines = shapely.from_wkb(table["geometry"].ext.storage().to_list())
    outlines = shapely.coverage_simplify(outlines, SIMPLIFIED_DEGREES)
    texts = [outline(shape) for shape in outlines]
    columns = ("village_code", "district_code", "district", "village", "name", "lon", "lat", "area_km2")
    rows = [[*(row[name] for name in columns), text] for row, text in zip(table.drop("geometry").iter_rows(named=True), texts, strict=True)]
    upper = ["村里代碼", "行政區代碼", "行政區", "村里", "區里名稱", "經度", "緯度", "面積", "界線"]
    write_csv(RETURNS / "2014" / "村里界.csv", [["臺南市村里界（WGS 84，界線已簡化；面積單位：平方公里）"], upper, *rows])


def outline(shape: shapely.Geometry) -> str:
    """Return GeoJSON text with four decimals (about ten metres)."""
    rounded = shapely.set_precision(shape, 0.0001, mode="pointwise")
    return json.dumps(json.loads(shapely.to_geojson(rounded)), separators=(",", ":"))


def neighbours(table: pl.DataFrame) -> None:
    """Write the pairs of villages that share a border."""
    rows = (
        table.select("village_a", "village_b", pl.col("approx_shared_m").cast(pl.Float64).cast(pl.Int64))
        .sort("village_a", "village_b")
        .rows()
    )
    write_csv(RETURNS / "2014" / "村里相鄰.csv", [["臺南市村里相鄰"], ["村里代碼甲", "村里代碼乙", "共同界線（公尺）"], *rows])


def births(table: pl.DataFrame) -> None:
    """Write births and deaths by village for the years in which the villages are those of 2014."""
    whole = [pl.col(name).cast(pl.Float64).cast(pl.Int64) for name in ("births", "deaths", "months")]
    rows = table.filter(pl.col("year") <= "2017").select("year", "name", *whole).sort("year", "name").rows()
    write_csv(RETURNS / "2014" / "村里出生死亡.csv", [["臺南市村里出生死亡"], ["年份", "區里名稱", "出生數", "死亡數", "統計月數"], *rows])


def later(table: pl.DataFrame) -> None:
    """Write births from 2018 on, when 752 villages became 649, as tables; they are not returns, and the import does not read them."""
    rows = table.filter(pl.col("year") >= "2018").with_columns(pl.col("code").str.strip_chars().alias("village"))
    whole = [pl.col(name).cast(pl.Float64).cast(pl.Int64) for name in ("births", "deaths", "months")]
    place = HERE / "later"
    place.mkdir(exist_ok=True)
    named = rows.group_by("village").agg(pl.col("name").sort_by("year").last()).sort("village")
    # a village's name follows that of its district, whose name ends with the first 區 after its first character
    split = pl.col("name").str.extract(r"^(.[^區]*區)(.+)$", 2)
    named.select("village", split.alias("name"), pl.col("village").str.slice(0, 8).alias("district")).write_csv(place / "villages.csv")
    births = rows.select("village", pl.col("year").alias("calendar_year"), *whole)
    births.sort("calendar_year", "village").write_csv(place / "births.csv")


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file as Excel saves it: UTF-8 with its mark; an empty cell is a missing value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)


if __name__ == "__main__":
    main()
