"""The page of a forecast in a browser, opened from disk: the years move the map, choices hold, nothing goes outside."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from junheng.present.web import foresight_page
from junheng.present.wording_foresight import LEVEL_SIGNS, LEVELS
from tests.present import invented_foresight as ahead
from tests.present.web.test_browser import ARGUMENTS, Seen

WHOLE = ahead.foresight()
FIRST = WHOLE.scenarios[0]


@pytest.fixture(scope="module")
def browser(program: Callable[..., str]) -> Iterator[Browser]:
    path = program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("foresight") / "foresight.html"
    path.write_text(foresight_page(WHOLE), encoding="utf-8")
    return path


@pytest.fixture
def sheet(browser: Browser, file: Path) -> Iterator[Page]:
    """The page at the size of an old office screen; whatever the test did, nothing went wrong or outside."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    seen = Seen(opened)
    opened.goto(file.as_uri())
    yield opened
    opened.close()
    assert (seen.said, seen.dialogs) == ([], [])
    assert seen.asked == [file.as_uri()]


def levels(sheet: Page) -> list[str]:
    return sheet.locator("#map0 .map-box [data-zone]").evaluate_all("(zones) => zones.map((zone) => zone.dataset.level)")


def expected(stage: str, year: int, scenario: int = 0) -> list[str]:
    lines = WHOLE.scenarios[scenario].seats
    return [line.level for line in lines if line.area_kind == "district" and (line.stage, line.year) == (stage, year)]


def test_the_slider_moves_the_map_by_mouse_and_by_keyboard(sheet: Page) -> None:
    slider = sheet.get_by_role("slider", name="学年（拖动，或用方向键）")
    assert levels(sheet) == expected("primary", 2026)
    slider.focus()
    for _ in range(5):
        sheet.keyboard.press("ArrowRight")
    assert levels(sheet) == expected("primary", 2031) != expected("primary", 2026)
    assert slider.get_attribute("aria-valuetext") == "2031—2032学年"
    assert sheet.locator(".year-name").inner_text() == "2031—2032学年（6年后）"
    sheet.keyboard.press("End")
    assert levels(sheet) == expected("primary", 2040)
    sheet.get_by_role("button", name="前一学年").click()
    assert levels(sheet) == expected("primary", 2039)
    sheet.locator(".year-stage").select_option("junior")
    assert levels(sheet) == expected("junior", 2039)


def test_signs_fills_and_the_table_beside_the_map_say_the_same(sheet: Page) -> None:
    sheet.locator(".year-stage").select_option("junior")
    sheet.locator("#year-slider").fill("2")
    wanted = expected("junior", 2028)
    signs = sheet.locator("#map0 .map-box [data-sign]").all_text_contents()
    assert signs == [LEVEL_SIGNS[level] for level in wanted]
    fills = sheet.locator("#map0 .map-box [data-zone]").evaluate_all("(zones) => zones.map((zone) => zone.getAttribute('fill'))")
    assert [fill.rstrip(")").rpartition("-")[2] for fill in fills] == wanted
    rows = sheet.locator(".year-table tbody tr").all_inner_texts()
    assert [LEVELS[level].zh in row for level, row in zip(wanted, rows, strict=True)] == [True] * 4
    assert "无数据" in rows[3]  # its places are unknown
    assert "告急 1" in sheet.locator(".year-count").inner_text().replace("\n", " ")


def test_a_zone_opens_its_fans(sheet: Page) -> None:
    sheet.locator(".year-table tbody tr", has_text="石桥镇").click()
    assert sheet.locator(".fan-area").input_value() == "500102"
    titles = sheet.locator(".chosen figcaption b").all_inner_texts()
    assert titles == ["石桥镇小学在校生", "石桥镇初中在校生"]
    drawn = sheet.locator(".chosen svg").first
    assert drawn.locator("path").count() > 8
    assert "学位 900" in drawn.text_content()  # type: ignore[operator]
    sheet.locator(".fan-kind").select_option("entrants")
    assert sheet.locator(".chosen figcaption b").all_inner_texts() == ["石桥镇小学新生", "石桥镇初中新生"]


def test_a_school_is_chosen_and_a_hostile_name_stays_text(sheet: Page) -> None:
    sheet.locator(".fan-area").select_option("2150000009")
    assert sheet.locator(".chosen figcaption b").inner_text() == f"{ahead.HOSTILE}小学在校生"
    assert sheet.locator("main img").count() == 0
    sheet.locator(".chosen summary").click()
    numbers = sheet.locator(".chosen .numbers tbody tr").all_inner_texts()
    assert len(numbers) == 2040 - 2017 + 1
    assert numbers[3].split("\t")[1] == "无数据"  # 2020 was not returned


def test_drawn_by_the_script_or_before_the_marks_are_the_same(sheet: Page) -> None:
    paths = "(svg) => [...svg.querySelectorAll('path')].map((path) => path.getAttribute('d') + path.getAttribute('stroke'))"
    drawn = sheet.locator(".chosen svg").first.evaluate(paths)
    from junheng.present.web.foresight_rows import fan_of, seats_of

    town = next(one for one in FIRST.series if one.area == "500100" and one.stage == "primary" and "/pupils/" in one.id)
    svg = fan_of(town, seats_of(FIRST.seats)).drawing.svg()
    other = sheet.evaluate(f"(text) => ({paths})(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement)", svg)
    assert drawn == other


