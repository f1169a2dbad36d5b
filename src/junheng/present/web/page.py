"""The page put together: the words and drawings by the template, the trails as data, style and script inside, all pinned by hashes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from junheng.present import basis, charts, structure, wording
from junheng.present.web.packing import Pack
from junheng.present.web.rows import Sheet, columns_of, sheet_of
from junheng.present.web.template import asset, ready, render
from junheng.workflow.views import Assessment

STYLES = ("screen.css", "sections.css", "print.css")
SCRIPTS = ("elements.js", "switch.js", "trail.js", "schools.js", "map.js", "spreads.js", "findings.js", "start.js")
POLICY = "default-src 'none'; style-src {style}; script-src {script}; img-src data:; base-uri 'none'; form-action 'none'"


def page(assessment: Assessment, lang: str = "zh", others: Sequence[Assessment] = (), foresight: str = "") -> str:
    """Return the dashboard of one county as one HTML file that needs nothing else.

    It opens in `lang` ("zh" or "en") and can be switched. `others`: other frameworks or years of the same county, a tab each.
    `foresight`: the relative address of the forecast that was written together with it; "" where there is none.
    """
    pack = Pack()
    shown = (assessment, *others)
    sheets: list[Sheet] = []
    for number, one in enumerate(shown):
        same = next((n for n, earlier in enumerate(shown[:number]) if earlier.map.areas == one.map.areas), None)
        sheets.append(sheet_of(number, one, lang, pack, areas_from=same))
    style = "\n".join(asset(name) for name in STYLES)
    script = f'"use strict";(()=>{{\n{"".join(asset(name) for name in SCRIPTS)}}})();'
    return render(
        lang,
        "page.html",
        sheets=sheets,
        foresight=foresight,
        policy=POLICY.format(style=hash_of(style), script=hash_of(script)),
        style=ready(style),
        script=ready(script),
        data=lambda: ready(_data(pack, shown)),  # asked for at the page's end: by then the template has named every trail
        wording=wording,
        charts=charts,
        basis=basis,
        structure_title=structure.TITLE,
    )


def _data(pack: Pack, shown: Sequence[Assessment]) -> str:
    return pack.json(
        sheets=[pack.assessment(one, [(column.id, column.title) for column in columns_of(one)]) for one in shown],
        signs=wording.SIGNS,
        sides=wording.SIDES,
        marks=charts.MARKS,
        colours=charts.COLOURS,
    )


def hash_of(text: str) -> str:
    """Return the source by which a policy pins a style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
