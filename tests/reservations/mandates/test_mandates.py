"""Somebody lets an organisation book for them, on screen or on signed paper, and stops it at once."""

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from reservations.booking.actor import ByPartner, MembershipProof
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, GiveUp, PayWith, RequestedLine, bound_to
from reservations.errors import MayNotAct
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child
from tests.passes.counter import open_counter
from tests.reservations.groups.groups import a_partner, a_service
from tests.reservations.served.test_desk import served

MINE = "/dender/wie-helpt-mij"
OWN = f"{MINE}/organisaties"
SERVICE = "Sociaal Huis Zevenhoek"
FILLED: dict[str, Any] = {"book": "true", "pay": "true", "bedrag": "6", "tot": "2026-12-31"}


async def give(world: World, partner: UUID, address: str = OWN, **fields: object) -> Any:
    return await world.post_form(address, **{"mandate_id": uuid4(), "partner": partner, **FILLED, **fields})


def at_counter(who: Resident) -> str:
    return f"/dender/balie/personen/{who.membership_id}/organisaties"


def people_of(partner: UUID) -> str:
    return f"/dender/partners/{partner}/mensen"


def command(given_id: UUID, partner: UUID, who: Resident, session: Session) -> Book:
    by = ByPartner(given_id, partner, who.membership_id, uuid4())
    lines = (RequestedLine(session.id, "base", 2, MembershipProof(who.membership_id)),)
    return Book(1, uuid4(), bound_to("test"), by, lines, "page", pay_with=PayWith.DESK)


def but_for_choices(page: Any) -> str:
    """A page but for the list of all partners."""
    return re.sub("<select.*?</select>", "", page.text, flags=re.DOTALL)


async def given(world: World) -> UUID:
    found: UUID = await world.value("SELECT id FROM identity.mandate")
    return found


async def test_who_allows_it_is_on_the_page_of_the_partner_and_of_no_other(world: World) -> None:
    home, other, anna = await a_partner(world), await a_partner(world, "Ander huis"), await world.resident()
    await world.sign_in(anna)
    mandate_id = uuid4()

    answers = [await give(world, home, mandate_id=mandate_id) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert "De Brug" in (await world.client.get(OWN)).text
    await world.sign_in_staff("group_worker", partner_id=home)
    assert "Yasmine Peeters" in (await world.client.get(people_of(home))).text
    page = (await world.client.get(f"{people_of(home)}/{anna.membership_id}")).text
    assert "tot € 6,00 per boeking" in page.replace("\xa0", " ")
    await world.sign_in_staff("group_worker", partner_id=other)
    assert (await world.client.get(f"{people_of(other)}/{anna.membership_id}")).status_code == 404
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'mandate.give'") == 1


async def test_it_books_and_spends_no_more_than_was_given_and_stops_at_once(world: World) -> None:
    home, anna, session = await a_partner(world), await world.resident(5000), await world.session()
    await world.seller(session.organiser_id, card=False, desk_hours=48)
    await world.sign_in(anna)
    await give(world, home)
    given_id = await given(world)

    booked = await world.services.turnstile.answer(command(given_id, home, anna, session))
    await world.post_form(f"{OWN}/{given_id}/stoppen")
    after = await world.services.turnstile.answer(command(given_id, home, anna, session))

    assert isinstance(booked, Booked)
    assert booked.booking.credit_cents == 600
    assert after == MayNotAct()
    assert "<h2>De Brug</h2>" not in (await world.client.get(OWN)).text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("partner", ""), ("bedrag", "veel"), ("tot", "2027-04-01"), ("tot", "2026-03-01"), ("book", "")],
)
async def test_what_is_wrong_comes_back(world: World, field: str, typed: str) -> None:
    home, anna = await a_partner(world), await world.resident()
    for sign_in, address in ((world.sign_in, OWN), (None, at_counter(anna))):
        await (sign_in(anna) if sign_in else open_counter(world))

        filled = {"mandate_id": uuid4(), "partner": home, **FILLED, field: typed}
        answer = await world.post_form(address, **filled)

        assert answer.status_code == 422
        assert f'id="{"pay" if field == "book" else field}-error"' in answer.text
    assert await world.rows("SELECT id FROM identity.mandate") == []


