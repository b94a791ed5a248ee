"""The check against Stripe's document finds what it is there for."""

import json
from typing import Any

import pytest

from tests.stripe_document import stripe_document
from uit.embedded.stripe_peer.peer import Exchange
from uit.embedded.stripe_peer.server import Request, Response

REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 100,
    "created": 1,
    "currency": "eur",
    "charge": "ch_1",
    "status": "succeeded",
}


def problems(
    answer: dict[str, Any],
    body: str = "payment_intent=pi_1&amount=100",
    path: str = "/v1/refunds",
    query: str = "",
    method: str = "POST",
) -> list[str]:
    request = Request(method, path, query, {}, body.encode())
    return stripe_document().problems_of(Exchange(request, Response(200, json.dumps(answer).encode())))


def test_what_the_document_knows_is_no_problem() -> None:
    assert problems(REFUND, "payment_intent=pi_1&amount=100&metadata[refund_id]=1&expand[0]=charge") == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("colour=red", "colour"),
        ("amount=many", "amount"),
        ("reason=because", "because"),
        ("metadata[a][b]=1", "metadata.a"),
    ],
)
def test_a_parameter_that_it_does_not_know_is_named(body: str, name: str) -> None:
    found = problems(REFUND, body)

    assert len(found) == 1
    assert found[0].startswith("request POST /v1/refunds")
    assert name in found[0]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"colour": "red"}, "colour"),
        ({"amount": "100"}, "amount"),
        ({"amount": None}, "amount"),
        ({"charge": {"id": "ch_1", "object": "charge"}}, "charge"),
        ({"charge": 1}, "charge"),
    ],
)
def test_a_field_that_it_does_not_know_is_named(change: dict[str, Any], name: str) -> None:
    found = problems(REFUND | change)

    assert found
    assert found[0].startswith("answer 200 POST /v1/refunds")
    assert name in found[0]


def test_a_field_that_is_missing_is_named() -> None:
    assert "currency" in problems({key: value for key, value in REFUND.items() if key != "currency"})[0]


def test_a_field_deep_inside_is_named() -> None:
    charge = {"id": "txn_1", "object": "balance_transaction", "colour": "red"}

    found = problems(REFUND | {"balance_transaction": charge})

    assert any("balance_transaction" in each and "colour" in each for each in found)


def test_a_query_is_looked_at_as_well() -> None:
    none: dict[str, Any] = {"object": "list", "data": [], "has_more": False, "url": "/v1/refunds"}

    assert problems(none, "", "/v1/refunds", "limit=3&created[gte]=1", "GET") == []
    assert "colour" in problems(none, "", "/v1/refunds", "colour=red", "GET")[0]


def test_a_path_that_it_does_not_know_is_named() -> None:
    assert problems(REFUND, path="/v1/refundz") == ["POST /v1/refundz: no such path"]


def test_the_object_of_an_event_is_looked_at() -> None:
    event = {
        "id": "evt_1",
        "object": "event",
        "created": 1,
        "livemode": False,
        "pending_webhooks": 0,
        "type": "charge.refund.updated",
        "data": {"object": REFUND | {"colour": "red"}},
    }

    assert "colour" in stripe_document().problems_of_event(event)[0]
