"""Documents to hand in, print and take to a meeting: workbook, Word report, PDF sheets, JSON."""

from junheng.present.report.json_file import write_json
from junheng.present.report.pdf import write_county_report, write_school_sheet, write_school_sheets
from junheng.present.report.word import write_self_assessment
from junheng.present.report.workbook import write_workbook

__all__ = ["write_county_report", "write_json", "write_school_sheet", "write_school_sheets", "write_self_assessment", "write_workbook"]
