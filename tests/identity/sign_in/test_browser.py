"""What is said of a browser is enough to recognise one's own, and no more."""

import pytest

from uit.core.secret import Secrets
from uit.identity.sign_in.browser import browser_name, network_of, open_device, seal_device


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox, Linux"),
        ("curl/8.0", ""),
        ("<script>" * 1000, ""),
    ],
)
def test_a_browser_is_named_by_its_kind_and_its_system(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("", ""),
        ("/run/uit.sock", ""),
    ],
)
def test_a_network_says_not_which_household(address: str, network: str) -> None:
    assert network_of(address) == network


def test_only_a_cookie_that_we_gave_out_is_read() -> None:
    ours, theirs, secret = Secrets.make(), Secrets.make(), "a" * 43

    assert open_device(ours, seal_device(ours, secret)) == secret
    assert open_device(ours, seal_device(theirs, secret)) is None
    assert open_device(ours, secret) is None
