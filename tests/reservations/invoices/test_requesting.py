"""Asking the software of a seller for an invoice, after the booking."""

from typing import Any
from uuid import UUID

from credits.invoice.invoice import InvoiceLine, read_lines
from reservations.invoices.requesting import request_invoice
from tests.builders import World
from tests.credits.invoice.rules import problems_of
from tests.reservations.booking.test_notifications import text_of
from tests.reservations.invoices.customers import agreed, an_invoice, booked
from uit.services.mail import MailAway, Mailer


async def lines_of(world: World, invoice_id: UUID) -> list[InvoiceLine]:
    async with world.services.database.reading() as connection:
        return await read_lines(connection, 1, invoice_id)


def attachment(mail: Any) -> bytes:
    [part] = list(mail.iter_attachments())
    assert part.get_content_type() == "application/xml"
    return bytes(part.get_payload(decode=True))


async def test_the_seller_gets_a_mail_with_the_request_and_without_names_in_its_subject(world: World) -> None:
    _, _, invoice_id = await an_invoice(world)

    await request_invoice(world.services, 1, invoice_id)

    [mail] = world.mails
    assert mail["To"] == "werf@example.org"
    assert mail["Subject"].startswith("Factuur te maken: +++")
    assert "Klimop" not in mail["Subject"]
    assert f"/facturen/{invoice_id}" in text_of(mail)
    assert problems_of(attachment(mail)) == []


async def test_its_lines_say_what_was_booked_and_at_which_price(world: World) -> None:
    _, _, invoice_id = await an_invoice(world)

    assert await request_invoice(world.services, 1, invoice_id) is None

    [line] = await lines_of(world, invoice_id)
    assert (line.places, line.price_cents, line.credit_cents, line.rate_bp) == (2, 1000, 0, 0)
    assert line.words.startswith("De kleine prins, 12 maart 2026, 10")


async def test_a_repeat_mails_nobody_twice(world: World) -> None:
    _, _, invoice_id = await an_invoice(world)

    for _ in range(2):
        assert await request_invoice(world.services, 1, invoice_id) is None

    assert len(world.mails) == 1


async def test_what_credit_paid_of_a_line_was_paid_before(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=300)
    school = await agreed(world, session.organiser_id)
    answer = await booked(world, session, school, 1, guest=None, pass_token=anna.token)
    invoice_id = UUID(answer.json()["payment"]["id"])

    await request_invoice(world.services, 1, invoice_id)

    [line] = await lines_of(world, invoice_id)
    assert (line.price_cents, line.credit_cents) == (500, 300)
    assert b">3.00</cbc:PrepaidAmount>" in attachment(world.mails[0])
    assert b">2.00</cbc:PayableAmount>" in attachment(world.mails[0])


async def test_without_an_address_the_request_waits_at_the_desk(world: World) -> None:
    _, _, invoice_id = await an_invoice(world)
    await world.execute("UPDATE organisers.organiser SET email = NULL")

    assert await request_invoice(world.services, 1, invoice_id) is None

    assert world.mails == []
    assert len(await lines_of(world, invoice_id)) == 1


async def test_a_mail_that_cannot_leave_is_tried_again_and_the_lines_are_kept(world: World) -> None:
    _, _, invoice_id = await an_invoice(world)
    vars(world.services)["mailer"] = Mailer("smtp://127.0.0.1:1", "uit@example.org")

    assert isinstance(await request_invoice(world.services, 1, invoice_id), MailAway)

    assert len(await lines_of(world, invoice_id)) == 1


async def test_a_line_whose_rate_nobody_knows_is_said(world: World) -> None:
    session = await world.session(price_cents=500)
    await world.execute("UPDATE reservations.tariff SET vat_code = 'unheard-of'")
    answer = await booked(world, session, await agreed(world, session.organiser_id))

    refusal = await request_invoice(world.services, 1, UUID(answer.json()["payment"]["id"]))

    assert refusal is not None
    assert refusal.code == "credits.vat_code_unknown"
