"""Places that are set apart for a channel: it draws on them first, and what is left goes back on sale."""

from asyncio import gather
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from reservations.booking.actor import ByClient, ByStaff, MembershipProof
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, GiveUp, RequestedLine
from reservations.check import check_bookings
from reservations.errors import SoldOut
from reservations.places.apart.set_apart import NewSetApart, release, release_due, set_apart
from reservations.places.errors import SetApartAlready, TooFewToSetApart
from tests.builders import Session, World
from tests.reservations.places.test_parts import author_in, faults
from tests.reservations.sessions.test_desk import text_of
from uit.core.errors import Refusal

TOMORROW = timedelta(days=1)


async def keep(world: World, session: Session, places: int, **whom: Any) -> UUID | Refusal:
    """Places for the box office, or for another channel."""
    chosen = {"channel": "box_office", "client_id": None} | whom
    new = NewSetApart(uuid4(), places=places, release_at=world.clock.now() + TOMORROW, **chosen)
    async with world.services.database.transaction() as tx:
        refusal = await set_apart(tx, author_in(world), session.id, new)
    return refusal or new.id


async def book(  # noqa: PLR0917  who asks for what, and how
    world: World, session: Session, places: int, channel: str = "page", client: str = "", who: Any = None
) -> Any:
    holder = who or await world.resident(credit_cents=1000_00)
    by = ByClient(client, frozenset({session.organiser_id})) if client else ByStaff(uuid4())
    line = RequestedLine(session.id, "base", places, MembershipProof(holder.membership_id))
    return await world.services.turnstile.answer(Book(1, uuid4(), "ab" * 16, by, (line,), channel))


async def room(world: World, session: Session) -> tuple[int, int]:
    """What is taken of it, and held."""
    [row] = await world.rows("SELECT taken, held FROM reservations.pool WHERE id = $1", session.pool_id)
    return row["taken"], row["held"]


async def left(world: World, session: Session, channel: str, client: str | None = None) -> int:
    asked = session.id, session.pool_id, channel, client
    statement = "SELECT reservations.tickets_left(1, $1, ARRAY[$2::uuid], 1, 1, $3, $4)"
    return int(await world.value(statement, *asked))


async def test_others_get_none_of_them_and_the_channel_gets_its_own_first(world: World) -> None:
    session = await world.session(10)
    await keep(world, session, 4)

    assert await book(world, session, 7) == SoldOut(session.id, 7, 6)
    assert isinstance(await book(world, session, 3, "box_office"), Booked)

    assert await room(world, session) == (3, 1)
    assert [await left(world, session, each) for each in ("page", "box_office")] == [6, 7]
    assert await faults(world) == []


async def test_a_channel_that_sold_its_own_goes_on_with_those_of_all(world: World) -> None:
    session = await world.session(10)
    await keep(world, session, 4)

    assert isinstance(await book(world, session, 9, "box_office"), Booked)

    assert await room(world, session) == (9, 0)
    assert await book(world, session, 2) == SoldOut(session.id, 2, 1)
    assert await faults(world) == []


async def test_what_comes_back_to_a_full_room_is_for_its_channel_again(world: World) -> None:
    session = await world.session(100)
    await keep(world, session, 4)
    theirs = await book(world, session, 4, "box_office")
    assert isinstance(await book(world, session, 96), Booked)

    await world.services.turnstile.answer(GiveUp(1, theirs.booking.id, ByStaff(uuid4())))

    assert await room(world, session) == (96, 4)
    assert await book(world, session, 1) == SoldOut(session.id, 1, 0)
    assert isinstance(await book(world, session, 4, "box_office"), Booked)
    assert await faults(world) == []


async def test_those_of_a_client_are_for_no_other_client(world: World) -> None:
    session = await world.session(10)
    await keep(world, session, 10, channel="api", client_id="school")

    assert await book(world, session, 1, "api", "kassa") == SoldOut(session.id, 1, 0)
    assert isinstance(await book(world, session, 2, "api", "school"), Booked)
    assert [await left(world, session, "api", each) for each in ("kassa", "school")] == [0, 8]


async def test_when_the_moment_comes_what_is_left_goes_back_on_sale(world: World) -> None:
    session = await world.session(10)
    await keep(world, session, 4)
    sold = await book(world, session, 1, "box_office")

    before = await release_due(world.services)
    world.clock.move(TOMORROW)
    after = await release_due(world.services)

    assert (before, after, await release_due(world.services)) == (0, 1, 0)
    assert await room(world, session) == (1, 0)
    assert await world.value("SELECT unsold FROM reservations.allotment") == 3
    await world.services.turnstile.answer(GiveUp(1, sold.booking.id, ByStaff(uuid4())))
    assert await room(world, session) == (0, 0)
    assert await faults(world) == []


async def test_no_more_is_set_apart_than_is_free_and_once_a_channel(world: World) -> None:
    session = await world.session(10)
    await book(world, session, 7)

    assert await keep(world, session, 4) == TooFewToSetApart(4, 3)
    assert isinstance(await keep(world, session, 2), UUID)
    assert await keep(world, session, 1) == SetApartAlready(session.id)


async def test_who_books_while_places_are_released_never_gets_one_too_many(
    world: World,
) -> None:
    session = await world.session(20)
    pool_id = await keep(world, session, 8)
    assert isinstance(pool_id, UUID)

    async def let_go() -> None:
        async with world.services.database.transaction() as tx:
            await release(tx, author_in(world), session.id, pool_id)

    people = [await world.resident(credit_cents=1000_00) for _ in range(16)]
    channels = ["page", "box_office"] * 8
    await gather(
        *(book(world, session, 2, *asks) for asks in zip(channels, [""] * 16, people, strict=True)), let_go()
    )

    taken, held = await room(world, session)
    assert (taken, held) == (20, 0)
    assert await world.value("SELECT sum(weight) FROM reservations.ticket") == 20
    async with world.services.database.reading() as connection:
        assert await check_bookings(connection) == []


async def test_a_desk_keeps_places_apart_once_and_lets_them_go(world: World) -> None:
    session = await world.session(10)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    address = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/apart"
    typed = {"form_id": str(uuid4()), "whom": "box_office", "places": "4", "until": "2026-03-09"}

    for _ in range(2):
        await world.post_form(address, **typed)
    shown = text_of(await world.client.get(address))
    await world.post_form(f"{address}/{typed['form_id']}/vrijgeven")

    assert "Jullie kassa Verkocht 0 / 4" in shown
    assert "4 plaatsen waren niet verkocht" in text_of(await world.client.get(address))
    assert await world.value("SELECT count(*) FROM reservations.allotment") == 1
    again = await world.post_form(address, **typed | {"places": "0", "until": "2026-01-01"})
    assert again.status_code == 422
