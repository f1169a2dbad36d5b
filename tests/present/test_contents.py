"""The page that leads to what was written: it grows with each command, forgets what is gone, and leads nowhere else."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from junheng.present.contents import enter
from junheng.workflow import Text

WEEK, BOARD = Text("本周事项", "this week"), Text("台账看板 <清河>", "board")


def file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    return path


def links(page: Path) -> dict[str, str]:
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a>', page.read_text(encoding="utf-8"))
    return {unquote(link): unescape(words) for link, words in found}


def test_each_writer_adds_its_files_and_one_page_leads_to_all(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = enter(out / "week", "week", [(file(out / "week" / "this-week.html"), WEEK)])
    second = enter(out / "台账 2", "ledgers", [(str(file(out / "台账 2" / "看板.html")), BOARD), (file(out / "台账 2" / "b.xlsx"), BOARD)])
    assert first == second == out / "index.html"
    found = links(second)
    assert found == {"week/this-week.html": WEEK.zh, "台账 2/看板.html": BOARD.zh, "台账 2/b.xlsx": BOARD.zh}
    assert all((out / link).is_file() for link in found)
    assert "<script" not in second.read_text(encoding="utf-8")


def test_what_is_gone_is_forgotten_and_a_spoiled_list_is_made_anew(tmp_path: Path) -> None:
    old, new = file(tmp_path / "old.html"), file(tmp_path / "new.html")
    enter(tmp_path, "week", [(old, WEEK)])
    old.unlink()
    page = enter(tmp_path, "week", [(new, WEEK)])
    assert set(links(page)) == {"new.html"}
    (tmp_path / ".contents.json").write_text("{", encoding="utf-8")
    assert set(links(enter(tmp_path, "ledgers", [(new, BOARD)]))) == {"new.html"}


def test_a_folder_below_one_that_has_a_page_enters_there(tmp_path: Path) -> None:
    home = enter(tmp_path / "qinghe", "week", [(file(tmp_path / "qinghe" / "w.html"), WEEK)])
    assert enter(tmp_path / "qinghe" / "ledgers", "ledgers", [(file(tmp_path / "qinghe" / "ledgers" / "l.html"), BOARD)]) == home
