"""The names of all measures that a county may price in measure_costs and limit in site_limits, whichever planner takes them."""

from __future__ import annotations

from functools import cache

from junheng.documents import package_files, parse_yaml


@cache
def known_measures() -> frozenset[str]:
    """Return the codes of the measures of every planner that has a measures.yaml."""
    files = package_files("junheng.planning.planners", "*/measures.yaml")
    return frozenset(key for file in files for key in parse_yaml(file.text, file.name).data)
