"""Taking money at a till for a booking that waits for it."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

from credits.check import check_ledger
from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from reservations.booking.expiry import expire_due
from reservations.booking.facts import TicketStatus
from reservations.booking.tickets import number_of
from reservations.check import check_bookings
from tests.builders import World
from tests.reservations.box_office.tills import address, at_the_till, paying, stored, waiting
from tests.test_access import AALST
from uit.core.seal import TicketSeal, seal_ticket


async def test_what_credit_does_not_pay_is_taken_in_cash_against_a_receipt(world: World) -> None:
    session, anna = await world.session(price_cents=503), await world.resident(credit_cents=300)
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)

    number = {"nummer": number_of(booking.id)}
    looked = await world.post_form(address(drawer, "boeking"), **number)
    found = await world.client.get(looked.headers["location"])
    answer = await world.post_form(address(drawer, "boeking", booking.id), **paying(203))

    assert "2,03" in found.text
    assert "2,05" in found.text
    assert (await stored(world, booking)).status is TicketStatus.CONFIRMED
    receipt = (await world.client.get(answer.headers["location"])).text
    assert "3,00" in receipt
    assert "2,05" in receipt
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
        assert await check_bookings(connection) == []


async def test_part_goes_on_the_terminal_and_the_rest_in_the_drawer(world: World) -> None:
    session, anna = await world.session(price_cents=1000), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)

    form = paying(1000, "both", terminal="7,50", slip="AUT 0042")
    await world.post_form(address(drawer, "boeking", booking.id), **form)

    tenders = "SELECT array_agg(means::text || amount_cents ORDER BY amount_cents) FROM credits.tender"
    assert await world.value(tenders) == ["cash250", "terminal750"]


async def test_a_form_that_is_sent_twice_takes_the_money_once(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking, form = await waiting(world, anna, session), paying(500)

    first = await world.post_form(address(drawer, "boeking", booking.id), **form)
    again = await world.post_form(address(drawer, "boeking", booking.id), **form)

    assert first.headers["location"] == again.headers["location"]
    assert await world.value("SELECT count(*) FROM credits.receipt") == 1


async def test_two_tills_that_take_for_one_booking_take_once(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)

    page = address(drawer, "boeking", booking.id)
    answers = await gather(*(world.post_form(page, **paying(500)) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert await world.value("SELECT count(*) FROM credits.receipt") == 1


async def test_another_sum_than_the_page_showed_is_not_taken(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)

    answer = await world.post_form(address(drawer, "boeking", booking.id), **paying(1000))

    assert answer.status_code == 409
    assert "5,00" in answer.text
    assert (await stored(world, booking)).status is TicketStatus.HELD


async def test_a_booking_that_somebody_began_to_pay_by_card_is_taken_over(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session, way=PayWith.CARD)

    await world.post_form(address(drawer, "boeking", booking.id), **paying(500))

    after = await stored(world, booking)
    assert after.status is TicketStatus.CONFIRMED
    assert {each.means: each.status for each in after.payments} == {"card": "expired", "desk": "paid"}
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'payment.stopped'") == 1


async def test_what_lapsed_cannot_be_paid_any_more(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session, desk_hours=1)
    booking = await waiting(world, anna, session)
    world.clock.move(timedelta(minutes=61))
    await expire_due(world.services)

    answer = await world.post_form(address(drawer, "boeking", booking.id), **paying(500))

    assert answer.status_code == 409
    assert await world.value("SELECT count(*) FROM credits.receipt") == 0


async def test_a_booking_of_another_organiser_is_not_there(world: World) -> None:
    theirs, anna = await world.session(price_cents=500), await world.resident()
    await world.seller(theirs.organiser_id, desk_hours=48)
    booking = await waiting(world, anna, theirs)
    drawer = await at_the_till(world, await world.session())

    found = await world.post_form(address(drawer, "boeking"), nummer=number_of(booking.id))
    answer = await world.post_form(address(drawer, "boeking", booking.id), **paying(500))

    assert (found.status_code, answer.status_code) == (404, 409)


async def test_the_code_of_a_ticket_that_is_scanned_stands_in_no_address(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)
    code = seal_ticket(world.services.secrets.signing, TicketSeal(1, booking.id, 1, 1))

    page = (await world.client.get(address(drawer).rstrip("/"))).text
    answers = [
        await world.post_form(address(drawer, place), nummer=code) for place in ("boeking", "terugnemen")
    ]

    assert [each.headers["location"] for each in answers] == [
        address(drawer, place, booking.id) for place in ("boeking", "terugnemen")
    ]
    assert 'method="get"' not in page


async def test_a_number_that_nobody_has_is_asked_again(world: World) -> None:
    drawer = await at_the_till(world, await world.session())

    for typed in ("", "zo maar iets", "1234-ABCD", str(uuid4())):
        page = await world.post_form(address(drawer, "boeking"), nummer=typed)
        assert page.status_code == 404
        assert "Nummer van de boeking" in page.text


async def test_what_goes_back_of_a_note_is_said_before_the_money_is_taken(world: World) -> None:
    session = await world.session(price_cents=503)
    drawer = await at_the_till(world, session)
    booking = await waiting(world, await world.resident(credit_cents=300), session)
    page, form = address(drawer, "boeking", booking.id), paying(203, given="10")

    said = await world.post_form(page, **form)
    assert (await stored(world, booking)).status is TicketStatus.HELD
    taken = await world.post_form(page, **form | {"change": "795"})

    assert said.status_code == 200
    assert "Geef € 7,95 terug" in said.text.replace("\N{NO-BREAK SPACE}", " ")
    assert 'name="change" value="795"' in said.text
    assert taken.status_code == 303
    assert (await stored(world, booking)).status is TicketStatus.CONFIRMED


async def test_too_little_and_what_is_no_amount_are_said_at_their_field(world: World) -> None:
    session = await world.session(price_cents=503)
    drawer = await at_the_till(world, session)
    booking = await waiting(world, await world.resident(), session)
    page = address(drawer, "boeking", booking.id)

    little = await world.post_form(page, **paying(503, given="4"))
    none = await world.post_form(page, **paying(503, given="een briefje"))

    assert (little.status_code, none.status_code) == (422, 422)
    assert "Dat is € 1,05 te weinig." in little.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "een briefje" in none.text
    assert (await stored(world, booking)).status is TicketStatus.HELD


async def test_of_the_part_in_cash_alone_change_is_given(world: World) -> None:
    session = await world.session(price_cents=1000)
    drawer = await at_the_till(world, session)
    booking = await waiting(world, await world.resident(), session)
    page, slip = address(drawer, "boeking", booking.id), {"slip": "AUT 1", "given": "5"}

    both = await world.post_form(page, **paying(1000, "both", terminal="7,50", **slip))
    by_card = await world.post_form(page, **paying(1000, "terminal", **slip))

    assert "Geef € 2,50 terug" in both.text.replace("\N{NO-BREAK SPACE}", " ")
    assert by_card.status_code == 303


async def test_of_a_booking_that_was_paid_the_till_says_so(world: World) -> None:
    session = await world.session(price_cents=500)
    bilal = await world.resident(credit_cents=500)
    drawer = await at_the_till(world, session)
    in_cash, by_credit = await waiting(world, await world.resident(), session), uuid4()
    await world.post_form(address(drawer, "boeking", in_cash.id), **paying(500))
    await world.book(bilal, session, booking_id=by_credit)

    for booking_id in (in_cash.id, by_credit):
        answer = await world.post_form(address(drawer, "boeking"), nummer=number_of(booking_id))
        assert answer.status_code == 409
        assert "Deze boeking is al betaald" in answer.text
        assert number_of(booking_id) in answer.text
        assert address(drawer, "terugnemen", booking_id) in answer.text


async def test_what_is_free_or_lapsed_is_not_called_paid(world: World) -> None:
    session, free = await world.session(price_cents=500), uuid4()
    drawer = await at_the_till(world, session, desk_hours=1)
    gratis = await world.session(price_cents=0, organiser_id=session.organiser_id)
    await world.book(await world.resident(), gratis, booking_id=free)
    lapsed = await waiting(world, await world.resident(), session)
    world.clock.move(timedelta(minutes=61))
    await expire_due(world.services)

    for booking_id in (free, lapsed.id):
        answer = await world.post_form(address(drawer, "boeking"), nummer=number_of(booking_id))
        assert answer.status_code == 409
        assert "Hier is niets te betalen" in answer.text


async def test_a_paid_booking_of_another_organiser_stays_unknown(world: World) -> None:
    theirs, booking_id = await world.session(price_cents=500), uuid4()
    await world.book(await world.resident(credit_cents=500), theirs, booking_id=booking_id)
    drawer = await at_the_till(world, await world.session())
    code = seal_ticket(world.services.secrets.signing, TicketSeal(1, booking_id, 1, 1))

    for typed in (number_of(booking_id), f"{number_of(booking_id)} · 1.1", code):
        answer = await world.post_form(address(drawer, "boeking"), nummer=typed)
        assert answer.status_code == 404
        assert "Dit nummer vinden we niet" in answer.text


async def test_a_card_is_not_taken_without_the_reference_of_its_slip(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)

    unread = (
        paying(500, "terminal"),
        paying(500, "both", terminal="5", slip="AUT 1"),
        paying(500, "cheque", terminal="7", slip="AUT 1"),
    )
    for form in unread:
        answer = await world.post_form(address(drawer, "boeking", booking.id), **form)
        assert answer.status_code == 422
    assert (await stored(world, booking)).status is TicketStatus.HELD


async def test_a_mother_pays_the_rest_in_cash_at_the_counter_of_her_town(world: World) -> None:
    session, mother = await world.session(price_cents=500), await world.resident(credit_cents=200)
    drawer = await at_the_till(world, session)
    await world.municipality(AALST)
    await world.execute("UPDATE credits.till SET counter_refnis = $1", AALST)
    clerk_id = await world.sign_in_staff("clerk", refnis=AALST)
    await world.execute("UPDATE credits.till_session SET opened_by = $1", clerk_id)
    booking = await waiting(world, mother, session)
    theirs = await waiting(
        world, mother, await world.session(price_cents=300, organiser_id=await sells(world))
    )

    looked = await world.post_form(address(drawer, "boeking"), nummer=number_of(booking.id))
    answer = await world.post_form(address(drawer, "boeking", booking.id), **paying(300))
    other = await world.post_form(address(drawer, "boeking"), nummer=number_of(theirs.id))

    assert looked.status_code == 303
    assert "3,00" in (await world.client.get(answer.headers["location"])).text
    assert (await stored(world, booking)).status is TicketStatus.CONFIRMED
    assert other.status_code == 404


async def sells(world: World) -> UUID:
    """Another organiser that takes money at a desk."""
    organiser_id = await world.organiser()
    await world.seller(organiser_id, desk_hours=48)
    return organiser_id


async def test_what_credit_pays_at_another_organiser_is_confirmed_and_not_shown_at_this_till(
    world: World,
) -> None:
    theirs, own = await world.session(price_cents=300), await world.session(price_cents=500)
    await world.execute(
        "UPDATE organisers.event SET name = 'Ergens anders' WHERE id = "
        "(SELECT event_id FROM reservations.session WHERE id = $1)",
        theirs.id,
    )
    drawer, anna = await at_the_till(world, own), await world.resident(credit_cents=400)
    command = world.command(
        anna, [(theirs, "base", 1), (own, "base", 1)], pay_with=PayWith.DESK, payment_id=uuid4()
    )
    booked = await world.services.turnstile.answer(command)
    assert isinstance(booked, Booked)

    page = address(drawer, "boeking", booked.booking.id)
    shown = await world.client.get(page)
    answer = await world.post_form(page, **paying(400))
    receipt = await world.client.get(answer.headers["location"])

    assert "4,00" in shown.text
    assert "Ergens anders" not in shown.text + receipt.text
    assert (await stored(world, booked.booking)).status is TicketStatus.CONFIRMED
    assert await world.value("SELECT total_cents FROM credits.receipt") == 500
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
        assert await check_bookings(connection) == []
