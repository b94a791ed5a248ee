"""Who works for a partner changes what it booked: who may book for whom may change it, and nobody else."""

from typing import Any
from uuid import UUID, uuid4

from reservations.booking.actor import ByGroup, ByPartner, GroupProof, MembershipProof
from reservations.booking.answers import Booked, Changed
from reservations.booking.commands import ChangeBooking, RequestedLine
from reservations.errors import BookingUnknown, MayNotAct
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import said_yes
from tests.reservations.changes.till.test_desk import next_day
from tests.reservations.dates import faults, statuses
from tests.reservations.groups.groups import Group, a_group, a_service, booked, credit_of, years_of
from tests.reservations.groups.test_desk import at_work
from tests.reservations.served.test_desk import at_service, command, page_of, served


async def ask(world: World, own: str, **fields: object) -> Any:
    return await world.client.get(
        own, params={"stap": "bekijk", **{name: str(value) for name, value in fields.items()}}
    )


def of_group(group: Group, booking_id: UUID) -> str:
    return f"{group.own}/boekingen/{booking_id}/wijzigen"


def people(group: Group, count: int, tariff: str = "kansentarief") -> dict[str, object]:
    return {f"aantal-{tariff}.{group.id.hex}": count}


async def test_a_group_of_twenty_comes_with_seventeen_and_its_year_counts_those(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(30)
    booking_id = await booked(world, group, session, 20)
    await at_work(world, group)
    own = of_group(group, booking_id)

    shown = await ask(world, own, **people(group, 17))
    answers = [await world.post_form(own, **said_yes(shown.text)) for _ in range(2)]

    assert "Er komt € 3,00 krediet terug." in words(shown.text)
    assert {each.headers["location"] for each in answers} == {own.removesuffix("/wijzigen")}
    assert sorted(await statuses(world, booking_id)) == ["cancelled"] * 3 + ["confirmed"] * 17
    assert await years_of(world, group) == [(2026, 17, 100)]
    assert await credit_of(world, group) == 2000 - 1700
    assert await faults(world) == []


async def test_more_people_come_as_far_as_the_year_and_the_purse_reach(world: World) -> None:
    group, session = await a_group(world, tickets=30, credit_cents=2800), await world.session(60)
    booking_id = await booked(world, group, session, 20)
    await at_work(world, group)
    own = of_group(group, booking_id)

    too_many = await ask(world, own, **people(group, 31))
    too_dear = await ask(world, own, **people(group, 29))
    await world.post_form(own, **said_yes((await ask(world, own, **people(group, 28))).text))

    assert "De groep heeft voor 2026 nog 10 tickets. Je vroeg er 11." in words(too_many.text)
    assert (too_many.status_code, too_dear.status_code) == (409, 409)
    assert await statuses(world, booking_id) == ["confirmed"] * 28
    assert await years_of(world, group) == [(2026, 28, 30)]
    assert await credit_of(world, group) == 0
    assert await faults(world) == []


async def test_a_whole_group_goes_to_another_date_and_counts_once(world: World) -> None:
    group, session = await a_group(world, tickets=20, credit_cents=2000), await world.session(20)
    other = await next_day(world, session, 500)
    booking_id = await booked(world, group, session, 8)
    await at_work(world, group)
    own = of_group(group, booking_id)

    shown = await ask(world, own, naar=other.id, **people(group, 8))
    await world.post_form(own, **said_yes(shown.text))

    assert sorted(await statuses(world, booking_id)) == ["cancelled"] * 8 + ["confirmed"] * 8
    assert await years_of(world, group) == [(2026, 8, 20)]
    assert await world.places_left(session) == 20
    assert await faults(world) == []


async def test_a_booking_of_another_group_or_partner_is_not_there(world: World) -> None:
    group, other, session = await a_group(world), await a_group(world), await world.session(20, 0)
    booking_id = await booked(world, group, session, 2)
    await at_work(world, other)

    for own in (of_group(other, booking_id), of_group(group, booking_id)):
        assert (await world.client.get(own)).status_code in {403, 404}
        assert (await world.post_form(own)).status_code in {403, 404}


async def test_who_may_book_for_a_group_may_change_it_and_no_other_group_may(world: World) -> None:
    group, other, session = await a_group(world), await a_group(world), await world.session(20, 0)
    booking_id = await booked(world, group, session, 2)

    def wanted(by: Group, holder: Group) -> ChangeBooking:
        line = RequestedLine(session.id, "kansentarief", 3, GroupProof(holder.id))
        return ChangeBooking(1, booking_id, uuid4(), "ab", ByGroup(by.id, uuid4()), (line,))

    refused = await world.services.turnstile.answer(wanted(other, other))
    done = await world.services.turnstile.answer(wanted(group, group))

    assert refused == BookingUnknown(booking_id)
    assert isinstance(done, Changed)
    assert len(await statuses(world, booking_id)) == 3


async def made_by_a_service(world: World) -> tuple[UUID, Resident, Session, ByPartner, UUID]:
    service, anna, session = await a_service(world), await world.resident(2000), await world.session()
    by = ByPartner(await served(world, service, anna), service, anna.membership_id, uuid4())
    answer = await world.services.turnstile.answer(command(by, session, anna))
    assert isinstance(answer, Booked)
    return service, anna, session, by, answer.booking.id


async def test_a_service_changes_what_it_booked_for_somebody_with_their_credit(world: World) -> None:
    service, anna, _, _, booking_id = await made_by_a_service(world)
    await at_service(world, service)
    own = f"{page_of(service, anna)}/boekingen/{booking_id}/wijzigen"

    shown = await ask(world, own, **{f"aantal-base.{anna.membership_id.hex}": 3})
    await world.post_form(own, **said_yes(shown.text))

    assert await statuses(world, booking_id) == ["confirmed"] * 3
    assert await world.available_cents(anna) == 500
    acts = await world.rows("SELECT act FROM uit.audit WHERE act = 'booking.change_for'")
    assert len(acts) == 1
    assert await faults(world) == []


async def test_a_service_changes_nothing_that_somebody_booked_themselves(world: World) -> None:
    service, anna, session, _, _ = await made_by_a_service(world)
    mine = await world.book(anna, session)
    assert isinstance(mine, Booked)
    await at_service(world, service)

    answer = await world.client.get(f"{page_of(service, anna)}/boekingen/{mine.booking.id}/wijzigen")

    assert answer.status_code == 404


async def test_a_service_that_stopped_helping_changes_nothing_more(world: World) -> None:
    service, anna, session, by, booking_id = await made_by_a_service(world)
    await at_service(world, service)
    await world.post_form(f"{page_of(service, anna)}/stoppen")
    line = RequestedLine(session.id, "base", 2, MembershipProof(anna.membership_id))

    answer = await world.services.turnstile.answer(ChangeBooking(1, booking_id, uuid4(), "ab", by, (line,)))

    assert answer == MayNotAct()
    assert await statuses(world, booking_id) == ["confirmed"]
