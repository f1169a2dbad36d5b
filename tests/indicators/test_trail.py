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


def traced(indicator: str, *, school: str | None = None, stage: str | None = None, **tables: object):
    data = small(**tables)
    return Tracer(data, rules(), evaluate(data, rules().framework(QUALITY), rules())).explain(indicator, school=school, stage=stage)


def test_rows_that_the_filter_leaves_out_are_neither_inputs_nor_cells():
    staff = [("A", "primary", 9, 10), ("K", "preschool", 3, 7), ("A", "preschool", 1, 2)]
    found = traced(
        "certificates.share",
        schools=[school("A"), school("K", "kindergarten")],
        enrolment=[pupils("A", "primary", 90), pupils("A", "preschool", 20), pupils("K", "preschool", 60)],
        staff=[{"school": code, "stage": stage, "certified": some, "teachers": all_} for code, stage, some, all_ in staff],
    )
    assert (found.numerator, found.denominator) == (9, 10)
    assert {item.column: item.value for item in found.inputs} == {"certified": 9, "teachers": 10}
    assert {(cell.key, cell.value) for cell in found.cells} == {("A|primary", 9), ("A|primary", 10)}


def test_a_filter_with_a_limit_of_the_day_is_applied_to_the_trail():
    tables = {"schools": [school("A")], "enrolment": [pupils("A", "primary", 99)], "finance": [{"school": "A", "public_funds_yuan": 72000}]}
    found = traced("funds.small_school", school="A", **tables)
    assert {item.column: item.value for item in found.inputs}["funded_pupils"] == 100
    assert ("enrolment", "A|primary|all|all", 99) in {(cell.table, cell.key, cell.value) for cell in found.cells}
    assert ("finance", "A", Decimal(72000)) in {(cell.table, cell.key, cell.value) for cell in found.cells}


def test_the_trail_of_an_account_names_the_sites_whose_money_stands_with_it_and_no_others():
    tables = {
        "schools": [school("A")],
        "campuses": [{"campus": code, "school": "A", "name": code, "counted": False} for code in ("S1", "S2")],
        "enrolment": [pupils("A", "primary", 300), pupils("S1", "primary", 60), pupils("S2", "primary", 20)],
        "finance": [{"school": "A", "public_funds_yuan": 288000}, {"school": "S2", "public_funds_yuan": 72000}],
    }
    found = traced("funds.small_school", school="A", **tables)
    assert (found.numerator, found.denominator) == (288000, 288000)  # 300 × 720 + 100 × 720
    assert [step.zh for step in found.steps] == ["经费与本校合在一起的校点：S1"]
    assert {(cell.table, cell.value) for cell in found.cells if cell.column in ("pupils", "public_funds_yuan")} == {
        ("enrolment", 300),
        ("enrolment", 60),
        ("finance", Decimal(288000)),
    }
    assert traced("funds.small_school", school="S2", **tables).denominator == 72000


def test_the_county_tables_own_rows_are_those_of_the_stage_and_a_minimum_is_shown_as_one():
    rows = [("primary", "chinese", 4), ("primary", "mathematics", 3), ("junior", "chinese", 2)]
    monitoring = [{"county": "620725", "stage": stage, "subject": subject, "level": level} for stage, subject, level in rows]
    found = traced("monitoring.level", stage="primary", monitoring=monitoring)
    assert [(item.column, item.value, item.use, item.rows) for item in found.inputs if item.column == "level"] == [("level", 3, "min", 2)]
    assert [step.zh for step in found.steps] == ["只按报送的学科：语文、数学"]
    assert [item.label.zh for item in found.inputs if item.column == "level"] == ["水平等级（最小）"]
    assert {(cell.key, cell.value) for cell in found.cells if cell.column == "level"} == {
        ("620725|primary|chinese", 4),
        ("620725|primary|mathematics", 3),
    }


def test_what_repeats_on_every_room_is_shown_once_and_areas_are_not_added():
    found = traced(
        "rooms.music",
        school="A",
        schools=[school("A")],
        enrolment=[pupils("A", "primary", 90), pupils("A", "preschool", 9)],
        classes=[
            {"school": "A", "stage": stage, "class": stage + name, "pupils": 9} for stage in ("primary", "preschool") for name in "12"
        ],
        special_rooms=[{"school": "A", "room": name, "use": name, "area_m2": area} for name, area in (("music", 100), ("art", 90))],
    )
    assert {item.column: (item.use, item.value) for item in found.inputs} == {
        "use": ("values", "art, music"),
        "area_m2": ("values", "90, 100"),
        "room": ("values", "art, music"),
        "classes": ("max", 2),
        "kind": ("values", "primary"),
    }
    assert {cell.key for cell in found.cells if cell.table == "classes"} == {"A|primary|primary1", "A|primary|primary2"}


def test_a_quota_of_a_stage_leads_to_its_own_cell():
    facts = [{"county": "620725", "public_funds_quota_primary_yuan": 720, "public_funds_quota_junior_yuan": 940}]
    found = traced("funds.quota", stage="junior", county_facts=facts)
    assert [(cell.column, cell.value) for cell in found.cells] == [("public_funds_quota_junior_yuan", 940)]


def attached(stage: str):
    return traced(
        "conditions.equipment_value",
        school="A",
        stage="primary",
        schools=[school("A")],
        enrolment=[pupils("A", "primary", 81), pupils("A", stage, 19)],
        equipment=[{"school": "A", "teaching_equipment_yuan": 250000}],
    )


def test_an_attached_preschool_class_is_split_by_a_weight_that_says_it_is_our_reading():
    found = attached("preschool")
    assert (found.value, found.denominator) == (2500, 100)
    assert any("preschool的权数1未见规定，是我们的理解（split.all_through.weight）" in step.zh for step in found.steps)


def test_a_stage_without_a_weight_is_named_with_its_school():
    found = attached("vocational")
    assert found.value is None
    assert any("学校A的学段vocational没有权数（split.all_through.weight）" in step.zh for step in found.steps)
