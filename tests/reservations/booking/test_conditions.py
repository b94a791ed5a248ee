"""What an organiser asks for a price holds for every booking, however many are made at once."""

import dataclasses
from asyncio import gather
from datetime import timedelta
from uuid import uuid4

from msgspec.structs import replace

from reservations.booking.actor import ByGuest, ByStaff
from reservations.booking.answers import Answer, Booked, Ended
from reservations.booking.commands import Book, ChosenTickets, GiveUp, GuestContact, RequestedLine
from reservations.booking.condition_errors import (
    CodeAsked,
    CodeUsedUp,
    CodeWrong,
    CompanionAlone,
    MostPerHousehold,
    MostPerPerson,
)
from reservations.errors import NotForYou, TooFewPlaces
from tests.builders import Resident, Session, World
from tests.reservations.conditions import ask, live_together
from uit.core.clock import day_in_flanders
from uit.core.errors import Busy

CODE, OTHER = "ab" * 16, "cd" * 16


async def with_companion(world: World) -> tuple[Session, Resident]:
    session, anna = await world.session(price_cents=0), await world.resident()
    await world.tariff(session, "begeleider", 0, name="Begeleider van iemand met een kaart")
    await ask(world, session, "begeleider", for_companion=True)
    return session, anna


async def answer(world: World, command: Book) -> Answer | Busy:
    found = await world.services.turnstile.answer(command)
    assert not isinstance(found, Busy)
    return found


def guest_command(session: Session, email: str, code: str = "base", places: int = 1) -> Book:
    booking_id = uuid4()
    line = RequestedLine(session.id, code, places, None)
    guest = GuestContact("Lies", email)
    return Book(1, booking_id, booking_id.hex, ByGuest(str(booking_id)), (line,), "page", guest=guest)


async def test_a_companion_comes_free_beside_a_ticket_and_never_alone(world: World) -> None:
    session, anna = await with_companion(world)

    alone = await world.book(anna, session, tariff="begeleider")
    beside = await answer(world, world.command(anna, [(session, "base", 2), (session, "begeleider", 2)]))
    more = await answer(world, world.command(anna, [(session, "base", 1), (session, "begeleider", 2)]))

    assert alone == CompanionAlone(session.id, "begeleider", 1, 0)
    assert isinstance(beside, Booked)
    assert more == CompanionAlone(session.id, "begeleider", 2, 1)


async def test_a_companion_needs_no_pass(world: World) -> None:
    session, _ = await with_companion(world)
    command = guest_command(session, "lies@example.org")
    lines = (*command.lines, RequestedLine(session.id, "begeleider", 1, None))

    assert isinstance(await answer(world, replace(command, lines=lines)), Booked)


async def test_a_companion_is_not_left_alone_by_who_gives_up_their_own_ticket(world: World) -> None:
    session, anna = await with_companion(world)
    made = await answer(world, world.command(anna, [(session, "base", 1), (session, "begeleider", 1)]))
    assert isinstance(made, Booked)
    booking_id, by = made.booking.id, ByStaff(uuid4())

    alone = await world.services.turnstile.answer(GiveUp(1, booking_id, by, (ChosenTickets(1),)))
    companion = await world.services.turnstile.answer(GiveUp(1, booking_id, by, (ChosenTickets(2),)))

    assert alone == CompanionAlone(session.id, "begeleider", 1, 0)
    assert isinstance(companion, Ended)
    assert isinstance(await world.cancel(booking_id), Ended)


