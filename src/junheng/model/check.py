"""All findings of a county, together: what contradicts itself (errors) and what is improbable (warnings)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from junheng.errors import Finding
from junheng.model.checks.age_groups import check_age_groups
from junheng.model.checks.catchments import check_catchments
from junheng.model.checks.codes import check_codes
from junheng.model.checks.counts import check_classes, check_counted_twice, check_county_totals
from junheng.model.checks.duplicates import check_duplicates
from junheng.model.checks.gather import with_sources
from junheng.model.checks.place_planning import check_future_pupils, check_place_options, check_sites
from junheng.model.checks.places import check_coordinates
from junheng.model.checks.projects import check_projects, check_school_changes
from junheng.model.checks.references import check_presence, check_references, check_stages
from junheng.model.checks.rows import check_rows
from junheng.model.checks.shapes import check_shapes
from junheng.model.checks.sizes import check_pupils_and_teachers, check_ratios, check_values
from junheng.model.checks.sums import check_sums
from junheng.model.checks.supervision import check_supervision
from junheng.model.checks.teachers import check_teachers
from junheng.model.checks.travel import check_adjacency, check_roads, check_travel_times
from junheng.model.checks.years import check_years
from junheng.model.county import County
from junheng.model.schema import schema

Rule = Callable[[County, County | None], Iterable[Finding]]

RULES: Sequence[Rule] = (
    check_rows,
    check_references,
    check_codes,
    check_stages,
    check_presence,
    check_counted_twice,
    check_sums,
    check_classes,
    check_county_totals,
    check_age_groups,
    check_coordinates,
    check_shapes,
    check_duplicates,
    check_projects,
    check_school_changes,
    check_supervision,
    check_catchments,
    check_teachers,
    check_adjacency,
    check_roads,
    check_travel_times,
    check_sites,
    check_place_options,
    check_future_pupils,
    check_values,
    check_pupils_and_teachers,
    check_ratios,
    check_years,
)

_SEVERITIES = ("error", "warning", "note")


def check(county: County, previous: County | None = None, rules: Sequence[Rule] = RULES) -> list[Finding]:
    """Return every finding of the county, errors first, then in the order of the schema's tables.

    previous: the same county one year before; without it nothing is compared between years.
    An empty county has no findings: what is missing is told by the indicators as "no data".
    """
    findings = [finding for rule in rules for finding in rule(county, previous)]
    order = {name: place for place, name in enumerate(schema().tables)}
    findings.sort(key=lambda one: (_SEVERITIES.index(one.severity), order.get(one.place.table, len(order)), one.rule))
    return with_sources(county, findings)
