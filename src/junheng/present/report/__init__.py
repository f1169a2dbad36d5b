"""Documents to hand in, print and take to a meeting: workbook, Word report, PDF sheets, JSON."""

from junheng.present.report.json_file import write_json
from junheng.present.report.word import write_self_assessment
from junheng.present.report.workbook import write_workbook

__all__ = ["write_json", "write_self_assessment", "write_workbook"]
