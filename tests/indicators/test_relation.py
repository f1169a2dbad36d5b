"""The shipped derived tables: what they declare is what they give, and nothing is computed that nobody reads."""

from __future__ import annotations

import polars as pl
import pytest

from junheng.indicators.engine_duckdb import DuckDB
from junheng.indicators.relation import chain, derived, relations
from junheng.indicators.rows import select_from
from junheng.model import schema
from tests.indicators.small import CODE, pupils, rules, school, small

KINDS = {"integer": pl.Int64, "year": pl.Int64, "decimal": pl.Decimal, "text": pl.String, "code": pl.String, "boolean": pl.Boolean}


@pytest.mark.parametrize("name", [name for name, relation in relations().items() if relation.source == name])
def test_a_relation_has_the_columns_and_types_it_declares(name: str):
    relation = relations()[name]
    assert set(derived()[name].columns) == {"county", *relation.columns}
    frame = select_from(name, tuple(relation.columns), {CODE: rules()}, DuckDB(small()))
    for column in relation.columns.values():
        kind = KINDS[column.type]
        found = frame.schema[column.name]
        assert found == kind or (kind is pl.Int64 and found.is_integer()), (column.name, found)


def test_what_a_column_is_made_of_is_in_the_schema():
    for relation in relations().values():
        for column in relation.columns.values():
            for made in column.made_of:
                table, _, base = made.rpartition(":")[2].partition(".")
                assert base in schema().tables[table].names, made
                assert schema().tables[table].column(base).level <= "L2", made  # every figure is shown, and opens down to its cells
            assert column.label.zh
            assert column.reach in ("own", "compulsory", "school", "county")


def test_every_school_table_is_merged_before_it_is_read():
    # a table with a school column may hold rows of campuses: only files that merge them, or name whose account they are on, may read it
    knows = {"sites", "merging", "site_accounts", "returned_campuses"}
    merges = {name for name, table in derived().items() if knows & set(table.reads)}
    sent = {
        f"returned_{name}" for name, table in schema().tables.items() if "school" in table.names and name not in ("schools", "campuses")
    }
    before = {"sent_stages": "returned_enrolment", "fit_premises": "returned_premises"}  # a row a site: whoever reads them merges
    assert all(derived()[name].reads[0] == read for name, read in before.items())
    for name, table in derived().items():
        for read in table.reads:
            if name not in before and read in {*sent, *before}:
                assert name in merges, (name, read)


def test_only_what_is_read_is_computed():
    found = chain({"resources": {"pupils"}})
    assert found.tables == ("campuses", "enrolment", "schools")
    assert found.limits == ("scope.teaching_point.minimum",)
    assert "split" not in " ".join(text for _, text in found.expressions)


def test_the_order_is_merge_list_split_exclude():
    names = [name for name, _ in chain({"resources": {"stage_weight", "teaching_area_m2", "weighted_pupils"}}).expressions]
    order = ["sites", "enrolled", "listed_stages", "school_totals", "school_stages", "resources"]
    assert [name for name in names if name in order] == order


def test_a_unit_is_there_whatever_it_sent():
    county = small(
        schools=[school("A"), school("B")],
        enrolment=[pupils("A", "primary", 10)],
        classes=[{"school": "A", "stage": "primary", "class": "1"}],
    )
    for name in ("school_stages", "class_groups", "classes", "rooms"):
        frame = select_from(name, ("school",), {CODE: rules()}, DuckDB(county))
        assert set(frame["school"]) == {"A", "B"}, name


def test_a_stage_without_pupils_is_no_unit():
    county = small(schools=[school("N", "nine_year")], enrolment=[pupils("N", "primary", 10), pupils("N", "junior", 0)])
    frame = select_from("school_stages", ("school", "stage", "stage_weight"), {CODE: rules()}, DuckDB(county))
    assert frame.rows() == [("N", "primary", 1)]  # one stage only: nothing is split


def test_attached_classes_are_split_the_same_way():
    county = small(schools=[school("J", "junior")], enrolment=[pupils("J", "primary", 100), pupils("J", "junior", 100)])
    frame = select_from("school_stages", ("stage", "stage_weight", "weighted_pupils"), {CODE: rules()}, DuckDB(county)).sort("stage")
    assert [(stage, float(w), float(n)) for stage, w, n in frame.iter_rows()] == [("junior", 1.1, 210.0), ("primary", 1.0, 210.0)]
