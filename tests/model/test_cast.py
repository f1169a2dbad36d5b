from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from junheng.model import fit, schema

WHOLE = schema().tables["enrolment"].column("pupils")
MONEY = schema().tables["equipment"].column("teaching_equipment_yuan")
CODE = schema().tables["schools"].column("school")
YES_NO = schema().tables["schools"].column("boarding")
DAY = schema().tables["projects"].column("finished")
LON = schema().tables["schools"].column("lon")


@pytest.mark.parametrize(
    ("column", "sent", "kept"),
    [
        (WHOLE, ["3", "", None], [3, None, None]),
        (WHOLE, [3.0, None], [3, None]),
        (WHOLE, [Decimal(4)], [4]),
        (MONEY, ["0.85", "1e3"], [Decimal("0.85"), Decimal(1000)]),
        (MONEY, [0.1 + 0.2], [Decimal("0.3")]),
        (LON, ["101.1234567"], [Decimal("101.123457")]),
        (CODE, ["0042"], ["0042"]),
        (CODE, [2162000001], ["2162000001"]),
        (CODE, [2162000001.0], ["2162000001"]),
        (YES_NO, ["true", "false", ""], [True, False, None]),
        (DAY, ["2025-09-01"], [date(2025, 9, 1)]),
    ],
)
def test_what_fits_is_kept(column: object, sent: list[object], kept: list[object]) -> None:
    series, misfit = fit(pl.Series(sent, strict=False), column)  # type: ignore[arg-type]
    assert series.to_list() == kept
    assert not misfit.any()


@pytest.mark.parametrize(
    ("column", "sent"),
    [
        (WHOLE, "3.5"),
        (WHOLE, 3.5),
        (WHOLE, "三十"),
        (WHOLE, True),
        (WHOLE, date(2025, 9, 1)),
        (WHOLE, float("nan")),
        (MONEY, "1,000"),
        (MONEY, "9" * 20),
        (CODE, 620725201509011234.0),  # an 18-digit number that passed through a float has lost digits
        (CODE, float("inf")),
        (YES_NO, "是"),
        (YES_NO, 1),
        (DAY, "2025-02-30"),
        (DAY, 43709),
    ],
)
def test_what_does_not_fit_is_named_and_not_bent(column: object, sent: object) -> None:
    series, misfit = fit(pl.Series([sent, None]), column)  # type: ignore[arg-type]
    assert series.to_list() == [None, None]
    assert misfit.to_list() == [True, False]
