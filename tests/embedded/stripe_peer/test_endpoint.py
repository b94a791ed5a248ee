"""The endpoints of the API: keys, accounts, versions, parameters, and one answer for one idempotency key."""

from datetime import timedelta

import pytest

from tests.embedded.stripe_peer.conftest import StripeCaller, checkout_params
from tests.stripe_document import stripe_document
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import Exchange

SESSIONS = "/v1/checkout/sessions"


async def test_without_the_key_nobody_enters(caller: StripeCaller) -> None:
    answer = await caller.get("/v1/events", Authorization="Bearer sk_test_other")

    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


async def test_an_account_that_is_not_there_is_refused(caller: StripeCaller) -> None:
    answer = await caller.get("/v1/events", **{"Stripe-Account": "acct_x"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "account_invalid")


async def test_another_version_is_refused(caller: StripeCaller) -> None:
    assert (await caller.get("/v1/events", **{"Stripe-Version": "2025-09-30.clover"})).status_code == 400


async def test_a_path_that_is_not_there_is_not_found(caller: StripeCaller) -> None:
    seen: list[Exchange] = []
    caller.peer.observe = seen.append

    assert (await caller.get("/v1/nothing")).status_code == 404
    assert stripe_document().problems_of(seen[0]) == ["GET /v1/nothing: no such path"]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("created=then", "created"),
        ("created[since]=1", "created[since]"),
        ("created[gte]=then", "gte"),
        ("ending_before=cs_test_x", "ending_before"),
        ("colour=red", "colour"),
    ],
)
async def test_a_list_that_is_asked_wrongly_is_refused_by_name(
    caller: StripeCaller, clock: SetClock, query: str, param: str
) -> None:
    await caller.checkout(clock)
    caller.peer.observe = lambda _: None

    answer = await caller.get(f"{SESSIONS}?{query}")

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize("intent", ["payment_intent=pi_x", "payment_intent[id]=pi_x"])
async def test_what_is_not_there_is_not_found(caller: StripeCaller, intent: str) -> None:
    caller.peer.observe = lambda _: None
    name, _, value = intent.partition("=")

    answer = await caller.post("/v1/refunds", {name: value})

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"success_url": ""}, "success_url", "parameter_missing"),
        ({"line_items[0][price_data][unit_amount]": "5,00"}, "unit_amount", "parameter_invalid_integer"),
        ({"line_items[0][price_data][unit_amount]": "49"}, None, "amount_too_small"),
        ({"line_items[0][price_data][currency]": "usd"}, "line_items[0][price_data][currency]", None),
        ({"mode": "setup"}, "mode", None),
        ({"expires_at": "1"}, "expires_at", None),
    ],
)
async def test_what_is_wrong_is_refused_by_name(
    caller: StripeCaller, clock: SetClock, change: dict[str, str], param: str | None, code: str | None
) -> None:
    caller.peer.observe = lambda _: None
    answer = await caller.post(SESSIONS, checkout_params(clock) | change)

    error = answer.json()["error"]
    assert (answer.status_code, error.get("param"), error.get("code")) == (400, param, code)


async def test_a_parameter_that_does_not_exist_is_refused_and_is_not_in_the_document(
    caller: StripeCaller, clock: SetClock
) -> None:
    seen: list[Exchange] = []
    caller.peer.observe = seen.append

    answer = await caller.post(SESSIONS, checkout_params(clock) | {"colour": "red"})

    assert answer.json()["error"]["code"] == "parameter_unknown"
    problems = stripe_document().problems_of(seen[0])
    assert len(problems) == 1
    assert "colour" in problems[0]


async def test_the_same_key_gives_the_same_answer(caller: StripeCaller, clock: SetClock) -> None:
    first, second = [
        await caller.post(SESSIONS, checkout_params(clock), **{"Idempotency-Key": "a"}) for _ in range(2)
    ]

    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers


async def test_the_same_key_with_other_parameters_is_refused(caller: StripeCaller, clock: SetClock) -> None:
    other = checkout_params(clock) | {"cancel_url": "http://127.0.0.1:8000/elders"}
    await caller.post(SESSIONS, checkout_params(clock), **{"Idempotency-Key": "a"})

    answer = await caller.post(SESSIONS, other, **{"Idempotency-Key": "a"})

    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")


async def test_a_key_is_forgotten_after_a_day(caller: StripeCaller, clock: SetClock) -> None:
    first = await caller.post(SESSIONS, checkout_params(clock), **{"Idempotency-Key": "a"})
    clock.move(timedelta(days=1))

    second = await caller.post(SESSIONS, checkout_params(clock), **{"Idempotency-Key": "a"})

    assert first.json()["id"] != second.json()["id"]


async def test_what_was_refused_at_the_door_is_not_kept(caller: StripeCaller, clock: SetClock) -> None:
    wrong = checkout_params(clock) | {"mode": "setup"}
    await caller.post(SESSIONS, wrong, **{"Idempotency-Key": "a"})

    assert (
        await caller.post(SESSIONS, checkout_params(clock), **{"Idempotency-Key": "a"})
    ).status_code == 200


async def test_a_call_that_stripe_called_broken_stays_so_under_its_key(
    caller: StripeCaller, clock: SetClock
) -> None:
    caller.peer.control.misbehave("server_error_after")

    answers = [
        await caller.post(SESSIONS, checkout_params(clock), **{"Idempotency-Key": "a"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [500, 500]
    assert caller.peer.control.count("checkout.session") == 1


async def test_lists_are_read_page_by_page(caller: StripeCaller, clock: SetClock) -> None:
    made = [(await caller.checkout(clock))["id"] for _ in range(5)]

    first = (await caller.get(f"{SESSIONS}?limit=3")).json()
    second = (await caller.get(f"{SESSIONS}?limit=3&starting_after={first['data'][-1]['id']}")).json()

    assert [each["id"] for each in first["data"] + second["data"]] == made[::-1]
    assert (first["has_more"], second["has_more"]) == (True, False)


async def test_what_stands_behind_an_id_is_shown_when_asked(caller: StripeCaller, clock: SetClock) -> None:
    session = await caller.checkout(clock)
    caller.peer.control.pay(session["id"])
    path = f"{SESSIONS}/{session['id']}"

    plain = (await caller.get(path)).json()
    whole = (await caller.get(f"{path}?expand[]=payment_intent.latest_charge.balance_transaction")).json()

    assert whole["payment_intent"]["id"] == plain["payment_intent"]
    assert whole["payment_intent"]["latest_charge"]["balance_transaction"]["fee"] == 39


async def test_every_kind_of_object_can_be_read_and_listed(caller: StripeCaller, clock: SetClock) -> None:
    session = await caller.checkout(clock)
    intent = caller.peer.control.pay(session["id"])["payment_intent"]
    await caller.post("/v1/refunds", {"payment_intent": intent, "amount": "100"})
    caller.peer.control.pay_out()
    caller.peer.control.raise_dispute(intent)
    kinds = "checkout/sessions payment_intents charges refunds balance_transactions payouts events disputes"

    for kind in kinds.split():
        listed = (await caller.get(f"/v1/{kind}")).json()["data"]
        assert (await caller.get(f"/v1/{kind}/{listed[0]['id']}")).json() == listed[0]
