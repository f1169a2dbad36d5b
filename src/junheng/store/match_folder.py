"""A folder of one comparison of two lists: its pairs without names, the weights, the decisions of persons, and what was compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from junheng.documents import finding, parse_csv_columns, parse_yaml, write_csv, write_yaml
from junheng.documents.resources import PackageFile
from junheng.errors import Place, StoreError, Text
from junheng.matching import DECISIONS, MatchRule, Model, model_text, read_model
from junheng.store.atomic import write_file

PAIRS, MODEL, DECIDED, ABOUT = "pairs.csv", "model.yaml", "decisions.csv", "comparison.yaml"
MOVED = "decisions.moved.csv"  # the same file once its decisions stand in the record


def read_kept_model(path: Path, rule: MatchRule) -> Model | None:
    """Return the weights of a file, or None where there is none. Raises DataError for those of another rule."""
    return read_model(PackageFile(path.name, path.read_text(encoding="utf-8")), rule) if path.exists() else None


def write_model(path: Path, model: Model) -> None:
    """Write weights as YAML, for the program and for people."""
    write_file(path, model_text(model).encode())


def read_decisions(path: Path) -> pl.DataFrame:
    """Return the decisions of a file, in the order in which they were made; none where there is no file."""
    if not path.exists():
        return pl.DataFrame(schema=DECISIONS)
    columns = parse_csv_columns(path.read_text(encoding="utf-8"), path.name).columns
    return pl.DataFrame({name: columns[name] for name in DECISIONS}, schema=DECISIONS)


def add_decisions(path: Path, lines: pl.DataFrame) -> None:
    """Add decisions behind those that stand there: nothing is ever taken out, a later line of a pair holds."""
    whole = pl.concat([read_decisions(path), lines.select(list(DECISIONS))])
    write_file(path, write_csv(list(DECISIONS), whole.rows()).encode())


def write_pairs(folder: Path, pairs: pl.DataFrame, about: Mapping[str, Any]) -> None:
    """Write the pairs of a comparison, by line numbers and never by name, and what was compared."""
    folder.mkdir(parents=True, exist_ok=True)
    floats = [name for name, dtype in pairs.schema.items() if dtype == pl.Float64]
    texts = pairs.with_columns(pl.col(floats).round(2)).cast(pl.String)
    write_file(folder / PAIRS, write_csv(texts.columns, texts.rows()).encode())
    write_file(folder / ABOUT, write_yaml(dict(about)).encode())


def read_pairs(folder: Path) -> tuple[pl.DataFrame, Mapping[str, Any]]:
    """Return the pairs of a comparison and what was compared. Raises StoreError where the folder holds none."""
    if not (folder / PAIRS).exists() or not (folder / ABOUT).exists():
        nothing = Text("没有比对结果", "no comparison")
        raise StoreError(finding("matching.queue_of_other_lists", Place(file=folder.as_posix()), nothing))
    columns = parse_csv_columns((folder / PAIRS).read_text(encoding="utf-8"), PAIRS).columns
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    whole = [name for name in frame.columns if name in ("left_line", "right_line", "group") or name.startswith("degree_")]
    amounts = [name for name in frame.columns if name == "weight" or name.startswith("bits_")]
    frame = frame.with_columns(pl.col(whole).cast(pl.Int64, strict=False), pl.col(amounts).cast(pl.Float64, strict=False))
    about: Mapping[str, Any] = parse_yaml((folder / ABOUT).read_text(encoding="utf-8"), ABOUT).data
    return frame, about
