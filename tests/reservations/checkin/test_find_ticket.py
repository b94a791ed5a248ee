"""Which ticket is meant by what is scanned or typed."""

from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from reservations.checkin.checkin import Scope
from reservations.checkin.errors import TicketUnknown
from reservations.checkin.find_ticket import find_ticket
from tests.builders import TONIGHT, World
from tests.reservations.checkin.test_checkin import at, booked, show
from tests.reservations.checkin.test_undo import mistaken, undo
from uit.core.seal import TicketSeal, seal_ticket
from uit.database.foreign_id import insert_foreign_ids


class NamedTicket(Struct, frozen=True):
    """Another system's name for a ticket: `owner` is its booking, `barcode` what a visitor shows."""

    foreign_id: str
    owner: UUID
    line_no: int
    ticket_no: int
    barcode: str | None = None


async def typed(
    world: World, text: str, scope: Scope, checkin_id: UUID | None = None
) -> TicketSeal | TicketUnknown:
    async with world.services.database.reading() as connection:
        return await find_ticket(
            connection, text, scope, checkin_id or uuid4(), world.services.secrets.signing
        )


async def test_the_number_under_the_code_can_be_typed_at_its_door(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id = await booked(world, session, places=2)
    tail = booking_id.hex[-8:]
    number = f"{tail[:4].upper()}-{tail[4:].upper()}"

    assert await typed(world, f" {number} · 1.2", at(session)) == TicketSeal(1, booking_id, 1, 2)
    assert await typed(world, tail, at(session)) == TicketSeal(1, booking_id, 1, 1)
    await show(world, at(session), booking_id)
    assert await typed(world, number, at(session)) == TicketSeal(1, booking_id, 1, 2)


async def test_the_number_opens_nothing_away_from_its_door(world: World) -> None:
    session, other = await world.session(**TONIGHT), await world.session()
    booking_id = await booked(world, session)
    anywhere = Scope(1, frozenset({session.organiser_id}))

    assert await typed(world, booking_id.hex[-8:], anywhere) == TicketUnknown()
    assert await typed(world, booking_id.hex[-8:], at(other)) == TicketUnknown()


async def test_the_number_opens_nothing_for_another_organiser_or_region(world: World) -> None:
    session, other = await world.session(**TONIGHT), await world.session()
    booking_id = await booked(world, session)
    others = Scope(1, frozenset({other.organiser_id}), session.id)
    elsewhere = Scope(2, frozenset({session.organiser_id}), session.id)

    assert await typed(world, booking_id.hex[-8:], others) == TicketUnknown()
    assert await typed(world, booking_id.hex[-8:], elsewhere) == TicketUnknown()


async def test_a_barcode_of_another_system_finds_its_ticket(world: World) -> None:
    session, other = await world.session(), await world.session()
    first, second = await booked(world, session, places=2), await booked(world, other)
    await bring_in(world, "oud", NamedTicket("A-1", first, 1, 1, "5412345678908"))
    await bring_in(world, "oud", NamedTicket("A-2", first, 1, 2, "5412345678915"))
    await bring_in(world, "oud", NamedTicket("B-1", second, 1, 1, "5412345678922"))

    assert await typed(world, " 5412345678915 ", at(session)) == TicketSeal(1, first, 1, 2)
    assert await typed(world, "5412345678922", at(other)) == TicketSeal(1, second, 1, 1)
    assert await typed(world, "5412345678922", Scope(1, frozenset({other.organiser_id}))) == TicketSeal(
        1, second, 1, 1
    )


async def test_a_barcode_finds_nothing_of_another_door_organiser_or_region(world: World) -> None:
    session = await world.session()
    sister, other = await world.session(organiser_id=session.organiser_id), await world.session()
    booking_id = await booked(world, session)
    await bring_in(world, "oud", NamedTicket("A-1", booking_id, 1, 1, "5412345678908"))
    whole_house = Scope(1, frozenset({session.organiser_id}))
    others = Scope(1, frozenset({other.organiser_id}))
    elsewhere = Scope(2, frozenset({session.organiser_id}))

    assert await typed(world, "5412345678908", whole_house) == TicketSeal(1, booking_id, 1, 1)
    for scope in (at(sister), at(other), others, elsewhere, Scope(1, frozenset(), session.id)):
        assert await typed(world, "5412345678908", scope) == TicketUnknown()


async def test_a_barcode_that_somebody_else_gave_too_is_the_askers_own(world: World) -> None:
    session, other = await world.session(), await world.session()
    ours, theirs = await booked(world, session), await booked(world, other)
    await bring_in(world, "oud", NamedTicket("A-1", ours, 1, 1, "5412345678908"))
    await bring_in(world, "ouder", NamedTicket("A-1", theirs, 1, 1, "5412345678908"))

    assert await typed(world, "5412345678908", at(session)) == TicketSeal(1, ours, 1, 1)
    assert await typed(world, "5412345678908", at(other)) == TicketSeal(1, theirs, 1, 1)


async def test_a_barcode_that_two_systems_gave_is_unknown(world: World) -> None:
    session = await world.session()
    booking_id = await booked(world, session, places=2)
    await bring_in(world, "oud", NamedTicket("A-1", booking_id, 1, 1, "5412345678908"))
    await bring_in(world, "ouder", NamedTicket("A-1", booking_id, 1, 2, "5412345678908"))

    assert await typed(world, "5412345678908", at(session)) == TicketUnknown()


async def bring_in(world: World, source: str, *tickets: NamedTicket) -> None:
    async with world.services.database.transaction() as tx:
        await insert_foreign_ids(tx, 1, "ticket", source, msgspec.json.encode(tickets).decode())


async def test_what_is_not_a_ticket_is_unknown(world: World) -> None:
    session = await world.session(**TONIGHT)
    forged = seal_ticket(b"another key", TicketSeal(1, uuid4(), 1, 1))

    for text in ("", "T", "hallo", forged, "T" + "A" * 190, "\x00", "é" * 40, "3f2a91bc · 1.99999"):
        assert await typed(world, text, at(session)) == TicketUnknown()


async def test_a_late_repeat_by_half_a_number_means_the_ticket_that_was_taken_back(world: World) -> None:
    session = await world.session(**TONIGHT)
    booking_id, first = await mistaken(world, session, places=2)
    await undo(world, at(session), booking_id, first)
    await show(world, at(session), booking_id)

    meant = await typed(world, booking_id.hex[-8:], at(session), first)

    assert meant == TicketSeal(1, booking_id, 1, 1)
