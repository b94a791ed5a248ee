"""Under a mandate the agent sells: its customers book on its invoices, and nobody else's."""

from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import pytest

from credits.invoice.request import credit_note_document, invoice_document
from credits.invoice.ubl import Document, as_ubl
from reservations.invoices.requesting import request_invoice
from tests.builders import Session, World
from tests.credits.invoice.rules import problems_of
from tests.credits.invoice.test_reading_back import give_up
from tests.credits.invoice.test_ubl import NAMES
from tests.credits.payments.test_mandate import by_mandate
from tests.reservations.invoices.customers import SELLER_NUMBER, Agreed, agreed, booked

AGENT_FIRST = [True, False]


async def sold_by_agent(world: World, *, agent_first: bool) -> tuple[Session, Agreed]:
    """A date of an organiser that an agent sells, and a school that is a customer of the agent."""
    session, agent_id = await world.session(price_cents=500), await world.organiser(name="Regio Dender")
    if agent_first:
        await by_mandate(world, session, agent_id=agent_id)
        return session, await agreed(world, agent_id)
    school = await agreed(world, agent_id)
    await by_mandate(world, session, agent_id=agent_id)
    return session, school


async def documents(world: World) -> tuple[Document, Document]:
    """The request for the invoice, and that for the credit note of one place."""
    [[invoice_id, seller_id]] = await world.rows("SELECT id, seller_id FROM credits.invoice")
    await request_invoice(world.services, 1, invoice_id)
    refund_id = await give_up(world, invoice_id, 1)
    async with world.services.database.reading() as connection:
        invoice = await invoice_document(connection, 1, seller_id, invoice_id)
        note = await credit_note_document(connection, 1, seller_id, invoice_id, refund_id)
    assert isinstance(invoice, Document)
    assert isinstance(note, Document)
    return invoice, note


@pytest.mark.parametrize("agent_first", AGENT_FIRST)
async def test_a_customer_of_the_agent_books_whichever_was_first_the_mandate_or_the_agreement(
    world: World, *, agent_first: bool
) -> None:
    session, school = await sold_by_agent(world, agent_first=agent_first)

    answer = await booked(world, session, school)

    assert answer.status_code == 201, answer.text
    assert await world.value("SELECT seller_id FROM credits.invoice") == school.seller_id


async def test_the_requests_of_an_agent_name_it_as_the_seller_and_keep_the_rules(world: World) -> None:
    session, school = await sold_by_agent(world, agent_first=False)
    await booked(world, session, school)

    invoice, note = await documents(world)

    for written in (as_ubl(invoice), as_ubl(note)):
        assert problems_of(written) == []
        seller = ET.fromstring(written).find("cac:AccountingSupplierParty/cac:Party", NAMES)  # noqa: S314  our own
        assert seller is not None
        assert seller.findtext("cbc:EndpointID", namespaces=NAMES) == SELLER_NUMBER
        assert seller.findtext("cac:PartyName/cbc:Name", namespaces=NAMES) == "Regio Dender"
    assert note.of_number == invoice.communication


async def offers_invoices(world: World, session: Session) -> bool:
    """Whether the page of a guest offers to pay on an invoice."""
    address = f"/dender/sessies/{session.id}/boeken/{uuid4()}?plaatsen-base=1"
    return 'value="invoice"' in (await world.client.get(address)).text


async def test_the_page_offers_an_invoice_where_the_agent_takes_them_and_not_after_the_mandate(
    world: World,
) -> None:
    session, school = await sold_by_agent(world, agent_first=True)
    assert await offers_invoices(world, session)

    await world.post_form(f"/dender/verkopers/{session.organiser_id}/stoppen")

    assert not await offers_invoices(world, session)
    answer = await booked(world, session, school)
    assert (answer.status_code, answer.json()["code"]) == (409, "reservations.cannot_pay_with")


async def test_a_customer_of_the_organiser_books_on_no_invoice_of_its_agent(world: World) -> None:
    session = await world.session(price_cents=500)
    own: Agreed = await agreed(world, session.organiser_id)
    agent_id: UUID = await world.organiser()
    await by_mandate(world, session, agent_id=agent_id)
    assert not await offers_invoices(world, session)

    answer = await booked(world, session, own)

    assert answer.status_code == 409
    assert await world.value("SELECT count(*) FROM credits.invoice") == 0
