"""The page on which one books, for an organisation that pays on an invoice."""

import re
from typing import Any
from uuid import UUID, uuid4

from tests.builders import Session, World
from tests.reservations.invoices.customers import Agreed, agreed


async def begun(world: World) -> tuple[Session, Agreed, str]:
    session = await world.session(price_cents=500)
    school = await agreed(world, session.organiser_id)
    return session, school, f"/dender/sessies/{session.id}/boeken/{uuid4()}"


async def send(world: World, address: str, code: str, **more: object) -> Any:
    """The form as a guest sends it, with the total that its page showed."""
    shown = (await world.client.get(f"{address}?plaatsen-base=2")).text
    seen = re.search(r'name="gezien" value="([^"]+)"', shown)
    assert seen, shown
    fields = {
        "plaatsen-base": 2, "gezien": seen[1], "naam": "Juf Els", "email": "els@klimop.example",
        "betaal": "invoice", "klantcode": code, "kenmerk": "Uitstap 3B", "stap": "boek",
    }  # fmt: skip
    return await world.post_form(address, **{**fields, **more})


async def test_where_a_seller_takes_invoices_the_page_asks_for_the_code(world: World) -> None:
    _, _, address = await begun(world)

    shown = (await world.client.get(f"{address}?plaatsen-base=2")).text

    assert "op factuur" in shown
    assert 'name="klantcode"' in shown
    assert "Boek op factuur" in shown


async def test_with_a_good_code_the_booking_is_made_and_its_invoice_asked_for(world: World) -> None:
    _, school, address = await begun(world)

    answer = await send(world, address, school.code)

    assert answer.status_code == 303
    row = (await world.rows("SELECT customer_id, order_reference, booking_id FROM credits.invoice"))[0]
    assert (row["customer_id"], row["order_reference"]) == (school.id, "Uitstap 3B")
    assert row["booking_id"] == UUID(address.rpartition("/")[2])


async def test_a_code_that_nobody_has_is_said_at_its_field_and_stands_in_no_address(world: World) -> None:
    session, _, address = await begun(world)

    answer = await send(world, address, "AAAA-BBBB-CCCC-DDDD")

    assert answer.status_code == 422
    assert 'id="klantcode-error"' in answer.text
    assert await world.places_left(session) == 10


async def test_above_the_limit_the_page_says_so(world: World) -> None:
    session, school, address = await begun(world)
    await world.execute("UPDATE credits.customer SET limit_cents = 999")

    answer = await send(world, address, school.code)

    assert answer.status_code == 409
    assert "Dit gaat boven wat jullie afspraken" in answer.text
    assert await world.places_left(session) == 10


async def test_who_tries_codes_again_and_again_has_to_wait(world: World) -> None:
    _, _, address = await begun(world)

    answers = [await send(world, address, "AAAA-BBBB-CCCC-DDDD") for _ in range(31)]

    assert [answer.status_code for answer in answers[29:]] == [422, 429]
