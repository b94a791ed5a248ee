"""How often a guest may book: by network address, mailbox and date, but not at a public computer."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from litestar import Request
from msgspec.structs import replace

from reservations.booking.services import BookingServices
from reservations.guest.limit import (
    BOOKINGS_PER_ADDRESS,
    BOOKINGS_PER_ADDRESS_AND_SESSION,
    BOOKINGS_PER_MAILBOX,
    BOOKINGS_PER_MAILBOX_AND_SESSION,
    guest_limit,
)
from tests.builders import World
from uit.core.errors import TooOften
from uit.identity.authentication import AnyRequest

LIBRARY, HOME = "192.0.2.7", "198.51.100.1"


def request_from(world: World, address: str) -> AnyRequest:
    """A request of a browser with the cookies of the world, from this network address."""
    cookies = "; ".join(f"{name}={value}" for name, value in world.client.cookies.items())
    scope: Any = {
        "type": "http", "method": "POST", "path": "/", "query_string": b"", "client": (address, 1),
        "headers": [(b"cookie", cookies.encode())], "litestar_app": world.app, "app": world.app,
    }  # fmt: skip
    return Request(scope)


async def tries(
    world: World,
    times: int,
    *,
    address: str = "",
    email: str = "",
    session_id: UUID | None = None,
    services: BookingServices | None = None,
) -> list[bool]:
    """Whether each of so many bookings is refused; what is not given is another each time."""
    found = []
    for number in range(times):
        place = address or f"203.0.113.{number}"
        mailbox, session = email or f"{uuid4()}@example.org", session_id or uuid4()
        answer = await guest_limit(services or world.services, request_from(world, place), mailbox, session)
        found.append(isinstance(answer, TooOften))
    return found


async def test_one_address_one_mailbox_and_one_date_each_have_their_limit(world: World) -> None:
    session_id = uuid4()
    for limit, who in (
        (BOOKINGS_PER_ADDRESS, {"address": HOME}),
        (BOOKINGS_PER_MAILBOX, {"email": "huis@example.org"}),
        (BOOKINGS_PER_ADDRESS_AND_SESSION, {"address": "198.51.100.2", "session_id": session_id}),
        (BOOKINGS_PER_MAILBOX_AND_SESSION, {"email": "ander@example.org", "session_id": session_id}),
    ):
        refused = await tries(world, limit.times + 1, **who)

        assert refused == [False] * limit.times + [True], limit.name


async def test_forty_people_of_one_mailbox_book_in_one_afternoon(world: World) -> None:
    assert not any(await tries(world, 40, email="opvang@example.org", session_id=uuid4()))


async def test_a_mailbox_is_the_same_however_it_is_written(world: World) -> None:
    await tries(world, BOOKINGS_PER_MAILBOX.times, email="lotte@example.org")

    assert await tries(world, 1, email=" Lotte@Example.org ") == [True]


async def test_who_waits_may_book_again(world: World) -> None:
    await tries(world, BOOKINGS_PER_ADDRESS.times + 1, address=HOME)
    answer = await guest_limit(world.services, request_from(world, HOME), "a@example.org", uuid4())
    assert isinstance(answer, TooOften)

    world.clock.move(timedelta(seconds=answer.retry_after_seconds))

    assert await tries(world, 1, address=HOME) == [False]


async def test_a_public_computer_and_a_device_of_staff_are_not_limited(world: World) -> None:
    settings = replace(world.services.settings, public_computers="192.0.2.0/24, 2001:db8::/32")
    services = BookingServices(**{**vars(world.services), "settings": settings})
    many = BOOKINGS_PER_ADDRESS.times + 5

    assert not any(await tries(world, many, address=LIBRARY, services=services))
    assert any(await tries(world, many, address=HOME, services=services))
    await world.sign_in_staff("clerk")
    assert not any(await tries(world, many, address=HOME, services=services))


async def test_a_resident_who_is_signed_in_is_limited_as_anybody(world: World) -> None:
    await world.sign_in(await world.resident())

    assert any(await tries(world, BOOKINGS_PER_ADDRESS.times + 1, address=HOME))
