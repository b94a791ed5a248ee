"""At the door, a booking for several: each pass opens its own, and that of who booked it opens all."""

from uuid import UUID

import pytest

from reservations.booking.answers import Booked
from reservations.booking.tickets import number_of
from reservations.checkin.checkin import CheckedIn
from reservations.checkin.errors import AlreadyIn, NothingHere, TicketUnknown
from tests.builders import TONIGHT, Resident, Session, World
from tests.identity.person.helpers import a_child
from tests.reservations.booking.test_acting import book_for, book_together
from tests.reservations.checkin.test_checkin import at, booked
from tests.reservations.checkin.test_party import come, inside


async def a_family(world: World, session: Session) -> tuple[Resident, Resident, Resident, UUID]:
    """A mother with Lotte and Bram, and what she booked for the three of them."""
    mother = await world.resident(credit_cents=2000)
    lotte, bram = [await a_child(world, mother, credit_cents=2000) for _ in range(2)]
    booked_for = await book_together(world, mother, [lotte, bram], session, along=True)
    assert isinstance(booked_for, Booked)
    return mother, lotte, bram, booked_for.booking.id


async def test_the_pass_of_who_booked_opens_for_all_for_whom_they_did(world: World) -> None:
    session = await world.session(**TONIGHT)
    mother, _lotte, _bram, _id = await a_family(world, session)

    answer = await come(world, at(session), mother.token)

    assert isinstance(answer, CheckedIn)
    assert (answer.people, answer.party) == (3, 3)


async def test_the_pass_of_a_child_opens_their_own_ticket_and_no_other(world: World) -> None:
    session = await world.session(**TONIGHT)
    _mother, lotte, bram, _id = await a_family(world, session)

    answers = [await come(world, at(session), each.token) for each in (lotte, bram, lotte)]

    assert [getattr(each, "people", None) for each in answers[:2]] == [1, 1]
    assert isinstance(answers[2], AlreadyIn)
    assert await inside(world) == 2


async def test_a_mother_who_does_not_come_opens_with_her_pass_what_she_booked(world: World) -> None:
    session, later = await world.session(**TONIGHT), await world.session()
    mother, father = await world.resident(), await world.resident()
    lotte = await a_child(world, mother, father, credit_cents=2000)
    await book_for(world, mother, lotte, session)

    of_father = await come(world, at(session), father.token)
    of_mother = await come(world, at(session), mother.token)

    assert isinstance(of_father, NothingHere)
    assert isinstance(of_mother, CheckedIn)
    assert later.id not in {each.session_id for each in of_father.coming}


async def test_a_pass_opens_nothing_for_whom_its_holder_may_no_longer_book(world: World) -> None:
    session = await world.session(**TONIGHT)
    mother, _lotte, _bram, _id = await a_family(world, session)
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())

    answer = await come(world, at(session), mother.token)

    assert isinstance(answer, CheckedIn)
    assert answer.people == 1


@pytest.mark.parametrize("behind", [" · 0", ""])
async def test_the_number_of_a_whole_party_can_be_typed_at_its_door_alone(world: World, behind: str) -> None:
    session, other = await world.session(**TONIGHT), await world.session(**TONIGHT)
    booking_id = await booked(world, session, places=3)
    number = f"{number_of(booking_id)}{behind}"

    elsewhere = await come(world, at(other), number)
    some = await come(world, at(session), number, 2)
    rest = await come(world, at(session), number.lower())

    assert isinstance(elsewhere, TicketUnknown)
    assert [getattr(each, "people", None) for each in (some, rest)] == [2, 1]
