from datetime import date

import pytest

from junheng.standards.parameter import clock_minutes
from tests.standards.made import shelf


def test_a_parameter_knows_what_holds_on_a_day():
    size = shelf().parameters["school_size.maximum"]
    assert size.on("all", date(2011, 12, 31)) is None
    assert size.on("all", date(2012, 1, 1)).value == 2500
    assert size.on("all", date(2030, 1, 1)).value == 2000
    assert size.on("primary", date(2030, 1, 1)) is None


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("8:20", 500), ("08:20", 500), ("23:59", 1439)])
def test_a_clock_time_is_minutes_after_midnight(text, minutes):
    assert clock_minutes(text) == minutes


@pytest.mark.parametrize("text", ["8", "8:2", "25:00", "08:60", "eight:20", "8：20", "-8:20"])
def test_what_is_no_clock_time_is_none(text):
    assert clock_minutes(text) is None
