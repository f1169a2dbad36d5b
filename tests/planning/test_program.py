"""Rules over many rows say what they say."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.solve import Program
from junheng.planning.solve.program import value_of


def sentence(text: str) -> Text:
    return Text(text, text)


def dense(program: Program) -> np.ndarray:
    rows = program.arrays().rows
    start, index, value = rows.entries
    matrix = np.zeros((program.rows, program.columns))
    for row in range(program.rows):
        np.add.at(matrix[row], index[start[row] : start[row + 1]], value[start[row] : start[row + 1]])
    return matrix


def test_an_expression_becomes_the_rows_it_says() -> None:
    program = Program()
    x = program.variables(sentence("x{n}"), 3, n=[1, 2, 3])
    y = program.variables(sentence("y"), 1)
    program.rule(sentence("a"), 2 * x - 1 <= np.array([4, 5, 6]))
    program.rule(sentence("b"), x.sum_by([0, 1, 0], 3) + x >= 1)
    program.rule(sentence("c"), 5 - x[[0]] == y)
    arrays = program.arrays()
    # 2x - 1 <= 4, 5, 6; the groups {x1, x3}, {x2}, {} each with one x; 5 - x1 - y = 0
    expected = [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [2, 0, 1, 0], [0, 2, 0, 0], [0, 0, 1, 0], [-1, 0, 0, -1]]
    assert dense(program).tolist() == expected
    assert arrays.rows.lower.tolist() == [-np.inf] * 3 + [1, 1, 1, -5]
    assert arrays.rows.upper.tolist() == [5, 6, 7, np.inf, np.inf, np.inf, -5]


def test_every_row_and_variable_has_its_sentence() -> None:
    program = Program()
    goes = program.variables(Text("{village}到{school}", "{village} to {school}"), 2, village=["Hill", "Ford"], school=["East", "West"])
    program.rule(sentence("{village} goes"), goes >= 1, village=["Hill", "Ford"])
    program.definition(sentence("whatever"), goes.sum() <= 9)
    program.rule(sentence("last"), goes.sum() >= 2)
    assert program.name_of_column(1) == Text("Ford到West", "Ford to West")
    assert [program.name_of_row(row).en for row in range(4)] == ["Hill goes", "Ford goes", "whatever", "last"]
    assert program.named_rows().tolist() == [0, 1, 3]


def test_costs_add_up_with_their_weights() -> None:
    program = Program(unit="yuan")
    x = program.variables(sentence("x"), 2)
    program.cost(sentence("travel"), x * [3, 4] + 1, unit="km", weight=10)
    late = program.variables(sentence("late"), 1)
    program.cost(sentence("building"), late, unit="yuan")
    arrays = program.arrays()
    assert arrays.cost.tolist() == [30, 40, 1]
    assert arrays.offset == 20
    assert [term.amount(np.array([1.0, 2.0, 5.0])) for term in program.costs] == [3 + 8 + 2, 5]


def test_an_expression_has_a_value_at_a_plan() -> None:
    program = Program()
    x = program.variables(sentence("x"), 3)
    assert value_of(x.sum_by([1, 1, 0]) - [1, 2], np.array([1.0, 2.0, 4.0])).tolist() == [3, 1]


def test_mistakes_are_named() -> None:
    program = Program()
    x = program.variables(sentence("x"), 3)
    with pytest.raises(ValueError, match="2 names of n"):
        program.rule(sentence("{n}"), x <= 1, n=[1, 2])
    with pytest.raises(ValueError, match="lower bound lies above"):
        program.variables(sentence("y"), 1, lower=2, upper=1)
    with pytest.raises(ValueError, match="given 2 groups"):
        x.sum_by([0, 1])
    with pytest.raises(ValueError, match="cannot be added"):
        x + x[:2]
