"""Charts side by side in one drawing, for paper: two in a row stay readable where four would not, and no page is left half empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from junheng.present.charts_axis import Drawing
from junheng.present.svg import plain, size
from junheng.workflow import Text

_GAP = 20


def rows_of(drawings: Sequence[Drawing], across: int = 2) -> Iterator[tuple[Drawing, ...]]:
    """Yield drawings in rows; the last row may be shorter."""
    rest = iter([one for one in drawings if one.marks])
    return iter(lambda: tuple(islice(rest, across)), ())


def beside(drawings: Sequence[Drawing], title: Text, head: Drawing | None = None, across: int = 2, lang: str = "zh") -> str:
    """Return drawings of one size in a row of `across` places as SVG text, under `head` (a legend); empty without a drawing."""
    if not drawings:
        return ""
    top = head.height if head else 0
    one = drawings[0]
    width, height = across * (one.width + _GAP) - _GAP, top + max(drawing.height for drawing in drawings)
    body = head.svg(lang) if head else ""
    for number, drawing in enumerate(drawings):
        body += drawing.svg(lang).replace("<svg ", f'<svg x="{number * (one.width + _GAP)}" y="{top}" ', 1)
    return f'<svg {size(width, height)} role="img" aria-label="{plain(title.of(lang))}">{body}</svg>'
