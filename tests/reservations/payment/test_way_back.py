"""A guest comes back from the payment page: to their own booking, and nobody else does."""

from uuid import uuid4

from tests.builders import Session, World
from uit.embedded.stripe_peer.peer import StripePeer

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
