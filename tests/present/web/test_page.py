"""The page as text: whole, closed to the outside, escaped, in both languages, with its trails."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from junheng.errors import Text
from junheng.present.web import page, template
from junheng.present.web.page import SCRIPTS, STYLES
from tests.present import invented
from tests.present.web import grown

ASSETS = Path(template.__file__).parent / "assets"
COUNTY = grown.grown(4)
HTML = page(COUNTY)
VOID = {"meta", "link", "input", "br", "img"}


class Reader(HTMLParser):
    """Collects elements with their attributes, and what is left open or closed wrongly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


READ = Reader(HTML)


def data_of(html: str) -> dict:
    text = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert text
    return json.loads(text.group(1))


def rows_of(html: str) -> list[str]:
    return re.findall(r"<tr data-u=.*?</tr>", html, re.DOTALL)


@pytest.mark.parametrize(
    "assessment", [COUNTY, invented.spotless(), invented.bare(), grown.elsewhere()], ids=["grown", "spotless", "bare", "elsewhere"]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_element_is_closed(assessment: object, lang: str) -> None:
    read = Reader(page(assessment, lang))  # type: ignore[arg-type]
    assert (read.wrong, read.open) == ([], [])
    ids = [attributes["id"] for _, attributes in read.found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_links_within_the_page_lead_somewhere() -> None:
    html = page(COUNTY, others=[invented.spotless(), invented.bare()])
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert {href[1:] for href in re.findall(r'href="(#[^"]+)"', html)} <= ids


def test_the_page_names_no_other_host_and_asks_for_no_file() -> None:
    for _, attributes in READ.found:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,")), attributes
    bare = re.sub(r'xmlns="[^"]+"|createElementNS\("[^"]+"', "", HTML).replace("http-equiv", "")
    assert not re.search(r"https?:|//[a-z]+\.[a-z]|@import|url\(", bare)


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


def test_hostile_names_stay_text() -> None:
    assert grown.HOSTILE in {unit.name for unit in COUNTY.units}
    assert not [tag for tag, _ in READ.found if tag == "img"]
    assert len([tag for tag, _ in READ.found if tag == "script"]) == 2  # the data and the program
    assert grown.HOSTILE in data_of(HTML)["texts"]
    with pytest.raises(ValueError, match="end tag"):
        template.ready("a = '</script>'")


def test_every_asset_is_in_the_page_and_none_writes_markup() -> None:
    assert {*STYLES, *SCRIPTS} == {path.name for path in ASSETS.iterdir()}
    for path in ASSETS.iterdir():
        text = path.read_text(encoding="utf-8")
        assert text.strip() in HTML
        assert len(text.splitlines()) <= 400, path
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(|XMLHttp|import\(", text), path


def test_schools_stand_in_the_order_of_the_returns_not_of_merit() -> None:
    names = [re.search(r'class="card">(.*?)</button>', row) for row in rows_of(HTML)]
    shown = [name.group(1) for name in names if name]
    assert [name for name in shown if "&" not in name] == [unit.name for unit in COUNTY.units if "<" not in unit.name]


def test_missing_is_no_data_and_never_zero() -> None:
    unit = next(unit for unit in COUNTY.units if unit.no_data)
    row = next(row for row in rows_of(HTML) if f">{unit.name}</button>" in row)
    assert re.search(r'<td class="n v-no_data"><button [^>]+ data-o="no data">无数据</button></td>', row)
    unknown = replace(COUNTY, units=(replace(unit, pupils=None),))
    row = rows_of(page(unknown))[0]
    assert '<td class="n"><span data-o="no data">无数据</span></td>' in row


def test_every_cell_of_the_table_shows_a_sign_beside_its_colour() -> None:
    cells = re.findall(r'<td class="n v-(\w+)"[^>]*data-s.*?</td>', "".join(rows_of(HTML)))
    signs = re.findall(r'<i title="[^"]+"[^>]*>(.)</i></td>', "".join(rows_of(HTML)))
    assert len(cells) == len(signs) > 300


def test_every_figure_that_opens_has_its_trail_down_to_the_cell() -> None:
    packed = data_of(HTML)
    places = {int(place) for place in re.findall(r'data-x="(\d+)"', HTML)}
    assert places == set(range(len(packed["trails"])))
    assert len(places) == len(COUNTY.explanations)
    texts = packed["texts"]
    names = [texts[one[13]] + texts[one[14]] for one in packed["trails"]]
    trail = packed["trails"][names.index(COUNTY.units[0].items[0].figure.id)]  # type: ignore[union-attr]
    explanation = COUNTY.explanations[COUNTY.units[0].items[0].figure.id]  # type: ignore[union-attr]
    assert [texts[packed["inputs"][place][0]] for place in trail[6]] == [part.name for part in explanation.inputs]
    assert texts[trail[5]] == explanation.formula
    assert sum(trail[8][1::2]) == len(explanation.cells) == grown.CELLS
    cell = [texts[part] for part in packed["cells"][trail[8][0]]]
    first = explanation.cells[0]
    assert cell[4:] == [first.shown, first.file, first.sheet, first.cell]
    limit = packed["limits"][trail[10]]
    line, _, grade, _, review, _, reviewed = packed["sources"][limit[3]]
    assert "教督〔2017〕6号" in texts[line][0]
    assert (texts[grade], texts[review][0], reviewed) == ("O", "尚未与原文核对", 0)


def test_what_several_trails_share_is_in_the_page_once() -> None:
    packed = data_of(HTML)
    for name in ("texts", "limits", "sources", "inputs", "cells"):
        keys = [json.dumps(entry, ensure_ascii=False) for entry in packed[name]]
        assert len(keys) == len(set(keys)), name


def test_the_head_says_county_year_framework_document_and_verdict() -> None:
    head = re.search(r"<header.*?</header>", HTML, re.DOTALL)
    assert head
    for words in ("青屏县", "县域义务教育优质均衡发展", "2025—2026学年", "教督〔2017〕6号", "未达标", "未核"):
        assert words in head.group()
    assert "均未与原文核对" in HTML


def test_a_standard_that_is_not_in_force_says_so() -> None:
    words = "本标准在该地不具效力"
    assert words in page(grown.elsewhere())
    assert words not in HTML


def test_an_expired_concession_is_marked() -> None:
    section = re.search(r'id="passes0".*?</section>', HTML, re.DOTALL)
    assert section
    assert section.group().count('×</i><span data-o="Expired">已到期') == 1
    assert "已于2024年8月31日到期" in section.group()
    assert "至2026年8月31日止" in section.group()


def test_every_county_item_veto_and_eligibility_is_listed() -> None:
    for part in COUNTY.parts:
        for item in part.items:
            assert item.title.zh in HTML
    for veto in COUNTY.vetoes:
        assert veto.title.zh in HTML
    assert "通过义务教育基本均衡发展认定3年以上" in HTML
    assert "未核查" in HTML


def test_every_finding_is_in_the_page() -> None:
    section = re.search(r'id="findings0".*?</section>', HTML, re.DOTALL)
    assert section
    assert section.group().count("<li>") == len(COUNTY.findings) > 100
    assert "合计101" in section.group()


def test_schools_that_sent_nothing_are_named() -> None:
    silent = page(grown.elsewhere())
    assert "的学校1所：</span></strong>第一实验小学" in silent
    told = page(replace(COUNTY, not_sent=(("2150000077", "云台幼儿园"), ("2150000078", ""))))
    assert "的学校2所：</span></strong>云台幼儿园、2150000078" in told
    assert "没有报来数据" not in HTML


def test_schools_that_the_map_cannot_show_are_named_beside_it() -> None:
    astray = (replace(COUNTY.units[0], lon=None), replace(COUNTY.units[2], lon=0.0, lat=0.0), *COUNTY.units[3:])
    assert "2所学校没有坐标或坐标远在境外，未上图：</span>第一实验小学、朝阳路小学" in page(replace(COUNTY, units=astray))
    assert "未上图" not in HTML


def test_areas_of_equal_maps_are_in_the_page_once() -> None:
    html = page(COUNTY, others=[replace(COUNTY, year=2024)])
    assert html.count("data-area=") == len(COUNTY.map.areas)
    assert html.count('data-areas-from="0"') == 2


def test_the_page_opens_in_english_with_the_chinese_beside_it() -> None:
    english = page(COUNTY, "en")
    assert '<html lang="en"' in english
    assert '<h1><span data-o="县域义务教育优质均衡发展">Quality balance of compulsory education</span></h1>' in english
    assert re.search(r">\s*English\s*<", HTML)
    assert re.search(r">\s*中文\s*<", english)


def test_texts_that_are_alike_in_both_languages_need_no_switch() -> None:
    words = template.Words("zh")
    assert str(words.span(Text("%", "%"))) == "%"
    assert str(words.span("<b>", "<i>")) == '<span data-o="&lt;i&gt;">&lt;b&gt;</span>'
    assert str(words.attribute("title", "甲", 'A"')) == 'title="甲" data-o-title="A&#34;"'


def test_no_total_score_and_no_rank_is_shown() -> None:
    said = re.sub(r"不计总分，学校不排名|no total score, no ranking of schools", "", HTML)
    assert not re.search(r"总分|排名|综合得分|名次|\branking\b|\bscore\b", said)


def test_the_page_weighs_less_than_three_megabytes_with_all_trails() -> None:
    assert len(COUNTY.units) >= 60
    assert len(page(COUNTY, others=[invented.spotless(), grown.elsewhere()]).encode()) < 3_000_000
    assert len(page(grown.grown(copies=14, villages=752, corners=60)).encode()) < 3_000_000


def test_where_the_standard_is_not_in_force_the_page_names_no_school_as_failing() -> None:
    html = page(grown.elsewhere())
    assert "测算示例，不作结论" in html
    told = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", html, flags=re.DOTALL).replace(grown.elsewhere().parts[0].rule.zh, "")
    for rule in (part.rule.zh for part in COUNTY.parts):
        told = told.replace(rule, "")
    assert "未达标" not in told
    assert data_of(html)["sheets"][0]["verdicts"]["missed"][0] == "未达到参照值"  # type: ignore[index]


def test_schools_that_miss_an_item_of_the_county_open_with_their_figures() -> None:
    part = COUNTY.parts[2]
    own = COUNTY.units[0].items[0].figure
    size = next(item for item in part.items if item.failing)
    gathered = replace(size, failing_figures=(("朝阳路小学", own),))
    items = tuple(gathered if item is size else item for item in part.items)
    html = page(replace(COUNTY, parts=(*COUNTY.parts[:2], replace(part, items=items), *COUNTY.parts[3:])))
    assert re.search(r'<details class="failing">.*?<li>朝阳路小学.*?<button type="button" class="figure" data-x="\d+"', html, re.DOTALL)
