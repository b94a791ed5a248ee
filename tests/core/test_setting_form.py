"""Addresses among the settings: what cannot be read is refused in words, and no word holds a password."""

import pytest

from uit.core.setting_form import ESCAPES, FORMS
from uit.core.settings import InvalidSetting, read_settings


def said_of(**environment: str) -> str:
    with pytest.raises(InvalidSetting) as found:
        read_settings(environment)
    return str(found.value)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("SMTP_URL", "127.0.0.1:25", "does not begin with smtp:// or smtps://"),
        ("SMTP_URL", "smtp:/x", "does not begin with smtp:// or smtps://"),
        ("SMTP_URL", "http://x", "does not begin with smtp:// or smtps://"),
        ("SMTP_URL", "smtp://h:abc", "has a port that is not a number"),
        ("SMTP_URL", "smtp://one,two", "does not name a host"),
        ("SMTP_URL", "smtp://", "does not name a host"),
        ("BASE_URL", "schelde.be", "does not begin with https:// or http://"),
        ("BASE_URL", "localhost:8741", "does not begin with https:// or http://"),
        ("BASE_URL", "http://x/path", "has a path"),
        ("BASE_URL", "https://x?y", "has a path"),
        ("BASE_URL", "https://an@x", "has a login"),
        ("BASE_URL", "https://x:0", "has a port that is not a number"),
        ("BASE_URL", "https://[x", "has brackets"),
        ("REDIS_URL", "127.0.0.1:6379", "does not begin with redis:// or rediss:// or unix://"),
        ("DATABASE_URL", "mysql://h/uit", "does not begin with postgresql:// or postgres://"),
        ("DATABASE_URL", "postgresql://uit_app:se#cret@h/uit", "has a #"),
        ("DATABASE_URL", "postgresql://uit_app:se%cret@h/uit", "has a % without two digits after it"),
        ("DATABASE_URL", "postgresql://uit_app:se cret@h/uit", "has a space"),
        ("DATABASE_URL", "postgresql://uit_app:se@cret@h/uit", "has more than one @"),
        ("DATABASE_URL", "postgresql://uit_app:se/cret@h/uit", "has an @ after a /"),
        ("DATABASE_URL", "postgresql://uit_app:1?cret@h/uit", "has an @ after a / or a ?"),
        ("DATABASE_URL", "postgresql://one:x,two:5433/uit", "has a port that is not a number"),
        ("SMS_URL", "smpp://gateway", "does not begin with https:// or http://"),
        ("STRIPE_API_BASE", "api.stripe.com", "does not begin with https:// or http://"),
    ],
)
def test_an_address_of_another_form_is_refused_with_its_form(name: str, text: str, fault: str) -> None:
    said = said_of(**{name: text})

    assert said.startswith(f"{name} is wrong: it {fault}")
    assert f"It looks like {FORMS[name].example}." in said
    assert "cret" not in said


def test_how_a_special_sign_is_written_is_said_where_there_is_a_login() -> None:
    assert said_of(DATABASE_URL="postgresql://uit_app:se#cret@h/uit").endswith(ESCAPES)
    assert ESCAPES not in said_of(DATABASE_URL="mysql://h")


@pytest.mark.parametrize("text", ["0470123456789", "uit van Dender", "+0", "uit!"])
def test_a_sender_that_no_phone_shows_is_refused(text: str) -> None:
    assert said_of(SMS_FROM=text).startswith("SMS_FROM is wrong: ")


@pytest.mark.parametrize("text", ["uit", "@x", "uit <uit>", "an@x\nBcc: bo@y"])
def test_a_sender_without_an_address_is_refused(text: str) -> None:
    assert said_of(MAIL_FROM=text).startswith("MAIL_FROM is wrong: it names no address. ")


def test_all_that_is_wrong_is_said_at_once() -> None:
    typed = said_of(PORT="eighty", EXAMPLE="perhaps").splitlines()
    formed = said_of(SMTP_URL="x", BASE_URL="y", PORT="0").splitlines()

    assert typed == ["PORT is wrong: 'eighty' is not a whole number, such as 8000.",
                     "EXAMPLE is wrong: 'perhaps' is not 0 or 1."]  # fmt: skip
    assert [line.split()[0] for line in formed] == ["PORT", "BASE_URL", "SMTP_URL"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "postgresql://uit@/uit?host=/tmp/uit"),
        ("DATABASE_URL", "postgresql://uit_app@one,two:5433/uit?target_session_attrs=read-write"),
        ("DATABASE_URL", "postgres://uit_app:se%23cret@[::1]:5432/uit"),
        ("REDIS_URL", "unix:///run/valkey.sock"),
        ("REDIS_URL", "redis://:secret@valkey:6379/0"),
        ("SMTP_URL", "smtps://uit:se%40cret@mail.example.be:465"),
        ("BASE_URL", "https://uit.example.be/"),
        ("STRIPE_API_BASE", "http://127.0.0.1:9000/v1"),
        ("MAIL_FROM", "noreply@uit.example.be"),
    ],
)
def test_addresses_as_they_are_used_are_read(name: str, text: str) -> None:
    assert getattr(read_settings({name: text}), name.lower()) == text
