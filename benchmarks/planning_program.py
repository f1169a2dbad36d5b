"""A million variables from sentences to the engine, beside the same model written as bare arrays; one run.

python benchmarks/planning_program.py [--blocks 5000] [--schools 200] [--times 5]

ours   `Program`: variables, two kinds of rules with the name of every row, the cost; then handed to HiGHS
bare   the same matrix written by hand with numpy, handed to HiGHS
Both engines must hold the same program: costs, bounds and every entry.
"""

from __future__ import annotations

import argparse

import highspy
import measure
import numpy as np
from planning_instances import county, metres, places_for
from scipy.sparse import csc_array, csr_array

from junheng.errors import Text
from junheng.planning.solve import Program
from junheng.planning.solve.highs import HighsSession

SECONDS = 1.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--blocks", type=int, default=5000)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    places = county(asked.blocks, asked.schools)
    way = metres(places.blocks, places.sites)
    room = places_for(places.pupils, way, 1)
    runs = measure.alternated({"ours": lambda: ours(way, places.pupils, room), "bare": lambda: bare(way, places.pupils, room)}, asked.times)
    theirs, others = (written(runs[name].result) for name in ("ours", "bare"))
    assert all(np.array_equal(one, other) for one, other in zip(theirs, others, strict=True))
    print(measure.machine())
    print(measure.line(f"ours: {way.size:,} variables", runs["ours"]))
    print(measure.line("bare arrays", runs["bare"], f"ratio {runs['ours'].seconds / runs['bare'].seconds:.2f}"))
    print(measure.verdict("from sentences to the engine", runs["ours"].seconds, SECONDS, unit="s"))


def ours(way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> highspy.Highs:
    """Return the engine with the program."""
    blocks, schools = way.shape
    block, school = np.repeat(np.arange(blocks), schools), np.tile(np.arange(schools), blocks)
    program = Program(unit="pupil-metres")
    goes = program.variables(Text("{block}到{school}的学生", "pupils of {block} at {school}"), way.size, block=block, school=school)
    everyone = Text("{block}的孩子都有学位", "every child of {block} has a place")
    program.rule(everyone, goes.sum_by(block) == pupils, block=np.arange(blocks))
    program.rule(Text("{school}不超员", "{school} is not overfull"), goes.sum_by(school) <= room, school=np.arange(schools))
    program.cost(Text("路程", "travel"), goes * way.ravel(), unit="pupil-metres")
    return HighsSession(program.arrays())._highs


def bare(way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> highspy.Highs:
    """Return the same of the model that is written by hand, column by column."""
    blocks, schools = way.shape
    rows = np.empty((way.size, 2), np.int32)
    rows[:, 0], rows[:, 1] = np.repeat(np.arange(blocks), schools), np.tile(np.arange(blocks, blocks + schools), blocks)
    start = np.arange(0, 2 * way.size, 2, dtype=np.int32)
    engine = highspy.Highs()
    engine.silent()
    least = np.concatenate((pupils, np.full(schools, -np.inf)))
    most = np.concatenate((pupils, room)).astype(float)
    columns = (way.ravel().astype(float), np.zeros(way.size), np.full(way.size, np.inf))
    shape = (way.size, blocks + schools, rows.size, int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), 0.0)
    engine.passModel(*shape, *columns, least, most, start, rows.ravel(), np.ones(rows.size), np.zeros(way.size, np.int32))
    return engine


def written(engine: highspy.Highs) -> list[np.ndarray]:
    """Return the program that an engine holds: costs, bounds of columns and rows, and the entries, column by column."""
    lp = engine.getLp()
    of = lp.a_matrix_
    kind = csc_array if of.format_ == highspy.MatrixFormat.kColwise else csr_array
    entries = kind((np.asarray(of.value_), np.asarray(of.index_), np.asarray(of.start_)), shape=(lp.num_row_, lp.num_col_)).tocsc()
    entries.sort_indices()
    parts = [lp.col_cost_, lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_]
    return [*map(np.asarray, parts), entries.indptr, entries.indices, entries.data]


if __name__ == "__main__":
    main()
