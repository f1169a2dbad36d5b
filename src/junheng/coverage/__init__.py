"""Who is missed: what should be minus what was done, every missing line named, what is doubled, what cannot be told."""

from junheng.coverage.claim import lacking, sentence
from junheng.coverage.library import Rosters, read_rosters, shipped
from junheng.coverage.reconcile import EXCUSED, KEY, LINKS, Counts, Reconciliation, Side, reconcile
from junheng.coverage.roster import COVERED, OPEN, STANDINGS, Roster, Source, SourceColumn

__all__ = [
    "COVERED",
    "EXCUSED",
    "KEY",
    "LINKS",
    "OPEN",
    "STANDINGS",
    "Counts",
    "Reconciliation",
    "Roster",
    "Rosters",
    "Side",
    "Source",
    "SourceColumn",
    "lacking",
    "read_rosters",
    "reconcile",
    "sentence",
    "shipped",
]
