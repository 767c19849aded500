"""Make the pictures of the README and of the guides: `python docs/make_pictures.py`.

It wants the pages of Kumanovo (`patokaz run`) and the system's Chromium. The pictures of the
guides are those that the tests of the officials' paths take at each stop.
"""

from __future__ import annotations

import base64
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from analysis.workspace import find_workspace

TARGET = Path(__file__).resolve().parent / "pictures" / "pages.png"
PATHS = TARGET.parent / "paths"
TESTS = "tests/browser/test_paths.py"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAGE = {"width": 800, "height": 1120}
SHEET = {"width": 1160, "height": 800}
FRAME = """<body style="margin:0;background:#e9edf1;display:flex;gap:24px;padding:24px;
box-sizing:border-box;width:1160px;height:800px;overflow:hidden">{images}</body>"""
IMAGE = """<img src="data:image/png;base64,{content}"
style="width:544px;box-shadow:0 1px 6px #0003">"""


def main() -> None:
    """Take both pages and set them side by side."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        msg = "No Chromium was found. Install the package chromium and run this again."
        raise FileNotFoundError(msg)
    site = find_workspace().site
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport=PAGE)
        images = []
        for language in ("mk", "en"):
            page.goto((site / language / "kumanovo" / "index.html").as_uri())
            page.wait_for_load_state("networkidle")
            images.append(IMAGE.format(content=base64.b64encode(page.screenshot()).decode()))
        page.set_viewport_size(SHEET)
        page.set_content(FRAME.format(images="".join(images)))
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=TARGET)
        browser.close()
    take_paths()


def take_paths() -> None:
    """Walk the paths of municipal officials, which leaves a picture of each stop."""
    os.environ |= {"PATOKAZ_SHOTS": str(PATHS), "PATOKAZ_REQUIRE_BROWSER": "1"}
    failed = pytest.main(["-q", "-p", "no:cacheprovider", TESTS])
    if failed:
        msg = "A path of the officials does not hold, so its pictures would tell what is not so."
        raise RuntimeError(msg)


if __name__ == "__main__":
    main()
