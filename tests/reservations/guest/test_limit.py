"""How often a guest may book: by network address, mailbox and date, but not at a public computer."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID, uuid4

from litestar import Request

from reservations.booking.actor import ByGuest
from reservations.booking.commands import Book, GuestContact, RequestedLine
from reservations.guest.limit import (
    BOOKINGS_PER_ADDRESS,
    BOOKINGS_PER_ADDRESS_AND_SESSION,
    BOOKINGS_PER_DEVICE,
    BOOKINGS_PER_DEVICE_AND_SESSION,
    BOOKINGS_PER_MAILBOX,
    BOOKINGS_PER_MAILBOX_AND_SESSION,
    MAILBOX_AND_SESSION_SHARE,
    MAILBOX_SHARE,
    guest_limit,
)
from reservations.public_computers.public_computer import name_computer
from tests.builders import Session, World
from uit.core.errors import TooOften
from uit.identity.authentication import AnyRequest
from uit.services.audit import Author

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
) -> list[bool]:
    """Whether each of so many bookings is refused; what is not given is another each time."""
    found = []
    for number in range(times):
        place = address or f"203.0.113.{number}"
        wanted = command(email or f"{uuid4()}@example.org", session_id or uuid4())
        answer = await guest_limit(world.services, request_from(world, place), wanted)
        found.append(isinstance(answer, TooOften))
    return found


def command(email: str, session_id: UUID) -> Book:
    """One place for a guest with this mailbox."""
    booking_id = uuid4()
    return Book(
        region_id=1,
        booking_id=booking_id,
        digest="",
        by=ByGuest(str(booking_id)),
        lines=(RequestedLine(session_id, "base", 1, None),),
        channel="page",
        guest=GuestContact("Lotte", email),
    )


async def puts(
    world: World,
    headers: dict[str, str],
    session: Session,
    times: int,
    *,
    email: str = "",
    device: str | None = None,
) -> list[int]:
    """What a client is answered that books so often for guests; without `email` another each time."""
    found = []
    for _ in range(times):
        guest = {"name": "Lotte", "email": email or f"{uuid4()}@example.org"}
        line = {"session_id": str(session.id), "tariff": "base", "places": 1}
        wanted = {"guest": guest | ({"device": device} if device else {}), "lines": [line]}
        answer = await world.client.put(f"/api/v1/bookings/{uuid4()}", json=wanted, headers=headers)
        found.append(answer.status_code)
    return found


async def test_one_address_one_mailbox_and_one_date_each_have_their_limit(world: World) -> None:
    session_id = uuid4()
    for limit, who in (
        (BOOKINGS_PER_ADDRESS, {"address": HOME}),
        (BOOKINGS_PER_ADDRESS_AND_SESSION, {"address": "198.51.100.2", "session_id": session_id}),
    ):
        refused = await tries(world, limit.times + 1, **who)

        assert refused == [False] * limit.times + [True], limit.name


async def test_who_uses_up_what_a_mailbox_may_does_not_keep_its_owner_away(world: World) -> None:
    session_id = uuid4()
    for limit, share, who in (
        (BOOKINGS_PER_MAILBOX, MAILBOX_SHARE, {"email": "huis@example.org"}),
        (
            BOOKINGS_PER_MAILBOX_AND_SESSION,
            MAILBOX_AND_SESSION_SHARE,
            {"email": "ander@example.org", "session_id": session_id},
        ),
    ):
        assert not any(await tries(world, limit.times, **who))

        refused = await tries(world, share.times + 1, address=HOME, **who)

        assert refused == [False] * share.times + [True], limit.name


async def test_forty_people_of_one_mailbox_book_in_one_afternoon(world: World) -> None:
    assert not any(await tries(world, 40, email="opvang@example.org", session_id=uuid4()))


async def test_a_mailbox_is_the_same_however_it_is_written(world: World) -> None:
    await tries(world, BOOKINGS_PER_MAILBOX.times, email="lotte@example.org")

    refused = await tries(world, MAILBOX_SHARE.times + 1, address=HOME, email=" Lotte@Example.org ")
    assert refused[-1]


async def test_who_waits_may_book_again(world: World) -> None:
    await tries(world, BOOKINGS_PER_ADDRESS.times + 1, address=HOME)
    answer = await guest_limit(world.services, request_from(world, HOME), command("a@b.example", uuid4()))
    assert isinstance(answer, TooOften)

    world.clock.move(timedelta(seconds=answer.retry_after_seconds))

    assert await tries(world, 1, address=HOME) == [False]


async def named(world: World, network: str, region_id: int) -> None:
    async with world.services.database.transaction() as tx:
        author = Author(region_id, "system", "test", world.clock.now(), world.services.ids)
        await name_computer(tx, author, uuid4(), "Bib", ip_network(network))


async def test_a_public_computer_and_a_device_of_staff_are_not_limited(world: World) -> None:
    await named(world, "192.0.2.0/24", region_id=1)
    await named(world, HOME, region_id=2)
    many = BOOKINGS_PER_ADDRESS.times + 5

    assert not any(await tries(world, many, address=LIBRARY))
    assert any(await tries(world, many, address=HOME)), "that one is public in another region"
    await world.sign_in_staff("clerk")
    assert not any(await tries(world, many, address=HOME))


async def test_a_resident_who_is_signed_in_is_limited_as_anybody(world: World) -> None:
    await world.sign_in(await world.resident())

    assert any(await tries(world, BOOKINGS_PER_ADDRESS.times + 1, address=HOME))


async def test_a_device_that_a_client_names_is_limited_and_the_others_are_not(world: World) -> None:
    session = await world.session(100, price_cents=0)
    headers, times = await world.api_client(session.organiser_id), BOOKINGS_PER_DEVICE_AND_SESSION.times

    hoarding = await puts(world, headers, session, times + 1, device="gsm-1")

    assert hoarding == [*[201] * times, 429]
    assert await puts(world, headers, session, 1, device="gsm-2") == [201]
    assert await puts(world, headers, session, times + 1) == [201] * (times + 1)


async def test_a_device_is_limited_over_all_dates_and_means_nothing_to_another_client(world: World) -> None:
    sessions = [await world.session(100, price_cents=0) for _ in range(4)]
    *most, last = sessions
    headers, other = [await world.api_client(*(each.organiser_id for each in sessions)) for _ in range(2)]
    per_date = BOOKINGS_PER_DEVICE.times // len(most)

    for session in most:
        assert await puts(world, headers, session, per_date, device="gsm-1") == [201] * per_date

    assert await puts(world, headers, last, 1, device="gsm-1") == [429]
    assert await puts(world, other, last, 1, device="gsm-1") == [201]


async def test_one_mailbox_is_limited_whether_it_books_by_clients_or_on_pages(world: World) -> None:
    session = await world.session(100, price_cents=0)
    headers, email = await world.api_client(session.organiser_id), "opvang@example.org"
    times = BOOKINGS_PER_MAILBOX_AND_SESSION.times
    await tries(world, times, email=email, session_id=session.id)

    share = MAILBOX_AND_SESSION_SHARE.times
    answers = await puts(world, headers, session, share + 1, email="Opvang@Example.org")
    assert answers == [201] * share + [429]


async def test_a_repeat_of_what_is_booked_is_answered_also_above_the_limit(world: World) -> None:
    session = await world.session(100, price_cents=0)
    headers = await world.api_client(session.organiser_id)
    address, line = (
        f"/api/v1/bookings/{uuid4()}",
        {"session_id": str(session.id), "tariff": "base", "places": 1},
    )
    guest = {"name": "Lotte", "email": "lotte@example.org", "device": "gsm-1"}
    first = await world.client.put(address, json={"guest": guest, "lines": [line]}, headers=headers)
    await puts(world, headers, session, BOOKINGS_PER_DEVICE_AND_SESSION.times, device="gsm-1")

    again = await world.client.put(address, json={"guest": guest, "lines": [line]}, headers=headers)
    elsewhere = {**guest, "device": "gsm-2"}
    moved = await world.client.put(address, json={"guest": elsewhere, "lines": [line]}, headers=headers)

    assert [each.status_code for each in (first, again, moved)] == [201, 200, 200]
    assert await puts(world, headers, session, 1, device="gsm-1") == [429]


async def test_a_booking_over_a_limit_says_when_to_come_back_and_holds_nothing(world: World) -> None:
    session = await world.session(100, price_cents=0)
    headers, email = await world.api_client(session.organiser_id), "lotte@example.org"
    await tries(world, BOOKINGS_PER_MAILBOX_AND_SESSION.times, email=email, session_id=session.id)
    booked = MAILBOX_AND_SESSION_SHARE.times
    await puts(world, headers, session, booked, email=email)
    line = {"session_id": str(session.id), "tariff": "base", "places": 1}

    answer = await world.client.put(
        f"/api/v1/bookings/{uuid4()}",
        json={"guest": {"name": "Lotte", "email": email}, "lines": [line]},
        headers=headers,
    )

    assert (answer.status_code, answer.json()["code"]) == (429, "ground.too_often")
    assert int(answer.headers["retry-after"]) > 0
    assert await world.value("SELECT taken FROM reservations.pool WHERE id = $1", session.pool_id) == booked