async def test_who_may_see_sees_where_somebody_goes_and_who_may_book_does_not(world: World) -> None:
    home, anna = await a_partner(world), await world.resident(5000)
    await world.book(anna, await world.session())
    pages = []
    for powers in ({"see": "true", "book": "", "pay": ""}, {}):
        await world.sign_in(anna)
        await give(world, home, **powers)
        await world.sign_in_staff("group_worker", partner_id=home)
        pages.append((await world.client.get(f"{people_of(home)}/{anna.membership_id}")).text)
        await world.execute("UPDATE identity.mandate SET revoked_at = now()")

    assert ["De kleine prins" in page for page in pages] == [True, False]
    assert ["Boek voor Yasmine" in page for page in pages] == [False, True]


async def test_on_signed_paper_with_a_clerk_as_witness(world: World) -> None:
    home, anna = await a_partner(world), await world.resident()
    await open_counter(world)

    answer = await give(world, home, at_counter(anna))

    assert "De Brug" in (await world.client.get(answer.headers["location"])).text
    assert await world.value("SELECT proof FROM identity.mandate") == "signed_paper"
    for _ in range(2):
        await world.post_form(f"{at_counter(anna)}/{await given(world)}/stoppen")
    assert await world.value("SELECT revoked_at IS NOT NULL FROM identity.mandate")
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'mandate.end'") == 1


async def test_a_clerk_sees_no_service_and_ends_nothing_of_it(world: World) -> None:
    service, anna = await a_service(world, SERVICE), await world.resident()
    await world.sign_in(anna)
    await give(world, service)
    await open_counter(world)

    page = (await world.client.get(at_counter(anna))).text
    refused = await give(world, service, at_counter(anna))
    await world.post_form(f"{at_counter(anna)}/{await given(world)}/stoppen")

    assert "OCMW" not in page
    assert refused.status_code == 422
    assert not await world.value("SELECT revoked_at IS NOT NULL FROM identity.mandate")
    await world.sign_in_staff("group_worker", partner_id=service)
    assert "Peeters" not in (await world.client.get(people_of(service))).text
    await world.sign_in_staff("social_worker", partner_id=service)
    assert "Peeters" in (await world.client.get(people_of(service))).text


async def test_somebody_sees_which_service_helps_them_and_stops_it(world: World) -> None:
    service, anna, bilal = await a_service(world), await world.resident(), await world.resident()
    made = uuid4()
    await world.execute(
        "INSERT INTO identity.service_client (region_id, id, partner_id, person_id, dossier, started_at)"
        " VALUES (1, $1, $2, $3, 'D-1', $4)",
        made, service, anna.person_id, world.clock.now(),
    )  # fmt: skip
    await world.sign_in(bilal)
    await world.post_form(f"{OWN}/{made}/stoppen")
    assert await world.value("SELECT ended_at FROM identity.service_client") is None

    await world.sign_in(anna)
    shown = (await world.client.get(OWN)).text
    await world.post_form(f"{OWN}/{made}/stoppen")

    assert "Deze dienst helpt je" in shown
    assert "D-1" not in shown
    assert await world.value("SELECT ended_at IS NOT NULL FROM identity.service_client")


async def test_somebody_sees_what_organisations_and_services_booked_for_them(world: World) -> None:
    home, service, anna = await a_partner(world), await a_service(world, SERVICE), await world.resident(5000)
    await world.sign_in(anna)
    for each in (home, service):
        await give(world, each, bedrag="50")
    for each, price in ((home, 300), (service, 400)):
        session = await world.session(price_cents=price)
        by = await world.value("SELECT id FROM identity.mandate WHERE partner_id = $1", each)
        assert isinstance(await world.services.turnstile.answer(command(by, each, anna, session)), Booked)
    await world.execute("UPDATE identity.mandate SET revoked_at = now()")

    for address in (OWN, MINE):
        page = (await world.client.get(address)).text.replace("\xa0", " ")
        for shown in ("De Brug, ", f"{SERVICE}, ", "De kleine prins", "Krediet: € 6,00", "Krediet: € 8,00"):
            assert shown in page
        own = re.findall(r'href="(/dender/boekingen/[^"]+)"', page)
        assert [(await world.client.get(each)).status_code for each in own] == [200, 200]


