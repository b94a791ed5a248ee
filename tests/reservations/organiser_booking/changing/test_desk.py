"""An organiser gives a booking another date or fewer places, and nobody pays more by it."""

from typing import Any
from uuid import UUID

import pytest

from tests.builders import Session, World
from tests.reservations.booking.test_giving_up import hidden
from tests.reservations.booking_list.evening import booked_by
from tests.reservations.choosing.dates import A_WEEK, booked_two, two_dates
from tests.reservations.conditions import ask
from tests.reservations.dates import call_off, deliver, faults, plain, statuses
from tests.reservations.groups.groups import a_group, a_partner, booked, credit_of, years_of
from tests.reservations.groups.test_telling import told, worker_of
from tests.reservations.guest.guests import guest_books
from tests.reservations.sessions.test_desk import page_of, text_of


async def at_the_desk(world: World, session: Session, booking_id: UUID) -> str:
    """The address of the page that changes it, for its organiser."""
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return f"{page_of(session)}/boekingen/{booking_id}/wijzigen"


async def change(world: World, address: str, **typed: object) -> tuple[str, list[Any]]:
    """What the page shows before, and what it answers to saying yes twice."""
    asked = {name.replace("_", "-"): str(value) for name, value in typed.items()}
    shown = await world.client.get(address, params={"stap": "bekijk", **asked})
    form = hidden(shown.text[: shown.text.index('method="get"')])
    return text_of(shown), [await world.post_form(address, **form) for _ in range(2)]


async def test_a_booking_goes_to_another_date_once_and_its_holder_is_told(world: World) -> None:
    first, other = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    address = await at_the_desk(world, first, booking_id)

    shown, answers = await change(world, address, naar=other.id)

    assert "Dit wordt het 2 plaatsen, vr 13 mrt" in shown
    assert "€" not in shown
    assert [each.status_code for each in answers] == [303, 303]
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert await world.available_cents(anna) == 4000
    assert "vr 13 mrt" in plain((await deliver(world))[-1])
    acts = await world.rows("SELECT actor_kind FROM uit.audit WHERE act = 'booking.change'")
    assert [each[0] for each in acts] == ["staff"]
    assert await faults(world) == []


async def test_fewer_places_give_back_what_they_cost_and_keep_no_fee(world: World) -> None:
    first, _ = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    address = await at_the_desk(world, first, booking_id)

    await change(world, address, plaatsen_1=1)

    assert await statuses(world, booking_id) == ["confirmed", "cancelled"]
    assert await world.available_cents(anna) == 4500
    assert await faults(world) == []


async def test_tickets_for_families_are_said_in_places(world: World) -> None:
    session = await world.session(20)
    await world.tariff(session, "gezin", 0, name="Gezin", weight=4)
    address = await at_the_desk(world, session, await guest_books(world, session, tariff="gezin", places=3))

    shown, _ = await change(world, address, plaatsen_1=2)

    assert "Dit wordt het 8 plaatsen" in shown
    assert "Hoeveel tickets? nu 3 tickets voor elk 4 personen" in shown


async def test_what_would_cost_them_more_is_for_themselves_to_say(world: World) -> None:
    first, other = await two_dates(world)
    await world.execute("UPDATE reservations.tariff SET price_cents = 600 WHERE session_id = $1", other.id)
    anna, booking_id = await booked_two(world, first)
    address = await at_the_desk(world, first, booking_id)

    asked = await world.client.get(address, params={"naar": str(other.id), "stap": "bekijk"})
    forced = await world.post_form(address, naar=other.id, **{"plaatsen-1": 2})

    assert (asked.status_code, forced.status_code) == (409, 409)
    assert "Ze zouden er meer voor betalen" in text_of(asked)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]
    assert await world.available_cents(anna) == 4000


async def test_why_it_cannot_be_for_who_comes_is_not_told(world: World) -> None:
    first, other = await two_dates(world)
    _, booking_id = await booked_two(world, first)
    await world.execute("UPDATE reservations.tariff SET age_to = 5 WHERE session_id = $1", other.id)
    address = await at_the_desk(world, first, booking_id)

    asked = await world.client.get(address, params={"naar": str(other.id), "stap": "bekijk"})

    assert "Deze boeking kan hier niet zo gewijzigd worden." in text_of(asked)
    assert not {"jaar", "leeftijd", "Yasmine", "statuut"} & set(text_of(asked).split())


async def test_a_full_date_is_refused_and_the_old_places_stand(world: World) -> None:
    first, other = await two_dates(world)
    _, booking_id = await booked_two(world, first)
    for _ in range(3):
        await world.book(await world.resident(5000), other, 3)
    address = await at_the_desk(world, first, booking_id)

    asked = await world.client.get(address, params={"naar": str(other.id), "stap": "bekijk"})

    assert asked.status_code == 409
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]


