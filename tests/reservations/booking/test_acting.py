"""Booking for another: with the price and the purse of who comes, by what was given, under the locks."""

import asyncio
from uuid import uuid4

from reservations.booking.actor import ByHolder, ByRepresentative, MembershipProof
from reservations.booking.answers import Answer, Booked, Ended
from reservations.booking.commands import Book, ChosenTickets, GiveUp, PayWith, RequestedLine, bound_to
from reservations.booking.contact import read_recipients
from reservations.errors import BookingUnknown, MayNotAct
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child, entrust
from uit.core.errors import Busy, DatabaseAway
from uit.identity.person.representation import revoke


async def book_for(
    world: World, who: Resident, whom: Resident, session: Session, *, holder: Resident | None = None
) -> Answer | Busy | DatabaseAway:
    """Somebody books one place for another, or for `holder` in their name."""
    proof = MembershipProof((holder or whom).membership_id)
    by = ByRepresentative(who.person_id, (whom.membership_id,))
    lines = (RequestedLine(session.id, "base", 1, proof),)
    return await world.services.turnstile.answer(
        Book(1, uuid4(), bound_to("test"), by, lines, "page", pay_with=PayWith.CREDIT)
    )


async def give_up(world: World, booked: Answer, by: ByRepresentative | ByHolder) -> Answer:
    assert isinstance(booked, Booked)
    answer = await world.services.turnstile.answer(GiveUp(1, booked.booking.id, by))
    assert not isinstance(answer, Busy | DatabaseAway)
    return answer


def acts_for(who: Resident, whom: Resident) -> ByRepresentative:
    return ByRepresentative(who.person_id, (whom.membership_id,))


