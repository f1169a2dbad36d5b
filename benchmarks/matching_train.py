"""Write the weights that ship with the rule for pupils: trained without labels on an invented county of 30,000.

PYTHONPATH=src .venv/bin/python benchmarks/matching_train.py > src/junheng/matching/rules/pupils.model.yaml
"""

from __future__ import annotations

import sys
from datetime import date

import polars as pl
from matching_county import invented_county

from junheng.matching import match_rule, model_text, normalise, train


def main() -> None:
    """Train and print."""
    county = invented_county(30_000, seed=7)
    rule = match_rule("pupils")
    others = pl.concat([normalise(frame, rule).frame for frame in county.lists.values()])
    sys.stdout.write(model_text(train(normalise(county.register, rule).frame, others, rule, date(2026, 11, 22))))


if __name__ == "__main__":
    main()
