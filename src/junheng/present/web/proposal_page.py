"""The page of a proposal: one file that opens from disk, with maps before and after, steps, verdicts, prices and alternatives."""

from __future__ import annotations

from types import SimpleNamespace

from junheng.present import charts_places, wording
from junheng.present.web.packing import Pack
from junheng.present.web.page import POLICY, hash_of
from junheng.present.web.rows import causes_of
from junheng.present.web.template import asset, ready, render
from junheng.workflow.views.proposals import Proposed

STYLES = ("screen.css", "sections.css", "print.css")
SCRIPTS = ("elements.js", "switch.js", "findings.js")
_OWN = "proposal_assets"


def proposal_page(proposed: Proposed, lang: str = "zh") -> str:
    """Return a proposal as one HTML file that needs nothing else; it opens in `lang` and can be switched."""
    style = "\n".join([*map(asset, STYLES), asset("proposal.css", _OWN)])
    script = f'"use strict";(()=>{{\n{"".join([*map(asset, SCRIPTS), asset("going.js", _OWN)])}}})();'
    return render(
        lang,
        "proposal/page.html",
        p=proposed,
        maps=_maps(proposed, lang),
        findings=SimpleNamespace(number=0, of=proposed, silent=(), causes=causes_of(proposed.findings)),
        policy=POLICY.format(style=hash_of(style), script=hash_of(script)),
        style=ready(style),
        script=ready(script),
        data=ready(Pack().json(sheets=[], signs=wording.SIGNS)),
        wording=wording,
        places=charts_places,
    )


def _maps(proposed: Proposed, lang: str) -> list[SimpleNamespace]:
    found = []
    for one in proposed.maps:
        both = charts_places.drawn(one)
        if both is not None:
            found.append(
                SimpleNamespace(
                    of=one,
                    before=ready(charts_places.place_map_svg(one, "before", both, lang)),
                    after=ready(charts_places.place_map_svg(one, "after", both, lang)),
                    legend=charts_places.legend(one, both),
                )
            )
    return found