def test_the_table_is_narrowed_by_level_stage_year_and_name(sheet: Page) -> None:
    form = sheet.locator(".need-filters")
    rows = sheet.locator(".needs tbody tr")
    total = len(FIRST.seats)
    horizon = [line for line in FIRST.seats if line.year in (2028, 2031, 2034, 2040)]
    assert form.locator(".shown").inner_text() == f"{len(horizon)} / {total}"
    form.locator("[data-filter=year]").select_option("2028")
    form.locator("[data-filter=stage]").select_option("primary")
    form.locator("[data-filter=kind]").select_option("school")
    found = [line for line in FIRST.seats if (line.year, line.stage, line.area_kind) == (2028, "primary", "school")]
    assert rows.locator("th").all_inner_texts() == [line.area_name for line in found]
    form.locator("button[type=reset]").click()
    form.locator("[data-filter=level]").select_option("alarm")
    alarms = [line for line in horizon if line.level == "alarm"]
    assert rows.count() == len(alarms) > 0
    form.locator("button[type=reset]").click()
    form.locator("[data-filter=name]").fill("石桥")
    assert set(rows.locator("th").all_inner_texts()) == {"石桥镇"}


def test_the_likeliest_shortage_can_stand_first_and_the_unknown_last(sheet: Page) -> None:
    form = sheet.locator(".need-filters")
    form.locator("[data-filter=kind]").select_option("district")
    form.locator("[data-filter=order]").select_option("chance")
    shown = [row.split("\t")[7] for row in sheet.locator(".needs tbody tr").all_inner_texts()]
    known = [int(one.rstrip(" %")) for one in shown if one != "无数据"]
    assert known == sorted(known, reverse=True)
    assert shown[len(known) :] == ["无数据"] * (len(shown) - len(known))
    assert len(known) < len(shown)


def test_a_scenario_is_chosen_for_all_of_the_page(sheet: Page) -> None:
    high = sheet.get_by_role("radio", name="高方案")
    high.click()
    assert high.get_attribute("aria-checked") == "true"
    sheet.locator("#year-slider").fill("5")
    assert levels(sheet) == expected("primary", 2031, scenario=2) != expected("primary", 2031)
    assert sheet.locator("#fans0 .scenario:visible h3").inner_text() == "青屏县 高方案"
    form = sheet.locator(".need-filters")
    form.locator("[data-filter=year]").select_option("2031")
    need = WHOLE.scenarios[2].seats[5].need
    assert need
    assert need.shown in sheet.locator(".needs tbody tr").first.inner_text()
    sheet.keyboard.press("Escape")
    high.focus()
    sheet.keyboard.press("ArrowRight")
    assert sheet.get_by_role("radio", name="中方案").get_attribute("aria-checked") == "true"


def test_the_language_is_exchanged_everywhere_and_back(sheet: Page) -> None:
    before = sheet.locator("main").inner_text()
    sheet.locator("#language").click()
    assert sheet.locator("h1").inner_text() == "Pupils and places ahead"
    assert sheet.locator(".year-name").inner_text() == "school year 2026–2027"
    assert "Warning" in sheet.locator(".needs tbody").inner_text()
    assert "counted" in sheet.locator(".chosen svg").first.text_content()  # type: ignore[operator]
    assert sheet.get_by_role("slider", name="School year (drag, or arrow keys)").count() == 1
    left = sheet.evaluate(
        "[...document.querySelectorAll('main h2, main h3, main th, main label, main summary')].filter((node) => node.checkVisibility() &&"
        " /[\\u4e00-\\u9fff]/.test(node.textContent)).map((node) => node.textContent.trim())"
    )
    names = {area[1] for area in (*ahead.AREAS, *ahead.SCHOOLS)}
    assert not [words for words in left if words not in names and not any(name in words for name in names)]
    sheet.locator("#language").click()
    assert sheet.locator("main").inner_text() == before


def test_a_narrow_screen_shows_all_without_scrolling_the_page_sideways(sheet: Page) -> None:
    sheet.set_viewport_size({"width": 390, "height": 800})
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 390
    assert sheet.locator("#year-slider").is_visible()


def test_printed_it_is_maps_side_by_side_and_tables(browser: Browser, file: Path) -> None:
    opened = browser.new_page()
    opened.goto(file.as_uri())
    document = pypdf.PdfReader(io.BytesIO(opened.pdf(prefer_css_page_size=True, print_background=True)))
    opened.close()
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in document.pages)).replace("\n", "")
    box = document.pages[0].mediabox
    assert box.width > box.height
    assert 4 <= len(document.pages) <= 14
    for words in ("2041学年", "预警地图", "城关第三小学新建", "平均误差"):
        assert words in text, words
    assert "清除筛选" not in text
    table = text.partition("学位供需")[2].partition("值得关注的学校")[0]
    assert "石桥镇" in table
    assert "第一初级中学" not in table


def test_without_a_script_the_maps_of_the_years_are_seen(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(file.as_uri())
    assert opened.locator(".multiples svg.levels:visible").count() == 2 * 4
    assert not opened.locator("#year-slider").is_visible()
    assert opened.locator(".needs tbody tr").count() == 10 * 4
    context.close()