async def test_a_guest_and_who_had_to_choose_are_moved_too(world: World) -> None:
    first, other = await two_dates(world, price_cents=0)
    booking_id = await guest_books(world, first, places=2)
    await call_off(world, first, choose=A_WEEK)
    address = await at_the_desk(world, first, booking_id)

    await change(world, address, naar=other.id)

    assert (await statuses(world, booking_id))[2:] == ["confirmed", "confirmed"]
    assert await faults(world) == []


@pytest.mark.parametrize(("places", "status"), [("0", 422), ("veel", 422), ("3", 422), ("2", 200)])
async def test_a_number_that_cannot_be_is_asked_again(world: World, places: str, status: int) -> None:
    first, _ = await two_dates(world)
    _, booking_id = await booked_two(world, first)
    address = await at_the_desk(world, first, booking_id)

    answer = await world.post_form(address, **{"plaatsen-1": places})

    assert answer.status_code == status
    assert f'value="{places}"' in answer.text
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]


async def test_a_booking_of_a_group_goes_to_another_date_and_its_workers_are_told(world: World) -> None:
    first, other = await two_dates(world)
    partner_id = await a_partner(world)
    worker, group = (
        await worker_of(world, partner_id),
        await a_group(world, credit_cents=2000, partner_id=partner_id),
    )
    booking_id = await booked(world, group, first, 3)
    await told(world)
    address = await at_the_desk(world, first, booking_id)

    shown, answers = await change(world, address, naar=other.id, plaatsen_1=2)
    mails = await told(world)

    assert "Dit wordt het 2 plaatsen, vr 13 mrt" in shown
    assert [each.status_code for each in answers] == [303, 303]
    assert (await statuses(world, booking_id))[3:] == ["confirmed"] * 2
    assert await credit_of(world, group) == 2000 - 2 * 100
    assert await years_of(world, group) == [(2026, 2, 100)]
    assert mails.keys() == {worker}
    assert "De organisator wijzigde deze boeking." in plain(mails[worker])
    assert "vr 13 mrt" in plain(mails[worker])
    assert await faults(world) == []


async def test_what_a_group_may_in_a_year_holds_here_too_and_is_not_told(world: World) -> None:
    first, other = await two_dates(world)
    await world.execute(
        "UPDATE reservations.session SET starts_at = uit.later(starts_at, interval '1 year'),"
        " ends_at = uit.later(ends_at, interval '1 year') WHERE id = $1",
        other.id,
    )
    group = await a_group(world, credit_cents=2000, tickets=3)
    booking_id = await booked(world, group, first, 3)
    await booked(world, group, other, 1)
    address = await at_the_desk(world, first, booking_id)

    refused = await world.client.get(address, params={"naar": str(other.id), "stap": "bekijk"})

    assert refused.status_code == 409
    assert "Deze boeking kan hier niet zo gewijzigd worden." in text_of(refused)
    assert await statuses(world, booking_id) == ["confirmed"] * 3


async def test_what_ends_of_a_group_by_the_terms_is_told_to_its_workers(world: World) -> None:
    first, _ = await two_dates(world)
    partner_id = await a_partner(world)
    worker, group = (
        await worker_of(world, partner_id),
        await a_group(world, credit_cents=2000, partner_id=partner_id),
    )
    booking_id = await booked(world, group, first, 3)
    await told(world)
    address = (await at_the_desk(world, first, booking_id)).replace("/wijzigen", "/annuleren")

    ended = await world.post_form(address, **{"ticket-1.3": "ja"})

    assert ended.status_code == 303
    assert "De organisator nam deze plaatsen terug, volgens de voorwaarden." in plain(
        (await told(world))[worker]
    )


async def test_a_booking_of_another_organiser_or_date_is_not_there(world: World) -> None:
    first, other = await two_dates(world)
    strange = await world.session()
    theirs = await booked_by(world, strange, "Anna", "Claes")
    address = await at_the_desk(world, first, theirs)

    assert (await world.client.get(address)).status_code == 404
    assert (await world.post_form(address, naar=other.id, **{"plaatsen-1": 1})).status_code == 404
    assert await statuses(world, theirs) == ["confirmed"]


async def test_each_part_of_a_booking_is_asked_by_what_the_door_says_of_it(world: World) -> None:
    session = await world.session(10, 500)
    await world.tariff(session, "begeleider", 0)
    await ask(world, session, "begeleider", for_companion=True)
    anna, booking_id = await world.resident(5000), world.services.ids.new()
    asked = [(session, "base", 2), (session, "begeleider", 1)]
    await world.services.turnstile.answer(world.command(anna, asked, booking_id))

    page = text_of(await world.client.get(await at_the_desk(world, session, booking_id)))

    assert "(1.1 tot 1.2): hoeveel?" in page
    assert "egeleider · " not in page
    assert "(2.1): hoeveel?" in page
