"""The page of a forecast as text: whole, closed to the outside, escaped, in both languages, readable without its script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from junheng.errors import Text
from junheng.present.web import foresight_page, page, template
from junheng.present.web.foresight_page import OWN_SCRIPTS, OWN_STYLES
from junheng.present.wording_foresight import LEVEL_SIGNS, LEVELS
from junheng.workflow.views import foresight as views
from tests.present import invented
from tests.present import invented_foresight as ahead
from tests.present.web.test_page import Reader

ASSETS = Path(template.__file__).parent / "foresight_assets"
WHOLE = ahead.foresight()
FIRST = WHOLE.scenarios[0]
HTML = foresight_page(WHOLE, dashboard="../dashboard.html")
READ = Reader(HTML)


def data_of(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def words_of(html: str) -> str:
    """Return what a reader without a script sees of the body."""
    body = re.sub(r"<script.*?</script>|<svg.*?</svg>", "", html.partition("<body>")[2], flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("foresight", [WHOLE, ahead.bare(), replace(WHOLE, scenarios=(FIRST,))], ids=["whole", "bare", "one scenario"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_element_is_closed_and_links_lead_somewhere(foresight: views.Foresight, lang: str) -> None:
    html = foresight_page(foresight, lang)
    read = Reader(html)
    assert (read.wrong, read.open) == ([], [])
    ids = [attributes["id"] for _, attributes in read.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in re.findall(r'href="(#[^"]+)"', html)} <= set(ids)  # type: ignore[arg-type]


def test_the_page_names_no_other_host_and_asks_for_no_file() -> None:
    for tag, attributes in READ.found:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:,")) or (tag, value) == ("a", "../dashboard.html"), attributes
    bare = re.sub(r'xmlns="[^"]+"|"http://www.w3.org/2000/svg"', "", HTML).replace("http-equiv", "")
    assert not re.search(r"https?:|//[a-z]+\.[a-z]|@import|url\((?!#lv)", bare)


def test_style_and_script_are_pinned_and_nothing_runs_from_an_attribute() -> None:
    policy = next(a["content"] for tag, a in READ.found if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        bodies = re.findall(rf"<{element}>(.*?)</{element}>", HTML, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    for tag, attributes in READ.found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag


def test_every_asset_is_in_the_page_and_none_writes_markup() -> None:
    assert {*OWN_STYLES, *OWN_SCRIPTS} == {path.name for path in ASSETS.iterdir()}
    for path in ASSETS.iterdir():
        text = path.read_text(encoding="utf-8")
        assert text.strip() in HTML
        assert len(text.splitlines()) <= 400, path
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(|XMLHttp|import\(", text), path


def test_hostile_names_stay_text() -> None:
    assert not [tag for tag, _ in READ.found if tag == "img"]
    assert len([tag for tag, _ in READ.found if tag == "script"]) == 2
    assert ahead.HOSTILE in data_of(HTML)["texts"]
    hostile = Text("</script><script>alert(1)</script>", '"><b>')
    html = foresight_page(replace(WHOLE, county_name=hostile, headlines=(hostile,), notice=hostile))
    assert len([tag for tag, _ in Reader(html).found if tag == "script"]) == 2


def test_without_a_script_headlines_tables_and_errors_can_be_read() -> None:
    seen = words_of(HTML)
    for line in (
        *WHOLE.headlines,
        *WHOLE.limits,
        *WHOLE.method,
        WHOLE.backtest.sentence,
        WHOLE.promises[0].sentence,
        WHOLE.outturns[0].sentence,
    ):
        assert line.zh in seen
    for line in FIRST.seats:
        if line.area_kind == "district" and line.year in (2028, 2031, 2034, 2040):
            assert line.need
            assert f"{line.need.shown} </td>".removesuffix(" </td>") in seen
    for words in (
        "城关第三小学新建",
        "114天",
        "凭记忆录入",
        "美国国家教育统计中心",
        "没有投用日期",
        "朝阳路小学2027年一年级可能出现大班额",
    ):
        assert words in seen, words


def test_the_table_of_need_has_a_row_for_county_and_zones_at_each_horizon() -> None:
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', HTML.partition('class="needs"')[2].partition("</table>")[0], re.DOTALL)
    wanted = [line for line in FIRST.seats if line.area_kind != "school" and line.year in (2028, 2031, 2034, 2040)]
    assert len(rows) == len(wanted)
    for row, line in zip(rows, wanted, strict=True):
        assert LEVEL_SIGNS[line.level] in row
        assert LEVELS[line.level].zh in row
    unknown = next(row for row, line in zip(rows, wanted, strict=True) if line.seats is None)
    assert unknown.count("无数据") == 4  # places, balance, probability, mean shortage: none of them is zero


def test_what_the_script_reads_is_what_the_views_hold() -> None:
    packed = data_of(HTML)
    texts = packed["texts"]
    assert [texts[one["title"]] for one in packed["scenarios"]] == [["中方案", "Middle"], ["低方案", "Low"], ["高方案", "High"]]
    line, shown = FIRST.seats[40], packed["scenarios"][0]["lines"][40]
    assert line.need
    assert packed["areas"][shown[0]][0] == line.area
    assert shown[1:10] == [
        *(line.stage, line.year, line.need.shown, line.need.shown80, line.seats_shown, line.balance_shown),
        *(line.shortage_probability_shown, line.shortage_shown, line.level),
    ]
    assert [year for year, _, horizon in packed["years"] if horizon] == [2028, 2031, 2034, 2040]
    schools = [fan for fan in packed["scenarios"][0]["fans"] if fan[2] == "school"]
    assert {fan[1] for fan in schools} == {area[0] for area in ahead.SCHOOLS}


def test_maps_of_the_years_stand_side_by_side_for_paper() -> None:
    multiples = HTML.partition('<div class="multiples">')[2].partition("</section>")[0]
    assert multiples.count('<svg class="levels"') == 3 * 2 * 4  # scenarios, stages, horizons
    assert HTML.count('<path id="zone') == 4  # outlines are in the page once
    for year in ("2028—2029学年", "2040—2041学年"):
        assert year in multiples


def test_pooled_errors_are_said_above_everything() -> None:
    html = foresight_page(ahead.bare())
    assert html.index("误差取自汇总资料") < html.index("要点")
    assert "本方法" not in html


def test_the_dashboard_and_the_forecast_lead_to_each_other() -> None:
    assert 'href="../dashboard.html"' in HTML
    assert "← 现状评估" not in foresight_page(WHOLE)
    assert 'href="foresight/foresight.html"' in page(invented.county(), foresight="foresight/foresight.html")
    assert "学位预测与预警" not in page(invented.county())
