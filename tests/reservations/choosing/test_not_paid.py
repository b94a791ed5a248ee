"""A date is another, or is off, while a booking for it waits to be paid: nothing is theirs, or comes back."""

from datetime import timedelta

import pytest

from reservations.booking.commands import PayWith
from tests.builders import World
from tests.reservations.booking.test_giving_up import hidden
from tests.reservations.choosing.dates import link_in_mail, take_all_back, two_dates, unpaid_two
from tests.reservations.dates import call_off, deliver, faults, move, plain, postpone, statuses
from tests.reservations.sessions.test_desk import text_of

UNSETTLED = "Je plaatsen zijn nog niet zeker. Rond je boeking af voor"
NOTHING_BACK = "Er is nog niets betaald, dus er komt niets terug."


@pytest.mark.parametrize("means", [PayWith.DESK, PayWith.CREDIT_THEN_CARD])
async def test_who_did_not_pay_yet_reads_so_when_the_date_is_postponed(world: World, means: PayWith) -> None:
    first, other = await two_dates(world)
    _, booking_id = await unpaid_two(world, first, means)
    world.clock.move(timedelta(minutes=1))
    await postpone(world, first)
    link = await link_in_mail(world)
    mail = plain(world.mails[-1])

    page = await world.client.get(link)
    shown = text_of(page)

    assert UNSETTLED in mail
    assert "Kom je niet? Geef je plaatsen terug. Voor een andere datum boek je opnieuw." in mail
    assert "Kies een andere datum" not in mail
    assert UNSETTLED in shown
    assert NOTHING_BACK in shown
    assert "Geef dan deze plaatsen terug en boek opnieuw." in shown
    for wrong in ("Je ticket blijft geldig", "Dit was gratis", "Kies dit", "houd je wat je had"):
        assert wrong not in shown
    assert str(other.id) not in page.text
    await take_all_back(world, link)
    assert set(await statuses(world, booking_id)) <= {"cancelled", "lapsed"}
    assert await faults(world) == []


async def test_who_did_not_pay_yet_reads_so_when_the_date_moved(world: World) -> None:
    first, _ = await two_dates(world)
    await unpaid_two(world, first, PayWith.DESK)
    world.clock.move(timedelta(minutes=1))
    await move(world, first, timedelta(hours=3))

    shown = text_of(await world.client.get(await link_in_mail(world)))

    assert UNSETTLED in shown
    assert "Eerst was het do 12 mrt" in shown
    assert "Je ticket blijft geldig" not in shown


async def test_who_never_paid_reads_of_no_money_or_old_places_after_a_call_off(world: World) -> None:
    first, other = await two_dates(world)
    who, booking_id = await unpaid_two(world, first, PayWith.DESK)
    await call_off(world, first)
    await deliver(world)
    await world.sign_in(who)

    address = f"/dender/boekingen/{booking_id}/wijzigen?sessie={first.id}&naar={other.id}&stap=bekijk"
    page = await world.client.get(address)
    shown = text_of(page)
    await world.post_form(address.partition("?")[0], **hidden(page.text[: page.text.index('method="get"')]))
    waits = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))

    assert "Je wijziging wacht op je betaling." in waits
    assert "oude tickets" not in waits
    assert "Nog te betalen: € 10,00" in shown
    assert "Je plaatsen zijn van jou zodra je betaald hebt." in shown
    assert "terug of onderweg" not in shown
    assert "oude plaatsen" not in shown
