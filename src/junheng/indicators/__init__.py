"""What we measure: indicators as data, one statement a framework, the one judge, and the trail of every figure.

    read_indicators(files, shelves, jurisdiction, above) -> Catalogue      a county's own, beside shipped()
    evaluate(source, framework, rulebooks, also=…, engine=…) -> Scorecard   one County, several, or a folder of Parquet
"""

from junheng.indicators.ask import check_framework
from junheng.indicators.engine_duckdb import DuckDB, Engine
from junheng.indicators.indicator import Catalogue, Fragment, Indicator
from junheng.indicators.indicator_file import limit_kinds, read_indicators, shipped
from junheng.indicators.relation import Relation, RelationColumn, relations
from junheng.indicators.scorecard import Scorecard, evaluate

__all__ = [
    "Catalogue",
    "DuckDB",
    "Engine",
    "Fragment",
    "Indicator",
    "Relation",
    "RelationColumn",
    "Scorecard",
    "check_framework",
    "evaluate",
    "limit_kinds",
    "read_indicators",
    "relations",
    "shipped",
]
