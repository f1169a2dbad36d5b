"""A policy text in Word, PDF, HTML or plain text becomes a draft that asks what the text does not say; bad files are named."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from junheng.documents import parse_yaml
from junheng.errors import StoreError
from junheng.present.report.prose import Paragraph, Report
from junheng.present.report.word import write_report
from junheng.store.texts import read_policy_text
from junheng.workflow.plan_reading import plan_read

LINES = [
    "清河县2026年教育工作要点（示例）",
    "一、办好每一所学校",
    "深化县管校聘改革，年底前完成两轮岗位竞聘，交流轮岗比例不低于10%。",
    "二、不让一个孩子掉队",
    "落实资助政策，做到应助尽助；尽快实现数字校园全覆盖。",
    "编辑：示例",
]
TEXT = "\n".join(LINES)


def html(text: str) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return f"<html><head><style>p{{}}</style><script>var 全覆盖=1</script></head><body><nav>首页</nav>{body}</body></html>".encode()


def word(folder: Path) -> Path:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    path = folder / "plan.docx"
    document.save(str(path))
    return path


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture(params=["docx", "html", "txt", "gbk"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = {
        "docx": lambda: word(tmp_path),
        "html": lambda: written(tmp_path, "plan.html", html(TEXT)),
        "txt": lambda: written(tmp_path, "plan.txt", TEXT.encode()),
        "gbk": lambda: written(tmp_path, "plan.txt", TEXT.encode("gb18030")),
    }
    return made[request.param]()


def test_every_format_gives_the_same_draft(file: Path) -> None:
    made = plan_read(file)
    words = " ".join(line.words for line in made.lines)
    assert "县管校聘" in words
    assert "应助尽助" in words
    assert "var" not in words
    assert made.year == 2026
    assert any("编辑" in text for _, text, _ in made.aside)
    assert made.findings == ()


def test_a_draft_asks_what_the_text_does_not_say_and_can_be_read_again(tmp_path: Path) -> None:
    made = plan_read(written(tmp_path, "plan.txt", TEXT.encode()))
    data = parse_yaml(Path(made.written).read_text(encoding="utf-8"), "draft").data
    assert data["draft"] is True
    (digital,) = [one for one in data["measures"] if "数字校园" in one["source"]["words"]]
    assert digital["due"] == {"phrase": "尽快"}
    assert digital["source"]["line"] == 5
    assert digital["binding"] == {"roster": "digital_campus"}
    assert len(digital["questions"]) == 4  # owner, day, numerator, denominator
    (posts,) = [one for one in data["measures"] if "县管校聘" in one["source"]["words"]]
    assert str(posts["due"]["on"]) == "2026-12-31"
    assert len(posts["questions"]) < 4
    assert data["lines_set_aside"]


def test_a_draft_is_not_written_over(tmp_path: Path) -> None:
    path = written(tmp_path, "plan.txt", TEXT.encode())
    plan_read(path)
    with pytest.raises(StoreError) as refusal:
        plan_read(path)
    assert refusal.value.findings[0].rule == "store.plan_file_exists"


def test_a_report_of_our_own_is_read_back(tmp_path: Path) -> None:
    report = Report(title=LINES[0], subtitle="", body=tuple(Paragraph("body", line) for line in LINES[1:]), annexes=())
    from datetime import date

    write_report(report, date(2026, 3, 1), tmp_path / "own.docx")
    assert "县管校聘" in read_policy_text(tmp_path / "own.docx").text


def zipped(xml: bytes, name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr(name, xml)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("plan.odt", b"x", "store.text_kind"),
        ("plan.docx", b"not a zip", "store.text_broken"),
        ("plan.docx", zipped(b"<d/>", "other.xml"), "store.text_broken"),
        ("plan.docx", zipped(BOMB), "store.text_entities"),
        ("plan.docx", zipped(b"<d><e></d>"), "store.text_broken"),
        ("plan.docx", zipped(b"<d/>"), "store.text_empty"),
        ("plan.pdf", b"%PDF-1.7 broken", "store.text_broken"),
        ("plan.txt", b"   \n", "store.text_empty"),
        ("plan.txt", b"\0\1\2", "store.text_broken"),
        ("plan.txt", b"\xff\xff\xff\xff", "store.text_encoding"),
        ("plan.html", b"<script>x</script>", "store.text_empty"),
    ],
)
def test_a_file_that_is_no_text_is_named(tmp_path: Path, name: str, content: bytes, rule: str) -> None:
    with pytest.raises(StoreError) as refusal:
        read_policy_text(written(tmp_path, name, content))
    (found,) = refusal.value.findings
    assert (found.rule, found.place.file) == (rule, name)


def test_a_pdf_with_text_is_read_in_paragraphs_and_a_locked_or_pictured_one_is_named(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    from junheng.present.report.plan_typeset import set_pages

    set_pages("plan.typ", _page(), __import__("datetime").date(2026, 3, 1), tmp_path / "text.pdf")
    assert "县管校聘" in read_policy_text(tmp_path / "text.pdf").text
    empty, locked = PdfWriter(), PdfWriter()
    for one in (empty, locked):
        one.add_blank_page(200, 200)
    locked.encrypt("secret")
    for name, writer, rule in (("e.pdf", empty, "store.text_only_pictures"), ("l.pdf", locked, "store.text_locked")):
        with (tmp_path / name).open("wb") as out:
            writer.write(out)
        with pytest.raises(StoreError) as refusal:
            read_policy_text(tmp_path / name)
        assert refusal.value.findings[0].rule == rule


def _page() -> dict[str, object]:
    words = {
        "county": "清河县",
        "title": "要点",
        "document": "",
        "day": "2026-03-01",
        "structure": "",
        "headline": LINES[2],
        "draft": False,
    }
    return {**words, "small": False, "counts": [{"sign": "●", "word": "核实", "count": "1", "colour": "#000000"}], "parts": []}
