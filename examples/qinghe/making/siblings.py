"""How many children of each village have an elder brother or sister at a school: most at today's school, a few at another of the stage."""

import hashlib
from collections.abc import Iterable

from making.roster import Row

_SHARE = (9, 16)  # least and largest share in per cent of a village's children who have an elder at today's school
_ELSEWHERE = 9  # one village in so many has families whose elder goes to another school


def rows(groups: Iterable[Row], villages: Iterable[Row], schools: Iterable[Row]) -> list[Row]:
    """Return counts by village, school and stage. groups: village, stage, counted; villages, schools: today's catchments."""
    zone_of = {(row["village"], row["stage"]): row["zone"] for row in villages}
    of_stage: dict[object, list[Row]] = {}
    for row in schools:
        of_stage.setdefault(row["stage"], []).append(row)
    counted = {(row["village"], row["stage"]): int(str(row["counted"])) for row in groups}
    made: list[Row] = []
    for (village, stage), many in sorted(counted.items(), key=lambda each: (each[0][1] == "junior", str(each[0][0]))):
        chance = int(hashlib.sha256(f"siblings {village} {stage}".encode()).hexdigest()[:8], 16)
        share = _SHARE[0] + chance % (_SHARE[1] - _SHARE[0] + 1)
        inside = [row["school"] for row in of_stage[stage] if row["zone"] == zone_of[village, stage]]
        others = [row["school"] for row in of_stage[stage] if row["zone"] != zone_of[village, stage]]
        counts = {inside[0]: round(many * share / 100)}
        if chance % _ELSEWHERE == 0:
            counts[others[chance // 100 % len(others)]] = 1 + chance // 7 % 3
        made += [{"village": village, "school": school, "stage": stage, "pupils": pupils} for school, pupils in counts.items() if pupils]
    return made
