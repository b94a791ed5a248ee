"""What a resident has booked: the list, and the tickets."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

from reservations.booking.actor import ByHolder
from reservations.booking.answers import Booked
from reservations.booking.commands import ChosenTickets, GiveUp, PayWith
from reservations.booking.enrolled import read_opening
from reservations.booking.tickets import as_pass, coming_outings, past_outings, read_tickets
from reservations.booking.viewer import Viewer
from tests.builders import TONIGHT, Resident, Session, World
from tests.reservations.dates import booked, call_off
from tests.reservations.sessions.test_desk import text_of
from uit.core.seal import TicketSeal, open_ticket, seal_ticket


async def made(world: World, who: Resident, session: Session, places: int = 1) -> UUID:
    answer = await world.book(who, session, places)
    assert isinstance(answer, Booked)
    return answer.booking.id


async def test_what_comes_is_soonest_first_and_what_was_is_latest_first(world: World) -> None:
    anna = await world.resident(credit_cents=5000)
    late, soon, gone = [
        await made(world, anna, await world.session(starts_in=timedelta(days=days))) for days in (9, 5, 2)
    ]
    world.clock.move(timedelta(days=3))
    now, viewer = world.clock.now(), Viewer(anna.person_id, anna.membership_id)

    async with world.services.database.reading() as connection:
        coming = await coming_outings(connection, 1, viewer, now)
        past, more = await past_outings(connection, 1, viewer, now, None)

    assert [outing.booking_id for outing in coming] == [soon, late]
    assert [outing.booking_id for outing in past] == [gone]
    assert more is None


async def test_what_was_given_up_is_called_so_and_is_over_only_when_its_date_is(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.cancel(booking_id)
    await world.sign_in(anna)

    early = (await world.client.get("/dender/mijn-boekingen")).text
    world.clock.move(timedelta(days=11))
    await world.sign_in(anna)
    late = (await world.client.get("/dender/mijn-boekingen")).text

    assert "Je hebt nu niets geboekt" in early
    assert ["<h2>Geannuleerd</h2>" in page for page in (early, late)] == [True, False]
    assert ["<h2>Voorbij</h2>" in page for page in (early, late)] == [False, True]


async def test_a_booking_that_is_paid_at_the_desk_says_how_much_and_until_when_in_the_list(
    world: World,
) -> None:
    anna, session = await world.resident(credit_cents=200), await world.session(price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    command = world.command(anna, [(session, "base", 2)], pay_with=PayWith.DESK, payment_id=uuid4())
    assert isinstance(await world.services.turnstile.answer(command), Booked)
    await world.services.turnstile.answer(
        GiveUp(1, command.booking_id, ByHolder(anna.membership_id), (ChosenTickets(1, (2,)),))
    )
    await world.sign_in(anna)

    page = (await world.client.get("/dender/mijn-boekingen")).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "Betaal € 4,00 aan de kassa, voor wo 4 mrt, 10 u." in page


async def test_past_bookings_come_a_page_at_a_time(world: World) -> None:
    anna, session = await world.resident(), await world.session(seats=50, price_cents=0)
    for _ in range(23):
        await made(world, anna, session)
    world.clock.move(timedelta(days=20))
    now, viewer = world.clock.now(), Viewer(anna.person_id, anna.membership_id)

    async with world.services.database.reading() as connection:
        first, more = await past_outings(connection, 1, viewer, now, None)
        rest, end = await past_outings(connection, 1, viewer, now, more)

    assert [len(first), len(rest), end] == [20, 3, None]
    assert len({outing.booking_id for outing in first + rest}) == 23


async def test_what_a_ticket_shows_opens_as_that_ticket(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session, places=2)
    key = world.services.secrets.signing

    async with world.services.database.reading() as connection:
        found = await read_tickets(connection, 1, booking_id, 24, 0, None)
    drawn = as_pass(key, 1, booking_id, found[1])

    assert open_ticket(key, seal_ticket(key, TicketSeal(1, booking_id, 1, 2))) == TicketSeal(
        1, booking_id, 1, 2
    )
    assert drawn.qr.startswith("<svg")
    assert drawn.number.endswith("1.2")


async def test_each_ticket_says_for_whom_it_is_and_never_who_pays_less(world: World) -> None:
    anna, session = await world.resident(social_until=date(2027, 1, 1)), await world.session(price_cents=0)
    await child_tariff(world, session)
    codes = ("base", "kansentarief", "kind-3-12-jaar")
    take = world.command(anna, [(session, code, 1) for code in codes])
    await world.services.turnstile.answer(take)
    await world.sign_in(anna)

    page = (await world.client.get(f"/dender/boekingen/{take.booking_id}")).text

    assert re.findall(r"Ticket (\d) van 3</p>\s*<p>([^<]+)</p>", page) == [
        ("1", "Gewone plaats"),
        ("2", "Gewone plaats"),
        ("3", "Kind 3-12 jaar"),
    ]


async def test_a_family_ticket_says_how_many_it_lets_in_and_its_booking_how_many_places_it_has(
    world: World,
) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    await world.tariff(session, "gezin", 2400, name="Gezin", weight=4)
    answer = await world.book(anna, session, tariff="gezin")
    assert isinstance(answer, Booked)
    await world.sign_in(anna)

    page = (await world.client.get(f"/dender/boekingen/{answer.booking.id}")).text
    listed = (await world.client.get("/dender/mijn-boekingen")).text

    assert "Ticket 1 van 1" in page
    assert "Gezin · 4 personen" in page
    assert "4 plaatsen" in listed


async def child_tariff(world: World, session: Session) -> None:
    await world.execute(
        "INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, pool_ids, rank)"
        " VALUES (1, $1, 'kind-3-12-jaar', 'Kind 3-12 jaar', 0, $2, 1)",
        session.id, [session.pool_id],
    )  # fmt: skip


async def test_the_tickets_of_a_large_group_come_in_parts(world: World) -> None:
    anna, session = await world.resident(), await world.session(seats=60, price_cents=0)
    booking_id = await made(world, anna, session, places=30)
    await world.sign_in(anna)
    address = f"/dender/boekingen/{booking_id}"

    first, rest = (await world.client.get(address)).text, (await world.client.get(f"{address}?vanaf=24")).text

    assert "Ticket 24 van 30" in first
    assert "Ticket 25 van 30" not in first
    assert "Ticket 30 van 30" in rest
    for odd in (-1, 10**30):
        assert (await world.client.get(f"{address}?vanaf={odd}")).status_code == 200


async def test_of_two_dates_the_page_shows_the_ticket_of_the_one_that_stands(world: World) -> None:
    off = await world.session(price_cents=300)
    other = await world.session(price_cents=400, starts_in=timedelta(days=12))
    anna = await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, off, other)
    await call_off(world, off, reason="De zaal is beschadigd.")
    await world.sign_in(anna)

    page = (await world.client.get(f"/dender/boekingen/{booking_id}")).text

    assert page.count("QR-code van ticket") == 1
    assert "<h1>Tot za 14 mrt!</h1>" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "De zaal is beschadigd." in page
    assert "Van tickets die je niet meer hebt" in page
    assert "Je kreeg €\xa03,00 krediet terug." in page
    assert f"/dender/boekingen/{booking_id}/annuleren" in page


async def test_a_date_called_off_shows_no_ticket_also_before_the_worker_came_by(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")
    await world.sign_in(anna)

    page = (await world.client.get(f"/dender/boekingen/{booking_id}")).text

    assert "<h1>Dit gaat niet door</h1>" in page
    assert "QR-code" not in page


async def test_a_booking_for_several_has_one_code_for_all_that_counts_down(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session(**TONIGHT)
    booking_id = await made(world, anna, session, places=3)
    await world.sign_in(anna)

    before = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))
    await use_one(world)
    after = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))
    await use_one(world)
    await use_one(world)
    at_last = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))

    assert "Voor iedereen samen 3 personen Komt iemand apart?" in before
    assert "Voor iedereen samen Nog 2 van 3 personen" in after
    assert "Voor iedereen samen" not in at_last


async def use_one(world: World) -> None:
    """A ticket that is left is used."""
    await world.execute(
        "UPDATE reservations.ticket SET status = 'attended', attended_at = $1 WHERE no ="
        " (SELECT min(no) FROM reservations.ticket WHERE status = 'confirmed')",
        world.clock.now(),
    )


async def test_who_comes_alone_has_no_code_for_all(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.sign_in(anna)

    page = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))

    assert "iedereen samen" not in page


async def test_of_a_booking_for_two_sessions_each_has_a_code_and_what_is_cancelled_none(world: World) -> None:
    anna, session, later = (
        await world.resident(credit_cents=5000),
        await world.session(),
        await world.session(),
    )
    take = world.command(anna, [(session, "base", 2), (later, "base", 2)])
    await world.services.turnstile.answer(take)
    await call_off(world, later)
    await world.sign_in(anna)

    page = (await world.client.get(f"/dender/boekingen/{take.booking_id}")).text

    assert page.count('aria-label="Code voor iedereen samen"') == 1


async def test_each_ticket_of_a_booking_for_two_sessions_says_which_door_it_opens(world: World) -> None:
    late, soon = (
        await world.session(starts_in=timedelta(days=9)),
        await world.session(starts_in=timedelta(days=2)),
    )
    await world.execute("UPDATE organisers.event SET name = 'Zangavond' WHERE id = $1", late.event_id)
    anna = await world.resident(credit_cents=5000)
    made = await world.services.turnstile.answer(world.command(anna, [(late, "base", 1), (soon, "base", 1)]))
    assert isinstance(made, Booked)
    await world.sign_in(anna)

    page = (await world.client.get(f"/dender/boekingen/{made.booking.id}")).text
    tickets = [
        " ".join(each.split()) for each in re.findall(r'<section class="pass".*?</section>', page, re.DOTALL)
    ]

    assert ["Zangavond" in each and "wo 11 mrt" in each for each in tickets] == [True, False]
    assert ["De kleine prins" in each and "wo 4 mrt" in each for each in tickets] == [False, True]
    said = " ".join(page.split())
    assert said.index("De kleine prins, wo 4 mrt") < said.index(
        "Zangavond, wo 11 mrt, 10 u: annuleer voor di 10 mrt"
    )


async def test_a_page_reads_no_more_tickets_than_it_shows_and_one(world: World) -> None:
    anna, session = await world.resident(credit_cents=50_000), await world.session(seats=60)
    booking_id = await made(world, anna, session, 60)

    async with world.services.database.reading() as tx:
        pages = [await read_opening(tx, (1, booking_id), first, None, []) for first in (0, 24, 48)]

    assert [[page[0].position, len(page)] for page in pages] == [[1, 25], [25, 25], [49, 12]]


async def test_tickets_come_a_page_at_a_time(world: World) -> None:
    anna, session = await world.resident(credit_cents=50_000), await world.session(seats=48)
    own = f"/dender/boekingen/{await made(world, anna, session, 48)}"
    await world.sign_in(anna)

    first, last = [(await world.client.get(own + more)).text for more in ("", "?vanaf=24")]

    assert (first.count("?vanaf=24"), last.count("?vanaf=48")) == (1, 0)
    assert "?vanaf=0" in last
