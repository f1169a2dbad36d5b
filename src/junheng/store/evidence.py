"""Files that entries rest on, each named by the digest of its content, so that a file altered or lost is noticed.

    records/evidence/3f/3f9a…e1        sealed (L3, L4: "A1:<data key>:" and ciphertext) or as it is (L1, L2)

Pictures lose what the camera wrote into them: place, time, device, name (store.pictures).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, StoreError, Text
from junheng.store.atomic import flush_folder, write_file
from junheng.store.entry import LEVELS, SEALED, Evidence, Level
from junheng.store.pictures import media_of, without_metadata
from junheng.store.sealing import ALGORITHM, Seals

LARGEST = 20 * 2**20  # bytes of one file
_BOUND = "evidence"


@dataclass(frozen=True, slots=True)
class EvidenceRoom:
    """The folder of evidence files of one record."""

    folder: Path

    def path(self, digest: str) -> Path:
        """Return where a file lies."""
        return self.folder / digest[:2] / digest

    def add(self, content: bytes, title: str, level: Level, expires: str | date | None, seals: Seals) -> Evidence:
        """Keep a file; pictures without what the camera wrote. Sealed unless `level` is L1 or L2.

        Raises DataError for an empty or too large file, one of a kind that is not taken, or a picture that is broken.
        """
        if level not in LEVELS:
            raise DataError(finding("store.entry_level", Place(file=title), level))
        media = _media(content, title)
        kept = without_metadata(content, media, title)
        if level in SEALED:
            number, data = seals.seal_bytes(level, kept, _BOUND)
            kept = f"{ALGORITHM}:{number}:".encode() + data
        digest = sha256(kept).hexdigest()
        if self.path(digest).exists():
            flush_folder(self.path(digest).parent)  # whoever wrote it may not have been told that it is safe
        else:
            write_file(self.path(digest), kept)
        day = date.fromisoformat(expires) if isinstance(expires, str) else expires
        return Evidence(digest=digest, title=title, media=media, level=level, expires=day)

    def read(self, evidence: Evidence, seals: Seals) -> bytes:
        """Return the content of a file.

        Raises StoreError when it is missing (store.evidence_missing), altered (store.evidence_altered) or does not open.
        """
        if found := self.fault(evidence.digest):
            raise StoreError(found)
        kept = self.path(evidence.digest).read_bytes()
        if evidence.level not in SEALED:
            return kept
        head, number, data = kept.split(b":", 2)
        if head != ALGORITHM.encode():
            raise StoreError(finding("store.box_damaged", Place(file=evidence.digest), repr(head)))
        return seals.open_bytes((int(number), data), _BOUND)

    def fault(self, digest: str) -> Finding | None:
        """Return what is wrong with a kept file."""
        path = self.path(digest)
        place = Place(file=f"evidence/{digest[:2]}/{digest}")
        if not path.is_file():
            return finding("store.evidence_missing", place, Text("没有该文件", "no such file"))
        found = sha256(path.read_bytes()).hexdigest()
        return finding("store.evidence_altered", place, found) if found != digest else None

    def kept(self) -> Iterator[str]:
        """Yield the digests of the files that lie in the folder."""
        for path in sorted(self.folder.glob("??/*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.name

    def check(self, named: Iterable[str]) -> list[Finding]:
        """Return every file that is missing or altered, and (as notes) those that no entry names."""
        wanted = dict.fromkeys(named)
        found = [fault for digest in wanted if (fault := self.fault(digest))]
        stray = [digest for digest in self.kept() if digest not in wanted]
        return found + [finding("store.evidence_stray", Place(file=f"evidence/{one[:2]}/{one}"), one) for one in stray]


def _media(content: bytes, title: str) -> str:
    place = Place(file=title)
    if not content or len(content) > LARGEST:
        raise DataError(finding("store.evidence_size", place, f"{len(content)}", most=LARGEST))
    media = media_of(content)
    if not media:
        raise DataError(finding("store.evidence_kind", place, repr(content[:8])))
    return media