async def test_what_a_service_booked_is_shown_to_that_person_alone(world: World) -> None:
    service, anna = await a_service(world, SERVICE), await world.resident()
    child = await a_child(world, anna, credit_cents=5000, born_on=date(2012, 6, 1))
    session, by = await world.session(), await served(world, service, child)
    assert isinstance(await world.services.turnstile.answer(command(by, service, child, session)), Booked)
    theirs = f"/dender/wie-help-ik/{child.membership_id}"
    await world.sign_in(child)
    assert f"{SERVICE}, " in (await world.client.get(OWN)).text

    await world.sign_in(anna)
    pages = [but_for_choices(await world.client.get(each)) for each in (OWN, MINE, theirs)]
    await open_counter(world)
    page_of = f"/dender/balie/personen/{child.membership_id}"
    pages += [(await world.client.get(f"{page_of}{each}")).text for each in ("", "/hulp", "/organisaties")]
    pages.append((await world.post_form(f"{page_of}/gegevens")).text)

    assert "Krediet" in pages[2]
    assert not [page for page in pages if SERVICE in page]


async def test_what_was_given_back_is_shown_as_such(world: World) -> None:
    home, anna, session = await a_partner(world), await world.resident(5000), await world.session()
    await world.sign_in(anna)
    await give(world, home, bedrag="50")
    by = ByPartner(await given(world), home, anna.membership_id, uuid4())
    booked = await world.services.turnstile.answer(command(by.given_id, home, anna, session))
    assert isinstance(booked, Booked)

    await world.services.turnstile.answer(GiveUp(1, booked.booking.id, by))

    page = (await world.client.get(OWN)).text
    assert "Geannuleerd" in page
    assert "Krediet:" not in page


async def test_a_copy_of_ones_own_has_services_and_what_they_gave_and_one_of_a_counter_never(
    world: World,
) -> None:
    service, anna = await a_service(world), await world.resident()
    await served(world, service, anna)
    await world.execute(
        "INSERT INTO passes.provisional_right (region_id, id, membership_id, partner_id, ends_on, given_at)"
        " VALUES (1, gen_random_uuid(), $1, $2, '2026-05-01', $3)",
        anna.membership_id, service, world.clock.now(),
    )  # fmt: skip
    await world.sign_in(anna)
    await give(world, service, bedrag="9")

    page = (await world.client.get("/dender/mijn-gegevens/alles")).text
    own = msgspec.json.decode((await world.post_form("/dender/mijn-gegevens/bestand")).content)
    await open_counter(world)
    await world.post_form("/dender/balie", wie=anna.token)
    counter = await world.post_form(f"/dender/balie/personen/{anna.membership_id}/gegevens")

    assert [each["limit_cents"] for each in own["representations"]] == [900]
    assert [each["name"] for each in own["services"]] == ["OCMW Aalst"]
    assert [each["ends_on"] for each in own["provisional"]] == ["2026-05-01"]
    assert "Voorlopig kansentarief van OCMW Aalst" in page
    assert "OCMW" not in counter.text
    kept = msgspec.json.decode(counter.content)
    assert (kept["representations"], kept["services"], kept["provisional"]) == ([], [], [])


async def test_a_copy_of_ones_data_has_mandates_but_for_those_of_services(world: World) -> None:
    home, service, anna = await a_partner(world), await a_service(world), await world.resident()
    await world.sign_in(anna)
    await give(world, home, bedrag="7")
    await give(world, service, bedrag="9")
    await open_counter(world)
    await world.post_form("/dender/balie", wie=anna.token)

    answer = await world.post_form(f"/dender/balie/personen/{anna.membership_id}/gegevens")

    given = msgspec.json.decode(answer.content)["representations"]
    assert [(each["kind"], each["limit_cents"]) for each in given] == [("mandate", 700)]


async def test_below_eighteen_nobody_allows_an_organisation_something_by_themselves(world: World) -> None:
    home, lotte = await a_partner(world), await world.resident(born_on=date(2010, 5, 1))
    await world.sign_in(lotte)

    page, refused = await world.client.get(OWN), await give(world, home)

    assert "Tot je 18 jaar bent, doen je ouders dit voor jou." in page.text
    assert refused.status_code == 403
    assert "Doe dit samen met een ouder" in refused.text
    assert await world.value("SELECT count(*) FROM identity.mandate") == 0
