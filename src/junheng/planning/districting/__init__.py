"""Blocks to schools in joined zones with places: bound by prices, plans by moves, the rest by the engine."""

from junheng.planning.districting.case import CLOSER, EXACT, District, Drawn, TooFull, Unconnected, broken, loads, lost
from junheng.planning.districting.choose import draw
from junheng.planning.districting.corridors import least_pupils, must, reaching
from junheng.planning.districting.excess import Beyond, least_beyond, room_with_least_beyond
from junheng.planning.districting.residual import residual
from junheng.planning.districting.start import bound_by_prices, joined, what_if
from junheng.planning.kernels.districting import UNREACHABLE

__all__ = [
    "CLOSER",
    "EXACT",
    "UNREACHABLE",
    "Beyond",
    "District",
    "Drawn",
    "TooFull",
    "Unconnected",
    "bound_by_prices",
    "broken",
    "draw",
    "joined",
    "least_beyond",
    "least_pupils",
    "loads",
    "lost",
    "must",
    "reaching",
    "residual",
    "room_with_least_beyond",
    "what_if",
]
