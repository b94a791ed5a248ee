"""A guest comes back from the payment page: to their own booking, and nobody else does."""

import re
from uuid import UUID, uuid4

from reservations.booking.actor import ByHolder
from reservations.booking.commands import GiveUp
from tests.builders import Session, World
from tests.reservations.catalogue.test_event import plain
from tests.reservations.changes.test_pages import chosen, said_yes, stage
from tests.reservations.guest.guests import guest_books, guest_pays, link_of
from tests.reservations.waiting.lines import LIES, join, sold_out
from tests.reservations.waiting.test_pages import link
from uit.embedded.stripe_peer.peer import StripePeer

LAST = "SELECT {} FROM credits.payment ORDER BY made_at DESC LIMIT 1"
GUEST = {"naam": "Griet Maes", "email": "griet.maes@example.org"}


async def paid_by_a_guest(world: World, peer: StripePeer, session: Session) -> str:
    """The address to which the payment page leads back, after it was paid on."""
    form = {"plaatsen-base": "1", "stap": "boek", "gezien": "500 500 500 base:1", "betaal": "card", **GUEST}
    answer = await world.post_form(f"/dender/sessies/{session.id}/boeken/{uuid4()}", **form)
    assert answer.headers["location"].startswith(peer.url)
    peer.control.pay(await world.value("SELECT checkout_id FROM credits.payment"), "bancontact")
    return f"/dender/betalingen/{await world.value('SELECT id FROM credits.payment')}/terug"


async def a_session(world: World) -> Session:
    session = await world.session(price_cents=500)
    await world.seller(session.organiser_id, account="")
    return session


async def test_the_browser_that_booked_is_led_to_the_tickets(world: World, peer: StripePeer) -> None:
    back = await paid_by_a_guest(world, peer, await a_session(world))

    answer = await world.client.get(back, follow_redirects=True)

    assert answer.url.path.startswith("/dender/gast/")
    assert "Ticket 1 van 1" in answer.text


async def test_who_only_has_the_address_is_led_nowhere(world: World, peer: StripePeer) -> None:
    back = await paid_by_a_guest(world, peer, await a_session(world))
    world.client.cookies.clear()

    answer = await world.client.get(back)

    assert answer.status_code == 200
    assert "Kijk in je mail" in answer.text
    assert "/gast/" not in answer.text
    assert await world.value("SELECT status::text FROM reservations.ticket") == "confirmed"


async def test_the_books_keep_no_key_to_a_booking(world: World, peer: StripePeer) -> None:
    await paid_by_a_guest(world, peer, await a_session(world))

    assert await world.value("SELECT return_url FROM credits.payment") is None


async def test_another_guest_is_not_led_to_it(world: World, peer: StripePeer) -> None:
    session = await a_session(world)
    back = await paid_by_a_guest(world, peer, session)
    form = {"plaatsen-base": "1", "stap": "boek", "gezien": "500 500 500 base:1", "betaal": "card", **GUEST}
    await world.post_form(f"/dender/sessies/{session.id}/boeken/{uuid4()}", **form)

    assert "Kijk in je mail" in (await world.client.get(back)).text


async def come_back(world: World) -> str:
    """The page to which the last payment leads back, as its browser reads it."""
    made = await world.value(LAST.format("id"))
    answer = await world.client.get(f"/dender/betalingen/{made}/terug", follow_redirects=True)
    assert answer.url.path.startswith("/dender/gast/"), answer.url
    return str(answer.text)


async def pay(world: World, peer: StripePeer) -> None:
    checkout_id = await world.value(LAST.format("checkout_id"))
    peer.control.pay(checkout_id, "bancontact")


async def offered_to_lies(world: World) -> UUID:
    """A place of five euro that is offered to a guest who waits: their place in the line."""
    session, booked = await sold_out(world)
    await world.seller(session.organiser_id, account="")
    await world.execute("UPDATE reservations.tariff SET price_cents = 500 WHERE session_id = $1", session.id)
    entry_id = await join(world, LIES, session)
    holder = await world.value("SELECT holder_id FROM reservations.line WHERE booking_id = $1", booked[0])
    await world.services.turnstile.answer(GiveUp(1, booked[0], ByHolder(holder)))
    return entry_id


async def test_a_guest_who_waited_goes_on_to_pay_as_any_guest(world: World, peer: StripePeer) -> None:
    address = link(world, await offered_to_lies(world))
    page = (await world.client.get(address)).text
    fields = dict(re.findall(r'name="(gezien|betaal)" value="([^"]*)"', page))

    answer = await world.post_form(f"{address}/ja", **fields)

    assert answer.headers["location"].startswith(peer.url)
    unpaid = await come_back(world)
    assert "Je betaalde nog niets." in unpaid
    assert answer.headers["location"] in unpaid
    await pay(world, peer)
    assert "Ticket 1 van 1" in await come_back(world)


async def test_a_guest_who_pays_for_a_change_is_led_to_the_payment_and_back(
    world: World, peer: StripePeer
) -> None:
    first, other, _, _ = await stage(world)
    await world.execute("UPDATE credits.seller SET card_account = '', card_open = true")
    await world.execute("UPDATE reservations.tariff SET price_cents = 0 WHERE session_id = $1", first.id)
    own = link_of(world, await guest_books(world, first), mailed=True)
    world.client.cookies.clear()
    shown = (await world.client.get(f"{own}/wijzigen", params=chosen(first, other, base=1))).text

    answer = await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert answer.headers["location"].startswith(peer.url)
    await pay(world, peer)
    assert "Ticket 2" in await come_back(world)


async def test_a_resident_who_paid_for_a_change_is_led_to_their_booking(
    world: World, peer: StripePeer
) -> None:
    first, other, anna, booking_id = await stage(world, credit_cents=1000)
    await world.execute("UPDATE credits.seller SET card_account = '', card_open = true")
    own = f"/dender/boekingen/{booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    answer = await world.post_form(f"{own}/wijzigen", **said_yes(shown))
    assert answer.headers["location"].startswith(peer.url)
    back = f"/dender/betalingen/{await world.value(LAST.format('id'))}/terug"

    unpaid = await world.client.get(back)
    await pay(world, peer)
    paid = await world.client.get(back)

    assert [each.headers["location"].partition("?")[0] for each in (unpaid, paid)] == [own, own]


async def test_who_opens_their_booking_elsewhere_and_pays_there_is_led_back_too(
    world: World, peer: StripePeer
) -> None:
    session = await a_session(world)
    command = await guest_pays(world, session)
    page = await world.client.get(link_of(world, command.booking_id, mailed=True))

    assert "Nog te betalen: € 5,00" in plain(page.text)
    assert "Nog te betalen: € 5,00" in plain(await come_back(world))
