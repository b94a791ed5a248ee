"""The description of the API says what its money is, and what a refusal looks like."""

import re
from typing import Any, get_args

from tests.builders import World
from uit.core.errors import CATALOGUE, Fault

OF_BOOKINGS = (
    "BookingRequest", "BookingDocument", "LineDocument", "PaymentDocument", "ReturnDocument",
    "TicketDocument", "QuoteDocument", "QuotedBookingDocument", "QuotedLineDocument",
    "InvoiceDocument", "CreditNoteDocument", "BankLineDocument",
)  # fmt: skip
EXPLAINED = {
    "BookingRequest": ("return_url", "pay_with"),
    "ReturnDocument": ("code",),
    "PaymentDocument": ("expires_at",),
    "BookingDocument": ("held_until",),
    "QuoteDocument": ("cancel_until", "pay_with", "remaining_by"),
    "QuotedBookingDocument": ("pay_with", "remaining_by"),
    "Problem": ("code", "where", "why", "technical", "choices"),
}


async def document(world: World) -> dict[str, Any]:
    found: dict[str, Any] = (await world.client.get("/schema/openapi.json")).json()
    return found


def text_of(field: dict[str, Any]) -> str:
    """The description of a field, or of what it may be."""
    parts = [field, *field.get("oneOf", [])]
    return " ".join(part["description"] for part in parts if "description" in part)


async def test_each_amount_of_a_booking_quote_or_invoice_says_its_unit(world: World) -> None:
    schemas = (await document(world))["components"]["schemas"]
    amounts = {
        f"{name}.{field}": text_of(shape)
        for name in OF_BOOKINGS
        for field, shape in schemas[name]["properties"].items()
        if field.endswith("cents")
    }

    assert len(amounts) > 20
    assert [name for name, text in amounts.items() if "cents of a euro" not in text] == []


async def test_what_an_integrator_asked_about_is_explained_at_its_field(world: World) -> None:
    schemas = (await document(world))["components"]["schemas"]

    bare = [
        f"{name}.{field}"
        for name, fields in EXPLAINED.items()
        for field in fields
        if not text_of(schemas[name]["properties"][field])
    ]

    assert bare == []
    assert "may not have paid yet" in text_of(schemas["BookingRequest"]["properties"]["return_url"])


async def test_a_problem_lists_what_may_be_wrong_with_a_field_and_requires_none_of_it(world: World) -> None:
    found = await document(world)
    problem = found["components"]["schemas"]["Problem"]
    shape = str(problem["properties"]["why"])

    assert [fault for fault in get_args(Fault) if repr(fault) not in shape] == []
    assert not {"where", "why", "technical", "choices"} & set(problem["required"])
    assert "Accept-Language" in found["info"]["description"]


async def test_every_code_stands_on_one_page_that_leads_to_its_own(world: World) -> None:
    page = (await world.client.get("/problems")).text

    assert set(re.findall(r'href="/problems/([^"]+)"', page)) == set(CATALOGUE)
