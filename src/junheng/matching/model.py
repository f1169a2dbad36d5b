"""A trained model: how often each degree of likeness is met among pairs of one person (m) and of two (u). A file that people can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import log2
from typing import Any

from junheng.documents import Document, finding, package_files, parse_yaml, write_yaml
from junheng.documents.resources import PackageFile
from junheng.errors import DataError, Text
from junheng.matching.rule import MatchRule

LEAST = 1e-9  # no degree is impossible: what was never met among so many pairs is rarer than this cannot show
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Weight:
    """One degree of one field. count: how many pairs of strangers of that degree were met in the sample."""

    m: float
    u: float
    count: int

    @property
    def bits(self) -> float:
        """Return by how many powers of two the degree makes it likelier that the two are one person."""
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by field and degree, and of what they were trained."""

    rule: str
    rule_digest: str
    day: date
    left_rows: int
    right_rows: int
    pairs: int  # of strangers, of which u was counted
    lists: tuple[str, ...]  # digests of the two lists
    weights: Mapping[str, Mapping[str, Weight]]


def model_text(model: Model) -> str:
    """Return the model as YAML. weight: the bits of m / u, for the reader; it is not read back."""
    data: dict[str, Any] = {
        "rule": model.rule,
        "rule_digest": model.rule_digest,
        "trained": {
            "day": model.day,
            "left_rows": model.left_rows,
            "right_rows": model.right_rows,
            "pairs_of_strangers": model.pairs,
            "lists": list(model.lists),
        },
        "fields": {
            field: {
                degree: {"m": _number(one.m), "u": _number(one.u), "weight": round(Decimal(one.bits), 2), "count": one.count}
                for degree, one in degrees.items()
            }
            for field, degrees in model.weights.items()
        },
    }
    return write_yaml(data)


def _number(value: float) -> Decimal:
    short = Decimal(f"{value:.{_DIGITS}g}")
    return short if short.as_tuple().exponent else short.quantize(Decimal("0.1"))


def read_model(file: PackageFile, rule: MatchRule) -> Model:
    """Return a model from its text. Raises DataError when it belongs to another rule or lacks a degree that the rule asks for."""
    document = parse_yaml(file.text, file.name)
    findings = []
    if not isinstance(document.data, dict) or document.data.get("rule") != rule.id:
        raise DataError(finding("matching.model_of_other_rule", document.place("rule"), _rule_of(document), wanted=rule.id))
    fields = document.data.get("fields") or {}
    for comparison in rule.compare:
        for degree in comparison.ids:
            if not (fields.get(comparison.field) or {}).get(degree):
                found = Text(f"缺{comparison.field}: {degree}", f"no {comparison.field}: {degree}")
                findings.append(finding("matching.model_of_other_rule", document.place("fields", comparison.field), found, wanted=rule.id))
    if findings:
        raise DataError(findings)
    trained = document.data["trained"]
    return Model(
        rule=rule.id,
        rule_digest=str(document.data["rule_digest"]),
        day=trained["day"],
        left_rows=trained["left_rows"],
        right_rows=trained["right_rows"],
        pairs=trained["pairs_of_strangers"],
        lists=tuple(trained["lists"]),
        weights={
            comparison.field: {
                degree: Weight(float(one["m"]), float(one["u"]), int(one["count"])) for degree, one in fields[comparison.field].items()
            }
            for comparison in rule.compare
        },
    )


def _rule_of(document: Document) -> str:
    return str(document.data.get("rule")) if isinstance(document.data, dict) else ""


def shipped_model(rule: MatchRule) -> Model | None:
    """Return the model that ships with a rule, trained on an invented county; None where there is none."""
    files = package_files("junheng.matching", f"rules/{rule.id}.model.yaml")
    return read_model(files[0], rule) if files else None
