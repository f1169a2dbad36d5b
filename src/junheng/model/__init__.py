"""What a county is: its tables as data, one frozen noun, three changes, and the checks of what was sent."""

from junheng.model.cast import fit
from junheng.model.change import AddRow, Change, RemoveRow, SetValue, apply, diff
from junheng.model.check import RULES, Rule, check
from junheng.model.checks.codes import county_code_forms, jurisdiction
from junheng.model.county import ORIGIN_SCHEMA, County, county, digest, empty_table, key_text, typed
from junheng.model.identity import id_number_fault, id_number_findings, pupil_number_fault
from junheng.model.schema import SENSITIVITY, TYPE_NAMES, Column, Schema, Table, Unit, allowed, schema, units

__all__ = [
    "ORIGIN_SCHEMA",
    "RULES",
    "SENSITIVITY",
    "TYPE_NAMES",
    "AddRow",
    "Change",
    "Column",
    "County",
    "RemoveRow",
    "Rule",
    "Schema",
    "SetValue",
    "Table",
    "Unit",
    "allowed",
    "apply",
    "check",
    "county",
    "county_code_forms",
    "diff",
    "digest",
    "empty_table",
    "fit",
    "id_number_fault",
    "id_number_findings",
    "jurisdiction",
    "key_text",
    "pupil_number_fault",
    "schema",
    "typed",
    "units",
]
