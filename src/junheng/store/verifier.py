"""Check a record against its audit and against anchors, without trusting the program that wrote it.

    python verifier.py record.db --anchor FILE [--anchor FILE ...] [--head NUMBER:HASH]

It needs only Python and imports nothing of junheng: copy it, read it, run it elsewhere. Of a PostgreSQL record check a backup.
  the rows of the audit are numbered 1, 2, 3 …, and each hash is SHA-256 of the hash before and the row's columns, tabs between;
  what a change replaced is what the change before it left, and what stands now is what the last change left;
  the index of sealed fields is what the sealed fields say;
  every anchor (a head that others keep) lies in the chain. Without anchors a chain that was made anew as a whole looks sound.
Prints what is wrong, a line each, and ends with 1; or one line with the head, and ends with 0.
"""

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

CHAINED = ("sequence", "batch", "at", "office", "person", "purpose", "verb", "kind", "key", "version", "before", "after")
IMAGE = ("kind", "key", "version", "state", "clear", "sealed", "levels", "evidence")


def digest(text: str) -> str:
    """Return SHA-256 of a text, "" of none."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else ""


def line(row: Any, names: Iterable[str]) -> str:
    """Return columns of a row with tabs between."""
    return "\t".join([str(row[name]) for name in names])


def opened(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads, and sees one state however long it takes."""
    connection = sqlite3.connect(f"file:{path.resolve().as_posix()}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("BEGIN")
    return connection


class Anchors:
    """The heads that others keep of one record. A line is written before a batch ("writing") and again when it is safe on the disk."""

    def __init__(self, lines: Iterable[str], record: str) -> None:
        self.safe: dict[int, str] = {}  # number -> hash: these must lie in the chain
        self.known: set[tuple[int, str]] = set()  # and the chain must end with one of these
        self.said: list[str] = []
        for one in map(json.loads, lines):
            if one["record"] != record:
                continue
            number, value = one["sequence"], one["hash"]
            if "restored" in one:  # a backup was put over newer data, by name: what lay between is given up, and stays told
                self.safe = {kept: hash_ for kept, hash_ in self.safe.items() if kept < number}
                self.known = {kept for kept in self.known if kept[0] < number}
                self.said.append(
                    f"恢复备份时放弃了第{number + 1}至{one['restored']}条变更 / a restore gave up changes up to {one['restored']}"
                )
            self.known.add((number, value))
            if "writing" not in one:
                self.safe[number] = value


class Chain:
    """The audit as it is read, row by row, and what was found wrong with it."""

    def __init__(self, record: str) -> None:
        self.hash = digest(f"junheng record {record}")
        self.count = 0
        self.last: dict[tuple[str, str], tuple[str, int]] = {}  # (kind, key) -> what the last change left, and its number
        self.hashes: dict[int, str] = {0: self.hash}
        self.wrong: list[str] = []

    def add(self, row: Any) -> None:
        """Check one row against those before it."""
        self.count += 1
        where = f"audit {row['sequence']}"
        if row["sequence"] != self.count:
            self.wrong.append(f"{where}: 序号应为{self.count} / the number should be {self.count}")
            self.count = int(row["sequence"])
        self.hash = digest(f"{self.hash}\t{line(row, CHAINED)}")
        if self.hash != row["hash"]:
            self.wrong.append(f"{where}: 校验码不符 / the hash does not follow from what stands before")
            self.hash = str(row["hash"])
        self.hashes[self.count] = self.hash
        place = (str(row["kind"]), str(row["key"]))
        changes = row["verb"] in ("put", "remove")
        if digest(str(row["replaced"])) != row["before"] or (changes and self.last.get(place, ("", 0))[0] != row["before"]):
            self.wrong.append(f"{where}: 改前内容与上一次变更不符 / what it replaced is not what the change before it left")
        if changes:
            self.last[place] = (str(row["after"]), self.count)

    def close(self, entries: Iterable[Any]) -> set[tuple[str, str, str, str]]:
        """Check what stands now; return the tags that its sealed fields say."""
        left = {place: what for place, what in self.last.items() if what[0]}
        tags: set[tuple[str, str, str, str]] = set()
        for row in entries:
            kind, key = str(row["kind"]), str(row["key"])
            if left.pop((kind, key), None) != (digest(line(row, IMAGE)), row["sequence"]):
                self.wrong.append(f"{kind} {key}: 与审计的最后一次变更不符 / is not what its last change left")
            elif row["sealed"] != "{}":
                tags |= {(kind, field, tag, key) for field, (_, tag) in json.loads(row["sealed"]).items() if tag}
        self.wrong += [f"{kind} {key}: 记录丢失 / is lost" for kind, key in left]
        return tags


def check(path: Path, anchors: Iterable[str], heads: Iterable[tuple[int, str]] = ()) -> tuple[list[str], list[str], str]:
    """Return what is wrong, what is to be known, and the head in one line. Raises sqlite3.Error when the file is no sound record."""
    with closing(opened(path)) as record:
        about = {row["name"]: row["value"] for row in record.execute("SELECT * FROM about")}
        chain = Chain(str(about.get("record", "")))
        for row in record.execute("SELECT * FROM audit ORDER BY sequence"):
            chain.add(row)
        tags = chain.close(record.execute("SELECT * FROM entries"))
        if tags != {tuple(row) for row in record.execute("SELECT kind, field, tag, key FROM lookups")}:
            chain.wrong.append("lookups: 索引与密封字段不符 / the index is not what the sealed fields say")
    kept, heads = Anchors(anchors, str(about.get("record", ""))), list(heads)
    for number, value in [*kept.safe.items(), *heads]:
        if chain.hashes.get(number) != value:
            chain.wrong.append(f"anchor {number}: 链中没有这一校验码 / is not in the chain")
    if kept.known and (chain.count, chain.hash) not in kept.known:
        chain.wrong.append(f"audit {chain.count}: 链的末尾没有锚点 / the end of the chain is not anchored")
    if not kept.known and not heads:
        kept.said.append("没有锚点：无法发现整链重做 / no anchor: a chain made anew as a whole would look sound")
    return chain.wrong, kept.said, f"{chain.count}:{chain.hash}"


def main() -> int:
    """Check as the command line says."""
    parser = argparse.ArgumentParser(description="核对记录库与审计 / check a record against its audit")
    parser.add_argument("record", type=Path, help="record.db, 或备份中的同名文件 / or the one in a backup")
    parser.add_argument("--anchor", type=Path, action="append", default=[], help="锚点文件 / a file of anchors")
    parser.add_argument("--head", action="append", default=[], help="打印件上的 序号:校验码 / NUMBER:HASH of a printed sheet")
    asked = parser.parse_args()
    lines = [text for path in asked.anchor for text in path.read_text(encoding="utf-8").splitlines() if text.strip()]
    heads = [(int(number), code.replace(" ", "")) for number, _, code in (text.partition(":") for text in asked.head)]
    try:
        wrong, said, head = check(asked.record, lines, heads)
    except (sqlite3.Error, ValueError, TypeError) as error:
        wrong, said, head = [f"{asked.record}: {error}"], [], ""
    sound = [] if wrong else [f"完好 / sound {head}"]
    sys.stdout.write("\n".join([*said, *wrong, *sound]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
