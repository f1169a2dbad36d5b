"""One to one, the best in all: against trying everything."""

from itertools import combinations

import numpy as np

from junheng.matching.assignment import best_pairs, components


def total_by_trying(left, right, weight) -> float:
    best = 0.0
    for size in range(len(left) + 1):
        for chosen in combinations(range(len(left)), size):
            some = list(chosen)
            if len(set(left[some])) == size == len(set(right[some])):
                best = max(best, weight[some].sum())
    return best


def test_the_choice_is_the_best_of_all():
    random = np.random.default_rng(5)
    for _ in range(60):
        pairs = np.unique(random.integers(0, 5, (11, 2)), axis=0)
        weight = random.uniform(0.1, 30, len(pairs))
        left, right = pairs[:, 0], pairs[:, 1]
        chosen = best_pairs(left, right, weight)
        assert len(set(left[chosen])) == len(set(right[chosen])) == chosen.sum()
        assert np.isclose(weight[chosen].sum(), total_by_trying(left, right, weight))


def test_two_weaker_pairs_may_be_better_than_the_strongest_with_one_alone():
    chosen = best_pairs(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([10.0, 9.0, 9.0]))
    assert chosen.tolist() == [False, True, True]


def test_pairs_that_share_a_line_are_of_one_group():
    assert len(set(components(np.array([0, 1, 1, 5]), np.array([0, 0, 7, 9])).tolist())) == 2
    assert components(np.array([], dtype=int), np.array([], dtype=int)).tolist() == []
