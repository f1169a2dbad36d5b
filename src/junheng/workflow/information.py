"""What is shown and not judged: what the county's schools, classes, teachers and pupils look like, and figures beside evidence items."""

from __future__ import annotations

from junheng.indicators import Catalogue
from junheng.standards import Framework
from junheng.workflow.items import figure
from junheng.workflow.judged import Judged, stage_label, stage_order
from junheng.workflow.views import Information


def shown_indicators(framework: Framework, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the indicators that an assessment by this framework shows for information."""
    beside = (name for part in framework.all_parts for requirement in part.requirements for name in requirement.shows)
    return tuple(dict.fromkeys((*structure_indicators(framework, catalogue), *beside)))


def structure_indicators(framework: Framework, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the shipped structure indicators of the county and of its stages; none for a framework that asks for no stage of schools."""
    if not any(requirement.stages for part in framework.all_parts for requirement in part.requirements):
        return ()
    return tuple(name for name, one in catalogue.items() if one.place.file == "cn/structure.yaml" and "school" not in one.per)


def information(judged: Judged) -> tuple[Information, ...]:
    """Return the structure figures that are known, stage by stage; what is not known is left out, for nothing rests on it."""
    judged_too = {requirement.indicator for part in judged.framework.all_parts for requirement in part.requirements}
    found = []
    for name in structure_indicators(judged.framework, judged.card.catalogue):
        if name in judged_too:
            continue
        for row in judged.card.of(name, judged.county.code).to_dicts():
            if row["value"] is not None:
                shown = figure(judged.card.catalogue[name], row)
                found.append(Information(stage=row["stage"] or "", stage_label=stage_label(row["stage"]), figure=shown))
    return tuple(sorted(found, key=lambda one: stage_order(one.stage)))
