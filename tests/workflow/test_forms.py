"""The statutory forms, filled from an invented county whose verdicts are known."""

from junheng.errors import Text
from junheng.workflow.forms import Judged, forms
from tests.present import invented

COUNTY = invented.county()
JUDGED = Judged(
    name=Text("青屏县", "Qingping"),
    year=2025,
    facts=((Text("小学在校生", "Primary pupils"), 12_345), (Text("教学点", "Teaching points"), None)),
    units=COUNTY.units,
    spreads=COUNTY.spreads,
    parts={part.id: part for part in COUNTY.parts},
)
SHEETS = {sheet.id: sheet for sheet in forms("quality-balance-2017", JUDGED)}


def test_there_are_the_forms_one_to_six():
    assert [sheet.name.zh for sheet in SHEETS.values()] == ["表Ⅰ", "表Ⅱ-1", "表Ⅱ-2", "表Ⅲ", "表Ⅳ", "表Ⅴ", "表Ⅵ"]


def test_every_row_is_as_wide_as_its_headings():
    for sheet in SHEETS.values():
        wide = sum(heading.across for heading in sheet.headings[0])
        assert wide == len(sheet.widths), sheet.id
        assert {len(row) for row in sheet.rows} <= {wide}, sheet.id


def test_a_missing_fact_stays_empty():
    assert [cell.value for cell in SHEETS["form-basics"].rows[0]] == ["青屏县", 12_345, None]


def test_the_counts_of_an_indicator_add_up_to_its_schools():
    for row in SHEETS["form-counts"].rows:
        schools, met, near, below, unknown = (cell.value for cell in row[2:7])
        assert met + near + below + unknown == schools
        assert (row[7].value is None) == (unknown > 0)  # a share is not given while a school is unknown


def test_only_judged_schools_stand_in_the_list_of_schools():
    assert len(SHEETS["form-schools"].rows) == sum(unit.judged for unit in COUNTY.units)
    assert all(row[0].text for row in SHEETS["form-schools"].rows)  # codes are text: Excel would eat their digits


def test_the_overall_coefficient_is_the_plain_mean_or_nothing():
    rows = SHEETS["form-spread"].rows
    for stage in ("小学", "初中"):
        block = [row for row in rows if row[0].value == stage]
        known = [row[3].value for row in block[:-1]]
        mean = None if None in known else sum(known) / len(known)
        assert block[-1][3].value == mean
        assert block[-1][3].verdict is None  # it is not a test


def test_a_framework_without_known_forms_has_none():
    assert forms("preschool-inclusive-2020", JUDGED) == ()
