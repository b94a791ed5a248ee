"""An organisation that books on an invoice, and its bookings, for tests."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from credits.invoice.customer import CustomerDetails, NewCustomer, agree, new_code
from credits.invoice.invoice import SellerBooks
from tests.builders import Session, World

SELLER_NUMBER = "0123456749"
SCHOOL = CustomerDetails(
    name="Basisschool De Klimop",
    enterprise_number="0876543270",
    peppol_id=None,
    street="Schoolstraat 1",
    postal_code="9300",
    town="Aalst",
    email="facturen@klimop.example",
    contact="Els Maes",
    term_days=30,
    limit_cents=100_000,
    starts_on=date(2020, 1, 1),
    ends_on=None,
)


@dataclass(frozen=True)
class Agreed:
    """A school with an agreement: `code` is what it books with."""

    id: UUID
    seller_id: UUID
    code: str
    region_id: int = 1


async def agreed(world: World, organiser_id: UUID, region_id: int = 1, **details: Any) -> Agreed:
    """A school books on an invoice at this organiser, which has an enterprise number."""
    await world.execute(
        "UPDATE organisers.organiser SET enterprise_number = $3, email = 'werf@example.org'"
        " WHERE region_id = $1 AND id = $2",
        region_id, organiser_id, SELLER_NUMBER,
    )  # fmt: skip
    now, ids = world.clock.now(), world.services.ids
    wanted = replace(SCHOOL, **details)
    made = Agreed(uuid4(), organiser_id, new_code(), region_id)
    async with world.services.database.transaction() as tx:
        books = SellerBooks(region_id, organiser_id, now)
        assert await agree(tx, books, ids, NewCustomer(made.id, wanted, made.code))
    return made


async def booked(
    world: World,
    session: Session,
    school: Agreed,
    places: int = 2,
    booking_id: UUID | None = None,
    **more: Any,
) -> Any:
    """The answer to a client that books these places on an invoice, as a guest of the school."""
    headers = await world.api_client(session.organiser_id, region_id=session.region_id)
    wanted = {
        "guest": {"name": "Juf Els", "email": "els@klimop.example"},
        "lines": [{"session_id": str(session.id), "tariff": "base", "places": places}],
        "pay_with": "invoice",
        "invoice": {"customer_code": school.code, "reference": "Uitstap 3B"},
        **more,
    }
    address = f"/api/v1/bookings/{booking_id or uuid4()}"
    given = {name: value for name, value in wanted.items() if value is not None}
    return await world.client.put(address, json=given, headers=headers)


async def an_invoice(world: World, cents: int = 1000, places: int = 2) -> tuple[Session, Agreed, UUID]:
    """A booking of a school on an invoice of so much; the invoice has the id of its payment."""
    session = await world.session(price_cents=cents // places)
    school = await agreed(world, session.organiser_id)
    answer = await booked(world, session, school, places)
    assert answer.status_code == 201, answer.text
    return session, school, UUID(answer.json()["payment"]["id"])
