"""The page that leads to what was written: every command that writes enters its files here, and index.html is made anew from them.

What was written stands in `.contents.json` beside the page: path from there, subject, what it is. A file that is gone is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from junheng.present.contents_lines import Subject, Written
from junheng.workflow import Text

LIST, PAGE = ".contents.json", "index.html"
SUBJECTS: dict[str, Text] = {  # in the order of the page
    "week": Text("本周事项", "This week"),
    "assessment": Text("评估监测", "Assessment"),
    "foresight": Text("学位与生源预测", "Pupils and places ahead"),
    "teachers": Text("教师编制与需求", "Teachers"),
    "proposal": Text("方案", "Proposals"),
    "plan": Text("行动计划", "Plans of action"),
    "coverage": Text("名单比对", "Who is missed"),
    "ledgers": Text("台账", "Ledgers"),
    "visits": Text("督导与排期", "Visits and schedules"),
    "survey": Text("调查与评审", "Surveys and scoring"),
}


def enter(out: Path, subject: str, files: Iterable[tuple[str | Path, Text]], lang: str = "zh") -> Path:
    """Enter files written below `out` under a subject and make the page anew; return its path.

    The page lies in `out`, or above it where there is one already or the folder above is called "out".
    """
    from junheng.present.web.contents_page import contents_page

    home = _home(out)
    entered = _entered(home)
    for path, what in files:
        entered[Path(path).resolve().relative_to(home.resolve()).as_posix()] = [subject, *what]
    kept = {name: said for name, said in sorted(entered.items()) if home.joinpath(name).is_file()}
    home.joinpath(LIST).write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")
    page = home.joinpath(PAGE)
    page.write_text(contents_page(_subjects(kept), lang), encoding="utf-8", newline="\n")
    return page


def _home(out: Path) -> Path:
    above = out.resolve().parent
    return above if above.name == "out" or above.joinpath(LIST).is_file() else out


def _entered(home: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(home.joinpath(LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none yet, or spoiled by hand: the next writers fill it again
        return {}
    return found if isinstance(found, dict) else {}


def _subjects(entered: dict[str, list[str]]) -> tuple[Subject, ...]:
    made = []
    for name, title in SUBJECTS.items():
        files = [_written(path, *said[1:]) for path, said in entered.items() if said[0] == name]
        if files:
            pages, papers = (tuple(one for one in files if one.page is page) for page in (True, False))
            made.append(Subject(title, pages, papers))
    return tuple(made)


def _written(path: str, zh: str, en: str) -> Written:
    return Written(quote(path), Text(zh, en), path, path.endswith(".html"))
