"""The host of an address, known soon where the address is a usual one."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.stages.site import USUAL_ADDRESS, host_of

USUAL = [
    ("https://www.harbour.example/2024/fog?page=2#top", "harbour.example"),
    ("http://harbour.example", "harbour.example"),
    ("https://news.harbour.example?q=a@b:c", "news.harbour.example"),
    ("https://www.example", "example"),
]
OTHER = [
    ("HTTPS://www.Harbour.example/", "harbour.example"),
    ("https://harbour.example:8080/fog", "harbour.example"),
    ("https://mira@harbour.example/fog", "harbour.example"),
    ("https://harbour.example/[fog", "harbour.example"),
    ("https://hafen-köln.example/", "hafen-köln.example"),
    ("https://[harbour/", None),
    ("//harbour.example/fog", "harbour.example"),
    ("harbour.example/fog", None),
]


@pytest.mark.parametrize(("url", "host"), [*USUAL, *OTHER])
def test_host_of_an_address(url, host):
    assert host_of({"url": url}) == host


@pytest.mark.parametrize("url", [url for url, _ in USUAL])
def test_a_usual_address_is_known_for_one(url):
    assert USUAL_ADDRESS.fullmatch(url)


@pytest.mark.parametrize("url", [url for url, _ in OTHER])
def test_another_address_is_left_to_the_library(url):
    assert not USUAL_ADDRESS.fullmatch(url)


@given(
    st.sampled_from(["http", "https", "HTTP"]),
    st.text(st.sampled_from("wa-.X/?#@:[]% \t\u00e9\uff0f1"), max_size=9),
)
def test_the_host_is_the_one_that_the_library_finds(scheme, rest):
    url = f"{scheme}://{rest}"
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:
        host = None
    assert host_of({"url": url}) == (host.removeprefix("www.") if host else None)
