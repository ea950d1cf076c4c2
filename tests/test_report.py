"""The page about an output: what it says, that no text in it is markup, and how it behaves."""

import base64
import gzip
import json
import os
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise

import browser
import pytest
from conftest import cleaner, write_rows
from hypothesis import given
from hypothesis import strategies as st
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from cleaner import CleanerError, Config, UsageError, run
from cleaner.losses.warning import Loss, warning_of
from cleaner.report import write_report
from cleaner.report.differences import differing
from cleaner.report.figures import Bar
from cleaner.report.flow import HEIGHT, LABEL, flow_of

STORY = (
    "The harbour of Port Alder opened to ships again on Monday morning after a storm tore the "
    "north quay from its foundations and left the town without its ferry for three long weeks."
)
NEAR = STORY.replace("long weeks", "long winter weeks")
MARKUP = "</script><script>document.title = 'hijacked'</script><img src=x onerror=alert(1)>"
HOSTILE = f"Nobody knows who {MARKUP} painted the wall of the cinema green in a single night."
OWN = "The bakery on Mill Lane has won a prize for a rye loaf that takes three days to make."
ROWS = [
    {"id": "first", "text": f"{STORY}\n\nAdvertisement", "url": "https://alder.example/1"},
    {"id": "second", "text": f"{OWN}\n\nAdvertisement\n\n{NEAR}", "url": "https://alder.example/2"},
    {"id": MARKUP, "text": "Snow fell in the upper villages." + f"\n\n{HOSTILE}" * 2},
    {"id": "nothing", "text": "Advertisement"},
    {"body": "no text"},
]
needs_browser = pytest.mark.skipif(
    not browser.is_there() and "NEEDS_BROWSER" not in os.environ,
    reason="needs chromium and chromedriver",
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    place = tmp_path_factory.mktemp("report")
    write_rows(place / "rows.jsonl", ROWS)
    run(place / "rows.jsonl", place / "clean", Config(workers=1))
    return place / "clean"


@pytest.fixture(scope="module")
def page(clean):
    path = clean.parent / "page.html"
    write_report(clean, path)
    return path


class Texts(HTMLParser):
    """The text of a page, and the names of its elements."""

    def __init__(self, page):
        super().__init__()
        self.names, self.texts = [], []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag, _):
        self.names.append(tag)

    def handle_data(self, data):
        if self.names[-1:] not in (["script"], ["style"]):
            self.texts.append(data.strip())


def payload(page):
    held = re.search(r'id="data">([^<]*)<', page.read_text("utf-8"))[1]
    return json.loads(gzip.decompress(base64.b64decode(held)))


def test_it_tells_what_the_summary_does(clean, page):
    texts = Texts(page).texts
    counts = json.loads((clean / "summary.json").read_bytes())["counts"]
    for told, count in [
        ("Documents read", counts["read"]),
        ("rejected", counts["rejected"]),
        ("Paragraphs read", counts["paragraphs"]["read"]),
        ("removed", counts["paragraphs"]["removed"]),
    ]:
        assert texts[texts.index(told) + 1] == str(count)
    for text in (OWN, STORY):
        assert (text in texts) == (text == STORY), "of the kept text only what was copied"
    assert "winter" in texts


def test_it_holds_every_removal(clean, page):
    held = payload(page)
    found = [
        (held["documents"][document][0], position, held["causes"][cause], text, of and of[0])
        for document, position, cause, text, *of, _, _ in held["rows"]
    ]
    rows = map(json.loads, (clean / "removed/part-00000.jsonl").read_text("utf-8").splitlines())
    assert found == [
        (row["id"], row["position"], row["rule"] or row["reason"], row["text"],
         row["of"] and row["of"]["id"])
        for row in rows
    ]  # fmt: skip


def test_of_too_many_removals_it_holds_the_first_of_each_cause(clean, tmp_path):
    write_report(clean, tmp_path / "page.html", most_removals=3)
    held = payload(tmp_path / "page.html")
    causes = [held["causes"][row[2]] for row in held["rows"]]
    assert sorted(causes) == ["ad_marker.label", "duplicate"]
    assert "2 of 5 removed" in " ".join(Texts(tmp_path / "page.html").texts)


def test_many_warnings_are_told_without_filling_the_page(clean, tmp_path):
    changed = shutil.copytree(clean, tmp_path / "clean")
    summary = json.loads((changed / "summary.json").read_bytes())
    loss = Loss("characters", 9, 10, "duplicate")
    summary["warnings"] = [
        warning_of("site", f"{number}.example", loss, 0.1).as_row() for number in range(7)
    ]
    (changed / "summary.json").write_text(json.dumps(summary))
    write_report(changed, tmp_path / "page.html")
    told = [text.split(" loses")[0] for text in Texts(tmp_path / "page.html").texts]
    begin = told.index("site 0.example")
    sites = [f"site {number}.example" for number in range(7)]
    told = [text for text in told[begin:] if text][:8]
    assert told == [*sites[:3], "4 more warnings", *sites[3:]]


def test_no_text_becomes_markup_and_nothing_is_loaded(page):
    source = page.read_text("utf-8")
    names = Texts(page).names
    assert names.count("script") == 2
    assert "img" not in names
    assert "default-src 'none'" in source
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", source)


