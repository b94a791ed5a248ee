"""Who comes: price, age and credit are theirs, whoever books."""

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child, entrust
from tests.reservations.order.test_one_each import value_of
from tests.reservations.order.test_tariffs import fields_in, order_page
from tests.reservations.sessions.test_desk import text_of


async def a_camp(world: World) -> Session:
    """A camp for ages 8 to 12 and for nobody else."""
    session = await world.session(price_cents=5000)
    await world.execute("UPDATE reservations.tariff SET active = false")
    await world.tariff(session, "kamp", 3000, name="8 tot 12 jaar", age_from=8, age_to=12)
    return session


async def page_for(world: World, session: Session, who: Resident, whom: Resident) -> Any:
    """The page on which somebody books for another."""
    await world.sign_in(who)
    address = f"/dender/sessies/{session.id}/boeken/{uuid4()}"
    return await world.client.get(address, params={"voor": str(whom.membership_id)})


async def book_on(world: World, page: Any, **fields: str) -> Any:
    """Press the button that books, with what the page shows."""
    numbers = {name: value_of(page, name) for name in fields_in(page)}
    who = re.findall(r'name="voor"\s+value="([^"]*)"', page.text)
    return await world.post_form(
        page.url.path,
        **numbers
        | {"stap": "boek", "gezien": value_of(page, "gezien"), "voor_lid": "ja", "voor": who[0]}
        | fields,
    )


def booking_of(page: Any) -> UUID:
    return UUID(page.url.path.rpartition("/")[2])


async def test_a_mother_sees_that_the_camp_is_not_for_her_and_chooses_her_child(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, camp = await a_child(world, mother, credit_cents=4000), await a_camp(world)

    hers = await order_page(world, camp, mother)
    page = await page_for(world, camp, mother, lotte)

    assert fields_in(hers) == []
    assert "Kies hierboven wie er komt." in text_of(hers)
    assert f"?voor={lotte.membership_id}" in hers.text
    assert fields_in(page) == ["plaatsen-kamp"]
    assert "De prijs is die van Lotte, en het krediet ook." in text_of(page)


async def test_the_camp_is_paid_from_the_credit_of_the_child(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, camp = await a_child(world, mother, credit_cents=4000), await a_camp(world)
    page = await page_for(world, camp, mother, lotte)

    answer = await book_on(world, page)

    assert answer.headers["location"] == f"/dender/boekingen/{booking_of(page)}"
    assert await world.available_cents(lotte) == 1000
    assert await world.available_cents(mother) == 5000


async def test_the_mother_finds_the_booking_and_gives_it_up_and_the_father_does_not(world: World) -> None:
    mother, father = await world.resident(), await world.resident()
    lotte, camp = await a_child(world, mother, father, credit_cents=4000), await a_camp(world)
    page = await page_for(world, camp, mother, lotte)
    own = (await book_on(world, page)).headers["location"]

    hers = await world.client.get(own)
    again = await world.client.get(
        page.url.path, params={"voor": str(lotte.membership_id)}, follow_redirects=False
    )
    await world.sign_in(father)
    his = await world.client.get(own)
    await world.sign_in(mother)
    given_up = await world.post_form(
        f"{own}/annuleren", welke="alle", aanbod="1.1", cancellation_id=str(uuid4())
    )

    assert "Voor Lotte. Jij boekte dit." in text_of(hers)
    assert again.headers["location"] == own
    assert his.status_code == 404
    assert given_up.status_code == 303
    assert await world.available_cents(lotte) == 4000
    acts = await world.rows("SELECT act, actor_id FROM uit.audit ORDER BY at, act")
    assert {tuple(each) for each in acts} == {
        ("booking.make_for", str(mother.person_id)),
        ("booking.give_up_for", str(mother.person_id)),
    }


async def test_the_child_sees_who_did_it(world: World) -> None:
    mother = await world.resident()
    lotte, camp = await a_child(world, mother, credit_cents=4000), await a_camp(world)
    own = (await book_on(world, await page_for(world, camp, mother, lotte))).headers["location"]

    await world.sign_in(lotte)

    assert "Yasmine Peeters boekte dit voor jou." in text_of(await world.client.get(own))


async def test_a_parent_whose_power_ended_finds_nothing_any_more(world: World) -> None:
    mother = await world.resident()
    lotte, camp = await a_child(world, mother, credit_cents=4000), await a_camp(world)
    page = await page_for(world, camp, mother, lotte)
    own = (await book_on(world, page)).headers["location"]
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())

    refused = await page_for(world, camp, mother, lotte)

    assert (await world.client.get(own)).status_code == 404
    assert refused.status_code == 403
    assert "Je kan dit niet voor deze persoon doen" in text_of(refused)


async def test_a_stranger_and_a_guest_book_for_nobody(world: World) -> None:
    lotte, session = await a_child(world, await world.resident(), credit_cents=4000), await world.session()
    stranger = await world.resident()

    refused = await page_for(world, session, stranger, lotte)
    world.client.cookies.clear()
    guest = await world.client.get(
        f"/dender/sessies/{session.id}/boeken/{uuid4()}", params={"voor": str(lotte.membership_id)}
    )

    assert refused.status_code == 403
    assert "Lotte" not in refused.text + guest.text


async def test_who_may_spend_up_to_an_amount_sees_it_and_no_more_is_taken(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    await entrust(world, anna, bilal, powers=("book", "pay"), limit_cents=300)
    dear, cheap = await world.session(price_cents=500), await world.session(price_cents=300)

    pages = [await page_for(world, session, bilal, anna) for session in (dear, cheap)]
    answer = await book_on(world, pages[1])

    assert "Je mag per boeking € 3,00 van het krediet gebruiken." in text_of(pages[0])
    assert 'value="boek"' not in pages[0].text
    assert answer.status_code == 303
    assert await world.available_cents(anna) == 1700


async def test_a_helper_without_a_pass_of_the_region_books_for_another(
    world: World,
) -> None:
    anna, far = await world.resident(credit_cents=2000), await world.resident(region_id=2)
    await entrust(world, anna, far, powers=("book", "pay"))
    page = await page_for(world, await world.session(), far, anna)

    answer = await book_on(world, page)

    assert answer.headers["location"] == f"/dender/boekingen/{booking_of(page)}"
    assert (await world.client.get(answer.headers["location"])).status_code == 200
    assert await world.available_cents(anna) == 1500


async def test_who_helps_nobody_is_not_asked_who_comes(world: World) -> None:
    page = await order_page(world, await world.session(), await world.resident(born_on=date(1980, 1, 1)))

    assert "Wie komt er?" not in page.text
