"""Who stayed away before is asked whether they come, and who does not answer gives their place on."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from reservations.absences.asking import TOLD, ask_who_stayed_away, give_on_unanswered
from reservations.booking.actor import ByHolder, ByRepresentative, MembershipProof
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, RequestedLine
from reservations.settlement.earning import settle_earned
from tests.builders import Resident, Session, World
from tests.reservations.dates import plain
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.waiting.test_pages import deliver

ASKED = "SELECT id FROM reservations.asked_confirmation WHERE answer IS NULL"


async def keep_rule(world: World, organiser_id: UUID, *, is_on: bool = True) -> None:
    await world.execute(
        "INSERT INTO reservations.absence_rule VALUES (1, $1, $2, 2, 4, $3, $4)",
        organiser_id, is_on, world.clock.now(), uuid4(),
    )  # fmt: skip


async def book(world: World, who: Resident, session: Session, **more: Any) -> UUID:
    line = RequestedLine(session.id, "base", 1, MembershipProof(who.membership_id))
    fields = {"by": ByHolder(who.membership_id), "channel": "page", **more}
    booking_id = uuid4()
    made = await world.services.turnstile.answer(
        Book(region_id=1, booking_id=booking_id, digest=booking_id.hex, lines=(line,), **fields)
    )
    assert isinstance(made, Booked), made
    return booking_id


async def stay_away(world: World, who: Resident, organiser_id: UUID, times: int = 1, **more: Any) -> None:
    """Book so many dates of an organiser, and come to none."""
    for _ in range(times):
        session = await world.session(
            price_cents=0, organiser_id=organiser_id, starts_in=timedelta(days=2), cancel_before=timedelta(0)
        )
        await book(world, who, session, **more)
        world.clock.move(timedelta(days=4))
        await settle_earned(world.services, world.clock.now())


async def coming(world: World, who: Resident, organiser_id: UUID, **more: Any) -> Session:
    """A date that begins in a day, for which they booked two days ago."""
    session = await world.session(price_cents=500, organiser_id=organiser_id, starts_in=timedelta(days=3))
    await book(world, who, session, **more)
    world.clock.move(timedelta(days=2, hours=1))
    return session


async def ask(world: World) -> list[UUID]:
    """Ask, and tell it; the ids of what was asked."""
    await ask_who_stayed_away(world.services)
    asked = [row[0] for row in await world.rows(ASKED)]
    for each in asked:
        for notify in TOLD.values():
            await notify(world.services, 1, each, uuid4())
    return asked


def address_in_mail(world: World) -> str:
    """The one link of the last mail."""
    link = next(word for word in plain(world.mails[-1]).split() if "/kom-je/" in word)
    return link[link.index("/dender/") :]


async def stage(world: World, times: int = 2, **more: Any) -> tuple[Resident, UUID]:
    organiser_id, anna = await world.organiser(), await world.resident(credit_cents=5000, **more)
    await keep_rule(world, organiser_id)
    await stay_away(world, anna, organiser_id, times)
    return anna, organiser_id


async def test_who_stayed_away_twice_is_asked_and_gives_their_place_on_by_silence(world: World) -> None:
    anna, organiser_id = await stage(world)
    session = await coming(world, anna, organiser_id)

    asked = await ask(world)
    early = await give_on_unanswered(world.services)
    world.clock.move(timedelta(hours=19))
    late = await give_on_unanswered(world.services)

    assert (len(asked), early, late) == (1, 0, 1)
    told = text_of(await world.client.get(address_in_mail(world)))
    assert "We hoorden niets op tijd. Je plaats ging naar iemand anders" in told
    assert await world.places_left(session) == 10
    assert await world.available_cents(anna) == 5000
    assert await give_on_unanswered(world.services) == 0


async def test_whose_place_was_given_on_is_told_why_and_not_that_its_organiser_took_it(world: World) -> None:
    anna, organiser_id = await stage(world)
    await coming(world, anna, organiser_id)
    await ask(world)
    world.clock.move(timedelta(hours=19))
    await give_on_unanswered(world.services)
    world.mails.clear()

    await deliver(world)

    told = plain(world.mails[-1])
    assert "We vroegen of je kwam. Je plaats gaat nu naar iemand anders." in told
    assert "teruggenomen" not in told


async def test_the_page_of_their_booking_asks_it_too_until_it_is_answered(world: World) -> None:
    anna, organiser_id = await stage(world)
    session = await coming(world, anna, organiser_id)
    booking_id = await world.value(
        "SELECT booking_id FROM reservations.line WHERE session_id = $1", session.id
    )
    await world.sign_in(anna)
    own = f"/dender/boekingen/{booking_id}"

    before = (await world.client.get(own)).text
    await ask(world)
    address = address_in_mail(world)
    asked = (await world.client.get(own)).text
    await world.post_form(address, kom="ja")
    after = (await world.client.get(own)).text

    assert address in asked
    assert "Zeg of je komt" in asked
    assert "/kom-je/" not in before + after


async def test_who_says_that_they_come_keeps_their_place(world: World) -> None:
    anna, organiser_id = await stage(world)
    session = await coming(world, anna, organiser_id)
    await ask(world)
    address = address_in_mail(world)

    first = await world.client.get(address)
    page = text_of(first)
    await world.post_form(address, kom="ja")
    again = text_of(await world.client.get(address))
    world.clock.move(timedelta(hours=19))

    assert first.headers["referrer-policy"] == "no-referrer"
    assert "De kleine prins" in page
    assert "We houden je plaats vrij" in again
    assert await give_on_unanswered(world.services) == 0
    assert await world.places_left(session) == 9


async def test_who_gives_their_place_on_gets_all_back(world: World) -> None:
    anna, organiser_id = await stage(world)
    session = await coming(world, anna, organiser_id)
    await ask(world)
    address = address_in_mail(world)

    await world.post_form(address, kom="nee")

    assert "Je plaats gaat naar iemand anders" in text_of(await world.client.get(address))
    assert await world.places_left(session) == 10
    assert await world.available_cents(anna) == 5000
    assert (await world.client.get(f"{address}x")).status_code == 404


async def test_a_first_absence_costs_nothing_and_neither_does_one_that_is_excused(world: World) -> None:
    anna, organiser_id = await stage(world, times=1)
    await coming(world, anna, organiser_id)
    once = await ask(world)
    world.clock.move(timedelta(days=3))
    await settle_earned(world.services, world.clock.now())
    await world.execute("UPDATE reservations.absence SET excused_at = $1", world.clock.now())
    await stay_away(world, anna, organiser_id)
    await coming(world, anna, organiser_id)

    assert (once, await ask(world)) == ([], [])


async def test_an_absence_counts_for_its_own_organiser_alone_and_for_half_a_year(world: World) -> None:
    anna, organiser_id = await stage(world)
    other_id = await world.organiser()
    await keep_rule(world, other_id)
    await coming(world, anna, other_id)
    elsewhere = await ask(world)
    world.clock.move(timedelta(days=190))
    await coming(world, anna, organiser_id)

    assert (elsewhere, await ask(world)) == ([], [])


@pytest.mark.parametrize(
    ("statement", "argument"),
    [
        ("UPDATE identity.person SET reached_by = 'letter' WHERE id = $1", "person_id"),
        ("UPDATE identity.person SET email = NULL WHERE id = $1", "person_id"),
        ("UPDATE reservations.absence_rule SET is_on = false WHERE region_id = 1 AND $1 <> ''", "email"),
    ],
)
async def test_who_gets_letters_or_cannot_be_reached_is_never_asked(
    world: World, statement: str, argument: str
) -> None:
    anna, organiser_id = await stage(world)
    session = await coming(world, anna, organiser_id)
    await world.execute(statement, getattr(anna, argument))

    assert await ask(world) == []
    world.clock.move(timedelta(hours=19))
    assert await give_on_unanswered(world.services) == 0
    assert await world.places_left(session) == 9


async def test_who_is_not_of_age_and_who_was_booked_for_are_never_counted(world: World) -> None:
    organiser_id = await world.organiser()
    await keep_rule(world, organiser_id)
    child = await world.resident(born_on=date(2012, 5, 17))
    await stay_away(world, child, organiser_id)
    grown = await world.resident()
    await stay_away(world, grown, organiser_id, channel="counter")
    mother = ByRepresentative(uuid4(), (grown.membership_id,), grown.membership_id)
    await stay_away(world, grown, organiser_id, by=mother)

    assert await world.value("SELECT count(*) FROM reservations.absence") == 0


async def test_without_a_rule_nobody_writes_down_who_stayed_away(world: World) -> None:
    organiser_id, anna = await world.organiser(), await world.resident()

    await stay_away(world, anna, organiser_id)

    assert await world.value("SELECT count(*) FROM reservations.absence") == 0
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'no_show'") == 1


async def test_a_place_is_not_given_on_where_no_message_left(world: World) -> None:
    anna, organiser_id = await stage(world)
    session = await coming(world, anna, organiser_id)
    await ask_who_stayed_away(world.services)
    world.clock.move(timedelta(hours=19))

    assert await give_on_unanswered(world.services) == 0
    assert await world.places_left(session) == 9
