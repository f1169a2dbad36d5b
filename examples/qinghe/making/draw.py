"""Draws that depend on nothing but their own name: adding a school changes no other school."""

import hashlib
import math
from collections.abc import Sequence

SEED = "qinghe-1"


def draw(*name: object) -> float:
    """Return a number in [0, 1) that belongs to this name."""
    text = "|".join((SEED, *map(str, name)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def between(low: float, high: float, *name: object) -> float:
    """Return a number in [low, high) that belongs to this name."""
    return low + (high - low) * draw(*name)


def whole(value: float, least: int = 0) -> int:
    """Return the nearest whole number (halves up), and at least `least`."""
    return max(least, math.floor(value + 0.5))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Split a whole total in proportion to the weights by largest remainders: the parts add up to the total exactly."""
    of = sum(weights)
    exact = [total * weight / of for weight in weights]
    parts = [math.floor(part) for part in exact]
    behind = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in behind[: total - sum(parts)]:
        parts[i] += 1
    return parts


def spread(total: int, weights: Sequence[float], *name: object) -> list[int]:
    """Split a whole total in proportion to the weights by systematic rounding with a drawn start; the parts add up exactly.

    Unlike largest remainders it has no favourites: over many totals each part gets its fair share of the rounding.
    """
    of, start = sum(weights), draw(*name)
    parts, sofar, before = [], 0.0, 0
    for weight in weights:
        sofar += total * weight / of
        now = math.floor(sofar + start + 1e-9)
        parts.append(now - before)
        before = now
    parts[-1] += total - before
    if parts[-1] < 0:  # the last weight was too small to take the correction
        largest = max(range(len(parts)), key=parts.__getitem__)
        parts[largest] += parts[-1]
        parts[-1] = 0
    return parts
