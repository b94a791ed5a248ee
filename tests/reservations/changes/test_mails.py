"""Who changed a booking is told what it is by now, and what came back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from reservations.booking.notifications import ENDED, OTHER
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_notifications import html_of, tell, text_of
from tests.reservations.changes.town import Headers, booked, change, changed, lapse, line, pay, read
from tests.reservations.dates import call_off


async def stage(world: World, price_cents: int = 300) -> tuple[Session, Session, Resident, Headers]:
    first = await world.session(10, 500)
    other = await world.session(
        10, price_cents, organiser_id=first.organiser_id, starts_in=timedelta(days=12)
    )
    await world.seller(first.organiser_id)
    return first, other, await world.resident(5000), await world.api_client(first.organiser_id)


async def told(world: World, booking: dict[str, Any], topic: str = OTHER) -> list[str]:
    """The subject of the last mail, and what both its parts say."""
    await tell(world, UUID(booking["booking_id"]), topic)
    mail = world.mails[-1]
    return [str(mail["Subject"]), text_of(mail), html_of(mail)]


async def test_the_mail_says_what_the_booking_is_by_now_and_what_credit_came_back(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 2, anna))
    await changed(world, headers, before, line(other, 2, anna))

    subject, *parts = await told(world, before)

    assert subject == "Gewijzigd: De kleine prins, za 14 mrt, 10 u"
    for part in parts:
        assert "Er kwam €\xa04,00 krediet terug." in part
        assert "Wat wegviel, opent geen deur meer." in part
        assert "za 14\xa0mrt" in part
        assert part.index("za 14\xa0mrt") < part.index("Valt weg") < part.index("do 12\xa0mrt")


async def test_nobody_is_told_before_a_change_is_paid_and_then_they_are(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=900)
    before = await booked(world, headers, line(first, 1), pay_with="card")
    await pay(world, before, before["payment"])
    waiting = await changed(world, headers, before, line(other, 1), pay_with="card")
    topics = "SELECT count(*)::integer FROM uit.outbox WHERE topic = 'booking.changed'"
    assert await world.value(topics) == 0

    await pay(world, waiting, waiting["pending_change"]["payment"])

    assert (await told(world, before))[0].startswith("Gewijzigd: De kleine prins")


async def told_that_the_old_tickets_stand(world: World, booking: dict[str, Any]) -> None:
    world.clock.move(timedelta(minutes=11))
    await lapse(world, booking)

    subject, *parts = await told(world, booking, ENDED)

    assert subject == "Niet gewijzigd: De kleine prins, do 12 mrt, 10 u"
    for part in parts:
        assert "Je tickets blijven geldig zoals ze waren." in part
        assert "za 14\xa0mrt" not in part


async def test_a_change_that_is_not_paid_in_time_says_that_the_old_tickets_stand(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=900)
    before = await booked(world, headers, line(first, 1), pay_with="card")
    await pay(world, before, before["payment"])
    await changed(world, headers, before, line(other, 1), pay_with="card")

    await told_that_the_old_tickets_stand(world, before)


async def test_so_it_is_of_what_credit_paid_and_what_was_put_aside_is_back(world: World) -> None:
    first, other, anna, headers = await stage(world, price_cents=9000)
    before = await booked(world, headers, line(first, 1, anna))
    await changed(world, headers, before, line(other, 1, anna), pay_with="credit_then_card")

    await told_that_the_old_tickets_stand(world, before)

    assert "Je krediet staat terug" in text_of(world.mails[-1])


async def test_a_change_that_was_refused_or_changes_nothing_tells_nobody(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 1, anna))
    await change(world, headers, before, line(other, 11, anna))
    await changed(world, headers, before, line(first, 1))

    assert await world.value("SELECT count(*)::integer FROM uit.outbox WHERE topic = 'booking.changed'") == 0
    assert await read(world, headers, before) == before


async def test_who_booked_a_date_that_is_called_off_is_shown_the_way_to_another(world: World) -> None:
    first, _, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 1, anna))
    await call_off(world, first)

    _, *parts = await told(world, before, ENDED)

    for part in parts:
        assert f"/dender/boekingen/{before['booking_id']}/wijzigen" in part