async def test_a_price_for_members_asks_a_pass(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await ask(world, session, "base", for_members=True)

    assert isinstance(await answer(world, guest_command(session, "lies@example.org")), NotForYou)
    assert isinstance(await world.book(anna, session), Booked)


async def test_a_lowest_number_holds_beside_what_else_is_asked(world: World) -> None:
    session, anna = await world.session(price_cents=0, seats=30), await world.resident()
    await world.tariff(session, "groep", 0, least=10)
    await ask(world, session, "groep", most_per_person=15)

    assert await world.book(anna, session, 9, "groep") == TooFewPlaces(session.id, "groep", 9, 10)
    assert isinstance(await world.book(anna, session, 10, "groep"), Booked)


async def test_one_person_has_no_more_than_the_most_over_all_bookings_at_once(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await ask(world, session, "base", most_per_person=2)

    answers = await gather(*(world.book(anna, session) for _ in range(4)))
    other = await world.book(await world.resident(), session, 2)

    assert [type(each) for each in answers].count(Booked) == 2
    assert [each for each in answers if not isinstance(each, Booked)] == [
        MostPerPerson(session.id, "base", 2)
    ] * 2
    assert isinstance(other, Booked)


async def test_who_gives_up_may_have_as_many_again(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await ask(world, session, "base", most_per_person=1)
    made = await world.book(anna, session)
    assert isinstance(made, Booked)

    ended, again = await gather(world.cancel(made.booking.id), world.book(anna, session))

    assert isinstance(ended, Ended)
    assert isinstance(again, Booked)


async def test_a_guest_is_known_by_their_address_however_it_is_written(world: World) -> None:
    session = await world.session(price_cents=0)
    await ask(world, session, "base", most_per_person=2, most_per_household=2)

    answers = [
        await answer(world, guest_command(session, email))
        for email in ("lies@example.org", "LIES@example.org", "lies@Example.org", "an@example.org")
    ]

    assert [type(each) for each in answers] == [Booked, Booked, MostPerPerson, Booked]


async def test_two_of_one_household_at_once_have_no_more_than_it_may(world: World) -> None:
    session = await world.session(price_cents=0, seats=50)
    anna, bilal = await world.resident(), await world.resident()
    await live_together(world, anna, bilal)
    await ask(world, session, "base", most_per_household=4)

    answers = await gather(*(world.book(who, session, 2) for who in (anna, bilal) for _ in range(2)))

    assert [type(each) for each in answers].count(Booked) == 2
    assert {type(each) for each in answers} == {Booked, MostPerHousehold}
    assert await world.places_left(session) == 46


async def test_a_child_of_two_households_counts_in_both(world: World) -> None:
    session = await world.session(price_cents=0)
    mother, father, child = [await world.resident() for _ in range(3)]
    await live_together(world, mother, child)
    await live_together(world, father, child)
    await ask(world, session, "base", most_per_household=2)

    answers = [await world.book(who, session) for who in (child, mother, father, mother, child)]

    assert [type(each) for each in answers] == [Booked, Booked, Booked, MostPerHousehold, MostPerHousehold]


async def test_what_a_till_sells_to_somebody_unknown_is_counted_by_the_sale(world: World) -> None:
    session = await world.session(price_cents=0)
    await ask(world, session, "base", most_per_person=2)
    commands = [replace(guest_command(session, "x"), by=ByStaff(uuid4()), guest=None) for _ in range(3)]
    lines = (replace(commands[0].lines[0], places=3),)

    assert {type(await answer(world, each)) for each in commands} == {Booked}
    assert isinstance(
        await answer(world, replace(commands[0], booking_id=uuid4(), lines=lines)), MostPerPerson
    )


async def test_a_price_with_a_code_is_for_who_gives_it(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await ask(world, session, "base", code_digest=CODE)

    def asked(code: str | None) -> Book:
        command = world.command(anna, [(session, "base", 1)])
        return replace(command, lines=(replace(command.lines[0], code_digest=code),))

    answers = [await answer(world, asked(code)) for code in (None, OTHER, CODE)]

    assert answers[:2] == [CodeAsked(session.id, "base"), CodeWrong(session.id, "base")]
    assert isinstance(answers[2], Booked)


async def test_who_sells_at_a_desk_sees_the_code_and_types_it_no_more(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await ask(world, session, "base", code_digest=CODE, code_uses=1)
    at_till = replace(guest_command(session, "x", places=2), by=ByStaff(uuid4()), guest=None)
    at_counter = replace(world.command(anna, [(session, "base", 1)]), clerk_id=uuid4())

    assert await answer(world, at_till) == CodeUsedUp(session.id, "base", 2, 1)
    assert isinstance(await answer(world, at_counter), Booked)


async def test_a_code_holds_on_its_last_day_and_not_after(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    today = day_in_flanders(world.clock.now())
    await ask(world, session, "base", code_digest=CODE, code_until=today)
    command = world.command(anna, [(session, "base", 1)])
    command = replace(command, lines=(replace(command.lines[0], code_digest=CODE),))

    first = await answer(world, command)
    world.clock.move(timedelta(days=2))
    later = await answer(world, replace(command, booking_id=uuid4()))

    assert isinstance(first, Booked)
    assert later == CodeWrong(session.id, "base")


async def test_a_code_is_good_for_so_many_tickets_over_all_dates_at_once(world: World) -> None:
    session = await world.session(price_cents=0)
    await world.more_sessions(session, 1)
    other_id = await world.value(
        "SELECT id FROM reservations.session WHERE event_id = $1 AND id <> $2", session.event_id, session.id
    )
    other = dataclasses.replace(session, id=other_id)
    await world.tariff(other, "base", 0)
    await ask(world, session, "base", code_digest=CODE, code_uses=3)

    commands = [world.command(await world.resident(), [(where, "base", 1)]) for where in (session, other) * 3]
    answers = await gather(
        *(
            answer(world, replace(each, lines=(replace(each.lines[0], code_digest=CODE),)))
            for each in commands
        )
    )

    assert [type(each) for each in answers].count(Booked) == 3
    assert {each.places_left for each in answers if isinstance(each, CodeUsedUp)} == {0}


async def test_an_application_of_before_sells_none_of_it(world: World) -> None:
    session = await world.session(price_cents=0)
    await ask(world, session, "base", most_per_person=1)

    found = await world.value(
        "SELECT reservations.facts(1, ARRAY[$1::uuid], '{}', '{}', '{}', '{}', true)", session.id
    )

    assert '"code":"base","price_cents":0,"eligibility":"anyone"' in found
    assert '"least":32767' in found
