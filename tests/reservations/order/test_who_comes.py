"""Who comes: price, age and credit are theirs, whoever books."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

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
    assert f'name="komt-{lotte.membership_id}"' in hers.text
    assert fields_in(page) == ["plaatsen-kamp"]
    assert "Voor elk geldt de eigen prijs en het eigen krediet." in text_of(page)


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

    assert "Je mag per boeking € 3,00 van het krediet van Yasmine gebruiken." in text_of(pages[0])
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


async def ticked(world: World, page: Any, *whom: Resident, myself: bool = False, **fields: str) -> Any:
    """Press a button of the form with these boxes ticked; where it leads."""
    numbers = {name: value_of(page, name) for name in fields_in(page)}
    boxes = {f"komt-{each.membership_id}": "true" for each in whom} | ({"komt-ik": "true"} if myself else {})
    shown = re.findall(r'name="voor"\s+value="([^"]*)"', page.text)
    who = {"voor": shown[0]} if shown else {}
    typed = numbers | {"stap": "wie", "voor_lid": "ja", "kiest": "ja"} | who | boxes | fields
    answer = await world.post_form(page.url.path, **typed)
    return await world.client.get(answer.headers["location"]) if "location" in answer.headers else answer


async def test_a_mother_books_for_herself_and_two_children_at_once(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, bram = [await a_child(world, mother, credit_cents=800, name=name) for name in ("Lotte", "Bram")]
    session = await world.session(price_cents=500)
    await world.tariff(session, "kind", 300, name="Kind", age_from=3, age_to=12)

    page = await ticked(world, await order_page(world, session, mother), lotte, bram, myself=True)
    answer = await book_on(world, page)

    text = text_of(page)
    assert all(f"Hoeveel plaatsen voor {name}?" in text for name in ("jou", "Lotte", "Bram"))
    assert all(
        words in text for words in ("Jij: Gewone plaats € 5,00", "Lotte: Kind € 3,00", "Bram: Kind € 3,00")
    )
    assert answer.headers["location"] == f"/dender/boekingen/{booking_of(page)}"
    assert [await world.available_cents(each) for each in (mother, lotte, bram)] == [4500, 500, 500]
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1


async def test_the_numbers_stay_when_another_comes_along(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, session = await a_child(world, mother, credit_cents=800), await world.session()
    page = await order_page(world, session, mother)

    both = await ticked(world, page, lotte, myself=True, **{"plaatsen-base": "3"})
    again = await ticked(world, both, myself=True)

    mine, hers = (f"plaatsen-{each.membership_id.hex}.base" for each in (mother, lotte))
    assert [value_of(both, mine), value_of(both, hers)] == ["3", "1"]
    assert value_of(again, "plaatsen-base") == "3"


async def test_who_was_ticked_since_the_total_was_shown_is_not_booked_for(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, session = await a_child(world, mother, credit_cents=800), await world.session()
    page = await order_page(world, session, mother)

    shown = await ticked(world, page, lotte, myself=True, stap="boek", gezien=value_of(page, "gezien"))

    assert "Hoeveel plaatsen voor Lotte?" in text_of(shown)
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_nobody_who_comes_is_an_error_that_says_what_to_do(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    await a_child(world, mother)
    page = await order_page(world, await world.session(), mother)

    answer = await ticked(world, page, stap="boek", gezien=value_of(page, "gezien"))

    assert answer.status_code == 422
    assert "Kies wie er komt." in text_of(answer)


async def test_somebody_ticked_for_whom_one_may_not_book_is_refused(world: World) -> None:
    mother, stranger = await world.resident(credit_cents=5000), await world.resident()
    await a_child(world, mother)
    page = await order_page(world, await world.session(), mother)

    answer = await ticked(world, page, stranger, myself=True)

    assert answer.status_code == 403
    assert "Je kan dit niet voor deze persoon doen" in text_of(answer)


async def test_who_ticks_another_and_confirms_is_asked_to_look_at_the_sum_first(world: World) -> None:
    mother, session = await world.resident(credit_cents=5000), await world.session()
    lotte = await a_child(world, mother, credit_cents=5000)
    page = await order_page(world, session, mother)

    for myself in (False, True):
        again = await ticked(world, page, lotte, myself=myself, stap="boek")
        assert "Kijk de som nog eens na." in text_of(again)
    only_shown = await ticked(world, page, lotte, myself=True)

    assert "Kijk de som nog eens na." not in text_of(only_shown)
    assert await world.places_left(session) == 10


async def test_for_whom_there_is_no_price_the_others_still_book(world: World) -> None:
    mother = await world.resident(credit_cents=5000)
    lotte, camp = await a_child(world, mother, credit_cents=4000), await a_camp(world)

    page = await ticked(world, await order_page(world, camp, mother), lotte, myself=True)
    answer = await book_on(world, page)

    assert "Hier is geen prijs voor jou" in text_of(page)
    assert answer.headers["location"] == f"/dender/boekingen/{booking_of(page)}"
    assert await world.available_cents(lotte) == 1000


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    found: list[str] = []
    execute = vars(asyncpg.Connection)["_execute"]

    async def counted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        found.append(query)
        return await execute(self, query, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "_execute", counted)
        yield found


async def test_more_children_ask_no_more_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mother, session = await world.resident(credit_cents=5000), await world.session()
    children = [await a_child(world, mother) for _ in range(4)]
    page = await order_page(world, session, mother)

    counts = []
    for whom in (children[:2], children):
        shown = await ticked(world, page, *whom)
        with statements(monkeypatch) as asked:
            await world.client.get(str(shown.url))
        counts.append(len(asked))

    assert counts[0] == counts[1] > 3
