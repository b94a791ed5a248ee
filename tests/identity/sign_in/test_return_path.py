"""After signing in one goes on, and never to another site."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uit.identity.sign_in.return_path import local_path


@pytest.mark.parametrize("wanted", ["/", "/dender/agenda", "/a?b=c&d=%2F%2Fe#f", "/caf%C3%A9", "/café"])
def test_an_address_of_ours_is_kept(wanted: str) -> None:
    assert local_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "dender",
        "//kwaad.example/x",
        "///kwaad.example",
        "/\\kwaad.example",
        "\\\\kwaad.example",
        "https:/kwaad.example",
        "/\n/kwaad.example",
        "/a\r\nSet-Cookie: x=y",
        " /dender",
        "/" + "a" * 500,
    ],
)
def test_anything_else_leads_home(wanted: str) -> None:
    assert local_path(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/aanmelden", "/aanmelden/abc", "/afmelden", "/team/code?next=/x"])
def test_nobody_is_brought_back_to_the_sign_in_itself(wanted: str) -> None:
    assert local_path(wanted, "/team") == "/team"


@given(st.text(alphabet="/\\.:@?#\t\n kwa%é", max_size=30))
def test_whatever_is_asked_a_browser_stays_on_this_site(wanted: str) -> None:
    # A browser drops tabs and line ends, and reads a backslash as a slash.
    seen = local_path(wanted).replace("\t", "").replace("\n", "").replace("\\", "/")

    assert urlsplit(urljoin("https://uit.example/aanmelden", seen)).netloc == "uit.example"
