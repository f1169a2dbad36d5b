"""Documents to hand in, print and take to a meeting: workbook, Word report, PDF sheets, JSON."""

from junheng.present.report.foresight_word import write_notice, write_seats_warning
from junheng.present.report.foresight_workbook import write_foresight_workbook
from junheng.present.report.json_file import write_json
from junheng.present.report.pdf import write_county_report, write_foresight_pages, write_school_sheet, write_school_sheets
from junheng.present.report.proposal_geojson import write_geojson
from junheng.present.report.proposal_notice import write_proposal_letters, write_proposal_notice
from junheng.present.report.proposal_pages import write_proposal_pages
from junheng.present.report.proposal_word import write_proposal_report
from junheng.present.report.proposal_workbook import write_proposal_workbook
from junheng.present.report.teaching_pages import write_teaching_pages
from junheng.present.report.teaching_prose import write_teaching_report
from junheng.present.report.word import write_self_assessment
from junheng.present.report.workbook import write_sheets, write_workbook

__all__ = [
    "write_county_report",
    "write_foresight_pages",
    "write_foresight_workbook",
    "write_geojson",
    "write_json",
    "write_notice",
    "write_proposal_letters",
    "write_proposal_notice",
    "write_proposal_pages",
    "write_proposal_report",
    "write_proposal_workbook",
    "write_school_sheet",
    "write_school_sheets",
    "write_seats_warning",
    "write_self_assessment",
    "write_sheets",
    "write_teaching_pages",
    "write_teaching_report",
    "write_workbook",
]
