"""Text messages go to a gateway that speaks the OneAPI of the GSMA: a real server answers here."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from uit.embedded.stripe_peer.server import Request, Response, serving
from uit.services.text_message import TextAway, Texter, TextMessage, TextRefused

MESSAGE = TextMessage(UUID(int=7), "+32470123456", "Geboekt: De\nkleine prins")


@asynccontextmanager
async def gateway(
    *statuses: int, sender: str = "+32480000000"
) -> AsyncIterator[tuple[Texter, Sequence[Request]]]:
    asked: list[Request] = []

    async def answer(request: Request) -> Response:
        asked.append(request)
        return Response(statuses[len(asked) - 1])

    async with serving(answer, "127.0.0.1", 0) as port:
        texter = Texter(f"http://uit:ge%40heim@127.0.0.1:{port}/smsmessaging/v1/", sender)
        yield texter, asked
        await texter.close()


async def test_a_message_is_sent_as_the_gateway_wants_it_under_its_own_id() -> None:
    async with gateway(201) as (texter, asked):
        assert await texter.send(MESSAGE) is None

    [request] = asked
    assert (request.method, request.path) == (
        "POST",
        "/smsmessaging/v1/outbound/tel:+32480000000/requests",
    )
    assert request.headers["authorization"] == "Basic dWl0OmdlQGhlaW0="
    assert json.loads(request.body) == {
        "outboundSMSMessageRequest": {
            "address": ["tel:+32470123456"],
            "senderAddress": "tel:+32480000000",
            "outboundSMSTextMessage": {"message": "Geboekt: De kleine prins"},
            "clientCorrelator": "00000000-0000-0000-0000-000000000007",
        }
    }


async def test_a_sender_may_be_a_name() -> None:
    async with gateway(201, sender="uit Dender") as (texter, asked):
        assert await texter.send(MESSAGE) is None

    assert asked[0].path.endswith("/outbound/uit Dender/requests")


@pytest.mark.parametrize(
    ("status", "answer"),
    [(400, TextRefused), (422, TextRefused), (401, TextAway), (429, TextAway), (503, TextAway)],
)
async def test_what_is_of_one_message_is_refused_and_all_else_is_tried_again(
    status: int, answer: type[TextAway | TextRefused]
) -> None:
    async with gateway(status) as (texter, _):
        assert isinstance(await texter.send(MESSAGE), answer)


async def test_a_gateway_that_does_not_answer_is_left_alone_for_a_while() -> None:
    away = Texter("http://127.0.0.1:9", "uit")

    answers = [await away.send(MESSAGE) for _ in range(2)]

    assert all(isinstance(each, TextAway) for each in answers)
    await away.close()