def test_the_same_output_gives_the_same_page(clean, page, tmp_path):
    write_report(clean, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


def test_a_changed_output_is_not_shown(clean, tmp_path):
    copy = tmp_path / "clean"
    shutil.copytree(clean, copy)
    (copy / "removed/part-00000.jsonl").write_text("{}\n")
    (tmp_path / "page.html").write_text("an earlier page")
    with pytest.raises(CleanerError, match="cleaner verify"):
        write_report(copy, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == "an earlier page"
    with pytest.raises(UsageError, match="no folder"):
        write_report(tmp_path / "nothing", tmp_path / "page.html")


def test_the_command_line_writes_it_and_says_where(clean, tmp_path):
    done = cleaner("report", clean, tmp_path / "page.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path}/page.html: open it in a browser\n"
    # Files of the output, devices and folders are not taken for pages.
    for name in (tmp_path, clean / "summary.json", "/dev/null"):
        wrong = cleaner("report", clean, name)
        assert wrong.returncode == 2
        assert "name a file that ends in .html" in wrong.stderr
    missing = cleaner("report", clean, tmp_path / "no/page.html")
    assert missing.returncode == 1
    assert len(missing.stderr.splitlines()) == 1


words = st.lists(st.sampled_from(["the", "ferry", "left", "late", "again"]), max_size=12)


@given(words, words)
def test_the_pieces_of_a_copy_are_the_copy_and_its_original(copy, original):
    pieces = differing(" ".join(copy), " ".join(original))
    assert " ".join(one.text for one in pieces).split() == copy
    same = [one.text if one.instead_of is None else one.instead_of for one in pieces]
    assert " ".join(same).split() == original


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), max_size=40))
def test_the_flow_stays_within_its_drawing(kept, taken):
    causes = [Bar(str(number), 1, one, kept + sum(taken)) for number, one in enumerate(taken)]
    flow = flow_of(kept, sum(taken), causes)
    assert sum(one.characters for one in flow.causes) == sum(taken)
    assert flow.removed.top + flow.removed.height <= HEIGHT + 1e-6
    labels = [one.label for one in flow.causes]
    assert all(0 <= label <= HEIGHT for label in labels)
    assert all(later - earlier >= LABEL - 1e-6 for earlier, later in pairwise(labels))


def found_texts(driver):
    return [cell.text for cell in driver.find_elements(By.CSS_SELECTOR, "#found td.text")]


def state(driver):
    return driver.find_element(By.ID, "state").text


def wait_for_state(driver, told):
    try:
        WebDriverWait(driver, 60).until(lambda now: state(now) == told)
    except TimeoutException:
        assert state(driver) == told  # which says what is there instead


def console(driver):
    return [one["message"] for one in driver.get_log("browser") if one["level"] != "INFO"]


@needs_browser
def test_in_a_browser_it_filters_searches_and_runs_no_text(page):
    with browser.opened(page) as driver:
        wait_for_state(driver, "5 of 5 removed paragraphs")
        assert driver.title == "clean: what was removed and why"
        assert HOSTILE in found_texts(driver)
        assert driver.find_elements(By.TAG_NAME, "img") == []
        search = driver.find_element(By.ID, "search")
        search.send_keys("winter")
        wait_for_state(driver, "1 of 5 removed paragraphs")
        assert found_texts(driver) == [NEAR]
        driver.find_element(By.CSS_SELECTOR, "#filters button").click()
        wait_for_state(driver, "5 of 5 removed paragraphs")
        Select(driver.find_element(By.ID, "cause")).select_by_value("duplicate")
        wait_for_state(driver, "2 of 5 removed paragraphs")
        link = driver.find_element(By.CSS_SELECTOR, "a[data-site='alder.example']")
        driver.execute_script("arguments[0].click()", link)
        wait_for_state(driver, "3 of 5 removed paragraphs")
        assert console(driver) == []


@needs_browser
def test_in_a_browser_keys_and_colours_work(page):
    with browser.opened(page) as driver:
        wait_for_state(driver, "5 of 5 removed paragraphs")
        driver.find_element(By.TAG_NAME, "body").send_keys("/")
        assert driver.switch_to.active_element.get_attribute("id") == "search"
        driver.switch_to.active_element.send_keys(Keys.TAB)
        assert driver.switch_to.active_element.get_attribute("id") == "cause"

        def ground():
            body = driver.find_element(By.TAG_NAME, "body")
            return body.value_of_css_property("background-color")

        before = ground()
        driver.find_element(By.ID, "theme").click()
        assert ground() != before
        driver.find_element(By.ID, "theme").click()
        assert ground() == before


@needs_browser
def test_in_a_narrow_browser_nothing_is_wider_than_the_page(page):
    with browser.opened(page) as driver:
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True},
        )
        wait_for_state(driver, "5 of 5 removed paragraphs")
        width = driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= 360


@needs_browser
def test_very_many_removals_can_be_looked_through(tmp_path):
    """At 10,000 of them; with REMOVALS=100000 at as many as the page holds at most."""
    removals = int(os.environ.get("REMOVALS", "10000"))
    lines = ["Advertisement", "Story continues below", "Photo: Nils Brandt", "Share this article"]
    rows = (
        {"id": f"d{number}", "text": "\n\n".join([f"Paragraph {number} stays.", *lines * 25])}
        for number in range(removals // 100)
    )
    write_rows(tmp_path / "rows.jsonl", rows)
    run(tmp_path / "rows.jsonl", tmp_path / "clean")
    write_report(tmp_path / "clean", tmp_path / "page.html")
    with browser.opened(tmp_path / "page.html") as driver:
        wait_for_state(driver, f"{removals:,} of {removals:,} removed paragraphs")
        assert len(found_texts(driver)) == 100
        driver.find_element(By.ID, "search").send_keys("nils")
        wait_for_state(driver, f"{removals // 4:,} of {removals:,} removed paragraphs")
        driver.find_element(By.ID, "next").click()
        assert driver.find_element(By.ID, "place").text == "101 to 200"
        assert console(driver) == []
