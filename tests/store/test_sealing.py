"""What is sealed is read by nobody who takes the disk; files keep no trace of the camera; keys can be changed."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import struct
import zlib
from pathlib import Path

import pytest

from junheng.errors import DataError, StoreError
from junheng.store.backup import make_backup
from junheng.store.database import Database, open_database
from junheng.store.entry import MASKED, Actor, Entry, Purpose
from junheng.store.pictures import media_of, without_metadata
from junheng.store.soundness import verify
from tests.store.conftest import ACTOR, at, pupil

DAY = at().date()
KNOWN = 300  # children whose names and numbers are looked for
SEE = Purpose(actor=ACTOR, reason="核对", at=at(90))


def children(count: int = KNOWN) -> list[tuple[str, str]]:
    chance = random.Random(2026)
    family, given = "欧阳诸葛司徒上官慕容", "雨桐子涵梓萱浩然宇轩欣怡诗琪俊杰"
    names = [f"{family[2 * (n % 5) : 2 * (n % 5) + 2]}{''.join(chance.sample(given, 2))}{given[n % 16]}" for n in range(count)]
    return [(name, f"430302{chance.randint(2010, 2019)}{chance.randint(1, 12):02}{n:06}") for n, name in enumerate(names)]


def forms(text: str) -> list[bytes]:
    """Return a text as it could lie on a disk; of base64 what does not depend on where it begins."""
    plain = [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("gbk"), json.dumps(text)[1:-1].encode()]
    coded = [base64.b64encode(b"x" * shift + text.encode())[4 if shift else 0 : -4] for shift in range(3)]
    return [*plain, *(one for one in coded if len(one) >= 8)]


def found_on(folder: Path, texts: list[str]) -> set[str]:
    disk = b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return {text for text in texts if any(form in disk for form in forms(text))}


def test_a_stolen_disk_tells_no_name_and_no_number(record: Database, keys: Path, tmp_path: Path) -> None:
    known = children()
    officer = Actor("皇甫静姝", "资助中心")
    with record.batch(actor=officer, purpose="资助名单", at=at(), once="list") as batch:
        for n, (name, number) in enumerate(known):
            batch.put(pupil(f"p{n}", name, number))
    with record.batch(actor=officer, purpose="变更", at=at(1)) as batch:
        for n, (name, _) in enumerate(known[:50]):
            batch.put(pupil(f"p{n}", f"{name}儿", "43030220150101000X"))
        batch.remove("pupil", "p60")
    record.find("pupil", "id", known[3][1], unmask=SEE)
    record.add_evidence("困难认定：".encode() + "、".join(name for name, _ in known).encode(), "名单")
    record.undo(2, actor=officer, purpose="撤销", at=at(2))
    make_backup(record, tmp_path / "usb", office="x", at=at(3))
    texts = [text for pair in known for text in pair] + ["皇甫静姝"]
    folders = (tmp_path / "county", tmp_path / "usb")
    assert [path.name for path in record.folder.glob("*-wal")] == ["record.db-wal"]  # the log is on the stolen disk too
    assert [found_on(folder, texts) for folder in folders] == [set(), set()]
    # red control: the same search finds a name that somebody left in the clear
    with record.batch(actor=officer, purpose="x", at=at(4)) as batch:
        batch.put(Entry(kind="note", key="n1", values={"text": f"已联系{known[7][0]}"}))
    assert found_on(tmp_path / "county", texts) == {known[7][0]}
    (tmp_path / "usb" / "list.txt").write_bytes(base64.b64encode(f"名单：{known[9][0]}，".encode()))
    assert known[9][0] in found_on(tmp_path / "usb", texts)  # cut off at both ends, base64 also fits a name much like it


def test_a_box_opens_only_where_it_was_sealed(record: Database) -> None:
    box = record.seals.seal("L3", ("pupil", "p1", "name"), "陈小雨")
    assert record.seals.open(box, ("pupil", "p1", "name")) == "陈小雨"
    assert box != record.seals.seal("L3", ("pupil", "p1", "name"), "陈小雨")
    for where in (("pupil", "p2", "name"), ("pupil", "p1", "id"), ("visit", "p1", "name")):
        with pytest.raises(StoreError):
            record.seals.open(box, where)
    with pytest.raises(StoreError):
        record.seals.open(box[:-6] + "AAAA==", ("pupil", "p1", "name"))


def test_keys_are_changed_and_everything_is_still_read(database: Database, where: Path, keys: Path) -> None:
    known = children(20)
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        for n, (name, number) in enumerate(known):
            batch.put(pupil(f"p{n}", name, number))
    kept = database.add_evidence(b"%PDF-1.7 x", "证明")
    with database.sql.reading() as rows:
        before = {row["key"]: row["sealed"] for row in rows.entries("pupil")}
    assert database.change_keys(actor=ACTOR, purpose="每年更换", at=at(1)) == 20
    with database.sql.reading() as rows:
        after = {row["key"]: row["sealed"] for row in rows.entries("pupil")}
    assert all(before[key] != after[key] for key in before)
    database.close()
    with open_database(where, keys) as again:
        assert [entry.values["name"] for entry in again.entries("pupil", unmask=SEE)] == [
            name for _, name in sorted((f"p{n}", name) for n, (name, _) in enumerate(known))
        ]
        assert [entry.key for entry in again.find("pupil", "id", known[3][1])] == ["p3"]
        assert again.read_evidence(kept, unmask=SEE) == b"%PDF-1.7 x"
        assert [change.verb for change in again.history("pupil", "p1", unmask=SEE)] == ["put", "put", "unmask"]
        assert [finding.rule for finding in verify(again, DAY).findings] == ["store.evidence_stray"]  # no entry names it yet
        assert again.keys.current == "m2"


def test_what_was_sealed_and_moved_is_found_by_verify(record: Database) -> None:
    with record.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(pupil("p1", "陈小雨", "430302201501010012"))
    with record.sql.writing() as rows:
        rows.connection.exec_driver_sql("UPDATE entries SET sealed = replace(sealed, 'A1:4:', 'A1:4:AAAA')")
    assert {finding.rule for finding in verify(record, DAY).findings} == {"store.record_at_odds", "store.box_damaged"}


# -- files ------------------------------------------------------------------------------------------------------------

CAMERA = b"Exif\0\0MM\0*GPSLatitude 27.88 Xiangtan 13907320000"


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*, bare: bool = False) -> bytes:
    """Return a picture as cameras write it: EXIF, XMP, IPTC, a comment, and a second picture behind the end."""
    frame = segment(0xDB, b"\0" + bytes(range(1, 65))) + segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0") + segment(0xC4, b"\0" * 17)
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
    head = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    colours = segment(0xE2, b"ICC_PROFILE\0\x01\x01profile")
    if bare:
        return b"\xff\xd8" + head + colours + frame + scan + b"\xff\xd9"
    traces = [
        (0xE1, CAMERA),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + CAMERA),
        (0xED, b"Photoshop" + CAMERA),
        (0xFE, CAMERA),
        (0xE2, b"MPF\0" + CAMERA),
    ]
    added = b"".join(segment(mark, body) for mark, body in traces)
    return b"\xff\xd8" + head + added + colours + b"\xff" + frame + scan + b"\xff\xd9" + b"\xff\xd8" + segment(0xE1, CAMERA) + b"\xff\xd9"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*, bare: bool = False) -> bytes:
    head, data = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), chunk(b"IDAT", zlib.compress(b"\0\x7f"))
    added = b"" if bare else chunk(b"tEXt", CAMERA) + chunk(b"eXIf", CAMERA) + chunk(b"iTXt", CAMERA) + chunk(b"tIME", b"\0" * 7)
    return b"\x89PNG\r\n\x1a\n" + head + added + data + chunk(b"IEND", b"") + (b"" if bare else CAMERA)


def webp(*, bare: bool = False) -> bytes:
    def part(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    flags = b"\x00" if bare else b"\x0c"
    body = part(b"VP8X", flags + b"\0" * 9) + part(b"VP8 ", b"picture") + (b"" if bare else part(b"EXIF", CAMERA) + part(b"XMP ", CAMERA))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@pytest.mark.parametrize("made", [jpeg, png, webp])
def test_a_picture_loses_what_the_camera_wrote_and_nothing_else(made: object, record: Database) -> None:
    assert callable(made)
    content = made()
    assert CAMERA in content
    kept = without_metadata(content, media_of(content))
    assert kept == made(bare=True)
    assert without_metadata(kept, media_of(kept)) == kept
    evidence = record.add_evidence(content, "现场照片", level="L2")
    assert b"Xiangtan" not in record.files.path(evidence.digest).read_bytes()
    assert record.read_evidence(evidence) == kept


@pytest.mark.parametrize("made", [jpeg, png, webp])
def test_a_picture_that_breaks_off_anywhere_is_refused_or_harmless(made: object) -> None:
    assert callable(made)
    content = made()
    for end in range(12, len(content)):
        with contextlib.suppress(DataError):  # refused; else what is kept is clean
            assert b"Xiangtan" not in without_metadata(content[:end], media_of(content))
    with pytest.raises(DataError) as error:
        without_metadata(content[:40], media_of(content))
    assert [finding.rule for finding in error.value.findings] == ["store.picture_broken"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "store.evidence_size"),
        (b"\0\0\0\x18ftypheic", "store.evidence_kind"),
        (b"II*\0\x10\0\0\0", "store.evidence_kind"),
        (b"\x7fELF\x02\x01\x01\0", "store.evidence_kind"),
        (b"\xff\xd8\xff\xe1\xff\xff", "store.picture_broken"),
    ],
)
def test_a_file_of_another_kind_is_refused(record: Database, content: bytes, rule: str) -> None:
    with pytest.raises(DataError) as error:
        record.add_evidence(content, "x")
    assert [finding.rule for finding in error.value.findings] == [rule]
    assert list(record.files.kept()) == []


def test_a_file_altered_lost_or_expired_is_found(record: Database) -> None:
    names = ("照片", "证明", "报告", "多余")
    kept = [record.add_evidence(f"说明{name}".encode(), name, expires="2026-03-01" if name == "报告" else None) for name in names]
    with record.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(Entry(kind="visit", key="v1", evidence=tuple(kept[:3])))
    altered, lost = record.files.path(kept[0].digest), record.files.path(kept[1].digest)
    sealed = altered.read_bytes()
    altered.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))  # a fixed byte would be the right one once in 256
    lost.unlink()
    found = {finding.rule: finding.severity for finding in verify(record, DAY).findings}
    assert found == {
        "store.evidence_altered": "error",
        "store.evidence_missing": "error",
        "store.evidence_stray": "note",
        "store.evidence_expired": "warning",
    }
    for evidence, rule in zip(kept, ("store.evidence_altered", "store.evidence_missing"), strict=False):
        with pytest.raises(StoreError) as error:
            record.read_evidence(evidence, unmask=SEE)
        assert [finding.rule for finding in error.value.findings] == [rule]


def test_a_sealed_file_is_shown_for_a_purpose_only(record: Database) -> None:
    kept = record.add_evidence("困难证明".encode(), "证明")
    with pytest.raises(StoreError) as error:
        record.read_evidence(kept)
    assert [finding.rule for finding in error.value.findings] == ["store.evidence_sealed"]
    assert MASKED in error.value.findings[0].found.zh
    assert record.read_evidence(kept, unmask=SEE).decode() == "困难证明"
    with record.sql.reading() as rows:
        assert [(row["verb"], row["key"]) for row in rows.audit()] == [("unmask", kept.digest)]
