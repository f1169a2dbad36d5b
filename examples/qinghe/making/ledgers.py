"""The lists that the offices of Qinghe keep: those of source/ledgers, and party meetings and visits with what is planted in them."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from making.roster import Site

# What is planted: these schools held no members' meeting in winter, and this one's committee missed January; these were visited but once.
NO_WINTER_MEETING = ("石桥镇二坝小学", "青羊乡山根小学", "双泉镇红崖九年制学校")
NO_COMMITTEE = ("清河县第六中学", date(2026, 1, 14))
INSPECTORS = ("赵文斌", "钱秀兰", "李占海")
IN_GBK = "群众反映问题"  # as the hotline's office sends it
_BRANCHES = ("primary", "junior", "nine_year", "twelve_year", "complete_secondary", "senior")
_LARGE = ("complete_secondary", "senior")
_MEETINGS = ["编号", "状态", "状态日期", "类别", "学校", "召开日期", "到会人数（人）", "应到人数（人）", "议题"]
_VISITS = ["编号", "状态", "状态日期", "督导内容", "学校", "到校日期", "督学", "未打招呼", "发现问题数（项）", "督导记录评阅"]


def write_lists(folder: Path, source: Path, sites: Mapping[str, Site]) -> None:
    """Write the lists into the folder, one file a ledger."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.csv")):
        encoding = "gb18030" if path.stem == IN_GBK else "utf-8"
        (folder / path.name).write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    open_now = [site for _, site in sorted(sites.items()) if site.exists(2025) and not site.is_campus(2025)]
    _write(folder / "三会一课.csv", _MEETINGS, _meetings([site for site in open_now if site.kind in _BRANCHES]))
    _write(folder / "到校督导记录.csv", _VISITS, _visits([site for site in open_now if site.kind != "kindergarten"]))


def _write(path: Path, header: list[str], rows: Iterable[list[object]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="\n")


def _meetings(sites: list[Site]) -> Iterator[list[object]]:
    number = 0
    for at, site in enumerate(sites):
        expected = 6 + at * 7 % 19
        for sort, day in _held(site, at):
            number += 1
            present = expected - (at + day.month) % 3
            topic = {"支部党员大会": "学习与民主评议", "支委会": "“三重一大”事项研究", "党课": "书记上党课"}[sort]
            yield [f"党建-2026-{number:04d}", "记录归档", day + timedelta(days=5), sort, site.name, day, present, expected, topic]


def _held(site: Site, at: int) -> Iterator[tuple[str, date]]:
    yield "支部党员大会", date(2025, 10, 9 + at % 15)
    if site.name not in NO_WINTER_MEETING:
        yield "支部党员大会", date(2026, 1, 5 + at % 15)
    if site.kind in _LARGE:
        for day in (date(2025, 9, 10), date(2025, 10, 15), date(2025, 11, 12), date(2025, 12, 10), date(2026, 1, 14), date(2026, 2, 11)):
            if (site.name, day) != NO_COMMITTEE:
                yield "支委会", day
        yield "党课", date(2025, 11, 5)
        yield "党课", date(2026, 1, 21)


def _visits(sites: list[Site]) -> Iterator[list[object]]:
    """Yield the visits of the autumn term: two a school, every ninth school one."""
    number = 0
    for at, site in enumerate(sites):
        for turn in range(1 if at % 9 == 4 else 2):
            number += 1
            day = date(2025, 9, 15) + timedelta(days=at + 55 * turn)
            day -= timedelta(days=max(0, day.weekday() - 4))
            day += timedelta(days=8) if date(2025, 10, 1) <= day <= date(2025, 10, 8) else timedelta(0)
            matter = ("开学工作", "作业与课后服务", "食堂与安全", "课堂教学")[(at + turn) % 4]
            unannounced = "是" if (at + turn) % 3 == 0 else "否"
            found, who = (at * 5 + turn) % 4, INSPECTORS[at % 3]
            yield [f"督查-2025-{number:04d}", "记录归档", day, matter, site.name, day, who, unannounced, found, _read(at, turn)]


def _read(at: int, turn: int) -> str:
    """Return what the supervision office thought of a visit's report."""
    if (at * 7 + turn) % 17 == 3:
        return "空泛需重写"
    return "问题有据、建议可行" if (at * 7 + turn * 3) % 4 == 0 else "记录清楚"
