"""Take the pictures of the READMEs and guides anew from what `python3 run.py demo` wrote; nothing in them is drawn by hand.

    .venv/bin/python docs/images/take.py out/demo/qinghe/out/2025

Needs Chromium, LibreOffice, poppler (pdftoppm, pdftotext) and ImageMagick (convert).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
COLOURS = "64"
SCHOOL = "石桥镇二坝小学"  # its return is in the example, so its trail ends in cells of a workbook


def run(*words: object) -> str:
    """Run a program; return what it printed. Raises CalledProcessError when it fails."""
    program, *rest = map(str, words)
    found = shutil.which(program) or program
    return subprocess.run([found, *rest], check=True, capture_output=True, text=True).stdout  # noqa: S603


def photograph(page_file: Path, folder: Path) -> None:
    """Take the dashboard as an officer sees it: its head, its map, and the trail of one figure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=2)
        page.goto(page_file.resolve().as_uri())
        page.wait_for_timeout(800)
        page.screenshot(path=folder / "dashboard.png")
        page.locator("section[id^=map]").first.screenshot(path=folder / "map.png")
        page.locator("tr", has_text=SCHOOL).locator("td.v-missed button.figure").first.click()
        page.wait_for_timeout(500)
        page.screenshot(path=folder / "trail.png")
        browser.close()


def photograph_forecast(page_file: Path, folder: Path) -> None:
    """Take the forecast: the fans of the county, and the map of a year to which the slider was moved."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 2400}, device_scale_factor=1.5)
        page.goto(page_file.resolve().as_uri())
        page.wait_for_timeout(800)
        first, fourth = (page.locator("#fans0 .scenario:visible svg").nth(at).bounding_box() or {} for at in (0, 3))
        sides = {"width": fourth["x"] + fourth["width"] - first["x"], "height": fourth["y"] + fourth["height"] - first["y"] + 30}
        page.screenshot(path=folder / "foresight-fans.png", clip={"x": first["x"], "y": first["y"] - 30, **sides})
        page.locator(".year-stage").select_option("junior")
        page.locator("#year-slider").fill("2")
        page.locator("#map0").screenshot(path=folder / "foresight-map.png")
        browser.close()


def print_out(papers: Path, folder: Path) -> None:
    """Draw a page of each PDF, and of the forms as an office program lays them out."""
    run("soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, papers / "forms.xlsx")
    draw(papers / "county-report.pdf", 1, folder / "report")
    draw(papers / "school-sheets.pdf", page_with(papers / "school-sheets.pdf", SCHOOL), folder / "school-sheet")
    draw(folder / "forms.pdf", page_with(folder / "forms.pdf", "表Ⅲ"), folder / "forms")
    run("convert", folder / "forms.png", "-trim", "-bordercolor", "white", "-border", 24, folder / "forms.png")


def page_with(file: Path, words: str) -> int:
    """Return the number of the first page that holds the words."""
    pages = run("pdftotext", file, "-").split("\f")
    return next(number for number, text in enumerate(pages, 1) if words in text)


def draw(file: Path, number: int, picture: Path) -> None:
    """Draw one page of a PDF."""
    run("pdftoppm", "-png", "-r", 110, "-f", number, "-l", number, "-singlefile", file, picture)


def main(out: Path) -> None:
    """Take all pictures, reduce their colours, and put them here."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photograph(out / "dashboard.html", folder)
        photograph_forecast(out / "foresight" / "foresight.html", folder)
        print_out(out / "quality-balance-2017", folder)
        for picture in sorted(folder.glob("*.png")):
            run("convert", picture, "+dither", "-colors", COLOURS, "-define", "png:compression-level=9", "-strip", HERE / picture.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
