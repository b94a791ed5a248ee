"""At the counter somebody is put on a waiting list, takes an offer, declines it, or leaves."""

from uuid import UUID, uuid4

from reservations.waiting.join_form import date_field
from tests.builders import Resident, World
from tests.identity.person.helpers import a_child
from tests.reservations.waiting.lines import join, offer_of, sold_out, state

SEE_OTHER, NOT_FOUND, UNPROCESSABLE = 303, 404, 422


async def at_the_counter(world: World, who: Resident) -> str:
    """The address of their waiting lists, for a clerk who was shown their pass."""
    await world.sign_in_staff("clerk")
    await world.post_form("/dender/balie", wie=who.token)
    return f"/dender/balie/personen/{who.membership_id}/boekingen/wachtlijst"


async def entry_of(world: World, who: Resident) -> UUID:
    found = await world.value(
        "SELECT id FROM reservations.waiting_entry WHERE membership_id = $1", who.membership_id
    )
    assert isinstance(found, UUID)
    return found


async def acts(world: World) -> list[str]:
    return [
        row[0]
        for row in await world.rows("SELECT act FROM uit.audit WHERE act LIKE 'waiting.%' ORDER BY act")
        if row[0] != "waiting.read_all"
    ]


async def test_a_clerk_puts_somebody_on_the_list_and_takes_their_offer(world: World) -> None:
    (session, booked), anna = await sold_out(world), await world.resident()
    lists = await at_the_counter(world, anna)
    fields = {"entry_id": uuid4(), "plaatsen-base": 1, date_field(session.id): "true"}

    joined = await world.post_form(f"{lists}/{session.id}", **fields)
    entry = await entry_of(world, anna)
    await world.cancel(booked[0])
    page = (await world.client.get(lists)).text
    taken = await world.post_form(f"{lists}/{entry}/ja", betaal="credit")

    assert joined.status_code == taken.status_code == SEE_OTHER
    assert "De kleine prins" in page
    assert await state(world, entry) == "accepted"
    assert await acts(world) == ["waiting.accept", "waiting.join"]


async def test_a_clerk_declines_and_takes_somebody_off_the_list(world: World) -> None:
    session, booked = await sold_out(world)
    anna, bilal = await world.resident(), await world.resident()
    first, second = await join(world, anna, session), await join(world, bilal, session)
    await world.cancel(booked[0])

    lists = await at_the_counter(world, anna)
    await world.post_form(f"{lists}/{first}/nee")
    third = await join(world, anna, session)
    await world.post_form(f"{lists}/{third}/weg")

    assert [await state(world, each) for each in (first, second, third)] == ["declined", "offered", "left"]
    assert await acts(world) == ["waiting.decline", "waiting.leave"]


async def test_what_is_another_s_is_not_there(world: World) -> None:
    session, booked = await sold_out(world)
    anna, bilal = await world.resident(), await world.resident()
    entry = await join(world, bilal, session)
    await world.cancel(booked[0])
    lists = await at_the_counter(world, anna)

    for answer in ("ja", "nee", "weg"):
        assert (await world.post_form(f"{lists}/{entry}/{answer}")).status_code == NOT_FOUND
    assert await state(world, entry) == "offered"


async def test_without_a_pass_that_was_shown_it_leads_to_where_that_is_asked(world: World) -> None:
    anna = await world.resident()
    await world.sign_in_staff("clerk")

    address = f"/dender/balie/personen/{anna.membership_id}/boekingen/wachtlijst"

    assert "toestemming" in (await world.client.get(address)).headers["location"]


async def test_a_form_comes_back_with_what_is_missing(world: World) -> None:
    (session, _), anna = await sold_out(world), await world.resident()
    lists = await at_the_counter(world, anna)

    answer = await world.post_form(f"{lists}/{session.id}", entry_id=uuid4())

    assert answer.status_code == UNPROCESSABLE
    assert "Kies minstens één datum." in answer.text


async def test_what_is_left_to_pay_waits_at_the_desk_and_not_for_a_card(world: World) -> None:
    session = await world.session(seats=1, price_cents=300)
    await world.seller(session.organiser_id, desk_hours=24)
    bilal, anna = await world.resident(credit_cents=300), await world.resident(credit_cents=100)
    booked = await world.book(bilal, session)
    entry = await join(world, anna, session)
    await world.cancel(booked.booking.id)  # type: ignore[union-attr]
    lists = await at_the_counter(world, anna)

    page = (await world.client.get(lists)).text
    await world.post_form(f"{lists}/{entry}/ja", betaal="desk")

    assert "aan de kassa" in page or "Ja, neem ze" in page
    assert "met Bancontact of kaart" not in page
    payment = await world.value(
        "SELECT means::text FROM credits.payment WHERE booking_id = $1", await offer_of(world, entry)
    )
    assert payment == "desk"


async def test_a_clerk_puts_a_family_on_the_list(world: World) -> None:
    (session, booked), anna = await sold_out(world), await world.resident()
    lotte = await a_child(world, anna)
    lists = await at_the_counter(world, anna)
    counts = {f"plaatsen-{each.membership_id.hex}.base": 1 for each in (anna, lotte)}
    who = f"ik,{lotte.membership_id}"

    page = (await world.client.get(f"{lists}/{session.id}", params={"voor": who})).text
    await world.post_form(
        f"{lists}/{session.id}", entry_id=uuid4(), voor=who, **counts, **{date_field(session.id): "true"}
    )
    for each in booked[:2]:
        await world.cancel(each)
    shown = (await world.client.get(lists)).text
    await world.post_form(f"{lists}/{await entry_of(world, anna)}/ja", betaal="credit")

    assert "Hoeveel plaatsen voor Lotte?" in page
    assert "Yasmine" in shown
    assert "Lotte" in shown
    assert await state(world, await entry_of(world, anna)) == "accepted"
