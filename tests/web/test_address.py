"""Whose tries are counted: the nearest address that is not a proxy of ours."""

import pytest

from uit.core.settings import InvalidSetting, networks_in, read_settings
from uit.web.address import first_untrusted_address, rate_limit_key

OURS = networks_in("10.0.0.0/8, ::1/128")


@pytest.mark.parametrize(
    ("sender", "forwarded", "counted"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a stranger says what they like
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.9, 198.51.100.1", "198.51.100.1"),  # what the stranger wrote themselves
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "onzin, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_proxies_that_we_trust_are_believed(sender: str, forwarded: str, counted: str) -> None:
    found = first_untrusted_address(sender, forwarded, OURS)

    assert (rate_limit_key(found) if found else "") == counted


def test_nobody_is_trusted_unless_a_setting_says_so() -> None:
    assert read_settings({}).trusted_proxies == ""
    found = first_untrusted_address("127.0.0.1", "198.51.100.1", networks_in(""))

    assert str(found) == "127.0.0.1"


def test_a_network_that_is_none_is_said_at_the_start() -> None:
    with pytest.raises(InvalidSetting, match="TRUSTED_PROXIES"):
        read_settings({"TRUSTED_PROXIES": "10.0.0.0/8, huis"})
