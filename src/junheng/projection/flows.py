"""What becomes of every pupil in the years ahead: moved up, entered, came or went, or left at the end. Nobody is lost or made up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.projection.forecast import Floats, Rolls
from junheng.projection.history import chain, filled


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Flows:
    """Pupils of the county by year ahead, each (H,): before + entered + moved - left = after."""

    before: Floats  # the year before
    entered: Floats  # into the first grade of all
    moved: Floats  # came to the schools of the county less those who went, between one grade and the next
    left: Floats  # were in a grade that none follows, or in a count that is not split, and are not there any more
    after: Floats


def flows(rolls: Rolls, middle: Floats) -> Flows:
    """Return the flows of a middle path (H, U, G) that follows on the rolls; schools added behind those of the rolls begin with nobody."""
    links = chain(rolls.grades)
    start = np.nan_to_num(filled(rolls, links)[-1])
    start = np.concatenate([start, np.zeros((middle.shape[1] - len(start), start.shape[1]))])
    years = np.concatenate([start[None], middle]).sum(axis=1)
    same = links.source == np.arange(len(links.source))
    on = ~same
    last = np.setdiff1d(np.arange(len(links.source)), links.source[on])
    whole = same & ~links.entry
    moved = (years[1:][:, on] - years[:-1][:, links.source[on]]).sum(axis=1) + (years[1:] - years[:-1])[:, whole].sum(axis=1)
    finished = last[~whole[last]]
    return Flows(
        before=years[:-1].sum(axis=1),
        entered=years[1:][:, links.entry].sum(axis=1),
        moved=moved,
        left=years[:-1][:, finished].sum(axis=1),
        after=years[1:].sum(axis=1),
    )
