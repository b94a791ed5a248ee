"""The six digits of an app: right for a moment, and once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pyotp
import pytest

from uit.core.secret import Secrets
from uit.identity.staff.totp import open_secret, qr_of, seal_secret, secret_of_invitation, step_of

SECRETS = Secrets.make(bytes)
# The shared secret of RFC 6238, appendix B, in base32.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 - of the standard
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def test_the_codes_are_those_of_the_standard() -> None:
    at = datetime.fromtimestamp(1111111109, UTC)

    assert step_of(SECRET, "081804", at, last_step=0) == 0x23523EC


@pytest.mark.parametrize(("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(off: int, fits: bool) -> None:  # noqa: FBT001
    code = pyotp.TOTP(SECRET).generate_otp(STEP + off)

    assert (step_of(SECRET, code, NOW, last_step=0) is not None) is fits


def test_a_code_that_was_used_and_those_before_it_are_worth_nothing() -> None:
    earlier, now = (pyotp.TOTP(SECRET).generate_otp(STEP + off) for off in (-1, 0))

    assert step_of(SECRET, now, NOW, last_step=STEP) is None
    assert step_of(SECRET, earlier, NOW, last_step=STEP) is None
    assert step_of(SECRET, now, NOW, last_step=STEP - 1) == STEP


def test_a_space_in_the_middle_is_how_apps_show_it() -> None:
    code = pyotp.TOTP(SECRET).generate_otp(STEP)

    assert step_of(SECRET, f" {code[:3]} {code[3:]}", NOW, last_step=0) == STEP


def test_a_sealed_secret_opens_for_its_owner_under_our_key_only() -> None:
    anna, bilal = uuid4(), uuid4()
    sealed = seal_secret(SECRETS, anna, SECRET)

    assert open_secret(SECRETS, anna, sealed) == SECRET
    assert open_secret(SECRETS, bilal, sealed) is None
    assert open_secret(Secrets.make(), anna, sealed) is None
    assert seal_secret(SECRETS, anna, SECRET) != sealed


def test_every_invitation_has_a_secret_of_its_own() -> None:
    assert secret_of_invitation(SECRETS, "a") == secret_of_invitation(SECRETS, "a")
    assert secret_of_invitation(SECRETS, "a") != secret_of_invitation(SECRETS, "b")
    assert len(secret_of_invitation(SECRETS, "a")) == 32


def test_the_key_is_drawn_without_style_of_its_own() -> None:
    svg = qr_of(SECRET, "an.claes@example.org")

    assert svg.startswith("<svg")
    assert "style=" not in svg


def test_half_a_minute_is_one_step() -> None:
    code = pyotp.TOTP(SECRET).generate_otp(STEP)

    assert step_of(SECRET, code, NOW + timedelta(seconds=29), last_step=0) == STEP
