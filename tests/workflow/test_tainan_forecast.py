"""The real city as its README says: imported, forecast from 2014, and held against the births registered since."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.present.report.foresight_pages import foresight_pages
from junheng.present.report.foresight_prose import seats_warning
from junheng.present.web.foresight_page import foresight_page
from junheng.workflow.foresee import foresee
from junheng.workflow.views.foresight import Foresight

TAINAN = Path("examples/tainan")


@pytest.fixture(scope="module")
def found(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Foresight:
    """Run the lines of the README on a clean copy, all but the last, and forecast as the last one does."""
    at = tmp_path_factory.mktemp("checkout")
    clean = at / TAINAN
    years = {path.name for path in (root / TAINAN).glob("[12]???")}  # of whoever ran the lines in the checkout itself
    shutil.copytree(root / TAINAN, clean, ignore=lambda folder, names: years if Path(folder) == root / TAINAN else ())
    block = re.search(r"```bash\n(.*?)```", (clean / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    *lines, last = block[1].strip().splitlines()
    function = f'junheng() {{ "{sys.executable}" -m junheng "$@"; }}'
    for line in lines:
        done = subprocess.run(
            ["bash", "-c", f"{function}\n{line}"], cwd=at, env={**os.environ, "PYTHONPATH": str(root / "src")}, check=False
        )
        assert done.returncode <= 1, line  # 1: read, with findings
    asked = re.fullmatch(r"junheng foresee (\S+) --year (\d+)", last)
    assert asked is not None
    return foresee(at / asked[1], int(asked[2]), draws=400, backtest=False)


def test_births_registered_since_stand_beside_what_2014_would_have_foreseen(found: Foresight) -> None:
    assert found.later is not None
    lines = {one.year: one for one in found.later.lines if one.age == 6}
    assert min(lines) == 2021  # born September 2014 to August 2015
    assert lines[2021].zones == 37
    # The births halved: one who held them flat was right for those of 2015 and wrong by more than half for those of 2022
    assert abs(lines[2021].foreseen.middle / lines[2021].born - 1) < 0.02
    assert lines[2028].foreseen.middle / lines[2028].born > 1.5
    assert (lines[2021].inside, lines[2028].inside) == (True, False)
    assert lines[2028].error_shown in found.later.sentence.zh


def test_the_page_shows_the_check_and_says_first_what_nobody_knew_in_2014(found: Foresight) -> None:
    html = foresight_page(found)
    assert found.later is not None
    report = seats_warning(found)
    assert any(found.later.sentence.zh in str(block) for block in (*report.body, *report.annexes))
    assert found.later.sentence.zh in foresight_pages(found)["backtest"]
    table = html.partition('id="later0"')[2].partition("</table>")[0]
    assert len(re.findall(r"<tr><td", table)) == len(found.later.lines)
    assert all(one.born_shown in table for one in found.later.lines)
    assert "方案中2015—2025年大区域（全国或全岛）的出生数" in found.headlines[0].zh
    assert "本地2015—2026年的出生数" not in found.headlines[0].zh  # the later folder is only compared with, not used
