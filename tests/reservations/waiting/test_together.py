"""Several people with passes wait together: each at their own price and from their own credit, or none."""

from datetime import date
from uuid import UUID, uuid4

from reservations.booking.actor import ByRepresentative
from reservations.booking.answers import Accepted, Answer, Booked, InWaitingList
from reservations.booking.commands import AcceptOffer, JoinWaitingList, PayWith
from reservations.errors import MayNotAct, NotForYou
from reservations.waiting.join_form import date_field
from reservations.waiting_line.entry import WantedPlaces
from reservations.waiting_line.errors import AlreadyWaiting
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child, entrust
from tests.reservations.dates import faults
from tests.reservations.waiting.lines import Answered, join, offer_of, sold_out, state
from tests.reservations.waiting.test_pages import asking, deliver, link
from uit.identity.person.representation import revoke

SEE_OTHER, UNPROCESSABLE, FORBIDDEN = 303, 422, 403


async def a_family(world: World, credit_cents: int = 500) -> tuple[Resident, list[Resident]]:
    """A mother with two children, each with their own purse."""
    mother = await world.resident(credit_cents)
    names = ("Lotte", "Milan")
    return mother, [await a_child(world, mother, credit_cents=credit_cents, name=each) for each in names]


def asked_by(
    mother: Resident, session: Session, *children: Resident, tariff: str = "base"
) -> JoinWaitingList:
    """A place for each of them, hers first."""
    helped = tuple(each.membership_id for each in children)
    return JoinWaitingList(
        region_id=1,
        entry_id=uuid4(),
        event_id=session.event_id,
        session_ids=(session.id,),
        lines=(WantedPlaces("base", 1), *(WantedPlaces(tariff, 1, each) for each in helped)),
        membership_id=mother.membership_id,
        guest=None,
        channel="page",
        by=ByRepresentative(mother.person_id, helped, mother.membership_id),
    )


async def wait(world: World, command: JoinWaitingList) -> UUID:
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, InWaitingList), answer
    return command.entry_id


async def paid_session(world: World, seats: int = 4) -> tuple[Session, list[UUID]]:
    """A session at five euros, which strangers have; the price of children is two."""
    session = await world.session(seats=seats, price_cents=500)
    await world.tariff(session, "kind", 200, age_to=12)
    answers = [await world.book(await world.resident(500), session) for _ in range(seats)]
    return session, [each.booking.id for each in answers if isinstance(each, Booked)]


async def accept(world: World, asked: JoinWaitingList) -> Answered:
    assert isinstance(asked.by, ByRepresentative)
    wallets = tuple(each for each in (asked.membership_id, *asked.by.membership_ids) if each)
    booking_id = await offer_of(world, asked.entry_id)
    return await world.services.turnstile.answer(
        AcceptOffer(1, booking_id, asked.by, PayWith.CREDIT, uuid4(), 0, wallets)
    )


async def lines_of(world: World, entry_id: UUID) -> list[tuple[UUID, str, int]]:
    booking_id = await offer_of(world, entry_id)
    rows = await world.rows(
        "SELECT holder_id, tariff_code, price_cents FROM reservations.line WHERE booking_id = $1 ORDER BY no",
        booking_id,
    )
    return [tuple(row) for row in rows]


async def test_each_is_offered_their_own_price_and_all_of_them_or_none(world: World) -> None:
    (session, booked), (mother, children) = await paid_session(world), await a_family(world)
    entry = await wait(world, asked_by(mother, session, *children, tariff="kind"))

    for booking_id in booked[:2]:
        await world.cancel(booking_id)
    before = await state(world, entry)
    await world.cancel(booked[2])

    assert (before, await state(world, entry)) == ("waiting", "offered")
    assert await lines_of(world, entry) == [
        (mother.membership_id, "base", 500),
        *((each.membership_id, "kind", 200) for each in children),
    ]
    assert await faults(world) == []


async def test_each_pays_from_their_own_credit_when_it_is_taken(world: World) -> None:
    (session, booked), (mother, children) = await paid_session(world), await a_family(world)
    asked = asked_by(mother, session, *children, tariff="kind")
    entry = await wait(world, asked)
    for booking_id in booked:
        await world.cancel(booking_id)
    held = await world.available_cents(mother, *children)

    answer = await accept(world, asked)

    assert isinstance(answer, Accepted)
    assert held == 1500
    assert [await world.available_cents(each) for each in (mother, *children)] == [0, 300, 300]
    assert await state(world, entry) == "accepted"
    assert await faults(world) == []


async def test_who_may_not_have_a_price_by_their_age_is_refused_before_they_wait(world: World) -> None:
    (session, _), mother = await paid_session(world), await world.resident()
    big = await a_child(world, mother, born_on=date(2011, 1, 1), name="Sam")

    answer = await world.services.turnstile.answer(asked_by(mother, session, big, tariff="kind"))

    assert isinstance(answer, NotForYou), answer


