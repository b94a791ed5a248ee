"""What is taken for an e-mail address, and what never is."""

import pytest

from uit.core.email_address import is_email, wire_address

LOCAL_OF_64 = "a" * 64
DOMAIN_OF_189 = ".".join(["b" * 63, "b" * 62, "b" * 62])


@pytest.mark.parametrize(
    "address",
    [
        "yasmine.el-amrani@example.org",
        "o'hara@example.org",
        "an.claes+uit@kunst.example.org",
        "a@b.be",
        "zoë@example.org",
        "jan@münchen.example",
        "jan@xn--mnchen-3ya.example",
        "δοκιμή@παράδειγμα.δοκιμή",
        "1@1.2x",
        f"{LOCAL_OF_64}@{DOMAIN_OF_189}",
    ],
)
def test_an_address_in_any_script_is_one(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@example.org",
        "a@b",
        "root@localhost",
        "a:b@x",
        "a:b@x.be",
        "vrienden:a@x.be;",
        "a;b@x.be",
        "a@x.be, b@x.be",
        "Anna <a@x.be>",
        '"a b"@x.be',
        "a(b)@x.be",
        "a\\b@x.be",
        "a@b@x.be",
        "a b@c.be",
        "a@b c.be",
        "a\N{NO-BREAK SPACE}b@c.be",
        "a@b.be\r\nBcc: c@d.be",
        "a@b.be\n",
        "a\x00@c.be",
        "a@c.be\x00",
        "a\N{LINE SEPARATOR}@c.be",
        "a@c.be\N{PARAGRAPH SEPARATOR}",
        "a\x85@c.be",
        "a\N{ZERO WIDTH SPACE}@c.be",
        "a\N{RIGHT-TO-LEFT OVERRIDE}@c.be",
        "a\ud800@c.be",
        ".a@c.be",
        "a.@c.be",
        "a..b@c.be",
        "a@.be",
        "a@b..be",
        "a@-b.be",
        "a@b-.be",
        "a@b_c.be",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        f"{LOCAL_OF_64}a@c.be",
        f"{'é' * 33}@c.be",
        f"{LOCAL_OF_64}@{DOMAIN_OF_189}b",
        "a@" + "b" * 64 + ".be",
        "a" * 1_000_000 + "@c.be",
    ],
)
def test_what_programs_read_in_two_ways_or_no_server_takes_is_none(text: str) -> None:
    assert not is_email(text)


def test_a_domain_goes_out_as_dns_has_it_and_never_as_another() -> None:
    assert wire_address("jan@münchen.example") == "jan@xn--mnchen-3ya.example"
    assert wire_address("zoë@example.org") == "zoë@example.org"
    assert wire_address("jan@straße.example") is None
