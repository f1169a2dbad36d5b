"""Two years side by side: the differences are those of the printed values, and a verdict turns only on data."""

from decimal import Decimal

from junheng.errors import Text
from junheng.workflow.compare import compare, side_by_side


def test_two_years_of_qinghe(root):
    comparison = compare(root / "examples/qinghe", year=2025)
    assert (comparison.before.zh, comparison.after.zh) == ("清河县（虚构） 2024", "清河县（虚构） 2025")
    assert any(row.turn == "new" for row in comparison.rows)  # the new school
    assert any(row.turn == "gone" for row in comparison.rows)  # the one that was merged
    for row in comparison.rows:
        if row.change:
            assert Decimal(row.after.shown) - Decimal(row.before.shown) == Decimal(row.change)
        if row.turn in ("gained", "lost"):
            assert {row.before_verdict, row.after_verdict}.isdisjoint({"no_data", "needs_evidence"})


def test_a_county_against_itself_has_not_changed(qinghe):
    comparison = side_by_side(qinghe, qinghe, same_county=True)
    assert {row.turn for row in comparison.rows} == {"same"}
    assert comparison.notes == ()


def test_two_counties_share_no_schools(qinghe):
    comparison = side_by_side(qinghe, qinghe, same_county=False)
    assert {row.place for row in comparison.rows} <= {Text("全县", "the county"), *(one.stage_label for one in qinghe.units)}
