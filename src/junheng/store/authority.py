"""An authority's folder: who it is, which shelves of standards hold, its own standards and indicators, and the returns it received.

qinghe/
  junheng.toml            code, name, language, shelves of standards in order (nation, province, city, county)
  returns/2025/*.xlsx     what schools and offices sent, as they sent it
  2025/schools.csv …      the format of record (store.folder)
  standards/ indicators/ frameworks/ assumptions/     the county's own, in the same formats as those that ship
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from junheng.documents import PackageFile, finding
from junheng.errors import DataError, Finding, Place, StoreError, Text
from junheng.store.atomic import write_file

FILE = "junheng.toml"
OWN = ("standards", "indicators", "frameworks", "assumptions")
_KEYS: Mapping[str, type] = {
    "code": str,
    "name": str,
    "language": str,
    "shelves": list,
    "frameworks": list,
    "compare_on": date,
    "records": dict,
}
_FORMS: Mapping[type, Text] = {
    str: Text("加引号的文字", "a text in quotes"),
    list: Text("文字列表", "a list of texts"),
    dict: Text("[records] 下的 url、anchors 或 unmask_alone", "url, anchors or unmask_alone under [records]"),
    int: Text("整数", "a whole number"),
    date: Text("日期，如2025-09-01（不加引号）", "a date such as 2025-09-01, without quotes"),
}
_NEEDED = ("code", "name")
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The county's authority as its folder describes it."""

    folder: Path
    code: str  # division code, as in the County
    name: str
    language: str = "zh"
    shelves: tuple[str, ...] = ("cn",)  # jurisdictions whose shipped standards hold, the widest first; the folder's own come last
    frameworks: tuple[str, ...] = ("quality-balance-2017",)  # by which the county is judged, the first one unless asked otherwise
    compare_on: date | None = None  # the standards are not in force there: pages compare with those of this day, and say so
    records: Mapping[str, Any] = field(default_factory=dict)  # url of the record, and anchors: further files for heads of its audit


def read_authority(folder: Path) -> Authority:
    """Return what junheng.toml says.

    Raises StoreError when the folder is not an authority's, DataError with every finding when the file is not well formed.
    """
    path = folder / FILE
    if not path.is_file():
        raise StoreError(finding("store.no_authority", Place(file=folder.as_posix()), Text(f"没有{FILE}", f"no {FILE}")))
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        place = Place(file=FILE, row=int(line[1]) if line else None)
        raise DataError(finding("store.toml_syntax", place, str(error))) from error
    findings = list(_findings(data))
    if findings:
        raise DataError(findings)
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return Authority(folder=folder, **given)


def _findings(data: Mapping[str, object]) -> Iterator[Finding]:
    keys = ", ".join(_KEYS)
    for key in _NEEDED:
        if key not in data:
            yield finding("store.toml_missing_key", Place(file=FILE, column=key), Text(f"没有{key}", f"no {key}"), key=key)
    for key, value in data.items():
        if key not in _KEYS:
            yield finding("store.toml_unknown_key", Place(file=FILE, column=key), key, keys=keys)
        elif not _fits(value, _KEYS[key]):
            yield finding("store.toml_value", Place(file=FILE, column=key), str(value), form=_FORMS[_KEYS[key]])
    yield from _records_findings(data.get("records", {}))
    if data.get("language", "zh") not in _LANGUAGES:
        form = Text('"zh"或"en"', '"zh" or "en"')
        yield finding("store.toml_value", Place(file=FILE, column="language"), str(data["language"]), form=form)


def _records_findings(said: object) -> Iterator[Finding]:
    forms: Mapping[str, type] = {"url": str, "anchors": list, "unmask_alone": int}
    for key, value in said.items() if isinstance(said, dict) else ():
        place = Place(file=FILE, column=f"records.{key}")
        if key not in forms:
            yield finding("store.toml_unknown_key", place, key, keys=", ".join(forms))
        elif not _fits(value, forms[key]):
            yield finding("store.toml_value", place, str(value), form=_FORMS[forms[key]])


def _fits(value: object, kind: type) -> bool:
    if isinstance(value, list):
        return kind is list and bool(value) and all(isinstance(entry, str) for entry in value)
    return isinstance(value, kind) and bool(value)


def new_authority(folder: Path, code: str, name: str, *, language: str = "zh", shelves: tuple[str, ...] = ("cn",)) -> Authority:
    """Make a new authority's folder with its rooms, and return it.

    Raises StoreError when the folder already is an authority's; what else lies in it stays.
    """
    if (folder / FILE).exists():
        raise StoreError(finding("store.authority_exists", Place(file=folder.as_posix()), Text(f"已有{FILE}", f"a {FILE} already there")))
    text = f"""# 教育行政部门的文件夹 / The folder of one education authority
code = {_quoted(code)}        # 区划代码 / division code
name = {_quoted(name)}
language = {_quoted(language)}
# 适用的标准，由国家到地方；本文件夹 standards/ 中的标准排在最后
# Shelves of standards, from the nation down; the folder's own standards/ come last
shelves = [{", ".join(map(_quoted, shelves))}]
"""
    for room in ("returns", *OWN):
        (folder / room).mkdir(parents=True, exist_ok=True)
    write_file(folder / FILE, text.encode())
    return read_authority(folder)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def own_files(authority: Authority, room: str, pattern: str = "**/*.yaml") -> list[PackageFile]:
    """Return the texts of the authority's own files in one of its rooms (OWN), sorted by name.

    Names start with the room, e.g. "standards/class_size/maximum.yaml". Raises DataError for a file that is not UTF-8, that a link
    leads out of the folder, or that would be passed over because its name does not end in .yaml.
    """
    root = authority.folder.resolve()
    files: list[PackageFile] = []
    findings = list(_passed_over(root, room))
    for path in sorted((root / room).glob(pattern)):
        name = path.relative_to(root).as_posix()
        if not path.resolve().is_relative_to(root):
            findings.append(finding("store.file_elsewhere", Place(file=name), str(path.resolve())))
        elif path.is_file():
            try:
                files.append(PackageFile(name, path.read_bytes().decode("utf-8-sig")))
            except UnicodeDecodeError:
                findings.append(finding("store.not_utf8", Place(file=name), Text("其他编码", "another encoding")))
    if findings:
        raise DataError(findings)
    return files


def _passed_over(root: Path, room: str) -> Iterator[Finding]:
    """Yield a finding for each YAML file whose name ends otherwise (.yml, .YAML, .yaml.txt): nobody would notice that it is not read."""
    for path in sorted((root / room).glob("**/*")):
        if path.suffix != ".yaml" and re.search(r"\.ya?ml(\.txt)?$", path.name, re.IGNORECASE):
            yield finding("store.not_named_yaml", Place(file=path.relative_to(root).as_posix()), path.name)


def received(authority: Authority, year: int) -> list[Path]:
    """Return the files received for a school year, sorted by name; those of the system and of open programs (~$…) are not."""
    room = authority.folder / "returns" / str(year)
    return [path for path in sorted(room.rglob("*")) if path.is_file() and not path.name.startswith((".", "~$"))]
