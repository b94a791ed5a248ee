"""A worker sees what the groups of their partner have left, books for them, and takes them to the door."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from httpx import Response

from reservations.checkin.checkin import CheckedIn, Scope
from reservations.checkin.errors import NothingHere
from reservations.groups.bookings import PAGE
from reservations.seats.plan import PlanLine
from tests.builders import TONIGHT, Session, World
from tests.reservations.checkin.test_party import come
from tests.reservations.groups.groups import Group, a_group, a_partner, booked, credit_of, years_of
from tests.reservations.seats.world import seated
from uit.core.seal import PassSeal, seal_pass
from uit.passes.errors import PassUnknown


async def at_work(world: World, group: Group) -> UUID:
    return await world.sign_in_staff("group_worker", partner_id=group.partner_id)


def form_of(group: Group, session: Session, booking_id: UUID) -> str:
    return f"{group.own}/boeken/{session.id}/{booking_id}"


async def order(world: World, address: str, **fields: object) -> Response:
    """Ask what it comes to, and book that."""
    shown = await world.post_form(address, **fields)
    seen = re.search(r'name="gezien" value="([^"]+)"', shown.text)
    if seen is None:
        return shown  # type: ignore[no-any-return]
    return await world.post_form(address, **fields, gezien=seen[1], stap="boek")  # type: ignore[no-any-return]


async def test_what_was_searched_goes_along_to_the_next_page(world: World) -> None:
    group, organiser_id = await a_group(world), await world.organiser()
    made = [await world.session(organiser_id=organiser_id) for _ in range(PAGE + 1)]
    await world.execute("UPDATE organisers.event SET name = 'Kunst & co'")
    await at_work(world, group)

    first = await world.client.get(f"{group.own}/boeken?zoek=kunst+%26+co")
    more = re.search(r'href="([^"]+[?;]na=[^"]+)"', first.text)
    assert more
    second = await world.client.get(unescape(more[1]))

    shown = [each for each in made if str(each.id) in second.text]
    assert len(shown) == 1
    assert 'value="kunst &amp; co"' in second.text


async def test_eight_people_from_the_purse_to_the_door(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20, **TONIGHT)
    await at_work(world, group)
    found = await world.client.get(f"{group.own}/boeken?zoek=PRINS")
    address = re.search(rf'href="({group.own}/boeken/{session.id}/[^"]+)"', found.text)
    assert address

    answer = await order(world, address[1], **{"plaatsen-kansentarief": "8"})

    page = (await world.client.get(answer.headers["location"])).text
    assert "Voor iedereen samen" in page
    assert "Nog 8 personen" in page
    token = seal_pass(world.services.secrets.signing, PassSeal(1, group.id, 1))
    answer_at_door = await come(world, Scope(1, frozenset({session.organiser_id}), session.id), token)
    assert isinstance(answer_at_door, CheckedIn)
    assert answer_at_door.people == 8
    assert await credit_of(world, group) == 1200


async def test_the_pass_of_a_group_is_good_for_a_part_and_says_where_it_has_nothing(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20, **TONIGHT)
    other = await world.session(20, organiser_id=session.organiser_id, **TONIGHT)
    await booked(world, group, session, 8)
    key = world.services.secrets.signing
    token, stale = (seal_pass(key, PassSeal(1, group.id, version)) for version in (1, 2))

    first = await come(world, Scope(1, frozenset({session.organiser_id}), session.id), token, 3)

    assert isinstance(first, CheckedIn)
    assert first.people == 3
    assert isinstance(
        await come(world, Scope(1, frozenset({other.organiser_id}), other.id), token), NothingHere
    )
    assert await come(world, Scope(1, frozenset({session.organiser_id}), session.id), stale) == PassUnknown()


async def test_the_page_of_a_group_says_what_is_left(world: World) -> None:
    group, session = await a_group(world, tickets=30, credit_cents=2000), await world.session(20)
    await booked(world, group, session, 8)
    await at_work(world, group)

    home, page = (await world.client.get(group.home)).text, (await world.client.get(group.own)).text

    assert "nog 22" in home
    assert "€ 12,00" in home.replace("\xa0", " ")
    assert "nog 22 van 30" in page
    assert "8 personen" in page
    assert "QR-code van de groepspas" in page


async def test_at_its_end_the_number_is_refused_with_words_and_a_next_step(world: World) -> None:
    group, session = await a_group(world, tickets=10, credit_cents=2000), await world.session(20)
    await booked(world, group, session, 8)
    await at_work(world, group)
    address = form_of(group, session, uuid4())

    shown = await world.post_form(address, **{"plaatsen-kansentarief": "3"})
    answer = await order(world, address, **{"plaatsen-kansentarief": "3"})

    booked_after_all = await order(world, address, **{"plaatsen-kansentarief": "2", "plaatsen-base": "1"})
    assert "nog 2 tickets in 2026" in shown.text
    assert 'value="boek"' not in shown.text
    assert "De groep heeft voor 2026 nog 2 tickets. Je vroeg er 3." in answer.text
    assert "neem de rest aan de gewone prijs" in answer.text
    assert 'value="3"' in answer.text
    assert booked_after_all.status_code == 303


async def test_nothing_is_booked_for_another_number_than_was_shown(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    await at_work(world, group)
    address = form_of(group, session, uuid4())

    for seen in ("", "200 0", "300 300"):
        answer = await world.post_form(
            address, **{"plaatsen-kansentarief": "3", "gezien": seen, "stap": "boek"}
        )
        assert answer.status_code == 200

    assert await years_of(world, group) == []


@pytest.mark.parametrize("typed", ["", "0", "x", "-1", "1001"])
async def test_what_is_no_number_of_people_comes_back(world: World, typed: str) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    await at_work(world, group)

    answer = await world.post_form(
        form_of(group, session, uuid4()), **{"plaatsen-kansentarief": typed, "stap": "boek"}
    )

    assert answer.status_code == 422
    assert 'id="plaatsen-kansentarief-error"' in answer.text


async def test_without_enough_credit_the_rest_is_paid_at_the_desk_of_who_takes_money(world: World) -> None:
    group, session = await a_group(world, credit_cents=500), await world.session(20)
    await at_work(world, group)
    address = form_of(group, session, uuid4())
    refused = await order(world, address, **{"plaatsen-kansentarief": "8"})
    await world.seller(session.organiser_id, card=False, desk_hours=48)

    answer = await order(world, address, **{"plaatsen-kansentarief": "8"})

    page = (await world.client.get(answer.headers["location"])).text.replace("\xa0", " ")
    assert "Er is niet genoeg krediet: er ontbreekt € 3,00." in refused.text.replace("\xa0", " ")
    assert "Nog te betalen: € 3,00" in page
    assert await credit_of(world, group) == 0


async def test_a_part_is_given_back_and_a_repeat_gives_back_no_more(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    booking_id = await booked(world, group, session, 8)
    staff_id = await at_work(world, group)
    address = f"{group.own}/boekingen/{booking_id}"
    offered = re.search(r'name="aanbod" value="([^"]+)"', (await world.client.get(address)).text)
    assert offered
    fields = {"cancellation_id": uuid4(), "aanbod": offered[1], "aantal": "3"}

    answers = [await world.post_form(f"{address}/annuleren", **fields) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert await years_of(world, group) == [(2026, 5, 100)]
    assert await credit_of(world, group) == 1500
    acts = await world.rows("SELECT act FROM uit.audit WHERE actor_id = $1", str(staff_id))
    assert [act for (act,) in acts] == ["booking.take_back"]


@pytest.mark.parametrize(("places", "said"), [(1, "rij A, stoel 1"), (2, "rij A, stoel 1 en 2")])
async def test_the_page_of_a_booking_says_where_they_sit(world: World, places: int, said: str) -> None:
    group = await a_group(world, credit_cents=2000)
    session = await seated(world, PlanLine("A", 1, 2), price_cents=500)
    booking_id = await booked(world, group, session, places)
    await world.execute("UPDATE reservations.ticket SET seat = 'A-' || no")
    await at_work(world, group)

    page = await world.client.get(f"{group.own}/boekingen/{booking_id}")

    assert said in page.text.replace("\N{NO-BREAK SPACE}", " ")


async def test_of_two_prices_one_chooses_which_to_give_back(world: World) -> None:
    group, session = await a_group(world, credit_cents=5000), await world.session(20, price_cents=400)
    await at_work(world, group)
    form = form_of(group, session, uuid4())
    made = await order(world, form, **{"plaatsen-kansentarief": "4", "plaatsen-base": "2"})
    address, before = made.headers["location"], await credit_of(world, group)
    page = (await world.client.get(address)).text
    cheap, dear = re.findall(r'name="aanbod"\s+value="([^"]+)"', page)

    fields = {"cancellation_id": uuid4(), "aanbod": dear, "aantal": "2"}
    answer = await world.post_form(f"{address}/annuleren", **fields)

    assert (len(cheap.split()), len(dear.split()), answer.status_code) == (4, 2, 303)
    assert "€\xa04,00 terug per plaats: 2 plaatsen" in page
    assert await credit_of(world, group) - before == 800


@pytest.mark.parametrize("typed", ["", "0", "9", "x"])
async def test_what_is_no_number_to_give_back_comes_back(world: World, typed: str) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    booking_id = await booked(world, group, session, 2)
    await at_work(world, group)

    answer = await world.post_form(
        f"{group.own}/boekingen/{booking_id}/annuleren",
        cancellation_id=uuid4(), aanbod="1.1 1.2", aantal=typed,
    )  # fmt: skip

    assert answer.status_code == 422
    assert 'id="aantal-error"' in answer.text


async def test_what_cannot_be_given_back_any_more_says_so(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    booking_id = await booked(world, group, session, 2)
    world.clock.move(timedelta(days=9, hours=12))
    await at_work(world, group)

    answer = await world.post_form(
        f"{group.own}/boekingen/{booking_id}/annuleren",
        cancellation_id=uuid4(), aanbod="1.1 1.2", aantal="2",
    )  # fmt: skip

    assert answer.status_code == 409
    assert "Teruggeven kon tot" in answer.text


async def test_groups_and_bookings_of_others_are_not_there(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    other = await a_group(world, partner_id=await a_partner(world, "Ander huis"), credit_cents=2000)
    booking_id = await booked(world, other, session)
    anna = await world.resident(credit_cents=500)
    await world.book(anna, session)
    hers = await world.value(
        "SELECT booking_id FROM reservations.line WHERE holder_id = $1", anna.membership_id
    )
    await at_work(world, group)

    for path in (
        f"groepen/{other.id}", f"groepen/{other.id}/boeken", f"groepen/{other.id}/boekingen/{booking_id}",
        f"groepen/{group.id}/boekingen/{booking_id}", f"groepen/{group.id}/boekingen/{hers}",
    ):  # fmt: skip
        assert (await world.client.get(f"{group.home}/{path}")).status_code == 404, path
    assert "Ander huis" not in (await world.client.get(f"{group.home}/overzicht")).text


async def test_the_year_adds_up_for_all_groups(world: World) -> None:
    group, session = await a_group(world, tickets=30, credit_cents=2000), await world.session(20)
    cooks = await a_group(world, partner_id=group.partner_id, name="Kookgroep", credit_cents=500)
    await booked(world, group, session, 8)
    await booked(world, cooks, session, 2)
    await at_work(world, group)

    this = (await world.client.get(f"{group.home}/overzicht")).text
    last = (await world.client.get(f"{group.home}/overzicht?jaar=2025")).text

    assert "8 van 30" in this
    assert "2 van 100" in this
    assert this.count("De kleine prins") == 2
    assert "Niets geboekt in 2025" in last


async def test_a_pass_that_stopped_books_nothing_and_says_what_to_do(world: World) -> None:
    group, session = await a_group(world, credit_cents=2000), await world.session(20)
    await booked(world, group, session)
    await world.execute("UPDATE passes.group_pass SET ended_at = $1", world.clock.now())
    await at_work(world, group)

    page = (await world.client.get(group.own)).text

    assert "Deze pas werkt niet meer. Vraag de regio een nieuwe." in page
    assert "Boek voor deze groep" not in page
    assert (await order(world, form_of(group, session, uuid4()), **{"plaatsen-base": "1"})).status_code != 303


async def test_what_a_colleague_took_meanwhile_is_refused_and_what_was_typed_stays(world: World) -> None:
    group, session = await a_group(world, tickets=10, credit_cents=5000), await world.session(20)
    await at_work(world, group)
    fields = {"plaatsen-kansentarief": "4"}
    address = form_of(group, session, uuid4())
    shown = await world.post_form(address, **fields)
    seen = re.search(r'name="gezien" value="([^"]+)"', shown.text)
    assert seen
    asked = world.post_form(address, **fields, gezien=seen[1], stap="boek")
    await booked(world, group, session, 8)

    answer = await asked

    assert answer.status_code in {200, 409}
    assert "nog 2 tickets" in answer.text
    assert 'value="4"' in answer.text
    assert await years_of(world, group) == [(2026, 8, 10)]
