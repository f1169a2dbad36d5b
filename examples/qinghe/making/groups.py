"""How many pupils of a group live in each village: children of migrants, most of them in the county seat, and girls."""

import hashlib
from collections.abc import Iterable

from making.roster import Row

_AGES = {"primary": range(6, 12), "junior": range(12, 15)}
_SEAT = ("629921001", "629921100")  # the townships of the county seat
_MIGRANTS = {True: (6, 30), False: (0, 6)}  # least and largest share in per cent, in the seat and elsewhere


def rows(residents: Iterable[Row]) -> list[Row]:
    """Return counts by village and stage. residents: village, age, sex, persons."""
    count: dict[tuple[str, str], dict[str, int]] = {}
    for row in residents:
        for stage, ages in _AGES.items():
            if row["age"] in ages:
                of = count.setdefault((str(row["village"]), stage), {"female": 0, "male": 0})
                of[str(row["sex"])] += int(str(row["persons"]))
    made: list[Row] = []
    for (village, stage), of in sorted(count.items(), key=lambda each: (each[0][1] == "junior", each[0][0])):
        counted = of["female"] + of["male"]
        least, most = _MIGRANTS[village.startswith(_SEAT)]
        share = least + int(hashlib.sha256(f"migrants {village}".encode()).hexdigest()[:8], 16) % (most - least + 1)
        for group, pupils in (("女生", of["female"]), ("随迁子女", round(counted * share / 100))):
            made.append({"village": village, "stage": stage, "group": group, "pupils": pupils, "counted": counted})
    return made
