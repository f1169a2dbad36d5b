"""Workbooks that schools and offices fill in, made from the schema, and the forms by which they are read back."""

from junheng.store.templates.forms import template_forms
from junheng.store.templates.workbook import write_templates

__all__ = ["template_forms", "write_templates"]
