"""At the counter: a pass is scanned, a date is found, the price is said, and the ticket is booked."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from credits.till.counter.counter import place_till
from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.credits.till.drawers import Drawer, a_drawer
from tests.identity.person.helpers import a_child, entrust
from tests.passes.counter import AALST
from tests.reservations.counter.helpers import at_the_counter, book_on, booking_of, of, order_page, scan
from tests.reservations.order.test_one_each import value_of
from tests.reservations.order.test_tariffs import fields_in
from tests.reservations.sessions.test_desk import text_of


async def acts_of(world: World) -> list[str]:
    return [each[0] for each in await world.rows("SELECT act FROM uit.audit ORDER BY at, id")]


async def test_who_showed_the_pass_is_booked_for_with_their_credit(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    staff_id = await at_the_counter(world, anna)
    page = await order_page(world, anna, session)

    answer = await book_on(world, page)

    booked = booking_of(page)
    assert answer.headers["location"] == of(anna, "boekingen", booked)
    assert await world.available_cents(anna) == 1500
    channel = await world.value("SELECT channel::text FROM reservations.booking WHERE id = $1", booked)
    assert channel == "counter"
    acts = await world.rows("SELECT actor_id FROM uit.audit WHERE act = 'booking.make_at_counter'")
    assert [each[0] for each in acts] == [str(staff_id)]


async def test_the_dates_of_a_day_show_the_price_of_who_comes(world: World) -> None:
    anna = await world.resident(social_until=date(2027, 1, 1))
    await world.session(price_cents=500, starts_in=timedelta(hours=4), cancel_before=timedelta())
    await world.session(price_cents=900)
    await at_the_counter(world, anna)

    today = text_of(await world.client.get(of(anna, "boeken")))
    later = text_of(await world.client.get(of(anna, "boeken"), params={"van": "2026-03-12"}))
    found = text_of(await world.client.get(of(anna, "boeken"), params={"waar": "kleine prins"}))

    assert "Waar gaat Yasmine naartoe?" in today
    assert "€ 1,00" in today
    assert "€ 1,80" not in today
    assert "€ 1,80" in later
    assert found.count("De kleine prins") == 2


async def test_without_a_permission_a_page_leads_to_where_it_is_asked(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session()
    await world.sign_in_staff("clerk")

    dates = await world.client.get(of(anna, "boeken"), follow_redirects=False)
    all_of_them = await world.client.get(of(anna, "boekingen"), follow_redirects=False)
    typed = {"plaatsen-base": "1", "stap": "boek", "gezien": "500 0 0 base:1"}
    sent = await world.post_form(of(anna, "boeken", session.id, uuid4()), **typed)

    assert dates.headers["location"] == of(anna, "toestemming?verder=boeken")
    assert all_of_them.headers["location"] == of(anna, "toestemming?verder=boekingen")
    asked_for = sent.headers["location"].partition("?verder=")[2].replace("%2F", "/")
    assert asked_for.startswith(f"boeken/{session.id}/")
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_permission_is_of_one_clerk_and_for_half_an_hour(world: World) -> None:
    anna = await world.resident()
    await at_the_counter(world, anna)
    first = await world.client.get(of(anna, "boeken"), follow_redirects=False)
    world.clock.move(timedelta(minutes=31))
    late = await world.client.get(of(anna, "boeken"), follow_redirects=False)
    await scan(world, anna)
    again = await world.client.get(of(anna, "boeken"), follow_redirects=False)
    await world.sign_in_staff("clerk")
    other = await world.client.get(of(anna, "boeken"), follow_redirects=False)

    assert [each.status_code for each in (first, late, again, other)] == [200, 303, 200, 303]


async def test_a_blocked_pass_and_a_typed_number_permit_nothing(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await world.execute("UPDATE passes.card SET state = 'blocked' WHERE id = $1", anna.card_id)
    await world.execute("UPDATE passes.card SET number = '0900100009001' WHERE id = $1", bilal.card_id)
    await at_the_counter(world, anna)
    await world.post_form("/dender/balie", wie="0900100009001")

    assert await world.value("SELECT count(*) FROM passes.permission") == 0


async def test_the_same_form_twice_books_once(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session)

    answers = [await book_on(world, page) for _ in range(2)]

    assert {each.headers["location"] for each in answers} == {of(anna, "boekingen", booking_of(page))}
    assert await world.available_cents(anna) == 1500


async def test_a_mother_books_for_her_child_and_not_for_another_adult(world: World) -> None:
    mother, camp = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    lotte, bilal = await a_child(world, mother, credit_cents=4000), await world.resident()
    await at_the_counter(world, mother)
    page = await order_page(world, mother, camp, voor=str(lotte.membership_id))

    answer = await book_on(world, page)
    refused = await order_page(world, mother, camp, voor=str(bilal.membership_id))

    assert "Wie komt er?" in text_of(page)
    assert answer.headers["location"] == of(mother, "boekingen", booking_of(page))
    assert await world.available_cents(lotte) == 3500
    assert await world.available_cents(mother) == 2000
    assert refused.status_code == 403
    assert {"booking.make_for", "booking.make_at_counter"} <= set(await acts_of(world))


async def test_a_place_of_a_child_that_a_mother_may_not_see_is_not_told_at_a_counter(
    world: World,
) -> None:
    mother, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    noor = await a_child(world, mother, credit_cents=4000, born_on=date(2009, 6, 1), name="Noor")
    await world.execute("UPDATE passes.membership SET social_until = '2030-01-01'")
    assert isinstance(await world.book(noor, session, tariff="kansentarief"), Booked)
    await at_the_counter(world, mother)

    page = await order_page(world, mother, session, voor=str(noor.membership_id))
    answer = await book_on(world, page)

    assert "plaats al" not in text_of(page)
    assert answer.status_code == 403
    assert "Eén plaats voor deze prijs" not in text_of(answer)


async def test_that_a_child_has_a_place_is_explained_with_the_way_to_its_booking(world: World) -> None:
    mother, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    lotte = await a_child(world, mother, credit_cents=4000)
    await world.execute("UPDATE passes.membership SET social_until = '2030-01-01'")
    assert isinstance(await world.book(lotte, session, tariff="kansentarief"), Booked)
    await at_the_counter(world, mother)

    page = await order_page(world, mother, session, voor=str(lotte.membership_id))

    said = text_of(page)
    assert "heeft hiervoor al een plaats." in said
    assert "Wijzig of annuleer dan eerst die boeking" in said
    assert f'href="{of(mother, "boekingen")}"' in page.text


async def a_family(world: World) -> tuple[Resident, Resident, Resident]:
    mother = await world.resident(credit_cents=2000, social_until=date(2027, 1, 1))
    lotte = await a_child(world, mother, credit_cents=4000)
    return mother, lotte, await a_child(world, mother, credit_cents=200, name="Noor")


def all_of(*children: Resident) -> dict[str, str]:
    """The boxes of who comes, the one of who is at the counter among them."""
    return {"kiest": "ja", "komt-ik": "true"} | {f"komt-{each.membership_id}": "true" for each in children}


async def test_a_mother_and_two_children_are_one_booking_each_at_their_own_price_and_credit(
    world: World,
) -> None:
    (mother, lotte, noor), session = await a_family(world), await world.session(price_cents=500)
    await a_clerks_till(world, mother, session)
    first = await order_page(world, mother, session)

    numbers = {name: value_of(first, name) for name in fields_in(first)}
    asked = await world.post_form(first.url.path, stap="wie", **numbers, **all_of(lotte, noor))
    page = await world.client.get(asked.headers["location"])
    answer = await book_on(world, page, way="cash", **all_of(lotte, noor))
    own = answer.headers["location"]
    printed = await world.client.get(f"{own}/afdruk/a4.pdf")

    assert "Voor Yasmine, Lotte en Noor" in text_of(page)
    assert own == of(mother, "boekingen", booking_of(page))
    lines = "SELECT holder_id, price_cents FROM reservations.line ORDER BY no"
    prices = [(mother.membership_id, 100), (lotte.membership_id, 500), (noor.membership_id, 500)]
    assert [tuple(each) for each in await world.rows(lines)] == prices
    left = [await world.available_cents(each) for each in (mother, lotte, noor)]
    assert left == [1900, 3500, 0]
    assert await world.value("SELECT array_agg(amount_cents) FROM credits.payment") == [300]
    assert b"/Type/Pages/Count 1/" in printed.content
    assert "Yasmine, Lotte en Noor" in text_of(await world.client.get(own))


async def test_a_button_never_books_for_whom_the_sum_was_not_shown(world: World) -> None:
    (mother, lotte, _noor), session = await a_family(world), await world.session(price_cents=500)
    await at_the_counter(world, mother)
    page = await order_page(world, mother, session)

    others = await book_on(world, page, **all_of(lotte))
    nobody = await book_on(world, page, kiest="ja")
    shown = await world.client.get(others.headers["location"])

    assert others.headers["location"].partition("?")[0] == page.url.path
    assert "Hoeveel plaatsen voor Lotte?" in text_of(shown)
    assert "Hoeveel plaatsen voor Noor?" not in text_of(shown)
    assert "Kies wie er komt." in text_of(nobody)
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_who_comes_is_ticked_where_a_date_is_looked_for(world: World) -> None:
    (mother, lotte, noor), session = await a_family(world), await world.session(price_cents=500)
    await at_the_counter(world, mother)
    typed = {"waar": "kleine prins"}

    page = await world.client.get(of(mother, "boeken"), params=typed | all_of(lotte, noor))
    nobody = await world.client.get(of(mother, "boeken"), params=typed | {"kiest": "ja"})
    (address,) = re.findall(rf'href="([^"]+/boeken/{session.id}/[^"]+)"', page.text)
    order = await world.client.get(address.replace("&amp;", "&"))

    assert "Waar gaan Yasmine, Lotte en Noor naartoe?" in text_of(page)
    assert "Hoeveel plaatsen voor Noor?" in text_of(order)
    assert nobody.status_code == 422
    assert "Kies wie er komt." in text_of(nobody)


async def test_who_comes_is_kept_while_a_permission_is_asked(world: World) -> None:
    mother, lotte, noor = await a_family(world)
    await world.sign_in_staff("clerk")
    who = f"ik,{lotte.membership_id},{noor.membership_id}"

    asked = await world.client.get(of(mother, "boeken"), params={"voor": who}, follow_redirects=False)
    page = await world.client.get(asked.headers["location"])
    permitted = await world.post_form(
        of(mother, "toestemming"), permission_id=uuid4(), soort="known", verder=value_of(page, "verder")
    )
    dates = await world.client.get(permitted.headers["location"])

    assert "Waar gaan Yasmine, Lotte en Noor naartoe?" in text_of(dates)


async def a_clerks_till(world: World, who: Resident, session: Session) -> Drawer:
    """The clerk who has this member in front works at a till of the organiser, at a counter."""
    await world.municipality(AALST)
    await world.seller(session.organiser_id, desk_hours=48)
    staff_id = await at_the_counter(world, who)
    drawer = await a_drawer(world, seller_id=session.organiser_id, staff_id=staff_id)
    await drawer.run(lambda tx, worker: place_till(tx, worker, drawer.till_id, AALST))
    return drawer


async def test_what_credit_does_not_pay_is_taken_in_cash_at_the_till_of_the_clerk(world: World) -> None:
    anna, session = await world.resident(credit_cents=200), await world.session(price_cents=500)
    await a_clerks_till(world, anna, session)
    page = await order_page(world, anna, session)

    answer = await book_on(world, page, way="cash")

    assert "Ontvangen: € 3,00, en boek" in text_of(page)
    assert answer.headers["location"] == of(anna, "boekingen", booking_of(page))
    assert await world.available_cents(anna) == 0
    receipt = (await world.rows("SELECT words FROM credits.receipt_line"))[0]
    assert receipt[0] == "De kleine prins"
    assert await world.value("SELECT status::text FROM reservations.ticket") == "confirmed"
    assert "till.sale" in await acts_of(world)


async def test_change_is_said_first_and_a_wrong_slip_comes_back(world: World) -> None:
    anna, session = await world.resident(), await world.session(price_cents=500)
    await a_clerks_till(world, anna, session)
    page = await order_page(world, anna, session)

    change = await book_on(world, page, way="cash", given="20")
    slip = await book_on(world, page, way="terminal", slip="")

    assert "Geef € 15,00 terug" in text_of(change)
    assert slip.status_code == 422
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_the_credit_of_somebody_is_not_taken_at_a_till_by_who_may_not_book_for_them(
    world: World,
) -> None:
    anna, session = await world.resident(credit_cents=200), await world.session(price_cents=500)
    bilal = await world.resident()
    given_id = await entrust(world, anna, bilal, powers=("see", "book", "pay"), limit_cents=2000)
    await a_clerks_till(world, bilal, session)
    page = await order_page(world, bilal, session, voor=str(anna.membership_id))
    await world.execute(
        "UPDATE identity.representation SET revoked_at = $2 WHERE id = $1", given_id, world.clock.now()
    )

    answer = await book_on(world, page, way="cash")

    assert "Ontvangen: € 3,00, en boek" in text_of(page)
    assert answer.status_code == 403
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_without_a_till_the_place_is_kept_for_who_pays_at_the_box_office(world: World) -> None:
    anna, session = await world.resident(credit_cents=200), await world.session(price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session)

    answer = await book_on(world, page)
    booked = await world.client.get(answer.headers["location"])

    assert "Hier neem je dit geld niet aan" in text_of(page)
    assert "Nog te betalen: € 3,00" in text_of(booked)
    assert "Druk af" not in text_of(booked)
    assert await world.value("SELECT status::text FROM reservations.ticket") == "held"


async def test_who_has_too_little_credit_and_no_other_way_hears_so(world: World) -> None:
    anna, session = await world.resident(credit_cents=200), await world.session(price_cents=500)
    await at_the_counter(world, anna)

    page = await order_page(world, anna, session)

    assert page.status_code == 409
    assert 'value="boek"' not in page.text
    assert fields_in(page)


@pytest.mark.parametrize("typed", ["", "veel"])
async def test_a_wrong_number_comes_back(world: World, typed: str) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session)

    answer: Any = await book_on(world, page, **{"plaatsen-base": typed})

    assert answer.status_code == 422
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_clerk_of_another_town_sees_and_may_nothing(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session()
    await world.municipality(AALST)
    await world.municipality("41048", "Ninove")
    await world.execute("UPDATE passes.membership SET refnis = $2 WHERE id = $1", anna.membership_id, AALST)
    await world.sign_in_staff("clerk", refnis="41048")
    await scan(world, anna)

    pages = ["toestemming", "boeken", "boekingen", f"boeken/{session.id}/{uuid4()}"]
    seen = [await world.client.get(of(anna, each), follow_redirects=False) for each in pages]
    sent = await world.post_form(of(anna, "toestemming"), permission_id=uuid4(), soort="known")

    assert [each.status_code for each in (*seen, sent)] == [404] * 5
    assert await world.value("SELECT count(*) FROM passes.permission") == 0


async def test_an_activity_with_several_times_leads_to_each_of_them(world: World) -> None:
    anna, early = await world.resident(), await world.session(price_cents=500)
    later = await world.session(price_cents=500, starts_in=timedelta(days=10, hours=2))
    await world.execute(
        "UPDATE reservations.session SET event_id = $2 WHERE id = $1", later.id, early.event_id
    )
    await at_the_counter(world, anna)
    day = (world.clock.now() + timedelta(days=10)).date().isoformat()

    one_card = await world.client.get(of(anna, "boeken"), params={"van": day})
    times = await world.client.get(of(anna, "boeken"), params={"van": day, "activiteit": str(early.event_id)})
    wrong = await world.client.get(of(anna, "boeken"), params={"van": day, "activiteit": "iets"})

    assert f"activiteit={early.event_id}" in one_card.text
    assert f"boeken/{early.id}/" in times.text
    assert f"boeken/{later.id}/" in times.text
    assert "Hier is niets" in text_of(wrong)


async def test_a_day_that_is_none_is_said_and_another_is_one_press_away(world: World) -> None:
    anna = await world.resident()
    await at_the_counter(world, anna)

    wrong = await world.client.get(of(anna, "boeken"), params={"van": "ooit"})
    today = await world.client.get(of(anna, "boeken"))

    assert wrong.status_code == 422
    assert "Dit is geen dag die wij kennen." in text_of(wrong)
    assert "boeken?van=2026-03-03" in today.text


async def test_adults_of_a_household_show_their_own_pass(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    household_id = uuid4()
    for each in (anna, bilal):
        await world.execute(
            "INSERT INTO passes.household_member (region_id, household_id, membership_id, starts_on, role)"
            " VALUES (1, $1, $2, $3, 'parent')",
            household_id, each.membership_id, world.clock.now().date(),
        )  # fmt: skip
    await at_the_counter(world, anna)

    page = await world.client.get(of(anna, "boeken"))
    theirs = await world.client.get(of(bilal, "boeken"), follow_redirects=False)

    assert "Elke volwassene beslist zelf" in text_of(page)
    assert of(bilal, "boeken") in page.text
    assert theirs.status_code == 303


async def test_the_resident_reads_that_it_was_booked_at_a_counter(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session)
    await book_on(world, page)
    made = await world.book(anna, await world.session())
    await world.sign_in(anna)

    theirs = text_of(await world.client.get(f"/dender/boekingen/{booking_of(page)}"))
    other = text_of(await world.client.get(f"/dender/boekingen/{made.booking.id}"))  # type: ignore[union-attr]

    assert "Geboekt aan een balie" in theirs
    assert "aan een balie" not in other


async def test_a_till_that_was_closed_meanwhile_takes_nothing_and_loses_nothing_that_was_typed(
    world: World,
) -> None:
    anna, session = await world.resident(), await world.session(price_cents=500)
    drawer = await a_clerks_till(world, anna, session)
    page = await order_page(world, anna, session)
    await drawer.count(10_000)

    answer = await book_on(world, page, way="terminal", slip="1234")

    assert answer.status_code == 409
    assert "Je kassa is gesloten." in text_of(answer)
    assert "Ging de kaart al door de terminal?" in text_of(answer)
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_the_same_form_with_money_books_once_also_when_the_till_is_closed_since(world: World) -> None:
    anna, session = await world.resident(), await world.session(price_cents=500)
    drawer = await a_clerks_till(world, anna, session)
    page = await order_page(world, anna, session)

    first = await book_on(world, page, way="cash")
    await drawer.count(10_500)
    again = await book_on(world, page, way="cash")

    assert first.headers["location"] == again.headers["location"]
    assert await world.value("SELECT count(*) FROM credits.receipt") == 1


async def test_a_till_that_was_opened_meanwhile_says_first_what_it_takes(world: World) -> None:
    anna, session = await world.resident(), await world.session(price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    staff_id = await at_the_counter(world, anna)
    page = await order_page(world, anna, session)
    await world.municipality(AALST)
    drawer = await a_drawer(world, seller_id=session.organiser_id, staff_id=staff_id)
    await drawer.run(lambda tx, worker: place_till(tx, worker, drawer.till_id, AALST))

    answer = await book_on(world, page)

    assert answer.status_code == 409
    assert "Ontvangen: € 5,00, en boek" in text_of(answer)
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_what_is_gone_meanwhile_is_said_and_the_slip_of_the_card_still_stands(world: World) -> None:
    anna, session = await world.resident(), await world.session(seats=2, price_cents=500)
    await a_clerks_till(world, anna, session)
    page = await order_page(world, anna, session, **{"plaatsen-base": "2"})
    await world.book(await world.resident(credit_cents=500), session)

    answer = await book_on(world, page, way="terminal", slip="1234")

    assert answer.status_code == 409
    assert "Ging de kaart al door de terminal?" in text_of(answer)
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1
