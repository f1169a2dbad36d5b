"""An invented county: a register of pupils and four departments' lists with errors, and the truth; the same for one seed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples" / "qinghe"))

from making.invented_lists import OFFICES, Typist, office_list, register_line
from making.invented_people import Inventor, school_names

COLUMNS = ("key", "name", "id_number", "birth", "sex", "guardian", "phone", "school")


@dataclass(frozen=True)
class InventedCounty:
    """register and lists: raw text frames; truth: by list, for each line the row of the register that it is, -1 for none."""

    register: pl.DataFrame
    lists: dict[str, pl.DataFrame]
    truth: dict[str, np.ndarray]
    planted: dict[str, int]


def invented_county(pupils: int, seed: int = 1, schools: int = 60) -> InventedCounty:
    """Return a county of so many pupils; a sixth more children are of it and not in the register."""
    random = np.random.default_rng(seed)
    names = school_names(schools, "清河县")
    inventor = Inventor(random, schools)
    everybody = inventor.children(pupils + pupils // 6)
    order = random.permutation(len(everybody))
    enrolled = [everybody[index] for index in sorted(order[:pupils])]
    strangers = [everybody[index] for index in order[pupils:]]
    typist = Typist(random, names)
    register = pl.DataFrame([register_line(child, names) for child in enrolled], schema=dict.fromkeys(COLUMNS, pl.String))
    row = {child.number: index for index, child in enumerate(enrolled)}
    lists, truth = {}, {}
    for office in OFFICES:
        lines, numbers = office_list(office, enrolled, strangers, typist, inventor)
        lists[office.name] = pl.DataFrame(lines, schema=dict.fromkeys(office.columns, pl.String))
        truth[office.name] = np.array([row.get(number, -1) for number in numbers])
    return InventedCounty(register, lists, truth, typist.planted)
