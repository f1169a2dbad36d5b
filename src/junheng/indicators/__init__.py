"""What we measure: indicators as data, one statement a framework, the one judge, and the trail of every figure.

read_catalogue(files, jurisdiction, above, shelves) -> Catalogue        a county's own, beside shipped_catalogue()
evaluate(source, framework, rulebooks, also=…, engine=…) -> Scorecard   one County, several, or a folder of Parquet
spread(card, indicator, county, stage)                                  which schools make the gap
Tracer(county, rulebook, card).explain(indicator, school=…, stage=…)    from a figure to the cells it came from
"""

from junheng.indicators.ask import check_framework
from junheng.indicators.engine_duckdb import DuckDB, Engine
from junheng.indicators.indicator import Catalogue, Fragment, Indicator
from junheng.indicators.indicator_file import limit_kinds, read_catalogue, shipped_catalogue
from junheng.indicators.relation import Relation, RelationColumn, relations
from junheng.indicators.scorecard import Scorecard, evaluate
from junheng.indicators.spread import shortfall_unit, spread, with_shortfall
from junheng.indicators.trail import Tracer, Trail

__all__ = [
    "Catalogue",
    "DuckDB",
    "Engine",
    "Fragment",
    "Indicator",
    "Relation",
    "RelationColumn",
    "Scorecard",
    "Tracer",
    "Trail",
    "check_framework",
    "evaluate",
    "limit_kinds",
    "read_catalogue",
    "relations",
    "shipped_catalogue",
    "shortfall_unit",
    "spread",
    "with_shortfall",
]
