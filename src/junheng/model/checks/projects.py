"""Projects, their steps, and changes of schools: dates that contradict each other, and changes that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.data import rows as data_rows
from junheng.model.checks.gather import gather
from junheng.model.county import County
from junheng.model.schema import allowed

# The dates that a project's own row holds, and the steps that they are.
STEP_COLUMNS = {"approved": "initiated", "started": "started", "finished": "finished", "in_use": "in_use"}


def check_projects(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find steps done in an impossible order, dates given twice and differently, and contracts that end before they begin."""
    projects, steps = county.tables["projects"], county.tables["project_steps"]
    yield from _order(steps)
    for column, step in STEP_COLUMNS.items():
        given = projects.select("project", pl.col(column).alias("own")).drop_nulls()
        joined = steps.filter(pl.col("step") == step).join(given, on="project").filter(pl.col("actual") != pl.col("own"))
        found = Text("项目表为{own}，进度表为{actual}", "{own} in the table of projects, {actual} in that of steps")
        yield from gather("model.step_given_twice", "project_steps", "actual", joined, found)
    ended = projects.filter(pl.col("until") < pl.col("in_use"))
    found = Text("{in_use}起，{until}止", "from {in_use} until {until}")
    yield from gather("model.contract_ends_before_it_begins", "projects", "until", ended, found)


def _order(steps: pl.DataFrame) -> Iterator[Finding]:
    done = steps.filter(pl.col("actual").is_not_null()).select("project", "step", "actual")
    for rule in data_rows("step_order"):
        before = done.filter(pl.col("step") == rule["before"]).select("project", pl.col("actual").alias("earlier"))
        late = done.filter(pl.col("step") == rule["after"]).join(before, on="project").filter(pl.col("actual") < pl.col("earlier"))
        first, then = (allowed("project_step")[rule[name]] for name in ("before", "after"))
        found = Text(f"{then.zh}{{actual}}，{first.zh}{{earlier}}", f"{then.en} {{actual}}, {first.en} {{earlier}}")
        yield from gather("model.steps_out_of_order", "project_steps", "actual", late, found)


def check_school_changes(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find mergers and new codes that do not say into which school or code, or name the school itself."""
    changes = county.tables["school_changes"]
    leads = changes.filter(pl.col("kind").is_in(["merge", "recode"]))
    nowhere = leads.filter(pl.col("successor").is_null() | (pl.col("successor") == pl.col("school")))
    rows = nowhere.with_columns(pl.col("kind").replace_strict({k: v.zh for k, v in allowed("school_change").items()}).alias("change"))
    found = Text("{change}，接收学校为{successor}", "a merger or new code, successor {successor}")
    yield from gather("model.change_without_successor", "school_changes", "successor", rows, found)
