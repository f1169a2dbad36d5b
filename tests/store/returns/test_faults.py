"""Faults put into valid returns: each is reported at its own cell, by its own rule, and nothing else is; and no bytes crash the import."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.store.returns.child import WorkbookReader
from junheng.store.returns.load import read_returns
from tests.store.returns.workbooks import write_rows

SEED = 20251122
HEAD = ["学校标识码", "学校名称", "办学类型", "一年级", "二年级", "占地面积", "图书", "教学仪器设备值（万元）", "建校年份", "是否寄宿制"]
FAULTS = {
    0: [
        ("2.162E+09", "digits_destroyed"),
        (21620001, "code_format"),
        ("216200O00l", "letter_for_digit"),
        (216200000112345678, "digits_destroyed"),
        ("2.162E+09", "digits_destroyed"),
    ],
    2: [("完小啊", "unknown_word"), (True, "not_text")],
    3: [
        (-1, "negative"),
        (3.5, "not_whole"),
        ("3O", "letter_for_digit"),
        ("三人", "not_a_number"),
        ("1,23", "number_unclear"),
        (1e16, "digits_destroyed"),
    ],
    5: [("12元", "unit_mismatch"), ("1.2.3", "number_unclear"), ("-5平方米", "negative"), (False, "not_a_number"), ("5%", "unit_mismatch")],
    7: [("12册", "unit_mismatch"), ("l2", "letter_for_digit")],
    8: [("很久以前", "not_a_year"), (12, "not_a_year"), (2500, "not_a_year"), ("57/8", "not_a_year")],
    9: [("也许", "unknown_word")],
}


def sound(row: int) -> list[object]:
    return [f"21620{row:05d}", f"第{row}小学", "小学", 20, 21, 9000.5, "1,200册", 12.5, "2019.9", "否"]


def test_two_thousand_faults_are_each_reported_at_their_own_cell_and_nothing_else_is(tmp_path):
    rng = random.Random(SEED)
    rows, expected = [], set()
    for row in range(2, 3002):
        record = sound(row)
        if rng.random() < 0.7:
            column = rng.choice(list(FAULTS))
            value, rule = rng.choice(FAULTS[column])
            record[column] = value
            expected.add((f"returns.{rule}", f"{'ABCDEFGHIJ'[column]}{row}"))
        rows.append(record)
    assert len(expected) > 2000
    result = read_returns([write_rows(tmp_path / "一览表.xlsx", [HEAD, *rows])], "629925", 2025)
    assert {(refused.rule, cell) for refused in result.refused for cell in refused.cells} == expected
    assert {finding.severity for finding in result.findings} == {"error"}
    # and no faulty cell went in: every loaded origin is a cell that is not among the faults
    loaded = {cell for origins in result.county.origins.values() for cell in origins["cell"].to_list()}
    assert not loaded & {cell for _, cell in expected}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return write_rows(tmp_path_factory.mktemp("good") / "good.xlsx", [HEAD, *[sound(row) for row in range(2, 12)]]).read_bytes()


def mutated_bytes(raw: bytes, rng: random.Random) -> bytes:
    """Change a few bytes of the file as it lies on the disk."""
    out = bytearray(raw)
    for _ in range(rng.randint(1, 8)):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def mutated_parts(raw: bytes, rng: random.Random) -> bytes:
    """Change a few bytes inside the parts and pack them again, so that the archive is sound and the XML is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = bytearray(old.read(info))
            for _ in range(rng.randint(0, 4)):
                at = rng.randrange(len(part))
                part[at : at + rng.randint(0, 3)] = bytes(rng.choice(b"<>/\"' 0129AZrcvs&;#x") for _ in range(rng.randint(0, 3)))
            new.writestr(info.filename, bytes(part))
    return out.getvalue()


@pytest.mark.parametrize("mutate", [mutated_bytes, mutated_parts])
def test_no_damaged_workbook_crashes_the_import(mutate, good, tmp_path):
    rng = random.Random(SEED)
    path = Path(tmp_path / "damaged.xlsx")
    refused = 0
    with WorkbookReader() as reader:
        for _ in range(250):
            path.write_bytes(mutate(good, rng))
            try:
                reader.read(path)
            except StoreError:  # anything else is a crash
                refused += 1
    assert refused > 50


def test_no_damaged_text_crashes_the_import(tmp_path):
    rng = random.Random(SEED)
    text = "\n".join(",".join(str(cell) for cell in row) for row in [HEAD, *[sound(row) for row in range(2, 8)]]).encode()
    files = []
    for number in range(120):
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_bytes(mutated_bytes(text, rng))
    result = read_returns(files, "629925", 2025)
    assert {finding.rule.split(".")[0] for finding in result.findings} == {"returns"}
