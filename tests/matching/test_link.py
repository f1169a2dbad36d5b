"""The cases that officers fear: twins, two with one number, a child without one, a missing column, decisions of persons."""

import polars as pl
import pytest

from junheng.matching import decision_lines, explain, in_words, normalise, shipped_model
from junheng.matching.identity_numbers import check_character
from tests.matching.small import RULE, child, frame, linked, outcomes


def id_number(digits: str) -> str:
    return digits + pl.DataFrame({"d": [digits]}).select(check_character(pl.col("d"))).item()


ONE, NEXT = id_number("99070120130506123"), id_number("99070120130506125")
HOME = {"guardian": "王建国", "phone": "19900000001", "school": "第一小学"}


def test_the_weights_that_ship_are_of_the_rule_that_ships():
    assert shipped_model(RULE).rule_digest == RULE.digest


def test_twins_are_not_taken_for_each_other():
    left = [child("王梓涵", ONE, "2013-05-06", **HOME), child("王梓萱", NEXT, "2013-05-06", **HOME)]
    right = [child("王梓萱", NEXT, "2013-05-06", **HOME), child("王梓涵", ONE, "2013-05-06", **HOME)]
    found = outcomes(linked(left, right))
    assert found[0, 1] == found[1, 0] == "same"
    assert "same" not in {found.get((0, 0)), found.get((1, 1))}


def test_the_twin_who_is_not_on_the_list_is_not_paid_for_the_other():
    left = [child("王梓涵", ONE, "2013-05-06", **HOME)]
    assert outcomes(linked(left, [child("王梓萱", NEXT, "2013-05-06", **HOME)])).get((0, 0), "different") == "different"
    # without the number nobody can tell a twin from a slip of the pen, so a person is asked
    assert outcomes(linked(left, [child("王梓萱", None, "2013-05-06", **HOME)])).get((0, 0), "different") != "same"


def test_two_with_one_number_are_asked_about():
    left = [child("王梓涵", ONE, "2013-05-06", **HOME)]
    links = linked(left, [child("李强", ONE, None, guardian="李刚")])
    assert (outcomes(links)[0, 0], links.pairs["because"][0]) == ("ask", "two_with_one_id")
    both = normalise(frame([*left, child("李强", ONE)]), RULE)
    assert [one.rule for one in both.findings] == ["matching.one_number_two_names"]


def test_a_child_without_a_number_is_found_by_everything_else():
    found = outcomes(linked([child("王梓涵", None, "2013-05-06", **HOME)], [child("王梓涵", ONE, "2013-05-06", **HOME)]))
    assert found[0, 0] == "same"


@pytest.mark.parametrize("absent", ["birth", "guardian", "phone", "school"])
def test_what_is_missing_is_no_mismatch(absent):
    whole = child("王梓涵", ONE, "2013-05-06", **HOME)
    pair = linked([whole], [whole | {absent: None}]).pairs.row(0, named=True)
    assert (pair["outcome"], pair[f"bits_{absent}"] if absent != "birth" else 0) == ("same", 0)


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("name", "王子涵"), ("name", "王梓 涵"), ("name", "王梓晗"), ("birth", "2013-06-05"), ("birth", "2013.5"),
        ("id_number", ONE[:9] + "9" + ONE[10:]), ("id_number", ONE + "44"), ("guardian", "王健国"),
    ],
)  # fmt: skip
def test_one_slip_of_the_pen_is_seen_through(field, written):
    whole = child("王梓涵", ONE, "2013-05-06", **HOME)
    assert outcomes(linked([whole], [whole | {field: written}]))[0, 0] == "same"


def test_one_name_and_two_valid_numbers_are_two_persons_or_a_question():
    left = child("王梓涵", ONE, "2013-05-06", **HOME)
    found = outcomes(linked([left], [child("王梓涵", id_number("99070220130506321"), "2013-05-06")]))
    assert found.get((0, 0), "different") in {"ask", "different"}


def test_two_lines_that_fit_as_well_are_asked_about():
    same = child("王梓涵", None, "2013-05-06")
    found = outcomes(linked([same, same], [child("王梓涵", None, "2013-05-06")]))
    assert set(found.values()) == {"ask"}


def test_a_list_of_nobody_is_no_error():
    links = linked([child("王梓涵", ONE)], [])
    assert links.pairs.height == 0
    assert links.alone_left.len() == 61


def test_every_decision_is_explained_by_field_and_weight():
    whole = child("王梓涵", ONE, "2013-05-06", **HOME)
    pair = linked([whole], [whole | {"name": "王子涵"}]).pairs.row(0, named=True)
    told = explain(pair, RULE)
    assert told.before + sum(reason.bits for reason in told.reasons) == pytest.approx(told.weight)
    assert {reason.field: reason.degree for reason in told.reasons}["name"] == "same_sound"
    assert "姓名同音不同字" in in_words(told, "zh")
    assert "Name same sound" in in_words(told, "en")


def ids(links) -> tuple[str, str]:
    return links.pairs["left_id"][0], links.pairs["right_id"][0]


def test_what_a_person_decided_holds_next_term_and_can_be_taken_back():
    left, right = [child("王梓涵", ONE, "2013-05-06", **HOME)], [child("李强", ONE, None, guardian="李刚")]
    asked = linked(left, right)
    assert outcomes(asked) == {(0, 0): "ask"}
    lines = [(*ids(asked), "same", "张", "2026-03-01", "改名")]
    newcomer = child("孙小雨", None, "2014-02-02")
    later = linked([newcomer, *left], [newcomer, *right], decision_lines(lines))  # next term's lists have other rows
    assert outcomes(later)[1, 1] == "same"
    assert "decided" in later.pairs["because"].to_list()
    lines.append((*ids(asked), "different", "李", "2026-09-01", "查过户口"))
    assert outcomes(linked(left, right, decision_lines(lines))) == {(0, 0): "different"}
    lines.append((*ids(asked), "open", "李", "2026-09-02", ""))
    assert outcomes(linked(left, right, decision_lines(lines))) == {(0, 0): "ask"}
