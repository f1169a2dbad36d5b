"""The one wrapper of YAML, CSV and package resources: values that remember their file and line."""

from junheng.documents.catalogue import catalogue, finding
from junheng.documents.csv_text import CsvColumns, CsvRow, parse_csv, parse_csv_columns, write_csv
from junheng.documents.resources import PackageFile, package_files, package_path
from junheng.documents.yaml_text import Document, parse_yaml, parse_yaml_into, write_yaml

__all__ = [
    "CsvColumns",
    "CsvRow",
    "Document",
    "PackageFile",
    "catalogue",
    "finding",
    "package_files",
    "package_path",
    "parse_csv",
    "parse_csv_columns",
    "parse_yaml",
    "parse_yaml_into",
    "write_csv",
    "write_yaml",
]