async def test_who_got_the_one_social_place_meanwhile_keeps_the_family_from_theirs(world: World) -> None:
    session = await world.session(seats=2, price_cents=500)
    await world.tariff(session, "kans", 100, eligibility="social", rank=1)
    mother = await world.resident()
    lotte = await a_child(world, mother, credit_cents=100)
    await social(world, lotte)
    booked = [await world.book(await world.resident(500), session) for _ in range(2)]
    entry = await wait(world, asked_by(mother, session, lotte, tariff="kans"))
    next_in_line = await join(world, await world.resident(), session)

    await world.cancel(booking_id(booked[0]))
    await world.services.turnstile.answer(world.command(lotte, [(session, "kans", 1)]))
    await world.cancel(booking_id(booked[1]))

    assert await state(world, next_in_line) == "offered"
    assert await state(world, entry) == "waiting"


async def test_who_was_trusted_and_is_no_more_is_passed_over(world: World) -> None:
    session, booked = await sold_out(world, 2)
    anna, bilal = await world.resident(), await world.resident()
    given = await entrust(world, anna, bilal, powers=("book", "pay"))
    entry = await wait(world, asked_by(bilal, session, anna))
    behind = await join(world, await world.resident(), session, places=2)

    async with world.services.database.transaction() as tx:
        await revoke(tx, given, anna.person_id, world.clock.now())
    for booking_id in booked:
        await world.cancel(booking_id)

    assert (await state(world, entry), await state(world, behind)) == ("waiting", "offered")


async def test_nobody_waits_for_another_who_did_not_let_them(world: World) -> None:
    session, _ = await sold_out(world)
    anna, bilal = await world.resident(), await world.resident()

    assert await world.services.turnstile.answer(asked_by(bilal, session, anna)) == MayNotAct()


async def test_nobody_waits_twice_also_not_along_with_others(world: World) -> None:
    (session, _), (mother, children) = await sold_out(world), await a_family(world)
    await join(world, children[0], session)

    answer = await world.services.turnstile.answer(asked_by(mother, session, *children))

    assert answer == AlreadyWaiting()


async def test_a_family_joins_on_one_page_and_answers_by_one_link(world: World) -> None:
    (session, booked), (mother, children) = await sold_out(world), await a_family(world)
    await world.sign_in(mother)
    who = ",".join(["ik", *(str(each.membership_id) for each in children)])
    counts = {f"plaatsen-{each.membership_id.hex}.base": 1 for each in (mother, *children)}
    page = (await world.client.get(asking(session), params={"voor": who})).text

    joined = await world.post_form(
        asking(session), entry_id=uuid4(), voor=who, **counts, **{date_field(session.id): "true"}
    )
    for booking_id in booked[:3]:
        await world.cancel(booking_id)
    offer = (await world.client.get(joined.headers["location"])).text
    taken = await world.post_form(f"{joined.headers['location']}/ja", gezien=0)

    assert "Zet ons op de wachtlijst" in page
    assert all(each in offer for each in ("Yasmine", "Lotte", "Milan"))
    assert taken.status_code == SEE_OTHER
    assert (await world.client.get(taken.headers["location"])).status_code == 200
    assert await faults(world) == []


async def test_who_is_ticked_gets_fields_of_their_own(world: World) -> None:
    (session, _), (mother, children) = await sold_out(world), await a_family(world)
    await world.sign_in(mother)
    ticked = {"kiest": "ja", "komt-ik": "true", f"komt-{children[0].membership_id}": "true"}

    answer = await world.post_form(asking(session), entry_id=uuid4(), stap="wie", **ticked)
    none = await world.post_form(asking(session), entry_id=uuid4(), kiest="ja")
    page = (await world.client.get(answer.headers["location"])).text

    assert answer.status_code == SEE_OTHER
    assert f'name="plaatsen-{children[0].membership_id.hex}.base"' in page
    assert none.status_code == UNPROCESSABLE
    assert "Kies wie er komt." in none.text


async def test_whoever_asked_is_told_and_not_the_child(world: World) -> None:
    (session, booked), (mother, children) = await sold_out(world), await a_family(world)
    asked = asked_by(mother, session, *children)
    entry = await wait(world, asked)
    for booking_id in booked[:3]:
        await world.cancel(booking_id)
    await deliver(world)

    mine = [each for each in world.mails if link(world, entry) in each.as_string().replace("=\n", "")]
    to = await world.value("SELECT email FROM identity.person WHERE id = $1", mother.person_id)
    assert [str(each["to"]) for each in mine] == [to]


async def test_a_friend_who_may_not_see_outings_is_not_told_who_waits(world: World) -> None:
    session, _ = await sold_out(world)
    anna, bilal = await world.resident(), await world.resident()
    await entrust(world, anna, bilal, powers=("book", "pay"))
    await join(world, anna, session)
    await world.sign_in(bilal)
    who = f"ik,{anna.membership_id}"
    counts = {f"plaatsen-{each.membership_id.hex}.base": 1 for each in (anna, bilal)}

    answer = await world.post_form(
        asking(session), entry_id=uuid4(), voor=who, **counts, **{date_field(session.id): "true"}
    )

    assert answer.status_code == FORBIDDEN
    assert "wachtlijst staat" not in answer.text


def booking_id(answer: Answer | object) -> UUID:
    assert isinstance(answer, Booked)
    return answer.booking.id


async def social(world: World, who: Resident) -> None:
    await world.execute(
        "UPDATE passes.membership SET social_until = $2 WHERE id = $1", who.membership_id, date(2027, 4, 30)
    )