async def test_a_childs_place_is_paid_from_the_childs_purse(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session()

    booked = await book_for(world, mother, lotte, session)

    assert isinstance(booked, Booked)
    assert booked.booking.lines[0].holder_id == lotte.membership_id
    assert booked.booking.by.representative_id == mother.person_id
    assert await world.available_cents(lotte) == 1500
    assert await world.available_cents(mother) == 5000


async def test_the_trail_says_who_did_it(world: World) -> None:
    mother = await world.resident()
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session()

    booked = await book_for(world, mother, lotte, session)

    (act,) = await world.rows("SELECT actor_kind, actor_id, act, subject_id FROM uit.audit")
    assert isinstance(booked, Booked)
    assert tuple(act) == ("person", str(mother.person_id), "booking.make_for", str(booked.booking.id))


async def test_a_stranger_and_who_may_only_see_book_nothing(world: World) -> None:
    anna, bilal, carl = [await world.resident(credit_cents=2000) for _ in range(3)]
    await entrust(world, anna, bilal, powers=("see",))
    session = await world.session()

    answers = [await book_for(world, who, anna, session) for who in (bilal, carl)]

    assert answers == [MayNotAct(), MayNotAct()]
    assert await world.places_left(session) == 10


async def test_nobody_books_for_a_third_by_what_another_gave(world: World) -> None:
    anna, bilal, carl = [await world.resident(credit_cents=2000) for _ in range(3)]
    await entrust(world, anna, bilal, powers=("book", "pay"))

    answer = await book_for(world, bilal, anna, await world.session(), holder=carl)

    assert answer == MayNotAct()


async def test_what_is_revoked_at_the_same_moment_is_revoked(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    made, session = await entrust(world, anna, bilal, powers=("book", "pay")), await world.session()

    async with world.services.database.transaction() as tx:
        await revoke(tx, made, anna.person_id, world.clock.now())
        booking = asyncio.create_task(book_for(world, bilal, anna, session))
        await asyncio.sleep(0.2)
        assert not booking.done()

    assert await booking == MayNotAct()
    assert await world.available_cents(anna) == 2000


async def test_a_limit_bounds_the_credit_of_one_booking(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    await entrust(world, anna, bilal, powers=("book", "pay"), limit_cents=499)
    dear, cheap = await world.session(price_cents=500), await world.session(price_cents=499)

    answers = [await book_for(world, bilal, anna, session) for session in (dear, cheap)]

    assert getattr(answers[0], "code", "") == "credits.not_enough"
    assert isinstance(answers[1], Booked)
    assert await world.available_cents(anna) == 1501


async def test_who_may_not_pay_books_what_is_free(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    await entrust(world, anna, bilal, powers=("book",))
    free, dear = await world.session(price_cents=0), await world.session(price_cents=500)

    answers = [await book_for(world, bilal, anna, session) for session in (free, dear)]

    assert isinstance(answers[0], Booked)
    assert not isinstance(answers[1], Booked)


async def test_each_parent_gives_up_their_own_bookings_and_the_child_both(world: World) -> None:
    mother, father = await world.resident(), await world.resident()
    lotte, session = await a_child(world, mother, father, credit_cents=2000), await world.session()
    booked = await book_for(world, mother, lotte, session)
    assert isinstance(booked, Booked)

    by_father = await give_up(world, booked, acts_for(father, lotte))
    by_mother = await give_up(world, booked, acts_for(mother, lotte))
    again = await book_for(world, father, lotte, session)
    by_lotte = await give_up(world, again, ByHolder(lotte.membership_id))

    assert by_father == BookingUnknown(booked.booking.id)
    assert isinstance(by_mother, Ended)
    assert isinstance(by_lotte, Ended)
    assert await world.available_cents(lotte) == 2000


async def test_a_parent_without_power_any_more_gives_up_nothing(world: World) -> None:
    mother = await world.resident()
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session()
    booked = await book_for(world, mother, lotte, session)
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())

    assert await give_up(world, booked, acts_for(mother, lotte)) == MayNotAct()


async def test_two_in_one_batch_are_each_looked_up(world: World) -> None:
    mother, stranger = await world.resident(), await world.resident()
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session()

    answers = await asyncio.gather(*[book_for(world, who, lotte, session) for who in (mother, stranger)])

    assert [type(each) for each in answers] == [Booked, MayNotAct]


async def book_together(
    world: World,
    who: Resident,
    whom: list[Resident],
    session: Session,
    *,
    along: bool = False,
    pay_with: PayWith = PayWith.CREDIT,
) -> Answer | Busy | DatabaseAway:
    """Somebody books a place for each of these, and `along` comes too."""
    holders = [*([who] if along else []), *whom]
    own_id = who.membership_id if along else None
    by = ByRepresentative(who.person_id, tuple(each.membership_id for each in whom), own_id)
    lines = tuple(
        RequestedLine(session.id, "base", 1, MembershipProof(each.membership_id)) for each in holders
    )
    command = Book(1, uuid4(), bound_to("test"), by, lines, "page", pay_with=pay_with)
    return await world.services.turnstile.answer(command)


async def test_each_who_comes_pays_from_their_own_purse_in_one_booking(world: World) -> None:
    mother = await world.resident(credit_cents=2000)
    lotte, bram = [await a_child(world, mother, credit_cents=cents) for cents in (2000, 700)]
    session = await world.session()

    booked = await book_together(world, mother, [lotte, bram], session, along=True)

    assert isinstance(booked, Booked)
    assert [line.credit_cents for line in booked.booking.lines] == [500, 500, 500]
    assert [await world.available_cents(each) for each in (mother, lotte, bram)] == [1500, 1500, 200]
    assert await world.places_left(session) == 7


async def test_what_one_of_them_lacks_is_one_payment_by_card(world: World) -> None:
    mother = await world.resident()
    lotte, bram = await a_child(world, mother, credit_cents=2000), await a_child(world, mother)
    session = await world.session()
    await world.seller(session.organiser_id)

    booked = await book_together(world, mother, [lotte, bram], session, pay_with=PayWith.CREDIT_THEN_CARD)

    assert isinstance(booked, Booked)
    assert booked.booking.payments[0].line_cents == (0, 500)
    assert await world.available_cents(lotte) == 1500


async def test_for_one_of_whom_one_may_not_book_nothing_is_booked(world: World) -> None:
    mother, stranger = await world.resident(), await world.resident(credit_cents=2000)
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session()

    answer = await book_together(world, mother, [lotte, stranger], session)

    assert answer == MayNotAct()
    assert await world.places_left(session) == 10
    assert await world.available_cents(lotte) == 2000


async def test_a_limit_is_of_who_is_helped_and_not_of_who_comes_along(world: World) -> None:
    bilal = await world.resident(credit_cents=2000)
    anna, carl = [await world.resident(credit_cents=2000) for _ in range(2)]
    await entrust(world, anna, bilal, powers=("book", "pay"), limit_cents=500)
    await entrust(world, carl, bilal, powers=("book", "pay"), limit_cents=499)
    session = await world.session()

    within = await book_together(world, bilal, [anna], session, along=True)
    above = await book_together(world, bilal, [anna, carl], session, along=True)

    assert isinstance(within, Booked)
    assert getattr(above, "code", "") == "credits.not_enough"


async def test_who_booked_for_several_gives_up_for_one_of_them(world: World) -> None:
    mother = await world.resident(credit_cents=2000)
    lotte, bram = [await a_child(world, mother, credit_cents=500) for _ in range(2)]
    booked = await book_together(world, mother, [lotte, bram], await world.session(), along=True)
    assert isinstance(booked, Booked)
    by = ByRepresentative(mother.person_id, (lotte.membership_id, bram.membership_id), mother.membership_id)

    answer = await world.services.turnstile.answer(GiveUp(1, booked.booking.id, by, (ChosenTickets(2),)))

    assert isinstance(answer, Ended)
    assert [await world.available_cents(each) for each in (mother, lotte, bram)] == [1500, 500, 0]


async def test_who_came_along_and_lost_the_power_over_one_gives_up_for_the_others(world: World) -> None:
    mother = await world.resident(credit_cents=500)
    lotte, bram = [await a_child(world, mother, credit_cents=500) for _ in range(2)]
    booked = await book_together(world, mother, [lotte, bram], await world.session(), along=True)
    assert isinstance(booked, Booked)
    await world.execute(
        "UPDATE identity.representation SET revoked_at = $1 WHERE person_id = $2",
        world.clock.now(),
        bram.person_id,
    )
    of_all = ByRepresentative(
        mother.person_id, (lotte.membership_id, bram.membership_id), mother.membership_id
    )
    of_lotte = ByRepresentative(mother.person_id, (lotte.membership_id,), mother.membership_id)

    refused = await give_up(world, booked, of_all)
    answer = await give_up(world, booked, of_lotte)

    assert refused == MayNotAct()
    assert isinstance(answer, Ended)
    assert [await world.available_cents(each) for each in (mother, lotte, bram)] == [500, 500, 0]


async def test_a_child_below_thirteen_is_told_by_who_booked_and_an_older_one_by_their_own_way(
    world: World,
) -> None:
    """A letter to the house where the parent reads the mail would be paper for nothing."""
    mother, session = await world.resident(), await world.session()
    lotte = await a_child(world, mother, credit_cents=2000)
    booked = await book_for(world, mother, lotte, session)
    assert isinstance(booked, Booked)
    day, asked = world.clock.now().date(), (world.services.secrets.signing, 1, booked.booking.id)

    async with world.services.database.reading() as connection:
        young = await read_recipients(connection, *asked, day)
        older = await read_recipients(connection, *asked, day.replace(year=day.year + 6))

    assert [each.person_id for each in young] == [mother.person_id]
    assert lotte.person_id in [each.person_id for each in older]
