"""What the tests of changes share: a booking of a client, other content for it, and what became of it."""

from typing import Any
from uuid import UUID, uuid4

from httpx import Response

from reservations.booking.answers import Paid
from reservations.booking.commands import Expire, Pay
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_giving_up import hidden

Headers = dict[str, str]
Row = tuple[int, str, str | None]


def line(
    session: Session, places: int = 1, who: Resident | None = None, tariff: str = "base"
) -> dict[str, Any]:
    found = {"session_id": str(session.id), "tariff": tariff, "places": places}
    return {**found, "pass_token": who.token} if who else found


async def booked(world: World, headers: Headers, *lines: dict[str, Any], **more: object) -> dict[str, Any]:
    """A booking of these lines, as its document."""
    tokens = [each["pass_token"] for each in lines if "pass_token" in each]
    guest = {"guest": {"name": "An", "email": "an@example.org"}}
    who: dict[str, Any] = {"pass_token": tokens[0]} if tokens else guest
    document = {"lines": list(lines), **who, **more}
    answer = await world.client.put(f"/api/v1/bookings/{uuid4()}", json=document, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def change(
    world: World, headers: Headers, booking: dict[str, Any], *lines: dict[str, Any], **more: object
) -> Response:
    document = {"change_id": str(uuid4()), "lines": list(lines), **more}
    return await world.client.post(
        f"/api/v1/bookings/{booking['booking_id']}/changes", json=document, headers=headers
    )


async def changed(
    world: World, headers: Headers, booking: dict[str, Any], *lines: dict[str, Any], **more: object
) -> dict[str, Any]:
    answer = await change(world, headers, booking, *lines, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def read(world: World, headers: Headers, booking: dict[str, Any]) -> dict[str, Any]:
    return dict((await world.client.get(f"/api/v1/bookings/{booking['booking_id']}", headers=headers)).json())


def tickets(booking: dict[str, Any]) -> list[tuple[int, int, str, str | None]]:
    """The line, number, status and end of each ticket."""
    return [
        (of["no"], ticket["no"], ticket["status"], ticket["end"])
        for of in booking["lines"]
        for ticket in of["tickets"]
    ]


async def pay(world: World, booking: dict[str, Any], payment: dict[str, Any]) -> Paid:
    """As the worker does when the provider confirms that it was paid."""
    ids = UUID(booking["booking_id"]), UUID(payment["id"])
    answer = await world.services.turnstile.answer(Pay(1, *ids, payment["amount_cents"], f"pi_{ids[1]}"))
    assert isinstance(answer, Paid), answer
    return answer


async def lapse(world: World, booking: dict[str, Any]) -> None:
    """As the worker does once what is held was held for long enough."""
    await world.services.turnstile.answer(Expire(1, UUID(booking["booking_id"])))


def refused(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def pressed(page: str) -> dict[str, str]:
    """What the form of a till sends, with the button by which the difference changes hands."""
    return {**hidden(page[: page.index('method="get"')]), "stap": "boek"}
