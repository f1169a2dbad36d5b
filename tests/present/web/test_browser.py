"""The page in a browser, opened from disk: it runs, stays silent to the outside, and does what an officer asks of it."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from junheng.present.web import page
from tests.present import invented
from tests.present.web import grown

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
COUNTY = grown.grown(4)
HOSTILE_ROW = 1


class Seen:
    """What a page said and asked for while it was open."""

    def __init__(self, opened: Page) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.dialogs: list[str] = []
        opened.on("console", lambda message: self.said.append(message.text))
        opened.on("pageerror", lambda error: self.said.append(str(error)))
        opened.on("request", lambda request: self.asked.append(request.url))
        opened.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))


@pytest.fixture(scope="module")
def browser(program: Callable[..., str]) -> Iterator[Browser]:
    path = program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    pages = {
        "county": page(COUNTY, others=[invented.spotless(), grown.elsewhere(), grown.county_level()]),
        "large": page(grown.grown(copies=14, villages=752, corners=60)),
    }
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture
def sheet(browser: Browser, files: dict[str, Path]) -> Iterator[Page]:
    """The county's page at the size of an old office screen; whatever the test did, nothing went wrong or outside."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    seen = Seen(opened)
    opened.goto(files["county"].as_uri())
    yield opened
    opened.close()
    assert (seen.said, seen.dialogs) == ([], [])
    assert [url for url in seen.asked if not url.startswith("blob:")] == [files["county"].as_uri()]


def column(sheet: Page, at: int) -> list[str]:
    rows = sheet.locator("#schools0 tbody tr:visible")
    return rows.evaluate_all("(rows, at) => rows.map((row) => row.cells[at].dataset.s ?? row.cells[at].textContent.trim())", at)


def names(sheet: Page) -> list[str]:
    return sheet.locator("#schools0 tbody tr:visible .card").all_inner_texts()


def head(sheet: Page, title: str) -> Locator:
    return sheet.locator("#schools0 th", has_text=title).locator("button")


