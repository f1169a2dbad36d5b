"""From a figure to the cell it was read from."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from junheng.indicators import Tracer, evaluate
from junheng.model import ORIGIN_SCHEMA, County
from tests.indicators.small import QUALITY, pupils, rules, school, small


def county() -> County:
    data = small(
        schools=[school("N", "nine_year"), school("A")],
        campuses=[{"campus": "N1", "school": "N", "name": "N1"}],
        enrolment=[pupils("N", "primary", 100), pupils("N1", "primary", 66), pupils("N", "junior", 210), pupils("A", "primary", 50)],
        equipment=[
            {"school": "N", "teaching_equipment_yuan": 20000},
            {"school": "N1", "teaching_equipment_yuan": 3226},
            {"school": "A", "teaching_equipment_yuan": 5000},
        ],
        classes=[
            {"school": "A", "stage": "primary", "class": "1", "pupils": 46},
            {"school": "A", "stage": "primary", "class": "2", "pupils": 4},
        ],
    )
    origin = {"key": "N", "column": "teaching_equipment_yuan", "file": "N.xlsx", "sheet": "教基5176", "cell": "D19"}
    return County(data.code, data.year, data.tables, {"equipment": pl.DataFrame([origin], schema=dict(ORIGIN_SCHEMA))})


def tracer() -> Tracer:
    data = county()
    return Tracer(data, rules(), evaluate(data, rules().framework(QUALITY), rules()))


def test_a_split_figure_shows_formula_inputs_rows_and_source_cell():
    trail = tracer().explain("conditions.equipment_value", school="N", stage="junior")
    assert trail.formula == "sum(stage_weight * teaching_equipment_yuan) / (sum(weighted_pupils))"
    assert (trail.numerator, trail.denominator, trail.weight) == (Decimal("25548.6"), Decimal(397), Decimal(210))
    inputs = {item.column: item.value for item in trail.inputs}
    assert inputs == {"stage_weight": Decimal("1.1"), "teaching_equipment_yuan": 23226, "weighted_pupils": 397, "pupils": 210}
    cells = {(cell.table, cell.key, cell.value) for cell in trail.cells}
    assert cells == {
        ("equipment", "N", Decimal(20000)),
        ("equipment", "N1", Decimal(3226)),
        ("enrolment", "N|primary|all|all", 100),
        ("enrolment", "N1|primary|all|all", 66),
        ("enrolment", "N|junior|all|all", 210),
    }
    (source,) = [cell for cell in trail.cells if cell.file]
    assert (source.key, source.file, source.sheet, source.cell) == ("N", "N.xlsx", "教基5176", "D19")
    assert [step.zh for step in trail.steps] == ["并入不单独测算的校区：N1", "全校共用资源按学段权数分摊：本学段权数1.1，全校折合学生数397"]


def test_limits_of_the_day_stand_in_the_formula():
    trail = tracer().explain("class_size.oversized_share", school="A", stage="primary")
    assert "least > 45 or (most > 45 and exact)" in trail.filled
    assert "{class_size.maximum}" in trail.formula
    assert [(standing.parameter, standing.selector, standing.value) for standing in trail.limits] == [("class_size.maximum", "primary", 45)]
    assert trail.limits[0].document.number == "教督〔2017〕6号"
    assert {(cell.key, cell.value) for cell in trail.cells if cell.column == "pupils"} == {("A|primary|1", 46), ("A|primary|2", 4)}


def test_a_coefficient_leads_to_its_schools():
    trail = tracer().explain("conditions.equipment_value.cv", stage="primary")
    assert [code for code, _ in trail.schools] == ["A", "N"]
    assert dict(trail.schools)["A"] == 100.0
    assert trail.cells == ()
    assert "加权" in trail.formula or "weighted_cv" in trail.formula


def test_a_county_figure_shows_its_row_and_a_figure_without_data_has_a_trail_too():
    data = small(county_facts=[{"county": "620725", "exchanged": 12}])
    found = Tracer(data, rules(), evaluate(data, rules().framework(QUALITY), rules())).explain("exchange.share")
    assert (found.value, found.missing) == (None, 1)
    assert {(cell.column, cell.value) for cell in found.cells} == {("exchanged", 12), ("exchange_eligible", None)}


def test_more_cells_than_are_shown_are_counted():
    trail = tracer().explain("conditions.equipment_value", school="N", stage="junior", most_cells=2)
    assert (len(trail.cells), trail.cells_left_out) == (2, 3)
