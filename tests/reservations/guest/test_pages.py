"""The link of a guest opens one booking: its tickets and the way out. Nobody else learns its address."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from reservations.booking.actor import ByClient
from reservations.booking.answers import Booked, Paid
from reservations.booking.commands import Pay
from reservations.booking.expiry import expire_due
from reservations.checkin.checkin import CheckedIn
from tests.builders import TONIGHT, World
from tests.reservations.booking.test_giving_up import boxes, hidden, words
from tests.reservations.dates import faults, show, statuses, tickets
from tests.reservations.guest.guests import as_guest, guest_books, guest_pays, link_of, takes_money


async def test_a_guest_sees_the_tickets_that_open_the_door(world: World) -> None:
    session = await world.session(price_cents=0, **TONIGHT)
    booking_id = await guest_books(world, session, places=2)

    page = await world.client.get(link_of(world, booking_id))
    await show(world, session, booking_id)

    assert page.status_code == 200
    assert page.text.count("QR-code van ticket") == 2
    assert "Met dit adres open je je boeking opnieuw, zonder account." in words(page.text)
    assert "Prijs gratis" in words(page.text)
    assert await statuses(world, booking_id) == ["attended", "confirmed"]


async def test_a_price_for_an_age_says_on_the_ticket_and_at_the_door_what_to_show(world: World) -> None:
    session = await world.session(price_cents=0, **TONIGHT)
    await world.tariff(session, "kind", 0, name="Kind", age_to=11)
    booking_id = await guest_books(world, session, tariff="kind")
    child = await world.resident(born_on=date(2020, 1, 1))
    by_pass = await world.book(child, session, tariff="kind")
    assert isinstance(by_pass, Booked)

    page = await world.client.get(link_of(world, booking_id))
    of_guest = await show(world, session, booking_id)
    of_child = await show(world, session, by_pass.booking.id)

    assert "Kind · toon je leeftijd" in words(page.text)
    assert isinstance(of_guest, CheckedIn)
    assert isinstance(of_child, CheckedIn)
    assert [of_guest.labels, of_child.labels] == [["Kind · toon je leeftijd"], ["Kind"]]


async def test_a_guest_gives_one_of_two_seats_back_and_then_the_other(world: World) -> None:
    session = await world.session(price_cents=0)
    booking_id = await guest_books(world, session, places=2)
    link = link_of(world, booking_id)

    asked = (await world.client.get(f"{link}/annuleren")).text
    done = await world.post_form(f"{link}/annuleren", **{"ticket-1.2": "true"}, **hidden(asked))

    assert boxes(asked) == {"ticket-1.1": False, "ticket-1.2": False}
    assert (done.status_code, done.headers["location"]) == (303, f"{link}?gedaan=teruggegeven")
    assert await statuses(world, booking_id) == ["confirmed", "cancelled"]
    rest = (await world.client.get(f"{link}/annuleren")).text
    await world.post_form(f"{link}/annuleren", **hidden(rest))
    assert await statuses(world, booking_id) == ["cancelled"] * 2
    assert (await world.places_left(session), await faults(world)) == (10, [])


async def test_a_guest_gives_back_what_a_client_booked_for_them(world: World) -> None:
    """Their mail says that they can, and the shop that booked need not be asked."""
    session = await world.session(price_cents=0)
    by = ByClient("kassa", frozenset({session.organiser_id}))
    booking_id = await guest_books(world, session, by=by)
    link = link_of(world, booking_id)

    asked = (await world.client.get(f"{link}/annuleren")).text
    done = await world.post_form(f"{link}/annuleren", **hidden(asked))

    assert done.status_code == 303
    assert await statuses(world, booking_id) == ["cancelled"]


async def test_a_form_of_a_guest_without_a_choice_is_asked_again(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0), places=2)

    again = await world.post_form(f"{link_of(world, booking_id)}/annuleren")

    assert again.status_code == 422
    assert "Kies minstens één ticket." in words(again.text)
    assert await statuses(world, booking_id) == ["confirmed"] * 2


async def test_a_guest_who_is_too_late_is_refused_in_words(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    world.clock.move(timedelta(days=9, hours=1))

    refused = await world.post_form(f"{link_of(world, booking_id)}/annuleren", **{"ticket-1.1": "true"})

    assert refused.status_code == 409
    assert await statuses(world, booking_id) == ["confirmed"]


async def test_a_link_opens_one_booking_and_no_other_page(world: World) -> None:
    session = await world.session(price_cents=0)
    first, second = await guest_books(world, session), await guest_books(world, session)
    await world.client.get(link_of(world, first))

    for address in (f"/dender/boekingen/{first}", f"/dender/boekingen/{second}", "/dender/mijn-boekingen"):
        assert (await world.client.get(address)).status_code == 303
    page = (await world.client.get(link_of(world, second))).text
    assert str(first)[-4:].upper() not in page


@pytest.mark.parametrize("spoil", ["letter", "region", "version", "nothing", "pass"])
async def test_a_link_that_is_not_whole_or_of_elsewhere_or_older_opens_nothing(
    world: World, spoil: str
) -> None:
    anna, session = await world.resident(), await world.session(price_cents=0)
    booking_id = await guest_books(world, session)
    links = {
        "letter": link_of(world, booking_id)[:-1],
        "region": link_of(world, booking_id).replace("dender", "kust"),
        "version": link_of(world, booking_id, version=2),
        "nothing": link_of(world, uuid4()),
        "pass": f"/dender/gast/{anna.token}",
    }

    for address in (links[spoil], f"{links[spoil]}/annuleren"):
        answer = await world.client.get(address)
        assert answer.status_code == 404
        assert "Deze link werkt niet" in words(answer.text)
    sent = await world.post_form(f"{links[spoil]}/annuleren", **{"ticket-1.1": "true"})
    assert (sent.status_code, await statuses(world, booking_id)) == (404, ["confirmed"])


async def test_a_newer_version_ends_older_links(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    await world.execute("UPDATE reservations.contact SET link_version = 2")

    assert (await world.client.get(link_of(world, booking_id))).status_code == 404
    assert (await world.client.get(link_of(world, booking_id, version=2))).status_code == 200


async def test_no_page_of_a_link_tells_its_address_or_is_kept(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    link = link_of(world, booking_id)
    stale = await world.client.post(f"{link}/annuleren", data={})
    given = await world.post_form(f"{link}/annuleren", **{"ticket-1.1": "true"})

    for answer in (await world.client.get(link), await world.client.get(f"{link}x"), stale, given):
        assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cache-control"] == "no-store"
    assert (stale.status_code, given.status_code) == (403, 303)


@pytest.mark.own_database
async def test_what_goes_wrong_under_a_link_is_logged_by_its_route_and_never_by_its_address(
    world: World,
) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    link = link_of(world, booking_id)
    await world.execute("ALTER TABLE reservations.contact RENAME COLUMN proven_at TO elsewhere")

    with capture_logs(processors=[format_exc_info]) as logs:
        broken = await world.client.get(link)

    said = repr(logs)
    assert broken.status_code == 500
    assert "/{region}/gast/{token}" in said
    assert link.rpartition("/")[2] not in said
    assert broken.headers["referrer-policy"] == "no-referrer"


async def proven_at(world: World, booking_id: UUID) -> object:
    return await world.value("SELECT proven_at FROM reservations.contact WHERE booking_id = $1", booking_id)


async def test_the_link_of_a_mail_proves_the_address_once_and_that_of_the_browser_does_not(
    world: World,
) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    await world.client.get(link_of(world, booking_id))
    assert await proven_at(world, booking_id) is None

    first = world.clock.now()
    await world.client.get(link_of(world, booking_id, mailed=True))
    world.clock.move(timedelta(hours=1))
    await world.client.get(link_of(world, booking_id, mailed=True))

    assert await proven_at(world, booking_id) == first


async def test_a_resident_who_is_signed_in_opens_the_link_as_the_guest(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    await world.sign_in(await world.resident())

    page = await world.client.get(link_of(world, booking_id))

    assert page.status_code == 200
    assert "Mijn boekingen" in page.text
    assert (await world.client.get(f"/dender/boekingen/{booking_id}")).status_code == 404


# Where money was paid


async def paid_by_guest(world: World, places: int = 2, **ways: int) -> tuple[UUID, str]:
    """A guest paid 5 euro for each place by card; the booking and its link."""
    session = await world.session(price_cents=500)
    await takes_money(world, session, **ways)
    command = await guest_pays(world, session, places=places)
    assert command.payment_id is not None
    pay = Pay(1, command.booking_id, command.payment_id, 500 * places, "py_1")
    assert isinstance(await world.services.turnstile.answer(pay), Paid)
    world.clock.move(timedelta(minutes=1))
    return command.booking_id, link_of(world, command.booking_id)


async def test_what_was_paid_by_card_is_said_to_come_back_to_the_card(world: World) -> None:
    booking_id, link = await paid_by_guest(world)

    asked = words((await world.client.get(f"{link}/annuleren")).text)
    await world.post_form(f"{link}/annuleren", **{"ticket-1.2": "true"})
    page = words((await world.client.get(link)).text)

    assert "Ticket 2 · € 5,00 terug" in asked
    assert "Voor alle tickets samen is dat € 10,00. Dat duurt enkele dagen." in asked
    assert "Betaald met Bancontact of kaart € 10,00" in page
    assert (
        "Je krijgt € 5,00 terug op de rekening of kaart waarmee je betaalde. Dat duurt enkele dagen." in page
    )
    assert "krediet" not in page
    assert [each[4] for each in await tickets(world, booking_id)] == [0, 500]


async def test_what_an_organiser_keeps_is_said_before_one_cancels(world: World) -> None:
    booking_id, link = await paid_by_guest(world, cancel_fee_cents=150)

    asked = words((await world.client.get(f"{link}/annuleren")).text)
    await world.post_form(f"{link}/annuleren", **{"ticket-1.2": "true"})

    assert "Ticket 2 · € 3,50 terug" in asked
    assert "Voor alle tickets samen is dat € 3,00." in asked
    assert [each[4] for each in await tickets(world, booking_id)] == [0, 350]


async def test_what_an_organiser_kept_is_said_with_what_came_back(world: World) -> None:
    _, link = await paid_by_guest(world, cancel_fee_cents=150)
    kept = "De organisator houdt € %s van wat je betaalde."

    before = words((await world.client.get(link)).text)
    await world.post_form(f"{link}/annuleren", **{"ticket-1.2": "true"})
    part = words((await world.client.get(link)).text)
    await world.post_form(f"{link}/annuleren", **{"ticket-1.1": "true"})
    whole = words((await world.client.get(link)).text)

    assert kept % "3,00" not in before
    assert (
        f"Je krijgt € 3,50 terug op de rekening of kaart waarmee je betaalde. Dat duurt enkele dagen. {kept}"
        % "1,50"
        in part
    )
    assert (
        f"Je krijgt € 7,00 terug op de rekening of kaart waarmee je betaalde. Dat duurt enkele dagen. {kept}"
        % "3,00"
        in whole
    )


async def test_an_organiser_that_keeps_all_of_it_says_so_where_nothing_comes_back(world: World) -> None:
    _, link = await paid_by_guest(world, cancel_fee_cents=600)
    await world.post_form(f"{link}/annuleren", **{"ticket-1.2": "true"})

    page = words((await world.client.get(link)).text)

    assert "De organisator houdt € 5,00 van wat je betaalde." in page


async def test_of_a_booking_that_waits_for_a_card_only_all_can_be_given_up(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    command = await guest_pays(world, session, places=2)
    link = f"{link_of(world, command.booking_id)}/annuleren"

    asked = (await world.client.get(link)).text
    part = await world.post_form(link, **{"ticket-1.2": "true"})
    whole = await world.post_form(link, **hidden(asked), welke="alle")

    assert boxes(asked) == {}
    assert "Zolang je nog moet betalen, kan je alleen alles samen annuleren." in words(asked)
    assert (part.status_code, whole.status_code) == (409, 303)
    assert await statuses(world, command.booking_id) == ["cancelled"] * 2


async def test_while_a_card_is_awaited_no_mail_is_promised_before_it_is_paid(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    command = await guest_pays(world, session)

    page = words((await world.client.get(link_of(world, command.booking_id))).text)

    assert "Als je betaald hebt, krijg je het ook in een mail." in page
    assert "Je krijgt het ook in een mail." not in page


async def test_a_booking_that_was_not_paid_in_time_says_why_and_leads_back(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    command = await guest_pays(world, session)
    await world.execute("UPDATE credits.payment SET opened_at = made_at")
    world.clock.move(timedelta(hours=1))
    await expire_due(world.services)

    page = (await world.client.get(link_of(world, command.booking_id))).text

    assert await statuses(world, command.booking_id) == ["lapsed"]
    assert "Je betaalde niet op tijd. Daarom zijn je plaatsen weer vrij. Er is geen geld betaald" in words(
        page
    )
    assert f"?sessie={session.id}" in page
    assert "in een mail" not in page


async def test_an_organiser_that_keeps_a_fee_promises_nobody_that_cancelling_is_free(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session, cancel_fee_cents=200)

    book = words((await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}")).text)
    event = words((await world.client.get(f"/dender/evenementen/{session.event_id}")).text)

    for page in (book, event):
        assert "De organisator houdt dan per ticket hoogstens € 2,00 van wat je betaalde." in page
        assert "Gratis annuleren" not in page


async def test_a_guest_takes_longer_to_pay_once(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    command = await guest_pays(world, session)
    await world.execute("UPDATE credits.payment SET opened_at = made_at")
    link = link_of(world, command.booking_id)
    held = await world.value("SELECT held_until FROM reservations.booking")

    answers = [await world.post_form(f"{link}/langer") for _ in range(2)]

    told = {(each.status_code, each.headers["location"]) for each in answers}
    assert told == {(303, f"{link}?gedaan=langer")}
    assert await world.value("SELECT held_until FROM reservations.booking") == held + timedelta(minutes=14)
    assert (await world.post_form(f"{link}x/langer")).status_code == 404


async def test_a_booking_is_repeated_with_the_same_contact(world: World) -> None:
    command = as_guest(await world.session(price_cents=0))
    for _ in range(2):
        await world.services.turnstile.answer(command)

    assert await world.value("SELECT count(*) FROM reservations.contact") == 1
