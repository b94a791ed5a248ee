"""A challenge holds for a while, for who it was made for; what earlier versions signed goes on working."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest

from uit.core.secret import Secrets
from uit.identity.access.notice import NamedSession, end_path, open_seal
from uit.identity.sign_in import proof
from uit.identity.sign_in.browser import open_device, seal_device
from uit.identity.sign_in.challenge import new_challenge, read_challenge
from uit.identity.sign_in.example import example_sign_in_path
from uit.identity.staff.passkey import SIGNING_IN, signed_for
from uit.web.form_token import token_for

KEY: Final = b"k" * 32
NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNTIL: Final = NOW + timedelta(minutes=5)
ANNA: Final = ("anna@example.org", "192.0.2.7")
SECRETS: Final = Secrets(*(bytes([each]) * 32 for each in range(4)))
SESSION: Final = NamedSession(UUID(int=1), b"d" * 32)


def test_a_challenge_holds_until_its_moment() -> None:
    made = new_challenge(KEY, b"proof\0", UNTIL, *ANNA)

    assert read_challenge(KEY, b"proof\0", made.text, UNTIL, *ANNA) == made
    assert read_challenge(KEY, b"proof\0", made.text, UNTIL + timedelta(seconds=1), *ANNA) is None


@pytest.mark.parametrize(
    ("key", "purpose", "whom"),
    [
        (b"o" * 32, b"proof\0", ANNA),
        (KEY, b"passkey\0", ANNA),
        (KEY, b"proof\0", ("anna@example.org", "192.0.2.8")),
        (KEY, b"proof\0", ()),
    ],
)
def test_a_challenge_is_of_one_key_and_purpose_and_for_one(
    key: bytes, purpose: bytes, whom: tuple[str, ...]
) -> None:
    made = new_challenge(KEY, b"proof\0", UNTIL, *ANNA)

    assert read_challenge(key, purpose, made.text, NOW, *whom) is None


def test_who_changes_a_challenge_has_none() -> None:
    made = new_challenge(KEY, b"proof\0", UNTIL)
    ends, random, signature = made.text.split(".")

    for text in ("", f"9{ends}.{random}.{signature}", f"{ends}.{random}.{'0' * 64}", f"{ends}.{random}"):
        assert read_challenge(KEY, b"proof\0", text, NOW) is None


def test_what_an_earlier_version_signed_is_still_signed() -> None:
    """Known devices, open forms and mails that are on their way outlive an upgrade."""
    cookie = f"{'a' * 43}.2d3d59b6340a1703efbc3a5b5cd7b0bc"
    link = (
        "AAAAAAAAAAAAAAAAAAAAAWRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRk"
        "hTpEuMTZ3KqKOOTttbZdvvN65GVSwgWFPWaNgH4KK-Q"
    )

    assert (seal_device(SECRETS, "a" * 43), open_device(SECRETS, cookie)) == (cookie, "a" * 43)
    assert end_path(SECRETS, SESSION) == f"/team/niet-ik/{link}"
    assert open_seal(SECRETS, link) == SESSION
    assert token_for("secret", SECRETS.session) == "8xk-ExSBWIgBgiFgH-wfSp8HsBnieY1cGvrOQnSaLck"
    assert example_sign_in_path(SECRETS, "staff", UUID(int=1)).endswith(
        ".eb935e90bd8aea227b4dd766f9c602029ddebbc52066efbb379c5691aaaf493f"
    )


@pytest.mark.parametrize(
    ("purpose", "whom", "signature"),
    [
        (proof.SIGNED_FOR, ANNA, "43a3496f0edbf61723c0f515e17c0735d8ec6fcc54bb51d8b0eadb0cdb0ed999"),
        (signed_for(SIGNING_IN), (), "264c074b12e8b5b6037b91b84df3085f75544e245d73b8054542eb91384ca2f7"),
    ],
)
def test_challenges_of_an_earlier_version_hold(purpose: bytes, whom: tuple[str, ...], signature: str) -> None:
    text = f"2000000000.{'r' * 43}.{signature}"

    assert read_challenge(SECRETS.session, purpose, text, NOW, *whom)
