"""The desk of a seller for the organisations that book on an invoice."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from tests.reservations.invoices.customers import SELLER_NUMBER, Agreed, agreed, booked

CODE = re.compile(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>")
FILLED: dict[str, object] = {
    "name": "OCMW Aalst",
    "enterprise_number": "BE 0876.543.270",
    "street": "Gasthuisstraat 40",
    "postal_code": "9300",
    "town": "Aalst",
    "email": "facturen@ocmw.example",
    "contact": "Jan Peeters",
    "term_days": 30,
    "limit": "1.500",
    "starts_on": "2026-01-01",
    "ends_on": "",
}


async def at_the_desk(world: World, *, number: str | None = SELLER_NUMBER) -> tuple[str, UUID]:
    organiser_id = await world.organiser()
    await world.execute(
        "UPDATE organisers.organiser SET enterprise_number = $2 WHERE id = $1", organiser_id, number
    )
    await world.sign_in_staff("organiser", organiser_id=organiser_id)
    return f"/dender/organisaties/{organiser_id}/klanten", organiser_id


def code_in(answer: Any) -> str:
    found = CODE.search(answer.text)
    assert found, answer.text
    return found[1]


async def test_an_organisation_gets_a_code_that_is_shown_once_and_stored_as_a_digest(world: World) -> None:
    home, organiser_id = await at_the_desk(world)

    answer = await world.post_form(home, customer_id=uuid4(), **FILLED)

    code = code_in(answer)
    assert answer.headers["cache-control"] == "no-store"
    row = (
        await world.rows("SELECT name, enterprise_number, limit_cents, code_digest FROM credits.customer")
    )[0]
    assert (row["name"], row["enterprise_number"], row["limit_cents"]) == (
        "OCMW Aalst",
        "0876543270",
        150_000,
    )
    assert code.encode() not in row["code_digest"]
    assert code not in (await world.client.get(home)).text
    assert await world.value("SELECT invoices FROM credits.seller WHERE organiser_id = $1", organiser_id)


async def test_the_same_form_sent_twice_agrees_once_and_keeps_the_code(world: World) -> None:
    home, organiser_id = await at_the_desk(world)
    customer_id = uuid4()
    code = code_in(await world.post_form(home, customer_id=customer_id, **FILLED))

    again = await world.post_form(home, customer_id=customer_id, **FILLED)

    assert (again.status_code, again.headers["location"]) == (303, home)
    session = await world.session(price_cents=500, organiser_id=organiser_id)
    answer = await booked(world, session, Agreed(customer_id, organiser_id, code))
    assert answer.status_code == 201


async def test_a_form_that_is_wrong_names_its_fields(world: World) -> None:
    home, _ = await at_the_desk(world)
    wrong = {
        "enterprise_number": "0876543271", "limit": "veel", "term_days": 61, "email": "nergens",
        "starts_on": "2026-03-02", "ends_on": "2026-03-01", "peppol_id": "0208", "town": "",
    }  # fmt: skip

    answer = await world.post_form(home, customer_id=uuid4(), **{**FILLED, **wrong})

    assert answer.status_code == 422
    for name in set(wrong) - {"starts_on"}:
        assert f'id="{name}-error"' in answer.text
    assert await world.value("SELECT count(*) FROM credits.customer") == 0


async def test_a_new_code_ends_the_old_one(world: World) -> None:
    home, organiser_id = await at_the_desk(world)
    school = await agreed(world, organiser_id)
    session = await world.session(price_cents=500, organiser_id=organiser_id)

    code = code_in(await world.post_form(f"{home}/{school.id}/code"))

    assert (await booked(world, session, school)).json()["code"] == "credits.customer_unknown"
    renewed = Agreed(school.id, organiser_id, code)
    assert (await booked(world, session, renewed)).status_code == 201


async def test_an_agreement_ends_by_its_last_day(world: World) -> None:
    home, organiser_id = await at_the_desk(world)
    school = await agreed(world, organiser_id)
    session = await world.session(price_cents=500, organiser_id=organiser_id)

    answer = await world.post_form(f"{home}/{school.id}", **{**FILLED, "ends_on": "2026-03-01"})

    assert answer.status_code == 303
    assert (await booked(world, session, school)).json()["code"] == "credits.customer_ended"
    assert "Voorbij" in (await world.client.get(home)).text


async def test_without_an_enterprise_number_nothing_is_sold_on_invoices(world: World) -> None:
    home, _ = await at_the_desk(world, number=None)

    shown = await world.client.get(home)
    refused = await world.post_form(home, customer_id=uuid4(), **FILLED)

    assert "Nieuwe klant" not in shown.text
    assert f'href="{home.replace("klanten", "betalen")}"' in shown.text
    assert refused.status_code == 409
    assert 'value="OCMW Aalst"' in refused.text
    assert await world.value("SELECT count(*) FROM credits.customer") == 0


async def test_a_customer_of_another_seller_is_not_shown_or_changed(world: World) -> None:
    _, organiser_id = await at_the_desk(world)
    school = await agreed(world, organiser_id)
    home, _ = await at_the_desk(world)

    answers = [
        await world.client.get(f"{home}/{school.id}"),
        await world.post_form(f"{home}/{school.id}", **FILLED),
        await world.post_form(f"{home}/{school.id}/code"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert await world.value("SELECT name FROM credits.customer") == "Basisschool De Klimop"


@pytest.mark.parametrize(
    ("peppol_id", "status"), [("0208:0876543270", 200), ("0208:0876543271", 422), ("9925:BE0876543270", 200)]
)
async def test_an_address_on_peppol_that_no_software_would_take_is_asked_again(
    world: World, peppol_id: str, status: int
) -> None:
    home, _ = await at_the_desk(world)

    answer = await world.post_form(home, customer_id=uuid4(), **{**FILLED, "peppol_id": peppol_id})

    assert answer.status_code == status
    assert ('id="peppol_id-error"' in answer.text) is (status == 422)
