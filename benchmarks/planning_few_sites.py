"""One new school among 700 sites, 850 blocks, 30 schools that exist: the exact value of every site, with and without least loads; one run.

python benchmarks/planning_few_sites.py [--times 3]

The bare baseline solves each site from nothing with the same kernel. Of the table, the best site and drawn ones are worked out again by a
linear program of HiGHS, most loads alone and with least ones.
"""

from __future__ import annotations

import argparse

import checked
import measure
import numpy as np
from planning_instances import county, metres

BLOCKS, SITES, SCHOOLS, PLACES, SITE_LEAST, SECONDS = 850, 700, 30, 800, 300, 1.0
_AGAIN = 8


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    print(measure.machine())
    from junheng.planning.few_sites import site_values
    from junheng.planning.pupils_to_schools import send_pupils

    places, exist, draw = county(BLOCKS, SITES, 1), county(BLOCKS, SCHOOLS, 7), np.random.default_rng(1)
    near, far = metres(places.blocks, exist.sites), metres(places.blocks, places.sites)
    room = np.rint(places.pupils.sum() / SCHOOLS * draw.uniform(0.7, 1.4, SCHOOLS)).astype(np.int64)
    fixed, new = draw.integers(0, 1_000_000, SITES), np.full(SITES, PLACES)
    site_values(near, places.pupils, room, far[:, :2], new[:2], fixed[:2])  # compiled

    def bare() -> np.ndarray:
        """Solve each site from nothing."""
        sent = [send_pupils(np.column_stack((near, far[:, k])), places.pupils, np.append(room, PLACES)) for k in range(SITES)]
        return np.array([one.travel for one in sent]) + fixed  # type: ignore[union-attr]  # there is room

    least = (0.3 * room).astype(np.int64)
    ways = {
        "most loads": lambda: site_values(near, places.pupils, room, far, new, fixed),
        "least and most loads": lambda: site_values(near, places.pupils, room, far, new, fixed, least=least, site_least=SITE_LEAST),
        "bare, most loads": bare,
    }
    runs = measure.alternated(ways, asked.times)
    assert (runs["most loads"].result.total == runs["bare, most loads"].result).all()
    for name, low, low_site in (("most loads", 0 * least, 0), ("least and most loads", least, SITE_LEAST)):
        table = runs[name].result
        for k in {table.best, *draw.choice(SITES, _AGAIN, replace=False).tolist()}:
            both, most = np.column_stack((near, far[:, k])), np.append(room, PLACES)
            again = checked.travel(both, places.pupils, most, np.append(low, low_site)) + fixed[k]
            assert abs(again - table.total[k]) < 0.5 or again == table.total[k], (name, k, again, table.total[k])
    print(f"the best site and {_AGAIN} drawn ones, with and without least loads: as a linear program of HiGHS says")
    for name, run in runs.items():
        print(measure.line(f"{SITES} sites, {BLOCKS} blocks: {name}", run))
    for name in ("most loads", "least and most loads"):
        print(measure.verdict(name, runs[name].seconds, SECONDS, unit="s"), f"(processor {runs[name].processor:.2f} s)")


if __name__ == "__main__":
    main()
