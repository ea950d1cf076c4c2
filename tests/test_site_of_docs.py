"""The documentation as a site: it builds without a warning, and needs nothing from the network."""

import os
import re
import subprocess
import sys

import pytest
from conftest import ROOT

pytestmark = pytest.mark.docs
LOADED = re.compile(
    r"""<(?:script|img|source|iframe)[^>]*\ssrc=["']?(https?:|//)"""
    r"""|<link[^>]*rel=["']?(?:stylesheet|preconnect|preload|icon)[^>]*href=["']?(https?:|//)"""
    r"""|url\(["']?(https?:|//)|@import"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_built(site):
    names = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    assert all((site / name).with_suffix(".html").exists() for name in names)
    assert not list(site.rglob("*.py"))


def test_nothing_is_loaded_from_the_network(site):
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        found = LOADED.search(path.read_text("utf-8"))
        assert not found, f"{path}: {found}"


def test_what_loads_from_the_network_is_seen():
    for text in (
        '<script src="https://cdn.example/a.js">',
        '<link rel="stylesheet" href="//fonts.example/a.css">',
        "@font-face { src: url(https://fonts.example/a) }",
    ):
        assert LOADED.search(text)


def skip_or_fail():
    """End a test for which there is no browser."""
    if os.environ.get("NEEDS_BROWSER"):
        pytest.fail("NEEDS_BROWSER asks for a browser, and there is none")
    pytest.skip("chromium and chromedriver are not installed")


def test_in_a_browser_it_opens_from_the_disk_and_can_be_searched(site):
    import browser

    if not browser.is_there():
        skip_or_fail()
    from selenium.webdriver.support.ui import WebDriverWait

    with browser.opened(site / "index.html") as driver:
        field = driver.find_element("css selector", "[data-md-component=search-query]")
        field.click()
        field.send_keys("threshold")
        found = WebDriverWait(driver, 60).until(
            lambda shown: shown.find_elements("css selector", ".md-search-result__link")
        )
        assert any("duplicates.html" in one.get_attribute("href") for one in found)
        assert not [line for line in driver.get_log("browser") if line["level"] == "SEVERE"]
    with browser.opened(site / "options.html", width=500) as driver:
        width = driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= driver.execute_script("return window.innerWidth")


BUTTON = """
document.addEventListener("copy", () => { window.copied = document.getSelection().toString() });
const blocks = [...document.querySelectorAll(".highlight code")];
const block = blocks.find(one => one.innerText.includes(arguments[0]));
block.scrollIntoView({block: "center", behavior: "instant"});
return block.closest("pre").querySelector("[data-clipboard-target]");
"""


def copied(driver, text):
    """What the button of the first block with this text copies."""
    driver.execute_script(BUTTON, text).click()
    return driver.execute_script("return window.copied")


def test_in_a_browser_commands_are_copied_without_prompt_and_without_what_they_print(site):
    import browser

    if not browser.is_there():
        skip_or_fail()
    with browser.opened(site / "undo.html") as driver:
        assert copied(driver, "cleaner restore clean/ before/") == (
            "cleaner run raw/ clean/ --quiet\ncleaner restore clean/ before/\ncleaner verify clean/"
        )
    with browser.opened(site / "configuration.html") as driver:
        assert copied(driver, 'category = "house"').startswith("[[rule]]\n")
