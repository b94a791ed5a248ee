"""Origins of addresses: who may be led back where must not depend on how an address is read."""

import pytest

from uit.core.origin import is_origin, origin_of


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


@pytest.mark.parametrize(
    "text",
    ["https://tickets.example", "https://a-b.example:8443", "http://localhost:3000", "http://[::1]:8000"],
)
def test_an_origin_is_written_as_a_browser_writes_it(text: str) -> None:
    assert is_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://tickets.example/",
        "https://tickets.example/terug",
        "https://tickets.example?a",
        "https://tickets.example:443",
        "https://tickets.example:0",
        "https://tickets.example:65536",
        "https://Tickets.example",
        "https://tickets..example",
        "https://-tickets.example",
        "https://.",
        "https://*.example",
        "http://tickets.example",
        "tickets.example",
        " https://tickets.example",
        "null",
        "",
    ],
)
def test_what_says_more_or_less_than_an_origin_is_none(text: str) -> None:
    assert not is_origin(text)
