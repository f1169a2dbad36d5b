"""Teachers and schools by the rules that ship."""

import polars as pl
import pytest

from junheng.matching import link, match_rule, normalise, shipped_model, shipped_rules


def outcomes(rule_name: str, left: list[dict[str, str]], right: list[dict[str, str]]) -> dict[tuple[int, int], str]:
    rule = match_rule(rule_name)
    sides = [pl.DataFrame(rows, schema={column.name: pl.String() for column in rule.columns}) for rows in (left, right)]
    model = shipped_model(rule)
    assert model is not None
    made = link(*(normalise(side, rule) for side in sides), rule, model)
    return {(row["left"], row["right"]): row["outcome"] for row in made.pairs.iter_rows(named=True) if row["outcome"] != "different"}


def test_every_rule_that_ships_has_weights_for_all_its_degrees():
    assert set(shipped_rules()) == {"pupils", "schools", "teachers"}
    for name in shipped_rules():
        rule = match_rule(name)
        model = shipped_model(rule)
        assert model is not None
        assert {field: set(degrees) for field, degrees in model.weights.items()} == {one.field: set(one.ids) for one in rule.compare}


SCHOOLS = [
    {"code": "2162990101", "name": "清河县第一小学", "district": "城关镇"},
    {"code": "2162990120", "name": "石桥镇中心小学", "district": "石桥镇"},
    {"code": "2162990121", "name": "红柳镇中心小学", "district": "红柳镇"},
    {"code": "3162990306", "name": "红柳镇初级中学", "district": "红柳镇"},
]


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ("石桥镇中心校", 1),
        ("石橋鎮中心小學", 1),
        ("清河县石桥镇中心学校", 1),
        ("石桥中心小学", 1),
        ("红柳中心校", 2),
        ("红柳镇初中", 3),
        ("清河县第1小学", 0),
    ],
)
def test_a_school_is_known_by_the_ways_in_which_offices_write_it(written, row):
    assert outcomes("schools", SCHOOLS, [{"name": written}]) == {(row, 0): "same"}


def test_a_name_without_its_township_is_asked_about_and_another_townships_is_never_taken():
    assert set(outcomes("schools", SCHOOLS, [{"name": "中心小学"}]).values()) <= {"ask"}
    assert "same" not in outcomes("schools", SCHOOLS, [{"name": "青羊镇中心小学", "district": "青羊镇"}]).values()


def test_one_code_with_two_names_and_one_name_with_two_codes_are_asked_about():
    assert outcomes("schools", SCHOOLS, [{"code": "2162990101", "name": "双泉镇希望小学"}]) == {(0, 0): "ask"}
    assert outcomes("schools", SCHOOLS, [{"code": "2162990199", "name": "石桥镇中心小学"}]) == {(1, 0): "ask"}


TEACHERS = [
    {
        "code": "T0001",
        "name": "王梓涵",
        "id_number": "110105198305061236",
        "birth": "1983-05-06",
        "school": "清河县第一小学",
        "subject": "语文",
    },
    {"code": "T0002", "name": "李强", "birth": "1979-11-02", "school": "清河县第一小学", "subject": "数学"},
    {"code": "T0003", "name": "李强", "birth": "1990-01-15", "school": "石桥镇中心小学", "subject": "体育"},
    *(
        {
            "code": f"T1{n:03}",
            "name": f"{'赵钱孙周吴郑'[n % 6]}{'东南西北'[n % 4]}{'甲乙丙丁戊'[n % 5]}",
            "birth": f"198{n % 9}-03-1{n % 9}",
        }
        for n in range(40)
    ),
]


def test_a_teacher_is_found_across_registers_by_number_name_and_id():
    right = [
        {"code": "T0002", "name": "李强"},  # payroll: number and name
        {"name": "李强", "birth": "1990.01.15", "school": "石桥中心校", "subject": "体育"},  # training: no number
        {"name": "王子涵", "id_number": "110105198305061236"},  # certificates: one character off
    ]
    assert outcomes("teachers", TEACHERS, right) == {(1, 0): "same", (2, 1): "same", (0, 2): "same"}


def test_a_number_given_to_another_teacher_and_a_bare_common_name_are_asked_about():
    assert outcomes("teachers", TEACHERS, [{"code": "T0001", "name": "赵国庆"}]) == {(0, 0): "ask"}
    assert "same" not in outcomes("teachers", TEACHERS, [{"name": "李强"}]).values()
