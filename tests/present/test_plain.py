"""Views become JSON without losing anything: dates as ISO text, decimals as text, both languages."""

import json
from datetime import date
from decimal import Decimal

import pytest

from junheng.present.plain import plain
from junheng.workflow import Text
from junheng.workflow.views import Cell, Heading


def test_a_view_becomes_an_object_with_its_fields():
    heading = Heading(text=Text("学校", "School"), across=2)
    assert plain(heading) == {"text": {"zh": "学校", "en": "School"}, "across": 2, "down": 1}


def test_dates_and_decimals_become_text_and_missing_stays_missing():
    values = plain((Cell(value=date(2025, 9, 1)), Cell(value=None), Decimal("0.850")))
    assert values[0]["value"] == "2025-09-01"
    assert values[1]["value"] is None
    assert values[2] == "0.850"
    json.dumps(values)


def test_what_is_not_a_value_is_refused():
    with pytest.raises(TypeError, match="object"):
        plain(object())
