"""All documents of a proposal, written into one folder: page, Word annex, two pages for a leader, workbook, map data, JSON."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from junheng.present.documents import Job, Step, write_jobs
from junheng.workflow import Text
from junheng.workflow.views.proposals import Proposed

PAGE = "proposal.html"


def write_proposal(proposed: Proposed, out: Path, lang: str, step: Step) -> list[tuple[str, Text]]:
    """Write each document under its final name only when whole; return each path with what it is."""
    from junheng.present import report  # the libraries behind the documents are not loaded for other commands
    from junheng.present.web import proposal_page

    jobs: list[Job] = [
        (
            out / PAGE,
            Text("方案网页（双击打开，不需网络）", "page of the proposal, opens from disk"),
            lambda path: path.write_text(proposal_page(proposed, lang), encoding="utf-8"),
        ),
        (
            out / "summary.pdf",
            Text("两页摘要（给领导）", "two pages for a leader"),
            lambda path: report.write_proposal_pages(proposed, path),
        ),
        (
            out / "proposal.docx",
            Text("方案附件（公文格式）", "annex in official layout"),
            lambda path: report.write_proposal_report(proposed, path),
        ),
        (
            out / "proposal.xlsx",
            Text("步骤、改动与结果表", "steps, changes, tables"),
            lambda path: report.write_proposal_workbook(proposed, path, lang),
        ),
        (out / "proposal.json", Text("全部数据", "everything, for programs"), lambda path: report.write_json(proposed, path)),
    ]
    own = {"notice": report.write_proposal_notice, "letters": report.write_proposal_letters}
    for grid in proposed.tables:
        if grid.paper in own and grid.rows:
            words = Text(f"{grid.title.zh}（公文格式，空白处发布前填写）", f"{grid.title.en} (blanks to fill before it goes out)")
            jobs.append((out / f"{grid.id}.docx", words, partial(own[grid.paper], proposed, grid)))
    if proposed.maps:
        jobs.append((out / "places.geojson", Text("地图数据", "map data"), lambda path: report.write_geojson(proposed, path)))
    return write_jobs(jobs, step)
