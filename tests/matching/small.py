"""Small lists by hand, matched with the weights that ship."""

import polars as pl

from junheng.matching import Links, link, match_rule, normalise, shipped_model

COLUMNS = ("name", "id_number", "birth", "sex", "guardian", "phone", "school")
RULE = match_rule("pupils")


def child(name: str, number: str | None = None, birth: str | None = None, **more: str) -> dict[str, str | None]:
    return {"name": name, "id_number": number, "birth": birth, **more}


def frame(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))


# children of no interest, so that a list is not a list of two: rare things stay rare
OTHERS = [
    child(
        f"{'赵钱孙李周吴郑王'[i % 8]}{'东南西北中发白'[i % 7]}{'甲乙丙丁戊己庚辛壬'[i % 9]}", None, f"20{10 + i % 8}-0{1 + i % 9}-1{i % 9}"
    )
    for i in range(60)
]


def linked(left: list[dict[str, str | None]], right: list[dict[str, str | None]], decisions: pl.DataFrame | None = None) -> Links:
    return link(normalise(frame(left + OTHERS), RULE), normalise(frame(right), RULE), RULE, shipped_model(RULE), decisions=decisions)


def outcomes(links: Links) -> dict[tuple[int, int], str]:
    return {(row["left"], row["right"]): row["outcome"] for row in links.pairs.iter_rows(named=True)}
