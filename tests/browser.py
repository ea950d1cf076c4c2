"""A headless Chromium with Debian's driver, or None where they are not installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

SETTINGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def is_there() -> bool:
    """Whether the browser and its driver are installed."""
    return all(map(shutil.which, ("chromium", "chromedriver")))


@contextmanager
def opened(page: Path, *, width: int = 1100, height: int = 900) -> Iterator[webdriver.Chrome]:
    """The page in a new browser."""
    options = Options()
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for setting in (*SETTINGS, f"--window-size={width},{height}"):
        options.add_argument(setting)
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    try:
        driver.get(page.absolute().as_uri())
        yield driver
    finally:
        driver.quit()
