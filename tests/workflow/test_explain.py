"""Any figure of any indicator opens by its id; a wrong id names the nearest."""

import pytest

from junheng.errors import DataError
from junheng.workflow.explain import explain

FOLDER = "examples/qinghe"


def test_a_figure_of_a_school_opens_down_to_its_cells(root):
    trail = explain(root / FOLDER, "conditions.teaching_area/primary/2162990124", 2025)
    assert trail.figure.exact == "764.1 ÷ 200 = 3.8205"
    assert trail.limit.source.number == "教督〔2017〕6号"
    assert [entry.shown for entry in trail.inputs if entry.name.startswith("teaching_area")] != []


def test_an_indicator_outside_the_framework_opens_too(root):
    trail = explain(root / FOLDER, "preschool.enrolment_rate", 2025)
    assert trail.figure.value is not None
    assert trail.limit is None


def test_a_misspelt_figure_names_the_nearest(root):
    with pytest.raises(DataError, match=r"conditions\.teaching_area/primary"):
        explain(root / FOLDER, "conditions.teaching_aria/primary/2162990124", 2025)
