"""HiGHS on the numbers of planning_years.py: `planning_years_peer.py NUMBERS.npz GAP SECONDS` prints what it found, and when."""

from __future__ import annotations

import json
import sys
import time

import highspy
import numpy as np

FAR = 1 << 40


class Rows:
    """Rows that are added one family after the other."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count, self.row, self.column, self.value, self.low, self.high = 0, [], [], [], [], []

    def add(self, size: int, entries: list[tuple[np.ndarray, np.ndarray, float | np.ndarray]], low: float, high: float) -> None:
        """Add rows. entries: (row of the family, column, value)."""
        for row, column, value in entries:
            self.row.append(self.count + row)
            self.column.append(column)
            self.value.append(np.broadcast_to(np.asarray(value, dtype=float), np.shape(column)))
        self.low.append(np.full(size, low))
        self.high.append(np.full(size, high))
        self.count += size


def program(numbers: dict[str, np.ndarray]) -> highspy.HighsLp:
    """Return sites open or not and modules built, in each year, and the share of each block that goes to each site within reach."""
    way, pupils, exists = numbers["way"], numbers["pupils"], numbers["exists"]
    (blocks, sites), years = way.shape, len(pupils)
    block, site = np.nonzero(way < FAR)
    pairs, cells = len(block), sites * years
    cell = np.arange(cells)  # site * years + year
    year = cell % years
    share = 2 * cells + np.arange(pairs * years)
    of_year = np.repeat(np.arange(years), pairs)
    who, where = np.tile(block, years), np.tile(site, years)
    at = where * years + of_year
    opening = numbers["opening"] - np.column_stack((numbers["opening"][:, 1:], np.zeros(sites)))
    module = numbers["module"] - np.column_stack((numbers["module"][:, 1:], np.zeros(sites)))
    fixed = numbers["fixed"] + np.where(exists[:, None], 0.0, opening)
    rows, inf = Rows(), highspy.kHighsInf
    rows.add(years * blocks, [(of_year * blocks + who, share, 1.0)], 1, 1)
    places, size = np.repeat(numbers["places"], years), float(numbers["module_places"])
    rows.add(cells, [(at, share, pupils[of_year, who]), (cell, cell, -places), (cell, cells + cell, -size)], -inf, 0)
    rows.add(len(share), [(np.arange(len(share)), share, 1.0), (np.arange(len(share)), at, -1.0)], -inf, 0)
    later = cell[year > 0]
    sign = np.where(np.repeat(exists, years)[later], -1.0, 1.0)
    each = np.arange(len(later))
    rows.add(len(later), [(each, later, sign), (each, later - 1, -sign)], 0, inf)
    rows.add(cells, [(cell, cells + cell, 1.0), (later, cells + later - 1, -1.0)], 0, inf)
    rows.add(cells, [(cell, cells + cell, 1.0), (later, cells + later - 1, -1.0), (cell, cell, -float(numbers["most"]))], -inf, 0)
    row, column, value = (np.concatenate(part) for part in (rows.row, rows.column, rows.value))
    order = np.lexsort((column, row))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2 * cells + len(share), rows.count
    lp.col_cost_ = np.concatenate((fixed.ravel(), module.ravel(), way[who, where] * pupils[of_year, who])).astype(float)
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.concatenate((np.ones(cells), np.full(cells, float(numbers["most"]) * years), np.ones(len(share))))
    lp.row_lower_, lp.row_upper_ = np.concatenate(rows.low), np.concatenate(rows.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(row[order], np.arange(rows.count + 1)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = column[order].astype(np.int32), value[order]
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * (2 * cells) + [kinds.kContinuous] * len(share)
    return lp


if __name__ == "__main__":
    engine = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", float(sys.argv[2])), ("time_limit", float(sys.argv[3]))):
        engine.setOptionValue(name, value)
    engine.passModel(program(dict(np.load(sys.argv[1]))))
    began, used = time.perf_counter(), time.process_time()
    engine.run()
    info = engine.getInfo()
    told = {"objective": info.objective_function_value, "gap": info.mip_gap, "status": engine.modelStatusToString(engine.getModelStatus())}
    print(json.dumps({"seconds": time.perf_counter() - began, "processor": time.process_time() - used, **told}))
