"""Origins of addresses: who may be led back where must not depend on how an address is read."""

import pytest

from uit.core.origin import origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://tickets.example", "https://tickets.example"),
        ("https://tickets.example/terug?bestelling=7", "https://tickets.example"),
        ("https://tickets.example?bestelling=7", "https://tickets.example"),
        ("https://tickets.example:443/", "https://tickets.example"),
        ("https://tickets.example:8443/", "https://tickets.example:8443"),
        ("http://localhost:3000/terug", "http://localhost:3000"),
        ("http://127.0.0.1/", "http://127.0.0.1"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_an_address_has_the_origin_that_a_browser_gives_it(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "http://tickets.example/",
        "ftp://tickets.example/",
        "javascript:alert(1)",
        "//tickets.example/",
        "https://tickets.example@elders.example/",
        "https://tickets.example\\@elders.example/",
        "https://tickets.example/\\terug",
        "https://tickets.example/\n",
        "https://tickets.example /",
        "https://ticketś.example/",
        "https://TICKETS.example/",
        "https://tickets.example#elders",
        "https:///terug",
        "",
    ],
)
def test_an_address_that_is_insecure_or_can_be_read_in_two_ways_has_none(address: str) -> None:
    assert origin_of(address) is None
