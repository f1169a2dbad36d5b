"""Senior and middle posts: holders, who retires, what is vacant each year under the present share and a wider one, who may apply when.

places   = ⌊share × established teachers of the stage⌋
vacant   = places − holders who have not retired by 1 September of the year; below 0: more holders than places
may apply = title held for the years that the next one asks for; nobody is ranked
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model.county import County
from junheng.model.period import statistics_day
from junheng.planning.teaching import STAGES, sites
from junheng.planning.teaching_people import retirement_months
from junheng.projection.retirement import month_of
from junheng.standards.rulebook import Rulebook

PRESENT, WIDENED = "assumed.title_posts.present.{stage}", "assumed.title_posts.widened.{stage}"
YEARS = "staffing.title_years.minimum"
GRADES = {"senior": ("full_senior", "senior"), "middle": ("middle",)}  # the grades of posts, and the titles that hold them
NEXT = {"junior": "middle", "middle": "senior"}  # within the grades of posts


def of_the_establishment(county: County) -> pl.DataFrame:
    """Return the register of the two stages without private schools and teachers who hold no established post, in the order of codes."""
    where = sites(county).select("school", "private", "name")
    register = county.tables["teachers"].filter(pl.col("stage").is_in(list(STAGES))).join(where, on="school", how="left")
    holds = pl.col("established").fill_null(value=True) & ~pl.col("private").fill_null(value=False)
    return register.filter(holds).sort("teacher")


def here_in(register: pl.DataFrame, rules: Rulebook, years: Sequence[int]) -> NDArray[np.bool_]:
    """Return (n, len(years)) whether each teacher has not retired by 1 September; who has no birth or sex registered stays."""
    leaves = retirement_months(rules, register["born"], register["sex"])
    then = np.array([month_of(statistics_day(year)) for year in years])
    return np.isnan(leaves)[:, None] | (np.nan_to_num(leaves)[:, None] >= then)


def post_vacancies(county: County, rules: Rulebook, years: Sequence[int]) -> pl.DataFrame:
    """Return stage, grade (senior, middle), year, posts, holders, retiring, present, widened, vacant_present, vacant_widened, may_apply.

    retiring: in the school year before; present, widened: places under each share (null where the shelf has none); may_apply: those
    of the title below who are here and have held it long enough by then. Holders are null in a stage in which a title is not filled in.
    """
    register = of_the_establishment(county)
    here, able = here_in(register, rules, (years[0] - 1, *years)), _may_apply_from(register, rules)
    rows = [row for stage in STAGES for row in _of_stage(stage, register, here, able, rules, years)]
    whole = ("year", "posts", "holders", "retiring", "present", "widened", "may_apply")
    types = {"stage": pl.String, "grade": pl.String, **dict.fromkeys(whole, pl.Int64)}
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return frame.with_columns((pl.col(name) - pl.col("holders")).alias(f"vacant_{name}") for name in ("present", "widened"))


def _of_stage(
    stage: str, register: pl.DataFrame, here: NDArray[np.bool_], able: NDArray[np.float64], rules: Rulebook, years: Sequence[int]
) -> Iterator[tuple[object, ...]]:
    of_stage = (register["stage"] == stage).to_numpy()
    title = register["title"]
    told = not (title.is_null().to_numpy() & of_stage).any()
    for grade, titles in GRADES.items():
        holds = of_stage & title.is_in(list(titles)).fill_null(value=False).to_numpy()
        below = of_stage & (title == next(lower for lower, upper in NEXT.items() if upper == grade)).fill_null(value=False).to_numpy()
        places = [_places(rules, name.format(stage=stage), grade, int(of_stage.sum())) for name in (PRESENT, WIDENED)]
        for h, year in enumerate(years):
            then, before = (int((holds & here[:, k]).sum()) for k in (h + 1, h))
            apply = int((below & here[:, h + 1] & (able <= year)).sum())
            counted = (then, before - then, *places, apply) if told else (None, None, *places, None)
            yield (stage, grade, year, int(of_stage.sum()), *counted)


def _places(rules: Rulebook, name: str, grade: str, posts: int) -> int | None:
    known = rules.standings(name).get(grade) if name in rules.parameters else None
    return None if known is None else int(posts * known.value // 100)


def _may_apply_from(register: pl.DataFrame, rules: Rulebook) -> NDArray[np.float64]:
    """Return (n,) the first school year in which each may apply for the next title; inf where that is not known or there is none."""
    known = rules.standings(YEARS) if YEARS in rules.parameters else {}
    after = {lower: float(known[upper].value) for lower, upper in NEXT.items() if upper in known}
    needs = register["title"].replace_strict(after, default=None, return_dtype=pl.Float64)
    return (register["title_since"].cast(pl.Float64) + needs).fill_null(np.inf).to_numpy()


def applicants(county: County, rules: Rulebook, years: Sequence[int]) -> pl.DataFrame:
    """Return teacher, school, name, stage, subject, title, title_since, next, first_year: who may apply within the years, by that year.

    first_year is the first of `years` for those who may already. Not a ranking: in a year they stand by school and code.
    """
    register = of_the_establishment(county)
    able, here = _may_apply_from(register, rules), here_in(register, rules, years)
    first = np.maximum(able, years[0])
    chosen = [k for k in range(register.height) if first[k] <= years[-1] and here[k, int(first[k]) - years[0]]]
    frame = register[chosen].with_columns(
        pl.Series("first_year", first[chosen], dtype=pl.Float64).cast(pl.Int64), pl.col("title").replace(NEXT).alias("next")
    )
    columns = ("teacher", "school", "name", "stage", "subject", "title", "title_since", "next", "first_year")
    return frame.select(columns).sort("first_year", "stage", "school", "teacher")


def without_title_year(county: County) -> int:
    """Return how many hold a title of which the register does not say since when."""
    register = of_the_establishment(county)
    return register.filter(pl.col("title").is_in(list(NEXT)) & pl.col("title_since").is_null()).height
