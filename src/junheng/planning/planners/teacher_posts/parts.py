"""Between which schools posts may be passed on: they are approved by stage, so stages stand apart unless the brief opens them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = {
    "preschool": Text("幼儿园", "kindergartens"),
    "primary": Text("小学", "primary schools"),
    "junior": Text("初中（含九年一贯制）", "junior schools (nine-year schools too)"),
    "special": Text("特殊教育学校", "special schools"),
    "senior": Text("普通高中（含完全中学）", "senior schools (complete secondary schools too)"),
    "vocational": Text("职业学校", "vocational schools"),
}
_COMPULSORY = {"primary", "junior", "special"}
COMPULSORY, ALL = Text("义务教育学校", "schools of compulsory education"), Text("全县", "the county")


class Parts(NamedTuple):
    """Schools between which posts may be passed on, and how many posts each part has in all."""

    of: Ints  # (schools,) number of the part
    names: tuple[Text, ...]
    totals: Ints  # (parts,)


def level(kind: str | None, stages: set[str]) -> str:
    """Return the level of a school: the highest of its stages; a vocational school stands by itself."""
    if kind == "vocational":
        return "vocational"
    return next((name for name in ("senior", "junior", "primary", "special") if name in stages), "preschool")


def parted(levels: tuple[str, ...], crossing: str, today: Ints, due: Floats, total: int) -> Parts:
    """Return the parts. crossing: "stage", "compulsory" or "all"; total: posts of the county, shared out among the parts.

    Posts that are new go where they are lacking, posts taken back come from all alike; both in whole posts, the largest remainder first.
    """
    names = [_part(name, crossing) for name in levels]
    distinct = tuple(dict.fromkeys(each for known in LEVELS if (each := _part(known, crossing)) in names))
    of = np.array([distinct.index(name) for name in names], dtype=np.int64)
    held = np.bincount(of, weights=today, minlength=len(distinct)).astype(np.int64)
    more = total - int(held.sum())
    lacking = np.bincount(of, weights=np.maximum(0.0, due - today), minlength=len(distinct))
    weight = held.astype(np.float64) if more < 0 or not lacking.sum() else lacking
    exact = more * weight / max(1.0, float(weight.sum()))
    change = np.floor(exact).astype(np.int64)
    change[np.argsort(-(exact - change), kind="stable")[: more - int(change.sum())]] += 1
    return Parts(of, distinct, held + change)


def _part(name: str, crossing: str) -> Text:
    if crossing == "all":
        return ALL
    return COMPULSORY if crossing == "compulsory" and name in _COMPULSORY else LEVELS[name]
