"""A region that sells in its own name for an organiser."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from reservations.booking.answers import Booked
from reservations.booking.commands import Pay, PayWith
from reservations.errors import CannotPayWith
from tests.builders import Session, World
from uit.core.clock import day_in_flanders

TEXTS = {"reference": "Raad van 12 mei", "legal_opinion": "advies 7", "procurement": "2026/14"}


async def by_mandate(world: World, session: Session, ends: str = "", *, agent_id: UUID | None = None) -> UUID:
    """The region's own organisation, or this agent, sells this session in its own name."""
    region = agent_id or await world.organiser()
    if agent_id is None:
        await world.seller(region, account="")
    await world.sign_in_staff("programme_officer")
    form = {"mandate_id": uuid4(), "organiser": session.organiser_id, "agent": region, "starts": "2026-03-01"}
    answer = await world.post_form("/dender/verkopers/mandaten", **form, ends=ends, **TEXTS)
    assert answer.status_code == 303
    return region


async def book(world: World, session: Session) -> object:
    anna = await world.resident()
    command = world.command(anna, [(session, "base", 1)], pay_with=PayWith.CARD, payment_id=uuid4())
    return await world.services.turnstile.answer(command)


async def test_the_money_goes_to_who_sells_and_the_line_says_by_which_mandate(world: World) -> None:
    session = await world.session(price_cents=500)
    region = await by_mandate(world, session)

    answer = await book(world, session)

    assert isinstance(answer, Booked)
    (payment,), (line,) = answer.booking.payments, answer.booking.lines
    assert (payment.seller_id, payment.account) == (region, "")
    assert (line.seller_id, line.mandate_id) == (session.organiser_id, payment.mandate_id)


async def test_who_has_a_mandate_is_named_as_the_seller_before_one_pays(world: World) -> None:
    session = await world.session(price_cents=500)
    region = await by_mandate(world, session)
    await world.execute("UPDATE organisers.organiser SET name = 'Regio Dender' WHERE id = $1", region)

    page = await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}")

    assert "Je koopt bij Regio Dender" in page.text


async def test_the_desk_says_that_a_mandate_was_kept_and_whether_its_agent_takes_cards(world: World) -> None:
    session = await world.session(price_cents=500)
    before = {"mandate_id": uuid4(), "organiser": session.organiser_id, "starts": "2026-03-01", **TEXTS}
    agent = await world.organiser()
    await world.seller(agent, account="")
    await world.sign_in_staff("programme_officer")

    answer = await world.post_form("/dender/verkopers/mandaten", agent=agent, **before)
    page = await world.client.get(answer.headers["location"])

    assert "Bewaard." in page.text
    assert page.text.count(">ja</td>") == 2


async def test_who_has_a_mandate_is_named_as_the_seller_on_the_ticket(world: World) -> None:
    session = await world.session(price_cents=500)
    region = await by_mandate(world, session)
    named = "name = 'Regio Dender', enterprise_number = '0417497106'"
    await world.execute(f"UPDATE organisers.organiser SET {named} WHERE id = $1", region)
    anna, payment_id = await world.resident(), uuid4()
    command = world.command(anna, [(session, "base", 1)], pay_with=PayWith.CARD, payment_id=payment_id)
    await world.services.turnstile.answer(command)
    await world.services.turnstile.answer(Pay(1, command.booking_id, payment_id, 500, "py_1"))
    await world.sign_in(anna)

    page = await world.client.get(f"/dender/boekingen/{command.booking_id}")

    assert "Regio Dender (0417.497.106)" in page.text


async def test_after_the_last_day_of_a_mandate_nobody_pays_by_it(world: World) -> None:
    session = await world.session(price_cents=500, starts_in=timedelta(days=20))
    await by_mandate(world, session, ends="2026-03-02")

    assert isinstance(await book(world, session), Booked)
    world.clock.move(timedelta(days=1))
    assert isinstance(await book(world, session), CannotPayWith)


async def test_a_mandate_that_ends_leaves_the_organiser_to_sell_itself(world: World) -> None:
    session = await world.session(price_cents=500)
    await by_mandate(world, session)

    for _ in range(2):
        await world.post_form(f"/dender/verkopers/{session.organiser_id}/stoppen")

    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'mandate.revoke'") == 1
    assert isinstance(await book(world, session), CannotPayWith)
    page = await world.client.get("/dender/verkopers")
    assert ", in eigen naam" not in page.text


