"""Where the provider reports: who calls is known by a signature, and the answer comes at once."""

from datetime import timedelta

import pytest

from credits.payments.stripe import StripeProvider
from tests.builders import World
from uit.embedded.stripe_peer.webhook import signature_header

OURS, OF_ACCOUNTS, GUESSED = "whsec_ours", "whsec_of_connected_accounts", "whsec_guessed"
BODY = (
    b'{"id": "evt_1", "type": "checkout.session.completed", "created": 1772442000, "livemode": false,'
    b' "account": "acct_1", "data": {"object": {"id": "cs_1", "object": "checkout.session"}}}'
)


@pytest.fixture(autouse=True)
def secrets(world: World) -> None:
    world.pay_by(StripeProvider("sk_test_1", [OURS, OF_ACCOUNTS], "http://127.0.0.1:9"))


async def report(
    world: World, body: bytes = BODY, secret: str = OURS, *, age: timedelta = timedelta()
) -> tuple[int, str]:
    at = int((world.clock.now() - age).timestamp())
    headers = {"Stripe-Signature": signature_header(body, secret, at)}
    answer = await world.client.post("/stripe/webhook", content=body, headers=headers)
    return answer.status_code, str(answer.json()["code"]) if answer.is_error else ""


async def stored(world: World) -> list[tuple[str, str, str | None, str]]:
    rows = await world.rows("SELECT id, type, account, object_id FROM credits.provider_event")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("secret", [OURS, OF_ACCOUNTS])
async def test_a_report_is_stored_and_answered_whichever_secret_signed_it(world: World, secret: str) -> None:
    assert await report(world, secret=secret) == (200, "")

    assert await stored(world) == [("evt_1", "checkout.session.completed", "acct_1", "cs_1")]


async def test_a_report_that_comes_again_is_answered_and_stored_once(world: World) -> None:
    assert [await report(world) for _ in range(3)] == [(200, "")] * 3

    assert len(await stored(world)) == 1


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
async def test_a_report_that_is_old_or_of_the_future_is_refused(world: World, age: timedelta) -> None:
    assert await report(world, age=age) == (400, "credits.not_from_provider")

    assert await stored(world) == []


async def test_a_report_that_somebody_else_signed_is_refused(world: World) -> None:
    assert await report(world, secret=GUESSED) == (400, "credits.not_from_provider")

    assert await stored(world) == []


async def test_a_report_that_was_changed_on_its_way_is_refused(world: World) -> None:
    at = int(world.clock.now().timestamp())
    headers = {"Stripe-Signature": signature_header(BODY, OURS, at)}

    answer = await world.client.post(
        "/stripe/webhook", content=BODY.replace(b"cs_1", b"cs_2"), headers=headers
    )

    assert (answer.status_code, await stored(world)) == (400, [])


@pytest.mark.parametrize("header", ["", "t=1,v1=ab", "t=1", "é", "t=1,t=2,v1=" + "a" * 64])
async def test_a_report_without_a_signature_that_can_be_read_is_refused(world: World, header: str) -> None:
    headers = [(b"Stripe-Signature", header.encode())] if header else []

    answer = await world.client.post("/stripe/webhook", content=BODY, headers=headers)

    assert (answer.status_code, await stored(world)) == (400, [])


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"id": 1}'])
async def test_a_signed_body_that_is_no_report_is_refused(world: World, body: bytes) -> None:
    status, _ = await report(world, body)

    assert (status, await stored(world)) == (400, [])


async def test_where_nobody_takes_cards_nobody_reports(world: World) -> None:
    vars(world.services)["provider"] = None

    assert await report(world) == (400, "credits.not_from_provider")
