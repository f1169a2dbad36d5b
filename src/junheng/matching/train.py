"""Weights without labels: how often strangers agree is counted on a sample of all pairs, how often one person agrees is found by EM."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

import polars as pl

from junheng.matching.engine_splink import Splink
from junheng.matching.model import LEAST, Model, Weight
from junheng.matching.normalise import ROW
from junheng.matching.rule import MatchRule

SAMPLE = 1_000  # rows of each list for the count among strangers: a million pairs
TRAINED_ON = 6_000  # lines of the other list for EM; more change nothing that shows
ENOUGH = 300  # lines of either list below which EM is not believed and the model at hand keeps its m
LEAST_M = 0.0002  # of m: people err in every way once in some thousand times
_DOUBT = 0.05  # of m, spread over the degrees below the closest, where nothing was learned
_PSEUDO = 0.5  # pairs that a degree never met counts as


def train(
    left: pl.DataFrame, right: pl.DataFrame, rule: MatchRule, day: date, *, start: Model | None = None, engine: Splink | None = None
) -> Model:
    """Return the model of two lists (frames of keys). The same lists give the same model.

    start: whose m is kept for what these lists cannot teach: fields that they lack, and all fields where a list is short.
    """
    engine = engine or Splink()
    sample_left, sample_right = _every(left, SAMPLE), _every(right, SAMPLE)
    counts = engine.count(sample_left, sample_right, rule)
    pairs = sample_left.height * sample_right.height
    u = {field: _shares(found, start, field) for field, found in counts.items()}
    m: Mapping[str, Mapping[str, float]] = {}
    if rule.train_on and min(left.height, right.height) >= ENOUGH:
        m = engine.train(left, _every(right, TRAINED_ON), rule, u, prior(rule, left.height))
    weights = {}
    for comparison in rule.compare:
        field = comparison.field
        learned = _completed(m.get(field, {}), start, field, comparison.ids)
        met = sum(counts[field].values()) > 0
        weights[field] = {
            degree: Weight(max(learned[degree], LEAST_M), max(u[field][degree], LEAST), counts[field][degree] if met else 0)
            for degree in comparison.ids
        }
    return Model(rule.id, rule.digest, day, left.height, right.height, pairs, (digest(left), digest(right)), weights)


def prior(rule: MatchRule, left_rows: int) -> float:
    """Return the probability that two lines taken at random are one person, before anything is compared."""
    return min(rule.expected / max(left_rows, 1), rule.expected)


def digest(frame: pl.DataFrame) -> str:
    """Return a digest of a list's keys, whatever the order of its lines."""
    hashes = frame.drop(ROW).hash_rows(seed=0).sort()
    return hashlib.sha256(hashes.to_numpy().tobytes()).hexdigest()


def _every(frame: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return at most so many rows, evenly over the list; the same ones every time."""
    if frame.height <= most:
        return frame
    step = frame.height / most
    return frame[[int(index * step) for index in range(most)]]


def _shares(found: Mapping[str, int], start: Model | None, field: str) -> Mapping[str, float]:
    total = sum(found.values())
    if not total:
        known = start.weights[field] if start else {}
        return {degree: known[degree].u if degree in known else 1 / len(found) for degree in found}
    return {degree: max(count, _PSEUDO) / total for degree, count in found.items()}


def _completed(learned: Mapping[str, float], start: Model | None, field: str, degrees: tuple[str, ...]) -> Mapping[str, float]:
    """Return m of every degree: learned, else of the model at hand, else mostly the closest degree.

    A degree that was never met where the others were learned is rare.
    """
    known = {degree: one.m for degree, one in start.weights[field].items()} if start else {}
    rest = LEAST_M * 5 if learned else _DOUBT / (len(degrees) - 1)
    plain = {degree: 1 - _DOUBT if degree == degrees[-1] else rest for degree in degrees}
    return {degree: learned.get(degree, known.get(degree, plain[degree])) for degree in degrees}
