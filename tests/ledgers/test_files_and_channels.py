"""Lists as offices make them (merged cells, a total row inside), templates that come back, own Word forms, and channels that answer."""

from __future__ import annotations

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from junheng.errors import DataError, Finding, StoreError
from junheng.store.ledgers import read_list_file
from junheng.store.sending import channel_kind, read_channels, send
from junheng.store.word_form import fill_form
from junheng.workflow.ledger_lists import export_ledger, import_ledger
from junheng.workflow.ledger_papers import ledger_paper, own_form
from junheng.workflow.ledgers import Doer
from tests.qinghe import QINGHE

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
DOER = Doer("李二", "督导室", "supervision")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "qinghe"
    folder.mkdir()
    shutil.copy(QINGHE / "junheng.toml", folder)
    shutil.copytree(QINGHE / "2025", folder / "2025")
    return folder


def test_a_merged_school_holds_for_its_rows_and_a_total_inside_is_no_record(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年隐患排查表"])
    sheet.append(["学校", "地点", "发现日期"])
    sheet.append(["甲小学", "后墙", date(2026, 3, 1)])
    sheet.append([None, "操场", "2026.3.2"])
    sheet.append(["小计", "2处", None])
    sheet.append(["乙小学", "食堂", "2026年3月3日"])
    sheet.merge_cells("A3:A4")
    book.save(tmp_path / "隐患.xlsx")
    findings: list[Finding] = []
    rows = read_list_file(tmp_path / "隐患.xlsx", ["学校", "地点", "发现日期"], findings)
    assert [(row.number, row.cells["学校"].value, row.cells["地点"].value) for row in rows] == [
        (3, "甲小学", "后墙"),
        (4, "甲小学", "操场"),
        (6, "乙小学", "食堂"),
    ]
    assert [(one.rule, one.place.row) for one in findings] == [("ledgers.total_row", 5)]
    assert rows[1].cells["学校"].place.cell == "A4"


def test_a_template_has_its_drop_downs_and_comes_back_unchanged(own: Path, tmp_path: Path) -> None:
    lists = QINGHE / "ledgers" / "lists"
    import_ledger(own, "supervision-finding", lists / "督导问题整改.csv", DOER, at=AT)
    path = export_ledger(own, "督导问题整改", tmp_path / "out", DOER, at=AT)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    formulas = {str(rule.formula1) for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert len(formulas) == 3  # the state, the school, the matter
    again = import_ledger(own, "督导问题整改", path, DOER, at=AT)
    assert (again.new, again.changed, again.same) == (0, 0, 6)
    masked = export_ledger(own, "督导问题整改", tmp_path / "masked", at=AT)
    inspectors = {row[8].value for row in openpyxl.load_workbook(masked).worksheets[0].iter_rows(min_row=5, max_row=10)}
    assert inspectors == {"＊＊＊"}
    kept = import_ledger(own, "督导问题整改", masked, DOER, at=AT)
    assert (kept.changed, kept.same) == (0, 6)


def test_an_authoritys_own_word_form_is_filled_and_one_with_more_than_names_is_refused(own: Path, tmp_path: Path) -> None:
    import_ledger(own, "supervision-finding", QINGHE / "ledgers" / "lists" / "督导问题整改.csv", DOER, at=AT)
    form = own / "ledgers" / "papers" / "supervision-finding-notice.docx"
    form.parent.mkdir(parents=True)
    document = Document()
    document.add_paragraph("{{ school_name }}：{{ problem }}")
    document.save(str(form))
    out = tmp_path / "notice.docx"
    assert own_form(own, "supervision-finding", "督改-2026-0001", "notice", DOER, out, AT)
    assert [one.text for one in Document(str(out)).paragraphs] == ["沙井镇古城小学：食堂留样不足125克"]
    document.add_paragraph("{{ problem.__class__ }}{% for x in [1] %}{% endfor %}")
    document.save(str(form))
    with pytest.raises(StoreError) as refusal:
        fill_form(form, {"school_name": "甲", "problem": "乙"}, tmp_path / "no.docx")
    assert refusal.value.findings[0].rule == "store.form_unread"
    assert not (tmp_path / "no.docx").exists()


def test_a_paper_is_for_its_states_and_a_public_one_holds_what_is_closed(own: Path) -> None:
    import_ledger(own, "supervision-finding", QINGHE / "ledgers" / "lists" / "督导问题整改.csv", DOER, at=AT)
    with pytest.raises(DataError) as refusal:
        ledger_paper(own, "supervision-finding", "督改-2026-0005", "notice", DOER, AT)
    assert refusal.value.findings[0].rule == "ledgers.paper_state"
    public = ledger_paper(own, "supervision-finding", "", "public", DOER, AT)
    assert public.paragraphs == ("1. 白杨镇中心小学：实验室危险品未双人双锁。", "2. 东坝镇中心小学：课后服务收费未公示。")


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A web hook on this machine that keeps what it gets."""
    got: list[dict[str, str]] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200 if self.path == "/yes" else 500)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_is_sent_and_a_refused_one_is_known_as_such(hook: tuple[str, list[dict[str, str]]]) -> None:
    url, got = hook
    assert send(f"{url}/yes", "工作提醒", "逾期1项")
    assert got[0]["message"] == "逾期1项"
    assert not send(f"{url}/no", "工作提醒", "逾期1项")


def test_channels_are_named_and_others_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "渠道.toml"
    path.write_text('"督导群" = "wecombot://KEY"\n"邮件" = "mailtos://a:b@example.org"\n', encoding="utf-8")
    assert {channel_kind(url) for url in read_channels(path).values()} == {"wecom", "mail"}
    path.write_text('"x" = "file:///etc/passwd"\n', encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        read_channels(path)
    assert refusal.value.findings[0].rule == "store.unknown_channel"
