"""A webhook is believed when one of our secrets signed its raw body, not long ago."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import WebhookSignature

from credits.payments.provider import BadSignature
from credits.payments.signature import check_signature
from credits.payments.stripe import StripeProvider

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "whsec_ours"  # noqa: S105  of the test alone
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "account": "acct_1",
    "created": int(NOW.timestamp()),
    "livemode": False,
    "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
}
BODY = json.dumps(EVENT)


def signed(body: str = BODY, secret: str = SECRET, at: datetime = NOW) -> str:
    """The header as Stripe's own package makes it."""
    header: str = WebhookSignature.generate_signature_header(body, secret, int(at.timestamp()))
    return header


@pytest.fixture
async def provider() -> StripeProvider:
    return StripeProvider("sk_test_x", ["whsec_old", SECRET], "http://127.0.0.1:1")


def test_an_event_is_read_from_what_was_signed(provider: StripeProvider) -> None:
    event = provider.open_event(BODY.encode(), signed(), NOW)

    assert (event.id, event.type, event.account) == ("evt_1", "checkout.session.completed", "acct_1")
    assert (event.object_id, event.created) == ("cs_test_1", NOW)


@given(body=st.text(), secret=st.text(min_size=1))
def test_whatever_stripes_package_signs_is_believed(body: str, secret: str) -> None:
    body, secret = body.encode("utf-8", "replace").decode(), secret.encode("utf-8", "replace").decode()

    check_signature(body.encode(), signed(body, secret), [secret], NOW)


@pytest.mark.parametrize("secret", ["whsec_old", SECRET])
def test_any_of_our_secrets_will_do(provider: StripeProvider, secret: str) -> None:
    assert provider.open_event(BODY.encode(), signed(secret=secret), NOW).id == "evt_1"


@pytest.mark.parametrize("apart", [timedelta(seconds=300), timedelta(seconds=-300)])
def test_clocks_may_be_five_minutes_apart(apart: timedelta) -> None:
    check_signature(BODY.encode(), signed(at=NOW - apart), [SECRET], NOW)


@pytest.mark.parametrize("apart", [timedelta(seconds=301), timedelta(seconds=-301)])
def test_a_message_that_is_too_old_or_from_the_future_is_refused(apart: timedelta) -> None:
    with pytest.raises(BadSignature):
        check_signature(BODY.encode(), signed(at=NOW - apart), [SECRET], NOW)


def test_a_body_that_was_changed_is_refused() -> None:
    with pytest.raises(BadSignature):
        check_signature(BODY.replace("cs_test_1", "cs_test_2").encode(), signed(), [SECRET], NOW)


def test_a_time_that_was_changed_is_refused() -> None:
    later = NOW + timedelta(hours=1)
    stamp = str(int(NOW.timestamp()))

    with pytest.raises(BadSignature):
        check_signature(BODY.encode(), signed().replace(stamp, str(int(later.timestamp()))), [SECRET], later)


def test_another_secret_is_refused() -> None:
    with pytest.raises(BadSignature):
        check_signature(BODY.encode(), signed(secret=SECRET[::-1]), [SECRET], NOW)


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_believed(secrets: list[str]) -> None:
    with pytest.raises(BadSignature):
        check_signature(BODY.encode(), signed(secret=""), secrets, NOW)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1772442000",
        "v1=" + "0" * 64,
        "t=now,v1=" + "0" * 64,
        signed().replace("v1=", "v0="),
        signed() + ",t=1",
        "t=1772442000,v1=ë",
        "\x00",
    ],
)
def test_a_header_that_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        check_signature(BODY.encode(), header, [SECRET], NOW)


def test_one_good_signature_among_others_is_enough() -> None:
    """While a secret is rolled, Stripe signs with the old and with the new."""
    check_signature(BODY.encode(), signed().replace(",", f",v1={'0' * 64},v0={'1' * 64},"), [SECRET], NOW)


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"object": "v2.core.event", "id": "evt_2"}'])
def test_what_was_signed_and_is_no_event_is_refused(provider: StripeProvider, body: str) -> None:
    with pytest.raises(BadSignature):
        provider.open_event(body.encode(), signed(body), NOW)