def test_a_script_that_is_not_the_pages_own_does_not_run(browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    html = files["county"].read_text(encoding="utf-8")
    tampered = tmp_path / "tampered.html"
    tampered.write_text(html.replace("<footer>", "<script>alert(3)</script><img src=x onerror=alert(4)><footer>"), encoding="utf-8")
    opened = browser.new_page()
    seen = Seen(opened)
    opened.goto(tampered.as_uri())
    opened.close()
    assert seen.dialogs == []
    assert [line for line in seen.said if "Content Security Policy" in line]


def test_a_county_of_a_great_city_opens(browser: Browser, files: dict[str, Path]) -> None:
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    opened.goto(files["large"].as_uri())
    opened.wait_for_selector("html.ready")
    assert opened.locator("#map0 [data-area]").count() == 752
    assert opened.locator("#map0 .mark").count() > 250
    assert (
        opened.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") < 20_000
    )  # half a second here; this only catches a page that hangs
    opened.close()


def test_a_heading_sorts_up_then_down_then_gives_the_returns_order_back(sheet: Page) -> None:
    original = names(sheet)
    head(sheet, "生均教学仪器设备值").click()
    values = column(sheet, 13)
    known = [float(value) for value in values if value not in ("无数据", "")]
    assert known == sorted(known)
    assert values[len(known) :] == [value for value in values if value in ("无数据", "")]
    head(sheet, "生均教学仪器设备值").click()
    values = column(sheet, 13)
    assert [float(value) for value in values[: len(known)]] == sorted(known, reverse=True)
    assert set(values[len(known) :]) == {"无数据", ""}
    assert sheet.locator("#schools0 th[aria-sort=descending]").count() == 1
    head(sheet, "生均教学仪器设备值").click()
    assert names(sheet) == original


def test_filters_narrow_the_table_and_say_by_how_much(sheet: Page) -> None:
    form = sheet.locator("#schools0 .filters")
    total = len(COUNTY.units)
    form.locator("[data-filter=stage_label]").select_option("初中")
    assert set(column(sheet, 1)) == {"初中"}
    form.locator("[data-filter=district]").select_option("白马乡")
    expected = [unit for unit in COUNTY.units if unit.stage == "junior" and unit.district == "白马乡"]
    assert form.locator(".shown").inner_text() == f"{len(expected)} / {total} · 学段：初中 · 乡镇（街道）：白马乡"
    form.locator("button[type=reset]").click()
    form.locator("[data-filter=verdict]").select_option("missed")
    assert len(names(sheet)) == sum(unit.judged and unit.verdict == "missed" for unit in COUNTY.units) > 0
    form.locator("button[type=reset]").click()
    form.locator("[data-filter=name]").fill("云台")
    assert set(names(sheet)) == {unit.name for unit in COUNTY.units if "云台" in unit.name}
    form.locator("[data-filter=name]").fill("没有这所学校")
    assert form.locator(".shown").inner_text().startswith(f"0 / {total} ")


def test_a_figure_opens_its_trail_down_to_the_cell(sheet: Page) -> None:
    sheet.locator("#schools0 tbody tr").nth(2).locator(".figure").nth(3).click()
    drawer = sheet.locator("#drawer")
    words = drawer.inner_text()
    trail = COUNTY.explanations[COUNTY.units[2].items[3].figure.id]  # type: ignore[union-attr]
    assert trail.limit
    cell = trail.cells[-1]
    wanted = (trail.formula, trail.figure.exact, trail.place.zh, trail.steps[0].zh, cell.file, cell.sheet, cell.cell, "教督〔2017〕6号")
    for part in (*wanted, "2017年4月19日起", "尚未与原文核对", "官方全国性文件或表式", "另有3个单元格未列", "不低于4.5㎡", "3.825㎡"):
        assert part in words, part
    sheet.keyboard.press("Escape")
    assert not drawer.is_visible()


def test_the_trail_of_a_county_figure_names_the_table_where_there_is_no_file(sheet: Page) -> None:
    sheet.locator("#spreads0 .spread .figure").first.click()
    words = sheet.locator("#drawer").inner_text()
    assert COUNTY.spreads[0].cv.exact in words
    assert "enrolment.pupils" in words
    assert "单元格\t" not in words
    sheet.keyboard.press("Escape")
    sheet.locator("#county0 .figure").first.click()
    assert sheet.locator("#drawer").is_visible()


def test_a_trail_opens_from_the_keyboard(sheet: Page) -> None:
    sheet.locator("#schools0 tbody tr").first.locator(".figure").first.focus()
    sheet.keyboard.press("Enter")
    assert sheet.locator("#drawer h2").inner_text() == "每百名学生拥有高于规定学历教师数"


def test_a_school_card_lists_its_indicators_and_leads_to_their_trails_and_back(sheet: Page) -> None:
    sheet.locator("#schools0 .card").nth(2).click()
    drawer = sheet.locator("#drawer")
    assert drawer.locator("h2").inner_text() == "朝阳路小学"
    assert drawer.locator("tbody tr").count() == 7
    assert "距标准差" in drawer.inner_text()
    assert not sheet.locator("#drawer-back").is_visible()
    drawer.locator(".figure").nth(4).click()
    assert drawer.locator("h2").inner_text() == "生均体育运动场馆面积"
    sheet.locator("#drawer-back").click()
    assert drawer.locator("h2").inner_text() == "朝阳路小学"


def test_a_hostile_name_is_shown_as_it_is_written(sheet: Page) -> None:
    sheet.locator("#schools0 .card").nth(HOSTILE_ROW).click()
    assert sheet.locator("#drawer h2").inner_text() == grown.HOSTILE


def test_the_map_is_coloured_by_the_chosen_requirement(sheet: Page) -> None:
    sheet.locator("#map0 .map-by").select_option("4")
    shown = sheet.locator("#map0 .schools g:not(.off) .mark").evaluate_all("marks => marks.map((m) => [m.dataset.unit, m.dataset.v])")
    wanted = [(str(n), unit.items[4].verdict) for n, unit in enumerate(COUNTY.units) if unit.items]
    assert sorted(map(tuple, shown)) == sorted(wanted)
    assert len({verdict for _, verdict in wanted}) > 1
    legend = sheet.locator("#map0 .map-legend").inner_text()
    assert f"未达标 {sum(verdict == 'missed' for _, verdict in wanted)}" in legend.replace("\n", " ")
    sheet.locator("#map0 .map-stage").select_option("junior")
    juniors = [unit for unit in COUNTY.units if unit.items and unit.stage == "junior"]
    assert sheet.locator("#map0 .schools g:not(.off) .mark").count() == len(juniors)
    sheet.locator("#map0 .map-values").check()
    assert "㎡" in sheet.locator("#map0 .note:not(.off)").first.inner_html()


def test_the_map_zooms_pans_and_opens_cards(sheet: Page) -> None:
    areas = sheet.locator("#map0 .areas")
    whole = areas.get_attribute("transform")
    sheet.locator("#map0 [data-zoom=in]").click()
    near = areas.get_attribute("transform")
    sheet.locator("#map0 .map-box").focus()
    sheet.keyboard.press("ArrowRight")
    assert len({whole, near, areas.get_attribute("transform")}) == 3
    sheet.locator("#map0 [data-zoom=all]").click()
    assert areas.get_attribute("transform") == whole
    mark = sheet.locator("#map0 .mark[data-v=missed]").first
    mark.hover()
    assert "朝阳路小学" in sheet.locator("#hint").inner_text()
    mark.click()
    assert "朝阳路小学" in sheet.locator("#drawer h2").inner_text()


def test_a_circle_is_a_school_and_the_whole_list_can_be_asked_for(sheet: Page) -> None:
    spread = sheet.locator("#spreads0 .spread").first
    circle = spread.locator("circle").first
    circle.hover()
    name = COUNTY.spreads[0].points[int(circle.get_attribute("data-point") or 0)].name
    assert name in sheet.locator("#hint").inner_text()
    spread.locator(".all-points").click()
    assert sheet.locator("#drawer tbody tr").count() == len(COUNTY.spreads[0].points)
    assert COUNTY.spreads[0].points[-1].name in sheet.locator("#drawer").inner_text()


def test_the_switch_puts_every_word_into_english_and_back(sheet: Page) -> None:
    before = sheet.locator("body").inner_text()
    sheet.locator("#language").click()
    assert sheet.locator("html").get_attribute("lang") == "en"
    assert sheet.locator("#map0 h2").inner_text() == "Map"
    interface = sheet.locator("h2, h3, thead button, option, label, summary, .verdict, nav a").all_inner_texts()
    own_names = {unit.district for unit in COUNTY.units}
    foreign = [line for line in interface if any("\u4e00" <= letter <= "\u9fff" for letter in line) and line.strip() not in own_names]
    assert [line for line in foreign if not any(name in line for name in own_names)] == []
    sheet.locator("#schools0 .figure").first.click()
    assert "Source cells" in sheet.locator("#drawer").inner_text()
    sheet.keyboard.press("Escape")
    sheet.locator("#language").click()
    assert sheet.locator("body").inner_text() == before


def test_findings_are_filtered_by_severity_and_word(sheet: Page) -> None:
    section = sheet.locator("#findings0")
    shown = section.locator(".shown")
    total = len(COUNTY.findings)
    assert shown.inner_text() == f"{total} / {total}"
    section.locator("input[value=warning]").uncheck()
    assert shown.inner_text() == f"{sum(f.severity != 'warning' for f in COUNTY.findings)} / {total}"
    section.locator("input[value=warning]").check()
    section.locator(".find").fill("合计105")
    assert shown.inner_text() == f"1 / {total}"


def test_a_framework_that_judges_no_school_shows_the_county_alone(sheet: Page) -> None:
    sheet.locator("#tab3").click()
    assert sheet.locator(".sheet:visible #county3").is_visible()
    assert sheet.locator("#map3 .areas path").count() == len(COUNTY.map.areas)
    assert sheet.locator("#schools3, #spreads3").count() == 0


def test_tabs_show_one_assessment_at_a_time(sheet: Page) -> None:
    sheet.locator("#tab2").click()
    assert sheet.locator(".sheet:visible").count() == 1
    assert "本标准在该地不具效力" in sheet.locator(".sheet:visible").inner_text()
    sheet.locator("#tab2").press("ArrowLeft")
    assert sheet.locator(".sheet:visible").get_attribute("id") == "sheet1"
    assert sheet.locator("#map1 .areas path").count() == len(invented.spotless().map.areas)


def test_what_is_on_screen_can_be_taken_away_and_runs_no_formula(sheet: Page) -> None:
    sheet.evaluate("document.querySelector('#schools0 .card').textContent = '=HYPERLINK(1)'")
    sheet.locator("#schools0 [data-filter=stage_label]").select_option("小学")
    with sheet.expect_download() as waiting:
        sheet.locator("#schools0 .csv").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert text.startswith("\ufeff")
    assert len(lines) == len(names(sheet)) + 1
    assert '"每百名学生拥有高于规定学历教师数","' in lines[0].replace('"1 ', '"')
    assert lines[1].startswith('"\'=HYPERLINK(1)"')
    assert any('"无数据","无数据"' in line for line in lines)
    assert any('"4.06","未达标但不低于底线"' in line for line in lines)


def test_printing_gives_a_document_on_a4_landscape(sheet: Page) -> None:
    document = pypdf.PdfReader(io.BytesIO(sheet.pdf(prefer_css_page_size=True)))
    sizes = {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in document.pages}
    assert sizes == {(842, 595)}
    words = "".join(p.extract_text() for p in document.pages)
    words = unicodedata.normalize("NFKC", words).replace(" ", "")
    for part in ("县域义务教育优质均衡发展", "尚存的障碍", "柳溪镇初级中学", "标准出处", "合计101"):
        assert part in words, part
    assert "清除筛选" not in words
    assert not sheet.locator("details.cause").last.evaluate("one => one.open")


@pytest.mark.parametrize("width", [390, 1024, 1366, 1920])
def test_the_page_fits_its_screen(sheet: Page, width: int) -> None:
    sheet.set_viewport_size({"width": width, "height": 800})
    assert sheet.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_has_a_name(sheet: Page) -> None:
    unnamed = sheet.evaluate(
        "[...document.querySelectorAll('button, select, input, a, [role=img]')].filter((e) => !(e.textContent.trim() || "
        "e.getAttribute('aria-label') || (e.labels && e.labels.length))).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert unnamed == []


def test_the_trail_of_a_coefficient_leads_to_the_schools_that_make_it(sheet: Page) -> None:
    sheet.locator(".spread figcaption .figure").first.click()
    sheet.locator("#drawer .all-points").click()
    assert sheet.locator("#drawer tbody tr").count() == len(COUNTY.spreads[0].points)