async def test_the_form_of_a_mandate_that_was_ended_gives_it_no_second_time(world: World) -> None:
    session, region = await world.session(price_cents=500), await world.organiser()
    await world.sign_in_staff("programme_officer")
    form = {"mandate_id": uuid4(), "organiser": session.organiser_id, "agent": region, "starts": "2026-03-01"}
    await world.post_form("/dender/verkopers/mandaten", **form, **TEXTS)
    await world.post_form(f"/dender/verkopers/{session.organiser_id}/stoppen")

    await world.post_form("/dender/verkopers/mandaten", **form, **TEXTS)

    assert ", in eigen naam" not in (await world.client.get("/dender/verkopers")).text
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'mandate.give'") == 1


async def test_a_mandate_that_ends_on_the_day_of_a_sale_still_held_on_that_day(world: World) -> None:
    session = await world.session(price_cents=500)
    await by_mandate(world, session)

    await world.post_form(f"/dender/verkopers/{session.organiser_id}/stoppen")

    [row] = await world.rows("SELECT starts_on, ends_on FROM organisers.mandate")
    assert (row["starts_on"], row["ends_on"]) == (date(2026, 3, 1), day_in_flanders(world.clock.now()))


@pytest.mark.parametrize("days", [{"starts": "2026-03-09"}, {"starts": "2026-02-01", "ends": "2026-02-27"}])
async def test_nobody_sells_under_a_mandate_that_did_not_begin_or_is_over(
    world: World, days: dict[str, str]
) -> None:
    session, region = await world.session(), await world.organiser()
    await world.sign_in_staff("programme_officer")
    form = {"mandate_id": uuid4(), "organiser": session.organiser_id, "agent": region}

    answer = await world.post_form("/dender/verkopers/mandaten", **form, **days, **TEXTS)

    assert answer.status_code == 422
    assert await world.value("SELECT count(*) FROM organisers.mandate") == 0


async def test_a_mandate_without_what_it_stands_on_is_not_given(world: World) -> None:
    session, region = await world.session(), await world.organiser()
    await world.sign_in_staff("programme_officer")
    form = {"mandate_id": uuid4(), "organiser": session.organiser_id, "agent": region, "starts": "2026-03-01"}

    for missing in TEXTS:
        answer = await world.post_form("/dender/verkopers/mandaten", **form, **TEXTS | {missing: " "})
        assert answer.status_code == 422
    same = form | {"agent": session.organiser_id}
    assert (await world.post_form("/dender/verkopers/mandaten", **same, **TEXTS)).status_code == 422
    assert await world.value("SELECT count(*) FROM organisers.mandate") == 0


async def test_a_new_mandate_ends_the_one_before(world: World) -> None:
    session, first, second = await world.session(), await world.organiser(), await world.organiser()
    await world.sign_in_staff("programme_officer")

    for agent in (first, second):
        form = {
            "mandate_id": uuid4(),
            "organiser": session.organiser_id,
            "agent": agent,
            "starts": "2026-03-01",
        }
        assert (await world.post_form("/dender/verkopers/mandaten", **form, **TEXTS)).status_code == 303

    rows = await world.rows("SELECT agent_id, ends_on FROM organisers.mandate")
    assert {row["agent_id"]: row["ends_on"] for row in rows} == {first: date(2026, 3, 2), second: None}
    assert await world.value("SELECT agent_id FROM credits.seller WHERE agent_id IS NOT NULL") == second


async def test_money_goes_through_one_agent(world: World) -> None:
    session, agent, other = await world.session(), await world.organiser(), await world.organiser()
    await world.sign_in_staff("programme_officer")
    form = {"mandate_id": uuid4(), "organiser": session.organiser_id, "agent": agent, "starts": "2026-03-01"}
    assert (await world.post_form("/dender/verkopers/mandaten", **form, **TEXTS)).status_code == 303

    of_agent = form | {"mandate_id": uuid4(), "organiser": agent, "agent": other}
    answer = await world.post_form("/dender/verkopers/mandaten", **of_agent, **TEXTS)

    assert answer.status_code == 409
    assert "Zo loopt het geld langs twee verkopers" in answer.text
    assert await world.value("SELECT count(*) FROM credits.seller WHERE organiser_id = $1", other) == 0
    assert await world.value("SELECT count(*) FROM organisers.mandate") == 1
